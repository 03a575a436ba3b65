"""Facts that no numeral states: 无 means none, 全部 all of what was counted, 全覆盖 all there are, a name alone one.

Here belongs how such words are read in a sentence. Not here: which words imply what (``contracts/catalogue``).
"""

from __future__ import annotations

import re
from itertools import takewhile
from typing import TYPE_CHECKING, Final

from assets.parse.grammar import Rule
from assets.parse.refusals import STRESS_REACH, stresses
from assets.parse.stretch import REACH

if TYPE_CHECKING:
    from assets.parse.sentence import Sentence


def read_implied(sentence: Sentence, at: int) -> None:
    """Read what 无, 全部 or 全覆盖 says of the words beside it."""
    r = sentence.r
    if r.zone or sentence.wrong_year:
        return
    end = r.ends[at]
    number = next((each for each in sentence.quantities_from(end) if not stresses(each, end)), None)
    right, _ = sentence.right(end, number.start if number else sentence.stop)
    left, _ = sentence.left(r.starts[at], -1)
    seen: set[str] = set()
    for how in ("none", "all", "full"):
        if how not in r.words[r.ids[at]].signals:
            continue
        parts = [right] if how == "full" else sentence.parts(right) or [[]]
        for place, part in enumerate(parts):
            caused = _of_same_cause(sentence, left, parts[0], part) if how == "none" and place else []
            for rule in caused or _rules(sentence, how, left, part):
                value = _value(sentence, rule, how, at)
                if value is None:
                    continue
                if rule.indicator.id not in seen and not _just_said(sentence, rule, left):
                    seen.add(rule.indicator.id)
                    sentence.implied_fact(rule, value, [*left, at, *(part or right)])
                if how == "all" and len(parts) == 1:
                    break  # 均报备 says how many were filed; a list, 均经审核和备案, means the rates as well


def _just_said(sentence: Sentence, rule: Rule, left: list[int]) -> bool:
    """Whether a number of the same clause already states the indicator: 4宗均已结案."""
    r = sentence.r
    facts = (r.facts[number] for number in sentence.made[-REACH:])
    begin = r.starts[left[0]] if left else sentence.stop
    return any(fact.rule.indicator is rule.indicator and fact.end > begin for fact in facts)


def _rules(sentence: Sentence, how: str, left: list[int], right: list[int]) -> list[Rule]:
    """Return the rules that the words meet: of 全部 both a count, which it copies, and a rate, which it makes 100."""
    match = sentence.r.matcher.match
    found = []
    for each in ("all", "all%") if how == "all" else (how,):
        verdict = match(each, sentence.ids(left), sentence.ids(right), "", sentence.context())
        if verdict.rule is not None and verdict.rival is None:
            found.append(verdict.rule)
    return found


def _of_same_cause(sentence: Sentence, left: list[int], first: list[int], part: list[int]) -> list[Rule]:
    """Return the rules that a noun meets with what the first of its list is said of: 未发生因信息公开引起的复议、诉讼."""
    r = sentence.r
    cause = first[:-1]
    topics = frozenset[str]().union(*(r.words[r.ids[index]].topics for index in cause))
    return [rule for rule in _rules(sentence, "none", left, [*cause, *part]) if topics & rule.topics] if topics else []


def _value(sentence: Sentence, rule: Rule, how: str, at: int) -> float | None:
    if how == "none":
        return 0.0
    if rule.indicator.kind == "rate":
        return 100.0
    facts = (sentence.r.facts[number] for number in reversed(sentence.made[-REACH:]))
    value = next((fact.value for fact in facts if fact.rule.indicator.id in rule.pattern.source), None)
    # 部门制发5件；上述16件均经审核: of what stands right before 均, not of what was said before that.
    named = sentence.quantity_before(sentence.r.starts[at])
    is_other = named is not None and named.after == sentence.r.starts[at] and named.value != value
    return None if is_other else value


def read_named(sentence: Sentence, at: int) -> None:
    """Read a fact told by naming alone: 获评省级示范单位."""
    r = sentence.r
    if r.zone or sentence.wrong_year:
        return
    left, _ = sentence.left(r.ends[at], -1)
    right, _ = sentence.right(r.ends[at], sentence.stop)
    begin = r.starts[left[0]] if left else r.starts[at]
    end = r.ends[right[-1]] if right else r.ends[at]
    inside = takewhile(lambda each: each.start <= end + STRESS_REACH, sentence.quantities_from(begin))
    before = sentence.quantity_before(begin)
    beside = (before,) if before is not None and before.after == begin else ()  # 2人获评执法标兵
    if any(not (each.chinese and each.value == 1) for each in (*beside, *inside)):
        return
    verdict = r.matcher.match("named", sentence.ids(left), sentence.ids(right), "", sentence.context())
    rule = verdict.rule
    if rule is None or verdict.rival is not None:
        return
    if all(r.facts[number].rule.indicator is not rule.indicator for number in sentence.made[-REACH:]):
        by_bureau = _BUREAU.search(r.text, begin, end) and "departments" in rule.indicator.scopes
        value = 100.0 if rule.indicator.kind == "rate" else 1.0
        sentence.implied_fact(rule, value, [*(left or [at]), *right], "departments" if by_bureau else "")


_BUREAU: Final = re.compile(r"[一-龥]{2,8}局")
