"""Text in, facts and ledger out: the one entrance to the extractor.

Here belongs the order of the stages and the way back to the text as published. Not here: any stage.
"""

from __future__ import annotations

from typing import Final

from assets.parse.facts import Extraction, Numeral, Observation
from assets.parse.findings import Entry, Fact
from assets.parse.grammar import compile_grammar
from assets.parse.normalise import Normalised, normalise
from assets.parse.outline import report_year
from assets.parse.reading import Reader
from contracts.collector import uncollected
from contracts.indicators import Catalogue, load_catalogue

METHOD_VERSION: Final = "0.5.0"


def extract(text: str, catalogue: Catalogue | None = None, *, year: int | None = None) -> Extraction:
    """Return every fact of a report and an account of every numeral in it.

    Spans are code point offsets into ``text``, end exclusive. ``year`` is the report year where it is known;
    else the text decides. The ledger is a partition: its spans do not overlap and no numeral is left out.
    """
    catalogue = catalogue or load_catalogue()
    with uncollected():
        readable = normalise(text)
        found = reader(catalogue).read(readable.text, report_year(readable.text) if year is None else year)
        return Extraction(
            [_observation(fact, text, readable) for fact in found.facts],
            [_numeral(entry, text, readable) for entry in found.entries],
        )


_readers: dict[str, Reader] = {}


def reader(catalogue: Catalogue) -> Reader:
    """Return the reader of a catalogue, made once in a process for each version of it."""
    found = _readers.get(catalogue.version)
    if found is None:
        found = _readers[catalogue.version] = Reader(compile_grammar(catalogue))
    return found


# What users meet are named tuples, whose constructors run as Python and cost more than all else here: so both records are
# made as the plain tuples that they are.


def _observation(fact: Fact, text: str, readable: Normalised) -> Observation:
    start, end = readable.span(fact.start, fact.end)
    indicator = fact.rule.indicator
    value_start = value_end = None
    flags = fact.flags
    numeral = fact.numeral
    if numeral is not None:
        value_start, value_end = readable.span(numeral.start, numeral.end)
        if readable.repaired and any(numeral.start <= at < numeral.end for at in readable.repaired):
            flags = (*flags, "digits_repaired")
    return tuple.__new__(
        Observation,
        (
            indicator.id,
            fact.scope,
            fact.period,
            fact.dimension,
            fact.value,
            indicator.unit,
            fact.qualifier,
            "A",
            text[start:end],
            start,
            end,
            value_start,
            value_end,
            fact.section,
            fact.rule.id,
            flags,
        ),
    )


def _numeral(entry: Entry, text: str, readable: Normalised) -> Numeral:
    start, end = readable.span(entry.start, entry.end)
    return tuple.__new__(Numeral, (start, end, text[start:end], entry.class_, entry.kind, entry.rule_id, entry.fact))
