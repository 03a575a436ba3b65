"""The review queue: quantities that no rule claims, grouped so that one new line of the catalogue settles many.

Here belongs what a group is and which pattern would claim it. Not here: where the queued numerals come from (a text
just read, or the warehouse), and the judgement whether they are worth an indicator at all: that is a researcher's.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from assets.parse.extract import extract
from assets.parse.grammar import Grammar, compile_grammar
from assets.parse.normalise import normalise
from contracts.indicators import Catalogue, unit_class

EXAMPLES_KEPT = 3
REACH = 80
"""Characters to either side of a numeral that its sentence may have."""


class Queued(NamedTuple):
    """A queued numeral of a document, ``text[start:end]``; ``kind`` says why it waits."""

    document: str
    text: str
    start: int
    end: int
    kind: str


class Group(NamedTuple):
    """Queued numerals of one wording and unit, and a first draft of the line that would claim them.

    ``wording`` names the lists of the words beside them, ``sentences`` are a few of the clauses they stand in, and
    ``draft`` is an item of ``patterns = […]`` in the words of the reports themselves.
    """

    numerals: int
    documents: int
    kind: str
    wording: str
    unit: str
    sentences: tuple[str, ...]
    draft: str


def queued_in(document: str, text: str, catalogue: Catalogue) -> Iterator[Queued]:
    """Read a text and yield its queued numerals in their order."""
    for numeral in extract(text, catalogue).numerals:
        if numeral.class_ == "queued":
            yield Queued(document, text, numeral.char_start, numeral.char_end, numeral.kind)


def groups(queue: Iterable[Queued], catalogue: Catalogue) -> list[Group]:
    """Return the queue by wording and unit, the most frequent group first, those without any word last."""
    wordings = _Wordings(catalogue)
    found: dict[tuple[str, str, str], list[tuple[Queued, str, list[_Said]]]] = {}
    for queued in queue:
        sentence, said, unit = wordings.of(queued)
        wording = " ".join(dict.fromkeys(word.list for word in said))
        found.setdefault((wording, unit, queued.kind), []).append((queued, sentence, said))
    made = [
        Group(
            len(members),
            len({queued.document for queued, _, _ in members}),
            kind,
            wording,
            unit,
            tuple(dict.fromkeys(sentence for _, sentence, _ in members))[:EXAMPLES_KEPT],
            _draft([said for _, _, said in members], unit_class(catalogue.lexicon, unit) or ""),
        )
        for (wording, unit, kind), members in found.items()
    ]
    return sorted(made, key=lambda group: (not group.wording, -group.numerals, group.wording, group.unit))


class _Said(NamedTuple):
    """A word beside a number as the report says it, and the list that groups it with its synonyms."""

    list: str
    text: str


def _draft(members: list[list[_Said]], unit: str) -> str:
    """Return a pattern in the words of the reports, those of one list as alternatives, the most frequent first."""
    said = Counter(word for words in members for word in words)
    slots: dict[str, list[str]] = {}
    for word in sorted(said, key=lambda word: -said[word]):
        slots.setdefault(word.list, []).append(word.text)
    order = dict.fromkeys(word.list for word in members[0])
    words = " ".join("|".join(slots[name]) for name in order)
    return f'"{words} #{unit}",' if words else ""


class _Wordings:
    """What stands around a number, in the words of the catalogue or, where it knows none, in the report's own."""

    def __init__(self, catalogue: Catalogue) -> None:
        """Compile the catalogue's words."""
        self._grammar: Grammar = compile_grammar(catalogue)
        self._units = {word for words in catalogue.lexicon.units.values() for word in words}
        alternatives = "|".join(map(re.escape, sorted(self._units, key=len, reverse=True)))
        self._unit = re.compile(rf"\s*[余多]?({alternatives})?")

    def of(self, queued: Queued) -> tuple[str, list[_Said], str]:
        """Return the sentence, the words and the unit word of a queued numeral."""
        text = queued.text
        begin = (
            max((text.rfind(stop, max(0, queued.start - REACH), queued.start) for stop in _SENTENCE), default=-1) + 1
        )
        begin = max(begin, queued.start - REACH)
        stops = (text.find(stop, queued.end, queued.end + REACH) for stop in _SENTENCE)
        end = min((stop for stop in stops if stop >= 0), default=min(len(text), queued.end + REACH))
        unit = self._unit.match(text, queued.end)
        before = normalise(text[begin : queued.start]).text
        left = _NUMBER_OR_STOP.split(before)[-1]
        right = _CLAUSE_BEGIN.match(normalise(text[unit.end() if unit else queued.end : end]).text)
        # 旁听庭审1次23人次: where nothing stands beside a number, its clause says what it counts.
        clause = _STOP.split(before)[-1]
        own = [] if left in self._units else _own_words(left)
        said = self._words(left) or own or self._words(right[0] if right else "") or self._words(clause)
        return " ".join(text[begin:end].split()), said, (unit and unit[1]) or ""

    def _words(self, clause: str) -> list[_Said]:
        words: dict[str, _Said] = {}
        for number, _, _ in self._grammar.automaton.find_matches_as_indexes(clause):
            word = self._grammar.words[number]
            names = word.concepts or word.topics
            # 全年 and 全县 say when and whose, 其中 and 共 how much of it: not what.
            if names and not (word.signals or word.scope or word.text in _SAYS_NOTHING):
                # Of several lists the shortest means most nearly this word.
                name = word.text if word.text in names else min(names, key=lambda name: (self._size(name), name))
                words.setdefault(name, _Said(name, word.text))
        return list(words.values())

    def _size(self, name: str) -> int:
        lexicon = self._grammar.catalogue.lexicon
        return len(lexicon.concepts.get(name, ())) or len(lexicon.topics.get(name, ()))


def _own_words(clause: str) -> list[_Said]:
    """Return the last characters of a clause in which the catalogue knows no word."""
    bare = re.sub(r"[共约近逾超达为了的有计各]+$", "", re.sub(r"^.*(?:其中|其余|其他|包括|共有)", "", clause))
    found = re.search(r"[\u4e00-\u9fff]{2,6}$", bare)
    return [_Said(found[0], found[0])] if found else []


_SAYS_NOTHING = frozenset(
    ("其中", "其余", "其他", "包括", "共", "共有", "合计", "总计", "累计", "全部", "现有", "年内")
)
_SENTENCE = "。！？；\n"
_STOP = re.compile(r"[，。；：、,;:（(）)|\t]")
_NUMBER_OR_STOP = re.compile(rf"{_STOP.pattern}|\d")
_CLAUSE_BEGIN = re.compile(r"[^，。；：、,;:（(）)|\t\d]*")
