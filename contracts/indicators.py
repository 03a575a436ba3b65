"""The indicator catalogue: what is counted, in which words reports say it, and the words themselves.

Here belong the loader of ``contracts/catalogue/*.toml`` and the checks that a file of it must pass: a researcher
edits those files and meets only the messages of this module. Not here: how words are found in a text and how
rules are matched (``assets.parse``).

A pattern is a report's own wording, its words parted by blanks, with ``#`` where the number stands::

    收到 申请 #件        both words near the number, in any order, unit of the class 件
    受理|立案 #          one of two words; without a unit after # the indicator's own units
    评查 案卷 -问题 #    not where the word 问题 stands near
    (全县) 调解 #        a word that may be absent; where it is there, the pattern is the surer one
    受理 +复议 #         a word of a topic that must stand near the number itself
    受理 ~复议 #         a word of a topic that must stand in the same sentence

A word is any word of the lexicon (then all its synonyms count) or any other wording (then it alone). A word of
``[topics]`` may also have been said earlier in the sentence, in the heading or in the title.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from contracts import codelists
from contracts.collector import uncollected
from contracts.entries import Entry, read_entries
from contracts.errors import CatalogueError

CATALOGUE_DIRECTORY = Path(__file__).parent / "catalogue"
LEXICON_FILE = "lexicon.toml"

KINDS = ("count", "rate", "amount")
UNIT_CODES = {"%": "percent"}
"""Units that the data call otherwise than the files, which write them as reports do."""

TIERS = ("core", "standard", "extended")
IMPLIED = ("all", "none", "full", "named", "also")


class Pattern(NamedTuple):
    """One wording of an indicator, taken apart.

    ``needed`` holds alternatives to be met one by one, ``welcome`` words that only make the match surer,
    ``barred`` words that rule it out; ``units`` the unit classes that may follow the number (empty: those of
    the indicator). ``how`` is ``number``, or for values that no numeral states one of ``all none full named also``;
    ``source`` names, for ``all`` and ``also``, the indicators whose value is copied.
    """

    indicator_id: str
    text: str
    how: str
    needed: tuple[tuple[str, ...], ...]
    welcome: tuple[str, ...]
    barred: tuple[str, ...]
    units: tuple[str, ...]
    source: tuple[str, ...]

    @property
    def rule_id(self) -> str:
        """Name the rule by what a reader can look up: its indicator and its wording."""
        mark = "" if self.how == "number" else f"{self.how} "
        return f"{self.indicator_id}: {mark}{self.text}"


class Example(NamedTuple):
    """A wording and the value that the indicator must get from it."""

    text: str
    value: float


class Indicator(NamedTuple):
    """One thing that reports count; see ``docs/adding-an-indicator.md`` for each field."""

    id: str
    domain: str
    zh: str
    en: str
    definition_zh: str
    definition_en: str
    unit: str
    kind: str
    tier: str
    scope: str
    scopes: tuple[str, ...]
    fixed_scope: bool
    own_scope: str
    county_scope: str
    period: str
    minimum: float
    maximum: float | None
    since: int | None
    legal_basis: str
    verified: bool
    units: tuple[str, ...]
    topic: tuple[str, ...]
    patterns: tuple[Pattern, ...]
    examples: tuple[Example, ...]
    counterexamples: tuple[str, ...]
    notes: tuple[str, ...]
    file: str


class Domain(NamedTuple):
    """A chapter of the catalogue: one file."""

    id: str
    zh: str
    en: str
    file: str


class Lexicon(NamedTuple):
    """The words of the catalogue, each list under the name by which patterns call it.

    ``units`` unit classes; ``concepts`` synonyms; ``topics`` words that set what a sentence is about;
    ``scopes`` words that say whose figure it is; ``signals`` words that change how a number is read;
    ``overrides`` topics that push others out of a clause; ``rivals`` topics that end what was said of others before;
    ``masks`` words that hide shorter words inside them;
    ``fixed`` phrases whose numerals are no figures; ``short`` single characters that stand for whole words where
    they are all that is said before a number: 审12件、发9件.
    """

    units: Mapping[str, tuple[str, ...]]
    concepts: Mapping[str, tuple[str, ...]]
    topics: Mapping[str, tuple[str, ...]]
    scopes: Mapping[str, tuple[str, ...]]
    signals: Mapping[str, tuple[str, ...]]
    overrides: Mapping[str, tuple[str, ...]]
    rivals: Mapping[str, tuple[str, ...]]
    masks: tuple[str, ...]
    fixed: Mapping[str, tuple[str, ...]]
    short: Mapping[str, tuple[str, ...]]


class Catalogue(NamedTuple):
    """All domains, indicators and words, and a version that changes with any byte of their files."""

    domains: tuple[Domain, ...]
    indicators: Mapping[str, Indicator]
    lexicon: Lexicon
    version: str


SIGNALS = (
    "comparison",  # the numbers that follow in the clause are another year's, or a change
    "change",  # the number right after it is a change
    "level",  # hides a word of change: the number is a level after all
    "share",  # the number right after it is a share
    "target",  # the numbers that follow in the clause are planned or demanded
    "goal",  # the number right after it is planned or demanded
    "norm",  # the number right after it is a norm for each unit
    "part",  # the number counts one kind only, never the whole
    "governs",  # what is listed behind it is what it is done to: 审核合同41份、行政处罚28件
    "act",  # an act or paper that such a word may be done to
    "none",  # nothing of what follows: 0
    "all",  # all of what was counted before
    "full",  # all that there are: 100 %
    "half_year",
    "since",  # the sums that follow span several years
    "this_year",  # ends a span of several years
    "last_year",  # what follows up to a semicolon is last year's, where it opens a clause
    "respectively",  # several numbers for several nouns
    "jointly",  # one number for several nouns
    "at_least",
    "approximately",
    "at_most",
    "plan",  # opens a passage about what is to come
    "problem",  # opens a passage about what falls short
)


@lru_cache(maxsize=1)
def load_catalogue() -> Catalogue:
    """Return the project's own catalogue, read once in a process."""
    return read_catalogue(CATALOGUE_DIRECTORY)


@uncollected()
def read_catalogue(directory: Path) -> Catalogue:
    """Read every file of a catalogue folder.

    Raises ``CatalogueError`` naming file and line, what is wrong there and what to write instead.
    """
    paths = sorted(directory.glob("*.toml"))
    contents = {path.name: path.read_bytes() for path in paths}
    if LEXICON_FILE not in contents:
        raise CatalogueError("the catalogue has no lexicon", culprit=str(directory / LEXICON_FILE), remedy="add it")
    files = [read_entries(path, contents[path.name]) for path in paths]
    lexicon = _lexicon(files)
    domains: list[Domain] = []
    indicators: dict[str, Indicator] = {}
    entries: dict[str, Entry] = {}
    for file in files:
        if file.file == LEXICON_FILE:
            continue
        domain = _domain(file)
        domains.append(domain)
        for entry in file.tables("indicator"):
            indicator = _indicator(entry, domain.id, lexicon)
            if indicator.id in indicators:
                raise entry.error("the id is taken", "choose another id or merge the two", "id =")
            indicators[indicator.id] = indicator
            entries[indicator.id] = entry
    for indicator in indicators.values():
        _check_sources(entries[indicator.id], indicator, indicators)
    digest = hashlib.sha256()
    for name, content in contents.items():
        digest.update(name.encode() + b"\0" + content + b"\0")
    return Catalogue(tuple(domains), indicators, lexicon, digest.hexdigest()[:16])


_SECTIONS = ("units", "concepts", "topics", "scopes", "signals", "overrides", "rivals", "fixed", "short")
_SCOPES = codelists.SCOPE.codes
_PERIODS = codelists.PERIOD.codes
_CLOSED = {"scopes": _SCOPES, "signals": SIGNALS, "fixed": codelists.NUMERAL_KIND.codes}
"""Sections whose lists have names that mean something to the reader of texts."""


def _lexicon(files: list[Entry]) -> Lexicon:
    merged: dict[str, dict[str, list[str]]] = {section: {} for section in _SECTIONS}
    masks: list[str] = []
    for file in files:
        file.check_keys(("domain", "indicator", "masks", *_SECTIONS), "section")
        masks += file.texts("masks")
        for section, lists in merged.items():
            table = file.table(section)
            for name, words in table.lists() if table else ():
                if table and section in _CLOSED and name not in _CLOSED[section]:
                    allowed = ", ".join(_CLOSED[section])
                    raise table.error(f"{section} knows no {name}", f"use one of {allowed}", name)
                lists.setdefault(name, []).extend(words)
    frozen = {
        section: {name: tuple(dict.fromkeys(words)) for name, words in lists.items()}
        for section, lists in merged.items()
    }
    lexicon = Lexicon(masks=tuple(dict.fromkeys(masks)), **frozen)
    _check_short(files, lexicon)
    return lexicon


def _check_short(files: list[Entry], lexicon: Lexicon) -> None:
    known = {word for lists in (lexicon.concepts, lexicon.topics) for words in lists.values() for word in words}
    for file in files:
        table = file.table("short")
        for name, words in table.lists() if table else ():
            if table and len(name) != 1:
                raise table.error(f"{name!r} is not one character", "write longer words under [concepts]", name)
            unknown = [word for word in words if word not in known]
            if table and unknown:
                raise table.error(f"{name} stands for no word: {', '.join(unknown)}", "name words of the lists", name)


def _domain(file: Entry) -> Domain:
    table = file.table("domain")
    if table is None:
        raise file.error("the file has no [domain]", 'write [domain] with id = "D…", zh = "…", en = "…" at its top')
    return Domain(table.text("id"), table.text("zh"), table.text("en"), file.file)


_INDICATOR_KEYS = {*Indicator._fields, *IMPLIED} - {"domain", "file"}
_ID = re.compile(r"[a-z][a-z0-9_]*")


def _indicator(entry: Entry, domain: str, lexicon: Lexicon) -> Indicator:
    name = entry.text("id")
    if not _ID.fullmatch(name):
        raise entry.error(f"{name!r} is no id", "write small letters, digits and _, a letter first", "id =")
    entry.check_keys(_INDICATOR_KEYS, "key")
    kind = entry.choice("kind", KINDS, "count")
    scope = entry.choice("scope", _SCOPES, "reporter")
    unit = entry.text("unit")
    units = entry.texts("units") or [unit_class(lexicon, unit) or unit]
    for each in units:
        if each not in lexicon.units:
            known = " ".join(lexicon.units)
            raise entry.error(f"{name} has a unit of no class: {each}", f"use one of {known}", "unit", each)
    topic = tuple(entry.texts("topic"))
    for each in topic:
        if each not in lexicon.topics:
            raise entry.error(f"{name} has an unknown topic {each}", "add it under [topics]", "topic =", each)
    return Indicator(
        id=name,
        domain=domain,
        zh=entry.text("zh"),
        en=entry.text("en"),
        definition_zh=entry.text("definition_zh"),
        definition_en=entry.text("definition_en"),
        unit=UNIT_CODES.get(unit, unit),
        kind=kind,
        tier=entry.choice("tier", TIERS, "standard"),
        scope=scope,
        scopes=tuple(dict.fromkeys([scope, *entry.choices("scopes", _SCOPES)])),
        own_scope=entry.choice("own_scope", ("", *_SCOPES), ""),
        county_scope=entry.choice("county_scope", ("", *_SCOPES), ""),
        fixed_scope=entry.flag("fixed_scope"),
        period=entry.choice("period", _PERIODS, "year"),
        minimum=entry.number("minimum", None) or 0.0,
        maximum=entry.number("maximum", 100.0 if kind == "rate" else None),
        since=entry.year("since"),
        legal_basis=entry.text("legal_basis") if entry.data.get("legal_basis") else "",
        verified=entry.flag("verified"),
        units=tuple(units),
        topic=topic,
        patterns=tuple(_patterns(entry, name, lexicon)),
        examples=tuple(_examples(entry, name)),
        counterexamples=tuple(_counterexamples(entry)),
        notes=tuple(entry.texts("notes")),
        file=entry.file,
    )


def unit_class(lexicon: Lexicon, unit: str) -> str | None:
    """Return the class that a unit word belongs to, or None."""
    return next((name for name, words in lexicon.units.items() if unit == name or unit in words), None)


def _patterns(entry: Entry, name: str, lexicon: Lexicon) -> Iterator[Pattern]:
    for key, how in (("patterns", "number"), *((how, how) for how in IMPLIED)):
        for text in entry.texts(key):
            pattern = _pattern(name, text, how)
            fault, remedy = _fault(pattern, lexicon)
            if fault:
                raise entry.error(f"the pattern {text!r} {fault}", remedy, f"{key} =", text)
            yield pattern


def _pattern(name: str, text: str, how: str) -> Pattern:
    wording, _, source = text.partition("=>")
    needed: list[tuple[str, ...]] = []
    welcome: list[str] = []
    barred: list[str] = []
    units: list[str] = []
    for word in wording.split():
        if word[0] == "#":
            units += (unit for unit in word[1:].split("|") if unit)
        elif word[0] == "-":
            barred += word[1:].split("|")
        elif word[0] == "(" and word[-1] == ")":
            welcome.append(word[1:-1])
        else:
            needed.append(tuple(word.split("|")))
    return Pattern(name, text, how, tuple(needed), tuple(welcome), tuple(barred), tuple(units), tuple(source.split()))


def _fault(pattern: Pattern, lexicon: Lexicon) -> tuple[str, str]:
    """Return what is wrong with a pattern and how to mend it; nothing when it is sound."""
    numbers = pattern.text.count("#")
    unknown = [unit for unit in pattern.units if unit not in lexicon.units]
    if unknown:
        return f"has a unit of no class: {', '.join(unknown)}", f"use one of {' '.join(lexicon.units)}"
    fault = ("", "")
    if pattern.how == "number" and numbers != 1:
        fault = ("has two numbers", "write one pattern for each")
        if not numbers:
            fault = ("has no number", "put # where the number stands")
    elif pattern.how != "number" and numbers:
        fault = ("states no number but has one", "take # out, or move it to patterns")
    elif not pattern.needed:
        fault = ("needs no word", "write at least one word beside the number")
    elif any("" in group for group in pattern.needed):
        fault = ("has an empty alternative", "write a word on both sides of |")
    elif pattern.source and pattern.how not in ("all", "also"):
        fault = ("copies a value", "only patterns under all and also have =>")
    return fault


_EXAMPLE = re.compile(r"(?P<text>.*?)\s*=>\s*(?P<value>-?\d+(?:\.\d+)?)")


def _examples(entry: Entry, name: str) -> Iterator[Example]:
    for text in entry.texts("examples"):
        match = _EXAMPLE.fullmatch(text)
        if match is None:
            raise entry.error(
                f"{name} has an example without its value", 'write "wording => value"', "examples =", text
            )
        yield Example(match["text"], float(match["value"]))


def _counterexamples(entry: Entry) -> Iterator[str]:
    for text in entry.texts("counterexamples"):
        if "=>" in text:
            remedy = "leave out => and what follows: a counterexample yields no value"
            raise entry.error("a counterexample with a value", remedy, "counterexamples =", text)
        yield text


def _check_sources(entry: Entry, indicator: Indicator, indicators: Mapping[str, Indicator]) -> None:
    for pattern in indicator.patterns:
        for source in pattern.source:
            if source not in indicators:
                fault = f"{indicator.id} copies from an unknown {source}"
                raise entry.error(fault, "name an id of the catalogue", f"{pattern.how} =", pattern.text)
