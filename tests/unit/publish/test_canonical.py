"""The canonical CSV is the form that is written down, whatever DuckDB would rather write."""

from __future__ import annotations

import math
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.publish import canonical
from assets.publish.canonical import canonical_rows, read_spelled, spelled_rows, write_csv
from contracts.errors import ReleaseError
from contracts.projections.arrow import table_from_rows
from contracts.schema import Field, Table, Type


def _field(name: str, type_: Type) -> Field:
    return Field(name=name, type=type_, zh=name, en=name, meaning_zh="", meaning_en="", nullable=True)


TABLE = Table(
    name="t",
    zh="",
    en="",
    row_zh="",
    row_en="",
    key=("id",),
    fields=(
        _field("id", Type.INTEGER),
        _field("text", Type.TEXT),
        _field("number", Type.NUMBER),
        _field("day", Type.DATE),
        _field("moment", Type.TIMESTAMP),
    ),
)

TEXTS = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00")) | st.sampled_from(
    ["", '"', "a,b", "a\nb", "a\r\nb", "\r", "#a", "a#", " a ", "NULL", "=1+1", "\ufeff", "\u2028", "\\", "'", "全县"]
)
NUMBERS = st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(10**6), 10**6).map(float)
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "id": st.integers(-(2**63), 2**63 - 1),
            "text": st.none() | TEXTS,
            "number": st.none() | NUMBERS,
            "day": st.none() | st.dates(),
        }
    ),
    unique_by=lambda row: row["id"],
    max_size=8,
)


def _reference(rows: list[dict[str, object]]) -> bytes:
    """Spell the rows out as the module's docstring says."""

    def spell(value: object) -> str:
        if value is None or value == "":
            return ""
        if isinstance(value, float):
            return str(int(value)) if value.is_integer() and abs(value) < 2**53 else repr(value)
        text = str(value)
        return '"' + text.replace('"', '""') + '"' if any(mark in text for mark in ',"\n\r#') else text

    lines = [",".join(TABLE.columns)]
    lines += [
        ",".join(spell(row.get(name)) for name in TABLE.columns) for row in sorted(rows, key=lambda row: row["id"])
    ]
    return ("\n".join(lines) + "\n").encode()


@given(rows=ROWS)
def test_csv_is_the_canonical_form(rows: list[dict[str, object]], tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("csv") / "t.csv"
    canonical = canonical_rows(table_from_rows(TABLE, rows), TABLE)
    write_csv(canonical, TABLE, path)
    assert path.read_bytes() == _reference(rows)
    if rows:
        assert read_spelled(path).to_pylist() == spelled_rows(canonical, TABLE).to_pylist()


def test_times_are_utc_and_whole_numbers_have_no_point(tmp_path: Path) -> None:
    moment = pa.array([1_700_000_000_000_000], pa.timestamp("us", tz="Asia/Shanghai"))
    rows = pa.table(
        {"id": [1], "text": ["甲"], "number": [-0.0], "day": pa.array([None], pa.date32()), "moment": moment}
    )
    write_csv(canonical_rows(rows, TABLE), TABLE, tmp_path / "t.csv")
    assert (tmp_path / "t.csv").read_text() == "id,text,number,day,moment\n1,甲,0,,2023-11-14T22:13:20Z\n"


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([{"id": 1}, {"id": 1}], "share the key id = 1"),
        ([{"id": 1, "number": math.inf}], "number is no finite number at id = 1"),
        ([{"id": 1, "number": math.nan}], "number is no finite number at id = 1"),
    ],
)
def test_rows_without_a_canonical_form_are_refused(rows: list[dict[str, object]], words: str) -> None:
    with pytest.raises(ReleaseError, match=words):
        canonical_rows(table_from_rows(TABLE, rows), TABLE)


def test_a_missing_column_is_named() -> None:
    with pytest.raises(ReleaseError, match="column text is missing"):
        canonical_rows(pa.table({"id": [1]}), TABLE)


_MANY = """
import os, sys
os.sched_setaffinity(0, set(list(os.sched_getaffinity(0))[: int(sys.argv[1])]))
import hashlib, pathlib, pyarrow as pa, tempfile
from assets.publish.canonical import canonical_pieces, canonical_rows, write_csv, write_parquet
from contracts.schema import Field, Table, Type
def field(name, type_):
    return Field(name=name, type=type_, zh="", en="", meaning_zh="", meaning_en="", nullable=True)
table = Table(name="t", zh="", en="", row_zh="", row_en="", key=("id",),
    fields=(field("id", Type.TEXT), field("n", Type.NUMBER)))
n = 260_000
rows = pa.table({"id": [f"O{(i * 7919) % n:08d}" for i in range(n)], "n": [i / 8 for i in range(n)]})
with tempfile.TemporaryDirectory() as scratch:
    csv, parquet, whole = (pathlib.Path(scratch, name) for name in ("t.csv", "t.parquet", "whole.csv"))
    write_parquet(canonical_pieces(rows, table), table, parquet)
    write_csv(parquet, table, csv)
    write_csv(canonical_rows(rows, table), table, whole)
    assert csv.read_bytes() == whole.read_bytes()
    print(hashlib.sha256(csv.read_bytes()).hexdigest(), hashlib.sha256(parquet.read_bytes()).hexdigest())
"""


@pytest.mark.parametrize("place", [1, 2, 3])
def test_a_key_that_comes_twice_is_refused_wherever_the_pieces_part(
    place: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(canonical, "PIECE", 3)
    rows = table_from_rows(TABLE, [{"id": n if n != place else n - 1} for n in range(8)])
    with pytest.raises(ReleaseError, match="share the key"):
        list(canonical.canonical_pieces(rows, TABLE))


def test_neither_pieces_nor_the_number_of_threads_show() -> None:
    hashes = {
        subprocess.run([sys.executable, "-c", _MANY, threads], capture_output=True, text=True, check=True).stdout
        for threads in ("1", "2")
    }
    assert len(hashes) == 1
