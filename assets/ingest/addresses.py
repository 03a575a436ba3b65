"""Addresses into the raw store.

Belongs here: fetching what a user names, conditionally where it was fetched before, and keeping it with its origin record.
Not here: how an address is fetched (`fetch`), files (`files`).
"""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime

from assets.ingest.fetch import Fetcher
from assets.ingest.files import Outcome
from assets.ingest.raw import RawStore
from assets.ingest.refusals import RefusalError
from contracts.origin import Origin, timestamp

_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)


def is_address(word: str) -> bool:
    """Whether `word` is an address and no path."""
    return _ADDRESS.match(word) is not None


def ingest_addresses(
    urls: Iterable[str], store: RawStore, fetcher: Fetcher, *, now: datetime, settled: Origin | None = None
) -> Iterator[Outcome]:
    """Stores what each address answers and says what became of each; one that is refused stops nobody else.

    A page that has changed is stored as a new file beside the old one. `settled` holds what the user settles by hand.
    """
    known = _latest(store)
    for url in urls:
        sha256, before = known.get(url, ("", Origin()))
        try:
            answer = fetcher.fetch(url, etag=before.etag, last_modified=before.last_modified)
        except RefusalError as refusal:
            yield Outcome(url, None, False, refusal)
            continue
        if answer.data is None:
            data, origin = store.read(sha256), before
        else:
            data = answer.data
            origin = Origin(url=url, retrieved_at=timestamp(now), etag=answer.etag, last_modified=answer.last_modified)
        by_hand = settled is not None
        stored, is_new = store.put(data, (settled or Origin()).over(origin), settled_by_hand=by_hand)
        known[url] = (stored, store.origin(stored))
        yield Outcome(url, stored, is_new, None)


def _latest(store: RawStore) -> dict[str, tuple[str, Origin]]:
    """The newest file of each address, with its record."""
    latest: dict[str, tuple[str, Origin]] = {}
    for sha256 in store.hashes():
        origin = store.origin(sha256)
        if origin.url is not None:
            before = latest.get(origin.url)
            if before is None or (before[1].retrieved_at or "") < (origin.retrieved_at or ""):
                latest[origin.url] = (sha256, origin)
    return latest
