"""One update of the warehouse: what was parsed and what is gone, to the partitions that change.

Rows are judged here before they are kept: corrections, contracts, versions of a report, identities, county-years.
Only what changed is judged and tried again; only partitions that change are returned. Taking in the same things
in one update or in several gives the same tables.

Here belongs the order of those steps. Not here: the steps themselves, nor writing (``warehouse.store``): the
caller writes all changes in one go, so that no reader sees half of an update.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import pandas as pd
import pyarrow as pa

from assets.validate.corrections import apply_corrections
from assets.validate.identities import try_identities
from assets.validate.reconcile import reconcile
from assets.validate.supersede import with_versions
from contracts.corrections import Correction
from contracts.identities import Identity
from contracts.judgement import Verdict, judge
from contracts.projections.arrow import empty_frame, frame_from_table, table_from_frame, table_from_rows
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
from warehouse.store import WHOLE, Store, partition_name, split

Changes = dict[str, dict[str, pa.Table]]


class Parsed(NamedTuple):
    """What parsing gave, as frames of the tables' declared types."""

    documents: pd.DataFrame
    observations: pd.DataFrame
    numerals: pd.DataFrame
    parses: pd.DataFrame
    """One row a text that was parsed, identified or not."""
    rejected: pd.DataFrame
    """Texts that could not be identified, each under the ``document_id`` of its text."""


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

    ``store`` must already hold the texts that were parsed and the reference tables. Verdicts are told, not
    enforced: the caller shows them and calls ``Verdict.require`` before it writes. Raises ContractError when a
    correction matches nothing.
    """
    standing = _Standing(store, set(parsed.parses["text_sha256"]) | set(gone))
    judged = _judge_documents(store, standing, parsed)
    accepted = judged["documents"].accepted
    fresh = accepted[accepted["document_id"].isin(parsed.documents["document_id"])]
    judged |= _judge_facts(store, standing, parsed, fresh, tuple(corrections))
    observations, numerals = judged["observations"].accepted, judged["numerals"].accepted

    years = set(standing.out["report_year"]) | set(fresh["report_year"])
    changes: Changes = {
        "documents": {WHOLE: table_from_frame(DOCUMENTS, accepted)},
        "observations": _merged(store, OBSERVATIONS, observations, standing.out),
        "numerals": _merged(store, NUMERALS, numerals, standing.out),
        "parses": {WHOLE: table_from_frame(PARSES, pd.concat([standing.parses, parsed.parses], ignore_index=True))},
    }
    facts = _Facts(store, changes["observations"])
    judged["identity_results"] = _judge_identities(accepted, fresh, standing.out, facts, tuple(identities))
    changes["identity_results"] = _merged(
        store, IDENTITY_RESULTS, judged["identity_results"].accepted, standing.out, also=_retried(judged)
    )
    judged["county_year"] = _judge_county_year(store, accepted, years, facts)
    metrics = table_from_frame(COUNTY_YEAR, judged["county_year"].accepted)
    emptied = {partition_name(COUNTY_YEAR, year): metrics.slice(0, 0) for year in years}
    changes["county_year"] = {**emptied, **split(COUNTY_YEAR, metrics)}
    judged["parses"] = _judge_parses(store, changes["parses"][WHOLE])
    filed = [row for verdict in judged.values() for row in verdict.rejected]
    changes["rejected"] = {WHOLE: _filed(standing, parsed, filed)}
    judged["rejected"] = judge(REJECTED, {"rejected": frame_from_table(changes["rejected"][WHOLE])})
    return Update(changes, judged)


class _Standing:
    """What the store holds beside the texts that are replaced."""

    def __init__(self, store: Store, replaced: set[str]) -> None:
        documents = frame_from_table(store.read(DOCUMENTS))
        parses = frame_from_table(store.read(PARSES))
        is_out = documents["text_sha256"].isin(replaced)
        self.out = documents[is_out]
        """The documents whose rows go."""
        self.documents = documents[~is_out]
        self.parses = parses[~parses["text_sha256"].isin(replaced)]
        self.rejected = frame_from_table(store.read(REJECTED))
        self.replaced_ids = set(parses.loc[parses["text_sha256"].isin(replaced), "document_id"])


def _judge_documents(store: Store, standing: _Standing, parsed: Parsed) -> dict[str, Verdict]:
    """Judge all documents, versions filled in; only those just parsed are held against their texts again."""
    retrieved = _retrieved(store)
    documents = pd.concat([standing.documents, parsed.documents], ignore_index=True)
    documents = documents.astype(empty_frame(DOCUMENTS).dtypes.to_dict())
    texts = frame_from_table(store.read(TEXTS, columns=["text_sha256"])).assign(text=None)
    fresh = _texts(store, parsed.documents["text_sha256"])
    texts = pd.concat([texts[~texts["text_sha256"].isin(fresh["text_sha256"])], fresh], ignore_index=True)
    frames = {
        "documents": with_versions(documents, retrieved),
        "texts": texts.astype({"text": fresh["text"].dtype}),
        "divisions": frame_from_table(store.read(DIVISIONS)),
    }
    verdict = judge(DOCUMENTS, frames)
    rejected = [_with_what_went_along(row, parsed) for row in verdict.rejected]
    return {"documents": verdict._replace(accepted=with_versions(verdict.accepted, retrieved), rejected=rejected)}


def _with_what_went_along(row: dict[str, Any], parsed: Parsed) -> dict[str, Any]:
    """Return the rejected row of a document with the count of the rows that are refused because of it."""
    observations = int((parsed.observations["document_id"] == row["document_id"]).sum())
    numerals = int((parsed.numerals["document_id"] == row["document_id"]).sum())
    along = f"{observations} observations and {numerals} numerals went with it"
    return {**row, "reason": f"{row['reason']}; {along}"}


def _judge_facts(
    store: Store, standing: _Standing, parsed: Parsed, fresh: pd.DataFrame, corrections: tuple[Correction, ...]
) -> dict[str, Verdict]:
    """Judge the observations and numerals of the documents just accepted; those of refused documents go with them."""
    observations = parsed.observations[parsed.observations["document_id"].isin(fresh["document_id"])]
    numerals = parsed.numerals[parsed.numerals["document_id"].isin(fresh["document_id"])]
    elsewhere = [c for c in corrections if c.document_id in set(standing.documents["document_id"])]
    frames = {
        "documents": fresh,
        "texts": _texts(store, fresh["text_sha256"]),
        "indicators": frame_from_table(store.read(INDICATORS)),
        "observations": apply_corrections(observations, corrections, [c.observation_id for c in elsewhere]),
        "numerals": numerals,
    }
    facts = judge(OBSERVATIONS, frames)
    frames["observations"] = facts.accepted
    frames["numerals"] = requeued(numerals, facts.accepted)
    return {"observations": facts, "numerals": judge(NUMERALS, frames)}


def requeued(numerals: pd.DataFrame, accepted: pd.DataFrame) -> pd.DataFrame:
    """Return the ledger with the numerals of rejected observations put into the review queue.

    The ledger stays a partition: a numeral whose observation broke a contract states no accepted fact, and its
    kind ``rejected_observation`` says why it waits.
    """
    lost = numerals["observation_id"].notna() & ~numerals["observation_id"].isin(accepted["observation_id"])
    return numerals.assign(
        **{
            "class": numerals["class"].mask(lost, "queued"),
            "kind": numerals["kind"].mask(lost, "rejected_observation"),
            "observation_id": numerals["observation_id"].mask(lost),
        }
    )


class _Facts:
    """Observations as they will stand: of partitions that change the new ones, of the others those in the store."""

    def __init__(self, store: Store, changed: dict[str, pa.Table]) -> None:
        self._store = store
        self._changed = changed

    def of_years(self, years: Iterable[Any]) -> pd.DataFrame:
        names = sorted({partition_name(OBSERVATIONS, year) for year in years})
        kept = [self._store.read(OBSERVATIONS, [name for name in names if name not in self._changed])]
        return frame_from_table(pa.concat_tables([*kept, *(self._changed[n] for n in names if n in self._changed)]))


def _judge_identities(
    documents: pd.DataFrame,
    fresh: pd.DataFrame,
    out: pd.DataFrame,
    facts: _Facts,
    identities: tuple[Identity, ...],
) -> Verdict:
    """Try the identities on documents just accepted and on those whose report of the year before changed."""
    touched = pd.concat([fresh, out])[["division_id", "report_year"]].drop_duplicates()
    following = touched.assign(report_year=touched["report_year"] + 1)
    again = documents.merge(pd.concat([touched, following]).drop_duplicates(), on=["division_id", "report_year"])
    around = set(again["report_year"]) | {year - 1 for year in again["report_year"]}
    near = documents[documents["division_id"].isin(again["division_id"]) & documents["report_year"].isin(around)]
    observations = facts.of_years(near["report_year"])
    observations = observations[observations["document_id"].isin(near["document_id"])]
    results = try_identities(identities, near, observations)
    results = results[results["document_id"].isin(again["document_id"])]
    return judge(IDENTITY_RESULTS, {"identity_results": results, "documents": documents})


def _retried(judged: dict[str, Verdict]) -> set[str]:
    return set(judged["identity_results"].accepted["document_id"])


def _judge_county_year(store: Store, documents: pd.DataFrame, years: set[Any], facts: _Facts) -> Verdict:
    """Reconcile every county-year of the years that changed."""
    of_years = documents[documents["report_year"].isin(years)]
    observations = facts.of_years(years)
    indicators = frame_from_table(store.read(INDICATORS))
    frames = {
        "county_year": reconcile(of_years, observations, indicators),
        "observations": observations,
        "documents": of_years,
        "indicators": indicators,
    }
    return judge(COUNTY_YEAR, frames)


def _judge_parses(store: Store, parses: pa.Table) -> Verdict:
    texts = frame_from_table(store.read(TEXTS, columns=["text_sha256"]))
    return judge(PARSES, {"parses": frame_from_table(parses), "texts": texts})


def _merged(
    store: Store, table: Table, rows: pd.DataFrame, out: pd.DataFrame, also: Iterable[str] = ()
) -> dict[str, pa.Table]:
    """Return the partitions of a table by report year once rows of documents ``out`` (and ``also``) made way."""
    replaced = set(out["document_id"]) | set(rows["document_id"]) | set(also)
    incoming = split(table, table_from_frame(table, rows))
    names = set(incoming) | {partition_name(table, year) for year in out["report_year"]}
    merged = {}
    for name in sorted(names):
        standing = frame_from_table(store.read(table, [name]))
        kept = table_from_frame(table, standing[~standing["document_id"].isin(replaced)])
        merged[name] = pa.concat_tables([kept, *([incoming[name]] if name in incoming else [])])
    return merged


def _filed(standing: _Standing, parsed: Parsed, filed: list[dict[str, Any]]) -> pa.Table:
    """Return the whole of ``rejected``: what was filed before and still holds, and what is filed now."""
    before = standing.rejected
    replaced = standing.replaced_ids | set(parsed.parses["document_id"])
    of_files = before["table_name"].isin([SOURCE_DOCUMENTS.name, TEXTS.name])
    kept = before[of_files | ~before["document_id"].isin(replaced)]
    rows = [
        table_from_frame(REJECTED, kept),
        table_from_frame(REJECTED, parsed.rejected),
        table_from_rows(REJECTED, filed),
    ]
    return pa.concat_tables(rows)


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
