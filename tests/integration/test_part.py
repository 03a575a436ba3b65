"""Some reports alone: by year, by division, and as a backfill of years from Dagster's side."""

from __future__ import annotations

from pathlib import Path

import dagster as dg
import pytest

from assets.parse import defs as parse
from assets.parse.batches import Selection
from contracts.errors import ReleaseError
from contracts.tables import DOCUMENTS
from pipelines.definitions import PART, build_defs
from pipelines.instance import dagster_instance
from pipelines.road import release_again, walk
from warehouse.layout import Home
from warehouse.store import Store

REPORTS = Path(__file__).parents[2] / "examples" / "reports"
INPUTS = [REPORTS / "queshan-2022.txt", REPORTS / "zhouzhi-2021.txt"]


def silent(_step: str, _done: int, _total: int) -> None:
    """Nobody is told."""


def years(home: Home) -> list[int]:
    return sorted(Store(home).read(DOCUMENTS, columns=["report_year"])["report_year"].to_pylist())


def parsed(home: Home) -> int:
    """How many texts the last run parsed."""
    with dagster_instance(home) as instance:
        event = instance.get_latest_materialization_event(dg.AssetKey(parse.KEY))
    assert event is not None
    assert event.asset_materialization is not None
    return int(str(event.asset_materialization.metadata["parsed"].value))


def test_a_year_a_division_and_a_backfill_parse_what_they_name_and_leave_the_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home(tmp_path)
    summary = walk(home, INPUTS, only=Selection(year=2022), progress=silent)
    assert (years(home), parsed(home), summary.release) == ([2022], 1, None)

    with dagster_instance(home) as instance:
        job = build_defs(home).resolve_job_def(PART)
        assert {"2014", "2022"} <= set(job.partitions_def.get_partition_keys() if job.partitions_def else ())
        job.execute_in_process(partition_key="2022", instance=instance)
        assert instance.get_runs(limit=1)[0].tags["dagster/partition"] == "2022"
    assert (years(home), parsed(home)) == ([2022], 1)

    monkeypatch.setattr("assets.parse.defs.METHOD_VERSION", "99.0.0")
    monkeypatch.setattr("assets.parse.batches.METHOD_VERSION", "99.0.0")
    walk(home, [], only=Selection(division="CN-610124"), progress=silent)
    assert (years(home), parsed(home)) == ([2021, 2022], 1)
    with pytest.raises(ReleaseError, match="1 of 2 reports were parsed by another method"):
        release_again(home)
