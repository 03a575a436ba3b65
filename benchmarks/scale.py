"""How the whole road grows: time by step, memory and bytes written, from a first run to one with no change.

Each run is a program of its own, watched with all its processes (`measured`). Beside it, in the same measurement:
Dagster alone (a job of as many steps that do nothing), parsing on one core and on two, a plain script (read, one regular
expression, pandas, to_csv) and, for the writing, the canonical CSV against DuckDB's own COPY of the same observations.

    python -m benchmarks.scale 300 3000 30000
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import re
import shutil
import sys
import tempfile
import time
from collections import deque
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.corpus import change, write_corpus
from benchmarks.measured import Measured, run
from pipelines.compute import WORKERS_VARIABLE
from warehouse.database import reading
from warehouse.layout import HOME_VARIABLE, Home

SIZES = (300, 3_000)
CHANGES = (0, 1, 300)
STEPS = 6


def main(arguments: list[str] | None = None) -> None:
    """Measure the sizes given, print one table each, and how the first run grew."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale")
    parser.add_argument("sizes", nargs="*", type=int, default=SIZES, help="numbers of reports")
    parser.add_argument("--only", nargs="+", help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if given.only:
        name, *words = given.only
        print(json.dumps(_PARTS[name](*words)))
        return
    firsts = [(size, _measure(size)) for size in given.sizes]
    for (small, before), (large, after) in itertools.pairwise(firsts):
        grown = f"{after.wall / before.wall:.1f} times the time, {after.cpu / before.cpu:.1f} times the processor time"
        print(
            f"\n{large:,} reports instead of {small:,}: {grown}, {after.peak_mib / before.peak_mib:.1f} times the memory"
        )


def _measure(size: int) -> Measured:
    folder = Path(tempfile.mkdtemp(prefix="fazhi-bench-"))
    try:
        inbox, home = folder / "reports", Home(folder / "home")
        files = write_corpus(inbox, size)
        cores = len(os.sched_getaffinity(0))
        print(f"\n{size:,} reports in {files:,} files, {cores} cores, {datetime.now(UTC):%Y-%m-%d}")
        print(f"{'run':<22}{'wall s':>8}{'cpu s':>8}{'peak MiB':>10}{'written MB':>12}  seconds a step; texts parsed")
        first = _show("first", _part("road", home, inbox), home)
        for changed in CHANGES:
            if changed <= size:
                change(inbox, changed, seed=changed + 3)
                _show(f"{changed} changed", _part("road", home, inbox), home)
        _show("Dagster alone", _part("dagster", Home(folder / "empty")))
        parsed = {workers: _part("parse", home, environment={WORKERS_VARIABLE: str(workers)}) for workers in (1, cores)}
        for workers, measured in parsed.items():
            _show(f"parsing, workers: {workers}", measured)
        alone, together = (json.loads(measured.output)["steps"]["parse"] for measured in parsed.values())
        print(
            f"{'':22}{alone / together:.2f} times as fast on {cores} cores as on one, the start of the workers counted in"
        )
        _show("plain script", _part("plain", home, inbox, folder / "plain.csv"))
        _show("writing", _part("writing", home, folder))
        return first
    finally:
        shutil.rmtree(folder)


def _part(name: str, home: Home, *words: Path, environment: dict[str, str] | None = None) -> Measured:
    """Run one part as a program of its own, with its code compiled as an installed one is."""
    here = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    command = [sys.executable, "-m", "benchmarks.scale", "--only", name, str(home.root), *map(str, words)]
    return run(command, {**here, HOME_VARIABLE: str(home.root), **(environment or {})})


def _show(name: str, measured: Measured, home: Home | None = None) -> Measured:
    told = json.loads(measured.output.splitlines()[-1])
    steps = "  ".join(f"{step} {seconds:.2f}" for step, seconds in told["steps"].items())
    parsed = f"; {told['parsed']:,} parsed" if home else ""
    figures = f"{measured.wall:>8.1f}{measured.cpu:>8.1f}{measured.peak_mib:>10.0f}{measured.written_mb:>12.1f}"
    print(f"{name:<22}{figures}  {steps}{parsed}", flush=True)
    return measured


def _road(root: str, inbox: str) -> dict[str, Any]:
    """Walk the road in this process; steps are told apart by Dagster's own events."""
    import dagster as dg  # noqa: PLC0415 - only the measured program needs it

    from assets.parse import defs as parse  # noqa: PLC0415
    from pipelines.definitions import ROAD, build_defs  # noqa: PLC0415
    from pipelines.instance import dagster_instance  # noqa: PLC0415
    from pipelines.road import QUIET  # noqa: PLC0415

    home = Home(Path(root))
    with dagster_instance(home) as instance:
        result = (
            build_defs(home)
            .resolve_job_def(ROAD)
            .execute_in_process(
                run_config={"ops": {"ingest": {"config": {"inputs": [inbox]}}}, **QUIET}, instance=instance
            )
        )
    parsed = next(m for m in result.asset_materializations_for_node("parse") if m.asset_key.path == [parse.KEY])
    steps = {
        str(event.step_key): event.step_success_data.duration_ms / 1000
        for event in result.all_events
        if event.event_type is dg.DagsterEventType.STEP_SUCCESS
    }
    return {"steps": steps, "parsed": parsed.metadata["parsed"].value}


def _dagster(root: str) -> dict[str, Any]:
    """Run a job of as many assets that do nothing, in a data home of its own."""
    import dagster as dg  # noqa: PLC0415

    from pipelines.instance import dagster_home  # noqa: PLC0415
    from pipelines.road import QUIET  # noqa: PLC0415

    def step(number: int) -> dg.AssetsDefinition:
        @dg.asset(name=f"step_{number}", deps=[f"step_{number - 1}"] if number else [])
        def nothing() -> None:
            pass

        return nothing

    assets = [step(number) for number in range(STEPS)]
    job = dg.define_asset_job("nothing", executor_def=dg.in_process_executor)
    Path(dagster_home(Home(Path(root))), "dagster.yaml").write_text("telemetry:\n  enabled: false\n", encoding="utf-8")
    with dg.DagsterInstance.from_config(str(Home(Path(root)).dagster)) as instance:
        definitions = dg.Definitions(assets=assets, jobs=[job])
        definitions.resolve_job_def("nothing").execute_in_process(instance=instance, run_config=QUIET)
    return {"steps": {}}


def _parse(root: str) -> dict[str, Any]:
    """Parse every text again, on as many workers as the environment says, and leave the tables as they are."""
    from assets.parse.batches import do, jobs, texts_with_origins  # noqa: PLC0415
    from pipelines.compute import chosen  # noqa: PLC0415
    from warehouse.batches import clear_batches  # noqa: PLC0415
    from warehouse.store import Store  # noqa: PLC0415

    home = Home(Path(root))
    stale = sorted(texts_with_origins(Store(home)))
    compute = chosen()
    started = time.perf_counter()
    deque(compute.map(do, jobs(home, stale, ())), maxlen=0)
    parsed = time.perf_counter() - started
    clear_batches(home)
    return {"steps": {"parse": parsed}}


def _plain(root: str, inbox: str, target: str) -> dict[str, Any]:
    """Do what one would write in an hour: read, one regular expression, pandas, to_csv."""
    import pandas as pd  # noqa: PLC0415

    del root
    started = time.perf_counter()
    rows = []
    for path in sorted(Path(inbox).rglob("*.txt")):
        text = path.read_bytes().decode("utf-8", errors="replace")
        rows += [
            (path.name, m.start(), m[1], m[2]) for m in re.finditer(r"(\d++(?:\.\d++)?)([件项次名份个场人家%])", text)
        ]
    pd.DataFrame(rows, columns=["file", "start", "value", "unit"]).to_csv(target, index=False)
    return {"steps": {"all": time.perf_counter() - started}}


def _writing(root: str, folder: str) -> dict[str, Any]:
    """Write the observations as CSV: with DuckDB's COPY as they are, and in canonical form."""
    from assets.publish.canonical import write_csv  # noqa: PLC0415
    from contracts.release import LATEST, parquet_path, release_tables  # noqa: PLC0415

    home = Home(Path(root))
    release = json.loads((home.releases / LATEST).read_text(encoding="utf-8"))["version"]
    rows = home.releases / release / parquet_path("observations")
    with reading(home) as connection:
        started = time.perf_counter()
        connection.execute(f"COPY (FROM read_parquet('{rows}')) TO '{folder}/copy.csv' (HEADER)")
        copied = time.perf_counter() - started
    started = time.perf_counter()
    write_csv(rows, release_tables([])["observations"], Path(folder, "canonical.csv"))
    return {"steps": {"COPY": copied, "canonical CSV": time.perf_counter() - started}}


_PARTS = {"road": _road, "dagster": _dagster, "parse": _parse, "plain": _plain, "writing": _writing}

if __name__ == "__main__":
    main()
