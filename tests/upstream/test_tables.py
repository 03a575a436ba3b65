"""What we rely on in pandas, pandera, pyarrow and duckdb, and would not notice losing otherwise."""

from __future__ import annotations

import os
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pandera.pandas as pandera
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest


def test_pandas_reads_arrow_text_as_str_with_nan_and_gives_it_back() -> None:
    frame = pa.table({"a": pa.array(["x", None])}).to_pandas()
    assert frame["a"].dtype == pd.StringDtype(na_value=np.nan)
    assert pa.array(frame["a"], from_pandas=True).to_pylist() == ["x", None]


def test_pandas_makes_nan_null_in_arrow() -> None:
    frame = pd.DataFrame({"a": [1.0, np.nan]})
    assert pa.Table.from_pandas(frame, preserve_index=False)["a"].to_pylist() == [1.0, None]


def test_pandera_names_check_and_row_and_collects_all_when_lazy() -> None:
    checks = [
        pandera.Check(lambda frame: frame["a"] > 0, name="first", error="first", ignore_na=False),
        pandera.Check(lambda _frame: False, name="second", error="second", ignore_na=False),
    ]
    schema = pandera.DataFrameSchema({"a": pandera.Column("Int64", nullable=False)}, checks=checks)
    frame = pd.DataFrame({"a": pd.array([1, -1, 5], dtype="Int64")})
    with pytest.raises(pandera.errors.SchemaErrors) as caught:
        schema.validate(frame, lazy=True)
    cases = caught.value.failure_cases
    found = {
        (check, None if pd.isna(row) else int(row)) for check, row in zip(cases["check"], cases["index"], strict=True)
    }
    assert found == {("first", 1), ("second", None)}


def test_pandera_calls_nulls_and_repeated_keys_by_these_names() -> None:
    schema = pandera.DataFrameSchema(
        {"a": pandera.Column(pd.StringDtype(na_value=np.nan)), "b": pandera.Column("Int64")},
        unique=["b"],
        report_duplicates="exclude_first",
    )
    frame = pd.DataFrame({"a": pd.Series(["x", None], dtype="str"), "b": pd.array([1, 1], dtype="Int64")})
    with pytest.raises(pandera.errors.SchemaErrors) as caught:
        schema.validate(frame, lazy=True)
    cases = caught.value.failure_cases
    assert set(zip(cases["check"], cases["index"], strict=True)) == {
        ("not_nullable", 1),
        ("multiple_fields_uniqueness", 1),
    }


def test_arrow_looks_up_the_first_of_equal_keys() -> None:
    keys = pa.array(["a", "b", "a"])
    assert pc.index_in(pa.array(["a", "b", "c", None]), value_set=keys, skip_nulls=True).to_pylist() == [
        0,
        1,
        None,
        None,
    ]


def test_the_same_rows_are_the_same_parquet_bytes() -> None:
    def encode(table: pa.Table) -> bytes:
        sink = pa.BufferOutputStream()
        pq.write_table(table, sink, compression="zstd", compression_level=3)
        return bytes(sink.getvalue())

    table = pa.table({"a": ["x", None, "y"] * 1000, "b": list(range(3000))})
    chunked = pa.concat_tables([table.slice(0, 10), table.slice(10)])
    assert encode(table) == encode(table.slice(0).combine_chunks())
    assert encode(chunked.sort_by("b")) == encode(table.sort_by("b"))


def test_duckdb_readers_keep_the_file_they_opened_over_a_swap(tmp_path: Path) -> None:
    for name, value in (("old", 1), ("new", 2)):
        with duckdb.connect(str(tmp_path / name)) as connection:
            connection.execute(f"CREATE TABLE t AS SELECT {value} AS a")
    with duckdb.connect(str(tmp_path / "old"), read_only=True) as reader:
        (tmp_path / "new").replace(tmp_path / "old")
        assert reader.execute("SELECT a FROM t").fetchone() == (1,)
    with duckdb.connect(str(tmp_path / "old"), read_only=True) as reader:
        assert reader.execute("SELECT a FROM t").fetchone() == (2,)


def test_duckdb_keeps_comments_on_views_and_their_columns(tmp_path: Path) -> None:
    path = str(tmp_path / "x")
    with duckdb.connect(path) as connection:
        connection.execute("CREATE VIEW v AS SELECT 1 AS a")
        connection.execute("COMMENT ON COLUMN v.a IS '数'")
    with duckdb.connect(path, read_only=True) as connection:
        found = connection.execute("SELECT comment FROM duckdb_columns() WHERE table_name = 'v'").fetchone()
    assert found == ("数",)


def test_duckdb_refuses_a_file_that_is_cut_short(tmp_path: Path) -> None:
    path = tmp_path / "x"
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE t AS SELECT 1")
    os.truncate(path, 5000)
    with pytest.raises(duckdb.Error):
        duckdb.connect(str(path), read_only=True).execute("SELECT * FROM t")
