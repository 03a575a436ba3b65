"""Which rule of the catalogue a frame meets.

A frame is what stands around a number (or around a word such as 全部) in its sentence: the words on its left and
right, its unit, and what the text is about. Not here: how frames are cut from a text (``assets.parse.reading``).
"""

from __future__ import annotations

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

_NOTHING: Final = Verdict(None, None)
# Nearness of the topic, from the frame itself outwards: the frame, its clause and the one before, the sentence
# before, headings, title.
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
        self.asked = self.judged = 0
        self._rivals = {topic: frozenset(others) for topic, others in grammar.catalogue.lexicon.rivals.items()}

    def match(self, how: str, left: tuple[int, ...], right: tuple[int, ...], unit: str, topics: Topics) -> Verdict:
        """Return the verdict on a frame of word numbers.

        ``unit`` is a unit class, empty for a bare number; ``topics`` numbers sets of topics: what the text is about,
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
        index = self._grammar.rules.get(how)
        if not index:
            return _NOTHING
        words = self._grammar.words
        near = [words[number] for number in (*left, *right)]
        sets = self._grammar.topic_sets
        *about, writer = (sets.topics(number) for number in topics)
        present = writer.union(*(word.concepts | word.topics for word in near))
        here = sets.topics(
            self._grammar.said_by(writer, sets.number(frozenset[str]().union(*(word.topics for word in near))))
        )
        about = self._unrivalled([here, *about])
        beside = _beside(words, left, right)
        # Sorted by score, then by their order in the catalogue: nothing may depend on how sets are ordered.
        met: list[tuple[float, int, Rule]] = []
        tried: set[int] = set()
        for concept in present:
            for rule in index.get(concept, ()):
                if rule.order not in tried:
                    tried.add(rule.order)
                    score = _score(rule, present, about, beside, unit)
                    if score is not None:
                        met.append((-score, rule.order, rule))
        if not met:
            return _NOTHING
        met.sort(key=lambda each: each[:2])
        best = met[0]
        rival = next((each for each in met if each[2].indicator is not best[2].indicator), None)
        contested = rival is not None and rival[0] - best[0] < _TIE
        return Verdict(best[2], rival[2] if rival is not None and contested else None)

    def _unrivalled(self, about: list[frozenset[str]]) -> list[frozenset[str]]:
        """Return what the text is about, nearest first, without what a nearer topic ended: 诉讼 ends 复议."""
        ended: frozenset[str] = frozenset()
        kept = []
        for topics in about:
            kept.append(topics - ended)
            ended = ended.union(*(self._rivals[topic] for topic in topics if topic in self._rivals))
        return kept


def _beside(words: tuple[Word, ...], left: tuple[int, ...], right: tuple[int, ...]) -> frozenset[str]:
    found: frozenset[str] = frozenset()
    if left:
        found |= words[left[-1]].concepts | words[left[-1]].topics
    if right:
        found |= words[right[0]].concepts | words[right[0]].topics
    return found


def _score(
    rule: Rule, present: frozenset[str], topics: list[frozenset[str]], beside: frozenset[str], unit: str
) -> float | None:
    """Return how surely the rule holds, None when it does not."""
    if unit not in rule.units and rule.pattern.how == "number":
        if unit != BARE_ZERO and (unit or not rule.units.isdisjoint(_NEED_UNIT)):
            return None
        score = rule.weight - _NO_UNIT
    else:
        score = rule.weight
    if rule.barred & present:
        return None
    for group in rule.needed:
        if not group & present:
            return None
        if group & beside:
            score += _BESIDE
    if rule.topics:
        for level, topic in enumerate(topics[: rule.reach]):
            if topic & rule.topics:
                return score + _NEARNESS[min(level, len(_NEARNESS) - 1)] + _WELCOME * len(rule.welcome & present)
        return None
    return score + _NO_TOPIC + _WELCOME * len(rule.welcome & present)
