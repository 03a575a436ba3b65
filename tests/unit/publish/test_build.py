"""Building: versions, sameness of bytes, one builder at a time, nothing half-released."""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import frictionless
import pyarrow.csv
import pyarrow.parquet as pq
import pytest

from assets.publish import staging
from assets.publish.build import Inputs, build_release
from assets.publish.verify import verify_release
from contracts.errors import InputError, ReleaseError
from contracts.release import Version, next_version

from .conftest import put
from .world import AS_OF, sample_inputs


def _with_another_name(inputs: Inputs) -> Inputs:
    indicators = put("name_en", "corrected")(inputs.tables["indicators"])
    return replace(sample_inputs(indicators=indicators), catalogue_version="c2")


def _latest(releases: Path) -> str:
    return str(json.loads((releases / "latest.json").read_text())["version"])


def test_a_release_verifies_and_is_announced(inputs: Inputs, tmp_path: Path) -> None:
    built = build_release(inputs, tmp_path)
    assert built.is_new
    assert built.path == tmp_path / "2026.11.0"
    assert verify_release(built.path).findings == ()
    assert _latest(tmp_path) == "2026.11.0"
    assert [entry["version"] for entry in json.loads((tmp_path / "index.json").read_text())["releases"]] == [
        "2026.11.0"
    ]


def test_the_same_content_is_not_released_twice(inputs: Inputs, releases: Path) -> None:
    again = build_release(replace(inputs, as_of=dt.date(2026, 12, 1)), releases)
    assert (again.is_new, again.path) == (False, releases / "2026.11.0")
    assert staging.versions(releases) == [Version(2026, 11, 0)]


def test_another_content_is_the_next_release(inputs: Inputs, releases: Path) -> None:
    corrected = _with_another_name(inputs)
    built = build_release(corrected, releases)
    assert built.path.name == "2026.11.1"
    assert built.manifest.previous == "2026.11.0"
    assert _latest(releases) == "2026.11.1"


def test_versions_count_up_within_a_month_and_never_come_back() -> None:
    taken = [Version(2026, 11, 0), Version(2026, 11, 4), Version(2026, 10, 9)]
    assert str(next_version(AS_OF, taken)) == "2026.11.5"
    assert str(next_version(dt.date(2027, 1, 31), taken)) == "2027.1.0"


@pytest.mark.parametrize("text", ["2026.11", "2026.011.0", "2026.13.0", "v2026.11.0", "latest", "2026.11.0/.."])
def test_what_is_no_version_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="no release version"):
        Version.parse(text)


_BUILD = """
import sys, pathlib
sys.path.insert(0, "tests/unit/publish")
from world import sample_inputs
from assets.publish.build import build_release
print((build_release(sample_inputs(), pathlib.Path(sys.argv[1])).path / "SHA256SUMS").read_text())
"""


def test_time_zone_locale_and_hash_seed_do_not_show(tmp_path: Path, folder: Path) -> None:
    places = (
        {"TZ": "Asia/Shanghai", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "4711", "PYTHONUTF8": "0"},
        {"TZ": "America/New_York", "LC_ALL": "tr_TR.UTF-8", "PYTHONHASHSEED": "random"},
    )
    root = Path(__file__).parents[3]
    sums = {
        subprocess.run(
            [sys.executable, "-c", _BUILD, str(tmp_path / str(number))],
            env={**os.environ, "PYTHONPATH": str(root), **place},
            cwd=root,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for number, place in enumerate(places)
    }
    assert sums == {(folder / "SHA256SUMS").read_text() + "\n"}


def test_no_file_of_a_release_names_this_machine(folder: Path) -> None:
    for path in folder.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert str(Path.cwd()).encode() not in content
            assert str(folder.parent).encode() not in content


def test_two_builders_do_not_meet(inputs: Inputs, tmp_path: Path) -> None:
    with staging.exclusively(tmp_path), pytest.raises(ReleaseError, match="another process is building"):
        build_release(inputs, tmp_path)
    assert build_release(inputs, tmp_path).is_new


@pytest.mark.parametrize("step", ["write_release", "verify_release", "settle", "announce"])
def test_a_failure_at_any_step_leaves_the_last_release_latest(
    step: str, inputs: Inputs, releases: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    corrected = _with_another_name(inputs)

    def dies(*_: object, **__: object) -> None:
        raise OSError("no space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(f"assets.publish.build.{step}", dies)
        with pytest.raises(OSError, match="no space left"):
            build_release(corrected, releases)
    assert _latest(releases) == "2026.11.0"
    test_sha256sum_accepts_it(releases / "2026.11.0")
    # What was renamed and not announced is announced by the next build; all else is built anew.
    built = build_release(corrected, releases)
    assert built.is_new is (step != "announce")
    assert _latest(releases) == built.path.name == "2026.11.1"


def test_what_a_killed_builder_left_is_swept(inputs: Inputs, tmp_path: Path) -> None:
    left = tmp_path / ".staging-2026.11.0"
    left.mkdir(parents=True)
    (left / "half").write_text("")
    assert verify_release(build_release(inputs, tmp_path).path).findings == ()
    assert not left.exists()


def test_a_table_that_breaks_its_contract_is_not_released(inputs: Inputs, tmp_path: Path) -> None:
    wrong = sample_inputs(observations=put("evidence", "并无此句")(inputs.tables["observations"]))
    with pytest.raises(ReleaseError, match="evidence_is_the_text"):
        build_release(wrong, tmp_path)
    assert staging.versions(tmp_path) == []
    assert not (tmp_path / "latest.json").exists()


def test_an_existing_release_is_never_replaced(inputs: Inputs, tmp_path: Path) -> None:
    built = build_release(inputs, tmp_path)
    with (
        staging.exclusively(tmp_path),
        staging.staged(tmp_path, Version(2026, 11, 0)) as stage,
        pytest.raises(ReleaseError, match="exists already"),
    ):
        staging.settle(stage, Version(2026, 11, 0))
    assert verify_release(built.path).findings == ()


def test_only_texts_of_identified_documents_are_released(inputs: Inputs, tmp_path: Path) -> None:
    documents = inputs.tables["documents"]
    kept = documents.filter([row is not None for row in documents["supersedes"].to_pylist()])
    kept = put("supersedes", None)(kept)
    built = build_release(sample_inputs(documents=kept), tmp_path)
    texts = pq.read_table(built.path / "parquet/texts.parquet")["text_sha256"].to_pylist()
    assert texts == kept["text_sha256"].to_pylist()


def test_a_release_without_any_county_is_one(inputs: Inputs, tmp_path: Path) -> None:
    none = inputs.tables["county_year"].slice(0, 0)
    built = build_release(sample_inputs(county_year=none), tmp_path)
    assert pq.read_table(built.path / "parquet/county_year.parquet").num_rows == 0


def test_the_wide_table_keeps_qualifier_and_status(folder: Path) -> None:
    wide = pyarrow.csv.read_csv(folder / "data/county_year_wide.csv").to_pylist()
    metrics = pq.read_table(folder / "parquet/county_year.parquet").to_pylist()
    for metric in metrics:
        key = ("division_id", "report_year", "scope")
        row = next(row for row in wide if all(row[name] == metric[name] for name in key))
        name = metric["indicator_id"]
        assert row[name] == metric["value"]
        assert row[f"{name}__qualifier"] == metric["qualifier"]
        assert row[f"{name}__status"] == metric["obs_status"]


def test_frictionless_accepts_it(folder: Path) -> None:
    report = frictionless.Package(str(folder / "datapackage.json")).validate()
    assert report.valid, report.to_summary()


@pytest.mark.parametrize(
    ("file", "schema"),
    [
        ("CITATION.cff", "--builtin-schema=vendor.citation-file-format"),
        ("datapackage.json", f"--schemafile={files('dplib').joinpath('profiles/2.0/datapackage.json')}"),
    ],
)
def test_its_schema_accepts(file: str, schema: str, folder: Path) -> None:
    program = Path(sys.executable).with_name("check-jsonschema")
    subprocess.run([program, schema, folder / file], check=True, capture_output=True)


def test_sha256sum_accepts_it(folder: Path) -> None:
    subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=folder, check=True)
