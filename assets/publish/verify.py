"""Verify a release: prove from its own files, without any warehouse, that it holds what it promises.

Here belong the checks and what they find. Not here: what is done about it. The order is that of trust: first that the
files are the ones that were released, then that they say the same thing in all places, then that every row keeps the
rules of the contracts, the evidence of every figure among them. A release describes its own tables, so that one of an
older schema is verified by its own description; the rules between columns are those of the same schema version.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from assets.publish import derive
from assets.publish.canonical import (
    canonical_pieces,
    canonical_rows,
    read_pieces,
    read_spelled,
    spelled_rows,
    write_csv,
    write_parquet,
)
from assets.publish.croissant import croissant
from assets.publish.datapackage import datapackage, described_tables
from assets.publish.derive import LazyTables, Tables
from assets.publish.diff import Release, read_changes, unproven
from assets.publish.excel import excel_paths, write_excel
from assets.publish.history import forgotten_ids, registered_ids, unregistered_ids
from assets.publish.private import read_masks, unmasked
from assets.publish.site.files import altered_data
from assets.publish.staging import read_manifest
from assets.publish.sums import content_sha256, file_paths, file_record, read_sums
from contracts.changes import CHANGES_FILE, IDS_FILE, SUMMARY_FILE
from contracts.errors import ReleaseError
from contracts.projections.arrow import arrow_schema, frame_from_table
from contracts.release import (
    CROISSANT,
    DATAPACKAGE,
    MANIFEST,
    QUALITY,
    SUMS,
    TOMBSTONE,
    Manifest,
    Version,
    csv_path,
    parquet_path,
    release_tables,
)
from contracts.rules import Rule, rules_of
from contracts.schema import Table
from contracts.tables import SCHEMA_VERSION

_SHOWN = 20
"""How many findings of one kind in one file are listed; the rest is counted."""


class Finding(NamedTuple):
    """One thing that is not as promised.

    ``row`` counts the rows of a table from 1, the header not among them; ``key`` names the row by its key.
    """

    check: str
    file: str
    message: str
    row: int | None = None
    key: str | None = None
    column: str | None = None

    def __str__(self) -> str:
        """Return it on one line, the place first."""
        place = [self.file]
        if self.row is not None:
            place.append(f"row {self.row} ({self.key})" if self.key else f"row {self.row}")
        if self.column is not None:
            place.append(f"column {self.column}")
        return f"{', '.join(place)}: {self.message} [{self.check}]"


class Verification(NamedTuple):
    """What came of it: ``findings`` is empty exactly when the release holds what it promises."""

    version: str | None
    files: int
    rows: int
    findings: tuple[Finding, ...]


def verify_release(folder: Path, *, pages: bool = True) -> Verification:
    """Return what is wrong with the release in ``folder``.

    ``pages`` asks whether the data of the site is what the tables say, by making it again; whoever just made it from
    these very files need not ask.

    Raises ReleaseError where ``folder`` is no release at all: no folder, or one without ``SHA256SUMS``.
    """
    if (folder / TOMBSTONE).is_file():
        read_manifest(folder)  # refuses it, and says when and why it was withdrawn
    if not (folder / SUMS).is_file():
        raise ReleaseError(f"there is no {SUMS} in it", culprit=str(folder), remedy="Name the folder of a release")
    findings = list(_files(folder))
    manifest: Manifest | None = None
    shapes: dict[str, tuple[int, int]] = {}
    try:
        manifest = read_manifest(folder)
        described = described_tables(_read(folder, DATAPACKAGE), culprit=DATAPACKAGE)
    except ReleaseError as error:
        # Its checksum is among the findings; without it no table can be understood.
        findings.append(Finding("shape", Path(error.culprit).name, error.message))
    else:
        findings += _statements(folder, manifest, described)
        for table in described.values():
            found, shape = _table(folder, table)
            findings += found
            if shape is not None:
                shapes[table.name] = shape
        tables = LazyTables(shapes, lambda name: pq.read_table(folder / parquet_path(name)))
        findings += _figures(folder, manifest, shapes, tables)
        findings += _derived(manifest, described, tables)
        findings += _rules(folder, manifest, described, tables)
        if not findings:
            findings += (Finding("private_names", *found) for found in unmasked(folder, manifest, tables))
        if not findings:
            # Only a release that is whole by itself can be held against the one before it.
            findings += _history(folder, manifest)
        if pages and not findings:
            findings += (Finding("site", path, message) for path, message in altered_data(folder))
    return Verification(
        version=manifest.version if manifest else None,
        files=len(file_paths(folder)),
        rows=sum(rows for rows, _ in shapes.values()),
        findings=tuple(findings),
    )


# The files are the ones that were released ---------------------------------------------------------------------


def _files(folder: Path) -> Iterator[Finding]:
    try:
        listed = read_sums(_read(folder, SUMS), culprit=SUMS)
    except ReleaseError as error:
        yield Finding("sums", SUMS, error.message)
        return
    present = file_paths(folder)
    for path in present:
        if path not in listed:
            yield Finding("extra_file", path, f"it is not listed in {SUMS}")
    for path, digest in listed.items():
        if path not in present:
            yield Finding("missing_file", path, f"it is listed in {SUMS} and is not there")
        elif (folder / path).is_symlink() or not (folder / path).is_file():
            yield Finding("no_plain_file", path, "it is no plain file")
        elif (found := file_record(folder, path).sha256) != digest:
            yield Finding("checksum", path, f"its SHA-256 is {found}, {SUMS} says {digest}")


# They say the same thing in all places -------------------------------------------------------------------------


def _statements(folder: Path, manifest: Manifest, described: Mapping[str, Table]) -> Iterator[Finding]:
    if Version.is_version(folder.name) and folder.name != manifest.version:
        yield Finding("version", MANIFEST, f"it says version {manifest.version} in the folder {folder.name}")
    if manifest.schema_version == SCHEMA_VERSION:
        yield from _schema_as_declared(manifest, described)
    # What the descriptor must say follows from the manifest and the tables that the descriptor itself describes.
    stated = json.loads(_read(folder, DATAPACKAGE))
    names = {record.name for record in manifest.tables}
    for name in sorted(names ^ set(described)):
        yield Finding("statements", DATAPACKAGE, f"the table {name} is not in both it and {MANIFEST}")
    if names == set(described):
        yield from _differences(stated, datapackage(manifest, described), DATAPACKAGE)
        if (folder / CROISSANT).is_file():
            yield from _differences(json.loads(_read(folder, CROISSANT)), croissant(manifest, described), CROISSANT)
    yield from _recorded_files(folder, manifest)
    for path, words in (
        ("CITATION.cff", f'version: "{manifest.version}"'),
        ("CITATION.cff", f'license: "{manifest.licence.spdx}"'),
        ("README.md", f"**{manifest.version}**"),
        ("README.zh.md", f"**{manifest.version}**"),
    ):
        if (folder / path).is_file() and words not in _read(folder, path):
            yield Finding("statements", path, f"it does not say {words}")


def _recorded_files(folder: Path, manifest: Manifest) -> Iterator[Finding]:
    for record in manifest.tables:
        for file in (record.csv, record.parquet):
            if (folder / file.path).is_file() and (found := file_record(folder, file.path)) != file:
                message = f"it says that {file.path} has {file.bytes} bytes and SHA-256 {file.sha256}"
                yield Finding("statements", MANIFEST, f"{message}; it has {found.bytes} and {found.sha256}")


def _schema_as_declared(manifest: Manifest, described: Mapping[str, Table]) -> Iterator[Finding]:
    """Compare the columns, types and keys that a release of our own schema version has with the contracts."""
    declared = release_tables([])
    for name, table in declared.items():
        if name not in described:
            yield Finding("schema", DATAPACKAGE, f"the table {name} of schema {manifest.schema_version} is missing")
        elif name != "county_year_wide" and described[name].columns != table.columns:
            found, expected = ", ".join(described[name].columns), ", ".join(table.columns)
            yield Finding("schema", DATAPACKAGE, f"{name} has the columns {found}; declared are {expected}")


def _differences(found: Any, expected: Any, file: str, at: str = "") -> Iterator[Finding]:
    """Walk two JSON values and name each place where they differ, but for titles and other words for readers."""
    if isinstance(found, dict) and isinstance(expected, dict):
        for name in sorted(set(found) | set(expected)):
            if name not in _WORDS:
                yield from _differences(found.get(name), expected.get(name), file, f"{at}/{name}")
    elif isinstance(found, list) and isinstance(expected, list) and len(found) == len(expected):
        for place, (one, other) in enumerate(zip(found, expected, strict=True)):
            yield from _differences(one, other, file, f"{at}/{place}")
    elif found != expected:
        yield Finding("statements", file, f"{at} is {found!r}, expected {expected!r}")


_WORDS = {"title", "title_zh", "description", "description_zh", "keywords", "contributors"}


def _figures(
    folder: Path, manifest: Manifest, shapes: Mapping[str, tuple[int, int]], tables: Tables
) -> Iterator[Finding]:
    for record in manifest.tables:
        shape = shapes.get(record.name)
        if shape is not None and shape != (record.rows, record.columns):
            yield Finding(
                "counts",
                MANIFEST,
                f"it says that {record.name} has {record.rows} rows and {record.columns} columns; "
                f"it has {shape[0]} and {shape[1]}",
            )
    if {"documents", "observations", "county_year"} <= set(shapes):
        counted = derive.counts(tables)
        for name in sorted(set(counted) | set(manifest.counts)):
            if counted.get(name) != manifest.counts.get(name):
                message = f"it counts {manifest.counts.get(name)} {name}; the tables have {counted.get(name)}"
                yield Finding("counts", MANIFEST, message)
    if (folder / QUALITY).is_file():
        files = (*(record.csv for record in manifest.tables), file_record(folder, QUALITY))
        stated = (manifest.schema_version, manifest.method_version, manifest.catalogue_version)
        if content_sha256(files, stated) != manifest.content_sha256:
            yield Finding("content", MANIFEST, "its content_sha256 is not that of the tables and the quality report")


def _derived(manifest: Manifest, described: Mapping[str, Table], tables: Tables) -> Iterator[Finding]:
    """Hold the tables that follow from others to what follows from them in our own schema version."""
    for name, sources in derive.DERIVED.items():
        if manifest.schema_version == SCHEMA_VERSION and {name, *sources} <= set(tables):
            table = described[name]
            due = spelled_rows(canonical_rows(derive.derived(table, tables), table), table)
            yield from _cells_apart("derived", csv_path(name), table, spelled_rows(tables[name], table), due)


# A CSV and its Parquet file hold the same rows in canonical form -----------------------------------------------


def _table(folder: Path, table: Table) -> tuple[list[Finding], tuple[int, int] | None]:
    """Return what is wrong with the files of a table; and rows and columns of the Parquet file, if it can be read."""
    csv, parquet = csv_path(table.name), parquet_path(table.name)
    if not (folder / csv).is_file() or not (folder / parquet).is_file():
        return [], None
    try:
        stored = pq.ParquetFile(folder / parquet)
        keys = stored.read(columns=list(table.key)) if set(table.key) <= set(stored.schema_arrow.names) else None
    except (pa.ArrowInvalid, OSError) as error:
        return [Finding("parquet", parquet, f"it cannot be read ({_line(error)})")], None
    if keys is None or not stored.schema_arrow.equals(arrow_schema(table)):
        types = f"{_types(stored.schema_arrow)}; described is {_types(arrow_schema(table))}"
        return [Finding("schema", parquet, f"it has {types}")], None
    shape = (keys.num_rows, len(table.columns))
    duplicates = list(_duplicates(table, parquet, keys))
    if duplicates:
        return duplicates, shape
    with tempfile.TemporaryDirectory() as scratch:
        return list(_forms(folder, table, Path(scratch))), shape


def _forms(folder: Path, table: Table, scratch: Path) -> Iterator[Finding]:
    """Hold every file of a table to the canonical form of the rows in its Parquet file."""
    csv, parquet = csv_path(table.name), parquet_path(table.name)
    expected = folder / parquet
    if not _is_canonical(expected, table):
        yield Finding("canonical", parquet, f"its rows are not sorted by {', '.join(table.key)}")
        expected = scratch / "ordered.parquet"
        write_parquet(canonical_pieces(pq.read_table(folder / parquet), table), table, expected)
    (scratch / "excel").mkdir()
    write_excel(expected, table, scratch)
    for path in excel_paths(table, pq.read_metadata(expected).num_rows):
        if (folder / path).is_file() and not _same_bytes(scratch / path, folder / path):
            yield _first_byte(scratch / path, folder / path, path)
    write_csv(expected, table, scratch / "expected.csv")
    if not _same_bytes(scratch / "expected.csv", folder / csv):
        cells = list(_cells(folder / csv, csv, table, pq.read_table(expected)))
        yield from cells or [_first_byte(scratch / "expected.csv", folder / csv, csv)]


def _is_canonical(path: Path, table: Table) -> bool:
    """Return whether the rows of a Parquet file, whose keys are unique, are in canonical form; it is read piece by piece."""
    last: pa.Table | None = None
    for piece in read_pieces(path):
        before = [] if last is None else [last]
        rows = pa.concat_tables([*before, piece])
        if not canonical_rows(rows, table).equals(rows):
            return False
        last = rows.slice(max(rows.num_rows - 1, 0))
    return True


def _duplicates(table: Table, file: str, rows: pa.Table) -> Iterator[Finding]:
    keys = rows.select(table.key).to_pandas()
    for place in islice(keys.index[keys.duplicated()], _SHOWN):
        yield Finding("key", file, "another row has the same key", place + 1, _key_at(table, rows, place))


def _cells(path: Path, file: str, table: Table, ordered: pa.Table) -> Iterator[Finding]:
    """Name the rows and cells in which a CSV differs from the rows it should hold."""
    try:
        found = read_spelled(path)
    except (pa.ArrowInvalid, UnicodeDecodeError) as error:
        yield Finding("csv", file, f"it cannot be read ({_line(error)})")
        return
    if tuple(found.column_names) != table.columns:
        message = f"its columns are {', '.join(found.column_names)}; described are {', '.join(table.columns)}"
        yield Finding("schema", file, message)
        return
    yield from _cells_apart("csv_is_parquet", file, table, found, spelled_rows(ordered, table))


def _cells_apart(check: str, file: str, table: Table, found: pa.Table, expected: pa.Table) -> Iterator[Finding]:
    """Name the rows and cells in which two tables of texts differ."""
    if found.num_rows != expected.num_rows:
        yield from _rows_apart(check, file, table, found, expected)
        return
    for name in table.columns:
        one, other = found[name], expected[name]
        equal = pc.fill_null(pc.equal(one, other), pc.and_(pc.is_null(one), pc.is_null(other)))
        places = pc.indices_nonzero(pc.invert(equal)).to_pylist()
        for place in places[:_SHOWN]:
            message = f"expected {_shown(other[place])}, found {_shown(one[place])}"
            yield Finding(check, file, message, place + 1, _key_at(table, expected, place), name)
        if places[_SHOWN:]:
            yield Finding(check, file, f"and {len(places) - _SHOWN} more", column=name)


def _rows_apart(check: str, file: str, table: Table, found: pa.Table, expected: pa.Table) -> Iterator[Finding]:
    yield Finding(check, file, f"it has {found.num_rows} rows, due are {expected.num_rows}")
    there = pd.MultiIndex.from_frame(found.select(table.key).to_pandas())
    due = pd.MultiIndex.from_frame(expected.select(table.key).to_pandas())
    for rows, index, others, message in (
        (found, there, due, "this row is not due"),
        (expected, due, there, "this row is missing"),
    ):
        for place in islice((~index.isin(others)).nonzero()[0], _SHOWN):
            yield Finding(check, file, message, int(place) + 1, _key_at(table, rows, int(place)))


def _first_byte(expected: Path, path: Path, file: str) -> Finding:
    """Name the place of the first byte that differs from the form that the same rows have."""
    due, found = expected.read_bytes(), path.read_bytes()
    at = next(
        (i for i, (one, other) in enumerate(zip(due, found, strict=False)) if one != other), min(len(due), len(found))
    )
    message = f"it is not the form of its rows from byte {at} on: {due[at : at + 12]!r} became {found[at : at + 12]!r}"
    return Finding("canonical", file, message)


# Every row keeps the rules -------------------------------------------------------------------------------------


def _rules(folder: Path, manifest: Manifest, described: Mapping[str, Table], tables: Tables) -> Iterator[Finding]:
    masked = {place.row_key for place in read_masks(folder) if place.table_name == "texts"}
    columns_only = manifest.schema_version != SCHEMA_VERSION
    for name in tables:
        rules = [
            rule
            for rule in rules_of(described[name])
            if set(rule.needs) <= set(tables) and not (columns_only and rule.column is None and rule.id not in _PROOFS)
        ]
        yield from _rules_of(folder, described[name], rules, tables, masked)


def _rules_of(folder: Path, table: Table, rules: list[Rule], tables: Tables, masked: set[str]) -> Iterator[Finding]:
    """Judge one table piece by piece; the tables that its rules ask are held whole as long as it takes."""
    parents = {parent for rule in rules for parent in rule.needs} - {table.name}
    frames = {parent: frame_from_table(tables[parent]) for parent in parents}
    start = 0
    for rows in read_pieces(folder / parquet_path(table.name)):
        frames[table.name] = frame_from_table(rows)
        yield from _broken_rules(table, rules, frames, _Rows(rows, start), masked)
        start += rows.num_rows


class _Rows(NamedTuple):
    """A piece of a table and how many of its rows come before."""

    piece: pa.Table
    start: int


def _broken_rules(
    table: Table, rules: list[Rule], frames: dict[str, pd.DataFrame], rows: _Rows, masked: set[str]
) -> Iterator[Finding]:
    for field in table.fields:
        if not field.nullable:
            filled = frames[table.name][field.name].notna()
            yield from _broken(table, rows, filled, check="required", message="it is empty", column=field.name)
    for rule in rules:
        if rule.holds is not None:
            message = f"it breaks the rule: {rule.en}"
            holds = rule.holds(frames)
            if rule.id == "texts.hash_is_of_the_text":
                # The hash is that of the text as it was read, before names were masked in it.
                holds = holds | frames[table.name]["text_sha256"].isin(masked)
            yield from _broken(table, rows, holds, check=rule.id, message=message, column=rule.column)


_PROOFS = frozenset(
    {
        "texts.hash_is_of_the_text",
        "observations.span_is_forward",
        "observations.evidence_is_the_text",
        "observations.numeral_within_evidence",
    }
)
"""The rules that every release keeps, whatever the version of its schema."""


def _broken(
    table: Table, rows: _Rows, holds: Any, *, check: str, message: str, column: str | None
) -> Iterator[Finding]:
    places = (~holds.to_numpy(dtype=bool)).nonzero()[0]
    file = csv_path(table.name)
    for place in places[:_SHOWN]:
        said = message if column is None else f"{message}; found {_shown(rows.piece[column][int(place)])}"
        yield Finding(check, file, said, rows.start + int(place) + 1, _key_at(table, rows.piece, int(place)), column)
    if places[_SHOWN:].size:
        yield Finding(check, file, f"and {places.size - _SHOWN} more", column=column)


# It follows from the release before it ------------------------------------------------------------------------


def _history(folder: Path, manifest: Manifest) -> Iterator[Finding]:
    release = Release.open(folder)
    changes = read_changes(folder / CHANGES_FILE)
    summary = json.loads(_read(folder, SUMMARY_FILE))
    stated = (summary["from"], summary["to"], summary["changes"])
    if stated != (manifest.previous, manifest.version, len(changes)):
        message = f"it speaks of {stated}; it should of {(manifest.previous, manifest.version, len(changes))}"
        yield Finding("history", SUMMARY_FILE, message)
    register = registered_ids(folder)
    for name in unregistered_ids(release, register):
        yield Finding("ids", IDS_FILE, f"{name} is in the release and not registered as present")
    previous = folder.parent / manifest.previous if manifest.previous else None
    if previous is None or not (previous / MANIFEST).is_file():
        return
    for name in forgotten_ids(register, registered_ids(previous)):
        yield Finding("ids", IDS_FILE, f"{name} of release {manifest.previous} was forgotten")
    with tempfile.TemporaryDirectory() as scratch:
        for failure in unproven(previous, folder, changes, Path(scratch)):
            yield Finding("diff", CHANGES_FILE, failure)


def _key_at(table: Table, rows: pa.Table, place: int) -> str:
    return ", ".join(f"{name}={rows[name][place].as_py()}" for name in table.key)


def _shown(value: pa.Scalar[Any]) -> str:
    spoken = value.as_py()
    text = "empty" if spoken is None else repr(spoken)
    return text if len(text) <= _WIDTH else f"{text[:_WIDTH]}…"


_WIDTH = 80


def _types(schema: pa.Schema) -> str:
    return ", ".join(f"{field.name} {field.type}" for field in schema)


def _same_bytes(one: Path, other: Path) -> bool:
    return file_record(one.parent, one.name).sha256 == file_record(other.parent, other.name).sha256


def _line(error: Exception) -> str:
    return str(error).splitlines()[0]


def _read(folder: Path, path: str) -> str:
    try:
        return (folder / path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ReleaseError(
            f"it cannot be read ({type(error).__name__})", culprit=path, remedy="Fetch the release again"
        ) from error
