"""One update of `source_documents` and `texts`: from what the raw store holds to the partitions that change.

Only files that are new, or whose origin record was changed by hand, are read, and those that gave a text which another
file gives too; rows of files that left the raw store go. Taking in the same files in one update or in several gives
the same tables.

Belongs here: the order of those steps. Not here: formats (`readers`), rows (`rows`) and writing (`warehouse.store`):
the caller writes all changes in one go.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from assets.ingest.files import Outcome
from assets.ingest.raw import RawStore
from assets.ingest.readers import has_ocr
from assets.ingest.refusals import MissingToolError, NeedsOcrError
from assets.ingest.rows import REFUSED_AT, SAME_TEXT, Batch, Row, kept_refusal_rows, refused_rows, without_duplicates
from contracts.errors import WarehouseError
from contracts.judgement import Verdict, judge
from contracts.origin import Origin
from contracts.projections.arrow import frame_from_table, table_from_frame, table_from_rows
from contracts.schema import Table
from contracts.tables import REJECTED, SOURCE_DOCUMENTS, TEXTS
from warehouse.store import WHOLE, Store, partition_name, split

BATCH_FILES = 200
"""Files read in one piece of work."""

Changes = dict[str, dict[str, pa.Table]]
ReadAll = Callable[[list[list[str]]], Iterator[Batch]]


class Update(NamedTuple):
    """The partitions that change, and what came of judging."""

    changes: Changes
    verdicts: dict[str, Verdict]


def update(
    store: Store, raw: RawStore, outcomes: Iterable[Outcome], read_all: ReadAll, *, force: bool = False
) -> Update:
    """Return what the tables of files become, given the raw store and what became of this update's inputs.

    `read_all` turns lists of hashes into batches, in their order; `force` reads every file again. Verdicts are told,
    not enforced: the caller shows them and calls `Verdict.require` before it writes.
    """
    standing = _Standing(store)
    present = set(raw.hashes())
    read = sorted(present if force else {sha256 for sha256 in present if not standing.settles(sha256, raw)})
    replaced = set(read) | (standing.files - present)
    batches = list(read_all([read[start : start + BATCH_FILES] for start in range(0, len(read), BATCH_FILES)]))

    sources = judge(
        SOURCE_DOCUMENTS,
        {"source_documents": _frame(SOURCE_DOCUMENTS, (r for b in batches for r in b.source_documents))},
    )
    kept = _without(store.read(SOURCE_DOCUMENTS), "document_sha256", replaced)
    all_sources = pa.concat_tables([kept, table_from_frame(SOURCE_DOCUMENTS, sources.accepted)])

    index = {text: file for text, file in standing.texts.items() if file not in replaced}
    rows, same_text = _one_a_text([row for batch in batches for row in batch.texts], index)
    texts = judge(TEXTS, {"texts": _frame(TEXTS, rows), "source_documents": frame_from_table(all_sources)})
    out = {text for text, file in standing.texts.items() if file in replaced} | {row["text_sha256"] for row in rows}

    verdicts = {"source_documents": sources, "texts": texts}
    filed = [
        *refused_rows(outcomes := list(outcomes)),
        *kept_refusal_rows(raw.refusals()),
        *(row for batch in batches for row in batch.rejected),
        *same_text,
        *(row for verdict in verdicts.values() for row in verdict.rejected),
    ]
    kept_filed = standing.still_filed(replaced, {outcome.path for outcome in outcomes})
    changes: Changes = {
        "source_documents": {WHOLE: all_sources},
        "texts": _merged(store, table_from_frame(TEXTS, texts.accepted), out),
        "rejected": {WHOLE: pa.concat_tables([kept_filed, table_from_rows(REJECTED, filed)])},
    }
    return Update(changes, verdicts)


def _may_change() -> set[str]:
    """Rules whose verdict on the same bytes may be another one next time: other files come and go, tools get installed."""
    rules = {SAME_TEXT, MissingToolError.rule}
    return rules | {NeedsOcrError.rule} if has_ocr() else rules


class _Standing:
    """What the store says of files: the record of each, the text that each gave, and what was filed about them."""

    def __init__(self, store: Store) -> None:
        self.records = _mapping(store.read(SOURCE_DOCUMENTS, columns=["document_sha256", "origin_record"]))
        self.texts = _mapping(store.read(TEXTS, columns=["text_sha256", "document_sha256"]))
        self.rejected = store.read(REJECTED)
        may_change = _may_change()
        self._unreadable = {
            sha256
            for row in self.rejected.to_pylist()
            if (sha256 := _file_of(row)) is not None and row["rule"] not in may_change
        }
        self._with_text = set(self.texts.values())
        self.files = set(self.records) | self._unreadable

    def settles(self, sha256: str, raw: RawStore) -> bool:
        """Return whether the file need not be read again; one whose record is damaged must, and is then filed."""
        if sha256 not in self._with_text:
            return sha256 in self._unreadable
        if raw.has_record(sha256, self.records[sha256]):
            return True
        recorded = Origin.from_mapping(json.loads(self.records[sha256]), culprit="source_documents")
        try:
            # The table's record may say more: its gaps are filled from what the file states about itself.
            return raw.origin(sha256).over(recorded) == recorded
        except WarehouseError:
            return False

    def still_filed(self, replaced: set[str], walked: set[str]) -> pa.Table:
        """Return the rejected rows that this update says nothing new about."""
        keep = [self._stays(row, replaced, walked) for row in self.rejected.to_pylist()]
        return self.rejected.filter(pa.array(keep, pa.bool_()))

    @staticmethod
    def _stays(row: Row, replaced: set[str], walked: set[str]) -> bool:
        if row["table_name"] not in (SOURCE_DOCUMENTS.name, TEXTS.name):
            return True
        sha256 = _file_of(row)
        if sha256 is None:
            given = json.loads(row["row_json"])
            return given["origin"] not in walked and REFUSED_AT not in given
        return sha256 not in replaced and row["rule"] != SAME_TEXT


def _file_of(row: Row) -> str | None:
    """The hash of the file that a rejected row is about; None for an input that did not go in, or another table."""
    if row["table_name"] not in (SOURCE_DOCUMENTS.name, TEXTS.name):
        return None
    sha256 = json.loads(row["row_json"]).get("document_sha256")
    return None if sha256 is None else str(sha256)


def _one_a_text(rows: list[Row], index: dict[str, str]) -> tuple[list[Row], list[Row]]:
    """Return the rows to write, one a text, and those to file: of files with the same text the smallest hash wins."""
    standing = [
        {"text_sha256": text, "document_sha256": index[text]}
        for text in {row["text_sha256"] for row in rows} & set(index)
    ]
    winners, filed = without_duplicates([*standing, *rows])
    return [row for row in winners if "text" in row], filed


def _merged(store: Store, rows: pa.Table, out: set[str]) -> dict[str, pa.Table]:
    """Return the partitions of `texts` that change, once the texts `out` made way for `rows`."""
    incoming = split(TEXTS, rows)
    names = set(incoming) | {partition_name(TEXTS, text) for text in out}
    return {
        name: pa.concat_tables(
            [
                _without(store.read(TEXTS, [name]), "text_sha256", out),
                *([incoming[name]] if name in incoming else []),
            ]
        )
        for name in sorted(names)
    }


def _without(rows: pa.Table, column: str, values: set[str]) -> pa.Table:
    return rows.filter(pc.invert(pc.is_in(rows.column(column), pa.array(sorted(values), pa.string()))))


def _mapping(rows: pa.Table) -> dict[str, str]:
    keys, values = (rows.column(name).to_pylist() for name in rows.column_names)
    return dict(zip(keys, values, strict=True))


def _frame(table: Table, rows: Iterable[Row]) -> pd.DataFrame:
    return frame_from_table(table_from_rows(table, rows))
