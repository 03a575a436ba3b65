"""What a pass finds, with spans in the readable text: facts and lines of the ledger in the making.

Here belong the records that the stages hand on. Not here: the records that users meet (``assets.parse.facts``).
"""

from __future__ import annotations

from typing import NamedTuple

from assets.parse.grammar import Rule


class Fact(NamedTuple):
    """An observation in the making; ``value_start`` and ``value_end`` are None when no numeral states it."""

    rule: Rule
    scope: str
    period: str
    dimension: str | None
    value: float
    qualifier: str
    start: int
    end: int
    value_start: int | None
    value_end: int | None
    section: str
    flags: tuple[str, ...]


class Entry(NamedTuple):
    """A line of the ledger in the making; ``fact`` is the number of the first fact that the numeral states."""

    start: int
    end: int
    class_: str
    kind: str
    rule_id: str | None
    fact: int | None


class Findings(NamedTuple):
    """Facts and ledger of a text, in its order."""

    facts: list[Fact]
    entries: list[Entry]
