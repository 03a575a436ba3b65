// What an indicator means, who states it and how, and what a reader should beware of.

async function indicator({ id = "" }) {
  if (!id) return indicatorList();
  const one = indicators.get(id);
  if (!one) return [el("h1", t("indicator")), notice(t("noIndicator", id)), ...indicatorList().slice(1)];
  const described = rowsOf(await load("indicators")).find((row) => row.indicator_id === id);
  const part = one.stated ? await load(`indicator/${id}`) : null;
  const statements = part ? rowsOf(part.observations) : [];
  const metrics = part ? withDocuments(part, "county_year") : [];
  const range = [described.minimum, described.maximum].map((value) => (value === null ? "…" : plainValue(value))).join(" – ");
  const rows = metrics.length ? metrics : statements;
  return [
    el("h1", pick(one.names)),
    el("p.small", `${one.names.join(" · ")} · ${id}`),
    pairs([
      [`${t("definition")} (zh)`, described.definition_zh],
      [`${t("definition")} (en)`, described.definition_en],
      [t("domain"), pick(one.domainNames)],
      [t("unit"), unitName(one.unit)],
      [t("possible"), range],
      [t("usualScopes"), (described.scopes ?? "").split(";").filter(Boolean).map((code) => codeName("scope", code)).join(" · ")],
      [t("since"), described.since],
      [t("basis"), described.legal_basis],
    ]),
    el("h2", t("coverage")),
    part
      ? facts(
          t("coverage"),
          [t("year"), t("statement"), t("county_year")],
          index.years.map((year) => [String(year), ...[statements, metrics].map((of) => plain(of.filter((row) => row.report_year === year).length))]),
        )
      : notice(t("noStatement")),
    rows.some(hasValue) ? [el("h2", t("distributionOf")), distribution(t("chartDistribution", pick(one.names), plain(rows.filter(hasValue).length)), rows)] : null,
    el("h2", t("traps")),
    el(
      "ul",
      el("li", t("trapScope")),
      statements.some(isBound) ? el("li", t("trapBound", statements.filter(isBound).length)) : null,
      metrics.some((row) => row.obs_status === "Q") ? el("li", t("trapConflict", metrics.filter((row) => row.obs_status === "Q").length)) : null,
    ),
    el("p", link("explore", { indicator: id }, t("seeRows"))),
  ];
}

function indicatorList() {
  return [
    el("h1", t("allIndicators")),
    table(
      t("allIndicators"),
      [
        { key: "name", name: t("indicator"), cell: (one) => link("indicator", { id: one.id }, pick(one.names)), sort: (one) => pick(one.names) },
        { key: "domain", name: t("domain"), cell: (one) => pick(one.domainNames), sort: (one) => one.domain },
        { key: "unit", name: t("unit"), cell: (one) => unitName(one.unit) },
        { key: "stated", name: t("observations"), number: true, cell: (one) => plain(one.stated), sort: (one) => one.stated },
        { key: "settled", name: t("county_year"), number: true, cell: (one) => plain(one.settled), sort: (one) => one.settled },
      ],
      [...indicators.values()],
      { by: "stated", down: true },
    ),
  ];
}
