"""The files of the site: the pages as they are in ``bundle/``, and the data as scripts that the pages load.

Here belong writing and proving them. Not here: what the data says (``data``), how it is spelled (``script``).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from assets.publish.canonical import read_spelled, typed_rows
from assets.publish.derive import Tables, stored_tables
from assets.publish.predecessor import Predecessor
from assets.publish.shares import Share, read_kept, shares_of
from assets.publish.site.data import (
    BRIEF,
    COUNTRY,
    FORMAT,
    PREFECTURE,
    SHARD,
    Part,
    first_parts,
    index,
    of_documents,
    of_indicators,
    of_places,
)
from assets.publish.site.feed import MEDIA_TYPE
from assets.publish.site.script import opening, script
from assets.publish.site.touched import touched
from assets.publish.spread import Spread, here
from assets.publish.staging import read_manifest
from assets.publish.sums import file_paths, file_record
from contracts import release
from contracts.changes import CHANGES_FILE, SUMMARY_FILE
from contracts.release import IDENTITIES, QUALITY, SITE, Manifest, parquet_path
from contracts.tables import IDENTITY_RESULTS, SCHEMA_VERSION

BUNDLE = Path(__file__).parent / "bundle"
SCRIPTS = (
    "words",
    "base",
    "values",
    "table",
    "chart",
    "overview",
    "explore",
    "evidence",
    "county",
    "indicator",
    "quality",
    "changes",
    "use",
    "main",
)
"""The scripts of the bundle in the order in which they are joined into one."""

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'"
)
"""The content security policy of every page: nothing from elsewhere, nothing inline."""

_DATA = f"{SITE}/data"


def write_site(folder: Path, spread: Spread = here, before: Predecessor | None = None) -> None:
    """Write ``site/`` into a release folder that has its tables, its quality report and its diff already.

    The parts that say nothing of what the diff names are those of the release ``before``, if one is given.
    """
    manifest = read_manifest(folder)
    (folder / _DATA).mkdir(parents=True)
    for path, text in (
        (f"{SITE}/index.html", page(manifest)),
        (f"{SITE}/app.js", app()),
        (f"{SITE}/style.css", (BUNDLE / "style.css").read_text(encoding="utf-8")),
    ):
        _write(folder, path, text)
    shares = _shares(folder)
    if before:
        shares = _touched_shares(shares, before)
    for _ in spread(_write_data, shares):
        pass


def altered_data(folder: Path, spread: Spread = here) -> Iterator[tuple[str, str]]:
    """Yield each file of the site's data that is not what the release's own tables say, with what is wrong with it.

    A release without a site, or with one of another format or of another schema, has none: its sums alone speak for it.
    """
    first, manifest = folder / _DATA / "index.js", read_manifest(folder)
    if manifest.schema_version != SCHEMA_VERSION or not first.is_file():
        return
    if not first.read_text(encoding="utf-8").startswith(opening("index", format=FORMAT)):
        return
    left = {path for path in file_paths(folder) if path.startswith(f"{_DATA}/")}
    for asked, altered in spread(_compare_data, _shares(folder)):
        left -= asked
        yield from altered
    for path in sorted(left):
        yield path, "no table of the release asks for it"


def app() -> str:
    """Return the scripts of the bundle as one: nothing of them is visible outside but ``fazhi.data``."""
    body = "".join((BUNDLE / f"{name}.js").read_text(encoding="utf-8") for name in SCRIPTS)
    return f'(() => {{\n"use strict";\n{body}}})();\n'


def page(manifest: Manifest) -> str:
    """Return the one page; what it says without scripts is enough to find the data."""
    counts = manifest.counts
    tables = "".join(
        f'<li><a href="../{record.csv.path}">{record.name}.csv</a> ({record.rows})</li>' for record in manifest.tables
    )
    return f"""<!doctype html>
<html lang="zh">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>{escape(release.TITLE_ZH)} {manifest.version}</title>
<link rel="icon" href="data:,">
<link rel="alternate" type="{MEDIA_TYPE}" href="../../{release.FEED}" title="{escape(release.TITLE_ZH)}">
<link rel="stylesheet" href="style.css">
</head>
<body>
<noscript>
<h1>{escape(release.TITLE_ZH)} {manifest.version}</h1>
<p>{escape(release.TITLE_EN)}, as of {manifest.as_of}: {counts["observations"]} facts, {counts["documents"]} documents.
The pages need scripts; the tables do not:</p>
<ul>{tables}</ul>
<p><a href="../README.zh.md">README.zh.md</a> · <a href="../README.md">README.md</a></p>
</noscript>
<script src="app.js"></script>
</body>
</html>
"""


class _Share(NamedTuple):
    """A share of the data: some parts of one kind, those of every so manieth value or those of a share of documents."""

    folder: Path
    kind: str
    number: int = 0
    of: int = 1
    documents: Share = Share(None, None)
    only: tuple[str, ...] | None = None
    """Of the values those alone that begin so."""


def _shares(folder: Path) -> list[_Share]:
    documents = shares_of(read_manifest(folder).table("observations").rows)
    return [
        _Share(folder, "first"),
        *(_Share(folder, kind, n, len(documents)) for kind in ("indicators", "places") for n in range(len(documents))),
        *(_Share(folder, "documents", documents=share) for share in documents),
    ]


def _touched_shares(shares: list[_Share], before: Predecessor) -> list[_Share]:
    """Take over what the release ``before`` says of all that did not change since; return the shares of the rest."""
    folder, left = shares[0].folder, [share for share in shares if share.kind == "first"]
    asked = touched(before, folder)._asdict()
    for kind, parts in _PARTS.items():
        values = {path: start + Path(path).stem for part, start in parts for path in before.sums if _is_of(path, part)}
        for path, value in values.items():
            if value not in asked[kind]:
                before.take_over(path, folder)
        known = sorted(asked[kind])
        size = -(-len({*values.values(), *known}) // sum(share.kind == kind for share in shares)) or 1
        left += (_Share(folder, kind, only=tuple(known[at : at + size])) for at in range(0, len(known), size))
    return left


_PARTS = {
    "indicators": (("indicator", ""), ("statements", "")),
    "places": (("places", COUNTRY),),
    "documents": (("documents", "D"),),
}
"""The folders of the parts of each kind, and what of the value that each part is of stands before its name."""


def _is_of(path: str, part: str) -> bool:
    return path.startswith(f"{_DATA}/{part}/")


def _write_data(share: _Share) -> None:
    for path, text in _files(share):
        (share.folder / path).parent.mkdir(parents=True, exist_ok=True)
        _write(share.folder, path, text)


def _compare_data(share: _Share) -> tuple[set[str], list[tuple[str, str]]]:
    """Return the files that the share asks for, and those that are not what it says."""
    asked, altered = set(), []
    for path, text in _files(share):
        asked.add(path)
        file = share.folder / path
        if not file.is_file():
            altered.append((path, "it is missing"))
        elif file.read_bytes() != text.encode():
            altered.append((path, "it does not say what the tables of the release say"))
    return asked, altered


def _files(share: _Share) -> Iterator[tuple[str, str]]:
    for name, value in _parts(share):
        yield f"{_DATA}/{name}.js", script(name, value)


def _parts(share: _Share) -> Iterator[Part]:
    match share.kind:
        case "indicators":
            return of_indicators(_of_every(share, "indicator_id"))
        case "places":
            identities = typed_rows(read_spelled(share.folder / IDENTITIES), IDENTITY_RESULTS)
            return of_places(_of_every(share, "division_id", PREFECTURE), identities)
        case "documents":
            return of_documents(_of_documents(share))
        case _:
            return _first(share.folder)


def _first(folder: Path) -> Iterator[Part]:
    manifest = read_manifest(folder)
    tables = stored_tables(folder, [record.name for record in manifest.tables])
    # The manifest was hashed before anything that is not a table came; what a page offers is hashed here.
    offered = [
        *(file for record in manifest.tables for file in (record.csv, record.parquet)),
        *(file_record(folder, path) for path in file_paths(folder) if path.startswith("excel/")),
    ]
    citation = (folder / "CITATION.cff").read_text(encoding="utf-8")
    quality = json.loads((folder / QUALITY).read_text(encoding="utf-8"))
    yield index(manifest, tables, offered, citation, quality)
    yield from first_parts(manifest, tables, quality, _history(folder))


def _of_every(share: _Share, column: str, characters: int | None = None) -> Tables:
    """Return the rows of the share: those of each so manieth value of a column, or of its first ``characters``."""

    def begins(rows: pa.Table) -> pa.ChunkedArray:
        return rows[column] if characters is None else pc.utf8_slice_codeunits(rows[column], 0, characters)

    source, others = ("observations", "county_year") if characters is None else ("documents", "observations")
    ids = pq.ParquetFile(share.folder / parquet_path(source)).read(columns=[column])
    every = sorted(pc.unique(begins(ids)).to_pylist()) if share.only is None else share.only
    values = pa.array(every[share.number :: share.of], pa.string())
    columns = None if characters is None else ["division_id", *BRIEF]
    return {
        name: read_kept(
            share.folder / parquet_path(name),
            lambda rows: pc.is_in(begins(rows), value_set=values),
            columns if name == "observations" else None,
        ).rows
        for name in (source, others)
    }


def _of_documents(share: _Share) -> Tables:
    def kept(name: str, column: str, letter: str) -> pa.Table:
        path = share.folder / parquet_path(name)
        if share.only is None:
            return read_kept(path, lambda rows: share.documents.holds(rows[column], letter)).rows
        asked = pa.array([start.removeprefix("D") for start in share.only])
        stop = SHARD - 1 + len(letter)
        return read_kept(
            path, lambda rows: pc.is_in(pc.utf8_slice_codeunits(rows[column], len(letter), stop), value_set=asked)
        ).rows

    return {
        "documents": kept("documents", "document_id", "D"),
        "observations": kept("observations", "document_id", "D"),
        "texts": kept("texts", "text_sha256", ""),
        "source_documents": pq.ParquetFile(share.folder / parquet_path("source_documents")).read(),
    }


def _history(folder: Path) -> dict[str, Any]:
    changes: pa.Table = read_spelled(folder / CHANGES_FILE)
    summary = json.loads((folder / SUMMARY_FILE).read_text(encoding="utf-8"))
    return {**summary, "columns": changes.column_names, "rows": [list(row.values()) for row in changes.to_pylist()]}


def _write(folder: Path, path: str, text: str) -> None:
    (folder / path).write_text(text, encoding="utf-8", newline="\n")
