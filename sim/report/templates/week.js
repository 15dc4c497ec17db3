// One week on the map: loads where they were at any hour, crossings in the colour of their wait.
(function () {
  "use strict";
  const source = document.getElementById("week-data");
  const live = document.getElementById("told");
  if (!source) { return; }
  const data = JSON.parse(source.textContent);
  const find = function (name) { return document.getElementById("week-" + name); };
  const slider = find("hour"), play = find("play"), choice = find("plan"), clock = find("clock");
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
  const LAST = 60 * data.hours;  // minutes
  const STEPS = [[1, "#ffffff"], [5, "#ffeda0"], [15, "#feb24c"], [30, "#fc4e2a"], [60, "#bd0026"], [Infinity, "#4d0013"]];
  const COLOURS = ["#0072b2", "#b35c00", "#007a5a"];  // bound for the United States, Canada, Mexico
  const state = { minute: 12 * 60, plan: 0, timer: 0, last: 0 };

  const svg = marks.svg;
  const line = function (d, stroke, width, parent, more) {
    const fixed = { d: d, stroke: stroke, "stroke-width": width, fill: "none", "vector-effect": "non-scaling-stroke" };
    return svg("path", Object.assign(fixed, more), parent);
  };
  const dot = function (place) { return "M" + place[0] + " " + place[1] + "h0"; };
  const at = function (number) { return data.places[number]; };

  // The paper, once; a second picture looks at its crowded corner.
  const map = find("map"), corner = find("corner");
  map.setAttribute("viewBox", "0 0 " + data.width + " " + data.height);
  const all = svg("g", { id: "week-all" }, map);
  [["land", "#f4f1ea", "#b9b4a8"], ["abroad", "#faf9f6", "#b9b4a8"], ["lakes", "#ffffff", "#b9b4a8"]].forEach(function (kind) {
    line(data.paper[kind[0]], kind[2], 0.5, all, { fill: kind[1] });
  });
  line(data.paper.states, "#ddd8cc", 0.6, all);
  line(data.paper.borders, "#77736a", 1.2, all);
  const courses = line("", "#8aa4b8", 0.7, all, { "stroke-opacity": 0.55 });
  const round = { "stroke-linecap": "round" };
  const dots = COLOURS.map(function (colour, to) {
    return line("", colour, 5.5, all, to === 1 ? { "stroke-linecap": "square" } : round);
  });
  const holes = line("", "#ffffff", 2, all, round);  // loads bound for Mexico are rings
  const ports = Array.from(new Set(data.gates.map(function (gate) { return gate.port; }))).map(function (port) {
    const sides = data.gates.filter(function (gate) { return gate.port === port; });
    const place = at(sides[0].place);
    line(dot(place), "#1d1d1f", 14, all, round);
    return { sides: sides, place: place, port: port, mark: line(dot(place), "#ffffff", 11, all, round) };
  });
  const near = function (place) {
    const box = data.inset;
    return box.length && place[0] > box[0] && place[0] < box[0] + box[2] && place[1] > box[1] && place[1] < box[1] + box[3];
  };
  function numbers(picture, wanted, reach) {  // ports too close to be told apart share a label
    const groups = [];
    ports.filter(wanted).forEach(function (port) {
      const beside = groups.find(function (g) {
        return Math.hypot(g[0].place[0] - port.place[0], g[0].place[1] - port.place[1]) < reach;
      });
      if (beside) { beside.push(port); } else { groups.push([port]); }
    });
    const edge = picture.viewBox.baseVal.x + 0.95 * picture.viewBox.baseVal.width;
    groups.forEach(function (group) {
      const x = Math.max.apply(null, group.map(function (port) { return port.place[0]; }));
      const words = { x: x, y: group[0].place[1], "paint-order": "stroke", stroke: "#ffffff", fill: "#1d1d1f", "font-weight": "bold" };
      const text = svg("text", Object.assign({ "text-anchor": x > edge ? "end" : "start" }, words), picture);
      text.textContent = group.map(function (port) { return port.port; }).join(", ");
    });
  }
  numbers(map, function (port) { return !near(port.place); }, 24);
  if (data.inset.length) {
    corner.setAttribute("viewBox", data.inset.join(" "));
    svg("use", { href: "#week-all" }, corner);
    numbers(corner, function (port) { return near(port.place); }, 0.04 * data.inset[2]);
  } else {
    corner.parentNode.hidden = true;
  }
  function scale() {  // numbers keep their size on the screen whatever that of the map
    [[map, data.width], [corner, data.inset[2]]].forEach(function (pair) {
      const unit = pair[1] / (pair[0].clientWidth || 1);
      pair[0].querySelectorAll("text").forEach(function (text) {
        text.setAttribute("font-size", 12 * unit);
        text.setAttribute("stroke-width", 3 * unit);
        text.setAttribute("dx", (text.getAttribute("text-anchor") === "end" ? -9 : 9) * unit);
        text.setAttribute("dy", 4 * unit);
      });
    });
  }
  new ResizeObserver(scale).observe(map);

  const rows = data.gates.map(function (gate) {
    const row = find("gates").insertRow();
    row.insertCell().textContent = gate.port;
    const name = document.createElement("th");
    name.scope = "row";
    name.textContent = gate.label;
    row.appendChild(name);
    const cells = [row.insertCell(), row.insertCell()];
    cells.forEach(function (cell) { cell.className = "number"; });
    return { row: row, wait: cells[0], held: cells[1] };
  });

  // Where a load is at a minute: on a leg between two places, or at a stop; nothing before and after its journey.
  function spot(load, path, minute) {
    let before = load[1];
    if (minute < before) { return null; }
    for (let n = 2; n < load.length; n += 1) {
      const after = before + load[n];
      if (minute < after) {
        const leg = n - 2;
        if (leg % 2) { return { held: path.stops[(leg - 1) / 2], place: path.places[(leg + 1) / 2] }; }
        return { from: path.places[leg / 2], to: path.places[leg / 2 + 1], share: (minute - before) / load[n] };
      }
      before = after;
    }
    return null;
  }
  function words(minute) {
    const moment = new Date(Date.parse(data.begins + "T00:00:00Z") + 60000 * minute);
    const day = moment.toLocaleDateString("en-GB", { weekday: "long", day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
    return day + ", " + moment.toISOString().slice(11, 16) + " UTC";
  }
  function waitAt(gate, minute) {
    const told = data.plans[state.plan].waits[gate.id];
    return told ? told[Math.min(data.hours - 1, Math.floor(minute / 60))] : undefined;
  }

  function draw() {
    const plan = data.plans[state.plan], pens = ["", "", ""], held = {};
    let moving = 0, standing = 0;
    plan.loads.forEach(function (load, n) {
      const path = plan.paths[load[0]], found = spot(load, path, state.minute);
      if (!found) { return; }
      let x, y;
      if (found.held !== undefined) {
        standing += 1;
        held[found.held] = (held[found.held] || 0) + 1;
        const place = at(found.place);  // around its port, each at a place of its own
        x = place[0] + 11 * Math.cos(2.4 * n);
        y = place[1] + 11 * Math.sin(2.4 * n);
        if (near(place)) { x = place[0] + (x - place[0]) / 5; y = place[1] + (y - place[1]) / 5; }
      } else {
        moving += 1;
        const a = at(found.from), b = at(found.to), far = Math.hypot(b[0] - a[0], b[1] - a[1]) || 1;
        const side = Math.min(2, far / 8);  // on the right of its road
        x = a[0] + (b[0] - a[0]) * found.share - side * (b[1] - a[1]) / far;
        y = a[1] + (b[1] - a[1]) * found.share + side * (b[0] - a[0]) / far;
      }
      pens[path.to] += "M" + x.toFixed(1) + " " + y.toFixed(1) + "h0";
    });
    dots.forEach(function (path, to) { path.setAttribute("d", pens[to]); });
    holes.setAttribute("d", pens[2]);
    let longest = null;
    data.gates.forEach(function (gate, n) {
      const wait = waitAt(gate, state.minute);
      rows[n].wait.textContent = wait === undefined || wait === null ? "–" : wait;
      rows[n].held.textContent = held[gate.id] || 0;
      if (wait && (!longest || wait > longest.wait)) { longest = { wait: wait, label: gate.label }; }
    });
    ports.forEach(function (port) {
      const wait = Math.max.apply(null, port.sides.map(function (gate) { return waitAt(gate, state.minute) || 0; }));
      port.mark.setAttribute("stroke", STEPS.find(function (step) { return wait < step[0]; })[1]);
    });
    slider.value = Math.floor(state.minute / 60);
    clock.textContent = words(state.minute);
    slider.setAttribute("aria-valuetext", clock.textContent);
    const worst = longest ? "; longest wait " + longest.wait + " min, " + longest.label : "; nobody waits";
    state.told = moving + " loads on their way, " + standing + " at a crossing" + worst;
    find("state").textContent = state.told;
  }
  function chosen() {
    const roads = new Set();
    data.plans[state.plan].paths.forEach(function (path) {
      path.places.slice(1).forEach(function (to, n) {
        roads.add("M" + at(path.places[n]).join(" ") + "L" + at(to).join(" "));
      });
    });
    courses.setAttribute("d", Array.from(roads).join(""));
    const kept = data.plans[state.plan];
    rows.forEach(function (row, n) {
      const id = data.gates[n].id;
      row.row.hidden = !(id in kept.waits) && !kept.paths.some(function (path) { return path.stops.includes(id); });
    });
    draw();
  }

  // Playing: smoothly, or by steps of three hours for those who asked their system for less motion.
  function stop() {
    cancelAnimationFrame(state.timer);
    clearInterval(state.timer);
    state.timer = 0;
    play.textContent = "Play";
  }
  function advance(minutes) {
    state.minute = Math.min(LAST, state.minute + minutes);
    draw();
    if (state.minute >= LAST) { stop(); }
  }
  function frame(now) {
    const passed = Math.min(100, now - state.last);
    state.last = now;
    state.timer = requestAnimationFrame(frame);
    advance(0.12 * passed);  // two hours a second
  }
  function start() {
    if (state.minute >= LAST) { state.minute = 0; }
    play.textContent = "Pause";
    state.last = performance.now();
    state.timer = calm.matches ? setInterval(advance, 1000, 180) : requestAnimationFrame(frame);
  }
  play.addEventListener("click", function () {
    if (state.timer) { stop(); live.textContent = clock.textContent + ": " + state.told; } else { start(); }
  });
  slider.addEventListener("input", function () {
    if (state.timer) { stop(); }
    state.minute = 60 * Number(slider.value);
    draw();
  });
  slider.addEventListener("change", function () { live.textContent = state.told; });
  if (choice) {
    choice.addEventListener("change", function () { state.plan = Number(choice.value); chosen(); live.textContent = state.told; });
  }
  find("body").hidden = false;
  chosen();
  scale();
})();
