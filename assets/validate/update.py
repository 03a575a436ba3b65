"""One update of the warehouse: what was parsed and what is gone, to the partitions that change.

Rows are judged here before they are kept: corrections, contracts, versions of a report, identities, county-years.
Only what changed is judged and tried again; only partitions that change are returned. Taking in the same things
in one update or in several gives the same tables.

Here belongs the order of those steps. Not here: the steps themselves (one year's are in ``years``), nor writing
(``warehouse.store``): the caller writes all changes in one go, so that no reader sees half of an update.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

import pandas as pd
import pyarrow as pa

from assets.validate.corrections import mismatch
from assets.validate.supersede import with_versions
from assets.validate.years import Done, FactsOf, Intake, Standing, confirm, take_in
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
    NUMERALS,
    OBSERVATIONS,
    PARSES,
    REJECTED,
    SOURCE_DOCUMENTS,
    TABLES,
    TEXTS,
)
from warehouse.batches import lay_by_texts
from warehouse.store import WHOLE, Changes, Part, Store, partition_name

Each = Callable[[Callable[[Any], Done], Iterable[Any]], Iterator[Done]]
"""Judges years one by one or side by side, and gives what became of them in their order."""

UPDATED = (DOCUMENTS, OBSERVATIONS, NUMERALS, PARSES, REJECTED, IDENTITY_RESULTS, COUNTY_YEAR)
"""The tables that an update judges and may change."""


class Parsed(NamedTuple):
    """What parsing gave, as frames of the tables' declared types."""

    documents: pd.DataFrame
    parses: pd.DataFrame
    """One row a text that was parsed, identified or not."""
    rejected: pd.DataFrame
    """Texts that could not be identified, each under the ``document_id`` of its text."""
    facts: FactsOf


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
    *,
    each: Each = map,
) -> Update:
    """Return what the tables become when ``parsed`` is taken in and the texts ``gone`` are taken out.

    ``store`` must already hold the texts that were parsed and the reference tables; it is given the files of the
    partitions that change, and its state stays as it was. ``each`` says where report years are judged, as ``map``
    does. Verdicts are told, not enforced: the caller shows them and calls ``Verdict.require`` before it writes the
    changes. Raises ContractError when a correction matches nothing.
    """
    return _Updating(store, parsed, gone, tuple(identities), tuple(corrections)).run(each)


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

    def run(self, each: Each) -> Update:
        """Take every step in order; where nothing was parsed and nothing is gone there is nothing to judge."""
        if self.parsed.parses.empty and self.out.empty and len(self.standing_parses) == self.known_parses:
            self._match_corrections(self.standing)
            return self._told()
        texts = _texts(self.store, self.parsed.documents["text_sha256"])
        documents = self._judge_documents(texts)
        self._match_corrections(documents)
        fresh = documents[is_among(documents["document_id"], self.parsed.documents["document_id"])]
        years = sorted({*self.out["report_year"], *fresh["report_year"]})
        intakes = [self._intake(fresh, texts, year) for year in years]
        del texts
        self._keep(each(take_in, intakes))
        again = self._to_be_tried(documents, fresh)
        tried = sorted({*self.out["report_year"], *again["report_year"]})
        self._keep(each(confirm, (self._standing(documents, again, year, years) for year in tried)))
        self._stage_whole(DOCUMENTS, table_from_frame(DOCUMENTS, documents))
        self._stage_whole(PARSES, self._judge_parses())
        self._stage_whole(REJECTED, self._file())
        return self._told()

    def _told(self) -> Update:
        verdicts = {table.name: combined(table, self.verdicts.get(table.name, [])) for table in UPDATED}
        return Update(self.staged, verdicts)

    def _judge(self, table: Table, frames: Frames) -> pd.DataFrame:
        """Return the rows of the table that are accepted."""
        verdict = judge(table, frames)
        self.verdicts.setdefault(table.name, []).append(verdict._replace(accepted=empty_frame(table)))
        return verdict.accepted

    def _keep(self, years: Iterable[Done]) -> None:
        """Keep what became of the years, in their order."""
        for done in years:
            for name, part in done.parts.items():
                self.staged.setdefault(name, {})[partition_name(TABLES[name], done.year)] = part
            for name, verdict in done.verdicts.items():
                self.verdicts.setdefault(name, []).append(verdict)
            for row in self.verdicts[DOCUMENTS.name][0].rejected:
                if row["document_id"] in done.along:
                    row["reason"] = f"{row['reason']}; {done.along[row['document_id']]}"

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
        return with_versions(self._judge(DOCUMENTS, frames), retrieved)

    def _match_corrections(self, documents: pd.DataFrame) -> None:
        known = set(documents["document_id"])
        for correction in self.corrections:
            if correction.document_id not in known:
                raise mismatch(correction, f"there is no document {correction.document_id}")

    def _intake(self, fresh: pd.DataFrame, texts: pd.DataFrame, year: int) -> Intake:
        of_year = fresh[fresh["report_year"] == year]
        known = set(of_year["document_id"])
        return Intake(
            store=self.store,
            year=year,
            facts=self.parsed.facts,
            fresh=of_year,
            texts=lay_by_texts(self.store.home, year, _among(texts, of_year["text_sha256"])),
            out=self._out(year),
            again=frozenset(self.again["document_id"]),
            corrections=tuple(correction for correction in self.corrections if correction.document_id in known),
        )

    def _to_be_tried(self, documents: pd.DataFrame, fresh: pd.DataFrame) -> pd.DataFrame:
        """Return the documents on which identities are tried: those just accepted and those whose year before changed."""
        touched = pd.concat([fresh, self.out])[["division_id", "report_year"]].drop_duplicates()
        following = touched.assign(report_year=touched["report_year"] + 1)
        return documents.merge(pd.concat([touched, following]).drop_duplicates(), on=["division_id", "report_year"])

    def _standing(self, documents: pd.DataFrame, again: pd.DataFrame, year: int, years: list[int]) -> Standing:
        tried = again[again["report_year"] == year]
        bodies = is_among(documents["division_id"], tried["division_id"])
        state = {**self.store.snapshot().get(OBSERVATIONS.name, {}), **self.staged.get(OBSERVATIONS.name, {})}
        parts = {near: state.get(partition_name(OBSERVATIONS, near)) for near in (year - 1, year)}
        return Standing(
            store=self.store,
            year=year,
            documents=documents[documents["report_year"] == year],
            tried=tried,
            before=documents[(documents["report_year"] == year - 1) & bodies],
            observations={near: part for near, part in parts.items() if part},
            out=self._out(year),
            identities=self.identities,
            is_reconciled=year in years,
        )

    def _out(self, year: int) -> frozenset[str]:
        return frozenset(self.out.loc[self.out["report_year"] == year, "document_id"])

    def _judge_parses(self) -> pa.Table:
        parses = pd.concat([self.standing_parses, self.parsed.parses], ignore_index=True)
        parses = parses.astype(empty_frame(PARSES).dtypes.to_dict())
        texts = frame_from_table(self.store.read(TEXTS, columns=["text_sha256"]))
        return table_from_frame(PARSES, self._judge(PARSES, {"parses": parses, "texts": texts}))

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
        return table_from_frame(REJECTED, self._judge(REJECTED, {"rejected": frame_from_table(rows)}))


def _texts(store: Store, hashes: pd.Series[str]) -> pd.DataFrame:
    """Return the texts with these hashes, reading only the partitions that hold them, one by one: texts are large."""
    found = [empty_frame(TEXTS)[["text_sha256", "text"]]]
    for name in sorted({partition_name(TEXTS, sha256) for sha256 in hashes}):
        texts = frame_from_table(store.read(TEXTS, [name], columns=["text_sha256", "text"]))
        found.append(texts[is_among(texts["text_sha256"], hashes)])
    return pd.concat(found, ignore_index=True)


def _among(texts: pd.DataFrame, hashes: pd.Series[str]) -> pa.Table:
    """Return the texts with these hashes; filtered by Arrow, as pandas first copies all of a long column."""
    kept = pa.array(is_among(texts["text_sha256"], hashes))
    return pa.Table.from_pandas(texts, preserve_index=False).filter(kept)


def _retrieved(store: Store) -> pd.Series[pd.Timestamp]:
    """Return when the file of each text was retrieved, by the text's hash."""
    texts = frame_from_table(store.read(TEXTS, columns=["text_sha256", "document_sha256"]))
    sources = frame_from_table(store.read(SOURCE_DOCUMENTS, columns=["document_sha256", "retrieved_at"]))
    joined = texts.merge(sources, on="document_sha256", how="left")
    return joined.set_index("text_sha256")["retrieved_at"]
