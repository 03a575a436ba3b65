"""The origin record: where stored bytes came from, and what a person knows about them that the text may not say.

Belongs here: its fields, their forms, its JSON and the merging of two. Not here: reading it from beside a file and keeping it
(`assets.ingest`), nor what is concluded from it (`assets.parse.identity`).
The fields are explained for users in `docs/origin-records.md`.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from typing import Any, Self

from contracts.codelists import DOCUMENT_KIND
from contracts.errors import InputError


class OriginError(InputError):
    """An origin record has an unknown field or a value that its field may not hold."""


@dataclass(frozen=True, kw_only=True)
class Origin:
    """What is known about stored bytes from outside their text; None is *not known*."""

    path: str | None = None
    """Name of the input file, relative to the folder that was ingested, with `/` between parts."""
    url: str | None = None
    """Address the file was published under."""
    publisher: str | None = None
    """Body or site that published it."""
    title: str | None = None
    """Official title of the document."""
    document_number: str | None = None
    """Official document number, for example `某政文〔2023〕1号`."""
    licence: str | None = None
    """SPDX id or a plain sentence on reuse."""
    retrieved_at: str | None = None
    """When the bytes were fetched or first ingested, UTC, `2026-11-22T08:00:00Z`."""
    etag: str | None = None
    """What the host called this state of the page, for asking whether it has changed."""
    last_modified: str | None = None
    """When the host says the page last changed, in its own words."""
    published_on: str | None = None
    """Publication date, `2023-01-30`."""
    division: str | None = None
    """`CN-411725`: settles by hand whose report it is."""
    report_year: int | None = None
    """Settles by hand which year it reports on."""
    kind: str | None = None
    """Settles by hand what kind of report it is."""
    note: str | None = None
    """Anything a reader of the data should know, for example that the text is a digest."""

    def __post_init__(self) -> None:
        """Refuses values of the wrong type or form.

        Raises:
            OriginError: naming the field.
        """
        for name, value in vars(self).items():
            expected = int if name == "report_year" else str
            if value is not None and (not isinstance(value, expected) or isinstance(value, bool)):
                raise _broken(f"field {name!r} is {value!r}, not {expected.__name__}")
            if isinstance(value, str) and not value.isascii() and _LONE_SURROGATE.search(value):
                raise _broken(f"field {name!r} holds half a character")
        for name, (form, example) in _FORMS.items():
            value = getattr(self, name)
            if value is not None and not form.fullmatch(value):
                raise _broken(f"field {name!r} is {value!r}, not of the form {example}")
        if self.kind is not None and self.kind not in DOCUMENT_KIND.codes:
            raise _broken(f"field 'kind' is {self.kind!r}, not one of {', '.join(DOCUMENT_KIND.codes)}")
        if self.report_year is not None and not _FIRST_YEAR <= self.report_year <= _LAST_YEAR:
            raise _broken(f"field 'report_year' is {self.report_year}, not between {_FIRST_YEAR} and {_LAST_YEAR}")

    @classmethod
    def from_mapping(cls, values: Any, *, culprit: str) -> Self:
        """The record held by `values`, what a JSON or TOML file was parsed to.

        Raises:
            OriginError: for anything but a mapping, for unknown fields and bad values; `culprit` names where they stand.
        """
        if not isinstance(values, Mapping):
            raise OriginError("holds no fields", culprit=culprit, remedy="Write one object of fields")
        if unknown := sorted(set(values) - {field.name for field in fields(cls)}):
            known = ", ".join(field.name for field in fields(cls))
            raise OriginError(
                f"unknown field {unknown[0]!r}", culprit=culprit, remedy=f"Use only these fields: {known}"
            )
        try:
            return cls(**{name: _plain(value) for name, value in values.items()})
        except OriginError as error:
            raise OriginError(error.message, culprit=culprit, remedy=error.remedy) from None

    def over(self, older: "Origin") -> "Origin":
        """This record with the gaps filled from `older`; the first retrieval and the first path stay."""
        merged = {name: value for name, value in vars(self).items() if value is not None}
        first = {"retrieved_at": older.retrieved_at, "path": older.path}
        return replace(older, **(merged | {name: value for name, value in first.items() if value is not None}))

    def to_json(self) -> str:
        """Canonical JSON: sorted fields, nulls left out, a line end."""
        known = {name: value for name, value in vars(self).items() if value is not None}
        return json.dumps(known, ensure_ascii=False, sort_keys=True, indent=1) + "\n"


def timestamp(moment: datetime) -> str:
    """`moment` as origin records hold it: UTC to the second, `2026-11-22T08:00:00Z`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


_FIRST_YEAR, _LAST_YEAR = 2000, 2099
_LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")
_FORMS = {
    "division": (re.compile(r"CN-[1-9]\d{5}"), "CN-411725"),
    "retrieved_at": (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"), "2026-11-22T08:00:00Z"),
    "published_on": (re.compile(r"\d{4}-\d\d-\d\d"), "2023-01-30"),
    "url": (re.compile(r"https?://\S+"), "https://host/page"),
}


def _plain(value: Any) -> Any:
    """TOML's own dates as the text that JSON records hold; an empty field is one that is not known."""
    if isinstance(value, datetime):
        return timestamp(value if value.tzinfo else value.replace(tzinfo=UTC))
    return value.isoformat() if hasattr(value, "isoformat") else (value if value != "" else None)


def _broken(message: str) -> OriginError:
    return OriginError(message, culprit="origin record", remedy="See docs/origin-records.md for its fields")
