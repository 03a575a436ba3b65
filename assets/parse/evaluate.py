"""Evaluate: how well predicted facts agree with labelled ones.

Here belongs the arithmetic of agreement between labels and predictions: pairing, the ladder of rungs, the
tables apart (implied facts, kinds of document, indicators, confusions, the ledger). Not here: making the
predictions (`extract`), reading label files (`gold`) or printing the figures.

A rung of the ladder asks for everything below it: the numeral was found, and its value, indicator, qualifier
and scope are right. Optional facts count neither for nor against. A prediction on something that is no metric,
on an uncatalogued quantity or on no labelled numeral is a false positive at every rung.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

Row = Mapping[str, Any]

RUNGS = ("span", "value", "indicator", "qualifier", "scope")
INDICATOR_RUNG = RUNGS.index("indicator")

IMPLIED_REACH = 40
"""Code points that an implied prediction may lie away from the words that imply it."""

READ_AS_SUCH = frozenset({("cumulative", "cumulative"), ("comparison", "previous_year")})
"""(kind of the numeral, period predicted): a figure named for what it is is no error."""

MISSED = "(missed)"


class Figures(NamedTuple):
    """Precision, recall and F1 in 0..1, with the counts behind them."""

    precision: float
    recall: float
    f1: float
    tp: int
    fp: int
    fn: int


@dataclass(slots=True)
class Tally:
    """True positives, false positives and false negatives, counted by rung."""

    tp: Counter[str] = field(default_factory=Counter)
    fp: Counter[str] = field(default_factory=Counter)
    fn: Counter[str] = field(default_factory=Counter)

    def at(self, rung: str) -> Figures:
        """Return the figures of one rung; a share of nothing is 0."""
        tp, fp, fn = self.tp[rung], self.fp[rung], self.fn[rung]
        return Figures(
            precision=tp / max(1, tp + fp),
            recall=tp / max(1, tp + fn),
            f1=2 * tp / max(1, 2 * tp + fp + fn),
            tp=tp,
            fp=fp,
            fn=fn,
        )

    @property
    def facts(self) -> int:
        """How many labelled facts were counted."""
        return self.tp["span"] + self.fn["span"]

    def add(self, other: Tally) -> None:
        """Count what `other` counted too."""
        self.tp.update(other.tp)
        self.fp.update(other.fp)
        self.fn.update(other.fn)


@dataclass(slots=True)
class Evaluation:
    """Every figure of one comparison; `summary` is the part that fits on a line."""

    passages: int = 0
    without_prediction: int = 0
    stated: Tally = field(default_factory=Tally)
    implied: Tally = field(default_factory=Tally)
    by_kind: defaultdict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    by_indicator: defaultdict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    confusions: Counter[tuple[str, str]] = field(default_factory=Counter)
    classes: Counter[str] = field(default_factory=Counter)
    labelled_as: Counter[tuple[str, str]] = field(default_factory=Counter)

    @property
    def unexplained_share(self) -> float:
        """The share of all numerals that the ledger leaves unexplained, in 0..1."""
        return self.classes["unexplained"] / max(1, self.classes.total())

    def macro_f1(self, rung: str) -> float:
        """Return the mean F1 over the indicators that the labels hold."""
        present = [tally for tally in self.by_indicator.values() if tally.facts]
        return sum(tally.at(rung).f1 for tally in present) / max(1, len(present))

    def by_domain(self, domains: Mapping[str, str]) -> dict[str, Tally]:
        """Return the tallies of the indicators summed by domain; an indicator without one is under its own id."""
        tallies: defaultdict[str, Tally] = defaultdict(Tally)
        for indicator_id, tally in self.by_indicator.items():
            tallies[domains.get(indicator_id, indicator_id)].add(tally)
        return dict(sorted(tallies.items()))

    def summary(self) -> dict[str, float | int]:
        """Return the headline: precision and recall at the indicator, scope accuracy, implied recall, unexplained."""
        headline = self.stated.at("indicator")
        return {
            "precision": headline.precision,
            "recall": headline.recall,
            "scope_accuracy": self.stated.tp["scope"] / max(1, self.stated.tp["indicator"]),
            "implied_recall": self.implied.at("indicator").recall,
            "unexplained": self.classes["unexplained"],
        }


def evaluate(gold: Mapping[str, Row], predictions: Mapping[str, Row]) -> Evaluation:
    """Compare labelled passages with predictions of the same ids.

    A passage holds `kind`, `facts`, `not_metrics` and `uncatalogued`; a prediction holds `observations` and
    `numerals` with the columns of those tables (and `class` for a numeral's class).
    """
    result = Evaluation(passages=len(gold), without_prediction=len(set(gold) - set(predictions)))
    for passage_id, passage in gold.items():
        prediction = predictions.get(passage_id, {})
        _Passage(result, passage).settle(list(prediction.get("observations", [])))
        numerals = prediction.get("numerals", [])
        result.classes.update(numeral["class"] for numeral in numerals)
        result.labelled_as.update(_ledger_agreement(passage, numerals))
    return result


class _Passage:
    """The settling of one passage: which prediction answers which fact, and what that counts for."""

    def __init__(self, result: Evaluation, passage: Row) -> None:
        self.result = result
        self.passage = passage
        self.stated = [fact for fact in passage["facts"] if fact["number_start"] is not None]
        self.implied = [fact for fact in passage["facts"] if fact["number_start"] is None]

    def settle(self, observations: list[Row]) -> None:
        rest = self._settle_facts(self.implied, observations, _near_words, self.result.implied)
        rest = self._settle_facts(self.stated, rest, _on_number, self.result.stated)
        for observation in rest:
            self._settle_leftover(observation)

    def _settle_facts(self, facts: Sequence[Row], observations: list[Row], usable: Usable, tally: Tally) -> list[Row]:
        pairs = _best_pairs(facts, observations, usable)
        for i, fact in enumerate(facts):
            if i in pairs:
                j, rungs = pairs[i]
                self._count_pair(tally, fact, observations[j], rungs)
            elif not fact["optional"]:
                self._count_missed(tally, fact)
        answered = {j for j, _ in pairs.values()}
        return [observation for j, observation in enumerate(observations) if j not in answered]

    def _count_pair(self, tally: Tally, fact: Row, observation: Row, rungs: int) -> None:
        same = _same_indicator(fact, observation)
        wrong: Sequence[str] = RUNGS[rungs:]
        if fact["optional"]:
            # Never for or against, but a wrong indicator on its numeral stays wrong.
            wrong = () if same else RUNGS[INDICATOR_RUNG:]
        else:
            for counted in self._tallies(tally, fact["indicator_id"]):
                counted.tp.update(RUNGS[:rungs])
                counted.fn.update(wrong)
        for counted in self._tallies(tally, observation.get("indicator_id")):
            counted.fp.update(wrong)
        if not same:
            self.result.confusions[fact["indicator_id"], str(observation.get("indicator_id"))] += 1

    def _count_missed(self, tally: Tally, fact: Row) -> None:
        for counted in self._tallies(tally, fact["indicator_id"]):
            counted.fn.update(RUNGS)
        self.result.confusions[fact["indicator_id"], MISSED] += 1

    def _settle_leftover(self, observation: Row) -> None:
        at = observation.get("value_start")
        trap = _span_at(self.passage["not_metrics"], at)
        again = [fact for fact in self.stated if _on_number(fact, observation)]
        again = again or [fact for fact in self.implied if _near_words(fact, observation)]
        if trap and (trap["kind"], observation.get("period")) in READ_AS_SUCH:
            return
        if any(fact["optional"] and _same_indicator(fact, observation) for fact in again):
            return
        if trap:
            what = f"(not a metric: {trap['kind']})"
        elif _span_at(self.passage["uncatalogued"], at):
            what = "(uncatalogued, so wrong indicator)"
        else:
            what = "(duplicate)" if again else "(spurious)"
        tally = self.result.implied if at is None else self.result.stated
        for counted in self._tallies(tally, observation.get("indicator_id")):
            counted.fp.update(RUNGS)
        self.result.confusions[what, str(observation.get("indicator_id"))] += 1

    def _tallies(self, tally: Tally, indicator_id: str | None) -> list[Tally]:
        """The tallies that a count goes to: implied facts stay out of the tables by kind and by indicator."""
        if tally is self.result.implied:
            return [tally]
        return [tally, self.result.by_kind[self.passage["kind"]], self.result.by_indicator[str(indicator_id)]]


Usable = Callable[[Row, Row], bool]


def _best_pairs(facts: Sequence[Row], observations: Sequence[Row], usable: Usable) -> dict[int, tuple[int, int]]:
    """Pair facts with observations, best pairs first and each side once: {fact: (observation, rungs passed)}.

    Among equals, a fact that counts goes before an optional one, then the earlier before the later.
    """
    candidates = []
    for i, fact in enumerate(facts):
        for j, observation in enumerate(observations):
            if usable(fact, observation):
                tests = _tests(fact, observation)
                rungs = tests.index(False) if False in tests else len(tests)
                merit = (tests[INDICATOR_RUNG], sum(tests), rungs)
                candidates.append((merit, not fact["optional"], -i, -j))
    pairs: dict[int, tuple[int, int]] = {}
    answered: set[int] = set()
    for (_, _, rungs), _, i, j in sorted(candidates, reverse=True):
        if -i not in pairs and -j not in answered:
            pairs[-i] = (-j, rungs)
            answered.add(-j)
    return pairs


def _tests(fact: Row, observation: Row) -> list[bool]:
    """Each rung on its own, in the order of the ladder; a pair always shares its numeral."""
    return [
        True,
        _same_value(fact, observation),
        _same_indicator(fact, observation),
        observation.get("qualifier") in [fact["qualifier"], *fact.get("qualifier_alt", [])],
        observation.get("scope") in [fact["scope"], *fact.get("scope_alt", [])],
    ]


def _same_indicator(fact: Row, observation: Row) -> bool:
    return bool(observation.get("indicator_id") == fact["indicator_id"])


def _same_value(fact: Row, observation: Row) -> bool:
    value = observation.get("value")
    if not isinstance(value, int | float):
        return False
    accepted = [fact["value"]]
    if fact["unit"] == "万元":  # money may be kept as stated
        accepted.append(fact.get("value_as_stated", fact["value"]))
    return any(abs(value - right) <= 1e-6 * max(1, abs(right)) for right in accepted)


def _on_number(fact: Row, observation: Row) -> bool:
    at = observation.get("value_start")
    if at is not None:
        return bool(fact["number_start"] <= at < fact["number_end"])
    # An implied prediction may still lie on words that hold the numeral (零败诉).
    inside = observation["char_start"] <= fact["number_start"] < observation["char_end"]
    return inside and _same_indicator(fact, observation) and _same_value(fact, observation)


def _near_words(fact: Row, observation: Row) -> bool:
    before = observation["char_start"] < fact["char_end"] + IMPLIED_REACH
    after = observation["char_end"] > fact["char_start"] - IMPLIED_REACH
    implied = observation.get("value_start") is None or observation.get("qualifier") == "implied"
    return before and after and implied and _same_indicator(fact, observation)


def _span_at(spans: Iterable[Row], at: int | None) -> Row | None:
    if at is None:
        return None
    return next((span for span in spans if span["start"] <= at < span["start"] + len(span["text"])), None)


def _ledger_agreement(passage: Row, numerals: Sequence[Row]) -> Iterable[tuple[str, str]]:
    """For each labelled span, the class that the ledger gives the numeral there."""
    counting = (fact for fact in passage["facts"] if fact["number_start"] is not None and not fact["optional"])
    spans = {("facts", fact["number_start"], fact["number_end"]) for fact in counting}
    for name in ("not_metrics", "uncatalogued"):
        spans |= {(name, span["start"], span["start"] + len(span["text"])) for span in passage[name]}
    for name, start, end in spans:
        found = (n["class"] for n in numerals if n["char_start"] < end and n["char_end"] > start)
        yield name, next(found, "(no numeral there)")
