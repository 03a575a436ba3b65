"""Corrections applied to observations, each only where the row says what the correction expects.

Here belongs applying them. Not here: the corrections and their file (``contracts.corrections``).
"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from contracts.corrections import CORRECTIONS_FILE, Correction
from contracts.errors import ContractError

FLAG = "corrected"


def apply_corrections(observations: pd.DataFrame, corrections: Iterable[Correction]) -> pd.DataFrame:
    """Return the observations with every correction applied and its rows flagged ``corrected``.

    Raises ContractError at the first correction whose observation is not there or says something else than expected.
    """
    corrections = list(corrections)
    corrected = observations.reset_index(drop=True)
    if not corrections:
        return corrected
    rows = {str(name): row for row, name in enumerate(corrected["observation_id"])}
    for correction in corrections:
        row = rows.get(correction.observation_id)
        if row is None:
            raise mismatch(correction, "there is no such observation")
        found = _said(corrected.loc[row, correction.column])
        if not _same(correction.expected, found):
            raise mismatch(correction, f"{correction.column} is {found!r} where {correction.expected!r} was expected")
        is_number = correction.column == "value"
        value = float(correction.corrected) if is_number and correction.corrected else correction.corrected
        corrected.loc[row, correction.column] = value
        flags = _said(corrected.loc[row, "flags"])
        corrected.loc[row, "flags"] = FLAG if flags is None else f"{flags};{FLAG}"
    return corrected


def mismatch(correction: Correction, message: str) -> ContractError:
    """Return the error that tells of a correction that matches nothing."""
    return ContractError(
        f"the correction of {correction.observation_id} matches nothing: {message}",
        culprit=f"{CORRECTIONS_FILE.name}:{correction.line}",
        remedy="The report or a rule changed: read the evidence again and mend the line or take it out",
    )


def _said(value: object) -> str | None:
    if value is None or value != value:  # noqa: PLR0124 - NaN, whatever its type
        return None
    return str(value)


def _same(expected: str | None, found: str | None) -> bool:
    if expected is None or found is None:
        return expected == found
    try:
        return float(expected) == float(found)
    except ValueError:
        return expected == found
