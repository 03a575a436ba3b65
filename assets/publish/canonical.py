"""The canonical form of a table: one sequence of bytes for one set of rows.

Here belong sorting, the spelling of every value, and the two files (CSV, Parquet) of a table in that form. Not
here: which tables a release has, nor what its other files say.

The CSV is UTF-8 without BOM, lines end in LF, the first line names the columns, rows are sorted by the key (text by
code point), null is the empty field and no text is empty. Integers and whole numbers have no decimal point, other
numbers the fewest digits that read back as the same double, dates are ISO 8601, times end in ``Z``. A field is quoted
exactly when it holds a comma, a quotation mark, LF, CR or ``#``. DuckDB writes it; ``tests`` prove that what it writes
is this form.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet

from contracts.errors import ReleaseError
from contracts.projections.arrow import arrow_schema
from contracts.projections.duckdb import sql_type
from contracts.schema import Field, Table, Type

_WHOLE = 2**53
"""Below it every whole double is an exact integer, so it is written as one."""

PIECE = 100_000
"""Rows of a large table that are worked on at a time, and of a row group in its Parquet file."""

_SMALLER = {"texts": 5_000, "county_year_wide": 10_000}
"""The same where a row is long."""


def canonical_rows(rows: pa.Table, table: Table) -> pa.Table:
    """Return ``rows`` with the columns and types of ``table``, sorted by its key, empty texts null, -0 as 0.

    Raises:
        ReleaseError: a column is missing, a value is not a finite number, or two rows share a key.
    """
    there = set(rows.column_names)
    missing = [name for name in table.columns if name not in there]
    if missing:
        raise ReleaseError(
            f"the column {missing[0]} is missing",
            culprit=table.name,
            remedy="Build the warehouse again with this version: fazhi run",
        )
    rows = rows.select(table.columns).cast(arrow_schema(table))
    if not _ascends(rows, table):
        rows = rows.take(pc.sort_indices(rows, sort_keys=[(name, "ascending") for name in table.key]))
        if not _ascends(rows, table):
            _refuse_twice(rows, table)
    return pa.table([_cleaned(rows, field, table) for field in table.fields], schema=rows.schema)


def piece_rows(table: Table) -> int:
    """Return how many rows of the table make up a piece."""
    return _SMALLER.get(table.name, PIECE)


def canonical_pieces(rows: pa.Table, table: Table) -> Iterator[pa.Table]:
    """Yield what ``canonical_rows`` returns piece by piece, so that a large table is held once and not three times.

    Raises as ``canonical_rows`` does, when it comes to the piece.
    """
    size = piece_rows(table)
    if rows.num_rows <= size:
        yield canonical_rows(rows, table)
        return
    order = pc.sort_indices(rows, sort_keys=[(name, "ascending") for name in table.key])
    last: pa.Table | None = None
    for start in range(0, rows.num_rows, size):
        piece = canonical_rows(rows.take(order[start : start + size]), table)
        if last is not None:
            _refuse_twice(pa.concat_tables([last, piece.select(table.key).slice(0, 1)]), table)
        last = piece.select(table.key).slice(piece.num_rows - 1)
        yield piece


def write_csv(rows: pa.Table | Path, table: Table, path: Path) -> None:
    """Write canonical ``rows`` of ``table``, or those of a Parquet file, as its canonical CSV."""
    source = f"read_parquet('{_quoted(rows)}')" if isinstance(rows, Path) else "rows"
    with connect() as connection:
        if not isinstance(rows, Path):
            connection.register("rows", rows)
        connection.execute(
            f"COPY (SELECT {_spelled(table.fields)} FROM {source}) TO '{_quoted(path)}' "
            "(FORMAT csv, HEADER, DELIMITER ',', QUOTE '\"', ESCAPE '\"', NULLSTR '')"
        )


def write_parquet(pieces: Iterable[pa.Table], table: Table, path: Path) -> int:
    """Write canonical pieces as Parquet, the same bytes whatever the number of threads; return how many rows."""
    written = 0
    with pa.parquet.ParquetWriter(path, arrow_schema(table), compression="zstd") as writer:
        for piece in pieces:
            writer.write_table(piece.combine_chunks(), row_group_size=piece_rows(table))
            written += piece.num_rows
    return written


def read_pieces(path: Path, rows: int, columns: Sequence[str] | None = None) -> Iterator[pa.Table]:
    """Yield the rows of a Parquet file, so many at a time; at least one piece, empty where there are none.

    Of these ``columns`` only, if they are named.
    """
    file = pa.parquet.ParquetFile(path)
    if not file.metadata.num_rows:
        yield file.read(columns=columns)
    for batch in file.iter_batches(rows, columns=columns):
        yield pa.Table.from_batches([batch])


def spelled_rows(rows: pa.Table, table: Table) -> pa.Table:
    """Return ``rows`` with every value as the text that the canonical CSV has for it, nulls as nulls."""
    spelled = {field.name: rows[field.name] for field in table.fields if field.type is Type.TEXT}
    others = [field for field in table.fields if field.type is not Type.TEXT]
    if others:
        with connect() as connection:
            connection.register("rows", rows.select([field.name for field in others]))
            found = connection.sql(f"SELECT {_spelled(others)} FROM rows").to_arrow_table()
        spelled |= dict(zip(found.column_names, found.columns, strict=True))
    return pa.table({name: spelled[name] for name in table.columns})


def typed_rows(spelled: pa.Table, table: Table) -> pa.Table:
    """Return the values of ``spelled`` in their declared types: the way back from ``spelled_rows``."""
    columns = ", ".join(f"CAST({_named(f.name)} AS {sql_type(f)}) AS {_named(f.name)}" for f in table.fields)
    with connect() as connection:
        connection.register("rows", spelled)
        rows: pa.Table = connection.sql(f"SELECT {columns} FROM rows").to_arrow_table()
        return rows.cast(arrow_schema(table))


def read_spelled(path: Path, columns: Sequence[str] = ()) -> pa.Table:
    """Return the fields of a CSV as texts, empty fields as nulls; of these ``columns`` only, if any are named.

    Raises pyarrow.ArrowInvalid where it is broken.
    """
    return pa.csv.read_csv(
        path,
        read_options=pa.csv.ReadOptions(use_threads=False),
        parse_options=pa.csv.ParseOptions(newlines_in_values=True),
        convert_options=pa.csv.ConvertOptions(
            column_types={name: pa.string() for name in read_header(path)},
            include_columns=list(columns),
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=True,
        ),
    )


def read_header(path: Path) -> list[str]:
    """Return the column names in the first line of a CSV."""
    with path.open(encoding="utf-8", newline="") as lines:
        return [name.strip('"') for name in lines.readline().rstrip("\r\n").split(",")]


def connect() -> duckdb.DuckDBPyConnection:
    """Return a connection of its own that keeps the order of rows and knows no time zone but UTC."""
    return _database().cursor()


@cache
def _database() -> duckdb.DuckDBPyConnection:
    """Open the database in memory that all connections share: opening one costs more than most queries here."""
    # One thread: a COPY in order by several holds what each has made until its turn comes, four times the memory.
    database = duckdb.connect(config={"preserve_insertion_order": True, "threads": 1})
    database.execute("SET GLOBAL TimeZone = 'UTC'")
    return database


def _cleaned(rows: pa.Table, field: Field, table: Table) -> pa.ChunkedArray:
    """Return a column with nulls for empty texts and 0 for -0."""
    column = rows[field.name]
    if column.null_count == len(column):
        return column
    if field.type is Type.TEXT:
        empty = pc.equal(column, "")
        return pc.if_else(empty, None, column) if pc.any(empty).as_py() else column
    if field.type is Type.NUMBER:
        _refuse_infinite(rows, field, table)
        zero = pc.equal(column, 0.0)  # as is -0.0
        return pc.if_else(zero, 0.0, column) if pc.any(zero).as_py() else column
    return column


def _ascends(rows: pa.Table, table: Table) -> bool:
    """Return whether each row's key is greater than the one before it; False where a key has a null."""
    if rows.num_rows < 2:  # noqa: PLR2004 - a row and the one before it
        return True
    less, equal = pa.scalar(value=False), pa.scalar(value=True)
    for name in table.key:
        column = rows.column(name).combine_chunks()
        before, after = column.slice(0, len(column) - 1), column.slice(1)
        less = pc.or_(less, pc.and_(equal, pc.less(before, after)))
        equal = pc.and_(equal, pc.equal(before, after))
    return bool(pc.all(pc.fill_null(less, fill_value=False)).as_py())


def _spelled(fields: Iterable[Field]) -> str:
    """Return the SELECT list that spells columns as text."""
    return ", ".join(f"{_spelling(field)} AS {_named(field.name)}" for field in fields)


def _spelling(field: Field) -> str:
    name = _named(field.name)
    match field.type:
        case Type.TEXT:
            return name
        case Type.INTEGER | Type.DATE:
            return f"CAST({name} AS VARCHAR)"
        case Type.TIMESTAMP:
            return f"strftime({name}, '%Y-%m-%dT%H:%M:%SZ')"
        case Type.NUMBER:
            whole = f"{name} = trunc({name}) AND abs({name}) < {_WHOLE}"
            return f"CASE WHEN {whole} THEN CAST(CAST({name} AS BIGINT) AS VARCHAR) ELSE CAST({name} AS VARCHAR) END"


def _refuse_twice(rows: pa.Table, table: Table) -> None:
    """Raise ReleaseError where two of the rows share a key."""
    key = ", ".join(map(_named, table.key))
    with connect() as connection:
        connection.register("rows", rows)
        twice = connection.execute(
            f"SELECT {key} FROM rows GROUP BY {key} HAVING count(*) > 1 ORDER BY {key} LIMIT 1"
        ).fetchone()
    if twice:
        raise ReleaseError(
            f"two rows share the key {', '.join(table.key)} = {', '.join(map(str, twice))}",
            culprit=table.name,
            remedy="Look into what writes this table: a key names one row",
        )


def _refuse_infinite(rows: pa.Table, field: Field, table: Table) -> None:
    finite = pc.fill_null(pc.is_finite(rows[field.name]), fill_value=True)
    if not pc.all(finite).as_py():
        unfit = pc.index(finite, value=False).as_py()
        raise ReleaseError(
            f"{field.name} is no finite number at {', '.join(table.key)} = "
            f"{', '.join(str(rows[name][unfit]) for name in table.key)}",
            culprit=table.name,
            remedy="A value that is not known is null",
        )


def _named(column: str) -> str:
    return f'"{column}"'


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
