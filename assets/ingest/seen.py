"""What input files looked like when they went in, so that those that look the same are not read again.

Belongs here: that memory, size and time of change by path. It is a saving and nothing more: without it every file is read.
Not here: what becomes of a file (`files`).
"""

import json
import os
import time
from pathlib import Path

from warehouse.files import replacing

SETTLED_NS = 2_000_000_000
"""A file that changed this recently, or in the future, may change again without showing it: it is not remembered."""

Look = tuple[int, int]


class Seen:
    """The memory in one file; what is not met again before `keep` is forgotten."""

    def __init__(self, path: Path) -> None:
        """Takes up what is remembered in `path`; nothing where it cannot be read."""
        self._path = path
        try:
            self._before: dict[str, list[object]] = json.loads(path.read_bytes())
        except (OSError, ValueError):
            self._before = {}
        self._now: dict[str, list[object]] = {}

    def digest(self, path: Path) -> str | None:
        """The SHA-256 of a file that looks as it did, which stays remembered; None when it has to be read."""
        place = os.path.abspath(path)  # noqa: PTH100 - resolving a path asks the disk
        known = self._before.get(place)
        if known is None or tuple(known[:2]) != _look(path):
            return None
        self._now[place] = known
        return str(known[2])

    def note(self, path: Path, sha256: str) -> None:
        """Remembers how a file looks that has these bytes."""
        look = _look(path)
        if look and time.time_ns() - look[1] > SETTLED_NS:
            self._now[os.path.abspath(path)] = [*look, sha256]  # noqa: PTH100 - as above

    def keep(self) -> None:
        """Writes the memory down."""
        if self._now != self._before:
            with replacing(self._path, through=False) as staged:
                staged.write_text(json.dumps(self._now, ensure_ascii=False), encoding="utf-8")


def _look(path: Path) -> Look | None:
    try:
        state = path.stat()
    except OSError:
        return None
    return state.st_size, state.st_mtime_ns
