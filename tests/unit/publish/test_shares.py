"""However the work on a release is cut and wherever it is done, the same is written and found."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.publish import build, canonical, derive, judging, shares
from assets.publish.build import build_release
from assets.publish.derive import LazyTables
from assets.publish.spread import here
from assets.publish.verify import verify_release
from contracts.release import release_tables
from pipelines.compute import LocalProcesses

from .conftest import put, rewrite
from .world import World, sample_inputs


def test_the_number_of_processes_does_not_show(tmp_path: Path) -> None:
    sums = {
        (build_release(World().inputs(), tmp_path / name, spread).path / "SHA256SUMS").read_text()
        for name, spread in (("here", here), ("two", LocalProcesses(2).map))
    }
    assert len(sums) == 1


def test_neither_do_pieces_passes_and_shares(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    whole = build_release(World().inputs(), tmp_path / "whole").path
    monkeypatch.setattr(canonical, "PIECE", 1)
    monkeypatch.setattr(canonical, "_SMALLER", {})
    monkeypatch.setattr(build, "_PIECES_A_PASS", 1)
    monkeypatch.setattr(shares, "ROWS", 1)
    monkeypatch.setattr(judging, "_LARGE", 0)
    inputs = World().inputs()
    parted = LazyTables(inputs.tables, partial(_part, inputs.tables), lambda _: ["0", "1"])
    cut = build_release(replace(inputs, tables=parted), tmp_path / "cut").path
    assert verify_release(cut).findings == ()
    for file in (
        path.relative_to(whole) for folder in ("data", "excel", "quality") for path in whole.rglob(f"{folder}/*")
    ):
        if (whole / file).suffix == ".csv":
            assert (whole / file).read_bytes() == (cut / file).read_bytes()


def _part(tables: derive.Tables, name: str, columns: list[str] | None, part: str | None) -> pa.Table:
    rows = tables[name] if part is None else tables[name].take(list(range(int(part), tables[name].num_rows, 2)))
    return rows if columns is None else rows.select(columns)


def test_what_is_wrong_is_found_in_whichever_share_it_lies(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(shares, "ROWS", 1)
    monkeypatch.setattr(judging, "_LARGE", 0)
    folder = build_release(sample_inputs(), tmp_path).path
    rewrite(folder, "county_year", put("value", 52.0))
    rewrite(folder, "observations", put("evidence", "并无此句", 1))
    findings = verify_release(folder).findings
    assert {(f.check, f.file, f.row) for f in findings} >= {
        ("observations.evidence_is_the_text", "data/observations.csv", 2),
        ("county_year.is_its_observation", "data/county_year.csv", 1),
    }


@given(st.lists(st.none() | st.text("DOx0123456789abcdef", max_size=4)), st.integers(0, 10**8))
def test_each_id_belongs_to_just_one_share(names: list[str | None], rows: int) -> None:
    ids = pa.chunked_array([pa.array(names, pa.string())])
    held = [share.holds(ids, "D").to_pylist() for share in shares.shares_of(rows)]
    assert [sum(mask) for mask in zip(*held, strict=True)] == [1] * len(names)


def test_the_wide_table_is_the_same_in_one_run_and_in_many(monkeypatch: pytest.MonkeyPatch) -> None:
    inputs = sample_inputs()
    table = release_tables(inputs.tables["indicators"].to_pylist())["county_year_wide"]
    whole = derive.derived(table, inputs.tables)
    monkeypatch.setitem(canonical._SMALLER, table.name, 1)
    pieces = list(derive.derived_pieces(table, inputs.tables))
    assert pa.concat_tables(pieces).equals(whole)
