// What this release is: what it covers, how to take it along, how to cite it.

function about(choice) {
  const byProvince = grouped([...places.values()], (place) => place.province);
  if (byProvince.has(choice.province)) return provinceCoverage(choice.province, byProvince.get(choice.province));
  return [
    el("h1", pick(index.title)),
    el("p.lead", pick(index.description)),
    standing(),
    el("p", el("strong", t("release", index.version, index.as_of)), ` · ${t("versions", ...index.versions)}`),
    el("p", { id: "counts" }, t("counts", ...["observations", "documents", "divisions", "years", "indicators"].map((name) => plain(index.counts[name])))),
    el("p", t("promise"), " ", t("notZero")),
    el("h2", t("coverage")),
    choice.province ? notice(t("ignored", `province=${choice.province}`)) : null,
    coveragePicture(byProvince),
    el("h2", t("download")),
    downloads(),
    el("h2", t("licence")),
    el("p", el("a", { href: index.licence[2], rel: "noreferrer license" }, `${index.licence[1]} (${index.licence[0]})`)),
    el("h2", t("cite")),
    citations(),
  ];
}

// What became known of this release after it was made: a newer one, that it was withdrawn, its errata.
function standing() {
  const own = releases.find((one) => one.version === index.version);
  const latest = releases.findLast((one) => !one.withdrawn);
  const way = (one) => el("a", { href: `../../${one.site}index.html` }, one.version);
  return [
    own?.withdrawn ? el("p.notice.bad", t("withdrawn", own.withdrawn.on), quoted(own.withdrawn.reason)) : null,
    own && latest && latest !== own ? el("p.notice", t("newer"), latest.site ? way(latest) : latest.version) : null,
    own?.errata ? el("div.notice", el("strong", t("errata")), errataList(own.errata)) : null,
  ];
}
function errataList(errata) {
  return el("ul", errata.map((one) => el("li", one.on, colon(), quoted(one.note))));
}

// A province a row, a year a cell: how many counties have a report, and the share of each state as a strip.
function coveragePicture(byProvince) {
  const strip = (counties, at) => {
    const there = counties.filter((place) => place.coverage[at] !== "x");
    const of = (state) => there.filter((place) => place.coverage[at] === state).length;
    const read = of("r") + of("n");
    const parts = [..."rno."].filter(of).map((state) => {
      const part = el(`span.state-${STATES[state]}`);
      part.style.flexGrow = of(state);
      return part;
    });
    return [el("span.count", `${plain(read)} / ${plain(there.length)}`), el("span.strip", { role: "img", "aria-label": t("read", plain(read), plain(there.length)) }, parts)];
  };
  const line = ([province, counties]) => [link("about", { province }, province || "—"), ...index.years.map((_, at) => strip(counties, at))];
  const heads = [t("province"), ...index.years.map(String)];
  const provinces = [...byProvince].sort((a, b) => share(b[1]) - share(a[1]));
  const [some, none] = [true, false].map((wanted) => provinces.filter(([, counties]) => counties.some(isDocumented) === wanted));
  const country = [t("country"), ...index.years.map((_, at) => strip([...places.values()], at))];
  return [
    el("p.small", t("coverageHelp")),
    stateKeys("rno."),
    facts(t("coverage"), heads, [country, ...some.map(line)]),
    none.length ? el("details", el("summary", t("provincesUnread", none.length)), facts(t("coverage"), heads, none.map(line))) : null,
  ];
}
function stateKeys(states) {
  return el("p.small", [...states].map((state) => el("span.key", el(`span.cell.state-${STATES[state]}`, GLYPHS[state]), ` ${t(`state_${state}`)}`)));
}
const share = (counties) => counties.reduce((sum, place) => sum + [...place.coverage].filter((state) => "rn".includes(state)).length, 0);

function provinceCoverage(province, counties) {
  const ordered = counties.sort((a, b) => share([b]) - share([a]) || (a.id < b.id ? -1 : 1));
  const words = (state) => t(`state_${state}`);
  return [
    el("h1", `${province}${colon()}${t("coverageCounties")}`),
    el("p", link("about", {}, `← ${t("allProvinces")}`)),
    stateKeys("rno.x"),
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
  const total = index.downloads.reduce((sum, [, bytes]) => sum + bytes, 0);
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
      el(
        "li",
        el("button.button", { type: "button", click: openAll }, t("forAll", of.size, size(total))),
        el("code.hash", `SHA-256 ${index.content_sha256}`),
      ),
    ),
    el(
      "details",
      { id: "all-files" },
      el("summary", t("allFiles")),
      el("p.small", t("allFilesHelp", index.version), " ", el("a", { href: "../SHA256SUMS" }, "SHA256SUMS")),
      facts(
        t("allFiles"),
        [t("table"), t("size"), "SHA-256"],
        [...of.values()].map((file) => [el("a", { href: `../${file.path}`, download: true }, file.path), size(file.bytes), el("code.hash", file.sha256)]),
      ),
    ),
  ];
}
function openAll() {
  const list = document.querySelector("#all-files");
  list.open = true;
  list.querySelector("summary").focus();
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
