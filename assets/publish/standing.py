"""Whether the newest release is what a build would make again, told without building.

A release follows from the tables and the code alone. What it was made of is remembered beside the data home's other
state, with how its files looked when it was finished; one that the same code made of other tables is what the next is
made of, as far as it holds the same. Here belongs that memory. Not here: building, nor proving what files hold
(``verify``); files whose size or time of change is another are no longer vouched for.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from platform import python_version
from typing import NamedTuple

from assets.publish.build import Built
from assets.publish.predecessor import Predecessor
from assets.publish.staging import read_manifest, standing_versions, write_whole
from assets.publish.sums import file_record, read_sums
from contracts.release import SUMS
from warehouse.store import Snapshot

_CODE = ("assets", "contracts", "warehouse")
_COMPILED = {".so", ".pyd"}
"""Machine code of the same sources, which finds the same."""
_LIBRARIES = ("duckdb", "pandas", "pyarrow")


class _Memory(NamedTuple):
    origin: str
    code: str
    version: str
    files: str
    sums: str | None


def origin_of(snapshot: Snapshot) -> str:
    """Return a hash of all that a release is made of: the files of the tables, this code and its libraries."""
    found = hashlib.sha256(code_digest().encode())
    for table, parts in sorted(snapshot.items()):
        found.update("".join(f"{table} {part.file}\n" for _, part in sorted(parts.items())).encode())
    return found.hexdigest()


def code_digest() -> str:
    """Return a hash of what turns texts into tables and releases: this code with its data, and its libraries."""
    found = hashlib.sha256(python_version().encode())
    for name in _LIBRARIES:
        found.update(f"{name} {version(name)}\n".encode())
    for path in _code():
        found.update(f"{path.name}\n".encode() + path.read_bytes())
    return found.hexdigest()


def standing(releases: Path, memory: Path, origin: str) -> Built | None:
    """Return the newest release if it was made of ``origin`` and nobody touched it since; else None."""
    folder, known = _newest(releases), _recalled(memory)
    if folder is None or known != _memory(folder, origin):
        return None
    return Built(folder, read_manifest(folder), is_new=False)


def predecessor(releases: Path, memory: Path) -> Predecessor | None:
    """Return the newest release if it was proven and this code made it; else None: then nothing of it can be taken over."""
    folder, known = _newest(releases), _recalled(memory)
    if folder is None or known is None or (known.version, known.code) != (folder.name, code_digest()):
        return None
    if known.sums is None or _sums(folder) != known.sums:
        return None
    return Predecessor(folder, read_sums((folder / SUMS).read_text(encoding="utf-8"), culprit=str(folder / SUMS)))


def remember(built: Built, memory: Path, origin: str) -> None:
    """Keep what the release was made of; only for one that was just proven."""
    write_whole(memory, json.dumps(_memory(built.path, origin)._asdict(), indent=1) + "\n")


def _newest(releases: Path) -> Path | None:
    versions = standing_versions(releases)
    return releases / str(versions[-1]) if versions else None


def _recalled(memory: Path) -> _Memory | None:
    """Return what is remembered; None where that is nothing, or not in the words of this version."""
    try:
        return _Memory(**json.loads(memory.read_text(encoding="utf-8")))
    except (FileNotFoundError, UnicodeDecodeError, json.JSONDecodeError, TypeError):
        return None


def _memory(folder: Path, origin: str) -> _Memory:
    return _Memory(origin, code_digest(), folder.name, _look(folder), _sums(folder))


def _sums(folder: Path) -> str | None:
    return file_record(folder, SUMS).sha256 if (folder / SUMS).is_file() else None


def _look(folder: Path) -> str:
    states = ((path, path.stat()) for path in sorted(folder.rglob("*")) if path.is_file())
    look = [(path.relative_to(folder).as_posix(), state.st_size, state.st_mtime_ns) for path, state in states]
    return hashlib.sha256(repr(look).encode()).hexdigest()


def _code() -> Iterator[Path]:
    """Yield every file of the folders whose code or data a release is made with."""
    root = Path(__file__).parents[2]
    for name in _CODE:
        yield from (
            path
            for path in sorted((root / name).rglob("*"))
            if path.is_file() and "__pycache__" not in path.parts and path.suffix not in _COMPILED
        )
