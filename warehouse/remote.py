"""A data home whose raw files, tables and releases lie in a bucket: the home on this disk is a cache of it.

Every file lies in the bucket once, named by the hash of its bytes; lists of them are such files too, and ``state.json``,
the only file that ever moves, names the lists. It is moved last, by compare-and-swap: who reads it sees all of a push or
nothing of it, and of two writers the one that comes second is told. Files that no state names stay in the bucket.

Here belongs keeping the two alike. Not here: what a bucket can do (``warehouse.bucket``), nor publishing releases to
readers (``assets.publish``).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, TypeVar

from contracts.errors import WarehouseError
from warehouse.files import all_written_through, replacing
from warehouse.layout import Home
from warehouse.store import Store

if TYPE_CHECKING:
    from warehouse.bucket import Bucket

STATE = "state.json"
FORMAT = "fazhi-home/1"
AT_ONCE = 16
"""Files carried at a time."""

Given = TypeVar("Given")
Result = TypeVar("Result")

Listing = dict[str, str]
"""The SHA-256 of each file by its path in the data home."""


class Remote:
    """One data home and its bucket. Only under ``warehouse.files.exclusively``."""

    def __init__(self, bucket: Bucket, home: Home) -> None:
        """Take up what is remembered of the last time that the two were alike."""
        self.bucket = bucket
        self.home = home
        self._memory = _Memory(home, bucket.name)

    def fetch(self) -> int:
        """Make the home what the bucket holds and return how many files came or went.

        Raw files that were added, changed or removed here since are left so: the next push carries them. Raises
        WarehouseError where the bucket holds something else than its lists say.
        """
        held = self.bucket.read(STATE)
        if held is None:
            self._memory.forget()
            return 0
        if held.content.decode() == self._memory.state:
            return 0
        there, here, before = self._listed(held.content), self._present(), self._memory.listing
        own = {path for path in {*there, *here} if path.startswith("raw/") and here.get(path) != before.get(path)}
        wanted = {path: sha256 for path, sha256 in there.items() if path not in own and here.get(path) != sha256}
        gone = [path for path in here if path not in there and path not in own]
        # The list of the tables' files comes last: until then the tables here are those of before.
        last = {path: wanted.pop(path) for path in [_SNAPSHOT] if path in wanted}
        for part in (wanted, last):
            _carry(self._get, part.items())
            all_written_through()
        for path in gone:
            (self.home.root / path).unlink()
        self._memory.keep(held.content.decode(), there)
        return len(wanted) + len(last) + len(gone)

    def push(self) -> int:
        """Make the bucket what the home holds and return how many files went there.

        Raises WarehouseError, and leaves the bucket's state and the home as they are, where another home pushed since
        the last ``fetch``.
        """
        here = self._present()
        trees: dict[str, Listing] = {}
        for path, sha256 in sorted(here.items()):
            trees.setdefault(_tree_of(path), {})[path] = sha256
        lists = {name: _spelled(listing) for name, listing in trees.items()}
        state = _spelled({"format": FORMAT, "trees": {name: _hash(text) for name, text in lists.items()}})
        if state.decode() == self._memory.state:
            return 0
        known = set(self._memory.listing.values())
        new = {sha256: path for path, sha256 in here.items() if sha256 not in known}
        _carry(self._put, ((sha256, self.home.root / path) for sha256, path in new.items()))
        _carry(self._put, ((_hash(text), text) for text in lists.values()))
        seen = self._memory.state
        if not self.bucket.swap(STATE, None if seen is None else seen.encode(), state):
            raise WarehouseError(
                "another data home wrote to it meanwhile; what was made here stays here",
                culprit=self.bucket.name,
                remedy="Run `fazhi run` again: it takes up what is there and adds the raw files that are only here",
            )
        self._memory.keep(state.decode(), here)
        return len(new)

    def _listed(self, state: bytes) -> Listing:
        try:
            trees = json.loads(state)["trees"]
            lists = _carry(lambda _, sha256: json.loads(self._blob(sha256)), trees.items())
            found: Listing = dict(chain.from_iterable(listing.items() for listing in lists))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise self._damaged(STATE) from error
        for path in found:
            if PurePosixPath(path).is_absolute() or ".." in PurePosixPath(path).parts:
                raise self._damaged(path)
        return found

    def _present(self) -> Listing:
        """Return the files of the home that belong in the bucket."""
        root = self.home.root
        parts = [part.file for parts in Store(self.home).snapshot().values() for part in parts.values()]
        tables = [_SNAPSHOT, *(f"parquet/{file}" for file in parts)] if parts else []
        kept = (
            path.relative_to(root).as_posix()
            for folder in (self.home.raw, self.home.releases)
            for path in folder.rglob("*")
            if path.is_file()
        )
        return self._memory.hashed(chain(tables, (path for path in kept if not _is_local(path))))

    def _get(self, path: str, sha256: str) -> None:
        with replacing(self.home.root / path, through=False) as staged:
            staged.write_bytes(self._blob(sha256))

    def _put(self, sha256: str, content: Path | bytes) -> None:
        self.bucket.create(_place(sha256), content)

    def _blob(self, sha256: str) -> bytes:
        held = self.bucket.read(_place(sha256))
        if held is None or _hash(held.content) != sha256:
            raise self._damaged(_place(sha256))
        return held.content

    def _damaged(self, path: str) -> WarehouseError:
        return WarehouseError(
            f"{path} is gone or not what was written",
            culprit=self.bucket.name,
            remedy="Push from a data home that is whole, to an empty folder of the bucket",
        )


class _Memory:
    """What the home and the bucket last agreed on, and the hashes of files that look as they did."""

    def __init__(self, home: Home, bucket: str) -> None:
        self._root = home.root
        self._path = home.remembered
        self._bucket = bucket
        self.state: str | None = None
        self.listing: Listing = {}
        self._looks: dict[str, list[object]] = {}
        if self._path.is_file():
            known = json.loads(self._path.read_text(encoding="utf-8"))
            if known["bucket"] == bucket:
                self.state, self.listing, self._looks = known["state"], known["listing"], known["looks"]

    def keep(self, state: str, listing: Listing) -> None:
        self.state, self.listing = state, listing
        kept = {"bucket": self._bucket, "state": state, "listing": listing, "looks": self._looks}
        with replacing(self._path) as staged:
            staged.write_text(json.dumps(kept, ensure_ascii=False), encoding="utf-8")

    def forget(self) -> None:
        self.state, self.listing = None, {}
        self._path.unlink(missing_ok=True)

    def hashed(self, paths: Iterable[str]) -> Listing:
        return dict(self._hashed(paths))

    def _hashed(self, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
        looks, self._looks = self._looks, {}
        for path in paths:
            state = (self._root / path).stat()
            look: list[object] = [state.st_size, state.st_mtime_ns]
            known = looks.get(path, [])
            sha256 = str(known[2]) if known[:2] == look else _hash((self._root / path).read_bytes())
            self._looks[path] = [*look, sha256]
            yield path, sha256


_SNAPSHOT = "parquet/snapshot.json"


def _carry(work: Callable[[str, Given], Result], items: Iterable[tuple[str, Given]]) -> list[Result]:
    """Do the work on every item, several at a time."""
    with ThreadPoolExecutor(AT_ONCE) as threads:
        return list(threads.map(lambda item: work(*item), items))


def _tree_of(path: str) -> str:
    """Return the name of the list that a path is in: many short ones, so that a small change rewrites few."""
    parts = path.split("/")
    return "/".join(parts[: min(len(parts) - 1, 2)])


def _is_local(path: str) -> bool:
    return path == "raw/seen.json" or any(part.startswith(".") for part in path.split("/"))


def _place(sha256: str) -> str:
    return f"files/{sha256[:2]}/{sha256}"


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _spelled(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
