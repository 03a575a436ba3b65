"""`evaluate` gives the figures of the reference scorer, on labels bent in every way that the ladder knows."""

from __future__ import annotations

import importlib.util
import random
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from assets.parse.evaluate import RUNGS, Tally, evaluate

DOMAIN = Path(__file__).parents[3] / "shared" / "domain"
SCORER = DOMAIN / "score.py"

pytestmark = pytest.mark.skipif(not SCORER.is_file(), reason="the reference scorer is not beside this repository")


@pytest.fixture(scope="module")
def scorer() -> ModuleType:
    spec = importlib.util.spec_from_file_location("reference_scorer", SCORER)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("seed", range(3))
def test_every_figure_agrees(scorer: ModuleType, seed: int) -> None:
    gold = scorer.load(DOMAIN / "dev_passages.jsonl")
    predictions = bent_labels(gold, random.Random(seed))
    stated, implied, kinds, indicators, confusions, ledger, agreement = scorer.score(gold, predictions)
    ours = evaluate(gold, predictions)
    assert figures(ours.stated) == figures(stated)
    assert figures(ours.implied) == figures(implied)
    assert {kind: figures(tally) for kind, tally in ours.by_kind.items()} == {k: figures(t) for k, t in kinds.items()}
    assert {key: figures(tally) for key, tally in ours.by_indicator.items() if any(figures(tally))} == {
        key: figures(tally) for key, tally in indicators.items() if any(figures(tally))
    }
    assert ours.confusions == confusions
    assert ours.classes == ledger
    assert ours.labelled_as == agreement
    assert 0 < ours.stated.at("scope").f1 < 1


def figures(tally: Tally) -> list[tuple[int, int, int]]:
    return [(tally.tp[rung], tally.fp[rung], tally.fn[rung]) for rung in RUNGS]


def bent_labels(gold: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """Predictions made of the labels, a third of them dropped, moved, doubled or wrong in one of their columns."""
    predictions = {}
    for passage_id, passage in gold.items():
        if chance.random() < 0.03:
            continue
        observations: list[dict[str, Any]] = []
        for fact in passage["facts"]:
            if chance.random() < 0.1:
                continue
            observations.append(bent_fact(fact, chance))
            if chance.random() < 0.05:
                observations.append(dict(observations[-1]))
        traps = [(span["start"], span["text"]) for span in (*passage["not_metrics"], *passage["uncatalogued"])]
        observations += [
            prediction(start, start + len(text), value=1.0, period=chance.choice(["year", "cumulative"]))
            for start, text in traps
            if chance.random() < 0.05
        ]
        predictions[passage_id] = {"observations": observations, "numerals": numerals_of(passage, chance)}
    return predictions


def bent_fact(fact: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    implied = fact["number_start"] is None
    start, end = (fact["char_start"], fact["char_end"]) if implied else (fact["number_start"], fact["number_end"])
    row = prediction(start, end) | {
        name: fact[name] for name in ("indicator_id", "scope", "value", "unit", "qualifier")
    }
    if implied and chance.random() < 0.8:
        row["value_start"] = row["value_end"] = None
    match chance.randrange(12):
        case 0:
            row["indicator_id"] = "another"
        case 1:
            row["scope"] = "other"
        case 2:
            row["value"] = (row["value"] or 0) + 1
        case 3:
            row["qualifier"] = "at_most"
        case 4:
            row |= {"char_start": start + 60, "char_end": end + 60, "value_start": None, "value_end": None}
    return row


def prediction(start: int, end: int, **changes: Any) -> dict[str, Any]:
    row = {"indicator_id": "spurious", "scope": "reporter", "value": 0.0, "unit": "件", "qualifier": "exact"}
    span = {"char_start": start, "char_end": end, "value_start": start, "value_end": end, "period": "year"}
    return row | span | changes


def numerals_of(passage: dict[str, Any], chance: random.Random) -> list[dict[str, Any]]:
    spans = [(s["start"], s["start"] + len(s["text"])) for s in passage["not_metrics"] if chance.random() < 0.9]
    classes = ["observation", "explained", "queued", "unexplained"]
    return [{"class": chance.choice(classes), "char_start": start, "char_end": end} for start, end in spans]
