"""The assets of validate: the accepted rows of what was parsed, the rejected ones, identities and county-years."""

from functools import partial

import dagster as dg

from assets.validate.update import UPDATED, Parsed, update
from assets.validate.years import Facts
from assets.wiring import LARGE, Compute, Contracted, Events, failing_clearly
from contracts.corrections import load_corrections
from contracts.identities import load_identities
from contracts.projections.arrow import frame_from_table
from contracts.tables import (
    DOCUMENTS,
    NUMERALS,
    OBSERVATIONS,
    PARSES,
    REJECTED,
    TEXTS,
)
from warehouse.batches import clear_batches, read_batches
from warehouse.layout import Home
from warehouse.manifest import gone_texts
from warehouse.store import Store

GROUP = "validate"


def build(contracted: Contracted) -> list[dg.AssetsDefinition]:
    """Return the assets of this verb."""

    @dg.multi_asset(
        name="validate",
        specs=contracted.specs(*UPDATED, group=GROUP, deps=["parsed_reports"]),
        check_specs=contracted.check_specs(*UPDATED),
    )
    def validate(home: dg.ResourceParam[Home], compute: dg.ResourceParam[Compute]) -> Events:
        with failing_clearly():
            store = Store(home)
            parsed = Parsed(
                documents=frame_from_table(read_batches(home, DOCUMENTS)),
                parses=frame_from_table(read_batches(home, PARSES)),
                rejected=frame_from_table(read_batches(home, REJECTED)),
                facts=partial(_facts, home),
            )
            texts = store.read(TEXTS, columns=["text_sha256"]).column("text_sha256").to_pylist()
            gone = gone_texts(texts, frame_from_table(store.read(PARSES)))
            each = compute.map if len(texts) > LARGE else map
            made = update(store, parsed, gone, load_identities(), load_corrections(), each=each)
            yield from contracted.check_results(made.verdicts.values())
            for verdict in made.verdicts.values():
                verdict.require()
            store.write(made.changes)
            clear_batches(home)
            yield from contracted.tables(store, *UPDATED)

    return [validate]


def _facts(home: Home, year: int) -> Facts:
    return Facts(*(frame_from_table(read_batches(home, table, year)) for table in (OBSERVATIONS, NUMERALS)))
