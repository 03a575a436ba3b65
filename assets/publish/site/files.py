"""The files of the site: the pages as they are in ``bundle/``, and the data as scripts that the pages load.

Here belong writing and proving them. Not here: what the data says (``data``), how it is spelled (``script``).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

import pyarrow as pa

from assets.publish.canonical import read_spelled, typed_rows
from assets.publish.derive import stored_tables
from assets.publish.site.data import FORMAT, index, parts
from assets.publish.site.feed import MEDIA_TYPE
from assets.publish.site.script import opening, script
from assets.publish.staging import read_manifest
from assets.publish.sums import file_paths, file_record
from contracts import release
from contracts.changes import CHANGES_FILE, SUMMARY_FILE
from contracts.release import IDENTITIES, QUALITY, SITE, Manifest
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


def write_site(folder: Path) -> None:
    """Write ``site/`` into a release folder that has its tables, its quality report and its diff already."""
    for path, text in _files(folder):
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8", newline="\n")


def altered_data(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield each file of the site's data that is not what the release's own tables say, with what is wrong with it.

    A release without a site, or with one of another format or of another schema, has none: its sums alone speak for it.
    """
    first, manifest = folder / _DATA / "index.js", read_manifest(folder)
    if manifest.schema_version != SCHEMA_VERSION or not first.is_file():
        return
    if not first.read_text(encoding="utf-8").startswith(opening("index", format=FORMAT)):
        return
    left = {path for path in file_paths(folder) if path.startswith(f"{_DATA}/")}
    for path, text in _data_files(folder, manifest):
        if path not in left:
            yield path, "it is missing"
        elif (folder / path).read_bytes() != text.encode():
            yield path, "it does not say what the tables of the release say"
        left.discard(path)
    for path in sorted(left):
        yield path, "no table of the release asks for it"


def _files(folder: Path) -> Iterator[tuple[str, str]]:
    manifest = read_manifest(folder)
    yield f"{SITE}/index.html", page(manifest)
    yield f"{SITE}/app.js", app()
    yield f"{SITE}/style.css", (BUNDLE / "style.css").read_text(encoding="utf-8")
    yield from _data_files(folder, manifest)


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


def _data_files(folder: Path, manifest: Manifest) -> Iterator[tuple[str, str]]:
    tables = stored_tables(folder, [record.name for record in manifest.tables])
    # The manifest was hashed before anything that is not a table came; what a page offers is hashed here.
    offered = [
        *(file for record in manifest.tables for file in (record.csv, record.parquet)),
        *(file_record(folder, path) for path in file_paths(folder) if path.startswith("excel/")),
    ]
    citation = (folder / "CITATION.cff").read_text(encoding="utf-8")
    quality = json.loads((folder / QUALITY).read_text(encoding="utf-8"))
    identities = typed_rows(read_spelled(folder / IDENTITIES), IDENTITY_RESULTS)
    yield _part(*index(manifest, tables, offered, citation, quality))
    for part in parts(manifest, tables, identities, quality, _history(folder)):
        yield _part(*part)


def _history(folder: Path) -> dict[str, Any]:
    changes: pa.Table = read_spelled(folder / CHANGES_FILE)
    summary = json.loads((folder / SUMMARY_FILE).read_text(encoding="utf-8"))
    return {**summary, "columns": changes.column_names, "rows": [list(row.values()) for row in changes.to_pylist()]}


def _part(name: str, value: dict[str, Any]) -> tuple[str, str]:
    return f"{_DATA}/{name}.js", script(name, value)
