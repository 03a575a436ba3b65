// What this release is: what it covers, how to take it along, how to cite it.

function about(choice) {
  return [
    el("h1", pick(index.title)),
    el("p.lead", pick(index.description)),
    el("p", el("strong", t("release", index.version, index.as_of)), ` · ${t("versions", ...index.versions)}`),
    el("p", t("counts", ...["observations", "documents", "divisions", "years", "indicators"].map((name) => plain(index.counts[name])))),
    el("p", t("promise"), " ", t("notZero")),
    el("h2", { id: "coverage" }, t("coverage")),
    coveragePicture(choice),
    el("h2", t("download")),
    downloads(),
    el("h2", t("licence")),
    el("p", el("a", { href: index.licence[2], rel: "noreferrer license" }, `${index.licence[1]} (${index.licence[0]})`)),
    el("h2", t("cite")),
    citations(),
  ];
}

function coveragePicture(choice) {
  const byProvince = grouped([...places.values()], (place) => place.province);
  if (byProvince.has(choice.province)) return provinceCoverage(choice.province, byProvince.get(choice.province));
  const line = ([province, counties]) => [
    link("about", { province }, province || "—"),
    ...index.years.map((_, at) => {
      const there = counties.filter((place) => place.coverage[at] !== "x").length;
      const read = counties.filter((place) => "rn".includes(place.coverage[at])).length;
      const cell = el("span.heat", `${plain(read)} / ${plain(there)}`);
      cell.style.setProperty("--share", there ? Math.sqrt(read / there) : 0);
      return cell;
    }),
  ];
  const heads = [t("province"), ...index.years.map(String)];
  const provinces = [...byProvince].sort((a, b) => share(b[1]) - share(a[1]));
  const [some, none] = [true, false].map((wanted) => provinces.filter(([, counties]) => counties.some(isDocumented) === wanted));
  return [
    el("p.small", t("coverageHelp")),
    facts(t("coverage"), heads, some.map(line)),
    none.length ? el("details", el("summary", t("provincesUnread", none.length)), facts(t("coverage"), heads, none.map(line))) : null,
  ];
}
const share = (counties) => counties.reduce((sum, place) => sum + [...place.coverage].filter((state) => "rn".includes(state)).length, 0);

function provinceCoverage(province, counties) {
  const ordered = counties.sort((a, b) => share([b]) - share([a]) || (a.id < b.id ? -1 : 1));
  const words = (state) => t(`state_${state}`);
  return [
    el("p", link("about", {}, `← ${t("allProvinces")}`), ` · ${province}${colon()}${t("coverageCounties")}`),
    el("p.small", [..."rno.x"].map((state) => el("span.key", el(`span.cell.state-${STATES[state]}`, GLYPHS[state]), ` ${words(state)}`))),
    table(
      `${province} ${t("coverage")}`,
      [
        { key: "name", name: t("county"), cell: (place) => link("county", { id: place.id }, place.name), sort: (place) => place.id },
        { key: "prefecture", name: t("prefecture"), cell: (place) => place.prefecture },
        ...index.years.map((year, at) => ({
          key: `y${year}`,
          name: String(year),
          sort: (place) => "x.onr".indexOf(place.coverage[at]),
          cell: (place) => {
            const state = place.coverage[at];
            return el(`span.cell.state-${STATES[state]}`, { title: words(state), role: "img", "aria-label": words(state) }, GLYPHS[state]);
          },
        })),
      ],
      ordered,
    ),
  ];
}
const STATES = { r: "reported", n: "silent", o: "others", ".": "unread", x: "absent" };
const GLYPHS = { r: "●", n: "○", o: "□", ".": "·", x: "–" };

function downloads() {
  const of = new Map(index.downloads.map(([path, bytes, sha256]) => [path, { path, bytes, sha256 }]));
  const main = [
    ["forExcel", "excel/observations.csv"],
    ["forCsv", "data/observations.csv"],
    ["forParquet", "parquet/observations.parquet"],
  ].filter(([, path]) => of.has(path));
  return [
    el(
      "ul.buttons",
      main.map(([word, path]) =>
        el(
          "li",
          el("a.button", { href: `../${path}`, download: true }, `${t(word)} · ${size(of.get(path).bytes)}`),
          el("code.hash", `SHA-256 ${of.get(path).sha256}`),
        ),
      ),
      el("li", el("a.button", { href: "../SHA256SUMS" }, t("forAll")), el("span.small", t("allFilesHelp"))),
    ),
    el(
      "details",
      el("summary", t("allFiles")),
      facts(
        t("allFiles"),
        [t("table"), t("size"), "SHA-256"],
        [...of.values()].map((file) => [el("a", { href: `../${file.path}`, download: true }, file.path), size(file.bytes), el("code.hash", file.sha256)]),
      ),
    ),
  ];
}
function size(bytes) {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

function citations() {
  const year = index.as_of.slice(0, 4);
  const [, title] = index.title;
  const bibtex = `@misc{fazhi_${index.version.replaceAll(".", "_")},
  author = {{${index.author}}},
  title = {${title}},
  year = {${year}},
  version = {${index.version}},
  note = {Licence ${index.licence[0]}; content ${index.content_sha256.slice(0, 16)}}
}`;
  return [
    [t("plain"), `${index.author} (${year}). ${title}. ${index.version}. ${index.licence[0]}.`],
    ["BibTeX", bibtex],
    ["CFF", index.citation_cff],
  ].map(([name, words]) => snippet(name, words));
}
function snippet(name, words, level = "h3") {
  const copy = async (event) => {
    await navigator.clipboard.writeText(words);
    event.target.textContent = t("copied");
  };
  return el(
    "section.snippet",
    el(level, name, navigator.clipboard ? el("button.small", { type: "button", click: copy }, t("copy")) : null),
    el("pre", { tabindex: "0" }, words),
  );
}
