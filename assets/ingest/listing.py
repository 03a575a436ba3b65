"""A page of a portal that lists reports -> the addresses that it links.

Belongs here: which links of a page fit a title pattern. Not here: reading pages (`readers.html`) and fetching (`addresses`).
One level: lists of lists and further pages of a list are sources of their own.
"""

import re
from typing import NamedTuple
from urllib.parse import urldefrag, urljoin

from assets.ingest.readers import format_of, module_of
from assets.ingest.refusals import EmptyListingError, NotAReportPageError, TooLargeError

MAX_LINKS = 500
"""A list of reports that fit one pattern has some tens; what links to more than this was not meant."""


class Link(NamedTuple):
    """One report that a page links."""

    url: str
    title: str | None
    """As the list gives it, None where the list cuts it short."""


def links_of(data: bytes, url: str, pattern: str) -> list[Link]:
    """The links of the page `data` at `url` whose title fits `pattern`, each address once, in the order of the page.

    A pattern is words that a title holds, `*` between them for anything: `年度*法治政府建设*报告`.

    Raises:
        NotAReportPageError: for an error page, a login page, or what is no web page.
        EmptyListingError: when no link fits.
        TooLargeError: when more than `MAX_LINKS` fit.
        RefusalError: when it cannot be read as a web page.
    """
    known = format_of(data, url)
    if known.module != "html":
        raise NotAReportPageError(
            f"is to be followed and is no web page but {known.media_type}", culprit=url, remedy="Fetch it as a report"
        )
    base, titled = module_of(known, url).titled_links(data, url)
    wanted = _compiled(pattern)
    here = urldefrag(url).url
    found: dict[str, Link] = {}
    seen: list[str] = []
    for target, titles in titled:
        address = _address(urljoin(url, base), target)
        if address is None or address == here:
            continue
        seen += titles[:1]
        if any(map(wanted.search, titles)):
            whole = next((title for title in titles if wanted.search(title) and not title.endswith(_CUT)), None)
            found.setdefault(address, Link(address, whole))
    if not found:
        raise _empty(seen, url, pattern)
    if len(found) > MAX_LINKS:
        raise TooLargeError(
            f"links to {len(found)} pages under a title like {pattern!r}, more than {MAX_LINKS}",
            culprit=url,
            remedy="Narrow the pattern",
        )
    return list(found.values())


_CUT = ("…", "...", "．．．")
_SHOWN = 40


def _compiled(pattern: str) -> re.Pattern[str]:
    """Blanks do not count: titles come with and without them."""
    return re.compile(".*?".join(re.escape("".join(words.split())) for words in pattern.split("*")))


def _address(base: str, target: str) -> str | None:
    try:
        address = urldefrag(urljoin(base, target)).url
    except ValueError:
        return None
    return address if address.lower().startswith(("http://", "https://")) else None


def _empty(seen: list[str], url: str, pattern: str) -> EmptyListingError:
    if not seen:
        return EmptyListingError(
            "links to nothing: it is empty, or a script fills it in a browser",
            culprit=url,
            remedy="Put the addresses of its reports into the source register",
        )
    return EmptyListingError(
        f"links to {len(seen)} pages, none under a title like {pattern!r}; the last is {seen[-1][:_SHOWN]!r}",
        culprit=url,
        remedy="Look whether the page has moved, or widen the pattern",
    )
