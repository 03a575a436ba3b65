"""One sentence: its clauses from left to right, the frame around each number, and what the number is.

Here belongs the grammar of a sentence: how far a number's words reach, what is carried from clause to clause,
whose figure it is, which time it covers, and whether it is a result of this year at all. Not here: words and
patterns (``contracts/catalogue``), the form of numerals (``assets.parse.scan``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Final, final

from assets.parse.findings import Entry, Fact
from assets.parse.grammar import (
    ACT,
    BELOW,
    BOUNDARY,
    FIXED,
    HARD,
    IMPLYING,
    NAMING,
    PART,
    SCOPE,
    SIGNAL,
    SOFT,
    TOPIC,
    Rule,
)
from assets.parse.implied import read_implied, read_named
from assets.parse.match import BARE_ZERO, Topics
from assets.parse.modifiers import Time, made_since, qualifier, time_of
from assets.parse.refusals import Frame, refusal
from assets.parse.scan import Scanned
from assets.parse.shares import LIST_MARKS, Parted, handed_out, is_of_another_year, part, sharing
from assets.parse.stretch import REACH, Bounds, Stretch, first_from

if TYPE_CHECKING:
    from assets.parse.reading import Reading
    from contracts.indicators import Indicator


@final
class _Inherited:
    """What a number takes over from the one before: its rule, and the body that it names itself."""

    def __init__(self, rule: Rule, dimension: str | None, scope: str) -> None:
        """Hold what is taken over."""
        self.rule = rule
        self.dimension = dimension
        self.scope = scope


class Sentence(Stretch):
    """Reads a stretch that is a sentence and holds ``numerals``."""

    def __init__(self, reading: Reading, bounds: Bounds, numerals: list[Scanned], active: list[int], done: int) -> None:
        """Start at the sentence's begin with nothing carried; ``done`` is all that its ``active`` words do."""
        super().__init__(reading, bounds)
        self.numerals = numerals
        self.active, self.done = active, done
        self.quantities = [numeral for numeral in numerals if not numeral.kind]
        self.quantity_starts = [numeral.start for numeral in self.quantities]
        self.beyond = reading.context()
        self.clause_topics = 0
        self.topics_before = (0, 0)
        self.subject = ""
        self.said_of: dict[str, str] = {}
        self.said_of_part: dict[str, str] = {}
        self.body = ""
        self.other_year = ""
        self.clause_year = ""
        self.span = reading.paragraph_span
        self.parted: Parted | None = None
        self.previous: tuple[Rule, str] | None = None
        self.frame_before: list[int] = []
        self.unit_before = ""
        self.target_frame: list[int] = []
        self.compared: tuple[int, int] | None = None
        self.among: tuple[int, ...] = ()
        self.is_part = False
        self.claimed = -1
        self.refused = ""
        self.made: list[int] = []
        self.bracket_depth = (self.begin, 0)

    def read(self) -> None:
        """Read the sentence; facts and entries go to the reading."""
        r = self.r
        starts, bits, active = r.starts, r.bits, self.active
        at, stop = 0, len(self.active)
        quantities = 0
        floor = -1
        for numeral in self.numerals:
            while at < stop and starts[index := active[at]] < numeral.start:
                if bits[index] & ~FIXED != HARD:
                    self._word(index)
                elif self.clause_topics or self.clause_year or self.other_year or self.body or self.said_of_part:
                    self._close_clause(index)
                at += 1
            if numeral.kind:
                if numeral.kind in ("date", "duration"):
                    self._time(time_of(r.text, self.begin, numeral, r.year), numeral.start)
                elif numeral.kind == "comparison":
                    self.compared = (numeral.start, floor)
                r.entries.append(Entry(numeral, "explained", numeral.kind))
            else:
                quantities += 1
                ceiling = self.quantities[quantities].start if quantities < len(self.quantities) else self.stop
                self._quantity(numeral, floor, ceiling)
                floor = numeral.after
        while at < stop:
            self._word(active[at])
            at += 1

    # -- what words and dates carry on ------------------------------------------------------------------------

    def _word(self, at: int) -> None:
        r = self.r
        bits = r.bits[at]
        if bits & HARD:
            self._close_clause(at)
            return
        if bits & TOPIC:
            self.clause_topics = r.grammar.topic_sets.union(self.clause_topics, r.topics_at(at, self.first, self.last))
        if bits & SCOPE:
            self._carry_subject(at)
        if bits & SIGNAL:
            self._carry_signals(at)
        if bits & IMPLYING:
            read_implied(self, at)
        if bits & NAMING:
            read_named(self, at)

    def _carry_subject(self, at: int) -> None:
        r = self.r
        scope = self._named(at)
        if scope in BELOW:
            # 区政府文件保留52件；部门文件137件，保留104件
            begins = r.starts[at] == self.begin and _BUREAU.match(r.text, r.starts[at], r.ends[at])
            after_others = r.text[r.starts[at] - 1] in "；;" and bool(self.made)
            if begins or after_others or (_SINGLED_OUT.match(r.text, r.ends[at], self.stop) and self._opens_clause(at)):
                self.body = scope  # 苏木镇文件中，保留31件
        elif r.text.endswith("其中", self.begin, r.starts[at]):
            return  # 全县公开信息46万条，其中县政府网站2万条；收到申请138件: what a part is of does not become the part's
        elif scope and self._opens_clause(at) and not self._in_bracket(r.starts[at]):
            is_joint = scope in _JOINT and self._is_joint(at, scope)
            is_town = r.words[r.ids[at]].text in _TOWN
            self.subject = _JOINTLY if is_joint else _TOWNSHIP if is_town else scope

    def _is_joint(self, at: int, scope: str) -> bool:
        """Whether a body is one of two that act together: 县委、县政府; 县委县政府主要负责人."""
        r = self.r
        if scope == "party_committee":
            return _AND_GOVERNMENT.match(r.text, r.ends[at], self.stop) is not None
        before = at - 2 if r.bits[at - 1] & SOFT else at - 1
        adjoins = before >= self.first and r.starts[at] - r.ends[before] <= 1
        return adjoins and r.words[r.ids[before]].scope == "party_committee"

    def _carry_signals(self, at: int) -> None:
        r = self.r
        signals = r.words[r.ids[at]].signals
        if "half_year" in signals:
            self.span = "half_year"
        elif "since" in signals:
            if not made_since(r.text, r.ends[at]):
                self.span = "cumulative"
        elif "last_year" in signals:
            if self._opens_clause(at):
                self.other_year = "comparison"
        elif "plan" in signals:
            if self.r.text[self.r.starts[at]] in "下今明" and self._opens_clause(at):
                self.other_year = "target"  # 下一步，拟开展评估，审核率保持100%
        elif "this_year" in signals:
            self.span = self.other_year = self.clause_year = ""
        elif "respectively" in signals:
            self.parted = part(self, at) or self.parted

    @property
    def wrong_year(self) -> str:
        """What figures are at the place reached when they are of another year than the report's, else nothing."""
        return self.clause_year or self.other_year

    def _close_clause(self, at: int) -> None:
        self.clause_year = ""
        if self.r.text[self.r.starts[at]] in "；;":
            self.other_year = ""
            self.said_of_part.clear()
            self.said_of = {topic: scope for topic, scope in self.said_of.items() if scope not in BELOW}
            self.body = ""
        if self.clause_topics:
            self.topics_before = (self.clause_topics, self.r.grammar.topic_sets.union(*self.topics_before))
            self.clause_topics = 0

    def _opens_clause(self, at: int) -> bool:
        """Whether a word stands where subjects stand: at most a few words behind the begin of its clause."""
        bits = self.r.bits
        return any(index < self.first or bits[index] & HARD for index in range(at - 1, at - 4, -1))

    def _time(self, time: Time | None, start: int) -> None:
        """Carry on what a date says: one that opens a clause holds for those that follow, another for its own alone."""
        if time is None:
            return
        if time.other_year:
            text = self.r.text
            opens = start == self.begin or text[start - 1] in _OPENERS or text.endswith(_PLANNED, 0, start)
            if opens:
                self.other_year = time.other_year
            else:
                self.clause_year = time.other_year
            return
        self.span, self.other_year, self.clause_year = time.span, "", ""
        if time.for_paragraph:
            self.r.paragraph_span = time.span

    # -- frames -----------------------------------------------------------------------------------------------

    def _frame(self, numeral: Scanned, floor: int, ceiling: int) -> Frame:
        """Return the frame of a number: the words on either side that belong to it and not to its neighbours."""
        r = self.r
        bits = r.bits
        left, floored = self.left(numeral.start, floor)
        if floored and left:
            if bits[left[0]] & SOFT and r.starts[left[0]] == floor:
                left = left[1:]  # 维持3件、撤销1件
            elif bits[left[-1]] & SOFT and r.ends[left[-1]] == numeral.start:
                left = []  # 42项任务和16个行动
        gap = numeral.start - floor
        unit = r.grammar.unit_class.get(numeral.unit, numeral.unit)
        self.among = self._still_among(left, floor, unit)
        joined = "近约超逾共的达、" if unit != self.unit_before else "近约超逾共的达"
        if floor >= 0 and gap <= _ADJOINING and not r.text[floor : numeral.start].strip(joined):
            left = self.frame_before  # 培训5场近900人次
        self.frame_before, self.unit_before = left, unit
        right, ceiled = self.right(numeral.after, ceiling)
        if right and r.starts[right[0]] == numeral.after and "none" in r.words[r.ids[right[0]]].signals:
            right = []  # 应诉案2件未败诉
        if right and r.text[numeral.after] == "中" and _OF_THESE.match(r.text, numeral.after):
            right = []  # 47件中保留29件
        if ceiled:
            cut = next((place for place, index in enumerate(right) if bits[index] & SOFT), None)
            right = right[:cut]
        if not unit and numeral.value == 0:
            unit = BARE_ZERO
        return Frame(numeral, left, right, unit=unit, floor=floor, ceiling=ceiling)

    def _still_among(self, left: list[int], floor: int, unit: str) -> tuple[int, ...]:
        """Return the number of the word 其中 when it parts a whole at this number: 其中机关38个、组织11个."""
        r = self.r
        if left and r.words[r.ids[left[0]]].text == "其中":
            return (r.ids[left[0]],)
        mark = r.text[floor : floor + 1] if floor >= 0 else ""
        goes_on = mark in LIST_MARKS or (mark in _COMMAS and self.is_part and unit == self.unit_before)
        return self.among if goes_on else ()

    def context(self) -> Topics:
        """Return what the place reached is about: its clause, the clauses before, and what lies beyond the sentence."""
        latest, before = self.topics_before
        return (self.clause_topics, latest, before) + self.beyond  # noqa: RUF005 - a star makes a list on the way

    # -- numbers ----------------------------------------------------------------------------------------------

    def _quantity(self, numeral: Scanned, floor: int, ceiling: int) -> None:
        r = self.r
        if numeral.fused:
            r.entries.append(Entry(numeral, "queued", "fused"))
            return
        frame = self._frame(numeral, floor, ceiling)
        if self._is_of_part(frame):
            self._unclaimed(numeral, conflict=False)
            return
        handed = handed_out(self, frame) if self.parted else None
        of_years = handed is not None and self.parted is not None and self.parted.this_year >= 0
        self.refused = self._year_refusal() if of_years else self._refusal(frame)
        if self.refused:
            self.target_frame = frame.left
            self.compared = (numeral.start, floor)
            r.entries.append(Entry(numeral, "explained", self.refused))
            return
        met, conflict = self._rules(frame, handed)
        met = [(rule, nouns) for rule, nouns in met if not self._is_rest(rule, numeral.start)]
        inherited = self._part_of_list(frame) if not met and not conflict else None
        if met and self.among and self._is_part_of_stated(met, frame):
            met = []
        self.is_part = bool(self.among) and not met
        if not met and inherited is None:
            self._unclaimed(numeral, conflict=conflict)
            return
        source = inherited or _Inherited(met[0][0], None, "")
        met = met or [(source.rule, frame.left)]
        rules = [rule for rule, _ in met]
        r.entries.append(Entry(numeral, "observation", "", rules[0].id, len(r.facts)))
        for rule, nouns in met:
            self._fact(rule, frame, source, nouns)
        if len(self.made) > _ADDENDS and _SUM.search(
            r.text, max(floor, self.begin, numeral.start - _LONGEST_NAME), numeral.start
        ):
            self._part_by_sum()
        self.previous = (rules[0], frame.unit) if len(rules) == 1 else None
        self.claimed = numeral.after
        if any(rule.indicator.id in r.grammar.also_from for rule in rules):
            self._also(rules, frame)

    def _is_part_of_stated(self, met: list[tuple[Rule, list[int]]], frame: Frame) -> bool:
        """Whether a number behind 其中 parts what the sentence states already: 检察建议23件，其中公益诉讼建议17件.

        A part that a body has is a fact of that body, and so is what a shorter time added (第三季度31件, 当年新接收88人).
        """
        r = self.r
        words = [r.words[r.ids[index]] for index in (*frame.left, *frame.right[:1])]
        begins = bool(frame.left) and r.ids[frame.left[0]] in self.among
        if not begins and self.claimed == frame.floor:
            return False
        between = r.text[max(frame.floor, self.begin) : frame.numeral.start]
        if any("this_year" in word.signals for word in words) or "季度" in between or "月" in between:
            return False
        bodies = {word.scope for word in words}
        facts = [r.facts[number] for number in self.made[-REACH:]]
        return all(
            bodies.isdisjoint(rule.indicator.scopes)
            and any(fact.rule.indicator is rule.indicator and fact.period == self._period(rule) for fact in facts)
            for rule, _ in met
        )

    def _part_by_sum(self) -> None:
        """Take what was stated right before for parts of the last fact when they add up to it: 查封4宗、扣押7宗，合计11宗."""
        facts = self.r.facts
        whole = facts[self.made[-1]]
        parts: list[int] = []
        for number in reversed(self.made[-REACH:-1]):
            fact = facts[number]
            same = (fact.scope, fact.dimension, fact.period) == (whole.scope, whole.dimension, whole.period)
            if fact.rule.indicator is not whole.rule.indicator or fact.numeral is None or not same:
                break
            parts.append(number)
        if len(parts) >= _ADDENDS and sum(facts[number].value for number in parts) == whole.value:
            self.r.parts.update(parts)

    def _is_of_part(self, frame: Frame) -> bool:
        """Whether a number counts a part alone, or what a part was drawn from."""
        text, numeral = self.r.text, frame.numeral
        if text.find("中", numeral.after, numeral.after + _POOL_REACH) >= 0 and _POOL.match(
            text, numeral.after, self.stop
        ):
            return True
        if text[numeral.start - 1] == "中" and _DRAWN.search(
            text, max(self.begin, numeral.start - _DRAWN_REACH), numeral.start
        ):
            return True
        if (
            frame.floor > self.begin
            and _OVER_A_MARK.fullmatch(text, frame.floor, numeral.start)
            and text.find("其中", max(self.begin, frame.floor - _LONGEST_NAME), frame.floor) >= 0
        ):
            return True
        return self.done & PART != 0 and any(self.r.bits[index] & PART for index in (*frame.left, *frame.right))

    def _is_rest(self, rule: Rule, start: int) -> bool:
        """Whether a number tells how far what was counted before has come: 36项任务已完成34项, 其余2项正在推进."""
        facts = self.r.facts
        if not self.made or self.r.text[start - 1] not in _REST_ENDS:
            return False
        return _REST.search(self.r.text, max(self.begin, start - _LONGEST_LEVEL), start) is not None and any(
            facts[number].rule.indicator is rule.indicator for number in self.made[-REACH:]
        )

    def _year_refusal(self) -> str:
        """Return what a number is that 分别 gives to one of several years, nothing for that of the report year."""
        if is_of_another_year(self.parted):
            return "comparison"
        self.span = self.other_year = self.clause_year = ""
        return self.r.zone

    def _refusal(self, frame: Frame) -> str:
        """Return what a number is that is no result of this year, else nothing."""
        r = self.r
        year = self.wrong_year
        if year and frame.left and self._is_level(frame.left[-1]):
            year = self.other_year  # 由2018年的6名增至24名: the year is of the level before
        if year and r.text.find("结转", max(self.begin, frame.numeral.start - _CARRIED), frame.numeral.start) >= 0:
            year = ""  # 2023年结转的31件 are of this year as well
        found = r.zone or refusal(r, frame) or year
        if found or frame.floor < 0 or not self.refused:
            return found
        between = r.text[frame.floor : frame.numeral.start]
        # 比上年分别增长12.6%、10.3%; 力争调解率达到40%以上、败诉率降至5%以下
        goes_on = between in LIST_MARKS or (self.refused == "target" and not _CLAUSE_END.search(between))
        return self.refused if goes_on else ""

    def _rules(self, frame: Frame, handed: list[int] | None) -> tuple[list[tuple[Rule, list[int]]], bool]:
        """Return the rules that a number meets, one for each indicator, and whether two indicators claim it alike.

        With each rule come the words on the left that it was met with: those of the noun ``handed`` to the number, or
        of one of the nouns that share it.
        """
        met: list[tuple[Rule, list[int]]] = []
        conflict = False
        for nouns in [handed] if handed else sharing(self, frame):
            conflict |= self._try(frame, nouns, frame.right, met)
        if not met:
            for nouns, behind in self._wider(frame):
                conflict |= self._try(frame, nouns, behind, met)
                if met:
                    met = [(rule, frame.left) for rule, _ in met]  # whose figure it is, its own words say
                    break
        return met, conflict and not met

    def _try(self, frame: Frame, nouns: list[int], behind: list[int], met: list[tuple[Rule, list[int]]]) -> bool:
        """Add to ``met`` the rule that a number meets with these words, and return whether two indicators claim it."""
        ids = (*self.among, *self.ids(nouns))
        verdict = self.r.matcher.match("number", ids, self.ids(behind), frame.unit, self.context())
        rule = verdict.rule
        if verdict.rival is not None:
            return True
        if (
            rule is not None
            and self._counts(rule, frame, behind)
            and not self._is_far(rule, frame, nouns, behind)
            and not self._is_barred(rule, frame, nouns)
        ):
            body = self._body(nouns)
            if not any(each.indicator is rule.indicator and self._body(words) == body for each, words in met):
                met.append((rule, nouns))
        return False

    def _is_barred(self, rule: Rule, frame: Frame, nouns: list[int]) -> bool:
        return self._is_negated(rule, nouns) or (self.done & ACT != 0 and self._is_governed(rule, frame))

    def _is_governed(self, rule: Rule, frame: Frame) -> bool:
        """Whether a number counts what something else is done to: 审核合同41份、行政处罚28件 are no penalties."""
        r = self.r
        left = frame.left
        listed = frame.floor >= 0 and r.text[frame.floor] in LIST_MARKS
        if not (listed and left and r.bits[left[0]] & ACT and r.starts[left[0]] == frame.floor + 1):
            return False
        for index in reversed(self.left(frame.numeral.start, -1)[0]):
            word = r.words[r.ids[index]]
            if "governs" in word.signals:
                return rule.topics.isdisjoint(word.topics) and all(
                    group.isdisjoint(word.meaning) for group in rule.needed
                )
        return False

    def _is_negated(self, rule: Rule, nouns: list[int]) -> bool:
        """Whether a number counts what was not done, which its rule does not know of: 未开展述法的单位2个."""
        if not self.done & IMPLYING:
            return False
        r = self.r
        for index in nouns:
            word = r.words[r.ids[index]]
            if "none" in word.signals and len(word.text) > 1:
                return all(group.isdisjoint(word.meaning) for group in rule.needed)
        return False

    def _body(self, nouns: list[int]) -> str:
        """Return the scope of the body that opens the words on the left of a number, or nothing."""
        return self.r.words[self.r.ids[nouns[0]]].scope if nouns else ""

    def _wider(self, frame: Frame) -> Iterator[tuple[list[int], list[int]]]:
        """Yield frames that reach farther than a number's own, for when no rule meets that one."""
        yield from self._farther_before(frame)
        yield from self._farther_behind(frame)

    def _farther_before(self, frame: Frame) -> Iterator[tuple[list[int], list[int]]]:
        r = self.r
        numeral, left, right = frame.numeral, frame.left, frame.right
        if self.target_frame and _ACTUAL.search(r.text, max(frame.floor, self.begin), numeral.start):
            yield self.target_frame, []  # 败诉率控制目标8%，实际6.2%; 去年受理42件，今年51件
        if self.target_frame and left and all(self._is_level(index) for index in left):
            yield self.target_frame, right  # 由870名增加到1012名
        if self.compared and _BARE_LEVEL.search(r.text, max(self.begin, numeral.start - _LONGEST_LEVEL), numeral.start):
            yield self.left(*self.compared)[0], right  # 败诉率同比下降3.4个百分点，为6.1%
        if not right and (before := self._clause_before(frame)):
            yield before, []  # 对文件作了全面清理，共138件
        if r.text[numeral.start - 1] in _COMMAS and _TAKING_PART.match(r.text, numeral.after):
            yield self.left(numeral.start - 1, -1)[0], right  # 举办培训班5期，460人参加
        in_bracket = r.text[numeral.start - 1] in _OPENING and r.text[numeral.after : numeral.after + 1] in _CLOSING
        if in_bracket and not numeral.chinese:
            yield self.left(numeral.start - 1, frame.floor)[0], []  # 公布废止的文件目录（12件）

    def _farther_behind(self, frame: Frame) -> Iterator[tuple[list[int], list[int]]]:
        r = self.r
        numeral, left, right = frame.numeral, frame.left, frame.right
        if right and r.text[frame.ceiling - 1] in LIST_MARKS:
            # 对14个乡镇、31个部门开展督察: the verb that both share stands behind the last.
            yield left, self.right(numeral.after, self.stop)[0]
        if r.text[numeral.after : numeral.after + 1] in LIST_MARKS and (behind := self._behind_list(frame)):
            yield left, behind  # 召开常务会议6次、专题会议3次研究法治建设
        is_part = "其中" in r.text[max(frame.floor, self.begin, numeral.start - _LONGEST_NAME) : numeral.start]
        if not right and (purpose := self._purpose(numeral.after)):
            yield left, purpose  # 召开常务会议4次，研究法治政府建设
        if right and not is_part and (following := self._next_clause(frame)):
            yield left, following  # 召开4次常务会议，研究法治政府建设

    def _clause_before(self, frame: Frame) -> list[int]:
        """Return the words of the clause before one that holds only 共 or 全年 beside its number.

        A number of the same unit there ends them, so that a part is not taken for the whole.
        """
        r = self.r
        start = frame.numeral.start
        if not _BARE_TOTAL.search(r.text, max(self.begin, start - _LONGEST_LEVEL), start):
            return []
        hard = self._mark_before(start)
        if hard < self.first or frame.floor > r.starts[hard]:
            return []
        before, floored = self.left(r.starts[hard], frame.floor)
        counted = self.quantity_before(start) if floored else None
        return [] if counted is not None and r.grammar.unit_class.get(counted.unit) == frame.unit else before

    def _mark_before(self, start: int) -> int:
        """Return the mark that opens the clause in which ``start`` lies, less than ``first`` when there is none."""
        hard = first_from(self.r.starts, start, self.first, self.last) - 1
        while hard >= self.first and self.r.words[self.r.ids[hard]].text not in _CLAUSE_MARKS:
            hard -= 1
        return hard

    def _behind_list(self, frame: Frame) -> list[int]:
        """Return the words behind the last number of a list whose numbers have one unit."""
        r = self.r
        last = frame.numeral
        for number in islice(self.quantities_from(frame.ceiling), REACH):
            between = r.text[last.after : number.start]
            unit = r.grammar.unit_class.get(number.unit, number.unit)
            if between[:1] not in LIST_MARKS or unit != frame.unit or _CLAUSE_END.search(between):
                break
            last = number
        if last is frame.numeral:
            return []
        behind, _ = self.right(last.after, self._next_quantity(last.after))
        return behind if behind and r.starts[behind[0]] == last.after else self._purpose(last.after)

    def _purpose(self, after: int) -> list[int]:
        """Return the words of a clause without a number that says what the number before its comma was for."""
        if not _PURPOSE.match(self.r.text, after, self.stop):
            return []
        behind, ceiled = self.right(after + 1, self._next_quantity(after))
        return [] if ceiled else behind

    def _next_quantity(self, after: int) -> int:
        following = next(self.quantities_from(after), None)
        return following.start if following else self.stop

    def _is_level(self, index: int) -> bool:
        return bool(self.r.bits[index] & SOFT) or "level" in self.r.words[self.r.ids[index]].signals

    def _next_clause(self, frame: Frame) -> list[int]:
        """Return the words on the right of a number, of which there are some, and those of the clause behind them.

        Empty where that clause has a number of its own.
        """
        r = self.r
        at = frame.right[-1] + 1
        if at >= self.last or r.words[r.ids[at]].text not in _COMMAS:
            return []
        behind, ceiled = self.right(r.ends[at], frame.ceiling)
        return [] if ceiled else [*frame.right, *behind]

    def _counts(self, rule: Rule, frame: Frame, behind: list[int]) -> bool:
        """Whether a rule is about what the number counts: 7个乡镇办理案件 counts towns, not cases."""
        r = self.r
        right = frame.right
        after = frame.numeral.after
        if frame.unit in _UNITS_OF_BODIES and (
            r.text[frame.numeral.start - 1] == "在" or _WHO_DID.match(r.text, after, self.stop)
        ):
            return False  # 在9个乡镇司法所设立代收点, 9个调委会共有调解员67人: where or by whom something was done
        if frame.unit in _UNITS_OF_BODIES and (named := _BODIES.match(r.text, after, self.stop)):
            return self._needs_one(rule, [index for index in right if r.starts[index] < named.end()])
        if not right or r.starts[right[0]] != after:
            return True
        counts_bodies = frame.unit in _UNITS_OF_BODIES and r.words[r.ids[right[0]]].scope in BELOW
        if not counts_bodies and len(behind) <= len(right):
            return True
        return self._needs_one(rule, right if len(behind) > len(right) else right[:1])

    def _needs_one(self, rule: Rule, indices: list[int]) -> bool:
        """Whether a rule needs one of these words."""
        r = self.r
        meanings = [r.words[r.ids[index]].meaning for index in indices]
        return any(not group.isdisjoint(meaning) for meaning in meanings for group in rule.needed)

    def _is_far(self, rule: Rule, frame: Frame, nouns: list[int], behind: list[int]) -> bool:
        """Whether a number has a noun of its own and the only word that a rule needs stands far from both.

        7件行政规范性文件同步解读 counts documents; 单位 names nothing (2家单位获评…), and 文件 or 案件 whatever the text is about.
        """
        r = self.r
        start, after = frame.numeral.start, frame.numeral.after
        follows = r.text[after : after + 1]
        if len(rule.needed) > 1 or frame.unit in _BARE_UNITS or not "一" <= follows <= "龥" or follows in _NO_NOUN:
            return False
        if r.text.startswith(_COUNTED, after):
            return False
        if named := _EMPTY_NOUN.match(r.text, after, self.stop):
            after = named.end()
        group = rule.needed[0] | rule.topics
        for index in (*nouns, *behind):
            gap = start - r.ends[index] if r.ends[index] <= start else r.starts[index] - after
            if gap < _FAR and not group.isdisjoint(r.words[r.ids[index]].meaning):
                return False
        return True

    def _also(self, rules: list[Rule], frame: Frame) -> None:
        """Read what a number states of another thing as well: 10名未通过审验并注销证件."""
        left, right = frame.left, frame.right
        rule = self.r.matcher.match("also", self.ids(left), self.ids(right), "", self.context()).rule
        if rule is not None and any(each.indicator.id in rule.pattern.source for each in rules):
            self.implied_fact(rule, frame.numeral.value, [*left, *right])

    def quantity_before(self, start: int) -> Scanned | None:
        """Return the last quantity of the sentence that begins before ``start``, None when there is none."""
        place = first_from(self.quantity_starts, start, 0, len(self.quantity_starts))
        return self.quantities[place - 1] if place else None

    def quantities_from(self, start: int) -> Iterator[Scanned]:
        """Yield the quantities of the sentence that begin at ``start`` or later."""
        starts = self.quantity_starts
        for place in range(first_from(starts, start, 0, len(starts)), len(starts)):
            yield self.quantities[place]

    def _part_of_list(self, frame: Frame) -> _Inherited | None:
        """Return what a number takes over that only names a body or a time: 折桂县148件、松筠县131件."""
        r = self.r
        floor, start = frame.floor, frame.numeral.start
        if self.previous is None or self.previous[1] != frame.unit or floor < 0:
            return None
        rule = self.previous[0]
        between = r.text[max(floor, start - _LONGEST_NAME) : start]
        of_kinds = self.among and self.claimed != floor and "其中" not in between  # 其中村（社区）203个、乡镇15个
        if of_kinds or "其他" in between or "其余" in between:
            return None
        if _IN_ALL.fullmatch(between):
            # 上半年37场，全年共71场
            of_year = rule.indicator.period == "year"  # 新收93件，上年结转8件，共计101件
            return _Inherited(rule, None, "") if of_year and self.claimed == floor else None
        allowed = () if rule.indicator.fixed_scope else rule.indicator.scopes
        words = [r.words[r.ids[index]] for index in frame.left if not r.bits[index] & BOUNDARY]
        begin = r.starts[frame.left[0]] if frame.left else floor
        named = r.text[max(begin, floor, start - _LONGEST_NAME) : start].lstrip("，、：:；;（(")
        body = _BODY.fullmatch(named)
        said = _OF_THE_WHOLE if "其中" in between and frame.unit == "件" else _AMONG
        if body is None and any(word.concepts and not word.scope and word.text not in said for word in words):
            return None
        scope = next((word.scope for word in words if word.scope in allowed), "")
        if scope or body is None:
            return _Inherited(rule, None, scope) if scope and not self._is_own_part(rule, scope, start) else None
        scope = "subordinate_governments" if body["kind"] in _GOVERNMENTS else "departments"
        return _Inherited(rule, body["name"], scope) if scope in allowed else None

    def _is_own_part(self, rule: Rule, scope: str, start: int) -> bool:
        """Whether a body's figure is a part of its own before the bracket: 制定规范性文件3件（县政府2件、政府办1件）."""
        facts = [self.r.facts[number] for number in self.made[-REACH:]]
        return (
            scope == "reporter"
            and self._in_bracket(start)
            and any(fact.rule.indicator is rule.indicator and fact.scope == scope for fact in facts)
        )

    def _unclaimed(self, numeral: Scanned, *, conflict: bool) -> None:
        r = self.r
        if self.previous is not None and r.grammar.unit_class.get(numeral.unit, numeral.unit) != self.previous[1]:
            self.previous = None  # 下放镇街12项，公布38个部门权责清单4126项: no list goes on past another unit
        class_, kind = "queued", "conflict" if conflict else "uncatalogued"
        if not conflict and numeral.chinese and r.text[numeral.start : numeral.end] in _ARTICLES:
            class_, kind = "explained", "idiom"
        r.entries.append(Entry(numeral, class_, kind))

    # -- facts ------------------------------------------------------------------------------------------------

    def _fact(self, rule: Rule, frame: Frame, source: _Inherited, nouns: list[int]) -> None:
        """Add the fact that a number states by a rule that it met with ``nouns`` on its left."""
        r = self.r
        numeral, left, right = frame.numeral, frame.left, frame.right
        r.facts.append(
            Fact(
                rule,
                numeral,
                scope=source.scope or self._scope(rule, nouns, right),
                period=self._period(rule),
                dimension=source.dimension,
                value=numeral.value,
                qualifier=qualifier(r.text, self.begin, numeral),
                start=min(r.starts[left[0]], numeral.start) if left else numeral.start,
                end=max(r.ends[right[-1]], numeral.after) if right else numeral.after,
                section=r.section,
            )
        )
        self.made.append(len(r.facts) - 1)
        topic = rule.indicator.topic
        if len(topic) == 1 and topic[0] not in rule.topics:
            # What a rule knows without the topic's own words makes the topic known: 法院受理行政案件61件，审结58件.
            sets = r.grammar.topic_sets
            self.clause_topics = sets.union(self.clause_topics, sets.number(frozenset(topic)))

    def _period(self, rule: Rule) -> str:
        if rule.indicator.period != "year":
            return rule.indicator.period
        return self.span or self.r.title_period or "year"

    def _scope(self, rule: Rule, left: list[int], right: list[int]) -> str:
        indicator = rule.indicator
        if indicator.fixed_scope:
            return indicator.scope
        r = self.r
        near = self._scopes_near(left, right, indicator) if self.done & SCOPE else []
        if not near and self.body not in rule.scopes and "subordinate_governments" in rule.scopes:
            self.body = self._place_below(left) or self.body
        if self.body in rule.scopes and not near:
            return self.body
        # A figure of the same topic in the sentence: 以区政府为被告的案件21件，法院审结19件.
        here = _first_said(rule, self.said_of_part) or _first_said(rule, self.said_of)
        if here in rule.scopes and (not near or set(near) == {"other"}):
            return here
        begin = r.starts[left[0]] if left else self.stop
        if near and near[0] in BELOW and "territory" in rule.scopes and self._is_of_all(near, left, right):
            near = ["territory"]
        own = self._near_scope(rule, near) if near else ""
        scope = own or self._carried_scope(rule)
        opens = bool(left) and r.bits[left[0]] & SCOPE and (begin == 0 or r.text[begin - 1] in _STARTERS)
        # A bureau of justice acts for all: what it reviews is not its own.
        is_group = opens and scope in BELOW and "司法" not in r.words[r.ids[left[0]]].text
        if own:
            self.body = scope if is_group else ""
        of_these = len(left) > 1 and r.words[r.ids[left[0]]].text == "其中" and r.bits[left[1]] & SCOPE
        if (scope not in BELOW or is_group or of_these) and not self._in_bracket(begin):
            is_part = self._is_part(rule, scope)
            said_of = self.said_of_part if is_part else self.said_of
            of_report = not is_part and scope in near and scope not in BELOW
            for topic in rule.topic_order:
                said_of[topic] = scope
                if of_report:
                    r.said_of[topic] = scope
        return scope

    def _place_below(self, left: list[int]) -> str:
        """Return the scope of a place below the writer that opens the clause of these words: 折桂县受理行政复议案件56件."""
        r = self.r
        at = left[0] if left else self.stop
        if at == self.stop:
            return ""
        lowest = max(self.first, at - REACH)
        while at > lowest and not r.bits[at - 1] & HARD:
            at -= 1
        begin = r.ends[at - 1] if at > self.first else self.begin
        named = _PLACE.match(r.text, begin, self.stop)
        return "subordinate_governments" if named and r.writer.governs(named["kind"]) else ""

    def _is_part(self, rule: Rule, scope: str) -> bool:
        """Whether a figure of one body is a part of one said of all before: 应诉案件58件，涉及县政府的9件."""
        facts = self.r.facts
        return scope != "territory" and any(
            facts[number].scope == "territory" and facts[number].rule.indicator is rule.indicator
            for number in self.made[-REACH:]
        )

    def _in_bracket(self, at: int) -> bool:
        """Whether ``at`` stands in a bracket: counted on from the place asked for before."""
        counted, depth = self.bracket_depth
        first, last = (counted, at) if at >= counted else (at, counted)
        text = self.r.text
        change = text.count("（", first, last) - text.count("）", first, last)
        depth += change if at >= counted else -change
        self.bracket_depth = (at, depth)
        return depth > 0

    def _scope_of(self, index: int, indicator: Indicator) -> str:
        """Return the scope that a word means: of what the county's government alone does, 全县 means the government."""
        word = self.r.words[self.r.ids[index]]
        if indicator.county_scope and word.text in _COUNTY:
            return indicator.county_scope
        if word.text in _TOWN:
            return _of_town(indicator)
        return self._named(index)

    def _named(self, index: int) -> str:
        """Return the scope of the body that a word names, nothing where it says nothing in this report."""
        word = self.r.words[self.r.ids[index]]
        return self.r.writer.means(word.text, word.scope)

    def _scopes_near(self, left: list[int], right: list[int], indicator: Indicator) -> list[str]:
        """Return the scopes that the words of a frame name: right behind the number first (9个街道), then from it leftwards."""
        r = self.r
        return [
            self._scope_of(index, indicator)
            for index in (*right[:1], *reversed(left), *right[1:])
            if r.bits[index] & SCOPE and not r.text.endswith(_TAKING_PART_IN, 0, r.starts[index])
        ]

    def _is_of_all(self, near: list[str], left: list[int], right: list[int]) -> bool:
        """Whether a figure is of all bodies below: 乡镇和县直部门共聘法律顾问64名, 38个部门、14个乡镇持证人员1032名.

        So is one that all bodies of a kind only hold: 8个乡镇96个调解组织. Of a number that counts bodies itself it is not
        asked.
        """
        r = self.r
        if right and r.bits[right[0]] & SCOPE:
            return False
        begin = r.starts[left[0]] if left else self.stop
        lowest = max(self.begin, begin - _LONGEST_LEVEL)
        highest = min(self.stop, begin + _LONGEST_LEVEL)
        is_listed = set(near) >= _BODIES_BELOW or _LISTED_BODY.search(r.text, lowest, begin) is not None
        return is_listed or _HOLDERS.search(r.text, lowest, highest) is not None

    def _near_scope(self, rule: Rule, near: list[str]) -> str:
        """Return the scope that the words of a frame give an indicator, or nothing."""
        if ("other" in near or (set(near) >= _JOINT <= rule.scopes)) and "other" in rule.scopes:
            return "other"  # a court's figure, or a joint count of two bodies
        return next((scope for scope in near if scope in rule.scopes), "")

    def _carried_scope(self, rule: Rule) -> str:
        """Return the scope of a figure whose own words give none.

        What was said before may widen a figure to all, or give it to another body; it does not narrow it.
        """
        r = self.r
        subject = self.subject
        if subject == _JOINTLY:
            subject = "other" if rule.scopes >= _JOINT else ""
        elif subject == _TOWNSHIP:
            subject = _of_town(rule.indicator)
        default = r.default_scope(rule.indicator)
        if subject == default:
            return default
        if subject in rule.scopes and subject != "reporter":
            return subject
        for topic in rule.topic_order:
            scope = r.said_of.get(topic, "")
            if scope in rule.scopes and scope != "reporter":
                return scope
        return default

    def implied_fact(self, rule: Rule, value: float, words: list[int], scope: str = "") -> None:
        """Add a fact that no numeral states; ``words`` are those that imply it, in the order of the text."""
        r = self.r
        r.facts.append(
            Fact(
                rule,
                None,
                scope=scope or self._scope(rule, words, []),
                period=self._period(rule),
                dimension=None,
                value=value,
                qualifier="implied",
                start=r.starts[words[0]],
                end=r.ends[words[-1]],
                section=r.section,
            )
        )
        self.made.append(len(r.facts) - 1)


def _first_said(rule: Rule, said_of: dict[str, str]) -> str:
    return next((said_of[topic] for topic in rule.topic_order if topic in said_of), "")


def _of_town(indicator: Indicator) -> str:
    """Return the scope that 全镇 means: a town has no departments whose documents (全镇制发文件1件) would count as well."""
    return "reporter" if indicator.scope == "reporter" else "territory"


_COUNTY: Final = frozenset(("全县", "我县", "全区", "我区", "全旗", "我旗", "本县", "本区"))
# 参加全市竞赛: what a body took part in is not whose figure it is.
_TAKING_PART_IN: Final = ("参加", "参与", "荣获", "获评", "被评为")
_BODIES_BELOW: Final = frozenset(BELOW)
_LISTED_BODY: Final = re.compile(r"[、和及与]\d{1,4}[个家]\Z")
_HOLDERS: Final = re.compile(r"\d个(?:乡镇(?:（街道）)?|乡（镇）|镇街|镇（街道）|镇办|街道)(?=\d)")
_TOWN: Final = frozenset(("全镇", "全乡", "全街道"))
# The subject of a clause may be a Party committee and a government together.
_JOINT: Final = {"party_committee", "reporter"}
_JOINTLY: Final = "jointly"
_TOWNSHIP: Final = "township"
_AND_GOVERNMENT: Final = re.compile(r"[、和与]?[县区市旗]?(?:人民)?政府")
_SINGLED_OUT: Final = re.compile(
    r"[^，。；：、\d]{0,6}(?:(?:中|方面|层面)[，：]|：)|(?:规范性)?文件[^，。；：、\d]{0,6}[，：]"
)
# A department by its own name, not by its kind (县直部门, 相关部门, 职能部门).
_BUREAU: Final = re.compile(r"(?!.*司法).*(?:局|委|大队)|(?![县区旗各有相政工职本]|市[直级政属]|.*司法).+部门")

_CARRIED: Final = 9
_FAR: Final = 4
_NO_NOUN: Final = LIST_MARKS | frozenset("以左余多")
_COUNTED: Final = ("文件", "案件")
_EMPTY_NOUN: Final = re.compile(r"单位|(?:行政)?(?:村（[^）]{1,4}）|乡镇（[^）]{1,4}）|村居|村|社区|乡镇|街道)")
_BARE_UNITS: Final = frozenset(("", "%"))
_ADJOINING: Final = 3

_STARTERS: Final = frozenset("，；。：\n个")
_PLANNED: Final = ("计划", "预计", "力争", "打算")
_OPENERS: Final = frozenset("，；：。、,;:\n")
# 1874宗案卷中抽取: what is drawn from, not what is drawn.
_POOL: Final = re.compile(r"[^，。；、\d]{0,10}中[，,]?(?:随机|共|共计|再)?(?:抽取|抽查|抽选|选取|遴选|评选出)")
_UNITS_OF_BODIES: Final = frozenset(("个", "家", "所"))
_WHO_DID: Final = re.compile(r"[^，。；：、\d]{1,12}(?:[、和]\d{1,4}个[^，。；：、\d]{1,10})?(?<!公)共(?![同享建治])")
# What counts bodies, unless it goes on to name what they have or are: 14个村均有调委会, but 14个村调委会, 3个村获评.
_BODIES: Final = re.compile(
    r"(?>(?:行政|自然)?(?:村（社区）|村\(社区\)|村（居）|村居|村|社区|居委会|嘎查|乡镇|镇街|街道|乡|镇)(?:委会|民委员会)?"
    r"|(?:行政执法|执法|起草|制定|责任|成员|牵头)(?:部门|单位|机关)|(?:重点|关键|民生)?(?:领域|行业))"
    r"(?![获被入党级]|创建|成功|书记|主任|负责|主要|调委会|调解|人民调解|公共法律|法律服务|法律顾问|司法所|工作[室站]|服务[室站])"
)
# 其中50万元以上重大合同61份: those over a mark alone.
_OVER_A_MARK: Final = re.compile(r"以[上下][^，。；、：\d]{0,12}")
# 服务事项中2140项纳入: a part of what is counted elsewhere.
_POOL_REACH: Final = 11
_DRAWN_REACH: Final = 24
_DRAWN: Final = re.compile(r"(?:事项|案件|案卷|文件|人员|单位)中\Z")
_OF_THESE: Final = re.compile(r"中(?![心央等小学期型介院国标])")
_CLAUSE_MARKS: Final = frozenset("，,：:")
_COMMAS: Final = frozenset("，,")
# 同比下降3.4个百分点，为6.1%: a clause with nothing but its verb before the number.
_BARE_LEVEL: Final = re.compile(
    r"[，,；;](?:目前|现|已|仅|约|现已)?(?:为|是|达|达到|达至|至|有|(?:下?降|减少?|压缩|缩短|上?升|提[高升]|增[加长]?)(?:至|到|为)|稳定在|保持在)约?\Z"
)
_OPENING: Final = frozenset("（(")
_CLOSING: Final = frozenset("）)")
# 召开常务会议4次，研究…
_PURPOSE: Final = re.compile(
    r"[，,](?:专门|专题|分别|集中|集体|共同|主要|用于|以)?(?:研究|审议|听取|部署|讨论|商讨|会商|调度|安排|学习|研讨|传达|推动|推进|解决)"
)
_TAKING_PART: Final = re.compile(r"(?:参加|参训|参与|参学|受训|到课|参会)(?:了?培训|了?学习|了?活动)?(?=[，。；、]|$)")
_REST_WORDS: Final = ("其余", "剩余", "余下", "剩下", "尚余", "仅剩", "已完成", "已落实", "已办结", "完成了")
_REST: Final = re.compile(rf"(?:{'|'.join(_REST_WORDS)})[的约]?\Z")
# Behind any other character no number is a rest, so that most need no look at the words.
_REST_ENDS: Final = frozenset("的约") | {words[-1] for words in _REST_WORDS}
_ADDENDS: Final = 2
# 作了全面清理，共138件: a clause with nothing but a word of sum or time before the number.
_SUM: Final = re.compile(r"(?:合计|共计|总计|共|总数)[^，。；、\d]{0,3}\Z")
_BARE_TOTAL: Final = re.compile(
    r"[：:]\Z|[，,](?:全年|年内|今年|一年来|先后|前后|累计|总计|合计|总共|共计|共有|共达|共|总数|总量|数量|计|达|有|近|约|超|逾){1,3}(?:为|达)?\Z"
)
_LONGEST_LEVEL: Final = 8
_CLAUSE_END: Final = re.compile(r"[，；：。（）()]")
_ACTUAL: Final = re.compile(r"(?:实际[^，；]{0,4}|(?:今年|本年度?)(?:全年|为|共|达|有|则)?)\Z")
_AMONG: Final = frozenset(("其中", "包括", "含", "分别", "全年", "共", "累计"))
_OF_THE_WHOLE: Final = _AMONG | {"文件", "案件"}
_IN_ALL: Final = re.compile(r"[，；、（(：:]?(?:其中)?(?:(?:19|20)\d\d年度?|全年|本年|今年|累计|共|总计|合计|共计)+")
_BODY: Final = re.compile(
    r"(?:其中)?[：:，、（(]?(?![进在为对到向送入])(?P<name>[一-龥]{1,9}?(?P<kind>县|(?<![社小校景园辖地城灾片矿厂特])(?<![：，、（(]山)区|市|旗|镇|乡|街道|苏木|局|委|(?<![新承交督转续补通代协举帮主分会独合领自])办|院|队)|(?:公安|市场监管|综合执法|城市管理|城管"
    r"|交通运输|交通|应急管理|应急|生态环境|自然资源|农业农村|卫生健康|卫健|文化旅游|文旅|住房城乡建设|住建|人社|水利|林业|税务|消防|教育|民政|财政"
    r"|烟草|气象|统计|医保|发改|商务|科技|司法|审计|信访))(?:部门|机关|系统)?(?:分别|共|为|有|各)?"
)
# What a place ends with stands near: looking for that first spares most clauses the rest.
_PLACE: Final = re.compile(
    r"(?=[^县区市旗镇乡街苏]{0,8}+[县区市旗镇乡街苏])(?:其中[，：:]?)?(?![全我本各该两城超乡辖下县区市])[一-龥]{1,4}?(?<![全我本各两城超乡辖社小校景园发范理政游开新工矿灾林牧农山库片战地特业下])"
    r"(?P<kind>县|区|市|旗|镇|乡|街道|苏木)(?:人民政府|政府)?(?=[受收审作办查罚处调共新立检开化培组实发制建解\d])"
)
_GOVERNMENTS: Final = frozenset(("镇", "乡", "街道", "苏木", "县", "区", "市", "旗"))
_LONGEST_NAME: Final = 14
# Numerals that unclaimed are no count but an article or a figure of speech: 一名, 百件.
_ARTICLES: Final = frozenset("一百千万")
