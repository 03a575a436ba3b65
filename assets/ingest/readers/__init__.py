"""Readers: bytes in, text out, one module a format, chosen by the bytes and never by the file's name.

Belongs here: the order in which formats are tried, and reading with the one that fits. Not here: any format (the modules
beside this one) and the interface they share (`base`).
"""

from pathlib import Path

from assets.ingest.readers import text
from assets.ingest.readers.base import Cell, Reader, Reading
from assets.ingest.refusals import EmptyFileError, TooLargeError, UnknownFormatError, UnreachableFileError

__all__ = ["MAX_BYTES", "READERS", "Cell", "Reader", "Reading", "read_bytes", "read_file", "reader_for"]

MAX_BYTES = 200 * 1024 * 1024
"""Larger files are refused unread; scanned reports of a hundred pages stay below."""

READERS: tuple[Reader, ...] = (text.READER,)
"""Tried in this order: formats with a signature first, plain text last."""


def reader_for(data: bytes, name: str) -> Reader:
    """The first reader that recognises `data`.

    Raises:
        EmptyFileError: for no bytes at all.
        UnknownFormatError: when none does; `name` is the culprit.
    """
    if not data:
        raise EmptyFileError("is empty", culprit=name, remedy="Get the file again from where it was published")
    for reader in READERS:
        if reader.recognises(data):
            return reader
    raise UnknownFormatError(
        "is in no format that a reader knows",
        culprit=name,
        remedy="Save it as UTF-8 text, or give the original file",
    )


def read_bytes(data: bytes, name: str) -> Reading:
    """What the fitting reader makes of `data`.

    Raises:
        RefusalError: when no reader fits or the fitting one cannot read it; `name` is the culprit.
    """
    return reader_for(data, name).read(data, name)


def read_file(path: Path) -> Reading:
    """What the fitting reader makes of the file at `path`.

    Raises:
        RefusalError: when it cannot be opened, is too large, or cannot be read.
    """
    return read_bytes(load(path), str(path))


def load(path: Path) -> bytes:
    """The bytes of the regular file at `path`.

    Raises:
        UnreachableFileError: when it is no regular file, cannot be opened or changes while it is read.
        TooLargeError: past `MAX_BYTES`.
    """
    try:
        before = path.stat()
        if not path.is_file():
            raise UnreachableFileError("is no regular file", culprit=str(path), remedy="Name a file")
        if before.st_size > MAX_BYTES:
            raise TooLargeError(
                f"has {before.st_size:,} bytes, more than the limit of {MAX_BYTES:,}",
                culprit=str(path),
                remedy="Split it, or give its text",
            )
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
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
