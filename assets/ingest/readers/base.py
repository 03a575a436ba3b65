"""What a reader returns.

Belongs here: the record that every format fills. Not here: any format; which there are says `formats`.
"""

from typing import NamedTuple

OCR_PACKAGE = "rapidocr"
"""What reads pictures, of the extra `ocr`."""


class Cell(NamedTuple):
    """One cell of a table, with where its words stand in the text."""

    table: int
    """Number of the table in the text, from 0."""
    row: int
    column: int
    char_start: int
    char_end: int
    row_header: str
    """Words of the headers to its left, joined by a blank; empty in the header columns themselves."""
    column_header: str
    """Words of the headers above it, joined by a blank; empty in the header rows themselves."""


class OcrLine(NamedTuple):
    """One line that was read from a picture."""

    char_start: int
    char_end: int
    confidence: float
    """How sure the recogniser is of it, from 0 to 1: the mean of its characters."""
    doubts: tuple[int, ...]
    """Where in the text the characters of the line stand that it is not sure of."""


class Reading(NamedTuple):
    """What a reader made of bytes."""

    text: str
    """Every offset of the project counts code points of this text."""
    cells: tuple[Cell, ...] = ()
    losses: tuple[str, ...] = ()
    """What these bytes held and the text does not: words from `loses` of the format."""
    title: str | None = None
    """Title, publisher and date (`2023-01-30`) that the file states about itself beside its text."""
    publisher: str | None = None
    published_on: str | None = None
    ocr_lines: tuple[OcrLine, ...] = ()
    """The lines that were read from pictures; none for a text layer."""
    heading: str | None = None
    """What tells it from the other reports of its file: `2023 年报告`."""
    further: "tuple[Reading, ...]" = ()
    """The other reports of its file; each is a text of its own."""
    of_no_report: str | None = None
    """Words of a file of several reports that do not say which of them they belong to."""

    @property
    def reports(self) -> "tuple[Reading, ...]":
        """All reports of the file, this one first."""
        return (self, *self.further)
