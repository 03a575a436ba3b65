"""What reading a text yields: observations and the ledger of its numerals.

Here belong the two records and nothing that makes them.
"""

from __future__ import annotations

from typing import NamedTuple


class Observation(NamedTuple):
    """One stated fact, its span in the text as read (code points, end exclusive).

    ``value`` is in the unit of the indicator. ``value_start``/``value_end`` are None when no numeral states it.
    """

    indicator_id: str
    scope: str
    period: str
    dimension: str | None
    value: float | None
    unit: str
    qualifier: str
    obs_status: str
    evidence: str
    char_start: int
    char_end: int
    value_start: int | None
    value_end: int | None
    section: str
    rule_id: str
    flags: tuple[str, ...]


class Numeral(NamedTuple):
    """One numeral of the text: a line of the ledger; ``observation`` indexes the observations it states."""

    char_start: int
    char_end: int
    text: str
    class_: str
    kind: str
    rule_id: str | None
    observation: int | None


class Extraction(NamedTuple):
    """All facts of a text, and an account of all its numerals, both in the order of the text."""

    observations: list[Observation]
    numerals: list[Numeral]
