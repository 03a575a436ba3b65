"""What is said of a release after it was made: that it has an error, or that it is withdrawn.

Here belong both kinds of notice and their place in the folder of releases. A release itself never changes: an erratum
stands beside it, and a withdrawn one gives way to its tombstone. Not here: what an index or a page makes of them.

The tombstone stands where the release stood, so that its version is never given again. It keeps the register of ids,
which forgets none, and nothing else of what the release held.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import NamedTuple

from assets.publish.masking import find_names
from contracts.changes import IDS_FILE
from contracts.errors import InputError, ReleaseError
from contracts.release import ERRATA, MANIFEST, SUMS, TOMBSTONE, Manifest, Version, dump_json
from warehouse.files import replacing, write_through

_FORMAT = "fazhi-tombstone/1"
_LEAVING = ".leaving-"


class Erratum(NamedTuple):
    """One error of a release that became known later."""

    version: str
    on: str
    note: str


class Notice(NamedTuple):
    """What later releases say of an earlier one."""

    on: str
    version: str
    words: str
    withdrawn: bool


class Tombstone(NamedTuple):
    """What stays of a withdrawn release."""

    format: str
    version: str
    as_of: str
    schema_version: str
    method_version: str
    content_sha256: str
    sha256sums_sha256: str
    withdrawn_on: str
    reason: str

    def to_json(self) -> str:
        """Return it as the text of ``withdrawn.json``."""
        return dump_json(self._asdict())


def read_tombstone(release: Path) -> Tombstone | None:
    """Return the tombstone in the folder of a release; None where it stands. Raises ReleaseError where it is broken."""
    path = release / TOMBSTONE
    if not path.is_file():
        return None
    try:
        stated = json.loads(path.read_text(encoding="utf-8"))
        return Tombstone(**{name: stated[name] for name in ("format", *Tombstone._fields)})
    except (ValueError, KeyError, TypeError) as error:
        raise ReleaseError(
            f"it is no tombstone ({error})", culprit=str(path), remedy="Put it back from where it was published"
        ) from error


def read_errata(releases: Path) -> list[Erratum]:
    """Return all errata of a folder of releases, in the order in which they became known."""
    path = releases / ERRATA
    if not path.is_file():
        return []
    try:
        return [Erratum(**entry) for entry in json.loads(path.read_text(encoding="utf-8"))]
    except (ValueError, TypeError) as error:
        raise ReleaseError(
            f"it is no list of errata ({error})", culprit=str(path), remedy="Write version, on and note for each"
        ) from error


def notices_in(releases: Path) -> list[Notice]:
    """Return every erratum and withdrawal of a folder of releases, oldest first."""
    errata = [Notice(entry.on, entry.version, entry.note, withdrawn=False) for entry in read_errata(releases)]
    folders = (path for path in releases.iterdir() if Version.is_version(path.name))
    stones = (stone for folder in folders if (stone := read_tombstone(folder)))
    buried = [Notice(stone.withdrawn_on, stone.version, stone.reason, withdrawn=True) for stone in stones]
    return sorted([*errata, *buried], key=lambda notice: (notice.on, Version.parse(notice.version)))


def add_erratum(releases: Path, erratum: Erratum) -> None:
    """Put an erratum on record, once; the caller holds the folder and announces it.

    Raises InputError where it names no release of the folder, says nothing, or names a private person.
    """
    _refuse_unfit(releases, erratum.version, erratum.note)
    known = read_errata(releases)
    if all((entry.version, entry.note) != (erratum.version, erratum.note) for entry in known):
        with replacing(releases / ERRATA) as part:
            part.write_text(dump_json([entry._asdict() for entry in [*known, erratum]]), encoding="utf-8", newline="\n")


def bury(releases: Path, version: str, *, reason: str, on: date, announce: Callable[[Tombstone], None]) -> Tombstone:
    """Put a tombstone in the place of a release and remove what it held; the caller holds the folder.

    ``announce`` is called before anything goes, so that nothing leads to a release that is not there any more. Killed at
    any line, the release stands whole or its tombstone does (``recover``).

    Raises InputError where there is no such release, it is withdrawn already, or ``reason`` is not fit to be read.
    """
    _refuse_unfit(releases, version, reason)
    release = releases / version
    if read_tombstone(release):
        raise InputError("it is withdrawn already", culprit=version, remedy="Nothing is left to do")
    text = (release / MANIFEST).read_text(encoding="utf-8")
    manifest = Manifest.from_json(text, culprit=str(release / MANIFEST))
    stone = Tombstone(
        format=_FORMAT,
        version=version,
        as_of=manifest.as_of,
        schema_version=manifest.schema_version,
        method_version=manifest.method_version,
        content_sha256=manifest.content_sha256,
        sha256sums_sha256=hashlib.sha256((release / SUMS).read_bytes()).hexdigest(),
        withdrawn_on=on.isoformat(),
        reason=" ".join(reason.split()),
    )
    stage = releases / f".staging-{version}"
    (stage / IDS_FILE).parent.mkdir(parents=True)
    shutil.copyfile(release / IDS_FILE, stage / IDS_FILE)
    (stage / TOMBSTONE).write_text(stone.to_json(), encoding="utf-8", newline="\n")
    for path in sorted(stage.rglob("*")):
        write_through(path)
    announce(stone)
    leaving = releases / f"{_LEAVING}{version}"
    release.rename(leaving)
    stage.rename(release)
    write_through(releases)
    shutil.rmtree(leaving)
    return stone


def recover(releases: Path) -> None:
    """Finish or undo a withdrawal that was killed: where the tombstone is not in place, the release comes back."""
    for leaving in releases.glob(f"{_LEAVING}*"):
        release = releases / leaving.name.removeprefix(_LEAVING)
        if release.exists():
            shutil.rmtree(leaving)
        else:
            leaving.rename(release)


def _refuse_unfit(releases: Path, version: str, words: str) -> None:
    if not (Version.is_version(version) and (releases / version).is_dir()):
        raise InputError("there is no such release here", culprit=version, remedy="fazhi status names the latest one")
    if not words.strip():
        raise InputError("no reason is given", culprit=version, remedy="Say what is wrong, in a sentence")
    if find_names(words):
        raise InputError(
            "the words name a private person", culprit=version, remedy="Say it without the name: it will be published"
        )
