"""The pages of a release in a real browser: whole, quiet, to themselves, and true to the tables."""

from __future__ import annotations

import csv
import io
import re
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest

from assets.publish.site.files import BUNDLE
from assets.publish.staging import announce, versions
from assets.publish.verify import verify_release
from assets.publish.withdrawal import record_erratum, withdraw_release
from contracts.release import INDEX_SCRIPT

from .browser import Page
from .conftest import AS_OF, HOSTILE, HOSTILE_NAME, index_of, rows_of

PAGES = ("about", "explore", "indicator", "county", "quality", "changes", "use")
FIRST_VIEW_BYTES = 300_000


def first_fact(release: Path) -> dict[str, str]:
    return next(row for row in rows_of(release, "observations") if row["division_id"] == "CN-411725")


def views(release: Path) -> list[str]:
    """Every page, and the ones that show one thing."""
    fact = first_fact(release)
    return [
        *(f"#/{name}" for name in PAGES),
        f"#/evidence?id={fact['observation_id']}&document={fact['document_id']}",
        f"#/indicator?id={fact['indicator_id']}",
        f"#/county?id={fact['division_id']}",
        f"#/about?province={quote('河南省')}",
        *(f"#/explore?indicator={fact['indicator_id']}&chart={kind}" for kind in ("ranking", "distribution", "series")),
    ]


def in_language(view: str, language: str) -> str:
    return f"{view}{'&' if '?' in view else '?'}lang={language}"


# Every language meets every width, scheme and place, and so does each of the others, in four rounds.
@pytest.mark.parametrize(
    ("language", "place", "width", "dark"),
    [
        ("zh", "server", 1200, False),
        ("zh", "folder", 390, True),
        ("en", "folder", 1200, False),
        ("en", "server", 390, True),
    ],
)
def test_every_page_stands_asks_nobody_else_and_can_be_used_by_anyone(
    page: Page, example: Path, address: str, *, language: str, place: str, width: int, dark: bool
) -> None:
    page.resize(width, 850, dark=dark)
    root = example.parent.as_uri() if place == "folder" else address
    page.open(f"{root}/{example.name}/site/index.html#/about?lang={language}")
    paper = page.run("getComputedStyle(document.body).backgroundColor")
    assert paper == ("rgb(20, 25, 27)" if dark else "rgb(253, 253, 251)")
    for view in views(example):
        page.go(in_language(view, language))
        assert page.text("h1")
        assert "undefined" not in page.text(), view
        assert page.run("document.documentElement.lang") == {"zh": "zh-CN", "en": "en"}[language]
        assert page.run("document.documentElement.scrollWidth") <= width, view
        # No language has colours of its own, and looking at them is most of the work.
        assert page.barriers(colours=language == "zh") == [], view
    assert [request for request in page.requests if not request.startswith((f"{root}/", "data:,", "about:"))] == []


def test_colours_can_be_read() -> None:
    style = (BUNDLE / "style.css").read_text(encoding="utf-8")
    schemes = [dict(re.findall(r"--(\w+): (#\w{6})", block)) for block in style.split("}")[:3] if "--paper" in block]
    assert len(schemes) == 2
    for scheme in schemes:
        for ink in ("ink", "soft", "accent", "good", "bad"):
            for ground in ("paper", "tint"):
                assert contrast(scheme[ink], scheme[ground]) >= 4.5, (ink, ground)
        assert contrast(scheme["ink"], scheme["mark"]) >= 4.5


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_every_published_number_opens_its_sentence(page: Page, hostile: Path, address: str) -> None:
    page.open(f"{address}/{hostile.name}/site/index.html#/about?lang=zh")
    due = rows_of(hostile, "observations")
    views = [f"#/evidence?id={row['observation_id']}&document={row['document_id']}&lang=zh" for row in due]
    shown = page.visit(
        views,
        """async () => {
          while (document.querySelector("#hash").textContent === "") await new Promise((resolve) => setTimeout(resolve));
          return ["#check", "mark", "#hash"].map((one) => document.querySelector(one).textContent);
        }""",
    )
    for row, (check, marked, hashed) in zip(due, shown, strict=True):
        assert check == f"已在本页核对：正文第 {row['char_start']}–{row['char_end']} 个字符正是这段文字。"
        assert marked == row["evidence"]
        assert hashed == "正文的 SHA-256 相符。"


def test_a_sentence_that_was_moved_is_called_out(page: Page, example: Path, tmp_path: Path) -> None:
    moved = Path(shutil.copytree(example, tmp_path / "moved"))
    shutil.copy(example.parent / INDEX_SCRIPT, tmp_path)
    fact = first_fact(example)
    part = moved / f"site/data/documents/{fact['document_id'][1:4]}.js"
    text = part.read_text(encoding="utf-8")
    part.write_text(text.replace('"text":"', '"text":"𠮷', 1), encoding="utf-8")
    page.open(
        f"{(moved / 'site/index.html').as_uri()}#/evidence?id={fact['observation_id']}&document={fact['document_id']}&lang=zh"
    )
    assert page.run("document.querySelector('#check').dataset.holds") == "false"
    page.wait("document.querySelector('#hash').textContent !== ''")
    assert page.text("#hash") == "正文的 SHA-256 不符！"


@pytest.mark.parametrize("table", ["observations", "county_year"])
def test_downloads_are_the_rows_of_the_release(page: Page, hostile: Path, address: str, table: str) -> None:
    page.open(f"{address}/{hostile.name}/site/index.html#/about?lang=zh")
    page.run("const made = URL.createObjectURL; URL.createObjectURL = (blob) => ((window.saved = blob), made(blob)); 0")
    page.send("Browser.setDownloadBehavior", behavior="deny")
    due = rows_of(hostile, table)
    stated = sorted({row["indicator_id"] for row in due})
    saved = page.visit(
        [f"#/explore?indicator={indicator}&rows={table}&lang=zh" for indicator in stated],
        "async () => { document.querySelector('#download').click(); return window.saved.text(); }",
    )
    for indicator, words in zip(stated, saved, strict=True):
        chosen = [row for row in due if row["indicator_id"] == indicator]
        assert list(csv.DictReader(io.StringIO(words, newline=""))) == chosen
    lines = (hostile / f"data/{table}.csv").read_text(encoding="utf-8").splitlines()
    assert {line for words in saved for line in words.splitlines()} <= set(lines)


def test_choices_narrow_the_rows_and_stand_in_the_address(page: Page, example: Path, address: str) -> None:
    due = [
        row for row in rows_of(example, "observations") if row["indicator_id"] == first_fact(example)["indicator_id"]
    ]
    chosen = due[0]["division_id"]
    page.open(f"{address}/{example.name}/site/index.html#/explore?indicator={due[0]['indicator_id']}&lang=en")
    page.run(
        "(() => { const s = document.querySelector('#choose-rowsOf'); s.value = 'observations';"
        " s.dispatchEvent(new Event('change')); })()"
    )
    page.wait("location.hash.includes('rows=observations') && document.body.dataset.ready === location.hash")
    assert page.run("document.querySelectorAll('main tbody tr').length") == len(due)
    page.go(f"#/explore?indicator={due[0]['indicator_id']}&rows=observations&county={chosen}&lang=en")
    assert page.run("document.querySelectorAll('main tbody tr').length") == sum(
        row["division_id"] == chosen for row in due
    )


def test_bounds_are_hollow_and_what_is_not_reported_is_a_gap(page: Page, example: Path, address: str) -> None:
    rows = rows_of(example, "observations")
    bound = next(row for row in rows if row["qualifier"] in {"at_least", "approximately"} and row["value"])
    page.open(
        f"{address}/{example.name}/site/index.html#/explore?indicator={bound['indicator_id']}&rows=observations&lang=en"
    )
    of_it = [row for row in rows if row["indicator_id"] == bound["indicator_id"]]
    assert page.run("document.querySelectorAll('rect.bound').length") == sum(r["qualifier"] != "exact" for r in of_it)
    assert page.run("document.querySelectorAll('rect.bar').length") == sum(r["qualifier"] == "exact" for r in of_it)
    page.go(
        f"#/explore?indicator={bound['indicator_id']}&rows=observations&county={bound['division_id']}&chart=series&lang=en"
    )
    years = index_of(example)["years"]
    assert page.run("document.querySelectorAll('text.gap').length") == len(years) - 1
    assert page.run("document.querySelectorAll('circle').length") == 1


@pytest.mark.parametrize(
    ("view", "says"),
    [
        ("#/explore?indicator=%3Cscript%3E&year=99&__proto__=1", "indicator=<script>"),
        ("#/explore?q=%E0%A4%A", "Explore"),
        ("#/evidence?id=Onone&document=../../x", "../../x"),
        ("#/evidence", "Open any number"),
        ("#/county?id=CN-000000", "CN-000000"),
        ("#/county?id=CN-110101", "No report of this division"),
        ("#/indicator?id=nonsense", "nonsense"),
        ("#/constructor", "constructor"),
    ],
)
def test_nonsense_in_the_address_is_answered(page: Page, example: Path, address: str, view: str, says: str) -> None:
    page.open(f"{address}/{example.name}/site/index.html#/about?lang=en")
    page.go(in_language(view, "en"))
    assert says in page.text()


def test_a_missing_part_is_said(page: Page, example: Path, tmp_path: Path) -> None:
    torn = Path(shutil.copytree(example, tmp_path / "torn"))
    (torn / "site/data/quality.js").unlink()
    page.open(f"{(torn / 'site/index.html').as_uri()}#/quality?lang=en")
    assert "This part of the data is missing (quality)" in page.text()
    page.errors.clear()  # the browser itself reports the file that is not there


def test_text_of_reports_stays_text(page: Page, hostile: Path, address: str) -> None:
    document = next(row for row in rows_of(hostile, "documents") if row["division_name"] == "凤庆县")
    facts = [row for row in rows_of(hostile, "observations") if row["document_id"] == document["document_id"]]
    assert facts
    page.open(f"{address}/{hostile.name}/site/index.html#/about?lang=en")
    for fact in facts:
        page.go(f"#/evidence?id={fact['observation_id']}&document={fact['document_id']}&lang=en")
        assert page.run("document.querySelector('pre.text').textContent") == HOSTILE
        assert HOSTILE_NAME in page.text()
        assert page.run("document.querySelectorAll('main script, main img, main b').length") == 0
        assert page.run("[...document.querySelectorAll('pre.text .control')].map((c) => c.dataset.code)") == [
            "U+202E",
            "U+2067",
            "U+202E",
        ]
    for view in ("#/county?id=" + document["division_id"], "#/changes"):
        page.go(in_language(view, "en"))
    assert page.run("typeof window.hacked") == "undefined"


def test_changes_and_the_list_of_releases(
    page: Page, releases: Path, hostile: Path, example: Path, address: str
) -> None:
    page.open(f"{address}/{hostile.name}/site/index.html#/changes?lang=en")
    assert f"against {example.name}" in page.text()
    assert "a report that the release before did not hold" in page.text()
    assert "No erratum is known" in page.text()
    page.go("#/about?lang=en")
    assert "newer release" not in page.text()
    page.open(f"{address}/{example.name}/site/index.html#/about?lang=en")
    assert f"There is a newer release: {hostile.name}" in page.text()
    links = re.findall(r'<th scope="row"><a href="([^"]+)">', (releases / "index.html").read_text(encoding="utf-8"))
    assert links == [f"{hostile.name}/site/index.html", f"{example.name}/site/index.html"]
    page.send("Page.navigate", url=f"{address}/")
    page.wait("document.querySelectorAll('tbody tr').length === 2")
    assert page.barriers() == []
    assert page.run("getComputedStyle(document.querySelector('table')).borderCollapse") == "collapse"


def test_the_first_view_is_small(example: Path) -> None:
    site = example / "site"
    first = [site / name for name in ("index.html", "app.js", "style.css", "data/index.js")]
    assert sum(path.stat().st_size for path in first) < FIRST_VIEW_BYTES


def test_thousands_of_rows_put_few_into_the_page(page: Page, example: Path, address: str) -> None:
    page.open(f"{address}/{example.name}/site/index.html#/about?lang=en&province={quote('四川省')}")
    counties = int(page.run("Number(document.querySelector('table[aria-rowcount]').ariaRowCount)")) - 1
    assert counties > 150
    assert page.run("document.querySelectorAll('table[aria-rowcount] tbody tr').length") < 80
    page.run("(() => { const box = document.querySelector('.scroll.long'); box.scrollTop = box.scrollHeight; })()")
    page.wait(f"document.querySelector('table[aria-rowcount] tr[aria-rowindex=\"{counties + 1}\"]') !== null")


def test_who_chooses_by_keyboard_stays_where_they_are(page: Page, example: Path, address: str) -> None:
    page.open(f"{address}/{example.name}/site/index.html#/explore?rows=observations&lang=en")
    page.press("Tab", 9)
    assert page.run("document.activeElement.textContent") == "Skip to content"
    page.run("document.querySelector('#choose-year').focus()")
    for year in index_of(example)["years"][:2]:
        page.press("ArrowDown", 40)
        page.wait(f"location.hash.includes('year={year}') && document.body.dataset.ready === location.hash")
        assert page.run("document.activeElement.id") == "choose-year"


def test_paper_holds_the_rows_out_of_sight(page: Page, example: Path, address: str) -> None:
    page.open(f"{address}/{example.name}/site/index.html#/about?lang=en&province={quote('四川省')}")
    rows = "document.querySelectorAll('table.rows tbody tr:not(.spacer)').length"
    before = page.run(rows)
    page.run("dispatchEvent(new Event('beforeprint'))")
    assert page.run(rows) == page.run("Number(document.querySelector('table.rows').ariaRowCount)") - 1 > before
    page.run("dispatchEvent(new Event('afterprint'))")
    assert page.run(rows) == before


def test_what_became_known_later_is_said(page: Page, releases: Path, hostile: Path, tmp_path: Path) -> None:
    later = Path(shutil.copytree(releases, tmp_path / "releases"))
    first = str(versions(later)[0])
    record_erratum(later, first, note="<b>A figure</b> is that of another year.", on=AS_OF)
    announce(later)
    page.open(f"{(later / first / 'site/index.html').as_uri()}#/about?lang=en")
    assert "<b>A figure</b> is that of another year." in page.text()
    withdraw_release(later, first, reason="It names a private person.", on=AS_OF)
    page.open(f"{(later / hostile.name / 'site/index.html').as_uri()}#/changes?lang=en")
    assert f"Withdrawn on {AS_OF}: It names a private person." in page.text()
    alone = Path(shutil.copytree(hostile, tmp_path / "alone" / "release"))
    page.open(f"{(alone / 'site/index.html').as_uri()}#/changes?lang=en")
    assert "was taken out of the list of releases" in page.text()
    assert page.run("document.querySelectorAll('a[href^=\"../../\"]').length") == 0
    page.errors.clear()  # the browser itself reports the list that is not there


def snippets() -> dict[str, str]:
    words = (BUNDLE / "use.js").read_text(encoding="utf-8")
    return dict(re.findall(r"^  (\w+): `(.*?)`,$", words, re.MULTILINE | re.DOTALL))


def test_snippets_run(example: Path) -> None:
    found = snippets()
    due = str(len(rows_of(example, "observations")))
    assert set(found) == {"Python", "R", "DuckDB", "Excel"}
    assert run([sys.executable, "-c", found["Python"]], example) == due
    query = f"import duckdb; print(duckdb.sql({found['DuckDB']!r}).fetchall()[0][0])"
    assert run([sys.executable, "-c", query], example) == due
    if shutil.which("Rscript"):
        assert run(["Rscript", "-e", found["R"]], example) == f"[1] {due}"
    shutil.rmtree(example / "__pycache__", ignore_errors=True)


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
def test_the_formula_counts_in_a_spreadsheet(example: Path, tmp_path: Path) -> None:
    head, rows = (example / "excel/observations.csv").read_text(encoding="utf-8-sig").split("\n", 1)
    (tmp_path / "copy.csv").write_text(f"{head.rstrip()},{snippets()['Excel']}\n{rows}", encoding="utf-8")
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    # Comma, quotation mark, UTF-8, from line 1; the last one has formulas run, as they are when a person types them.
    read, written = "CSV:44,34,76,1,,0,false,true,false,false,false,-1,true", "csv:Text - txt - csv (StarCalc):44,34,76"
    run(
        [
            "soffice",
            profile,
            "--headless",
            f"--infilter={read}",
            "--convert-to",
            written,
            "--outdir",
            "out",
            "copy.csv",
        ],
        tmp_path,
    )
    counted = (tmp_path / "out/copy.csv").read_text(encoding="utf-8").splitlines()[0].rsplit(",", 1)[1]
    assert counted == str(len(rows_of(example, "observations")))


def run(command: list[str], folder: Path) -> str:
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout.strip()


def test_the_site_is_part_of_what_is_verified(example: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(example, tmp_path / example.name))
    assert verify_release(folder).findings == ()
    fact = first_fact(example)
    part = folder / f"site/data/statements/{fact['indicator_id']}.js"
    part.write_text(part.read_text(encoding="utf-8").replace(f'"{fact["evidence"]}"', '"12"'), encoding="utf-8")
    assert {(f.check, f.file) for f in verify_release(folder).findings} == {
        ("checksum", part.relative_to(folder).as_posix())
    }


def test_words_stand_in_both_languages_and_none_is_idle() -> None:
    scripts = {path.stem: path.read_text(encoding="utf-8") for path in BUNDLE.glob("*.js")}
    words = re.findall(r'^  "?([\w.]+)"?: \[', scripts.pop("words"), re.MULTILINE)
    everything = "".join(scripts.values())
    idle = [word for word in words if not word.startswith("state_") and not re.search(rf"\b{word}\b", everything)]
    assert idle == []
    used = set(re.findall(r'\bt\("(\w+)"', everything))
    assert used <= set(words)
