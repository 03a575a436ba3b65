"""For all texts: identity never raises, and every field stands where it says."""

import json

from hypothesis import given
from hypothesis import strategies as st

from assets.parse.header import read_header
from assets.parse.identity import Identity, Unidentified, identify
from assets.parse.places import read_name
from assets.parse.rows import ReadText, parse_batch
from contracts.ids import text_sha256
from contracts.origin import Origin

PIECES = st.sampled_from(
    [
        "关于", "确山县人民政府", "2022年度", "法治政府建设", "情况的", "报 告", "文件", "\n", "\r\n", " ", "\u3000", "\u200b", "驻马店市人民政府：",
        "确政文〔2023〕47号", "二〇二三年一月三十日", "。", "鼓楼区", "县司法局", "现将", "如下", "收到行政复议申请51件", "⺠", "２０２１年", "〇", "廿",
    ]
)  # fmt: skip
TEXTS = st.one_of(st.lists(PIECES, max_size=30).map("".join), st.text(max_size=300))


@given(TEXTS)
def test_every_field_stands_where_it_says(text: str) -> None:
    for field in read_header(text):
        if field is not None:
            assert field.char_start is not None
            assert field.char_end is not None
            assert 0 <= field.char_start < field.char_end <= len(text)


@given(TEXTS)
def test_a_title_is_the_text_at_its_span_without_blanks(text: str) -> None:
    title = read_header(text).title
    if title is not None:
        span = text[title.char_start : title.char_end]
        shown = [character for character in span if not character.isspace() and character != "\u200b"]
        assert len(shown) == len(title.value)


@given(TEXTS, st.builds(Origin, publisher=st.none() | st.text(max_size=20), title=st.none() | st.text(max_size=20)))
def test_a_text_is_identified_or_filed_and_nothing_else(text: str, origin: Origin) -> None:
    assert isinstance(identify(text, origin), Identity | Unidentified)


@given(st.text(max_size=40), st.integers(1990, 2100))
def test_a_name_is_what_its_rest_ends_it_with(name: str, year: int) -> None:
    assert name.endswith(read_name(name, year).rest)


@given(st.lists(TEXTS, max_size=4))
def test_a_batch_gives_each_text_a_document_or_a_reason(texts: list[str]) -> None:
    reads = [ReadText(text_sha256(text), text, "text/1", json.dumps({"path": "a.txt"})) for text in texts]
    parsed = parse_batch(reads)
    assert len(parsed.documents) + len(parsed.rejected) == len(texts)
