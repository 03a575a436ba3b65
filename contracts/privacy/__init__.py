"""Privacy: the words from which it is told that a report names a private person.

Here belong the data (``names.toml``) and its reading. Not here: finding and masking names (``assets.publish.masking``).
"""

from __future__ import annotations

import hashlib
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from contracts.errors import CatalogueError

NAMES_FILE = Path(__file__).parent / "names.toml"


class NameWords(NamedTuple):
    """What is known of names; each field is explained where it is declared, in ``names.toml``."""

    roles: tuple[str, ...]
    kinds: tuple[str, ...]
    addresses: tuple[str, ...]
    openings: tuple[str, ...]
    matters: tuple[str, ...]
    offices: tuple[str, ...]
    followers: tuple[str, ...]
    never: str
    words: tuple[str, ...]
    surnames: str
    compound_surnames: tuple[str, ...]
    uncertain: str
    version: str
    """A short hash of the file: another one where it says something else."""


@lru_cache(maxsize=1)
def load_name_words() -> NameWords:
    """Return the project's words."""
    return read_name_words(NAMES_FILE)


def read_name_words(path: Path) -> NameWords:
    """Read such a file; raises CatalogueError where it lacks a list, has one too many, or an empty entry."""
    content = path.read_bytes()
    try:
        stated = tomllib.loads(content.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CatalogueError(f"is no TOML ({error})", culprit=path.name, remedy="Mend it") from error
    wanted = [name for name in NameWords._fields if name != "version"]
    for name in sorted(set(wanted) ^ set(stated)):
        raise CatalogueError(
            f"{name} is {'missing' if name in wanted else 'unknown'}",
            culprit=path.name,
            remedy="Declare each list once",
        )
    lists: dict[str, Any] = {name: value if isinstance(value, str) else tuple(value) for name, value in stated.items()}
    for name, value in lists.items():
        if not value or not all(isinstance(entry, str) and entry for entry in value):
            raise CatalogueError(f"{name} has an empty entry or none", culprit=path.name, remedy="Write words")
    return NameWords(**lists, version=hashlib.sha256(content).hexdigest()[:12])
