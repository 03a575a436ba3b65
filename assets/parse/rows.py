"""Texts with their origin records -> rows of `documents`, `observations`, `numerals` and `rejected`.

Belongs here: calling `identity` and `extract` and giving their results the columns of the tables. Pure and picklable, fit for worker
processes. Not here: contracts on the rows and versions of one report (`assets.validate`), and anything that reads or writes tables.
"""

import json
from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from assets.parse.extract import extract
from assets.parse.facts import Extraction, Observation
from assets.parse.identity import Identity, Unidentified, identify, without_doubt
from assets.parse.pictures import Doubts, weighed
from contracts import ids
from contracts.indicators import Catalogue, load_catalogue
from contracts.origin import Origin
from contracts.rejection import rejected_row

Row = dict[str, Any]


class ReadText(NamedTuple):
    """A row of `texts` with the origin record of its file."""

    text_sha256: str
    text: str
    reader: str
    origin_record: str
    """As `source_documents` holds it: JSON."""
    ocr_lines: str | None = None
    """The lines that were read from pictures, as `texts` holds them."""


class Parsed(NamedTuple):
    """Rows by table. `supersedes` of documents is open until all versions of a report are known."""

    documents: list[Row]
    observations: list[Row]
    numerals: list[Row]
    rejected: list[Row]
    """Texts that could not be identified, each with what is missing and the divisions it may be of; and facts without a numeral of
    which OCR is not sure."""


def parse_batch(texts: Iterable[ReadText], catalogue: Catalogue | None = None) -> Parsed:
    """The rows of all `texts`, in their order; a text that cannot be identified stops nobody else."""
    batch = Parsed([], [], [], [])
    catalogue = catalogue or load_catalogue()
    for text in texts:
        for rows, more in zip(batch, parse_text(text, catalogue), strict=True):
            rows.extend(more)
    return batch


class Place(NamedTuple):
    """Whose report a text is, and of which year; both None where nobody can tell."""

    division_id: str | None
    report_year: int | None


def place_of(read: ReadText) -> Place:
    """Where a text belongs, found without its facts; raises OriginError as `parse_text` does."""
    identity = _identity(read)
    if isinstance(identity, Unidentified):
        return Place(None, None)
    return Place(identity.division.id, identity.report_year)


def parse_text(read: ReadText, catalogue: Catalogue) -> Parsed:
    """The rows of one text: a document with its facts and its ledger, or one row of `rejected`.

    Raises:
        OriginError: when the origin record is none; the raw store never holds such a record.
    """
    lines = json.loads(read.ocr_lines or "[]")
    identity = _identity(read)
    if isinstance(identity, Unidentified):
        return Parsed([], [], [], [_rejected(read, identity)])
    document = _document(read, identity)
    found, unsure = weighed(read.text, extract(read.text, catalogue, year=identity.report_year), lines)
    observations = _observations(found, document)
    without_numeral = [fact for fact in unsure if fact.value_start is None]
    return Parsed(
        [document],
        observations,
        _numerals(found, document, observations),
        [_unsure(fact, document, ordinal) for ordinal, fact in enumerate(without_numeral)],
    )


def _identity(read: ReadText) -> Identity | Unidentified:
    origin = Origin.from_mapping(json.loads(read.origin_record), culprit=f"origin record of text {read.text_sha256}")
    return without_doubt(identify(read.text, origin), Doubts(json.loads(read.ocr_lines or "[]")))


def _document(read: ReadText, identity: Identity) -> Row:
    division = identity.division
    return {
        "document_id": ids.document_id(read.text_sha256),
        "division_id": division.id,
        "division_code": division.code,
        "division_name": division.name,
        "prefecture": division.name if division.level == "prefecture" else division.prefecture,
        "province": division.name if division.level == "province" else division.province,
        "level": identity.level,
        "issuer": identity.issuer.value,
        "document_number": identity.document_number and identity.document_number.value,
        "title": identity.title.value,
        "addressee": identity.addressee and identity.addressee.value,
        "report_year": identity.report_year,
        "issued_on": identity.issued_on and date.fromisoformat(identity.issued_on.value),
        "kind": identity.kind,
        "reader": read.reader,
        "text_sha256": read.text_sha256,
        "characters": len(read.text),
        "supersedes": None,
    }


_FACT = ("observation_id", "document_id", "division_id", "report_year", *Observation._fields)


def _observations(found: Extraction, document: Row) -> list[Row]:
    about = (document["document_id"], document["division_id"], document["report_year"])
    rows = []
    seen: Counter[tuple[str | None, ...]] = Counter()
    for fact in found.observations:
        key = (fact.indicator_id, fact.scope, fact.period, fact.dimension)
        observation_id = ids.observation_id(about[0], *key, seen[key])
        row = dict(zip(_FACT, (observation_id, *about, *fact), strict=True))
        row["flags"] = ";".join(fact.flags) or None
        row["section"] = fact.section or None
        rows.append(row)
        seen[key] += 1
    return rows


def _numerals(found: Extraction, document: Row, observations: list[Row]) -> list[Row]:
    document_id, report_year = document["document_id"], document["report_year"]
    return [
        {
            "document_id": document_id,
            "char_start": numeral.char_start,
            "report_year": report_year,
            "char_end": numeral.char_end,
            "text": numeral.text,
            "class": numeral.class_,
            "kind": numeral.kind or None,
            "rule_id": numeral.rule_id,
            "observation_id": None
            if numeral.observation is None
            else observations[numeral.observation]["observation_id"],
        }
        for numeral in found.numerals
    ]


def _unsure(fact: Observation, document: Row, ordinal: int) -> Row:
    """A fact of a doubtful sentence that no numeral states; those with one wait in the ledger."""
    return rejected_row(
        "observations",
        fact._asdict(),
        rule="observations.unsure_reading",
        reason="OCR is not sure of its sentence. Look at the page, and give the text itself if it is right",
        document_id=document["document_id"],
        ordinal=ordinal,
    )


def _rejected(read: ReadText, why: Unidentified) -> Row:
    given = {
        "text_sha256": read.text_sha256,
        "title": why.title,
        "issuer": why.issuer,
        "candidates": [division.id for division in why.candidates],
    }
    remedy = "Settle it in an origin record (division, report_year, kind) or with --division"
    return rejected_row(
        "documents",
        given,
        rule=why.rule,
        reason=f"{why.reason}. {remedy}",
        document_id=ids.document_id(read.text_sha256),
    )
