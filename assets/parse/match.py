"""Which rule of the catalogue a frame meets.

A frame is what stands around a number (or around a word such as 全部) in its sentence: the words on its left and
right, its unit, and what the text is about. Not here: how frames are cut from a text (``assets.parse.reading``).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, final

from assets.parse.grammar import Grammar, Rule, Word

# Numbers of topic sets, nearest first.
Topics = tuple[int, ...]


@final
class Verdict:
    """What the rules say of a frame: the best rule, or none; ``rival`` when another indicator claims it as well."""

    def __init__(self, rule: Rule | None, rival: Rule | None) -> None:
        """Hold the rules that claim the frame."""
        self.rule = rule
        self.rival = rival


# The unit of a zero without a unit: 败诉率为零 needs no per cent sign.
BARE_ZERO: Final = "零"

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
# Contexts recur within a report, hardly in others.
_PLACES: Final = 10_000
_NEED_UNIT: Final = frozenset(("%", "万元"))


@final
class _Candidate:
    """A rule that a number with such a unit may meet, and what it weighs; ``topics`` are its topics as bits."""

    def __init__(self, rule: Rule, weight: float, topics: int) -> None:
        """Hold what does not depend on the words of a frame."""
        self.rule = rule
        self.weight = weight
        self.topics = topics


# Candidates by the words that find them.
_Index = dict[str, list[_Candidate]]


@final
class _Fit:
    """A rule that the words of a frame meet: its weight there, and what the words that it welcomes add."""

    def __init__(self, rule: Rule, weight: float, bonus: float, topics: int) -> None:
        """Hold what does not depend on what the text is about."""
        self.rule = rule
        self.weight = weight
        self.bonus = bonus
        self.topics = topics


@final
class _Wording:
    """The words of a frame: the rules that they meet, the topics that they set themselves, and the verdicts so far."""

    def __init__(self, fits: list[_Fit], topics: int) -> None:
        """Hold what all frames of these words share."""
        self.fits = fits
        self.topics = topics
        self.verdicts: dict[Topics, Verdict] = {}


class Matcher:
    """Tries rules on frames and remembers the words of each: reports repeat their wording, in ever other contexts.

    ``asked`` and ``judged`` count the frames that it met and those whose words were new to it.
    """

    def __init__(self, grammar: Grammar) -> None:
        """Start with no wording known."""
        self._grammar = grammar
        self._known: dict[object, _Wording] = {}
        self._indexes: dict[tuple[str, str], _Index] = {}
        self.asked = self.judged = 0
        rules = [rule for index in grammar.rules.values() for found in index.values() for rule in found]
        topics = sorted(frozenset[str]().union(*[rule.topics for rule in rules]))
        self._bit_of = {topic: 1 << place for place, topic in enumerate(topics)}
        self._rivals = grammar.catalogue.lexicon.rivals
        self._said: dict[int, int] = {}
        self._ended: dict[int, int] = {}
        self._about: dict[tuple[int, Topics], list[int]] = {}

    def match(self, how: str, left: tuple[int, ...], right: tuple[int, ...], unit: str, topics: Topics) -> Verdict:
        """Return the verdict on a frame of word numbers.

        Words are named by the first that means the same (``Grammar.alike``). ``unit`` is a unit class, empty for a bare number; ``topics`` numbers sets of topics: what the text is about,
        nearest first, and last the word that stands for who writes.
        """
        self.asked += 1
        writer = topics[-1]
        key = (how, left, right, unit, writer)
        wording = self._known.get(key)
        if wording is None:
            self.judged += 1
            if len(self._known) >= _MEMORY:
                self._known.clear()
            wording = self._known[key] = self._wording(how, left, right, unit, writer)
        if not wording.fits:
            return _NOTHING
        verdict = wording.verdicts.get(topics)
        if verdict is None:
            verdict = wording.verdicts[topics] = self._judge(wording, topics)
        return verdict

    def _wording(self, how: str, left: tuple[int, ...], right: tuple[int, ...], unit: str, writer: int) -> _Wording:
        index = self._indexes.get((how, unit))
        if index is None:
            index = self._indexes[how, unit] = self._fitting(how, unit)
        words = self._grammar.words
        sets = self._grammar.topic_sets
        near = [words[number] for number in (*left, *right)]
        who = sets.topics(writer)
        present = who.union(*[word.meaning for word in near])
        beside = _beside(words, left, right)
        fits: list[_Fit] = []
        for concept in present:
            for candidate in index.get(concept, ()):
                fit = _fit(candidate, present, beside)
                if fit is not None:
                    fits.append(fit)
        said = sets.number(self._grammar.said_near(near))
        return _Wording(fits, self._grammar.said_by(who, said))

    def _fitting(self, how: str, unit: str) -> _Index:
        """Return the rules that a number with such a unit may meet, by the words that find them, and what they weigh."""
        index: _Index = {}
        for word, found in self._grammar.rules.get(how, {}).items():
            for rule in found:
                weight = rule.weight
                if how == "number" and unit not in rule.units:
                    if unit != BARE_ZERO and (unit or not rule.units.isdisjoint(_NEED_UNIT)):
                        continue
                    weight -= _NO_UNIT
                index.setdefault(word, []).append(_Candidate(rule, weight, self._bits(rule.topics)))
        return index

    def _judge(self, wording: _Wording, topics: Topics) -> Verdict:
        """Return the best of the rules that the words meet and a topic calls for.

        The first in the catalogue wins a tie: nothing may depend on how sets are ordered.
        """
        around = (wording.topics, topics)
        about = self._about.get(around)
        if about is None:
            if len(self._about) >= _PLACES:
                self._about.clear()
            about = self._about[around] = self._unrivalled(wording.topics, topics)
        best: Rule | None = None
        rival: Rule | None = None
        highest = second = 0.0
        for fit in wording.fits:
            rule = fit.rule
            nearness = _nearness(rule, fit.topics, about)
            if nearness < 0:
                continue
            score = fit.weight + nearness + fit.bonus
            if best is None or score > highest or (score == highest and rule.order < best.order):
                if best is not None and best.indicator is not rule.indicator:
                    rival, second = best, highest
                best, highest = rule, score
            elif best.indicator is not rule.indicator and (rival is None or score > second):
                rival, second = rule, score
        return Verdict(best, rival if rival is not None and highest - second < _TIE else None)

    def _unrivalled(self, here: int, topics: Topics) -> list[int]:
        """Return what the text is about, as bits, nearest first, without what a nearer topic ended: 诉讼 ends 复议."""
        ended = 0
        kept: list[int] = []
        for number in (here, *topics[:-1]):
            if number not in self._said:
                self._learn(number)
            kept.append(self._said[number] & ~ended)
            ended |= self._ended[number]
        return kept

    def _learn(self, number: int) -> None:
        """Note the topics of a set, and those that they end."""
        topics = self._grammar.topic_sets.topics(number)
        self._said[number] = self._bits(topics)
        self._ended[number] = self._bits([other for topic in topics for other in self._rivals.get(topic, ())])

    def _bits(self, topics: Iterable[str]) -> int:
        """Return topics as bits; one that no rule asks for is none."""
        found = 0
        for topic in topics:
            found |= self._bit_of.get(topic, 0)
        return found


def _beside(words: tuple[Word, ...], left: tuple[int, ...], right: tuple[int, ...]) -> frozenset[str]:
    found: frozenset[str] = frozenset()
    if left:
        found |= words[left[-1]].meaning
    if right:
        found |= words[right[0]].meaning
    return found


def _fit(candidate: _Candidate, present: frozenset[str], beside: frozenset[str]) -> _Fit | None:
    """Return how well the words of a frame meet a rule, None when they do not."""
    rule = candidate.rule
    for group in rule.needed:
        if group.isdisjoint(present):
            return None
    if rule.barred and not rule.barred.isdisjoint(present):
        return None
    weight = candidate.weight
    for group in rule.needed:
        if not group.isdisjoint(beside):
            weight += _BESIDE
    bonus = _WELCOME * len(rule.welcome & present) if rule.welcome else 0.0
    return _Fit(rule, weight, bonus, candidate.topics)


def _nearness(rule: Rule, topics: int, about: list[int]) -> float:
    """Return what the nearest level of context that holds a topic of the rule adds, less than nothing when none does."""
    if not topics:
        return _NO_TOPIC
    for level, said in enumerate(about):
        if level == rule.reach:
            break
        if topics & said:
            return _NEARNESS[min(level, len(_NEARNESS) - 1)]
    return -1.0
