"""Rows of `source_documents` and `texts` from the raw store, and of `rejected` for what could not be read.

Belongs here: turning raw files into rows. Pure but for reading the store, picklable, fit for worker processes.
Not here: reading formats (`readers`) and writing tables (`warehouse`).
"""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, NamedTuple

from assets.ingest.files import Outcome
from assets.ingest.raw import RawStore, Refused
from assets.ingest.readers import Format, Reading, format_of, read_as
from assets.ingest.refusals import RefusalError
from contracts.errors import FazhiError
from contracts.ids import text_sha256
from contracts.origin import Origin
from contracts.rejection import rejected_row

SAME_TEXT = "ingest.same_text"
"""The rule under which a file is filed whose text another file gives too."""

OF_NO_REPORT = "ingest.of_no_report"
"""The rule under which words are filed that none of several reports of a file claims; its reports are read."""

REFUSED_AT = "refused_at"
"""What a rejected row holds whose refusal the raw store keeps."""

_DAMAGED_STORE = "ingest.raw_store"
_UNKNOWN = "application/octet-stream"

Row = dict[str, Any]


class Batch(NamedTuple):
    """Rows by table."""

    source_documents: list[Row]
    texts: list[Row]
    rejected: list[Row]


def read_batch(hashes: Iterable[str], store: RawStore) -> Batch:
    """The rows of the raw files with these hashes; a file that cannot be read is filed and stops nobody else.

    Two files with the same text give one row in `texts`, with the smaller hash; the other is filed as a duplicate.
    """
    batch = Batch([], [], [])
    for sha256 in sorted(hashes):
        try:
            data, origin = store.read(sha256), store.origin(sha256)
        except FazhiError as error:
            batch.rejected.append(_rejected("source_documents", {"document_sha256": sha256}, _DAMAGED_STORE, error))
            continue
        name = origin.url or origin.path or sha256
        media_type = _UNKNOWN
        try:
            known = format_of(data, name)
            media_type = known.media_type
            reading = read_as(known, data, name)
        except RefusalError as refusal:
            given = {"document_sha256": sha256, "origin": name}
            batch.rejected.append(_rejected("texts", given, refusal.rule, refusal))
        else:
            origin = _with_own_words(origin, reading)
            batch.texts.extend(_text_row(sha256, known, report) for report in reading.reports)
            if reading.of_no_report:
                batch.rejected.append(_of_no_report(sha256, name, reading.of_no_report))
        batch.source_documents.append(_source_row(sha256, data, origin, media_type))
    return batch


def without_duplicates(texts: Iterable[Row]) -> tuple[list[Row], list[Row]]:
    """`texts` with one row a text, that of the smallest file hash, and a row of `rejected` for each of the others."""
    kept: dict[str, Row] = {}
    rejected = []
    for row in sorted(texts, key=lambda row: str(row["document_sha256"])):
        first = kept.setdefault(row["text_sha256"], row)
        if first is not row:
            given = {"document_sha256": row["document_sha256"], "text_sha256": row["text_sha256"]}
            reason = f"has the same text as the file {first['document_sha256']}; it is counted once"
            rejected.append(rejected_row("texts", given, rule=SAME_TEXT, reason=reason))
    return sorted(kept.values(), key=lambda row: str(row["text_sha256"])), rejected


def refused_rows(outcomes: Iterable[Outcome]) -> list[Row]:
    """A row of `rejected` for each input that did not go in."""
    return [
        _rejected("source_documents", {"origin": outcome.path}, outcome.refusal.rule, outcome.refusal)
        for outcome in outcomes
        if outcome.refusal is not None
    ]


def kept_refusal_rows(refusals: Iterable[Refused]) -> list[Row]:
    """A row of `rejected` for each refusal that the raw store keeps."""
    return [
        rejected_row(
            "source_documents",
            {"origin": refused.origin, REFUSED_AT: refused.refused_at},
            rule=refused.rule,
            reason=refused.reason,
        )
        for refused in refusals
    ]


def _with_own_words(origin: Origin, reading: Reading) -> Origin:
    """The origin record with its gaps filled from what the file states about itself."""
    return origin.over(Origin(title=reading.title, publisher=reading.publisher, published_on=reading.published_on))


def _text_row(sha256: str, known: Format, reading: Reading) -> Row:
    return {
        "text_sha256": text_sha256(reading.text),
        "document_sha256": sha256,
        "reader": known.reader,
        "text": reading.text,
        "cells": json.dumps(reading.cells, ensure_ascii=False) if reading.cells else None,
        "losses": ";".join(reading.losses) or None,
        "ocr_lines": json.dumps(reading.ocr_lines) if reading.ocr_lines else None,
    }


def _of_no_report(sha256: str, name: str, words: str) -> Row:
    return rejected_row(
        "texts",
        {"document_sha256": sha256, "origin": name, "text": words},
        rule=OF_NO_REPORT,
        reason="stands beside several reports of one file and does not say which it belongs to. Give each report by itself",
    )


def _source_row(sha256: str, data: bytes, origin: Origin, media_type: str) -> Row:
    retrieved_at = origin.retrieved_at
    return {
        "document_sha256": sha256,
        "media_type": media_type,
        "bytes": len(data),
        "origin": origin.url or origin.path or sha256,
        "publisher": origin.publisher,
        "retrieved_at": datetime.fromisoformat(retrieved_at).astimezone(UTC) if retrieved_at else None,
        "title": origin.title,
        "licence": origin.licence,
        "origin_record": origin.to_json(),
    }


def _rejected(table: str, row: Row, rule: str, error: FazhiError) -> Row:
    return rejected_row(table, row, rule=rule, reason=f"{error.message}. {error.remedy}")
