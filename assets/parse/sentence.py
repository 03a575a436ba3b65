"""One sentence: its clauses from left to right, the frame around each number, and what the number is.

Here belongs the grammar of a sentence: how far a number's words reach, what is carried from clause to clause,
whose figure it is, which time it covers, and whether it is a result of this year at all. Not here: words and
patterns (``contracts/catalogue``), the form of numerals (``assets.parse.scan``).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

from assets.parse.findings import Entry, Fact
from assets.parse.grammar import (
    BOUNDARY,
    FIXED,
    HARD,
    IMPLYING,
    NAMING,
    OF_SUPERIOR,
    PART,
    RECONSIDERATION,
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
from assets.parse.stretch import Bounds, Stretch

if TYPE_CHECKING:
    from assets.parse.reading import Reading
    from contracts.indicators import Indicator

BELOW: Final = ("departments", "subordinate_governments")


class _Inherited(NamedTuple):
    """What a number takes over from the one before: its rule, and the body that it names itself."""

    rule: Rule
    dimension: str | None
    scope: str


class _Parted(NamedTuple):
    """Nouns that 分别 hands out, one by one, to the numbers that follow, with the verb they share."""

    nouns: list[list[int]]
    verb: list[int]
    first: int
    used: int


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
        self.other_year = ""
        self.clause_year = ""
        self.span = reading.paragraph_span
        self.parted: _Parted | None = None
        self.previous: tuple[Rule, str] | None = None
        self.frame_before: list[int] = []
        self.unit_before = ""
        self.target_frame: list[int] = []
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
                elif self.clause_topics or self.clause_year or self.other_year:
                    self._close_clause(index)
                at += 1
            if numeral.kind:
                if numeral.kind in ("date", "duration"):
                    self._time(time_of(r.text, self.begin, numeral, r.year), numeral.start)
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
            self.clause_topics = r.grammar.topic_sets.union(self.clause_topics, self._topics(at))
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
        scope = r.words[r.ids[at]].scope
        if scope not in BELOW and self._opens_clause(at) and not self._in_bracket(r.starts[at]):
            before = r.words[r.ids[at - 2]].scope if at - 2 >= self.first and r.bits[at - 1] & SOFT else ""
            self.subject = "other" if {before, scope} == _JOINT else scope

    def _carry_signals(self, at: int) -> None:
        r = self.r
        signals = r.words[r.ids[at]].signals
        if "half_year" in signals:
            self.span = "half_year"
        elif "since" in signals:
            if not made_since(r.text, r.ends[at]):
                self.span = "cumulative"
        elif "this_year" in signals:
            self.span = self.other_year = self.clause_year = ""
        elif "respectively" in signals:
            self._part(at)

    @property
    def wrong_year(self) -> str:
        """What figures are at the place reached when they are of another year than the report's, else nothing."""
        return self.clause_year or self.other_year

    def _close_clause(self, at: int) -> None:
        self.clause_year = ""
        if self.r.text[self.r.starts[at]] in "；;":
            self.other_year = ""
        if self.clause_topics:
            self.topics_before = (self.clause_topics, self.r.grammar.topic_sets.union(*self.topics_before))
            self.clause_topics = 0

    def _topics(self, at: int) -> int:
        """Return the topics that a word sets.

        Who is the respondent decides what 被申请人 is about: of a body below, the reporter decides the case; of the
        reporter itself, a higher authority does.
        """
        r = self.r
        word = r.words[r.ids[at]]
        if _RESPONDENT in word.concepts:
            around = range(max(self.first, at - 2), min(self.last, at + 3))
            if any(r.words[r.ids[i]].scope in BELOW for i in around):
                return r.grammar.topic_sets.number(word.topics - {OF_SUPERIOR} | {RECONSIDERATION})
        return r.topics_of(at)

    def _opens_clause(self, at: int) -> bool:
        """Whether a word stands where subjects stand: at most a few words behind the begin of its clause."""
        bits = self.r.bits
        return any(index < self.first or bits[index] & HARD for index in range(at - 1, at - 4, -1))

    def _time(self, time: Time | None, start: int) -> None:
        """Carry on what a date says: one that opens a clause holds for those that follow, another for its own alone."""
        if time is None:
            return
        if time.other_year:
            opens = start == self.begin or self.r.text[start - 1] in _OPENERS
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
        joined = "近约超逾共的达、" if unit != self.unit_before else "近约超逾共的达"
        if floor >= 0 and gap <= _ADJOINING and not r.text[floor : numeral.start].strip(joined):
            left = self.frame_before  # 培训5场近900人次
        self.frame_before, self.unit_before = left, unit
        right, ceiled = self.right(numeral.after, ceiling)
        if ceiled:
            cut = next((place for place, index in enumerate(right) if bits[index] & SOFT), None)
            right = right[:cut]
        if not unit and numeral.value == 0:
            unit = BARE_ZERO
        return Frame(numeral, left, right, unit=unit, floor=floor, ceiling=ceiling)

    def context(self) -> Topics:
        """Return what the place reached is about: its clause, the clauses before, and what lies beyond the sentence."""
        latest, before = self.topics_before
        return (self.clause_topics, latest, *self.beyond) if self.clause_topics else (latest, before, *self.beyond)

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
        self.refused = self._refusal(frame)
        if self.refused:
            self.target_frame = frame.left
            r.entries.append(Entry(numeral, "explained", self.refused))
            return
        rules, conflict = self._rules(frame)
        inherited = self._part_of_list(frame) if not rules and not conflict else None
        if not rules and inherited is None:
            self._unclaimed(numeral, conflict=conflict)
            return
        source = inherited or _Inherited(rules[0], None, "")
        rules = rules or [source.rule]
        r.entries.append(Entry(numeral, "observation", "", rules[0].id, len(r.facts)))
        for rule in rules:
            self._fact(rule, frame, source)
        self.previous = (rules[0], frame.unit) if len(rules) == 1 else None
        if any(rule.indicator.id in r.grammar.also_from for rule in rules):
            self._also(rules, frame)

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
        return self.done & PART != 0 and any(self.r.bits[index] & PART for index in (*frame.left, *frame.right))

    def _refusal(self, frame: Frame) -> str:
        """Return what a number is that is no result of this year, else nothing."""
        r = self.r
        year = self.wrong_year
        if year and frame.left and self._is_level(frame.left[-1]):
            year = self.other_year  # 由2018年的6名增至24名: the year is of the level before
        found = r.zone or refusal(r, frame) or year
        if found or frame.floor < 0 or not self.refused:
            return found
        between = r.text[frame.floor : frame.numeral.start]
        # 比上年分别增长12.6%、10.3%; 力争调解率达到40%以上、败诉率降至5%以下
        goes_on = between in _LIST_MARKS or (self.refused == "target" and not _CLAUSE_END.search(between))
        return self.refused if goes_on else ""

    def _rules(self, frame: Frame) -> tuple[list[Rule], bool]:
        """Return the rules that a number meets, one for each indicator, and whether two indicators claim it alike."""
        r = self.r
        rules: list[Rule] = []
        conflict = False
        context = self.context()
        own = self._handed_out(frame) or self._sharing(frame)
        for place, (nouns, behind) in enumerate(self._frames(own, frame)):
            if rules and place >= len(own):
                break
            verdict = r.matcher.match("number", self.ids(nouns), self.ids(behind), frame.unit, context)
            rule = verdict.rule
            if verdict.rival is not None:
                conflict = True
            elif (
                rule is not None
                and self._counts(rule, frame, behind)
                and all(rule.indicator is not each.indicator for each in rules)
            ):
                rules.append(rule)
        return rules, conflict and not rules

    def _frames(self, own: list[list[int]], frame: Frame) -> Iterator[tuple[list[int], list[int]]]:
        """Yield what to try a number by: its own words first, then those it may share with its neighbours."""
        r = self.r
        numeral, left, right = frame.numeral, frame.left, frame.right
        for nouns in own:
            yield nouns, right
        if self.target_frame and _ACTUAL.search(r.text, max(frame.floor, self.begin), numeral.start):
            yield self.target_frame, []  # 败诉率控制目标8%，实际6.2%
        if self.target_frame and left and all(self._is_level(index) for index in left):
            yield self.target_frame, right  # 由870名增加到1012名
        if right and r.text[frame.ceiling - 1] in _LIST_MARKS:
            # 对14个乡镇、31个部门开展督察: the verb that both share stands behind the last.
            yield left, self.right(numeral.after, self.stop)[0]
        is_part = "其中" in r.text[max(frame.floor, self.begin, numeral.start - _LONGEST_NAME) : numeral.start]
        if right and not is_part and (following := self._next_clause(frame)):
            yield left, following  # 召开4次常务会议，研究法治政府建设

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
        if not right or r.starts[right[0]] != frame.numeral.after:
            return True
        counts_bodies = frame.unit in _UNITS_OF_BODIES and r.words[r.ids[right[0]]].scope in BELOW
        if not counts_bodies and len(behind) <= len(right):
            return True
        words = (r.words[r.ids[index]] for index in (right if len(behind) > len(right) else right[:1]))
        return any(not group.isdisjoint(word.concepts | word.topics) for word in words for group in rule.needed)

    def _also(self, rules: list[Rule], frame: Frame) -> None:
        """Read what a number states of another thing as well: 10名未通过审验并注销证件."""
        left, right = frame.left, frame.right
        rule = self.r.matcher.match("also", self.ids(left), self.ids(right), "", self.context()).rule
        if rule is not None and any(each.indicator.id in rule.pattern.source for each in rules):
            self.implied_fact(rule, frame.numeral.value, [*left, *right])

    def _sharing(self, frame: Frame) -> list[list[int]]:
        """Part the nouns that share one number: 参考率和合格率均达100%."""
        r = self.r
        left = frame.left
        if not self.done & SIGNAL:
            return [left]
        last = [r.words[r.ids[index]] for index in left[-3:] if r.bits[index] & SIGNAL]
        if any("jointly" in word.signals and (frame.unit == "%" or word.text[0] in "均都皆") for word in last):
            parts = self.parts(left)
            if len(parts) > 1:
                return parts
        return [left]

    def _part(self, at: int) -> None:
        """Remember the nouns before 分别 and the verb between it and the first number."""
        r = self.r
        number = next(self.quantities_from(r.ends[at]), None)
        if number is not None:
            nouns, _ = self.left(r.starts[at], -1)
            self.parted = _Parted(self.parts(nouns), self.right(r.ends[at], number.start)[0], number.start, 0)

    def quantities_from(self, start: int) -> Iterator[Scanned]:
        """Yield the quantities of the sentence that begin at ``start`` or later."""
        first = bisect_left(self.quantity_starts, start)
        return (self.quantities[place] for place in range(first, len(self.quantities)))

    def _handed_out(self, frame: Frame) -> list[list[int]]:
        """Return the words of the noun that 分别 hands to this number: 微博、公众号分别发布402条、938条."""
        parted = self.parted
        start = frame.numeral.start
        if parted is None or (parted.used == 0 and start != parted.first):
            return []
        if parted.used and self.r.text[frame.floor : start].strip("、和，及"):
            self.parted = None
            return []
        self.parted = parted._replace(used=parted.used + 1)
        noun = parted.nouns[parted.used] if parted.used < len(parted.nouns) else []
        return [[*noun, *parted.verb]]

    def _part_of_list(self, frame: Frame) -> _Inherited | None:
        """Return what a number takes over that only names a body or a time: 折桂县148件、松筠县131件."""
        r = self.r
        floor, start = frame.floor, frame.numeral.start
        if self.previous is None or self.previous[1] != frame.unit or floor < 0:
            return None
        rule = self.previous[0]
        if _IN_ALL.fullmatch(r.text[max(floor, start - _LONGEST_NAME) : start]):
            return _Inherited(rule, None, "")  # 上半年37场，全年共71场
        allowed = () if rule.indicator.fixed_scope else rule.indicator.scopes
        words = [r.words[r.ids[index]] for index in frame.left if not r.bits[index] & BOUNDARY]
        begin = r.starts[frame.left[0]] if frame.left else floor
        named = r.text[max(begin, floor, start - _LONGEST_NAME) : start].lstrip("，、：:；;（(")
        body = _BODY.fullmatch(named)
        if body is None and any(word.concepts and not word.scope and word.text not in _AMONG for word in words):
            return None
        scope = next((word.scope for word in words if word.scope in allowed), "")
        if scope or body is None:
            return _Inherited(rule, None, scope) if scope else None
        scope = "subordinate_governments" if body["kind"] in _GOVERNMENTS else "departments"
        return _Inherited(rule, body["name"], scope) if scope in allowed else None

    def _unclaimed(self, numeral: Scanned, *, conflict: bool) -> None:
        r = self.r
        class_, kind = "queued", "conflict" if conflict else "uncatalogued"
        if not conflict and numeral.chinese and r.text[numeral.start : numeral.end] in _ARTICLES:
            class_, kind = "explained", "idiom"
        r.entries.append(Entry(numeral, class_, kind))

    # -- facts ------------------------------------------------------------------------------------------------

    def _fact(self, rule: Rule, frame: Frame, source: _Inherited) -> None:
        r = self.r
        numeral, left, right = frame.numeral, frame.left, frame.right
        self.made.append(len(r.facts))
        r.facts.append(
            Fact(
                rule,
                numeral,
                scope=source.scope or self._scope(rule, left, right),
                period=self._period(rule),
                dimension=source.dimension,
                value=numeral.value,
                qualifier=qualifier(r.text, self.begin, numeral),
                start=min(r.starts[left[0]], numeral.start) if left else numeral.start,
                end=max(r.ends[right[-1]], numeral.after) if right else numeral.after,
                section=r.section,
            )
        )

    def _period(self, rule: Rule) -> str:
        if rule.indicator.period != "year":
            return rule.indicator.period
        return self.span or self.r.title_period or "year"

    def _scope(self, rule: Rule, left: list[int], right: list[int]) -> str:
        indicator = rule.indicator
        if indicator.fixed_scope:
            return indicator.scope
        r = self.r
        near: list[str] = []
        if self.done & SCOPE:
            # The body right behind the number first (9个街道), then the nearest before it.
            order = (*right[:1], *reversed(left), *right[1:])
            near = [self._scope_of(index, indicator) for index in order if r.bits[index] & SCOPE]
        # A figure of the same topic in the sentence: 以区政府为被告的案件21件，法院审结19件.
        here = _first_said(rule, self.said_of)
        if here in indicator.scopes and (not near or set(near) == {"other"}):
            return here
        scope = self._near_scope(rule, near)
        begin = r.starts[left[0]] if left else self.stop
        opens = bool(left) and r.bits[left[0]] & SCOPE and r.text[begin - 1 : begin] in _STARTERS
        if (scope not in BELOW or opens) and not self._in_bracket(begin):
            self.said_of.update(dict.fromkeys(rule.topics, scope))
        return scope

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
        return "" if self.r.writer.is_body_of(word.scope) else word.scope

    def _near_scope(self, rule: Rule, near: list[str]) -> str:
        r = self.r
        indicator = rule.indicator
        if ("other" in near or set(near) >= _JOINT) and "other" in indicator.scopes:
            return "other"  # a court's figure, or a joint count of two bodies
        for scope in near:
            if scope in indicator.scopes:
                if scope not in BELOW:
                    r.said_of.update(dict.fromkeys(rule.topics, scope))
                return scope
        # What else was said before may widen a figure to all, or give it to another body; it does not narrow it.
        for scope in (self.subject, *(r.said_of[topic] for topic in rule.topic_order if topic in r.said_of)):
            if scope in indicator.scopes and scope != "reporter":
                return scope
        return r.default_scope(indicator)

    def implied_fact(self, rule: Rule, value: float, words: list[int], scope: str = "") -> None:
        """Add a fact that no numeral states; ``words`` are those that imply it, in the order of the text."""
        r = self.r
        self.made.append(len(r.facts))
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


def _first_said(rule: Rule, said_of: dict[str, str]) -> str:
    return next((said_of[topic] for topic in rule.topic_order if topic in said_of), "")


_COUNTY: Final = frozenset(("全县", "我县", "全区", "我区", "全旗", "我旗", "本县", "本区"))
_JOINT: Final = {"party_committee", "reporter"}
_RESPONDENT: Final = "被申请人"

_ADJOINING: Final = 3

_LIST_MARKS: Final = frozenset(("、", "和", "及", "与"))
_STARTERS: Final = frozenset("，；。\n")
_OPENERS: Final = frozenset("，；：。、,;:\n")
# 1874宗案卷中抽取: what is drawn from, not what is drawn.
_POOL: Final = re.compile(r"[^，。；、\d]{0,10}中[，,]?(?:随机|共|共计|再)?(?:抽取|抽查|抽选|选取|遴选|评选出)")
_UNITS_OF_BODIES: Final = frozenset(("个", "家", "所"))
# 服务事项中2140项纳入: a part of what is counted elsewhere.
_POOL_REACH: Final = 11
_DRAWN_REACH: Final = 24
_DRAWN: Final = re.compile(r"(?:事项|案件|案卷|文件|人员|单位)中\Z")
_COMMAS: Final = frozenset("，,")
_CLAUSE_END: Final = re.compile(r"[，；：。（）()]")
_ACTUAL: Final = re.compile(r"实际[^，；]{0,4}\Z")
_AMONG: Final = frozenset(("其中", "包括", "含", "分别", "全年", "共", "累计"))
_IN_ALL: Final = re.compile(r"[，；、（(：:]?(?:其中)?(?:(?:19|20)\d\d年度?|全年|本年|今年|累计|共|总计|合计|共计)+")
_BODY: Final = re.compile(
    r"(?:其中)?[：:，、（(]?(?![进在为对到向送入])(?P<name>[一-龥]{1,9}?(?P<kind>县|(?<![社小校景园辖地城灾片山矿厂特])区|市|旗|镇|乡|街道|苏木|局|委|(?<![新承交督转续补通代协举帮])办|院|队)|(?:公安|市场监管|综合执法|城市管理|城管"
    r"|交通运输|交通|应急管理|应急|生态环境|自然资源|农业农村|卫生健康|卫健|文化旅游|文旅|住房城乡建设|住建|人社|水利|林业|税务|消防|教育|民政|财政"
    r"|烟草|气象|统计|医保|发改|商务|科技|司法|审计|信访))(?:部门|机关|系统)?(?:分别|共|为|有|各)?"
)
_GOVERNMENTS: Final = frozenset(("镇", "乡", "街道", "苏木", "县", "区", "市", "旗"))
_LONGEST_NAME: Final = 14
# Numerals that unclaimed are no count but an article or a figure of speech: 一名, 百件.
_ARTICLES: Final = frozenset("一百千万")
