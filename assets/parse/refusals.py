"""Numbers that are no result of the report year: targets, comparisons, shares, norms, thresholds.

Here belongs what the words before a number say against it. Not here: times and sections, which stand farther off.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple, final

from assets.parse.grammar import SIGNAL
from assets.parse.scan import Scanned

if TYPE_CHECKING:
    from assets.parse.reading import Reading


@final
class Frame:
    """A number with the words on its left and right (indices), its unit class, and the numbers that bound it."""

    def __init__(
        self, numeral: Scanned, left: list[int], right: list[int], *, unit: str, floor: int, ceiling: int
    ) -> None:
        """Hold what stands around a number."""
        self.numeral = numeral
        self.left = left
        self.right = right
        self.unit = unit
        self.floor = floor
        self.ceiling = ceiling


class _Refusal(NamedTuple):
    """A signal, how many characters may stand between it and the number, what it makes of the number, and where not."""

    signal: str
    reach: int
    kind: str
    only: frozenset[str] = frozenset()
    never: frozenset[str] = frozenset()


_ANY: Final = 1_000_000
_REFUSALS: Final = (
    _Refusal("comparison", _ANY, "comparison"),
    _Refusal("norm", 8, "norm", never=frozenset("%")),
    _Refusal("share", 8, "comparison", only=frozenset(("%", ""))),
    _Refusal("goal", 2, "target"),
    _Refusal("change", 2, "comparison"),
)
_LEVEL_REACH: Final = 8
# 6件拟提请废止: what is to be done with them is not done.
_AHEAD: Final = (
    "拟提请",
    "拟修",
    "拟废",
    "拟保留",
    "拟宣布",
    "拟继续",
    "拟于",
    "拟列",
    "待提请",
    "计划",
    "将于",
    "将提请",
)
# 每年开展讲座不少于4场: a norm, however far the word that says so.
_LIMITS: Final = frozenset(("不少于", "不低于", "不超过", "不多于", "不高于"))
_AHEAD_BEGINS: Final = frozenset(words[0] for words in _AHEAD)
_LIMIT_ENDS: Final = frozenset(words[-1] for words in _LIMITS)
# 要求不低于95%，实际98.4%: what was demanded, not what was reached.
_KEPT: Final = re.compile(r"(?:以[内上下])?[，,；;（(](?:我[县区市旗局镇乡])?(?:全[县区市旗])?实际")
# 由去年的11件降为6件, 由年初的5名发展到18名: how many there were.
_LAST_YEARS: Final = re.compile(r"(?:[去上前]一?年度?|往年|(?:由|从)(?:年初|最初|此前|原来|原有|原先))(?:同期)?的?\Z")
_YEAR_ENDS: Final = frozenset("年度期的初前来有先")
_LONGEST_YEAR: Final = 8
_MADE_UP: Final = re.compile(r"[^，。；\d]{0,16}(?:组成|构成)")
# Who is over a mark, as in 败诉率超15%的单位, is no result.
_OVER: Final = frozenset("超过于足")
# A one right behind a negation only stresses it: 未发生一起败诉案件.
STRESS_REACH: Final = 2


def refusal(reading: Reading, frame: Frame) -> str:
    """Return what the words of a frame make of a number that is no result, else nothing; the nearest word decides.

    A word such as 下降至 says that the number is a level after all; only a target outranks it.
    """
    is_level = False
    for index in reversed(frame.left):
        if not reading.bits[index] & SIGNAL:
            continue
        signals = reading.words[reading.ids[index]].signals
        if "target" in signals:
            return "target"
        if is_level:
            continue
        start = frame.numeral.start
        gap = start - reading.ends[index]
        if "none" in signals and stresses(frame.numeral, reading.ends[index]):
            return "idiom"
        if "level" in signals and gap <= _LEVEL_REACH:
            is_level = True
            continue
        if reading.words[reading.ids[index]].text == "由" and _MADE_UP.match(reading.text, frame.numeral.after):
            continue  # 由11名专家、律师组成
        limited = "norm" in signals and reading.text[max(0, start - 3) : start] in _LIMITS
        found = "norm" if limited else _by_signal(signals, gap, frame.numeral.unit)
        if found:
            return found
    return _by_characters(reading.text, frame)


def _by_characters(text: str, frame: Frame) -> str:
    """Return what the characters right beside a number make of it."""
    start, after = frame.numeral.start, frame.numeral.after
    before, behind = text[start - 1], text[after : after + 1]
    if before in _LIMIT_ENDS and text[max(0, start - 3) : start] in _LIMITS and _KEPT.match(text, after):
        return "target"
    if behind in _AHEAD_BEGINS and text.startswith(_AHEAD, after):
        return "target"
    if before in _YEAR_ENDS and _LAST_YEARS.search(text, max(0, start - _LONGEST_YEAR), start):
        return "comparison"
    if behind == "的":
        return "threshold" if before in _OVER and frame.numeral.unit == "%" else ""
    above = (
        behind == "以"
        and text.startswith("以上", after)
        and (text.startswith("的", after + 2) or (frame.unit == "万元" and "一" <= text[after + 2 : after + 3] <= "龥"))
    )
    return "threshold" if above else ""


def stresses(numeral: Scanned, end: int) -> bool:
    """Whether a numeral right behind ``end`` only stresses the negation there."""
    return numeral.value == 1 and numeral.start - end <= STRESS_REACH


def _by_signal(signals: frozenset[str], gap: int, unit: str) -> str:
    for each in _REFUSALS:
        if (
            each.signal in signals
            and gap <= each.reach
            and unit not in each.never
            and (not each.only or unit in each.only)
        ):
            return each.kind
    return ""
