"""Word documents: paragraphs and tables in order, and packages that mean harm."""

import io
import zipfile

import pytest

from assets.ingest.readers import Reading, docx, format_of, grid, read_bytes
from assets.ingest.refusals import (
    DamagedFileError,
    EmptyFileError,
    EncryptedFileError,
    TooLargeError,
    UnknownFormatError,
)

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/word/document.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
MERGED_ABOVE = '<w:tcPr><w:vMerge w:val="{}"/></w:tcPr>'


def package(body: str, *, prolog: str = "", part: str = "word/document.xml", types: str = TYPES) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", types)
        archive.writestr(part, f'{prolog}<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>')
    return buffer.getvalue()


def p(*runs: str) -> str:
    return f"<w:p>{''.join(f'<w:r><w:t>{run}</w:t></w:r>' for run in runs)}</w:p>"


def row(*cells: str) -> str:
    return f"<w:tr>{''.join(f'<w:tc>{cell}</w:tc>' for cell in cells)}</w:tr>"


def read(data: bytes) -> Reading:
    assert "wordprocessingml" in format_of(data, "a").media_type
    return read_bytes(data, "a.docx")


def test_paragraphs_and_tables_come_in_their_order() -> None:
    table = f"<w:tbl>{row(p('项目'), p('数量'))}{row(p('收到'), p('51'))}{row(p('受理'), p('4', '2'))}</w:tbl>"
    reading = read(package(p("一、复议") + table + p("二、应诉")))
    assert reading.text == "一、复议\n项目 | 数量\n收到 | 51\n受理 | 42\n二、应诉\n"
    cells = {reading.text[cell.char_start : cell.char_end]: cell for cell in reading.cells}
    assert (cells["42"].row_header, cells["42"].column_header) == ("受理", "数量")


def test_merged_cells_reach_over_their_rows_and_columns() -> None:
    wide = '<w:tcPr><w:gridSpan w:val="2"/></w:tcPr>' + p("申请人")
    top = row(MERGED_ABOVE.format("restart") + p("结果"), wide)
    below = row(MERGED_ABOVE.format("continue") + p(""), p("自然人"), p("其他"))
    reading = read(package(f"<w:tbl>{top}{below}{row(p('公开'), p('5'), p('6'))}</w:tbl>"))
    assert reading.text == "结果 | 申请人 | \n | 自然人 | 其他\n公开 | 5 | 6\n"
    six = next(cell for cell in reading.cells if reading.text[cell.char_start : cell.char_end] == "6")
    assert (six.row_header, six.column_header) == ("公开", "申请人 其他")


def test_runs_breaks_and_tracked_changes() -> None:
    deleted = "<w:del><w:r><w:delText>99</w:delText><w:t>99</w:t></w:r></w:del>"
    inserted = "<w:ins><w:r><w:t>51</w:t></w:r></w:ins>"
    line = f"<w:p><w:r><w:t>收到</w:t></w:r>{deleted}{inserted}<w:r><w:t>件</w:t><w:br/><w:t>受理</w:t><w:tab/><w:t>42</w:t></w:r></w:p>"
    assert read(package(line)).text == "收到51件\n受理\t42\n"


def test_what_is_wrapped_is_read_and_what_is_lost_is_said() -> None:
    wrapped = f"<w:sdt><w:sdtContent>{p('控件内')}</w:sdtContent></w:sdt>"
    numbered = "<w:p><w:pPr><w:numPr/></w:pPr><w:r><w:t>标题</w:t><w:drawing/></w:r></w:p>"
    reading = read(package(wrapped + numbered))
    assert reading.text == "控件内\n标题\n"
    assert reading.losses == ("images", "numbering")


def test_a_table_that_only_lays_out_the_page_becomes_its_paragraphs() -> None:
    long = "全县行政机关办理行政复议案件。" * 20
    assert (
        read(package(f"<w:tbl>{row(p(long), p('旁'))}{row(p('甲'), p('乙'))}</w:tbl>")).text == f"{long}\n旁\n甲\n乙\n"
    )


def test_the_main_part_is_the_one_that_the_package_names() -> None:
    types = TYPES.replace("/word/document.xml", "/word/other.xml")
    assert read(package(p("正文"), part="word/other.xml", types=types)).text == "正文\n"


@pytest.mark.parametrize(
    "prolog",
    [
        '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>',
    ],
)
def test_markup_that_declares_entities_is_refused(prolog: str) -> None:
    with pytest.raises(DamagedFileError, match="declares entities"):
        read(package(p("正文"), prolog=prolog))


def test_a_bomb_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(docx, "MAX_PART", 100_000)
    data = package(p("0" * 10_000_000))
    assert len(data) < 20_000
    with pytest.raises(TooLargeError, match="unpacks to more"):
        read(data)
    monkeypatch.setattr(docx, "MAX_FILES", 1)
    with pytest.raises(TooLargeError, match="files"):
        read(package(p("正文")))


def test_a_table_past_any_sense_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    wide = '<w:tcPr><w:gridSpan w:val="999999999"/></w:tcPr>' + p("甲")
    monkeypatch.setattr(grid, "MOST_CELLS", 1000)
    with pytest.raises(TooLargeError, match="cells"):
        read(package(f"<w:tbl>{row(wide)}{row(wide)}</w:tbl>"))


def test_an_encrypted_part_asks_for_a_copy_without_password() -> None:
    data = bytearray(package(p("正文")))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(mark)
        while at >= 0:
            data[at + offset] |= 1
            at = data.find(mark, at + 1)
    with pytest.raises(EncryptedFileError):
        read(bytes(data))


@pytest.mark.parametrize("cut", [60, 200, 400])
def test_a_package_cut_short_is_damaged(cut: int) -> None:
    data = package(p("正文" * 50))
    with pytest.raises(DamagedFileError):
        docx.read(data[:cut], "a.docx")


def test_broken_markup_and_missing_parts_are_damage() -> None:
    with pytest.raises(DamagedFileError):
        read(package("<w:p>"))
    with pytest.raises(DamagedFileError, match=r"word/document\.xml"):
        read(package(p("正文"), part="word/else.xml"))
    flipped = bytearray(package(p("正文" * 500)))
    middle = flipped.find(b"word/document.xml") + 40
    flipped[middle] ^= 0xFF
    with pytest.raises(DamagedFileError):
        read(bytes(flipped))


def test_a_document_of_pictures_is_empty_and_other_packages_are_unknown() -> None:
    with pytest.raises(EmptyFileError):
        read(package("<w:p><w:r><w:drawing/></w:r></w:p>"))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.txt", b"\x00\x01\x02")
    with pytest.raises(UnknownFormatError):
        read_bytes(buffer.getvalue(), "a.zip")
