"""Whose report it is and which year's.

Belongs here: weighing what the header and the origin record say until exactly one division, year and kind is left, or filing
why none is. Not here: finding the fields (`header`), reading names (`places`).

Order of proof. Year: settled by hand, title, heading, origin's title, preamble, majority of the body. Body: settled by hand, title, red head,
signature, publisher. Where a name has several places, the addressee (one level up), the publisher, the portal's host and the other
names in the header decide; where they contradict, nothing is decided. The year of publication is no proof of the report year.
"""

import re
from typing import NamedTuple

from assets.parse.header import (
    Found,
    Header,
    is_title,
    issuer_of_title,
    places_in_title,
    read_header,
    year_of_title,
)
from assets.parse.pictures import Doubts
from assets.parse.places import Body, Name, lies_in, read_name
from assets.parse.portals import spelled_by
from contracts.divisions import Division, load_divisions
from contracts.origin import Origin


class Identity(NamedTuple):
    """A report of a known body and year."""

    division: Division
    """As it stood in the report year. For townships and departments, the division they belong to."""
    level: str
    """A code of the codelist `level`."""
    kind: str
    """A code of the codelist `document_kind`."""
    issuer: Found
    title: Found
    report_year: int
    year_found: Found
    document_number: Found | None
    addressee: Found | None
    issued_on: Found | None


class Unidentified(NamedTuple):
    """A text that is no report, or whose body or year nothing decides."""

    rule: str
    reason: str
    candidates: tuple[Division, ...] = ()
    """The divisions it may be about, where that is what is open."""
    title: str | None = None
    issuer: str | None = None


def identify(text: str, origin: Origin) -> Identity | Unidentified:
    """Whose report `text` is, by its header and `origin`. Never guesses and never raises: `Unidentified` says what is missing."""
    header = read_header(text)
    title = header.title or _title_of(origin) or _first_line(text, origin)
    if title is None:
        return Unidentified("identity.no_title", "no line reads like the title of a report of a known kind")
    if template := _TEMPLATE.search(title.value):
        return Unidentified(
            "identity.template", f"is a sample text: its title speaks of {template[0]}", (), title.value
        )
    if contradiction := _other_year(header, origin):
        return Unidentified("identity.contradiction", contradiction, (), title.value)
    year = _year(header, title, origin)
    if year is None:
        reason = "neither title, preamble nor the years in the text name one report year"
        return Unidentified("identity.no_year", reason, (), title.value)
    return _Case(header, title, year, origin).decided()


def without_doubt(identity: Identity | Unidentified, doubts: Doubts) -> Identity | Unidentified:
    """`identity`, of whose fields OCR is sure: a doubtful character in what decided it opens it again, elsewhere it empties the field."""
    if isinstance(identity, Unidentified):
        return identity
    deciding = (identity.title, identity.issuer, identity.year_found)
    if found := next((found for found in deciding if _in_doubt(found, doubts)), None):
        return Unidentified(
            "identity.unsure_reading",
            f"OCR is not sure of {found.value}, which says whose report it is or of which year",
            (identity.division,),
            identity.title.value,
            identity.issuer.value,
        )
    return identity._replace(
        document_number=_sure(identity.document_number, doubts),
        addressee=_sure(identity.addressee, doubts),
        issued_on=_sure(identity.issued_on, doubts),
    )


class _Case:
    """A text with a title and a year; what is left to find is whose it is."""

    def __init__(self, header: Header, title: Found, year: Found, origin: Origin) -> None:
        self.header = header
        self.title = title
        self.year_found = year
        self.year = int(year.value)
        self.origin = origin

    def decided(self) -> Identity | Unidentified:
        issuer = self._issuer()
        if self.origin.division is not None:
            return self._by_hand(self.origin.division, issuer)
        if issuer is None:
            reason = "neither title, red head, signature nor origin record names the body that reports"
            return self._open("identity.no_issuer", reason)
        name = self._read(issuer.value)
        if name.body is Body.ZONE:
            reason = f"{issuer.value} is a development zone, which has no code of its own"
            return self._open("identity.zone", reason, issuer, name.divisions)
        place = self._place(issuer, name)
        return place if isinstance(place, Unidentified) else self._identity(place, issuer, name.body)

    def _place(self, issuer: Found, name: Name) -> Division | Unidentified:
        candidates = name.divisions or self._places_beside(name.body)
        if not candidates:
            reason = f"{issuer.value} names no division that stood in {self.year}"
            return self._open("identity.unknown_place", reason, issuer)
        left = self._witnessed(candidates)
        if not left:
            reason = f"{issuer.value} does not fit the other bodies and places of the header"
            return self._open("identity.contradiction", reason, issuer, candidates)
        if len(left) > 1:
            places = "、".join(division.full_name for division in left)
            return self._open("identity.ambiguous", f"{issuer.value} may be of {places}", issuer, left)
        return left[0]

    def _issuer(self) -> Found | None:
        """The body that reports: the first name that is one of a body or a known place."""
        for found in (*self._bodies(), *self._places_of_title()):
            name = self._read(found.value)
            if name.divisions or name.body not in {Body.PLACE, Body.OTHER}:
                return _without_topic(found, name)
        return None

    def _bodies(self) -> list[Found]:
        header = self.header
        publisher = _SITE.sub("", "".join((self.origin.publisher or "").split()))
        named = Found(publisher, "issuer.publisher") if publisher else None
        title_issuer = header.issuer_in_title
        if title_issuer is None and (said := issuer_of_title(self.title.value)):
            title_issuer = Found(said, "issuer.title")
        return [found for found in (title_issuer, header.red_head, header.signature, named) if found]

    def _places_of_title(self) -> list[Found]:
        return [Found(place, "issuer.place_in_title") for place in places_in_title(self.title.value)]

    def _read(self, name: str) -> Name:
        """The name with the divisions of the report year; those of the year of issue where only they bear it."""
        read = read_name(name, self.year)
        if read.divisions:
            return read
        later = read_name(name, self.year + 1)
        then = (load_divisions().with_code(division.code, self.year) for division in later.divisions)
        return later._replace(divisions=tuple(division for division in then if division))

    def _places_beside(self, body: Body) -> tuple[Division, ...]:
        """Places for a body that names none (`县司法局`): of the other names, or of the government that it reports to."""
        for found in (*self._bodies(), *self._places_of_title()):
            if divisions := self._read(found.value).divisions:
                return divisions
        if body in {Body.TOWNSHIP, Body.DEPARTMENT, Body.OFFICE}:
            for addressee in self._addressees():
                if addressee:
                    return addressee
        return ()

    def _witnessed(self, candidates: tuple[Division, ...]) -> tuple[Division, ...]:
        """The candidates that every name in the header allows; publisher and portal may narrow them and refute nobody."""
        left = candidates
        for witness in self._witnesses():
            left = tuple(division for division in left if _allows(witness, division))
        publisher = self._read(_SITE.sub("", self.origin.publisher or "")).divisions
        left = tuple(division for division in left if _allows(publisher, division)) or left
        return (spelled_by(self.origin.url, left) or left) if len(left) > 1 else left

    def _witnesses(self) -> list[tuple[Division, ...]]:
        """What each name in the header can mean; names of no known place witness nothing."""
        names = [found for found in (self.header.red_head, self.header.signature) if found]
        read = [self._read(found.value).divisions for found in (*names, *self._places_of_title())]
        addressee = tuple(division for divisions in self._addressees() for division in divisions)
        return [divisions for divisions in (*read, addressee) if divisions]

    def _addressees(self) -> list[tuple[Division, ...]]:
        found = self.header.addressee
        return [self._read(name).divisions for name in _SEPARATORS.split(found.value)] if found else []

    def _by_hand(self, code: str, issuer: Found | None) -> Identity | Unidentified:
        division = load_divisions().with_code(code, self.year)
        if division is None:
            return self._open("identity.no_such_division", f"{code} was no division in {self.year}", issuer)
        body = self._read(issuer.value).body if issuer else Body.PLACE
        return self._identity(division, issuer or Found(division.name, "issuer.by_hand"), body)

    def _identity(self, division: Division, issuer: Found, body: Body) -> Identity:
        number = self.header.document_number
        if number is None and self.origin.document_number:
            number = Found(self.origin.document_number, "document_number.origin")
        issued_on = self.header.issued_on
        if issued_on is None and self.origin.published_on:
            issued_on = Found(self.origin.published_on, "issued_on.origin")
        return Identity(
            division=division,
            level="township" if body is Body.TOWNSHIP else division.level,
            kind=self.origin.kind or _kind(self.title.value, body, division),
            issuer=issuer,
            title=self.title,
            report_year=self.year,
            year_found=self.year_found,
            document_number=number,
            addressee=self.header.addressee,
            issued_on=issued_on,
        )

    def _open(
        self, rule: str, reason: str, issuer: Found | None = None, candidates: tuple[Division, ...] = ()
    ) -> Unidentified:
        return Unidentified(rule, reason, candidates, self.title.value, issuer.value if issuer else None)


def _sure(found: Found | None, doubts: Doubts) -> Found | None:
    return None if found is None or _in_doubt(found, doubts) else found


def _in_doubt(found: Found, doubts: Doubts) -> bool:
    return (
        found.char_start is not None and found.char_end is not None and doubts.within(found.char_start, found.char_end)
    )


_TEMPLATE = re.compile(r"[某×]+[县市区旗镇乡局]|[Xx]{2,}[县市区旗镇乡局]")
_SITE = re.compile(r"[（(][^）)]*[）)]|门户网站|政府网站?$|信息公开网$|\s")
_SEPARATORS = re.compile(r"[、，,]|并(?=[^、，,]*[委政])")
_LONGEST_FIRST_LINE = 60

_KINDS = (
    (re.compile(r"信息公开|政务公开"), "open_government_report"),
    (re.compile(r"规范性文件"), "cleanup_notice"),
    (re.compile(r"法治政府|依法行政|法治.*建设"), None),
    (re.compile(r"行政复议|行政应诉"), "reconsideration_report"),
    (re.compile(r"行政执法"), "enforcement_statistics"),
)
"""The first topic that a title holds decides its kind; None for a report on law-based government, whose kind its body decides."""

_KINDS_BY_BODY = {Body.TOWNSHIP: "township", Body.DEPARTMENT: "department", Body.OFFICE: "department"}


def _kind(title: str, body: Body, division: Division) -> str:
    for pattern, kind in _KINDS:
        if pattern.search(title):
            if kind is not None:
                return kind
            return _KINDS_BY_BODY.get(
                body, f"{division.level}_government" if body in {Body.GOVERNMENT, Body.PLACE} else "other"
            )
    return "other"


def _allows(witness: tuple[Division, ...], division: Division) -> bool:
    """Whether one meaning of a name is the division, a parent of it or a part of it."""
    return any(lies_in(division, meant) or lies_in(meant, division) for meant in witness)


def _without_topic(found: Found, name: Name) -> Found:
    """`found`, cut to the place where it is the tail of a title (`庆元县2024年度…`)."""
    if found.rule_id != "issuer.place_in_title":
        return found
    return found._replace(value=found.value[: len(found.value) - len(name.rest)])


def _title_of(origin: Origin) -> Found | None:
    """The title that the origin record gives, if it reads like one."""
    title = "".join((origin.title or "").split())
    return Found(title, "title.origin") if is_title(title) else None


def _first_line(text: str, origin: Origin) -> Found | None:
    """The first line as a title, only where a person settled all that a title would prove."""
    if None in {origin.division, origin.report_year, origin.kind}:
        return None
    start = len(text) - len(text.lstrip())
    line = text[start:].split("\n", 1)[0][:_LONGEST_FIRST_LINE].rstrip()
    return Found(line, "title.first_line", start, start + len(line)) if line else None


def _other_year(header: Header, origin: Origin) -> str | None:
    """How a year that was settled by hand contradicts the text's heading: a file of two reports has one origin record."""
    heading = header.heading_year
    if heading is None or origin.report_year in {None, int(heading.value)}:
        return None
    return f"is headed as the report of {heading.value}, and {origin.report_year} was given by hand"


def _year(header: Header, title: Found, origin: Origin) -> Found | None:
    if origin.report_year is not None:
        return Found(str(origin.report_year), "report_year.by_hand")
    if year := year_of_title(title.value):
        return Found(str(year), "report_year.title", title.char_start, title.char_end)
    if header.heading_year:
        return header.heading_year
    if year := year_of_title("".join((origin.title or "").split())):
        return Found(str(year), "report_year.origin_title")
    return header.preamble_year or header.body_year
