"""What a reader is and what it returns.

Belongs here: the small interface that every format implements. Not here: any format.
"""

from collections.abc import Callable
from typing import NamedTuple


class Cell(NamedTuple):
    """One cell of a table, with where its words stand in the text."""

    table: int
    """Number of the table in the text, from 0."""
    row: int
    column: int
    char_start: int
    char_end: int
    row_header: str
    """Words of the headers to its left, joined by a blank; empty in the header column itself."""
    column_header: str
    """Words of the headers above it, joined by a blank; empty in the header row itself."""


class Reading(NamedTuple):
    """What a reader made of bytes."""

    text: str
    """Every offset of the project counts code points of this text."""
    cells: tuple[Cell, ...] = ()
    losses: tuple[str, ...] = ()
    """What the bytes held and the text does not, as words of the list in each reader's `loses`."""
    title: str | None = None
    """Title, publisher and date that the file states about itself outside its text (page metadata)."""
    publisher: str | None = None
    published_on: str | None = None


class Reader(NamedTuple):
    """One format."""

    name: str
    """Name and version, for example `text/1`; the version changes when the same bytes give another text."""
    media_type: str
    recognises: Callable[[bytes], bool]
    """Whether the bytes are of this format, told from the bytes alone."""
    read: Callable[[bytes, str], Reading]
    """Reads bytes; the second argument names them in errors. Raises RefusalError and nothing else."""
    cost: str
    """What a typical report costs, for people who plan a run."""
    loses: tuple[str, ...] = ()
    """What this format may hold and the reader does not keep."""
