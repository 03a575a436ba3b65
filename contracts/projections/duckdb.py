"""SQL text for DuckDB: column types and comments of the tables. Text only; nothing here runs it."""

from __future__ import annotations

from contracts.schema import Field, Table, Type

_SQL = {
    Type.TEXT: "VARCHAR",
    Type.INTEGER: "BIGINT",
    Type.NUMBER: "DOUBLE",
    Type.DATE: "DATE",
    Type.TIMESTAMP: "TIMESTAMP WITH TIME ZONE",
}


def sql_type(field: Field) -> str:
    """Return the DuckDB type of the column."""
    return _SQL[field.type]


def comments(table: Table) -> list[str]:
    """Return the statements that put the names and meanings, zh and en, on a view of the table's name."""
    view = f"COMMENT ON VIEW {table.name} IS {_quoted(f'{table.zh}: {table.row_zh} | {table.en}: {table.row_en}')}"
    return [view, *(_column_comment(table, field) for field in table.fields)]


def comment_of(field: Field) -> str:
    """Return what is said of a column: its names and meanings in both languages."""
    return f"{field.zh}: {field.said_zh} | {field.en}: {field.said_en}"


def _column_comment(table: Table, field: Field) -> str:
    return f'COMMENT ON COLUMN {table.name}."{field.name}" IS {_quoted(comment_of(field))}'


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
