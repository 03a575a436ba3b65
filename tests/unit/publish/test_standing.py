"""The newest release is taken for what a build would make only where nothing that it follows from changed."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from assets.publish.build import Built
from assets.publish.staging import read_manifest
from assets.publish.standing import origin_of, remember, standing
from assets.publish.withdrawal import withdraw_release
from warehouse.store import Part

SNAPSHOT = {"documents": {"": Part("documents/1.parquet", 1, 1)}}


@pytest.fixture
def memory(folder: Path, tmp_path: Path) -> Path:
    remember(Built(folder, read_manifest(folder), is_new=True), tmp_path / "released.json", origin_of(SNAPSHOT))
    return tmp_path / "released.json"


def test_an_untouched_release_of_the_same_tables_stands(folder: Path, memory: Path) -> None:
    found = standing(folder.parent, memory, origin_of(SNAPSHOT))
    assert found == Built(folder, read_manifest(folder), is_new=False)


def test_other_tables_touched_files_and_a_withdrawal_end_it(folder: Path, memory: Path) -> None:
    other = origin_of({"documents": {"": Part("documents/2.parquet", 1, 1)}})
    assert standing(folder.parent, memory, other) is None
    withdrawn = origin_of(SNAPSHOT)
    (folder / "README.md").touch()
    assert standing(folder.parent, memory, withdrawn) is None
    withdraw_release(folder.parent, folder.name, reason="wrong figures", on=dt.date(2026, 12, 1))
    assert standing(folder.parent, memory, withdrawn) is None


def test_without_a_memory_or_with_a_broken_one_nothing_stands(folder: Path, memory: Path) -> None:
    memory.write_text("{")
    assert standing(folder.parent, memory, origin_of(SNAPSHOT)) is None
    memory.unlink()
    assert standing(folder.parent, memory, origin_of(SNAPSHOT)) is None


def test_the_code_is_part_of_what_a_release_is_made_of(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    before = origin_of(SNAPSHOT)
    (tmp_path / "rules.py").write_text("another rule")
    monkeypatch.setattr("assets.publish.standing._code", lambda: iter([tmp_path / "rules.py"]))
    assert origin_of(SNAPSHOT) != before
