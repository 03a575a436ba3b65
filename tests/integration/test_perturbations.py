"""What copying, converting and scanning do to a report must cost no fact and make none up.

Each kind of damage is done to the whole real report, where it lies beside the project, and to every example report.
A fact may be found again, or its numeral may wait in the queue; it may never come back with another value.
"""

import random
import re
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from assets.parse.extract import extract
from assets.parse.facts import Extraction
from assets.parse.normalise import _RADICALS, _TRADITIONAL

ROOT = Path(__file__).parents[2]
REAL = ROOT.parent / "shared" / "reports" / "queshan-2022.txt"
EXAMPLES = sorted((ROOT / "examples" / "reports").glob("*.txt"))
Perturbation = Callable[[str, random.Random], str]

PERTURBATIONS: dict[str, Perturbation] = {}


def perturbation(function: Perturbation) -> Perturbation:
    PERTURBATIONS[function.__name__] = function
    return function


NUMBER = r"(?<![\d〔(（.])\d+(?:\.\d+)?(?!\d|[年月日号〕)）.、．])"


@perturbation
def blanks_around_numbers(text: str, chance: random.Random) -> str:
    return re.sub(NUMBER, lambda number: chance.choice(" \u3000") + number[0] + " ", text)


@perturbation
def blanks_inside_numbers(text: str, _: random.Random) -> str:
    return re.sub(r"(?<![\d.〔])(\d{1,3})(\d{3})(?=[件份条场人名次册个起宗])", r"\1 \2", text)


@perturbation
def thousands_separators(text: str, _: random.Random) -> str:
    return re.sub(r"(?<![\d.〔])(\d{1,3})(\d{3})(?=余?[件份条场人名次册个起宗])", r"\1,\2", text)


@perturbation
def no_thousands_separators(text: str, _: random.Random) -> str:
    return re.sub(r"(?<=\d),(?=\d{3})", "", text)


@perturbation
def full_width_digits(text: str, _: random.Random) -> str:
    return text.translate({ord("0") + n: ord("０") + n for n in range(10)})


@perturbation
def full_width_percent_and_point(text: str, _: random.Random) -> str:
    return re.sub(r"(?<=\d)\.(?=\d+%)", "．", text).replace("%", "％")


@perturbation
def half_width_punctuation(text: str, _: random.Random) -> str:
    return text.translate(str.maketrans("，；：（）！？", ",;:()!?"))


@perturbation
def chinese_numerals_for_small_counts(text: str, _: random.Random) -> str:
    return re.sub(
        r"(?<![\d.,，〔年月至\-—~+])([1-9])(?=[件份条场名次个起宗])",
        lambda number: "零一两三四五六七八九"[int(number[1])],
        text,
    )


@perturbation
def windows_line_ends(text: str, _: random.Random) -> str:
    return re.sub(r"\r?\n", "\r\n", text)


@perturbation
def old_mac_line_ends(text: str, _: random.Random) -> str:
    return re.sub(r"\r?\n", "\r", text)


@perturbation
def lines_wrapped_at_a_fixed_width(text: str, _: random.Random) -> str:
    return _wrapped(text, 29, "\n")


@perturbation
def pages_broken_inside_words(text: str, _: random.Random) -> str:
    return _wrapped(text, 97, "\n\f\n")


@perturbation
def lines_wrapped_and_indented(text: str, _: random.Random) -> str:
    return _wrapped(text, 37, "\r\n\u3000\u3000")


def _wrapped(text: str, width: int, end: str) -> str:
    """Break long lines anywhere, but not right behind a full stop: that would be a paragraph."""
    lines = []
    for line in text.split("\n"):
        parts = [line[at : at + width] for at in range(0, len(line), width)] or [""]
        if len(parts) > 1 and len(parts[-1]) < 17:  # no page breaks a line for a word or two
            parts[-2:] = [parts[-2] + parts[-1]]
        lines.append(
            "".join(part + ("" if part.endswith(("。", "；", "：")) else end) for part in parts[:-1]) + parts[-1]
        )
    return "\n".join(lines)


@perturbation
def tabs_and_no_break_spaces(text: str, _: random.Random) -> str:
    return re.sub(rf"(?<=[\u4e00-\u9fff])({NUMBER})(?=[\u4e00-\u9fff])", "\u00a0\\1\u2002", text).replace(
        "\u3000", "\t"
    )


@perturbation
def marks_that_do_not_show(text: str, chance: random.Random) -> str:
    return "".join(c + chance.choice("\u200b\u200d\u2060\ufeff\u00ad") if chance.random() < 0.1 else c for c in text)


@perturbation
def byte_order_mark(text: str, _: random.Random) -> str:
    return "\ufeff" + text


@perturbation
def radicals_of_pdf_files(text: str, _: random.Random) -> str:
    radical = {plain: fancy for fancy, plain in _RADICALS.items()}
    kangxi = {
        "行": "⾏",
        "人": "⼈",
        "大": "⼤",
        "力": "⼒",
        "工": "⼯",
        "文": "⽂",
        "法": "法",
        "面": "⾯",
        "用": "⽤",
    }
    return text.translate({ord(plain): fancy for plain, fancy in {**radical, **kangxi}.items()})


@perturbation
def traditional_script(text: str, _: random.Random) -> str:
    return text.translate({ord(new): old for old, new in _TRADITIONAL.items() if old != new})


@perturbation
def letters_for_digits(text: str, _: random.Random) -> str:
    return re.sub(r"(?<=[1-9])0(?=[件次场条份名])", "O", re.sub(r"(?<![\d.])1(?=\d[件次场条份名])", "l", text))


@perturbation
def doubled_blank_lines(text: str, _: random.Random) -> str:
    return text.replace("\n", "\n\n\n")


@perturbation
def text_twice(text: str, _: random.Random) -> str:
    return f"{text}\n{text}"


@perturbation
def headings_lost(text: str, _: random.Random) -> str:
    """Only the marks are lost: what a heading says is then the begin of its paragraph."""
    return re.sub(r"(?m)^\s*[（(][一二三四五六七八九十]+[）)]", "", text)


@perturbation
def furniture_between_pages(text: str, _: random.Random) -> str:
    return text.replace("。\n", "。\n— 3 —\n")


def reports() -> list[object]:
    real = pytest.mark.skipif(not REAL.exists(), reason="the real report does not lie beside the project")
    return [
        pytest.param(REAL, id=REAL.stem, marks=real),
        *(pytest.param(path, id=path.stem) for path in EXAMPLES if path.stem != REAL.stem),
    ]


@cache
def undamaged(path: Path) -> tuple[str, Extraction]:
    with path.open(encoding="utf-8", newline="") as file:
        text = file.read()
    return text, extract(text)


def stated(found: Extraction) -> Counter[tuple[str, str, float | None]]:
    return Counter((o.indicator_id, o.scope, o.value) for o in found.observations)


@pytest.mark.parametrize("name", PERTURBATIONS)
@pytest.mark.parametrize("path", reports())
def test_damage_loses_no_fact_and_makes_none_up(name: str, path: Path) -> None:
    text, whole = undamaged(path)
    damaged = PERTURBATIONS[name](text, random.Random(7))
    found = extract(damaged)
    expected, got = stated(whole), stated(found)
    queued = Counter(_value(n.text) for n in found.numerals if n.class_ == "queued")
    lost = {fact: count for fact, count in (expected - got).items() if not queued[fact[2]]}
    assert lost == {}
    wrong = got - expected - expected if name == "text_twice" else got - expected
    assert wrong == {}
    assert not [n for n in found.numerals if n.class_ == "unexplained"]
    for fact in found.observations:
        assert damaged[fact.char_start : fact.char_end] == fact.evidence


def _value(numeral: str) -> float | None:
    digits = re.sub(r"[^\d.]", "", numeral)
    return float(digits) if digits and digits.count(".") < 2 else None


def test_there_is_a_report_to_damage() -> None:
    assert len(EXAMPLES) >= 10
    assert len(PERTURBATIONS) >= 14


@pytest.mark.parametrize("name", sorted(set(PERTURBATIONS) - {"byte_order_mark", "no_thousands_separators"}))
def test_each_damage_is_done(name: str) -> None:
    text = "".join(undamaged(path)[0] for path in EXAMPLES)
    assert PERTURBATIONS[name](text, random.Random(7)) != text


HOSTILE = {
    "half a million characters in one line": "全年共收到行政复议申请51件，受理42件。" * 25_000,
    "a sentence that never ends": "全县分别受理12件、13件，全部办结（其中维持3件，撤销1件，" * 5_000,
    "a million digits": "受理行政复议案件" + "9" * 1_000_000 + "件。",
    "a million digits parted by blanks": "受理行政复议案件" + "9 " * 500_000 + "件。",
    "a hundred thousand nines and points": "9." * 50_000,
    "deep brackets": "（" * 100_000 + "受理42件" + "）" * 100_000,
    "a million opening quotes": "“" * 500_000 + "《" * 500_000,
    "a million Chinese numerals": "一" * 1_000_000,
    "a million hundred millions": "亿" * 1_000_000,
    "twenty thousand short lines": "受理\n42\n" * 10_000,
    "a hundred thousand bars": "|" * 100_000,
    "a row of twenty thousand cells": "件数|" + "12|" * 20_000,
    "words that imply": "全部均无" * 5_000,
    "only blanks": " \u3000\n" * 500_000,
    "lone surrogates and the last plane": "\ud800受理\U0010ffff42件\udfff" * 10_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_texts_get_an_answer(text: str) -> None:
    found = extract(text)
    at = 0
    for numeral in found.numerals:
        assert at <= numeral.char_start < numeral.char_end
        at = numeral.char_end
    assert at <= len(text)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_a_report_with_letters_for_all_numbers_states_nothing_in_numbers(path: Path) -> None:
    text = re.sub(r"\d", "X", undamaged(path)[0])
    stating = [o for o in extract(text).observations if o.value_start is not None]
    assert all(not re.search(r"\d", o.evidence) for o in stating)
