"""One update of the warehouse: what was parsed and what is gone, to the partitions that change.

Rows are judged here before they are kept: corrections, contracts, versions of a report, identities, county-years.
Only what changed is judged and tried again; only partitions that change are returned. Taking in the same things
in one update or in several gives the same tables.

Here belongs the order of those steps. Not here: the steps themselves, nor writing (``warehouse.store``): the
caller writes all changes in one go, so that no reader sees half of an update.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import NamedTuple

import pandas as pd
import pyarrow as pa

from assets.validate.corrections import apply_corrections, mismatch
from assets.validate.identities import CERTAINTY, try_identities
from assets.validate.reconcile import reconcile
from assets.validate.supersede import with_versions
from contracts.corrections import Correction
from contracts.identities import Identity
from contracts.judgement import Verdict, combined, judge
from contracts.lookup import is_among
from contracts.projections.arrow import empty_frame, frame_from_table, table_from_frame, table_from_rows
from contracts.rules import BEFORE, Frames
from contracts.schema import Table
from contracts.tables import (
    COUNTY_YEAR,
    DIVISIONS,
    DOCUMENTS,
    IDENTITY_RESULTS,
    INDICATORS,
    NUMERALS,
    OBSERVATIONS,
    PARSES,
    REJECTED,
    SOURCE_DOCUMENTS,
    TEXTS,
)
from warehouse.store import WHOLE, Changes, Part, Store, partition_name

UPDATED = (DOCUMENTS, OBSERVATIONS, NUMERALS, PARSES, REJECTED, IDENTITY_RESULTS, COUNTY_YEAR)
"""The tables that an update judges and may change."""


class Parsed(NamedTuple):
    """What parsing gave, as frames of the tables' declared types."""

    documents: pd.DataFrame
    parses: pd.DataFrame
    """One row a text that was parsed, identified or not."""
    rejected: pd.DataFrame
    """Texts that could not be identified, each under the ``document_id`` of its text."""
    facts: Callable[[int], Facts]
    """Gives the facts of the documents of one report year: they are many, and are never all held at once."""


class Facts(NamedTuple):
    """Observations and the ledger, of one report year."""

    observations: pd.DataFrame
    numerals: pd.DataFrame


class Update(NamedTuple):
    """The partitions that change, and what came of judging."""

    changes: Changes
    verdicts: dict[str, Verdict]


def update(
    store: Store,
    parsed: Parsed,
    gone: Iterable[str],
    identities: Iterable[Identity],
    corrections: Iterable[Correction],
) -> Update:
    """Return what the tables become when ``parsed`` is taken in and the texts ``gone`` are taken out.

    ``store`` must already hold the texts that were parsed and the reference tables; it is given the files of the
    partitions that change, and its state stays as it was. Verdicts are told, not enforced: the caller shows them
    and calls ``Verdict.require`` before it writes the changes. Raises ContractError when a correction matches
    nothing.
    """
    return _Updating(store, parsed, gone, tuple(identities), tuple(corrections)).run()


class _Updating:
    """One update while it is made."""

    def __init__(
        self,
        store: Store,
        parsed: Parsed,
        gone: Iterable[str],
        identities: tuple[Identity, ...],
        corrections: tuple[Correction, ...],
    ) -> None:
        self.store = store
        self.parsed = parsed
        self.identities = identities
        self.corrections = corrections
        self.indicators = frame_from_table(store.read(INDICATORS))
        self.staged: dict[str, dict[str, Part]] = {}
        self.verdicts: dict[str, list[Verdict]] = {}

        replaced = set(parsed.parses["text_sha256"]) | set(gone)
        documents = frame_from_table(store.read(DOCUMENTS))
        parses = frame_from_table(store.read(PARSES))
        is_out, is_replaced = documents["text_sha256"].isin(replaced), parses["text_sha256"].isin(replaced)
        self.out = documents[is_out]
        """The documents whose rows go."""
        self.standing = documents[~is_out]
        self.known_parses = len(parses)
        self.standing_parses = parses[~is_replaced]
        self.again = self.out[is_among(self.out["text_sha256"], parsed.parses["text_sha256"])]
        """The documents whose texts were parsed again."""
        self.replaced_ids = set(parses.loc[is_replaced, "document_id"]) | set(parsed.parses["document_id"])

    def run(self) -> Update:
        """Take every step in order; where nothing was parsed and nothing is gone there is nothing to judge."""
        if self.parsed.parses.empty and self.out.empty and len(self.standing_parses) == self.known_parses:
            self._match_corrections(self.standing)
            return self._told()
        texts = _texts(self.store, self.parsed.documents["text_sha256"])
        documents = self._judge_documents(texts)
        self._match_corrections(documents)
        fresh = documents[is_among(documents["document_id"], self.parsed.documents["document_id"])]
        years = sorted({*self.out["report_year"], *fresh["report_year"]})
        for year in years:
            self._take_in(fresh[fresh["report_year"] == year], texts, year)
        self._try_identities(documents, fresh)
        for year in years:
            self._reconcile(documents[documents["report_year"] == year], year)
        self._stage_whole(DOCUMENTS, table_from_frame(DOCUMENTS, documents))
        self._stage_whole(PARSES, self._judge_parses())
        self._stage_whole(REJECTED, self._file())
        return self._told()

    def _told(self) -> Update:
        verdicts = {table.name: combined(table, self.verdicts.get(table.name, [])) for table in UPDATED}
        return Update(self.staged, verdicts)

    def _judge(self, table: Table, frames: Frames) -> Verdict:
        verdict = judge(table, frames)
        # What was accepted goes on its way; it is too much to be kept of every year.
        self.verdicts.setdefault(table.name, []).append(verdict._replace(accepted=empty_frame(table)))
        return verdict

    def _stage(self, table: Table, year: int, rows: pa.Table) -> None:
        name = partition_name(table, year)
        self.staged.setdefault(table.name, {})[name] = self.store.stage(table, name, rows)

    def _stage_whole(self, table: Table, rows: pa.Table) -> None:
        self.staged[table.name] = {WHOLE: self.store.stage(table, WHOLE, rows)}

    def _judge_documents(self, texts: pd.DataFrame) -> pd.DataFrame:
        """Return all documents, versions filled in; only those just parsed are held against their texts again."""
        retrieved = _retrieved(self.store)
        documents = pd.concat([self.standing, self.parsed.documents], ignore_index=True)
        documents = documents.astype(empty_frame(DOCUMENTS).dtypes.to_dict())
        known = frame_from_table(self.store.read(TEXTS, columns=["text_sha256"]))
        known = known[~is_among(known["text_sha256"], texts["text_sha256"])].assign(text=None)
        frames = {
            "documents": with_versions(documents, retrieved),
            "texts": pd.concat([known.astype({"text": texts["text"].dtype}), texts], ignore_index=True),
            "divisions": frame_from_table(self.store.read(DIVISIONS)),
            BEFORE: pd.DataFrame({"table": [DOCUMENTS.name], "rows": [len(self.standing) + len(self.again)]}),
        }
        return with_versions(self._judge(DOCUMENTS, frames).accepted, retrieved)

    def _match_corrections(self, documents: pd.DataFrame) -> None:
        known = set(documents["document_id"])
        for correction in self.corrections:
            if correction.document_id not in known:
                raise mismatch(correction, f"there is no document {correction.document_id}")

    def _take_in(self, fresh: pd.DataFrame, texts: pd.DataFrame, year: int) -> None:
        """Judge the facts of one year's documents just accepted; those of refused documents go with them."""
        facts = self.parsed.facts(year)
        self._count_what_goes_along(facts, fresh)
        of_fresh = {
            name: rows[is_among(rows["document_id"], fresh["document_id"])] for name, rows in facts._asdict().items()
        }
        corrections = [c for c in self.corrections if c.document_id in set(fresh["document_id"])]
        frames = {
            "documents": fresh,
            "texts": texts[is_among(texts["text_sha256"], fresh["text_sha256"])],
            "indicators": self.indicators,
            "numerals": of_fresh["numerals"],
            "observations": apply_corrections(of_fresh["observations"], corrections),
            BEFORE: self._before(year),
        }
        observations = self._judge(OBSERVATIONS, frames).accepted
        frames["observations"] = observations
        frames["numerals"] = requeued(of_fresh["numerals"], observations)
        numerals = self._judge(NUMERALS, frames).accepted
        self._stage(OBSERVATIONS, year, self._merged(OBSERVATIONS, observations, year))
        self._stage(NUMERALS, year, self._merged(NUMERALS, numerals, year))

    def _before(self, year: int) -> pd.DataFrame:
        """Return how many rows of each table the documents that were parsed again gave before, in one year."""
        counts = {}
        for table in (OBSERVATIONS, NUMERALS):
            rows = self.store.read(table, [partition_name(table, year)], columns=["document_id"])
            counts[table.name] = int(is_among(frame_from_table(rows)["document_id"], self.again["document_id"]).sum())
        return pd.DataFrame({"table": list(counts), "rows": list(counts.values())})

    def _count_what_goes_along(self, facts: Facts, fresh: pd.DataFrame) -> None:
        """Tell in the rejected row of each document how many of its rows are refused because of it."""
        refused = self.verdicts[DOCUMENTS.name][0].rejected
        if not refused:
            return
        kept = set(fresh["document_id"])
        observations = Counter(facts.observations["document_id"])
        numerals = Counter(facts.numerals["document_id"])
        for row in refused:
            document = row["document_id"]
            if document not in kept and document in numerals | observations:
                along = f"{observations[document]} observations and {numerals[document]} numerals went with it"
                row["reason"] = f"{row['reason']}; {along}"

    def _try_identities(self, documents: pd.DataFrame, fresh: pd.DataFrame) -> None:
        """Try the identities on documents just accepted and on those whose report of the year before changed."""
        touched = pd.concat([fresh, self.out])[["division_id", "report_year"]].drop_duplicates()
        following = touched.assign(report_year=touched["report_year"] + 1)
        again = documents.merge(pd.concat([touched, following]).drop_duplicates(), on=["division_id", "report_year"])
        for year in sorted({*self.out["report_year"], *again["report_year"]}):
            of_year = again[again["report_year"] == year]
            before = documents[
                (documents["report_year"] == year - 1) & is_among(documents["division_id"], of_year["division_id"])
            ]
            near = pd.concat([before, of_year])
            observations = self._observations([year - 1, year], list(CERTAINTY))
            observations = observations[is_among(observations["document_id"], near["document_id"])]
            results = try_identities(self.identities, near, observations)
            results = results[results["report_year"] == year]
            frames = {"identity_results": results, "documents": documents}
            accepted = self._judge(IDENTITY_RESULTS, frames).accepted
            self._stage(IDENTITY_RESULTS, year, self._merged(IDENTITY_RESULTS, accepted, year))

    def _reconcile(self, documents: pd.DataFrame, year: int) -> None:
        """Reconcile every county-year of one year."""
        observations = self._observations([year])
        frames = {
            "county_year": reconcile(documents, observations, self.indicators),
            "observations": observations,
            "documents": documents,
            "indicators": self.indicators,
        }
        accepted = self._judge(COUNTY_YEAR, frames).accepted
        self._stage(COUNTY_YEAR, year, table_from_frame(COUNTY_YEAR, accepted))

    def _judge_parses(self) -> pa.Table:
        parses = pd.concat([self.standing_parses, self.parsed.parses], ignore_index=True)
        parses = parses.astype(empty_frame(PARSES).dtypes.to_dict())
        texts = frame_from_table(self.store.read(TEXTS, columns=["text_sha256"]))
        return table_from_frame(PARSES, self._judge(PARSES, {"parses": parses, "texts": texts}).accepted)

    def _file(self) -> pa.Table:
        """Return the whole of ``rejected``: what was filed before and still holds, and what is filed now."""
        before = frame_from_table(self.store.read(REJECTED))
        of_files = before["table_name"].isin([SOURCE_DOCUMENTS.name, TEXTS.name])
        kept = before[of_files | ~before["document_id"].isin(self.replaced_ids)]
        filed = [row for verdicts in self.verdicts.values() for verdict in verdicts for row in verdict.rejected]
        rows = pa.concat_tables(
            [
                table_from_frame(REJECTED, kept),
                table_from_frame(REJECTED, self.parsed.rejected),
                table_from_rows(REJECTED, filed),
            ]
        )
        return table_from_frame(REJECTED, self._judge(REJECTED, {"rejected": frame_from_table(rows)}).accepted)

    def _observations(self, years: Iterable[int], columns: list[str] | None = None) -> pd.DataFrame:
        """Return the observations of some years as they will stand once the changes are written."""
        state = {**self.store.snapshot().get(OBSERVATIONS.name, {}), **self.staged.get(OBSERVATIONS.name, {})}
        names = sorted({partition_name(OBSERVATIONS, year) for year in years} & set(state))
        parts = [self.store.read_part(OBSERVATIONS, state[name], columns) for name in names]
        if not parts:
            empty = empty_frame(OBSERVATIONS)
            return empty if columns is None else empty[columns]
        return frame_from_table(pa.concat_tables(parts))

    def _merged(self, table: Table, rows: pd.DataFrame, year: int) -> pa.Table:
        """Return a year of a table once the rows of replaced documents made way for ``rows``."""
        replaced = {*self.out["document_id"], *rows["document_id"]}
        standing = frame_from_table(self.store.read(table, [partition_name(table, year)]))
        kept = standing[~standing["document_id"].isin(replaced)]
        return pa.concat_tables([table_from_frame(table, kept), table_from_frame(table, rows)])


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


def _texts(store: Store, hashes: pd.Series[str]) -> pd.DataFrame:
    """Return the texts with these hashes, reading only the partitions that hold them."""
    names = {partition_name(TEXTS, sha256) for sha256 in hashes}
    texts = frame_from_table(store.read(TEXTS, names, columns=["text_sha256", "text"]))
    return texts[texts["text_sha256"].isin(hashes)]


def _retrieved(store: Store) -> pd.Series[pd.Timestamp]:
    """Return when the file of each text was retrieved, by the text's hash."""
    texts = frame_from_table(store.read(TEXTS, columns=["text_sha256", "document_sha256"]))
    sources = frame_from_table(store.read(SOURCE_DOCUMENTS, columns=["document_sha256", "retrieved_at"]))
    joined = texts.merge(sources, on="document_sha256", how="left")
    return joined.set_index("text_sha256")["retrieved_at"]
