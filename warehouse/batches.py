"""Batches of parsed rows on their way from parsing to validating: one Parquet file a batch and table.

They pass from one step to the next, and from worker processes, without being pickled. Here belongs writing,
reading and clearing them. Not here: accepted tables (``warehouse.store``), nor what parsing gives.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from contracts.projections.arrow import arrow_schema, table_from_rows
from contracts.schema import Table
from contracts.tables import TABLES
from warehouse.files import replacing
from warehouse.layout import Home
from warehouse.store import split


def write_batch(home: Home, number: int, rows: Mapping[str, Iterable[Mapping[str, Any]]]) -> dict[str, int]:
    """Write the rows of one batch, table name -> rows, and return how many there were of each.

    Rows of one report year lie together, so that ``read_batches`` reads a year without the others.
    """
    counts = {}
    for name, batch in rows.items():
        made = table_from_rows(TABLES[name], batch)
        target = home.parsed / name / f"{number:06d}.parquet"
        # Not written through: after a power cut the texts are parsed again.
        with (
            replacing(target, through=False) as staged,
            pq.ParquetWriter(staged, made.schema, compression="zstd") as writer,
        ):
            for part in split(TABLES[name], made).values():
                writer.write_table(part)
        counts[name] = made.num_rows
    return counts


def read_batches(home: Home, table: Table, year: int | None = None) -> pa.Table:
    """Return the rows of all batches of the table (of one report year) in the order of the batches."""
    schema = arrow_schema(table)
    paths = sorted((home.parsed / table.name).glob("*.parquet"))
    if not paths:
        return schema.empty_table()
    wanted = None if year is None else pc.field("report_year") == year
    return ds.dataset(paths, schema=schema, format="parquet").to_table(filter=wanted)


def lay_by_texts(home: Home, year: int, texts: pa.Table) -> Path:
    """Write the texts of one report year beside the batches, for whoever works on that year, and return the file."""
    target = home.parsed / "texts" / f"{year}.parquet"
    with replacing(target, through=False) as staged:
        pq.write_table(texts, staged, compression="zstd")
    return target


def clear_batches(home: Home) -> None:
    """Remove all batches."""
    if home.parsed.exists():
        shutil.rmtree(home.parsed)
