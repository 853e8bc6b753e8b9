"use strict";
// Tables sort by the heads of their columns, numbers by value; a second click turns the order around.
const sorters = [];
for (const table of document.querySelectorAll("table")) {
  const heads = [...table.tHead.rows[0].cells];
  // On a narrow screen every cell stands next to the head of its column, see page.css.
  for (const row of table.tBodies[0].rows) {
    [...row.cells].forEach((cell, column) => { cell.dataset.h = heads[column].textContent; });
  }
  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    head.textContent = "";
    head.append(button);
    sorters.push([head, button]);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      heads.forEach((each) => each.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const body = table.tBodies[0];
      const key = (row) => row.cells[column].dataset.v ?? row.cells[column].textContent.trim();
      const numeric = head.classList.contains("n");
      const compare = (a, b) => numeric ? (a === "" ? 1e309 : +a) - (b === "" ? 1e309 : +b) || 0
                                        : a.localeCompare(b, document.documentElement.lang, { numeric: true });
      body.append(...[...body.rows].sort((a, b) => (down ? -1 : 1) * compare(key(a), key(b))));
    });
  });
}
// Heads of tables that hold buttons are not repeated on the pages of a print.
addEventListener("beforeprint", () => sorters.forEach(([head, button]) => head.replaceChildren(button.textContent)));
addEventListener("afterprint", () => sorters.forEach(([head, button]) => head.replaceChildren(button)));
const data = JSON.parse(document.getElementById("data").textContent);
let scenario = data.reference;
const buttons = [...document.querySelectorAll("#switch button")];
for (const button of buttons) {
  button.addEventListener("click", () => {
    scenario = button.dataset.scenario;
    buttons.forEach((each) => each.setAttribute("aria-pressed", String(each === button)));
    for (const card of document.querySelectorAll("[data-in]")) card.hidden = card.dataset.in !== scenario;
    draw();
  });
}
const chart = document.getElementById("chart"), pick = document.getElementById("pick"), read = document.getElementById("read");
const LEFT = 70, TOP = 12, BOTTOM = 284;
let RIGHT = 690;
const COLOURS = ["#0b3c6f", "#d55e00", "#56b4e9", "#767676"], DASHES = ["", "7 4", "2 3", "9 3 2 3"];
const shown = (value) => value === null ? "–" : new Intl.NumberFormat(document.documentElement.lang,
  { maximumSignificantDigits: Math.abs(value) >= 1000 ? 4 : 3 }).formatToParts(value)
  .map((part) => part.type === "group" ? "\u00a0" : part.value).join("");
function element(name, attributes, text) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  if (text !== undefined) node.textContent = text;
  chart.append(node);
  return node;
}
function draw() {
  if (!chart) return;
  const width = Math.max(320, Math.min(720, chart.parentElement.clientWidth));
  RIGHT = width - 30;
  chart.setAttribute("viewBox", `0 0 ${width} 320`);
  const series = data.series[pick.value], years = series.years;
  // On paper, where the list to choose from is left out, the quantity stands in words.
  document.getElementById("shown").textContent = pick.selectedOptions[0].textContent;
  const names = series.names, chosen = names.includes(scenario) ? scenario : names[0];
  const all = names.flatMap((name) => [...series.paths[name][1], ...(name === chosen ? [...series.paths[name][0], ...series.paths[name][2]] : [])]).filter((v) => v !== null);
  let low = Math.min(0, ...all), high = Math.max(...all, low + 1e-9);
  const rough = (high - low) / 5, power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= rough);
  low = Math.floor(low / step) * step; high = Math.ceil(high / step - 1e-9) * step;
  const x = (k) => LEFT + (RIGHT - LEFT) * (years.length > 1 ? (years[k] - years[0]) / (years.at(-1) - years[0]) : 0.5);
  const y = (v) => BOTTOM - (BOTTOM - TOP) * (v - low) / (high - low);
  chart.replaceChildren();
  for (let v = low; v <= high + step / 2; v += step) {
    element("line", { x1: LEFT, x2: RIGHT, y1: y(v), y2: y(v), stroke: "#e3e3e3" });
    element("text", { x: LEFT - 6, y: y(v) + 4, "text-anchor": "end", "font-size": 12, fill: "#404040" }, shown(Math.abs(v) < step / 1e6 ? 0 : v));
  }
  const every = Math.ceil(years.length / ((RIGHT - LEFT) / 48));
  years.forEach((year, k) => { if (k % every === 0) element("text", { x: x(k), y: BOTTOM + 18, "text-anchor": "middle", "font-size": 12, fill: "#404040" }, year); });
  // A line breaks where a value or years are missing, such as between two horizons.
  const follows = (k) => k > 0 && years[k] - years[k - 1] === 1;
  const path = (row) => row.map((v, k) => v === null ? "" : `${follows(k) && row[k - 1] !== null ? "L" : "M"}${x(k).toFixed(1)} ${y(v).toFixed(1)}`).join("");
  const [p10, p50, p90] = series.paths[chosen];
  const bands = [];
  years.forEach((_, k) => {
    if (p10[k] === null || p90[k] === null) return;
    if (bands.length && bands.at(-1).at(-1) === k - 1 && follows(k)) bands.at(-1).push(k); else bands.push([k]);
  });
  for (const band of bands) element("polygon", { points: [...band.map((k) => `${x(k)},${y(p90[k])}`), ...band.toReversed().map((k) => `${x(k)},${y(p10[k])}`)].join(" "), fill: COLOURS[names.indexOf(chosen) % 4], opacity: 0.18 });
  names.forEach((name, n) => element("path", { d: path(series.paths[name][1]), fill: "none", stroke: COLOURS[n % 4], "stroke-dasharray": DASHES[n % 4], "stroke-width": name === chosen ? 3 : 1.5 }));
  if (names.length > 1) names.forEach((name, n) => {
    const label = series.scenarios[name], at = LEFT + 14;
    element("line", { x1: at, x2: at + 30, y1: TOP + 8 + 17 * n, y2: TOP + 8 + 17 * n, stroke: COLOURS[n % 4], "stroke-dasharray": DASHES[n % 4], "stroke-width": name === chosen ? 3 : 1.5 });
    element("text", { x: at + 36, y: TOP + 12 + 17 * n, "font-size": 12, "font-weight": name === chosen ? 700 : 400, fill: "#1c1c1c" }, label);
  });
  const mark = element("line", { x1: 0, x2: 0, y1: TOP, y2: BOTTOM, stroke: "#767676", "stroke-dasharray": "3 3" });
  const show = (k) => {
    mark.setAttribute("x1", x(k)); mark.setAttribute("x2", x(k));
    read.textContent = `${years[k]}${names.length > 1 ? ", " + series.scenarios[chosen] : ""}: ${shown(p50[k])} (${shown(p10[k])} – ${shown(p90[k])}) ${series.units}`;
  };
  show(years.length - 1);
  chart.onpointermove = (event) => {
    const box = chart.getBoundingClientRect(), at = (event.clientX - box.left) * width / box.width;
    show(years.reduce((best, _, k) => Math.abs(x(k) - at) < Math.abs(x(best) - at) ? k : best, 0));
  };
}
if (chart) {
  data.series.forEach((series, k) => pick.add(new Option(series.units ? `${series.label} [${series.units}]` : series.label, k)));
  pick.addEventListener("change", draw);
  window.addEventListener("resize", draw);
  draw();
}
