// What charts are drawn with: elements, numbers as text, ticks, colours, hatches and shapes.
const marks = (function () {
  "use strict";
  const INK = "#222222", SOFT = "#5c5c60", LINE = "#d9d7d0";
  const FONT = '12px "Helvetica Neue", Arial, "DejaVu Sans", sans-serif';
  const HEAD = { "font-weight": "bold", "paint-order": "stroke", stroke: "#ffffff", "stroke-width": 4 };
  const ruler = document.createElement("canvas").getContext("2d");
  ruler.font = FONT;

  function svg(name, attributes, parent) {
    const made = document.createElementNS("http://www.w3.org/2000/svg", name);
    Object.entries(attributes).forEach(function (pair) { made.setAttribute(pair[0], pair[1]); });
    if (parent) { parent.appendChild(made); }
    return made;
  }
  function html(name, className, parent, text) {
    const made = document.createElement(name);
    if (className) { made.className = className; }
    if (text !== undefined) { made.textContent = text; }
    if (parent) { parent.appendChild(made); }
    return made;
  }
  function write(parent, x, y, text, attributes) {
    svg("text", Object.assign({ x: x, y: y, fill: INK }, attributes), parent).textContent = text;
  }
  const apart = function (text) { return "\u2068" + text + "\u2069"; };  // a name keeps its direction to itself
  function fitted(text, room) {  // as a head, in bold
    ruler.font = "bold " + FONT;
    const cut = cutTo(text, room);
    ruler.font = FONT;
    return cut;
  }
  function cutTo(text, room) {
    if (ruler.measureText(text).width <= room) { return text; }
    let low = 0, high = text.length;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (ruler.measureText(text.slice(0, middle) + "…").width <= room) { low = middle; } else { high = middle - 1; }
    }
    return text.slice(0, low) + "…";
  }
  function number(value, digits, signed) {
    const text = Math.abs(value).toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
    if (value === 0) { return "0"; }
    if (!/[1-9]/.test(text)) { return text; }
    return (value < 0 ? "−" : signed ? "+" : "") + text;
  }
  function withInterval(value, half, digits, signed) {  // a half-width that is not nothing does not read as nothing
    if (half === null || half === 0) { return number(value, digits, signed); }
    while (digits < 6 && Number(half.toFixed(digits)) === 0) { digits += 1; }
    return number(value, digits, signed) + " ± " + number(half, digits, false);
  }
  function ticks(low, high, count) {
    const rough = (high - low || 1) / Math.max(1, count);
    const power = Math.pow(10, Math.floor(Math.log10(rough)));
    const step = [1, 2, 5, 10].map(function (m) { return m * power; }).find(function (s) { return s >= rough; });
    const found = [];
    for (let n = Math.ceil(low / step - 1e-9); n * step <= high + step * 1e-9; n += 1) { found.push(n * step); }
    return { at: found, digits: Math.max(0, -Math.floor(Math.log10(step) + 1e-9)) };
  }

  // Looks: a part is a colour and a hatch, a scenario a colour and a shape, so that neighbours differ in grey as well.
  const HATCHES = ["", "M0 8L8 0", "M4 3.9v.2", "M0 0L8 8", "M0 8L8 0M0 0L8 8", "M0 4H8", "M4 0V8", "M2 2h4v4h-4z"];
  const SHAPES = {
    o: "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0z", s: "M-3.6-3.6h7.2v7.2h-7.2z", "^": "M0-4.6L4.4 3.4H-4.4z",
    D: "M0-4.8L4.8 0L0 4.8L-4.8 0z", v: "M0 4.6L4.4-3.4H-4.4z", P: "M-1.5-4.5h3v3h3v3h-3v3h-3v-3h-3v-3h3z",
    X: "M0-2L2.6-4.6L4.6-2.6L2 0L4.6 2.6L2.6 4.6L0 2L-2.6 4.6L-4.6 2.6L-2 0L-4.6-2.6L-2.6-4.6z",
    "*": "M0-5L1.4-1.7L5-1.5L2.2.8L3.1 4.3L0 2.3L-3.1 4.3L-2.2.8L-5-1.5L-1.4-1.7z",
  };
  const colour = function (part, fills) { return fills[part % fills.length]; };
  function hatch(part, fills) {
    return HATCHES[(part + 3 * Math.floor(part / fills.length)) % HATCHES.length];
  }
  function patterns(parent, id, parts, fills) {
    const place = svg("defs", {}, parent);
    for (let part = 0; part < parts; part += 1) {
      const made = svg("pattern", { id: id + part, width: 8, height: 8, patternUnits: "userSpaceOnUse" }, place);
      svg("rect", { width: 8, height: 8, fill: colour(part, fills) }, made);
      svg("path", { d: hatch(part, fills), stroke: "#ffffff", "stroke-width": 1.3, fill: "none", "stroke-linecap": "round" }, made);
    }
  }

  return { INK, SOFT, LINE, HEAD, SHAPES, ruler, svg, html, write, apart, fitted, number, withInterval, ticks, colour, hatch, patterns };
})();
