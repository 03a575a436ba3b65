"""What small words and dates do to a number: how exactly it is meant, and of which time it is.

Here belongs what the characters beside a numeral tell alone. Not here: what the words of its frame mean.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from assets.parse.scan import Scanned


def qualifier(text: str, begin: int, numeral: Scanned) -> str:
    """Return the code of how exactly ``text`` states a number of the sentence that begins at ``begin``."""
    if not (
        numeral.qualifier
        or text[numeral.start - 1 : numeral.start] in _ENDS_BEFORE
        or text[numeral.after : numeral.after + 1] in _BEGINS_BEHIND
    ):
        return "exact"
    tail = text[numeral.after : numeral.after + 2]
    before = text[max(begin, numeral.start - 3) : numeral.start].rstrip("“")
    limit, before, last = before, before[-2:], before[-1:]
    if tail in _ABOUT_BEHIND or (last in _ABOUT and before not in ("最近", "附近")) or before in _ABOUT_WORDS:
        return "approximately"
    if limit in _LEAST_WORDS:
        return "at_least"
    if tail in _MOST_BEHIND or before in _MOST_WORDS or limit in _MOST_WORDS:
        return "at_most"
    if numeral.qualifier:
        return numeral.qualifier
    over = last in _OVER or before in _OVER_WORDS or (last == "上" and numeral.chinese)
    return "at_least" if over or tail == "以上" or tail[:1] in _OVER_TAILS else "exact"


class Time(NamedTuple):
    """What a date says of the figures behind it.

    ``span`` is the code of a part of the report year or of several years, ``other_year`` what figures of another
    year are; empty strings take back what an earlier date said. ``for_paragraph``: the span holds for the paragraph.
    """

    span: str
    other_year: str
    for_paragraph: bool = False


_THIS_YEAR: Final = Time("", "")


def time_of(text: str, begin: int, numeral: Scanned, report_year: int | None) -> Time | None:
    """Return what a date or duration says of the figures behind it, None when nothing."""
    words = text[numeral.start : numeral.end]
    before = text[max(begin, numeral.start - 3) : numeral.start]
    if numeral.kind == "duration":
        spans = words.endswith("来") or (words.endswith("年") and before.endswith(_RECENT))
        return Time("cumulative", "") if spans and words[0] not in "一1" else None
    after = text[numeral.end : numeral.end + 20]
    if _YEAR.fullmatch(words):
        return _year(int(words[:4]), before, after, report_year)
    if years := _YEARS.fullmatch(words):
        return _years(int(years[1]), before, after[:1], report_year)
    return _part_of_year(words, before)


def _part_of_year(words: str, before: str) -> Time | None:
    """Return what quarters and months say."""
    if "季度" in words:
        return Time("quarter", "")
    if months := _MONTHS.match(words):
        return _OF_MONTHS.get((int(months[1]), int(months[2])), Time("quarter", ""))
    if (month := _MONTH.search(words)) and int(month[1]) < _DECEMBER and _UP_TO.search(before):
        # 截至10月底 holds for the sentences that follow in the paragraph as well.
        return Time("quarter", "", for_paragraph=True)
    return None


def _year(year: int, before: str, after: str, report_year: int | None) -> Time | None:
    if after.startswith("的") and before.endswith(("从", "由")):
        return Time("", "comparison") if year != report_year else None  # 从2021年的870名增加到1012名
    if after.startswith(("以来", "来", "起")) or before.endswith(("自", "从")):
        return None if made_since(after, 0) else Time("cumulative", "")
    if after.startswith(("以前", "之前", "前", "底", "末", "以后", "至")) or before.endswith("对"):
        return None
    if report_year is None or year == report_year:
        return _THIS_YEAR
    return Time("", "target" if year > report_year else "comparison")


def _years(last: int, before: str, after: str, report_year: int | None) -> Time | None:
    """Return what years in a row up to ``last`` say: figures of years gone by, or sums unless they are but in a name."""
    if report_year is not None and last < report_year:
        return Time("", "comparison")
    return None if before[-1:] in _WITHIN or after not in _AFTER_YEARS else Time("cumulative", "")


def made_since(text: str, at: int) -> bool:
    """Whether 以来 before ``at`` says which documents, not which time: 2010年以来制发的文件."""
    return _MADE_SINCE.match(text, at) is not None


_ABOUT: Final = frozenset("近约")
_ABOUT_WORDS: Final = frozenset(("大约", "将近", "接近", "约为", "约有", "约达"))
_OVER: Final = frozenset("逾超")
_OVER_WORDS: Final = frozenset(("超过", "突破", "超出", "多达"))
_OVER_TAILS: Final = frozenset("余多")
_ABOUT_BEHIND: Final = frozenset(("左右", "上下"))
_LEAST_WORDS: Final = frozenset(("不低于", "不少于"))
_MOST_BEHIND: Final = frozenset(("以内", "以下"))
_MOST_WORDS: Final = frozenset(("不足", "不到", "低于", "不超过", "不高于", "不多于", "未超过", "没超过"))
# Beside any other character a number is meant exactly, so that most numbers need no second look.
_ENDS_BEFORE: Final = (
    _ABOUT | _OVER | {"“", "上"} | {word[-1] for word in (*_ABOUT_WORDS, *_OVER_WORDS, *_LEAST_WORDS, *_MOST_WORDS)}
)
_BEGINS_BEHIND: Final = _OVER_TAILS | {"以"} | {word[0] for word in (*_ABOUT_BEHIND, *_MOST_BEHIND)}

_RECENT: Final = ("近", "最近", "过去")
# 2021年至2023年，共…: years in a row that are the time of what follows, not part of a name.
_YEARS: Final = re.compile(r"(?:19|20)\d\d年?\s?[-—–－~～至到]\s?((?:19|20)\d\d)年?度?")
_WITHIN: Final = frozenset("（(《“")
_AFTER_YEARS: Final = frozenset("，,间期共累全县区市我各两二三四五")
_YEAR: Final = re.compile(r"(?:19|20)\d\d年?度?")
_MONTH: Final = re.compile(r"(\d{1,2})月")
_MONTHS: Final = re.compile(r"(\d{1,2})\s?[-—–~～至到]\s?(\d{1,2})月")
_OF_MONTHS: Final = {(1, 6): Time("half_year", ""), (1, 12): None}
_DECEMBER: Final = 12
_UP_TO: Final = re.compile(r"截至|截止|至$|到$")
_MADE_SINCE: Final = re.compile(
    r"[^，。]{0,12}?(?:制发|印发|制定|出台|颁布|发布|交办|现行有效)|的(?:现行|全部|所有|各类)?(?:有效)?(?:的)?\d"
)
