"""The event log: what is written through open connections is what Dagster's own storage reads, and the other way round."""

from __future__ import annotations

from pathlib import Path

import dagster as dg
from dagster._core.storage.event_log import SqliteEventLogStorage

from pipelines.event_log import KEPT_OPEN, EventLog
from pipelines.instance import dagster_instance
from warehouse.layout import Home


@dg.asset(check_specs=[dg.AssetCheckSpec("holds", asset="table")])
def table() -> dg.MaterializeResult:  # type: ignore[type-arg]
    return dg.MaterializeResult(check_results=[dg.AssetCheckResult(passed=True, check_name="holds")])


def run(home: Home) -> str:
    with dagster_instance(home) as instance:
        assert isinstance(instance.event_log_storage, EventLog)
        return dg.materialize([table], instance=instance).run_id


def test_dagsters_own_storage_reads_the_history_of_checks(tmp_path: Path) -> None:
    home = Home(tmp_path)
    runs = [run(home), run(home)]
    own = SqliteEventLogStorage(str(home.dagster / "history" / "runs"))
    history = own.get_asset_check_execution_history(dg.AssetCheckKey(dg.AssetKey("table"), "holds"), limit=10)
    assert [record.run_id for record in history] == runs[::-1]
    assert {record.status.value for record in history} == {"SUCCEEDED"}
    assert len(own.get_logs_for_run(runs[0])) == len(own.get_logs_for_run(runs[1])) > 0


def test_runs_that_were_looked_at_do_not_stay_open(tmp_path: Path) -> None:
    log = EventLog(str(tmp_path))
    for number in range(KEPT_OPEN + 2):
        log.get_logs_for_run(f"run-{number}")
    assert len(log._engines) == KEPT_OPEN
    log.dispose()
    assert not log._engines
