// Choose an indicator, a year, a place; see the rows as a table and a chart; take them along. The choice is the address.

const CHARTS = ["ranking", "distribution", "series"];
const KINDS = ["county_year", "observations"];

async function explore(given) {
  const { choice, asked, ignored } = understood(given);
  const indicator = indicators.get(choice.indicator);
  const all = indicator.stated ? await LOADED[choice.rows](choice.indicator) : [];
  const rows = all.filter(fitting(choice));
  const wanted = choice.q?.toLowerCase();
  const shown = wanted ? rows.filter((row) => wordsOf(row).includes(wanted)) : rows;
  const title = `${pick(indicator.names)} (${unitName(indicator.unit)})`;
  return [
    el("h1", t("explore")),
    ignored.map((word) => notice(t("ignored", word))),
    controls(choice, asked),
    el("h2", link("indicator", { id: choice.indicator }, title)),
    shown.length ? chartOf(choice, title, shown) : notice(indicator.stated ? t("nothing") : t("noStatement")),
    choice.rows === "county_year" ? silence(choice, all) : null,
    el(
      "p.bar",
      el("span", t("shown", plain(shown.length))),
      el("button", { type: "button", id: "download", click: () => saveFile(fileName(choice), csv(index.columns[choice.rows], shown)) }, t("downloadSelection")),
    ),
    shown.length ? exploreTable(choice, asked, title, shown) : null,
  ];
}
const LOADED = {
  county_year: async (id) => rowsOf((await load(`indicator/${id}`)).county_year),
  observations: async (id) => rowsOf((await load(`statements/${id}`)).observations),
};

// The choice with what the release does not have left out; of it what was asked for; and the words that were left out.
function understood(given) {
  const known = {
    indicator: (value) => indicators.has(value),
    year: (value) => index.years.includes(Number(value)),
    province: (value) => index.prefectures.some(([province]) => province === value),
    county: (value) => places.has(value),
    rows: (value) => KINDS.includes(value),
    chart: (value) => CHARTS.includes(value),
    sort: (value) => COLUMNS.has(value.replace(/^-/, "")),
    q: () => true,
    lang: () => true,
  };
  const asked = {};
  const ignored = [];
  for (const [name, value] of Object.entries(given)) {
    if (Object.hasOwn(known, name) && known[name](value)) asked[name] = value;
    else ignored.push(`${name}=${value}`);
  }
  const indicator = asked.indicator ?? [...indicators.values()].sort((a, b) => b.settled - a.settled || b.stated - a.stated)[0].id;
  const rows = indicators.get(indicator).settled ? "county_year" : "observations";
  return { choice: { indicator, rows, chart: "ranking", ...asked }, asked, ignored };
}

function fitting({ year, county, province }) {
  const wanted = year && Number(year);
  return (row) =>
    (!wanted || row.report_year === wanted) &&
    (!county || row.division_id === county) &&
    (county || !province || places.get(row.division_id)?.province === province);
}
function wordsOf(row) {
  const place = places.get(row.division_id);
  return [place?.name, place?.prefecture, place?.province, row.division_id, row.report_year, row.dimension, row.evidence, codeName("scope", row.scope)]
    .join(" ")
    .toLowerCase();
}
const fileName = (choice) =>
  `${["fazhi", index.version, choice.rows, choice.indicator, choice.year, choice.county ?? choice.province].filter(Boolean).join("_")}.csv`;

function controls(choice, asked) {
  const go = (change) => {
    location.hash = to("explore", { ...asked, ...change });
  };
  const select = (name, options, change) =>
    el(
      "label",
      t(name),
      el(
        "select",
        { id: `choose-${name}`, change: (event) => go(change(event.target.value)) },
        options.map(([value, words]) => el("option", { value, selected: (choice[PARAMETER[name] ?? name] ?? "") === value }, words)),
      ),
    );
  const domains = grouped([...indicators.values()], (one) => one.domain);
  const indicatorSelect = el(
    "label",
    t("indicator"),
    el(
      "select",
      { id: "choose-indicator", change: (event) => go({ indicator: event.target.value }) },
      [...domains.values()].map((ones) =>
        el(
          "optgroup",
          { label: pick(ones[0].domainNames) },
          ones.map((one) => el("option", { value: one.id, selected: one.id === choice.indicator }, `${pick(one.names)} (${one.stated})`)),
        ),
      ),
    ),
  );
  const provinces = [...new Set(index.prefectures.map(([province]) => province))].filter(Boolean);
  const counties = [...places.values()].filter((place) => place.province === choice.province);
  return el(
    "form.controls",
    { submit: (event) => event.preventDefault() },
    indicatorSelect,
    select("rowsOf", KINDS.map((kind) => [kind, t(kind)]), (rows) => ({ rows })),
    select("year", [["", t("allYears")], ...index.years.map((year) => [String(year), String(year)])], (year) => ({ year })),
    select("province", [["", t("all")], ...provinces.map((name) => [name, name])], (province) => ({ province, county: null })),
    choice.province || choice.county
      ? select("county", [["", t("allCounties")], ...(choice.province ? counties : [places.get(choice.county)]).map((place) => [place.id, place.name])], (county) => ({ county }))
      : null,
    select("chart", CHARTS.map((kind) => [kind, t(kind)]), (chart) => ({ chart })),
    el(
      "label",
      t("filter"),
      el("input", { id: "choose-q", type: "search", value: choice.q ?? "", placeholder: t("filterHelp"), change: (event) => go({ q: event.target.value }) }),
    ),
  );
}
const PARAMETER = { rowsOf: "rows" };

function chartOf(choice, title, rows) {
  const labelOf = (row) => [placeName(row.division_id), choice.year ? "" : row.report_year].filter(Boolean).join(" ");
  if (!rows.some(hasValue)) return null;
  if (choice.chart === "distribution") return distribution(t("chartDistribution", title, plain(rows.filter(hasValue).length)), rows);
  if (choice.chart === "series") {
    const one = choice.county && places.get(choice.county);
    const stateOf = one && ((year) => ("rn".includes(one.coverage[index.years.indexOf(year)]) ? t("notReported") : t("noReport")));
    return series(t("chartSeries", title), rows, index.years, stateOf);
  }
  return ranking(t("chartRanking", title, Math.min(BARS, rows.filter(hasValue).length)), rows, labelOf);
}

// How many county-years of the selection have a report that says nothing of the indicator.
function silence(choice, rows) {
  const stated = new Uint8Array(places.size * index.years.length);
  const yearAt = new Map(index.years.map((year, at) => [year, at]));
  for (const row of rows) stated[places.get(row.division_id).at * index.years.length + yearAt.get(row.report_year)] = 1;
  const fits = fitting(choice);
  let silent = 0;
  for (const place of places.values()) {
    index.years.forEach((year, at) => {
      const read = place.coverage[at] === "r" || place.coverage[at] === "n";
      if (read && !stated[place.at * index.years.length + at] && fits({ division_id: place.id, report_year: year })) silent += 1;
    });
  }
  return silent ? el("p.small", t("silentCounties", plain(silent))) : null;
}

const COLUMNS = new Map(
  Object.entries({
    county: { sort: (row) => row.division_id, cell: (row) => link("county", { id: row.division_id }, placeName(row.division_id)) },
    province: { cell: (row) => places.get(row.division_id)?.province ?? "" },
    year: { number: true, cell: (row) => String(row.report_year), sort: (row) => row.report_year },
    value: { number: true, sort: (row) => row.value, cell: (row) => valueLink(row) },
    qualifier: { cell: (row) => codeName("qualifier", row.qualifier) },
    scope: { cell: (row) => codeName("scope", row.scope) },
    period: { cell: (row) => codeName("period", row.period), only: "observations" },
    dimension: { cell: (row) => (row.dimension ? el("span.quoted", quoted(row.dimension)) : ""), sort: (row) => row.dimension ?? null, only: "observations" },
    statement: { cell: (row) => el("span.quoted", quoted(row.evidence)), sort: (row) => row.evidence, only: "observations" },
    status: { cell: (row) => codeName("obs_status", row.obs_status), only: "county_year" },
    statements: { number: true, cell: (row) => String(row.n_observations), sort: (row) => row.n_observations, only: "county_year" },
    flags: { cell: (row) => row.flags ?? "" },
  }),
);
function exploreTable(choice, asked, title, rows) {
  const columns = [...COLUMNS]
    .filter(([, column]) => !column.only || column.only === choice.rows)
    .map(([key, column]) => ({ ...column, key, name: t(key) }));
  const sort = choice.sort ?? "-value";
  const changed = (by, down) => history.replaceState(null, "", to("explore", { ...asked, sort: `${down ? "-" : ""}${by}` }));
  return table(t("tableOf", title), columns, rows, { by: sort.replace(/^-/, ""), down: sort.startsWith("-"), changed });
}
