"""PDF with a text layer: lines in reading order, paragraphs put together again, ruled tables as tables.

Belongs here: opening within bounds, and from the characters of all pages to one text. Not here: what stands on one page
(`pdf_page`), tables once they are grids (`grid`), and pictures of pages (they are refused, or said to be lost).

Characters stay as the file gives them; CJK radicals are folded by the parser, which keeps the way back.
"""

import io
import logging
import re
from collections import Counter
from collections.abc import Iterable

import pdfplumber
from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect
from pdfminer.pdfexceptions import PDFException
from pdfminer.psparser import PSException
from pdfplumber.utils.exceptions import PdfminerException

from assets.ingest.readers import grid
from assets.ingest.readers.base import Cell, Reading
from assets.ingest.readers.pdf_page import Block, Line, Page, TableBlock, page_of
from assets.ingest.refusals import DamagedFileError, EncryptedFileError, NeedsOcrError, TooLargeError

MAX_PAGES = 600
"""At a third of a second a page, some three minutes of work."""

logging.getLogger("pdfminer").setLevel(logging.ERROR)  # it warns of every odd font


def read(data: bytes, name: str) -> Reading:
    """The text of all pages.

    Raises:
        EncryptedFileError: when it asks for a password.
        DamagedFileError: when its structure is broken.
        TooLargeError: past `MAX_PAGES`.
        NeedsOcrError: when its pages are pictures.
    """
    pages = _pages(data, name)
    scanned = sum(page.is_picture for page in pages)
    if not any(page.blocks for page in pages):
        raise NeedsOcrError(
            "holds pictures of pages and no text",
            culprit=name,
            remedy="Give the text itself, or a PDF with a text layer",
        )
    had_furniture = _drop_furniture(pages)
    text, cells = _written(_in_order(pages))
    had = {
        "page_furniture": had_furniture,
        "scanned_pages": scanned > 0,
        "tables": any(page.too_many_rules for page in pages),
    }
    return Reading(text, cells, tuple(loss for loss, lost in had.items() if lost))


_SENTENCE_END = ("。", "：", "；", "！", "？", ":", ";")
_LEAST_REPEATS = 3
_EDGE = 0.1
_PAGE_NUMBER = re.compile(r"[-—–·第]*\s*\d{1,4}\s*[-—–·页]*(?:\s*[/共]\s*\d{1,4}\s*页?)?")
_CORRUPT = (
    PdfminerException, PDFException, PSException, ValueError, KeyError, TypeError, IndexError, AttributeError, AssertionError, OSError,
    OverflowError, RecursionError, UnicodeError,
)  # fmt: skip
"""What pdfminer raises on files that break the format: it checks little and stumbles where it stands."""


def _pages(data: bytes, name: str) -> list[Page]:
    try:
        with pdfplumber.open(io.BytesIO(data)) as document:
            if not document.pages:
                raise DamagedFileError("has no pages", culprit=name, remedy="Print it to PDF again, or give its text")
            if len(document.pages) > MAX_PAGES:
                raise TooLargeError(
                    f"has {len(document.pages)} pages, more than {MAX_PAGES}",
                    culprit=name,
                    remedy="Split it into its reports",
                )
            pages = []
            for page in document.pages:
                pages.append(page_of(page))
                page.close()
            return pages
    except (PDFPasswordIncorrect, PDFEncryptionError) as error:
        raise EncryptedFileError("asks for a password", culprit=name, remedy="Save it without a password") from error
    except _CORRUPT as error:
        if isinstance(error.__cause__ or (error.args and error.args[0]), PDFPasswordIncorrect | PDFEncryptionError):
            raise EncryptedFileError(
                "asks for a password", culprit=name, remedy="Save it without a password"
            ) from error
        raise DamagedFileError(
            f"is a broken PDF ({type(error).__name__})", culprit=name, remedy="Print it to PDF again, or give its text"
        ) from error


def _drop_furniture(pages: list[Page]) -> bool:
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


def _shape(words: str) -> str:
    """A line without its digits, so that `第3页` and `第4页` are one."""
    return re.sub(r"\d+", "#", "".join(words.split()))


def _at_edge(line: Line, page: Page) -> bool:
    return line.bottom < page.height * _EDGE or line.top > page.height * (1 - _EDGE)


def _in_order(pages: list[Page]) -> list[Block]:
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


def _written(blocks: Iterable[Block]) -> tuple[str, tuple[Cell, ...]]:
    """The blocks as text: lines of one paragraph joined, tables as rows."""
    chunks: list[str] = []
    cells: list[Cell] = []
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
        chunks.append(chunk)
        at += len(chunk)
    return "".join([*chunks, "\n" if before else ""]), tuple(cells)


def _goes_on(before: Line, line: Line) -> bool:
    """Whether a line only ended because the column did: it is full, no sentence ends it, and the next one is not indented."""
    return (
        before.side == line.side
        and not before.text.endswith(_SENTENCE_END)
        and before.x1 >= before.column_x1 - 1.6 * before.size
        and line.x0 <= line.column_x0 + 0.8 * line.size
        and abs(before.size - line.size) < 1
    )
