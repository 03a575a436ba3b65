"""What starts a run without a person: the nightly schedule and the sensor on the inbox.

Not here: what a run does (`definitions`).
"""

from __future__ import annotations

import hashlib
import time
from pathlib import Path

import dagster as dg
from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition

from assets.ingest.files import walk
from assets.ingest.origin import is_sidecar
from assets.ingest.raw import RawStore
from warehouse.layout import Home

NIGHT = "30 2 * * *"
TIME_ZONE = "Asia/Shanghai"

SETTLE_SECONDS = 2.0
"""A file changed this recently may still be on its way in; it is left to the next tick."""

INTERVAL_SECONDS = 30


def nightly_schedule(job: UnresolvedAssetJobDefinition) -> dg.ScheduleDefinition:
    """Return the schedule that walks the road every night."""
    return dg.ScheduleDefinition(
        name="nightly",
        job=job,
        cron_schedule=NIGHT,
        execution_timezone=TIME_ZONE,
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description="The whole road at 02:30 China time.",
    )


def inbox_sensor(job: UnresolvedAssetJobDefinition, home: Home | None) -> dg.SensorDefinition:
    """Return the sensor that starts one run for what is new in the inbox, and none for what was seen before.

    The run key is a hash of the bytes of the new files: the same files never start a second run, under any name,
    also when they were refused. The cursor remembers how the inbox looked, so that an idle inbox is not read.
    """

    @dg.sensor(
        name="inbox",
        job=job,
        minimum_interval_seconds=INTERVAL_SECONDS,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Starts the road when a file that is not in the raw store lies in the inbox.",
    )
    def inbox(context: dg.SensorEvaluationContext) -> dg.SensorResult:
        found = home or Home.find()
        files = _files(found.inbox)
        if any(time.time() - changed < SETTLE_SECONDS for _, _, changed in files):
            return dg.SensorResult(skip_reason="a file is still arriving")
        look = hashlib.sha256(repr(files).encode()).hexdigest()
        if look == context.cursor:
            return dg.SensorResult(skip_reason="the inbox has not changed")
        stored = RawStore(found.raw)
        new = sorted({digest for path, _, _ in files if not stored.holds(digest := _digest(path))})
        if not new:
            return dg.SensorResult(skip_reason="every file of the inbox was taken in before", cursor=look)
        key = hashlib.sha256("".join(new).encode()).hexdigest()
        return dg.SensorResult(
            run_requests=[dg.RunRequest(run_key=key, tags={"fazhi/new_files": str(len(new))})], cursor=look
        )

    return inbox


def _files(inbox: Path) -> list[tuple[Path, int, float]]:
    """Every input of the inbox with its size and time of change; a file that vanishes meanwhile is none."""
    found = []
    for path, _ in walk([inbox] if inbox.is_dir() else []):
        if not is_sidecar(path) and path.is_file():
            state = path.stat()
            found.append((path, state.st_size, state.st_mtime))
    return found


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
