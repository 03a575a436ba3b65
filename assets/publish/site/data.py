"""What the pages of a release know: plain data from the release's own files, cut so that each view loads little.

Here belong pure functions from tables to plain data. The first view needs ``index`` alone; an indicator, the places
of a prefecture, and a sixteenth of a sixteenth of a sixteenth of the documents are a part each, whatever the size of
the release. Not here: how a part is spelled as a file (``files``), nor what a page makes of it (``bundle/``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from assets.publish.derive import Tables, columns_of
from contracts import release
from contracts.changes import CHANGE, REASON
from contracts.codelists import OUTCOME
from contracts.release import FileRecord, Manifest
from contracts.tables import COUNTY_YEAR, OBSERVATIONS

FORMAT = "fazhi-site/1"
"""Names the shape of the parts; it changes when the pages must change with it."""

CHANGES_SHOWN = 2000
"""As many changes are listed in the page; the release's own table holds all."""

REPORTED, SILENT, OTHERS, UNREAD, ABSENT = "r", "n", "o", ".", "x"
"""A county in a year: its government's report states facts; it states none that is comparable; only others of its
bodies have a report that was read; nothing was read; there was no such county."""

_DOCUMENT = (
    "division_id",
    "division_name",
    "issuer",
    "document_number",
    "title",
    "report_year",
    "issued_on",
    "kind",
    "reader",
    "text_sha256",
    "supersedes",
)
_SOURCE = ("document_sha256", "media_type", "origin", "publisher", "licence")
BRIEF = (
    "observation_id",
    "document_id",
    "report_year",
    "indicator_id",
    "scope",
    "period",
    "dimension",
    "value",
    "unit",
    "qualifier",
    "obs_status",
)


class Part(NamedTuple):
    """One part of the data: its name, which is its path below ``data/``, and what it says."""

    name: str
    value: dict[str, Any]


def first_parts(
    manifest: Manifest, tables: Tables, quality: Mapping[str, Any], history: Mapping[str, Any]
) -> Iterator[Part]:
    """Yield the parts that there is one of, but for ``index``.

    ``quality`` is the quality report; ``history`` the summary of the diff, with its rows under ``rows``.
    """
    yield Part("indicators", _columns(tables["indicators"].drop_columns(["name_zh", "name_en", "domain_zh"])))
    yield Part("quality", {**quality, "tables": {record.name: record.rows for record in manifest.tables}})
    yield Part("changes", {**history, "rows": [_brief(row) for row in history["rows"][:CHANGES_SHOWN]]})


def index(
    manifest: Manifest, tables: Tables, downloads: Iterable[FileRecord], citation: str, quality: Mapping[str, Any]
) -> Part:
    """Return the part that every page begins with: what the release is, what it covers, and every name."""
    return Part(
        "index",
        {
            "format": FORMAT,
            "version": manifest.version,
            "as_of": manifest.as_of,
            "previous": manifest.previous,
            "versions": [manifest.schema_version, manifest.method_version, manifest.catalogue_version],
            "content_sha256": manifest.content_sha256,
            "licence": list(manifest.licence),
            "title": [release.TITLE_ZH, release.TITLE_EN],
            "description": [release.DESCRIPTION_ZH, release.DESCRIPTION_EN],
            "author": release.AUTHOR,
            "counts": manifest.counts,
            "tables": {record.name: record.rows for record in manifest.tables},
            "downloads": [[record.path, record.bytes, record.sha256] for record in downloads],
            "citation_cff": citation,
            "columns": {table.name: list(table.columns) for table in (OBSERVATIONS, COUNTY_YEAR)},
            "indicators": _indicators(tables),
            "codes": _codes(tables),
            "identities": {name: [words["zh"], words["en"]] for name, words in quality["identity_names"].items()},
            **_places(tables),
        },
    )


# What it covers ------------------------------------------------------------------------------------------------


def _places(tables: Tables) -> dict[str, Any]:
    """Return every county that there was in a year of the release, and what is known of each in each year.

    They are most of the first view, so each column of theirs is one text.
    """
    covered = {(row["division_id"], row["report_year"]): row for row in tables["coverage"].to_pylist()}
    years = sorted({year for _, year in covered})
    spans: dict[str, list[dict[str, Any]]] = {}
    for row in tables["divisions"].to_pylist():
        if row["level"] == "county":
            spans.setdefault(row["division_id"], []).append(row)
    counties = {name: rows for name, rows in spans.items() if any(_valid(row, year) for row in rows for year in years)}
    names = {name: max(rows, key=lambda row: int(row["first_year"])) for name, rows in counties.items()}
    for (name, _), row in covered.items():
        names.setdefault(
            name, {"name": row["division_name"], "prefecture": row["prefecture"], "province": row["province"]}
        )
    above = sorted({(row["province"] or "", row["prefecture"] or "") for row in names.values()})
    place_of = {pair: position for position, pair in enumerate(above)}
    ordered = sorted(names)
    return {
        "years": years,
        "prefectures": [list(pair) for pair in above],
        "places": [
            "|".join(name.removeprefix(COUNTRY) for name in ordered),
            "|".join(names[name]["name"] for name in ordered),
            [place_of[names[name]["province"] or "", names[name]["prefecture"] or ""] for name in ordered],
        ],
        "coverage": "|".join("".join(_state(name, year, counties, covered) for year in years) for name in ordered),
    }


def _state(
    name: str, year: int, counties: Mapping[str, list[dict[str, Any]]], covered: Mapping[tuple[str, int], Any]
) -> str:
    row = covered.get((name, year))
    if row is not None:
        return OTHERS if not row["county_reports"] else REPORTED if row["indicators"] else SILENT
    valid = any(_valid(span, year) for span in counties.get(name, []))
    return UNREAD if valid else ABSENT


def _valid(row: Mapping[str, Any], year: int) -> bool:
    return bool(row["first_year"] <= year <= (row["last_year"] or year))


def _indicators(tables: Tables) -> list[list[Any]]:
    """Return id, domain, names, unit, kind and how many statements and metrics there are, an indicator a row."""
    stated, settled = (
        _counted(columns_of(tables, name, ["indicator_id"])[0]) for name in ("observations", "county_year")
    )
    return [
        [
            row["indicator_id"],
            row["domain"],
            row["domain_zh"],
            row["domain_en"],
            row["name_zh"],
            row["name_en"],
            row["unit"],
            row["kind"],
            stated.get(row["indicator_id"], 0),
            settled.get(row["indicator_id"], 0),
        ]
        for row in tables["indicators"].to_pylist()
    ]


def _codes(tables: Tables) -> dict[str, dict[str, list[str]]]:
    codes: dict[str, dict[str, list[str]]] = {}
    for row in sorted(tables["codelists"].to_pylist(), key=lambda row: (row["codelist"], row["position"])):
        codes.setdefault(row["codelist"], {})[row["code"]] = [row["name_zh"], row["name_en"]]
    for codelist in (CHANGE, REASON, OUTCOME):
        codes[codelist.name] = {code.code: [code.zh, code.en] for code in codelist.entries}
    return codes


# The parts that are loaded when they are looked at -------------------------------------------------------------


def of_indicators(tables: Tables) -> Iterator[Part]:
    """Yield the metrics of one indicator with the documents they stand in, then all its statements, column by column.

    Who looks at metrics, which most do, need not load the words of every statement.
    """
    settled = _Groups(tables["county_year"], "indicator_id")
    for name, rows in _Groups(tables["observations"], "indicator_id"):
        counts = {column: sorted(_counted(rows[column]).items()) for column in _TOLD_BY}
        parts_of_it = rows.num_rows - rows["dimension"].null_count
        yield Part(
            f"indicator/{name}",
            {"county_year": _columns(_placed(settled.get(name), rows)), "stated": {**counts, "dimension": parts_of_it}},
        )
        yield Part(f"statements/{name}", {"observations": _columns(rows)})


def _placed(metrics: pa.Table | None, statements: pa.Table) -> pa.Table | None:
    """Return the metrics with the document in which the statement stands that each was taken from."""
    if metrics is None:
        return None
    where = dict(zip(*(statements[name].to_pylist() for name in ("observation_id", "document_id")), strict=True))
    documents = [where.get(name) for name in metrics["observation_id"].to_pylist()]
    return metrics.append_column("document_id", pa.array(documents, pa.string()))


_TOLD_BY = ("report_year", "scope", "qualifier", "rule_id")
"""What the page of an indicator tells of its statements: how many there are of each."""


def of_places(tables: Tables, identities: pa.Table) -> Iterator[Part]:
    """Yield what is known of the places of one prefecture: documents, statements, and ``identities`` that came to an end."""
    documents = tables["documents"].select(("document_id", *_DOCUMENT))
    division = dict(zip(documents["document_id"].to_pylist(), documents["division_id"].to_pylist(), strict=True))
    tried = identities.append_column(
        "division_id", pa.array([division.get(d) for d in identities["document_id"].to_pylist()], pa.string())
    )
    statements = _Groups(tables["observations"].select(("division_id", *BRIEF)), "division_id", PREFECTURE)
    outcomes = _Groups(tried.filter(pc.is_valid(tried["division_id"])), "division_id", PREFECTURE)
    for name, rows in _Groups(documents, "division_id", PREFECTURE):
        yield Part(
            f"places/{name.removeprefix(COUNTRY)}",
            {
                "documents": _columns(rows),
                "observations": _columns(statements.get(name)),
                "identities": _columns(outcomes.get(name)),
            },
        )


def of_documents(tables: Tables) -> Iterator[Part]:
    """Yield the documents whose ids begin alike: text, record of the source, and every statement with its place."""
    texts = tables["texts"].select(("text_sha256", "document_sha256", "text", "losses"))
    sources = {
        row["document_sha256"]: [row[name] for name in _SOURCE] for row in tables["source_documents"].to_pylist()
    }
    statements = _Groups(tables["observations"], "document_id", SHARD)
    read = _Groups(texts, "text_sha256", SHARD - 1)
    for name, rows in _Groups(tables["documents"].select(("document_id", *_DOCUMENT)), "document_id", SHARD):
        texts_of_part = read.get(name[1:])
        of_text = {row["text_sha256"]: row for row in texts_of_part.to_pylist()} if texts_of_part else {}
        found = []
        for row in rows.to_pylist():
            text = of_text[row["text_sha256"]]
            source = dict(zip(_SOURCE, sources[text["document_sha256"]], strict=True))
            found.append({**_plain(row), **source, "text": text["text"], "losses": text["losses"]})
        yield Part(
            f"documents/{name[1:]}",
            {"documents": found, "observations": _columns(statements.get(name))},
        )


SHARD = len("D") + 3
"""Characters of a document_id that name its part: 4,096 parts hold a country, a few reports each."""

COUNTRY = "CN-"
PREFECTURE = len(COUNTRY) + 4
"""Characters of a division_id that name its part: those of the prefecture."""


class _Groups:
    """A table by the values of a column, or by their first ``characters``; rows of a group stand in the order of the table."""

    def __init__(self, table: pa.Table, column: str, characters: int | None = None) -> None:
        keys = table[column] if characters is None else pc.utf8_slice_codeunits(table[column], 0, characters)
        rows = pa.table({"key": keys, "row": np.arange(table.num_rows)})
        order = pc.sort_indices(rows, [("key", "ascending"), ("row", "ascending")])
        self._table = table.take(order).combine_chunks()
        self._spans: dict[str, tuple[int, int]] = {}
        start = 0
        runs = pc.run_end_encode(keys.take(order).combine_chunks())
        for key, end in zip(runs.values.to_pylist(), runs.run_ends.to_pylist(), strict=True):
            self._spans[key] = (start, end - start)
            start = end

    def __iter__(self) -> Iterator[tuple[str, pa.Table]]:
        """Iterate over the values in order, each with its rows in the order of the table."""
        return ((key, self._rows(key)) for key in self._spans)

    def get(self, key: str) -> pa.Table | None:
        """Return the rows of a value; None where there are none."""
        return self._rows(key) if key in self._spans else None

    def _rows(self, key: str) -> pa.Table:
        return self._table.slice(*self._spans[key])


def _columns(rows: pa.Table | None) -> dict[str, list[Any] | dict[str, list[Any]]]:
    """Return a table column by column; no table is one without columns, and the pages take it for no rows."""
    if rows is None:
        return {}
    return {name: _column(column) for name, column in zip(rows.column_names, rows.columns, strict=True)}


def _column(values: pa.ChunkedArray) -> list[Any] | dict[str, list[Any]]:
    """Return the values; where few words make up a long column each is listed once, in order of appearance."""
    if len(values) >= _LONG:
        encoded = values.combine_chunks().dictionary_encode("encode")
        if len(encoded.dictionary) * 2 <= len(values):
            return {"words": _all_spoken(encoded.dictionary), "at": encoded.indices.to_pylist()}
    return _all_spoken(values)


def _all_spoken(values: pa.ChunkedArray | pa.Array) -> list[Any]:
    """Return the values as JSON holds them; only numbers that may be whole are looked at one by one."""
    if pa.types.is_date(values.type):
        return list(values.cast(pa.string()).to_pylist())
    if pa.types.is_floating(values.type):
        return [_spoken(value) for value in values.to_pylist()]
    return list(values.to_pylist())


_LONG = 50


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _spoken(value) for name, value in row.items()}


def _spoken(value: Any) -> Any:
    """Return the value as JSON holds it: days in ISO 8601, whole numbers without a point, as in the canonical CSV."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < _WHOLE:
        return int(value)
    return value


_WHOLE = 2**53
"""As in ``canonical``: below it every whole double is an exact integer."""


def _brief(cells: Iterable[str | None]) -> list[str | None]:
    """Return the cells of a change without the end of long ones: a whole text may have come or gone."""
    return [cell if cell is None or len(cell) <= _CELL else f"{cell[:_CELL]}…" for cell in cells]


_CELL = 160


def _counted(column: pa.ChunkedArray) -> dict[Any, int]:
    return {row["values"]: row["counts"] for row in pc.value_counts(column.drop_null()).to_pylist()}
