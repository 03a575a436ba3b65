"""Table schemas of the Frictionless Data Package (v2), as plain dictionaries."""

from __future__ import annotations

from typing import Any

from contracts.schema import Field, Table, Type

_FRICTIONLESS = {
    Type.TEXT: "string",
    Type.INTEGER: "integer",
    Type.NUMBER: "number",
    Type.DATE: "date",
    Type.TIMESTAMP: "datetime",
}


def table_schema(table: Table, present: frozenset[str] | None = None) -> dict[str, Any]:
    """Return the schema of the table: fields, missing value, key and the foreign keys it can keep.

    ``present`` names the tables published beside it; a reference to any other is left out. None means all.
    """
    schema: dict[str, Any] = {
        "fields": [_field(field) for field in table.fields],
        "missingValues": [""],
        "primaryKey": list(table.key),
    }
    keys = [
        _foreign_key(table, field.name, *field.references)
        for field in table.fields
        if field.references and (present is None or field.references[0] in present)
    ]
    if keys:
        schema["foreignKeys"] = keys
    return schema


def _field(field: Field) -> dict[str, Any]:
    described: dict[str, Any] = {
        "name": field.name,
        "type": _FRICTIONLESS[field.type],
        "title": field.en,
        "description": field.meaning_en,
        "title_zh": field.zh,
        "description_zh": field.meaning_zh,
    }
    if field.unit:
        described["unit"] = field.unit
    if field.deprecated:
        described["deprecated"] = {"since": field.deprecated.since.isoformat(), "use": field.deprecated.use}
    constraints = _constraints(field)
    if constraints:
        described["constraints"] = constraints
    return described


def _constraints(field: Field) -> dict[str, Any]:
    stated = {
        "required": True if not field.nullable else None,
        "enum": list(field.codelist.codes) if field.codelist else None,
        "minimum": _bound(field, field.minimum),
        "maximum": _bound(field, field.maximum),
        "pattern": field.pattern,
    }
    return {name: value for name, value in stated.items() if value is not None}


def _bound(field: Field, bound: float | None) -> float | int | None:
    return int(bound) if bound is not None and field.type is Type.INTEGER else bound


def _foreign_key(table: Table, column: str, parent: str, parent_column: str) -> dict[str, Any]:
    resource = "" if parent == table.name else parent
    return {"fields": [column], "reference": {"resource": resource, "fields": [parent_column]}}
