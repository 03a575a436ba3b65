"""A table cut into shares by how the ids of its documents begin, so that no worker holds the texts of all.

Here belong the cutting and the reading of a share. Not here: what is done with one (``judging``, ``site``).
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from assets.publish.canonical import PIECE, read_pieces

ROWS = 225_000
"""A table of more observations is cut into shares of no more, as far as there are digits."""

_DIGITS = "0123456789abcdef"
_READ_AT_ONCE = 2**24
"""Bytes."""


class Share(NamedTuple):
    """The ids that stand between two hexadecimal digits behind their letter; open at its end of the row of shares."""

    first: str | None
    end: str | None

    def holds(self, ids: pa.ChunkedArray, letter: str) -> pa.ChunkedArray:
        """Return of each id whether it belongs to this share; each id, and null, belongs to just one of all shares."""
        after = pc.fill_null(pc.greater_equal(ids, letter + self.first), fill_value=False) if self.first else None
        before = pc.fill_null(pc.less(ids, letter + self.end), fill_value=not self.first) if self.end else None
        if after is None or before is None:
            return after or before or pa.chunked_array([pa.array(np.ones(len(ids), dtype=bool))])
        return pc.and_(after, before)


def shares_of(observations: int) -> list[Share]:
    """Return the shares into which a release with so many observations is cut."""
    number = next((n for n in (1, 2, 4, 8) if observations <= n * ROWS), len(_DIGITS))
    firsts = [_DIGITS[place * len(_DIGITS) // number] for place in range(number)]
    return [Share(*pair) for pair in zip([None, *firsts[1:]], [*firsts[1:], None], strict=True)]


class Kept(NamedTuple):
    """Some rows of a file, and which of its rows they are, counted from 0."""

    rows: pa.Table
    places: np.ndarray[tuple[int], np.dtype[np.int64]]


def read_kept(path: Path, keep: Callable[[pa.Table], pa.ChunkedArray], columns: list[str] | None = None) -> Kept:
    """Return the rows of a Parquet file that are to be kept; never more than these and a piece of it are held."""
    kept, places, start = [], [], 0
    metadata = pq.read_metadata(path)
    held = sum(metadata.row_group(group).total_byte_size for group in range(metadata.num_row_groups))
    rows = max(1, min(metadata.num_rows, PIECE, metadata.num_rows * _READ_AT_ONCE // max(1, held)))
    for piece in read_pieces(path, rows, columns):
        mask = keep(piece)
        kept.append(piece.filter(mask))
        places.append(np.flatnonzero(mask.to_numpy()) + start)
        start += piece.num_rows
    return Kept(pa.concat_tables(kept), np.concatenate(places))
