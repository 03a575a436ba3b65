"""The raw store: input bytes by their hash, each with its origin record beside it.

Belongs here: putting bytes in, getting them out unharmed, listing them; and the same for refusals. Not here: where bytes come from (`files`, `fetch`)
and what they say (`readers`).

    raw/3f/3f9a…                the bytes, never changed
    raw/3f/3f9a….origin.json    their origin record, written before the bytes: no raw file without one
    raw/refused/9c21….json      what was named and did not go in, with the reason; gone once it does
"""

import hashlib
import json
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from assets.ingest.refusals import RefusalError
from contracts.errors import WarehouseError
from contracts.origin import Origin, timestamp
from warehouse.files import all_written_through, replacing

_RECORD = ".origin.json"
_HASH_LENGTH = 64


class Refused(NamedTuple):
    """What was named by address and did not go in."""

    origin: str
    rule: str
    reason: str
    refused_at: str
    """When it was first refused for this reason, UTC."""


class RawStore:
    """The folder `raw/` of a data home."""

    def __init__(self, root: Path) -> None:
        """Works on `root`, which is made on the first `put`."""
        self.root = root

    def put(self, data: bytes, origin: Origin, *, settled_by_hand: bool = False) -> tuple[str, bool]:
        """Stores `data` once and returns its SHA-256 with whether it was new.

        The record of known bytes stays as it is, unless `origin` was `settled_by_hand` (a sidecar, an option):
        then its fields replace the stored ones, and the first path and time of retrieval stay.

        Raises:
            WarehouseError: when the disk is full; nothing is stored then.
        """
        sha256 = hashlib.sha256(data).hexdigest()
        path = self._path(sha256)
        is_new = not path.is_file()
        # After a power cut a file may be there and lack its content: it is written again.
        if is_new or path.stat().st_size != len(data):
            _write(self._record(sha256), origin.to_json().encode())
            _write(path, data)
        elif settled_by_hand:
            _write(self._record(sha256), origin.over(self.origin(sha256)).to_json().encode())
        return sha256, is_new

    def holds(self, sha256: str) -> bool:
        """Whether the bytes with this hash are stored."""
        return self._path(sha256).is_file()

    def read(self, sha256: str) -> bytes:
        """The bytes with this hash.

        Raises:
            WarehouseError: when they are missing or no longer have this hash.
        """
        try:
            data = self._path(sha256).read_bytes()
        except OSError as error:
            raise WarehouseError(
                f"cannot be read ({error.strerror})", culprit=f"raw/{sha256}", remedy=_AGAIN
            ) from error
        if hashlib.sha256(data).hexdigest() != sha256:
            raise WarehouseError("no longer has the hash it is named by", culprit=f"raw/{sha256}", remedy=_AGAIN)
        return data

    def settle(self) -> None:
        """Returns when all that was put has reached the disk."""
        all_written_through()

    def has_record(self, sha256: str, record: str) -> bool:
        """Whether the origin record of the bytes with this hash is just this text."""
        try:
            return self._record(sha256).read_bytes() == record.encode()
        except OSError:
            return False

    def origin(self, sha256: str) -> Origin:
        """The origin record of the bytes with this hash.

        Raises:
            WarehouseError: when it is missing or broken.
        """
        record = self._record(sha256)
        try:
            return Origin.from_mapping(json.loads(record.read_bytes()), culprit=f"raw/{record.name}")
        except (OSError, json.JSONDecodeError, UnicodeDecodeError) as error:
            raise WarehouseError(f"cannot be read ({error})", culprit=f"raw/{record.name}", remedy=_AGAIN) from error

    def hashes(self) -> Iterator[str]:
        """The hash of every raw file, in order."""
        for folder in sorted(self.root.glob("??")):
            yield from sorted(name for name in os.listdir(folder) if len(name) == _HASH_LENGTH)  # noqa: PTH208 - names are all it takes

    def keep_refusal(self, origin: str, refusal: RefusalError, *, now: datetime) -> None:
        """Keeps why `origin` did not go in; the time stays that of the first refusal for this reason."""
        path = self._refused(origin)
        refused = Refused(origin, refusal.rule, f"{refusal.message}. {refusal.remedy}", timestamp(now))
        if not path.is_file() or _read_refused(path)[:3] != refused[:3]:
            _write(path, json.dumps(refused._asdict(), ensure_ascii=False, sort_keys=True, indent=1).encode() + b"\n")

    def forget_refusal(self, origin: str) -> None:
        """Forgets that `origin` was ever refused."""
        self._refused(origin).unlink(missing_ok=True)

    def refusals(self) -> list[Refused]:
        """What was refused and has not gone in since, in the order of its names.

        Raises:
            WarehouseError: when a record of it is broken.
        """
        return sorted(map(_read_refused, self.root.glob("refused/*.json")))

    def _refused(self, origin: str) -> Path:
        return self.root / "refused" / f"{hashlib.sha256(origin.encode()).hexdigest()}.json"

    def _path(self, sha256: str) -> Path:
        return Path(f"{self.root}/{sha256[:2]}/{sha256}")  # a third of what joining paths costs

    def _record(self, sha256: str) -> Path:
        return Path(f"{self.root}/{sha256[:2]}/{sha256}{_RECORD}")


_AGAIN = "Remove both files of that hash and ingest the original again"


def _write(path: Path, data: bytes) -> None:
    with replacing(path, through=False) as staged:
        staged.write_bytes(data)


def _read_refused(path: Path) -> Refused:
    try:
        return Refused(**json.loads(path.read_bytes()))
    except (OSError, json.JSONDecodeError, UnicodeDecodeError, TypeError) as error:
        raise WarehouseError(
            f"cannot be read ({error})", culprit=f"raw/refused/{path.name}", remedy="Remove it and ingest again"
        ) from error
