"""What a release holds beside the warehouse's own tables: coverage, the wide table, the quality report.

Here belong pure functions from tables to tables or to plain data. Not here: how any of it is written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import accumulate, groupby
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from assets.publish.canonical import canonical_pieces, canonical_rows, connect, piece_rows
from contracts.identities import load_identities
from contracts.release import COVERAGE, parquet_path
from contracts.schema import Table
from warehouse.database import models

Tables = Mapping[str, pa.Table]
"""Tables by name, with the columns that ``contracts.tables`` declares."""


DERIVED = {"county_year_wide": ("county_year",), "coverage": ("documents", "observations", "county_year")}
"""The tables of a release that follow from others of it, and from which."""


class LazyTables(Mapping[str, pa.Table]):
    """Tables that are read each time they are asked for, so that no more than is needed is held at once."""

    def __init__(self, names: Iterable[str], read: Read, parts: Callable[[str], list[str]] | None = None) -> None:
        """``read`` returns a table of the ``names``, or of it what it is asked for; ``parts`` names the parts of one."""
        self._names = tuple(names)
        self._read = read
        self._parts = parts

    def some(self, name: str, columns: Sequence[str] | None = None, part: str | None = None) -> pa.Table:
        """Read the table: these columns of it alone, and this part alone, if they are named."""
        if name not in self._names:
            raise KeyError(name)
        return self._read(name, None if columns is None else list(columns), part)

    def parts(self, name: str) -> Sequence[str | None]:
        """Return what names the parts of a table; None stands for all of it."""
        return (self._parts(name) if self._parts else None) or [None]

    def __getitem__(self, name: str) -> pa.Table:
        """Read the table."""
        return self.some(name)

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names."""
        return iter(self._names)

    def __len__(self) -> int:
        """Return how many tables there are."""
        return len(self._names)


class Read(Protocol):
    """How a table is read."""

    def __call__(self, name: str, columns: list[str] | None, part: str | None, /) -> pa.Table:
        """Return these columns and this part of a table, all where it is None."""


def stored_tables(folder: Path, names: Iterable[str]) -> LazyTables:
    """Return the tables of the release in ``folder``, from its Parquet files."""
    return LazyTables(names, partial(_read_stored, folder))


def _read_stored(folder: Path, name: str, columns: list[str] | None, part: str | None) -> pa.Table:
    del part  # each is one file
    return pq.ParquetFile(folder / parquet_path(name)).read(columns=columns)


def columns_of(tables: Tables, name: str, columns: Sequence[str]) -> pa.Table:
    """Return these columns of a table; where it is read from a file, no others are."""
    if isinstance(tables, LazyTables):
        return tables.some(name, columns)
    return tables[name].select(columns)


def part_of(name: str, tables: Tables, part: str | None) -> pa.Table:
    """Return the rows of a part of a table; all where it is None, as it is where tables have no parts."""
    return tables.some(name, part=part) if isinstance(tables, LazyTables) else tables[name]


def derived(table: Table, tables: Tables) -> pa.Table:
    """Return the rows of a table that is ``DERIVED`` from other ``tables``, in canonical form."""
    return pa.concat_tables(derived_pieces(table, tables))


def derived_pieces(table: Table, tables: Tables) -> Iterator[pa.Table]:
    """Yield those rows piece by piece: the wide table is never held whole."""
    if table.name != "county_year_wide":
        yield from canonical_pieces(coverage(tables), table)
        return
    metrics = columns_of(tables, "county_year", _SPREAD)
    for first, last in _runs_of_divisions(metrics, piece_rows(table)):
        divisions = metrics["division_id"]
        some = metrics.filter(pc.and_(pc.greater_equal(divisions, first), pc.less_equal(divisions, last)))
        yield canonical_rows(wide(some, table), table)


def _runs_of_divisions(metrics: pa.Table, size: int) -> Iterator[tuple[str, str]]:
    """Yield the first and the last of divisions that follow each other and have about so many wide rows together."""
    with connect() as connection:
        connection.register("metrics", metrics)
        found = connection.execute(
            "SELECT division_id, count(DISTINCT (report_year, scope)) FROM metrics GROUP BY ALL ORDER BY division_id"
        ).fetchall()
    for _, run in groupby(zip(found, accumulate(rows for _, rows in found), strict=True), lambda at: at[1] // size):
        divisions = [division for (division, _), _ in run]
        yield divisions[0], divisions[-1]
    if not found:
        yield "", ""


_SPREAD = ("division_id", "report_year", "scope", "indicator_id", "value", "qualifier", "obs_status")
"""What the wide table takes of ``county_year``."""


def released_texts(tables: Tables, part: str | None = None) -> pa.Table:
    """Return the texts of identified documents, or a part of them; a text that nobody could identify is not released."""
    texts = part_of("texts", tables, part)
    documents = columns_of(tables, "documents", ["text_sha256"])
    return texts.filter(pc.is_in(texts["text_sha256"], documents["text_sha256"].combine_chunks()))


def released_sources(tables: Tables) -> pa.Table:
    """Return the source documents of the released texts."""
    released = "SELECT document_sha256 FROM texts JOIN documents USING (text_sha256)"
    sql = f"SELECT * FROM source_documents WHERE document_sha256 IN ({released})"
    texts = columns_of(tables, "texts", ["text_sha256", "document_sha256"])
    documents = columns_of(tables, "documents", ["text_sha256"])
    return _asked(sql, source_documents=tables["source_documents"], texts=texts, documents=documents)


def coverage(tables: Tables) -> pa.Table:
    """Return one row for each division and year with a report, as ``COVERAGE`` declares it."""
    return _query(
        """
        WITH read AS (
            SELECT division_id, report_year,
                min_by(division_name, document_id) AS division_name,
                min_by(prefecture, document_id) AS prefecture,
                min_by(province, document_id) AS province,
                count(*) AS documents,
                count(*) FILTER (kind = 'county_government') AS county_reports
            FROM documents GROUP BY ALL
        ), stated AS (
            SELECT division_id, report_year, count(*) AS observations FROM observations GROUP BY ALL
        ), settled AS (
            SELECT division_id, report_year, count(DISTINCT indicator_id) AS indicators FROM county_year GROUP BY ALL
        )
        SELECT read.*, coalesce(observations, 0) AS observations, coalesce(indicators, 0) AS indicators
        FROM read LEFT JOIN stated USING (division_id, report_year) LEFT JOIN settled USING (division_id, report_year)
        """,
        tables,
        documents=("division_id", "report_year", "division_name", "document_id", "prefecture", "province", "kind"),
        observations=_PLACED,
        county_year=(*_PLACED, "indicator_id"),
    ).select(COVERAGE.columns)


_PLACED = ("division_id", "report_year")


def wide(county_year: pa.Table, table: Table) -> pa.Table:
    """Return ``county_year`` as the warehouse's model ``county_year_wide`` shows it, with the columns of ``table``."""
    indicators = [name for name in table.columns if "__" not in name and name not in table.key]
    listed = ", ".join(f"'{name}'" for name in indicators)
    model = next(model for model in models() if model.name == table.name)
    return _asked(model.sql.replace("{indicators}", listed), county_year=county_year)


def counts(tables: Tables) -> dict[str, int]:
    """Return the figures that a release is introduced with; all of them can be counted in its tables."""
    row = _query(
        """
        SELECT (SELECT count(*) FROM documents) AS documents,
            (SELECT count(*) FROM observations) AS observations,
            (SELECT count(*) FROM county_year) AS county_year,
            (SELECT count(DISTINCT division_id) FROM documents) AS divisions,
            (SELECT count(DISTINCT report_year) FROM documents) AS years,
            (SELECT count(DISTINCT indicator_id) FROM observations) AS indicators
        """,
        tables,
        documents=_PLACED,
        observations=("indicator_id",),
        county_year=("indicator_id",),
    )
    return {name: int(value) for name, value in row.to_pylist()[0].items()}


def tried_identities(tables: Tables) -> pa.Table:
    """Return the identities that could be tried on a released report, whether they hold or fail."""
    sql = """
        SELECT * FROM identity_results
        WHERE outcome <> 'not_applicable' AND document_id IN (SELECT document_id FROM documents)
    """
    documents = columns_of(tables, "documents", ["document_id"])
    return _asked(sql, identity_results=tables["identity_results"], documents=documents)


def quality(tables: Tables, evaluation: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return the quality report: the ledger, the identities, what was rejected, and the scores of the extractor.

    ``evaluation`` is what the evaluation on labelled texts returned; None says in the report that none was run.
    """
    return {
        "ledger": _ledger(tables),
        "identities": _counted("identity_results", ("identity_id", "outcome"), tables),
        "identity_names": {identity.id: {"zh": identity.zh, "en": identity.en} for identity in load_identities()},
        "rejected": _counted("rejected", ("table_name", "rule"), tables),
        "flags": _flags(tables),
        "qualifiers": _counted("observations", ("qualifier",), tables),
        "statuses": _counted("county_year", ("obs_status",), tables),
        "evaluation": dict(evaluation) if evaluation else "not run for this release",
        "known_limits": list(KNOWN_LIMITS),
    }


KNOWN_LIMITS = (
    "A report that was not found, could not be read or could not be identified has no row; silence is not zero.",
    "Scope (whose figure it is) is the least certain field: reports often leave it to the reader.",
    "Figures are as the reports state them; identities show where they disagree and change nothing.",
    "A private person whom no word such as plaintiff or applicant announces is not recognised, so the name stays.",
    "Numerals that no rule claims wait in a review queue and are counted above as queued; some are facts.",
)


def _ledger(tables: Tables) -> dict[str, Any]:
    rows = _query(
        "SELECT class, kind, count(*) AS n FROM numerals GROUP BY ALL ORDER BY class, kind NULLS FIRST",
        tables,
        numerals=("class", "kind"),
    ).to_pylist()
    total = sum(row["n"] for row in rows)
    by_class: dict[str, int] = {}
    for row in rows:
        by_class[row["class"]] = by_class.get(row["class"], 0) + row["n"]
    return {
        "numerals": total,
        "classes": by_class,
        "rates": {name: round(n / total, 6) for name, n in by_class.items()},
        "kinds": {f"{row['class']}/{row['kind']}": row["n"] for row in rows if row["kind"] is not None},
    }


def _flags(tables: Tables) -> dict[str, int]:
    rows = _query(
        "SELECT flag, count(*) AS n FROM (SELECT unnest(string_split(flags, ';')) AS flag FROM observations) "
        "GROUP BY flag ORDER BY flag",
        tables,
        observations=("flags",),
    )
    return {row["flag"]: row["n"] for row in rows.to_pylist()}


def _counted(table: str, by: tuple[str, ...], tables: Tables) -> list[dict[str, Any]]:
    """Return the rows of a table counted by columns: one object a group, in the order of the columns."""
    columns = ", ".join(by)
    sql = f"SELECT {columns}, count(*) AS rows FROM {table} GROUP BY ALL ORDER BY {columns}"
    return list(_query(sql, tables, **{table: by}).to_pylist())


def _query(sql: str, tables: Tables, **read: Sequence[str]) -> pa.Table:
    """Return the answer to a query that reads these columns of tables; nothing else is touched, as it may be large."""
    return _asked(sql, **{name: columns_of(tables, name, columns) for name, columns in read.items()})


def _asked(sql: str, **tables: pa.Table) -> pa.Table:
    with connect() as connection:
        for name, rows in tables.items():
            connection.register(name, rows)
        return connection.sql(sql).to_arrow_table()
