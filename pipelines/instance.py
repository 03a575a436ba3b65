"""Dagster's own state, kept in the data home beside everything else.

Here belongs where Dagster keeps its runs and how it is set up. Not here: what it runs (`definitions`).
"""

from __future__ import annotations

import json

import dagster as dg

from warehouse.files import replacing
from warehouse.layout import Home

SETTINGS = """\
# Written by fazhi; runs, schedules and sensors keep their state in this folder.
telemetry:
  enabled: false
# One writer at a time in a data home: runs that a schedule or sensor starts wait for their turn.
concurrency:
  runs:
    max_concurrent_runs: 1
event_log_storage:
  module: pipelines.event_log
  class: EventLog
  config:
    base_dir: {events}
"""


def dagster_home(home: Home) -> str:
    """Return the folder to name as `DAGSTER_HOME`, made and set up."""
    settings = home.dagster / "dagster.yaml"
    text = SETTINGS.format(events=json.dumps(str(home.dagster / "history" / "runs"), ensure_ascii=False))
    home.dagster.mkdir(parents=True, exist_ok=True)
    if not settings.exists() or settings.read_text(encoding="utf-8") != text:
        with replacing(settings) as staged:
            staged.write_text(text, encoding="utf-8")
    return str(home.dagster)


def dagster_instance(home: Home) -> dg.DagsterInstance:
    """Return the instance that remembers the runs of this data home."""
    return dg.DagsterInstance.from_config(dagster_home(home))
