"""The catalogue made ready for matching: words as numbers, rules found by the words they need.

Here belongs everything that is computed from the catalogue alone, once in a process. Not here: anything that
looks at a text.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, final

from ahocorasick_rs import AhoCorasick, MatchKind

from assets.parse.scan import CHINESE, Scanner
from contracts.collector import uncollected
from contracts.indicators import Catalogue, Indicator, Lexicon, Pattern

# What a word does where it stands, as bits: most words only stand in frames and have none.
HARD: Final = 1 << 0
SOFT: Final = 1 << 1
OPEN: Final = 1 << 2
CLOSE: Final = 1 << 3
END: Final = 1 << 4
TOPIC: Final = 1 << 5
SCOPE: Final = 1 << 6
SIGNAL: Final = 1 << 7
IMPLYING: Final = 1 << 8
NAMING: Final = 1 << 9
FIXED: Final = 1 << 10
PART: Final = 1 << 11
ACT: Final = 1 << 12
BOUNDARY: Final = HARD | SOFT | OPEN | CLOSE | END
IMPLYING_SIGNALS: Final = frozenset(("none", "all", "full"))

_PUNCTUATION: Final = {
    "，": HARD, ",": HARD, "；": HARD, ";": HARD, "：": HARD, ":": HARD, "\t": HARD, "|": HARD, "【": HARD, "】": HARD,
    "——": HARD,
    "、": SOFT, "和": SOFT, "及": SOFT, "与": SOFT, "以及": SOFT, "并": SOFT, "暨": SOFT, "及其": SOFT, "或": SOFT,
    "或者": SOFT, "/": SOFT,
    "（": HARD | OPEN, "(": HARD | OPEN, "）": HARD | CLOSE, ")": HARD | CLOSE,
    "。": END, "！": END, "？": END, "\n": END, "!": END, "?": END,
}  # fmt: skip


# The word of every frame of a writer who decides cases of reconsideration.
DECIDES: Final = "@decides"
# What a body that decides cases means by 复议, and what any other means by it.
RECONSIDERATION: Final = "复议"
OF_SUPERIOR: Final = "上级复议"
RESPONDENT: Final = "被申请人"
LITIGATION: Final = "诉讼"
# The topic of yearly reports on open government.
DISCLOSURE: Final = "公开年报"
BELOW: Final = ("departments", "subordinate_governments")

_NUMERALS: Final = frozenset(CHINESE)


@final
class Word:
    """What a word of the lexicon means; one word may mean several things. ``meaning`` is what rules can need of it."""

    def __init__(
        self,
        text: str,
        meaning: frozenset[str],
        *,
        concepts: frozenset[str],
        topics: frozenset[str],
        scope: str,
        signals: frozenset[str],
        fixed: str,
    ) -> None:
        """Hold what the lists of the lexicon say of the word."""
        self.text = text
        self.meaning = meaning
        self.concepts = concepts
        self.topics = topics
        self.scope = scope
        self.signals = signals
        self.fixed = fixed


@dataclass(eq=False)
class Rule:
    """A pattern ready to be tried on a frame: every group of ``needed`` must meet the words of the frame."""

    id: str
    pattern: Pattern
    indicator: Indicator
    needed: tuple[frozenset[str], ...]
    welcome: frozenset[str]
    barred: frozenset[str]
    topics: frozenset[str]
    topic_order: tuple[str, ...]
    scopes: frozenset[str]
    units: frozenset[str]
    weight: float
    reach: int
    order: int


class TopicSets:
    """Sets of topics as small numbers: comparing, keeping and uniting them is then cheap. 0 is the empty set."""

    def __init__(self, overrides: Mapping[str, frozenset[str]]) -> None:
        """Know the empty set alone; ``overrides`` are the topics that push others out."""
        self._overrides = overrides
        self._sets: list[frozenset[str]] = [frozenset()]
        self._numbers: dict[frozenset[str], int] = {frozenset(): 0}
        self._unions: dict[tuple[int, int], int] = {}

    def number(self, topics: frozenset[str]) -> int:
        """Return the number of a set, without the topics that another of them pushes out."""
        if len(topics) > 1:
            topics = topics.difference(*(self._overrides[topic] for topic in topics if topic in self._overrides))
        found = self._numbers.get(topics)
        if found is None:
            found = self._numbers[topics] = len(self._sets)
            self._sets.append(topics)
        return found

    def topics(self, number: int) -> frozenset[str]:
        """Return the set of a number."""
        return self._sets[number]

    def union(self, left: int, right: int) -> int:
        """Return the number of both sets together."""
        if left == right or not right:
            return left
        if not left:
            return right
        found = self._unions.get((left, right))
        if found is None:
            found = self._unions[left, right] = self.number(self._sets[left] | self._sets[right])
        return found


@dataclass
class Grammar:
    """A catalogue compiled: ``bits[n]`` and ``words[n]`` are what the automaton's word ``n`` does and means.

    ``alike[n]`` is the first word that means what ``n`` means to rules. ``word_topics[n]`` numbers its topics in the mouth of a body that decides cases of reconsideration,
    ``word_topics_below[n]`` in the mouth of any other. ``short`` are the words of one character that the automaton
    does not look for: they are words only right before a number. ``heads[n]`` is where the word begins of which ``n``
    is a kind (学法 in 集中学法), 0 where it is none; ``openings`` are such heads with one character more that begin a
    longer word, and ``numbers`` finds that: 集中学法考试 is 集中学法 and 学法考试.
    """

    catalogue: Catalogue
    scanner: Scanner
    automaton: AhoCorasick
    words: tuple[Word, ...]
    bits: tuple[int, ...]
    alike: tuple[int, ...]
    unit_class: Mapping[str, str]
    rules: Mapping[str, Mapping[str, tuple[Rule, ...]]]
    topic_sets: TopicSets
    word_topics: tuple[int, ...]
    word_topics_below: tuple[int, ...]
    also_from: frozenset[str]
    short: Mapping[str, int]
    heads: tuple[int, ...]
    openings: frozenset[str]
    numbers: Mapping[str, int]

    def said_near(self, words: Sequence[Word]) -> frozenset[str]:
        """Return the topics of words that stand together.

        Who is the respondent decides what 被申请人 is about: of a body below, the reporter decides the case; of the
        reporter itself, a higher authority does.
        """
        said = frozenset[str]().union(*[word.topics for word in words])
        if OF_SUPERIOR not in said or not any(RESPONDENT in word.concepts for word in words):
            return said
        is_below = any(word.scope in BELOW for word in words)
        return said - {OF_SUPERIOR} | {RECONSIDERATION} if is_below else said

    def said_by(self, writer: frozenset[str], topics: int) -> int:
        """Return what topics mean in the mouth of a writer."""
        return topics if DECIDES in writer else _said_below(self.topic_sets, topics)


def _said_below(topic_sets: TopicSets, topics: int) -> int:
    """Return what topics mean in the mouth of whoever decides no cases: it speaks of a superior's 复议."""
    said = topic_sets.topics(topics)
    return topic_sets.number(said - {RECONSIDERATION} | {OF_SUPERIOR}) if RECONSIDERATION in said else topics


@uncollected()
def compile_grammar(catalogue: Catalogue) -> Grammar:
    """Compile ``catalogue``; linear in its size."""
    lexicon = catalogue.lexicon
    rules: dict[str, dict[str, list[Rule]]] = defaultdict(lambda: defaultdict(list))
    order = 0
    for indicator in catalogue.indicators.values():
        for pattern in indicator.patterns:
            order += 1
            rule = _rule(pattern, indicator, lexicon, order)
            # Found by the group with the fewest words: one of them must be near for the rule to be worth trying.
            how = "all%" if pattern.how == "all" and indicator.kind == "rate" else pattern.how
            for word in min(rule.needed, key=len):
                rules[how][word].append(rule)
    sought = tuple(_words(catalogue))
    words = (*sought, *_short_words(lexicon, sought))
    naming = frozenset(rules["named"])
    topic_sets = TopicSets({topic: frozenset(others) for topic, others in lexicon.overrides.items()})
    first: dict[tuple[frozenset[str], frozenset[str], bool], int] = {}
    numbers = {topics: topic_sets.number(topics) for topics in dict.fromkeys(word.topics for word in words)}
    word_topics = tuple([numbers[word.topics] for word in words])
    below = {number: _said_below(topic_sets, number) for number in numbers.values()}
    return Grammar(
        catalogue,
        Scanner(lexicon),
        AhoCorasick([word.text for word in sought], matchkind=MatchKind.LeftmostLongest, store_patterns=False),
        words,
        tuple([_bits(word, naming) for word in words]),
        tuple(
            [
                first.setdefault((word.concepts, word.topics, word.scope in BELOW), number)
                for number, word in enumerate(words)
            ]
        ),
        {word: name for name, members in lexicon.units.items() for word in members},
        {how: {word: tuple(found) for word, found in index.items()} for how, index in rules.items()},
        topic_sets,
        word_topics,
        tuple(map(below.__getitem__, word_topics)),
        frozenset(source for found in rules["also"].values() for rule in found for source in rule.pattern.source),
        {word.text: len(sought) + place for place, word in enumerate(words[len(sought) :])},
        *_heads(sought, len(words)),
    )


def _words(catalogue: Catalogue) -> Iterable[Word]:
    lexicon = catalogue.lexicon
    nothing: frozenset[str] = frozenset()
    concepts = _by_word(lexicon.concepts)
    topics = _by_word(lexicon.topics)
    signals = _by_word(lexicon.signals)
    scopes = {word: name for name, members in lexicon.scopes.items() for word in members}
    fixed = {word: name for name, members in lexicon.fixed.items() for word in members}
    for marked in dict.fromkeys(_wanted(catalogue)):
        word = marked.lstrip("+~")
        if word not in lexicon.concepts and word not in lexicon.topics:
            # Wording that the lexicon does not know means itself.
            concepts[word] = concepts.get(word, nothing) | {word}
    for text in [text for text in (*concepts, *topics) if text[0] == "“" and text[-1] == "”"]:
        # In quotation marks a word means what it means without.
        concepts[text] = concepts.get(text, nothing) | concepts.get(text[1:-1], nothing)
    meanings = concepts | {text: concepts.get(text, nothing) | said for text, said in topics.items()}
    for text in dict.fromkeys((*concepts, *topics, *scopes, *signals, *fixed, *lexicon.masks, *_PUNCTUATION)):
        yield Word(
            text,
            meanings.get(text, nothing),
            concepts=concepts.get(text, nothing),
            topics=topics.get(text, nothing),
            scope=scopes.get(text, ""),
            signals=signals.get(text, nothing),
            fixed=fixed.get(text, ""),
        )


def _heads(words: tuple[Word, ...], size: int) -> tuple[tuple[int, ...], frozenset[str], dict[str, int]]:
    """Return what ``Grammar`` calls heads, openings and numbers."""
    numbers = {word.text: number for number, word in enumerate(words) if word.meaning}
    texts = sorted(numbers)
    begun = {
        text: place
        for place, (text, following) in enumerate(pairwise(texts))
        if len(text) > 1 and following.startswith(text)
    }
    heads = [0] * size
    openings: set[str] = set()
    for text, number in numbers.items():
        for at in range(1, len(text) - 1):
            if text[at:] not in begun:
                continue
            head = text[at:]
            if text[0] not in _TURNING and words[number].meaning <= words[numbers[head]].meaning:
                heads[number] = at
                place = begun[head] + 1
                while place < len(texts) and texts[place].startswith(head):
                    openings.add(texts[place][: len(head) + 1])
                    place += 1
            break
    return tuple(heads), frozenset(openings), numbers


def _short_words(lexicon: Lexicon, words: Iterable[Word]) -> Iterable[Word]:
    named = {word.text: word for word in words}
    nothing: frozenset[str] = frozenset()
    for text, whole in lexicon.short.items():
        meant = [named[word] for word in whole]
        concepts = nothing.union(*(word.concepts for word in meant))
        topics = nothing.union(*(word.topics for word in meant))
        yield Word(text, concepts | topics, concepts=concepts, topics=topics, scope="", signals=nothing, fixed="")


def _wanted(catalogue: Catalogue) -> Iterable[str]:
    """Yield the words that patterns ask for, as they stand there."""
    for indicator in catalogue.indicators.values():
        for pattern in indicator.patterns:
            for group in pattern.needed:
                yield from group
            yield from pattern.welcome
            yield from pattern.barred


def _by_word(lists: Mapping[str, Iterable[str]]) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for name, members in lists.items():
        alone = frozenset((name,))
        for word in members:
            # Most words are in one list, and then share the set that names it.
            found[word] = found[word] | alone if word in found else alone
    return found


def _bits(word: Word, naming: frozenset[str]) -> int:
    bits = _PUNCTUATION.get(word.text, 0)
    if word.topics:
        bits |= TOPIC
    if word.scope:
        bits |= SCOPE
    if word.fixed:
        bits |= FIXED
    if word.signals:
        bits |= SIGNAL
        if word.signals & IMPLYING_SIGNALS:
            bits |= IMPLYING
        if "part" in word.signals:
            bits |= PART
        if "act" in word.signals:
            bits |= ACT
        if "none" in word.signals and not _NUMERALS.isdisjoint(word.text):
            bits |= FIXED
    if not (word.concepts.isdisjoint(naming) and word.topics.isdisjoint(naming)):
        bits |= NAMING
    return bits


def _rule(pattern: Pattern, indicator: Indicator, lexicon: Lexicon, order: int) -> Rule:
    topics: set[str] = set()
    reach = _ANYWHERE
    needed: list[frozenset[str]] = []
    for group in pattern.needed:
        # A topic word may have been said before; every other word must stand near the number.
        if all(word.removeprefix("~") in lexicon.topics for word in group):
            topics.update(word.removeprefix("~") for word in group)
            if group[0].startswith("~"):
                reach = _SENTENCE
        else:
            needed.append(frozenset(word.removeprefix("+") for word in group))
    topics = topics or set(indicator.topic)
    if not needed:
        needed.append(frozenset(topics))
    return Rule(
        pattern.rule_id,
        pattern,
        indicator,
        tuple(needed),
        frozenset(pattern.welcome),
        frozenset(pattern.barred),
        frozenset(topics),
        tuple(sorted(topics)),
        frozenset(indicator.scopes),
        frozenset(pattern.units or indicator.units),
        float(sum(1 + 0.1 * min(max(len(word) for word in group), 6) for group in needed)),
        reach,
        order,
    )


# What begins a word that is no kind of its head: 不服行政处罚.
_TURNING: Final = frozenset("不未无免非涉为以作被应拟待")
# How many levels of context may hold the topic: the frame, its clause, the one before and those before that, or all.
_SENTENCE: Final = 4
_ANYWHERE: Final = 99
