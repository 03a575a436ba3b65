"""Contracts applied to a table: which rows are accepted, which are rejected and why, and whether it fails.

Here belongs the failure policy, the same for every table. Not here: the rules (``contracts.rules``), nor where
accepted rows are kept.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import Any, NamedTuple

import pandas as pd

from contracts.errors import ContractError
from contracts.projections.frames import Breach, breaches
from contracts.rejection import rejected_row
from contracts.rules import Frames
from contracts.schema import Table


class Verdict(NamedTuple):
    """What came of judging one table."""

    table: str
    offered: int
    """Rows judged."""
    accepted: pd.DataFrame
    """The rows that break no rule, in the order offered."""
    rejected: list[dict[str, Any]]
    """The others, as rows of ``rejected``."""
    broken: dict[str, int]
    """How many rows broke each rule that was broken, by its id."""
    failure: str | None
    """Why the table as a whole is refused; None where its accepted rows may be kept."""

    def require(self) -> Verdict:
        """Return the verdict itself; raises ContractError when the table as a whole is refused."""
        if self.failure is None:
            return self
        raise ContractError(
            self.failure,
            culprit=self.table,
            remedy="Nothing was written. Mend the rows or the rule, then run again",
        )


def judge(table: Table, frames: Frames) -> Verdict:
    """Judge every row of ``frames[table.name]`` by every rule of the table.

    ``frames`` also holds the tables that the rules need. A row that breaks several rules is rejected once, for
    the first of them, and its reason tells all.
    """
    frame = frames[table.name].reset_index(drop=True)
    found = breaches(table, frames)
    broken = Counter(breach.rule.id for breach in found)
    by_row: dict[int, list[Breach]] = {}
    for breach in found:
        if breach.row is not None:
            by_row.setdefault(breach.row, []).append(breach)
    rejected = _rejected(table, frame, by_row)
    return Verdict(
        table=table.name,
        offered=len(frame),
        accepted=frame.drop(index=list(by_row)).reset_index(drop=True),
        rejected=rejected,
        broken=dict(broken),
        failure=_failure(table, found, by_row, len(frame)),
    )


def _failure(table: Table, found: list[Breach], by_row: dict[int, list[Breach]], offered: int) -> str | None:
    whole = [breach for breach in found if breach.row is None]
    if whole:
        return f"breaks the contract as a whole: {whole[0].rule.en} ({whole[0].rule.id})"
    if not by_row:
        return None
    first = found[0].rule
    if table.quarantine is None:
        return f"{len(by_row)} of {offered} rows break the contract, the first rule being: {first.en} ({first.id})"
    if not table.quarantine.bears(len(by_row), offered):
        return (
            f"{len(by_row)} of {offered} rows break the contract, more than the {table.quarantine.share:.0%} "
            f"that it bears, the first rule being: {first.en} ({first.id})"
        )
    return None


def _rejected(table: Table, frame: pd.DataFrame, by_row: dict[int, list[Breach]]) -> list[dict[str, Any]]:
    if not by_row:
        return []
    positions = sorted(by_row)
    rows = frame.loc[positions].to_json(orient="records", force_ascii=False, date_format="iso", lines=True).splitlines()
    seen: Counter[str] = Counter()
    filed = []
    for position, line in zip(positions, rows, strict=True):
        rules = [breach.rule for breach in by_row[position]]
        row = json.loads(line)
        document = row.get("document_id")
        filed.append(
            rejected_row(
                table.name,
                row,
                rule=rules[0].id,
                reason="; ".join(rule.en for rule in rules),
                document_id=document if isinstance(document, str) else None,
                ordinal=seen[line],
            )
        )
        seen[line] += 1
    return filed
