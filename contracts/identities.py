"""The identities between indicators, read from ``identities.toml`` and checked while read.

Here belongs what an identity is. Not here: trying them on reports (``assets.validate.identities``).
"""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from contracts.errors import CatalogueError

IDENTITIES_FILE = Path(__file__).parent / "identities.toml"

RELATIONS = ("=", "<=", ">=", "rate")


class Term(NamedTuple):
    """One indicator in a sum."""

    indicator_id: str
    sign: int
    """1, or -1 where it is subtracted."""
    optional: bool
    """Whether it counts as 0 where the report does not state it."""
    previous: bool
    """Whether it is taken from the report of the year before."""


class Identity(NamedTuple):
    """One identity; see the head of ``identities.toml`` for what each part means."""

    id: str
    zh: str
    en: str
    relation: str
    left: tuple[Term, ...]
    right: tuple[Term, ...]
    numerator: Term | None
    denominators: tuple[Term, ...]
    needs: int
    untested: str | None

    @property
    def terms(self) -> tuple[Term, ...]:
        """Every term of it."""
        numerator = (self.numerator,) if self.numerator else ()
        return (*self.left, *self.right, *numerator, *self.denominators)


@lru_cache(maxsize=1)
def load_identities() -> tuple[Identity, ...]:
    """Return the project's identities, in the order of their file."""
    return read_identities(IDENTITIES_FILE)


def read_identities(path: Path) -> tuple[Identity, ...]:
    """Read a file of identities; raises CatalogueError naming the identity that says something it may not."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise CatalogueError(f"is no TOML: {error}", culprit=path.name, remedy="Mend it at that place") from error
    identities = tuple(_identity(path, entry) for entry in data.get("identity", []))
    names = [identity.id for identity in identities]
    for name in names:
        if names.count(name) > 1:
            raise _fault(path, name, "stands twice", "Give each identity an id of its own")
    return identities


_KEYS = {"id", "zh", "en", "relation", "left", "right", "numerator", "denominators", "needs", "untested"}
_TERM = re.compile(r"(?P<sign>-?)(?P<id>[a-z][a-z0-9_]*)(?P<previous>@previous)?(?P<optional>\??)")


def _identity(path: Path, entry: dict[str, Any]) -> Identity:
    name = str(entry.get("id", "?"))
    unknown = sorted(set(entry) - _KEYS)
    if unknown:
        raise _fault(path, name, f"has unknown keys: {', '.join(unknown)}", f"Use {', '.join(sorted(_KEYS))}")
    untested = entry.get("untested")
    relation = entry.get("relation")
    if untested is None and relation not in RELATIONS:
        raise _fault(path, name, f"has no relation ({relation})", f"Write one of {' '.join(RELATIONS)}, or untested")
    rate = relation == "rate"
    if untested is None and not (entry.get("left") and (entry.get("numerator") if rate else entry.get("right"))):
        raise _fault(path, name, "lacks a side", "Write left and right, or for a rate left, numerator and denominators")
    return Identity(
        id=name,
        zh=entry["zh"],
        en=entry["en"],
        relation=relation or "",
        left=_terms(path, name, entry.get("left", [])),
        right=_terms(path, name, entry.get("right", [])),
        numerator=_terms(path, name, [entry["numerator"]])[0] if "numerator" in entry else None,
        denominators=_terms(path, name, entry.get("denominators", [])),
        needs=entry.get("needs", 0),
        untested=untested,
    )


def _terms(path: Path, name: str, words: list[str]) -> tuple[Term, ...]:
    terms = []
    for word in words:
        match = _TERM.fullmatch(word)
        if match is None:
            raise _fault(path, name, f"has a term that cannot be read: {word}", "Write -x, x@previous, x? or x")
        sign = -1 if match["sign"] else 1
        terms.append(Term(match["id"], sign, optional=bool(match["optional"]), previous=bool(match["previous"])))
    return tuple(terms)


def _fault(path: Path, name: str, message: str, remedy: str) -> CatalogueError:
    return CatalogueError(f"identity {name} {message}", culprit=path.name, remedy=remedy)
