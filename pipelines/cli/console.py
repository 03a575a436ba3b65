"""What the commands print with: the two consoles, a table style and a progress bar.

Results go to standard output, everything said about the work to standard error, so that a pipe gets only results.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

PIPE_WIDTH = 200
"""Columns of a table that goes to a pipe or a file, where there is no screen to fit."""

_screen = Console()
results = _screen if _screen.is_terminal else Console(width=PIPE_WIDTH)
errors = Console(stderr=True)


def table(
    title: str, columns: Sequence[str], rows: Iterable[Sequence[object]], *, numbers: Sequence[str] = ()
) -> Table:
    """Return rows as a table to print; null is an empty cell, columns named in `numbers` are set right."""
    made = Table(title=title or None, title_justify="left", header_style="bold", box=box.SIMPLE_HEAD)
    for column in columns:
        made.add_column(column, justify="right" if column in numbers else "left", overflow="fold")
    for row in rows:
        made.add_row(*("" if cell is None else escape(str(cell)) for cell in row))
    return made


def progress() -> Progress:
    """Return a progress bar on standard error that disappears when the work is done."""
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=errors,
        transient=True,
    )
