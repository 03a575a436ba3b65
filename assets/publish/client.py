"""Read published releases: fetch one from any static server or folder, prove every byte, open it with its types.

Here belongs what a user of the data needs; nothing here knows the warehouse. Not here: publishing.
"""

from __future__ import annotations

import hashlib
import http.client
import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

from assets.publish.datapackage import described_tables
from assets.publish.staging import settle
from assets.publish.sums import file_paths, read_sums
from contracts.errors import InputError, ReleaseError
from contracts.projections.duckdb import comments
from contracts.release import DATAPACKAGE, INDEX, LATEST, SIGNATURE, SUMS, WITHDRAWN, Version, parquet_path

_TIMEOUT_SECONDS = 60
_PART = ".part-"


class Fetched(NamedTuple):
    """A release as it lies on this disk, and how many of its files were fetched for it just now."""

    folder: Path
    version: str
    files: int


def fetch_release(
    source: str, home: Path, version: str | None = None, progress: Callable[[str], None] = lambda _: None
) -> Fetched:
    """Fetch a release (the latest where no ``version`` is named) into ``home/<version>`` and return it.

    ``source`` is the address or folder in which ``latest.json`` lies. Every file is proven by its hash; the folder
    appears when it is whole. What an interrupted call fetched is not fetched again.

    Raises:
        InputError: the source or the version is not there, or cannot be reached.
        ReleaseError: a file is not what the release's sums say.
    """
    read = _reader(source)
    entry = _entry(read, source, version)
    name = str(Version.parse(entry["version"]))
    target = home / name
    sums = read(f"{name}/{SUMS}")
    if hashlib.sha256(sums).hexdigest() != entry["sha256sums_sha256"]:
        raise _altered(source, f"{name}/{SUMS}")
    if target.is_dir():
        if (target / SUMS).read_bytes() != sums:
            raise ReleaseError(
                "another release of this version is there", culprit=str(target), remedy="Move it away, then fetch again"
            )
        return Fetched(target, name, 0)
    part = home / f"{_PART}{name}"
    part.mkdir(parents=True, exist_ok=True)
    fetched = 0
    listed = read_sums(sums.decode("utf-8", "replace"), culprit=f"{source}/{name}/{SUMS}")
    for path, digest in listed.items():
        progress(path)
        if _sha256_of(part / path) == digest:
            continue
        content = read(f"{name}/{path}")
        if hashlib.sha256(content).hexdigest() != digest:
            raise _altered(source, f"{name}/{path}")
        (part / path).parent.mkdir(parents=True, exist_ok=True)
        (part / path).write_bytes(content)
        fetched += 1
    for path in set(file_paths(part)) - listed.keys():
        (part / path).unlink()
    try:
        (part / SIGNATURE).write_bytes(read(f"{name}/{SIGNATURE}"))
    except FileNotFoundError:
        (part / SIGNATURE).unlink(missing_ok=True)
    (part / SUMS).write_bytes(sums)
    return Fetched(settle(part, Version.parse(name)), name, fetched)


def open_release(folder: Path) -> duckdb.DuckDBPyConnection:
    """Return a DuckDB connection with one commented view a table of the release, over its Parquet files.

    ``open_release(folder).sql("FROM observations").df()`` is a pandas data frame of it.
    """
    path = folder / DATAPACKAGE
    if not path.is_file():
        raise ReleaseError("it cannot be read", culprit=str(path), remedy="Name the folder of a release")
    connection = duckdb.connect()
    for table in described_tables(path.read_text(encoding="utf-8"), culprit=str(path)).values():
        file = str((folder / parquet_path(table.name)).resolve()).replace("'", "''")
        connection.execute(f"CREATE VIEW {table.name} AS FROM read_parquet('{file}')")
        for statement in comments(table):
            connection.execute(statement)
    return connection


Read = Callable[[str], bytes]


def _reader(source: str) -> Read:
    """Return what reads a path below ``source``; it raises FileNotFoundError where there is no such file."""
    scheme = urllib.parse.urlsplit(source).scheme
    if scheme in {"http", "https"}:
        return lambda path: _download(f"{source.rstrip('/')}/{urllib.parse.quote(path)}")
    if scheme and len(scheme) > 1:
        raise InputError(
            f"{scheme} is no way to fetch a release", culprit=source, remedy="Name a folder or an http address"
        )
    return lambda path: (Path(source) / path).read_bytes()


def _download(address: str) -> bytes:
    try:
        with urllib.request.urlopen(address, timeout=_TIMEOUT_SECONDS) as answer:  # noqa: S310 - http or https, see _reader
            content: bytes = answer.read()
            return content
    except urllib.error.HTTPError as error:
        error.close()
        if error.code in {http.client.NOT_FOUND, http.client.GONE}:
            raise FileNotFoundError(address) from error
        raise InputError(f"the server answers {error.code}", culprit=address, remedy="Try again later") from error
    except (OSError, http.client.HTTPException) as error:
        raise InputError(
            f"it cannot be reached ({error})",
            culprit=address,
            remedy="Look at the connection and try again; what was fetched is kept",
        ) from error


def _entry(read: Read, source: str, version: str | None) -> dict[str, Any]:
    path = LATEST if version is None else INDEX
    try:
        data = json.loads(read(path))
        entries = [data] if version is None else data["releases"]
        found = [entry for entry in entries if version is None or entry["version"] == version]
        known = ", ".join(entry["version"] for entry in entries)
    except FileNotFoundError as error:
        raise InputError(
            f"there is no {path}", culprit=source, remedy="Name the place where releases are published"
        ) from error
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"its {path} is not that of releases", culprit=source, remedy="Name the place where releases are published"
        ) from error
    if not found:
        raise InputError(f"there is no release {version}", culprit=source, remedy=f"Choose one of {known}")
    if WITHDRAWN in found[0]:
        gone = found[0][WITHDRAWN]
        others = ", ".join(entry["version"] for entry in entries if WITHDRAWN not in entry)
        raise InputError(
            f"release {version} was withdrawn on {gone['on']}: {gone['reason']}",
            culprit=source,
            remedy=f"Choose one of {others}" if others else "No other is published there yet",
        )
    return dict(found[0])


def _sha256_of(path: Path) -> str | None:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else None


def _altered(source: str, path: str) -> ReleaseError:
    return ReleaseError(
        f"{path} is not the file that was released: its SHA-256 differs",
        culprit=source,
        remedy="Fetch again; if it stays so, tell the publisher",
    )
