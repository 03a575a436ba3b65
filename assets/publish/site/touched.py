"""Which parts of the site's data speak of what changed between two releases; all others are the same files in both.

Here belongs that answer, from the diff that the newer release holds and the rows of both. Not here: what a part says
(``data``) nor how the files come into a release (``files``).
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from assets.publish.canonical import read_spelled
from assets.publish.predecessor import Predecessor
from assets.publish.runs import named_rows
from assets.publish.shares import read_kept
from assets.publish.site.data import PREFECTURE, SHARD
from contracts.changes import CHANGES_FILE
from contracts.release import IDENTITIES, parquet_path, release_tables


class Touched(NamedTuple):
    """Of the values by which the data is cut those alone that something changed for."""

    indicators: set[str]
    """Ids of indicators."""
    places: set[str]
    """How division_ids begin: one of these a prefecture."""
    documents: set[str]
    """How document_ids begin."""


def touched(before: Predecessor, folder: Path) -> Touched:
    """Return what changed from the release ``before`` to the one in ``folder``, which holds its diff already."""
    changed = read_spelled(folder / CHANGES_FILE, ["table_name", "row_key"])
    tried = _differing_documents(before.folder / IDENTITIES, folder / IDENTITIES)
    indicators, divisions, documents, texts = [], [], [], []
    for side in (_Side(before.folder, changed), _Side(folder, changed)):
        facts = side.named("observations", "indicator_id", "division_id", "document_id")
        indicators += [facts["indicator_id"], side.named("county_year", "indicator_id")["indicator_id"]]
        divisions += [facts["division_id"], side.named("documents", "division_id")["division_id"]]
        divisions += [side.where("documents", "document_id", tried, "division_id")]
        documents += [facts["document_id"], side.named("documents")["document_id"]]
        sources = side.named("source_documents")["document_sha256"]
        texts += [side.named("texts")["text_sha256"], side.where("texts", "document_sha256", sources, "text_sha256")]
    return Touched(
        indicators=_beginnings(indicators),
        places=_beginnings(divisions, PREFECTURE),
        documents=_beginnings(documents, SHARD) | {f"D{start}" for start in _beginnings(texts, SHARD - 1)},
    )


class _Side:
    """One of the two releases, and the rows that their diff names."""

    def __init__(self, folder: Path, changed: pa.Table) -> None:
        self._folder, self._changed = folder, changed

    def named(self, table: str, *columns: str) -> pa.Table:
        """Return key and columns of the rows of a table that are named."""
        keys = self._changed.filter(pc.equal(self._changed["table_name"], table))["row_key"].combine_chunks()
        return named_rows(self._folder / parquet_path(table), release_tables([])[table].key, keys, columns)

    def where(self, table: str, column: str, values: pa.ChunkedArray, wanted: str) -> pa.ChunkedArray:
        """Return another column of the rows that have one of the values in a column."""
        asked = values.combine_chunks()
        path = self._folder / parquet_path(table)
        return read_kept(path, lambda rows: pc.is_in(rows[column], value_set=asked), [column, wanted]).rows[wanted]


def _differing_documents(old: Path, new: Path) -> pa.ChunkedArray:
    """Return the documents of the tried identities that only one of two lists has just so."""
    sides = [read_spelled(path) for path in (old, new)]
    lines = [pc.binary_join_element_wise(*rows.columns, "|", null_handling="replace") for rows in sides]
    alone = [
        rows["document_id"].filter(pc.invert(pc.is_in(one, value_set=other.combine_chunks())))
        for rows, one, other in zip(sides, lines, reversed(lines), strict=True)
    ]
    return pa.chunked_array([chunk for column in alone for chunk in column.chunks], pa.string())


def _beginnings(columns: Iterable[pa.ChunkedArray], characters: int | None = None) -> set[str]:
    return {str(value)[:characters] for column in columns for value in pc.unique(column).to_pylist()}
