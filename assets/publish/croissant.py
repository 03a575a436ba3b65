"""``croissant.json``: the release as schema.org ``Dataset`` and MLCommons Croissant 1.1, for search engines and loaders.

Here belongs the projection of manifest and tables into that vocabulary. Not here: any statement of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from contracts import release
from contracts.release import Manifest
from contracts.schema import Field, Table, Type

_CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "sc": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "dct": "http://purl.org/dc/terms/",
    "arrayShape": "cr:arrayShape",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "containedIn": "cr:containedIn",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isArray": "cr:isArray",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
"""The context that the specification prescribes."""

_TYPES = {
    Type.TEXT: "sc:Text",
    Type.INTEGER: "sc:Integer",
    Type.NUMBER: "sc:Float",
    Type.DATE: "sc:Date",
    Type.TIMESTAMP: "sc:DateTime",
}


def croissant(manifest: Manifest, tables: Mapping[str, Table]) -> dict[str, Any]:
    """Return the description: one file object a CSV and one record set a table."""
    return {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.1",
        "name": manifest.name,
        "alternateName": release.TITLE_ZH,
        "description": release.DESCRIPTION_EN,
        "license": manifest.licence.url,
        "version": manifest.version,
        "datePublished": manifest.as_of,
        "keywords": list(release.KEYWORDS),
        "creator": {"@type": "sc:Organization", "name": release.AUTHOR},
        "citeAs": f"{release.AUTHOR}: {release.TITLE_EN}. Version {manifest.version}, {manifest.as_of}.",
        "isLiveDataset": False,
        "distribution": [_file(manifest, name) for name in tables],
        "recordSet": [_record_set(table) for table in tables.values()],
    }


def _file(manifest: Manifest, name: str) -> dict[str, Any]:
    record = manifest.table(name).csv
    return {
        "@type": "cr:FileObject",
        "@id": f"{name}.csv",
        "name": f"{name}.csv",
        "contentUrl": record.path,
        "contentSize": f"{record.bytes} B",
        "encodingFormat": "text/csv",
        "sha256": record.sha256,
    }


def _record_set(table: Table) -> dict[str, Any]:
    return {
        "@type": "cr:RecordSet",
        "@id": table.name,
        "name": table.name,
        "description": f"One row is {table.row_en}.",
        "key": [{"@id": f"{table.name}/{name}"} for name in table.key],
        "field": [_field(table, field) for field in table.fields],
    }


def _field(table: Table, field: Field) -> dict[str, Any]:
    # Without `references`: the reference loader joins along them and then yields names instead of rows. The data
    # package has them.
    return {
        "@type": "cr:Field",
        "@id": f"{table.name}/{field.name}",
        "name": field.name,
        "description": f"{field.en}: {field.said_en}",
        "dataType": _TYPES[field.type],
        "source": {"fileObject": {"@id": f"{table.name}.csv"}, "extract": {"column": field.name}},
    }
