"""A Dask cluster as a compute back end; it needs the extra ``cluster``.

Batches go to workers, which write their own files into the data home: it lies on a disk that they share under the
same path. A batch whose worker dies is done again by another. Not here: the other back ends, and the choice
(``compute``).
"""

from __future__ import annotations

import logging
import secrets
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from assets.publish.standing import code_digest
from contracts.errors import InputError, WarehouseError
from warehouse.files import replacing
from warehouse.layout import Home

if TYPE_CHECKING:
    from distributed import Client, Future

Item = TypeVar("Item")
Result = TypeVar("Result")

ADDRESS_VARIABLE = "FAZHI_DASK_ADDRESS"
AHEAD = 2
"""Batches handed out for each worker."""

PATIENCE = 20.0
"""Seconds to wait for a scheduler, and for a worker where none is left."""


class Dask:
    """Computes batches on the workers of the cluster whose scheduler answers at an address, ``tcp://host:8786``."""

    def __init__(self, address: str, home: Home | None = None) -> None:
        """Use the cluster at ``address`` for work on ``home`` (else the one that the environment names)."""
        self.address = address
        self._home = home

    def map(self, function: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
        """Yield the results in order.

        Raises:
            InputError: nobody answers at the address, or the extra is missing.
            WarehouseError: a worker does not share the data home or runs other code, or no worker is left.
        """
        with _connected(self.address) as client:
            workers = self._introduced(client)
            running: deque[Future[Result]] = deque()
            for item in items:
                running.append(client.submit(function, item, pure=False))
                if len(running) >= workers * AHEAD:
                    yield self._result(client, running.popleft())
            while running:
                yield self._result(client, running.popleft())

    def _introduced(self, client: Client) -> int:
        """Return how many workers there are, once each has shown that it sees the data home and runs this code."""
        if not client.scheduler_info()["workers"]:
            client.wait_for_workers(1, timeout=PATIENCE)
        token = secrets.token_hex()
        path = (self._home or Home.find()).root / ".introduction"
        with replacing(path, through=False) as staged:
            staged.write_text(token, encoding="utf-8")
        answers = client.run(_introduce, path)
        path.unlink()
        for worker, answer in answers.items():
            if answer.token != token:
                raise self._unfit(worker, "does not see the data home", "Mount it there under the same path")
            if answer.code != code_digest():
                raise self._unfit(worker, "runs other code or libraries", "Install the same version of fazhi there")
        return len(answers)

    def _result(self, client: Client, future: Future[Result]) -> Result:
        from distributed import KilledWorker  # noqa: PLC0415 - an extra

        while True:
            try:
                return future.result(timeout=PATIENCE)
            except KilledWorker as error:
                raise self._unfit(str(error.last_worker.address), "died, as others did before it", _MEMORY) from error
            except TimeoutError as error:
                if not client.scheduler_info()["workers"]:
                    raise self._unfit(self.address, "has no worker left; nothing was written", "Start some") from error

    def _unfit(self, culprit: str, message: str, remedy: str) -> WarehouseError:
        return WarehouseError(message, culprit=culprit, remedy=f"{remedy}, or unset {ADDRESS_VARIABLE}")


_MEMORY = "Give the workers more memory"


class _Answer(NamedTuple):
    token: str | None
    code: str


def _introduce(path: Path) -> _Answer:
    return _Answer(path.read_text(encoding="utf-8") if path.exists() else None, code_digest())


@contextmanager
def _connected(address: str) -> Iterator[Client]:
    try:
        from distributed import Client  # noqa: PLC0415 - an extra
    except ModuleNotFoundError as error:
        raise InputError(
            "a cluster needs the extra cluster",
            culprit=ADDRESS_VARIABLE,
            remedy="Run pip install 'fazhi[cluster]', then repeat",
        ) from error
    logging.getLogger("distributed").setLevel(logging.ERROR)
    try:
        client = Client(address, timeout=PATIENCE, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        raise InputError(
            f"no scheduler answers ({str(error).partition(chr(10))[0]})",
            culprit=f"{ADDRESS_VARIABLE}={address}",
            remedy="Start one with `dask scheduler`, or unset the variable",
        ) from error
    with client:
        yield client
