"""Corrections: guarded by what they expect, applied once, and never to nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from assets.validate.corrections import apply_corrections
from contracts.corrections import Correction, digest, load_corrections, read_corrections
from contracts.errors import CatalogueError, ContractError
from contracts.samples import sample_frames

HEAD = "observation_id,document_id,column,expected,corrected,reason\n"


def correction(**rest: str | None) -> Correction:
    observed = sample_frames()["observations"].iloc[0]
    given = {
        "observation_id": observed["observation_id"],
        "document_id": observed["document_id"],
        "column": "value",
        "expected": "51",
        "corrected": "15",
        "reason": "figures swapped",
    }
    return Correction(**{**given, **rest}, line=2)  # type: ignore[arg-type]


def test_a_correction_mends_its_cell_and_flags_its_row() -> None:
    before = sample_frames()["observations"]
    after = apply_corrections(before, [correction()])
    assert list(after["value"]) == [15, 42]
    assert list(after["flags"]) == ["sample;corrected", "sample"]
    assert list(after["observation_id"]) == list(before["observation_id"])
    assert list(before["value"]) == [51, 42]


def test_null_is_corrected_from_and_to() -> None:
    observations = sample_frames()["observations"]
    after = apply_corrections(observations, [correction(column="dimension", expected=None, corrected="某部门")])
    assert after["dimension"][0] == "某部门"
    again = apply_corrections(after, [correction(column="dimension", expected="某部门", corrected=None)])
    assert again["dimension"].isna()[0]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"expected": "50"}, "value is '51.0' where '50' was expected"),
        ({"column": "scope", "expected": "territory"}, "scope is 'reporter'"),
        ({"observation_id": "O0000000000000000"}, "there is no such observation"),
    ],
)
def test_a_correction_that_matches_nothing_fails_the_run(changed: dict[str, str], said: str) -> None:
    with pytest.raises(ContractError, match=f"observations.csv:2: .*matches nothing: {said}"):
        apply_corrections(sample_frames()["observations"], [correction(**changed)])


def test_the_file_is_read_with_nulls_and_line_numbers(tmp_path: Path) -> None:
    path = tmp_path / "observations.csv"
    path.write_text(HEAD + "O1,D1,value,51,15,swapped\nO2,D1,dimension,,某部门,named\n", encoding="utf-8")
    first, second = read_corrections(path)
    assert (first.expected, first.line) == ("51", 2)
    assert (second.expected, second.corrected, second.line) == (None, "某部门", 3)
    assert digest([first, second]) == digest([second._replace(line=9), first])
    assert digest([first]) != digest([second])
    assert digest([]) == ""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a,b\n", "has other columns"),
        (HEAD + "O1,D1,value,1,2\n", ":2: has another number of cells"),
        (HEAD + "O1,D1,value,1,2,\n", "has no reason"),
        (HEAD + "O1,D1,evidence,1,2,x\n", "corrects evidence"),
        (HEAD + "O1,D1,value,1,1,x\n", "changes nothing"),
        (HEAD + "O1,D1,value,1,2,x\nO1,D1,value,1,3,x\n", "corrects a cell twice"),
    ],
)
def test_a_line_that_says_something_it_may_not_is_refused(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "observations.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CatalogueError, match=said):
        read_corrections(path)


def test_the_projects_own_file_can_be_read() -> None:
    assert isinstance(load_corrections(), tuple)
