"""Compute back ends give the same results in the same order, and a dead worker is said."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from contracts.errors import InputError, WarehouseError
from pipelines.compute import InProcess, LocalProcesses, chosen, loading_workers

from .waiting import waited


def square(number: int) -> int:
    return number * number


def die(number: int) -> int:
    os._exit(number)


@pytest.mark.parametrize("backend", [InProcess(), LocalProcesses(2)])
@pytest.mark.parametrize("size", [0, 1, 50])
def test_results_come_in_the_order_of_the_items(backend: InProcess | LocalProcesses, size: int) -> None:
    assert list(backend.map(square, range(size))) == [number * number for number in range(size)]


def process(_: int) -> int:
    return os.getpid()


def test_what_is_done_before_workers_are_ready_is_done_here() -> None:
    loading_workers.cache_clear()
    made = LocalProcesses(2).map(process, range(4))
    assert next(made) == os.getpid()
    loading_workers().join()
    assert os.getpid() not in made


def test_a_worker_that_dies_is_said() -> None:
    loading_workers().join()
    with pytest.raises(WarehouseError, match="a worker process died"):
        list(LocalProcesses(2).map(die, [1, 1, 1]))


def knows_dagster(_: int) -> bool:
    return "dagster" in sys.modules


def test_no_worker_pays_for_the_orchestrator() -> None:
    loading_workers().join()
    assert not any(LocalProcesses(2).map(knows_dagster, range(4)))


RUN = """
import sys
from pathlib import Path
from pipelines import compute
from tests.unit.test_compute import name_and_wait
compute.WORK = ()
compute.loading_workers().join()
list(compute.LocalProcesses(2).map(name_and_wait, [Path(sys.argv[1])] * 4))
"""


def name_and_wait(folder: Path) -> None:
    (folder / str(os.getpid())).touch()
    time.sleep(60)


def test_workers_end_with_a_run_that_is_killed(tmp_path: Path) -> None:
    program = subprocess.Popen([sys.executable, "-c", RUN, str(tmp_path)], cwd=Path(__file__).parents[2])
    waited(lambda: len(list(tmp_path.iterdir())) == 2)
    program.kill()
    program.wait()
    waited(lambda: not any(Path("/proc", worker.name).exists() for worker in tmp_path.iterdir()))


def test_the_environment_chooses() -> None:
    assert isinstance(chosen({"FAZHI_WORKERS": "1"}), InProcess)
    processes = chosen({"FAZHI_WORKERS": "3"})
    assert isinstance(processes, LocalProcesses)
    assert processes.workers == 3


@pytest.mark.parametrize("asked", ["0", "-1", "many", "½"])
def test_a_number_of_workers_that_is_none_is_refused(asked: str) -> None:
    with pytest.raises(InputError, match="FAZHI_WORKERS"):
        chosen({"FAZHI_WORKERS": asked})
