"""Compute back ends: where batches of reports are worked on.

Each is one `map` over picklable items that yields results in the order of the items, whichever ends first, so that
every back end makes the same bytes. Not here: how work is cut into batches (the assets do that).
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import cache
from itertools import chain, islice
from multiprocessing import get_context, parent_process
from multiprocessing.context import ForkServerContext
from threading import Thread
from typing import TYPE_CHECKING, Any, TypeVar

import pyarrow as pa

from contracts.errors import InputError, WarehouseError
from pipelines.cluster import ADDRESS_VARIABLE, Dask
from warehouse.layout import Home

if TYPE_CHECKING:
    from assets.wiring import Compute  # loads Dagster, which no worker needs

Item = TypeVar("Item")
Result = TypeVar("Result")

WORKERS_VARIABLE = "FAZHI_WORKERS"
AHEAD = 2
"""Batches handed out for each worker, so that none waits and memory stays bounded."""
WORK = ("assets.ingest.rows", "assets.parse.batches", "assets.validate.years", "assets.publish.build", "pipelines.cli")
"""The modules whose functions are handed out, and the program that a worker finds itself in: imported once for all of them."""


def chosen(environment: Mapping[str, str] = os.environ, home: Home | None = None) -> Compute:
    """Return the back end that the environment asks for.

    `$FAZHI_DASK_ADDRESS` names a cluster that works on `home`; `$FAZHI_WORKERS` how many local processes, 1 for none;
    without them there is one process a core.

    Raises:
        InputError: `$FAZHI_WORKERS` is no positive number.
    """
    if address := environment.get(ADDRESS_VARIABLE):
        return Dask(address, home)
    asked = environment.get(WORKERS_VARIABLE, "")
    if asked and not (asked.isascii() and asked.isdigit() and int(asked) > 0):
        raise InputError(
            f"is {asked!r}", culprit=WORKERS_VARIABLE, remedy="Set it to the number of processes, or unset it"
        )
    workers = int(asked) if asked else len(os.sched_getaffinity(0))
    return LocalProcesses(workers) if workers > 1 else InProcess()


class InProcess:
    """Computes one batch after the other, here."""

    def map(self, function: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
        """Yield the results one by one."""
        return map(function, items)


class LocalProcesses:
    """Computes batches in processes of this machine; here what is done before those are ready, and what is a single batch."""

    def __init__(self, workers: int) -> None:
        """Use as many processes as `workers`."""
        self.workers = workers

    def map(self, function: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
        """Yield the results in order.

        Raises:
            WarehouseError: a process died, for want of memory or killed from outside.
        """
        waiting = iter(items)
        first = list(islice(waiting, self.workers + 1))
        if len(first) < 2:  # noqa: PLR2004 - one batch or none
            yield from map(function, first)
            return
        remaining, loading = chain(first, waiting), loading_workers()
        if len(first) <= self.workers:
            loading.join()  # each has a worker of its own, beside which it is not done here
        while loading.is_alive():
            batch = list(islice(remaining, 1))
            if not batch:
                return
            yield from map(function, batch)
        pa.default_memory_pool().release_unused()  # workers take their memory beside what is kept here
        with ProcessPoolExecutor(self.workers, mp_context=_forkserver(), initializer=_end_with_parent) as pool:
            try:
                yield from _in_order(pool, function, remaining, self.workers * AHEAD)
            except BrokenProcessPool as error:
                raise WarehouseError(
                    "a worker process died; nothing was written",
                    culprit="compute back end",
                    remedy=f"Run again, with fewer processes if memory is short ({WORKERS_VARIABLE}=1)",
                ) from error


@cache
def loading_workers() -> Thread:
    """Start the process that workers are forked from, once; return the thread that ends when it has loaded their program."""
    thread = Thread(target=_fork_one, daemon=True)
    thread.start()
    return thread


def _fork_one() -> None:
    process = _forkserver().Process(target=int, daemon=True)
    process.start()
    process.join()


def _forkserver() -> ForkServerContext:
    context = get_context("forkserver")
    context.set_forkserver_preload(list(WORK))
    return context


def _end_with_parent() -> None:
    """Let this worker end with the process that it works for: one that is killed cannot end it, and it would work on."""
    parent = parent_process()
    assert parent is not None  # noqa: S101 - this is a worker

    def watch() -> None:
        parent.join()
        os._exit(1)

    Thread(target=watch, daemon=True).start()


def _in_order(
    pool: ProcessPoolExecutor, function: Callable[[Any], Result], items: Iterable[Any], ahead: int
) -> Iterator[Result]:
    running: deque[Future[Result]] = deque()
    for item in items:
        running.append(pool.submit(_worked, function, item))
        if len(running) >= ahead:
            yield running.popleft().result()
    while running:
        yield running.popleft().result()


def _worked(function: Callable[[Any], Result], item: Any) -> Result:
    """Do one piece of work in a worker and hand back the memory that it needed: the next may be of another kind."""
    result = function(item)
    pa.default_memory_pool().release_unused()
    return result
