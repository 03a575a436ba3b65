"""Contracts as Dagster shows them: an asset for a table, and its rules as asset checks.

Here belongs the one factory that projects a table's contract into an `AssetSpec` with its columns, into check
specs and into check results. The specs come from the declaration, never from a run, so the history of a check has
no gaps. Not here: the rules (`contracts.rules`), the judging of rows (`contracts.judgement`), the assets themselves.

A check bundles the rules of one table that share a name (`required`, `codelist`, …). A table with a quarantine
files bad rows away and its check warns; past the quarantine's share, and on a table without one, the check fails,
blocks what lies downstream, and the last good table stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache

import dagster as dg

from assets.wiring import OWNERS
from contracts.judgement import Verdict
from contracts.rules import Rule, rules_of
from contracts.schema import Table
from contracts.tables import TABLES
from warehouse.store import Store


@cache
def checks_of(table: Table) -> Mapping[str, tuple[Rule, ...]]:
    """Return the rules of the table by the name of the check that shows them."""
    found: dict[str, tuple[Rule, ...]] = {}
    for rule in rules_of(table):
        name = rule.id.rpartition(".")[2]
        found[name] = (*found.get(name, ()), rule)
    return found


class ContractAssets:
    """The factory, in the shape that the assets ask for (`assets.wiring.Contracted`)."""

    def specs(self, *tables: Table, group: str, deps: Sequence[str] = ()) -> list[dg.AssetSpec]:
        """Return the assets of the tables: what a row is, and every column with type, meaning and constraints."""
        return [
            dg.AssetSpec(
                table.name,
                deps=list(deps),
                description=f"{table.en} ({table.zh}): {table.row_en}. Key: {', '.join(table.key)}.",
                group_name=group,
                owners=OWNERS,
                kinds={"parquet"},
                metadata={"dagster/column_schema": column_schema(table)},
            )
            for table in tables
        ]

    def check_specs(self, *tables: Table) -> list[dg.AssetCheckSpec]:
        """Return one spec a check; all may block, since a check that only warns never does."""
        return [
            dg.AssetCheckSpec(
                name,
                asset=table.name,
                description="; ".join(f"{rule.en} ({rule.zh})" for rule in rules),
                blocking=True,
                metadata={"rules": [rule.id for rule in rules]},
            )
            for table in tables
            for name, rules in checks_of(table).items()
        ]

    def check_results(self, verdicts: Iterable[Verdict]) -> Iterator[dg.AssetCheckResult]:
        """Yield the result of every check of the tables that were judged."""
        for verdict in verdicts:
            severity = dg.AssetCheckSeverity.ERROR if verdict.failure else dg.AssetCheckSeverity.WARN
            for name, rules in checks_of(TABLES[verdict.table]).items():
                broken = {rule.id: verdict.broken[rule.id] for rule in rules if rule.id in verdict.broken}
                yield dg.AssetCheckResult(
                    asset_key=verdict.table,
                    check_name=name,
                    passed=not broken,
                    severity=severity,
                    metadata={"rows_offered": verdict.offered, "rows_broken": sum(broken.values()), "by_rule": broken},
                )

    def tables(self, store: Store, *tables: Table) -> Iterator[dg.MaterializeResult[None]]:
        """Yield the tables as they now stand, with their numbers of rows and files."""
        snapshot = store.snapshot()
        for table in tables:
            parts = snapshot.get(table.name, {}).values()
            yield dg.MaterializeResult(
                asset_key=table.name,
                metadata={
                    "dagster/row_count": sum(part.rows for part in parts),
                    "files": len(parts),
                    "bytes": sum(part.bytes for part in parts),
                },
            )


def column_schema(table: Table) -> dg.TableSchema:
    """Return the table's columns in Dagster's words."""
    return dg.TableSchema(
        columns=[
            dg.TableColumn(
                field.name,
                type=field.type.value,
                description=f"{field.zh}: {field.meaning_en}",
                constraints=dg.TableColumnConstraints(
                    nullable=field.nullable,
                    unique=table.key == (field.name,),
                    other=[rule.en for rule in rules_of(table) if rule.column == field.name and rule.holds],
                ),
            )
            for field in table.fields
        ]
    )
