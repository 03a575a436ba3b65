// What every page stands on: the data, the address, the language, and elements whose text is only ever text.

const parts = new Map();
window.fazhi = {
  data(name, spelled) {
    parts.set(name, JSON.parse(spelled));
  },
};

// The list of all releases stands beside them, and not where a release was taken out of its place.
const ELSEWHERE = { releases: "../../releases.js" };

// Resolves with a part of the data; rejects with a MissingPart where the release lacks it.
class MissingPart extends Error {}
const waiting = new Map();
function load(name) {
  if (parts.has(name)) return Promise.resolve(parts.get(name));
  if (!waiting.has(name)) {
    const loading = new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = ELSEWHERE[name] ?? `data/${name}.js`;
      script.onload = () => (parts.has(name) ? resolve(parts.get(name)) : reject(new MissingPart(name)));
      script.onerror = () => reject(new MissingPart(name));
      document.head.append(script);
    });
    loading.catch(() => waiting.delete(name));
    waiting.set(name, loading);
  }
  return waiting.get(name);
}

let language = "zh";
const pick = (pair) => pair[language === "zh" ? 0 : 1];
function t(key, ...values) {
  return values.reduce((text, value, at) => text.replaceAll(`{${at}}`, value), pick(WORDS[key]));
}
const colon = () => (language === "zh" ? "：" : ": ");
const plain = (number) => number.toLocaleString("en-US");

// el("a.wide", { href }, "text", node): strings become text nodes, so no text can become markup.
function el(kind, ...contents) {
  return filled(document.createElement(kind.split(".")[0]), kind, contents);
}
function svg(kind, ...contents) {
  return filled(document.createElementNS("http://www.w3.org/2000/svg", kind.split(".")[0]), kind, contents);
}
function filled(node, kind, contents) {
  const classes = kind.split(".").slice(1);
  if (classes.length) node.setAttribute("class", classes.join(" "));
  for (const content of contents.flat(2)) {
    if (content === null || content === undefined || content === false) continue;
    if (typeof content === "object" && !(content instanceof Node)) setAll(node, content);
    else node.append(content);
  }
  return node;
}
function setAll(node, properties) {
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") node.addEventListener(name, value);
    else node.setAttribute(name, value === true ? "" : value);
  }
}

// Text of a report as it stands, with the characters that would turn its direction shown instead of obeyed.
const TURNING = /([\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069])/;
function quoted(text) {
  if (!text) return null;
  return String(text)
    .split(TURNING)
    .map((piece) =>
      TURNING.test(piece)
        ? el("span.control", { title: codeOf(piece), "data-code": codeOf(piece) }, piece)
        : piece,
    );
}
const codeOf = (character) => `U+${character.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}`;

// The address: #/page?name=value. A choice is a link, so that it can be shared and the way back works.
function readAddress() {
  const [path, query] = location.hash.replace(/^#\/?/, "").split("?");
  const choice = {};
  new URLSearchParams(query ?? "").forEach((value, name) => {
    choice[name] = value;
  });
  return { page: path || "about", choice };
}
function to(page, choice = {}) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...choice, lang: language })) {
    if (value !== null && value !== undefined && value !== "") query.set(name, value);
  }
  return `#/${page}?${query}`;
}
function link(page, choice, ...contents) {
  return el("a", { href: to(page, choice) }, ...contents);
}

// The rows of a part that stands column by column; a column of few words lists each once and then their places. A row
// knows its place and looks its cells up, so that tens of thousands of rows cost next to nothing until they are shown.
function rowsOf(columns) {
  const names = Object.keys(columns);
  if (!names.length) return [];
  class Row {
    constructor(at) {
      this.at = at;
    }
  }
  for (const name of names) {
    const column = columns[name];
    const get = Array.isArray(column)
      ? function () {
          return column[this.at];
        }
      : function () {
          return column.words[column.at[this.at]];
        };
    Object.defineProperty(Row.prototype, name, { get });
  }
  const first = columns[names[0]];
  return Array.from({ length: (Array.isArray(first) ? first : first.at).length }, (_, at) => new Row(at));
}

function grouped(rows, keyOf) {
  const groups = new Map();
  for (const row of rows) {
    const key = keyOf(row);
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(row);
  }
  return groups;
}

// What the first part knows, by name; and the releases there are, none where that cannot be told.
let index;
let releases = [];
const places = new Map();
const indicators = new Map();
function takeIndex(value) {
  index = value;
  const [codes, names, above] = index.places;
  const [name, coverage] = [names.split("|"), index.coverage.split("|")];
  codes.split("|").forEach((code, at) => {
    const [province, prefecture] = index.prefectures[above[at]];
    const id = `CN-${code}`;
    places.set(id, { id, at, name: name[at], prefecture, province, coverage: coverage[at] });
  });
  for (const [id, domain, domainZh, domainEn, zh, en, unit, kind, stated, settled] of index.indicators) {
    indicators.set(id, { id, domain, domainNames: [domainZh, domainEn], names: [zh, en], unit, kind, stated, settled });
  }
}
const placeName = (id) => places.get(id)?.name ?? id;
const indicatorName = (id) => (indicators.has(id) ? pick(indicators.get(id).names) : id);
const codeName = (list, code) => (index.codes[list]?.[code] ? pick(index.codes[list][code]) : (code ?? ""));
const unitName = (unit) => (unit === "percent" ? "%" : codeName("unit", unit));

function notice(text, kind = "notice") {
  return el(`p.${kind}`, { role: "status" }, text);
}
function saveFile(name, text) {
  const address = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
  const anchor = el("a", { href: address, download: name });
  document.body.append(anchor);
  anchor.click();
  anchor.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
}
