"""A corpus of any size: reports of counties and years, worded from the catalogue's own patterns and examples.

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
from typing import NamedTuple

from contracts.divisions import Division, load_divisions
from contracts.indicators import Pattern, load_catalogue

YEARS = range(2014, 2025)
FILLERS = (1, 2, 2)
"""Sentences without a figure in a paragraph, one of these numbers; beside each two that state something."""

DEFECTS = {17: "gb18030", 41: "no year", 53: "twice", 67: "second version", 99: "empty beside it"}
"""What is wrong with the file of this number, of every hundred."""

_NUMBERS = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")
_FILLER = (
    "深入学习贯彻习近平法治思想，把法治政府建设摆在全局工作的重要位置，统筹推进各项任务落地见效。",
    "坚持问题导向和目标导向相统一，压实工作责任，完善工作机制，强化督促检查，推动工作提质增效。",
    "严格落实行政执法三项制度，规范自由裁量，推行柔性执法，努力让人民群众在每一个案件中感受到公平正义。",
    "持续优化法治化营商环境，健全公平竞争制度，依法平等保护各类经营主体的合法权益。",
    "聚焦群众反映强烈的突出问题，畅通诉求表达渠道，及时回应社会关切，切实维护社会和谐稳定。",
    "健全重大事项集体讨论、合法性审查和风险评估制度，确保权力在法治轨道上运行。",
    "加强组织领导，细化任务分工，明确牵头部门和完成时限，形成齐抓共管、协同推进的良好格局。",
    "结合本地实际，创新方式方法，总结推广经验做法，不断提升依法治理的能力和水平。",
    "强化队伍建设，注重教育培训，引导干部自觉运用法治思维和法治方式深化改革、推动发展。",
    "广泛宣传法律知识，营造尊法学法守法用法的浓厚氛围，群众法治意识明显增强。",
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
    chapters = list(_chapters())
    dice.shuffle(chapters)
    body = [
        line for number, chapter in zip(_NUMBERS, chapters, strict=False) for line in _section(number, chapter, dice)
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


def _section(number: str, chapter: Chapter, dice: random.Random) -> Iterator[str]:
    yield f"{number}、{chapter.title}"
    for _ in range(2):
        said = (_drawn(dice.choice(chapter.examples), dice), _composed(dice.choice(chapter.patterns), dice))
        sentences = [*dice.sample(_FILLER, dice.choice(FILLERS)), *(f"{sentence}。" for sentence in said)]
        dice.shuffle(sentences)
        yield "".join(sentences)


def _composed(pattern: Pattern, dice: random.Random) -> str:
    """Return a wording that has the words of the pattern, each one of its synonyms, with a figure and a unit."""
    catalogue = load_catalogue()
    indicator, lexicon = catalogue.indicators[pattern.indicator_id], catalogue.lexicon
    names = [dice.choice(group).lstrip("+~") for group in pattern.needed]
    synonyms = {**lexicon.topics, **lexicon.concepts}
    words = [dice.choice(synonyms.get(name, (name,))) for name in names]
    unit = dice.choice(lexicon.units[dice.choice(pattern.units or indicator.units)])
    most = 100 if indicator.kind == "rate" else 10 ** dice.randint(1, 4)
    return f"{''.join(words)}{dice.randint(1, most)}{unit}"


def _drawn(wording: str, dice: random.Random) -> str:
    """Return the wording with its figures drawn anew, each as long as it was."""

    def draw(match: re.Match[str]) -> str:
        digits = match.group()
        return str(dice.randint(10 ** (len(digits) - 1), 10 ** len(digits) - 1)) if digits[0] != "0" else digits

    return re.sub(r"(?<![\d.])\d{1,4}(?![\d.年%])", draw, wording.rstrip("。"))


class Chapter(NamedTuple):
    """What a section may say: a domain of the catalogue."""

    title: str
    examples: list[str]
    patterns: list[Pattern]


@cache
def _chapters() -> tuple[Chapter, ...]:
    catalogue = load_catalogue()
    chapters = []
    for domain in catalogue.domains:
        indicators = [indicator for indicator in catalogue.indicators.values() if indicator.domain == domain.id]
        examples = [example.text for indicator in indicators for example in indicator.examples]
        patterns = [p for indicator in indicators for p in indicator.patterns if p.how == "number"]
        chapters.append(Chapter(domain.zh, examples, patterns))
    return tuple(chapters)
