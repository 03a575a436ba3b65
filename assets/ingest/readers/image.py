"""Pictures of pages (PNG, JPEG, TIFF): read by OCR.

Belongs here: opening pictures within bounds. Not here: recognising text (`ocr`) and putting lines together (`paragraphs`).
"""

import io
import struct
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from PIL import ImageOps, UnidentifiedImageError
from PIL.Image import DecompressionBombError, DecompressionBombWarning, Image
from PIL.Image import open as open_image

from assets.ingest.readers import ocr
from assets.ingest.readers.base import Reading
from assets.ingest.readers.paragraphs import drop_furniture, in_order, written
from assets.ingest.readers.pdf_page import Page, page_of_lines
from assets.ingest.refusals import DamagedFileError, MissingToolError, NotAReportPageError, TooLargeError

MAX_DOTS = 100_000_000
"""Dots of one picture: a page at 900 dots an inch."""
MAX_PICTURES = 120
"""Pictures in one file; each takes seconds."""


def read(data: bytes, name: str) -> Reading:
    """The text of all pictures in a file.

    Raises:
        MissingToolError: without what recognises text.
        DamagedFileError: when it is no whole picture.
        TooLargeError: past `MAX_DOTS` or `MAX_PICTURES`.
        NotAReportPageError: when nothing can be read on it.
    """
    if not ocr.is_installed():
        raise MissingToolError(
            "is a picture of a page and needs OCR to be read",
            culprit=name,
            remedy="Install it: pip install 'fazhi[ocr]'",
        )
    pages, had_unreadable = [], False
    for picture in _pictures(data, name):
        found = ocr.lines_of(picture, _POINTS_HIGH / max(picture.height, 1))
        had_unreadable = had_unreadable or found.had_unreadable
        pages.append(page_of_lines(found.lines, picture.width * _POINTS_HIGH / picture.height, _POINTS_HIGH))
    if not any(page.blocks for page in pages):
        raise NotAReportPageError(
            "is a picture on which nothing can be read", culprit=name, remedy="Scan the page again, upright and sharp"
        )
    return _reading(pages, had_unreadable=had_unreadable)


_POINTS_HIGH = 842.0
"""Pictures do not say how large the paper was: it is taken for A4."""
_BROKEN = (UnidentifiedImageError, OSError, SyntaxError, ValueError, struct.error, EOFError)
"""What Pillow raises on files that break their format."""


def _pictures(data: bytes, name: str) -> Iterator[Image]:
    """The pictures, upright, one at a time."""
    try:
        with _silent(), open_image(io.BytesIO(data), formats=("PNG", "JPEG", "TIFF")) as file:
            count = getattr(file, "n_frames", 1)
        if count > MAX_PICTURES:
            raise TooLargeError(
                f"has {count} pictures, more than {MAX_PICTURES}", culprit=name, remedy="Split it into its reports"
            )
        for number in range(count):
            yield _picture(data, number, name)
    except (DecompressionBombError, DecompressionBombWarning) as error:
        raise _too_many_dots(name) from error
    except _BROKEN as error:
        raise DamagedFileError(
            f"is a broken picture ({type(error).__name__})", culprit=name, remedy="Scan or fetch it again"
        ) from error


def _picture(data: bytes, number: int, name: str) -> Image:
    with _silent(), open_image(io.BytesIO(data), formats=("PNG", "JPEG", "TIFF")) as file:
        file.seek(number)
        if file.width * file.height > MAX_DOTS:
            raise _too_many_dots(name)
        return ImageOps.exif_transpose(file).convert("RGB")


@contextmanager
def _silent() -> Iterator[None]:
    """Pillow warns of what it can go on without, and of pictures that are a danger; only these are stopped."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", DecompressionBombWarning)
        yield


def _too_many_dots(name: str) -> TooLargeError:
    return TooLargeError(f"has more than {MAX_DOTS:,} dots", culprit=name, remedy="Scan it at 300 dots an inch")


def _reading(pages: list[Page], *, had_unreadable: bool) -> Reading:
    had = {"page_furniture": drop_furniture(pages), "tables": True, "unreadable_lines": had_unreadable}
    text, cells, lines = written(in_order(pages))
    return Reading(text, cells, tuple(loss for loss, lost in had.items() if lost), ocr_lines=lines)
