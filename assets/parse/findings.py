"""What a pass finds, with spans in the readable text: facts and lines of the ledger in the making.

Here belong the records that the stages hand on. Not here: the records that users meet (``assets.parse.facts``).
"""

from __future__ import annotations

from typing import NamedTuple, final

from assets.parse.grammar import Rule
from assets.parse.scan import Scanned


@final
class Fact:
    """An observation in the making: ``text[start:end]`` states it, ``numeral`` is None when no numeral does."""

    def __init__(
        self,
        rule: Rule,
        numeral: Scanned | None,
        *,
        scope: str,
        period: str,
        dimension: str | None,
        value: float,
        qualifier: str,
        start: int,
        end: int,
        section: str,
        flags: tuple[str, ...] = (),
    ) -> None:
        """Hold what a number or a word says by a rule."""
        self.rule = rule
        self.numeral = numeral
        self.scope = scope
        self.period = period
        self.dimension = dimension
        self.value = value
        self.qualifier = qualifier
        self.start = start
        self.end = end
        self.section = section
        self.flags = flags


@final
class Entry:
    """A line of the ledger in the making; ``fact`` is the number of the first fact that the numeral states."""

    def __init__(
        self, numeral: Scanned, class_: str, kind: str, rule_id: str | None = None, fact: int | None = None
    ) -> None:
        """Hold what became of a numeral."""
        self.start = numeral.start
        self.end = numeral.end
        self.class_ = class_
        self.kind = kind
        self.rule_id = rule_id
        self.fact = fact


class Findings(NamedTuple):
    """Facts and ledger of a text, in its order."""

    facts: list[Fact]
    entries: list[Entry]


def without(found: Findings, parts: set[int]) -> Findings:
    """Return findings without the facts of these numbers, whose numerals are queued as parts of what they add up to."""
    if not parts:
        return found
    kept = [number for number in range(len(found.facts)) if number not in parts]
    moved = {number: place for place, number in enumerate(kept)}
    for entry in found.entries:
        if entry.fact in parts:
            entry.class_, entry.kind, entry.rule_id, entry.fact = "queued", "uncatalogued", None, None
        elif entry.fact is not None:
            entry.fact = moved[entry.fact]
    return Findings([found.facts[number] for number in kept], found.entries)
