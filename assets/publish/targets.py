"""Where releases are published to: places that hold files by path and know two careful ways of writing.

Here belong the promise that every target keeps (``Target``) and the targets. Not here: what is written in which order
(``publication``). Creating never replaces; swapping replaces only what the caller has seen.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import tempfile
from pathlib import Path
from typing import Protocol

from contracts.errors import InputError, ReleaseError
from warehouse.files import replacing, write_through


class Target(Protocol):
    """A place for releases."""

    name: str
    """What messages call it."""

    def read(self, path: str) -> bytes | None:
        """Return the content at ``path``, or None where there is nothing."""

    def create(self, path: str, content: Path) -> bool:
        """Put the file there if nothing is there yet; return whether it was put."""

    def swap(self, path: str, seen: bytes | None, content: bytes) -> None:
        """Replace what the caller has ``seen`` there; raises ReleaseError where something else is there by now."""

    def remove(self, path: str) -> None:
        """Remove what is at ``path``, if anything is: for withdrawn releases alone."""

    def probe(self) -> None:
        """Raise ReleaseError where the place does not keep the promise of ``create``, so that nothing is begun."""


class FolderTarget:
    """A folder that a web server shows, on this machine or mounted."""

    def __init__(self, root: Path) -> None:
        """Publish to ``root``; raises InputError where it is a file."""
        if root.exists() and not root.is_dir():
            raise InputError("this is no folder", culprit=str(root), remedy="Name a folder to publish to")
        self.name = str(root)
        self._root = root

    def read(self, path: str) -> bytes | None:
        """Return the content at ``path``, or None where there is nothing."""
        try:
            return (self._root / path).read_bytes()
        except FileNotFoundError:
            return None

    def create(self, path: str, content: Path) -> bool:
        """Put the file there if nothing is there yet: it appears whole, by a link, which never replaces."""
        target = self._root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, staged = tempfile.mkstemp(prefix=".staged-", dir=target.parent)
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(content.read_bytes())
            Path(staged).chmod(0o644)
            write_through(Path(staged))
            try:
                os.link(staged, target)
            except FileExistsError:
                return False
            write_through(target.parent)
            return True
        finally:
            Path(staged).unlink()

    def swap(self, path: str, seen: bytes | None, content: bytes) -> None:
        """Replace what the caller has ``seen`` there, under a lock that all publishers of the folder take."""
        self._root.mkdir(parents=True, exist_ok=True)
        with (self._root / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if self.read(path) != seen:
                raise moved_meanwhile(self.name, path)
            with replacing(self._root / path) as staged:
                staged.write_bytes(content)

    def remove(self, path: str) -> None:
        """Remove the file, and the folders that it leaves empty."""
        (self._root / path).unlink(missing_ok=True)
        for parent in Path(path).parents[:-1]:
            with contextlib.suppress(OSError):
                (self._root / parent).rmdir()

    def probe(self) -> None:
        """Try on a file of its own that creating does not replace."""
        with tempfile.TemporaryDirectory() as scratch:
            content = Path(scratch) / "probe"
            content.write_text("probe")
            path = f".probe-{os.getpid()}"
            try:
                if not self.create(path, content) or self.create(path, content):
                    raise ignores_create_only(self.name)
            finally:
                with contextlib.suppress(FileNotFoundError):
                    (self._root / path).unlink()


def moved_meanwhile(target: str, path: str) -> ReleaseError:
    """Return the error for a swap that came too late."""
    return ReleaseError(
        f"somebody else changed {path} meanwhile", culprit=target, remedy="Publish again: what is there is kept"
    )


def ignores_create_only(target: str) -> ReleaseError:
    """Return the error for a place where a second write replaces the first."""
    return ReleaseError(
        "it replaces files that it should only create, so a published release could be changed",
        culprit=target,
        remedy="Publish to a place that honours create-only writes",
    )
