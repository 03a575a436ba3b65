"""Files and folders into the raw store.

Belongs here: walking what a user names, and what became of each file. Not here: the store (`raw`), formats (`readers`),
addresses (`fetch`) and rows of tables (`rows`).

Names that begin with `.` or `~$` (editors' and systems' own files) and origin records are no inputs. Folders that are links
are not entered, so a loop of links ends.
"""

import os
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from assets.ingest.origin import SIDECAR_SUFFIXES, has_sidecar, is_sidecar, read_sidecar
from assets.ingest.raw import RawStore
from assets.ingest.readers import load
from assets.ingest.refusals import OriginRecordError, RefusalError, UnreachableFileError
from assets.ingest.seen import Seen
from contracts.origin import Origin, timestamp


class Outcome(NamedTuple):
    """What became of one input."""

    path: str
    """As origin records hold it: relative to the folder that was named, with `/` between parts."""
    sha256: str | None
    """None when the file did not go in."""
    is_new: bool
    """False for bytes that were stored before, and for refused files."""
    refusal: RefusalError | None
    """Why it did not go in."""


def ingest(
    inputs: Iterable[Path], store: RawStore, *, now: datetime, settled: Origin | None = None
) -> Iterator[Outcome]:
    """Stores every file of `inputs` (files and folders) and says what became of each, in the order of their names.

    `settled` holds what the user settles by hand for all of them; a sidecar beside a file goes before it. A refused file stops
    nobody else. `now` becomes the time of retrieval of bytes that were never seen before.
    """
    seen, held = Seen(store.root / "seen.json"), set(store.hashes())
    for path, name in walk(inputs):
        outcome = _known(path, name, held, seen) if settled is None else None
        if outcome is None:
            outcome = _ingest_one(path, name, store, now=now, settled=settled)
            if outcome.sha256 is not None:
                seen.note(path, outcome.sha256)
        yield outcome
    seen.keep()
    store.settle()


def count_inputs(inputs: Iterable[Path]) -> int:
    """How many outcomes `ingest` will give for `inputs`, for a progress bar."""
    return sum(1 for _ in walk(inputs))


def walk(inputs: Iterable[Path]) -> Iterator[tuple[Path, str]]:
    """Yields every file that `inputs` name, with its name as origin records hold it; sidecars without their file too."""
    for given in inputs:
        if given.is_dir() and not given.is_symlink():
            yield from _walk_folder(given)
        else:
            yield given, _portable(given.name or str(given))


def _known(path: Path, name: str, held: set[str], seen: Seen) -> Outcome | None:
    """What became of a file that looks as it did when it went in and that no origin record speaks of; else None."""
    sha256 = seen.digest(path)
    if sha256 is None or sha256 not in held or has_sidecar(path):
        return None
    return Outcome(name, sha256, False, None)


def _ingest_one(path: Path, name: str, store: RawStore, *, now: datetime, settled: Origin | None) -> Outcome:
    try:
        if is_sidecar(path):
            raise OriginRecordError(
                "describes a file that is not there", culprit=name, remedy="Put the file beside it, or remove it"
            )
        if path.is_symlink() and path.is_dir():
            raise UnreachableFileError("is a link to a folder", culprit=name, remedy="Name that folder itself")
        data = load(path)
        by_hand = _by_hand(read_sidecar(path), settled)
        origin = Origin(path=name) if by_hand is None else by_hand.over(Origin(path=name))
        if origin.retrieved_at is None:
            origin = replace(origin, retrieved_at=timestamp(now))
        sha256, is_new = store.put(data, origin, settled_by_hand=by_hand is not None)
    except RefusalError as refusal:
        return Outcome(name, None, False, refusal)
    return Outcome(name, sha256, is_new, None)


def _by_hand(sidecar: Origin | None, settled: Origin | None) -> Origin | None:
    return sidecar.over(settled) if sidecar and settled else sidecar or settled


def _walk_folder(root: Path) -> Iterator[tuple[Path, str]]:
    for folder, subfolders, names in os.walk(root, followlinks=False):
        within = Path(folder).relative_to(root).as_posix()
        linked = [name for name in subfolders if Path(folder, name).is_symlink()]
        subfolders[:] = sorted(name for name in subfolders if not _is_hidden(name))
        present = set(names)
        for name in sorted([*names, *linked]):
            described = next((name.removesuffix(s) for s in SIDECAR_SUFFIXES if name.endswith(s)), None)
            if not _is_hidden(name) and (described is None or described not in present):
                yield Path(folder, name), _portable(name if within == "." else f"{within}/{name}")


def _is_hidden(name: str) -> bool:
    return name.startswith((".", "~$"))


def _portable(name: str) -> str:
    """`name` as valid text, whatever bytes the file system holds."""
    return os.fsencode(name).decode("utf-8", errors="backslashreplace")
