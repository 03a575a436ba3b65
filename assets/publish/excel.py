"""The copies for spreadsheets: the same rows as the canonical CSV in the form that Excel and LibreOffice expect.

UTF-8 with BOM (else Excel shows 乱码), CRLF, Chinese column names, and an apostrophe before every text that a
spreadsheet would run as a formula. Here belongs that form alone. The canonical files are never changed for it. The texts
of the reports stay out: a cell holds 32,767 characters at most.
"""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from assets.publish.canonical import piece_rows, read_pieces, spelled_rows
from contracts.schema import Field, Table, Type

LEFT_OUT = frozenset({"texts"})

ROWS_A_FILE = 1_000_000
"""A sheet holds 1,048,576 rows; a larger table is cut into several files."""

_RUNS = r"^[=+\-@＝＋－＠\t\r\n]"
"""How a text begins that some spreadsheet runs: their own signs, the full-width ones, and blanks that they skip."""


def excel_paths(table: Table, rows: int) -> list[str]:
    """Return the paths in a release of the copies of a table with so many rows; none for one that is left out."""
    if table.name in LEFT_OUT:
        return []
    parts = max(1, -(-rows // ROWS_A_FILE))
    return [f"excel/{table.name}{f'-{part}' if parts > 1 else ''}.csv" for part in range(1, parts + 1)]


def write_excel(parquet: Path, table: Table, folder: Path) -> None:
    """Write the copies of a Parquet file with canonical rows of ``table`` below ``folder``."""
    paths = excel_paths(table, pq.read_metadata(parquet).num_rows)
    if not paths:
        return
    # Piece by piece, with a file for a whole number of them: a large table spelled out as texts is several times its size.
    size = min(piece_rows(table), _BATCH)
    pieces = read_pieces(parquet, size)
    for path in paths:
        with (folder / path).open("wb") as stream:
            header = pa.array([",".join(_escaped(pa.array([field.zh for field in table.fields])).to_pylist())])
            stream.write(b"\xef\xbb\xbf")
            stream.write(_joined([header]))
            for piece in islice(pieces, ROWS_A_FILE // size):
                spelled = spelled_rows(piece, table)
                stream.write(
                    _joined([_cells(spelled[field.name].combine_chunks(), field, table) for field in table.fields])
                )


_BATCH = 50_000


def guarded(texts: pa.Array) -> pa.Array:
    """Return the texts with an apostrophe before each that a spreadsheet would run."""
    return pc.if_else(pc.match_substring_regex(texts, _RUNS), pc.binary_join_element_wise("'", texts, ""), texts)


def _cells(column: pa.Array, field: Field, table: Table) -> pa.Array:
    """Return the column as it stands in the file; a text that comes again is looked at once."""
    if field.type is not Type.TEXT:
        return column
    if table.key == (field.name,):
        return _escaped(guarded(column))
    encoded = column.dictionary_encode()
    return _escaped(guarded(encoded.dictionary)).take(encoded.indices)


def _escaped(texts: pa.Array) -> pa.Array:
    marked = pc.match_substring_regex(texts, '[,"\r\n]')
    quoted = pc.binary_join_element_wise('"', pc.replace_substring(texts, '"', '""'), '"', "")
    return pc.if_else(marked, quoted, texts)


def _joined(cells: list[pa.Array]) -> memoryview:
    """Return the lines of the cells: the bytes that Arrow holds them in, one line after the other."""
    rows = pc.binary_join_element_wise(*cells, ",", null_handling="replace", null_replacement="")
    lines = pc.binary_join_element_wise(rows, "\r\n", "")
    _, offsets, content = lines.buffers()
    ends = memoryview(offsets).cast("i")
    return memoryview(content)[ends[lines.offset] : ends[lines.offset + len(lines)]] if len(lines) else memoryview(b"")
