"""The example reports, the facts they state, and that the extractor finds exactly these."""

import csv
import re
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pytest

from assets.ingest.origin import read_sidecar
from assets.parse.extract import extract
from contracts.indicators import load_catalogue

EXAMPLES = Path(__file__).parents[2] / "examples"
REPORTS = sorted((EXAMPLES / "reports").glob("*.txt"))

NOT_QUANTITIES = re.compile(r"〔\d{4}〕\d+号|\d{4}年|12345热线")
ARABIC = re.compile(r"(?P<number>\d+(?:\.\d+)?)(?P<myriad>万(?!元))?(?P<more>余)?")
CHINESE_QUANTITY = re.compile(
    r"[〇零一二两三四五六七八九十百千]+[万亿余多]*(?:[件项名人次场期条个宗起篇份册家元]|百分)"
)


class Fact(NamedTuple):
    """One row of `facts.csv`; `start` is None when no numeral states the fact."""

    file: str
    indicator_id: str
    scope: str
    value: float
    qualifier: str
    period: str
    evidence: str
    start: int | None


def facts() -> list[Fact]:
    with (EXAMPLES / "facts.csv").open(encoding="utf-8", newline="") as rows:
        return [
            Fact(
                row["file"],
                row["indicator_id"],
                row["scope"],
                float(row["value"]),
                row["qualifier"],
                row["period"],
                row["evidence"],
                int(row["number_start"]) if row["number_start"] else None,
            )
            for row in csv.DictReader(rows)
        ]


def facts_of(report: Path) -> list[Fact]:
    return [fact for fact in facts() if fact.file == report.name]


def quantities(text: str) -> dict[int, re.Match[str]]:
    """Every Arabic numeral by its offset, without years, document numbers and the hotline's name."""
    masked = NOT_QUANTITIES.sub(lambda match: " " * len(match[0]), text)
    return {match.start(): match for match in ARABIC.finditer(masked)}


each_report = pytest.mark.parametrize("report", REPORTS, ids=lambda path: path.stem)


def test_there_are_twelve_reports_and_every_fact_has_one() -> None:
    assert len(REPORTS) == 12
    assert {fact.file for fact in facts()} == {report.name for report in REPORTS}


@each_report
def test_every_report_says_where_its_figures_come_from_and_that_it_is_a_digest(report: Path) -> None:
    origin = read_sidecar(report)
    assert origin is not None
    assert origin.publisher
    assert origin.licence == "CC-BY-4.0"
    assert origin.note is not None
    assert "不是政府文件原文" in origin.note
    assert "not the official text" in origin.note
    assert "不是政府文件原文" in report.read_text(encoding="utf-8").splitlines()[-1]
    assert origin.url or origin.document_number


@each_report
def test_every_evidence_stands_in_its_report_around_its_number(report: Path) -> None:
    text = report.read_text(encoding="utf-8")
    for fact in facts_of(report):
        assert text.count(fact.evidence) == 1, fact
        start = text.index(fact.evidence)
        if fact.start is None:
            assert fact.qualifier == "implied", fact
        else:
            assert start <= fact.start < start + len(fact.evidence), fact


@each_report
def test_every_quantity_in_a_report_is_a_listed_fact(report: Path) -> None:
    text = report.read_text(encoding="utf-8")
    stated = [fact.start for fact in facts_of(report) if fact.start is not None]
    assert sorted(quantities(text)) == sorted(stated)
    assert CHINESE_QUANTITY.findall(text) == []


@each_report
def test_value_and_qualifier_are_what_the_numeral_says(report: Path) -> None:
    text = report.read_text(encoding="utf-8")
    numerals = quantities(text)
    for fact in facts_of(report):
        if fact.start is None:
            continue
        numeral = numerals[fact.start]
        assert float(numeral["number"]) * (10_000 if numeral["myriad"] else 1) == fact.value, fact
        about = text[fact.start - 1] == "约"
        expected = "at_least" if numeral["more"] else "approximately" if about else "exact"
        assert fact.qualifier == expected, fact


def test_a_fact_is_listed_once() -> None:
    repeated = [key for key, n in Counter((*fact[:3], fact.value, fact.period) for fact in facts()).items() if n > 1]
    assert repeated == []


def test_every_indicator_of_the_facts_is_in_the_catalogue() -> None:
    assert {fact.indicator_id for fact in facts()} <= set(load_catalogue().indicators)


@each_report
def test_the_extractor_finds_every_fact_and_no_other(report: Path) -> None:
    extraction = extract(report.read_text(encoding="utf-8"))
    found = Counter(
        (seen.indicator_id, seen.scope, seen.value, seen.qualifier, seen.period, seen.value_start)
        for seen in extraction.observations
    )
    stated = Counter(
        (fact.indicator_id, fact.scope, fact.value, fact.qualifier, fact.period, fact.start)
        for fact in facts_of(report)
    )
    assert {"missed": list((stated - found).elements()), "wrong": list((found - stated).elements())} == {
        "missed": [],
        "wrong": [],
    }


@each_report
def test_no_numeral_of_a_report_is_left_without_an_account(report: Path) -> None:
    left = [
        n.text for n in extract(report.read_text(encoding="utf-8")).numerals if n.class_ in {"queued", "unexplained"}
    ]
    assert left == []
