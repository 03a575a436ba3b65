"""Kills and swaps in number: what the tests try a few times, here as often as it takes to believe it.

Runs over a corpus are killed at random moments while a reader asks the warehouse without a pause; then the warehouse is
swapped again and again under that reader. Ends with an error at the first thing lost, half done or mixed.

    python -m benchmarks.soak --reports 3000 --kills 20 --swaps 100
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from assets.ingest.raw import RawStore
from assets.publish.staging import standing_versions
from assets.publish.verify import verify_release
from benchmarks.corpus import change, write_corpus
from contracts.tables import SOURCE_DOCUMENTS
from warehouse.database import build, reading, what_is_wrong
from warehouse.files import exclusively
from warehouse.layout import HOME_VARIABLE, Home
from warehouse.store import Store

STRAYS = """
    SELECT count(*) FROM (SELECT document_id FROM observations UNION ALL SELECT document_id FROM numerals)
    WHERE document_id NOT IN (SELECT document_id FROM documents)
"""
"""Facts without their report: what a reader would see of two states at once."""


def main(arguments: list[str] | None = None) -> None:
    """Soak and print what was done."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak")
    parser.add_argument("--reports", type=int, default=300)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--swaps", type=int, default=100)
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="fazhi-soak-") as folder:
        inbox, home = Path(folder, "reports"), Home(Path(folder, "home"))
        write_corpus(inbox, given.reports)
        started = time.perf_counter()
        assert _start(home, inbox).wait() == 0
        length = time.perf_counter() - started
        with _reader(home) as asked:
            _kill(home, inbox, given.kills, length)
            print(
                f"{given.kills} kills within {length:.0f} s each: nothing lost, nothing half; {len(asked)} queries meanwhile"
            )
            before = len(asked)
            for _ in range(given.swaps):
                with exclusively(home):
                    build(home)
            print(f"{given.swaps} swaps: {len(asked) - before} queries without an error or a mixed state")


def _start(home: Home, inbox: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", "from pipelines.cli import main; main()", "run", str(inbox)]
    environment = {**os.environ, HOME_VARIABLE: str(home.root)}
    return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603


def _kill(home: Home, inbox: Path, kills: int, length: float) -> None:
    dice = random.Random(5)  # noqa: S311 - nothing here is secret
    for number in range(kills):
        change(inbox, 300, seed=number + 10)
        program = _start(home, inbox)
        time.sleep(dice.uniform(0, length))
        program.send_signal(signal.SIGKILL)
        program.wait()
        Store(home).check()
        assert what_is_wrong(home) is None
    assert _start(home, inbox).wait() == 0
    read = set(Store(home).read(SOURCE_DOCUMENTS)["document_sha256"].to_pylist())
    raw = RawStore(home.raw)
    kept = set(raw.hashes())
    assert read == kept, {sha256: raw.origin(sha256).path for sha256 in sorted(read ^ kept)[:5]}
    for sha256 in kept:
        raw.read(sha256)
    newest = home.releases / str(standing_versions(home.releases)[-1])
    assert verify_release(newest).findings == ()
    assert not list(home.root.rglob(".staged-*"))


@contextmanager
def _reader(home: Home) -> Iterator[list[int]]:
    """Ask for strays without a pause; what went wrong is raised when the block ends."""
    asked: list[int] = []
    failed: list[BaseException] = []
    done = threading.Event()

    def ask() -> None:
        try:
            while not done.is_set():
                with reading(home) as connection:
                    asked.append(connection.execute(STRAYS).fetchall()[0][0])
        except BaseException as error:  # noqa: BLE001 - handed to the main thread
            failed.append(error)

    thread = threading.Thread(target=ask)
    thread.start()
    try:
        yield asked
    finally:
        done.set()
        thread.join()
    if failed:
        raise failed[0]
    assert set(asked) == {0}


if __name__ == "__main__":
    main()
