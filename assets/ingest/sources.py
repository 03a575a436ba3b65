"""The source register: a CSV in which a person keeps the addresses of reports, and what they know of each.

Belongs here: the columns and reading a register. Not here: fetching what it names (`addresses`).
The columns are explained for users in `docs/sources.md`.
"""

import csv
from collections.abc import Iterator, Mapping
from io import StringIO
from pathlib import Path
from typing import Any, NamedTuple

from assets.ingest.readers import load
from assets.ingest.readers.text import encoding_of
from assets.ingest.refusals import RefusalError, SourceRegisterError
from contracts.divisions import load_divisions
from contracts.origin import Origin, OriginError

ADDRESS, FOLLOW = "address", "follow"
SETTLES = {
    "publisher": "publisher",
    "division": "division",
    "year": "report_year",
    "kind": "kind",
    "licence": "licence",
    "note": "note",
}
"""The other columns, each with the field of the origin record that it settles."""
COLUMNS = (ADDRESS, *SETTLES, FOLLOW)


class Source(NamedTuple):
    """One address to fetch."""

    url: str
    settled: Origin | None = None
    """What is settled by hand of whatever is found there."""
    follow: str | None = None
    """The address is a list: fetch the pages that it links under a title of this pattern, and not the list itself."""


class BadRow(NamedTuple):
    """A row of a register that names no source."""

    place: str
    """Name of the register and line, as `sources.csv:7`."""
    refusal: RefusalError


class Register(NamedTuple):
    """What a register says, in its order."""

    name: str
    sources: tuple[Source, ...]
    bad_rows: tuple[BadRow, ...]


def read_register(path: Path) -> Register:
    """The register at `path`; a bad row stops no other, empty lines are no rows.

    Raises:
        RefusalError: when it cannot be read, or its first line names no column `address` or one that is unknown.
    """
    lines = csv.reader(StringIO(_decoded(load(path), str(path)), newline=""), strict=True)
    try:
        header = [name.strip() for name in next(lines)]
        _check_header(header, f"{path}:1")
        rows = list(_rows(header, lines, path))
    except csv.Error as error:
        raise SourceRegisterError(
            f"is no CSV ({error})",
            culprit=f"{path}:{lines.line_num}",
            remedy="Close the quotation mark that is open there",
        ) from error
    return Register(
        path.name,
        tuple(row for row in rows if isinstance(row, Source)),
        tuple(row for row in rows if isinstance(row, BadRow)),
    )


def _decoded(data: bytes, name: str) -> str:
    """Addresses are ASCII, so that a register is no prose by which its encoding could be told: UTF-8 or else GB18030."""
    if not data.strip():
        raise SourceRegisterError("is empty", culprit=name, remedy=f"Write the columns {', '.join(COLUMNS)}")
    try:
        return data.decode(encoding_of(data) or "gb18030").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise SourceRegisterError(
            "is neither UTF-8 nor GB18030", culprit=name, remedy="Save it as CSV in UTF-8"
        ) from error


def _check_header(header: list[str], place: str) -> None:
    unknown = [name for name in header if name not in COLUMNS]
    if unknown or ADDRESS not in header or len(set(header)) < len(header):
        wrong = (
            f"has an unknown column {unknown[0]!r}" if unknown else "needs one column 'address', and each column once"
        )
        raise SourceRegisterError(wrong, culprit=place, remedy=f"Use only these columns: {', '.join(COLUMNS)}")


def _rows(header: list[str], lines: Any, path: Path) -> Iterator[Source | BadRow]:
    places: dict[tuple[str, str | None], str] = {}
    for cells in lines:
        place = f"{path}:{lines.line_num}"
        if not any(cell.strip() for cell in cells):
            continue
        try:
            source = _source(_fields(header, cells, place), place)
            _check_new(places.setdefault((source.url, source.follow), place), place)
        except SourceRegisterError as refusal:
            yield BadRow(f"{path.name}:{lines.line_num}", refusal)
        else:
            yield source


def _check_new(first: str, place: str) -> None:
    if first != place:
        raise SourceRegisterError(f"names the same address as {first}", culprit=place, remedy="Keep one row")


def _fields(header: list[str], cells: list[str], place: str) -> dict[str, str]:
    """The filled cells of a row by column."""
    if any(cell.strip() for cell in cells[len(header) :]):
        raise SourceRegisterError(
            f"has {len(cells)} cells under {len(header)} columns",
            culprit=place,
            remedy="Put a cell that holds a comma into quotation marks",
        )
    return {name: cell.strip() for name, cell in zip(header, cells, strict=False) if cell.strip()}


def _source(fields: Mapping[str, str], place: str) -> Source:
    url = fields.get(ADDRESS)
    if url is None:
        raise SourceRegisterError("has no address", culprit=place, remedy="Fill it in, or remove the row")
    known: dict[str, Any] = {SETTLES[name]: value for name, value in fields.items() if name in SETTLES}
    if (year := known.get("report_year")) is not None:
        known["report_year"] = _year(year, place)
    if (division := known.get("division")) is not None and not load_divisions().knows_code(division):
        raise SourceRegisterError(
            f"{division!r} is no code of a division", culprit=place, remedy="Give CN- and six digits, as CN-411725"
        )
    try:
        Origin(url=url)
        settled = Origin.from_mapping(known, culprit=place) if known else None
    except OriginError as error:
        raise SourceRegisterError(error.message, culprit=place, remedy="See docs/sources.md for its columns") from error
    return Source(url, settled, fields.get(FOLLOW))


def _year(word: str, place: str) -> int:
    if not (word.isascii() and word.isdigit()):
        raise SourceRegisterError(f"{word!r} is no year", culprit=place, remedy="Write the report year, as 2023")
    return int(word)
