// How far the numbers can be trusted: the ledger, the identities, what was rejected, scores, checks, known limits.

async function quality() {
  const report = await load("quality");
  const percent = (value) => `${(100 * value).toFixed(1)} %`;
  return [
    el("h1", t("quality")),
    el("h2", t("ledger")),
    el("p.small", t("ledgerHelp")),
    facts(
      t("ledger"),
      [t("class"), t("number"), t("share")],
      Object.entries(report.ledger.classes).map(([name, n]) => [codeName("class", name), plain(n), percent(report.ledger.rates[name])]),
    ),
    el("h2", t("identities")),
    identityCounts(report.identities),
    el("h2", t("rejected")),
    report.rejected.length
      ? facts(t("rejected"), [t("table"), t("rule_"), t("rows")], report.rejected.map((row) => [row.table_name, row.rule, plain(row.rows)]))
      : el("p", t("noneRejected")),
    el("h2", t("qualifier")),
    facts(t("qualifier"), [t("qualifier"), t("rows")], report.qualifiers.map((row) => [codeName("qualifier", row.qualifier), plain(row.rows)])),
    el("h2", t("scores")),
    typeof report.evaluation === "string"
      ? el("p", t("notEvaluated"))
      : [
          facts(
            t("scores"),
            [t("measure"), t("value")],
            Object.entries(report.evaluation).filter(([, value]) => typeof value !== "object").map(([name, value]) => [name, typeof value === "number" ? plainValue(value) : value]),
          ),
          facts(
            t("ladder"),
            [t("rung"), "precision", "recall", "F1"],
            ["stated", "implied"].flatMap((part) =>
              Object.entries(report.evaluation[part]).map(([rung, at]) => [`${part}: ${rung}`, percent(at.precision), percent(at.recall), percent(at.f1)]),
            ),
          ),
        ],
    el("h2", t("checks")),
    el("p", t("checksHelp")),
    el("pre", { tabindex: "0" }, `fazhi verify ${index.version}\nsha256sum --check SHA256SUMS`),
    el("h2", t("limits")),
    el("ul", { lang: "en" }, report.known_limits.map((line) => el("li", line))),
  ];
}

function identityCounts(counts) {
  const outcomes = ["holds", "fails", "not_applicable"];
  const byIdentity = grouped(counts, (row) => row.identity_id);
  return facts(
    t("identities"),
    [t("identity"), ...outcomes.map((code) => codeName("outcome", code))],
    [...byIdentity].map(([id, rows]) => [
      index.identities[id] ? pick(index.identities[id]) : id,
      ...outcomes.map((code) => plain(rows.find((row) => row.outcome === code)?.rows ?? 0)),
    ]),
  );
}
