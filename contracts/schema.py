"""The language in which tables are declared: field, table, quarantine, partition.

Here belong the words and nothing said with them: the tables are in ``contracts.tables``, what follows from a
declaration (rules, schemas, dictionaries) in ``contracts.rules`` and ``contracts.projections``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from contracts.codelists import Codelist


class Type(StrEnum):
    """The types a column may have; every projection has one word for each."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    DATE = "date"
    TIMESTAMP = "timestamp"


@dataclass(frozen=True, slots=True)
class Deprecation:
    """The notice that a column will go: since which day releases say so, and the column of its table to use instead."""

    since: date
    use: str | None = None

    @property
    def zh(self) -> str:
        """The notice in Chinese."""
        return f"【自{self.since}起停用" + (f"，请改用{self.use}】" if self.use else "】")

    @property
    def en(self) -> str:
        """The notice in English."""
        return f"[deprecated since {self.since}" + (f", use {self.use}]" if self.use else "]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One column: its type, its names, its meaning and what may stand in it."""

    name: str
    type: Type
    zh: str
    en: str
    meaning_zh: str
    meaning_en: str
    nullable: bool = False
    codelist: Codelist | None = None
    minimum: float | None = None
    maximum: float | None = None
    pattern: str | None = None
    """What the whole of a text must match."""
    references: tuple[str, str] | None = None
    """The table and column in which the value must be found."""
    unit: str | None = None
    """The unit of every value of the column, where they share one."""
    deprecated: Deprecation | None = None

    @property
    def said_zh(self) -> str:
        """What readers are told of the column in Chinese: its meaning, and the notice if it will go."""
        return self.meaning_zh + (self.deprecated.zh if self.deprecated else "")

    @property
    def said_en(self) -> str:
        """The same in English."""
        return self.meaning_en + (f" {self.deprecated.en}" if self.deprecated else "")


@dataclass(frozen=True, slots=True)
class Quarantine:
    """The route of bad rows to ``rejected``: how many a table bears before it fails as a whole."""

    share: float
    """The share of the offered rows past which the table fails."""
    spare: int = 20
    """As many bad rows are borne whatever their share, so that a small batch is not judged by one row."""

    def bears(self, broken: int, offered: int) -> bool:
        """Return whether ``broken`` of ``offered`` rows may be filed away and the rest kept."""
        return broken <= max(self.spare, self.share * offered)


@dataclass(frozen=True, slots=True)
class Partition:
    """How a large table is cut into files: by a column, or by the first characters of one."""

    column: str
    characters: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One table: what a row is, its key, its columns, and what happens to a row that breaks a rule."""

    name: str
    zh: str
    en: str
    row_zh: str
    row_en: str
    key: tuple[str, ...]
    fields: tuple[Field, ...]
    quarantine: Quarantine | None = None
    """Where None, one bad row fails the table and the last good one stays."""
    partition: Partition | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns, in order."""
        return tuple(field.name for field in self.fields)

    def field(self, name: str) -> Field:
        """Return the field of that name; raises KeyError where there is none."""
        for field in self.fields:
            if field.name == name:
                return field
        raise KeyError(f"{self.name}.{name}")

    @property
    def parents(self) -> tuple[str, ...]:
        """The names of the other tables that its rows point into, each once."""
        found = (field.references[0] for field in self.fields if field.references)
        return tuple(dict.fromkeys(name for name in found if name != self.name))
