"""Whether the files of a table are of one form: CSV and spreadsheet copies hold the rows of its Parquet file.

Here belongs that proof, for one table at a time. Not here: whether the rows are good (``judging``).
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from assets.publish import derive
from assets.publish.canonical import (
    canonical_pieces,
    canonical_rows,
    piece_rows,
    read_pieces,
    read_spelled,
    spelled_rows,
    write_csv,
    write_parquet,
)
from assets.publish.excel import excel_paths, write_excel
from assets.publish.findings import SHOWN, Finding, cells_apart, first_line, key_at
from assets.publish.news import News
from assets.publish.runs import only_differing, runs
from assets.publish.shares import read_kept
from assets.publish.sums import file_record
from contracts.projections.arrow import arrow_schema
from contracts.release import csv_path, parquet_path
from contracts.schema import Table


class Files(NamedTuple):
    """The files of one table of a release; ``copies`` asks for CSV and spreadsheet copies too, by making them again."""

    folder: Path
    table: Table
    copies: bool = True


class Formed(NamedTuple):
    """What is wrong with them; and rows and columns of the Parquet file, if it can be read."""

    findings: list[Finding]
    shape: tuple[int, int] | None


def form_of(files: Files) -> Formed:
    """Hold the files of a table to the canonical form of the rows in its Parquet file."""
    folder, table, copies = files
    csv, parquet = csv_path(table.name), parquet_path(table.name)
    if not (folder / csv).is_file() or not (folder / parquet).is_file():
        return Formed([], None)
    try:
        stored = pq.ParquetFile(folder / parquet)
        keys = stored.read(columns=list(table.key)) if set(table.key) <= set(stored.schema_arrow.names) else None
    except (pa.ArrowInvalid, OSError) as error:
        return Formed([Finding("parquet", parquet, f"it cannot be read ({first_line(error)})")], None)
    if keys is None or not stored.schema_arrow.equals(arrow_schema(table)):
        types = f"{_types(stored.schema_arrow)}; described is {_types(arrow_schema(table))}"
        return Formed([Finding("schema", parquet, f"it has {types}")], None)
    shape = (keys.num_rows, len(table.columns))
    duplicates = list(_duplicates(table, parquet, keys))
    if duplicates:
        return Formed(duplicates, shape)
    del keys
    if not copies and _is_canonical(folder / parquet, table):
        return Formed([], shape)
    with tempfile.TemporaryDirectory() as scratch:
        return Formed(list(_forms(folder, table, Path(scratch))), shape)


class Followed(NamedTuple):
    """A table of the release in ``folder`` that follows from others of it, all of them among ``names``."""

    folder: Path
    table: Table
    names: tuple[str, ...]
    news: News | None = None
    """What is not as it was in a release before, of which this was proven."""


def derived_apart(followed: Followed) -> list[Finding]:
    """Hold a table that follows from others to what follows from them."""
    if _is_derived_as_before(followed) if followed.news else _is_derived(followed):
        return []
    folder, table, names, _ = followed
    tables = derive.stored_tables(folder, names)
    due = spelled_rows(derive.derived(table, tables), table)
    return list(cells_apart("derived", csv_path(table.name), table, spelled_rows(tables[table.name], table), due))


def _is_derived(followed: Followed) -> bool:
    """Return whether the Parquet file of a table holds the rows that follow from others; it is read piece by piece."""
    folder, table, names, _ = followed
    stored, left = read_pieces(folder / parquet_path(table.name), piece_rows(table)), pa.table({})
    for due in derive.derived_pieces(table, derive.stored_tables(folder, names)):
        while left.num_rows < due.num_rows and (more := next(stored, None)) is not None:
            left = pa.concat_tables([left, more]) if left.num_rows else more
        if not left.slice(0, due.num_rows).equals(due):
            return False
        left = left.slice(due.num_rows)
    return not left.num_rows and next(stored, None) is None


def _is_derived_as_before(followed: Followed) -> bool:
    """Return whether rows of divisions with news follow from others, and all other rows stand as in the release before."""
    folder, table, _, news = followed
    assert news  # noqa: S101 - told by derived_apart

    def has_news(rows: pa.Table) -> pa.ChunkedArray:
        return pc.is_in(rows["division_id"], value_set=news.divisions)

    path = parquet_path(table.name)
    found = [arrow_schema(table).empty_table()]
    for run in runs(news.before.folder / path, folder / path, table):
        apart = only_differing(*run, table.key) if not run.old.equals(run.new) else ()
        if any(rows.filter(pc.invert(has_news(rows))).num_rows for rows in apart):
            return False
        found.append(run.new.filter(has_news(run.new)))
    stated = {name: read_kept(folder / parquet_path(name), has_news).rows for name in derive.DERIVED[table.name]}
    return bool(pa.concat_tables(found).equals(derive.derived(table, stated)))


def _duplicates(table: Table, file: str, rows: pa.Table) -> Iterator[Finding]:
    keys = rows.select(table.key).to_pandas()
    for place in islice(keys.index[keys.duplicated()], SHOWN):
        yield Finding("key", file, "another row has the same key", place + 1, key_at(table, rows, place))


def _forms(folder: Path, table: Table, scratch: Path) -> Iterator[Finding]:
    csv, parquet = csv_path(table.name), parquet_path(table.name)
    expected = folder / parquet
    if not _is_canonical(expected, table):
        yield Finding("canonical", parquet, f"its rows are not sorted by {', '.join(table.key)}")
        expected = scratch / "ordered.parquet"
        write_parquet(canonical_pieces(pq.read_table(folder / parquet), table), table, expected)
    (scratch / "excel").mkdir()
    write_excel(expected, table, scratch)
    for path in excel_paths(table, pq.read_metadata(expected).num_rows):
        if (folder / path).is_file() and not _same_bytes(scratch / path, folder / path):
            yield _first_byte(scratch / path, folder / path, path)
    write_csv(expected, table, scratch / "expected.csv")
    if not _same_bytes(scratch / "expected.csv", folder / csv):
        cells = list(_cells(folder / csv, csv, table, pq.read_table(expected)))
        yield from cells or [_first_byte(scratch / "expected.csv", folder / csv, csv)]


def _is_canonical(path: Path, table: Table) -> bool:
    """Return whether the rows of a Parquet file, whose keys are unique, are in canonical form; it is read piece by piece."""
    last: pa.Table | None = None
    for piece in read_pieces(path, piece_rows(table)):
        before = [] if last is None else [last]
        rows = pa.concat_tables([*before, piece])
        if not canonical_rows(rows, table).equals(rows):
            return False
        last = rows.slice(max(rows.num_rows - 1, 0))
    return True


def _cells(path: Path, file: str, table: Table, ordered: pa.Table) -> Iterator[Finding]:
    """Name the rows and cells in which a CSV differs from the rows it should hold."""
    try:
        found = read_spelled(path)
    except (pa.ArrowInvalid, UnicodeDecodeError) as error:
        yield Finding("csv", file, f"it cannot be read ({first_line(error)})")
        return
    if tuple(found.column_names) != table.columns:
        message = f"its columns are {', '.join(found.column_names)}; described are {', '.join(table.columns)}"
        yield Finding("schema", file, message)
        return
    yield from cells_apart("csv_is_parquet", file, table, found, spelled_rows(ordered, table))


def _first_byte(expected: Path, path: Path, file: str) -> Finding:
    """Name the place of the first byte that differs from the form that the same rows have."""
    due, found = expected.read_bytes(), path.read_bytes()
    at = next(
        (i for i, (one, other) in enumerate(zip(due, found, strict=False)) if one != other), min(len(due), len(found))
    )
    message = f"it is not the form of its rows from byte {at} on: {due[at : at + 12]!r} became {found[at : at + 12]!r}"
    return Finding("canonical", file, message)


def _types(schema: pa.Schema) -> str:
    return ", ".join(f"{field.name} {field.type}" for field in schema)


def _same_bytes(one: Path, other: Path) -> bool:
    return one.stat().st_size == other.stat().st_size and (
        file_record(one.parent, one.name).sha256 == file_record(other.parent, other.name).sha256
    )
