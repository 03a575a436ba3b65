"""The indicator catalogue: what is counted, in which words reports say it, and the words themselves.

Here belong the loader of ``contracts/catalogue/*.toml`` and the checks that a file of it must pass: a researcher
edits those files and meets only the messages of this module. Not here: how words are found in a text and how
rules are matched (``assets.parse``).

A pattern is a report's own wording, its words parted by blanks, with ``#`` where the number stands::

    收到 申请 #件        both words near the number, in any order, unit of the class 件
    受理|立案 #          one of two words; without a unit after # the indicator's own units
    评查 案卷 -问题 #    not where the word 问题 stands near
    (全县) 调解 #        a word that may be absent; where it is there, the pattern is the surer one

A word is any word of the lexicon (then all its synonyms count) or any other wording (then it alone). A word of
``[topics]`` may also have been said earlier in the sentence, in the heading or in the title.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from contracts import codelists
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
    """A wording and the value that the indicator must get from it (None in a counterexample: no value)."""

    text: str
    value: float | None


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
    ``overrides`` topics that push others out of a clause; ``masks`` words that hide shorter words inside them;
    ``fixed`` phrases whose numerals are no figures.
    """

    units: Mapping[str, tuple[str, ...]]
    concepts: Mapping[str, tuple[str, ...]]
    topics: Mapping[str, tuple[str, ...]]
    scopes: Mapping[str, tuple[str, ...]]
    signals: Mapping[str, tuple[str, ...]]
    overrides: Mapping[str, tuple[str, ...]]
    masks: tuple[str, ...]
    fixed: Mapping[str, tuple[str, ...]]


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
    "none",  # nothing of what follows: 0
    "all",  # all of what was counted before
    "full",  # all that there are: 100 %
    "half_year",
    "since",  # the sums that follow span several years
    "this_year",  # ends a span of several years
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


def read_catalogue(directory: Path) -> Catalogue:
    """Read every file of a catalogue folder.

    Raises ``CatalogueError`` naming file and line, what is wrong there and what to write instead.
    """
    paths = sorted(directory.glob("*.toml"))
    contents = {path.name: path.read_bytes() for path in paths}
    if LEXICON_FILE not in contents:
        raise CatalogueError("the catalogue has no lexicon", culprit=str(directory / LEXICON_FILE), remedy="add it")
    files = [_File(path, contents[path.name].decode("utf-8")) for path in paths]
    lexicon = _lexicon(files)
    domains: list[Domain] = []
    indicators: dict[str, Indicator] = {}
    for file in files:
        if file.name == LEXICON_FILE:
            continue
        domain = _domain(file)
        domains.append(domain)
        for entry in file.tables("indicator"):
            indicator = _indicator(file, entry, domain.id, lexicon)
            if indicator.id in indicators:
                raise file.error(f'id = "{indicator.id}"', "the id is taken", "choose another id or merge the two")
            indicators[indicator.id] = indicator
    _check_sources(files, indicators)
    digest = hashlib.sha256()
    for name, content in contents.items():
        digest.update(name.encode() + b"\0" + content + b"\0")
    return Catalogue(tuple(domains), indicators, lexicon, digest.hexdigest()[:16])


class _File:
    """A catalogue file with the means to name a line of it."""

    def __init__(self, path: Path, text: str) -> None:
        self.name = path.name
        self.path = path
        self.text = text
        try:
            self.data: dict[str, Any] = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise CatalogueError(
                f"is no TOML: {error}", culprit=path.name, remedy="close the quotation mark or bracket named there"
            ) from error

    def tables(self, name: str) -> list[dict[str, Any]]:
        tables = self.data.get(name, [])
        if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
            raise self.error(name, f"{name} must be a list of tables", f"write [[{name}]] above each")
        return tables

    def error(self, needle: str, message: str, remedy: str) -> CatalogueError:
        """Make the error, with the first line that holds ``needle``."""
        lines = self.text.splitlines()
        line = next((n for n, content in enumerate(lines, 1) if needle and needle in content), 1)
        return CatalogueError(message, culprit=f"{self.name}:{line}", remedy=remedy)


def _lexicon(files: list[_File]) -> Lexicon:
    merged: dict[str, dict[str, list[str]]] = {
        section: {} for section in ("units", "concepts", "topics", "scopes", "signals", "overrides", "fixed")
    }
    masks: list[str] = []
    for file in files:
        masks += _strings(file, file.data, "masks")
        for section, lists in merged.items():
            table = file.data.get(section, {})
            if not isinstance(table, dict):
                raise file.error(f"[{section}]", f"{section} must be a table", f"write [{section}] and lists below it")
            for name, words in table.items():
                if not isinstance(words, list) or not all(isinstance(word, str) and word for word in words):
                    raise file.error(name, f"{section}.{name} must be a list of words", 'write ["…", "…"]')
                lists.setdefault(name, []).extend(words)
    lexicon_file = next(file for file in files if file.name == LEXICON_FILE)
    for section, allowed in (
        ("scopes", codelists.SCOPE.codes),
        ("signals", SIGNALS),
        ("fixed", codelists.NUMERAL_KIND.codes),
    ):
        for name in merged[section]:
            if name not in allowed:
                raise lexicon_file.error(name, f"{section} knows no {name}", f"use one of {', '.join(allowed)}")
    frozen = {
        section: {name: tuple(dict.fromkeys(words)) for name, words in lists.items()}
        for section, lists in merged.items()
    }
    return Lexicon(masks=tuple(dict.fromkeys(masks)), **frozen)


def _domain(file: _File) -> Domain:
    table = file.data.get("domain")
    if not isinstance(table, dict):
        raise file.error("", "the file has no [domain]", 'write [domain] with id = "D…", zh = "…", en = "…" at its top')
    return Domain(_string(file, table, "id"), _string(file, table, "zh"), _string(file, table, "en"), file.name)


_INDICATOR_KEYS = frozenset(
    "id zh en definition_zh definition_en unit kind tier scope scopes fixed_scope own_scope period minimum maximum since "
    "legal_basis verified units topic patterns all none full named also examples counterexamples notes".split()
)


def _indicator(file: _File, entry: dict[str, Any], domain: str, lexicon: Lexicon) -> Indicator:
    name = _string(file, entry, "id")
    for key in entry:
        if key not in _INDICATOR_KEYS:
            raise file.error(
                f"{key} =", f"{name} has an unknown key {key}", f"use one of {', '.join(sorted(_INDICATOR_KEYS))}"
            )
    kind = _choice(file, entry, "kind", KINDS, "count")
    scope = _choice(file, entry, "scope", codelists.SCOPE.codes, "reporter")
    unit = _string(file, entry, "unit")
    units = _strings(file, entry, "units") or [unit_class(lexicon, unit) or unit]
    for each in units:
        if each not in lexicon.units:
            raise file.error(
                f'"{each}"', f"{name} has a unit of no class: {each}", f"use one of {' '.join(lexicon.units)}"
            )
    topic = tuple(_strings(file, entry, "topic"))
    for each in topic:
        if each not in lexicon.topics:
            raise file.error(f'"{each}"', f"{name} has an unknown topic {each}", "add it under [topics]")
    rate = kind == "rate"
    maximum = entry.get("maximum", 100.0 if rate else None)
    return Indicator(
        id=name,
        domain=domain,
        zh=_string(file, entry, "zh"),
        en=_string(file, entry, "en"),
        definition_zh=_string(file, entry, "definition_zh"),
        definition_en=_string(file, entry, "definition_en"),
        unit=UNIT_CODES.get(unit, unit),
        kind=kind,
        tier=_choice(file, entry, "tier", TIERS, "standard"),
        scope=scope,
        scopes=tuple(dict.fromkeys([scope, *_strings(file, entry, "scopes")])),
        own_scope=_choice(file, entry, "own_scope", ("", *codelists.SCOPE.codes), ""),
        fixed_scope=bool(entry.get("fixed_scope", False)),
        period=_choice(file, entry, "period", codelists.PERIOD.codes, "year"),
        minimum=float(entry.get("minimum", 0)),
        maximum=None if maximum is None else float(maximum),
        since=entry.get("since"),
        legal_basis=str(entry.get("legal_basis", "")),
        verified=bool(entry.get("verified", False)),
        units=tuple(units),
        topic=topic,
        patterns=tuple(_patterns(file, entry, name, lexicon)),
        examples=tuple(_examples(file, entry, name)),
        counterexamples=tuple(_strings(file, entry, "counterexamples")),
        notes=tuple(_strings(file, entry, "notes")),
        file=file.name,
    )


def unit_class(lexicon: Lexicon, unit: str) -> str | None:
    """Return the class that a unit word belongs to, or None."""
    return next((name for name, words in lexicon.units.items() if unit == name or unit in words), None)


def _patterns(file: _File, entry: dict[str, Any], name: str, lexicon: Lexicon) -> Iterator[Pattern]:
    for text in _strings(file, entry, "patterns"):
        yield _pattern(file, name, text, "number", lexicon)
    for how in IMPLIED:
        for text in _strings(file, entry, how):
            yield _pattern(file, name, text, how, lexicon)


def _pattern(file: _File, name: str, text: str, how: str, lexicon: Lexicon) -> Pattern:
    wording, _, source = text.partition("=>")
    needed: list[tuple[str, ...]] = []
    welcome: list[str] = []
    barred: list[str] = []
    units: list[str] | None = None
    for word in wording.split():
        if word.startswith("#"):
            if units is not None:
                raise file.error(text, f"the pattern {text!r} has two numbers", "write one pattern for each")
            units = [unit for unit in word[1:].split("|") if unit]
        elif word.startswith("-"):
            barred += word[1:].split("|")
        elif word.startswith("(") and word.endswith(")"):
            welcome.append(word[1:-1])
        else:
            needed.append(tuple(word.split("|")))
    if how == "number" and units is None:
        raise file.error(text, f"the pattern {text!r} has no number", "put # where the number stands")
    if how != "number" and units is not None:
        raise file.error(text, f"the pattern {text!r} under {how} has a number", "take # out, or move it to patterns")
    if not needed or not all(word for group in needed for word in group):
        raise file.error(text, f"the pattern {text!r} needs no word", "write at least one word beside the number")
    for unit in units or ():
        if unit not in lexicon.units:
            raise file.error(
                text, f"the pattern {text!r} has a unit of no class: {unit}", f"use one of {' '.join(lexicon.units)}"
            )
    if source and how not in ("all", "also"):
        raise file.error(text, f"the pattern {text!r} copies a value", "only patterns under all and also have =>")
    return Pattern(
        name, text, how, tuple(needed), tuple(welcome), tuple(barred), tuple(units or ()), tuple(source.split())
    )


_EXAMPLE = re.compile(r"(?P<text>.*?)\s*=>\s*(?P<value>-?\d+(?:\.\d+)?)")


def _examples(file: _File, entry: dict[str, Any], name: str) -> Iterator[Example]:
    for text in _strings(file, entry, "examples"):
        match = _EXAMPLE.fullmatch(text)
        if match is None:
            raise file.error(text, f"{name} has an example without its value", 'write "wording => value"')
        yield Example(match["text"], float(match["value"]))


def _check_sources(files: list[_File], indicators: Mapping[str, Indicator]) -> None:
    for indicator in indicators.values():
        for pattern in indicator.patterns:
            for source in pattern.source:
                if source not in indicators:
                    file = next(file for file in files if file.name == indicator.file)
                    raise file.error(
                        pattern.text, f"{indicator.id} copies from an unknown {source}", "name an id of the catalogue"
                    )


def _string(file: _File, entry: Mapping[str, Any], key: str) -> str:
    value = entry.get(key)
    if not isinstance(value, str) or not value:
        owner = entry.get("id", "[domain]")
        raise file.error(f'"{owner}"', f"{owner} has no {key}", f'write {key} = "…"')
    return value


def _strings(file: _File, entry: Mapping[str, Any], key: str) -> list[str]:
    value = entry.get(key, [])
    if not isinstance(value, list) or not all(isinstance(each, str) and each for each in value):
        raise file.error(f"{key} =", f"{key} must be a list of texts", f'write {key} = ["…", "…"]')
    return value


def _choice(file: _File, entry: Mapping[str, Any], key: str, allowed: tuple[str, ...], default: str) -> str:
    value = entry.get(key, default)
    if value not in allowed:
        raise file.error(f'{key} = "{value}"', f"{key} cannot be {value!r}", f"use one of {', '.join(allowed)}")
    return str(value)
