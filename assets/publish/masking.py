"""Masking: the names of private people become their surnames alone before anything is released.

Here belong finding such names in a text and covering them, one character for one, so that every offset stays true.
Not here: the words that tell a name (``contracts.privacy``) nor what a release says of its masks (``private``).

A name counts only next to a word that makes somebody a private person: a role before it (原告张三), or a case after it
(张三诉某局). It is covered wherever else the text repeats it. Whoever is named with an office stays (县长蒋贵印), and so
do companies and what the source masked itself (王某某).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import ahocorasick_rs

from contracts.privacy import NameWords, load_name_words

COVER = "某"
RULES = ("role", "case", "again")
"""Why a name was taken for one: a role before it, a case or form of address after it, or both found elsewhere."""

_METHOD = "1"
"""Names the grammar below; raise it where the same words mask other names."""

_HAN = "\u3400-\u9fff\U00020000-\U0003ffff"
_STOPS = "，。；、：！？”’》】）"
_STOPS_OF_CLAUSE = "，。；：\n"
_STOP_OF_CLAUSE = re.compile(f"[{_STOPS_OF_CLAUSE}]")
_REACH = 48
"""So far from the word of a case its name may stand: no further than the longest matter."""
_BETWEEN = re.compile(r"[\s：:（(“\"]{0,2}")
_LIST = re.compile(r"[、和与及]")


def masking_version() -> str:
    """Return what names the way of masking: its grammar, and the state of its words."""
    return f"{_METHOD}-{load_name_words().version}"


class Mask(NamedTuple):
    """The characters from ``start`` to ``end`` of a text that are covered: a given name; the surname before it stays."""

    start: int
    end: int
    rule: str


def find_names(text: str) -> list[Mask]:
    """Return what must be covered in ``text``, in order and without overlap; nothing where it was masked before."""
    return _grammar().find(text)


def cover(text: str, masks: list[Mask]) -> str:
    """Return ``text`` with the masks laid over it: the same length, blanks within a name as they are."""
    if not masks:
        return text
    characters = list(text)
    for mask in masks:
        for place in range(mask.start, mask.end):
            if not characters[place].isspace():
                characters[place] = COVER
    return "".join(characters)


def is_covered(text: str, start: int, end: int) -> bool:
    """Return whether nothing but the cover and blanks stands there."""
    return start < end <= len(text) and {*text[start:end]} - {" ", "\u3000", "\n"} == {COVER}


class _Name(NamedTuple):
    """A name found: where it begins, where its given part begins, where it ends."""

    start: int
    given: int
    end: int


class _Grammar:
    """The words, compiled."""

    def __init__(self, words: NameWords) -> None:
        given = f"(?![{words.never}])[{_HAN}]"
        rest = rf"[ \u3000\n]?(?P<given>{given}(?:[ \u3000\n]?{given})?)"
        compound = _any_of(words.compound_surnames)
        surname = f"(?:{compound}|(?!{compound})[{words.surnames}])"
        # Longest first: a given name of two characters before one of one.
        self._long = re.compile(rf"{surname}[ \u3000\n]?(?P<given>{given}[ \u3000\n]?{given})")
        self._short = re.compile(rf"{surname}[ \u3000\n]?(?P<given>{given})")
        self._words = re.compile(_any_of(words.words))
        self._announcing = (*words.roles, *words.kinds)
        self._roles = frozenset(words.roles)
        self._role = ahocorasick_rs.AhoCorasick(self._announcing, matchkind=ahocorasick_rs.MatchKind.LeftmostLongest)
        self._case_words = ahocorasick_rs.AhoCorasick(("诉", "案", "不服", "纠纷", *words.addresses))
        longer = [word for word in words.followers if len(word) > 1]
        self._joining = "".join(word for word in words.followers if len(word) == 1)
        ends = rf"\Z|[^{_HAN}]|(?:{_any_of(longer)})|[{self._joining}]"
        self._stop = re.compile(rf"\Z|[{_STOPS},;:.!?)|]|(?:{_any_of(longer)})")
        self._follower = re.compile(ends)
        self._dotted = re.compile(
            rf"(?P<surname>[{_HAN}]){{1,7}}?(?P<given>[{_HAN}]{{0,6}}[·•][{_HAN}]{{1,8}}?)(?={ends})"
        )
        office = _any_of(words.offices)
        self._office_before = re.compile(rf"(?:{office})\Z")
        self._office_after = re.compile(
            rf"(?:{office})|[，,]?(?:系|任|时任|担任|现任)[^，。；\n]{{0,14}}(?:{office})"
            rf"|[（(][^（）()\n]{{0,14}}(?:{office})[）)]|[，,][^，,。；与和\n]{{0,8}}(?:{office})(?=[，,。；\n]|\Z)"
        )
        self._longest_office = max(map(len, words.offices))
        self._case = self._cases(words, surname, rest)
        self._uncertain = words.uncertain

    def _cases(self, words: NameWords, surname: str, rest: str) -> re.Pattern[str]:
        single = "".join(word for word in words.openings if len(word) == 1)
        longer = "".join(f"|(?<={word})" for word in words.openings if len(word) > 1)
        opening = rf"(?:(?<![{_HAN}·])|(?<=[{single}]){longer})"
        more = rest.replace("?P<given>", "?:")
        count = r"等(?:[0-9０-９一二三四五六七八九十百]+[余多]?[人户名]?|人)?"
        sues = r"诉(?![讼求状至前后源调权争])|不服"
        matter = rf"(?:{_any_of(words.matters)})[^，。；\n]{{0,24}}案|[与和][^，。；\n]{{2,30}}(?:案|纠纷)"
        bare = r"一?案(?![件例卷由情源头子])"
        return re.compile(
            rf"(?=[{words.surnames}]|{_any_of(words.compound_surnames)}){opening}{surname}{rest}(?=(?P<others>(?:[、和与及]{surname}{more}){{0,6}})(?:{count})?"
            rf"(?:(?P<strong>{sues}|{_any_of(words.addresses)})|{matter}|{bare}))"
        )

    def find(self, text: str) -> list[Mask]:
        found: dict[int, tuple[_Name, str]] = {}
        for which, _, end in self._role.find_matches_as_indexes(text):
            between = _BETWEEN.match(text, end)
            at = between.end() if between else end
            for name in self._listed(text, at, certain=self._announcing[which] in self._roles):
                found.setdefault(name.start, (name, "role"))
        for name in self._in_cases(text):
            found.setdefault(name.start, (name, "case"))
        if not found:
            return []
        known = {text[name.start : name.end] for name, _ in found.values()}
        for name in self._repeated(text, known, found):
            found.setdefault(name.start, (name, "again"))
        return _apart(Mask(name.given, name.end, rule) for name, rule in found.values())

    def _listed(self, text: str, at: int, *, certain: bool) -> Iterator[_Name]:
        """Yield the name at ``at`` and those that are listed after it."""
        name = self._announced(text, at, certain=certain)
        while name is not None:
            if not self._in_office(text, name):
                yield name
            joined = _LIST.match(text, name.end)
            name = self._announced(text, joined.end(), certain=certain) if joined else None

    def _announced(self, text: str, at: int, *, certain: bool) -> _Name | None:
        """Return the name that begins at ``at`` and ends where a name may end."""
        dotted = self._dotted.match(text, at)
        if dotted:
            return _Name(at, dotted.start("given") or at + 1, dotted.end())
        if self._words.match(text, at):
            return None
        doubtful = not certain and text[at : at + 1] in self._uncertain
        for pattern in (self._long,) if doubtful else (self._long, self._short):
            match = pattern.match(text, at)
            if match is None:
                continue
            ends = self._stop if doubtful or match[0][-1] in self._joining else self._follower
            if ends.match(text, match.end()):
                return _Name(at, match.start("given"), match.end())
        return None

    def _in_cases(self, text: str) -> Iterator[_Name]:
        for clause in self._clauses(text):
            for match in self._case.finditer(text, *clause):
                name = _Name(match.start(), match.start("given"), match.end())
                doubtful = name.given - name.start == 1 and text[name.start] in self._uncertain
                if self._words.match(text, name.start) or (
                    doubtful and not (match["strong"] and len(match["given"]) > 1)
                ):
                    continue
                if not self._in_office(text, name):
                    yield name
                if match["others"]:
                    yield from self._others(text, match)

    def _clauses(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield the spans of text, from stop to stop, in which a word of a case stands."""
        until = 0
        for _, start, end in self._case_words.find_matches_as_indexes(text):
            if end > until:
                begin = max(until, start - _REACH)
                before = text[begin:start]
                stop = _STOP_OF_CLAUSE.search(text, end, end + _REACH)
                until = stop.start() if stop else min(len(text), end + _REACH)
                yield begin + 1 + max(before.rfind(stop) for stop in _STOPS_OF_CLAUSE), until

    def _others(self, text: str, match: re.Match[str]) -> Iterator[_Name]:
        at, end = match.span("others")
        while at < end:
            for pattern in (self._long, self._short):
                name = pattern.match(text, at + 1, end)
                if name and (name.end() == end or _LIST.match(text, name.end())):
                    yield _Name(at + 1, name.start("given"), name.end())
                    break
            else:
                return
            at = name.end()

    def _repeated(self, text: str, known: set[str], found: dict[int, tuple[_Name, str]]) -> Iterator[_Name]:
        """Yield the other places of names that were found; a short one only where it ends as a name does."""
        givens = {text[name.start : name.end]: name.given - name.start for name, _ in found.values()}
        for words in sorted(known):
            at = text.find(words)
            while at >= 0:
                name = _Name(at, at + givens[words], at + len(words))
                whole = len(words) > 2 or (not self._words.match(text, at) and self._follower.match(text, name.end))  # noqa: PLR2004 - a short name
                if at not in found and whole and not self._in_office(text, name):
                    yield name
                at = text.find(words, at + 1)

    def _in_office(self, text: str, name: _Name) -> bool:
        before = text[max(0, name.start - self._longest_office) : name.start]
        return bool(self._office_before.search(before) or self._office_after.match(text, name.end))


@cache
def _grammar() -> _Grammar:
    return _Grammar(load_name_words())


def _apart(masks: Iterator[Mask]) -> list[Mask]:
    """Return them in order; of two that overlap the one that begins first, and of those the longer one."""
    kept: list[Mask] = []
    for mask in sorted(masks, key=lambda mask: (mask.start, -mask.end)):
        if not kept or mask.start >= kept[-1].end:
            kept.append(mask)
    return kept


def _any_of(words: tuple[str, ...] | list[str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=lambda word: (-len(word), word)))
