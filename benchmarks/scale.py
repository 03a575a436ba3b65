"""How the whole road grows: wall time by step, memory and bytes written, from a first run to one with no change.

Each run is a process of its own, so that its memory is its own. Beside it, in the same measurement, a plain script
(read, one regular expression, pandas, to_csv) and DuckDB's own COPY of the same observations.

    python -m benchmarks.scale 300 3000
"""

from __future__ import annotations

import argparse
import json
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.corpus import change, write_corpus
from warehouse.database import reading
from warehouse.layout import HOME_VARIABLE, Home

SIZES = (100, 300)
CHANGES = (0, 1, 300)


def main(arguments: list[str] | None = None) -> None:
    """Measure the sizes given and print one table each."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale")
    parser.add_argument("sizes", nargs="*", type=int, default=SIZES, help="numbers of reports")
    parser.add_argument("--run", nargs=2, metavar=("HOME", "INBOX"), help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if given.run:
        print(json.dumps(_run_here(*map(Path, given.run))))
        return
    for size in given.sizes:
        _measure(size)


def _measure(size: int) -> None:
    folder = Path(tempfile.mkdtemp(prefix="fazhi-bench-"))
    try:
        inbox, home = folder / "reports", Home(folder / "home")
        files = write_corpus(inbox, size)
        print(f"\n{size} reports in {files} files, {os.cpu_count()} cores")
        print(f"{'run':<22}{'wall s':>8}{'peak MiB':>10}{'written MB':>12}  steps (s)")
        _show("first", _run(home, inbox))
        for changed in CHANGES:
            if changed <= size:
                change(inbox, changed, seed=changed + 3)
                _show(f"{changed} changed", _run(home, inbox))
        print(f"{'plain script':<22}{_plain_script(inbox, folder / 'plain.csv'):>8.2f}")
        print(f"{'DuckDB COPY to CSV':<22}{_copy(home, folder / 'observations.csv'):>8.2f}")
    finally:
        shutil.rmtree(folder)


def _run(home: Home, inbox: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.scale", "--run", str(home.root), str(inbox)]
    environment = {**os.environ, HOME_VARIABLE: str(home.root)}
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)  # noqa: S603
    measured: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return measured


def _run_here(root: Path, inbox: Path) -> dict[str, Any]:
    """Walk the road in this process and return its figures; steps are told apart by Dagster's own events."""
    import dagster as dg  # noqa: PLC0415 - only the measured process needs it

    from pipelines.definitions import ROAD, build_defs  # noqa: PLC0415
    from pipelines.instance import dagster_instance  # noqa: PLC0415
    from pipelines.road import QUIET  # noqa: PLC0415

    home = Home(root)
    started = time.perf_counter()
    with dagster_instance(home) as instance:
        result = (
            build_defs(home)
            .resolve_job_def(ROAD)
            .execute_in_process(
                run_config={"ops": {"ingest": {"config": {"inputs": [str(inbox)]}}}, **QUIET}, instance=instance
            )
        )
    steps = {
        event.step_key: event.step_success_data.duration_ms / 1000
        for event in result.all_events
        if event.event_type is dg.DagsterEventType.STEP_SUCCESS
    }
    usage = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return {
        "wall": time.perf_counter() - started,
        "peak_mib": max(who.ru_maxrss for who in usage) / 1024,
        "written_mb": sum(who.ru_oublock for who in usage) * 512 / 1e6,
        "steps": steps,
    }


def _show(name: str, measured: dict[str, Any]) -> None:
    steps = "  ".join(f"{step} {seconds:.2f}" for step, seconds in measured["steps"].items())
    wall, peak, written = measured["wall"], measured["peak_mib"], measured["written_mb"]
    print(f"{name:<22}{wall:>8.2f}{peak:>10.0f}{written:>12.1f}  {steps}", flush=True)


def _plain_script(inbox: Path, target: Path) -> float:
    """Do what one would write in an hour: read, one regular expression, pandas, to_csv."""
    import pandas as pd  # noqa: PLC0415

    started = time.perf_counter()
    rows = []
    for path in sorted(inbox.rglob("*.txt")):
        text = path.read_bytes().decode("utf-8", errors="replace")
        rows += [
            (path.name, m.start(), m[1], m[2]) for m in re.finditer(r"(\d++(?:\.\d++)?)([件项次名份个场人家%])", text)
        ]
    pd.DataFrame(rows, columns=["file", "start", "value", "unit"]).to_csv(target, index=False)
    return time.perf_counter() - started


def _copy(home: Home, target: Path) -> float:
    with reading(home) as connection:
        started = time.perf_counter()
        connection.execute(f"COPY (SELECT * FROM observations ORDER BY observation_id) TO '{target}' (HEADER)")
        return time.perf_counter() - started


if __name__ == "__main__":
    main()
