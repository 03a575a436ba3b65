"""The same release bytes from every back end, a Dask cluster of two workers among them; and a worker that dies."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from dask import config as dask_settings
from distributed import LocalCluster

from contracts.errors import InputError, WarehouseError
from pipelines import cluster as dask
from pipelines.cluster import Dask
from pipelines.road import walk
from warehouse.layout import Home

REPORTS = Path(__file__).parents[2] / "examples" / "reports"
INPUTS = [REPORTS / name for name in ("queshan-2022.txt", "zhouzhi-2021.txt")]


@pytest.fixture(scope="module")
def cluster() -> Iterator[str]:
    # Two deaths are enough to give a batch up.
    with (
        dask_settings.set({"distributed.scheduler.allowed-failures": 1}),
        LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as started,
    ):
        yield started.scheduler_address


def silent(_step: str, _done: int, _total: int) -> None:
    """Nobody is told."""


def contents(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_every_back_end_makes_the_same_release(cluster: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assets.parse.batches.BATCH_TEXTS", 1)
    monkeypatch.setattr("assets.ingest.update.BATCH_FILES", 1)
    monkeypatch.setattr("assets.validate.defs.LARGE", 0)
    released = []
    for name, environment in {
        "one": {"FAZHI_WORKERS": "1"},
        "two": {"FAZHI_WORKERS": "2"},
        "dask": {"FAZHI_DASK_ADDRESS": cluster},
    }.items():
        home = Home(tmp_path / name)
        if released:
            # Files that are in already keep the time at which they came.
            shutil.copytree(tmp_path / "one" / "raw", home.raw)
        with monkeypatch.context() as patch:
            for variable, value in environment.items():
                patch.setenv(variable, value)
            release = walk(home, INPUTS, progress=silent).release
        assert release is not None
        released.append(contents(release.path))
    assert released[0] == released[1] == released[2]


def mark_and_die_once(path: Path) -> str:
    """Kill the worker the first time that the work is tried."""
    if not path.exists():
        path.touch()
        os._exit(1)
    return path.name


def die(_: object) -> None:
    os._exit(1)


def test_a_batch_whose_worker_dies_is_done_by_another(cluster: str, tmp_path: Path) -> None:
    assert list(Dask(cluster, Home(tmp_path)).map(mark_and_die_once, [tmp_path / "mark"])) == ["mark"]


def test_work_that_kills_every_worker_is_said(cluster: str, tmp_path: Path) -> None:
    with pytest.raises(WarehouseError, match="died, as others did before it"):
        list(Dask(cluster, Home(tmp_path)).map(die, [1]))


def test_a_worker_elsewhere_or_of_another_version_is_refused(
    cluster: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(dask, "code_digest", lambda: "another")
        with pytest.raises(WarehouseError, match="runs other code or libraries"):
            list(Dask(cluster, Home(tmp_path)).map(str, [1]))
    monkeypatch.setattr(dask, "_introduce", lambda _: dask._Answer(None, ""))
    with pytest.raises(WarehouseError, match="does not see the data home"):
        list(Dask(cluster, Home(tmp_path)).map(str, [1]))


def test_an_address_where_nobody_answers_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dask, "PATIENCE", 0.2)
    with pytest.raises(InputError, match=r"FAZHI_DASK_ADDRESS=tcp://127\.0\.0\.1:9"):
        list(Dask("tcp://127.0.0.1:9", Home(tmp_path)).map(str, [1]))
