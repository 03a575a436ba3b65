"""Scores: how well this extractor does on the labelled passages that come with it, as plain figures.

Here belong running the extractor over labels and spelling the figures. Not here: the arithmetic (`evaluate`), the
shapes of label files (`gold`), nor printing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from assets.parse.evaluate import RUNGS, Evaluation, Tally, evaluate
from assets.parse.extract import extract
from assets.parse.facts import Extraction
from assets.parse.gold import read_gold
from contracts.indicators import load_catalogue

LABELS = Path(__file__).parent / "evaluation" / "passages.jsonl"

CAVEAT = (
    "The rules were written with these labelled passages at hand, so unseen reports score lower; "
    "place names and figures in them are invented."
)

_DIGITS = 6


def rows_of(extraction: Extraction) -> Iterator[dict[str, Any]]:
    """Yield what was found as plain rows, told apart by `type`: the observations, then the ledger."""
    for observation in extraction.observations:
        yield {"type": "observation", **observation._asdict()}
    for numeral in extraction.numerals:
        row = numeral._asdict()
        yield {"type": "numeral", "class": row.pop("class_"), **row}


def prediction(text: str) -> dict[str, list[dict[str, Any]]]:
    """Return what the extractor finds in `text`, in the shape that `evaluate` compares with labels."""
    rows = list(rows_of(extract(text)))
    return {
        "observations": [row for row in rows if row["type"] == "observation"],
        "numerals": [row for row in rows if row["type"] == "numeral"],
    }


def figures(evaluation: Evaluation, domains: Mapping[str, str]) -> dict[str, Any]:
    """Return every figure of an evaluation; `domains` names the domain of each indicator."""
    return {
        "passages": evaluation.passages,
        "stated": _ladder(evaluation.stated),
        "implied": _ladder(evaluation.implied),
        "macro_f1": {rung: evaluation.macro_f1(rung) for rung in ("indicator", "scope")},
        "by_kind": {key: _ladder(tally) for key, tally in sorted(evaluation.by_kind.items())},
        "by_domain": {key: _ladder(tally) for key, tally in evaluation.by_domain(domains).items()},
        "by_indicator": {key: _ladder(tally) for key, tally in sorted(evaluation.by_indicator.items())},
        "confusions": [[expected, got, count] for (expected, got), count in evaluation.confusions.most_common()],
        "numerals": dict(evaluation.classes),
        "unexplained_share": evaluation.unexplained_share,
        "labelled_as": [[label, found, count] for (label, found), count in sorted(evaluation.labelled_as.items())],
        "summary": evaluation.summary(),
    }


def indicator_domains() -> dict[str, str]:
    """Return the domain of each indicator of the catalogue."""
    return {indicator.id: indicator.domain for indicator in load_catalogue().indicators.values()}


@cache
def scores() -> dict[str, Any]:
    """Return the scores on `LABELS` as a release's quality report states them: the headline, then what it rests on.

    The same for one state of extractor, catalogue and labels; found in well under a second, once a process.
    """
    labelled = read_gold(LABELS)
    evaluation = evaluate(labelled, {name: prediction(passage["text"]) for name, passage in labelled.items()})
    found = figures(evaluation, indicator_domains())
    rounded: dict[str, Any] = _rounded(
        {
            **found.pop("summary"),
            "labels": f"{LABELS.name}, SHA-256 {hashlib.sha256(LABELS.read_bytes()).hexdigest()}",
            "passages": found["passages"],
            "facts": evaluation.stated.facts + evaluation.implied.facts,
            "caveat": CAVEAT,
            **{name: found[name] for name in ("stated", "implied", "macro_f1", "by_kind", "by_domain", "by_indicator")},
        }
    )
    return rounded


def _ladder(tally: Tally) -> dict[str, Any]:
    return {rung: tally.at(rung)._asdict() for rung in RUNGS}


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _rounded(inner) for name, inner in value.items()}
    return round(value, _DIGITS) if isinstance(value, float) else value
