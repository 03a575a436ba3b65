// How to read the release with other programs. A test runs what stands here.

const SNIPPETS = {
  Python: `from read import read

facts = read("observations")
print(len(facts))`,
  R: `source("read.R")
facts <- read_release("observations")
print(nrow(facts))`,
  DuckDB: `SELECT count(*) AS facts FROM 'parquet/observations.parquet';`,
  Excel: `=COUNTA(A:A)-1`,
};

function use() {
  return [
    el("h1", t("use")),
    el("p", t("useHelp")),
    Object.entries(SNIPPETS).map(([name, words]) => snippet(name, words, "h2")),
    el("p", t("excelHelp")),
    el("p", el("a", { href: "../README.zh.md" }, "README.zh.md"), " · ", el("a", { href: "../README.md" }, "README.md")),
  ];
}
