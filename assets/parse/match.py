"""Which rule of the catalogue a frame meets.

A frame is what stands around a number (or around a word such as 全部) in its sentence: the words on its left and
right, its unit, and what the text is about. Not here: how frames are cut from a text (``assets.parse.reading``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from assets.parse.grammar import Grammar, Rule, Word

# Numbers of topic sets, nearest first.
Topics = tuple[int, ...]


class Verdict(NamedTuple):
    """What the rules say of a frame: the best rule, or none; ``rival`` when another indicator claims it as well."""

    rule: Rule | None
    rival: Rule | None


# The unit of a zero without a unit: 败诉率为零 needs no per cent sign.
BARE_ZERO: Final = "零"

# Rules by the words that find them, each with its weight, by its order in the catalogue.
_Index = dict[str, dict[int, tuple[Rule, float]]]

_NOTHING: Final = Verdict(None, None)
# Nearness of the topic, from the frame itself outwards: the frame, its clause, the one before and those before that,
# the sentence before, headings, title.
_NEARNESS: Final = (1.0, 0.9, 0.75, 0.5, 0.4, 0.3, 0.2)
_NO_TOPIC: Final = 0.5
_BESIDE: Final = 0.35
_WELCOME: Final = 0.4
_NO_UNIT: Final = 0.6
_TIE: Final = 0.05
_MEMORY: Final = 100_000
_NEED_UNIT: Final = frozenset(("%", "万元"))


class Matcher:
    """Tries rules on frames and remembers each frame: reports repeat their wording, so most are known already.

    ``asked`` and ``judged`` count the frames that it met and those that it had to judge.
    """

    def __init__(self, grammar: Grammar) -> None:
        """Start with no frame known."""
        self._grammar = grammar
        self._known: dict[object, Verdict] = {}
        self._indexes: dict[tuple[str, str], _Index] = {}
        self.asked = self.judged = 0
        self._rivals = {topic: frozenset(others) for topic, others in grammar.catalogue.lexicon.rivals.items()}
        self._with_rivals = frozenset(self._rivals)

    def match(self, how: str, left: tuple[int, ...], right: tuple[int, ...], unit: str, topics: Topics) -> Verdict:
        """Return the verdict on a frame of word numbers.

        Words are named by the first that means the same (``Grammar.alike``). ``unit`` is a unit class, empty for a bare number; ``topics`` numbers sets of topics: what the text is about,
        nearest first, and last the word that stands for who writes.
        """
        self.asked += 1
        key = (how, left, right, unit, topics)
        verdict = self._known.get(key)
        if verdict is None:
            self.judged += 1
            if len(self._known) >= _MEMORY:
                self._known.clear()
            verdict = self._known[key] = self._judge(how, left, right, unit, topics)
        return verdict

    def _judge(self, how: str, left: tuple[int, ...], right: tuple[int, ...], unit: str, topics: Topics) -> Verdict:
        index = self._indexes.get((how, unit))
        if index is None:
            index = self._indexes[how, unit] = _fitting(self._grammar.rules.get(how, {}), how, unit)
        if not index:
            return _NOTHING
        words = self._grammar.words
        near = [words[number] for number in (*left, *right)]
        sets = self._grammar.topic_sets
        *about, writer = (sets.topics(number) for number in topics)
        present = writer.union(*[word.meaning for word in near])
        here = sets.topics(self._grammar.said_by(writer, sets.number(self._grammar.said_near(near))))
        about = self._unrivalled([here, *about])
        beside = _beside(words, left, right)
        tried: dict[int, tuple[Rule, float]] = {}
        for concept in present:
            if concept in index:
                tried.update(index[concept])
        # Sorted by score, then by their order in the catalogue: nothing may depend on how sets are ordered.
        met: list[tuple[float, int, Rule]] = []
        for rule, weight in tried.values():
            score = _score(rule, weight, present, about, beside)
            if score is not None:
                met.append((-score, rule.order, rule))
        if not met:
            return _NOTHING
        met.sort(key=_rank)
        best = met[0]
        rival = next((each for each in met if each[2].indicator is not best[2].indicator), None)
        contested = rival is not None and rival[0] - best[0] < _TIE
        return Verdict(best[2], rival[2] if rival is not None and contested else None)

    def _unrivalled(self, about: list[frozenset[str]]) -> list[frozenset[str]]:
        """Return what the text is about, nearest first, without what a nearer topic ended: 诉讼 ends 复议."""
        ended: frozenset[str] = frozenset()
        kept = []
        for topics in about:
            kept.append(topics - ended if ended else topics)
            if not topics.isdisjoint(self._with_rivals):
                ended = ended.union(*(self._rivals[topic] for topic in topics if topic in self._rivals))
        return kept


def _beside(words: tuple[Word, ...], left: tuple[int, ...], right: tuple[int, ...]) -> frozenset[str]:
    found: frozenset[str] = frozenset()
    if left:
        found |= words[left[-1]].meaning
    if right:
        found |= words[right[0]].meaning
    return found


def _fitting(rules: Mapping[str, Iterable[Rule]], how: str, unit: str) -> _Index:
    """Return the rules that a number with such a unit may meet, by the words that find them, and what they weigh."""
    index: _Index = {}
    for word, found in rules.items():
        for rule in found:
            weight = rule.weight
            if how == "number" and unit not in rule.units:
                if unit != BARE_ZERO and (unit or not rule.units.isdisjoint(_NEED_UNIT)):
                    continue
                weight -= _NO_UNIT
            index.setdefault(word, {})[rule.order] = (rule, weight)
    return index


def _rank(met: tuple[float, int, Rule]) -> tuple[float, int]:
    return met[:2]


def _score(
    rule: Rule, score: float, present: frozenset[str], topics: list[frozenset[str]], beside: frozenset[str]
) -> float | None:
    """Return how surely a rule of the weight ``score`` holds, None when it does not."""
    if not rule.barred.isdisjoint(present):
        return None
    for group in rule.needed:
        if group.isdisjoint(present):
            return None
        if not group.isdisjoint(beside):
            score += _BESIDE
    if rule.topics:
        for level, topic in enumerate(topics[: rule.reach]):
            if not rule.topics.isdisjoint(topic):
                return score + _NEARNESS[min(level, len(_NEARNESS) - 1)] + _WELCOME * len(rule.welcome & present)
        return None
    return score + _NO_TOPIC + _WELCOME * len(rule.welcome & present)
