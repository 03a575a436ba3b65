"""What a verification finds: one thing that is not as promised, and how its place is named.

Here belong the finding and the words that checks share. Not here: the checks (``verify``, ``forms``, ``judging``).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any, NamedTuple

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from contracts.schema import Table

SHOWN = 20
"""How many findings of one kind in one file are listed; the rest is counted."""


class Finding(NamedTuple):
    """One thing that is not as promised.

    ``row`` counts the rows of a table from 1, the header not among them; ``key`` names the row by its key.
    """

    check: str
    file: str
    message: str
    row: int | None = None
    key: str | None = None
    column: str | None = None

    def __str__(self) -> str:
        """Return it on one line, the place first."""
        place = [self.file]
        if self.row is not None:
            place.append(f"row {self.row} ({self.key})" if self.key else f"row {self.row}")
        if self.column is not None:
            place.append(f"column {self.column}")
        return f"{', '.join(place)}: {self.message} [{self.check}]"


def cells_apart(check: str, file: str, table: Table, found: pa.Table, expected: pa.Table) -> Iterator[Finding]:
    """Name the rows and cells in which two tables of texts differ."""
    if found.num_rows != expected.num_rows:
        yield from _rows_apart(check, file, table, found, expected)
        return
    for name in table.columns:
        one, other = found[name], expected[name]
        equal = pc.fill_null(pc.equal(one, other), pc.and_(pc.is_null(one), pc.is_null(other)))
        places = pc.indices_nonzero(pc.invert(equal)).to_pylist()
        for place in places[:SHOWN]:
            message = f"expected {shown(other[place])}, found {shown(one[place])}"
            yield Finding(check, file, message, place + 1, key_at(table, expected, place), name)
        if places[SHOWN:]:
            yield Finding(check, file, f"and {len(places) - SHOWN} more", column=name)


def key_at(table: Table, rows: pa.Table, place: int) -> str:
    """Return what names the row at ``place``: the columns of its key with their values."""
    return ", ".join(f"{name}={rows[name][place].as_py()}" for name in table.key)


def shown(value: pa.Scalar[Any]) -> str:
    """Return the value as a finding quotes it, a long one without its end."""
    spoken = value.as_py()
    text = "empty" if spoken is None else repr(spoken)
    return text if len(text) <= _WIDTH else f"{text[:_WIDTH]}…"


def first_line(error: Exception) -> str:
    """Return the first line of what an error says."""
    return str(error).splitlines()[0]


def _rows_apart(check: str, file: str, table: Table, found: pa.Table, expected: pa.Table) -> Iterator[Finding]:
    yield Finding(check, file, f"it has {found.num_rows} rows, due are {expected.num_rows}")
    there = pd.MultiIndex.from_frame(found.select(table.key).to_pandas())
    due = pd.MultiIndex.from_frame(expected.select(table.key).to_pandas())
    for rows, index, others, message in (
        (found, there, due, "this row is not due"),
        (expected, due, there, "this row is missing"),
    ):
        for place in islice((~index.isin(others)).nonzero()[0], SHOWN):
            yield Finding(check, file, message, int(place) + 1, key_at(table, rows, int(place)))


_WIDTH = 80
