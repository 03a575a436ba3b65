"""The tables as Parquet files, and the snapshot that says which files make up the present state.

A file is named by the hash of its bytes and never changes. A write puts new files beside the old ones and then
replaces ``snapshot.json``, the only file that ever changes: a reader of a snapshot sees all of a write or
nothing of it. Files that no snapshot names any more are removed once no reader can still hold them.

Here belongs reading and writing tables whole or by partition. Not here: whether the rows are good (the caller
validated them), nor the DuckDB file over them (``warehouse.database``).
"""

from __future__ import annotations

import hashlib
import json
import shlex
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from contracts.errors import WarehouseError
from contracts.projections.arrow import arrow_schema
from contracts.schema import Table
from contracts.tables import SCHEMA_FINGERPRINT, SCHEMA_VERSION, TABLES
from warehouse.files import replacing, sweep
from warehouse.layout import Home

WHOLE = ""
"""The partition of a table that is not partitioned."""

READERS_GRACE = 3600.0
"""Seconds for which a file that no snapshot names stays for the readers of an older one."""


class Part(NamedTuple):
    """One Parquet file: where it lies below ``parquet/``, and what it must be."""

    file: str
    rows: int
    bytes: int


Snapshot = dict[str, dict[str, Part]]
"""Table name -> partition -> file."""

Changes = Mapping[str, Mapping[str, pa.Table | Part]]
"""Table name -> partition -> its new rows, or the file that was staged for it."""


@dataclass(frozen=True, slots=True)
class Store:
    """The tables of one data home."""

    home: Home

    def snapshot(self) -> Snapshot:
        """Return the present state; empty in a new home.

        Raises WarehouseError when the list cannot be read or its tables were written with other columns.
        """
        path = self.home.snapshot
        if not path.exists():
            return {}
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
            version, fingerprint, tables = data["schema_version"], data.get("schema_fingerprint"), data["tables"]
            found = {table: {key: Part(**part) for key, part in parts.items()} for table, parts in tables.items()}
        except (json.JSONDecodeError, UnicodeDecodeError, KeyError, TypeError) as error:
            raise WarehouseError(
                f"the list of the tables' files cannot be read ({type(error).__name__})",
                culprit=str(path),
                remedy=self._made_again(),
            ) from error
        if fingerprint != SCHEMA_FINGERPRINT:
            raise WarehouseError(
                f"the tables were written with other columns (schema {version}, this one is {SCHEMA_VERSION})",
                culprit=str(path),
                remedy=self._made_again(),
            )
        return found

    def partitions(self, table: Table) -> list[str]:
        """Return the names of the partitions that the table has, sorted."""
        return sorted(self.snapshot().get(table.name, {}))

    def read(
        self,
        table: Table,
        partitions: Iterable[str] | None = None,
        columns: list[str] | None = None,
    ) -> pa.Table:
        """Return the rows of some partitions (all when None) sorted by key; no rows where there is no file.

        Raises WarehouseError when a file is missing or cut short.
        """
        parts = self.snapshot().get(table.name, {})
        wanted = sorted(parts) if partitions is None else sorted(set(partitions) & set(parts))
        read = [self.read_part(table, parts[name], columns) for name in wanted]
        return pa.concat_tables(read) if read else _schema(table, columns).empty_table()

    def stage(self, table: Table, partition: str, rows: pa.Table) -> Part:
        """Write the file of a partition without making it part of the state; ``write`` does that."""
        return self._write_part(table, partition, rows)

    def read_part(self, table: Table, part: Part, columns: list[str] | None = None) -> pa.Table:
        """Return the rows of one file, of the present state or staged."""
        return self._read_part(table, part, columns).cast(_schema(table, columns))

    def write(self, changes: Changes) -> Snapshot:
        """Put partitions in the place of those of the same name, all at once, and return the new state.

        ``changes`` is table name -> partition -> rows or a staged file; a partition without rows is removed. Only
        under ``warehouse.files.exclusively``.
        """
        state = self.snapshot()
        for name, partitions in changes.items():
            parts = dict(state.get(name, {}))
            for partition, given in partitions.items():
                part = given if isinstance(given, Part) else self.stage(TABLES[name], partition, given)
                parts[partition] = part
                if not part.rows:
                    del parts[partition]
            state[name] = dict(sorted(parts.items()))
        self._retire(state)
        self._commit(state)
        return state

    def replace(self, table: Table, rows: pa.Table) -> Snapshot:
        """Make ``rows`` the whole of the table, whatever its partitions were."""
        changes: dict[str, pa.Table] = dict.fromkeys(self.partitions(table), rows.slice(0, 0))
        return self.write({table.name: {**changes, **split(table, rows)}})

    def check(self) -> None:
        """Read every file of the present state whole; raises WarehouseError at the first that is not what it was."""
        for parts in self.snapshot().values():
            for part in parts.values():
                path = self._path(part)
                if path.stem != _name_of(path.read_bytes() if path.exists() else b""):
                    raise self._damaged(path, "its bytes are not those that were written")

    def collect_garbage(self, grace: float = READERS_GRACE) -> list[Path]:
        """Remove files that the present state does not name and no reader can still hold; return them.

        Only under ``warehouse.files.exclusively``.
        """
        sweep(self.home.parquet, deep=True)
        named = {self._path(part) for parts in self.snapshot().values() for part in parts.values()}
        now = time.time()
        stale = [
            path
            for path in sorted(self.home.parquet.rglob("*.parquet"))
            if path not in named and now - path.stat().st_mtime >= grace
        ]
        for path in stale:
            path.unlink()
        return stale

    def _path(self, part: Part) -> Path:
        return self.home.parquet / part.file

    def _read_part(self, table: Table, part: Part, columns: list[str] | None) -> pa.Table:
        path = self._path(part)
        if not path.exists():
            raise self._damaged(path, "the file is gone")
        if path.stat().st_size != part.bytes:
            raise self._damaged(path, f"it has {path.stat().st_size} bytes where {part.bytes} were written")
        try:
            return pq.ParquetFile(path).read(columns=columns or list(table.columns))
        except pa.ArrowException as error:
            raise self._damaged(path, f"it cannot be read ({type(error).__name__})") from error

    def _write_part(self, table: Table, partition: str, rows: pa.Table) -> Part:
        ordered = rows.select(list(table.columns)).cast(arrow_schema(table))
        ordered = ordered.sort_by([(column, "ascending") for column in table.key])
        content = _encode(ordered)
        folder = table.name if partition == WHOLE else f"{table.name}/{partition}"
        file = f"{folder}/{_name_of(content)}.parquet"
        path = self.home.parquet / file
        if path.exists() and path.stat().st_size == len(content):
            path.touch()
        else:
            with replacing(path) as staged:
                staged.write_bytes(content)
        return Part(file, ordered.num_rows, len(content))

    def _damaged(self, path: Path, what: str) -> WarehouseError:
        return WarehouseError(f"{what}; the table is damaged", culprit=str(path), remedy=self._made_again())

    def _made_again(self) -> str:
        return f"Run `rm -r {shlex.quote(str(self.home.parquet))}`, then `fazhi run`: all is made again from raw"

    def _retire(self, state: Snapshot) -> None:
        """Start the grace of the files that ``state`` no longer names, before it becomes the present one."""
        kept = {part.file for parts in state.values() for part in parts.values()}
        for parts in self.snapshot().values():
            for part in parts.values():
                if part.file not in kept and self._path(part).exists():
                    self._path(part).touch()

    def _commit(self, state: Snapshot) -> None:
        tables = {
            name: {key: part._asdict() for key, part in parts.items()} for name, parts in sorted(state.items()) if parts
        }
        head = {"schema_version": SCHEMA_VERSION, "schema_fingerprint": SCHEMA_FINGERPRINT}
        text = json.dumps({**head, "tables": tables}, indent=1, ensure_ascii=False)
        with replacing(self.home.snapshot) as staged:
            staged.write_text(text + "\n", encoding="utf-8")


def split(table: Table, rows: pa.Table) -> dict[str, pa.Table]:
    """Return the rows by partition; one partition named ``WHOLE`` when the table has none."""
    if table.partition is None:
        return {WHOLE: rows}
    column, characters = table.partition.column, table.partition.characters
    values = rows.column(column).cast(pa.string())
    if characters is not None:
        values = pc.utf8_slice_codeunits(values, 0, characters)
    names = sorted(pc.unique(values).to_pylist())
    return {partition_name(table, name): rows.filter(pc.equal(values, name)) for name in names}


def partition_name(table: Table, value: Any) -> str:
    """Return the name of the partition that holds rows with ``value`` in the partition's column."""
    if table.partition is None:
        return WHOLE
    column, characters = table.partition.column, table.partition.characters
    return f"{column}={value}" if characters is None else f"{column}_prefix={str(value)[:characters]}"


def _schema(table: Table, columns: list[str] | None) -> pa.Schema:
    schema = arrow_schema(table)
    return schema if columns is None else pa.schema([schema.field(name) for name in columns], metadata=schema.metadata)


def _encode(rows: pa.Table) -> bytes:
    """Return the rows as Parquet: the same rows in the same order are the same bytes."""
    sink = pa.BufferOutputStream()
    pq.write_table(rows, sink, compression="zstd", compression_level=3, row_group_size=100_000)
    encoded: bytes = sink.getvalue().to_pybytes()
    return encoded


def _name_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]
