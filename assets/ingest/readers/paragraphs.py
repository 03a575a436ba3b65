"""From what stands on the pages to one text: page furniture left out, columns in reading order, paragraphs put together again.

Belongs here: what goes over several pages, of PDFs and of pictures alike. Not here: one page (`pdf_page`), tables once they are grids
(`grid`).
"""

import re
from collections import Counter
from collections.abc import Iterable

from assets.ingest.readers import grid
from assets.ingest.readers.base import Cell, OcrLine
from assets.ingest.readers.pdf_page import Block, Line, Page, TableBlock


def drop_furniture(pages: list[Page]) -> bool:
    """Removes page numbers, and lines that stand at the top or bottom of most pages; returns whether there were any."""
    repeated = Counter(
        words
        for page in pages
        for words in {_shape(block.text) for block in page.blocks if isinstance(block, Line) and _at_edge(block, page)}
    )
    had = False
    for page in pages:
        kept: list[Block] = []
        for block in page.blocks:
            is_furniture = (
                isinstance(block, Line)
                and _at_edge(block, page)
                and (
                    _PAGE_NUMBER.fullmatch(block.text.strip()) is not None
                    or (
                        repeated[_shape(block.text)] >= _LEAST_REPEATS and repeated[_shape(block.text)] * 2 > len(pages)
                    )
                )
            )
            had = had or is_furniture
            if not is_furniture:
                kept.append(block)
        page.blocks[:] = kept
    return had


_SENTENCE_END = ("。", "：", "；", "！", "？", ":", ";")
_LEAST_REPEATS = 3
_MOST_APART = 1.8
"""Heights of a line between two lines of a paragraph, at most; pages are set with less than one."""
_EDGE = 0.1
_PAGE_NUMBER = re.compile(r"[-—–·第]*\s*\d{1,4}\s*[-—–·页]*(?:\s*[/共]\s*\d{1,4}\s*页?)?")


def _shape(words: str) -> str:
    """A line without its digits, so that `第3页` and `第4页` are one."""
    return re.sub(r"\d+", "#", "".join(words.split()))


def _at_edge(line: Line, page: Page) -> bool:
    return line.bottom < page.height * _EDGE or line.top > page.height * (1 - _EDGE)


def in_order(pages: list[Page]) -> list[Block]:
    """All blocks in reading order.

    Where pages have two columns, the left one is read before the right one, page by page. Where a rule stands between the
    columns, they are two texts side by side: each is read on over the pages until a line goes over both.
    """
    ordered: list[Block] = []
    left: list[Block] = []
    right: list[Block] = []

    def flush() -> None:
        ordered.extend([*left, *right])
        left.clear()
        right.clear()

    for page in pages:
        if page.gutter is None or not page.is_ruled:
            flush()
        for block in page.blocks:
            if page.gutter is None or block.x0 < page.gutter < block.x1:
                flush()
                ordered.append(block)
            else:
                (left if block.x1 <= page.gutter else right).append(block)
    flush()
    return ordered


def written(blocks: Iterable[Block]) -> tuple[str, tuple[Cell, ...], tuple[OcrLine, ...]]:
    """The blocks as text: lines of one paragraph joined, tables as rows; with the lines that OCR read."""
    chunks: list[str] = []
    cells: list[Cell] = []
    recognised: list[OcrLine] = []
    at = tables = 0
    before: Line | None = None
    for block in blocks:
        if isinstance(block, TableBlock):
            lines, found = grid.render(block.grid, tables, at + (1 if before else 0))
            chunk = f"\n{lines}\n" if before else f"{lines}\n"
            cells += found
            tables += 1
            before = None
        else:
            chunk = block.text if before is None or _goes_on(before, block) else f"\n{block.text}"
            before = block
            if block.confidence is not None:
                end = at + len(chunk)
                start = end - len(block.text)
                doubts = tuple(start + place for place in block.doubts)
                recognised.append(OcrLine(start, end, round(block.confidence, 3), doubts))
        chunks.append(chunk)
        at += len(chunk)
    return "".join([*chunks, "\n" if before else ""]), tuple(cells), tuple(recognised)


def _goes_on(before: Line, line: Line) -> bool:
    """Whether a line only ended because the column did: it is full, no sentence ends it, and the next one is not indented.

    On pictures a line may be missed: where there is room for one, nothing is joined.
    """
    misses_line = line.confidence is not None and line.top - before.bottom > _MOST_APART * before.size
    return (
        before.side == line.side
        and not misses_line
        and not before.text.endswith(_SENTENCE_END)
        and before.x1 >= before.column_x1 - 1.6 * before.size
        and line.x0 <= line.column_x0 + 0.8 * line.size
        and abs(before.size - line.size) < 1
    )
