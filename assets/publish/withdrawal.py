"""Withdraw a release, or put an erratum beside it, in a folder of releases: held alone, then announced.

Here belongs the order of the steps. Not here: what a notice says (``notices``), nor carrying it to where the release was
published (``publication``).
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from assets.publish.notices import Erratum, Tombstone, add_erratum, bury
from assets.publish.staging import announce, exclusively


def withdraw_release(releases: Path, version: str, *, reason: str, on: date) -> Tombstone:
    """Withdraw a release: what it held is removed, its tombstone stays, and ``latest.json`` names the newest that stands.

    Raises:
        InputError: there is no such release, it is withdrawn already, or the reason is not fit to be published.
        ReleaseError: another process works in the folder.
    """
    with exclusively(releases):
        stone = bury(releases, version, reason=reason, on=on, announce=lambda stone: announce(releases, stone))
        announce(releases)
        return stone


def record_erratum(releases: Path, version: str, *, note: str, on: date) -> None:
    """Put an erratum on record: the index says it from now on, and every later release in its CHANGELOG.

    Raises:
        InputError: there is no such release, or the note is not fit to be published.
        ReleaseError: another process works in the folder.
    """
    with exclusively(releases):
        add_erratum(releases, Erratum(version, on.isoformat(), " ".join(note.split())))
        announce(releases)
