"""What Dagster is shown, by name: a renamed or lost asset, check, job, schedule or sensor shows in a diff.

`python tests/architecture/test_definitions.py` writes the snapshot again.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import dagster as dg

from contracts.tables import TABLES
from pipelines.definitions import build_defs

SNAPSHOT = Path(__file__).with_name("definitions.json")
GROUPS = {"ingest", "parse", "validate", "store", "publish"}


def shown() -> dict[str, Any]:
    definitions = build_defs()
    graph = definitions.resolve_asset_graph()
    repository = definitions.get_repository_def()
    checks: dict[str, list[str]] = {}
    for key in sorted(graph.asset_check_keys, key=str):
        checks.setdefault(key.asset_key.to_user_string(), []).append(key.name)
    return {
        "assets": {
            group: sorted(
                key.to_user_string() for key in graph.get_all_asset_keys() if graph.get(key).group_name == group
            )
            for group in ("ingest", "parse", "validate", "store", "publish")
        },
        "checks": {asset: sorted(names) for asset, names in sorted(checks.items())},
        "jobs": sorted(job.name for job in repository.get_all_jobs() if not job.name.startswith("__")),
        "schedules": {schedule.name: schedule.cron_schedule for schedule in repository.schedule_defs},
        "sensors": sorted(sensor.name for sensor in repository.sensor_defs),
    }


def test_the_snapshot_is_current() -> None:
    assert shown() == json.loads(SNAPSHOT.read_text(encoding="utf-8")), f"if this is meant: python {__file__}"


def test_every_table_is_an_asset() -> None:
    listed = {asset for assets in shown()["assets"].values() for asset in assets}
    assert set(TABLES) <= listed


def test_an_asset_says_what_it_is_and_whose() -> None:
    for spec in build_defs().resolve_all_asset_specs():
        assert spec.description, spec.key
        assert spec.owners, spec.key
        assert spec.kinds, spec.key
        assert spec.group_name in GROUPS, spec.key


def test_the_definitions_load() -> None:
    dg.Definitions.validate_loadable(build_defs())


if __name__ == "__main__":
    SNAPSHOT.write_text(json.dumps(shown(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
