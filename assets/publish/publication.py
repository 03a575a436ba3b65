"""Publish: bring a verified release to a target, so that readers meet the old state or the new one and nothing between.

Here belongs the order: all files of the release (each created, never replaced; the sums last), then ``index.json`` with
its page and feed, then ``latest.json``. Repeating it is safe, whatever step it stopped at. Not here: how a target writes (``targets``).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from assets.publish.notices import read_errata, read_tombstone
from assets.publish.site.root import root_files
from assets.publish.staging import release_entry
from assets.publish.sums import file_paths, read_sums
from assets.publish.targets import Target
from assets.publish.verify import verify_release
from contracts.errors import ReleaseError
from contracts.release import INDEX, LATEST, NAME, SIGNATURE, SUMS, TOMBSTONE, WITHDRAWN, Version, dump_json


class Published(NamedTuple):
    """What publishing did: the files that were put, those that were there already, and what ``latest`` is now."""

    created: int
    present: int
    latest: str | None
    """None where every release there is withdrawn."""


def publish_release(folder: Path, target: Target, progress: Callable[[str], None] = lambda _: None) -> Published:
    """Publish the release in ``folder``, or its tombstone; return what was done.

    ``progress`` is told the path of each file. ``latest`` moves forward only: publishing an older release again leaves
    it. A tombstone takes the place of what was published: nothing leads to the release any more, then its files go.

    Raises:
        ReleaseError: the release does not verify, another release of this version is published there, the target does
            not keep create-only writes, or somebody else published meanwhile. ``latest`` is then as it was.
    """
    stone = read_tombstone(folder)
    if stone is not None:
        return _publish_tombstone(folder, target, progress)
    findings = verify_release(folder).findings
    if findings:
        raise ReleaseError(
            f"it does not verify: {findings[0]}",
            culprit=str(folder),
            remedy="Publish a release that fazhi verify passes",
        )
    target.probe()
    entry = release_entry(folder, read_errata(folder.parent))
    _refuse_withdrawn(target, entry["version"])
    paths = [*file_paths(folder), *([SIGNATURE] if (folder / SIGNATURE).is_file() else []), SUMS]
    created = 0
    for path in paths:
        progress(path)
        there = f"{entry['path']}{path}"
        if target.create(there, folder / path):
            created += 1
        elif _sha256(target.read(there)) != _sha256((folder / path).read_bytes()):
            raise ReleaseError(
                f"another release {entry['version']} is published there: {path} differs",
                culprit=target.name,
                remedy="A published release never changes; publish this one under the next version",
            )
    _swap(target, INDEX, lambda seen: {"name": NAME, "releases": _with_entry(seen, entry)})
    _show_index(target)
    _swap(target, LATEST, lambda seen: {"name": NAME, **_newer(seen, entry)})
    return Published(created, len(paths) - created, _latest(target))


def _publish_tombstone(folder: Path, target: Target, progress: Callable[[str], None]) -> Published:
    """Lead every reader away from the release first, then remove it; its sums go last, so that repeating goes on."""
    target.probe()
    entry = release_entry(folder, read_errata(folder.parent))
    _swap(target, INDEX, lambda seen: {"name": NAME, "releases": _with_entry(seen, entry)})
    _show_index(target)
    entries = json.loads(target.read(INDEX) or b"{}")["releases"]
    standing = [known for known in entries if WITHDRAWN not in known]
    seen = target.read(LATEST)
    if seen is not None and json.loads(seen)["version"] == entry["version"]:
        if standing:
            _swap(target, LATEST, lambda _: {"name": NAME, **standing[-1]})
        else:
            target.remove(LATEST)
    created = sum(target.create(f"{entry['path']}{path}", folder / path) for path in (TOMBSTONE,))
    sums = target.read(f"{entry['path']}{SUMS}")
    if sums is not None:
        listed = read_sums(sums.decode("utf-8", "replace"), culprit=f"{target.name}/{entry['path']}{SUMS}")
        for path in (*listed, SIGNATURE, SUMS):
            progress(path)
            target.remove(f"{entry['path']}{path}")
    return Published(created, 1 - created, _latest(target))


def _refuse_withdrawn(target: Target, version: str) -> None:
    if target.read(f"{version}/{TOMBSTONE}") is not None:
        raise ReleaseError(
            f"release {version} was withdrawn there",
            culprit=target.name,
            remedy="A withdrawn version is never given again; publish a later one",
        )


def _latest(target: Target) -> str | None:
    content = target.read(LATEST)
    return str(json.loads(content)["version"]) if content else None


def _swap(target: Target, path: str, change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    seen = target.read(path)
    try:
        content = dump_json(change(json.loads(seen) if seen else {})).encode()
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ReleaseError(
            f"its {path} is not one of ours ({type(error).__name__})",
            culprit=target.name,
            remedy="Publish to an empty place, or mend that file",
        ) from error
    if content != seen:
        target.swap(path, seen, content)


def _show_index(target: Target) -> None:
    for path, text in root_files(json.loads(target.read(INDEX) or b"{}")["releases"]).items():
        seen, content = target.read(path), text.encode()
        if content != seen:
            target.swap(path, seen, content)


def _with_entry(index: dict[str, Any], entry: dict[str, Any]) -> list[dict[str, Any]]:
    others = [known for known in index.get("releases", []) if known["version"] != entry["version"]]
    return sorted([*others, entry], key=lambda known: Version.parse(known["version"]))


def _newer(latest: dict[str, Any], entry: dict[str, Any]) -> dict[str, Any]:
    if latest and Version.parse(latest["version"]) > Version.parse(entry["version"]):
        return {name: value for name, value in latest.items() if name != "name"}
    return entry


def _sha256(content: bytes | None) -> str:
    return hashlib.sha256(content or b"").hexdigest()
