"""Data homes that share a bucket: what one pushes the other takes up, and of two writers the second is told."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import pytest

from contracts.errors import WarehouseError
from contracts.projections.arrow import table_from_rows
from contracts.tables import CODELISTS, DOCUMENTS
from pipelines.road import walk
from warehouse.bucket import Bucket
from warehouse.layout import Home
from warehouse.remote import STATE, Remote
from warehouse.store import WHOLE, Store

REPORT = Path(__file__).parents[2] / "examples" / "reports" / "queshan-2022.txt"


@pytest.fixture
def bucket(bucket_address: str) -> Bucket:
    return Bucket(bucket_address)


def silent(_step: str, _done: int, _total: int) -> None:
    """Nobody is told."""


def fill(home: Home, name: str) -> None:
    """Put a raw file, a table and a release there, as a run does."""
    for path in (home.raw / "ab" / name, home.releases / "2026.11.0" / "README.md", home.releases / "latest.json"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    code = {"codelist": "scope", "code": name, "position": 1, "name_zh": name, "name_en": name}
    Store(home).write({CODELISTS.name: {WHOLE: table_from_rows(CODELISTS, [code])}})


def seen(home: Home) -> dict[str, str]:
    """Everything that belongs in the bucket, by path."""
    kept = (home.raw, home.releases, home.parquet)
    paths = (path for folder in kept for path in folder.rglob("*") if path.is_file() and path.suffix != ".parquet")
    return {path.relative_to(home.root).as_posix(): path.read_text() for path in paths}


@pytest.fixture
def homes(tmp_path: Path) -> tuple[Home, Home]:
    one, other = Home(tmp_path / "one"), Home(tmp_path / "other")
    fill(one, "first")
    return one, other


def test_what_one_home_pushes_the_other_takes_up_and_carries_on(homes: tuple[Home, Home], bucket: Bucket) -> None:
    one, other = homes
    assert Remote(bucket, one).push() > 0
    assert Remote(bucket, one).push() == 0
    assert Remote(bucket, other).fetch() > 0
    assert seen(other) == seen(one)
    assert Store(other).read(CODELISTS).to_pylist() == Store(one).read(CODELISTS).to_pylist()
    fill(other, "second")
    (other.raw / "ab" / "first").unlink()
    Remote(bucket, other).push()
    Remote(bucket, one).fetch()
    assert seen(one) == seen(other)
    assert not (one.raw / "ab" / "first").exists()


def test_of_two_writers_the_second_is_told_keeps_its_state_and_adds_it_next_time(
    homes: tuple[Home, Home], bucket: Bucket
) -> None:
    one, other = homes
    Remote(bucket, one).push()
    Remote(bucket, other).fetch()
    fill(one, "mine")
    fill(other, "theirs")
    Remote(bucket, other).push()
    before = seen(one)
    with pytest.raises(WarehouseError, match="another data home wrote to it meanwhile"):
        Remote(bucket, one).push()
    assert seen(one) == before
    Remote(bucket, one).fetch()
    assert {"raw/ab/mine", "raw/ab/theirs", "raw/ab/first"} <= seen(one).keys()
    assert Store(one).read(CODELISTS)["code"].to_pylist() == ["theirs"]
    Remote(bucket, one).push()
    Remote(bucket, other).fetch()
    assert seen(other) == seen(one)


@pytest.mark.parametrize("step", ["create", "swap"])
def test_a_push_that_dies_leaves_the_bucket_as_it_was(
    step: str, homes: tuple[Home, Home], bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = homes
    Remote(bucket, one).push()
    state = bucket.read(STATE)
    fill(one, "second")

    def dies(*_: object) -> bool:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(bucket, step, dies)
        with pytest.raises(KeyboardInterrupt):
            Remote(bucket, one).push()
    assert bucket.read(STATE) == state
    Remote(bucket, other).fetch()
    assert Store(other).read(CODELISTS)["code"].to_pylist() == ["first"]
    assert Remote(bucket, one).push() > 0


def test_a_fetch_that_dies_is_taken_up_again(
    homes: tuple[Home, Home], bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = homes
    Remote(bucket, one).push()
    Remote(bucket, other).fetch()
    fill(one, "second")
    Remote(bucket, one).push()
    with monkeypatch.context() as patch:
        patch.setattr("warehouse.remote.all_written_through", lambda: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            Remote(bucket, other).fetch()
    assert Store(other).read(CODELISTS)["code"].to_pylist() == ["first"]
    Remote(bucket, other).fetch()
    assert seen(other) == seen(one)


@pytest.mark.parametrize("harm", ["lost", "changed", "state", "path"])
def test_a_damaged_bucket_is_said_and_the_tables_stay(harm: str, homes: tuple[Home, Home], bucket: Bucket) -> None:
    one, other = homes
    Remote(bucket, one).push()
    if harm in {"lost", "changed"}:
        for path in bucket.paths("files"):
            bucket.remove(path)
            if harm == "changed":
                bucket.create(path, b"something else")
    elif harm == "state":
        bucket.remove(STATE)
        bucket.create(STATE, b"{")
    else:
        held = bucket.read(STATE)
        assert held is not None
        listing = json.dumps({"raw/../../evil": "0" * 64}).encode()
        name = hashlib.sha256(listing).hexdigest()
        bucket.create(f"files/{name[:2]}/{name}", listing)
        bucket.swap(STATE, held.content, json.dumps({"trees": {"raw": name}}).encode())
    with pytest.raises(WarehouseError, match="is gone or not what was written"):
        Remote(bucket, other).fetch()
    assert Store(other).snapshot() == {}


def test_a_run_on_another_machine_takes_up_where_the_first_ended(
    tmp_path: Path, bucket_address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAZHI_BUCKET", bucket_address)
    one, other = Home(tmp_path / "one"), Home(tmp_path / "other")
    first = walk(one, [REPORT], progress=silent)
    shutil.rmtree(one.root)
    again = walk(other, [], progress=silent)
    assert (again.documents, again.observations) == (first.documents, first.observations)
    assert first.release is not None
    assert again.release is not None
    assert (again.release.path.name, again.release.is_new) == (first.release.path.name, False)
    assert Store(other).read(DOCUMENTS).num_rows == 1
