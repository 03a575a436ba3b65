"""The feed of releases, errata and withdrawals: Atom as RFC 4287 has it, and the same bytes for the same releases."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from typing import Any

import pytest

from assets.publish.site.feed import feed

ATOM = "{http://www.w3.org/2005/Atom}"
COUNTS = {"observations": 12, "documents": 3}
FIRST = {
    "version": "2026.9.0",
    "as_of": "2026-09-30",
    "path": "2026.9.0/",
    "site": "2026.9.0/site/",
    "counts": COUNTS,
    "changes": None,
    "errata": [{"on": "2026-10-05", "note": "A & B <are> swapped."}, {"on": "2026-11-05", "note": "So are C and D."}],
}
GONE = {
    "version": "2026.10.0",
    "as_of": "2026-10-31",
    "path": "2026.10.0/",
    "withdrawn": {"on": "2026-11-02", "reason": "It names a private person."},
}
NEWEST = {**FIRST, "version": "2026.11.0", "as_of": "2026-11-01", "changes": 7, "errata": [], "site": "2026.11.0/site/"}
ENTRIES = [FIRST, GONE, NEWEST]


def told(entries: list[dict[str, Any]]) -> list[tuple[str, str, str]]:
    """Title, day and words of each entry, in their order."""
    return [
        (_text(one, "title"), _text(one, "updated")[:10], _text(one, "content"))
        for one in ET.fromstring(feed(entries)).findall(f"{ATOM}entry")  # noqa: S314 - our own feed
    ]


def _text(node: ET.Element, name: str) -> str:
    found = node.findtext(f"{ATOM}{name}")
    assert found
    return found


def test_it_tells_releases_errata_and_withdrawals_newest_first() -> None:
    assert [(title.split("·")[1].strip(), on) for title, on, _ in told(ENTRIES)] == [
        ("Erratum to release 2026.9.0", "2026-11-05"),
        ("Release 2026.10.0 withdrawn", "2026-11-02"),
        ("Release 2026.11.0", "2026-11-01"),
        ("Erratum to release 2026.9.0", "2026-10-05"),
        ("Release 2026.9.0", "2026-09-30"),
    ]
    words = [words for _, _, words in told(ENTRIES)]
    assert words[1] == "It names a private person."
    assert "7 changes" in words[2]
    assert words[3] == "A & B <are> swapped."
    assert "changes" not in words[4]


@pytest.mark.parametrize("entries", [ENTRIES, [GONE], []])
def test_it_is_atom(entries: list[dict[str, Any]]) -> None:
    root = ET.fromstring(feed(entries))  # noqa: S314 - our own feed
    assert root.tag == f"{ATOM}feed"
    assert root.find(f"{ATOM}author/{ATOM}name") is not None
    nodes = [root, *root.findall(f"{ATOM}entry")]
    for node in nodes:
        for name in ("id", "title", "updated"):  # exactly one of each, RFC 4287, 4.1.1 and 4.1.2
            assert len(node.findall(f"{ATOM}{name}")) == 1
        assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", _text(node, "id"))
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT00:00:00Z", _text(node, "updated"))
        relations = [link.get("rel") for link in node.findall(f"{ATOM}link")]
        assert sorted(relations, key=str) == (["alternate", "self"] if node is root else ["alternate"])
    assert len({_text(node, "id") for node in nodes}) == len(nodes)
    assert _text(root, "updated") == max((_text(node, "updated") for node in nodes[1:]), default=_text(root, "updated"))


def test_an_entry_keeps_its_id_when_others_come() -> None:
    def ids(entries: list[dict[str, Any]]) -> set[str]:
        return set(re.findall(r"<id>(.*?)</id>", feed(entries)))

    assert feed(ENTRIES) == feed(ENTRIES)
    assert ids([FIRST]) < ids(ENTRIES)
    assert len(ids([GONE]) & ids([{**NEWEST, "version": GONE["version"]}])) == 1  # the feed's own alone
