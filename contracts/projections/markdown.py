"""The data dictionary in Markdown: every table and codelist, for readers.

Run ``python -m contracts.projections.markdown`` to write ``docs/dictionary.md``; a test holds the file to it.
"""

from __future__ import annotations

from pathlib import Path

from contracts.codelists import CODELISTS, Codelist
from contracts.rules import rules_of
from contracts.schema import Field, Table
from contracts.tables import SCHEMA_VERSION, TABLES

DICTIONARY = Path(__file__).resolve().parents[2] / "docs" / "dictionary.md"


def dictionary() -> str:
    """Return the whole dictionary as Markdown."""
    head = (
        "# Data dictionary 数据字典\n\n"
        f"Schema version {SCHEMA_VERSION}. Written by `python -m contracts.projections.markdown` from "
        "`contracts/tables.py`, `contracts/codelists.py` and `contracts/rules.py`; change it there.\n"
    )
    tables = [_table(table) for table in TABLES.values()]
    codelists = [_codelist(codelist) for codelist in CODELISTS.values()]
    return "\n".join([head, "## Tables 数据表\n", *tables, "## Codelists 代码表\n", *codelists])


def _table(table: Table) -> str:
    lines = [
        f"### `{table.name}` {table.zh}\n",
        f"{table.en}: {table.row_en}. {table.row_zh}。Key: {', '.join(f'`{name}`' for name in table.key)}. {_fate(table)}\n",
        "| column | type | null | 中文 | meaning |",
        "|---|---|---|---|---|",
        *(_field(field) for field in table.fields),
        "\nRules beyond single columns:\n",
        *(f"- `{rule.id}`: {rule.en}. {rule.zh}。" for rule in rules_of(table) if rule.column is None),
    ]
    return "\n".join(lines) + "\n"


def _fate(table: Table) -> str:
    if table.quarantine is None:
        return "One bad row fails the table, and the last good one stays."
    return (
        "Bad rows go to `rejected`; the table fails past "
        f"{table.quarantine.share:.0%} of its rows (but {table.quarantine.spare} are always borne)."
    )


def _field(field: Field) -> str:
    meaning = [field.said_en]
    if field.references:
        meaning.append(f"points to `{'.'.join(field.references)}`")
    null = "yes" if field.nullable else ""
    return (
        f"| `{field.name}` | {field.type} | {null} | {field.zh}：{field.said_zh} | {field.en}: {'; '.join(meaning)} |"
    )


def _codelist(codelist: Codelist) -> str:
    lines = [
        f"### `{codelist.name}` {codelist.zh}\n",
        f"{codelist.en}.\n",
        "| code | 中文 | English | meaning |",
        "|---|---|---|---|",
        *(f"| `{entry.code}` | {entry.zh} | {entry.en} | {entry.meaning} |" for entry in codelist.entries),
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    DICTIONARY.write_text(dictionary(), encoding="utf-8")
