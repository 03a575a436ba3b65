"""Verify a release: prove from its own files, without any warehouse, that it holds what it promises.

Here belong the checks and what they find. Not here: what is done about it. The order is that of trust: first that the
files are the ones that were released, then that they say the same thing in all places, then that every row keeps the
rules of the contracts, the evidence of every figure among them. A release describes its own tables, so that one of an
older schema is verified by its own description; the rules between columns are those of the same schema version.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

from assets.publish import derive
from assets.publish.croissant import croissant
from assets.publish.datapackage import datapackage, described_tables
from assets.publish.derive import Tables, stored_tables
from assets.publish.diff import Release, read_changes, unproven
from assets.publish.findings import Finding
from assets.publish.forms import Files, Followed, derived_apart, form_of
from assets.publish.history import forgotten_ids, registered_ids, unregistered_ids
from assets.publish.judging import Judging, judge, judgings
from assets.publish.news import News, news
from assets.publish.predecessor import Predecessor
from assets.publish.private import masks_of_nothing, showings, unmasked
from assets.publish.shares import shares_of
from assets.publish.site.files import altered_data
from assets.publish.spread import Spread, here
from assets.publish.staging import read_manifest
from assets.publish.sums import content_sha256, file_paths, file_record, read_sums
from contracts.changes import CHANGES_FILE, IDS_FILE, SUMMARY_FILE
from contracts.errors import ReleaseError
from contracts.release import (
    CROISSANT,
    DATAPACKAGE,
    MANIFEST,
    QUALITY,
    SUMS,
    TOMBSTONE,
    Manifest,
    Version,
    release_tables,
)
from contracts.schema import Table
from contracts.tables import SCHEMA_VERSION


class Verification(NamedTuple):
    """What came of it: ``findings`` is empty exactly when the release holds what it promises."""

    version: str | None
    files: int
    rows: int
    findings: tuple[Finding, ...]


def verify_release(
    folder: Path, *, copies: bool = True, spread: Spread = here, before: Predecessor | None = None
) -> Verification:
    """Return what is wrong with the release in ``folder``.

    ``copies`` asks whether CSVs, spreadsheet copies, the data of the site and the sums are what the files say, by making
    them again; whoever just made them from these very files need not ask. ``spread`` is where the work is done. Rows
    that stand just so in the release ``before``, which this code proved, and rest on such rows are not judged again.

    Raises ReleaseError where ``folder`` is no release at all: no folder, or one without ``SHA256SUMS``.
    """
    if (folder / TOMBSTONE).is_file():
        read_manifest(folder)  # refuses it, and says when and why it was withdrawn
    if not (folder / SUMS).is_file():
        raise ReleaseError(f"there is no {SUMS} in it", culprit=str(folder), remedy="Name the folder of a release")
    findings = list(_files(folder, hashed=copies))
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
        formed = list(spread(form_of, [Files(folder, table, copies) for table in described.values()]))
        for table, form in zip(described.values(), formed, strict=True):
            findings += form.findings
            if form.shape is not None:
                shapes[table.name] = form.shape
        findings += _figures(folder, manifest, shapes, stored_tables(folder, shapes))
        findings += _rows(_Stated(folder, manifest, described, shapes, not findings), before, spread)
        if copies and not findings:
            findings += (Finding("site", path, message) for path, message in altered_data(folder, spread))
    return Verification(
        version=manifest.version if manifest else None,
        files=len(file_paths(folder)),
        rows=sum(rows for rows, _ in shapes.values()),
        findings=tuple(findings),
    )


class _Stated(NamedTuple):
    """A release that can be read: what it says of itself, and rows and columns of each of its tables."""

    folder: Path
    manifest: Manifest
    described: Mapping[str, Table]
    shapes: Mapping[str, tuple[int, int]]
    is_sound: bool
    """Whether nothing was found so far."""


def _rows(release: _Stated, before: Predecessor | None, spread: Spread) -> list[Finding]:
    """Judge the rows; only a release that is whole by itself can be held against the one before it.

    Where that one is proven, the diff comes first: what it does not name was proven with the release ``before``.
    """
    if before and release.is_sound:
        return _unlike_before(release, spread) or _judged(
            release, news(before, release.folder, release.described), spread
        )
    return _judged(release, None, spread) or (_unlike_before(release, spread) if release.is_sound else [])


def _unlike_before(release: _Stated, spread: Spread) -> list[Finding]:
    return list(_history(release.folder, release.manifest, spread))


def _judged(release: _Stated, changed: News | None, spread: Spread) -> list[Finding]:
    found = list(chain.from_iterable(spread(_found, _jobs(release, changed))))
    if found or not release.is_sound:
        return found
    rows = changed.rows if changed else None
    looked = chain.from_iterable(spread(unmasked, showings(release.folder, release.shapes, rows)))
    return [Finding("private_names", *at) for at in chain(masks_of_nothing(release.folder), looked)]


def _jobs(release: _Stated, changed: News | None) -> list[Followed | Judging]:
    """Return what is to be proven of the rows, of those alone that ``changed`` names: that tables follow, and the rules."""
    folder, manifest, described, shapes, _ = release
    is_ours = manifest.schema_version == SCHEMA_VERSION
    read = {name: described[name] for name in shapes}
    followed = [
        Followed(folder, read[name], tuple(read), changed)
        for name, sources in derive.DERIVED.items()
        if is_ours and {name, *sources} <= set(read)
    ]
    observations = shapes["observations"][0] if "observations" in shapes else 0
    shares = shares_of(len(changed.rows.get("observations", ())) if changed else observations)
    return [*followed, *judgings(folder, read, shares, is_ours=is_ours, news=changed)]


def _found(job: Followed | Judging) -> list[Finding]:
    return derived_apart(job) if isinstance(job, Followed) else judge(job)


# The files are the ones that were released ---------------------------------------------------------------------


def _files(folder: Path, *, hashed: bool) -> Iterator[Finding]:
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
        elif hashed and (found := file_record(folder, path).sha256) != digest:
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


# It follows from the release before it ------------------------------------------------------------------------


def _history(folder: Path, manifest: Manifest, spread: Spread) -> Iterator[Finding]:
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
    for failure in unproven(previous, folder, changes, spread):
        yield Finding("diff", CHANGES_FILE, failure)


def _read(folder: Path, path: str) -> str:
    try:
        return (folder / path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ReleaseError(
            f"it cannot be read ({type(error).__name__})", culprit=path, remedy="Fetch the release again"
        ) from error
