// The sentence of one number, and the proof, made here and now, that it stands where the release says.

const AROUND = 120;

async function evidence({ id = "", document: documentId = "" }) {
  if (!documentId) return [el("h1", t("evidence")), notice(t("noNumber")), el("p", link("explore", {}, t("explore")))];
  if (!/^D[0-9a-f]{16}$/.test(documentId)) return [el("h1", t("evidence")), notice(t("noDocument", documentId))];
  const part = await load(`documents/${documentId.slice(1, 4)}`);
  const report = part.documents.find((one) => one.document_id === documentId);
  if (!report) return [el("h1", t("evidence")), notice(t("noDocument", documentId))];
  const rows = rowsOf(part.observations).filter((row) => row.document_id === documentId);
  const row = rows.find((one) => one.observation_id === id);
  if (!row) return [el("h1", t("evidence")), notice(t("noObservation", id)), otherNumbers(rows)];
  const points = Array.from(report.text);
  const checked = stands(points, row);
  const hash = el("p", { id: "hash" });
  // A text in which names were masked keeps the hash of the text before.
  const masked = (report.losses ?? "").split(";").includes("private_names");
  sha256(report.text).then((digest) => {
    if (masked) hash.append(t("hashMasked"));
    else if (digest) hash.append(digest === report.text_sha256 ? t("hashHolds") : t("hashFails"));
  });
  return [
    el("h1", `${indicatorName(row.indicator_id)}${colon()}${spokenWithUnit(row)}`),
    el(
      "p",
      link("county", { id: row.division_id }, placeName(row.division_id)),
      ` · ${row.report_year} · ${codeName("scope", row.scope)} · ${codeName("period", row.period)} · ${codeName("qualifier", row.qualifier)}`,
    ),
    el("h2", t("passage")),
    el(checked ? "p.good" : "p.bad", { id: "check", "data-holds": String(checked), role: "status" }, checked ? t("checkHolds", row.char_start, row.char_end) : t("checkFails")),
    el("blockquote.quoted", { dir: "auto", lang: "zh" }, passage(points, row)),
    hash,
    pairs([
      [t("section"), quoted(row.section)],
      [t("title"), quoted(report.title)],
      [t("issuer"), quoted(report.issuer)],
      [t("documentNumber"), quoted(report.document_number)],
      [t("issuedOn"), report.issued_on],
      [t("kind"), codeName("document_kind", report.kind)],
      [t("address"), address(report.origin)],
      [t("publisher"), quoted(report.publisher)],
      [t("licence"), quoted(report.licence)],
      [t("textHash"), el("code.hash", report.text_sha256)],
      [t("fileHash"), el("code.hash", report.document_sha256)],
      [t("rule"), el("code", quoted(row.rule_id))],
      [t("indicator"), link("indicator", { id: row.indicator_id }, indicatorName(row.indicator_id))],
      [t("dimension"), quoted(row.dimension)],
      [t("flags"), row.flags],
      [t("losses"), quoted(report.losses)],
      [t("id"), el("code.hash", row.observation_id), " ", el("code.hash", row.document_id)],
    ]),
    otherNumbers(rows.filter((one) => one !== row)),
    el("details", el("summary", t("fullText")), el("pre.quoted.text", { dir: "auto", lang: "zh" }, quoted(report.text))),
  ];
}

// Offsets are Unicode code points; the numeral must lie within the words that state the fact.
function stands(points, row) {
  const words = points.slice(row.char_start, row.char_end).join("") === row.evidence;
  if (row.value_start === null) return words;
  return words && row.char_start <= row.value_start && row.value_start < row.value_end && row.value_end <= row.char_end;
}

async function sha256(words) {
  if (!globalThis.crypto?.subtle) return null;
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(words));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function passage(points, row) {
  const cut = (from, until) => quoted(points.slice(from, until).join(""));
  const from = Math.max(0, row.char_start - AROUND);
  const until = Math.min(points.length, row.char_end + AROUND);
  const inner =
    row.value_start === null
      ? cut(row.char_start, row.char_end)
      : [cut(row.char_start, row.value_start), el("strong", cut(row.value_start, row.value_end)), cut(row.value_end, row.char_end)];
  return [from > 0 ? "…" : "", cut(from, row.char_start), el("mark", inner), cut(row.char_end, until), until < points.length ? "…" : ""];
}

// Only a web address becomes a link; anything else that a record holds stays text.
function address(origin) {
  if (/^https?:\/\//i.test(origin)) return el("a", { href: origin, rel: "noreferrer noopener" }, origin);
  return quoted(origin);
}

function otherNumbers(rows) {
  return [
    el("h2", t("others")),
    table(
      t("others"),
      [
        { key: "indicator", name: t("indicator"), cell: (row) => indicatorName(row.indicator_id), sort: (row) => row.indicator_id },
        { key: "value", name: t("value"), number: true, cell: (row) => valueLink(row, spokenWithUnit(row)), sort: (row) => row.value },
        { key: "scope", name: t("scope"), cell: (row) => codeName("scope", row.scope) },
        { key: "words", name: t("statement"), cell: (row) => el("span.quoted", quoted(row.evidence)), sort: (row) => row.char_start },
      ],
      rows,
      { by: "words" },
    ),
  ];
}
