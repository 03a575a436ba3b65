"""One pass over a readable text: where it is, what it is about, and the order in which sentences and tables are read.

Here belongs what reaches beyond a sentence: headings, topics carried on, passages that hold no results. Not here:
what a sentence says (``assets.parse.sentence``) and how cells are labelled (``assets.parse.tables``).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from operator import itemgetter
from typing import Final, NamedTuple, cast, final

from assets.parse.findings import Entry, Fact, Findings, without
from assets.parse.grammar import (
    BELOW,
    BOUNDARY,
    DECIDES,
    DISCLOSURE,
    END,
    FIXED,
    HARD,
    IMPLYING,
    LITIGATION,
    NAMING,
    OF_SUPERIOR,
    RECONSIDERATION,
    RESPONDENT,
    SCOPE,
    SIGNAL,
    TOPIC,
    Grammar,
    Rule,
)
from assets.parse.match import Matcher, Topics
from assets.parse.outline import heading_level, writer
from assets.parse.scan import Scanned
from assets.parse.sentence import Sentence
from assets.parse.stretch import Bounds, first_from
from assets.parse.tables import (
    Cell,
    Labelled,
    Table,
    body_of,
    column_kind,
    find_tables,
    is_neutral,
    labelled_cells,
    pieces_of,
    unit_of,
    way_to_court,
)
from contracts.indicators import Indicator

_START: Final = itemgetter(1)
_ACTIVE: Final = HARD | TOPIC | SCOPE | SIGNAL | NAMING | FIXED
_HEADING_ALONE: Final = 60
_TITLE_REACH: Final = 200
_YEAR_OPENING: Final = re.compile(r"((?:19|20)\d\d)年")
_HEADING_LEAD: Final = 24
_OPENINGS: Final = frozenset("12下今来明当目主存突问不短还工")
_PLAN: Final = re.compile(r"将|要|计划|力争|继续|持续|重点|下一步|目标|打算|安排|展望|思路")
# 主要问题：…, which no heading announces, lasts to the end of its paragraph.
_PROBLEM_OPENING: Final = re.compile(
    r"(?:当前|目前|工作中)?的?(?:还|仍)?(?:存在)?的?(?:一些|突出|主要|明显)?的?(?:问题|不足|短板|差距|困难)(?:[和与、及](?:不足|差距|短板|困难|问题))?(?:有|是|为|主要是)?[：:]"
)
_PARAGRAPH: Final = 9
# 结案方式：维持8件…, a paragraph with a label goes on with what the one before it was about.
_LABELLED_PARAGRAPH: Final = re.compile(r"[一-龥]{2,8}：")
# How many characters a longer word may go on behind its head.
_LONGEST_TAIL: Final = 8
_NEGATIONS: Final = frozenset("未不")
_PLAN_OPENING: Final = re.compile(r"下一步|下步|今后|下一年|下阶段|下半年(?:，|工作|[打安计重])|来年|明年")


@final
class Heading:
    """A heading that is in force."""

    def __init__(self, level: int, text: str, topics: int) -> None:
        """Hold how deep it stands and what it says."""
        self.level = level
        self.text = text
        self.topics = topics


def _without_numerals(text: str, numerals: list[Scanned]) -> str:
    """Return the text with dates and quantities blotted out, so that no word begins inside one.

    2022年|审结, not 2022|年审|结; 19人|均取得, not 19|人均|取得.
    """
    pieces: list[str] = []
    at = 0
    for numeral in numerals:
        if numeral.kind == "date" or not (numeral.kind or numeral.chinese):
            end = max(numeral.end, numeral.after)
            pieces.append(text[at : numeral.start])
            pieces.append("0" * (end - numeral.start))
            at = end
    pieces.append(text[at:])
    return "".join(pieces)


@final
class _Words:
    """The words of a text: those that the automaton finds, none overlapping another, and then the few that it cannot."""

    def __init__(self, text: str, grammar: Grammar) -> None:
        """Find the words of a text without numerals, and those that overlap them."""
        self.grammar = grammar
        # As mere objects these integers are handed on as they are; else, compiled, each of them would be made anew.
        found = cast("list[tuple[object, ...]]", grammar.automaton.find_matches_as_indexes(text))
        self.ids = cast("list[int]", [word[0] for word in found])
        self.starts = cast("list[int]", [word[1] for word in found])
        self.ends = cast("list[int]", [word[2] for word in found])
        self.more = self._overlapping(text)

    def _overlapping(self, text: str) -> list[tuple[int, int, int]]:
        """Return the words that begin with the head of another and go on behind it: 学法考试 in 集中学法考试."""
        heads, openings, numbers = self.grammar.heads, self.grammar.openings, self.grammar.numbers
        words: list[tuple[int, int, int]] = []
        for place, word in enumerate(self.ids):
            if not heads[word]:
                continue
            begin, end = self.starts[place] + heads[word], self.ends[place]
            if text[begin : end + 1] in openings:
                stops = range(min(end + _LONGEST_TAIL, len(text)), end, -1)
                if stop := next((stop for stop in stops if text[begin:stop] in numbers), 0):
                    words.append((numbers[text[begin:stop]], begin, stop))
        return words

    def add_short(self, text: str, numerals: list[Scanned]) -> None:
        """Add the characters that are words because nothing else is said before a number: 审12件、发9件."""
        short = self.grammar.short
        for place, numeral in enumerate(numerals):
            at = numeral.start - 1
            if numeral.kind or at < 1 or text[at] not in short or text[at - 1] in _NEGATIONS:
                continue  # 未结8件
            index = first_from(self.starts, at + 1, 0, len(self.starts)) - 1
            ends = self.ends[index] if index >= 0 else 0
            if ends == at or (place and numerals[place - 1].unit and numerals[place - 1].after == at):
                self.more.append((short[text[at]], at, at + 1))

    def in_order(self) -> tuple[list[int], list[int], list[int]]:
        """Return numbers, starts and ends of all words by where they start."""
        if not self.more:
            return self.ids, self.starts, self.ends
        ids: list[int] = []
        starts: list[int] = []
        ends: list[int] = []
        at = 0
        for number, start, end in sorted(self.more, key=_START):
            place = first_from(self.starts, start + 1, at, len(self.starts))
            ids += self.ids[at:place]
            starts += self.starts[at:place]
            ends += self.ends[at:place]
            ids.append(number)
            starts.append(start)
            ends.append(end)
            at = place
        return ids + self.ids[at:], starts + self.starts[at:], ends + self.ends[at:]


def _what(fact: Fact) -> tuple[str, str, str, float]:
    """Return what a fact says, whatever states it."""
    return fact.rule.indicator.id, fact.scope, fact.period, fact.value


class _Claim(NamedTuple):
    """What a table cell is: a rule's, or of a class and kind; ``group`` names the row and group of columns it is in."""

    labelled: Labelled
    rule: Rule | None
    class_: str
    kind: str
    unit: str
    frame: list[int]
    group: tuple[int, ...]
    is_whole: bool
    body: Cell | None = None


class Reader:
    """Reads texts with one grammar; it remembers the frames it met, so the more it reads the faster it gets."""

    def __init__(self, grammar: Grammar) -> None:
        """Prepare for many texts."""
        self.grammar = grammar
        self.matcher = Matcher(grammar)

    def read(self, text: str, year: int | None) -> Findings:
        """Return facts and ledger of a readable text that reports on ``year``."""
        reading = Reading(self.grammar, self.matcher, text, year)
        reading.run()
        return without(Findings(reading.facts, reading.entries), reading.parts)


class Reading:
    """The state of one pass: the words and numerals of the text, and what holds where the pass stands.

    ``ids``, ``starts`` and ``ends`` are the words in order, ``active`` the indices of those that do more than stand
    in a frame. ``zone`` is the kind of every number in a passage without results, else empty.
    """

    def __init__(self, grammar: Grammar, matcher: Matcher, text: str, year: int | None) -> None:
        """Cut the text into words and numerals."""
        self.grammar = grammar
        self.matcher = matcher
        self.words = grammar.words
        self.text = text
        self.year = year
        self.facts: list[Fact] = []
        self.entries: list[Entry] = []
        self.parts: set[int] = set()
        self.stated: set[tuple[str, str, str, float]] = set()
        self._gathered = 0
        self.numerals = grammar.scanner.scan(text)
        words = _Words(_without_numerals(text, self.numerals), grammar)
        words.add_short(text, self.numerals)
        self.ids, self.starts, self.ends = words.in_order()
        bits_of: tuple[object, ...] = grammar.bits
        self.bits = cast("list[int]", [bits_of[number] for number in self.ids])
        self.active: list[int] = []
        self.stops: list[int] = []
        for index, bits in enumerate(self.bits):
            if bits & _ACTIVE:
                self.active.append(index)
            if bits & END:
                self.stops.append(index)
        self._explain_fixed()
        self.writer = writer(text)
        decides = (DECIDES,) if self.writer.decides_reconsideration else ()
        self._writer_number = grammar.topic_sets.number(frozenset((f"@{self.writer.kind}", *decides)))
        self._word_topics = grammar.word_topics if decides else grammar.word_topics_below
        self.headings: list[Heading] = []
        self.section = ""
        self.zone = ""
        self._zone_level = 0
        self._title_topics = 0
        self.title_period = ""
        self.said_of: dict[str, str] = {}
        self._above: Topics = (0, self._writer_number)
        self._paragraph_topics = 0
        self.paragraph_span = ""
        self._table_start = 0

    def run(self) -> None:
        """Read the whole text; its facts and entries are then complete."""
        at = number = 0
        for table in find_tables(self.text):
            number = self._prose(at, table.start, number)
            number = self._table(table, number)
            at = table.end
        self._prose(at, len(self.text), number)

    def context(self) -> Topics:
        """Return what the text is about beyond the sentence, nearest first."""
        return (self._paragraph_topics,) + self._above  # noqa: RUF005 - a star makes a list on the way

    def default_scope(self, indicator: Indicator) -> str:
        """Return whose figure it is when no word says so.

        For some work a department or township means its own, and so does a report on open government; a bureau of
        justice speaks for all, as the government does.
        """
        speaks_for_all = self.writer.decides_reconsideration and not self.writer.discloses
        return indicator.scope if speaks_for_all or not indicator.own_scope else indicator.own_scope

    def _survey(self, active: list[int], first: int, last: int) -> tuple[int, int]:
        """Return all that words do, as bits, and the topics that they set.

        ``active`` are the indices of those that do something among the words ``first`` to ``last``, exclusive.
        """
        bits = self.bits
        done = topics = 0
        for index in active:
            done |= bits[index]
            if bits[index] & TOPIC:
                topics = self.grammar.topic_sets.union(topics, self.topics_at(index, first, last))
        return done, topics

    def _active_between(self, first: int, last: int) -> list[int]:
        """Return the words ``first`` to ``last``, exclusive, that do more than stand in a frame."""
        begin = first_from(self.active, first, 0, len(self.active))
        return self.active[begin : first_from(self.active, last, begin, len(self.active))]

    def topics_at(self, index: int, first: int, last: int) -> int:
        """Return the topics that a word sets beside the words next to it, of the words ``first`` to ``last``, exclusive.

        The cases of which a body below is the respondent are decided by the writer, not by who is above it.
        """
        word = self.words[self.ids[index]]
        if RESPONDENT in word.concepts:
            beside = [self.words[number] for number in self.ids[max(first, index - 2) : min(last, index + 3)]]
            if any(self.writer.means(each.text, each.scope) in BELOW for each in beside):
                return self.grammar.topic_sets.number(word.topics - {OF_SUPERIOR} | {RECONSIDERATION})
        return self._word_topics[self.ids[index]]

    # -- numerals ---------------------------------------------------------------------------------------------

    def _explain_fixed(self) -> None:
        """Let fixed phrases of the lexicon explain the numerals inside them."""
        words = self.words
        fixed = [
            (self.starts[index], self.ends[index], words[self.ids[index]].fixed or "idiom")
            for index in self.active
            if self.bits[index] & FIXED
        ]
        at = 0
        for numeral in self.numerals:
            while at < len(fixed) and fixed[at][1] <= numeral.start:
                at += 1
            if at == len(fixed):
                return
            start, end, kind = fixed[at]
            if start <= numeral.start and numeral.chinese and numeral.end <= end + 1:
                numeral.kind = numeral.kind or kind

    # -- prose ------------------------------------------------------------------------------------------------

    def _prose(self, begin: int, end: int, number: int) -> int:
        """Read ``text[begin:end]`` sentence by sentence; return the numeral that comes after it."""
        if begin >= end:
            return number
        numerals, starts = self.numerals, self.starts
        first = first_from(starts, begin, 0, len(starts))
        after = first_from(starts, end, first, len(starts))
        place = first_from(self.stops, first, 0, len(self.stops))
        stops = self.stops[place : first_from(self.stops, after, place, len(self.stops))]
        active = self.active
        at = first_from(active, first, 0, len(active))
        for index in (*stops, after):
            stop = starts[index] if index < after else end
            last = number
            while last < len(numerals) and numerals[last].start < stop:
                last += 1
            upto = at
            while upto < len(active) and active[upto] < index:
                upto += 1
            if stop > begin:
                self._sentence(Bounds(begin, stop, first, index), numerals[number:last], active[at:upto])
            if index < after and self.text[stop] == "\n":
                self._end_of_line(stop + 1)
            first, number, begin = index + 1, last, stop + 1
            at = upto + 1 if upto < len(active) and active[upto] == index else upto
        return number

    def _end_of_line(self, after: int) -> None:
        if not _LABELLED_PARAGRAPH.match(self.text, after):
            self._paragraph_topics = 0
        self.paragraph_span = ""
        if self._zone_level == _PARAGRAPH:
            self.zone, self._zone_level = "", 0

    def _sentence(self, bounds: Bounds, numerals: list[Scanned], active: list[int]) -> None:
        begin, stop, first, last = bounds.begin, bounds.stop, bounds.first, bounds.last
        done, topics = self._survey(active, first, last)
        counts = any(not numeral.kind for numeral in numerals)
        opens = bool(numerals) and numerals[0].kind == "heading" and numerals[0].start == begin
        level = heading_level(self.text, begin) if opens else 0
        if level:
            self._heading(level, bounds, topics)
        elif not self.headings and begin < _TITLE_REACH and not counts:
            self._title(first, last, topics)
        elif not self._zone_level:
            self._opening(begin, stop)
        if counts or done & (IMPLYING | NAMING):
            before = len(self.facts)
            Sentence(self, bounds, numerals, active, done).read()
            self._leave_out_restated(before)
        else:
            for numeral in numerals:
                self._entry(numeral, "explained", numeral.kind)
        if topics:
            self._paragraph_topics = topics

    def _leave_out_restated(self, first: int) -> None:
        """Leave out what words of a sentence imply and a numeral states by its end: 均聘请了法律顾问，覆盖率100%.

        ``first`` is the number of its first fact. What a later sentence states changes nothing here.
        """
        implied = [number for number in range(first, len(self.facts)) if self.facts[number].numeral is None]
        if not implied:
            return
        for fact in self.facts[self._gathered :]:
            if fact.numeral is not None and "table" not in fact.flags:
                self.stated.add(_what(fact))
        self._gathered = len(self.facts)
        self.parts.update([number for number in implied if _what(self.facts[number]) in self.stated])

    def _title(self, first: int, last: int, topics: int) -> None:
        self._title_topics = self.grammar.topic_sets.union(self._title_topics, topics)
        self._look_up()
        if self._signalled("half_year", first, last):
            self.title_period = "half_year"

    def _signalled(self, signal: str, first: int, last: int) -> bool:
        """Whether one of the words ``first`` to ``last``, exclusive, gives a signal."""
        return any(
            self.bits[index] & SIGNAL != 0 and signal in self.words[self.ids[index]].signals
            for index in range(first, last)
        )

    def _look_up(self) -> None:
        """Note what headings and title are about, after either changed."""
        headings = [heading.topics for heading in reversed(self.headings)]
        self._above = (*headings, self._title_topics, self._writer_number)

    def _heading(self, level: int, bounds: Bounds, topics: int) -> None:
        begin, stop, first, last = bounds.begin, bounds.stop, bounds.first, bounds.last
        while self.headings and self.headings[-1].level >= level:
            self.headings.pop()
        self.headings.append(Heading(level, self.text[begin : min(stop, begin + _HEADING_ALONE)], topics))
        self.section = " > ".join([heading.text for heading in self.headings])
        self._look_up()
        if level <= self._zone_level:
            self.zone, self._zone_level = "", 0
        if self.zone:
            return
        if stop - begin > _HEADING_ALONE:
            # 二、存在差距：述法质量不高；…: what stands before the colon is the heading.
            stop = self.text.find("：", begin, begin + _HEADING_LEAD)
            last = first_from(self.starts, stop, first, last)
        if stop < 0:
            return
        if self._signalled("plan", first, last) or self._of_next_year(begin, stop):
            self.zone, self._zone_level = "target", level
        elif self._signalled("problem", first, last):
            self.zone, self._zone_level = "other", level

    def _of_next_year(self, begin: int, stop: int) -> bool:
        """Whether a heading names a year after that of the report: 五、2024年重点."""
        named = _YEAR_OPENING.search(self.text, begin, stop)
        return named is not None and self.year is not None and int(named[1]) > self.year

    def _opening(self, begin: int, stop: int) -> None:
        """Enter a passage on plans that no heading announces: it opens with next year, or with 下一步."""
        if self.text[begin] not in _OPENINGS:
            return
        opening = _YEAR_OPENING.match(self.text, begin)
        next_year = opening is not None and (self.year is None or int(opening[1]) > self.year)
        if (next_year and _PLAN.search(self.text, begin, min(stop, begin + _HEADING_ALONE))) or _PLAN_OPENING.match(
            self.text, begin
        ):
            self.zone, self._zone_level = "target", 1
        elif _PROBLEM_OPENING.match(self.text, begin, stop):
            self.zone, self._zone_level = "other", _PARAGRAPH

    # -- tables -----------------------------------------------------------------------------------------------

    def _table(self, table: Table, number: int) -> int:
        """Read the cells of ``table``; return the numeral that comes after it."""
        self._table_start = table.start
        cells = {each.cell.start: each for each in labelled_cells(table)}
        cell_starts = sorted(cells)
        first = first_from(self.starts, table.start, 0, len(self.starts))
        last = first_from(self.starts, table.end, first, len(self.starts))
        topics = (self._topics_of_table(first, last), *self.context())
        claims: list[_Claim | None] = []
        begin = number
        while number < len(self.numerals) and self.numerals[number].start < table.end:
            start = self.numerals[number].start
            place = bisect_right(cell_starts, start) - 1
            labelled = cells[cell_starts[place]] if place >= 0 else None
            inside = labelled is not None and start < labelled.cell.end
            claims.append(self._claim(labelled, self.numerals[number], topics) if labelled and inside else None)
            number += 1
        wholes = {(claim.group, claim.rule.indicator.id) for claim in claims if claim and claim.rule and claim.is_whole}
        for numeral, claim in zip(self.numerals[begin:number], claims, strict=True):
            if claim is None and numeral.unit and not numeral.kind:
                self._entry(numeral, "queued", "uncatalogued")
            elif claim is None:
                self._entry(numeral, "explained", numeral.kind or "table_label")
            elif claim.rule is None:
                self._entry(numeral, claim.class_, claim.kind)
            elif not claim.is_whole and (claim.group, claim.rule.indicator.id) in wholes:
                self._entry(numeral, "queued", "uncatalogued")
            else:
                rule = claim.rule
                self.entries.append(Entry(numeral, "observation", "", rule.id, len(self.facts)))
                self.facts.append(self._cell_fact(claim, numeral, rule))
        return number

    def _topics_of_table(self, first: int, last: int) -> int:
        """Return the topics of a table's words; a column of respondents is about cases that the writer decides."""
        active = self._active_between(first, last)
        respondents = [index for index in active if self.words[self.ids[index]].text == RESPONDENT]
        if not (respondents and self.writer.decides_reconsideration):
            return self._survey(active, first, last)[1]
        topics = self._survey([index for index in active if index not in respondents], first, last)[1]
        return self.grammar.topic_sets.union(topics, self.grammar.topic_sets.number(frozenset((RECONSIDERATION,))))

    def _claim(self, labelled: Labelled, numeral: Scanned, topics: Topics) -> _Claim:
        """Return what a cell's labels make of its figure."""
        cell = labelled.cell
        labels = (*labelled.row, *labelled.column)
        if not cell.is_number:
            labels = (cell, *labels)
        # Columns name units before rows do: 行政处罚(件) of 各乡镇（街道）.
        unit = unit_of((*labels[: not cell.is_number], *labelled.column, *labelled.row), self.grammar.unit_class)
        unit = numeral.unit or unit or self._unit_of_sums(labels)
        # The sum of a column of respondents is no figure of one: 被申请人 | 县公安局 48 | 合计 154.
        corner = [label for label in labelled.corner if label.text != RESPONDENT or not all(map(is_neutral, labels))]
        frame = [index for label in (*labels, *corner) for index in self._words_in(label)]
        # Of several cells of one row and group, a total leaves the others parts: 查封 112 | 扣押 287 | 合计 399.
        own = cell if not cell.is_number else labelled.column[0] if labelled.column else cell
        group = tuple(label.start for label in (*labelled.row, *labelled.column[1:]))
        if not cell.is_number:
            group = tuple(label.start for label in labelled.column)
        is_whole = "计" in own.text and (is_neutral(own) or own.text.endswith(_TOTALS))
        claim = _Claim(labelled, None, "explained", "", unit, frame, group, is_whole=is_whole)
        kind = column_kind((*labelled.column, *labelled.row), self.year)
        if not kind and self.text[numeral.start] in "+-":
            kind = "comparison"
        if kind or (numeral.kind and not cell.is_number):
            return claim._replace(kind=kind or numeral.kind)
        if numeral.fused:
            return claim._replace(class_="queued", kind="fused")
        ids = tuple(self.ids[index] for index in frame)
        verdict = self.matcher.match("number", ids, (), self.grammar.unit_class.get(unit, unit), topics)
        if verdict.rival is not None:
            return claim._replace(class_="queued", kind="conflict")
        rule = verdict.rule
        if rule is not None and not rule.topics.isdisjoint(_OF_CASES) and self._is_on_disclosure(topics):
            return claim._replace(class_="queued", kind="uncatalogued")
        body = next((label for label in labelled.row if self._body_of(label)), None)
        if rule is not None and body is not None and rule.indicator.fixed_scope and self._understood(body, rule):
            body = None  # 被申请人 | 乡镇人民政府 23: whose acts were complained of, not whose figure it is
        scope = self._body_of(body) if body is not None else ""
        understood = rule is not None and all(self._understood(label, rule) for label in labels if label is not body)
        if rule is None or not understood or (scope and scope not in rule.indicator.scopes):
            return claim._replace(class_="queued", kind="uncatalogued")
        return claim._replace(rule=rule, body=body)

    def _is_on_disclosure(self, topics: Topics) -> bool:
        """Whether a table is about open government: the cases that it counts are those that disclosure led to."""
        return any(DISCLOSURE in self.grammar.topic_sets.topics(number) for number in topics)

    def _unit_of_sums(self, labels: tuple[Cell, ...]) -> str:
        """Return the unit of money that the caption of a table gives for its columns of sums, or nothing."""
        if not any(label.text.endswith(_SUMS) for label in labels):
            return ""
        caption = _CAPTION_UNIT.search(self.text, max(0, self._table_start - _CAPTION_REACH), self._table_start)
        return caption["money"] if caption else ""

    def _cell_fact(self, claim: _Claim, numeral: Scanned, rule: Rule) -> Fact:
        value = numeral.value
        if not numeral.unit and claim.unit in ("元", "亿元"):
            value = value / 10_000 if claim.unit == "元" else value * 10_000
        cell, row = claim.labelled.cell, claim.labelled.row
        start = min(
            (each.start for each in row if cell.start - _WIDEST_ROW < each.start < cell.start), default=cell.start
        )
        scope, dimension = self._cell_scope(claim, rule)
        dimension = dimension or way_to_court(claim.labelled.column)
        period = rule.indicator.period
        return Fact(
            rule,
            numeral,
            scope=scope,
            period=period if period != "year" else self.title_period or "year",
            dimension=dimension,
            value=value,
            qualifier=numeral.qualifier or "exact",
            start=start,
            end=cell.end,
            section=self.section,
            flags=("table",),
        )

    def _cell_scope(self, claim: _Claim, rule: Rule) -> tuple[str, str | None]:
        """Return scope and dimension of a cell: a body that its row names is a dimension, unless it writes itself."""
        indicator = rule.indicator
        if claim.body is not None and claim.body.text not in self.text[:_TITLE_REACH].partition("\n")[0]:
            return self._body_of(claim.body), claim.body.text if body_of(claim.body) else None
        if indicator.fixed_scope:
            return indicator.scope, None
        labels = (*claim.labelled.row, *claim.labelled.column)
        near = (self.words[self.ids[index]].scope for label in labels for index in self._words_in(label))
        said = (self.said_of[topic] for topic in rule.topic_order if topic in self.said_of)
        default = self.default_scope(indicator)
        return next((scope for scope in (*near, *said) if scope in indicator.scopes), default), None

    def _body_of(self, label: Cell) -> str:
        """Return the scope of the body that a label names, by name (县公安局) or by kind (各乡镇（街道）); or nothing."""
        words = [self.words[self.ids[index]] for index in self._words_in(label)]
        if len(words) == 1 and words[0].text == label.text:
            return body_of(label) or self.writer.means(label.text, words[0].scope)
        return body_of(label) or next(
            (word.scope for word in words if word.scope in BELOW and len(label.text) <= _KIND_OF_BODY), ""
        )

    def _words_in(self, cell: Cell) -> list[int]:
        """Return the indices of the words of a cell that mean something."""
        first = first_from(self.starts, cell.start, 0, len(self.starts))
        last = first_from(self.starts, cell.end, first, len(self.starts))
        return [index for index in range(first, last) if not self.bits[index] & BOUNDARY]

    def _understood(self, label: Cell, rule: Rule) -> bool:
        """Whether the rule uses what the label says, or the label says nothing."""
        used = frozenset[str]().union(*rule.needed) | rule.topics | rule.welcome
        # Of 不予公开-属于国家秘密 both halves must be understood.
        return all(is_neutral(piece) or self._says(piece, used) for piece in pieces_of(label))

    def _says(self, label: Cell, used: frozenset[str]) -> bool:
        words = (self.words[self.ids[index]] for index in self._words_in(label))
        return any(not word.meaning.isdisjoint(used) for word in words)

    def _entry(self, numeral: Scanned, class_: str, kind: str) -> None:
        self.entries.append(Entry(numeral, class_, kind))


_TOTALS: Final = ("合计", "总计", "小计")
_OF_CASES: Final = frozenset((RECONSIDERATION, OF_SUPERIOR, LITIGATION))
_SUMS: Final = ("金额", "罚没款", "罚款额", "总额", "收费", "收入")
_CAPTION_REACH: Final = 120
_CAPTION_UNIT: Final = re.compile(r"单位[:：][^（()）\n]{0,12}?(?P<money>亿元|万元|元)")
_WIDEST_ROW: Final = 160
_KIND_OF_BODY: Final = 10
