"""Text in every encoding that offices write, decided by the bytes and never by luck."""

import pytest

from assets.ingest.readers import read_bytes
from assets.ingest.readers.text import encoding_of
from assets.ingest.refusals import DamagedFileError, EmptyFileError, UnknownFormatError

REPORT = "样例县人民政府关于2022年度法治政府建设工作情况的报告\r\n\r\n样例市人民政府：\r\n全年收到行政复议申请51件，受理42件。\r\n"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "gb18030", "gbk", "gb2312"]
)
def test_the_same_text_comes_out_of_every_encoding(encoding: str) -> None:
    assert read_bytes(REPORT.encode(encoding), "a.txt").text == REPORT


def test_a_mark_decides_even_before_text_that_other_encodings_could_be() -> None:
    assert read_bytes(b"\xff\xfe" + "一件".encode("utf-16-le"), "a.txt").text == "一件"
    assert read_bytes(b"\xef\xbb\xbf" + b"only ascii", "a.txt").text == "only ascii"


def test_rare_characters_and_four_byte_gb18030_are_read() -> None:
    text = REPORT + "渻梳悝㐂𠮷镕"
    assert read_bytes(text.encode("gb18030"), "a.txt").text == text


def test_traditional_characters_in_gb18030_are_read() -> None:
    text = "關於二〇二二年度法治政府建設情況的報告，全縣行政機關辦理行政複議案件四十二件，審結三十八件。"
    assert read_bytes(text.encode("gb18030"), "a.txt").text == text


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf", b" \r\n\t", "\u3000\u200b\n".encode()])
def test_nothing_to_read_is_called_empty(data: bytes) -> None:
    with pytest.raises(EmptyFileError, match=r"a\.txt"):
        read_bytes(data, "a.txt")


@pytest.mark.parametrize(
    "data",
    [b"\xef\xbb\xbf\xff\xfe\xff", b"\xff\xfe\x00\xd8x", b"\xfe\xff\x00", b"\xef\xbb\xbfa\x00b"],
)
def test_a_mark_that_the_bytes_break_is_damage(data: bytes) -> None:
    with pytest.raises(DamagedFileError):
        read_bytes(data, "a.txt")


@pytest.mark.parametrize("data", [bytes(range(256)), b"\x7fELF\x02\x01\x01" + bytes(60), b"abc\x00def"])
def test_what_is_no_text_is_said_to_be_none(data: bytes) -> None:
    with pytest.raises(UnknownFormatError):
        read_bytes(data, "a.txt")


def test_one_broken_byte_is_not_repaired_in_silence() -> None:
    data = bytearray(REPORT.encode())
    data[10] = 0xFF
    assert encoding_of(bytes(data)) != "utf-8"
    with pytest.raises(UnknownFormatError):
        read_bytes(bytes(data), "a.txt")
