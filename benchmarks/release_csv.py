"""The canonical CSV against DuckDB's own COPY of the same rows, taken in turns in one run; the budget is 0.5x.

python -m benchmarks.release_csv 1200000
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import pyarrow as pa

from assets.publish.canonical import canonical_rows, write_csv
from contracts.release import release_tables

ROWS = 300_000
ROUNDS = 3


def main(arguments: list[str] | None = None) -> None:
    """Write both files in turns and print the best time of each and their ratio."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.release_csv")
    parser.add_argument("rows", nargs="?", type=int, default=ROWS, help="number of observations")
    size: int = parser.parse_args(arguments).rows
    table = release_tables([])["observations"]
    rows = canonical_rows(_observations(size), table)
    with tempfile.TemporaryDirectory(prefix="fazhi-bench-") as scratch, duckdb.connect() as connection:
        connection.register("observations", rows)
        copy, canonical = Path(scratch, "copy.csv"), Path(scratch, "canonical.csv")
        times = [
            (
                _seconds(lambda: connection.execute(f"COPY observations TO '{copy}' (FORMAT csv, HEADER)")),
                _seconds(lambda: write_csv(rows, table, canonical)),
            )
            for _ in range(ROUNDS)
        ]
        best_copy, best_canonical = (min(column) for column in zip(*times, strict=True))
        print(f"\n{size:,} observations, {canonical.stat().st_size / 1e6:.0f} MB")
        print(f"DuckDB COPY {best_copy:.2f} s, canonical CSV {best_canonical:.2f} s: {best_copy / best_canonical:.2f}x")


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _observations(size: int) -> pa.Table:
    numbers = [n * 7919 % size for n in range(size)]  # not in the order of their key
    evidence = [f"全年共办理行政复议申请{n % 997}件，其中受理{n % 91}件，“纠错”{n % 7}件" for n in numbers]
    starts = pa.array([n % 9000 for n in numbers], pa.int64())
    same = {
        "document_id": "D0000000000000000",
        "division_id": "CN-990101",
        "indicator_id": "reconsideration_cases_accepted",
        "scope": "territory",
        "period": "year",
        "dimension": None,
        "unit": "件",
        "qualifier": "exact",
        "obs_status": "A",
        "section": "一、依法行政 > （二）行政复议",
        "rule_id": "reconsideration_cases_accepted: 受理 #件",
        "flags": None,
    }
    return pa.table(
        {
            "observation_id": [f"O{n:016x}" for n in numbers],
            "report_year": pa.array([2010 + n % 14 for n in numbers], pa.int64()),
            "value": [n % 5000 / (1 if n % 5 else 100) for n in numbers],
            "evidence": evidence,
            **dict.fromkeys(("char_start", "char_end", "value_start", "value_end"), starts),
            **{name: pa.array([word] * size, pa.string()) for name, word in same.items()},
        }
    )


if __name__ == "__main__":
    main()
