"""The release before a new one, as far as the new one may be made of it: what did not change is not made again.

Here belongs holding its files to their hashes, and taking them over. Not here: which release that may be (``standing``: the newest,
made and proven by this very code), nor what of a new release is the same (whoever writes it knows).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from contracts.errors import ReleaseError


class Predecessor(NamedTuple):
    """The newest release, made of other tables by the same code."""

    folder: Path
    sums: Mapping[str, str]
    """The hash of each of its files, as it was when it was proven."""

    def hold(self, path: str) -> None:
        """Raise ReleaseError where the bytes of a file are no longer those that were proven."""
        self._read(path)

    def take_over(self, path: str, folder: Path) -> None:
        """Write the same file into the ``folder`` of a new release; raises as ``hold`` does."""
        content = self._read(path)
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)

    def _read(self, path: str) -> bytes:
        try:
            content = (self.folder / path).read_bytes()
        except FileNotFoundError:
            content = b""
        if hashlib.sha256(content).hexdigest() != self.sums.get(path):
            raise ReleaseError(
                "it is not the file that was released; what did not change is made from it",
                culprit=str(self.folder / path),
                remedy=f"Put it back as it was published, or withdraw it: fazhi withdraw {self.folder.name} --reason WHY",
            )
        return content
