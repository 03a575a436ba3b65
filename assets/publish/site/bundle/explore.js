// Choose an indicator, a year, a place; see the rows as a table and a chart; take them along. The choice is the address.

const CHARTS = ["ranking", "distribution", "series"];
const KINDS = ["county_year", "observations"];

async function explore(given) {
  const { choice, ignored } = understood(given);
  const part = indicators.get(choice.indicator).stated ? await load(`indicator/${choice.indicator}`) : null;
  const all = part ? withDocuments(part, choice.rows) : [];
  const rows = all.filter((row) => fits(row, choice));
  const shown = rows.filter((row) => !choice.q || wordsOf(row).includes(choice.q.toLowerCase()));
  const indicator = indicators.get(choice.indicator);
  const title = `${pick(indicator.names)} (${unitName(indicator.unit)})`;
  return [
    el("h1", t("explore")),
    ignored.map((word) => notice(t("ignored", word))),
    controls(choice),
    el("h2", link("indicator", { id: choice.indicator }, title)),
    shown.length ? chartOf(choice, title, shown) : notice(part ? t("nothing") : t("noStatement")),
    silence(choice, all),
    el(
      "p.bar",
      el("span", t("shown", plain(shown.length))),
      el("button", { type: "button", id: "download", click: () => saveFile(fileName(choice), csv(index.columns[choice.rows], shown)) }, t("downloadSelection")),
    ),
    shown.length ? exploreTable(choice, title, shown) : null,
  ];
}

// The choice with what the release does not have left out, and the words that were.
function understood(given) {
  const first = [...indicators.values()].sort((a, b) => b.settled - a.settled || b.stated - a.stated)[0];
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
  const choice = { indicator: first.id, rows: "county_year", chart: "ranking" };
  const ignored = [];
  for (const [name, value] of Object.entries(given)) {
    if (Object.hasOwn(known, name) && known[name](value)) choice[name] = value;
    else ignored.push(`${name}=${value}`);
  }
  if (!given.rows && !indicators.get(choice.indicator).settled) choice.rows = "observations";
  return { choice, ignored };
}

// A metric says which statement it was taken from; that statement says in which document it stands.
function withDocuments(part, kind) {
  const statements = rowsOf(part.observations);
  if (kind === "observations") return statements;
  const documentOf = new Map(statements.map((row) => [row.observation_id, row.document_id]));
  return rowsOf(part.county_year).map((row) => ({ ...row, document_id: documentOf.get(row.observation_id) }));
}

function fits(row, choice) {
  if (choice.year && row.report_year !== Number(choice.year)) return false;
  if (choice.county) return row.division_id === choice.county;
  return !choice.province || places.get(row.division_id)?.province === choice.province;
}
function wordsOf(row) {
  const place = places.get(row.division_id);
  return [place?.name, place?.prefecture, place?.province, row.division_id, row.report_year, row.dimension, row.evidence, codeName("scope", row.scope)]
    .join(" ")
    .toLowerCase();
}
const fileName = (choice) =>
  `${["fazhi", index.version, choice.rows, choice.indicator, choice.year, choice.county ?? choice.province].filter(Boolean).join("_")}.csv`;

function controls(choice) {
  const go = (change) => {
    location.hash = to("explore", { ...choice, ...change });
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
      { id: "choose-indicator", change: (event) => go({ indicator: event.target.value, rows: null }) },
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

function silence(choice, rows) {
  if (choice.rows !== "county_year") return null;
  const stated = new Set(rows.map((row) => `${row.division_id} ${row.report_year}`));
  let silent = 0;
  for (const place of places.values()) {
    index.years.forEach((year, at) => {
      if (!"rn".includes(place.coverage[at]) || stated.has(`${place.id} ${year}`)) return;
      if (fits({ division_id: place.id, report_year: year }, choice)) silent += 1;
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
    dimension: { cell: (row) => el("span.quoted", quoted(row.dimension)), sort: (row) => row.dimension ?? null, only: "observations" },
    statement: { cell: (row) => el("span.quoted", quoted(row.evidence)), sort: (row) => row.evidence, only: "observations" },
    status: { cell: (row) => codeName("obs_status", row.obs_status), only: "county_year" },
    previousStatements: { number: true, cell: (row) => String(row.n_observations), sort: (row) => row.n_observations, only: "county_year" },
    flags: { cell: (row) => row.flags ?? "" },
  }),
);
function exploreTable(choice, title, rows) {
  const columns = [...COLUMNS]
    .filter(([, column]) => !column.only || column.only === choice.rows)
    .map(([key, column]) => ({ ...column, key, name: t(key) }));
  const sort = choice.sort ?? "-value";
  const changed = (by, down) => history.replaceState(null, "", to("explore", { ...choice, sort: `${down ? "-" : ""}${by}` }));
  return table(t("tableOf", title), columns, rows, { by: sort.replace(/^-/, ""), down: sort.startsWith("-"), changed });
}
