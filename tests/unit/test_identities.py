"""Identities tried on reports: the examples that their catalogue records come out as it says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from assets.validate.identities import try_identities
from contracts.errors import CatalogueError
from contracts.identities import load_identities, read_identities
from contracts.indicators import load_catalogue
from contracts.projections.arrow import frame_from_table, table_from_rows
from contracts.tables import DOCUMENTS, OBSERVATIONS

RECONSIDERATION = "administrative_reconsideration_"


def documents(*years: int, issuer: str = "样例县人民政府") -> pd.DataFrame:
    rows = [
        {
            "document_id": f"D{year:016d}",
            "division_id": "CN-990101",
            "report_year": year,
            "kind": "county_government",
            "issuer": issuer,
        }
        for year in years
    ]
    return frame_from_table(table_from_rows(DOCUMENTS, rows))


def observations(facts: dict[str, float], year: int = 2022, **rest: Any) -> pd.DataFrame:
    rows = [
        {
            "observation_id": f"O{number:016d}",
            "document_id": f"D{year:016d}",
            "report_year": year,
            "indicator_id": indicator,
            "scope": "reporter",
            "period": "year",
            "value": value,
            "qualifier": "exact",
            "obs_status": "A",
            **rest,
        }
        for number, (indicator, value) in enumerate(facts.items())
    ]
    return frame_from_table(table_from_rows(OBSERVATIONS, rows))


def outcome(identity: str, *frames: pd.DataFrame, years: tuple[int, ...] = (2022,)) -> str:
    results = try_identities(load_identities(), documents(*years), pd.concat(frames, ignore_index=True))
    row = results[(results["identity_id"] == identity) & (results["report_year"] == max(years))]
    assert len(row) == 1
    return str(row["outcome"].iloc[0])


MEDIATION = (
    "people_mediation_success_rate",
    "people_mediation_disputes_succeeded",
    "people_mediation_disputes_handled",
)
APPEARANCE = (
    "agency_head_court_appearance_rate",
    "agency_head_court_appearances",
    "agency_head_appearance_cases_required",
)
CORRECTION = (f"{RECONSIDERATION}correction_rate", f"{RECONSIDERATION}corrected", f"{RECONSIDERATION}cases_concluded")
CLEANUP = tuple(f"normative_documents_{part}" for part in ("cleanup_total", "retained", "amended", "repealed"))
REQUESTS = tuple(
    f"information_disclosure_{part}"
    for part in ("requests_received", "requests_carried_in", "outcomes_total", "requests_carried_out")
)


@pytest.mark.parametrize(
    ("identity", "names", "values", "expected"),
    [
        ("I01", MEDIATION, (91, 951, 1047), "holds"),  # 90.83 rounded
        ("I01", MEDIATION, (92.8, 260, 280), "holds"),  # 92.857 cut off
        ("I01", MEDIATION, (93, 951, 1047), "fails"),
        ("I01", MEDIATION, (91.5, 951, 1047), "fails"),
        ("I01", MEDIATION, (90.8, 951, 0), "not_applicable"),
        ("I08", CORRECTION, (24.2, 236, 977), "holds"),
        ("I08", CORRECTION, (4.1, 191, 4696), "holds"),
        ("I10", APPEARANCE, (95, 55, 58), "holds"),
        ("I10", APPEARANCE, (94, 55, 58), "holds"),  # cut off
        ("I10", APPEARANCE, (96, 55, 58), "fails"),
        ("I14", CLEANUP, (61, 20, 38, 3), "holds"),
        ("I14", CLEANUP, (288, 270, 28, 2), "fails"),
        ("I14", CLEANUP[:2], (61, 20), "not_applicable"),
        ("I17", REQUESTS, (3511, 96, 3486, 121), "holds"),
        ("I17", REQUESTS, (3511, 96, 3486, 120), "fails"),
    ],
)
def test_an_identity_is_judged_by_the_figures(
    identity: str, names: tuple[str, ...], values: tuple[float, ...], expected: str
) -> None:
    assert outcome(identity, observations(dict(zip(names, values, strict=True)))) == expected


def test_the_other_denominator_is_tried_too() -> None:
    facts = {CORRECTION[0]: 19.2, CORRECTION[1]: 29, CORRECTION[2]: 135}
    assert outcome("I08", observations(facts)) == "fails"
    accepted = {f"{RECONSIDERATION}applications_accepted": 151.0}
    assert outcome("I08", observations(facts | accepted)) == "holds"


def test_cases_carried_over_count() -> None:
    cases = {f"{RECONSIDERATION}cases_concluded": 43.0, f"{RECONSIDERATION}applications_accepted": 42.0}
    carried = observations({f"{RECONSIDERATION}cases_carried_over": 3}, period="carried_over")
    assert outcome("I05", observations(cases)) == "not_applicable"
    assert outcome("I05", observations(cases), carried) == "holds"


def test_the_year_before_is_that_of_the_same_body() -> None:
    now = observations({"information_disclosure_requests_carried_in": 121})
    before = observations({"information_disclosure_requests_carried_out": 121}, year=2021)
    assert outcome("I21", now, before, years=(2021, 2022)) == "holds"
    assert outcome("I21", now) == "not_applicable"
    elsewhere = pd.concat([documents(2022), documents(2021, issuer="另一机关")])
    results = try_identities(load_identities(), elsewhere, pd.concat([now, before]))
    assert set(results.loc[results["identity_id"] == "I21", "outcome"]) == {"not_applicable"}


@pytest.mark.parametrize(
    "doubt",
    [{"qualifier": "at_least"}, {"dimension": "某部门"}, {"period": "half_year"}, {"scope": "departments"}],
    ids=str,
)
def test_doubtful_values_take_no_part(doubt: dict[str, str]) -> None:
    rate, *parts = MEDIATION
    stated = observations({parts[0]: 951, parts[1]: 1047})
    assert outcome("I01", stated, observations({rate: 50}, **doubt)) == "not_applicable"


def test_statements_that_differ_take_no_part() -> None:
    stated = observations(dict(zip(MEDIATION, (91, 951, 1047), strict=True)))
    assert outcome("I01", stated, observations({MEDIATION[1]: 900})) == "not_applicable"


def test_of_several_scopes_the_worst_is_told() -> None:
    good = observations(dict(zip(MEDIATION, (91, 951, 1047), strict=True)))
    bad = observations(dict(zip(MEDIATION, (50, 951, 1047), strict=True)), scope="territory")
    results = try_identities(load_identities(), documents(2022), pd.concat([good, bad]))
    row = results[results["identity_id"] == "I01"].iloc[0]
    assert (row["outcome"], row["scope"]) == ("fails", "territory")
    assert row["residual"] == pytest.approx(50 - 100 * 951 / 1047)


def test_every_identity_that_can_be_tried_is_told_of_every_report() -> None:
    results = try_identities(load_identities(), documents(2021, 2022), observations({}))
    tried = [identity for identity in load_identities() if identity.untested is None]
    assert len(results) == 2 * len(tried)
    assert set(results["outcome"]) == {"not_applicable"}


def test_all_identities_are_there_and_name_indicators_of_the_catalogue() -> None:
    identities = load_identities()
    assert [identity.id for identity in identities] == [f"I{number:02}" for number in range(1, 35)]
    known = set(load_catalogue().indicators)
    named = {term.indicator_id for identity in identities for term in identity.terms}
    assert named <= known


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[identity]", "is no TOML"),
        ('[[identity]]\nid = "I01"\nzh = ""\nen = ""\nrelation = "about"', "identity I01 has no relation"),
        ('[[identity]]\nid = "I01"\nzh = ""\nen = ""\nrelation = "="\nleft = ["a"]', "lacks a side"),
        ('[[identity]]\nid = "I01"\nzh = ""\nen = ""\nrelation = "="\nleft = ["a b"]\nright = ["c"]', "cannot be read"),
        ('[[identity]]\nid = "I01"\nzh = ""\nen = ""\ncolour = "red"', "unknown keys: colour"),
        ('[[identity]]\nid = "I01"\nzh = ""\nen = ""\nuntested = "x"\n' * 2, "stands twice"),
    ],
)
def test_a_file_that_says_something_it_may_not_is_refused(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "identities.toml"
    path.write_text(text)
    with pytest.raises(CatalogueError, match=said):
        read_identities(path)
