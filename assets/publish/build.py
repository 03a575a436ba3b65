"""Build a release: from the tables of the warehouse to an immutable, verified, announced folder.

Here belongs the order of the steps. What each file says is in ``canonical``, ``derive``, ``datapackage`` and
``prose``; how a folder becomes a release is in ``staging``; what is proven of it is in ``verify``. The bytes depend on
the inputs alone: no clock, no path of this machine, no random number enters them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import chain, pairwise
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from assets.publish import derive, prose
from assets.publish.canonical import canonical_pieces, canonical_rows, piece_rows, write_csv, write_parquet
from assets.publish.croissant import croissant
from assets.publish.datapackage import datapackage
from assets.publish.derive import LazyTables, Tables, columns_of
from assets.publish.diff import Release
from assets.publish.excel import write_excel
from assets.publish.history import write_history
from assets.publish.masking import masking_version
from assets.publish.notices import notices_in
from assets.publish.predecessor import Predecessor
from assets.publish.private import PrivateTables, find_masks, known_masks, masked_rows, refuse_named, searches
from assets.publish.readers import load_sql, read_py, read_r
from assets.publish.site.files import write_site
from assets.publish.spread import Spread, here
from assets.publish.staging import announce, exclusively, read_manifest, settle, staged, standing_versions, versions
from assets.publish.sums import content_sha256, file_record, write_sums
from assets.publish.verify import verify_release
from contracts.errors import ReleaseError
from contracts.release import (
    CROISSANT,
    DATAPACKAGE,
    IDENTITIES,
    MANIFEST,
    MASKS,
    MASKS_FILE,
    QUALITY,
    Manifest,
    TableRecord,
    Version,
    csv_path,
    dump_json,
    next_version,
    parquet_path,
    release_tables,
)
from contracts.schema import Table
from contracts.tables import IDENTITY_RESULTS, SCHEMA_VERSION


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """All that a release is made of."""

    tables: Tables
    """Every table of ``contracts.tables``, with accepted rows only."""
    as_of: date
    """The date that the release speaks for and that its version is made from."""
    method_version: str
    """SemVer of the extractor."""
    catalogue_version: str
    """Names the state of the indicator catalogue."""
    evaluation: Mapping[str, Any] | None = None
    """The extractor's scores on labelled texts, for the quality report."""


@dataclass(frozen=True, slots=True)
class Built:
    """A release as it stands: its folder, its manifest, and whether this build made it."""

    path: Path
    manifest: Manifest
    is_new: bool


def build_release(inputs: Inputs, releases: Path, spread: Spread = here, before: Predecessor | None = None) -> Built:
    """Build the release of ``inputs`` in the folder ``releases`` and announce it; return it.

    Where the newest release holds the same content already, no other is made of it. The new folder is staged beside
    its place, verified and then renamed; ``latest.json`` changes last. ``spread`` is where the work is done; ``before`` is
    the newest release where this code made it: what did not change since is taken from it, and the bytes are the same.

    Raises:
        ReleaseError: another process builds here, a file of ``before`` is no longer what was proven, a table breaks its contract, or the staged folder does not verify.
    """
    with exclusively(releases):
        taken, standing = versions(releases), standing_versions(releases)
        version = next_version(inputs.as_of, taken)
        previous = read_manifest(releases / str(standing[-1])) if standing else None
        before = _held(before, previous)
        if previous:
            refuse_named(previous, Release.open(releases / previous.version).stored)
        with staged(releases, version) as stage:
            manifest = write_release(inputs, stage, version, previous, spread=spread, before=before)
            if previous and previous.content_sha256 == manifest.content_sha256:
                announce(releases)
                return Built(releases / previous.version, previous, is_new=False)
            last = releases / str(taken[-1]) if taken else None
            summary = write_history(stage, releases / previous.version if previous else None, last, spread)
            _write(stage, "CHANGELOG.md", prose.changelog(manifest, summary, notices_in(releases)))
            write_site(stage, spread, before)
            write_sums(stage)
            _refuse_unproven(stage, spread, before)
            path = settle(stage, version)
        announce(releases)
        return Built(path, manifest, is_new=True)


def _held(before: Predecessor | None, previous: Manifest | None) -> Predecessor | None:
    """Return ``before`` if it is the newest that stands, with each file that is read of it held to its hash, once."""
    if not before or not previous or before.folder.name != previous.version:
        return None
    for path in (MANIFEST, DATAPACKAGE, MASKS_FILE, IDENTITIES, *(record.parquet.path for record in previous.tables)):
        before.hold(path)
    return before


def write_release(
    inputs: Inputs,
    folder: Path,
    version: Version,
    previous: Manifest | None,
    *,
    spread: Spread = here,
    before: Predecessor | None = None,
) -> Manifest:
    """Write what a release says by itself into the empty ``folder`` and return its manifest.

    What it says of the release before it, and the sums of all, come after.
    """
    found = chain.from_iterable(spread(find_masks, searches(inputs.tables, before)))
    tables = PrivateTables(inputs.tables, [*(known_masks(inputs.tables, before) if before else ()), *found])
    declared = release_tables(tables["indicators"].to_pylist())
    for name in ("data", "parquet", "excel", "quality"):
        (folder / name).mkdir()
    records = tuple(spread(_write_table, [_Writing(folder, table, tables) for table in declared.values()]))
    write_csv(canonical_rows(masked_rows(tables.masks), MASKS), MASKS, folder / MASKS_FILE)
    _write(folder, QUALITY, dump_json({**derive.quality(tables, inputs.evaluation), "masking": tables.summary()}))
    tried = canonical_rows(derive.tried_identities(tables), IDENTITY_RESULTS)
    write_csv(tried, IDENTITY_RESULTS, folder / IDENTITIES)
    manifest = Manifest(
        version=str(version),
        as_of=inputs.as_of.isoformat(),
        previous=previous.version if previous else None,
        schema_version=SCHEMA_VERSION,
        method_version=inputs.method_version,
        catalogue_version=inputs.catalogue_version,
        content_sha256=content_sha256(
            (*(record.csv for record in records), file_record(folder, QUALITY)),
            (SCHEMA_VERSION, inputs.method_version, inputs.catalogue_version),
        ),
        masking_version=masking_version(),
        counts=derive.counts(tables),
        tables=records,
    )
    _write(folder, MANIFEST, manifest.to_json())
    _write(folder, DATAPACKAGE, dump_json(datapackage(manifest, declared)))
    _write(folder, CROISSANT, dump_json(croissant(manifest, declared)))
    _write(folder, "load.sql", load_sql(manifest, declared))
    _write(folder, "read.py", read_py(manifest, declared))
    _write(folder, "read.R", read_r(manifest, declared))
    _write(folder, "README.md", prose.readme_en(manifest, declared))
    _write(folder, "README.zh.md", prose.readme_zh(manifest, declared))
    _write(folder, "CITATION.cff", prose.citation(manifest))
    _write(folder, "LICENSE", prose.licence())
    return manifest


class _Writing(NamedTuple):
    """A table to be written into the folder of a release."""

    folder: Path
    table: Table
    tables: PrivateTables


def _write_table(writing: _Writing) -> TableRecord:
    folder, table, tables = writing
    csv, parquet = csv_path(table.name), parquet_path(table.name)
    rows = write_parquet(_pieces_of(table, tables), table, folder / parquet)
    write_csv(folder / parquet, table, folder / csv)
    write_excel(folder / parquet, table, folder)
    return TableRecord(table.name, rows, len(table.columns), file_record(folder, csv), file_record(folder, parquet))


def _pieces_of(table: Table, tables: Tables) -> Iterator[pa.Table]:
    """Yield the rows of one table of a release in canonical form."""
    match table.name:
        case name if name in derive.DERIVED:
            return derive.derived_pieces(table, tables)
        case "texts":
            documents = columns_of(tables, "documents", ["text_sha256"])
            return _in_passes(table, documents["text_sha256"], tables, derive.released_texts)
        case "source_documents":
            return canonical_pieces(derive.released_sources(tables), table)
        case name if len(table.key) == 1:
            return _in_passes(table, columns_of(tables, name, table.key)[0], tables, partial(derive.part_of, name))
        case name:
            return canonical_pieces(tables[name], table)


def _in_passes(
    table: Table, keys: pa.ChunkedArray, tables: Tables, read: Callable[[Tables, str | None], pa.Table]
) -> Iterator[pa.Table]:
    """Yield the canonical pieces of a table with these keys; of a large one a run of keys is read at a time, part by part."""
    size, ordered = _PIECES_A_PASS * piece_rows(table), keys.combine_chunks().sort()
    parts = tables.parts(table.name) if isinstance(tables, LazyTables) else [None]
    if len(ordered) <= size or ordered.null_count:
        yield from canonical_pieces(pa.concat_tables(read(tables, part) for part in parts), table)
        return
    for first, end in pairwise([*(ordered[place] for place in range(0, len(ordered), size)), None]):
        runs = (_run_of_keys(read(tables, part), table.key[0], first, end) for part in parts)
        yield from canonical_pieces(pa.concat_tables(runs), table)


_PIECES_A_PASS = 4


def _run_of_keys(rows: pa.Table, key: str, first: pa.Scalar, end: pa.Scalar | None) -> pa.Table:
    """Return the rows whose keys stand from ``first`` on and before ``end``."""
    run = pc.greater_equal(rows[key], first)
    return rows.filter(run if end is None else pc.and_(run, pc.less(rows[key], end)))


def _refuse_unproven(stage: Path, spread: Spread, before: Predecessor | None) -> None:
    findings = verify_release(stage, copies=False, spread=spread, before=before).findings
    if findings:
        more = f" (and {len(findings) - 1} more)" if findings[1:] else ""
        raise ReleaseError(
            f"the staged release does not verify: {findings[0]}{more}",
            culprit=stage.name,
            remedy="Nothing was released; mend the table that it names and run again",
        )


def _write(folder: Path, path: str, text: str) -> None:
    (folder / path).write_text(text, encoding="utf-8", newline="\n")
