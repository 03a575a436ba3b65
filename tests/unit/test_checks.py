"""Every contract becomes asset checks, and every check is proven able to fail.

That each single rule can fail is proven beside the rules (`tests/contracts`); here one rule a check is broken.
"""

from __future__ import annotations

import dagster as dg
import pytest

from contracts.judgement import judge
from contracts.rules import Rule, rules_of
from contracts.samples import sample_frames
from contracts.tables import TABLES
from pipelines.checks import ContractAssets, checks_of

CHECKS = [(table, name) for table, declared in TABLES.items() for name in checks_of(declared)]


def results_of(table: str, rule: Rule | None = None) -> dict[str, dg.AssetCheckResult]:
    """The results of a table's checks on good rows, or on rows that break one rule."""
    frames = sample_frames()
    verdict = judge(TABLES[table], rule.breaks(frames) if rule else frames)
    return {str(result.check_name): result for result in ContractAssets().check_results([verdict])}


@pytest.mark.parametrize("table", TABLES)
def test_every_check_passes_on_good_rows(table: str) -> None:
    results = results_of(table)
    assert set(results) == set(checks_of(TABLES[table]))
    assert all(result.passed for result in results.values())


@pytest.mark.parametrize(("table", "name"), CHECKS, ids=[f"{table}.{name}" for table, name in CHECKS])
def test_every_check_fails_when_a_rule_of_it_is_broken(table: str, name: str) -> None:
    rule = checks_of(TABLES[table])[name][0]
    result = results_of(table, rule)[name]
    assert not result.passed
    assert result.metadata["rows_broken"].value >= 1
    assert rule.id in result.metadata["by_rule"].value


def test_a_quarantined_row_warns_and_a_table_without_quarantine_fails() -> None:
    tolerant = next(rule for rule in rules_of(TABLES["observations"]) if rule.id == "observations.value_or_reason")
    strict = next(rule for rule in rules_of(TABLES["county_year"]) if rule.id == "county_year.value_or_reason")
    assert results_of("observations", tolerant)["value_or_reason"].severity is dg.AssetCheckSeverity.WARN
    assert results_of("county_year", strict)["value_or_reason"].severity is dg.AssetCheckSeverity.ERROR


def test_every_check_blocks_and_names_its_rules() -> None:
    for declared in TABLES.values():
        for spec in ContractAssets().check_specs(declared):
            assert spec.blocking
            assert spec.metadata["rules"] == [rule.id for rule in checks_of(declared)[spec.name]]


def test_an_asset_shows_the_columns_of_its_contract() -> None:
    (spec,) = ContractAssets().specs(TABLES["observations"], group="validate")
    schema = spec.metadata["dagster/column_schema"]
    assert [column.name for column in schema.columns] == list(TABLES["observations"].columns)
    by_name = {column.name: column for column in schema.columns}
    assert by_name["observation_id"].constraints.unique
    assert by_name["value"].constraints.nullable
    assert "scope is a code of scope" in by_name["scope"].constraints.other
