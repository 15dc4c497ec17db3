// The charts of the page: drawn from the data in the page, read by pointer or arrow keys, filtered by the form.
(function () {
  "use strict";
  const source = document.getElementById("chart-data");
  const live = document.getElementById("told");
  if (!source || !window.ResizeObserver) { return; }
  const data = JSON.parse(source.textContent);
  const state = { vehicle: 0, shown: new Set(data.scenarios.keys()) };
  const charts = [];
  const { INK, SOFT, LINE, HEAD, SHAPES, ruler, svg, html, write, apart, fitted, number, withInterval, ticks } = marks;
  const mark = function (scenario) { return data.marks[scenario % data.marks.length]; };

  function stamp(parent, scenario, place) {  // filled, then hollow, then small: looks come round after eight
    const look = mark(scenario), round = Math.floor(scenario / data.marks.length) % 3, hollow = round === 1;
    const fill = { fill: hollow ? "#ffffff" : look[0], stroke: hollow ? look[0] : INK, "stroke-width": hollow ? 1.8 : 0.8 };
    svg("path", Object.assign({ d: SHAPES[look[1]], transform: place + (round === 2 ? " scale(0.6)" : "") }, fill), parent);
  }

  // Each kind draws one panel and returns its points in groups: where each stands and what it says.
  const draw = {
    bars: function (panel, chart, width) {
      const rows = groupsOf(panel, 0);
      const ends = rows.map(function (row) {
        const up = sum(row.points.map(function (p) { return Math.max(0, p[3]); }));
        const down = sum(row.points.map(function (p) { return Math.min(0, p[3]); }));
        const total = panel.totals.find(function (t) { return t[0] === row.key && t[1] === row.vehicle; });
        const value = total ? total[2] : up + down, half = total && total[3] || 0;
        const text = withInterval(value, half, panel.digits, panel.is_change);
        return { up: Math.max(up, value + half), down: Math.min(down, value - half), total: total, value: value, text: text };
      });
      const room = Math.max.apply(null, ends.map(function (e) { return ruler.measureText(e.text).width; })) + 16;
      const stage = stageOf(chart, width, 44 * rows.length + 34, least(ends, "down"), most(ends, "up"), room, panel);
      const id = chart.id + "-fill-";
      marks.patterns(stage.picture, id, panel.parts.length, data.fills);
      return rows.map(function (row, line) {
        const y = 44 * line + 18, end = ends[line], name = data.scenarios[row.key];
        write(stage.picture, 0, y - 5, fitted(name, width), HEAD);
        let right = 0, left = 0;
        const points = row.points.filter(function (p) { return p[3] !== 0; }).map(function (p) {
          const from = p[3] < 0 ? left + p[3] : right, to = p[3] < 0 ? left : right + p[3];
          if (p[3] < 0) { left = from; } else { right = to; }
          const box = { x: stage.x(from), y: y, w: Math.max(0.5, stage.x(to) - stage.x(from)), h: 18 };
          const fill = "url(#" + id + p[2] + ")";
          svg("rect", { x: box.x, y: y, width: box.w, height: 18, fill: fill, stroke: "#ffffff", "stroke-width": 0.5 }, stage.picture);
          return { box: box, text: apart(name) + ", " + panel.parts[p[2]] + ": " + number(p[3], panel.digits, panel.is_change) + " " + panel.unit };
        });
        const at = stage.x(end.value);
        if (end.total) {
          const half = end.total[3] || 0;
          svg("path", { d: "M" + stage.x(end.value - half) + " " + (y + 9) + "H" + stage.x(end.value + half), stroke: "#000000", "stroke-width": 2 }, stage.picture);
          svg("path", { d: SHAPES.D, transform: "translate(" + at + " " + (y + 9) + ")", fill: "#ffffff", stroke: "#000000", "stroke-width": 1.6 }, stage.picture);
        }
        write(stage.picture, stage.x(end.up) + 7, y + 13, end.text, {});
        points.push({ box: { x: at - 6, y: y + 3, w: 12, h: 12 }, text: apart(name) + ", in all: " + end.text + " " + panel.unit });
        return points;
      });
    },

    dots: function (panel, chart, width) {
      const byScenario = panel.rows.length === 0;
      const rows = groupsOf(panel, byScenario ? 1 : 0);
      const value = function (p) { return withInterval(p[3], p[4], panel.digits, panel.is_change); };
      const fails = function (p) { return /^fails/.test(p[6]) ? ", fails" : ""; };
      const words = function (p) { return value(p) + fails(p) + (p.shared && p.shared.length > 1 ? " (" + p.shared.length + " scenarios)" : ""); };
      if (!byScenario) { rows.forEach(function (row) { row.points = merged(row.points, function (p) { return value(p) + fails(p); }); }); }
      const spots = rows.flatMap(function (row) { return row.points; });
      const low = spots.map(function (p) { return Math.min(p[3] - (p[4] || 0), p[5] === null ? Infinity : p[5]); });
      const high = spots.map(function (p) { return Math.max(p[3] + (p[4] || 0), p[5] === null ? -Infinity : p[5]); });
      const room = Math.max.apply(null, spots.map(function (p) { return ruler.measureText(words(p)).width; })) + 16;
      const height = sum(rows.map(function (row) { return 26 + 17 * row.points.length; })) + 34;
      const from = Math.min.apply(null, low), to = Math.max.apply(null, high);
      const base = byScenario && from > 0.5 * to ? from - 0.15 * (to - from) : Math.min(0, from);
      const stage = stageOf(chart, width, height, base, to, room, panel);
      let y = 0;
      return rows.map(function (row) {
        const name = byScenario ? data.scenarios[row.key] : panel.rows[row.key];
        write(stage.picture, 0, y + 13, fitted(name, width), HEAD);
        const points = row.points.map(function (p, line) {
          const at = stage.x(p[3]), middle = y + 27 + 17 * line, look = mark(p[1]), half = p[4] || 0;
          svg("path", { d: "M" + stage.left + " " + middle + "H" + at, stroke: LINE, "stroke-width": 1 }, stage.picture);
          if (half) {
            svg("path", { d: "M" + stage.x(p[3] - half) + " " + middle + "H" + stage.x(p[3] + half), stroke: look[0], "stroke-width": 2 }, stage.picture);
          }
          if (p[5] !== null) {
            svg("path", { d: "M" + stage.x(p[5]) + " " + (middle - 8) + "v16", stroke: "#000000", "stroke-width": 2.6 }, stage.picture);
          }
          stamp(stage.picture, p[1], "translate(" + at + " " + middle + ")");
          const right = Math.max(stage.x(p[3] + half), p[5] === null ? 0 : stage.x(p[5]));
          write(stage.picture, right + 8, middle + 4, words(p), { "font-size": 11 });
          const asked = p[5] === null ? "" : ", " + number(p[5], 1, false) + " " + panel.unit + " asked";
          const names = (p.shared || [p[1]]).map(function (s) { return apart(data.scenarios[s]); }).join(", ");
          const about = (byScenario ? panel.axis : name) + ", " + names;
          return {
            box: { x: at - 6, y: middle - 6, w: 12, h: 12 },
            text: about + ": " + value(p) + " " + panel.unit + asked + (p[6] ? "; " + apart(p[6]) : ""),
          };
        });
        y += 26 + 17 * row.points.length;
        return points;
      });
    },

    lines: function (panel, chart, width) {
      const shown = distinct(panel.lines.filter(function (line) { return state.shown.has(line.scenario); }));
      const tops = shown.flatMap(function (line) { return line.high; }).filter(function (v) { return v !== null; });
      const top = Math.max.apply(null, tops.concat([1e-9])), height = 190;
      const side = ticks(0, top, 6);
      const left = 12 + Math.max.apply(null, side.at.map(function (v) { return ruler.measureText(number(v, side.digits, false)).width; }));
      const picture = pictureOf(chart, width, height + 26);
      const last = Math.max(1, panel.days.length - 1), right = width - 14;
      const x = function (day) { return left + (right - left) * day / last; };
      const y = function (value) { return height - (height - 20) * value / top; };
      const begin = panel.days.findIndex(function (day) { return day >= panel.start; });
      if (begin > 0) {
        svg("rect", { x: left, y: 0, width: x(begin) - left, height: height, fill: "#efede7" }, picture);
        write(picture, left + 5, 13, "warm-up", { fill: SOFT, "font-size": 11 });
      }
      side.at.forEach(function (value) {
        svg("path", { d: "M" + left + " " + y(value) + "H" + right, stroke: LINE }, picture);
        write(picture, left - 5, y(value) + 4, number(value, side.digits, false), { "text-anchor": "end", "font-size": 11 });
      });
      const every = Math.ceil(panel.days.length / Math.max(2, Math.floor((right - left) / 92)));
      for (let day = 0; day < panel.days.length; day += every) {
        svg("path", { d: "M" + x(day) + " " + height + "v4", stroke: SOFT }, picture);
        write(picture, x(day), height + 17, panel.days[day], { "text-anchor": day ? x(day) > right - 34 ? "end" : "middle" : "start", "font-size": 11 });
      }
      const path = function (values) {
        let pen = "M";
        return values.map(function (value, day) {
          if (value === null) { pen = "M"; return ""; }
          const step = pen + x(day).toFixed(1) + " " + y(value).toFixed(1);
          pen = "L";
          return step;
        }).join("");
      };
      shown.slice().reverse().forEach(function (line) {  // the baseline on top
        const days = line.median.map(function (v, day) { return day; }).filter(function (day) { return line.median[day] !== null; });
        const edge = days.map(function (day) { return x(day).toFixed(1) + " " + y(line.high[day]).toFixed(1); });
        const back = days.slice().reverse().map(function (day) { return x(day).toFixed(1) + " " + y(line.low[day]).toFixed(1); });
        const look = mark(line.scenario);
        svg("path", { d: "M" + edge.concat(back).join("L") + "z", fill: look[0], "fill-opacity": 0.12 }, picture);
        svg("path", { d: path(line.median), stroke: look[0], "stroke-width": 1.6, fill: "none" }, picture);
      });
      return shown.map(function (line) {
        return panel.days.map(function (day, at) {
          const value = line.median[at];
          if (value === null) { return null; }
          const told = number(value, panel.digits, false) + " " + panel.unit + " (5 to 95 %: " + number(line.low[at], panel.digits, false) + " to " + number(line.high[at], panel.digits, false) + ")";
          return { box: { x: x(at) - 2, y: y(value) - 2, w: 4, h: 4 }, text: day + ", " + apart(data.scenarios[line.scenario]) + ": " + told };
        }).filter(Boolean);
      });
    },
  };
  const sum = function (values) { return values.reduce(function (a, b) { return a + b; }, 0); };
  const least = function (list, key) { return Math.min.apply(null, list.map(function (e) { return e[key]; }).concat([0])); };
  const most = function (list, key) { return Math.max.apply(null, list.map(function (e) { return e[key]; }).concat([0])); };

  function distinct(lines) {  // a scenario that repeats one before it on every day is left out, as on paper
    const seen = new Set();
    return lines.filter(function (line) {
      const key = JSON.stringify([line.median, line.low, line.high]);
      return seen.has(key) ? false : seen.add(key);
    });
  }
  function merged(points, words) {  // scenarios whose figures read the same share a mark, and a note they have in common
    const found = new Map();
    points.forEach(function (p) {
      const key = words(p) + "|" + p[5], first = found.get(key);
      if (!first) { found.set(key, Object.assign(p.slice(), { shared: [p[1]] })); return; }
      first.shared.push(p[1]);
      if (first[6] !== p[6]) { first[6] = ""; }
    });
    return Array.from(found.values());
  }
  function groupsOf(panel, key) {  // points of the vehicle and scenarios chosen, by row
    const ofRow = panel.kind === "dots" && panel.rows.length > 0;
    const scenario = panel.kind === "bars" ? 0 : 1, vehicle = panel.kind === "bars" ? 1 : 2;
    const known = panel.points.some(function (p) { return p[vehicle] === state.vehicle; });
    const wanted = panel.points.filter(function (p) {
      const fits = !known ? state.vehicle === 0 && ofRow || p[vehicle] === 0 : p[vehicle] === state.vehicle;
      return fits && state.shown.has(p[scenario]);
    });
    const keys = Array.from(new Set(wanted.map(function (p) { return p[key]; }))).sort(function (a, b) { return a - b; });
    return keys.map(function (k) {
      return { key: k, vehicle: known ? state.vehicle : 0, points: wanted.filter(function (p) { return p[key] === k; }) };
    });
  }
  function pictureOf(chart, width, height) {
    const attributes = { width: width, height: height, viewBox: "0 0 " + width + " " + height, "aria-hidden": "true", focusable: "false" };
    const picture = svg("svg", attributes, null);
    chart.place.insertBefore(picture, chart.tip);
    chart.picture = picture;
    return picture;
  }
  function stageOf(chart, width, height, low, high, room, panel) {  // the value axis below, the zero line, the scale
    const picture = pictureOf(chart, width, height), right = Math.max(60, width - room);
    const span = high - low || 1, left = 6;
    const x = function (value) { return left + (right - left) * (value - low) / span; };
    const found = ticks(low, high, Math.floor((right - left) / 60));
    found.at.forEach(function (value) {
      svg("path", { d: "M" + x(value) + " 0V" + (height - 28), stroke: LINE }, picture);
      write(picture, Math.max(x(value), left + 4), height - 14, number(value, found.digits, false), { "text-anchor": x(value) < 20 ? "start" : "middle", "font-size": 11 });
    });
    if (low <= 0 && high >= 0) { svg("path", { d: "M" + x(0) + " 0V" + (height - 28), stroke: INK }, picture); }
    return { picture: picture, x: x, left: x(Math.max(low, Math.min(0, high))), panel: panel };
  }

  function legendOf(panel) {
    if (panel.kind === "bars") {
      const drawn = new Set(groupsOf(panel, 0).flatMap(function (row) {
        return row.points.filter(function (p) { return p[3] !== 0; }).map(function (p) { return p[2]; });
      }));
      return panel.parts.map(function (name, part) { return { name: name, part: part }; }).filter(function (e) { return drawn.has(e.part); });
    }
    const found = panel.kind === "lines" ? distinct(panel.lines).map(function (l) { return l.scenario; }) : panel.points.map(function (p) { return p[1]; });
    if (panel.kind === "dots" && panel.rows.length === 0) { return []; }
    return Array.from(new Set(found)).filter(function (s) { return state.shown.has(s); }).map(function (s) { return { name: data.scenarios[s], scenario: s }; });
  }
  function key(chart) {
    chart.key.replaceChildren();
    legendOf(chart.panel).forEach(function (entry) {
      const item = html("li", "", chart.key);
      const swatch = svg("svg", { width: 14, height: 14, viewBox: "-7 -7 14 14", "aria-hidden": "true" }, item);
      if (entry.part !== undefined) {
        svg("rect", { x: -7, y: -7, width: 14, height: 14, fill: marks.colour(entry.part, data.fills) }, swatch);
        svg("path", { d: marks.hatch(entry.part, data.fills), transform: "translate(-4 -4)", stroke: "#ffffff", "stroke-width": 1.3, fill: "none", "stroke-linecap": "round" }, swatch);
      } else {
        stamp(swatch, entry.scenario, "");
      }
      html("bdi", "", item, entry.name);
    });
  }

  function redraw(chart) {
    const width = Math.floor(chart.place.clientWidth);
    if (!width) { return; }
    if (chart.picture) { chart.picture.remove(); chart.picture = null; }
    hide(chart);
    chart.cursor = null;
    key(chart);
    const about = chart.panel.kind === "lines" ? [] : chart.panel.points;
    const vehicle = chart.panel.kind === "bars" ? 1 : 2;
    const forOne = about.some(function (p) { return p[vehicle] > 0; });
    chart.head.textContent = chart.panel.axis + (forOne && state.vehicle ? ": " + data.vehicles[state.vehicle] : "");
    chart.groups = state.shown.size ? draw[chart.panel.kind](chart.panel, chart, width).filter(function (g) { return g.length; }) : [];
    chart.none.hidden = chart.groups.length > 0;
    if (!chart.groups.length && chart.picture) { chart.picture.remove(); chart.picture = null; }
  }

  function show(chart, group, place, aloud) {
    const point = chart.groups[group][place], box = point.box;
    chart.cursor = [group, place];
    if (chart.ring) { chart.ring.remove(); }
    const edge = { x: box.x - 3, y: box.y - 3, width: box.w + 6, height: box.h + 6, fill: "none", stroke: "#000000", "stroke-width": 2, rx: 2 };
    chart.ring = svg("rect", edge, chart.picture);
    chart.tip.textContent = point.text;
    chart.tip.hidden = false;
    const room = chart.place.clientWidth - chart.tip.offsetWidth;
    chart.tip.style.left = Math.max(0, Math.min(room, box.x + box.w / 2 - chart.tip.offsetWidth / 2)) + "px";
    const above = chart.picture.getBoundingClientRect().top - chart.place.getBoundingClientRect().top + box.y - chart.tip.offsetHeight - 8;
    chart.tip.style.top = (above < 0 ? above + chart.tip.offsetHeight + box.h + 16 : above) + "px";
    if (aloud) { live.textContent = point.text; }
  }
  function hide(chart) {
    chart.tip.hidden = true;
    if (chart.ring) { chart.ring.remove(); chart.ring = null; }
  }
  function nearest(chart, x, y) {
    let best = null, least = Infinity;
    chart.groups.forEach(function (group, g) {
      group.forEach(function (point, p) {
        const b = point.box;
        const dx = Math.max(b.x - x, 0, x - b.x - b.w), dy = Math.max(b.y - y, 0, y - b.y - b.h);
        const far = chart.panel.kind === "lines" ? 50 * dx * dx + dy * dy : dx * dx + 4 * dy * dy;
        if (far < least) { least = far; best = [g, p]; }
      });
    });
    return best;
  }
  function pressed(chart, event) {
    const groups = chart.groups;
    if (!groups.length || event.altKey || event.ctrlKey || event.metaKey) { return; }
    let g = chart.cursor ? chart.cursor[0] : 0, p = chart.cursor ? chart.cursor[1] : -1;
    const last = function (n) { return groups[n].length - 1; };
    if (event.key === "ArrowRight") { p = Math.min(last(g), p + 1); }
    else if (event.key === "ArrowLeft") { p = Math.max(0, p - 1); }
    else if (event.key === "ArrowDown") { g = Math.min(groups.length - 1, chart.cursor ? g + 1 : 0); p = Math.max(0, Math.min(last(g), p)); }
    else if (event.key === "ArrowUp") { g = Math.max(0, g - 1); p = Math.max(0, Math.min(last(g), p)); }
    else if (event.key === "Home") { p = 0; }
    else if (event.key === "End") { p = last(g); }
    else if (event.key === "Escape") { hide(chart); return; }
    else { return; }
    event.preventDefault();
    show(chart, g, p, true);
  }

  function build(figure, name, panel, n, before) {
    const chart = { id: "chart-" + name + "-" + n, panel: panel, groups: [], cursor: null, ring: null, picture: null };
    const block = html("div", "chart", null);
    figure.insertBefore(block, before);
    chart.head = html("p", "axis", block);
    chart.key = html("ul", "key", block);
    chart.place = html("div", "stage", block);
    chart.none = html("p", "note", block, "Nothing to show for this choice.");
    chart.tip = html("div", "tip", chart.place);
    chart.tip.hidden = true;
    const words = { tabindex: 0, role: "application", "aria-roledescription": "chart", "aria-describedby": "chart-keys", "aria-label": panel.axis };
    Object.entries(words).forEach(function (pair) { chart.place.setAttribute(pair[0], pair[1]); });
    chart.place.addEventListener("keydown", function (event) { pressed(chart, event); });
    chart.place.addEventListener("blur", function () { hide(chart); });
    chart.place.addEventListener("pointermove", function (event) {
      if (!chart.groups.length) { return; }
      const box = chart.picture.getBoundingClientRect();
      const found = nearest(chart, event.clientX - box.left, event.clientY - box.top);
      show(chart, found[0], found[1], false);
    });
    chart.place.addEventListener("pointerleave", function () { hide(chart); });
    new ResizeObserver(function (entries) {
      const width = Math.floor(entries[0].contentRect.width);
      if (width !== chart.width) { chart.width = width; redraw(chart); }
    }).observe(chart.place);
    charts.push(chart);
  }
  Object.entries(data.charts).forEach(function (pair) {
    const section = document.getElementById(pair[0]);
    const printed = section && section.querySelector("details.printed");
    if (!printed || !pair[1].length) { return; }
    pair[1].forEach(function (panel, n) { build(printed.parentNode, pair[0], panel, n, printed); });
    printed.parentNode.insertBefore(html("p", "note", null, data.notes[pair[0]]), printed);
    printed.open = false;
  });
  if (!charts.length) { return; }

  // The filter: one vehicle and any scenarios, for all charts together.
  const filter = document.getElementById("filter"), vehicle = document.getElementById("filter-vehicle");
  const boxes = Array.from(filter.querySelectorAll("input[type=checkbox]"));
  const summary = filter.querySelector(".chosen");
  function choose() {
    state.vehicle = vehicle ? Number(vehicle.value) : 0;
    state.shown = new Set(boxes.filter(function (b) { return b.checked; }).map(function (b) { return Number(b.value); }));
    summary.textContent = data.vehicles[state.vehicle] + ", " + state.shown.size + " of " + boxes.length + " scenarios";
    charts.forEach(redraw);
  }
  filter.addEventListener("change", function () { choose(); live.textContent = "Charts show " + summary.textContent; });
  filter.querySelector("button").addEventListener("click", function () {
    boxes.forEach(function (b) { b.checked = true; });
    if (vehicle) { vehicle.value = "0"; }
    choose();
    live.textContent = "Charts show " + summary.textContent;
  });
  filter.hidden = false;
  choose();

  // On paper the printed figures stand where the charts were.
  const closed = [];
  window.addEventListener("beforeprint", function () {
    document.querySelectorAll("details.printed:not([open])").forEach(function (d) { d.open = true; closed.push(d); });
  });
  window.addEventListener("afterprint", function () { closed.splice(0).forEach(function (d) { d.open = false; }); });
})();
