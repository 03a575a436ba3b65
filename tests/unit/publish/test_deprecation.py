"""A column goes only after its notice, which readers found in every release of a year; and the diff still applies."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path

import pytest

from assets.publish.build import build_release
from assets.publish.bump import schema_needs
from assets.publish.client import open_release
from assets.publish.datapackage import described_tables
from assets.publish.deprecation import NOTICE, refuse_unannounced
from assets.publish.diff import diff_releases, unproven
from assets.publish.verify import verify_release
from contracts.errors import ReleaseError
from contracts.projections.markdown import dictionary
from contracts.release import release_tables
from contracts.schema import Deprecation, Table

from .world import AS_OF, World

Tables = dict[str, Table]
TABLES = release_tables([])
COLUMN = "source_documents.bytes"


def with_notice(tables: Tables, since: dt.date, use: str | None = "title") -> Tables:
    files = tables["source_documents"]
    notice = Deprecation(since, use)
    fields = (replace(f, deprecated=notice) if f.name == "bytes" else f for f in files.fields)
    return tables | {"source_documents": replace(files, fields=tuple(fields))}


def without(tables: Tables) -> Tables:
    files = tables["source_documents"]
    fields = tuple(f for f in files.fields if f.name != "bytes")
    return tables | {"source_documents": replace(files, fields=fields)}


def refused(old: Tables, new: Tables, days: int) -> None:
    refuse_unannounced(old, new, old_as_of=AS_OF, new_as_of=AS_OF + dt.timedelta(days=days))


def test_a_column_that_was_never_declared_deprecated_may_not_go() -> None:
    with pytest.raises(ReleaseError, match=rf"the column {COLUMN} may not go yet: it is never declared deprecated"):
        refused(TABLES, without(TABLES), days=9999)


def test_a_column_may_go_when_the_window_is_over_and_not_a_day_before() -> None:
    old, new = with_notice(TABLES, AS_OF), without(TABLES)
    with pytest.raises(ReleaseError, match=f"deprecated only since {AS_OF}. Keep it"):
        refused(old, new, NOTICE.days - 1)
    refused(old, new, NOTICE.days)


def test_a_notice_is_not_dated_back() -> None:
    with pytest.raises(ReleaseError, match=r"is dated 2020-01-01, but the release of .* does not have it"):
        refused(TABLES, with_notice(TABLES, dt.date(2020, 1, 1)), days=1)
    refused(TABLES, with_notice(TABLES, AS_OF), days=1)
    refused(with_notice(TABLES, dt.date(2020, 1, 1)), with_notice(TABLES, dt.date(2020, 1, 1)), days=1)


def test_a_notice_is_a_minor_step_and_the_removal_a_major_one() -> None:
    marked = with_notice(TABLES, AS_OF)
    assert [need.part for need in schema_needs(TABLES, marked)] == ["minor"]
    assert schema_needs(marked, without(TABLES))[0].part == "major"


@pytest.fixture
def life(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """A release that announces the end of a column, and the next one, more than a year later, without it."""
    folders = []
    since = AS_OF + dt.timedelta(days=NOTICE.days + 9)
    for change, version, day in (
        (lambda tables: with_notice(tables, AS_OF), "1.9.0", AS_OF),
        (without, "2.0.0", since),
    ):
        monkeypatch.setattr(
            "assets.publish.build.release_tables", lambda rows, change=change: change(release_tables(rows))
        )
        monkeypatch.setattr("assets.publish.build.SCHEMA_VERSION", version)
        folders.append(build_release(replace(World().inputs(), as_of=day), tmp_path).path)
    return folders[0], folders[1]


def test_the_notice_stands_wherever_the_column_is_described(life: tuple[Path, Path]) -> None:
    old = life[0]
    field = described_tables((old / "datapackage.json").read_text(), culprit="")["source_documents"].field("bytes")
    assert field.deprecated == Deprecation(AS_OF, "title")
    said = f"[deprecated since {AS_OF}, use title]"
    assert said in (old / "README.md").read_text()
    assert said in (old / "croissant.json").read_text()
    assert f"【自{AS_OF}起停用，请改用title】" in (old / "README.zh.md").read_text()
    with open_release(old) as connection:
        sql = "SELECT comment FROM duckdb_columns() WHERE table_name = 'source_documents' AND column_name = 'bytes'"
        assert said in connection.sql(sql).fetchall()[0][0]
    assert "deprecated since" not in dictionary()


def test_the_diff_over_the_removal_applies_both_ways(life: tuple[Path, Path]) -> None:
    changes = diff_releases(*life)
    assert {(c.table_name, c.column_name, c.reason) for c in changes} == {("source_documents", "bytes", "schema")}
    assert unproven(*life, changes) == []
    assert [change.reversed() for change in diff_releases(*reversed(life))] == changes
    for folder in life:
        assert verify_release(folder).findings == ()
    needs = json.loads((life[1] / "diff/summary.json").read_text())["versions"]["schema_version"]["needs"]
    assert needs[0] == {"part": "major", "why": f"the column {COLUMN} went"}
