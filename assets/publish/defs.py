"""The assets of publish: the release, and the bucket that keeps it with all that it was made of."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

import dagster as dg
import pyarrow as pa

from assets.publish.build import Inputs, build_release
from assets.publish.derive import LazyTables
from assets.publish.spread import here
from assets.publish.standing import origin_of, predecessor, remember, standing
from assets.publish.verify import verify_release
from assets.wiring import LARGE, OWNERS, Compute, Events, Push, failing_clearly
from contracts.errors import ReleaseError
from contracts.indicators import load_catalogue
from contracts.tables import PARSES, TABLES
from warehouse.layout import Home
from warehouse.store import Store

GROUP = "publish"
KEY = "release"
REMOTE = "bucket"


class ReleaseConfig(dg.Config):
    """What the release says of itself."""

    as_of: str | None = None
    """The day it speaks for, `2026-11-30`; today (UTC) where it is not given."""


def build(method_version: str, scores: Callable[[], Mapping[str, Any]]) -> list[dg.AssetsDefinition]:
    """Return the assets of this verb.

    `method_version` is that of the extractor whose rows are released, `scores` returns what it scores on labelled texts.
    """

    @dg.multi_asset(
        name="publish",
        specs=[
            dg.AssetSpec(
                KEY,
                deps=["warehouse", *TABLES],
                description="The newest release: an immutable folder under releases/, and latest.json that names it.",
                group_name=GROUP,
                owners=OWNERS,
                kinds={"csv", "parquet"},
            )
        ],
        check_specs=[
            dg.AssetCheckSpec(
                "verifies",
                asset=KEY,
                description="checksums, schema, contracts and every evidence at its offsets, from the release's own files",
                blocking=True,
            )
        ],
    )
    def publish(config: ReleaseConfig, home: dg.ResourceParam[Home], compute: dg.ResourceParam[Compute]) -> Events:
        with failing_clearly():
            store = Store(home)
            origin = origin_of(store.snapshot())
            known = standing(home.releases, home.released, origin)
            _refuse_several_methods(store, method_version, load_catalogue().version)
            built = known or build_release(
                Inputs(
                    tables=LazyTables(TABLES, partial(_read, store), partial(_parts, store)),
                    as_of=date.fromisoformat(config.as_of) if config.as_of else datetime.now(UTC).date(),
                    method_version=method_version,
                    catalogue_version=load_catalogue().version,
                    evaluation=scores(),
                ),
                home.releases,
                compute.map if _is_large(store) else here,
                predecessor(home.releases, home.released),
            )
            # A new release was verified before it was renamed; of one that stands only an untouched one is known to hold.
            findings = () if known or built.is_new else verify_release(built.path).findings
            yield dg.AssetCheckResult(
                asset_key=KEY,
                check_name="verifies",
                passed=not findings,
                metadata={"findings": len(findings), "first": str(findings[0]) if findings else "none"},
            )
            if findings:
                raise ReleaseError(
                    f"it no longer holds what it promises: {findings[0]}",
                    culprit=str(built.path),
                    remedy="Put it back as it was published, or withdraw it; releases never change",
                )
            if not known:
                remember(built, home.released, origin)
            yield dg.MaterializeResult(
                asset_key=KEY,
                metadata={
                    "path": str(built.path),
                    "version": built.manifest.version,
                    "is_new": built.is_new,
                    **{f"rows/{table.name}": table.rows for table in built.manifest.tables},
                },
            )

    @dg.multi_asset(
        name="push",
        specs=[
            dg.AssetSpec(
                REMOTE,
                deps=["warehouse", KEY],
                description="The bucket that keeps raw files, tables and releases, where one is named; moved in one step.",
                group_name=GROUP,
                owners=OWNERS,
                kinds={"s3"},
            )
        ],
    )
    def push(home: dg.ResourceParam[Home], push: dg.ResourceParam[Push]) -> Events:
        with failing_clearly():
            yield dg.MaterializeResult(asset_key=REMOTE, metadata=push(home))

    return [publish, push]


def _read(store: Store, name: str, columns: list[str] | None, part: str | None) -> pa.Table:
    return store.read(TABLES[name], None if part is None else [part], columns)


def _parts(store: Store, name: str) -> list[str]:
    return store.partitions(TABLES[name])


def _is_large(store: Store) -> bool:
    """Return whether the work on a release is worth more than starting processes for it."""
    return sum(part.rows for part in store.snapshot().get(PARSES.name, {}).values()) > LARGE


def _refuse_several_methods(store: Store, method_version: str, catalogue_version: str) -> None:
    """Raise ReleaseError where some reports were parsed otherwise than the release would say of all."""
    parses = store.read(PARSES, columns=["method_version", "catalogue_version"]).to_pylist()
    others = sum(row != {"method_version": method_version, "catalogue_version": catalogue_version} for row in parses)
    if others:
        raise ReleaseError(
            f"{others} of {len(parses)} reports were parsed by another method or catalogue",
            culprit=PARSES.name,
            remedy="Run `fazhi run`: it parses them again and makes the release",
        )
