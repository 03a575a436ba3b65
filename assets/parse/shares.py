"""Numbers and nouns that stand apart: 分别 hands nouns out, 均 and 各 share one number.

Here belongs which noun gets which number of a sentence. Not here: what the rules make of the two together.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from assets.parse.grammar import SCOPE, SIGNAL
from assets.parse.stretch import REACH

if TYPE_CHECKING:
    from assets.parse.refusals import Frame
    from assets.parse.sentence import Sentence

LIST_MARKS: Final = frozenset(("、", "和", "及", "与"))


class Parted(NamedTuple):
    """Nouns that 分别 hands out, one by one, to the numbers that follow from ``first`` on, with the verb they share.

    ``this_year`` is the place of the number of the report year when the numbers are of several years, else -1.
    """

    nouns: list[list[int]]
    verb: list[int]
    first: int
    used: int
    this_year: int = -1


def part(sentence: Sentence, at: int) -> Parted | None:
    """Return the nouns before a 分别 and the verb between it and the first number; None without a number behind it."""
    r = sentence.r
    number = next(sentence.quantities_from(r.ends[at]), None)
    if number is None or number.start - r.ends[at] > _FARTHEST or _CLAUSE_END.search(r.text, r.ends[at], number.start):
        return None
    size = _size(sentence, number.start)
    nouns, _ = sentence.left(r.starts[at], -1)
    verb, _ = sentence.right(r.ends[at], number.start)
    years = _years(r.text[max(sentence.begin, r.starts[at] - _YEARS_REACH) : r.starts[at]]) if size > 1 else []
    if years and len(years) == size:
        this_year = years.index(r.year) if r.year in years else size - 1
        return Parted([nouns] * size, verb, number.start, 0, this_year)
    parts = sentence.parts(nouns)
    if len(parts) < size:
        # 县委常委会、县政府常务会把法治建设列入议程，全年分别研究4次、6次
        hard = (nouns[0] if nouns else at) - 1
        before = sentence.parts(sentence.left(r.starts[hard], -1)[0]) if hard >= sentence.first else []
        # 分别召开县委常委会、县政府常务会4次、6次
        behind = sentence.parts(verb)
        counted = sentence.quantity_before(r.starts[at])
        if len(parts) == 1 and counted is not None and counted.value == size and r.starts[nouns[-1]] >= counted.after:
            parts = parts * size  # 3个新媒体分别发布402条、938条和17条
        elif len(before) == size:
            parts, verb = before, [*nouns, *verb]
        elif len(behind) == size:
            shared = behind[0][:-1]
            parts, verb = [behind[0], *([*shared, *each] for each in behind[1:])], nouns
    return Parted(parts, verb, number.start, 0)


def _size(sentence: Sentence, start: int) -> int:
    """Return how many numbers stand in a row from ``start`` on: 402条、938条和17条 are three."""
    size = 0
    after = -1
    for number in sentence.quantities_from(start):
        if size == REACH or (size and sentence.r.text[after : number.start] not in LIST_MARKS):
            break
        size += 1
        after = number.after
    return size


def _years(text: str) -> list[int]:
    """Return the years that a text names in a row, -1 for each of 近三年; nothing where it names one or none."""
    span = _SPAN_OF_YEARS.search(text)
    if span:
        return list(range(int(span[1]), int(span[2]) + 1))[:_MOST_YEARS]
    recent = _RECENT_YEARS.search(text)
    if recent:
        return [-1] * (_COUNTED.find(recent[1]) % 10)
    row = _ROW_OF_YEARS.search(text)
    return [int(year) for year in _YEAR.findall(row[0])] if row else []


def handed_out(sentence: Sentence, frame: Frame) -> list[int] | None:
    """Return the words of the noun that 分别 hands to this number: 微博、公众号分别发布402条、938条."""
    parted = sentence.parted
    start = frame.numeral.start
    if parted is None or (parted.used == 0 and start != parted.first):
        return None
    if parted.used and sentence.r.text[frame.floor : start].strip("、和，及"):
        sentence.parted = None
        return None
    sentence.parted = parted._replace(used=parted.used + 1)
    noun = parted.nouns[parted.used] if parted.used < len(parted.nouns) else []
    return [*noun, *parted.verb]


def is_of_another_year(parted: Parted | None) -> bool:
    """Whether the number that was handed its noun last is of another year: 近三年分别为62件、111件、146件."""
    return parted is not None and parted.this_year >= 0 and parted.used != parted.this_year + 1


def sharing(sentence: Sentence, frame: Frame) -> list[list[int]]:
    """Part the nouns that share one number: 参考率和合格率均达100%, 县委、县政府法律顾问各5名."""
    r = sentence.r
    left = frame.left
    if not left:
        return [left]
    last = [r.words[r.ids[index]] for index in left[-3:] if r.bits[index] & SIGNAL]
    if any("jointly" in word.signals and (frame.unit == "%" or word.text[0] in "均都皆") for word in last):
        parts = sentence.parts(left)
        if len(parts) > 1:
            return parts
    if r.text.find("各", r.ends[left[0]], frame.numeral.start) >= 0:
        return _each(sentence, frame) or [left]
    return [left]


def _each(sentence: Sentence, frame: Frame) -> list[list[int]]:
    """Return the nouns that have the number each; bodies share the words behind the last of them."""
    r = sentence.r
    parts = sentence.parts(frame.left)
    bodies = [r.bits[each[0]] & SCOPE for each in parts]
    if len(parts) > 1 and all(bodies):
        behind_body = r.text.startswith("各", r.ends[parts[-1][0]])
        if behind_body or r.text[frame.numeral.start - 1] == "各":
            return [*([*each, *parts[-1][1:]] for each in parts[:-1]), parts[-1]]
    return parts if len(parts) > 1 and r.text[frame.numeral.start - 1] == "各" else []


_CLAUSE_END: Final = re.compile(r"[；;。：]")
# How many characters before and behind a 分别 belong to it.
_FARTHEST: Final = 120
_MOST_YEARS: Final = 10
_YEARS_REACH: Final = 200
_COUNTED: Final = "零一二三四五六七八九0123456789"
_YEAR: Final = re.compile(r"(?:19|20)\d\d")
_SPAN_OF_YEARS: Final = re.compile(r"((?:19|20)\d\d)年?度?\s?[-—–－~～至到]\s?((?:19|20)\d\d)年?度?[^。]{0,40}\Z")
_ROW_OF_YEARS: Final = re.compile(
    r"(?:19|20)\d\d年?度?(?:[、和及](?:19|20)\d\d年?度?)+|(?:19|20)\d\d年[^，。；年]{1,12}(?:[、，；](?:19|20)\d\d年[^，。；年]{1,12})+"
)
_RECENT_YEARS: Final = re.compile(r"(?:近|最近|过去|连续)([二三四五2345])年")
