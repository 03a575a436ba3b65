"""Which version a release needs: computed from what changed, so that a smaller one can be refused.

Here belong the rules of SemVer for the schema (columns and codes) and for the method (what it makes of the same text).
Not here: the release's own version, which is a date. ``county_year_wide`` stays out: its columns are the catalogue.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Literal, NamedTuple

from contracts.changes import SemVer
from contracts.errors import ReleaseError
from contracts.schema import Field, Table

if TYPE_CHECKING:
    from assets.publish.diff import Change  # which asks this module, too

Part = Literal["major", "minor", "patch"]
_ORDER: tuple[Part, ...] = ("patch", "minor", "major")


class Need(NamedTuple):
    """One difference, and the part of the version that it raises at least."""

    part: Part
    why: str


def schema_needs(old: Mapping[str, Table], new: Mapping[str, Table]) -> list[Need]:
    """Return what the schema of a release needs: major where a reader of the old one breaks, minor where it gains.

    Major: a table, column or code went, a column moved, changed its type or unit, became nullable or lost its bounds
    or pattern, a key changed. Minor: a table, column or code came, a column promises more or is declared deprecated.
    Patch: other words.
    """
    needs = [Need("major", f"the table {name} went") for name in old if name not in new]
    needs += [Need("minor", f"the table {name} came") for name in new if name not in old]
    for name in old.keys() & new.keys() - {"county_year_wide"}:
        needs += _table_needs(old[name], new[name])
    return sorted(needs, key=lambda need: (-_ORDER.index(need.part), need.why))


def method_needs(changes: Iterable[Change]) -> list[Need]:
    """Return what the method needs: minor where it took back or changed a fact, patch where it only found more."""
    kinds = {
        change.change for change in changes if change.reason == "extractor" and change.table_name == "observations"
    }
    if kinds & {"changed", "removed"}:
        return [Need("minor", "the method reads facts differently that were released before")]
    return [Need("patch", "the method finds more facts in the same texts")] if kinds else []


def refuse_too_small(what: str, old: str, new: str, needs: Iterable[Need]) -> None:
    """Raise ReleaseError where ``new`` is a smaller step from ``old`` than ``needs`` ask for, or a step back."""
    before, after = SemVer.parse(old), SemVer.parse(new)
    need = max(needs, key=lambda need: _ORDER.index(need.part), default=None)
    least = before.bumped(need.part if need else None)
    if after < least:
        why = f" because {need.why}" if need else ""
        raise ReleaseError(
            f"the {what} version {new} is too small: after {old} at least {least} is needed{why}",
            culprit=what,
            remedy=f"Raise it to {least}",
        )


def _table_needs(old: Table, new: Table) -> Iterator[Need]:
    if old.key != new.key:
        yield Need("major", f"the key of {old.name} changed")
    for name in old.columns:
        if name not in new.columns:
            yield Need("major", f"the column {old.name}.{name} went")
    for name in new.columns:
        if name not in old.columns:
            yield Need("minor", f"the column {new.name}.{name} came")
    kept = [name for name in old.columns if name in new.columns]
    if kept != [name for name in new.columns if name in old.columns]:
        yield Need("major", f"the columns of {old.name} stand in another order")
    for name in kept:
        yield from _field_needs(f"{old.name}.{name}", old.field(name), new.field(name))


def _field_needs(at: str, old: Field, new: Field) -> Iterator[Need]:
    for word, before, after in (("type", old.type, new.type), ("unit", old.unit, new.unit)):
        if before != after:
            yield Need("major", f"the {word} of {at} changed")
    codes = [set(field.codelist.codes) if field.codelist else None for field in (old, new)]
    if codes[0] is not None and (codes[1] is None or codes[0] - codes[1]):
        yield Need("major", f"{at} lost codes")
    elif codes[1] is not None and (codes[0] is None or codes[1] - codes[0]):
        yield Need("minor", f"{at} gained codes")
    if old.deprecated != new.deprecated:
        yield Need("minor", f"{at} is declared deprecated" if new.deprecated else f"{at} is no longer deprecated")
    promises = [
        (not field.nullable, field.minimum, field.maximum, field.pattern, field.references) for field in (old, new)
    ]
    for before, after in zip(*promises, strict=True):
        if before != after:
            yield Need("minor" if before in {None, False} else "major", f"{at} has other bounds")
    if (old.zh, old.en, old.meaning_zh, old.meaning_en) != (new.zh, new.en, new.meaning_zh, new.meaning_en):
        yield Need("patch", f"{at} is described in other words")
