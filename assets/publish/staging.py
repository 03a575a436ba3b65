"""The folder of releases: one builder at a time, staged beside the target, renamed, then announced.

Here belong the lock, the staging folder and the files that lead readers to a release (``index.json``, page and feed
of the same content, ``latest.json``). Not here: what a release holds. A process killed at any line leaves ``latest.json`` naming a whole
release: the staging folder is swept by the next builder, and a release that was renamed and not announced is
announced by it.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from assets.publish.notices import Erratum, Tombstone, read_errata, read_tombstone, recover
from assets.publish.site.root import root_files
from contracts.changes import SUMMARY_FILE
from contracts.errors import ReleaseError
from contracts.release import INDEX, LATEST, MANIFEST, NAME, SITE, SUMS, WITHDRAWN, Manifest, Version, dump_json
from warehouse.files import all_written_through, replacing, write_through

_LOCK = ".lock"
_STAGING = ".staging-"


@contextmanager
def exclusively(releases: Path) -> Iterator[None]:
    """Hold the folder of releases alone and sweep what a killed builder left in it.

    The lock dies with the process. Raises ReleaseError where another process holds it.
    """
    releases.mkdir(parents=True, exist_ok=True)
    with (releases / _LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ReleaseError(
                "another process is building a release here",
                culprit=str(releases),
                remedy="Wait until it is done, then try again",
            ) from error
        recover(releases)
        for left in releases.glob(f"{_STAGING}*"):
            shutil.rmtree(left)
        yield


def versions(releases: Path) -> list[Version]:
    """Return the versions of all releases in the folder, withdrawn ones too, oldest first."""
    if not releases.is_dir():
        return []
    names = (entry.name for entry in releases.iterdir() if entry.is_dir() and Version.is_version(entry.name))
    return sorted(Version.parse(name) for name in names)


def standing_versions(releases: Path) -> list[Version]:
    """Return the versions of the releases that are not withdrawn, oldest first."""
    return [version for version in versions(releases) if read_tombstone(releases / str(version)) is None]


def read_manifest(release: Path) -> Manifest:
    """Return the manifest of a release folder; raises ReleaseError where it is withdrawn or cannot be read."""
    stone = read_tombstone(release)
    if stone is not None:
        raise ReleaseError(
            f"it was withdrawn on {stone.withdrawn_on}: {stone.reason}",
            culprit=f"release {stone.version}",
            remedy="Use a later one",
        )
    path = release / MANIFEST
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ReleaseError(
            f"it cannot be read ({type(error).__name__})", culprit=str(path), remedy="Name the folder of a release"
        ) from error
    return Manifest.from_json(text, culprit=str(path))


@contextmanager
def staged(releases: Path, version: Version) -> Iterator[Path]:
    """Yield an empty folder beside the target of ``version``; it is gone afterwards unless it was renamed."""
    stage = releases / f"{_STAGING}{version}"
    stage.mkdir()
    try:
        yield stage
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def settle(stage: Path, version: Version) -> Path:
    """Write ``stage`` through to the disk and rename it to its final place, which must not exist yet.

    Only under ``exclusively``: a rename would succeed over an empty folder.
    """
    target = stage.parent / str(version)
    if target.exists():
        raise ReleaseError(
            "this release exists already and a release never changes",
            culprit=str(target),
            remedy="Release under the next version",
        )
    all_written_through()
    stage.rename(target)
    write_through(target.parent)
    return target


def announce(releases: Path, buried: Tombstone | None = None) -> None:
    """Write ``index.json`` and what follows from it from the release folders that are there, then ``latest.json``.

    Each file is replaced in one step.

    ``buried`` is the tombstone that will stand in the place of a release that is still there.
    """
    errata = read_errata(releases)
    entries = [
        _buried_entry(buried, errata)
        if buried and buried.version == str(version)
        else release_entry(releases / str(version), errata)
        for version in versions(releases)
    ]
    write_whole(releases / INDEX, dump_json({"name": NAME, "releases": entries}))
    for path, text in root_files(entries).items():
        write_whole(releases / path, text)
    standing = [entry for entry in entries if WITHDRAWN not in entry]
    if standing:
        write_whole(releases / LATEST, dump_json({"name": NAME, **standing[-1]}))
    else:
        (releases / LATEST).unlink(missing_ok=True)


def release_entry(release: Path, errata: Iterable[Erratum]) -> dict[str, Any]:
    """Return what ``index.json`` and ``latest.json`` say of the release in a folder, or of its tombstone."""
    stone = read_tombstone(release)
    if stone is not None:
        return _buried_entry(stone, errata)
    manifest = read_manifest(release)
    site = {"site": f"{release.name}/{SITE}/"} if (release / SITE).is_dir() else {}
    return {
        "version": manifest.version,
        "as_of": manifest.as_of,
        "schema_version": manifest.schema_version,
        "method_version": manifest.method_version,
        "path": f"{release.name}/",
        **site,
        "counts": manifest.counts,
        "changes": _changes_in(release),
        "sha256sums_sha256": hashlib.sha256((release / SUMS).read_bytes()).hexdigest(),
        **_errata_of(manifest.version, errata),
    }


def _buried_entry(stone: Tombstone, errata: Iterable[Erratum]) -> dict[str, Any]:
    return {
        "version": stone.version,
        "as_of": stone.as_of,
        "schema_version": stone.schema_version,
        "method_version": stone.method_version,
        "path": f"{stone.version}/",
        WITHDRAWN: {"on": stone.withdrawn_on, "reason": stone.reason},
        **_errata_of(stone.version, errata),
    }


def _changes_in(release: Path) -> int | None:
    """Return how many changes the release makes against the one before it; None where there is none before it."""
    summary = json.loads((release / SUMMARY_FILE).read_text(encoding="utf-8"))
    return None if summary["from"] is None else int(summary["changes"])


def _errata_of(version: str, errata: Iterable[Erratum]) -> dict[str, Any]:
    found = [{"on": entry.on, "note": entry.note} for entry in errata if entry.version == version]
    return {"errata": found} if found else {}


def write_whole(path: Path, text: str) -> None:
    """Replace the file by one that holds ``text``: a reader meets the old one or the new one, never a part."""
    with replacing(path) as part:
        part.write_text(text, encoding="utf-8", newline="\n")
