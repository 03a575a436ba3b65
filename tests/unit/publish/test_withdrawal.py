"""A withdrawn release leaves its tombstone, here and where it was published; errata are told by the index and after."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from pathlib import Path

import pytest

from assets.publish import notices
from assets.publish.build import build_release
from assets.publish.client import fetch_release
from assets.publish.history import registered_ids
from assets.publish.notices import read_tombstone
from assets.publish.publication import publish_release
from assets.publish.staging import exclusively
from assets.publish.targets import FolderTarget
from assets.publish.verify import verify_release
from assets.publish.withdrawal import record_erratum, withdraw_release
from contracts.errors import InputError, ReleaseError

from .world import Report, World

pytestmark = pytest.mark.usefixtures("proven_once")

A = World()
B = World((*A.reports, Report("990103")))
ON = dt.date(2026, 12, 1)
WHY = "A county was read as another one."


@pytest.fixture(scope="module")
def _two(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    for world in (A, B):
        build_release(world.inputs(), home)
    return home


@pytest.fixture
def home(_two: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(_two, tmp_path / "home"))


def _latest(folder: Path) -> str:
    return str(json.loads((folder / "latest.json").read_text())["version"])


def _files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_only_the_tombstone_and_the_ids_stay(home: Path) -> None:
    withdraw_release(home, "2026.11.1", reason=WHY, on=ON)
    assert _files(home / "2026.11.1") == {"withdrawn.json", "diff/ids.csv"}
    stone = read_tombstone(home / "2026.11.1")
    assert stone
    assert (stone.reason, stone.withdrawn_on, stone.version) == (WHY, "2026-12-01", "2026.11.1")
    assert _latest(home) == "2026.11.0"
    entries = {entry["version"]: entry for entry in json.loads((home / "index.json").read_text())["releases"]}
    assert entries["2026.11.1"]["withdrawn"] == {"on": "2026-12-01", "reason": WHY}
    assert "withdrawn" not in entries["2026.11.0"]
    assert WHY in (home / "index.html").read_text()
    with pytest.raises(ReleaseError, match=f"withdrawn on 2026-12-01: {WHY}"):
        verify_release(home / "2026.11.1")


def last_releases(folder: Path) -> dict[str, str | None]:
    register = registered_ids(folder)
    return dict(zip(register["id"].to_pylist(), register["last_release"].to_pylist(), strict=True))


def test_the_next_release_goes_on_from_the_one_that_stands_and_forgets_no_id(home: Path) -> None:
    gone = registered_ids(home / "2026.11.1")["id"].to_pylist()
    withdraw_release(home, "2026.11.1", reason=WHY, on=ON)
    built = build_release(World(A.reports[:1]).inputs(), home)
    assert (built.manifest.version, built.manifest.previous) == ("2026.11.2", "2026.11.0")
    assert last_releases(built.path).keys() >= set(gone)
    assert last_releases(built.path)[B.reports[2].id] == "2026.11.1"
    assert f"| 2026-12-01 | 2026.11.1 | withdrawn | {WHY} |" in (built.path / "CHANGELOG.md").read_text()
    assert verify_release(built.path).findings == ()


def test_where_all_are_withdrawn_there_is_no_latest_until_the_next(home: Path) -> None:
    for version in ("2026.11.0", "2026.11.1"):
        withdraw_release(home, version, reason=WHY, on=ON)
    assert not (home / "latest.json").exists()
    built = build_release(A.inputs(), home)
    assert (built.manifest.version, built.manifest.previous) == ("2026.11.2", None)
    assert last_releases(built.path)[B.reports[2].id] == "2026.11.1"
    assert _latest(home) == "2026.11.2"


@pytest.mark.parametrize(
    ("version", "reason", "message"),
    [
        ("2026.11.7", WHY, "no such release"),
        ("../home", WHY, "no such release"),
        ("2026.11.1", "  ", "no reason is given"),
        ("2026.11.1", "原告张三诉县局一案写了姓名", "name a private person"),
    ],
)
def test_what_cannot_be_withdrawn_is_refused(home: Path, version: str, reason: str, message: str) -> None:
    before = _files(home)
    with pytest.raises(InputError, match=message):
        withdraw_release(home, version, reason=reason, on=ON)
    assert _files(home) == before
    withdraw_release(home, "2026.11.1", reason=WHY, on=ON)
    with pytest.raises(InputError, match="withdrawn already"):
        withdraw_release(home, "2026.11.1", reason=WHY, on=ON)


@pytest.mark.parametrize("step", ["announce", "leave", "arrive", "clear"])
def test_killed_at_any_step_the_release_stands_or_its_tombstone_does(
    home: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    renames: list[str] = []
    rename = Path.rename

    def dying_rename(path: Path, target: Path) -> Path:
        renames.append(path.name)
        if step == ("leave", "arrive")[min(len(renames), 2) - 1]:
            raise KeyboardInterrupt
        return rename(path, target)

    def dies(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Path, "rename", dying_rename)
        if step == "clear":
            patched.setattr(notices.shutil, "rmtree", dies)
        if step == "announce":
            patched.setattr("assets.publish.withdrawal.announce", dies)
        with pytest.raises(KeyboardInterrupt):
            withdraw_release(home, "2026.11.1", reason=WHY, on=ON)
    with exclusively(home):
        pass
    buried = step == "clear"
    assert (read_tombstone(home / "2026.11.1") is not None) == buried
    if not buried:
        assert verify_release(home / "2026.11.1").findings == ()
        withdraw_release(home, "2026.11.1", reason=WHY, on=ON)
    assert not list(home.glob(".leaving-*"))
    assert _latest(home) == "2026.11.0"


def test_a_tombstone_is_carried_to_where_the_release_was_published(home: Path, tmp_path: Path) -> None:
    site = FolderTarget(tmp_path / "site")
    for version in ("2026.11.0", "2026.11.1"):
        publish_release(home / version, site)
    kept = shutil.copytree(home / "2026.11.1", tmp_path / "kept" / "2026.11.1")
    withdraw_release(home, "2026.11.1", reason=WHY, on=ON)
    assert publish_release(home / "2026.11.1", site).latest == "2026.11.0"
    assert _files(tmp_path / "site/2026.11.1") == {"withdrawn.json"}
    assert publish_release(home / "2026.11.1", site).created == 0
    with pytest.raises(InputError, match=f"2026.11.1 was withdrawn on 2026-12-01: {WHY}.*Choose one of 2026.11.0"):
        fetch_release(str(tmp_path / "site"), tmp_path / "to", "2026.11.1")
    assert fetch_release(str(tmp_path / "site"), tmp_path / "to").version == "2026.11.0"
    with pytest.raises(ReleaseError, match=r"2026\.11\.1 was withdrawn there"):
        publish_release(kept, site)
    withdraw_release(home, "2026.11.0", reason=WHY, on=ON)
    assert publish_release(home / "2026.11.0", site).latest is None
    assert not (tmp_path / "site/latest.json").exists()


def test_killed_while_removing_it_goes_on_when_repeated(home: Path, tmp_path: Path) -> None:
    site = FolderTarget(tmp_path / "site")
    for version in ("2026.11.0", "2026.11.1"):
        publish_release(home / version, site)
    withdraw_release(home, "2026.11.1", reason=WHY, on=ON)

    class Dies(FolderTarget):
        def remove(self, path: str) -> None:
            if path.endswith("release.json"):
                raise OSError("the network dropped")
            super().remove(path)

    with pytest.raises(OSError, match="dropped"):
        publish_release(home / "2026.11.1", Dies(tmp_path / "site"))
    assert _latest(tmp_path / "site") == "2026.11.0"
    publish_release(home / "2026.11.1", site)
    assert _files(tmp_path / "site/2026.11.1") == {"withdrawn.json"}


def test_an_erratum_stands_in_the_index_and_in_every_later_changelog(home: Path, tmp_path: Path) -> None:
    note = "The figures of one county are those of the year before."
    for _ in range(2):
        record_erratum(home, "2026.11.0", note=note, on=ON)
    entries = json.loads((home / "index.json").read_text())["releases"]
    assert entries[0]["errata"] == [{"on": "2026-12-01", "note": note}]
    assert "errata" not in entries[1]
    assert note in (home / "index.html").read_text()
    assert verify_release(home / "2026.11.0").findings == ()
    later = build_release(World(A.reports[:1]).inputs(), home).path
    assert f"| 2026-12-01 | 2026.11.0 | erratum | {note} |" in (later / "CHANGELOG.md").read_text()
    publish_release(home / "2026.11.0", FolderTarget(tmp_path / "site"))
    assert json.loads((tmp_path / "site/index.json").read_text())["releases"][0]["errata"][0]["note"] == note
    with pytest.raises(InputError, match="no such release"):
        record_erratum(home, "2026.1.0", note=note, on=ON)
