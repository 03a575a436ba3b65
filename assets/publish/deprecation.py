"""Columns do not go without notice: what a release must have said before a later one may leave a column out.

Here belongs the window and what follows from it for two releases. Not here: how large a step of the schema is (``bump``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

from assets.publish.bump import schema_needs
from contracts.errors import ReleaseError
from contracts.schema import Field, Table

NOTICE = timedelta(days=365)
"""How long a column stays after it was declared deprecated."""

Tables = Mapping[str, Table]


def refuse_unannounced(old: Tables, new: Tables, *, old_as_of: date, new_as_of: date) -> None:
    """Raise ReleaseError where a column goes without its notice, or a notice claims to be older than it is.

    The notice is what the older release itself says: readers of it could know. Columns of the catalogue's wide table
    come and go with the indicators.
    """
    for column in sorted(_columns(old).keys() - _columns(new).keys()):
        notice = _columns(old)[column].deprecated
        if notice is None or notice.since + NOTICE > new_as_of:
            said = f"deprecated only since {notice.since}" if notice else "never declared deprecated"
            raise ReleaseError(
                f"the column {column} may not go yet: it is {said}",
                culprit="schema",
                remedy=f"Keep it, with deprecated=Deprecation(since=...), for {NOTICE.days} days of releases",
            )
    for column, field in _columns(new).items():
        before = _columns(old).get(column)
        if field.deprecated and before and not before.deprecated and field.deprecated.since < old_as_of:
            raise ReleaseError(
                f"the notice of {column} is dated {field.deprecated.since}, but the release of {old_as_of} does not have it",
                culprit="schema",
                remedy="Date it with the day of the first release that says so",
            )


def only_announced(old: Tables, new: Tables) -> bool:
    """Whether all that breaks between two schemas is that columns went which the older one declares deprecated."""
    gone = {column for column, field in _columns(old).items() if field.deprecated} - _columns(new).keys()
    kept = {
        name: replace(table, fields=tuple(f for f in table.fields if f"{name}.{f.name}" not in gone))
        for name, table in old.items()
    }
    return bool(gone) and all(need.part != "major" for need in schema_needs(kept, new))


def _columns(tables: Tables) -> dict[str, Field]:
    """Return the columns by table and name."""
    return {
        f"{name}.{field.name}": field
        for name, table in tables.items()
        if name != "county_year_wide"
        for field in table.fields
    }
