"""Pages on which the reports of two years stand side by side -> the blocks of each, and those of which it is not said whose they are.

Belongs here: telling two such reports apart by their headings (`2023 年报告` left, `2024 年报告` right) and the columns below them. Not here:
columns of one text (`paragraphs`).
"""

import itertools
import re
from typing import NamedTuple

from assets.ingest.readers.pdf_page import Block, Line, Page


class Parted(NamedTuple):
    """Two reports of one file."""

    headings: tuple[str, str]
    reports: tuple[list[Block], list[Block]]
    """The left one and the right one, each with what stands above both: the head of the file, headings of sections."""
    rest: list[Block]
    """What stands over both columns, and what follows them: comparisons, remarks of whoever put them side by side."""


def parted(pages: list[Page]) -> Parted | None:
    """The two reports that `pages` hold side by side; None when no two headings of different years stand side by side.

    A page belongs to them column by column when each of its blocks stands in one of the columns. Of another page only a table is
    theirs that stands right below the heading of one of the years.
    """
    for number, page in enumerate(pages):
        if (headings := _headings(page)) is not None:
            above = page.blocks[: headings.first]
            found = Parted(headings.words, (list(above), list(above)), [])
            below = page._replace(blocks=[_alone(block) for block in page.blocks[headings.first :]])
            for each in (below, *pages[number + 1 :]):
                _take(each, headings, found)
            return found
    return None


class _Headings(NamedTuple):
    words: tuple[str, str]
    """Of the left and of the right report."""
    years: tuple[str, str]
    first: int
    """Which block of its page is the first of the two headings."""
    cut: float
    """Where the right column begins."""


_HEADING = re.compile(r"(20\d\d) ?年(?:度)?报告")
_SECTION = re.compile(r"[一二三四五六七八九十⼀⼆⼋⼗]{1,3}、")
_NEAR = 5.0


def _headings(page: Page) -> _Headings | None:
    """The two headings of a page whose columns a rule parts."""
    if not page.is_ruled:
        return None
    found = [
        (block, match[1], number)
        for number, block in enumerate(page.blocks)
        if isinstance(block, Line) and (match := _HEADING.fullmatch(block.text.strip()))
    ]
    for (left, year, first), (right, other, second) in itertools.pairwise(found):
        if (left.side, right.side) == (1, 2) and abs(left.top - right.top) < _NEAR and year != other:
            return _Headings((left.text, right.text), (year, other), min(first, second), right.x0 - _NEAR)
    return None


def _take(page: Page, headings: _Headings, found: Parted) -> None:
    left, right = found.reports
    if any(block.x0 < headings.cut < block.x1 for block in page.blocks) or not page.is_ruled:
        _take_tables(page, headings, found)
        return
    for block in page.blocks:
        if block.x0 >= headings.cut:
            right.append(block)
            continue
        left.append(block)
        is_section = isinstance(block, Line) and _SECTION.match(block.text) is not None
        if is_section and not any(other.x0 >= headings.cut and _is_beside(other, block) for other in page.blocks):
            right.append(block)


def _take_tables(page: Page, headings: _Headings, found: Parted) -> None:
    """Gives the tables that stand right below the heading of a year to its report, and everything else to the rest."""
    year = None
    for block in page.blocks:
        match = _HEADING.fullmatch(block.text.strip()) if isinstance(block, Line) else None
        if year in headings.years and not isinstance(block, Line):
            found.reports[headings.years.index(year)].append(block)
        elif match is None:
            found.rest.append(block)
        year = match[1] if match else None


def _alone(block: Block) -> Block:
    """A heading as a line of the whole width, to which no line of its column is joined."""
    is_heading = isinstance(block, Line) and _HEADING.fullmatch(block.text.strip()) is not None
    return block._replace(side=0) if isinstance(block, Line) and is_heading else block


def _is_beside(block: Block, other: Block) -> bool:
    return block.top < other.bottom and other.top < block.bottom
