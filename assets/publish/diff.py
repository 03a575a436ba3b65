"""The difference between two releases: every changed cell with its reason, and its application either way.

Here belong comparing two release folders, and turning the tables of one into those of the other with nothing but the
changes. Not here: why something changed (``reasons``) and which version that asks for (``bump``).

A diff speaks of the tables that hold facts. ``county_year_wide`` and ``coverage`` follow from them (``derive``), so
applying a diff makes them anew.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from assets.publish.canonical import canonical_rows, connect, read_spelled, typed_rows, write_csv
from assets.publish.datapackage import described_tables
from assets.publish.deprecation import only_announced
from assets.publish.derive import DERIVED, LazyTables, derived, stored_tables
from assets.publish.private import masks_by_row
from assets.publish.reasons import Reason, Reasons, Row, Side
from assets.publish.staging import read_manifest
from assets.publish.sums import file_record
from contracts.changes import WHOLE_ROW, SemVer
from contracts.errors import ReleaseError
from contracts.release import DATAPACKAGE, Manifest, csv_path
from contracts.schema import Table

Rows = dict[str, Row]
"""The rows of a table by their key, spelled."""


class Change(NamedTuple):
    """One row of ``changes.csv``."""

    table_name: str
    row_key: str
    column_name: str
    change: str
    old_value: str | None
    new_value: str | None
    reason: str
    cause: str

    def reversed(self) -> Change:
        """Return the change that undoes this one."""
        undone = {"added": "removed", "removed": "added", "changed": "changed"}[self.change]
        return self._replace(change=undone, old_value=self.new_value, new_value=self.old_value)


class Release(NamedTuple):
    """What a diff reads of a release: manifest, declared tables and where its CSVs are."""

    folder: Path
    manifest: Manifest
    tables: dict[str, Table]

    @classmethod
    def open(cls, folder: Path) -> Release:
        """Return the release in ``folder``; raises ReleaseError where there is none that can be read."""
        manifest = read_manifest(folder)
        path = folder / DATAPACKAGE
        try:
            text = path.read_text(encoding="utf-8")
        except OSError as error:
            raise ReleaseError("it cannot be read", culprit=str(path), remedy="Fetch the release again") from error
        return cls(folder, manifest, described_tables(text, culprit=str(path)))

    @property
    def stored(self) -> LazyTables:
        """The tables with their types, from the Parquet files."""
        return stored_tables(self.folder, self.tables)

    def spelled(self, name: str, *columns: str) -> pa.Table:
        """Return the rows of a table as texts, only these columns if any are named; nothing where it has no such table."""
        if name not in self.tables:
            return pa.table({})
        return read_spelled(self.folder / csv_path(name), columns)


def diff_releases(old_folder: Path, new_folder: Path) -> list[Change]:
    """Return every change that leads from one release to the other, sorted by table, row and column.

    Raises:
        ReleaseError: one of them is no release, their schemas differ in the major version by more than columns
            that were declared deprecated, or something changed for which neither of them records a cause.
    """
    old, new = Release.open(old_folder), Release.open(new_folder)
    _refuse_another_schema(old, new)
    names = [name for name in {**old.tables, **new.tables} if name not in DERIVED and not _same(old, new, name)]
    pairs = {name: _differing(old, new, name) for name in names}
    divisions = (str(row["division_id"]) for side in pairs.get("divisions", ({}, {})) for row in side.values())
    reasons = Reasons(_side(old), _side(new), divisions)
    changes: list[Change] = []
    for name, (before, after) in pairs.items():
        if name == "county_year":
            continue
        changes += _changes(name, before, after, reasons.of)
    if "county_year" in pairs:
        changes += _changes("county_year", *pairs["county_year"], _through_observations(pairs, reasons))
    return sorted(changes)


def apply_changes(
    folder: Path, changes: Iterable[Change], tables: Mapping[str, Table], target: Path, left_out: Collection[str] = ()
) -> None:
    """Write the CSVs that ``changes`` make of the release in ``folder``, as the described ``tables``, into ``target``.

    Reversed changes with the older release's tables lead back. Tables ``left_out`` are not written. Raises ReleaseError
    where a change does not fit.
    """
    release = Release.open(folder)
    by_table: dict[str, list[Change]] = {}
    for change in changes:
        by_table.setdefault(change.table_name, []).append(change)

    @cache
    def made(name: str) -> pa.Table:
        table = tables[name]
        if name in DERIVED:
            return derived(table, {name: made(name) for name in DERIVED[name]})
        return canonical_rows(typed_rows(_changed(release, table, by_table.get(name, [])), table), table)

    for name, table in tables.items():
        if name not in left_out:
            write_csv(made(name), table, target / f"{name}.csv")


def unproven(old_folder: Path, new_folder: Path, changes: Iterable[Change], scratch: Path) -> list[str]:
    """Return where applying ``changes`` does not give the other release's CSVs byte for byte.

    Tried in both directions; empty is the proof. ``scratch`` is an empty folder to work in. A table whose bytes both
    releases share, and of which no change speaks, needs no proof.
    """
    changes = list(changes)
    standing = _standing(old_folder, new_folder, {change.table_name for change in changes})
    ways = (
        (old_folder, new_folder, changes),
        (new_folder, old_folder, [change.reversed() for change in changes]),
    )
    failed: list[str] = []
    for number, (start, end, steps) in enumerate(ways):
        target = scratch / str(number)
        target.mkdir()
        tables = Release.open(end).tables
        try:
            apply_changes(start, steps, tables, target, standing)
        except ReleaseError as error:
            failed.append(f"it does not apply to {start.name}: {error.message}")
            continue
        failed += [
            f"it does not give {csv_path(name)} of {end.name} from {start.name}"
            for name in tables
            if name not in standing
            and file_record(target, f"{name}.csv").sha256 != file_record(end, csv_path(name)).sha256
        ]
    return failed


def _standing(old_folder: Path, new_folder: Path, changed: set[str]) -> frozenset[str]:
    """Return the tables, described alike, that are the same file in both releases and that nothing changes."""
    old, new = Release.open(old_folder), Release.open(new_folder)
    return frozenset(
        name
        for name, table in new.tables.items()
        if changed.isdisjoint({name, *DERIVED.get(name, ())})
        and table == old.tables.get(name)
        and file_record(old_folder, csv_path(name)) == file_record(new_folder, csv_path(name))
    )


def read_changes(path: Path) -> list[Change]:
    """Return the rows of a ``changes.csv``; raises ReleaseError where it cannot be read."""
    try:
        return [Change(**row) for row in read_spelled(path).to_pylist()]
    except (OSError, pa.ArrowInvalid, TypeError) as error:
        raise ReleaseError("it cannot be read", culprit=str(path), remedy="Fetch the release again") from error


def _refuse_another_schema(old: Release, new: Release) -> None:
    versions = old.manifest.schema_version, new.manifest.schema_version
    if SemVer.parse(versions[0]).major == SemVer.parse(versions[1]).major:
        return
    older, newer = sorted((old, new), key=lambda side: SemVer.parse(side.manifest.schema_version))
    if not only_announced(older.tables, newer.tables):
        raise ReleaseError(
            f"its schema {versions[1]} and the schema {versions[0]} of {old.manifest.version} cannot be compared",
            culprit=new.manifest.version,
            remedy="Only deprecated columns may go between releases that are compared; else start a folder of its own",
        )


def _same(old: Release, new: Release, name: str) -> bool:
    records = [
        next((record.csv.sha256 for record in side.manifest.tables if record.name == name), None) for side in (old, new)
    ]
    return records[0] == records[1]


def _side(release: Release) -> Side:
    documents = {str(row["document_id"]): row for row in release.spelled("documents").to_pylist()}
    texts = release.spelled("texts", "text_sha256", "document_sha256").to_pylist()
    codes = release.spelled("codelists", "codelist", "code").to_pylist()
    return Side(
        manifest=release.manifest,
        documents=documents,
        files={row["text_sha256"]: row["document_sha256"] for row in texts},
        codes=frozenset(f"{row['codelist']}:{row['code']}" for row in codes),
        masks=masks_by_row(release.folder),
        rules=frozenset(release.spelled("observations", "rule_id")["rule_id"].unique().to_pylist()),
    )


def _differing(old: Release, new: Release, name: str) -> tuple[Rows, Rows]:
    """Return the rows of a table that differ, by key, as the old and as the new release have them."""
    sides = [side.spelled(name) for side in (old, new)]
    tables = [side.tables.get(name) for side in (old, new)]
    if None in tables or tables[0].key != tables[1].key:  # type: ignore[union-attr]
        return tuple(_keyed(rows, table) if table else {} for rows, table in zip(sides, tables, strict=True))  # type: ignore[return-value]
    if tables[0].columns == tables[1].columns:  # type: ignore[union-attr]
        sides = _only_differing(*sides)
    return tuple(_keyed(rows, table) for rows, table in zip(sides, tables, strict=True) if table)  # type: ignore[return-value]


def _only_differing(old: pa.Table, new: pa.Table) -> list[pa.Table]:
    with connect() as connection:
        connection.register("old_rows", old)
        connection.register("new_rows", new)
        return [
            connection.sql(f"SELECT * FROM {one} EXCEPT ALL SELECT * FROM {other}").to_arrow_table()
            for one, other in (("old_rows", "new_rows"), ("new_rows", "old_rows"))
        ]


def _keyed(rows: pa.Table, table: Table) -> Rows:
    return {"|".join(str(row[name]) for name in table.key): row for row in rows.to_pylist()}


ReasonOf = Callable[[str, str, Row | None, Row | None], Reason | None]


def _changes(name: str, before: Rows, after: Rows, reason_of: ReasonOf) -> Iterator[Change]:
    for key in sorted(before.keys() | after.keys()):
        old, new = before.get(key), after.get(key)
        if old is None or new is None:
            reason = _known(reason_of(name, WHOLE_ROW, old, new), name, key, WHOLE_ROW)
            change = "added" if old is None else "removed"
            yield Change(name, key, WHOLE_ROW, change, _whole(old), _whole(new), *reason)
            continue
        for column in dict.fromkeys((*old, *new)):
            values = old.get(column), new.get(column)
            if values[0] != values[1]:
                schema = Reason("schema", f"column {column}") if column not in old or column not in new else None
                reason = schema or _known(reason_of(name, column, old, new), name, key, column)
                yield Change(name, key, column, "changed", *values, *reason)


def _whole(row: Row | None) -> str | None:
    if row is None:
        return None
    return json.dumps({name: value for name, value in row.items() if value is not None}, ensure_ascii=False)


def _known(reason: Reason | None, name: str, key: str, column: str) -> Reason:
    if reason is None:
        raise ReleaseError(
            f"{name} {key}, column {column} changed and no cause is on record",
            culprit="diff",
            remedy="Raise METHOD_VERSION where the code that makes this table changed",
        )
    return reason


def _through_observations(pairs: Mapping[str, tuple[Rows, Rows]], reasons: Reasons) -> ReasonOf:
    """Return how ``county_year`` finds its reasons: it changes because observations that it rests on did."""
    metric = ("division_id", "report_year", "indicator_id", "scope")
    found: dict[tuple[str | None, ...], Reason] = {}
    before, after = pairs.get("observations", ({}, {}))
    for key in sorted(before.keys() | after.keys()):
        old, new = before.get(key), after.get(key)
        column = WHOLE_ROW if old is None or new is None else next(c for c in old if old[c] != new.get(c))
        reason = reasons.of("observations", column, old, new)
        for row in (old, new):
            if row is not None and reason is not None:
                found.setdefault(tuple(row[name] for name in metric), reason)

    def of(table: str, column: str, old: Row | None, new: Row | None) -> Reason | None:
        del table, column
        row = new or old
        assert row is not None  # noqa: S101 - a difference has at least one side
        through = found.get(tuple(row[name] for name in metric))
        return through or reasons.of_county(str(row["division_id"]), str(row["report_year"]))

    return of


def _changed(release: Release, table: Table, changes: list[Change]) -> pa.Table:
    """Return the spelled rows of a table with its changes; rows that none speaks of are not taken apart."""
    rows, known = release.spelled(table.name), release.tables.get(table.name, table)
    if known.columns != table.columns or not rows.num_columns:
        return _from_rows(table, _applied(_keyed(rows, known), changes, table.name).values())
    if not changes:
        return rows
    keys = pc.binary_join_element_wise(*(rows[name] for name in known.key), "|")
    concerned = pc.is_in(keys, pa.array(sorted({change.row_key for change in changes}), pa.string()))
    applied = _applied(_keyed(rows.filter(concerned), known), changes, table.name)
    return pa.concat_tables([rows.filter(pc.invert(concerned)), _from_rows(table, applied.values())])


def _applied(rows: Rows, changes: Iterable[Change], name: str) -> Rows:
    rows = dict(rows)
    for change in changes:
        row = rows.get(change.row_key)
        if change.change == "added":
            if row is not None or change.new_value is None:
                raise _unfit(change, name)
            rows[change.row_key] = json.loads(change.new_value)
        elif row is None:
            raise _unfit(change, name)
        elif change.change == "removed":
            if _whole(row) != change.old_value:
                raise _unfit(change, name)
            del rows[change.row_key]
        elif row.get(change.column_name) != change.old_value:
            raise _unfit(change, name)
        else:
            rows[change.row_key] = {**row, change.column_name: change.new_value}
    return rows


def _unfit(change: Change, name: str) -> ReleaseError:
    return ReleaseError(
        f"the change of {change.row_key}, column {change.column_name} does not fit what {name} holds",
        culprit="diff",
        remedy="Apply a diff to the release that it was made from",
    )


def _from_rows(table: Table, rows: Iterable[Row]) -> pa.Table:
    values = list(rows)
    return pa.table({name: pa.array([row.get(name) for row in values], pa.string()) for name in table.columns})
