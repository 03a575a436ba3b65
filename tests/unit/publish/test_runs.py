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
from assets.publish.runs import only_differing, runs
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


CELLS = st.none() | st.sampled_from(("", "x", "一"))
SIDES = st.dictionaries(st.integers(0, 9), st.tuples(CELLS, st.none() | st.sampled_from((0.0, 1.5))), max_size=8)


@given(old=SIDES, new=SIDES)
def test_what_differs_is_what_the_other_side_has_not_just_so(
    old: dict[int, tuple[str | None, float | None]], new: dict[int, tuple[str | None, float | None]]
) -> None:
    found = only_differing(_sorted_rows(old), _sorted_rows(new), ("key",))
    for rows, own, other in zip(found, (old, new), (new, old), strict=True):
        told = {row["key"]: (row["text"], row["number"]) for row in rows.to_pylist()}
        assert told == {key: cells for key, cells in own.items() if key not in other or other[key] != cells}


def _sorted_rows(side: dict[int, tuple[str | None, float | None]]) -> pa.Table:
    rows = [{"key": key, "text": text, "number": number} for key, (text, number) in sorted(side.items())]
    schema = pa.schema([("key", pa.int64()), ("text", pa.string()), ("number", pa.float64())])
    return pa.Table.from_pylist(rows, schema=schema)
