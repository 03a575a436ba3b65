"""The diff of two releases: each change has the right reason, it applies both ways, and the versions follow from it."""

from __future__ import annotations

import csv
import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from assets.publish.build import build_release
from assets.publish.bump import Need, refuse_too_small, schema_needs
from assets.publish.diff import diff_releases, read_changes, unproven
from assets.publish.staging import read_manifest
from assets.publish.sums import write_sums
from assets.publish.verify import verify_release
from contracts.changes import SemVer
from contracts.codelists import PERIOD, SCOPE
from contracts.errors import InputError, ReleaseError
from contracts.release import csv_path, parquet_path, release_tables
from contracts.schema import Table, Type

from .conftest import edit_json
from .world import Report, World

A = World()


@pytest.fixture(scope="module")
def _a(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _released(tmp_path_factory.mktemp("a"), A).parent


@pytest.fixture
def home(_a: Path, tmp_path: Path) -> Path:
    """A folder of releases that holds that of ``A``."""
    return Path(shutil.copytree(_a, tmp_path / "home"))


def _released(releases: Path, *worlds: World) -> Path:
    return [build_release(world.inputs(), releases).path for world in worlds][-1]


def _reasons(folder: Path) -> set[tuple[str, str, str]]:
    """Return (table, column, reason) of every change."""
    return {(c.table_name, c.column_name, c.reason) for c in read_changes(folder / "diff/changes.csv")}


FIRST = A.reports[0]
RESTATED = Report("990101", states={"received": 52, "accepted": 42}, supersedes=FIRST)

ONE_CAUSE = {
    "document_added": (replace(A, reports=(*A.reports, Report("990103"))), "document_added"),
    "document_restated": (replace(A, reports=(*A.reports, RESTATED)), "document_restated"),
    "retraction": (replace(A, reports=A.reports[:1]), "retraction"),
    "reader": (A.but(0, note="附。", file=FIRST.rows()["texts"][0]["document_sha256"]), "reader"),
    "correction": (A.but(0, corrected={"received": 15.0}), "correction"),
    "extractor": (replace(A.but(0, misses=("accepted",)), method="1.1.0"), "extractor"),
    "catalogue": (replace(A.but(0, scopes={"accepted": "territory"}), catalogue="c2"), "catalogue"),
    "division": (replace(A, names={"990102": "新样例县"}), "division"),
    "codelist": (replace(A, codes=A.codes[:-1]), "codelist"),
    "source_record": (A.but(1, title="样例报告"), "source_record"),
}


@pytest.mark.parametrize("name", ONE_CAUSE)
def test_one_cause_gives_one_reason(name: str, home: Path) -> None:
    world, reason = ONE_CAUSE[name]
    found = _reasons(_released(home, world))
    assert {row[2] for row in found} == {reason}


def test_three_causes_in_one_release_are_told_apart(tmp_path: Path) -> None:
    before = replace(A, reports=(*A.reports, Report("990103")))
    after = before.but(1, corrected={"received": 15.0}).but(
        2, rules={"accepted": "accepted.2"}, scopes={"accepted": "territory"}
    )
    after = replace(after, reports=(*after.reports, RESTATED), catalogue="c2")
    folder = _released(tmp_path, before, after)
    changes = read_changes(folder / "diff/changes.csv")
    told = {(c.table_name, c.row_key, c.column_name): (c.old_value, c.new_value, c.reason) for c in changes}
    second, third = after.reports[1], after.reports[2]
    key = second.rows()["observations"][0]["observation_id"]
    assert told["observations", key, "value"] == ("51", "15", "correction")
    assert told["county_year", "CN-990102|2022|received|reporter", "value"] == ("51", "15", "correction")
    key = third.rows()["observations"][1]["observation_id"]
    assert told["observations", key, "scope"] == ("reporter", "territory", "catalogue")
    assert told["county_year", "CN-990101|2022|received|reporter", "value"] == ("51", "52", "document_restated")
    assert told["documents", RESTATED.id, "*"][2] == "document_restated"
    summary = json.loads((folder / "diff/summary.json").read_text())
    assert summary["from"] == "2026.11.0"
    assert sum(summary["by_reason"].values()) == summary["changes"] == len(changes)
    assert "document_restated" in (folder / "CHANGELOG.md").read_text()


def test_method_and_catalogue_are_told_apart_by_the_rule(home: Path) -> None:
    after = A.but(0, rules={"received": "received.2"}).but(1, misses=("accepted",))
    folder = _released(home, replace(after, method="1.1.0", catalogue="c2"))
    changes = [c for c in read_changes(folder / "diff/changes.csv") if c.table_name == "observations"]
    assert {(c.column_name, c.reason) for c in changes} == {("rule_id", "catalogue"), ("*", "extractor")}


def test_it_applies_both_ways_byte_for_byte(tmp_path: Path) -> None:
    for number, (world, _) in enumerate(ONE_CAUSE.values()):
        _released(tmp_path, replace(world, catalogue=f"c{number}", method=f"1.{number}.0"))
    folders = sorted((entry for entry in tmp_path.iterdir() if entry.is_dir()), key=lambda f: int(f.name.split(".")[2]))
    assert len(folders) == len(ONE_CAUSE)
    # Building each has proven the diff to the one before; any two can be compared, not just neighbours.
    assert unproven(folders[0], folders[-1], diff_releases(folders[0], folders[-1])) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (",51,52,", ",50,52,"),
        ("county_year,CN-990101", "county_year,CN-990109"),
        ("county_year,CN-990101", "coverage,CN-990101"),
    ],
)
def test_a_diff_that_was_tampered_with_is_found(old: str, new: str, home: Path) -> None:
    folder = _released(home, replace(A, reports=(*A.reports, RESTATED)))
    path = folder / "diff/changes.csv"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    write_sums(folder)
    checks = {finding.check for finding in verify_release(folder).findings}
    assert checks == {"diff"}


@pytest.mark.parametrize("path", [csv_path("observations"), parquet_path("observations")])
def test_an_older_release_whose_files_were_touched_proves_nothing(path: str, home: Path) -> None:
    folder = _released(home, replace(A, reports=(*A.reports, RESTATED)))
    older = home / str(read_manifest(folder).previous) / path
    older.write_bytes(older.read_bytes().replace(b"observation_id", b"observation_ID"))
    messages = [finding.message for finding in verify_release(folder).findings]
    assert messages == [f"{path} of 2026.11.0 is not the file that its manifest lists"]


def test_a_change_without_a_cause_is_not_released(home: Path) -> None:
    with pytest.raises(ReleaseError, match=r"changed and no cause is on record. Raise METHOD_VERSION"):
        _released(home, A.but(0, misses=("accepted",)))
    assert json.loads((home / "latest.json").read_text())["version"] == "2026.11.0"


def test_a_method_version_that_is_too_small_is_refused(home: Path) -> None:
    with pytest.raises(ReleaseError, match=r"method version 1.0.1 is too small: after 1.0.0 at least 1.1.0 is needed"):
        _released(home, replace(A.but(0, misses=("accepted",)), method="1.0.1"))
    with pytest.raises(ReleaseError, match=r"method version 0.9.0 is too small"):
        _released(home, replace(A.but(0, misses=("accepted",)), method="0.9.0"))


def test_more_facts_from_the_same_texts_need_a_patch_only(tmp_path: Path) -> None:
    folder = _released(tmp_path, A.but(0, misses=("accepted",)), replace(A, method="1.0.1"))
    needs = json.loads((folder / "diff/summary.json").read_text())["versions"]["method_version"]["needs"]
    assert [need["part"] for need in needs] == ["patch"]


def test_no_id_is_ever_forgotten(home: Path) -> None:
    gone = A.reports[1].id
    _released(home, replace(A, reports=A.reports[:1]))
    folder = _released(home, replace(A, reports=(A.reports[0], Report("990103"))))
    with (folder / "diff/ids.csv").open() as lines:
        register = {row["id"]: (row["first_release"], row["last_release"]) for row in csv.DictReader(lines)}
    assert register[gone] == ("2026.11.0", "2026.11.0")
    assert register[A.reports[0].id] == ("2026.11.0", "")
    assert register[Report("990103").id] == ("2026.11.2", "")
    back = _released(home, A)
    with (back / "diff/ids.csv").open() as lines:
        register = {row["id"]: (row["first_release"], row["last_release"]) for row in csv.DictReader(lines)}
    assert register[gone] == ("2026.11.0", "")


def test_a_register_that_forgets_is_found(home: Path) -> None:
    gone = A.reports[1].id
    folder = _released(home, replace(A, reports=A.reports[:1]))
    path = folder / "diff/ids.csv"
    path.write_text("".join(line for line in path.read_text().splitlines(keepends=True) if not line.startswith(gone)))
    write_sums(folder)
    assert [str(f) for f in verify_release(folder).findings] == [
        f"diff/ids.csv: {gone} of release 2026.11.0 was forgotten [ids]"
    ]
    path.write_text("id,first_release,last_release\n")
    write_sums(folder)
    assert any("not registered as present" in str(finding) for finding in verify_release(folder).findings)


def test_a_summary_of_another_release_is_found(home: Path) -> None:
    folder = home / "2026.11.0"
    edit_json(folder / "diff/summary.json", lambda data: data.update(changes=3))
    write_sums(folder)
    assert [finding.check for finding in verify_release(folder).findings] == ["history"]


def test_releases_of_another_major_schema_are_not_compared(home: Path) -> None:
    shutil.copytree(home / "2026.11.0", home / "2026.11.1")
    edit_json(home / "2026.11.1/release.json", lambda data: data.update(schema_version="2.0.0"))
    with pytest.raises(ReleaseError, match=r"its schema 2.0.0 and the schema 1"):
        diff_releases(home / "2026.11.0", home / "2026.11.1")


TABLES = release_tables([])


def _with(table: Table, column: str, **changes: object) -> dict[str, Table]:
    fields = tuple(replace(f, **changes) if f.name == column else f for f in table.fields)
    return {**TABLES, table.name: replace(table, fields=fields)}


DIVISIONS, OBSERVATIONS = TABLES["divisions"], TABLES["observations"]
REVERSED = replace(DIVISIONS, fields=DIVISIONS.fields[::-1])


@pytest.mark.parametrize(
    ("after", "part"),
    [
        ({name: table for name, table in TABLES.items() if name != "coverage"}, "major"),
        (TABLES | {"divisions": replace(DIVISIONS, fields=DIVISIONS.fields[:-1])}, "major"),
        (TABLES | {"divisions": REVERSED}, "major"),
        (TABLES | {"divisions": replace(DIVISIONS, key=("division_id",))}, "major"),
        (_with(DIVISIONS, "name", type=Type.INTEGER), "major"),
        (_with(OBSERVATIONS, "value", unit="件"), "major"),
        (_with(OBSERVATIONS, "scope", codelist=SCOPE._replace(entries=SCOPE.entries[1:])), "major"),
        (_with(OBSERVATIONS, "evidence", nullable=True), "major"),
        (_with(DIVISIONS, "division_id", pattern=None), "major"),
        (_with(DIVISIONS, "name", pattern=".+"), "minor"),
        (_with(OBSERVATIONS, "period", codelist=PERIOD._replace(entries=(*PERIOD.entries, PERIOD.entries[0]._replace(code="decade")))), "minor"),
        (TABLES | {"extra": replace(DIVISIONS, name="extra")}, "minor"),
        (_with(DIVISIONS, "name", meaning_en="otherwise said"), "patch"),
    ],
)  # fmt: skip
def test_the_bump_that_a_schema_needs(after: dict[str, Table], part: str) -> None:
    assert schema_needs(TABLES, after)[0].part == part


def test_an_added_column_is_a_minor_bump_and_the_same_schema_none() -> None:
    less = TABLES | {"divisions": replace(DIVISIONS, fields=DIVISIONS.fields[:-1])}
    assert [need.part for need in schema_needs(less, TABLES)] == ["minor"]
    assert schema_needs(TABLES, TABLES) == []


@pytest.mark.parametrize(("part", "new"), [("major", "2.0.0"), ("minor", "1.3.0"), ("patch", "1.2.4"), (None, "1.2.3")])
def test_the_least_version_is_enough(part: str | None, new: str) -> None:
    needs = [Need(part, "why")] if part else []  # type: ignore[arg-type]
    refuse_too_small("schema", "1.2.3", new, needs)
    if part:
        with pytest.raises(ReleaseError, match=f"at least {new} is needed because why"):
            refuse_too_small("schema", "1.2.3", "1.2.3", needs)


@pytest.mark.parametrize("text", ["1.2", "v1.2.3", "01.2.3", "1.2.3-rc1"])
def test_what_is_no_semver_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="no SemVer"):
        SemVer.parse(text)
