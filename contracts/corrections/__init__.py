"""Corrections: single cells mended by hand, each guarded by what it expects to find.

Here belong the file of corrections, its reading and its checks. Not here: applying them (``assets.validate``).
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from contracts.errors import CatalogueError

CORRECTIONS_FILE = Path(__file__).parent / "observations.csv"

CORRECTABLE = ("value", "qualifier", "scope", "period", "dimension", "obs_status")


class Correction(NamedTuple):
    """One line of the file; ``expected`` and ``corrected`` are None for null."""

    observation_id: str
    document_id: str
    column: str
    expected: str | None
    corrected: str | None
    reason: str
    line: int


@lru_cache(maxsize=1)
def load_corrections() -> tuple[Correction, ...]:
    """Return the project's corrections, in the order of their file."""
    return read_corrections(CORRECTIONS_FILE)


def read_corrections(path: Path) -> tuple[Correction, ...]:
    """Read a file of corrections; raises CatalogueError naming the line that says something it may not."""
    with path.open(encoding="utf-8", newline="") as stream:
        lines = csv.DictReader(stream, strict=True)
        wanted = [name for name in Correction._fields if name != "line"]
        if lines.fieldnames != wanted:
            raise CatalogueError("has other columns", culprit=path.name, remedy=f"Write {','.join(wanted)}")
        found = [_correction(path, number, row) for number, row in enumerate(lines, start=2)]
    cells = [(correction.observation_id, correction.column) for correction in found]
    for correction, cell in zip(found, cells, strict=True):
        if cells.count(cell) > 1:
            raise _fault(path, correction.line, "corrects a cell twice", "Keep one line a cell")
    return tuple(found)


def digest(corrections: Iterable[Correction]) -> str:
    """Return a short hash of what the corrections say; empty for none."""
    said = [repr(correction._replace(line=0)) for correction in corrections]
    return hashlib.sha256("\n".join(sorted(said)).encode()).hexdigest()[:16] if said else ""


def _correction(path: Path, line: int, row: dict[str, str | None]) -> Correction:
    if None in row or None in row.values():
        raise _fault(path, line, "has another number of cells than the head", "Write one cell a column")
    cells = {name: value or None for name, value in row.items()}
    for name in ("observation_id", "document_id", "column", "reason"):
        if cells[name] is None:
            raise _fault(path, line, f"has no {name}", f"Write its {name}")
    if cells["column"] not in CORRECTABLE:
        raise _fault(path, line, f"corrects {cells['column']}", f"Only these can be: {', '.join(CORRECTABLE)}")
    if cells["expected"] == cells["corrected"]:
        raise _fault(path, line, "changes nothing", "Take it out")
    return Correction(**cells, line=line)  # type: ignore[arg-type]


def _fault(path: Path, line: int, message: str, remedy: str) -> CatalogueError:
    return CatalogueError(message, culprit=f"{path.name}:{line}", remedy=remedy)
