"use strict";
// The time series of a page: a year at a glance, and down to its steps. uPlot draws; nothing is fetched.
(() => {
  const holder = document.getElementById("series"), text = document.getElementById("series-data");
  if (!holder || !text) return;
  const data = JSON.parse(text.textContent), MISSING = 65535, MOST_SHOWN = 4;
  const step = data.step * data.bucket, begin = data.start, end = data.start + data.step * data.count;
  const unpack = (coded, series) => {
    const raw = atob(coded), found = new Float64Array(raw.length / 2);
    const tenths = 10 ** Math.floor(-Math.log10(series.width)); // no more decimals than levels distinguish
    for (let k = 0; k < found.length; k++) {
      const level = raw.charCodeAt(2 * k) | (raw.charCodeAt(2 * k + 1) << 8);
      found[k] = level === MISSING ? NaN : Math.round((series.low + level * series.width) * tenths) / tenths;
    }
    return found;
  };
  for (const panel of data.panels) for (const [k, series] of panel.series.entries()) {
    series.values = unpack(series.values, series);
    series.lowest = series.lowest ? unpack(series.lowest, series) : series.values;
    series.highest = series.highest ? unpack(series.highest, series) : series.values;
    series.shown = k < MOST_SHOWN;
  }
  const count = data.panels[0].series[0].values.length;
  const HOUR = 3600, DAY = 86400;
  const WIDTHS = [HOUR, 2 * HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 2 * DAY, 7 * DAY, 14 * DAY, 28 * DAY, 91 * DAY, 364 * DAY];
  let from = begin, to = end;
  const status = document.getElementById("series-status");
  const number = (value) => Number.isFinite(value) ? new Intl.NumberFormat("en", { maximumSignificantDigits: 4 }).format(value) : "–";
  const span = (seconds) => seconds % DAY === 0 ? `${seconds / DAY} d` : seconds % HOUR === 0 ? `${seconds / HOUR} h` : `${seconds / 60} min`;
  const stamp = (seconds) => new Date(seconds * 1000).toISOString().slice(0, 16).replace("T", " ");

  // Mean, lowest and highest of each series in as many buckets as can be distinguished.
  function reduce(panel, width) {
    const first = Math.max(0, Math.floor((from - begin) / step) - 1), last = Math.min(count, Math.ceil((to - begin) / step) + 1);
    const least = (to - from) / Math.max(width / 2, 50);
    const size = least <= step ? 1 : Math.max(1, Math.round((WIDTHS.find((each) => each >= least && each % step === 0) ?? Math.ceil(least / step) * step) / step));
    const start = Math.floor(first / size) * size, n = Math.ceil((last - start) / size);
    const x = Array.from({ length: n }, (_, b) => begin + (start + b * size) * step);
    const rows = [x];
    for (const series of panel.series) {
      const mean = new Array(n), low = new Array(n), high = new Array(n);
      for (let b = 0; b < n; b++) {
        let sum = 0, known = 0, least = Infinity, most = -Infinity;
        for (let k = start + b * size; k < Math.min(count, start + (b + 1) * size); k++) {
          if (Number.isNaN(series.values[k])) continue;
          sum += series.values[k]; known++;
          if (series.lowest[k] < least) least = series.lowest[k];
          if (series.highest[k] > most) most = series.highest[k];
        }
        mean[b] = known ? sum / known : null; low[b] = known ? least : null; high[b] = known ? most : null;
      }
      rows.push(mean, low, high);
    }
    return { rows, size };
  }

  // Least step of the ticks, their text, and what stands below the first of a year, a month or a day (uPlot's order).
  const DATES = [
    [365 * DAY, "{YYYY}", null, null, null, null, null, null, 1],
    [28 * DAY, "{MMM}", "\n{YYYY}", null, null, null, null, null, 1],
    [DAY, "{D} {MMM}", "\n{YYYY}", null, null, null, null, null, 1],
    [60, "{HH}:{mm}", "\n{D} {MMM} {YYYY}", null, "\n{D} {MMM}", null, null, null, 1],
  ];
  const sync = uPlot.sync("series");
  const utc = (seconds) => uPlot.tzDate(new Date(seconds * 1e3), "UTC");
  for (const panel of data.panels) {
    const box = document.createElement("section");
    const head = document.createElement("h3"), legend = document.createElement("div"), plot = document.createElement("div");
    box.className = "panel"; legend.className = "legend"; plot.className = "plot";
    head.textContent = `${panel.title} [${panel.units}]`;
    plot.tabIndex = 0;
    plot.setAttribute("role", "img");
    plot.setAttribute("aria-label", `${head.textContent}: ${panel.series.map((each) => each.label).join(", ")}`);
    box.append(head, legend, plot);
    holder.append(box);
    panel.box = box;
    panel.reads = panel.series.map((series) => {
      const button = document.createElement("button"), mark = document.createElement("i"), read = document.createElement("b");
      button.type = "button";
      button.title = series.means;
      button.setAttribute("aria-pressed", series.shown);
      mark.style.borderTopColor = series.colour;
      mark.style.borderTopStyle = series.dashed ? "dashed" : "solid";
      button.append(mark, ` ${series.label} `, read);
      button.addEventListener("click", () => {
        series.shown = !series.shown;
        button.setAttribute("aria-pressed", series.shown);
        panel.chart && panel.series.forEach((each, k) => { for (const row of [1, 2, 3]) panel.chart.setSeries(3 * k + row, { show: each.shown }); });
        draw();
      });
      legend.append(button);
      return read;
    });
    panel.plot = plot;
    box.hidden = !panel.open;
  }

  function make(panel) {
    const lines = panel.series.flatMap((series) => [
      { label: series.label, stroke: series.colour, width: 1.25, dash: series.dashed ? [5, 3] : undefined, show: series.shown, points: { show: false },
        paths: (u, ...rest) => (panel.size === 1 ? uPlot.paths.stepped({ align: 1 }) : uPlot.paths.linear())(u, ...rest) },
      { label: "", stroke: "transparent", show: series.shown, points: { show: false } },
      { label: "", stroke: "transparent", show: series.shown, points: { show: false } },
    ]);
    const chart = new uPlot({
      width: panel.plot.clientWidth, height: 210, tzDate: utc, legend: { show: false },
      cursor: { y: false, sync: { key: "series" }, drag: { x: true, y: false, setScale: false }, points: { show: false } },
      scales: { x: { time: true } },
      axes: [{ font: "12px system-ui, sans-serif", grid: { stroke: "#e3e3e3", width: 1 }, values: DATES },
             { font: "12px system-ui, sans-serif", grid: { stroke: "#e3e3e3", width: 1 }, size: 56,
               values: (u, ticks) => ticks.map((tick) => new Intl.NumberFormat("en", { maximumSignificantDigits: 5 }).format(tick)) }],
      series: [{}, ...lines],
      bands: panel.series.map((series, k) => ({ series: [3 * k + 3, 3 * k + 2], fill: series.colour + "2b" })),
      hooks: {
        setSelect: [(u) => {
          if (u.select.width < 3) return;
          const low = u.posToVal(u.select.left, "x"), high = u.posToVal(u.select.left + u.select.width, "x");
          u.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false);
          look(low, high);
        }],
        setCursor: [(u) => {
          const at = u.cursor.idx;
          panel.series.forEach((series, k) => {
            const value = at == null || !series.shown ? null : u.data[3 * k + 1][at];
            const low = value == null ? null : u.data[3 * k + 2][at], high = value == null ? null : u.data[3 * k + 3][at];
            panel.reads[k].textContent = value == null ? "" : low === high ? number(value) : `${number(value)} (${number(low)} to ${number(high)})`;
          });
          if (at != null && u.cursor.event) note(`${stamp(u.data[0][at])} UTC`);
        }],
      },
    }, [[]], panel.plot);
    chart.over.addEventListener("dblclick", () => look(begin, end));
    sync.sub(chart);
    touches(chart);
    return chart;
  }

  const note = (more) => {
    const size = data.panels.find((each) => each.chart && !each.box.hidden)?.size ?? 1;
    const what = size * data.bucket === 1 ? `every step of ${span(data.step)}` : `means of ${span(size * step)}, the band from the lowest to the highest step`;
    status.textContent = `${stamp(from)} to ${stamp(to)} UTC: ${what}.${more ? " " + more : ""}`;
  };

  function draw() {
    for (const panel of data.panels) {
      if (panel.box.hidden) continue;
      const width = Math.floor(panel.plot.clientWidth);
      if (width < 50) continue;
      panel.chart ??= make(panel);
      if (panel.chart.width !== width) panel.chart.setSize({ width, height: 210 });
      const { rows, size } = reduce(panel, width);
      panel.size = size;
      panel.chart.setData(rows, false);
      panel.chart.setScale("x", { min: from, max: to });
      let low = Infinity, high = -Infinity;
      panel.series.forEach((series, k) => {
        if (!series.shown) return;
        for (const value of rows[3 * k + 2]) if (value !== null && value < low) low = value;
        for (const value of rows[3 * k + 3]) if (value !== null && value > high) high = value;
      });
      if (low > high) [low, high] = [0, 1];
      if (low > 0) low = 0;
      const room = 0.04 * (high - low || 1);
      panel.chart.setScale("y", { min: low < 0 ? low - room : low, max: high + room });
    }
    note();
    holder.dataset.window = `${from} ${to}`;
    const whole = to - from >= end - begin;
    for (const button of document.querySelectorAll("[data-shift]")) button.disabled = whole;
  }

  function look(low, high) {
    const shortest = Math.min(end - begin, 6 * step), width = Math.min(end - begin, Math.max(high - low, shortest));
    from = Math.max(begin, Math.min((low + high - width) / 2, end - width));
    to = from + width;
    draw();
  }
  const zoom = (factor) => look((from + to) / 2 - (to - from) * factor / 2, (from + to) / 2 + (to - from) * factor / 2);
  const shift = (share) => { const by = (to - from) * share, at = Math.max(begin, Math.min(from + by, end - (to - from))); look(at, at + (to - from)); };

  // Fingers: one moves along, two zoom; a page still scrolls up and down.
  function touches(chart) {
    const down = new Map();
    let last = null;
    const ends = () => {
      const places = [...down.values()].sort((a, b) => a - b);
      return { middle: (places[0] + places.at(-1)) / 2, apart: places.at(-1) - places[0] };
    };
    chart.over.addEventListener("pointerdown", (event) => {
      if (event.pointerType !== "touch") return;
      down.set(event.pointerId, event.clientX);
      last = ends();
    });
    chart.over.addEventListener("pointermove", (event) => {
      if (!down.has(event.pointerId)) return;
      down.set(event.pointerId, event.clientX);
      const now = ends(), per = (to - from) / chart.over.clientWidth;
      const factor = down.size > 1 && now.apart > 20 && last.apart > 20 ? last.apart / now.apart : 1;
      const at = from + (now.middle - chart.over.getBoundingClientRect().left) * per, moved = (last.middle - now.middle) * per;
      look(at - (at - from) * factor + moved, at + (to - at) * factor + moved);
      last = now;
    });
    for (const kind of ["pointerup", "pointercancel"]) chart.over.addEventListener(kind, (event) => { down.delete(event.pointerId); last = down.size ? ends() : null; });
  }

  for (const button of document.querySelectorAll("[data-span]")) button.addEventListener("click", () => {
    const width = button.dataset.span === "all" ? end - begin : +button.dataset.span * DAY, middle = (from + to) / 2;
    const low = Math.floor((middle - width / 2 - begin) / DAY) * DAY + begin;
    look(Math.max(begin, low), Math.max(begin, low) + width);
  });
  for (const button of document.querySelectorAll("[data-zoom]")) button.addEventListener("click", () => zoom(+button.dataset.zoom));
  for (const button of document.querySelectorAll("[data-shift]")) button.addEventListener("click", () => shift(+button.dataset.shift));
  holder.addEventListener("keydown", (event) => {
    const does = { ArrowLeft: () => shift(-0.5), ArrowRight: () => shift(0.5), "+": () => zoom(0.5), "-": () => zoom(2), 0: () => look(begin, end) }[event.key];
    if (!does || !event.target.classList.contains("plot")) return;
    event.preventDefault();
    does();
  });
  const more = document.getElementById("series-panels");
  for (const panel of data.panels) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = panel.title;
    button.setAttribute("aria-pressed", !panel.box.hidden);
    button.addEventListener("click", () => {
      panel.box.hidden = !panel.box.hidden;
      button.setAttribute("aria-pressed", !panel.box.hidden);
      draw();
    });
    more.append(button);
  }
  document.getElementById("series-save").addEventListener("click", () => {
    const open = data.panels.filter((panel) => panel.chart && !panel.box.hidden);
    const head = ["time (UTC)"], columns = [], first = Math.max(0, Math.floor((from - begin) / step)), last = Math.min(count, Math.ceil((to - begin) / step));
    for (const panel of open) for (const series of panel.series) if (series.shown) {
      head.push(`${panel.title}: ${series.label} [${panel.units}]`);
      columns.push(series.values);
    }
    // A spreadsheet takes no name for a formula.
    const cell = (name) => `"${(/^[=+\-@\t\r]/.test(name) ? "'" : "") + name.replaceAll('"', '""')}"`;
    const lines = [head.map(cell).join(",")];
    for (let k = first; k < last; k++) lines.push([new Date((begin + k * step) * 1000).toISOString(), ...columns.map((each) => Number.isNaN(each[k]) ? "" : +each[k].toPrecision(6))].join(","));
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([lines.join("\n") + "\n"], { type: "text/csv" }));
    link.download = "series.csv";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  });
  let shown = 0;
  new ResizeObserver(() => { if (holder.clientWidth !== shown) { shown = holder.clientWidth; draw(); } }).observe(holder);
  let before = null;
  window.addEventListener("beforeprint", () => { before = [from, to]; from = begin; to = end; draw(); });
  window.addEventListener("afterprint", () => { if (before) [from, to] = before; draw(); });
  draw();
})();
