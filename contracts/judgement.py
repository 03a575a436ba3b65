"""Contracts applied to a table: which rows are accepted, which are rejected and why, and whether it fails.

Here belongs the failure policy, the same for every table. Not here: the rules (``contracts.rules``), nor where
accepted rows are kept.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from typing import Any, NamedTuple

import pandas as pd

from contracts.errors import ContractError
from contracts.projections.arrow import empty_frame
from contracts.projections.frames import Breach, breaches
from contracts.rejection import rejected_row
from contracts.rules import Frames
from contracts.schema import Table
from contracts.tables import TABLES


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
    unjudged: str | None
    """Why no row could be judged; None where they could."""

    @property
    def failure(self) -> str | None:
        """Why the table as a whole is refused; None where its accepted rows may be kept."""
        if self.unjudged or not self.rejected:
            return self.unjudged
        quarantine = TABLES[self.table].quarantine
        if quarantine and quarantine.bears(len(self.rejected), self.offered):
            return None
        borne = f", more than the {quarantine.share:.0%} that it bears" if quarantine else ""
        first = self.rejected[0]
        return (
            f"{len(self.rejected)} of {self.offered} rows break the contract{borne}, "
            f"the first one: {first['reason']} ({first['rule']})"
        )

    def require(self) -> Verdict:
        """Return the verdict itself; raises ContractError when the table as a whole is refused."""
        if self.failure is None:
            return self
        raise ContractError(
            self.failure,
            culprit=self.table,
            remedy="Nothing was written. Mend the rows or the rule, then run again",
        )


def combined(table: Table, parts: Iterable[Verdict]) -> Verdict:
    """Return one verdict on a table that was judged in parts, or not at all; the parts keep the accepted rows."""
    parts = list(parts)
    broken: Counter[str] = Counter()
    for part in parts:
        broken.update(part.broken)
    return Verdict(
        table=table.name,
        offered=sum(part.offered for part in parts),
        accepted=empty_frame(table),
        rejected=[row for part in parts for row in part.rejected],
        broken=dict(broken),
        unjudged=next((part.unjudged for part in parts if part.unjudged), None),
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
        # Most often nothing is rejected: then nothing is copied.
        accepted=frame.drop(index=list(by_row)).reset_index(drop=True) if by_row else frame,
        rejected=rejected,
        broken=dict(broken),
        unjudged=_unjudged(found),
    )


def _unjudged(found: list[Breach]) -> str | None:
    whole = [breach.rule for breach in found if breach.row is None]
    return f"breaks the contract as a whole: {whole[0].en} ({whole[0].id})" if whole else None


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
