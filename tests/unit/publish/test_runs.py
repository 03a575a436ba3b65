"""Rows of two releases side by side: none lost, none twice, each key in one run."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.publish import runs as walk
from assets.publish.runs import runs
from contracts.tables import NUMERALS

ROWS = st.sets(st.tuples(st.sampled_from(("a", "b", "一")), st.integers(0, 9)), max_size=12).map(sorted)


@pytest.fixture(scope="module", autouse=True)
def _small_pieces() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(walk, "piece_rows", lambda _: 3)
        yield


@given(old=ROWS, new=ROWS)
def test_runs_hold_all_rows_of_both_and_split_no_key(
    old: list[tuple[str, int]], new: list[tuple[str, int]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    names = NUMERALS.key
    folder = tmp_path_factory.mktemp("runs")
    paths = []
    for name, rows in (("old", old), ("new", new)):
        paths.append(folder / f"{name}.parquet")
        columns = (pa.array([row[0] for row in rows], pa.string()), pa.array([row[1] for row in rows], pa.int64()))
        pq.write_table(pa.table(columns, names=list(names)), paths[-1])
    found = [[[tuple(row.values()) for row in side.to_pylist()] for side in run] for run in runs(*paths, NUMERALS)]
    assert [list(chain.from_iterable(run[side] for run in found)) for side in (0, 1)] == [old, new]
    met = [{*run[0], *run[1]} for run in found]
    assert sum(map(len, met)) == len({*old, *new})
