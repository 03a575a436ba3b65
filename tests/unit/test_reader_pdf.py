"""PDF with a text layer: reading order, paragraphs, ruled tables, page furniture, and files that are broken or locked."""

import json
import zlib
from pathlib import Path

import pytest

from assets.ingest.readers import Reading, format_of, pdf, pdf_page, read_bytes, read_file
from assets.ingest.refusals import DamagedFileError, EmptyFileError, EncryptedFileError, NeedsOcrError, TooLargeError
from assets.parse.extract import extract
from assets.parse.identity import Identity, identify
from contracts.origin import Origin

REAL = Path(__file__).parents[3] / "shared" / "reports" / "suqian-2023-2024-open-government.pdf"
GOLD = REAL.with_name("suqian-2023-2024.gold.json")
WIDTH, HEIGHT, SIZE = 595, 842, 12
LEFT = 60
FULL = 38
"""Characters of a full line."""


def text(words: str, x: float, y: float, size: float = SIZE) -> str:
    return f"BT /F {size} Tf {x} {y} Td <{words.encode('utf-16-be').hex()}> Tj ET"


def rule(x0: float, y0: float, x1: float, y1: float) -> str:
    return f"{x0} {y0} m {x1} {y1} l S"


def lines(*words: str, x: float = LEFT, top: float = 780) -> list[str]:
    return [text(line, x, top - n * 20) for n, line in enumerate(words) if line]


def table(rows: list[list[str]], x: float, top: float, width: float = 80, height: float = 20) -> list[str]:
    columns = len(rows[0])
    rules = [rule(x, top - n * height, x + columns * width, top - n * height) for n in range(len(rows) + 1)]
    rules += [rule(x + n * width, top, x + n * width, top - len(rows) * height) for n in range(columns + 1)]
    words = [
        text(word, x + c * width + 4, top - r * height - 15)
        for r, row in enumerate(rows)
        for c, word in enumerate(row)
        if word
    ]
    return [*rules, *words]


def pdf_of(*pages: list[str], extra: str = "", trailer: str = "", picture: bool = False) -> bytes:
    """A PDF whose character codes are their Unicode numbers; Latin letters are half as wide as the rest."""
    count = len(pages)
    ranges = "".join(f"<{high:02x}00> <{high:02x}ff> <{high:02x}00>\n" for high in range(256))
    cmap = "\n".join(f"100 beginbfrange\n{part}endbfrange" for part in _hundreds(ranges))
    to_unicode = f"/CIDInit /ProcSet findresource begin begincmap 1 begincodespacerange <0000> <ffff> endcodespacerange\n{cmap}\nendcmap"
    image = "/XObject << /I 6 0 R >>" if picture else ""
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {count} /Kids [{' '.join(f'{7 + 2 * n} 0 R' for n in range(count))}] >>",
        "<< /Type /Font /Subtype /Type0 /BaseFont /Sample /Encoding /Identity-H /DescendantFonts [4 0 R] /ToUnicode 5 0 R >>",
        (
            "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Sample /DW 1000 /W [32 126 500] /CIDSystemInfo << /Registry (Adobe)"
            " /Ordering (Identity) /Supplement 0 >> /FontDescriptor << /Type /FontDescriptor /FontName /Sample /Flags 4 /Ascent 880"
            " /Descent -120 /CapHeight 700 /ItalicAngle 0 /StemV 80 /FontBBox [0 -120 1000 880] >> >>"
        ),
        _stream(to_unicode.encode()),
        _stream(
            b"\xff" * 3, "/Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceRGB /BitsPerComponent 8"
        ),
    ]
    for n, page in enumerate(pages):
        objects += [
            (
                f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {WIDTH} {HEIGHT}] /Contents {8 + 2 * n} 0 R"
                f" /Resources << /Font << /F 3 0 R >> {image} >> >>"
            ),
            _stream("\n".join([*page, *(["q 500 0 0 700 0 0 cm /I Do Q"] if picture else [])]).encode()),
        ]
    out = b"%PDF-1.7\n"
    offsets = []
    for number, body in enumerate([*objects, *([extra] if extra else [])], 1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n".encode() + (body if isinstance(body, bytes) else body.encode()) + b"\nendobj\n"
    entries = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    xref = f"xref\n0 {len(offsets) + 1}\n0000000000 65535 f \n{entries}trailer\n<< /Size {len(offsets) + 1} /Root 1 0 R {trailer} >>\n"
    return out + f"{xref}startxref\n{len(out)}\n%%EOF\n".encode()


def _stream(data: bytes, entries: str = "") -> bytes:
    packed = zlib.compress(data)
    return f"<< /Length {len(packed)} /Filter /FlateDecode {entries} >>\nstream\n".encode() + packed + b"\nendstream"


def _hundreds(ranges: str) -> list[str]:
    rows = ranges.splitlines(keepends=True)
    return ["".join(rows[n : n + 100]) for n in range(0, len(rows), 100)]


def read(data: bytes) -> Reading:
    assert format_of(data, "a").media_type == "application/pdf"
    return read_bytes(data, "a.pdf")


def test_lines_of_one_paragraph_are_put_together_over_lines_and_pages() -> None:
    body = "甲" * FULL
    one = lines("确山县人民政府关于2022年度法治政府建设工作情况的报告", "", "驻马店市人民政府：", body, body, top=700)
    two = lines("乙" * FULL, "丙件。", "二、下一步", top=700)
    reading = read(pdf_of(one, two))
    assert reading.text.splitlines() == [
        "确山县人民政府关于2022年度法治政府建设工作情况的报告",
        "驻马店市人民政府：",
        body + body + "乙" * FULL + "丙件。",
        "二、下一步",
    ]
    assert isinstance(identify(reading.text, Origin()), Identity)


def test_page_numbers_and_running_heads_are_left_out_and_said_to_be_lost() -> None:
    pages = [
        [*lines("确山县人民政府公报", top=820), *lines(f"第{n}页的正文。", top=600), text(f"- {n} -", 280, 30)]
        for n in range(1, 5)
    ]
    reading = read(pdf_of(*pages))
    assert reading.text == "第1页的正文。\n第2页的正文。\n第3页的正文。\n第4页的正文。\n"
    assert reading.losses == ("page_furniture",)


def test_a_ruled_table_stands_as_rows_with_headers() -> None:
    rows = [["项目", "数量"], ["收到申请", "51"], ["受理", "1 047"]]
    reading = read(pdf_of([*lines("一、行政复议"), *table(rows, LEFT, 740), *lines("二、行政应诉", top=600)]))
    assert reading.text == "一、行政复议\n项目 | 数量\n收到申请 | 51\n受理 | 1 047\n二、行政应诉\n"
    cells = {reading.text[cell.char_start : cell.char_end]: cell for cell in reading.cells}
    assert (cells["51"].row_header, cells["51"].column_header) == ("收到申请", "数量")


def test_a_merged_cell_and_a_label_broken_over_lines_stay_one() -> None:
    drawn = [
        rule(60, 740, 300, 740), rule(60, 720, 300, 720), rule(140, 700, 300, 700), rule(60, 660, 300, 660),
        rule(60, 740, 60, 660), rule(140, 720, 140, 660), rule(300, 740, 300, 660), rule(220, 720, 220, 660),
    ]  # fmt: skip
    words = [
        text("申请情况", 100, 725), text("办", 64, 700), text("理", 64, 685), text("公开", 144, 705), text("3", 224, 705),
        text("不予公", 144, 685), text("开", 144, 670), text("12", 224, 680),
    ]  # fmt: skip
    reading = read(pdf_of([*drawn, *words]))
    assert reading.text == "申请情况 |  | \n办理 | 公开 | 3\n | 不予公开 | 12\n"


def test_columns_are_read_one_after_the_other() -> None:
    left, right = [f"左栏第{n}句。" for n in "一二三四五六"], [f"右栏第{n}句。" for n in "一二三四五六"]
    page = [
        *lines("两栏之上的标题横跨两栏，写得比半页更宽，占满这一行"),
        *lines(*left, top=740),
        *lines(*right, x=330, top=740),
    ]
    assert read(pdf_of(page)).text.splitlines()[1:] == [*left, *right]


def test_two_texts_with_a_rule_between_them_are_read_on_over_the_pages() -> None:
    def page(number: str) -> list[str]:
        left, right = ([f"{side}{number}第{n}句。" for n in "一二三四五"] for side in "左右")
        return [*lines(*left, top=740), *lines(*right, x=330, top=740), rule(300, 100, 300, 760)]

    read_in_order = read(pdf_of(page("甲"), page("乙"))).text.splitlines()
    assert [line[:2] for line in read_in_order] == ["左甲"] * 5 + ["左乙"] * 5 + ["右甲"] * 5 + ["右乙"] * 5


def two_years(*pages: list[str]) -> Reading:
    """A page with the headings of two years' reports side by side, and further pages."""
    first = [
        *lines("确山县政务公开年报比对", top=820),
        *lines("2022年报告", "一、总体情况", "收到申请51件。", "甲。", "乙。", "丙。", top=760),
        *lines("2023年报告", "", "收到申请60件。", "丁。", "戊。", "己。", x=330, top=760),
        rule(300, 100, 300, 770),
    ]
    return read(pdf_of(first, *pages))


def test_the_reports_of_two_years_side_by_side_are_two_texts() -> None:
    left, right = two_years().reports
    assert (left.heading, right.heading) == ("2022年报告", "2023年报告")
    assert left.text.split() == [
        "确山县政务公开年报比对",
        "2022年报告",
        "一、总体情况",
        "收到申请51件。",
        "甲。",
        "乙。",
        "丙。",
    ]
    assert right.text.split() == [
        "确山县政务公开年报比对",
        "2023年报告",
        "一、总体情况",
        "收到申请60件。",
        "丁。",
        "戊。",
        "己。",
    ]
    for report, year in ((left, 2022), (right, 2023)):
        identity = identify(report.text, Origin())
        assert isinstance(identity, Identity)
        assert (identity.division.name, identity.report_year, identity.kind) == (
            "确山县",
            year,
            "open_government_report",
        )


def test_what_stands_over_both_reports_is_of_none_unless_a_year_heads_it() -> None:
    wide = [["指标", "2022年", "2023年"], ["收到", "51", "60"]]
    owned = [["结果", "总计"], ["维持", "17"]]
    page = [
        *table(wide, LEFT, 700, width=150),
        *lines("2023年报告", x=250, top=600),
        *table(owned, LEFT, 590, width=220),
    ]
    reading = two_years(page)
    left, right = reading.reports
    assert "指标" not in left.text + right.text
    assert "17" in right.text
    assert "17" not in left.text
    assert reading.of_no_report == "指标 | 2022年 | 2023年\n收到 | 51 | 60\n"


def test_headings_of_one_year_part_nothing() -> None:
    page = [
        *lines("2022年报告", "甲。", "乙。", "丙。", "丁。", top=760),
        *lines("2022年报告", "戊。", "己。", "庚。", "辛。", x=330, top=760),
        rule(300, 100, 300, 770),
    ]
    reading = read(pdf_of(page))
    assert reading.reports == (reading,)
    assert reading.of_no_report is None


def test_lines_printed_over_each_other_do_not_mix_their_characters() -> None:
    page = [text("四、行政复议情况", 60, 700, size=18), text("88", 70, 703, size=9), text("170", 120, 703, size=9)]
    assert read(pdf_of(page)).text.split() == ["四、行政复议情况", "88", "170"]


def test_without_ocr_a_file_of_pictures_asks_for_it_and_single_pictures_are_said_to_be_lost(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(NeedsOcrError):
        read(pdf_of([], picture=True))
    assert read(pdf_of(lines("正文。" * 20), [], picture=True)).losses == ("scanned_pages", "tables")


def test_words_drawn_as_shapes_and_the_name_of_a_scanner_are_no_text_layer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    for page, has_picture in (([rule(60, 700, 200, 700)], False), (lines("扫描软件创建"), True)):
        with pytest.raises(NeedsOcrError):
            read(pdf_of(page, picture=has_picture))


def test_empty_pages_are_said_to_be_empty() -> None:
    with pytest.raises(EmptyFileError, match="empty pages"):
        read(pdf_of([]))


def test_a_locked_file_asks_for_a_copy_without_password() -> None:
    lock = f"<< /Filter /Standard /V 1 /R 2 /O <{'ab' * 32}> /U <{'cd' * 32}> /P -4 >>"
    data = pdf_of(lines("正文。"), extra=lock, trailer="/Encrypt 9 0 R /ID [<00> <00>]")
    with pytest.raises(EncryptedFileError, match="password"):
        read(data)


@pytest.mark.parametrize("keep", [12, 200, 900])
def test_a_file_cut_short_is_refused(keep: int) -> None:
    with pytest.raises((DamagedFileError, NeedsOcrError)):
        read(pdf_of(lines("正文。"))[:keep])


def test_a_broken_structure_is_damage() -> None:
    with pytest.raises(DamagedFileError):
        read(
            pdf_of(lines("正文。"))
            .replace(b"/Type /Pages", b"/Type /Nages")
            .replace(b"/Catalog", b"/Latalog")
            .replace(b"/Pages 2 0 R", b"/Pages 99 R")
        )


def test_bounds_on_pages_and_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "MAX_PAGES", 2)
    with pytest.raises(TooLargeError, match="3 pages"):
        read(pdf_of(*[lines("正文。")] * 3))
    monkeypatch.setattr(pdf_page, "MOST_EDGES", 5)
    reading = read(pdf_of([*table([["项目", "数量"], ["收到", "51"]], LEFT, 740)]))
    assert "51" in reading.text
    assert reading.losses == ("tables",)


@pytest.fixture(scope="module")
def real() -> Reading:
    if not REAL.is_file():
        pytest.skip("the real PDF is not beside this repository")
    return read_file(REAL)


IN_TABLES = {
    "一、新收": "information_disclosure_requests_received",
    "二、上年结转": "information_disclosure_requests_carried_in",
    "(一)予以公开": "information_disclosure_granted",
    "(二)部分公开": "information_disclosure_partially_granted",
    "(七)总计": "information_disclosure_outcomes_total",
    "四、结转下年": "information_disclosure_requests_carried_out",
    "行政许可": "administrative_licences_granted",
    "行政处罚": "administrative_penalties_total",
    "行政强制": "administrative_compulsory_measures",
    "行政事业性收费_万元": "administrative_fees_collected",
    "行政复议": "disclosure_reconsideration_total",
    "未经复议直接起诉": "disclosure_litigation_total",
    "复议后起诉": "disclosure_litigation_total",
}
IN_FORCE = ("normative_documents_issued", "normative_documents_repealed", "normative_documents_in_force")


def gold_facts(year: int) -> set[tuple[str, float]]:
    """The values of a year that the catalogue has indicators for."""
    (gold,) = (each for each in json.loads(GOLD.read_text(encoding="utf-8")) if each["year"] == year)
    one, two, three = gold["table1"], gold["table2"], gold["table3"]
    facts = set(zip(IN_FORCE, one["行政规范性文件"], strict=True))
    facts |= {(indicator, one[row]) for row, indicator in IN_TABLES.items() if row in one}
    facts |= {(indicator, two[row]["总计"]) for row, indicator in IN_TABLES.items() if row in two}
    return facts | {(indicator, three[row][-1]) for row, indicator in IN_TABLES.items() if row in three}


@pytest.mark.parametrize("year", [2023, 2024])
def test_the_real_pdf_gives_the_values_of_each_year_and_no_wrong_one(real: Reading, year: int) -> None:
    (report,) = (each for each in real.reports if each.heading == f"{year} 年报告")
    identity = identify(report.text, Origin())
    assert isinstance(identity, Identity)
    assert (identity.division.id, identity.report_year) == ("CN-321300", year)
    found = extract(report.text, year=year)
    in_tables = {(fact.indicator_id, fact.value) for fact in found.observations if "table" in fact.flags}
    missing = gold_facts(year) - in_tables
    assert in_tables <= gold_facts(year)
    # The last table of 2024 is printed over its own heading and broken over two pages: it is filed and not bound.
    assert missing == (
        set()
        if year == 2023
        else {
            ("disclosure_reconsideration_total", 170),
            ("disclosure_litigation_total", 25),
            ("disclosure_litigation_total", 52),
        }
    )
    assert "88 18 28 36 170" in (real.of_no_report or "")


def test_the_real_pdf_gives_every_row_of_the_tables_of_both_years(real: Reading) -> None:
    reading = "\n".join(report.text for report in real.reports)
    rows = {
        tuple(cell.strip() for cell in line.split("|") if cell.strip(" 0123456789.") == "" and cell.strip())
        for line in reading.splitlines()
    }
    for numbers in (
        "2 0 11",
        "109 489 597",
        "1808595",
        "59237.2449",
        "3402 99 0 4 5 1 3511",
        "27 0 0 0 0 0 27",
        "3375 99 0 4 7 1 3486",
    ):
        assert tuple(numbers.split()) in rows
    for numbers in (
        "2 1 12",
        "50 227 420",
        "1573179",
        "72701.2578",
        "3440 75 0 1 6 3 3525",
        "35 1 0 0 0 0 36",
        "3440 73 0 1 5 2 3521",
    ):
        assert tuple(numbers.split()) in rows
