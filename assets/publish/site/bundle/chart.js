// Charts in SVG. An exact value is filled, a bound or an approximation is hollow and carries its sign; what is not
// reported is a gap. Every chart has a title and a description, and the table beside it says the same in words.

const BARS = 30;
const BINS = 20;
const SINGLE = 400;
const SKEWED = 20;
const ALONG = { at_least: "▶", at_most: "◀", approximately: "≈", implied: "○" };
const UPWARD = { ...ALONG, at_least: "▲", at_most: "▼" };
const isBound = (row) => row.qualifier !== "exact";
const hasValue = (row) => row.value !== null && row.value !== undefined;
const legend = (signs) => t("bounds", signs.at_least, signs.at_most);

// A chart is drawn as wide as it is shown, so that its words keep their size on a phone.
const chartWidth = () => (matchMedia("(max-width: 40rem)").matches ? 350 : 640);

function picture(title, description, width, height, ...contents) {
  return el(
    "figure.chart",
    svg(
      "svg",
      { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": `${title}. ${description}` },
      svg("title", title),
      svg("desc", description),
      ...contents,
    ),
    el("figcaption", title, description ? el("span.small", ` ${description}`) : null),
  );
}
const text = (x, y, words, anchor = "start", kind = "text") => svg(kind, { x, y, "text-anchor": anchor }, words);
const valueText = (row, signs) => `${signs[row.qualifier] ? `${signs[row.qualifier]} ` : ""}${plainValue(row.value)}`;

// The highest rows as bars; where there is little room the name of a bar stands above it.
function ranking(title, rows, labelOf) {
  const best = highest(rows, BARS);
  const top = Math.max(best[0].value, 0) || 1;
  const width = chartWidth();
  const above = width < 500;
  const [left, step] = above ? [0, 42] : [190, 24];
  const room = width - left - 90;
  const bars = best.map((row, at) => {
    const y = 8 + at * step + (above ? 16 : 0);
    const long = Math.max(1, (Math.max(row.value, 0) / top) * room);
    return svg(
      "g",
      svg("title", `${labelOf(row)}: ${spokenWithUnit(row)}`),
      above ? text(0, y - 4, labelOf(row)) : text(left - 8, y + 13, shortened(labelOf(row)), "end"),
      svg(isBound(row) ? "rect.bound" : "rect.bar", { x: left + 1, y, width: long, height: 17 }),
      text(left + long + 7, y + 13, valueText(row, ALONG)),
    );
  });
  return picture(title, legend(ALONG), width, 16 + best.length * step, ...bars);
}

// The rows with the highest values, in their order; of equals the first.
function highest(rows, many) {
  const best = [];
  for (const row of rows) {
    if (!hasValue(row) || (best.length === many && row.value <= best[many - 1].value)) continue;
    let at = best.length;
    while (at > 0 && best[at - 1].value < row.value) at -= 1;
    best.splice(at, 0, row);
    best.length = Math.min(best.length, many);
  }
  return best;
}
const shortened = (label) => (label.length > 16 ? `${label.slice(0, 10)}…${label.slice(-5)}` : label);

// How many rows have which value. Where few are very large the bins grow with the value: 1, 2, 5, 10, 20, 50 …
function distribution(title, rows) {
  const known = rows.filter(hasValue);
  const ordered = Float64Array.from(known, (row) => row.value).sort();
  const edges = edgesOf(ordered);
  const bins = edges.slice(1).map(() => ({ exact: 0, bound: 0 }));
  for (const row of known) {
    let at = 0;
    while (at < bins.length - 1 && row.value >= edges[at + 1]) at += 1;
    bins[at][isBound(row) ? "bound" : "exact"] += 1;
  }
  const most = Math.max(...bins.map((bin) => bin.exact + bin.bound));
  const width = chartWidth();
  const step = Math.min(60, (width - 80) / bins.length);
  const columns = bins.map((bin, at) => {
    const x = 45 + at * step;
    const exact = (bin.exact / most) * 170;
    const bound = (bin.bound / most) * 170;
    const last = at === bins.length - 1;
    return svg(
      "g",
      svg("title", `${plainValue(edges[at])} ${last ? "≤" : "–"} ${last ? "" : plainValue(edges[at + 1])}: ${plain(bin.exact + bin.bound)}`),
      svg("rect.bar", { x, y: 190 - exact, width: step - 3, height: exact }),
      svg("rect.bound", { x, y: 190 - exact - bound, width: step - 3, height: bound }),
    );
  });
  const marked = Math.ceil(edges.length / (width / 70));
  const hollow = known.filter(isBound).length;
  return picture(
    title,
    hollow ? t("boundsLeftOut", plain(hollow)) : "",
    width,
    220,
    svg("line.axis", { x1: 42, y1: 190.5, x2: width - 30, y2: 190.5 }),
    ...columns,
    text(38, 24, plain(most), "end"),
    text(38, 194, "0", "end"),
    ...edges.map((edge, at) => (at % marked ? null : text(45 + at * step, 208, plainValue(edge), "middle"))),
  );
}

function edgesOf(ordered) {
  const [least, most] = [ordered[0], ordered.at(-1)];
  const middle = ordered[ordered.length >> 1];
  if (least >= 0 && most > SKEWED * Math.max(1, middle)) {
    const edges = [0];
    for (let power = 1; edges.at(-1) <= most; power *= 10) edges.push(power, 2 * power, 5 * power);
    while (edges.at(-2) > most) edges.pop();
    return edges;
  }
  // Few whole numbers get a bin each; otherwise a bin is as wide as a round number.
  const wide = roundUp((most - least) / BINS, ordered.every(Number.isInteger));
  const first = Math.floor(least / wide) * wide;
  const many = Math.floor((most - first) / wide) + 1;
  return Array.from({ length: many + 1 }, (_, at) => Number((first + at * wide).toPrecision(12)));
}
function roundUp(wide, whole) {
  if (whole && wide <= 1) return 1;
  const power = 10 ** Math.floor(Math.log10(wide || 1));
  return [1, 2, 5, 10].map((step) => step * power).find((step) => step >= wide * (1 - 1e-9));
}

// What lies in the middle of many rows, a year a column: a box from the first to the third quartile, a line at the median.
function middles(rows, years, x, y) {
  const byYear = grouped(rows, (row) => row.report_year);
  const wide = Math.min(28, (x(years.at(-1)) - x(years[0])) / years.length || 28);
  return years.map((year) => {
    const values = Float64Array.from(byYear.get(year) ?? [], (row) => row.value).sort();
    if (!values.length) return null;
    const [low, middle, high] = [0.25, 0.5, 0.75].map((share) => heightOf(values, share));
    return svg(
      "g",
      svg("title", `${year}: ${plainValue(low)} – ${plainValue(middle)} – ${plainValue(high)} (${plain(values.length)})`),
      svg("rect.box", { x: x(year) - wide / 2, y: y(high), width: wide, height: Math.max(1, y(low) - y(high)) }),
      svg("line.middle", { x1: x(year) - wide / 2, y1: y(middle), x2: x(year) + wide / 2, y2: y(middle) }),
      text(x(year), y(middle) - 4, plainValue(middle), "middle"),
    );
  });
}

// The value that a share of the ordered values does not pass.
const heightOf = (ordered, share) => ordered[Math.floor(share * (ordered.length - 1))];

// One line a place, broken where a year has no value; `stateOf(year)` names the gap where one place is shown.
function series(title, rows, years, stateOf) {
  const known = rows.filter(hasValue);
  const many = known.length > SINGLE;
  const top = heightOf(Float64Array.from(known, (row) => row.value).sort(), many ? 0.9 : 1) || 1;
  const width = chartWidth();
  const shown = Math.ceil((years.length * 42) / (width - 90));
  const x = (year) => (years.length === 1 ? width / 2 : 70 + (years.indexOf(year) * (width - 110)) / (years.length - 1));
  const y = (value) => 200 - (value / top) * 170;
  const axis = [
    svg("line.axis", { x1: 50, y1: 200.5, x2: width - 10, y2: 200.5 }),
    text(46, 34, plainValue(top), "end"),
    text(46, 204, "0", "end"),
    ...years.map((year, at) => (at % shown ? null : text(x(year), 222, String(year), "middle"))),
  ];
  if (many) return picture(title, t("middles"), width, 235, ...axis, ...middles(known, years, x, y));
  const lines = [];
  const byKey = grouped(known, (row) => `${row.division_id} ${row.scope} ${row.dimension ?? ""}`);
  for (const one of byKey.values()) {
    const of = new Map(one.map((row) => [row.report_year, row]));
    years.slice(1).forEach((year, at) => {
      const [a, b] = [of.get(years[at]), of.get(year)];
      if (a && b) lines.push(svg("line.line", { x1: x(years[at]), y1: y(a.value), x2: x(year), y2: y(b.value) }));
    });
  }
  const dots = known.map((row) =>
    svg(
      "g",
      svg("title", `${placeName(row.division_id)} ${row.report_year}: ${spokenWithUnit(row)}`),
      svg(isBound(row) ? "circle.bound" : "circle.bar", { cx: x(row.report_year), cy: y(row.value), r: 4.5 }),
      stateOf ? text(x(row.report_year), y(row.value) - 8, valueText(row, UPWARD), "middle") : isBound(row) ? text(x(row.report_year) + 8, y(row.value) + 4, UPWARD[row.qualifier] ?? "") : null,
    ),
  );
  const gaps = years
    .filter((year) => stateOf && !known.some((row) => row.report_year === year))
    .map((year) => text(x(year), 190, stateOf(year), "middle", "text.gap"));
  return picture(title, legend(UPWARD), width, 235, ...axis, ...lines, ...dots, ...gaps);
}
