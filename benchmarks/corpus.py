"""A corpus of any size: reports of counties and years, worded from the catalogue's own examples.

The figures are drawn at random and say nothing about any county; the corpus is for measuring and never leaves its
folder. The same size and seed give the same files. Some files have the defects that real ones have: another
encoding, no year, an empty file, the same file twice, a second version of a report.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from functools import cache
from itertools import islice
from pathlib import Path

from contracts.divisions import Division, load_divisions
from contracts.indicators import load_catalogue

YEARS = range(2014, 2025)
SENTENCES = 6
"""Sentences a section."""

DEFECTS = {17: "gb18030", 41: "no year", 53: "twice", 67: "second version", 99: "empty beside it"}
"""What is wrong with the file of this number, of every hundred."""

_NUMBERS = "一二三四五六七八九十"
_FILLER = (
    "深入学习贯彻习近平法治思想，把法治政府建设摆在全局工作的重要位置，统筹推进各项任务落地见效。",
    "坚持问题导向和目标导向相统一，压实工作责任，完善工作机制，强化督促检查，推动工作提质增效。",
    "严格落实行政执法三项制度，规范自由裁量，推行柔性执法，努力让人民群众在每一个案件中感受到公平正义。",
    "持续优化法治化营商环境，健全公平竞争制度，依法平等保护各类经营主体的合法权益。",
)


def write_corpus(folder: Path, reports: int, seed: int = 1) -> int:
    """Write at least ``reports`` files into ``folder`` and return how many it wrote, defects included."""
    written = 0
    for number, (division, year) in enumerate(islice(counties_and_years(), reports)):
        dice = random.Random(f"{seed}:{number}")  # noqa: S311 - nothing here is secret
        directory = folder / f"{number // 1000:03d}"
        directory.mkdir(parents=True, exist_ok=True)
        for name, content in _files(division, year, number, dice):
            (directory / name).write_bytes(content)
            written += 1
    return written


def change(folder: Path, reports: int, seed: int = 2) -> None:
    """Put new figures into the first ``reports`` files of a corpus, in place."""
    for path in islice(sorted(folder.rglob("*.txt")), reports):
        text = path.read_bytes()
        path.write_bytes(text + f"\n更正：第{seed}稿，全年共受理行政复议案件{seed + 40}件。\n".encode())


def report(division: Division, year: int, dice: random.Random) -> str:
    """Return one report of about 2,800 characters."""
    head = [
        f"{division.name}人民政府文件",
        f"{division.name}人民政府关于{year}年度法治政府建设情况的报告",
        f"{division.prefecture or division.province}人民政府：",
        f"现将{division.name}{year}年度法治政府建设情况报告如下。",
    ]
    sections = list(_wordings())
    dice.shuffle(sections)
    body = [
        line for number, section in zip(_NUMBERS, sections, strict=False) for line in _section(number, *section, dice)
    ]
    return "\n\n".join(
        [*head, *body, f"{division.name}人民政府", f"{year + 1}年{dice.randint(1, 3)}月{dice.randint(1, 28)}日"]
    )


def _files(division: Division, year: int, number: int, dice: random.Random) -> Iterator[tuple[str, bytes]]:
    name = f"{division.code}-{year}"
    text = report(division, year, dice)
    defect = DEFECTS.get(number % 100)
    if defect == "no year":
        text = re.sub(r"\d{4}年度?", "", text)
    yield f"{name}.txt", text.encode("gb18030" if defect == "gb18030" else "utf-8")
    if defect == "twice":
        yield f"{name}-again.txt", text.encode()
    if defect == "second version":
        yield f"{name}-second.txt", report(division, year, dice).encode()
    if defect == "empty beside it":
        yield f"{name}-empty.txt", b""


def counties_and_years() -> Iterator[tuple[Division, int]]:
    """Yield every county of every year."""
    for year in YEARS:
        for division in load_divisions().rows:
            if division.level == "county" and division.stands_in(year):
                yield division, year


def _section(number: str, title: str, examples: list[str], dice: random.Random) -> Iterator[str]:
    yield f"{number}、{title}"
    for _ in range(2):
        chosen = dice.sample(examples, min(SENTENCES // 2, len(examples)))
        yield "".join([dice.choice(_FILLER), *(f"{_drawn(wording, dice)}。" for wording in chosen)])


def _drawn(wording: str, dice: random.Random) -> str:
    """Return the wording with its figures drawn anew, each as long as it was."""

    def draw(match: re.Match[str]) -> str:
        digits = match.group()
        return str(dice.randint(10 ** (len(digits) - 1), 10 ** len(digits) - 1)) if digits[0] != "0" else digits

    return re.sub(r"(?<![\d.])\d{1,4}(?![\d.年%])", draw, wording.rstrip("。"))


@cache
def _wordings() -> tuple[tuple[str, list[str]], ...]:
    """Return the domains of the catalogue with the examples of their indicators."""
    catalogue = load_catalogue()
    return tuple(
        (
            domain.zh,
            [e.text for i in catalogue.indicators.values() if i.domain == domain.id for e in i.examples],
        )
        for domain in catalogue.domains
    )
