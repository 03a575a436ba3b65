"""The copies for spreadsheets: the same rows as the canonical CSV in the form that Excel and LibreOffice expect.

UTF-8 with BOM (else Excel shows 乱码), CRLF, Chinese column names, and an apostrophe before every text that a
spreadsheet would run as a formula. Here belongs that form alone. The canonical files are never changed for it. The texts
of the reports stay out: a cell holds 32,767 characters at most.
"""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from assets.publish.canonical import spelled_rows
from contracts.schema import Table, Type

LEFT_OUT = frozenset({"texts"})

ROWS_A_FILE = 1_000_000
"""A sheet holds 1,048,576 rows; a larger table is cut into several files."""

_RUNS = r"^[=+\-@＝＋－＠\t\r\n]"
"""How a text begins that some spreadsheet runs: their own signs, the full-width ones, and blanks that they skip."""

_BATCH = 65_536


def excel_paths(table: Table, rows: int) -> list[str]:
    """Return the paths in a release of the copies of a table with so many rows; none for one that is left out."""
    if table.name in LEFT_OUT:
        return []
    parts = max(1, -(-rows // ROWS_A_FILE))
    return [f"excel/{table.name}{f'-{part}' if parts > 1 else ''}.csv" for part in range(1, parts + 1)]


def write_excel(rows: pa.Table, table: Table, folder: Path) -> None:
    """Write the copies of canonical ``rows`` of ``table`` below ``folder``."""
    for number, path in enumerate(excel_paths(table, rows.num_rows)):
        part = rows.slice(number * ROWS_A_FILE, ROWS_A_FILE)
        with (folder / path).open("wb") as stream:
            header = pa.array([",".join(_escaped(pa.array([field.zh for field in table.fields])).to_pylist())])
            stream.write(b"\xef\xbb\xbf" + _joined([header]))
            # Piece by piece: a large table spelled out as texts is several times its size.
            for start in range(0, part.num_rows, _BATCH):
                piece = spelled_rows(part.slice(start, _BATCH), table).combine_chunks()
                columns = [piece[field.name].chunk(0) for field in table.fields]
                stream.write(_joined([_cells(c, f.type) for c, f in zip(columns, table.fields, strict=True)]))


def guarded(texts: pa.Array) -> pa.Array:
    """Return the texts with an apostrophe before each that a spreadsheet would run."""
    return pc.if_else(pc.match_substring_regex(texts, _RUNS), pc.binary_join_element_wise("'", texts, ""), texts)


def _cells(column: pa.Array, type_: Type) -> pa.Array:
    return _escaped(guarded(column)) if type_ is Type.TEXT else column


def _escaped(texts: pa.Array) -> pa.Array:
    marked = pc.match_substring_regex(texts, '[,"\r\n]')
    quoted = pc.binary_join_element_wise('"', pc.replace_substring(texts, '"', '""'), '"', "")
    return pc.if_else(marked, quoted, texts)


def _joined(cells: list[pa.Array]) -> bytes:
    lines = pc.binary_join_element_wise(*cells, ",", null_handling="replace", null_replacement="")
    return "".join(f"{line}\r\n" for line in lines.to_pylist()).encode("utf-8")
