"""The difference between two releases: every changed cell with its reason, and its application either way.

Here belong comparing two release folders, and turning the tables of one into those of the other with nothing but the
changes. Not here: why something changed (``reasons``) and which version that asks for (``bump``).

A diff speaks of the tables that hold facts. ``county_year_wide`` and ``coverage`` follow from them (``derive``), so
applying a diff makes them anew.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from assets.publish.canonical import canonical_rows, read_spelled, spelled_rows, typed_rows
from assets.publish.datapackage import described_tables
from assets.publish.deprecation import only_announced
from assets.publish.derive import DERIVED, LazyTables, stored_tables
from assets.publish.private import masks_by_row
from assets.publish.reasons import Reason, Reasons, Row, Side
from assets.publish.runs import Run, only_differing, row_keys, runs
from assets.publish.spread import Spread, here
from assets.publish.staging import read_manifest
from assets.publish.sums import file_record
from contracts.changes import WHOLE_ROW, SemVer
from contracts.errors import ReleaseError
from contracts.projections.arrow import arrow_schema
from contracts.release import DATAPACKAGE, Manifest, csv_path, parquet_path
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
    """What a diff reads of a release: manifest, declared tables and where its files are."""

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

    def rows(self, name: str, *columns: str) -> pa.Table:
        """Return the rows of a table, only these columns if any are named; nothing where it has no such table."""
        return self.stored.some(name, columns or None) if name in self.tables else pa.table({})


def diff_releases(old_folder: Path, new_folder: Path, spread: Spread = here) -> list[Change]:
    """Return every change that leads from one release to the other, sorted by table, row and column.

    Raises:
        ReleaseError: one of them is no release, their schemas differ in the major version by more than columns
            that were declared deprecated, or something changed for which neither of them records a cause.
    """
    old, new = Release.open(old_folder), Release.open(new_folder)
    _refuse_another_schema(old, new)
    names = [name for name in {**old.tables, **new.tables} if name not in DERIVED and not _same(old, new, name)]
    pairs = dict(zip(names, spread(_differing, [_Compared(old, new, name) for name in names]), strict=True))
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


def unproven(old_folder: Path, new_folder: Path, changes: Iterable[Change], spread: Spread = here) -> list[str]:
    """Return where applying ``changes`` does not give the other release's tables, and so its CSVs byte for byte.

    Tried in both directions; empty is the proof. A table whose bytes both releases share, and of which no change speaks,
    needs no proof. The rows are those of the Parquet files: that each CSV is the form of them, and that derived tables
    follow, is proven of each release by itself, and that the older one's files are still those, by the hashes in its manifest.
    """
    old, new = Release.open(old_folder), Release.open(new_folder)
    by_table: dict[str, list[Change]] = {}
    for change in changes:
        by_table.setdefault(change.table_name, []).append(change)
    names = [name for name in {**old.tables, **new.tables} if name not in DERIVED]
    failed = [f"a change speaks of {name}, which neither release states" for name in by_table if name not in names]
    left = [name for name in names if not _stands(old, new, name, by_table)]
    failed += [path for name in left for path in _not_as_listed(old, name)]
    if failed:
        return failed
    proofs = [_Proof(old, new, name, by_table.get(name, [])) for name in left]
    return list(chain.from_iterable(spread(_failures, proofs)))


class _Proof(NamedTuple):
    """A table of two releases and what is said to have changed in it."""

    old: Release
    new: Release
    name: str
    changes: list[Change]


def _failures(proof: _Proof) -> list[str]:
    try:
        return list(_unproven(proof))
    except ReleaseError as error:
        return [f"it does not apply: {error.message}"]


def _unproven(proof: _Proof) -> Iterator[str]:
    old, new, name, changes = proof
    tables = old.tables.get(name), new.tables.get(name)
    keys = pa.array(sorted({change.row_key for change in changes}), pa.string())
    met: set[str] = set()
    for run in _runs(old, new, name):
        here_named = {
            key
            for rows, table in zip(run, tables, strict=True)
            if table and changes
            for key in row_keys(rows, table.key).filter(_concerned(rows, table, keys)).to_pylist()
        }
        if not here_named and _alike(*tables) and run.old.equals(run.new):
            continue
        met |= here_named
        said = [change for change in changes if change.row_key in here_named]
        back = [change.reversed() for change in said]
        for start, end, steps, of in ((0, 1, said, new), (1, 0, back, old)):
            due = tables[end]
            if due and not _made(run[start], tables[start], steps, due).equals(run[end]):
                yield f"it does not give {csv_path(name)} of {of.manifest.version}"
    for change in changes:
        if change.row_key not in met:
            raise _unfit(change, name)


def _stands(old: Release, new: Release, name: str, changed: Collection[str]) -> bool:
    """Return whether a table, described alike, is the same file in both releases and nothing changes it."""
    return (
        name not in changed
        and name in new.tables
        and new.tables[name] == old.tables.get(name)
        and _same(old, new, name)
        and not [*_not_as_listed(old, name), *_not_as_listed(new, name)]
    )


def _not_as_listed(release: Release, name: str) -> Iterator[str]:
    for record in release.manifest.tables:
        if record.name == name:
            for file in (record.csv, record.parquet):
                if file_record(release.folder, file.path) != file:
                    yield f"{file.path} of {release.manifest.version} is not the file that its manifest lists"


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
    documents = spelled_rows(release.rows("documents"), release.tables["documents"]).to_pylist()
    texts = release.rows("texts", "text_sha256", "document_sha256").to_pylist()
    codes = release.rows("codelists", "codelist", "code").to_pylist()
    return Side(
        manifest=release.manifest,
        documents={row["document_id"]: row for row in documents},
        files={row["text_sha256"]: row["document_sha256"] for row in texts},
        codes=frozenset(f"{row['codelist']}:{row['code']}" for row in codes),
        masks=masks_by_row(release.folder),
        rules=frozenset(release.rows("observations", "rule_id")["rule_id"].unique().to_pylist()),
    )


class _Compared(NamedTuple):
    """A table of two releases."""

    old: Release
    new: Release
    name: str


def _differing(compared: _Compared) -> tuple[Rows, Rows]:
    """Return the rows of a table that differ, by key, as the old and as the new release have them."""
    old, new, name = compared
    tables = old.tables.get(name), new.tables.get(name)
    found: tuple[Rows, Rows] = ({}, {})
    for run in _runs(*compared):
        if _alike(*tables) and run.old.equals(run.new):
            continue
        apart = only_differing(*run, new.tables[name].key) if _alike(*tables) else run
        for side, rows, table in zip(found, apart, tables, strict=True):
            side.update(_keyed(rows, table) if table else {})
    return found


def _runs(old: Release, new: Release, name: str) -> Iterator[Run]:
    """Yield the rows of a table side by side; all at once where the releases describe it otherwise."""
    tables = old.tables.get(name), new.tables.get(name)
    if _alike(*tables):
        yield from runs(old.folder / parquet_path(name), new.folder / parquet_path(name), new.tables[name])
    else:
        yield Run(old.rows(name), new.rows(name))


def _alike(one: Table | None, other: Table | None) -> bool:
    """Return whether rows of the two can be held against each other as they are."""
    return bool(one and other and one.key == other.key and arrow_schema(one).equals(arrow_schema(other)))


def _keyed(rows: pa.Table, table: Table) -> Rows:
    """Return rows by their key, all values spelled."""
    return dict(zip(row_keys(rows, table.key).to_pylist(), spelled_rows(rows, table).to_pylist(), strict=True))


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


def _made(rows: pa.Table, known: Table | None, changes: list[Change], table: Table) -> pa.Table:
    """Return what changes make of rows, as ``table`` describes them; rows that none speaks of are not taken apart."""
    stays = pa.table({})
    if known and _alike(known, table):
        concerned = _concerned(rows, known, pa.array([change.row_key for change in changes], pa.string()))
        rows, stays = rows.filter(concerned), rows.filter(pc.invert(concerned))
    applied = _applied(_keyed(rows, known) if known else {}, changes, table.name)
    made = typed_rows(_from_rows(table, applied.values()), table)
    return canonical_rows(pa.concat_tables([stays, made]) if stays.num_rows else made, table)


def _concerned(rows: pa.Table, table: Table, keys: pa.Array) -> pa.ChunkedArray:
    return pc.is_in(row_keys(rows, table.key), keys)


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
