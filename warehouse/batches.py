"""Batches of parsed rows on their way from parsing to validating: one Parquet file a batch and table.

They pass from one step to the next, and from worker processes, without being pickled. Here belongs writing,
reading and clearing them. Not here: accepted tables (``warehouse.store``), nor what parsing gives.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from contracts.projections.arrow import arrow_schema, table_from_rows
from contracts.schema import Table
from contracts.tables import TABLES
from warehouse.files import replacing
from warehouse.layout import Home


def write_batch(home: Home, number: int, rows: Mapping[str, Iterable[Mapping[str, Any]]]) -> dict[str, int]:
    """Write the rows of one batch, table name -> rows, and return how many there were of each."""
    counts = {}
    for name, batch in rows.items():
        made = table_from_rows(TABLES[name], batch)
        with replacing(home.parsed / name / f"{number:06d}.parquet") as staged:
            pq.write_table(made, staged, compression="zstd")
        counts[name] = made.num_rows
    return counts


def read_batches(home: Home, table: Table) -> pa.Table:
    """Return the rows of all batches of the table, in the order of the batches."""
    schema = arrow_schema(table)
    parts = [pq.ParquetFile(path).read().cast(schema) for path in sorted((home.parsed / table.name).glob("*.parquet"))]
    return pa.concat_tables(parts) if parts else schema.empty_table()


def clear_batches(home: Home) -> None:
    """Remove all batches."""
    if home.parsed.exists():
        shutil.rmtree(home.parsed)
