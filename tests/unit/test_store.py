"""Parquet files and snapshots: whole or not there, the same bytes for the same rows, and damage is said."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pytest

from contracts.errors import WarehouseError
from contracts.projections.arrow import table_from_frame
from contracts.samples import sample_frames
from contracts.tables import SCHEMA_FINGERPRINT, TABLES
from warehouse import files
from warehouse.files import exclusively, replacing
from warehouse.layout import Home
from warehouse.store import Store, partition_name, split

DOCUMENTS = TABLES["documents"]
OBSERVATIONS = TABLES["observations"]


def rows(name: str) -> pa.Table:
    return table_from_frame(TABLES[name], sample_frames()[name])


def of_year(year: int) -> pa.Table:
    return table_from_frame(
        OBSERVATIONS, sample_frames()["observations"].assign(report_year=year).astype({"report_year": "Int64"})
    )


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(Home(tmp_path / "data"))


def test_the_home_is_that_of_the_environment_or_data() -> None:
    assert Home.find({"FAZHI_HOME": "/somewhere"}).database == Path("/somewhere/fazhi.duckdb")
    assert Home.find({}).root == Path.cwd() / "data"


def test_what_was_written_is_read_sorted_by_key(store: Store) -> None:
    backwards = rows("documents").take([1, 0])
    store.replace(DOCUMENTS, backwards)
    read = store.read(DOCUMENTS)
    assert read.column("document_id").to_pylist() == sorted(backwards.column("document_id").to_pylist())
    assert store.read(DOCUMENTS, columns=["title"]).column_names == ["title"]
    assert store.read(TABLES["numerals"]).num_rows == 0


def test_the_same_rows_are_the_same_files(store: Store, tmp_path: Path) -> None:
    other = Store(Home(tmp_path / "other"))
    store.replace(DOCUMENTS, rows("documents"))
    other.replace(DOCUMENTS, rows("documents").take([1, 0]))
    assert store.snapshot() == other.snapshot()


def test_partitions_are_replaced_one_by_one(store: Store) -> None:
    both = pa.concat_tables([of_year(2021), of_year(2022)])
    store.replace(OBSERVATIONS, both)
    assert store.partitions(OBSERVATIONS) == ["report_year=2021", "report_year=2022"]
    untouched = store.snapshot()["observations"]["report_year=2021"]
    store.write({"observations": {"report_year=2022": of_year(2022).slice(0, 1)}})
    assert store.snapshot()["observations"]["report_year=2021"] == untouched
    assert store.read(OBSERVATIONS, ["report_year=2022"]).num_rows == 1
    store.write({"observations": {"report_year=2022": of_year(2022).slice(0, 0)}})
    assert store.partitions(OBSERVATIONS) == ["report_year=2021"]


def test_replacing_a_table_removes_the_partitions_that_are_gone(store: Store) -> None:
    store.replace(OBSERVATIONS, of_year(2021))
    store.replace(OBSERVATIONS, of_year(2022))
    assert store.partitions(OBSERVATIONS) == ["report_year=2022"]


def test_texts_are_cut_by_the_first_character_of_their_hash() -> None:
    found = split(TABLES["texts"], rows("texts"))
    assert {name.partition("=")[0] for name in found} == {"text_sha256_prefix"}
    assert sum(part.num_rows for part in found.values()) == 2
    assert partition_name(TABLES["texts"], "abc") == "text_sha256_prefix=a"


def test_a_write_of_several_tables_is_seen_as_one(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    store.replace(DOCUMENTS, rows("documents"))
    before = store.snapshot()

    def dies(_state: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Store, "_commit", lambda _self, state: dies(state))
    with pytest.raises(KeyboardInterrupt):
        store.write(
            {
                "documents": split(DOCUMENTS, rows("documents").slice(0, 1)),
                "texts": split(TABLES["texts"], rows("texts")),
            }
        )
    assert store.snapshot() == before
    assert store.read(DOCUMENTS).num_rows == 2


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (lambda path: path.write_bytes(path.read_bytes()[:-10]), "bytes where"),
        (lambda path: path.unlink(), "the file is gone"),
        (lambda path: path.write_bytes(b"\0" * path.stat().st_size), "cannot be read"),
    ],
    ids=["cut short", "gone", "overwritten"],
)
def test_a_damaged_file_is_named_with_what_to_do(store: Store, harm: object, said: str) -> None:
    store.replace(DOCUMENTS, rows("documents"))
    [path] = store.home.parquet.rglob("documents/*.parquet")
    harm(path)  # type: ignore[operator]
    with pytest.raises(WarehouseError, match=said) as caught:
        store.read(DOCUMENTS)
    assert str(path) in str(caught.value)
    assert f"Run `rm -r {store.home.parquet}`, then `fazhi run`" in str(caught.value)
    with pytest.raises(WarehouseError, match="not those that were written"):
        store.check()


def test_one_flipped_byte_is_found_by_the_check(store: Store) -> None:
    store.replace(DOCUMENTS, rows("documents"))
    store.check()
    [path] = store.home.parquet.rglob("documents/*.parquet")
    content = bytearray(path.read_bytes())
    content[40] ^= 1
    path.write_bytes(content)
    with pytest.raises(WarehouseError, match="not those that were written"):
        store.check()


def test_an_unreadable_or_older_snapshot_is_refused_with_the_command_to_run(store: Store) -> None:
    store.replace(DOCUMENTS, rows("documents"))
    text = store.home.snapshot.read_text()
    for older in (text.replace(SCHEMA_FINGERPRINT, "0" * 16), text.replace("schema_fingerprint", "x")):
        store.home.snapshot.write_text(older)
        with pytest.raises(
            WarehouseError, match=r"written with other columns.*Run `rm -r .*/parquet`, then `fazhi run`"
        ):
            store.snapshot()
    store.home.snapshot.write_text(text[:50])
    with pytest.raises(WarehouseError, match="cannot be read"):
        store.snapshot()


def test_a_full_disk_leaves_the_target_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "file"
    target.write_text("old")

    def full(_path: Path) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(files, "write_through", full)
    with pytest.raises(WarehouseError, match=r"disk is full.*Free some space"), replacing(target) as staged:
        staged.write_text("new")
    assert target.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


_FULL = """
import resource, sys
from pathlib import Path
import pyarrow as pa
from contracts.tables import TABLES
from warehouse.layout import Home
from warehouse.store import Store
store = Store(Home(Path(sys.argv[1])))
texts = store.read(TABLES["texts"])
long = texts.set_column(texts.schema.get_field_index("text"), "text", pa.array([str(n) * 40_000 for n in range(len(texts))]))
resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
store.replace(TABLES["texts"], long)
"""


def test_a_disk_that_fills_for_real_leaves_the_tables_as_they_were(store: Store) -> None:
    store.replace(TABLES["texts"], rows("texts"))
    before = store.snapshot()
    command = [sys.executable, "-c", _FULL, str(store.home.root)]
    failed = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "the disk is full; the last good state is untouched" in failed.stderr
    assert store.snapshot() == before
    store.check()


def test_a_clock_set_back_loses_no_file_that_is_in_use(store: Store) -> None:
    store.replace(DOCUMENTS, rows("documents"))
    for path in store.home.parquet.rglob("*.parquet"):
        os.utime(path, (2**33, 2**33))
    store.replace(DOCUMENTS, rows("documents").slice(0, 1))
    [old] = {*store.home.parquet.rglob("documents/*.parquet")} - {
        store.home.parquet / part.file for part in store.snapshot()["documents"].values()
    }
    os.utime(old, (2**33, 2**33))
    assert store.collect_garbage() == [], "it seems to come from the future: it may be in use"
    assert store.read(DOCUMENTS).num_rows == 1


def test_an_error_while_writing_leaves_the_target_as_it_was(tmp_path: Path) -> None:
    target = tmp_path / "file"
    target.write_text("old")
    with pytest.raises(FileNotFoundError), replacing(target) as staged:
        staged.with_suffix(".nowhere").rename(staged)
    assert target.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_garbage_waits_for_its_readers(store: Store) -> None:
    store.replace(DOCUMENTS, rows("documents"))
    [old] = store.home.parquet.rglob("documents/*.parquet")
    os.utime(old, (0, 0))
    store.replace(DOCUMENTS, rows("documents").slice(0, 1))
    assert store.collect_garbage() == [], "it was in use until now, however old it is"
    os.utime(old, (0, 0))
    left = old.with_name(".staged-1-x")
    left.touch()
    assert store.collect_garbage() == [old]
    assert not left.exists()
    assert store.read(DOCUMENTS).num_rows == 1


def test_a_second_writer_is_told_who_is_writing(tmp_path: Path) -> None:
    home = Home(tmp_path)
    with exclusively(home), pytest.raises(WarehouseError, match=f"process {os.getpid()}"), exclusively(home):
        pass
    with exclusively(home):
        pass
