"""The formats that can be read: how their bytes are told apart, what reading them needs, costs and loses.

Belongs here: one entry a format, in the order in which they are tried. Not here: reading any of them: that is the module of the same
name beside this one, which has one function `read(data, name) -> Reading` and raises nothing but `RefusalError`.
"""

import re
from collections.abc import Callable
from typing import NamedTuple

from assets.ingest.readers.text import encoding_of


class Format(NamedTuple):
    """One format."""

    module: str
    """Name of its module in this package."""
    version: int
    """Goes up when the same bytes give another text."""
    media_type: str
    recognises: Callable[[bytes], bool]
    """Whether bytes are of this format, told from the bytes alone."""
    extra: str | None
    """The optional dependencies that it needs, as in `pip install 'fazhi[readers]'`."""
    cost: str
    """What a typical report costs, for people who plan a run."""
    loses: tuple[str, ...] = ()
    """What files of this format may hold and its reader does not keep."""

    @property
    def reader(self) -> str:
        """Name and version of its reader, as the tables hold it: `html/1`."""
        return f"{self.module}/{self.version}"


def _is_html(data: bytes) -> bool:
    head = data[:_HEAD].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    return head.startswith(b"<") and _HTML_TAG.search(head) is not None


_ZIP = b"PK\x03\x04"
_RTF = b"{\\rtf"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_WORDY = tuple(name.encode("utf-16-le") for name in ("WordDocument", "EncryptedPackage"))
"""Streams by which a compound file is a document of Word or WPS, or one that is locked; other compound files are tables and mail."""
_HEAD = 4096
_HTML_TAG = re.compile(rb"<(?:!doctype html|html|head|body|title|meta|div|table|p|h1|article)[\s>/]")


def _picture(media_type: str, *signatures: bytes) -> Format:
    return Format(
        "image",
        1,
        media_type,
        lambda data: data.startswith(signatures),
        extra="ocr",
        cost="some five seconds a page",
        loses=("page_furniture", "tables", "unreadable_lines"),
    )


_PICTURES = (
    _picture("image/png", b"\x89PNG\r\n\x1a\n"),
    _picture("image/jpeg", b"\xff\xd8\xff"),
    _picture("image/tiff", b"II*\0", b"MM\0*"),
)

FORMATS: tuple[Format, ...] = (
    Format(
        "docx",
        1,
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        lambda data: data.startswith(_ZIP) and b"[Content_Types].xml" in data and b"word/" in data,
        extra="readers",
        cost="a few milliseconds",
        loses=("footnotes", "images", "numbering", "text_boxes"),
    ),
    Format(
        "office",
        1,
        "application/msword",
        lambda data: data.startswith(_RTF) or (data.startswith(_OLE) and any(mark in data for mark in _WORDY)),
        extra="readers",
        cost="half a second, and LibreOffice",
        loses=("footnotes", "images", "numbering", "text_boxes"),
    ),
    Format(
        "pdf",
        2,
        "application/pdf",
        lambda data: b"%PDF-" in data[:1024],
        extra="readers",
        cost="a third of a second a page; some five seconds where a page is a picture, with the extra ocr",
        loses=("page_furniture", "scanned_pages", "tables", "unreadable_lines"),
    ),
    *_PICTURES,
    Format(
        "html",
        1,
        "text/html",
        _is_html,
        extra="readers",
        cost="a few milliseconds",
        loses=("images", "embedded", "navigation"),
    ),
    Format("text", 1, "text/plain", lambda data: encoding_of(data) is not None, extra=None, cost="under a millisecond"),
)
"""Formats with a signature first, plain text last."""
