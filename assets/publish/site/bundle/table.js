// A table of any length: sorted by its heads, and only the rows in sight are in the page.

const ROW_HEIGHT = 34;
const SPARE = 12;
const WHOLE = 80;
const PRINTED = 2000;

// columns: [{ key, name, cell(row) -> node or text, sort(row) -> number or text or null, number }].
function table(caption, columns, rows, order = {}) {
  let { by = null, down = false } = order;
  let sorted = rows;
  const head = el("tr");
  const body = el("tbody");
  const box = el("div.scroll", { tabindex: "0", role: "region", "aria-label": caption });
  const made = el("table.rows", { "aria-rowcount": rows.length + 1 }, el("caption.hidden", caption), el("thead", head), body);
  const drawHead = () => {
    head.replaceChildren(
      ...columns.map((column) => {
        const state = column.key === by ? (down ? "descending" : "ascending") : "none";
        const mark = { ascending: " ▲", descending: " ▼", none: "" }[state];
        return el(
          column.number ? "th.number" : "th",
          { scope: "col", "aria-sort": state },
          el("button", { type: "button", title: t("sortBy", column.name), click: () => sortBy(column) }, column.name, mark),
        );
      }),
    );
  };
  const sortBy = (column) => {
    down = column.key === by ? !down : Boolean(column.number);
    by = column.key;
    order.changed?.(by, down);
    draw();
    [...head.querySelectorAll("button")][columns.indexOf(column)].focus();
  };
  const arrange = () => {
    const column = columns.find((one) => one.key === by);
    sorted = rows;
    if (!column) return;
    const keyed = rows.map((row, at) => [column.sort ? column.sort(row) : column.cell(row), at, row]);
    const sign = down ? -1 : 1;
    // What has no value comes last whichever way one sorts: it is neither small nor large.
    keyed.sort(([a, i], [b, j]) => {
      if (a === null || b === null) return (a === null) - (b === null) || i - j;
      return a === b ? i - j : sign * (a < b ? -1 : 1);
    });
    sorted = keyed.map(([, , row]) => row);
  };
  const spacer = (height) => {
    const cell = el("td", { colspan: columns.length });
    cell.style.height = `${height}px`;
    return el("tr.spacer", { "aria-hidden": "true" }, cell);
  };
  const line = (row, at) =>
    el(
      "tr",
      { "aria-rowindex": at + 2 },
      columns.map((column) => el(column.number ? "td.number" : "td", column.cell(row))),
    );
  let first = -1;
  const drawWhole = () => {
    body.replaceChildren(...sorted.slice(0, PRINTED).map(line));
    first = -1;
  };
  const drawBody = () => {
    if (sorted.length <= WHOLE) {
      drawWhole();
      return;
    }
    const from = Math.max(0, Math.floor(box.scrollTop / ROW_HEIGHT) - SPARE);
    if (from === first) return;
    first = from;
    const until = Math.min(sorted.length, from + Math.ceil((box.clientHeight || 600) / ROW_HEIGHT) + 2 * SPARE);
    body.replaceChildren(
      spacer(from * ROW_HEIGHT),
      ...sorted.slice(from, until).map((row, at) => line(row, from + at)),
      spacer((sorted.length - until) * ROW_HEIGHT),
    );
  };
  const draw = () => {
    first = -1;
    arrange();
    drawHead();
    drawBody();
  };
  box.addEventListener("scroll", drawBody, { passive: true });
  if (rows.length > WHOLE) {
    box.classList.add("long");
    box.addEventListener("printing", drawWhole);
    box.addEventListener("printed", drawBody);
  }
  box.append(made, rows.length > PRINTED ? el("p.printed", t("printedRows", plain(PRINTED), plain(rows.length))) : "");
  draw();
  return box;
}

// Paper has no scroll bar: what is printed holds the rows that are out of sight too.
for (const [event, told] of [["beforeprint", "printing"], ["afterprint", "printed"]]) {
  addEventListener(event, () => document.querySelectorAll(".scroll.long").forEach((box) => box.dispatchEvent(new Event(told))));
}

// A small table of plain cells; the first cell of a row is its head.
function facts(caption, heads, lines) {
  return el(
    "div.scroll",
    { tabindex: "0", role: "region", "aria-label": caption },
    el(
      "table",
      el("caption.hidden", caption),
      el("thead", el("tr", heads.map((name) => el("th", { scope: "col" }, name)))),
      el("tbody", lines.map(([name, ...cells]) => el("tr", el("th", { scope: "row" }, name), cells.map((cell) => el("td", cell))))),
    ),
  );
}

function pairs(lines) {
  return el("dl", lines.filter(([, value]) => value).map(([name, ...value]) => [el("dt", name), el("dd", ...value)]));
}
