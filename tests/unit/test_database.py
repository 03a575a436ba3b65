"""The DuckDB file: views with comments over one snapshot, swapped whole, rebuilt when it cannot serve."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest

from contracts.errors import WarehouseError
from contracts.projections.arrow import table_from_frame
from contracts.rules import Frames
from contracts.samples import sample_frames
from contracts.tables import TABLES
from warehouse import database
from warehouse.database import Model, build, models, reading, row_counts, stands, what_is_wrong
from warehouse.layout import Home
from warehouse.store import Store, split


def fill(home: Home, frames: Frames) -> None:
    tables = {name: table_from_frame(TABLES[name], frame) for name, frame in frames.items() if name in TABLES}
    Store(home).write({name: split(TABLES[name], rows) for name, rows in tables.items()})


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "data")
    fill(home, sample_frames())
    build(home)
    return home


def test_every_table_and_model_is_a_view_with_a_comment_in_both_languages(home: Home) -> None:
    with reading(home) as connection:
        found = dict(connection.execute("SELECT view_name, comment FROM duckdb_views() WHERE NOT internal").fetchall())
        for name, comment in found.items():
            connection.execute(f"SELECT * FROM {name}").fetchall()
            assert any("\u4e00" <= character <= "\u9fff" for character in comment), name
            assert any(character.isascii() and character.isalpha() for character in comment), name
    assert set(found) == set(TABLES) | {model.name for model in models()}


def test_every_column_of_a_table_is_commented(home: Home) -> None:
    with reading(home) as connection:
        bare = connection.execute(
            "SELECT table_name, column_name FROM duckdb_columns() WHERE comment IS NULL AND list_contains(?, table_name)",
            [list(TABLES)],
        ).fetchall()
    assert bare == []


def test_readers_cannot_write(home: Home) -> None:
    with reading(home) as connection, pytest.raises(duckdb.InvalidInputException):
        connection.execute("CREATE TABLE mine (a INTEGER)")


def test_an_open_reader_keeps_its_state_over_a_swap(home: Home) -> None:
    with reading(home) as connection:
        before = connection.execute("SELECT count(*) FROM observations").fetchone()
        fill(home, {"observations": sample_frames()["observations"].head(1)})
        build(home)
        Store(home).collect_garbage()
        assert connection.execute("SELECT count(*) FROM observations").fetchone() == before == (2,)
    with reading(home) as connection:
        assert connection.execute("SELECT count(*) FROM observations").fetchone() == (1,)


def test_a_table_without_files_is_an_empty_view_of_its_types(tmp_path: Path) -> None:
    home = Home(tmp_path)
    fill(home, {"indicators": sample_frames()["indicators"]})
    build(home)
    with reading(home) as connection:
        assert connection.execute("SELECT sum(value) FROM observations WHERE report_year > 2000").fetchone() == (None,)


def test_a_missing_damaged_or_moved_file_is_said(home: Home, tmp_path: Path) -> None:
    moved = Home(tmp_path / "moved")
    shutil.copytree(home.root, moved.root)
    assert what_is_wrong(home) is None
    assert "was moved" in str(what_is_wrong(moved))
    build(moved)
    assert what_is_wrong(moved) is None
    home.database.write_bytes(b"rubbish")
    assert "damaged" in str(what_is_wrong(home))
    home.database.unlink()
    with pytest.raises(WarehouseError, match="no warehouse yet"), reading(home):
        pass


def test_a_model_that_fails_leaves_the_last_good_file(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    before = home.database.read_bytes()
    monkeypatch.setattr(database, "models", lambda: [Model("broken", "", "SELECT nonsense FROM nowhere")])
    with pytest.raises(WarehouseError, match=r"broken\.sql"):
        build(home)
    assert home.database.read_bytes() == before


def test_what_a_killed_build_left_is_swept(home: Home) -> None:
    left = home.root / ".staged-1-fazhi.duckdb"
    left.write_bytes(b"half")
    build(home)
    assert not left.exists()


def test_models_in_a_circle_are_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    folder = tmp_path / "models"
    folder.mkdir()
    (folder / "one.sql").write_text("-- 一 one\nSELECT * FROM two")
    (folder / "two.sql").write_text("-- 二 two\nSELECT * FROM one")
    monkeypatch.setattr(database, "files", lambda _package: tmp_path)
    with pytest.raises(WarehouseError, match="one, two: the models read each other in a circle"):
        models()


def test_a_file_stands_until_what_it_is_made_of_is_another(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    assert stands(home)
    assert row_counts(home)["observations"] == 2
    fill(home, {"observations": sample_frames()["observations"].head(1)})
    assert not stands(home)
    build(home)
    assert stands(home)
    assert row_counts(home)["observations"] == 1
    monkeypatch.setattr(database, "models", list)
    assert not stands(home)
    home.database.unlink()
    assert not stands(home)


def test_a_file_of_a_version_that_did_not_say_what_made_it_does_not_stand(home: Home) -> None:
    with duckdb.connect(str(home.database)) as connection:
        connection.execute("ALTER TABLE warehouse_info DROP COLUMN made_by")
    assert not stands(home)
