"""Compute back ends give the same results in the same order, and a dead worker is said."""

from __future__ import annotations

import os

import pytest

from contracts.errors import InputError, WarehouseError
from pipelines.compute import InProcess, LocalProcesses, chosen


def square(number: int) -> int:
    return number * number


def die(number: int) -> int:
    os._exit(number)


@pytest.mark.parametrize("backend", [InProcess(), LocalProcesses(2)])
@pytest.mark.parametrize("size", [0, 1, 50])
def test_results_come_in_the_order_of_the_items(backend: InProcess | LocalProcesses, size: int) -> None:
    assert list(backend.map(square, range(size))) == [number * number for number in range(size)]


def test_a_worker_that_dies_is_said() -> None:
    with pytest.raises(WarehouseError, match="a worker process died"):
        list(LocalProcesses(2).map(die, [1, 1, 1]))


def test_the_environment_chooses() -> None:
    assert isinstance(chosen({"FAZHI_WORKERS": "1"}), InProcess)
    processes = chosen({"FAZHI_WORKERS": "3"})
    assert isinstance(processes, LocalProcesses)
    assert processes.workers == 3


@pytest.mark.parametrize("asked", ["0", "-1", "many", "½"])
def test_a_number_of_workers_that_is_none_is_refused(asked: str) -> None:
    with pytest.raises(InputError, match="FAZHI_WORKERS"):
        chosen({"FAZHI_WORKERS": asked})
