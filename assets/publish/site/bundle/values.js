// How a value is spoken, and how rows are spelled as CSV. A qualifier never gets lost on the way.

const MARKS = { exact: "", at_least: "≥ ", approximately: "≈ ", at_most: "≤ ", implied: "○ " };

function spoken(row) {
  if (row.value === null || row.value === undefined) return codeName("obs_status", row.obs_status);
  return `${MARKS[row.qualifier] ?? ""}${plainValue(row.value)}`;
}
const VALUES = new Intl.NumberFormat("en-US", { maximumFractionDigits: 6 });
const plainValue = (value) => VALUES.format(value);
const spokenWithUnit = (row) =>
  row.value === null || row.value === undefined ? spoken(row) : `${spoken(row)} ${unitName(row.unit)}`;

// A link from a value to the sentence that states it; a value that conflicts has none.
function valueLink(row, text = spoken(row)) {
  const title = row.qualifier ? codeName("qualifier", row.qualifier) : codeName("obs_status", row.obs_status);
  if (!row.observation_id || !row.document_id) return el("span", { title }, text);
  return el("a.value", { href: to("evidence", { id: row.observation_id, document: row.document_id }), title }, text);
}

// Rows as the release's own CSV spells them: LF, null is the empty field, quoted only where a field asks for it.
function csv(columns, rows) {
  const field = (value) => {
    if (value === null || value === undefined) return "";
    const text = String(value);
    return /[",\n\r#]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const lines = [columns, ...rows.map((row) => columns.map((name) => row[name]))];
  return lines.map((line) => `${line.map(field).join(",")}\n`).join("");
}
