"""The extractor against two rivals that do less, in one run on one core, and how its time grows with the text.

The plain rival finds numbers and units with a regular expression over pandas; the other is spaCy with a rule matcher
for numbers and a phrase matcher for the catalogue's words (``pip install 'fazhi[bench]'``). Neither says what is
counted, whose it is or which year's. ``FAZHI_PURE=1`` measures the extractor as Python where it is compiled.

python -m benchmarks.extractor --reports 3000
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import random
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from itertools import islice
from pathlib import Path

import pandas as pd

from assets.parse.extract import extract, reader
from assets.parse.native import form
from benchmarks.corpus import counties_and_years, report
from contracts.indicators import load_catalogue

REPORTS = 3_000
REPORT_CHARACTERS = 2_800
SIZES = (10_000, 100_000, 1_000_000, 10_000_000)
"""Bytes of one line."""

ROUNDS = 3


def main(arguments: list[str] | None = None) -> None:
    """Print speeds and ratios, latency, growth and the time that the catalogue takes to load."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.extractor")
    parser.add_argument("--reports", type=int, default=REPORTS, help="number of varied reports")
    parser.add_argument("--text", type=Path, nargs="*", default=[], help="real reports to time one by one")
    options = parser.parse_args(arguments)
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    print(f"\nThe extractor runs: {form()}")
    load, compiled = _best_load()
    print(
        f"The catalogue in a new process: {load * 1000:.0f} ms to load,"
        f" {compiled * 1000:.0f} ms to make ready for the first text"
    )
    texts = list(_varied(options.reports))
    _speeds(texts)
    _latency(texts, options.text)
    _growth(texts)


def _varied(count: int) -> Iterable[str]:
    """Return reports worded from the catalogue's examples, each with other sentences and figures."""
    for number, (division, year) in enumerate(islice(counties_and_years(), count)):
        yield report(division, year, random.Random(f"bench:{number}"))  # noqa: S311 - nothing here is secret


def _speeds(texts: list[str]) -> None:
    characters = sum(map(len, texts))
    extract("")  # the catalogue is not what is measured here
    rivals: dict[str, Callable[[], int]] = {
        "extractor": lambda: _extracted(texts),
        "extractor, second time": lambda: _extracted(texts),
        "plain regex over pandas": lambda: len(pd.Series(texts).str.extractall(_plain_pattern())),
    }
    if importlib.util.find_spec("spacy"):
        rivals["spaCy rule matchers"] = _spacy_matchers(texts)
    else:
        print("spaCy is not installed; `pip install 'fazhi[bench]'` adds it to the comparison")
    print(f"\n{len(texts):,} varied reports, {characters / 1e6:.1f} million characters, one core, CPU seconds")
    seconds: dict[str, float] = {}
    for name, run in rivals.items():
        start = time.process_time()
        found = run()
        seconds[name] = time.process_time() - start
        print(
            f"  {name:24} {characters / seconds[name] / 1e6:7.2f} M characters/s   {found:9,} found,"
            f" one in {characters / found:.0f} characters"
        )
        if name == "extractor":
            print(
                f"  {'':24} {_known_share():7.0%} of the wordings around numbers had been met before in these reports"
            )
    for name in list(rivals)[2:]:
        print(f"  the extractor runs at {seconds[name] / seconds['extractor']:.2f} times the speed of: {name}")


def _extracted(texts: list[str]) -> int:
    return sum(len(extract(text).observations) for text in texts)


def _known_share() -> float:
    matcher = reader(load_catalogue()).matcher
    return 1 - matcher.judged / matcher.asked


def _plain_pattern() -> str:
    units = sorted({unit for words in load_catalogue().lexicon.units.values() for unit in words}, key=len, reverse=True)
    return rf"(\d++(?:[.,]\d++)*+)\s*([余多]?[万亿]?(?:{'|'.join(map(re.escape, units))}))"


def _spacy_matchers(texts: list[str]) -> Callable[[], int]:
    """Return what runs spaCy's matchers, themselves made already, over the texts."""
    import spacy  # noqa: PLC0415 - an extra of its own
    from spacy.matcher import Matcher, PhraseMatcher  # noqa: PLC0415

    language = spacy.blank("zh")
    lexicon = load_catalogue().lexicon
    units = {word for words in lexicon.units.values() for word in words}
    numbers = Matcher(language.vocab)
    numbers.add("quantity", [[{"IS_DIGIT": True, "OP": "+"}, {"TEXT": {"IN": sorted(units)}}]], greedy="LONGEST")
    phrases = PhraseMatcher(language.vocab)
    for lists in (lexicon.concepts, lexicon.topics, lexicon.scopes, lexicon.signals):
        for name, words in lists.items():
            phrases.add(name, [language.make_doc(word) for word in words])

    def run() -> int:
        found = 0
        for text in texts:
            document = language.make_doc(text)
            phrases(document)
            found += len(numbers(document))
        return found

    return run


def _latency(texts: list[str], real: list[Path]) -> None:
    longest = min(texts, key=lambda text: abs(len(text) - REPORT_CHARACTERS))
    reports = {f"a varied report of {len(longest):,} characters": longest}
    reports |= {path.name: path.read_text(encoding="utf-8") for path in real}
    print()
    for name, text in reports.items():
        times = [_seconds(lambda text=text: extract(text)) for _ in range(ROUNDS * 20)]  # type: ignore[misc]
        print(f"One report, {name}: {statistics.median(times) * 1000:.2f} ms, best {min(times) * 1000:.2f} ms")


def _growth(texts: list[str]) -> None:
    print("\nOne line without an end, the same wording over and over, CPU seconds")
    line = "".join("".join(text.split()) for text in texts).encode()[: SIZES[0]]
    before: tuple[int, float] | None = None
    for size in SIZES:
        piece = (line * (size // len(line) + 1))[:size].decode(errors="ignore")
        seconds = min(
            _cpu_seconds(lambda piece=piece: extract(piece)) for _ in range(1 if size == SIZES[-1] else ROUNDS)
        )  # type: ignore[misc]
        grown = (
            f", {seconds / before[1]:.1f} times the time for {size / before[0]:.0f} times the text" if before else ""
        )
        print(f"  {size / 1000:8,.0f} kB {seconds:8.3f} s{grown}")
        before = (size, seconds)


def _best_load() -> tuple[float, float]:
    """Return the CPU seconds that loading the catalogue and compiling it for the extractor take, best of five."""
    code = (
        "import time; from assets.parse.grammar import compile_grammar; from contracts.indicators import load_catalogue;"
        "start = time.process_time(); catalogue = load_catalogue(); loaded = time.process_time();"
        "compile_grammar(catalogue); print(loaded - start, time.process_time() - loaded)"
    )
    runs = [subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True) for _ in range(5)]  # noqa: S603
    times = [tuple(map(float, run.stdout.split())) for run in runs]
    return min(load for load, _ in times), min(compiled for _, compiled in times)


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _cpu_seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


if __name__ == "__main__":
    main()
