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
from typing import Any, NamedTuple

import pandas as pd

from contracts.lookup import is_among
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
    groups = heard.groupby(_ROW, sort=False)
    rows = heard.assign(n_observations=groups["observation_id"].transform("size").astype("Int64"))
    differing = rows[groups["value"].transform("nunique") > 1]
    rows = rows.drop_duplicates(_ROW)
    restated = rows["n_observations"] > 1
    rows.loc[restated, "flags"] = [_flags(flags, "restated") for flags in _cells(rows.loc[restated, "flags"])]
    _settle(rows, differing)
    return rows[list(COUNTY_YEAR.columns)].astype(empty_frame(COUNTY_YEAR).dtypes.to_dict()).reset_index(drop=True)


def _heard(documents: pd.DataFrame, observations: pd.DataFrame, indicators: pd.DataFrame) -> pd.DataFrame:
    """Return the statements that may speak for a county and year."""
    superseded = documents["supersedes"].dropna()
    own = documents[(documents["kind"] == "county_government") & ~documents["document_id"].isin(superseded)]
    facts = observations[
        is_among(observations["document_id"], own["document_id"])
        & observations["dimension"].isna()
        & observations["obs_status"].isin(["A", "M"])
    ]
    carries = facts["indicator_id"].isin(indicators.loc[indicators["period"] == "carried_over", "indicator_id"])
    facts = facts[(facts["period"] == "year") | (carries & (facts["period"] == "carried_over"))]
    stated = facts[facts["obs_status"] == "A"]
    silent = facts[facts["obs_status"] == "M"]
    if silent.empty:
        return stated
    answered = pd.MultiIndex.from_frame(stated[_ROW])
    unanswered = silent[~pd.MultiIndex.from_frame(silent[_ROW]).isin(answered)]
    return pd.concat([stated, unanswered], ignore_index=True)


class _Statement(NamedTuple):
    """What one observation says of a metric."""

    value: float
    unit: str
    qualifier: str
    observation_id: str
    flags: str | None


def _settle(rows: pd.DataFrame, differing: pd.DataFrame) -> None:
    """Choose among statements of different values, or withhold the value; changes ``rows``.

    ``differing`` holds those statements in the order of ``rows``; the index of a metric's first statement is that of
    its row.
    """
    columns = (_cells(differing[name]) for name in _Statement._fields)
    statements = [_Statement(*cells) for cells in zip(*columns, strict=True)]
    keys = zip(*(_cells(differing[name]) for name in _ROW), strict=True)
    by_metric: dict[tuple[object, ...], list[tuple[int, _Statement]]] = {}
    for key, index, statement in zip(keys, differing.index, statements, strict=True):
        by_metric.setdefault(key, []).append((index, statement))
    chosen = {said[0][0]: _chosen([statement for _, statement in said]) for said in by_metric.values()}
    settled = {index: statement for index, statement in chosen.items() if statement is not None}
    for column in ("value", "qualifier", "observation_id"):
        rows.loc[list(settled), column] = [getattr(statement, column) for statement in settled.values()]
    rows.loc[list(settled), "flags"] = [_flags(s.flags, "restated", "settled") for s in settled.values()]
    withheld = [index for index, statement in chosen.items() if statement is None]
    rows.loc[withheld, "value"] = float("nan")
    rows.loc[withheld, ["qualifier", "observation_id"]] = None
    rows.loc[withheld, "obs_status"] = "Q"
    rows.loc[withheld, "flags"] = "conflict"


def _cells(column: pd.Series[Any]) -> list[Any]:
    """Return the values of a column, null as None or not a number; asked one by one they take many times as long."""
    return list(column.to_numpy(dtype=object).tolist())


def _chosen(statements: list[_Statement]) -> _Statement | None:
    """Return the statement that settles all others, the most finely printed if there are several, or None."""
    certain = (statement for statement in statements if statement.qualifier in {"exact", "implied"})
    settling = [one for one in certain if all(_satisfies(one.value, other) for other in statements)]
    return max(settling, key=lambda statement: _digits(statement.value), default=None)


def _satisfies(exact: float, other: _Statement) -> bool:
    """Return whether ``other`` is true if ``exact`` is the value."""
    if exact == other.value:
        return True
    match other.qualifier:
        case "at_least":
            return exact >= other.value
        case "at_most":
            return exact <= other.value
        case "approximately":
            return abs(exact - other.value) <= _NEAR * abs(exact)
        case _:
            return other.unit == "percent" and _rounds_to(exact, other.value)


def _rounds_to(exact: float, said: float) -> bool:
    unit = Decimal(1).scaleb(-_digits(said))
    return Decimal(repr(exact)).quantize(unit, rounding=ROUND_HALF_UP) == Decimal(repr(said))


def _digits(value: float) -> int:
    """Return how many digits a figure has after the point."""
    return max(0, -int(Decimal(repr(value)).normalize().as_tuple().exponent))


def _flags(flags: object, *added: str) -> str:
    present = flags.split(";") if isinstance(flags, str) else []
    return ";".join(dict.fromkeys([*present, *added]))
