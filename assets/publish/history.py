"""What a release says of the one before it: ``diff/changes.csv``, ``diff/summary.json`` and the register of ids.

Here belong these three files. Not here: the comparing (``diff``), the rules of the versions (``bump``), nor the proof
that the changes lead from one release to the other (``verify``). A release that cannot be diffed is not released.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa

from assets.publish.bump import Need, method_needs, refuse_too_small, schema_needs
from assets.publish.canonical import canonical_rows, connect, read_spelled, typed_rows, write_csv
from assets.publish.deprecation import refuse_unannounced
from assets.publish.diff import Change, Release, diff_releases
from assets.publish.spread import Spread, here
from contracts.changes import CHANGES, CHANGES_FILE, IDS, IDS_FILE, SUMMARY_FILE
from contracts.errors import ReleaseError
from contracts.projections.arrow import table_from_rows
from contracts.release import dump_json


def write_history(folder: Path, previous: Path | None, last: Path | None, spread: Spread = here) -> dict[str, Any]:
    """Write the folder ``diff`` of the release in ``folder`` against the one in ``previous``; return the summary.

    ``last`` is the newest release before it, whether it stands or is withdrawn: the register of ids goes on from there.

    Raises:
        ReleaseError: a change has no cause on record, a column went without notice, or the versions are too small for what changed.
    """
    (folder / "diff").mkdir()
    new = Release.open(folder)
    old = Release.open(previous) if previous else None
    _write_ids(new, last)
    if old:
        days = {side: date.fromisoformat(of.manifest.as_of) for side, of in (("old_as_of", old), ("new_as_of", new))}
        refuse_unannounced(old.tables, new.tables, **days)
    changes = diff_releases(old.folder, folder, spread) if old else []
    needs = _needs(old, new, changes) if old else {}
    rows = table_from_rows(CHANGES, [change._asdict() for change in changes])
    write_csv(canonical_rows(rows, CHANGES), CHANGES, folder / CHANGES_FILE)
    summary = summarise(old, new, changes, needs)
    (folder / SUMMARY_FILE).write_text(dump_json(summary), encoding="utf-8", newline="\n")
    return summary


def summarise(
    old: Release | None, new: Release, changes: list[Change], needs: Mapping[str, list[Need]]
) -> dict[str, Any]:
    """Return the figures of a diff: how many changes a table, a kind and a reason, and what the versions needed."""
    return {
        "from": old.manifest.version if old else None,
        "to": new.manifest.version,
        "changes": len(changes),
        "by_table": _counted(f"{change.table_name}/{change.change}" for change in changes),
        "by_reason": _counted(change.reason for change in changes),
        "versions": {
            what: {
                "from": getattr(old.manifest, what) if old else None,
                "to": getattr(new.manifest, what),
                "needs": [need._asdict() for need in needs.get(what, [])],
            }
            for what in ("schema_version", "method_version")
        },
    }


def registered_ids(folder: Path) -> pa.Table:
    """Return the register of ids of a release, or of a tombstone; raises ReleaseError where it cannot be read."""
    path = folder / IDS_FILE
    try:
        return read_spelled(path).select(IDS.columns)
    except (OSError, pa.ArrowInvalid, KeyError) as error:
        raise ReleaseError("it cannot be read", culprit=str(path), remedy="Fetch the release again") from error


def unregistered_ids(release: Release, register: pa.Table) -> list[str]:
    """Return, sorted, the ids in a release that its register does not have as present."""
    sql = "SELECT id FROM present EXCEPT SELECT id FROM register WHERE last_release IS NULL ORDER BY id"
    return list(_asked(sql, present=_ids_of(release), register=register)["id"].to_pylist())


def forgotten_ids(register: pa.Table, before: pa.Table) -> list[str]:
    """Return, sorted, the ids of the register before that are no longer in it."""
    sql = "SELECT id FROM before EXCEPT SELECT id FROM register ORDER BY id"
    return list(_asked(sql, register=register, before=before)["id"].to_pylist())


def _ids_of(release: Release) -> pa.Table:
    """Return the ids of all documents and observations that a release holds."""
    columns = {"documents": "document_id", "observations": "observation_id"}
    return pa.concat_tables(release.rows(name, column).rename_columns(["id"]) for name, column in columns.items())


def _write_ids(new: Release, last: Path | None) -> None:
    register = registered_ids(last) if last else pa.table({name: pa.array([], pa.string()) for name in IDS.columns})
    sql = f"""
        SELECT coalesce(register.id, present.id) AS id,
            coalesce(first_release, '{new.manifest.version}') AS first_release,
            CASE WHEN present.id IS NULL THEN coalesce(last_release, '{last.name if last else ""}') END AS last_release
        FROM register FULL JOIN present ON register.id = present.id
    """
    rows = _asked(sql, present=_ids_of(new), register=register)
    write_csv(canonical_rows(typed_rows(rows, IDS), IDS), IDS, new.folder / IDS_FILE)


def _asked(sql: str, **tables: pa.Table) -> pa.Table:
    with connect() as connection:
        for name, rows in tables.items():
            connection.register(name, rows)
        return connection.sql(sql).to_arrow_table()


def _needs(old: Release, new: Release, changes: list[Change]) -> dict[str, list[Need]]:
    needs = {"schema_version": schema_needs(old.tables, new.tables), "method_version": method_needs(changes)}
    for what, found in needs.items():
        refuse_too_small(what.removesuffix("_version"), getattr(old.manifest, what), getattr(new.manifest, what), found)
    return needs


def _counted(words: Any) -> dict[str, int]:
    return dict(sorted(Counter(words).items()))
