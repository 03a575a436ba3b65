"""A program measured with all processes that it starts: wall time, processor time, memory and bytes written.

Read from `/proc` while it runs, so Linux only. Here belongs the watching. Not here: what is run (`scale`).
"""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path
from typing import NamedTuple

EVERY = 0.2
"""Seconds between two looks."""

_TICKS = os.sysconf("SC_CLK_TCK")


class Measured(NamedTuple):
    """What a program cost, and what it printed."""

    wall: float
    """Seconds."""
    cpu: float
    """Processor seconds of all its processes."""
    peak_mib: float
    """The most memory that they held at one time, pages that they share counted once."""
    written_mb: float
    """What they handed to the disk."""
    output: str


def run(command: list[str], environment: dict[str, str] | None = None) -> Measured:
    """Run the command to its end; raises CalledProcessError when it fails."""
    started = time.perf_counter()
    peak, costs = 0.0, {}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as program:  # noqa: S603
        while program.poll() is None:
            processes = _family(program.pid)
            peak = max(peak, sum(map(_held, processes)))
            costs.update({process: cost for process in processes if (cost := _cost(process))})
            time.sleep(EVERY)
        output = program.stdout.read() if program.stdout else ""
    wall = time.perf_counter() - started
    if program.returncode:
        raise subprocess.CalledProcessError(program.returncode, command)
    cpu, written = (sum(column) for column in zip(*costs.values(), strict=True))
    return Measured(wall, cpu, peak / 2**20, written / 1e6, output)


def _family(root: int) -> list[int]:
    """Return the process and all that come from it."""
    parents = {int(entry.name): parent for entry in Path("/proc").glob("[0-9]*") if (parent := _parent(entry))}
    found = [root]
    for process in found:
        found += (child for child, parent in parents.items() if parent == process)
    return found


def _parent(entry: Path) -> int | None:
    stat = _read(entry / "stat")
    return int(stat.rpartition(")")[2].split()[1]) if stat else None


def _held(process: int) -> float:
    lines = _read(Path(f"/proc/{process}/smaps_rollup")).splitlines()
    return next((int(line.split()[1]) * 1024.0 for line in lines if line.startswith("Pss:")), 0.0)


def _cost(process: int) -> tuple[float, float] | None:
    """Return processor seconds and bytes written; what a process does after the last look is not seen."""
    stat, io = _read(Path(f"/proc/{process}/stat")), _read(Path(f"/proc/{process}/io"))
    if not stat or not io:
        return None
    fields = stat.rpartition(")")[2].split()
    written = next(int(line.split()[1]) for line in io.splitlines() if line.startswith("write_bytes"))
    return (int(fields[11]) + int(fields[12])) / _TICKS, float(written)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:  # the process has ended
        return ""
