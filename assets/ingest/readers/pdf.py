"""PDF: the text layer where there is one, OCR where a page is a picture.

Belongs here: opening within bounds, and which pages are read how. Not here: what stands on one page (`pdf_page`), from pages to
one text (`paragraphs`), recognising text (`ocr`).

Characters stay as the file gives them; CJK radicals are folded by the parser, which keeps the way back.
"""

import io
import logging

import pdfplumber
import pypdfium2
from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect
from pdfminer.pdfexceptions import PDFException
from pdfminer.psparser import PSException
from pdfplumber.utils.exceptions import PdfminerException

from assets.ingest.readers import ocr
from assets.ingest.readers.base import Reading
from assets.ingest.readers.paragraphs import drop_furniture, in_order, written
from assets.ingest.readers.pdf_page import Block, Page, page_of, page_of_lines
from assets.ingest.readers.side_by_side import parted
from assets.ingest.refusals import (
    DamagedFileError,
    EmptyFileError,
    EncryptedFileError,
    NeedsOcrError,
    NotAReportPageError,
    TooLargeError,
)

MAX_PAGES = 600
"""At a third of a second a page, some three minutes of work."""
MAX_SCANNED = 120
"""At some five seconds a page that is a picture, ten minutes of work."""

logging.getLogger("pdfminer").setLevel(logging.ERROR)  # it warns of every odd font


def read(data: bytes, name: str) -> Reading:
    """The text of all pages; of several reports where those of two years stand side by side.

    Raises:
        EncryptedFileError: when it asks for a password.
        DamagedFileError: when its structure is broken.
        TooLargeError: past `MAX_PAGES`, or past `MAX_SCANNED` pages that are pictures.
        NeedsOcrError: when its pages are pictures, and what recognises text is not installed.
        NotAReportPageError: when nothing can be read on its pictures.
        EmptyFileError: when nothing stands on its pages.
    """
    pages = _pages(data, name)
    scanned = [number for number, page in enumerate(pages) if page.is_picture]
    has_ocr = ocr.is_installed()
    if len(scanned) == len(pages) and not has_ocr:
        raise NeedsOcrError(
            "holds pictures of pages and no text", culprit=name, remedy="Install OCR: pip install 'fazhi[ocr]'"
        )
    had_unreadable = _recognise(data, pages, scanned, name) if has_ocr else False
    if not any(page.blocks for page in pages):
        raise _nothing(name, had_pictures=bool(scanned))
    had = {
        "page_furniture": drop_furniture(pages),
        "scanned_pages": bool(scanned) and not has_ocr,
        "tables": bool(scanned) or any(page.too_many_rules for page in pages),
        "unreadable_lines": had_unreadable,
    }
    losses = tuple(loss for loss, lost in had.items() if lost)
    several = parted(pages)
    if several is None:
        return _reading(in_order(pages), losses)
    left, right = (
        _reading(blocks, losses)._replace(heading=heading)
        for heading, blocks in zip(several.headings, several.reports, strict=True)
    )
    return left._replace(further=(right,), of_no_report=written(several.rest)[0] or None)


def _reading(blocks: list[Block], losses: tuple[str, ...]) -> Reading:
    text, cells, lines = written(blocks)
    return Reading(text, cells, losses, ocr_lines=lines)


def _recognise(data: bytes, pages: list[Page], scanned: list[int], name: str) -> bool:
    """Puts what OCR reads in the place of the `scanned` pages; returns whether something there could not be read."""
    if len(scanned) > MAX_SCANNED:
        raise TooLargeError(
            f"has {len(scanned)} pages that are pictures, more than {MAX_SCANNED}",
            culprit=name,
            remedy="Split it into its reports",
        )
    had_unreadable = False
    try:
        document = pypdfium2.PdfDocument(data)
        for number in scanned:
            page = document[number]
            width, height = page.get_size()
            dots_a_point = ocr.dots_a_point(width, height)
            found = ocr.lines_of(page.render(scale=dots_a_point).to_pil(), 1 / dots_a_point)
            pages[number] = page_of_lines(found.lines, width, height)
            had_unreadable = had_unreadable or found.had_unreadable
            page.close()
        document.close()
    except pypdfium2.PdfiumError as error:
        raise DamagedFileError(
            "has pages that cannot be drawn", culprit=name, remedy="Print it to PDF again, or give its text"
        ) from error
    return had_unreadable


def _nothing(name: str, *, had_pictures: bool) -> EmptyFileError | NotAReportPageError:
    if had_pictures:
        return NotAReportPageError(
            "holds pictures on which nothing can be read", culprit=name, remedy="Scan it again, upright and sharp"
        )
    return EmptyFileError("has only empty pages", culprit=name, remedy="Get the file again from where it was published")


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
