"""Files that are whole or not there: staged beside the target, written through, renamed. And the writers' lock.

Here belongs what keeps a killed process or a full disk from leaving half a file. Not here: what is in the files.
"""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from contracts.errors import WarehouseError
from warehouse.layout import Home

_STAGED = ".staged-"


@contextmanager
def replacing(target: Path, *, through: bool = True) -> Iterator[Path]:
    """Yield a path beside ``target`` to write to; it takes the target's place when the block ends well.

    When the block raises, the target stays as it was and the staged file is gone. ``through`` waits for the disk; who
    writes many files leaves that to one ``all_written_through`` at the end. Raises WarehouseError when the disk is full.
    """
    if not target.parent.is_dir():
        target.parent.mkdir(parents=True, exist_ok=True)
    staged = target.with_name(f"{_STAGED}{os.getpid()}-{target.name}")
    try:
        yield staged
        if through:
            write_through(staged)
        staged.replace(target)
        if through:
            write_through(target.parent)
    except OSError as error:
        staged.unlink(missing_ok=True)
        if error.errno not in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
            raise
        raise WarehouseError(
            "the disk is full; the last good state is untouched",
            culprit=str(target),
            remedy="Free some space and run again",
        ) from error
    except BaseException:
        staged.unlink(missing_ok=True)
        raise


def write_through(path: Path) -> None:
    """Return when the file or folder has reached the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def all_written_through() -> None:
    """Return when everything that was written before has reached the disk: once for thousands of files."""
    os.sync()


def sweep(folder: Path, *, deep: bool) -> None:
    """Remove what killed processes left staged in the folder (``deep``: or below it). Only under ``exclusively``."""
    for left in folder.rglob(f"{_STAGED}*") if deep else folder.glob(f"{_STAGED}*"):
        left.unlink(missing_ok=True)


@contextmanager
def exclusively(home: Home) -> Iterator[None]:
    """Hold the data home for writing, alone among all processes; the lock dies with its process.

    Raises WarehouseError, naming the holder, when another process holds it. Readers need no lock.
    """
    home.root.mkdir(parents=True, exist_ok=True)
    with home.lock.open("a+", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            lock.seek(0)
            raise WarehouseError(
                f"another run is writing here (process {lock.read().strip() or 'unknown'})",
                culprit=str(home.root),
                remedy="Wait until it is done, then run again",
            ) from error
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield
