"""Web pages: the report without the page around it, and pages that are none."""

import pytest

from assets.ingest.readers import Reading, format_of, read_bytes
from assets.ingest.readers.html import MAX_BYTES
from assets.ingest.refusals import DamagedFileError, EmptyFileError, NotAReportPageError, TooLargeError
from assets.parse.identity import Identity, identify
from contracts.origin import Origin

TITLE = "确山县人民政府关于2022年度法治政府建设工作情况的报告"
PROSE = (
    "<p>驻马店市人民政府：</p><p>现将2022年度情况报告如下。</p>"
    + "<p>县政府收到行政复议申请<b>51</b>件，受理42件。</p>" * 3
)
TABLE = """
<table><tr><th rowspan="2">项目</th><th colspan="2">申请人</th><th rowspan="2">总计</th></tr><tr><th>自然人</th><th>其他</th></tr>
<tr><td>一、新收<br>数量</td><td>1<p>0</p></td><td>2|3</td><td>12</td></tr><tr><td>二、结转</td><td>1</td><td></td><td>1</td></tr></table>
"""


def page(main: str, *, head: str = "", charset: str = "utf-8") -> bytes:
    text = f"""<!DOCTYPE html><html><head><meta charset="{charset}"><title>{TITLE}_样例网</title>{head}
    <script>document.write("收到99件")</script><style>p{{}}</style></head><body>
    <div class="header"><a href="/">首页</a></div><ul id="main-nav"><li><a>政务公开</a></li></ul>
    <div class="main">{main}</div>
    <div style="DISPLAY: none">收到88件</div><form><input name="q"></form>
    <div class="footer">备案号 12345 电话 0396-7000000</div></body></html>"""
    return text.encode({"gb2312": "gb18030"}.get(charset, charset))


def read(data: bytes) -> Reading:
    assert format_of(data, "p").media_type == "text/html"
    return read_bytes(data, "page")


def test_the_report_comes_out_without_the_page_around_it() -> None:
    reading = read(page(f"<h1>{TITLE}</h1><div id='zoom'>{PROSE}<img src='x'></div>"))
    assert reading.text.splitlines() == [
        TITLE,
        "驻马店市人民政府：",
        "现将2022年度情况报告如下。",
        *["县政府收到行政复议申请51件，受理42件。"] * 3,
    ]
    assert reading.losses == ("images", "navigation")
    assert isinstance(identify(reading.text, Origin()), Identity)


def test_without_a_known_mark_the_part_with_most_words_is_the_main_part() -> None:
    reading = read(
        page(f"<div class='left'><a>{'相关链接' * 40}</a></div><div><div><h1>{TITLE}</h1>{PROSE}</div></div>")
    )
    assert "相关链接" not in reading.text
    assert "备案号" not in reading.text
    assert reading.text.startswith(TITLE)


def test_what_is_only_marked_like_navigation_is_kept_when_it_holds_the_report() -> None:
    assert "51件" in read(page(f"<div class='share content'>{PROSE}</div>")).text


def test_the_page_says_its_title_publisher_and_date() -> None:
    head = "".join(
        f'<meta name="{name}" content="{content}">'
        for name, content in (
            ("ArticleTitle", TITLE),
            ("ContentSource", "确山县司法局"),
            ("PubDate", "2023-02-03 10:20"),
        )
    )
    reading = read(page(PROSE, head=head))
    assert (reading.title, reading.publisher, reading.published_on) == (TITLE, "确山县司法局", "2023-02-03")
    assert reading.text.startswith(TITLE)
    assert read(page(PROSE)).title == TITLE


def test_tables_stand_as_rows_with_cells_that_know_their_headers() -> None:
    reading = read(page(PROSE + TABLE + PROSE))
    rows = [line for line in reading.text.splitlines() if "|" in line]
    assert rows == [
        "项目 | 申请人 |  | 总计",
        " | 自然人 | 其他 | ",
        "一、新收 数量 | 1 0 | 2｜3 | 12",
        "二、结转 | 1 |  | 1",
    ]
    cells = {reading.text[cell.char_start : cell.char_end]: cell for cell in reading.cells}
    assert (cells["12"].row_header, cells["12"].column_header) == ("一、新收 数量", "总计")
    assert (cells["1 0"].row_header, cells["1 0"].column_header) == ("一、新收 数量", "申请人 自然人")
    assert reading.text[cells["自然人"].char_start :].startswith("自然人")


def test_a_table_that_only_lays_out_the_page_becomes_its_paragraphs() -> None:
    framed = f"<table><tr><td>{PROSE * 3}</td><td>右栏</td></tr><tr><td>{TABLE}</td><td></td></tr></table>"
    reading = read(page(framed))
    assert "县政府收到行政复议申请51件，受理42件。" in reading.text.splitlines()
    assert "二、结转 | 1 |  | 1" in reading.text.splitlines()


@pytest.mark.parametrize("charset", ["utf-8", "gb2312", "gbk", "gb18030", "utf-16"])
def test_pages_in_every_encoding_even_where_they_announce_a_narrower_one(charset: str) -> None:
    assert "深圳市龙华区镕" in read(page(PROSE + "<p>深圳市龙华区镕</p>", charset=charset)).text


def test_a_page_that_announces_the_wrong_encoding_is_read_by_its_bytes() -> None:
    assert "51件" in read(page(PROSE).replace(b'charset="utf-8"', b'charset="gb2312"')).text
    assert "51件" in read(page(PROSE).replace(b'charset="utf-8"', b'charset="nonsense"')).text


def test_broken_bytes_are_refused_and_not_replaced() -> None:
    with pytest.raises(DamagedFileError):
        read(page(PROSE).replace("行政复议".encode(), b"\xff\xff\xff"))


@pytest.mark.parametrize(
    "body",
    [
        "<html><head><title>404 Not Found</title></head><body><h1>404</h1></body></html>",
        "<html><head><title>提示</title></head><body><p>您访问的页面不存在或已删除</p></body></html>",
        "<html><head><title>用户登录</title></head><body><form><input type=password></form></body></html>",
    ],
)
def test_error_and_login_pages_are_no_reports(body: str) -> None:
    with pytest.raises(NotAReportPageError):
        read_bytes(body.encode(), "page")


@pytest.mark.parametrize(
    "body", ["<html><body></body></html>", "<html><body><script>x()</script><img src=a></body></html>"]
)
def test_pages_without_words_are_refused_as_empty(body: str) -> None:
    with pytest.raises(EmptyFileError):
        read_bytes(body.encode(), "page")


def test_hostile_pages_end_within_bounds() -> None:
    span = f"<table>{'<tr><td rowspan=1000 colspan=1000>1</td><td>2</td></tr>' * 3}</table>"
    with pytest.raises(TooLargeError, match="cells"):
        read(page(PROSE + span))
    with pytest.raises(TooLargeError, match="bytes"):
        read(b"<html>" + b" " * MAX_BYTES)
    with pytest.raises(TooLargeError, match="without end"):
        read(page("<div>" * 50_000 + PROSE))
    many = read(page("<script>var x = 'a<b';</script><b>收</b>" * 20_000 + PROSE))
    assert many.text.count("51") == 3
    chain = "<div class='nav'>" * 1500 + "<p>收</p>" * 20_000 + "</div>" * 1500
    assert "收" in read(page(chain)).text


def test_nothing_of_a_page_is_loaded() -> None:
    doctype = (
        '<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/hostname">]><html><body><p>&x;' + PROSE + "</p></body></html>"
    )
    assert "51件" in read_bytes(doctype.encode(), "page").text
