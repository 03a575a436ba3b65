"""What must be judged anew of a release that follows a proven one: the rows that its diff names, and all that rests on them.

Every other row stands just so in the release before, which the same code proved, and so do all rows that it points at:
the rules would find of it what they found then. Here belongs which rows these are. Not here: the proof that the diff
names every row that differs (``diff``), which comes first, nor the judging (``judging``).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from assets.publish.canonical import read_spelled
from assets.publish.derive import DERIVED
from assets.publish.predecessor import Predecessor
from assets.publish.private import masks_by_row
from assets.publish.runs import named_rows, row_keys
from assets.publish.shares import read_kept
from contracts.changes import CHANGES_FILE
from contracts.release import parquet_path
from contracts.rules import rules_of
from contracts.schema import Table


class News(NamedTuple):
    """What is not as it was in the release before."""

    before: Predecessor
    rows: Mapping[str, pa.Array]
    """The rows to be judged of a table that states facts, as a diff names them; a table without any is not listed."""
    divisions: pa.Array
    """The divisions of which tables that are derived may say something else."""


def news(before: Predecessor, folder: Path, described: Mapping[str, Table]) -> News | None:
    """Return what is to be judged of the release in ``folder``, whose diff against ``before`` was proven.

    None where a table changed on which rows rest without pointing at it: then every row is to be judged.
    """
    changes = read_spelled(folder / CHANGES_FILE, ["table_name", "row_key"])
    named: dict[str, set[str]] = {}
    for table, key in zip(*(column.to_pylist() for column in changes.columns), strict=True):
        named.setdefault(table, set()).add(key)
    if any(need in named for table in described.values() for need in _beside(table, described)):
        return None
    for name, key in {at for at, _ in masks_by_row(folder).items() ^ masks_by_row(before.folder).items()}:
        named.setdefault(name, set()).add(key)
    divisions = _divisions(before, folder, described, named)
    waiting = list(named)
    while waiting:
        parent = waiting.pop()
        for child, column in _pointing_at(parent, described):
            found = _keys_where(folder, described[child], column, named[parent]) - named.get(child, set())
            if found:
                named.setdefault(child, set()).update(found)
                waiting.append(child)
    return News(before, {name: pa.array(sorted(keys), pa.string()) for name, keys in named.items()}, divisions)


def _beside(table: Table, described: Mapping[str, Table]) -> set[str]:
    """Return the tables that rules of this one need and to which no chain of references leads."""
    reached, waiting = {table.name}, [table]
    while waiting:
        parents = {field.references[0] for field in waiting.pop().fields if field.references} - reached
        reached |= parents
        waiting += [described[parent] for parent in parents]
    return {need for rule in rules_of(table) for need in rule.needs} - reached


def _pointing_at(parent: str, described: Mapping[str, Table]) -> list[tuple[str, str]]:
    """Return the columns that point at the key of a table, and whose they are."""
    return [
        (table.name, field.name)
        for table in described.values()
        for field in table.fields
        if field.references and field.references[0] == parent
    ]


def _keys_where(folder: Path, table: Table, column: str, values: set[str]) -> set[str]:
    wanted = pa.array(sorted(values), pa.string())
    path, columns = folder / parquet_path(table.name), [*dict.fromkeys((*table.key, column))]
    rows = read_kept(path, lambda rows: pc.is_in(rows[column], value_set=wanted), columns).rows
    return set(row_keys(rows, table.key).to_pylist())


def _divisions(
    before: Predecessor, folder: Path, described: Mapping[str, Table], named: Mapping[str, set[str]]
) -> pa.Array:
    """Return the divisions of the rows, of either release, from which other tables are derived."""
    found: set[str] = set()
    for name in {source for sources in DERIVED.values() for source in sources} & named.keys():
        keys = pa.array(sorted(named[name]), pa.string())
        for side in (before.folder, folder):
            rows = named_rows(side / parquet_path(name), described[name].key, keys, ["division_id"])
            found |= set(rows["division_id"].to_pylist())
    return pa.array(sorted(found), pa.string())
