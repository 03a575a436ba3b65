"""Publishing to a bucket: the same files as in a folder, and the bucket itself decides who was first."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from assets.publish.bucket_target import BucketTarget
from assets.publish.publication import publish_release
from assets.publish.sums import file_paths
from assets.publish.targets import FolderTarget
from assets.publish.withdrawal import withdraw_release
from contracts.errors import ReleaseError, WarehouseError
from pipelines.cli import exit_code
from warehouse.bucket import Bucket

pytestmark = pytest.mark.usefixtures("proven_once")


@pytest.fixture
def bucket(bucket_address: str) -> BucketTarget:
    return BucketTarget(Bucket(bucket_address))


def latest(bucket: BucketTarget) -> str:
    return str(json.loads(bucket.read("latest.json") or b"")["version"])


def test_in_a_bucket_lies_what_lies_in_a_folder(two: tuple[Path, Path], tmp_path: Path, bucket: BucketTarget) -> None:
    site = FolderTarget(tmp_path / "site")
    for folder in two:
        assert publish_release(folder, bucket) == publish_release(folder, site)
    assert publish_release(two[1], bucket).created == 0
    paths = [path for path in file_paths(Path(site.name)) if path != ".lock"]
    assert Bucket(bucket.name).paths() == set(paths)
    assert [bucket.read(path) for path in paths] == [site.read(path) for path in paths]


def test_a_crash_at_any_step_leaves_latest_of_a_bucket(two: tuple[Path, Path], bucket: BucketTarget) -> None:
    old, new = two
    publish_release(old, bucket)

    for step in ("2026.11.1/data/observations.csv", "2026.11.1/SHA256SUMS", "index.json", "latest.json"):

        class Dies(Bucket):
            def _put(self, path: str, *rest: Any) -> bool:
                if path == step:  # noqa: B023 - used before the loop goes on
                    raise WarehouseError("the network dropped", culprit=self.name, remedy="Repeat")
                return super()._put(path, *rest)

        with pytest.raises(WarehouseError, match="the network dropped"):
            publish_release(new, BucketTarget(Dies(bucket.name)))
        assert latest(bucket) == "2026.11.0"
    assert publish_release(new, bucket).latest == "2026.11.1"


def test_of_two_publishers_one_comes_too_late(two: tuple[Path, Path], bucket: BucketTarget) -> None:
    class Overtaken(BucketTarget):
        def swap(self, path: str, seen: bytes | None, content: bytes) -> None:
            if path == "latest.json" and seen is None:
                publish_release(two[1], bucket)
            super().swap(path, seen, content)

    with pytest.raises(ReleaseError, match=r"somebody else changed latest.json meanwhile. Publish again"):
        publish_release(two[0], Overtaken(Bucket(bucket.name)))
    assert latest(bucket) == "2026.11.1"
    assert publish_release(two[0], bucket).latest == "2026.11.1"


def test_a_tombstone_takes_the_place_of_what_lies_in_a_bucket(
    two: tuple[Path, Path], bucket: BucketTarget, tmp_path: Path
) -> None:
    home = Path(shutil.copytree(two[0].parent, tmp_path / "home"))
    for folder in two:
        publish_release(folder, bucket)
    withdraw_release(home, "2026.11.1", reason="A county was read as another one.", on=dt.date(2026, 12, 1))
    assert publish_release(home / "2026.11.1", bucket).latest == "2026.11.0"
    assert Bucket(bucket.name).paths("2026.11.1") == {"2026.11.1/withdrawn.json"}


def test_a_bucket_that_replaces_what_is_there_is_refused(
    two: tuple[Path, Path], bucket: BucketTarget, monkeypatch: pytest.MonkeyPatch
) -> None:
    replaces = Bucket(bucket.name)
    monkeypatch.setattr(replaces, "_put", lambda path, content, _: bool(replaces._store.put(path, content)))
    with pytest.raises(ReleaseError, match="replaces files that it should only create"):
        publish_release(two[0], BucketTarget(replaces))
    assert Bucket(bucket.name).paths() == frozenset()


def test_the_command_publishes_there_and_says_what_is_wrong_in_one_line(
    two: tuple[Path, Path], bucket: BucketTarget, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert exit_code(["publish", bucket.name, "--release", str(two[0])]) == 0
    assert "latest is 2026.11.0" in " ".join(capsys.readouterr().out.split())
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    assert exit_code(["publish", bucket.name, "--release", str(two[0])]) == 1
    said = " ".join(capsys.readouterr().err.split())
    assert f"{bucket.name}: AWS_SECRET_ACCESS_KEY not set. Set the keys of the bucket" in said
