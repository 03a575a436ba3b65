"""The Atom feed at the root of all releases: what was released, withdrawn or found wrong, newest first (RFC 4287).

Here belongs the feed. Like the page beside it, it is made anew with ``index.json`` and says nothing that is not in it,
so the same releases give the same bytes: its dates are those of the releases and notices, its ids are made of what they
name. Addresses are relative to the feed, since the place where it will be published is not known.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping
from html import escape
from typing import Any, NamedTuple

from contracts import release
from contracts.release import WITHDRAWN

MEDIA_TYPE = "application/atom+xml"

_NAMESPACE = uuid.UUID("a134c0cc-63ee-5a79-963a-ec6f3698fa99")


class _News(NamedTuple):
    """What one entry of the feed tells."""

    on: str
    about: tuple[str, ...]
    """What its id is made of; it never changes."""
    title: str
    link: str
    words: str


def feed(entries: Iterable[Mapping[str, Any]]) -> str:
    """Return the feed for the ``entries`` of ``index.json``, oldest first."""
    news = [one for entry in entries for one in _news(entry)]
    newest_first = sorted(news, key=lambda one: one.on)[::-1]
    updated = newest_first[0].on if newest_first else "1970-01-01"
    return f"""<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="zh-CN">
<id>{_id("feed")}</id>
<title>{escape(release.TITLE_ZH)}</title>
<subtitle>{escape(release.TITLE_EN)}</subtitle>
<updated>{_instant(updated)}</updated>
<author><name>{escape(release.AUTHOR)}</name></author>
<rights>{escape(release.LICENCE.title)}</rights>
<link rel="self" type="{MEDIA_TYPE}" href="{release.FEED}"/>
<link rel="alternate" type="text/html" href="{release.INDEX_PAGE}"/>
{"".join(_entry(one) for one in newest_first)}</feed>
"""


def _news(entry: Mapping[str, Any]) -> Iterator[_News]:
    """Yield what there is to tell of one release, in the order in which it came to be known."""
    version, site = entry["version"], entry.get("site")
    if WITHDRAWN not in entry:
        title = f"版本 {version} · Release {version}"
        link = f"{site}index.html" if site else f"{entry['path']}README.zh.md"
        yield _News(entry["as_of"], ("release", version), title, link, _summary(entry))
    for erratum in entry.get("errata", ()):
        title = f"勘误：版本 {version} · Erratum to release {version}"
        link = f"{site}index.html#/changes" if site else release.INDEX_PAGE
        yield _News(erratum["on"], ("erratum", version, *erratum.values()), title, link, erratum["note"])
    if WITHDRAWN in entry:
        buried = entry[WITHDRAWN]
        title = f"撤回：版本 {version} · Release {version} withdrawn"
        yield _News(buried["on"], ("withdrawal", version), title, release.INDEX_PAGE, buried["reason"])


def _summary(entry: Mapping[str, Any]) -> str:
    counts, changes = entry["counts"], entry["changes"]
    zh = f"{counts['observations']} 条指标值，{counts['documents']} 份报告"
    en = f"{counts['observations']} facts from {counts['documents']} documents"
    if changes is None:
        return f"{zh}。{en}."
    return f"{zh}，与前一版本相比 {changes} 处变动。{en}, {changes} changes against the release before."


def _entry(news: _News) -> str:
    return f"""<entry>
<id>{_id(*news.about)}</id>
<title>{escape(news.title)}</title>
<updated>{_instant(news.on)}</updated>
<link rel="alternate" type="text/html" href="{escape(news.link)}"/>
<content type="text">{escape(news.words)}</content>
</entry>
"""


def _id(*about: str) -> str:
    return uuid.uuid5(_NAMESPACE, "\n".join((release.NAME, *about))).urn


def _instant(day: str) -> str:
    return f"{day}T00:00:00Z"
