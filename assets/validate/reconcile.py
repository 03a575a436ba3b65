"""Several statements of one metric become one row of ``county_year``, or a conflict that takes no side.

The rules, in their order:

1. Only a county-level government's own report speaks, and of its versions the one that none supersedes.
2. Only statements without dimension, of the report year, or carried over where the indicator is a carry-over.
   Scope is part of the key: a figure of the departments is never taken for the government's own.
3. A statement with a value is heard before one that says that none can exist (obs_status M).
4. Statements of the same value agree. Of these the surest qualifier is taken: exact, implied, approximately,
   at_least, at_most; of equals the first in the text.
5. An exact statement settles inexact ones that it satisfies (1,047 satisfies 1,000余), and for a rate a figure
   printed more finely settles one that is its rounding (90.83 settles 91).
6. Anything else is a conflict: value null, obs_status Q, flag ``conflict``; both values stay in observations.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import pandas as pd

from contracts.projections.arrow import empty_frame
from contracts.tables import COUNTY_YEAR

_SUREST_FIRST = ("exact", "implied", "approximately", "at_least", "at_most")
_NEAR = 0.1
"""How far from an exact value an approximate one may lie, as a share of it."""
_ROW = ["division_id", "report_year", "indicator_id", "scope"]


def reconcile(documents: pd.DataFrame, observations: pd.DataFrame, indicators: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of ``county_year`` that these documents and their observations make, sorted by key."""
    heard = _heard(documents, observations, indicators)
    if heard.empty:
        return empty_frame(COUNTY_YEAR)
    heard = heard.assign(surest=heard["qualifier"].map(_SUREST_FIRST.index))
    heard = heard.sort_values([*_ROW, "surest", "document_id", "char_start", "observation_id"]).reset_index(drop=True)
    groups = heard.groupby(_ROW, sort=False, dropna=False)
    rows = heard.drop_duplicates(_ROW).copy()
    rows["n_observations"] = groups["observation_id"].transform("size").astype("Int64")
    differing = groups["value"].transform("nunique").loc[rows.index] > 1
    several = rows["n_observations"] > 1
    rows["flags"] = [
        _flags(flags, "restated") if many else flags for flags, many in zip(rows["flags"], several, strict=True)
    ]
    for first in rows.index[differing]:
        statements = heard.loc[groups.indices[tuple(rows.loc[first, _ROW])]]
        _settle(rows, first, statements)
    return rows[list(COUNTY_YEAR.columns)].astype(empty_frame(COUNTY_YEAR).dtypes.to_dict()).reset_index(drop=True)


def _heard(documents: pd.DataFrame, observations: pd.DataFrame, indicators: pd.DataFrame) -> pd.DataFrame:
    """Return the statements that may speak for a county and year."""
    superseded = documents["supersedes"].dropna()
    own = documents[(documents["kind"] == "county_government") & ~documents["document_id"].isin(superseded)]
    facts = observations[
        observations["document_id"].isin(own["document_id"])
        & observations["dimension"].isna()
        & observations["obs_status"].isin(["A", "M"])
    ]
    carries = facts["indicator_id"].isin(indicators.loc[indicators["period"] == "carried_over", "indicator_id"])
    facts = facts[(facts["period"] == "year") | (carries & (facts["period"] == "carried_over"))]
    stated = facts[facts["obs_status"] == "A"]
    silent = facts[facts["obs_status"] == "M"]
    answered = pd.MultiIndex.from_frame(stated[_ROW])
    unanswered = silent[~pd.MultiIndex.from_frame(silent[_ROW]).isin(answered)]
    return pd.concat([stated, unanswered], ignore_index=True)


def _settle(rows: pd.DataFrame, first: int, statements: pd.DataFrame) -> None:
    """Choose among statements of different values, or withhold the value; changes the row ``first`` of ``rows``."""
    for _, candidate in _candidates(statements).iterrows():
        if all(_satisfies(candidate, other) for _, other in statements.iterrows()):
            for column in ("value", "qualifier", "observation_id"):
                rows.loc[first, column] = candidate[column]
            rows.loc[first, "flags"] = _flags(candidate["flags"], "restated", "settled")
            return
    rows.loc[first, "value"] = float("nan")
    rows.loc[first, ["qualifier", "observation_id"]] = None
    rows.loc[first, "obs_status"] = "Q"
    rows.loc[first, "flags"] = "conflict"


def _candidates(statements: pd.DataFrame) -> pd.DataFrame:
    """Return the statements that can settle the others: exact ones, the most finely printed first."""
    certain = statements[statements["qualifier"].isin(["exact", "implied"])]
    return certain.assign(digits=certain["value"].map(_digits)).sort_values("digits", ascending=False, kind="stable")


def _satisfies(candidate: pd.Series, other: pd.Series) -> bool:
    """Return whether ``other`` is true if ``candidate`` is the exact value."""
    exact, said = float(candidate["value"]), float(other["value"])
    if exact == said:
        return True
    match other["qualifier"]:
        case "at_least":
            return exact >= said
        case "at_most":
            return exact <= said
        case "approximately":
            return abs(exact - said) <= _NEAR * abs(exact)
        case _:
            return other["unit"] == "percent" and _rounds_to(exact, said)


def _rounds_to(exact: float, said: float) -> bool:
    unit = Decimal(1).scaleb(-_digits(said))
    return Decimal(repr(exact)).quantize(unit, rounding=ROUND_HALF_UP) == Decimal(repr(said))


def _digits(value: float) -> int:
    """Return how many digits a figure has after the point."""
    return max(0, -int(Decimal(repr(value)).normalize().as_tuple().exponent))


def _flags(flags: object, *added: str) -> str:
    present = flags.split(";") if isinstance(flags, str) else []
    return ";".join(dict.fromkeys([*present, *added]))
