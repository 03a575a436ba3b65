"""Texts that were read from pictures: what of them is sure enough to be published.

Belongs here: from the characters that OCR is not sure of to the facts and header fields that they put in doubt. Not here: which
characters these are (`assets.ingest` says so with the text), and mending letters that stand for digits (`normalise`), which flags
what it mends.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from assets.parse.facts import Extraction, Numeral, Observation

FLAG = "ocr"
"""On every fact of a line that was read from a picture."""
KIND = "unsure_reading"
"""Of numerals that wait because their sentence is in doubt."""

OcrLine = tuple[int, int, float, Sequence[int]]
"""Start, end, how sure OCR is of the line, and the places of the characters that it is not sure of."""


class Weighed(NamedTuple):
    """What a text states, once its doubtful characters are counted against it."""

    sure: Extraction
    """Facts of sentences without a doubtful character; the numerals of the others are queued."""
    unsure: list[Observation]
    """The other facts: a misread word makes another indicator or scope of the same number."""


def weighed(text: str, found: Extraction, lines: Sequence[OcrLine]) -> Weighed:
    """`found` without the facts whose sentence holds a doubtful character; the others of `lines` carry the flag."""
    if not lines:
        return Weighed(found, [])
    doubts = Doubts(lines)
    kept: dict[int, int] = {}
    sure: list[Observation] = []
    unsure: list[Observation] = []
    for number, fact in enumerate(found.observations):
        if doubts.within(*_sentence(text, fact.char_start, fact.char_end)):
            unsure.append(fact)
        else:
            kept[number] = len(sure)
            is_read = doubts.is_read(fact.char_start, fact.char_end)
            sure.append(fact._replace(flags=(*fact.flags, FLAG)) if is_read else fact)
    return Weighed(Extraction(sure, [_settled(numeral, kept) for numeral in found.numerals]), unsure)


class Doubts:
    """The characters of a text that OCR is not sure of."""

    def __init__(self, lines: Sequence[OcrLine]) -> None:
        """`lines` stand in the order of the text."""
        self._lines = lines
        self._starts = [line[0] for line in lines]
        self._places = sorted(place for line in lines for place in line[3])

    def within(self, start: int, end: int) -> bool:
        """Whether a doubtful character stands in `start:end`."""
        return bisect_left(self._places, start) < bisect_left(self._places, end)

    def is_read(self, start: int, end: int) -> bool:
        """Whether part of `start:end` was read from a picture."""
        first = max(bisect_right(self._starts, start) - 1, 0)
        return any(line[0] < end and start < line[1] for line in self._lines[first : bisect_left(self._starts, end)])


_STOPS = "。！？\n"
_REACH = 1000


def _sentence(text: str, start: int, end: int) -> tuple[int, int]:
    """The sentences that `start:end` touches: topic and body may be said far from the number."""
    first, last = max(start - _REACH, 0), end + _REACH
    begin = max(text.rfind(stop, first, start) for stop in _STOPS)
    ends = [at for stop in _STOPS if (at := text.find(stop, end, last)) >= 0]
    return first if begin < 0 else begin + 1, min(ends, default=last)


def _settled(numeral: Numeral, kept: dict[int, int]) -> Numeral:
    if numeral.observation is None:
        return numeral
    if numeral.observation in kept:
        return numeral._replace(observation=kept[numeral.observation])
    return numeral._replace(class_="queued", kind=KIND, observation=None)
