"""Plain text in the encodings that Chinese offices write: UTF-8, UTF-16 and GB18030.

The encoding is decided by the bytes alone, always in the same way, and never with replacement characters:

1. a byte order mark decides;
2. bytes that are valid UTF-8 without control characters are UTF-8;
3. of UTF-16 and GB18030, those stay that decode without error and control characters, and the one wins in which the
   share of characters that Chinese official prose is made of is highest; under `LEAST_SHARE` none does.

GB18030 holds GB2312 and GBK. The text is what the bytes say, line ends included; only the byte order mark is left out.
"""

import codecs
import re
from functools import cache

from assets.ingest.readers.base import Reading
from assets.ingest.refusals import DamagedFileError, EmptyFileError, UnknownFormatError

LEAST_SHARE = 0.5
"""Random bytes that happen to decode reach about 0.1, Chinese prose 0.97 and more, with rare characters still 0.8."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_GUESSES = ("gb18030", "utf-16-le", "utf-16-be")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_SAMPLE = 100_000
"""Code points judged when guessing; more do not change the answer."""


def read(data: bytes, name: str) -> Reading:
    """Decodes `data`.

    Raises:
        EmptyFileError: without any character but blanks.
        DamagedFileError: when a byte order mark promises what the bytes break.
        UnknownFormatError: when no encoding fits.
    """
    text = _decode(data, name)
    if not text.strip("\ufeff\u200b \t\r\n\f\v\u3000\xa0"):
        raise EmptyFileError("holds no text", culprit=name, remedy="Get the file again from where it was published")
    return Reading(text)


def encoding_of(data: bytes) -> str | None:
    """The encoding of `data` by the rules above, None when none fits."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return encoding
    utf8 = _strictly(data, "utf-8")
    if utf8 is not None and not _CONTROL.search(utf8):
        return "utf-8"
    shares = {encoding: _share_of_prose(data, encoding) for encoding in _GUESSES}
    best = max(_GUESSES, key=lambda encoding: shares[encoding])
    return best if shares[best] >= LEAST_SHARE else None


def _decode(data: bytes, name: str) -> str:
    encoding = encoding_of(data)
    if encoding is None:
        raise UnknownFormatError(
            "is neither text in UTF-8, UTF-16 or GB18030 nor a known document format",
            culprit=name,
            remedy="Save it as UTF-8 text, or give the original file",
        )
    mark = next((mark for mark, marked in _MARKS if marked == encoding and data.startswith(mark)), b"")
    text = _strictly(data[len(mark) :], encoding)
    if text is None or _CONTROL.search(text):
        raise DamagedFileError(
            f"begins like {encoding.upper()} text and is none",
            culprit=name,
            remedy="Get the file again, or save it as UTF-8 text",
        )
    return text


def _strictly(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _share_of_prose(data: bytes, encoding: str) -> float:
    text = _strictly(data, encoding)
    if not text or _CONTROL.search(text):
        return 0.0
    sample = text[:_SAMPLE]
    return sum(character in _prose() for character in sample) / len(sample)


@cache
def _prose() -> frozenset[str]:
    """Printable ASCII, Chinese punctuation and the 3,755 common characters of GB2312's first plane."""
    common = bytes(byte for row in range(0xB0, 0xD8) for cell in range(0xA1, 0xFF) for byte in (row, cell))
    punctuation = bytes(byte for row in (0xA1, 0xA3) for cell in range(0xA1, 0xFF) for byte in (row, cell))
    ascii_text = "".join(map(chr, range(0x20, 0x7F))) + "\t\r\n\f\v"
    return frozenset(ascii_text + (common + punctuation).decode("gb2312", errors="ignore"))
