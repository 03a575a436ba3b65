"""An S3-compatible bucket: files by path, with the two careful ways of writing, creating and swapping.

Here belongs what can be done with one bucket and how its failures read. Not here: what is kept in it
(``assets.publish.targets``), nor what to do without the extra ``s3``, whose library this module needs to be imported
(``pipelines.buckets``).
"""

from __future__ import annotations

import mimetypes
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from obstore.exceptions import (
    AlreadyExistsError,
    BaseError,
    PermissionDeniedError,
    PreconditionError,
    UnauthenticatedError,
)
from obstore.store import S3Store

from contracts.errors import InputError, WarehouseError

if TYPE_CHECKING:
    from obstore import PutMode  # a type only, not there at run time

_ADDRESS = re.compile(r"s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/([^?#@]*))?")
_KEYS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
_ENDPOINTS = ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_ENDPOINT")
_LOOPBACK = re.compile(r"http://(127\.0\.0\.1|localhost|\[::1\])(:\d+)?/?")
_RETRIES = 3


class Held(NamedTuple):
    """What lies at a path: its bytes, and the tag that the bucket gave this version of it."""

    content: bytes
    tag: str | None


class Bucket:
    """The files below a prefix of a bucket. Every failure of the bucket or of the way to it is a FazhiError."""

    def __init__(self, address: str) -> None:
        """Open ``s3://bucket/prefix``; nothing is asked of the bucket yet.

        Keys, region and endpoint come from the usual variables ``AWS_ACCESS_KEY_ID``, ``AWS_SECRET_ACCESS_KEY``,
        ``AWS_SESSION_TOKEN``, ``AWS_REGION`` and ``AWS_ENDPOINT_URL``. Raises InputError where the address is none,
        keys are missing, or the endpoint is plain http beyond this machine.
        """
        self.name = address.rstrip("/")
        self._store = _store(self.name)

    def read(self, path: str) -> Held | None:
        """Return what lies at ``path``, or None where nothing does."""
        with self._said(path):
            try:
                found = self._store.get(path)
                return Held(bytes(found.bytes()), found.meta["e_tag"])
            except FileNotFoundError as error:
                if "NoSuchBucket" in str(error):
                    raise
                return None

    def paths(self, below: str = "") -> frozenset[str]:
        """Return the paths of all files whose path begins with the folder ``below``."""
        with self._said(below):
            return frozenset(each["path"] for page in self._store.list(below or None) for each in page)

    def create(self, path: str, content: Path | bytes) -> bool:
        """Put a file where none is; return False, and change nothing, where one is."""
        return self._put(path, content, "create")

    def swap(self, path: str, seen: bytes | None, content: bytes) -> bool:
        """Replace what the caller has ``seen`` at ``path`` (None: nothing); return False where it changed meanwhile.

        Decided by the bucket itself, by the tag of the version that is replaced.
        """
        if seen is None:
            return self.create(path, content)
        held = self.read(path)
        if held is None or held.content != seen:
            return False
        return self._put(path, content, {"e_tag": held.tag})

    def remove(self, path: str) -> None:
        """Remove what lies at ``path``, if anything does."""
        with self._said(path):
            self._store.delete(path)

    def keeps_conditions(self, path: str) -> bool:
        """Whether it refuses to replace what should only be created, or what is not the version that was seen.

        Tried at ``path``, which is free again afterwards.
        """
        try:
            return (
                self.create(path, b"1")
                and not self.create(path, b"2")
                and not self._put(path, b"3", {"e_tag": '"none"'})
            )
        finally:
            self.remove(path)

    def _put(self, path: str, content: Path | bytes, mode: PutMode) -> bool:
        with self._said(path):
            try:
                self._store.put(path, content, mode=mode, attributes={"Content-Type": _content_type(path)})
            except (AlreadyExistsError, PreconditionError):
                return False
        return True

    @contextmanager
    def _said(self, path: str) -> Iterator[None]:
        """Turn what goes wrong with the bucket into one clear line."""
        try:
            yield
        except (PermissionDeniedError, UnauthenticatedError) as error:
            raise InputError(
                "the bucket refuses these credentials",
                culprit=self.name,
                remedy=f"Set {' and '.join(_KEYS)} to keys that may read and write there",
            ) from error
        except FileNotFoundError as error:
            raise self._no_such_bucket() from error
        except BaseError as error:
            if "NoSuchBucket" in str(error):
                raise self._no_such_bucket() from error
            raise WarehouseError(
                f"the bucket does not answer as it should for {path or 'its list'} ({_first_line(error)})",
                culprit=self.name,
                remedy="Look at the connection and AWS_ENDPOINT_URL, then repeat; repeating is safe",
            ) from error

    def _no_such_bucket(self) -> InputError:
        return InputError(
            "there is no such bucket", culprit=self.name, remedy="Create it, or mend its name or AWS_ENDPOINT_URL"
        )


def _store(address: str) -> S3Store:
    parts = _ADDRESS.fullmatch(address)
    if parts is None:
        raise InputError("this names no bucket", culprit=address, remedy="Write s3://bucket or s3://bucket/folder")
    missing = [name for name in _KEYS if not os.environ.get(name)]
    if missing:
        raise InputError(f"{' and '.join(missing)} not set", culprit=address, remedy="Set the keys of the bucket")
    endpoint = next((os.environ[name] for name in _ENDPOINTS if os.environ.get(name)), None)
    plain = endpoint is not None and endpoint.startswith("http://")
    if endpoint and plain and not _LOOPBACK.fullmatch(endpoint):
        raise InputError(
            "plain http would send the keys readable for all", culprit=endpoint, remedy="Use an https endpoint"
        )
    return S3Store(
        parts[1],
        prefix=(parts[2] or "").strip("/") or None,
        config={"endpoint": endpoint} if endpoint else {},
        region=os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or "us-east-1",
        client_options={
            "allow_http": plain,
            "connect_timeout": timedelta(seconds=10),
            "timeout": timedelta(minutes=10),
        },
        retry_config={"max_retries": _RETRIES, "retry_timeout": timedelta(minutes=1)},
    )


def _content_type(path: str) -> str:
    guessed = mimetypes.guess_type(path)[0] or "application/octet-stream"
    return f"{guessed}; charset=utf-8" if guessed.startswith("text/") else guessed


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0].strip()[:200]
