"""The catalogue made ready for matching: words as numbers, rules found by the words they need.

Here belongs everything that is computed from the catalogue alone, once in a process. Not here: anything that
looks at a text.
"""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, MatchKind

from assets.parse.scan import Scanner
from contracts.indicators import Catalogue, Indicator, Pattern

HARD, SOFT, OPEN, CLOSE, END = 1, 2, 4, 8, 16
_PUNCTUATION = {
    "，": HARD, ",": HARD, "；": HARD, ";": HARD, "：": HARD, ":": HARD, "\t": HARD, "|": HARD,
    "、": SOFT, "和": SOFT, "及": SOFT, "与": SOFT, "以及": SOFT, "并": SOFT, "暨": SOFT, "及其": SOFT, "或": SOFT, "或者": SOFT, "/": SOFT,
    "（": HARD | OPEN, "(": HARD | OPEN, "）": HARD | CLOSE, ")": HARD | CLOSE, "【": HARD, "】": HARD,
    "。": END, "！": END, "？": END, "\n": END, "!": END, "?": END,
}  # fmt: skip


class Word(NamedTuple):
    """What a word of the lexicon does where it stands in a text."""

    text: str
    boundary: int
    concepts: frozenset[str]
    topics: frozenset[str]
    scope: str
    signals: frozenset[str]
    fixed: str


class Rule(NamedTuple):
    """A pattern ready to be tried on a frame: every group of ``needed`` must meet the words of the frame."""

    pattern: Pattern
    indicator: Indicator
    needed: tuple[frozenset[str], ...]
    welcome: frozenset[str]
    barred: frozenset[str]
    topics: frozenset[str]
    units: frozenset[str]
    weight: float


class Grammar(NamedTuple):
    """A catalogue compiled."""

    catalogue: Catalogue
    scanner: Scanner
    automaton: AhoCorasick
    words: tuple[Word, ...]
    unit_class: dict[str, str]
    rules: dict[str, dict[str, tuple[Rule, ...]]]
    overrides: dict[str, frozenset[str]]

    def settled(self, topics: frozenset[str]) -> frozenset[str]:
        """Return the topics without those that another of them pushes out."""
        if len(topics) < 2:
            return topics
        out = [self.overrides[topic] for topic in topics if topic in self.overrides]
        return topics.difference(*out) if out else topics


@lru_cache(maxsize=4)
def _compiled(version: str, holder: _Holder) -> Grammar:
    del version
    return compile_grammar(holder.catalogue)


class _Holder:
    """Carries a catalogue past a cache that must compare versions, not catalogues."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue

    def __hash__(self) -> int:
        return hash(self.catalogue.version)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Holder) and other.catalogue.version == self.catalogue.version


def grammar_of(catalogue: Catalogue) -> Grammar:
    """Return the grammar of a catalogue, compiled once for each version."""
    return _compiled(catalogue.version, _Holder(catalogue))


def compile_grammar(catalogue: Catalogue) -> Grammar:
    """Compile ``catalogue``; linear in its size."""
    lexicon = catalogue.lexicon
    concepts: dict[str, set[str]] = defaultdict(set)
    topics: dict[str, set[str]] = defaultdict(set)
    scopes: dict[str, str] = {}
    signals: dict[str, set[str]] = defaultdict(set)
    fixed: dict[str, str] = {}
    for name, words in lexicon.concepts.items():
        for word in words:
            concepts[word].add(name)
    for name, words in lexicon.topics.items():
        for word in words:
            topics[word].add(name)
    for name, words in lexicon.scopes.items():
        for word in words:
            scopes[word] = name
    for name, words in lexicon.signals.items():
        for word in words:
            signals[word].add(name)
    for name, words in lexicon.fixed.items():
        for word in words:
            fixed[word] = name
    for indicator in catalogue.indicators.values():
        for pattern in indicator.patterns:
            for group in (*pattern.needed, pattern.welcome, pattern.barred):
                for marked in group:
                    word = marked.removeprefix("+")
                    if word not in lexicon.concepts and word not in lexicon.topics:
                        concepts[word].add(word)
    texts = sorted({*concepts, *topics, *scopes, *signals, *fixed, *lexicon.masks, *_PUNCTUATION})
    words = tuple(
        Word(
            text,
            _PUNCTUATION.get(text, 0),
            frozenset(concepts.get(text, ())),
            frozenset(topics.get(text, ())),
            scopes.get(text, ""),
            frozenset(signals.get(text, ())),
            fixed.get(text, ""),
        )
        for text in texts
    )
    classes = {word: name for name, members in lexicon.units.items() for word in members}
    rules: dict[str, dict[str, list[Rule]]] = defaultdict(lambda: defaultdict(list))
    for indicator in catalogue.indicators.values():
        for pattern in indicator.patterns:
            rule = _rule(pattern, indicator, catalogue)
            for word in _anchor(rule):
                rules[pattern.how][word].append(rule)
    automaton = AhoCorasick(texts, matchkind=MatchKind.LeftmostLongest, store_patterns=False)
    frozen = {how: {word: tuple(found) for word, found in index.items()} for how, index in rules.items()}
    overrides = {topic: frozenset(others) for topic, others in lexicon.overrides.items()}
    return Grammar(catalogue, Scanner(lexicon), automaton, words, classes, frozen, overrides)


def _rule(pattern: Pattern, indicator: Indicator, catalogue: Catalogue) -> Rule:
    known_topics = catalogue.lexicon.topics
    topics: set[str] = set()
    needed: list[frozenset[str]] = []
    for group in pattern.needed:
        # A topic word may have been said before; every other word must stand near the number.
        if all(word in known_topics for word in group):
            topics.update(group)
        else:
            needed.append(frozenset(word.removeprefix("+") for word in group))
    if not topics:
        topics.update(indicator.topic)
    if not needed:
        needed.append(frozenset(topics))
    units = frozenset(pattern.units or indicator.units)
    weight = float(sum(1 + 0.1 * min(max(len(word) for word in group), 6) for group in needed))
    return Rule(
        pattern,
        indicator,
        tuple(needed),
        frozenset(pattern.welcome),
        frozenset(pattern.barred),
        frozenset(topics),
        units,
        weight,
    )


def _anchor(rule: Rule) -> frozenset[str]:
    """Return the words one of which must be near for the rule to be worth trying."""
    return min(rule.needed, key=len)
