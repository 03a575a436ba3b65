"""The rows of one table in two releases, read side by side in the order of its key, so that neither is held whole.

Here belongs the walk alone. Not here: what is concluded from rows that differ (``diff``).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from assets.publish.canonical import piece_rows, read_pieces
from contracts.schema import Table


class Run(NamedTuple):
    """The rows of a table whose keys stand between the same two keys, as each of two releases has them."""

    old: pa.Table
    new: pa.Table


def runs(old: Path, new: Path, table: Table) -> Iterator[Run]:
    """Yield all rows of two Parquet files of a table, both sorted by its key, in runs of about a piece; each key is in one run."""
    files = [read_pieces(path, piece_rows(table)) for path in (old, new)]
    held: list[pa.Table | None] = [next(pieces) for pieces in files]
    while True:
        for side, pieces in enumerate(files):
            rows = held[side]
            if rows is not None and not rows.num_rows:
                held[side] = next(pieces, None)
        last = [tuple(rows[name][-1] for name in table.key) for rows in held if rows is not None and rows.num_rows]
        if not last:
            return
        end = min(last, key=lambda key: tuple(value.as_py() for value in key))
        cuts = [_rows_up_to(rows, table, end) if rows is not None else 0 for rows in held]
        # Of a release that has come to its end any rows show the columns, so that every run has them.
        shown = [rows if rows is not None else other for rows, other in zip(held, reversed(held), strict=True)]
        yield Run(*(rows.slice(0, cut) for rows, cut in zip(shown, cuts, strict=True) if rows is not None))
        held = [rows.slice(cut) if rows is not None else None for rows, cut in zip(held, cuts, strict=True)]


def _rows_up_to(rows: pa.Table, table: Table, end: tuple[pa.Scalar, ...]) -> int:
    """Return how many of the rows have a key that is not greater than ``end``."""
    less, equal = pa.scalar(value=False), pa.scalar(value=True)
    for name, value in zip(table.key, end, strict=True):
        less = pc.or_(less, pc.and_(equal, pc.less(rows[name], value)))
        equal = pc.and_(equal, pc.equal(rows[name], value))
    return int(pc.sum(pc.or_(less, equal), min_count=0).as_py())
