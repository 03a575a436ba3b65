"""Source registers and lists of a portal: every row fetched, every failure kept with its reason."""

import datetime as dt
import json
from pathlib import Path

import pandas as pd
import pytest

from assets.ingest.addresses import file_bad_rows, ingest_addresses
from assets.ingest.fetch import Fetcher
from assets.ingest.files import Outcome
from assets.ingest.listing import MAX_LINKS, Link, links_of
from assets.ingest.raw import RawStore
from assets.ingest.refusals import EmptyListingError, NotAReportPageError, RefusalError, TooLargeError
from assets.ingest.rows import read_batch
from assets.ingest.sources import COLUMNS, Source, read_register
from assets.ingest.update import update
from contracts.origin import Origin
from contracts.tables import REJECTED, TEXTS
from pipelines.cli import exit_code
from warehouse.layout import Home
from warehouse.store import Store

from .server import HERE, Site, answer, in_turn

ROOT = Path(__file__).parents[2]
NOW = dt.datetime(2026, 11, 22, 8, tzinfo=dt.UTC)
TITLE = "确山县人民政府关于{}年度法治政府建设工作情况的报告"
PATTERN = "年度*法治政府建设*报告"


def report(year: int) -> bytes:
    return f"{TITLE.format(year)}\n驻马店市人民政府：\n{year}年，县政府本级收到行政复议申请51件。\n".encode()


def listing(*links: str) -> bytes:
    rows = "".join(f"<li>{link}</li>" for link in links)
    return (
        f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>法治政府建设</title></head><body><a href='/'>首页</a>"
        f"<ul>{rows}</ul><p>{'政务公开 ' * 100}</p></body></html>"
    ).encode()


def register(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "sources.csv"
    path.write_text(text, encoding=encoding, newline="")
    return path


def take(store: RawStore, *sources: Source, now: dt.datetime = NOW) -> list[Outcome]:
    return list(ingest_addresses(sources, store, Fetcher(HERE, sleep=lambda _: None), now=now))


# Registers ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_register_is_read_as_spreadsheets_write_it(tmp_path: Path, encoding: str) -> None:
    text = (
        "publisher,address,division,year,kind,follow\r\n"
        '"确山县人民政府, 办公室",https://example.org/1,CN-411725,2022,county_government,\r\n'
        ",,,,,\r\n"
        "门户网站,https://example.org/list,,,,年度*报告\r\n"
    )
    read = read_register(register(tmp_path, text, encoding))
    settled = Origin(
        publisher="确山县人民政府, 办公室", division="CN-411725", report_year=2022, kind="county_government"
    )
    assert read.name == "sources.csv"
    assert read.bad_rows == ()
    assert read.sources == (
        Source("https://example.org/1", settled),
        Source("https://example.org/list", Origin(publisher="门户网站"), "年度*报告"),
    )


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        (",CN-411725,2022,", "has no address"),
        ("example.org/1,,,", "'url' is 'example.org/1'"),
        ("file:///etc/passwd,,,", "'url' is"),
        ("https://example.org/1,411725,,", "no code of a division"),
        ("https://example.org/1,CN-999999,,", "no code of a division"),
        ("https://example.org/1,,二〇二二,", "is no year"),
        ("https://example.org/1,,22,", "not between"),
        ("https://example.org/1,,,novel", "not one of"),
        ("https://example.org/1,,,,more", "5 cells under 4 columns"),
        ("https://example.org/0,,,", "same address as"),
    ],
)
def test_a_bad_row_is_named_by_file_and_line_and_stops_no_other(tmp_path: Path, row: str, complaint: str) -> None:
    path = register(
        tmp_path, f"address,division,year,kind\nhttps://example.org/0,,,\n\n{row}\nhttps://example.org/9,,,\n"
    )
    read = read_register(path)
    assert [source.url for source in read.sources] == ["https://example.org/0", "https://example.org/9"]
    ((place, refusal),) = read.bad_rows
    assert place == "sources.csv:4"
    assert refusal.culprit == f"{path}:4"
    assert complaint in refusal.message
    assert refusal.remedy


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "is empty"),
        ("url,year\nhttps://example.org,2022\n", "unknown column 'url'"),
        ("publisher,year\n县政府,2022\n", "needs one column 'address'"),
        ("address,address\na,b\n", "needs one column"),
        ('address,note\n"https://example.org,open\n', "is no CSV"),
    ],
)
def test_what_is_no_register_is_refused_as_a_whole(tmp_path: Path, text: str, complaint: str) -> None:
    with pytest.raises(RefusalError, match=complaint) as caught:
        read_register(register(tmp_path, text))
    assert "sources.csv" in str(caught.value)


def test_the_example_register_has_no_bad_row_and_the_page_about_it_names_every_column() -> None:
    read = read_register(ROOT / "examples" / "sources.csv")
    assert read.bad_rows == ()
    assert read.sources
    page = (ROOT / "docs" / "sources.md").read_text(encoding="utf-8")
    assert [column for column in COLUMNS if f"| `{column}`" not in page] == []


def test_every_row_is_fetched_and_what_it_settles_is_kept(site: Site, tmp_path: Path) -> None:
    store = RawStore(tmp_path / "raw")
    site.pages["/a"] = answer(200, report(2022))
    settled = Origin(division="CN-411725", licence="CC-BY-4.0")
    (good, gone) = take(store, Source(f"{site.url}/a", settled), Source(f"{site.url}/gone"))
    origin = store.origin(good.sha256 or "")
    assert (origin.division, origin.licence, origin.url) == ("CN-411725", "CC-BY-4.0", f"{site.url}/a")
    assert gone.refusal is not None
    (refused,) = store.refusals()
    assert (refused.origin, refused.rule) == (f"{site.url}/gone", "ingest.unreachable")
    assert "status 404" in refused.reason


def test_a_refusal_keeps_its_first_time_and_goes_once_the_page_comes(site: Site, tmp_path: Path) -> None:
    store = RawStore(tmp_path / "raw")
    source = Source(f"{site.url}/a")
    site.pages["/a"] = in_turn(answer(404), answer(404), answer(410), answer(200, report(2022)))
    seen = []
    for day in range(4):
        take(store, source, now=NOW + dt.timedelta(days=day))
        seen.append([refused.refused_at[:10] for refused in store.refusals()])
    assert seen == [["2026-11-22"], ["2026-11-22"], ["2026-11-24"], []]


def test_bad_rows_are_kept_until_the_register_is_mended(tmp_path: Path) -> None:
    store = RawStore(tmp_path / "raw")
    for text, expected in (
        ("address,year\nx,\ny,\n", ["sources.csv:2", "sources.csv:3"]),
        ("address,year\nhttps://example.org/x,\ny,\n", ["sources.csv:3"]),
        ("address,year\nhttps://example.org/x,\n", []),
    ):
        told = list(file_bad_rows(read_register(register(tmp_path, text)), store, now=NOW))
        assert [outcome.path for outcome in told] == expected
        assert [refused.origin for refused in store.refusals()] == expected


# Lists --------------------------------------------------------------------------------------------------------


def test_the_links_of_a_list_are_found_by_their_title() -> None:
    page = listing(
        f"<a href='../2022/1.html'>{TITLE.format(2022)}</a>",
        f"<a href='/2021.html?id=1#top' title='{TITLE.format(2021)}'>确山县人民政府关于2021年度法治…</a>",
        "<a href='//files.example.org/2020.pdf'> 确山县人民政府关于2020 年度\n法治政府建设工作情况的报告 </a>",
        f"<a href='../2022/1.html#again'>{TITLE.format(2022)}</a>",
        "<a href='2019.html'>2019年度法治政府建设报告……</a>",
        "<a href='plan.html'>2023年度法治政府建设工作要点</a>",
        f"<a href='javascript:void(0)'>{TITLE.format(2018)}</a>",
        f"<a href='mailto:a@example.org'>{TITLE.format(2018)}</a>",
        f"<a href='http://[::1'>{TITLE.format(2018)}</a>",
        f"<a href='#here'>{TITLE.format(2018)}</a>",
    )
    assert links_of(page, "https://www.example.org/a/b/list.html", PATTERN) == [
        Link("https://www.example.org/a/2022/1.html", TITLE.format(2022)),
        Link("https://www.example.org/2021.html?id=1", TITLE.format(2021)),
        Link("https://files.example.org/2020.pdf", TITLE.format(2020)),
        Link("https://www.example.org/a/b/2019.html", None),
    ]


def test_a_page_may_name_another_base_for_its_links() -> None:
    page = listing(f"<a href='1.html'>{TITLE.format(2022)}</a>").replace(b"<head>", b"<head><base href='/other/'>")
    (link,) = links_of(page, "https://www.example.org/a/list.html", PATTERN)
    assert link.url == "https://www.example.org/other/1.html"


LOGIN = "<html><head><title>统一身份认证登录</title></head><body><form><input type='password'></form></body></html>"
SCAN_LOGIN = "<html><head><title>用户登录</title></head><body><p>请扫码</p></body></html>"
ERROR = "<html><head><title>404</title></head><body>抱歉，您访问的页面不存在</body></html>"
FILLED_BY_SCRIPT = "<html><head><title>法治政府建设</title><script src='list.js'></script></head><body><div id='list'></div></body></html>"


@pytest.mark.parametrize(
    ("page", "refusal", "complaint"),
    [
        (LOGIN.encode(), NotAReportPageError, "is a login page"),
        (SCAN_LOGIN.encode(), NotAReportPageError, "is a login page"),
        (ERROR.encode(), NotAReportPageError, "is an error page"),
        (FILLED_BY_SCRIPT.encode(), EmptyListingError, "a script fills it"),
        (listing(), EmptyListingError, "none under a title like"),
        (listing("<a href='1.html'>某县2022年预算公开</a>"), EmptyListingError, "the last is '某县2022年预算公开'"),
        (report(2022), NotAReportPageError, "is no web page but text/plain"),
        (b"", RefusalError, "is empty"),
        (
            listing(*(f"<a href='{n}.html'>{TITLE.format(2022)}</a>" for n in range(MAX_LINKS + 1))),
            TooLargeError,
            f"more than {MAX_LINKS}",
        ),
    ],
)
def test_what_is_no_list_of_reports_is_refused_with_the_reason(
    site: Site, tmp_path: Path, page: bytes, refusal: type[RefusalError], complaint: str
) -> None:
    store = RawStore(tmp_path / "raw")
    site.pages["/list"] = answer(200, page)
    (outcome,) = take(store, Source(f"{site.url}/list", None, PATTERN))
    assert isinstance(outcome.refusal, refusal)
    assert complaint in outcome.refusal.message
    assert outcome.refusal.culprit == f"{site.url}/list"
    assert [refused.origin for refused in store.refusals()] == [f"{site.url}/list"]
    assert not list(store.hashes())


def test_a_list_is_followed_one_level_and_is_no_report_itself(site: Site, tmp_path: Path) -> None:
    store = RawStore(tmp_path / "raw")
    site.pages |= {
        "/robots.txt": answer(200, b"User-agent: *\nDisallow: /closed\n"),
        "/list": answer(
            200,
            listing(
                f"<a href='/2022'>{TITLE.format(2022)}</a>",
                f"<a href='/closed/2021'>{TITLE.format(2021)}</a>",
                f"<a href='http://10.0.0.1/2020'>{TITLE.format(2020)}</a>",
                f"<a href='/gone'>{TITLE.format(2019)}</a>",
            ),
        ),
        "/2022": answer(200, listing(f"<a href='/2018'>{TITLE.format(2018)}</a>")),
        "/closed/2021": answer(200, report(2021)),
        "/2018": answer(200, report(2018)),
    }
    settled = Origin(division="CN-411725")
    outcomes = take(store, Source(f"{site.url}/list", settled, PATTERN))
    assert [outcome.refusal and outcome.refusal.rule for outcome in outcomes] == [
        None,
        "ingest.forbidden_address",
        "ingest.forbidden_address",
        "ingest.unreachable",
    ]
    assert site.paths() == ["/list", "/2022", "/gone"]
    (sha256,) = store.hashes()
    origin = store.origin(sha256)
    assert (origin.url, origin.title, origin.division) == (f"{site.url}/2022", TITLE.format(2022), "CN-411725")


def test_a_list_that_is_followed_again_takes_only_what_is_new(site: Site, tmp_path: Path) -> None:
    store = RawStore(tmp_path / "raw")
    first, second = (f"<a href='/{year}'>{TITLE.format(year)}</a>" for year in (2021, 2022))
    site.pages |= {
        "/list": in_turn(answer(200, listing(first)), answer(200, listing(second, first))),
        "/2021": in_turn(answer(200, report(2021), ETag='"1"'), answer(304)),
        "/2022": answer(200, report(2022)),
    }
    source = Source(f"{site.url}/list", None, PATTERN)
    assert [outcome.is_new for outcome in take(store, source)] == [True]
    assert [outcome.is_new for outcome in take(store, source)] == [True, False]


# From the command line to the warehouse -----------------------------------------------------------------------


def test_a_register_goes_from_the_command_line_to_the_tables(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    home = Home(tmp_path / "home")
    monkeypatch.setenv("FAZHI_HOME", str(home.root))
    site.pages |= {
        "/list": answer(200, listing(f"<a href='/2022'>{TITLE.format(2022)}</a>")),
        "/2022": answer(200, report(2022)),
        "/login": answer(200, LOGIN.encode()),
        "/moved": in_turn(answer(404), answer(200, report(2021))),
    }
    path = register(
        tmp_path,
        f"address,division,follow\n{site.url}/list,CN-411725,{PATTERN}\n{site.url}/login,,\n{site.url}/moved,,\n{site.url}/2022,CN-1,\n",
    )
    command = ["ingest", "--sources", str(path), "--allow-host", "127.0.0.1"]
    assert exit_code(command) == 1
    said = capsys.readouterr()
    assert "2 new, 0 known before, 2 refused" in said.out
    assert f"{path}:5: 'CN-1' is no code of a division" in said.err
    assert f"{site.url}/moved: answers with status 404" in said.err

    _update(home)
    assert _filed(home) == {
        f"{site.url}/login": "ingest.not_a_report_page",
        f"{site.url}/moved": "ingest.unreachable",
        "sources.csv:5": "ingest.source_register",
    }
    path.write_text(f"address\n{site.url}/moved\n", encoding="utf-8")
    assert exit_code(command) == 0
    _update(home)
    assert _filed(home) == {f"{site.url}/login": "ingest.not_a_report_page"}
    texts = Store(home).read(TEXTS, columns=["text"]).column("text").to_pylist()
    assert sorted(text.split("\n")[0] for text in texts) == [TITLE.format(2021), TITLE.format(2022)]


def test_what_contradicts_itself_on_the_command_line_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = register(tmp_path, "address\nhttps://example.org/1\n")
    for arguments, complaint in (
        (["--sources", str(path), "--division", "CN-411725"], "would settle the same for every row"),
        (["report.txt", "--follow", "年度"], "follows no list"),
        (["--sources", str(tmp_path / "none.csv")], "cannot be read"),
    ):
        assert exit_code(["ingest", *arguments]) == 1
        assert complaint in capsys.readouterr().err


def _update(home: Home) -> None:
    """Files what came in, as the first step of `fazhi run` does."""
    store, raw = Store(home), RawStore(home.raw)
    made = update(store, raw, [], lambda batches: (read_batch(batch, raw) for batch in batches))
    store.write(made.changes)


def _filed(home: Home) -> dict[str, str]:
    rows: pd.DataFrame = Store(home).read(REJECTED).to_pandas()
    return {json.loads(row)["origin"]: rule for row, rule in zip(rows["row_json"], rows["rule"], strict=True)}
