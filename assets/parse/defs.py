"""The asset of parse: batches of what the texts state, on their way to validation."""

from collections import Counter
from collections.abc import Sequence

import dagster as dg

from assets.parse.batches import BATCH_TEXTS, Selection, do, jobs, texts_with_origins
from assets.parse.extract import METHOD_VERSION
from assets.wiring import OWNERS, Compute, Events, Progress, failing_clearly, told
from contracts.corrections import load_corrections
from contracts.indicators import load_catalogue
from contracts.projections.arrow import frame_from_table
from contracts.tables import PARSES
from warehouse.batches import clear_batches
from warehouse.layout import Home
from warehouse.manifest import stale_texts
from warehouse.store import Store

GROUP = "parse"
KEY = "parsed_reports"


class ParseConfig(dg.Config):
    """How much to parse."""

    force: bool = False
    """Parse every text again."""
    year: int | None = None
    """Only reports of this year; the others wait."""
    division: str | None = None
    """Only reports of this division, `CN-411725`; the others wait."""


def build() -> Sequence[dg.AssetsDefinition]:
    """Return the asset of this verb."""

    @dg.multi_asset(
        name="parse",
        specs=[
            dg.AssetSpec(
                KEY,
                deps=["texts", "indicators", "divisions"],
                description="Batches of parsed reports: whose, which year, which facts, and the ledger of every numeral. "
                "Only texts that are new, or whose origin record, method, catalogue or corrections changed; cleared once validated.",
                group_name=GROUP,
                owners=OWNERS,
                kinds={"parquet"},
            )
        ],
    )
    def parse(
        config: ParseConfig,
        home: dg.ResourceParam[Home],
        compute: dg.ResourceParam[Compute],
        progress: dg.ResourceParam[Progress],
    ) -> Events:
        with failing_clearly():
            store = Store(home)
            texts = texts_with_origins(store)
            corrections = load_corrections()
            parses = frame_from_table(store.read(PARSES))
            version = load_catalogue().version
            stale = sorted(texts) if config.force else stale_texts(texts, parses, METHOD_VERSION, version, corrections)
            clear_batches(home)
            rows: Counter[str] = Counter()
            work = compute.map(do, jobs(home, stale, corrections, Selection(config.year, config.division)))
            for counts in told(progress, "parse", work, -(-len(stale) // BATCH_TEXTS)):
                rows.update(counts)
            yield dg.MaterializeResult(
                asset_key=KEY,
                metadata={
                    "texts": len(texts),
                    "parsed": rows["parses"],
                    **{f"rows/{name}": n for name, n in rows.items()},
                },
            )

    return [parse]
