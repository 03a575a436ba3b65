"""Every rule of every table is proven to fail, by the breakage that the rule itself declares."""

from __future__ import annotations

import pytest

from contracts.errors import ContractError
from contracts.projections.frames import breaches, pandera_schema
from contracts.rules import Rule, all_rules, rules_of
from contracts.samples import sample_frames
from contracts.schema import Table
from contracts.tables import TABLES


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_good_rows_break_no_rule(table: Table) -> None:
    assert breaches(table, sample_frames()) == []


@pytest.mark.parametrize("rule", all_rules().values(), ids=all_rules())
def test_each_rule_fails_on_its_own_breakage(rule: Rule) -> None:
    broken = rule.breaks(sample_frames())
    found = breaches(TABLES[rule.table], broken)
    assert rule.id in {breach.rule.id for breach in found}
    whole_table = rule.id.endswith((".type", ".keeps_its_rows"))
    assert all((breach.row is None) == whole_table for breach in found if breach.rule.id == rule.id)


def test_no_rule_stands_twice() -> None:
    names = [rule.id for table in TABLES.values() for rule in rules_of(table)]
    assert len(names) == len(set(names))


def test_only_the_broken_row_is_named() -> None:
    frames = sample_frames()
    frames["observations"].loc[1, "evidence"] = "并无此句"
    assert [(breach.rule.id, breach.row) for breach in breaches(TABLES["observations"], frames)] == [
        ("observations.evidence_is_the_text", 1)
    ]


def test_a_repeated_key_spares_the_first_row() -> None:
    frames = all_rules()["documents.key"].breaks(sample_frames())
    assert [breach.row for breach in breaches(TABLES["documents"], frames)] == [2]


def test_a_rule_is_never_skipped_for_want_of_a_table() -> None:
    frames = sample_frames()
    del frames["texts"]
    with pytest.raises(ContractError, match="observations: cannot be judged without texts"):
        pandera_schema(TABLES["observations"], frames)


def test_a_missing_column_is_named() -> None:
    frames = sample_frames()
    frames["documents"] = frames["documents"].drop(columns="issuer")
    with pytest.raises(ContractError, match="documents: has the columns"):
        breaches(TABLES["documents"], frames)


def test_a_quarantine_bears_a_share_but_never_fails_for_a_handful() -> None:
    quarantine = TABLES["observations"].quarantine
    assert quarantine is not None
    assert quarantine.bears(20, 21)
    assert not quarantine.bears(21, 100)
    assert quarantine.bears(50, 1000)
    assert not quarantine.bears(51, 1000)
