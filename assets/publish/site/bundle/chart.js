// Charts in SVG. An exact value is filled, a bound or an approximation is hollow and carries its sign; what is not
// reported is a gap. Every chart has a title and a description, and the table beside it says the same in words.

const BARS = 30;
const BINS = 20;
const SINGLE = 400;
const SIGNS = { at_least: "▶", at_most: "◀", approximately: "≈", implied: "○" };
const isBound = (row) => row.qualifier !== "exact";
const hasValue = (row) => row.value !== null && row.value !== undefined;

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
    el("figcaption", title, el("span.small", ` ${description}`)),
  );
}
const text = (x, y, words, anchor = "start", kind = "text") => svg(kind, { x, y, "text-anchor": anchor }, words);

function ranking(title, rows, labelOf) {
  const best = rows.filter(hasValue).sort((a, b) => b.value - a.value).slice(0, BARS);
  const top = Math.max(...best.map((row) => row.value), 0) || 1;
  const left = 190;
  const room = 360;
  const bars = best.map((row, at) => {
    const y = 8 + at * 24;
    const width = Math.max(1, (Math.max(row.value, 0) / top) * room);
    return svg(
      "g",
      svg("title", `${labelOf(row)}: ${spokenWithUnit(row)}`),
      text(left - 8, y + 13, labelOf(row), "end"),
      svg(isBound(row) ? "rect.bound" : "rect.bar", { x: left, y, width, height: 17 }),
      text(left + width + 6, y + 13, `${SIGNS[row.qualifier] ? `${SIGNS[row.qualifier]} ` : ""}${plainValue(row.value)}`),
    );
  });
  return picture(title, t("bounds"), 640, 16 + best.length * 24, ...bars);
}

function distribution(title, rows) {
  const known = rows.filter(hasValue);
  const values = known.map((row) => row.value);
  const least = Math.min(...values);
  const span = Math.max(...values) - least || 1;
  const bins = Array.from({ length: BINS }, () => ({ exact: 0, bound: 0 }));
  for (const row of known) {
    bins[Math.min(BINS - 1, Math.floor(((row.value - least) / span) * BINS))][isBound(row) ? "bound" : "exact"] += 1;
  }
  const most = Math.max(...bins.map((bin) => bin.exact + bin.bound));
  const columns = bins.map((bin, at) => {
    const x = 40 + at * 28;
    const exact = (bin.exact / most) * 170;
    const bound = (bin.bound / most) * 170;
    const from = plainValue(least + (span * at) / BINS);
    const until = plainValue(least + (span * (at + 1)) / BINS);
    return svg(
      "g",
      svg("title", `${from} – ${until}: ${bin.exact + bin.bound}`),
      svg("rect.bar", { x, y: 190 - exact, width: 25, height: exact }),
      svg("rect.bound", { x, y: 190 - exact - bound, width: 25, height: bound }),
    );
  });
  const hollow = known.filter(isBound).length;
  return picture(
    title,
    hollow ? t("boundsLeftOut", hollow) : "",
    640,
    220,
    svg("line.axis", { x1: 40, y1: 190.5, x2: 600, y2: 190.5 }),
    ...columns,
    text(34, 24, plainValue(most), "end"),
    text(40, 210, plainValue(least)),
    text(600, 210, plainValue(least + span), "end"),
  );
}

// What lies in the middle of many rows, a year a column: a box from the first to the third quartile, a line at the median.
function middles(rows, years, x, y) {
  return years.map((year) => {
    const values = rows.filter((row) => row.report_year === year).map((row) => row.value);
    if (!values.length) return null;
    const [low, middle, high] = [0.25, 0.5, 0.75].map((share) => heightOf(values, share));
    return svg(
      "g",
      svg("title", `${year}: ${plainValue(low)} – ${plainValue(middle)} – ${plainValue(high)} (${plain(values.length)})`),
      svg("rect.box", { x: x(year) - 14, y: y(high), width: 28, height: Math.max(1, y(low) - y(high)) }),
      svg("line.middle", { x1: x(year) - 14, y1: y(middle), x2: x(year) + 14, y2: y(middle) }),
      text(x(year) + 18, y(middle) + 4, plainValue(middle)),
    );
  });
}

// The value that a share of all values does not pass.
function heightOf(values, share) {
  return values.toSorted((a, b) => a - b)[Math.floor(share * (values.length - 1))];
}

// One line a place, broken where a year has no value; `stateOf(year)` names the gap where one place is shown.
function series(title, rows, years, stateOf) {
  const known = rows.filter(hasValue);
  const many = known.length > SINGLE;
  const top = (many ? heightOf(known.map((row) => row.value), 0.9) : Math.max(...known.map((row) => row.value), 0)) || 1;
  const x = (year) => (years.length === 1 ? 330 : 70 + (years.indexOf(year) * 520) / (years.length - 1));
  const y = (value) => 200 - (value / top) * 170;
  const axis = [
    svg("line.axis", { x1: 50, y1: 200.5, x2: 620, y2: 200.5 }),
    text(46, 34, plainValue(top), "end"),
    text(46, 204, "0", "end"),
    ...years.map((year) => text(x(year), 222, String(year), "middle")),
  ];
  if (many) return picture(title, t("middles"), 640, 235, ...axis, ...middles(known, years, x, y).filter(Boolean));
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
      isBound(row) ? text(x(row.report_year) + 8, y(row.value) + 4, SIGNS[row.qualifier] ?? "") : null,
    ),
  );
  const gaps = years
    .filter((year) => stateOf && !known.some((row) => row.report_year === year))
    .map((year) => text(x(year), 190, stateOf(year), "middle", "text.gap"));
  return picture(
    title,
    t("bounds"),
    640,
    235,
    ...axis,
    ...lines,
    ...dots,
    ...gaps,
  );
}
