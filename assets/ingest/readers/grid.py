"""Tables of every format: a grid of cells -> lines of text and cells with their headers.

Belongs here: how a table stands in the text (one line a row, ` | ` between cells, merged cells once with empty cells for the rest)
and which headers reach a cell. Not here: finding tables in a format, and what a header means.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

from assets.ingest.readers.base import Cell
from assets.ingest.refusals import TooLargeError

MOST_CELLS = 200_000
"""Cells of one file, merged ones counted as often as they are wide and high; a report has a few hundred."""

BAR = " | "


class Spanned(NamedTuple):
    """A cell as a format states it."""

    text: str
    rows: int = 1
    columns: int = 1


class Place(NamedTuple):
    """One place of the grid: the words of the cell that covers it, and whether that cell begins here."""

    text: str
    is_first: bool


Grid = list[list[Place]]


def lay_out(rows: Iterable[Iterable[Spanned]], name: str) -> Grid:
    """The rectangular grid that cells with spans make, as in HTML.

    Raises:
        TooLargeError: past `MOST_CELLS`; `name` is the culprit.
    """
    grid: list[dict[int, Place]] = []
    taken = 0
    for at, row in enumerate(rows):
        while len(grid) <= at:
            grid.append({})
        column = 0
        for cell in row:
            while column in grid[at]:
                column += 1
            taken += cell.rows * cell.columns
            if taken > MOST_CELLS:
                raise TooLargeError(
                    f"has a table of more than {MOST_CELLS:,} cells",
                    culprit=name,
                    remedy="Give the table as CSV or text",
                )
            while len(grid) < at + cell.rows:
                grid.append({})
            for down in range(cell.rows):
                for right in range(cell.columns):
                    place = Place(cell.text, is_first=not down and not right)
                    grid[at + down].setdefault(column + right, place)
            column += cell.columns
    width = max((max(row, default=-1) + 1 for row in grid), default=0)
    if width * len(grid) > MOST_CELLS:
        raise TooLargeError(
            f"has a table of more than {MOST_CELLS:,} cells", culprit=name, remedy="Give the table as CSV or text"
        )
    empty = Place("", is_first=True)
    return [[row.get(column, empty) for column in range(width)] for row in grid]


def is_data(grid: Grid) -> bool:
    """Whether a grid is a table of data and not a frame that a page or a letter head is laid out with."""
    texts = [place.text for row in grid for place in row if place.is_first and place.text]
    return len(grid) > 1 and len(grid[0]) > 1 and len(texts) > _FEWEST and not any(len(t) > _LONGEST for t in texts)


def render(grid: Grid, number: int, start: int) -> tuple[str, list[Cell]]:
    """The lines of a table and its cells, with offsets as if the lines began at `start`; `number` is the table's."""
    header_rows = next((n for n, row in enumerate(grid) if any(_is_figure(place) for place in row)), 0)
    header_columns = _header_columns(grid[header_rows:])
    lines: list[str] = []
    cells: list[Cell] = []
    at = start
    for r, row in enumerate(grid):
        words = [one_line(place.text) if place.is_first else "" for place in row]
        offset = at
        for c, word in enumerate(words):
            if word:
                left = _words(row[:header_columns]) if c >= header_columns else ""
                above = _words([upper[c] for upper in grid[:header_rows]]) if r >= header_rows else ""
                cells.append(Cell(number, r, c, offset, offset + len(word), left, above))
            offset += len(word) + len(BAR)
        line = BAR.join(words)
        lines.append(line)
        at += len(line) + 1
    return "\n".join(lines), cells


def one_line(text: str) -> str:
    """`text` as it stands in a cell: on one line, with no bar of its own."""
    return _BLANKS.sub(" ", text).strip().replace("|", "｜")


_FEWEST = 3
_LONGEST = 150
_BLANKS = re.compile(r"[ \t\r\n\f\v]+")
_FIGURE = re.compile(r"[+-]?[\d,，. %％]*\d[\d,，. %％]*(?:件|宗|人|次|个|项|万元|元)?")


def _is_figure(place: Place) -> bool:
    return _FIGURE.fullmatch(place.text.strip()) is not None


def _header_columns(rows: Grid) -> int:
    """How many columns at the left hold words in most rows; a column of row numbers before words counts as one of them."""
    width = len(rows[0]) if rows else 0
    worded = [
        n
        for n in range(width)
        if sum(bool(row[n].text) and not _is_figure(row[n]) for row in rows) * 2
        > sum(bool(row[n].text) for row in rows)
    ]
    first_figures = next((n for n in range(width) if n not in worded and any(row[n].text for row in rows)), width)
    if first_figures == 0 and 1 in worded:
        first_figures = next((n for n in range(1, width) if n not in worded), width)
    return min(first_figures, width)


def _words(places: list[Place]) -> str:
    return " ".join(dict.fromkeys(one_line(place.text) for place in places if place.text.strip()))
