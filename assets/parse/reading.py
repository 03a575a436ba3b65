"""One pass over a readable text: sentences, what they are about, frames around numbers, and the facts in them.

Here belongs the grammar of reports: how far a number's words reach, whose figure it is, which time it covers,
whether it is this year's result at all. Not here: words and patterns (``contracts/catalogue``), the form of
numerals (``assets.parse.scan``), tables (``assets.parse.tables``).
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from typing import NamedTuple

from assets.parse.grammar import CLOSE, END, HARD, OPEN, SOFT, Grammar, Rule
from assets.parse.match import Matcher, Topics
from assets.parse.outline import heading_level, writer
from assets.parse.scan import Scanned
from assets.parse.tables import Cell, Labelled, Table, column_kind, find_tables, is_neutral, labelled_cells, unit_of

# How far, in words, a number's frame may reach: bounded, so that time grows with the text alone.
_REACH = 28
_SUBLIST = re.compile(
    r"(?:其中)?[：:，、（(]?(?P<name>[一-龥]{1,9}?(?P<end>县|区|市|旗|镇|乡|街道|苏木|局|委|办|院|队))(?:分别)?(?:共|为|有|各)?"
)
_SUBORDINATE = frozenset(("镇", "乡", "街道", "苏木", "县", "区", "市", "旗"))


class Fact(NamedTuple):
    """An observation in the making, with spans in the readable text."""

    rule: Rule
    scope: str
    period: str
    dimension: str | None
    value: float
    qualifier: str
    start: int
    end: int
    value_start: int | None
    value_end: int | None
    section: str
    flags: tuple[str, ...]


class Entry(NamedTuple):
    """A line of the ledger in the making, with spans in the readable text; ``facts`` indexes the facts it states."""

    start: int
    end: int
    class_: str
    kind: str
    rule_id: str | None
    facts: tuple[int, ...]


class Reader:
    """Reads texts with one grammar; keeps what it learnt of frames, so the more it reads the faster it gets."""

    def __init__(self, grammar: Grammar) -> None:
        """Prepare for many texts."""
        self.grammar = grammar
        self.matcher = Matcher(grammar)

    def read(self, text: str, year: int | None) -> tuple[list[Fact], list[Entry]]:
        """Return facts and ledger of a readable text that reports on ``year``."""
        reading = _Reading(self, text, year)
        reading.run()
        return reading.facts, reading.entries


_NO_TOPICS: frozenset[str] = frozenset()


class _Reading:
    """The state of one pass."""

    def __init__(self, reader: Reader, text: str, year: int | None) -> None:
        self.grammar = reader.grammar
        self.matcher = reader.matcher
        self.words = reader.grammar.words
        self.text = text
        self.year = year
        self.facts: list[Fact] = []
        self.entries: list[Entry] = []
        found = self.grammar.automaton.find_matches_as_indexes(text)
        self.ids = [number for number, _, _ in found]
        self.starts = [start for _, start, _ in found]
        self.ends = [end for _, _, end in found]
        self.headings: list[tuple[int, str, frozenset[str]]] = []
        self.zone = ""
        self.zone_level = 0
        self.title_topics = _NO_TOPICS
        self.title_period = ""
        self.paragraph_topics = _NO_TOPICS
        self.section = ""
        self.writer = writer(text)

    # -- the pass ---------------------------------------------------------------------------------------------

    def run(self) -> None:
        numerals = self._scan()
        at = word = number = 0
        for table in find_tables(self.text):
            word, number = self._prose(at, table.start, word, number, numerals)
            word, number = self._table(table, word, number, numerals)
            at = table.end
        self._prose(at, len(self.text), word, number, numerals)

    def _prose(self, begin: int, end: int, first: int, number: int, numerals: list[Scanned]) -> tuple[int, int]:
        """Read ``text[begin:end]`` sentence by sentence; return the word and the numeral that come after it."""
        words, ids, starts = self.words, self.ids, self.starts
        after = bisect_left(starts, end, first)
        for index in range(first, after + 1):
            if index < after and not words[ids[index]].boundary & END:
                continue
            stop = starts[index] if index < after else end
            last = number
            while last < len(numerals) and numerals[last].start < stop:
                last += 1
            if stop > begin:
                self._sentence(begin, stop, first, index, numerals[number:last])
            if index < after and self.text[stop] == "\n":
                self._end_of_line()
            first, number, begin = min(index + 1, after), last, stop + 1
        return after, number

    def _table(self, table: Table, first: int, number: int, numerals: list[Scanned]) -> tuple[int, int]:
        """Read the cells of ``table``; return the word and the numeral that come after it."""
        cells = {each.cell.start: each for each in labelled_cells(table)}
        starts_of = sorted(cells)
        about = frozenset[str]()
        after = bisect_left(self.starts, table.end, first)
        for i in range(first, after):
            about |= self.words[self.ids[i]].topics
        topics = (about, *self.context)
        while number < len(numerals) and numerals[number].start < table.end:
            numeral = numerals[number]
            number += 1
            place = bisect_right(starts_of, numeral.start) - 1
            labelled = cells[starts_of[place]] if place >= 0 else None
            if labelled is None or numeral.start >= labelled.cell.end:
                kind = numeral.kind or "table_label"
                self.entries.append(Entry(numeral.start, numeral.end, "explained", kind, None, ()))
                continue
            self._cell(labelled, numeral, topics)
        return after, number

    def _cell(self, labelled: Labelled, numeral: Scanned, topics: Topics) -> None:
        cell = labelled.cell
        signed = self.text[numeral.start] in "+-"
        kind = column_kind((*labelled.column, *labelled.row), self.year) or ("comparison" if signed else "")
        if kind or (numeral.kind and not cell.is_number):
            self.entries.append(Entry(numeral.start, numeral.end, "explained", kind or numeral.kind, None, ()))
            return
        labels = (*labelled.row, *labelled.column)
        if not cell.is_number:
            labels = (cell, *labels)
        unit = numeral.unit or unit_of(labels)
        unit_class = self.grammar.unit_class.get(unit, unit)
        frame = [i for label in (*labels, *labelled.corner) for i in self._words_in(label)]
        verdict = self.matcher.match("number", tuple(self.ids[i] for i in frame), (), unit_class, topics)
        rule = verdict.rule
        if rule is None or verdict.rival is not None or not all(self._understood(label, rule) for label in labels):
            kind = "conflict" if verdict.rival is not None else "uncatalogued"
            self.entries.append(Entry(numeral.start, numeral.end, *(("unexplained", "fused") if numeral.fused else ("queued", kind)), None, ()))
            return
        value = numeral.value
        if not numeral.unit and unit in ("元", "亿元"):
            value = value / 10_000 if unit == "元" else value * 10_000
        made = len(self.facts)
        scope = next((self.words[self.ids[i]].scope for i in frame if self.words[self.ids[i]].scope in rule.indicator.scopes), rule.indicator.scope)
        period = rule.indicator.period if rule.indicator.period != "year" else self.title_period or "year"
        self.facts.append(
            Fact(rule, rule.indicator.scope if rule.indicator.fixed_scope else scope, period, None, value, numeral.qualifier or "exact",
                 cell.start, cell.end, numeral.start, numeral.end, self.section, ("table",))
        )  # fmt: skip
        self.entries.append(Entry(numeral.start, numeral.end, "observation", "", rule.pattern.rule_id, (made,)))

    def _words_in(self, cell: Cell) -> list[int]:
        """Return the indices of the words of a cell that mean something."""
        first = bisect_left(self.starts, cell.start)
        last = bisect_left(self.starts, cell.end, first)
        return [i for i in range(first, last) if not self.words[self.ids[i]].boundary]

    def _understood(self, label: Cell, rule: Rule) -> bool:
        """Whether the rule uses what the label says, or the label says nothing."""
        if is_neutral(label):
            return True
        used = frozenset[str]().union(*rule.needed) | rule.topics | rule.welcome
        return any((self.words[self.ids[i]].concepts | self.words[self.ids[i]].topics) & used for i in self._words_in(label))

    def _scan(self) -> list[Scanned]:
        """Return the numerals; those inside fixed phrases of the lexicon are explained by them."""
        words = self.words
        fixed = [
            (self.starts[i], self.ends[i], words[number].fixed)
            for i, number in enumerate(self.ids)
            if words[number].fixed
        ]
        numerals: list[Scanned] = []
        at = 0
        for numeral in self.grammar.scanner.scan(self.text):
            while at < len(fixed) and fixed[at][1] <= numeral.start:
                at += 1
            if at < len(fixed) and fixed[at][0] <= numeral.start and numeral.chinese and not (
                numeral.end > fixed[at][1] + 1 and not numeral.kind
            ):
                numeral = numeral._replace(kind=numeral.kind or fixed[at][2])
            numerals.append(numeral)
        return numerals

    def _end_of_line(self) -> None:
        self.paragraph_topics = _NO_TOPICS
        if self.zone_level == 0 and self.zone == "problem":
            self.zone = ""

    # -- sentences --------------------------------------------------------------------------------------------

    def _sentence(self, begin: int, stop: int, first: int, last: int, numerals: list[Scanned]) -> None:
        level = heading_level(self.text, begin) if numerals and numerals[0].kind == "heading" and numerals[0].start == begin else 0
        is_title = not self.headings and begin < 200 and not any(not each.kind for each in numerals)
        topics = frozenset[str]().union(*(self.words[self.ids[i]].topics for i in range(first, last)))
        if level:
            self._heading(level, begin, stop, first, last, topics)
        elif is_title:
            self.title_topics |= topics
            if any("half_year" in self.words[self.ids[i]].signals for i in range(first, last)):
                self.title_period = "half_year"
        elif not self.zone_level:
            self._opening(begin, stop, first, last)
        _Sentence(self, begin, stop, first, last, numerals).read()
        if topics:
            self.paragraph_topics = topics

    def _heading(self, level: int, begin: int, stop: int, first: int, last: int, topics: frozenset[str]) -> None:
        while self.headings and self.headings[-1][0] >= level:
            self.headings.pop()
        self.headings.append((level, self.text[begin:min(stop, begin + 60)], topics))
        self.section = " > ".join(title for _, title, _ in self.headings)
        if self.zone_level and level <= self.zone_level or not self.zone_level:
            self.zone, self.zone_level = "", 0
        if stop - begin <= 60:
            for i in range(first, last):
                signals = self.words[self.ids[i]].signals
                kind = "target" if "plan" in signals else "other" if "problem" in signals else ""
                if kind and not self.zone:
                    self.zone, self.zone_level = kind, level

    def _opening(self, begin: int, stop: int, first: int, last: int) -> None:
        """Enter or leave a passage on plans or shortcomings that no heading announces."""
        opening = self.text[begin:begin + 14]
        next_year = self.year is not None and opening.startswith(f"{self.year + 1}年")
        if next_year and re.search(r"将|要|计划|力争|继续|持续|重点|下一步", self.text[begin:min(stop, begin + 60)]):
            self.zone, self.zone_level = "target", 1
        elif re.match(r"(?:下一步|下步|今后|下一年|下阶段|下半年，)", opening):
            self.zone, self.zone_level = "target", 1

    @property
    def context(self) -> Topics:
        levels = [self.paragraph_topics]
        levels += [topics for _, _, topics in reversed(self.headings)]
        levels.append(self.title_topics)
        return tuple(levels)


class _Parted(NamedTuple):
    """A list of nouns that 分别 hands out to the numbers that follow."""

    verb_start: int
    nouns: list[list[int]]
    verb: list[int]
    used: int


class _Sentence:
    """One sentence: its clauses from left to right, with what is carried from one to the next."""

    def __init__(self, reading: _Reading, begin: int, stop: int, first: int, last: int, numerals: list[Scanned]) -> None:
        self.r = reading
        self.begin, self.stop, self.first, self.last = begin, stop, first, last
        self.numerals = numerals
        self.topic_trail: list[frozenset[str]] = []
        self.clause_topics: frozenset[str] = _NO_TOPICS
        self.subject = ""
        self.other_year = ""
        self.span = ""
        self.facts: list[int] = []
        self.parted: _Parted | None = None
        self.previous_unit = ""
        self.previous: tuple[Rule, ...] = ()

    def read(self) -> None:
        r = self.r
        starts = r.starts
        at = self.first
        next_numeral = 0
        numerals = self.numerals
        last_quantity_end = -1
        while at < self.last or next_numeral < len(numerals):
            if next_numeral < len(numerals) and (at >= self.last or numerals[next_numeral].start <= starts[at]):
                numeral = numerals[next_numeral]
                next_numeral += 1
                if numeral.kind:
                    self._named(numeral)
                    r.entries.append(Entry(numeral.start, numeral.end, "explained", numeral.kind, None, ()))
                else:
                    following = next((n for n in numerals[next_numeral:] if not n.kind), None)
                    self._quantity(numeral, last_quantity_end, following)
                    last_quantity_end = numeral.after
                while at < self.last and starts[at] < numeral.end:
                    self._word(at)
                    at += 1
                continue
            self._word(at)
            at += 1

    def _word(self, at: int) -> None:
        """Carry on what a word says for what follows it."""
        r = self.r
        word = r.words[r.ids[at]]
        if word.boundary:
            if word.boundary & HARD and self.clause_topics:
                self.topic_trail.insert(0, self.clause_topics)
                self.clause_topics = _NO_TOPICS
            return
        if word.topics:
            self.clause_topics = r.grammar.settled(self.clause_topics | self._topics(at))
        if word.scope and word.scope not in ("departments", "subordinate_governments") and self._opens_clause(at):
            self.subject = word.scope
        signals = word.signals
        if signals:
            if "half_year" in signals:
                self.span = "half_year"
            elif "since" in signals:
                self.span = "cumulative"
            elif "this_year" in signals:
                self.span, self.other_year = "", ""
            elif "respectively" in signals:
                self._part(at)
            if signals & _IMPLYING:
                self._implied(at)
        if word.concepts:
            self._named_fact(at)

    def _topics(self, at: int) -> frozenset[str]:
        """Return the topics that the word at ``at`` sets.

        Who is the respondent decides what 被申请人 is about: a body below, then the reporter decides the case;
        the reporter itself, then a higher authority does.
        """
        r = self.r
        word = r.words[r.ids[at]]
        if _RESPONDENT in word.concepts:
            around = range(max(self.first, at - 2), min(self.last, at + 3))
            if any(r.words[r.ids[i]].scope in ("departments", "subordinate_governments") for i in around):
                return _DECIDED_HERE
        return word.topics

    def _opens_clause(self, at: int) -> bool:
        r = self.r
        return at == self.first or bool(r.words[r.ids[at - 1]].boundary & (HARD | END)) or r.ends[at - 1] <= r.starts[at] - 1 or at - self.first < 4

    def _named(self, numeral: Scanned) -> None:
        """Carry on what a date says."""
        if numeral.kind == "duration":
            text = self.r.text[numeral.start:numeral.end]
            if text.endswith("来") and text[0] != "一":
                self.span = "cumulative"
            return
        if numeral.kind != "date":
            return
        text = self.r.text[numeral.start:numeral.end]
        before = self.r.text[max(self.begin, numeral.start - 3):numeral.start]
        if re.fullmatch(r"(?:19|20)\d\d年?度?", text):
            year = int(text[:4])
            after = self.r.text[numeral.end:numeral.end + 2]
            if after[:1] in ("前", "以", "之", "底", "末", "起", "来", "至") or before.endswith(("自", "从", "对")):
                if after.startswith(("以来", "来", "起")) or before.endswith(("自", "从")):
                    self.span = "cumulative"
                return
            if self.r.year is None or year == self.r.year:
                self.other_year, self.span = "", ""
            elif year == self.r.year + 1:
                self.other_year = "target"
            elif year < self.r.year:
                self.other_year = "comparison"
            else:
                self.other_year = "target"
            return
        if "季度" in text:
            self.span = "quarter"
            return
        month = re.search(r"(\d{1,2})月", text)
        if month and re.search(r"截至|截止|至$|到$", before) and int(month[1]) < 12:
            self.span = "quarter"
        elif re.match(r"\d{1,2}\s?[-—–~～至到]\s?\d{1,2}月", text):
            months = [int(each) for each in re.findall(r"\d{1,2}", text)]
            if months[0] == 1 and months[-1] == 6:
                self.span = "half_year"
            elif months != [1, 12]:
                self.span = "quarter"

    # -- frames -----------------------------------------------------------------------------------------------

    def _left(self, start: int, floor: int) -> tuple[list[int], bool]:
        """Return the words on the left of ``start`` back to the clause's begin, as indices, and whether ``floor`` ended it."""
        r = self.r
        found: list[int] = []
        at = bisect_left(r.starts, start, self.first, self.last) - 1
        if at >= self.first and r.ends[at] > start:
            at -= 1
        depth = 0
        steps = 0
        while at >= self.first and steps < _REACH:
            steps += 1
            boundary = r.words[r.ids[at]].boundary
            if r.starts[at] < floor:
                return found[::-1], True
            if boundary & CLOSE:
                depth += 1
            elif boundary & OPEN:
                if depth == 0:
                    break
                depth -= 1
            elif depth == 0:
                if boundary & HARD:
                    break
                found.append(at)
            at -= 1
        return found[::-1], False

    def _right(self, after: int, ceiling: int) -> list[int]:
        """Return the words on the right of ``after`` up to the clause's end or ``ceiling``, as indices."""
        r = self.r
        found: list[int] = []
        at = bisect_left(r.starts, after, self.first, self.last)
        while at < self.last and len(found) < _REACH:
            if r.starts[at] >= ceiling or r.words[r.ids[at]].boundary & HARD:
                break
            found.append(at)
            at += 1
        return found

    def _cut_left(self, left: list[int], floor: int, start: int, floored: bool) -> list[int]:
        """Cut what belongs to the number before: 维持3件、撤销1件; 42项任务和16个行动."""
        r = self.r
        if not floored or not left:
            return left
        if r.words[r.ids[left[0]]].boundary & SOFT and r.starts[left[0]] == floor:
            return left[1:]
        if r.words[r.ids[left[-1]]].boundary & SOFT and r.ends[left[-1]] == start:
            return []
        return left

    def _cut_right(self, right: list[int], ceiling: int) -> list[int]:
        r = self.r
        if ceiling < self.stop:
            for place, index in enumerate(right):
                if r.words[r.ids[index]].boundary & SOFT:
                    return right[:place]
        return right

    def _quantity(self, numeral: Scanned, floor: int, following: Scanned | None) -> None:
        r = self.r
        ceiling = following.start if following else self.stop
        left, floored = self._left(numeral.start, floor)
        left = self._cut_left(left, floor, numeral.start, floored)
        right = self._cut_right(self._right(numeral.after, ceiling), ceiling)
        refused = self._no_result(numeral, left, right)
        if refused:
            r.entries.append(Entry(numeral.start, numeral.end, "explained", refused, None, ()))
            return
        unit = r.grammar.unit_class.get(numeral.unit, numeral.unit)
        topics = self._context()
        frames = self._aligned(numeral, floor)
        rules: list[Rule] = []
        rival: Rule | None = None
        dimension: str | None = None
        for frame_left in frames or self._shared(left, unit):
            verdict = self._match("number", frame_left, right, unit, topics)
            if verdict.rule is not None and verdict.rival is None:
                if all(verdict.rule.indicator.id != rule.indicator.id for rule in rules):
                    rules.append(verdict.rule)
            elif verdict.rival is not None:
                rival = verdict.rival
        scope = ""
        if not rules and rival is None:
            inherited, dimension, scope = self._sublist(numeral, left, floor)
            if inherited is not None:
                rules = [inherited]
        if not rules:
            self._unclaimed(numeral, unit, conflict=rival is not None)
            return
        first_fact = len(r.facts)
        for rule in rules:
            self._fact(rule, numeral, left, right, dimension, scope)
        made = tuple(range(first_fact, len(r.facts)))
        self.previous = tuple(rules)
        self.previous_unit = unit
        r.entries.append(Entry(numeral.start, numeral.end, "observation", "", rules[0].pattern.rule_id, made))

    def _match(self, how, left, right, unit, topics):  # noqa: ANN
        r = self.r
        ids = r.ids
        return self.r.matcher.match(how, tuple([ids[i] for i in left if not r.words[ids[i]].boundary]), tuple([ids[i] for i in right if not r.words[ids[i]].boundary]), unit, topics)

    def _context(self) -> Topics:
        trail = [self.clause_topics, *self.topic_trail] if self.clause_topics else list(self.topic_trail)
        return (*(trail[:2] or [_NO_TOPICS]), *self.r.context)

    def _shared(self, left: list[int], unit: str) -> list[list[int]]:
        """Part the nouns that share one number: 参考率和合格率均达100%."""
        r = self.r
        if unit == "%" and left and any("jointly" in r.words[r.ids[i]].signals for i in left[-3:]):
            parts: list[list[int]] = [[]]
            for index in left:
                if r.words[r.ids[index]].boundary & SOFT:
                    parts.append([])
                else:
                    parts[-1].append(index)
            if len(parts) > 1:
                return [part for part in parts if part]
        return [left]

    def _aligned(self, numeral: Scanned, floor: int) -> list[list[int]]:
        """Align the numbers of a list with its nouns: 微博、公众号分别发布402条、938条."""
        r = self.r
        if not self.parted or numeral.start < self.parted.verb_start:
            return []
        nouns, verb = self.parted.nouns, self.parted.verb
        if self.parted.used >= 1 and r.text[floor:numeral.start].strip("、和，及") != "":
            self.parted = None
            return []
        place = self.parted.used
        self.parted = self.parted._replace(used=place + 1)
        noun = nouns[place] if place < len(nouns) else []
        return [[*noun, *verb]]

    def _part(self, at: int) -> None:
        """Remember the nouns before 分别 and what stands between it and the first number."""
        r = self.r
        first = next((n for n in self.numerals if not n.kind and n.start >= r.ends[at]), None)
        if first is None:
            return
        left, _ = self._left(r.starts[at], -1)
        nouns: list[list[int]] = [[]]
        for index in left:
            if r.words[r.ids[index]].boundary & SOFT:
                nouns.append([])
            else:
                nouns[-1].append(index)
        verb = [i for i in self._right(r.ends[at], first.start)]
        self.parted = _Parted(r.starts[at], nouns, verb, 0)

    def _no_result(self, numeral: Scanned, left: list[int], right: list[int]) -> str:
        """Return what the numeral is when the words around it say that it is no result of this year, else nothing."""
        r = self.r
        if r.zone:
            return r.zone
        words, ids = r.words, r.ids
        for index in left:
            signals = words[ids[index]].signals
            if signals & _CLAUSE_WIDE:
                if "target" in signals:
                    return "target"
                if "comparison" in signals:
                    return "comparison"
        nearest = None
        for index in reversed(left):
            word = words[ids[index]]
            if r.starts[index] < numeral.start - 12:
                break
            gap = r.text[r.ends[index]:numeral.start]
            if word.signals & _NEAR:
                if "norm" in word.signals and len(gap) <= 4 and (numeral.unit != "%"):
                    return "norm"
                if len(gap) <= 2:
                    if "level" in word.signals:
                        break
                    if "goal" in word.signals:
                        return "target"
                    if "change" in word.signals:
                        return "comparison"
                if "share" in word.signals and len(gap) <= 8 and numeral.unit in ("%", ""):
                    return "comparison"
            nearest = nearest or word
        if self.other_year:
            return self.other_year
        tail = r.text[numeral.after:numeral.after + 3]
        if tail.startswith("以上的") or (tail.startswith("以上") and r.text[max(0, numeral.start - 1):numeral.start] == "对"):
            return "threshold"
        return ""

    def _sublist(self, numeral: Scanned, left: list[int], floor: int) -> tuple[Rule | None, str | None, str]:
        """Return the rule of the number before when this one only names a body: 折桂县148件、松筠县131件."""
        r = self.r
        if not self.previous or floor < 0 or len(self.previous) != 1:
            return None, None, ""
        rule = self.previous[0]
        unit = r.grammar.unit_class.get(numeral.unit, numeral.unit)
        if unit != self.previous_unit:
            return None, None, ""
        start = max(floor, self.begin)
        if left:
            start = max(start, r.starts[left[0]])
        stretch = r.text[max(start, numeral.start - 14):numeral.start].lstrip("，、：:；;（(")
        scopes = [r.words[r.ids[i]].scope for i in left if r.words[r.ids[i]].scope]
        others = [i for i in left if not r.words[r.ids[i]].scope and not r.words[r.ids[i]].boundary and r.words[r.ids[i]].concepts]
        if scopes and not others and scopes[0] in rule.indicator.scopes and len(stretch) <= 12:
            return rule, None, scopes[0]
        found = _SUBLIST.fullmatch(stretch)
        if found and not others:
            scope = "subordinate_governments" if found["end"] in _SUBORDINATE else "departments"
            if scope in rule.indicator.scopes:
                return rule, found["name"], scope
        return None, None, ""

    # -- results ----------------------------------------------------------------------------------------------

    def _unclaimed(self, numeral: Scanned, unit: str, *, conflict: bool) -> None:
        r = self.r
        class_, kind = "queued", "conflict" if conflict else "uncatalogued"
        if numeral.fused:
            class_, kind = "unexplained", "fused"
        elif numeral.chinese and r.text[numeral.start:numeral.end] in ("一", "百", "千", "万") and not conflict:
            class_, kind = "explained", "idiom"
        r.entries.append(Entry(numeral.start, numeral.end, class_, kind, None, ()))

    def _fact(
        self, rule: Rule, numeral: Scanned, left: list[int], right: list[int], dimension: str | None, scope: str
    ) -> None:
        r = self.r
        start = r.starts[left[0]] if left else numeral.start
        end = r.ends[right[-1]] if right else numeral.after
        self.facts.append(len(r.facts))
        r.facts.append(
            Fact(
                rule,
                scope or self._scope(rule, left, right),
                self._period(rule),
                dimension,
                numeral.value,
                self._qualifier(numeral),
                min(start, numeral.start),
                max(end, numeral.after),
                numeral.start,
                numeral.end,
                r.section,
                (),
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
        near = [r.words[r.ids[i]].scope for i in (*left, *right) if r.words[r.ids[i]].scope]
        if "party_committee" in near and "reporter" in near and "other" in indicator.scopes:
            return "other"
        for scope in near:
            if scope in indicator.scopes:
                return scope
        if self.subject in indicator.scopes:
            return self.subject
        return indicator.scope

    def _qualifier(self, numeral: Scanned) -> str:
        text = self.r.text
        tail = text[numeral.after:numeral.after + 2]
        before = text[max(self.begin, numeral.start - 2):numeral.start].rstrip("“")
        if tail in ("左右", "上下") or (before and before[-1] in "近约" and before not in ("最近", "附近")) or before in ("大约", "将近", "接近", "约为", "约有", "约达"):
            return "approximately"
        if tail in ("以内", "以下") or before in ("不足", "不到", "低于"):
            return "at_most"
        if numeral.qualifier:
            return numeral.qualifier
        if tail == "以上" or tail[:1] in ("余", "多") or (before and before[-1] in "逾超") or before in ("超过", "突破", "超出", "多达") or before[-1:] == "上" and numeral.chinese:
            return "at_least"
        return "exact"

    # -- facts that no numeral states -------------------------------------------------------------------------

    def _implied(self, at: int) -> None:
        r = self.r
        if r.zone or self.other_year:
            return
        word = r.words[r.ids[at]]
        number = next((n for n in self.numerals if not n.kind and n.start >= r.ends[at]), None)
        right = self._right(r.ends[at], number.start if number else self.stop)
        left, _ = self._left(r.starts[at], -1)
        topics = self._context()
        parts: list[list[int]] = [[]]
        for index in right:
            if r.words[r.ids[index]].boundary & SOFT:
                parts.append([])
            else:
                parts[-1].append(index)
        seen: set[str] = set()
        for how in ("none", "all", "full"):
            if how not in word.signals:
                continue
            for part in parts if how != "full" else [right]:
                verdict = self._match(how, left, part, "", topics)
                rule = verdict.rule
                if rule is None or verdict.rival is not None or rule.indicator.id in seen:
                    continue
                value = self._implied_value(rule, how)
                if value is None:
                    continue
                seen.add(rule.indicator.id)
                self._implied_fact(rule, value, at, left, part or right)

    def _implied_value(self, rule: Rule, how: str) -> float | None:
        if how == "none":
            return 0.0
        if rule.indicator.kind == "rate":
            return 100.0
        for number in reversed(self.facts):
            fact = self.r.facts[number]
            if fact.rule.indicator.id in rule.pattern.source:
                return fact.value
        return None

    def _named_fact(self, at: int) -> None:
        """Find facts told by naming alone: 获评省级示范单位."""
        r = self.r
        index = r.grammar.rules.get("named")
        if not index or r.zone or self.other_year:
            return
        word = r.words[r.ids[at]]
        if not any(concept in index for concept in word.concepts):
            return
        left, _ = self._left(r.ends[at], -1)
        right = self._right(r.ends[at], self.stop)
        begin = r.starts[left[0]] if left else r.starts[at]
        end = r.ends[right[-1]] if right else r.ends[at]
        if any(not n.kind and begin <= n.start < end and not (n.chinese and n.value == 1) for n in self.numerals):
            return
        verdict = self._match("named", left, right, "", self._context())
        rule = verdict.rule
        if rule is None or verdict.rival is not None:
            return
        if any(r.facts[n].rule.indicator.id == rule.indicator.id for n in self.facts):
            return
        value = 100.0 if rule.indicator.kind == "rate" else 1.0
        self._implied_fact(rule, value, at, left, right)

    def _implied_fact(self, rule: Rule, value: float, at: int, left: list[int], right: list[int]) -> None:
        r = self.r
        self.facts.append(len(r.facts))
        r.facts.append(
            Fact(
                rule,
                self._scope(rule, left, right),
                self._period(rule),
                None,
                value,
                "implied",
                r.starts[left[0]] if left else r.starts[at],
                max(r.ends[right[-1]] if right else 0, r.ends[at]),
                None,
                None,
                r.section,
                (),
            )
        )


_RESPONDENT = "被申请人"
_DECIDED_HERE = frozenset(("复议",))
_IMPLYING = frozenset(("none", "all", "full"))
_CLAUSE_WIDE = frozenset(("target", "comparison"))
_NEAR = frozenset(("norm", "goal", "change", "share", "level"))
