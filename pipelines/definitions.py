"""Everything that Dagster is shown: assets with their checks, jobs, the schedule, the sensor, the resources.

`defs` is what Dagster loads; `build_defs` is the same with parts replaced. Not here: what an asset does
(`assets/*/defs.py`), nor what starts a run (`automation`).
"""

from __future__ import annotations

import logging
from typing import Any

import dagster as dg

from assets.ingest import defs as ingest
from assets.parse import defs as parse
from assets.parse.extract import METHOD_VERSION
from assets.parse.scores import scores
from assets.publish import defs as publish
from assets.store import defs as store
from assets.validate import defs as validate
from assets.wiring import Compute, Progress
from contracts.tables import DOCUMENTS
from pipelines.automation import TIME_ZONE, inbox_sensor, nightly_schedule
from pipelines.checks import ContractAssets
from pipelines.compute import chosen
from pipelines.resources import held_home, push
from warehouse.layout import Home

ROAD = "road"
PART = "part"
RELEASE = "release"


def build_defs(
    home: Home | None = None, compute: Compute | None = None, progress: Progress | None = None
) -> dg.Definitions:
    """Return the definitions, working on `home` (else the one that the environment names when a run starts)."""
    contracted = ContractAssets()
    road = dg.define_asset_job(
        ROAD,
        selection=dg.AssetSelection.all(),
        description="The whole road: ingest, parse, validate, store, publish. What did not change is not made again.",
        executor_def=dg.in_process_executor,
    )
    part = dg.define_asset_job(
        PART,
        selection=dg.AssetSelection.all() - dg.AssetSelection.assets(publish.KEY),
        config=_of_one_year(),
        description="The reports of one year parsed again, up to the warehouse file; a backfill does several years.",
        executor_def=dg.in_process_executor,
    )
    release = dg.define_asset_job(
        RELEASE,
        selection=dg.AssetSelection.assets(store.KEY, publish.KEY, publish.REMOTE),
        description="The warehouse file and a release, from the tables as they are.",
        executor_def=dg.in_process_executor,
    )
    return dg.Definitions(
        assets=[
            *ingest.build(contracted),
            *parse.build(),
            *validate.build(contracted),
            *store.build(),
            *publish.build(METHOD_VERSION, scores),
        ],
        jobs=[road, part, release],
        schedules=[nightly_schedule(road)],
        sensors=[inbox_sensor(road, home)],
        resources={
            "home": held_home(home),
            "compute": compute or chosen(home=home),
            "progress": progress or log_progress,
            "push": push,
        },
        executor=dg.in_process_executor,
    )


def _of_one_year() -> dg.PartitionedConfig[Any]:
    """Return how a run for one report year is configured; years are named by the year that reports are about."""
    years = dg.TimeWindowPartitionsDefinition(
        start=f"{DOCUMENTS.field('report_year').minimum:.0f}",
        fmt="%Y",
        cron_schedule="0 0 1 1 *",
        timezone=TIME_ZONE,
        end_offset=1,
    )
    return dg.PartitionedConfig(
        partitions_def=years,
        run_config_for_partition_key_fn=lambda key: {"ops": {"parse": {"config": {"year": int(key), "force": True}}}},
    )


def log_progress(step: str, done: int, total: int) -> None:
    """Say it in the log of the run, at the end of a step."""
    if done == total:
        logging.getLogger("fazhi").info("%s: %d of %d", step, done, total)


defs = build_defs()
