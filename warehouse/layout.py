"""The data home: one folder, and what lies where in it.

Here belong the names of its parts and how the folder is found. Not here: reading or writing any of them.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

HOME_VARIABLE = "FAZHI_HOME"


@dataclass(frozen=True, slots=True)
class Home:
    """The data home at ``root``; nothing is created until something is written."""

    root: Path

    @classmethod
    def find(cls, environment: Mapping[str, str] = os.environ) -> Home:
        """Return the home that ``$FAZHI_HOME`` names, else ``data`` in the working folder; always absolute."""
        return cls(Path(environment.get(HOME_VARIABLE) or "data").expanduser().resolve())

    @property
    def inbox(self) -> Path:
        """Where people put files to be taken in."""
        return self.root / "inbox"

    @property
    def raw(self) -> Path:
        """The bytes taken in, each with its origin record."""
        return self.root / "raw"

    @property
    def parquet(self) -> Path:
        """The tables, one folder each, and the snapshot that says which files count."""
        return self.root / "parquet"

    @property
    def snapshot(self) -> Path:
        """The list of the Parquet files that make up the present state."""
        return self.parquet / "snapshot.json"

    @property
    def parsed(self) -> Path:
        """Batches that were parsed and not yet validated."""
        return self.root / "parsed"

    @property
    def database(self) -> Path:
        """The DuckDB file of views over the tables."""
        return self.root / "fazhi.duckdb"

    @property
    def releases(self) -> Path:
        """The releases, each an immutable folder."""
        return self.root / "releases"

    @property
    def released(self) -> Path:
        """What the newest release was made of."""
        return self.root / "released.json"

    @property
    def remembered(self) -> Path:
        """What this home and its bucket last agreed on."""
        return self.root / "bucket.json"

    @property
    def dagster(self) -> Path:
        """What Dagster keeps of its runs."""
        return self.root / "dagster"

    @property
    def lock(self) -> Path:
        """The file whose lock a writer holds."""
        return self.root / ".lock"
