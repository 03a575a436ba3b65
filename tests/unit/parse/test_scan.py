"""Numerals by their form alone: their value and unit, or what they are when they count nothing."""

import sys

import pytest

from assets.parse.scan import Scanned, Scanner, chinese_value
from contracts.indicators import Catalogue


@pytest.fixture(scope="module")
def scanner(catalogue: Catalogue) -> Scanner:
    return Scanner(catalogue.lexicon)


def only(scanner: Scanner, text: str) -> Scanned:
    (numeral,) = scanner.scan(text)
    return numeral


@pytest.mark.parametrize(
    ("text", "value", "unit", "qualifier"),
    [
        ("受理42件", 42, "件", ""),
        ("受理1,047件", 1047, "件", ""),
        ("受理1，047件", 1047, "件", ""),
        ("罚款1,234,567.5元", 123.45675, "元", ""),
        ("罚款1.2亿元", 12000, "元", ""),
        ("罚款3万元", 3, "元", ""),
        ("发放3.2万条", 32000, "条", ""),
        ("发放2千余条", 2000, "条", "at_least"),
        ("培训50余场", 50, "场", "at_least"),
        ("培训50多场次", 50, "场次", "at_least"),
        ("参训1万余人次", 10000, "人次", "at_least"),
        ("合格率98.5%", 98.5, "%", ""),
        ("合格率百分之九十八点五", 98.5, "%", ""),
        ("合格率百分之98.5", 98.5, "%", ""),
        ("受理十二件", 12, "件", ""),
        ("受理两件", 2, "件", ""),
        ("受理一百零五件", 105, "件", ""),
        ("培训二十余场", 20, "场", "at_least"),
        ("受理0件", 0, "件", ""),
        ("共42", 42, "", ""),
    ],
)
def test_quantities(scanner: Scanner, text: str, value: float, unit: str, qualifier: str) -> None:
    numeral = only(scanner, text)
    assert (numeral.kind, numeral.value, numeral.unit, numeral.qualifier) == ("", value, unit, qualifier)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("2023年", ["date"]),
        ("2023年11月30日", ["date"]),
        ("2019-2023年", ["date"]),
        ("二〇二三年", ["date"]),
        ("1至6月", ["date"]),
        ("12·4国家宪法日", ["date"]),
        ("青政〔2023〕47号", ["document_number"]),
        ("青政[2023]47号", ["document_number"]),
        ("《关于2023年工作的意见》", ["law_title"]),
        ("“三零”创建", ["slogan"]),
        ("第三批", ["ordinal"]),
        ("第12条", ["article"]),
        ("前三名", ["ordinal"]),
        ("一、加强领导", ["heading"]),
        ("（二）依法行政", ["heading"]),
        ("3.规范执法", ["heading"]),
        ("；一是加强领导", ["enumeration"]),
        ("15日内办结", ["duration"]),
        ("三个方面", ["layer_count"]),
        ("提高2.5个百分点", ["comparison"]),
        ("增长3倍", ["comparison"]),
        ("三分之一", ["comparison"]),
        ("拨打12345热线", ["contact"]),
        ("电话：0396-7021234", ["contact"]),
        ("20-50人", ["threshold"]),
        ("1+3+N模式", ["identifier"]),
        ("5G网络", ["identifier"]),
        ("全国统一", ["idiom"]),
        ("万众一心", ["idiom", "idiom"]),
    ],
)
def test_numerals_that_count_nothing(scanner: Scanner, text: str, kinds: list[str]) -> None:
    assert [numeral.kind for numeral in scanner.scan(text)] == kinds


def test_money_is_in_ten_thousand_yuan(scanner: Scanner) -> None:
    values = {only(scanner, text).value for text in ("12000元", "1.2万元", "0.00012亿元", "一万二千元")}
    assert values == {1.2}


def test_no_count_has_twelve_digits(scanner: Scanner) -> None:
    assert only(scanner, "合计213401543801件").fused
    assert not only(scanner, "合计21340154380件").fused


@pytest.mark.parametrize(
    ("text", "value"),
    [("十", 10), ("十二", 12), ("二十", 20), ("二〇二三", 2023), ("一千零五", 1005), ("三万二千", 32000), ("廿三", 23), ("三点五", 3.5), ("一亿零三万", 100030000)],
)  # fmt: skip
def test_chinese_numbers(text: str, value: float) -> None:
    assert chinese_value(text) == value


def test_the_longest_number_is_no_crash(scanner: Scanner) -> None:
    assert only(scanner, "9" * 400 + "件").fused
    assert only(scanner, "9" * 400 + "元").fused


def test_digits_of_every_script_are_numerals(scanner: Scanner) -> None:
    digits = [character for character in map(chr, range(sys.maxunicode + 1)) if character.isdecimal()]
    assert [numeral.start for numeral in scanner.scan("、".join(digits))] == list(range(0, 2 * len(digits), 2))
