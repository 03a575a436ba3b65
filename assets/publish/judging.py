"""Whether every row of a release keeps the rules of the contracts, the evidence of every figure among them.

Here belongs that judgement, cut into jobs that can be done side by side. Not here: what else is proven of a release
(``verify``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from assets.publish.canonical import PIECE, piece_rows, read_pieces
from assets.publish.derive import DERIVED
from assets.publish.findings import SHOWN, Finding, key_at, shown
from assets.publish.news import News
from assets.publish.private import read_masks
from assets.publish.runs import row_keys
from assets.publish.shares import Kept, Share, read_kept
from contracts.projections.arrow import frame_from_table
from contracts.release import csv_path, parquet_path
from contracts.rules import Rule, rules_of
from contracts.schema import Table, Type

PROOFS = frozenset(
    {
        "texts.hash_is_of_the_text",
        "observations.span_is_forward",
        "observations.evidence_is_the_text",
        "observations.numeral_within_evidence",
    }
)
"""The rules that every release keeps, whatever the version of its schema."""


class Judging(NamedTuple):
    """The rules of one table to be judged: of a share those that ask for texts, without one all others."""

    folder: Path
    described: Mapping[str, Table]
    """The tables of the release that can be read, by name."""
    name: str
    share: Share | None
    is_ours: bool
    """Whether the release is of our own schema version; else only rules of columns and the proofs speak of it."""
    news: News | None = None
    """What of the release is not as it was in the proven one before, where only that is to be judged."""


def judgings(
    folder: Path, described: Mapping[str, Table], shares: list[Share], *, is_ours: bool, news: News | None = None
) -> list[Judging]:
    """Return the jobs that judge the tables of a release, in their order; with ``news`` of these rows alone."""
    jobs = []
    for name in described:
        job = Judging(folder, described, name, None, is_ours, news)
        if news and name not in DERIVED and name not in news.rows:
            continue
        jobs.append(job)
        if any(_asks_for_texts(rule) for rule in _rules(job)):
            jobs += [job._replace(share=share) for share in shares]
    return jobs


def judge(job: Judging) -> list[Finding]:
    """Return where the rows of a table break its rules."""
    masked = {place.row_key for place in read_masks(job.folder) if place.table_name == "texts"}
    rules = [rule for rule in _rules(job) if rule.holds and _asks_for_texts(rule) == (job.share is not None)]
    return list(_broken_in_share(job, rules) if job.share else _broken_in_pieces(job, rules, masked))


def _rules(job: Judging) -> list[Rule]:
    return [
        rule
        for rule in rules_of(job.described[job.name])
        if set(rule.needs) <= set(job.described) and (job.is_ours or rule.column is not None or rule.id in PROOFS)
    ]


def _asks_for_texts(rule: Rule) -> bool:
    return rule.table != "texts" and "texts" in rule.needs


# By share: rows of documents and of what they state, with their texts ------------------------------------------


def _broken_in_share(job: Judging, rules: list[Rule]) -> Iterator[Finding]:
    assert job.share  # noqa: S101 - told by judge
    share = job.share

    def held(rows: pa.Table) -> pa.ChunkedArray:
        return share.holds(rows["document_id"], "D")

    rows, places = read_kept(_path(job, job.name), lambda rows: pc.and_(held(rows), _is_asked(job, rows)))
    documents = read_kept(_path(job, "documents"), held).rows
    if job.news:
        documents = documents.filter(pc.is_in(documents["document_id"], value_set=rows["document_id"].combine_chunks()))
    hashes = documents["text_sha256"]
    texts = read_kept(_path(job, "texts"), lambda rows: pc.is_in(rows["text_sha256"], hashes.combine_chunks())).rows
    frames = _frames(job, {parent for rule in rules for parent in rule.needs} - {"texts", "documents", job.name})
    frames["texts"] = frame_from_table(texts)
    # As objects: a column of texts that is asked one by one takes each out of its bytes anew.
    frames["texts"]["text"] = frames["texts"]["text"].astype(object)
    frames["documents"] = frame_from_table(documents)
    for start in range(0, rows.num_rows, PIECE):
        piece = Kept(rows.slice(start, PIECE), places[start : start + PIECE])
        frames[job.name] = frame_from_table(piece.rows)
        for rule in rules:
            yield from _broken(job, piece, _held(rule, frames), rule)


# By piece: all other rules -------------------------------------------------------------------------------------


def _broken_in_pieces(job: Judging, rules: list[Rule], masked: set[str]) -> Iterator[Finding]:
    table = job.described[job.name]
    parents = {parent for rule in rules for parent in rule.needs} - {table.name}
    pointed_at = {field.references[0] for field in table.fields if field.references}
    large = {name for name in parents & pointed_at if pq.read_metadata(_path(job, name)).num_rows > _LARGE}
    frames = _frames(job, parents - large)
    read = {parent: _read_narrow(job, parent) for parent in large}
    start = 0
    for read_rows in read_pieces(_path(job, job.name), piece_rows(table)):
        asked = _is_asked(job, read_rows)
        piece = Kept(read_rows.filter(asked), np.flatnonzero(asked.to_numpy()) + start)
        start += read_rows.num_rows
        if not piece.rows.num_rows:
            continue
        frames |= {parent: frame_from_table(_asked_for(table, piece.rows, parent, read[parent])) for parent in large}
        frames[table.name] = frame_from_table(piece.rows)
        yield from _empty(job, piece, frames[table.name])
        for rule in rules:
            holds = _held(rule, frames)
            if rule.id == "texts.hash_is_of_the_text":
                # The hash is that of the text as it was read, before names were masked in it.
                holds = holds | frames[table.name]["text_sha256"].isin(masked).to_numpy()
            yield from _broken(job, piece, holds, rule)


_LARGE = 100_000
"""Of a table with more rows only those are looked at that a piece asks for."""


def _read_narrow(job: Judging, name: str) -> pa.Table:
    """Return a table whose texts that come again and again are held once."""
    table = job.described[name]
    texts = [field.name for field in table.fields if field.type is Type.TEXT and field.name not in table.key]
    return pq.ParquetFile(_path(job, name), read_dictionary=texts).read()


def _asked_for(table: Table, rows: pa.Table, parent: str, read: pa.Table) -> pa.Table:
    """Return the rows of a parent that ``rows`` point at: rules between tables follow references alone."""
    asked = pa.array(np.zeros(read.num_rows, dtype=bool))
    for field in table.fields:
        if field.references and field.references[0] == parent:
            named = rows[field.name].combine_chunks()
            found = pc.is_in(read[field.references[1]], value_set=named, skip_nulls=True)
            asked = pc.or_(asked, found.combine_chunks())
    kept = read.filter(asked)
    plain = [column.cast(pa.string()) if pa.types.is_dictionary(column.type) else column for column in kept.columns]
    return pa.table(plain, names=kept.column_names)


def _empty(job: Judging, piece: Kept, frame: pd.DataFrame) -> Iterator[Finding]:
    for field in job.described[job.name].fields:
        if not field.nullable:
            filled = frame[field.name].notna().to_numpy()
            yield from _listed(job, piece, filled, check="required", message="it is empty", column=field.name)


# What is common to both ----------------------------------------------------------------------------------------


def _is_asked(job: Judging, rows: pa.Table) -> pa.ChunkedArray:
    """Return of each row of the job's table whether it is to be judged; of one that points at itself all its rows are parents."""
    points_at_itself = any(
        field.references and field.references[0] == job.name for field in job.described[job.name].fields
    )
    if job.news is None or (points_at_itself and job.share is None):
        return pa.chunked_array([pa.array(np.ones(rows.num_rows, dtype=bool))])
    if job.name in DERIVED:
        return pc.is_in(rows["division_id"], value_set=job.news.divisions)
    return pc.is_in(row_keys(rows, job.described[job.name].key), value_set=job.news.rows[job.name])


def _path(job: Judging, name: str) -> Path:
    return job.folder / parquet_path(name)


def _frames(job: Judging, names: set[str]) -> dict[str, pd.DataFrame]:
    return {name: frame_from_table(pq.ParquetFile(_path(job, name)).read()) for name in names}


def _held(rule: Rule, frames: dict[str, pd.DataFrame]) -> Any:
    assert rule.holds  # noqa: S101 - rules without are left out
    holds = rule.holds(frames)
    return np.asarray(holds, dtype=bool)


def _broken(job: Judging, kept: Kept, holds: Any, rule: Rule) -> Iterator[Finding]:
    return _listed(job, kept, holds, check=rule.id, message=f"it breaks the rule: {rule.en}", column=rule.column)


def _listed(job: Judging, kept: Kept, holds: Any, *, check: str, message: str, column: str | None) -> Iterator[Finding]:
    places = (~holds).nonzero()[0]
    file, table = csv_path(job.name), job.described[job.name]
    for place in places[:SHOWN].tolist():
        said = message if column is None else f"{message}; found {shown(kept.rows[column][place])}"
        yield Finding(check, file, said, int(kept.places[place]) + 1, key_at(table, kept.rows, place), column)
    if places[SHOWN:].size:
        yield Finding(check, file, f"and {places.size - SHOWN} more", column=column)
