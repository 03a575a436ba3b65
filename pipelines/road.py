"""The road walked by hand: one run of the Dagster job in this process, and what came of it.

Here belongs what the command line and Dagster's page share. Not here: printing (`cli`), the job (`definitions`).
"""

from __future__ import annotations

import logging
import warnings
from collections import Counter
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import NamedTuple

import dagster as dg

from assets.parse.batches import ALL, Selection
from assets.publish import defs as publish
from assets.wiring import Progress
from contracts.errors import FazhiError
from contracts.schema import Table
from contracts.tables import DOCUMENTS, NUMERALS, OBSERVATIONS, REJECTED
from pipelines.definitions import PART, RELEASE, ROAD, build_defs
from pipelines.instance import dagster_instance
from warehouse.layout import Home
from warehouse.store import Store

QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


class Release(NamedTuple):
    """The release that a run ended in."""

    path: Path
    is_new: bool


class Summary(NamedTuple):
    """What lies in the data home after a run."""

    documents: int
    observations: int
    queued: int
    unexplained: int
    rejected: int
    reasons: list[tuple[str, int]]
    """Why rows were rejected, most frequent first."""
    example: tuple[str, int] | None
    """The county and year with most facts; None where no report was identified."""
    release: Release | None
    """None where only some reports were asked for: such a run ends with the warehouse file."""


def walk(
    home: Home,
    inputs: list[Path],
    *,
    as_of: date | None = None,
    force: bool = False,
    only: Selection = ALL,
    progress: Progress,
) -> Summary:
    """Run the whole road in this process; ``only`` for some reports, and then up to the warehouse file.

    ``force`` makes every table again from the raw files, or parses again what is asked for.

    Raises:
        FazhiError: the first failure, as the step told it.
    """
    given = [str(path.resolve()) for path in inputs]
    if only == ALL:
        config = {
            "ingest": {"config": {"inputs": given, "force": force}},
            "parse": {"config": {"force": force}},
            "publish": {"config": _as_of(as_of)},
        }
        return _summary(Store(home), _released(_run(home, ROAD, config, progress)))
    config = {
        "ingest": {"config": {"inputs": given}},
        "parse": {"config": {"force": force, "year": only.year, "division": only.division}},
    }
    _run(home, PART, config, progress)
    return _summary(Store(home), None)


def release_again(home: Home, *, as_of: date | None = None) -> Release:
    """Build the warehouse file and a release from the tables as they are.

    Raises:
        FazhiError: the first failure, as the step told it.
    """
    config = {"publish": {"config": _as_of(as_of)}}
    return _released(_run(home, RELEASE, config, lambda _step, _done, _total: None))


def _as_of(day: date | None) -> dict[str, object]:
    return {"as_of": day.isoformat()} if day else {}


def _released(run: dg.ExecuteInProcessResult) -> Release:
    made = run.asset_materializations_for_node(publish.GROUP)[-1].metadata
    return Release(Path(str(made["path"].value)), bool(made["is_new"].value))


def _run(home: Home, job: str, config: Mapping[str, object], progress: Progress) -> dg.ExecuteInProcessResult:
    logging.getLogger("dagster").setLevel(logging.CRITICAL)
    with warnings.catch_warnings(), dagster_instance(home) as instance:
        warnings.simplefilter("ignore", dg.BetaWarning)
        try:
            return (
                build_defs(home, progress=progress)
                .resolve_job_def(job)
                .execute_in_process(run_config={"ops": config, **QUIET}, instance=instance)
            )
        except (dg.Failure, dg.DagsterError) as failure:
            if isinstance(failure.__cause__, FazhiError):
                raise failure.__cause__ from None
            raise
        except dg.DagsterExecutionInterruptedError as interruption:
            raise KeyboardInterrupt from interruption


def _summary(store: Store, release: Release | None) -> Summary:
    documents = store.read(DOCUMENTS, columns=["document_id", "division_name", "report_year"])
    facts = _counted(store, OBSERVATIONS, "document_id")
    classes = _counted(store, NUMERALS, "class")
    reasons = _counted(store, REJECTED, "reason")
    richest = max(documents.to_pylist(), key=lambda row: facts[row["document_id"]], default=None)
    return Summary(
        documents=documents.num_rows,
        observations=facts.total(),
        queued=classes["queued"],
        unexplained=classes["unexplained"],
        rejected=reasons.total(),
        reasons=reasons.most_common(),
        example=(richest["division_name"], richest["report_year"]) if richest else None,
        release=release,
    )


def _counted(store: Store, table: Table, column: str) -> Counter[str]:
    """Return how many rows of the table hold each value of the column."""
    found = store.read(table, columns=[column]).column(column).value_counts().to_pylist()
    return Counter({value["values"]: value["counts"] for value in found})
