"""Publishing and fetching: a reader meets the old state or the new one, and every byte is proven."""

from __future__ import annotations

import http.server
import json
import shutil
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from assets.publish.build import build_release
from assets.publish.client import fetch_release, open_release
from assets.publish.publication import publish_release
from assets.publish.sums import file_paths
from assets.publish.targets import FolderTarget
from assets.publish.verify import verify_release
from contracts.errors import InputError, ReleaseError

from .world import World

pytestmark = pytest.mark.usefixtures("proven_once")


@pytest.fixture
def site(tmp_path: Path) -> FolderTarget:
    return FolderTarget(tmp_path / "site")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    """A static web server on loopback over the folder ``site``."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    (tmp_path / "site").mkdir(exist_ok=True)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path / "site"))) as running:
        thread = threading.Thread(target=running.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()
        thread.join()


def _latest(site: FolderTarget) -> str | None:
    content = site.read("latest.json")
    return str(json.loads(content)["version"]) if content else None


def test_a_published_release_is_the_same_files(two: tuple[Path, Path], site: FolderTarget, tmp_path: Path) -> None:
    old, new = two
    assert publish_release(old, site).latest == "2026.11.0"
    done = publish_release(new, site)
    assert (done.created, done.present, done.latest) == (len(file_paths(new)) + 1, 0, "2026.11.1")
    assert verify_release(tmp_path / "site/2026.11.1").findings == ()
    index = json.loads(site.read("index.json") or b"")
    assert [entry["version"] for entry in index["releases"]] == ["2026.11.0", "2026.11.1"]


def test_publishing_again_changes_nothing_and_latest_never_goes_back(
    two: tuple[Path, Path], site: FolderTarget
) -> None:
    old, new = two
    publish_release(new, site)
    before = site.read("latest.json"), site.read("index.json")
    assert publish_release(new, site).created == 0
    assert (site.read("latest.json"), site.read("index.json")) == before
    assert publish_release(old, site).latest == "2026.11.1"
    assert site.read("latest.json") == before[0]


class Dies(FolderTarget):
    """Loses the network at one path."""

    def __init__(self, root: Path, step: str) -> None:
        super().__init__(root)
        self._step = step

    def create(self, path: str, content: Path) -> bool:
        self._reach(path)
        return super().create(path, content)

    def swap(self, path: str, seen: bytes | None, content: bytes) -> None:
        self._reach(path)
        super().swap(path, seen, content)

    def _reach(self, path: str) -> None:
        if path == self._step:
            raise OSError("the network dropped")


def test_a_crash_at_any_step_leaves_latest_and_repeating_mends(
    two: tuple[Path, Path], site: FolderTarget, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assets.publish.targets.write_through", lambda _: None)  # the disk is not what is tried here
    old, new = two
    publish_release(old, site)
    files = [f"2026.11.1/{path}" for path in (*file_paths(new), "SHA256SUMS")]
    for step in (*files, "index.json", "index.html", "latest.json"):
        with pytest.raises(OSError, match="the network dropped"):
            publish_release(new, Dies(Path(site.name), step))
        assert _latest(site) == "2026.11.0"
    assert publish_release(new, site).latest == "2026.11.1"
    assert verify_release(Path(site.name) / "2026.11.1").findings == ()


def test_another_release_of_the_same_version_is_refused(
    two: tuple[Path, Path], site: FolderTarget, tmp_path: Path
) -> None:
    publish_release(two[0], site)
    other = build_release(World().but(0, corrected={"received": 9.0}).inputs(), tmp_path / "other").path
    with pytest.raises(ReleaseError, match=r"another release 2026.11.0 is published there: CHANGELOG|.* differs"):
        publish_release(other, site)
    assert verify_release(Path(site.name) / "2026.11.0").findings == ()


def test_a_damaged_release_is_not_published(two: tuple[Path, Path], site: FolderTarget, tmp_path: Path) -> None:
    damaged = Path(shutil.copytree(two[0], tmp_path / two[0].name))
    (damaged / "README.md").write_text("changed")
    with pytest.raises(ReleaseError, match=r"it does not verify: README.md"):
        publish_release(damaged, site)
    assert _latest(site) is None


def test_a_place_that_replaces_files_is_refused(two: tuple[Path, Path], tmp_path: Path) -> None:
    class Replaces(FolderTarget):
        def create(self, path: str, content: Path) -> bool:
            target = Path(self.name) / path
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(content, target)
            return True

    site = Replaces(tmp_path / "site")
    with pytest.raises(ReleaseError, match="replaces files that it should only create"):
        publish_release(two[0], site)
    assert list((tmp_path / "site").iterdir()) == []


def test_a_swap_that_comes_too_late_is_refused(site: FolderTarget) -> None:
    site.swap("latest.json", None, b"1")
    with pytest.raises(ReleaseError, match=r"somebody else changed latest.json meanwhile"):
        site.swap("latest.json", None, b"2")
    site.swap("latest.json", b"1", b"2")
    assert site.read("latest.json") == b"2"


def test_an_index_of_somebody_else_is_left_alone(two: tuple[Path, Path], site: FolderTarget) -> None:
    site.swap("index.json", None, b"[1]")
    with pytest.raises(ReleaseError, match=r"index.json is not one of ours"):
        publish_release(two[0], site)
    assert site.read("index.json") == b"[1]"


def test_fetching_from_a_server_gives_the_release(
    two: tuple[Path, Path], site: FolderTarget, server: str, tmp_path: Path
) -> None:
    for folder in two:
        publish_release(folder, site)
    latest = fetch_release(server, tmp_path / "mine")
    assert latest.version == "2026.11.1"
    assert latest.files == len(file_paths(two[1]))
    assert verify_release(latest.folder).findings == ()
    assert fetch_release(server, tmp_path / "mine").files == 0
    assert fetch_release(server, tmp_path / "mine", "2026.11.0").version == "2026.11.0"
    # Now that both are there, the diff between them is proven too.
    assert verify_release(latest.folder).findings == ()


def test_a_fetched_release_opens_with_its_types(two: tuple[Path, Path], tmp_path: Path) -> None:
    folder = fetch_release(str(two[0].parent), tmp_path).folder
    with open_release(folder) as connection:
        rows = connection.sql("FROM observations").to_arrow_table().to_pylist()
        assert rows == pq.read_table(folder / "parquet/observations.parquet").to_pylist()
        assert connection.sql("FROM observations").df()["value"].dtype == "float64"


def test_an_interrupted_fetch_goes_on_where_it_stopped(two: tuple[Path, Path], tmp_path: Path) -> None:
    def stops(path: str) -> None:
        if path.startswith("parquet/"):
            raise OSError("the network dropped")

    with pytest.raises(OSError, match="the network dropped"):
        fetch_release(str(two[0].parent), tmp_path, "2026.11.0", stops)
    assert not (tmp_path / "2026.11.0").exists()
    fetched = fetch_release(str(two[0].parent), tmp_path, "2026.11.0")
    assert 0 < fetched.files < len(file_paths(two[0]))
    assert verify_release(fetched.folder).findings == ()


@pytest.mark.parametrize("path", ["data/observations.csv", "SHA256SUMS"])
def test_an_altered_file_is_refused(
    path: str, two: tuple[Path, Path], site: FolderTarget, server: str, tmp_path: Path
) -> None:
    publish_release(two[0], site)
    with (tmp_path / "site/2026.11.0" / path).open("ab") as stream:
        stream.write(b" ")
    with pytest.raises(ReleaseError, match="is not the file that was released"):
        fetch_release(server, tmp_path / "mine")
    assert not (tmp_path / "mine/2026.11.0").exists()


def test_what_cannot_be_fetched_is_said_in_one_line(two: tuple[Path, Path], server: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"there is no latest.json"):
        fetch_release(server, tmp_path)
    with pytest.raises(InputError, match=r"there is no release 2020.1.0. Choose one of 2026.11.0, 2026.11.1"):
        fetch_release(str(two[0].parent), tmp_path, "2020.1.0")
    with pytest.raises(InputError, match="cannot be reached"):
        fetch_release("http://127.0.0.1:1", tmp_path)
    with pytest.raises(InputError, match="ftp is no way"):
        fetch_release("ftp://example.org", tmp_path)
    (tmp_path / "site/latest.json").write_text("<html>")
    with pytest.raises(InputError, match=r"latest.json is not that of releases"):
        fetch_release(server, tmp_path)


def test_another_release_of_the_same_version_here_is_kept(two: tuple[Path, Path], tmp_path: Path) -> None:
    (tmp_path / "2026.11.0").mkdir()
    (tmp_path / "2026.11.0/SHA256SUMS").write_text("mine")
    with pytest.raises(ReleaseError, match="another release of this version is there"):
        fetch_release(str(two[0].parent), tmp_path, "2026.11.0")
