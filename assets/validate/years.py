"""One report year of an update, by itself and fit for a worker: it reads what it needs and stages its own files.

Belongs here: the two passes over a year, ``take_in`` and then, once every year has taken in what is its own,
``confirm``, which also asks the year before. Not here: which years an update touches, what is judged across years,
and writing for good (``update``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from assets.validate.corrections import apply_corrections
from assets.validate.identities import CERTAINTY, try_identities
from assets.validate.reconcile import reconcile
from contracts.corrections import Correction
from contracts.identities import Identity
from contracts.judgement import Verdict, judge
from contracts.lookup import is_among
from contracts.projections.arrow import empty_frame, frame_from_table, table_from_frame
from contracts.rules import BEFORE, Frames
from contracts.schema import Table
from contracts.tables import COUNTY_YEAR, IDENTITY_RESULTS, INDICATORS, NUMERALS, OBSERVATIONS
from warehouse.store import Part, Store, partition_name


class Facts(NamedTuple):
    """Observations and the ledger, of one report year."""

    observations: pd.DataFrame
    numerals: pd.DataFrame


FactsOf = Callable[[int], Facts]
"""Gives the facts that were parsed of one report year: they are many, and are never all held at once."""


class Intake(NamedTuple):
    """A year with what it takes in and what goes."""

    store: Store
    year: int
    facts: FactsOf
    fresh: pd.DataFrame
    """Its documents just accepted."""
    texts: Path
    """The file of their texts: too much to be held for every year, or handed over."""
    out: frozenset[str]
    """The documents whose rows go."""
    again: frozenset[str]
    """Of these, the ones that were parsed again."""
    corrections: tuple[Correction, ...]
    """Those of its documents."""


class Standing(NamedTuple):
    """A year whose facts stand, and what it is confirmed by."""

    store: Store
    year: int
    documents: pd.DataFrame
    """All of the year."""
    tried: pd.DataFrame
    """Its documents on which identities are tried."""
    before: pd.DataFrame
    """What the same bodies reported of the year before."""
    observations: Mapping[int, Part]
    """The observations of this year and of the one before, where there are any."""
    out: frozenset[str]
    identities: tuple[Identity, ...]
    is_reconciled: bool
    """Whether its county-years are made again."""


class Done(NamedTuple):
    """What became of a year."""

    year: int
    parts: dict[str, Part]
    """Table name -> the file that was staged for the year."""
    verdicts: dict[str, Verdict]
    """Table name -> what came of judging it; what was accepted went into the file."""
    along: dict[str, str]
    """Of each document that was refused, the facts that are refused because of it, in words."""


def take_in(intake: Intake) -> Done:
    """Judge the facts of one year's documents just accepted; those of refused documents go with them."""
    pass_ = _Pass(intake.store, intake.year, intake.out)
    facts = intake.facts(intake.year)
    of_fresh = Facts(*(_of(intake.fresh, rows) for rows in facts))
    frames = {
        "documents": intake.fresh,
        "texts": frame_from_table(pq.read_table(intake.texts)),
        "indicators": _indicators(intake.store),
        "numerals": of_fresh.numerals,
        "observations": apply_corrections(of_fresh.observations, intake.corrections),
        BEFORE: _before(intake),
    }
    observations = pass_.judged(OBSERVATIONS, frames)
    frames["observations"] = observations
    frames["numerals"] = requeued(of_fresh.numerals, observations)
    numerals = pass_.judged(NUMERALS, frames)
    pass_.stage_merged(OBSERVATIONS, observations)
    pass_.stage_merged(NUMERALS, numerals)
    return pass_.done(_along(facts, intake.fresh))


def confirm(standing: Standing) -> Done:
    """Try the identities on one year's documents, and reconcile its county-years."""
    pass_ = _Pass(standing.store, standing.year, standing.out)
    near = pd.concat([standing.before, standing.tried])
    observations = _observations(standing, [standing.year - 1, standing.year], list(CERTAINTY))
    observations = observations[is_among(observations["document_id"], near["document_id"])]
    results = try_identities(standing.identities, near, observations)
    results = results[results["report_year"] == standing.year]
    accepted = pass_.judged(IDENTITY_RESULTS, {"identity_results": results, "documents": near})
    pass_.stage_merged(IDENTITY_RESULTS, accepted)
    if standing.is_reconciled:
        del observations, results, accepted
        _reconcile(pass_, standing)
    return pass_.done({})


def requeued(numerals: pd.DataFrame, accepted: pd.DataFrame) -> pd.DataFrame:
    """Return the ledger with the numerals of rejected observations put into the review queue.

    The ledger stays a partition: a numeral whose observation broke a contract states no accepted fact, and its
    kind ``rejected_observation`` says why it waits.
    """
    lost = numerals["observation_id"].notna() & ~is_among(numerals["observation_id"], accepted["observation_id"])
    return numerals.assign(
        **{
            "class": numerals["class"].mask(lost, "queued"),
            "kind": numerals["kind"].mask(lost, "rejected_observation"),
            "observation_id": numerals["observation_id"].mask(lost),
        }
    )


class _Pass:
    """One pass over a year while it is made."""

    def __init__(self, store: Store, year: int, out: frozenset[str]) -> None:
        self.store = store
        self.year = year
        self.out = out
        self.parts: dict[str, Part] = {}
        self.verdicts: dict[str, Verdict] = {}

    def judged(self, table: Table, frames: Frames) -> pd.DataFrame:
        """Return the rows of the table that are accepted."""
        verdict = judge(table, frames)
        # What was accepted goes into the file; it is too much to be handed back.
        self.verdicts[table.name] = verdict._replace(accepted=empty_frame(table))
        return verdict.accepted

    def stage(self, table: Table, rows: pa.Table) -> None:
        """Write the year of the table."""
        self.parts[table.name] = self.store.stage(table, partition_name(table, self.year), rows)

    def stage_merged(self, table: Table, rows: pd.DataFrame) -> None:
        """Write the year of the table once the rows of replaced documents made way for ``rows``."""
        standing = frame_from_table(self.store.read(table, [partition_name(table, self.year)]))
        replaced = pd.Series([*self.out, *rows["document_id"].unique()], dtype=rows["document_id"].dtype)
        kept = standing[~is_among(standing["document_id"], replaced)]
        self.stage(table, pa.concat_tables([table_from_frame(table, kept), table_from_frame(table, rows)]))

    def done(self, along: dict[str, str]) -> Done:
        """Return what became of the year."""
        return Done(self.year, self.parts, self.verdicts, along)


def _of(documents: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of these documents; where that is all of them nothing is copied."""
    theirs = is_among(rows["document_id"], documents["document_id"])
    return rows if theirs.all() else rows[theirs]


def _indicators(store: Store) -> pd.DataFrame:
    return frame_from_table(store.read(INDICATORS))


def _before(intake: Intake) -> pd.DataFrame:
    """Return how many rows of each table the documents that were parsed again gave before, in this year."""
    counts = {}
    for table in (OBSERVATIONS, NUMERALS):
        rows = intake.store.read(table, [partition_name(table, intake.year)], columns=["document_id"])
        counts[table.name] = int(frame_from_table(rows)["document_id"].isin(intake.again).sum())
    return pd.DataFrame({"table": list(counts), "rows": list(counts.values())})


def _along(facts: Facts, fresh: pd.DataFrame) -> dict[str, str]:
    """Tell of each refused document how many of its rows are refused because of it."""
    ids = (rows["document_id"] for rows in facts)
    observations, numerals = (Counter(column[~is_among(column, fresh["document_id"])]) for column in ids)
    return {
        document: f"{observations[document]} observations and {numerals[document]} numerals went with it"
        for document in numerals | observations
    }


def _reconcile(pass_: _Pass, standing: Standing) -> None:
    """Reconcile every county-year of the year."""
    observations = _observations(standing, [standing.year])
    indicators = _indicators(standing.store)
    frames = {
        "county_year": reconcile(standing.documents, observations, indicators),
        "observations": observations,
        "documents": standing.documents,
        "indicators": indicators,
    }
    pass_.stage(COUNTY_YEAR, table_from_frame(COUNTY_YEAR, pass_.judged(COUNTY_YEAR, frames)))


def _observations(standing: Standing, years: Iterable[int], columns: list[str] | None = None) -> pd.DataFrame:
    """Return the observations of some years as they will stand once the changes are written."""
    found = [standing.observations[year] for year in years if year in standing.observations]
    parts = [standing.store.read_part(OBSERVATIONS, part, columns) for part in found]
    if not parts:
        empty = empty_frame(OBSERVATIONS)
        return empty if columns is None else empty[columns]
    return frame_from_table(pa.concat_tables(parts))
