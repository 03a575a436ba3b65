"""What holds of the extractor whatever it is given: spans, ledger, readable form, and what must not matter."""

import re
import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from assets.parse.extract import extract
from assets.parse.facts import Extraction
from assets.parse.normalise import normalise
from contracts import codelists
from contracts.indicators import load_catalogue

# The first text pays for the catalogue, and speed is measured elsewhere.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

TITLE = "青禾县人民政府2023年法治政府建设情况报告\n"
YEAR = 2023

# Characters that steer the engine, beside any other: what is rare in random text is what must be tried.
_STEERING = (
    "0123456789０１２.．,，。；、：（）()《》“”【】〔〕|%％+-/~ \t\n\r\f\u3000\u200b\u200d\ufeff\u00a0\u00ad"
    "零一二三四五六七八九十百千万亿两廿第前余多约近超件次场人名份元年月日号条项个批期"
    "收到受理审结行政复议诉讼案件规范性文件全部均无未分别其中同比增长上年目标共开展培训⾏⺠圖書縣OoIl"
)
_PIECES = st.sampled_from(
    (
        *_STEERING,
        "行政复议", "行政诉讼", "规范性文件", "收到", "受理", "审结", "维持", "撤销", "开展", "培训", "行政处罚",
        "其中", "分别", "全部", "均", "未发生", "全覆盖", "同比", "下一步", "一、", "（一）", "1.", "2023年", "2024年",
        "〔2023〕12号", "《条例》", "“八五”", "12345", "100%", "1.5万", "3余件", "1 047", "1,047", "十二", "百分之九十",
        "县司法局", "|12|", "\n", "。",
    )
)  # fmt: skip
TEXTS = st.one_of(
    st.text(max_size=80),
    st.lists(_PIECES, max_size=60).map("".join),
    st.lists(st.one_of(_PIECES, st.text(max_size=3)), max_size=60).map("".join),
)

SENTENCES = st.lists(
    st.sampled_from(
        (
            "全年共收到行政复议申请51件，受理42件，审结38件，其中维持20件、撤销3件。",
            "新收行政诉讼案件17件，行政机关负责人出庭应诉15件，出庭率88.24%。",
            "制定行政规范性文件6件，清理规范性文件120件，废止12件。",
            "全县开展法治宣传活动260余场次，发放宣传资料3.2万份。",
            "组织执法人员培训5场，参训人员1047人次。",
            "办理法律援助案件326件，调解各类矛盾纠纷2180件，调解成功2166件。",
            "县政府常务会议学法4次。",
            "全年未发生行政复议纠错案件。",
        )
    ),
    min_size=1,
    max_size=5,
)


def facts(found: Extraction) -> list[tuple[object, ...]]:
    """What was found, without where."""
    return [(o.indicator_id, o.scope, o.period, o.dimension, o.value, o.qualifier) for o in found.observations]


def ledger(found: Extraction) -> list[tuple[object, ...]]:
    return [(n.class_, n.kind, n.rule_id, n.observation) for n in found.numerals]


@given(TEXTS)
@example("1 047\n件")
@example("a\u200bb1\u200b2件")
def test_readable_text_is_made_of_single_characters_of_the_original(text: str) -> None:
    readable = normalise(text)
    places = [readable.original(at) for at in range(len(readable.text))]
    assert places == sorted(set(places))
    assert all(0 <= place < len(text) for place in places)
    for at, place in enumerate(places):
        kept, published = readable.text[at], text[place]
        if kept in " \t\n":
            continue  # a blank or a line end stands for the gap that held it
        same = kept == published or kept == unicodedata.normalize("NFKC", published)
        assert same or published in _FOLDED, (kept, published)


_FOLDED = frozenset("OoQIil〇.,;:!?") | {chr(code) for code in range(0x2E80, 0x2FE0)} | set("％．＋－／～") | {
    chr(code) for code in range(0x4E00, 0xA000)  # traditional forms
}  # fmt: skip


@given(TEXTS)
@example("短行\n短行\n很长很长很长很长很长很长很长很长的一行")
@example("31  047件")
@example("12\u200b3 456件")
@example("受理 ,审结 .十 . 2 :3")
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    once = normalise(text).text
    assert normalise(once).text == once


@given(TEXTS)
def test_spans_are_exact(text: str) -> None:
    found = extract(text)
    for fact in found.observations:
        assert 0 <= fact.char_start < fact.char_end <= len(text)
        assert text[fact.char_start : fact.char_end] == fact.evidence
        assert (fact.value_start is None) == (fact.value_end is None) == (fact.qualifier == "implied")
        if fact.value_start is not None and fact.value_end is not None:
            assert fact.char_start <= fact.value_start < fact.value_end <= fact.char_end
    for numeral in found.numerals:
        assert text[numeral.char_start : numeral.char_end] == numeral.text


@given(TEXTS)
@example("表\n1 2|3|4\n5|6|7")
def test_the_ledger_is_a_partition_of_the_digits(text: str) -> None:
    found = extract(text)
    at = 0
    for numeral in found.numerals:
        assert at <= numeral.char_start < numeral.char_end
        at = numeral.char_end
        assert numeral.class_ in codelists.NUMERAL_CLASS.codes
        assert not numeral.kind or numeral.kind in codelists.NUMERAL_KIND.codes
        assert (numeral.class_ == "observation") == (numeral.observation is not None) == (numeral.rule_id is not None)
    covered = {place for numeral in found.numerals for place in range(numeral.char_start, numeral.char_end)}
    assert not [digit for digit in re.finditer("[0-9０-９]", text) if digit.start() not in covered]


@given(TEXTS)
def test_each_fact_is_of_the_catalogue_and_its_numeral_points_back(text: str) -> None:
    catalogue = load_catalogue()
    found = extract(text, catalogue)
    for fact in found.observations:
        indicator = catalogue.indicators[fact.indicator_id]
        assert fact.unit == indicator.unit
        assert fact.value is not None
        assert fact.scope in codelists.SCOPE.codes
        assert fact.period in codelists.PERIOD.codes
        assert fact.qualifier in codelists.QUALIFIER.codes
    spans = {(n.char_start, n.char_end): n for n in found.numerals}
    for number, fact in enumerate(found.observations):
        if fact.value_start is not None and fact.value_end is not None:
            stated = spans[fact.value_start, fact.value_end]
            assert stated.class_ == "observation"
            assert stated.observation is not None
            assert stated.observation <= number


@given(TEXTS)
def test_reading_twice_gives_the_same(text: str) -> None:
    assert extract(text) == extract(text)


@given(st.lists(TEXTS, min_size=2, max_size=4))
def test_what_was_read_before_makes_no_difference(texts: list[str]) -> None:
    first = [extract(text) for text in texts]
    again = [extract(text) for text in reversed(texts)]
    assert first == again[::-1]


@given(SENTENCES, st.data())
def test_blanks_around_numbers_change_nothing(sentences: list[str], data: st.DataObject) -> None:
    text = TITLE + "".join(sentences)
    blank = data.draw(st.sampled_from((" ", "\u3000", "\u00a0", "  ")))
    spaced = TITLE + re.sub(r"(\d[\d.]*)", rf"{blank}\1{blank}", "".join(sentences))
    assert facts(extract(spaced)) == facts(extract(text))
    assert ledger(extract(spaced)) == ledger(extract(text))


@given(SENTENCES, st.data())
def test_the_width_of_digits_changes_nothing(sentences: list[str], data: st.DataObject) -> None:
    text = TITLE + "".join(sentences)
    wide = "".join(
        chr(ord(c) + 0xFEE0) if c.isascii() and c.isdigit() and data.draw(st.booleans()) else c for c in text
    )
    assert facts(extract(wide)) == facts(extract(text))


@given(SENTENCES, st.data())
def test_marks_that_do_not_show_change_nothing(sentences: list[str], data: st.DataObject) -> None:
    text = TITLE + "".join(sentences)
    at = data.draw(st.sets(st.integers(len(TITLE) + 1, len(text) - 1), max_size=12))
    mark = data.draw(st.sampled_from("\u200b\u200d\ufeff\u00ad\u2060"))
    marked = "".join(mark + c if n in at else c for n, c in enumerate(text))
    assert facts(extract(marked)) == facts(extract(text))


@given(SENTENCES, st.data())
def test_lines_broken_inside_words_and_numbers_change_nothing(sentences: list[str], data: st.DataObject) -> None:
    body = "".join(sentences)
    end = data.draw(st.sampled_from(("\n", "\r\n", "\n\u3000\u3000", "\n\n")))
    width = data.draw(st.integers(17, 40))
    # Where a sentence ends with its line, nobody can tell the end of a paragraph from the width of the page.
    broken = re.sub("。" + end, "。", end.join(body[at : at + width] for at in range(0, len(body), width)))
    assert facts(extract(TITLE + broken)) == facts(extract(TITLE + body))


@given(SENTENCES, TEXTS)
def test_what_comes_after_changes_nothing_before_it(sentences: list[str], after: str) -> None:
    text = TITLE + "".join(sentences) + "\n本项工作的有关情况另行报告，不再一一说明。"
    alone = extract(text, year=YEAR)
    longer = extract(text + after, year=YEAR)
    assert longer.observations[: len(alone.observations)] == alone.observations
    assert longer.numerals[: len(alone.numerals)] == alone.numerals


@pytest.mark.parametrize("plane", range(17))
def test_no_plane_of_unicode_stops_it(plane: int) -> None:
    text = "受理".join(map(chr, range(plane << 16, (plane << 16) + 0x10000, 7)))
    found = extract(text)
    assert all(text[n.char_start : n.char_end] == n.text for n in found.numerals)
