// Which page the address asks for, the frame around it, and what happens when something is not there.

const PAGES = { about, explore, evidence, county, indicator, quality, changes, use };
const MENU = ["about", "explore", "indicator", "county", "quality", "changes", "use"];

const main = el("main", { id: "content", tabindex: "-1" });
const header = el("header");
let drawn = 0;
let shownPage = null;

async function draw() {
  const { page, choice } = readAddress();
  language = choice.lang === "en" || choice.lang === "zh" ? choice.lang : language;
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  const turn = ++drawn;
  let contents;
  try {
    contents = Object.hasOwn(PAGES, page) ? await PAGES[page](choice) : [el("h1", t("noSuchPage")), notice(t("noPage", page)), el("p", link("about", {}, t("about")))];
  } catch (error) {
    if (!(error instanceof MissingPart)) throw error;
    contents = [el("h1", t(page)), notice(t("noPart", error.message), "bad")];
  }
  // A slower page that was asked for earlier must not replace this one.
  if (turn !== drawn) return;
  // Who chose by keyboard goes on from the same control, though the page was drawn anew.
  const held = document.activeElement?.id;
  drawHeader(page, choice);
  main.replaceChildren(...contents.flat(3).filter((node) => node instanceof Node));
  if (held) document.getElementById(held)?.focus({ preventScroll: true });
  document.title = `${main.querySelector("h1").textContent} · ${pick(index.title)} ${index.version}`;
  if (shownPage !== null && shownPage !== page) main.focus();
  shownPage = page;
  document.body.dataset.ready = location.hash;
}

function drawHeader(page, choice) {
  const other = language === "zh" ? "en" : "zh";
  const query = new URLSearchParams({ ...choice, lang: other });
  header.replaceChildren(
    el("a.skip", { href: "#content", click: skip }, t("skip")),
    el("p.brand", link("about", {}, "fazhi 法治"), el("span.small", ` ${index.version}`)),
    el(
      "nav",
      { "aria-label": t("navigation") },
      MENU.map((name) => el("a", { href: to(name), "aria-current": name === page ? "page" : null }, t(name))),
      releases.length ? el("a", { href: "../../index.html" }, t("allReleases")) : null,
    ),
    el("p.tools", el("a", { id: "language", href: `#/${page}?${query}`, lang: other }, t("language")), el("button", { type: "button", click: toggleTheme }, t("theme"))),
  );
}
function skip(event) {
  event.preventDefault();
  main.focus();
}
function toggleTheme() {
  const dark = document.documentElement.dataset.theme
    ? document.documentElement.dataset.theme === "dark"
    : matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.dataset.theme = dark ? "light" : "dark";
}

// A release that was taken out of its place knows of no other.
async function allReleases() {
  try {
    return (await load("releases")).releases;
  } catch (error) {
    if (!(error instanceof MissingPart)) throw error;
    return [];
  }
}

language = navigator.language.startsWith("zh") ? "zh" : "en";
document.body.append(header, main);
main.append(notice(t("loading")));
Promise.all([load("index"), allReleases()]).then(
  ([first, root]) => {
    takeIndex(first);
    releases = root;
    addEventListener("hashchange", draw);
    return draw();
  },
  () => main.replaceChildren(notice(t("noPart", "index"), "bad")),
);
