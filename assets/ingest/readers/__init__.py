"""Readers: bytes in, text out, one module a format, chosen by the bytes and never by the file's name.

Belongs here: reading with the format that fits. Not here: which formats there are (`formats`) and reading any of them (the modules
beside this one). A format's module is imported when the first file of that format comes.
"""

import importlib
import importlib.util
import stat
from pathlib import Path
from typing import Any

from assets.ingest.readers.base import OCR_PACKAGE, Cell, OcrLine, Reading
from assets.ingest.readers.formats import FORMATS, Format
from assets.ingest.refusals import (
    EmptyFileError,
    MissingToolError,
    TooLargeError,
    UnknownFormatError,
    UnreachableFileError,
)

__all__ = [
    "MAX_BYTES",
    "Cell",
    "Format",
    "OcrLine",
    "Reading",
    "format_of",
    "has_ocr",
    "module_of",
    "read_as",
    "read_bytes",
    "read_file",
]

MAX_BYTES = 200 * 1024 * 1024
"""Larger files are refused unread; scanned reports of a hundred pages stay below."""


def format_of(data: bytes, name: str) -> Format:
    """The first format that recognises `data`.

    Raises:
        EmptyFileError: for no bytes at all.
        UnknownFormatError: when none does; `name` is the culprit.
    """
    if not data:
        raise EmptyFileError("is empty", culprit=name, remedy="Get the file again from where it was published")
    for known in FORMATS:
        if known.recognises(data):
            return known
    raise UnknownFormatError(
        "is in no format that a reader knows",
        culprit=name,
        remedy="Save it as UTF-8 text, or give the original file",
    )


def read_as(known: Format, data: bytes, name: str) -> Reading:
    """What the reader of the format `known` makes of `data`.

    Raises:
        RefusalError: when it cannot be read, or what reads it is not installed; `name` is the culprit.
    """
    reading: Reading = module_of(known, name).read(data, name)
    return reading


def module_of(known: Format, name: str) -> Any:
    """The module that reads the format `known`.

    Raises:
        MissingToolError: when what it reads with is not installed; `name` is the culprit.
    """
    try:
        return importlib.import_module(f"{__name__}.{known.module}")
    except ModuleNotFoundError as error:
        raise MissingToolError(
            f"needs the Python package {error.name} to be read",
            culprit=name,
            remedy=f"Install it: pip install 'fazhi[{known.extra}]'",
        ) from error


def read_bytes(data: bytes, name: str) -> Reading:
    """What the fitting reader makes of `data`.

    Raises:
        RefusalError: when no format fits or its reader cannot read it; `name` is the culprit.
    """
    return read_as(format_of(data, name), data, name)


def read_file(path: Path) -> Reading:
    """What the fitting reader makes of the file at `path`.

    Raises:
        RefusalError: when it cannot be opened, is too large, or cannot be read.
    """
    return read_bytes(load(path), str(path))


def has_ocr() -> bool:
    """Whether pictures of pages can be read here: the extra `ocr` is installed."""
    return importlib.util.find_spec(OCR_PACKAGE) is not None


def load(path: Path) -> bytes:
    """The bytes of the regular file at `path`.

    Raises:
        UnreachableFileError: when it is no regular file, cannot be opened or changes while it is read.
        TooLargeError: past `MAX_BYTES`.
    """
    try:
        before = path.stat()
        if not stat.S_ISREG(before.st_mode):
            raise UnreachableFileError("is no regular file", culprit=str(path), remedy="Name a file")
        if before.st_size > MAX_BYTES:
            raise TooLargeError(
                f"has {before.st_size:,} bytes, more than the limit of {MAX_BYTES:,}",
                culprit=str(path),
                remedy="Split it, or give its text",
            )
        with path.open("rb") as stream:
            data = stream.read(before.st_size + 1)
        after = path.stat()
    except OSError as error:
        raise UnreachableFileError(
            f"cannot be read ({error.strerror})", culprit=str(path), remedy="Check that it is there and may be read"
        ) from error
    if len(data) != before.st_size or (after.st_size, after.st_mtime_ns) != (before.st_size, before.st_mtime_ns):
        raise UnreachableFileError(
            "changed while it was read", culprit=str(path), remedy="Ingest it once it is complete"
        )
    return data
