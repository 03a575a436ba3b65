"""Names of bodies -> the divisions they may belong to, and what kind of body it is.

Belongs here: reading `河南省驻马店市确山县竹沟镇人民政府` from left to right. Not here: finding such names in a report (`header`)
and deciding between several places of one name (`identity`).
"""

import re
from collections.abc import Iterator
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from contracts.divisions import Division, load_divisions


class Body(StrEnum):
    """What writes, beside its place."""

    GOVERNMENT = "government"
    OFFICE = "office"
    TOWNSHIP = "township"
    DEPARTMENT = "department"
    ZONE = "zone"
    PARTY = "party"
    OTHER = "other"
    """No body by its name."""
    PLACE = "place"
    """A place alone: `庆元县` in `庆元县2024年度行政执法数据表`."""


class Name(NamedTuple):
    """A name read from its start."""

    divisions: tuple[Division, ...]
    """Every division that the names of places at its start can mean, deepest level; several for `鼓楼区`, none for `县司法局`."""
    rest: str
    """What follows the names of places."""
    body: Body


@lru_cache(maxsize=1024)  # a header names the same body several times over
def read_name(name: str, year: int) -> Name:
    """Reads a body's name with the divisions that stood in `year`, never fails.

    A chain of places must be one of parents and children (`长春市朝阳区`), gaps allowed (`浙江省钱塘区`).
    """
    bare = name.removeprefix("中共").removeprefix("中国共产党")
    chains = _longest(list(_chains(bare, 0, None, year)))
    used = chains[0][1] if chains else 0
    rest = bare[used:]
    return Name(tuple(division for division, _ in chains), rest, _body(rest))


def lies_in(division: Division, parent: Division) -> bool:
    """Whether `parent` is `division` itself or one of its parents."""
    return parent.code in {division.code, division.prefecture_code, division.province_code}


_LONGEST_NAME = 16
_TOWNSHIP_FOLLOWS = re.compile(r"[镇乡]|街道|办事处")
_BODIES = (
    (
        Body.TOWNSHIP,
        re.compile(
            r"^[\u4e00-\u9fff]{1,12}?(?:镇|乡|街道|苏木)(?:人民政府|政府|办事处|党委|党工委|$)|^[\u4e00-\u9fff]{2,12}办事处$"
        ),
    ),
    (Body.OFFICE, re.compile(r"政府办(?:公[室厅])?$")),
    (Body.ZONE, re.compile(r"管理委员会|管委会|(?:开发|高新|产业|园|示范|风景|名胜|度假|保税|管理)区|新区")),
    (Body.GOVERNMENT, re.compile(r"政府$")),
    (Body.PARTY, re.compile(r"^[县市区州旗盟省]?委(?!.*局)")),
    (Body.DEPARTMENT, re.compile(r"(?:[局厅委办处院站所科]|办公[室厅]|委员会|中心|[大支总]队|公司|学校)$")),
    (Body.PLACE, re.compile(r"^$")),
)
"""What a body is by what follows its place; the first that fits."""


def _chains(name: str, at: int, parent: Division | None, year: int) -> Iterator[tuple[Division, int]]:
    """Every way to read places from `at` on: the deepest division with where its name ends."""
    for length in range(2, min(_LONGEST_NAME, len(name) - at) + 1):
        end = at + length
        for division in _called(name[at:end], year):
            is_township = division.level == "county" and _TOWNSHIP_FOLLOWS.match(name, end)
            if is_township or (parent and not _is_below(division, parent)):
                continue
            yield division, end
            yield from _chains(name, end, division, year)


def _longest(chains: list[tuple[Division, int]]) -> list[tuple[Division, int]]:
    """The readings that use up most of the name, each division once."""
    most = max((end for _, end in chains), default=0)
    return list(dict.fromkeys(chain for chain in chains if chain[1] == most))


def _called(name: str, year: int) -> tuple[Division, ...]:
    province = _short_provinces(year).get(name)
    return (province,) if province else load_divisions().named(name, year)


@lru_cache(maxsize=64)
def _short_provinces(year: int) -> dict[str, Division]:
    """`河南`, `内蒙古`, `新疆`: provinces as they stand before the name of a county."""
    shorten = re.compile(r"(?:(?:壮族|回族|维吾尔)?自治区|特别行政区|省|市)$")
    provinces = [row for row in load_divisions().rows if row.level == "province" and row.stands_in(year)]
    return {shorten.sub("", row.name): row for row in provinces}


def _is_below(division: Division, parent: Division) -> bool:
    return division.code != parent.code and lies_in(division, parent)


def _body(rest: str) -> Body:
    return next((body for body, pattern in _BODIES if pattern.search(rest)), Body.OTHER)
