"""Pandera schemas of the tables, and the breaches that they find.

Here belongs the one place where rules meet rows. Types, nulls and keys are pandera's own checks; every other
rule is a pandera check that bears the rule's id. Not here: what is done about a breach.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
import pandera.pandas as pa

from contracts.errors import ContractError
from contracts.rules import Frames, Rule, rules_of
from contracts.schema import Table, Type

_PANDAS = {
    Type.TEXT: pd.StringDtype(na_value=np.nan),
    Type.INTEGER: pd.Int64Dtype(),
    Type.NUMBER: np.dtype("float64"),
    Type.DATE: np.dtype("datetime64[ms]"),
    Type.TIMESTAMP: pd.DatetimeTZDtype("us", "UTC"),
}


class Breach(NamedTuple):
    """One row that breaks one rule; ``row`` is its position, or None when the whole table breaks it."""

    rule: Rule
    row: int | None


def pandera_schema(table: Table, frames: Frames) -> pa.DataFrameSchema:
    """Return the schema that judges the table; rules between tables read the other tables from ``frames``.

    Raises ContractError when a table that a rule needs is not among ``frames``: a rule is never skipped.
    """
    rules = rules_of(table)
    missing = sorted({name for rule in rules for name in rule.needs} - set(frames))
    if missing:
        raise ContractError(
            f"cannot be judged without {', '.join(missing)}",
            culprit=table.name,
            remedy="Hand over those tables too",
        )
    return pa.DataFrameSchema(
        {
            field.name: pa.Column(
                _PANDAS[field.type],
                nullable=field.nullable,
                title=field.en,
                description=field.said_en,
            )
            for field in table.fields
        },
        checks=[_check(rule, frames) for rule in rules if rule.holds],
        unique=list(table.key),
        report_duplicates="exclude_first",
        strict=True,
        name=table.name,
        title=table.en,
        description=table.row_en,
    )


def breaches(table: Table, frames: Frames) -> list[Breach]:
    """Return every breach of every rule of the table, in the order of its rules and then of its rows.

    ``frames`` holds the table itself and all that its rules need. The rows are judged as they stand; nothing is
    coerced. A column that is missing or undeclared raises ContractError, for then no row can be judged.
    """
    frame = frames[table.name].reset_index(drop=True)
    if tuple(frame.columns) != table.columns:
        raise ContractError(
            f"has the columns {', '.join(frame.columns)} where {', '.join(table.columns)} are declared",
            culprit=table.name,
            remedy="Mend the function that makes its rows",
        )
    frames = {**frames, table.name: frame}
    rules = {rule.id: rule for rule in rules_of(table)}
    wrong = _of_another_type(table, frame)
    if wrong:
        return [Breach(rules[f"{table.name}.{column}.type"], None) for column in wrong]
    try:
        pandera_schema(table, frames).validate(frame, lazy=True)
    except pa.errors.SchemaErrors as found:
        return _read(table, rules, found.failure_cases)
    return []


def _check(rule: Rule, frames: Frames) -> pa.Check:
    assert rule.holds is not None  # noqa: S101 - narrows the type; the caller filters
    holds = rule.holds
    return pa.Check(lambda _frame: holds(frames), name=rule.id, error=rule.id, ignore_na=False)


def _of_another_type(table: Table, frame: pd.DataFrame) -> list[str]:
    """Ask types first: no rule can be asked of a column of another type."""
    return [field.name for field in table.fields if frame[field.name].dtype != _PANDAS[field.type]]


def _read(table: Table, rules: dict[str, Rule], cases: pd.DataFrame) -> list[Breach]:
    """Translate pandera's failure cases: several lines of one rule and row are one breach."""
    found: set[tuple[str, int | None]] = set()
    columns = (cases[name] for name in ("check", "column", "index", "failure_case"))
    for check, column, row, failure in zip(*columns, strict=True):
        if check == "not_nullable":
            rule_id = f"{table.name}.{column}.required"
        elif check == "multiple_fields_uniqueness":
            rule_id = f"{table.name}.key"
        elif check in rules:
            rule_id = check
        else:
            raise ContractError(
                f"a rule could not be judged: {check} ({failure})",
                culprit=table.name,
                remedy="Mend the rule in contracts/rules.py",
            )
        found.add((rule_id, None if row is None else int(row)))
    order = {rule: place for place, rule in enumerate(rules)}
    sorted_found = sorted(found, key=lambda pair: (order[pair[0]], -1 if pair[1] is None else pair[1]))
    return [Breach(rules[rule], row) for rule, row in sorted_found]
