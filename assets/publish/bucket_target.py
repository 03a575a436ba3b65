"""Releases published to an S3-compatible bucket.

Not here: what is written in which order (``publication``), nor how a bucket writes (``warehouse.bucket``).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from assets.publish.targets import ignores_create_only, moved_meanwhile

if TYPE_CHECKING:
    from warehouse.bucket import Bucket  # needs the extra s3


class BucketTarget:
    """The root of a static site in a bucket."""

    def __init__(self, bucket: Bucket) -> None:
        """Publish to ``bucket``."""
        self.name = bucket.name
        self._bucket = bucket

    def read(self, path: str) -> bytes | None:
        """Return the content at ``path``, or None where there is nothing."""
        held = self._bucket.read(path)
        return held.content if held else None

    def create(self, path: str, content: Path) -> bool:
        """Put the file there if nothing is there yet, which the bucket decides."""
        return self._bucket.create(path, content)

    def swap(self, path: str, seen: bytes | None, content: bytes) -> None:
        """Replace what the caller has ``seen`` there; the bucket decides between two publishers."""
        if not self._bucket.swap(path, seen, content):
            raise moved_meanwhile(self.name, path)

    def remove(self, path: str) -> None:
        """Remove what is at ``path``, if anything is."""
        self._bucket.remove(path)

    def probe(self) -> None:
        """Try on a file of its own that conditions are kept: some buckets take them and replace all the same."""
        if not self._bucket.keeps_conditions(f".probe-{uuid4()}"):
            raise ignores_create_only(self.name)
