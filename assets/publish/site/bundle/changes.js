// What changed since the release before, each change with its reason.

async function changes() {
  const diff = await load("changes");
  const known = releases.filter((one) => one.errata || one.withdrawn);
  const told = [
    el("h2", t("errata")),
    known.length ? known.map((one) => [el("h3", one.version), one.withdrawn ? el("p", t("withdrawn", one.withdrawn.on), quoted(one.withdrawn.reason)) : null, one.errata ? errataList(one.errata) : null]) : el("p", t(releases.length ? "noErrata" : "errataElsewhere")),
    releases.length ? el("p", el("a", { href: "../../feed.xml", type: "application/atom+xml" }, t("feed"))) : null,
  ];
  if (diff.from === null) return [el("h1", t("changes")), notice(t("firstRelease")), told];
  const rows = diff.rows.map((cells) => Object.fromEntries(diff.columns.map((name, at) => [name, cells[at]])));
  const corrections = rows.filter((row) => row.reason === "correction");
  return [
    el("h1", t("changes")),
    el("p", t("changesFrom", diff.from, plain(diff.changes))),
    facts(t("reason"), [t("reason"), t("number")], Object.entries(diff.by_reason).map(([code, n]) => [codeName("reason", code), plain(n)])),
    told,
    corrections.length ? [el("h2", t("corrections")), changeTable(t("corrections"), corrections)] : null,
    el("h2", t("everyChange")),
    el("p.small", t("firstChanges", plain(rows.length)), " ", el("a", { href: "../diff/changes.csv" }, "diff/changes.csv")),
    rows.length ? changeTable(t("changes"), rows) : el("p", t("noChange")),
  ];
}

function changeTable(caption, rows) {
  const column = (key, name) => ({ key, name, cell: (row) => el("span.quoted", quoted(row[key])), sort: (row) => row[key] });
  return table(
    caption,
    [
      column("table_name", t("table")),
      column("row_key", t("row")),
      column("column_name", t("column")),
      { key: "change", name: t("change"), cell: (row) => codeName("change", row.change), sort: (row) => row.change },
      column("old_value", t("oldValue")),
      column("new_value", t("newValue")),
      { key: "reason", name: t("reason"), cell: (row) => codeName("reason", row.reason), sort: (row) => row.reason },
      column("cause", t("cause")),
    ],
    rows,
  );
}
