"""A run killed at any moment leaves the last good release and warehouse, and the next run succeeds."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from assets.publish.verify import verify_release
from pipelines.cli.warehouse import latest_release
from pipelines.road import walk
from warehouse.database import what_is_wrong
from warehouse.layout import Home
from warehouse.store import Store

REPORTS = Path(__file__).parents[2] / "examples" / "reports"
PATIENCE = 120.0
"""Seconds for a run to reach a moment, on a machine that does other things too."""

MOMENTS = ("parsed/*/*", "releases/.staging*/*")
"""What a run leaves as it goes; it is killed as soon as the first of each appears anew."""


def start(home: Home, report: Path) -> subprocess.Popen[bytes]:
    program = "from pipelines.cli import main; main()"
    return subprocess.Popen(
        [sys.executable, "-c", program, "run", str(report)],
        env={**os.environ, "FAZHI_HOME": str(home.root)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


def silent(_step: str, _done: int, _total: int) -> None:
    """Nobody is told."""


def said(process: subprocess.Popen[bytes]) -> str:
    assert process.stderr is not None
    return process.stderr.read().decode()


def kill_when(home: Home, report: Path, moment: str) -> None:
    before = set(home.root.glob(moment))
    with start(home, report) as process:
        deadline = time.monotonic() + PATIENCE
        while set(home.root.glob(moment)) <= before:
            assert time.monotonic() < deadline, f"nothing new at {moment}"
            assert process.poll() is None, f"the run ended before {moment}: {said(process)}"
            time.sleep(0.002)
        process.send_signal(signal.SIGKILL)


def test_kills_lose_nothing(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    first, second = tmp_path / "first.txt", tmp_path / "second.txt"
    shutil.copy(REPORTS / "queshan-2022.txt", first)
    text = (REPORTS / "zhouzhi-2021.txt").read_text(encoding="utf-8")
    released = walk(home, [first], progress=silent).release.path
    for number, moment in enumerate(MOMENTS):
        second.write_text(text + "\n" * number, encoding="utf-8")
        kill_when(home, second, moment)
        assert verify_release(latest_release(home)).findings == ()
        assert what_is_wrong(home) is None
        Store(home).check()
    assert latest_release(home) == released
    assert walk(home, [second], progress=silent).release.path != released
    assert verify_release(latest_release(home)).findings == ()
