"""The assets of ingest: reference tables from the contracts, and files with their texts from the inbox."""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import dagster as dg

from assets.ingest.files import count_inputs
from assets.ingest.files import ingest as take_in
from assets.ingest.raw import RawStore
from assets.ingest.rows import Batch, read_batch
from assets.ingest.update import update
from assets.wiring import Compute, Contracted, Events, Progress, failing_clearly, told
from contracts.divisions import load_divisions
from contracts.errors import InputError
from contracts.indicators import load_catalogue
from contracts.judgement import judge
from contracts.projections.arrow import frame_from_table, table_from_frame, table_from_rows
from contracts.reference import codelist_rows, division_rows, indicator_rows
from contracts.tables import CODELISTS, DIVISIONS, INDICATORS, SOURCE_DOCUMENTS, TEXTS
from warehouse.layout import Home
from warehouse.store import Store, split

GROUP = "ingest"


class IngestConfig(dg.Config):
    """What to take in."""

    inputs: list[str] | None = None
    """Files and folders beside the inbox."""
    force: bool = False
    """Read every file again."""


def build(contracted: Contracted) -> list[dg.AssetsDefinition]:
    """Return the assets of this verb."""
    references = (DIVISIONS, INDICATORS, CODELISTS)

    @dg.multi_asset(
        name="reference",
        specs=contracted.specs(*references, group=GROUP),
        check_specs=contracted.check_specs(*references),
    )
    def reference(home: dg.ResourceParam[Home]) -> Events:
        with failing_clearly():
            rows = {
                DIVISIONS: division_rows(load_divisions()),
                INDICATORS: indicator_rows(load_catalogue()),
                CODELISTS: codelist_rows(),
            }
            verdicts = [
                judge(table, {table.name: frame_from_table(table_from_rows(table, made))})
                for table, made in rows.items()
            ]
            yield from contracted.check_results(verdicts)
            accepted = {table: verdict.require().accepted for table, verdict in zip(rows, verdicts, strict=True)}
            store = Store(home)
            store.write({table.name: split(table, table_from_frame(table, frame)) for table, frame in accepted.items()})
            yield from contracted.tables(store, *references)

    files = (SOURCE_DOCUMENTS, TEXTS)

    @dg.multi_asset(
        name="ingest",
        specs=contracted.specs(*files, group=GROUP),
        check_specs=contracted.check_specs(*files),
        # A share that drops out for a moment is worth a second try; what a user must mend is not.
        retry_policy=dg.RetryPolicy(max_retries=2, delay=1, backoff=dg.Backoff.EXPONENTIAL),
    )
    def ingest(
        config: IngestConfig,
        home: dg.ResourceParam[Home],
        compute: dg.ResourceParam[Compute],
        progress: dg.ResourceParam[Progress],
    ) -> Events:
        with failing_clearly():
            raw = RawStore(home.raw)
            inputs = [*([home.inbox] if home.inbox.is_dir() else []), *map(Path, config.inputs or [])]
            now = datetime.now(UTC)
            outcomes = list(told(progress, "ingest", take_in(inputs, raw, now=now), count_inputs(inputs)))

            if not outcomes and not any(raw.hashes()):
                raise InputError(
                    "holds no report, and nothing was taken in before",
                    culprit=str(home.inbox),
                    remedy="Put files there, or name them: fazhi run FILE_OR_FOLDER",
                )

            def read_all(batches: list[list[str]]) -> Iterator[Batch]:
                return told(progress, "read", compute.map(partial(read_batch, store=raw), batches), len(batches))

            store = Store(home)
            made = update(store, raw, outcomes, read_all, force=config.force)
            yield from contracted.check_results(made.verdicts.values())
            for verdict in made.verdicts.values():
                verdict.require()
            store.write(made.changes)
            yield from contracted.tables(store, *files)

    return [reference, ingest]
