"""TOML files that people edit: their tables, read with checks whose errors name the line.

Here belongs what any such file needs: where a table stands, and how a text, a list, a number or one of a few words
is asked of it. Not here: what the tables mean (``contracts.indicators``).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any, TypeGuard

import rtoml

from contracts.errors import CatalogueError


class Entry:
    """A table of a TOML file, or the whole file; ``data`` is what it holds.

    Every method that asks for a value raises ``CatalogueError`` with file and line when it is missing or of another
    kind than asked for.
    """

    def __init__(self, file: str, content: str, data: dict[str, Any], *, header: str = "", place: int = 0) -> None:
        """Take the ``place``-th table under ``header``, the whole file under none; ``content`` is that of the file."""
        self.file = file
        self.data = data
        self.owner = str(data.get("id", header)) if header else file
        self._content = content
        self._header, self._place = header, place

    def error(self, message: str, remedy: str, *marks: str) -> CatalogueError:
        """Make an error at the line where ``marks`` follow one another, or at the table's first line."""
        lines = self._content.splitlines()
        at, last = self._stretch(lines)
        found = at
        for mark in marks:
            at = next((line for line in range(at, last) if mark in lines[line]), -1)
            if at < 0:
                break
            found = at
        return CatalogueError(message, culprit=f"{self.file}:{found + 1}", remedy=remedy)

    def check_keys(self, allowed: Collection[str], what: str) -> None:
        """Refuse any key but the allowed ones; ``what`` names them."""
        for key in self.data:
            if key not in allowed:
                remedy = f"use one of {', '.join(sorted(allowed))}"
                raise self.error(f"{self.owner} has an unknown {what} {key}", remedy, key)

    def table(self, key: str) -> Entry | None:
        """Return the table ``[key]``, None where the file has none."""
        data = self.data.get(key)
        if data is None:
            return None
        if not isinstance(data, dict):
            raise self.error(f"{key} must be a table", f"write [{key}] and below it what belongs to it", key)
        return Entry(self.file, self._content, data, header=f"[{key}]")

    def tables(self, key: str) -> list[Entry]:
        """Return the tables ``[[key]]`` in their order."""
        tables = self.data.get(key, [])
        if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
            raise self.error(f"{key} must be a list of tables", f"write [[{key}]] above each", f"[{key}]")
        return [
            Entry(self.file, self._content, table, header=f"[[{key}]]", place=place)
            for place, table in enumerate(tables)
        ]

    def text(self, key: str) -> str:
        """Return a text that must be there."""
        value = self.data.get(key)
        if not isinstance(value, str) or not value:
            raise self.error(f"{self.owner} has no {key}", f'write {key} = "…"', f"{key} =")
        return value

    def texts(self, key: str) -> list[str]:
        """Return a list of texts, empty where the key is missing."""
        value = self.data.get(key, [])
        if not _are_texts(value):
            raise self.error(f"{key} must be a list of texts", f'write {key} = ["…", "…"]', f"{key} =")
        return value

    def lists(self) -> Iterable[tuple[str, list[str]]]:
        """Yield the lists of words that the table holds, by name."""
        for name, words in self.data.items():
            if not _are_texts(words):
                raise self.error(f"{self.owner.strip('[]')}.{name} must be a list of words", 'write ["…", "…"]', name)
            yield name, words

    def choice(self, key: str, allowed: Collection[str], default: str) -> str:
        """Return one of a few words."""
        value = self.data.get(key, default)
        if value not in allowed:
            raise self.error(f"{key} cannot be {value!r}", f"use one of {_listed(allowed)}", f"{key} =")
        return str(value)

    def choices(self, key: str, allowed: Collection[str]) -> list[str]:
        """Return a list of such words."""
        values = self.texts(key)
        for value in values:
            if value not in allowed:
                raise self.error(f"{key} cannot hold {value!r}", f"use some of {_listed(allowed)}", f"{key} =", value)
        return values

    def number(self, key: str, default: float | None) -> float | None:
        """Return a number."""
        value = self.data.get(key, default)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
            raise self.error(f"{key} must be a number", f"write {key} = 0", f"{key} =")
        return None if value is None else float(value)

    def year(self, key: str) -> int | None:
        """Return a year, None where the key is missing."""
        value = self.data.get(key)
        if value is not None and (
            isinstance(value, bool) or not isinstance(value, int) or not _A_YEAR < value < _NO_YEAR
        ):
            raise self.error(f"{key} must be a year", f"write {key} = 2021", f"{key} =")
        return value

    def flag(self, key: str) -> bool:
        """Return true or false; false where the key is missing."""
        value = self.data.get(key, False)
        if not isinstance(value, bool):
            raise self.error(f"{key} must be true or false", f"write {key} = true", f"{key} =")
        return value

    def _stretch(self, lines: list[str]) -> tuple[int, int]:
        """Return the lines of the table, counted from 0, end exclusive: from its header to the next one."""
        if not self._header:
            return 0, len(lines)
        headers = [line for line, content in enumerate(lines) if content.lstrip().startswith("[")]
        own = [line for line in headers if lines[line].strip().startswith(self._header)]
        first = own[self._place] if self._place < len(own) else 0
        return first, next((line for line in headers if line > first), len(lines))


def read_entries(path: Path, content: bytes) -> Entry:
    """Return a file's top table.

    Raises ``CatalogueError`` when ``content`` is not UTF-8 or no TOML, with the line at which it stops being that.
    """
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise CatalogueError("is not UTF-8", culprit=path.name, remedy="save it with the encoding UTF-8") from error
    try:
        data = rtoml.loads(text)
    except rtoml.TomlParsingError as error:
        line = re.search(r"line (\d+)", str(error))
        raise CatalogueError(
            f"is no TOML: {error}",
            culprit=f"{path.name}:{line[1]}" if line else path.name,
            remedy="look there for a quotation mark, a comma or a bracket that is missing, or a name given twice",
        ) from error
    return Entry(path.name, text, data)


def _are_texts(value: object) -> TypeGuard[list[str]]:
    return isinstance(value, list) and all(value) and {str}.issuperset(map(type, value))


def _listed(words: Iterable[str]) -> str:
    return ", ".join(word or '""' for word in words)


_A_YEAR, _NO_YEAR = 1900, 2100
