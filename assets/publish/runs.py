"""The rows of one table in two releases, read side by side in the order of its key, so that neither is held whole.

Here belong the walk and telling which rows differ. Not here: what is concluded from that (``diff``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import reduce
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from assets.publish.canonical import piece_rows, read_pieces
from assets.publish.shares import read_kept
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


def only_differing(old: pa.Table, new: pa.Table, key: Iterable[str]) -> Run:
    """Return of rows sorted by key, of either side, those that the other does not have just so."""
    sides, keys = (old, new), [row_keys(rows, key) for rows in (old, new)]
    here_alone = [pc.invert(pc.is_in(one, value_set=other)) for one, other in (keys, keys[::-1])]
    shared = [rows.filter(pc.invert(alone)) for rows, alone in zip(sides, here_alone, strict=True)]
    apart = [pc.invert(_alike_cells(*columns)) for columns in zip(*(rows.columns for rows in shared), strict=True)]
    differs = reduce(pc.or_, apart)
    return Run(
        *(
            pa.concat_tables([rows.filter(alone), both.filter(differs)])
            for rows, alone, both in zip(sides, here_alone, shared, strict=True)
        )
    )


def named_rows(path: Path, key: tuple[str, ...], keys: pa.Array, columns: Iterable[str] = ()) -> pa.Table:
    """Return key and ``columns`` of those rows of a Parquet file that a diff names by ``keys``."""
    wanted = [*dict.fromkeys((*key, *columns))]
    return read_kept(path, lambda rows: pc.is_in(row_keys(rows, key), value_set=keys), wanted).rows


def row_keys(rows: pa.Table, key: Iterable[str]) -> pa.ChunkedArray:
    """Return of each row what names it in a diff."""
    return pc.binary_join_element_wise(*(rows[name].cast(pa.string()) for name in key), "|")


def _alike_cells(old: pa.ChunkedArray, new: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.coalesce(pc.equal(old, new), pc.and_(pc.is_null(old), pc.is_null(new)))


def _rows_up_to(rows: pa.Table, table: Table, end: tuple[pa.Scalar, ...]) -> int:
    """Return how many of the rows have a key that is not greater than ``end``."""
    less, equal = pa.scalar(value=False), pa.scalar(value=True)
    for name, value in zip(table.key, end, strict=True):
        less = pc.or_(less, pc.and_(equal, pc.less(rows[name], value)))
        equal = pc.and_(equal, pc.equal(rows[name], value))
    return int(pc.sum(pc.or_(less, equal), min_count=0).as_py())
