"""What the thin assets ask of whoever puts them together: contracts as assets and checks, computing, progress.

Here belong the shapes that `pipelines` fills in, so that the assets stay ignorant of how, and the one way in which a
step fails. Used by the five `defs.py` and by nothing else under `assets/`.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol, TypeVar

import dagster as dg

from contracts.errors import FazhiError
from contracts.judgement import Verdict
from contracts.schema import Table
from warehouse.layout import Home
from warehouse.store import Store

Item = TypeVar("Item")
Result = TypeVar("Result")

Events = Iterator[dg.AssetCheckResult | dg.MaterializeResult[None]]
"""What a step yields: the results of its checks, then its tables."""

OWNERS = ["team:fazhi"]


class Contracted(Protocol):
    """The contracts of tables in Dagster's words."""

    def specs(self, *tables: Table, group: str, deps: Sequence[str] = ()) -> list[dg.AssetSpec]:
        """Return the assets of the tables, with their columns; all depend on `deps`."""

    def check_specs(self, *tables: Table) -> list[dg.AssetCheckSpec]:
        """Return the checks of the tables' contracts."""

    def check_results(self, verdicts: Iterable[Verdict]) -> Iterator[dg.AssetCheckResult]:
        """Yield the result of every check of the tables that were judged."""

    def tables(self, store: Store, *tables: Table) -> Iterator[dg.MaterializeResult[None]]:
        """Yield the tables as they now stand, with their numbers of rows."""


class Compute(Protocol):
    """Where batches are computed."""

    def map(self, function: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
        """Yield `function(item)` for every item, in their order; the function and its items can be pickled."""


LARGE = 1000
"""Reports in all. Of fewer, what remains to be done once they are parsed is done before processes are started for it."""


class Progress(Protocol):
    """Who is told how far the work is."""

    def __call__(self, step: str, done: int, total: int) -> None:
        """Say that `done` of `total` units of the step are done."""


class Push(Protocol):
    """Where a data home is carried to when a run is done."""

    def __call__(self, home: Home) -> dict[str, str | int]:
        """Carry it there and return what there is to say of it."""


@contextmanager
def failing_clearly() -> Iterator[None]:
    """Let a step fail with the one line that a user can act on, and without trying again what cannot succeed."""
    try:
        yield
    except FazhiError as error:
        raise dg.Failure(description=str(error), allow_retries=False) from error


def told(progress: Progress, step: str, results: Iterable[Result], total: int) -> Iterator[Result]:
    """Yield the results and say after each how many there were."""
    progress(step, 0, total)
    for done, result in enumerate(results, 1):
        progress(step, done, total)
        yield result
