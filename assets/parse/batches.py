"""Batches of texts, parsed and written where the next step finds them.

Belongs here: cutting stale texts into pieces of work, and doing one. Not here: what a text gives (`rows`) and where
pieces are worked on (`pipelines.compute`).
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from assets.parse.extract import METHOD_VERSION
from assets.parse.rows import Place, ReadText, parse_batch, place_of
from contracts.collector import uncollected
from contracts.corrections import Correction
from contracts.ids import origin_hash
from contracts.indicators import load_catalogue
from contracts.tables import SOURCE_DOCUMENTS, TEXTS
from warehouse.batches import write_batch
from warehouse.layout import Home
from warehouse.manifest import parse_rows
from warehouse.store import Store, partition_name

BATCH_TEXTS = 100
"""Texts parsed in one piece of work: under half a second of work, so that no core waits long for the last one."""


class Selection(NamedTuple):
    """Which reports to parse: those of a year, of a division, or all; a report that is left out waits as it is."""

    year: int | None = None
    division: str | None = None

    def takes(self, place: Place) -> bool:
        """Return whether a report of this division and year is meant; one that nobody could identify is none."""
        return self.division in {None, place.division_id} and self.year in {None, place.report_year}


ALL = Selection()


class Job(NamedTuple):
    """One piece of work, fit to be handed to a worker."""

    home: Home
    number: int
    texts: tuple[ReadText, ...]
    corrections: tuple[Correction, ...]
    selection: Selection


def jobs(
    home: Home, stale: Iterable[str], corrections: tuple[Correction, ...], selection: Selection = ALL
) -> Iterator[Job]:
    """Yield the work on the stale texts, given by hash; texts are read partition by partition."""
    texts = _texts(Store(home), set(stale))
    number = 0
    while batch := tuple(islice(texts, BATCH_TEXTS)):
        yield Job(home, number, batch, corrections, selection)
        number += 1


@uncollected()
def do(job: Job) -> dict[str, int]:
    """Parse the texts of one job that are meant, write their rows and return how many there are of each table."""
    texts = [text for text in job.texts if job.selection == ALL or job.selection.takes(place_of(text))]
    parsed = parse_batch(texts, load_catalogue())
    years = {row["text_sha256"]: row["report_year"] for row in parsed.documents}
    origins = {text.text_sha256: origin_hash(text.origin_record) for text in texts}
    parses = parse_rows(origins, years, METHOD_VERSION, load_catalogue().version, job.corrections)
    return write_batch(job.home, job.number, {**parsed._asdict(), "parses": parses})


def texts_with_origins(store: Store) -> dict[str, str]:
    """Return the hash of the origin record of each text, by the hash of the text."""
    records = _origin_records(store)
    texts = store.read(TEXTS, columns=["text_sha256", "document_sha256"])
    pairs = zip(*(texts.column(name).to_pylist() for name in texts.column_names), strict=True)
    return {text: origin_hash(records[document]) for text, document in pairs}


def _origin_records(store: Store) -> dict[str, str]:
    sources = store.read(SOURCE_DOCUMENTS, columns=["document_sha256", "origin_record"])
    return dict(zip(*(sources.column(name).to_pylist() for name in sources.column_names), strict=True))


def _texts(store: Store, stale: set[str]) -> Iterator[ReadText]:
    records = _origin_records(store)
    wanted = pa.array(sorted(stale), pa.string())
    columns = ["text_sha256", "text", "reader", "document_sha256", "ocr_lines"]
    for partition in sorted({partition_name(TEXTS, sha256) for sha256 in stale}):
        rows = store.read(TEXTS, [partition], columns=columns)
        for row in rows.filter(pc.is_in(rows.column("text_sha256"), wanted)).to_pylist():
            origin_record = records[row["document_sha256"]]
            yield ReadText(row["text_sha256"], row["text"], row["reader"], origin_record, row["ocr_lines"])
