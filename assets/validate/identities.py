"""Identities tried on reports: what each says of each report. They confirm or fail; no value is ever changed.

Only values that are certain take part: stated exactly or implied, without dimension, of the year or carried into
it, and stated alike wherever they are stated. Whatever lacks a value it needs is not applicable.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

import numpy as np
import pandas as pd

from contracts.codelists import SCOPE
from contracts.identities import Identity, Term
from contracts.lookup import is_among
from contracts.projections.arrow import empty_frame
from contracts.tables import IDENTITY_RESULTS

CERTAINTY = ("document_id", "indicator_id", "scope", "period", "dimension", "value", "qualifier")
"""The columns of observations that a trial reads."""

_CERTAIN = ("exact", "implied")
_PERIODS = ("year", "carried_over")
_EXACT = 1e-9
_WORST_FIRST = ("fails", "holds")


def try_identities(
    identities: Iterable[Identity],
    documents: pd.DataFrame,
    observations: pd.DataFrame,
) -> pd.DataFrame:
    """Return the rows of ``identity_results`` for the documents: one a document and identity that can be tried.

    ``observations`` holds those of the documents, and of the reports of the year before where an identity asks
    for them; ``documents`` holds both too. All terms of one trial are of one scope; of several scopes the worst
    outcome is told, with its scope.
    """
    tried = [identity for identity in identities if identity.untested is None]
    if documents.empty or not tried:
        return empty_frame(IDENTITY_RESULTS)
    values = _values(observations, {term.indicator_id for identity in tried for term in identity.terms})
    sources = _Sources(values, _previous(values, documents))
    trials = [_try(identity, sources) for identity in tried]
    return _one_a_document(documents, [identity.id for identity in tried], trials)


class _Sources(NamedTuple):
    """Values by (document, scope) and indicator, of the year itself and of the year before."""

    now: pd.DataFrame
    before: pd.DataFrame

    def of(self, term: Term) -> pd.Series[float]:
        frame = self.before if term.previous else self.now
        if term.indicator_id in frame:
            return frame[term.indicator_id]
        return pd.Series(np.nan, index=self.now.index)


def _values(observations: pd.DataFrame, wanted: set[str]) -> pd.DataFrame:
    """Return certain values: rows (document_id, scope), columns indicators; null where statements differ."""
    certain = observations[
        observations["indicator_id"].isin(wanted)
        & observations["dimension"].isna()
        & observations["period"].isin(_PERIODS)
        & observations["value"].notna()
    ]
    cell = ["document_id", "scope", "indicator_id"]
    doubtful = ~certain["qualifier"].isin(_CERTAIN)
    groups = certain.assign(doubtful=doubtful).groupby(cell, sort=True)
    told = groups.agg(least=("value", "min"), most=("value", "max"), doubtful=("doubtful", "any"))
    agreed = told["least"].where((told["least"] == told["most"]) & ~told["doubtful"])
    return agreed.unstack("indicator_id").astype(float)  # noqa: PD010 - its values are unique, nothing to aggregate


def _previous(values: pd.DataFrame, documents: pd.DataFrame) -> pd.DataFrame:
    """Return, for each row of ``values``, those of the same body's report of the year before, if there is one."""
    body = ["division_id", "kind", "issuer"]
    standing = documents[~documents["document_id"].isin(documents["supersedes"].dropna())]
    known = standing.drop_duplicates([*body, "report_year"])[[*body, "report_year", "document_id"]]
    before = known.assign(report_year=known["report_year"] + 1).rename(columns={"document_id": "before_id"})
    pairs = documents.merge(before, on=[*body, "report_year"]).set_index("document_id")["before_id"]
    owners = values.index.get_level_values("document_id").map(pairs.to_dict())
    keys = pd.MultiIndex.from_arrays([owners, values.index.get_level_values("scope")], names=values.index.names)
    return values.reindex(keys).set_axis(values.index)


def _try(identity: Identity, sources: _Sources) -> pd.DataFrame:
    """Return left, right, residual, tolerance and outcome for each (document, scope)."""
    left = _sum(identity.left, sources)
    if identity.relation == "rate":
        right, tolerance = _quotient(identity, sources, left)
    else:
        right = _sum(identity.right, sources)
        tolerance = pd.Series(0.0, index=left.index)
    stated = sum(sources.of(term).notna().astype(int) for term in identity.terms if term.optional)
    applies = left.notna() & right.notna() & (stated >= identity.needs)
    residual = (left - right).where(applies)
    holds = {
        "=": residual.abs() <= _EXACT,
        "<=": residual <= _EXACT,
        ">=": residual >= -_EXACT,
        "rate": residual.abs() <= tolerance + _EXACT,
    }[identity.relation]
    outcome = np.where(applies, np.where(holds, "holds", "fails"), "not_applicable")
    return pd.DataFrame(
        {
            "left": left.where(applies),
            "right": right.where(applies),
            "residual": residual,
            "tolerance": tolerance.where(applies),
            "outcome": outcome,
        },
        index=left.index,
    )


def _sum(terms: Iterable[Term], sources: _Sources) -> pd.Series[float]:
    """Add the terms; null where one is missing that is not optional."""
    total = pd.Series(0.0, index=sources.now.index)
    for term in terms:
        values = sources.of(term)
        total += term.sign * (values.where(values.notna(), 0.0) if term.optional else values)
    return total


def _quotient(
    identity: Identity, sources: _Sources, stated: pd.Series[float]
) -> tuple[pd.Series[float], pd.Series[float]]:
    """Return 100 * numerator / denominator and what rounding allows, for the denominator that fits best.

    A figure printed with a last digit worth u is off by at most u/2 when rounded, and below by less than u when
    cut off.
    """
    assert identity.numerator is not None  # noqa: S101 - the reader of the file saw to it
    values, places = np.unique(stated.to_numpy(), return_inverse=True)
    unit = pd.Series(
        np.array([_last_digit(value) for value in values.tolist()])[places], index=stated.index, dtype=float
    )
    numerator = sources.of(identity.numerator)
    best = pd.Series(np.nan, index=stated.index)
    for term in identity.denominators:
        denominator = sources.of(term)
        quotient = 100 * numerator / denominator.where(denominator > 0)
        nearer = quotient.notna() & (best.isna() | ((stated - quotient).abs() < (stated - best).abs()))
        best = quotient.where(nearer, best)
    return best, unit.where(stated < best, unit / 2)


def _last_digit(value: float) -> float:
    """Return what the last printed digit of a figure is worth: 1 for 91, 0.1 for 92.8."""
    if math.isnan(value):
        return math.nan
    exponent = Decimal(repr(value)).normalize().as_tuple().exponent
    return 10.0 ** min(int(exponent), 0)


def _one_a_document(documents: pd.DataFrame, names: list[str], trials: list[pd.DataFrame]) -> pd.DataFrame:
    applied = [trial[trial["outcome"] != "not_applicable"] for trial in trials]
    told = pd.concat(applied, keys=names, names=["identity_id"]).reset_index()
    told = told[is_among(told["document_id"], documents["document_id"])]
    rank = told["outcome"].map({outcome: place for place, outcome in enumerate(_WORST_FIRST)})
    place = told["scope"].map({scope: position for position, scope in enumerate(SCOPE.codes)})
    told = told.assign(rank=rank, place=place).sort_values(["document_id", "identity_id", "rank", "place"])
    told = told.drop_duplicates(["document_id", "identity_id"]).drop(columns=["rank", "place"])
    every = documents[["document_id", "report_year"]].merge(pd.DataFrame({"identity_id": names}), how="cross")
    results = every.merge(told, on=["document_id", "identity_id"], how="left")
    results["outcome"] = results["outcome"].where(results["outcome"].notna(), "not_applicable")
    results = results.astype(empty_frame(IDENTITY_RESULTS).dtypes.to_dict())
    return results[list(IDENTITY_RESULTS.columns)].sort_values(list(IDENTITY_RESULTS.key)).reset_index(drop=True)
