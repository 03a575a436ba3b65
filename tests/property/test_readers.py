"""For all texts and all bytes."""

from hypothesis import given
from hypothesis import strategies as st

from assets.ingest.readers import Reading, read_bytes
from assets.ingest.readers.text import encoding_of
from contracts.errors import FazhiError

PROSE = st.text(
    st.sampled_from(
        "县人民政府关于年度法治建设情况的报告收到行政复议申请件受理全部维持，。、：；（）《》〔〕0123456789\r\n "
    ),
    min_size=20,
    max_size=200,
).filter(lambda text: text.strip())
ENCODINGS = st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "gb18030"])


@given(PROSE, ENCODINGS)
def test_decoding_gives_back_what_was_encoded(text: str, encoding: str) -> None:
    assert read_bytes(text.encode(encoding), "a").text == text


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1))
def test_any_valid_utf8_text_is_read_as_utf8(text: str) -> None:
    data = text.encode()
    assert encoding_of(data) in {"utf-8", "utf-16-le", "utf-16-be"} or data.startswith(b"\xef\xbb\xbf")
    if not data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        assert encoding_of(data) == "utf-8"


SIGNATURES = st.sampled_from(
    [b"", b"%PDF-1.4\n1 0 obj <<", b"<html>", b"<!DOCTYPE html><table>", b"PK\x03\x04[Content_Types].xml word/"]
)


@given(st.builds(bytes.__add__, SIGNATURES, st.binary(max_size=400)))
def test_any_bytes_are_read_or_refused_in_one_line(data: bytes) -> None:
    outcome = outcome_of(data)
    if isinstance(outcome, FazhiError):
        assert "\n" not in str(outcome)
    else:
        assert outcome.text.strip()


def outcome_of(data: bytes) -> Reading | FazhiError:
    try:
        return read_bytes(data, "a")
    except FazhiError as error:
        return error
