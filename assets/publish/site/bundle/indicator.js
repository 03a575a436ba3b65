// What an indicator means, who states it and how, and what a reader should beware of.

async function indicator({ id = "" }) {
  if (!id) return indicatorList();
  const one = indicators.get(id);
  if (!one) return [el("h1", t("indicator")), notice(t("noIndicator", id)), ...indicatorList().slice(1)];
  const described = rowsOf(await load("indicators")).find((row) => row.indicator_id === id);
  const part = one.stated ? await load(`indicator/${id}`) : null;
  const metrics = part ? rowsOf(part.county_year) : [];
  const stated = part?.stated ?? { report_year: [], scope: [], qualifier: [], rule_id: [], dimension: 0 };
  const [inYear, qualified] = [new Map(stated.report_year), new Map(stated.qualifier)];
  const inexact = ["at_least", "at_most", "approximately"].reduce((sum, code) => sum + (qualified.get(code) ?? 0), 0);
  const conflicts = metrics.filter((row) => row.obs_status === "Q").length;
  const range = [described.minimum, described.maximum].map((value) => (value === null ? "…" : plainValue(value))).join(" – ");
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
          [t("year"), t("statements"), t("county_year")],
          index.years.map((year) => [String(year), plain(inYear.get(year) ?? 0), plain(metrics.filter((row) => row.report_year === year).length)]),
        )
      : notice(t("noStatement")),
    metrics.some(hasValue) ? [el("h2", t("distributionOf")), distribution(t("chartDistribution", pick(one.names), plain(metrics.filter(hasValue).length)), metrics)] : null,
    stated.scope.length ? [el("h2", t("scope")), counted("scope", stated.scope.map(([code, n]) => [codeName("scope", code), n]))] : null,
    stated.rule_id.length ? [el("h2", t("rule")), el("p.small", t("ruleHelp")), counted("rule", stated.rule_id.map(([rule, n]) => [el("code", quoted(rule)), n]))] : null,
    el("h2", t("traps")),
    el(
      "ul",
      el("li", t("trapScope")),
      inexact ? el("li", t("trapBound", plain(inexact))) : null,
      qualified.has("implied") ? el("li", t("trapImplied", plain(qualified.get("implied")))) : null,
      stated.dimension ? el("li", t("trapDimension", plain(stated.dimension))) : null,
      conflicts ? el("li", t("trapConflict", plain(conflicts))) : null,
    ),
    el("p", link("explore", { indicator: id }, t("seeRows"))),
  ];
}

function counted(name, lines) {
  return facts(
    t(name),
    [t(name), t("statements")],
    lines.sort(([, a], [, b]) => b - a).map(([words, n]) => [words, plain(n)]),
  );
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
