"""Several statements of one metric become one row, or a conflict that takes no side."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from assets.validate.reconcile import reconcile
from contracts.projections.arrow import frame_from_table, table_from_rows
from contracts.projections.frames import breaches
from contracts.tables import COUNTY_YEAR, DOCUMENTS, INDICATORS, OBSERVATIONS

FLOW, STOCK, RATE = "cases_accepted", "cases_carried_over", "success_rate"


def documents(*rows: dict[str, Any]) -> pd.DataFrame:
    base = {
        "document_id": "D1",
        "division_id": "CN-990101",
        "report_year": 2022,
        "kind": "county_government",
        "supersedes": None,
    }
    return frame_from_table(table_from_rows(DOCUMENTS, [base | row for row in rows or ({},)]))


def indicators() -> pd.DataFrame:
    periods = {FLOW: "year", STOCK: "carried_over", RATE: "year"}
    rows = [
        {"indicator_id": name, "period": period, "unit": "percent" if name == RATE else "件"}
        for name, period in periods.items()
    ]
    return frame_from_table(table_from_rows(INDICATORS, rows))


def observations(*rows: dict[str, Any]) -> pd.DataFrame:
    made = []
    for number, row in enumerate(rows):
        indicator = row.get("indicator_id", FLOW)
        base = {
            "observation_id": f"O{number:016d}",
            "document_id": "D1",
            "division_id": "CN-990101",
            "report_year": 2022,
            "indicator_id": indicator,
            "scope": "reporter",
            "period": "year",
            "value": 42.0,
            "unit": "percent" if indicator == RATE else "件",
            "qualifier": "exact",
            "obs_status": "A",
            "char_start": 10 * number,
        }
        made.append(base | row)
    return frame_from_table(table_from_rows(OBSERVATIONS, made))


def settled(*rows: dict[str, Any], reports: pd.DataFrame | None = None) -> list[dict[str, Any]]:
    reports = documents() if reports is None else reports
    stated = observations(*rows)
    made = reconcile(reports, stated, indicators())
    frames = {"county_year": made, "observations": stated, "documents": reports, "indicators": indicators()}
    assert breaches(COUNTY_YEAR, frames) == []
    return [{str(k): None if pd.isna(v) else v for k, v in row.items()} for row in made.to_dict("records")]


def values(*rows: dict[str, Any], reports: pd.DataFrame | None = None) -> list[float | None]:
    return [row["value"] for row in settled(*rows, reports=reports)]


def test_one_statement_is_one_row_with_its_qualifier_and_source() -> None:
    [row] = settled({"qualifier": "at_least"})
    assert (row["value"], row["qualifier"], row["n_observations"]) == (42, "at_least", 1)
    assert (row["observation_id"], row["obs_status"], row["flags"]) == ("O0000000000000000", "A", None)


def test_the_same_value_twice_is_one_row_that_counts_both() -> None:
    [row] = settled({"qualifier": "implied"}, {}, {"qualifier": "at_least"})
    assert (row["value"], row["n_observations"], row["qualifier"]) == (42, 3, "exact")
    assert (row["observation_id"], row["flags"]) == ("O0000000000000001", "restated")


def test_differing_exact_values_are_a_conflict_without_a_winner() -> None:
    [row] = settled({"flags": "from_table"}, {"value": 43.0})
    assert (row["value"], row["obs_status"], row["observation_id"], row["qualifier"]) == (None, "Q", None, None)
    assert (row["n_observations"], row["flags"]) == (2, "conflict")


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        ({"value": 40.0, "qualifier": "at_least"}, 42),
        ({"value": 43.0, "qualifier": "at_least"}, None),
        ({"value": 50.0, "qualifier": "at_most"}, 42),
        ({"value": 41.0, "qualifier": "at_most"}, None),
        ({"value": 45.0, "qualifier": "approximately"}, 42),
        ({"value": 60.0, "qualifier": "approximately"}, None),
        ({"value": 0.0, "qualifier": "implied"}, None),
    ],
)
def test_an_exact_value_settles_inexact_ones_that_it_satisfies(other: dict[str, Any], expected: float | None) -> None:
    assert values(other, {}) == values({}, other) == [expected]


def test_two_inexact_values_settle_nothing() -> None:
    assert values({"qualifier": "at_least"}, {"value": 40.0, "qualifier": "at_least"}) == [None]


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ((91.0, 90.83), 90.83),
        ((90.8, 90.83), 90.83),
        ((90.0, 90.83), None),
        ((90.84, 90.83), None),
        ((91.0, 90.5), 90.5),
    ],
)
def test_a_rate_settles_its_own_rounding(stated: tuple[float, float], expected: float | None) -> None:
    rows = [{"indicator_id": RATE, "value": value} for value in stated]
    assert values(*rows) == values(*reversed(rows)) == [expected]


def test_a_count_is_never_rounded() -> None:
    assert values({"value": 42.0}, {"value": 42.4}) == [None]


@pytest.mark.parametrize(
    "row",
    [
        {"dimension": "某部门"},
        {"period": "cumulative"},
        {"period": "half_year"},
        {"period": "carried_over"},
        {"obs_status": "O", "value": None},
    ],
    ids=str,
)
def test_what_does_not_speak_for_the_year_is_not_heard(row: dict[str, Any]) -> None:
    assert settled(row) == []


def test_a_carry_over_indicator_is_heard_carried_over() -> None:
    assert values({"indicator_id": STOCK, "period": "carried_over"}) == [42]


def test_scope_is_part_of_the_key() -> None:
    assert values({}, {"scope": "departments", "value": 7.0}) == [7, 42]


@pytest.mark.parametrize("kind", ["department", "township", "prefecture_government", "reconsideration_report"])
def test_only_the_governments_own_report_speaks(kind: str) -> None:
    assert settled({}, reports=documents({"kind": kind})) == []


def test_a_later_version_silences_the_earlier() -> None:
    reports = documents({}, {"document_id": "D2", "supersedes": "D1"})
    assert values({}, {"document_id": "D2", "value": 43.0}, reports=reports) == [43]


def test_a_value_is_heard_before_its_absence() -> None:
    nothing = {"value": None, "obs_status": "M"}
    [row] = settled(nothing)
    assert (row["value"], row["obs_status"], row["n_observations"]) == (None, "M", 1)
    [row] = settled(nothing, {})
    assert (row["value"], row["obs_status"], row["n_observations"]) == (42, "A", 1)


def test_the_order_of_arrival_does_not_matter() -> None:
    rows = [{"value": 42.0, "char_start": 30}, {"qualifier": "at_least", "value": 40.0}, {"char_start": 10}]
    stated = observations(*rows)
    forwards = reconcile(documents(), stated, indicators())
    backwards = reconcile(documents(), stated.iloc[::-1].reset_index(drop=True), indicators())
    pd.testing.assert_frame_equal(forwards, backwards)
    assert forwards["observation_id"][0] == "O0000000000000002"
