"""Readers, writers and kills: no reader meets an error or half a state, and a kill loses nothing that was written."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from contracts.projections.arrow import table_from_frame
from contracts.samples import sample_frames
from contracts.tables import TABLES
from warehouse.database import build, reading, what_is_wrong
from warehouse.files import exclusively
from warehouse.layout import Home
from warehouse.store import Store, split

ROOT = Path(__file__).resolve().parents[2]
SWAPS = 15

# Every state gives all observations and all numerals the same mark, a rule of this number.
WRITER = """
import sys
from pathlib import Path
from tests_writer import write_state
from warehouse.layout import Home
number = 0
while True:
    number += 1
    write_state(Home(Path(sys.argv[1])), number)
    print(number, flush=True)
"""


def write_state(home: Home, number: int) -> None:
    """Write a state in which every row of two tables bears the same number, and build the DuckDB file over it."""
    frames = sample_frames()
    marked = {name: frames[name].assign(rule_id=f"rule{number}") for name in ("observations", "numerals")}
    changes = {name: split(TABLES[name], table_from_frame(TABLES[name], frame)) for name, frame in marked.items()}
    with exclusively(home):
        store = Store(home)
        store.write(changes)
        build(home)
        store.collect_garbage()


def new_home(root: Path) -> Home:
    home = Home(root)
    with exclusively(home):
        indicators = table_from_frame(TABLES["indicators"], sample_frames()["indicators"])
        Store(home).replace(TABLES["indicators"], indicators)
    write_state(home, 0)
    return home


@contextmanager
def writing(home: Home, folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Run a process that writes state after state, printing the number of each that is done; killed at the end."""
    (folder / "tests_writer.py").write_text(Path(__file__).read_text(encoding="utf-8"), encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": f"{folder}{os.pathsep}{ROOT}"}
    command = [sys.executable, "-c", WRITER, str(home.root)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as writer:
        try:
            yield writer
        finally:
            os.kill(writer.pid, signal.SIGKILL)


def marks(home: Home) -> set[str]:
    with reading(home) as connection:
        found = connection.execute("SELECT rule_id FROM observations UNION ALL SELECT rule_id FROM numerals").fetchall()
    assert len(found) == 6
    return {mark for (mark,) in found}


def test_readers_meet_no_error_and_no_mixed_state_over_many_swaps(tmp_path: Path) -> None:
    home = new_home(tmp_path / "home")
    seen: set[str] = set()
    with writing(home, tmp_path) as writer:
        assert writer.stdout is not None
        os.set_blocking(writer.stdout.fileno(), False)
        done = 0
        while done < SWAPS:
            assert writer.poll() is None, "the writer died"
            found = marks(home)
            assert len(found) == 1
            seen |= found
            done += len(writer.stdout.readlines())
    assert len(seen) > SWAPS / 3


def test_a_kill_at_any_moment_leaves_a_whole_state(tmp_path: Path) -> None:
    home = new_home(tmp_path / "home")
    dice = random.Random(7)
    for _ in range(4):
        with writing(home, tmp_path) as writer:
            assert writer.stdout is not None
            writer.stdout.readline()
            time.sleep(dice.uniform(0, 0.5))
        assert what_is_wrong(home) is None
        assert len(marks(home)) == 1
        Store(home).check()
    write_state(home, 99)
    assert marks(home) == {"rule99"}
    assert not list(home.root.rglob(".staged-*"))


@pytest.mark.parametrize("harm", ["delete", "damage"])
def test_a_lost_or_damaged_duckdb_file_is_built_again_from_parquet(tmp_path: Path, harm: str) -> None:
    home = new_home(tmp_path)
    before = marks(home)
    if harm == "delete":
        home.database.unlink()
    else:
        home.database.write_bytes(home.database.read_bytes()[:5000])
    assert what_is_wrong(home) is not None
    with exclusively(home):
        build(home)
    assert marks(home) == before
