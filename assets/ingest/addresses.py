"""Addresses into the raw store.

Belongs here: fetching what a user or a register names, conditionally where it was fetched before, following a list to the
reports that it links, and keeping all of it: bytes with their origin record, refusals with their reason.
Not here: how an address is fetched (`fetch`), which links are meant (`listing`), registers (`sources`), files (`files`).
"""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime

from assets.ingest.fetch import Fetcher
from assets.ingest.files import Outcome
from assets.ingest.listing import links_of
from assets.ingest.raw import RawStore
from assets.ingest.refusals import RefusalError
from assets.ingest.sources import Register, Source
from contracts.origin import Origin, timestamp

_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)


def is_address(word: str) -> bool:
    """Whether `word` is an address and no path."""
    return _ADDRESS.match(word) is not None


def ingest_addresses(
    sources: Iterable[Source], store: RawStore, fetcher: Fetcher, *, now: datetime
) -> Iterator[Outcome]:
    """Stores what each source answers and says what became of each; one that is refused stops nobody else.

    A page that has changed is stored as a new file beside the old one. A list that is followed gives an outcome for each page that
    it links, or one refusal. What is refused is kept in the store with the reason, until the same address goes in.
    """
    taking = _Taking(store, fetcher, now)
    for source in sources:
        for outcome in taking.outcomes(source):
            if outcome.refusal is None:
                store.forget_refusal(outcome.path)
            else:
                store.keep_refusal(outcome.path, outcome.refusal, now=now)
            yield outcome
    store.settle()


def file_bad_rows(register: Register, store: RawStore, *, now: datetime) -> Iterator[Outcome]:
    """Keeps why rows of a register name no source, in place of what was kept of it before, and says so of each."""
    its_row = re.compile(re.escape(register.name) + r":\d+")
    for refused in store.refusals():
        if its_row.fullmatch(refused.origin):
            store.forget_refusal(refused.origin)
    for place, refusal in register.bad_rows:
        store.keep_refusal(place, refusal, now=now)
        yield Outcome(place, None, False, refusal)


class _Taking:
    """One go through sources, with what the store holds of each address."""

    def __init__(self, store: RawStore, fetcher: Fetcher, now: datetime) -> None:
        self._store = store
        self._fetcher = fetcher
        self._now = now
        self._known = _latest(store)

    def outcomes(self, source: Source) -> Iterator[Outcome]:
        if source.follow is None:
            yield self._page(source.url, source.settled, Origin())
        else:
            yield from self._linked(source.url, source.settled, source.follow)

    def _page(self, url: str, settled: Origin | None, found: Origin) -> Outcome:
        """Takes one page; `found` is what is known of it without being settled by hand."""
        sha256, before = self._known.get(url, ("", Origin()))
        try:
            answer = self._fetcher.fetch(url, etag=before.etag, last_modified=before.last_modified)
        except RefusalError as refusal:
            return Outcome(url, None, False, refusal)
        if answer.data is None:
            data, origin = self._store.read(sha256), before
        else:
            data = answer.data
            origin = Origin(
                url=url, retrieved_at=timestamp(self._now), etag=answer.etag, last_modified=answer.last_modified
            ).over(found)
        stored, is_new = self._store.put(data, (settled or Origin()).over(origin), settled_by_hand=settled is not None)
        self._known[url] = (stored, self._store.origin(stored))
        return Outcome(url, stored, is_new, None)

    def _linked(self, url: str, settled: Origin | None, pattern: str) -> Iterator[Outcome]:
        """Takes what a list links; the list itself is no report and is not kept."""
        try:
            listed = self._fetcher.fetch(url).data
            links = links_of(listed or b"", url, pattern)
        except RefusalError as refusal:
            yield Outcome(url, None, False, refusal)
            return
        self._store.forget_refusal(url)
        for link in links:
            yield self._page(link.url, settled, Origin(title=link.title))


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
