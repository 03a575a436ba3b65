"""``datapackage.json`` (Data Package v2): the release as other programs see it, and the way back to our tables.

Here belong the package around the table schemas of ``contracts.projections.frictionless``, and reading one. Because a
release describes itself, a release of an older schema can be verified by its own words. Not here: checking rows.

``fieldsMatch`` is left out: the profile and the tool that reads it contradict each other.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from contracts import release
from contracts.codelists import Code, Codelist
from contracts.errors import ReleaseError
from contracts.projections.frictionless import table_schema
from contracts.release import Manifest
from contracts.schema import Deprecation, Field, Table, Type

_PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"

_NAME = re.compile(r"[a-z][a-z0-9_]*")

_TYPES = {
    "string": Type.TEXT,
    "integer": Type.INTEGER,
    "number": Type.NUMBER,
    "date": Type.DATE,
    "datetime": Type.TIMESTAMP,
}


def datapackage(manifest: Manifest, tables: Mapping[str, Table]) -> dict[str, Any]:
    """Return the descriptor of a release: one resource a CSV, with its schema, size and hash."""
    present, licence = frozenset(tables), manifest.licence
    return {
        "$schema": _PROFILE,
        "name": manifest.name,
        "version": manifest.version,
        "title": release.TITLE_EN,
        "title_zh": release.TITLE_ZH,
        "description": release.DESCRIPTION_EN,
        "description_zh": release.DESCRIPTION_ZH,
        "keywords": list(release.KEYWORDS),
        "licenses": [{"name": licence.spdx, "title": licence.title, "path": licence.url}],
        "contributors": [{"title": release.AUTHOR, "roles": ["author"]}],
        "resources": [_resource(manifest, table, present) for table in tables.values()],
    }


def described_tables(text: str, *, culprit: str) -> dict[str, Table]:
    """Return the tables that the text of a ``datapackage.json`` describes, by name.

    Raises ReleaseError where it is of another shape.
    """
    try:
        tables = [_described(resource) for resource in json.loads(text)["resources"]]
        return {table.name: table for table in tables}
    except (ValueError, TypeError, KeyError) as error:
        raise ReleaseError(
            f"this is no data package of a release ({type(error).__name__}: {error})",
            culprit=culprit,
            remedy="Fetch the release again",
        ) from error


def _resource(manifest: Manifest, table: Table, present: frozenset[str]) -> dict[str, Any]:
    record = manifest.table(table.name).csv
    return {
        "name": table.name,
        "type": "table",
        "path": record.path,
        "title": table.en,
        "title_zh": table.zh,
        "description": f"One row is {table.row_en}.",
        "description_zh": f"每行是{table.row_zh}。",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": record.bytes,
        "hash": f"sha256:{record.sha256}",
        "dialect": {"delimiter": ",", "quoteChar": '"', "doubleQuote": True, "lineTerminator": "\n", "header": True},
        "schema": table_schema(table, present),
    }


def _described(resource: Mapping[str, Any]) -> Table:
    schema = resource["schema"]
    parents = {
        key["fields"][0]: (key["reference"]["resource"] or resource["name"], key["reference"]["fields"][0])
        for key in schema.get("foreignKeys", [])
    }
    names = [resource["name"], *(field["name"] for field in schema["fields"])]
    # Names become part of queries, so a folder from elsewhere may not bring just any.
    stray = [name for name in (*names, *schema["primaryKey"]) if not _NAME.fullmatch(name) or name not in names]
    if stray:
        raise ValueError(f"{stray[0]!r} cannot be the name of a column or table here")
    return Table(
        name=resource["name"],
        zh=resource["title_zh"],
        en=resource["title"],
        row_zh=resource["description_zh"],
        row_en=resource["description"],
        key=tuple(schema["primaryKey"]),
        fields=tuple(_described_field(field, parents.get(field["name"])) for field in schema["fields"]),
    )


def _described_field(field: Mapping[str, Any], references: tuple[str, str] | None) -> Field:
    limits = field.get("constraints", {})
    codes = limits.get("enum")
    notice = field.get("deprecated")
    return Field(
        name=field["name"],
        type=_TYPES[field["type"]],
        zh=field["title_zh"],
        en=field["title"],
        meaning_zh=field["description_zh"],
        meaning_en=field["description"],
        nullable=not limits.get("required", False),
        codelist=Codelist(
            field["name"], field["title_zh"], field["title"], tuple(Code(code, code, code) for code in codes)
        )
        if codes
        else None,
        minimum=limits.get("minimum"),
        maximum=limits.get("maximum"),
        pattern=limits.get("pattern"),
        references=references,
        unit=field.get("unit"),
        deprecated=Deprecation(date.fromisoformat(notice["since"]), notice["use"]) if notice else None,
    )
