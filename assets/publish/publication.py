"""Publish: bring a verified release to a target, so that readers meet the old state or the new one and nothing between.

Here belongs the order: all files of the release (each created, never replaced; the sums last), then ``index.json`` and
its page, then ``latest.json``. Repeating it is safe, whatever step it stopped at. Not here: how a target writes (``targets``).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from assets.publish.site.root import root_page
from assets.publish.staging import release_entry
from assets.publish.sums import file_paths
from assets.publish.targets import Target
from assets.publish.verify import verify_release
from contracts.errors import ReleaseError
from contracts.release import INDEX, INDEX_PAGE, LATEST, NAME, SIGNATURE, SUMS, Version, dump_json


class Published(NamedTuple):
    """What publishing did: the files that were put, those that were there already, and what ``latest`` is now."""

    created: int
    present: int
    latest: str


def publish_release(folder: Path, target: Target, progress: Callable[[str], None] = lambda _: None) -> Published:
    """Publish the release in ``folder``; return what was done.

    ``progress`` is told the path of each file. ``latest`` moves forward only: publishing an older release again leaves
    it.

    Raises:
        ReleaseError: the release does not verify, another release of this version is published there, the target does
            not keep create-only writes, or somebody else published meanwhile. ``latest`` is then as it was.
    """
    findings = verify_release(folder).findings
    if findings:
        raise ReleaseError(
            f"it does not verify: {findings[0]}",
            culprit=str(folder),
            remedy="Publish a release that fazhi verify passes",
        )
    target.probe()
    entry = release_entry(folder)
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
    latest = json.loads(target.read(LATEST) or b"{}")
    return Published(created, len(paths) - created, str(latest["version"]))


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
    seen = target.read(INDEX_PAGE)
    entries = json.loads(target.read(INDEX) or b"{}")["releases"]
    content = root_page(entries).encode()
    if content != seen:
        target.swap(INDEX_PAGE, seen, content)


def _with_entry(index: dict[str, Any], entry: dict[str, str]) -> list[dict[str, str]]:
    others = [known for known in index.get("releases", []) if known["version"] != entry["version"]]
    return sorted([*others, entry], key=lambda known: Version.parse(known["version"]))


def _newer(latest: dict[str, Any], entry: dict[str, str]) -> dict[str, Any]:
    if latest and Version.parse(latest["version"]) > Version.parse(entry["version"]):
        return {name: value for name, value in latest.items() if name != "name"}
    return entry


def _sha256(content: bytes | None) -> str:
    return hashlib.sha256(content or b"").hexdigest()
