// All that is known of one county: its reports, its facts by domain and year, the identities between them.

async function county({ id = "", province }) {
  if (!id) return countyChooser(province);
  const place = places.get(id);
  if (!place) return [el("h1", t("county")), notice(t("noCounty", id)), ...countyChooser(province).slice(1)];
  const head = [
    el("h1", place.name),
    el("p", [place.province, place.prefecture, id].filter(Boolean).join(" · ")),
    el(
      "p",
      index.years.map((year, at) => {
        const state = place.coverage[at];
        return el("span.key", `${year} `, el(`span.cell.state-${STATES[state]}`, { title: t(`state_${state}`) }, GLYPHS[state]), ` ${t(`state_${state}`)}`);
      }),
    ),
  ];
  if (!isDocumented(place)) return [...head, notice(t("noData"))];
  const part = await load(`places/${id.slice(3, 7)}`);
  const of = (name) => rowsOf(part[name]).filter((row) => row.division_id === id);
  const [documents, statements, identities] = ["documents", "observations", "identities"].map(of);
  return [...head, reports(documents), ...byDomain(statements), el("h2", t("identities")), identityTable(identities, documents)];
}

const isDocumented = (place) => /[rno]/.test(place.coverage);

function countyChooser(province) {
  const provinces = [...new Set(index.prefectures.map(([name]) => name))].filter(Boolean);
  const known = provinces.includes(province) ? province : null;
  const listed = [...places.values()].filter((place) => (known ? place.province === known : isDocumented(place)));
  return [
    el("h1", t("chooseCounty")),
    el(
      "form.controls",
      { submit: (event) => event.preventDefault() },
      el(
        "label",
        t("province"),
        el(
          "select",
          { change: (event) => (location.hash = to("county", { province: event.target.value })) },
          [["", t("documents")], ...provinces.map((name) => [name, name])].map(([value, words]) => el("option", { value, selected: value === (known ?? "") }, words)),
        ),
      ),
    ),
    table(
      t("chooseCounty"),
      [
        { key: "name", name: t("county"), cell: (place) => link("county", { id: place.id }, place.name), sort: (place) => place.id },
        { key: "prefecture", name: t("prefecture"), cell: (place) => place.prefecture },
        { key: "province", name: t("province"), cell: (place) => place.province },
      ],
      listed,
    ),
  ];
}

function reports(documents) {
  return [
    el("h2", t("documents")),
    facts(
      t("documents"),
      [t("year"), t("title"), t("kind"), t("documentNumber"), t("issuedOn")],
      documents
        .sort((a, b) => a.report_year - b.report_year)
        .map((row) => [
          String(row.report_year),
          el("span.quoted", quoted(row.title)),
          codeName("document_kind", row.kind),
          el("span.quoted", quoted(row.document_number)),
          row.issued_on ?? "",
        ]),
    ),
  ];
}

// One table a domain: an indicator and its scope a row, a year a column; a year that states nothing stays empty.
function byDomain(statements) {
  const years = [...new Set(statements.map((row) => row.report_year))].sort();
  const domains = grouped(statements, (row) => indicators.get(row.indicator_id)?.domain ?? "");
  return [...domains].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, rows]) => {
    const name = pick(indicators.get(rows[0].indicator_id)?.domainNames ?? [rows[0].indicator_id, rows[0].indicator_id]);
    const lines = grouped(rows, (row) => [row.indicator_id, row.scope, row.period, row.dimension ?? ""].join("\u001f"));
    return [
      el("h2", name),
      facts(
        name,
        [t("indicator"), t("scope"), ...years.map(String)],
        [...lines.values()].map((of) => [
          [link("indicator", { id: of[0].indicator_id }, indicatorName(of[0].indicator_id)), of[0].dimension ? el("span.small.quoted", " ", quoted(of[0].dimension)) : null],
          [codeName("scope", of[0].scope), of[0].period === "year" ? "" : ` · ${codeName("period", of[0].period)}`],
          ...years.map((year) => of.filter((row) => row.report_year === year).map((row) => [valueLink(row, spokenWithUnit(row)), " "])),
        ]),
      ),
    ];
  });
}

function identityTable(rows, documents) {
  if (!rows.length) return notice(t("noIdentity"));
  const yearOf = new Map(documents.map((row) => [row.document_id, row.report_year]));
  return facts(
    t("identities"),
    [t("identity"), t("year"), t("left"), t("right"), t("residual"), t("outcome")],
    rows.map((row) => [
      index.identities[row.identity_id] ? pick(index.identities[row.identity_id]) : row.identity_id,
      String(yearOf.get(row.document_id)),
      ...[row.left, row.right, row.residual].map((value) => (value === null ? "" : plainValue(value))),
      el(row.outcome === "holds" ? "span.good" : "span.bad", codeName("outcome", row.outcome)),
    ]),
  );
}
