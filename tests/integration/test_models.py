"""The models and the questions of docs/sql.md, asked of a small warehouse whose answers are known."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from assets.validate.identities import try_identities
from assets.validate.reconcile import reconcile
from contracts import ids
from contracts.identities import load_identities
from contracts.indicators import load_catalogue
from contracts.projections.arrow import frame_from_table, table_from_rows
from contracts.reference import codelist_rows, indicator_rows
from contracts.tables import TABLES
from warehouse.database import build, models, reading
from warehouse.layout import Home
from warehouse.store import Store, split

ROOT = Path(__file__).resolve().parents[2]
RECEIVED = "administrative_reconsideration_applications_received"
ACCEPTED = "administrative_reconsideration_applications_accepted"
Row = dict[str, Any]

# Two invented counties: 对照县 reports 2021 and 2022, 样例县 only 2022 and contradicts itself there.
FACTS = [
    ("990102", "对照县", 2021, RECEIVED, 40, "exact"),
    ("990102", "对照县", 2021, ACCEPTED, 30, "at_least"),
    ("990102", "对照县", 2022, RECEIVED, 51, "exact"),
    ("990102", "对照县", 2022, ACCEPTED, 42, "exact"),
    ("990101", "样例县", 2022, RECEIVED, 10, "exact"),
    ("990101", "样例县", 2022, RECEIVED, 11, "exact"),
    ("990101", "样例县", 2022, ACCEPTED, 12, "exact"),
]


def document(code: str, name: str, year: int) -> Row:
    text = f"{name}{year}" * 20
    sha256 = ids.text_sha256(text)
    return {
        "document_id": ids.document_id(sha256),
        "division_id": ids.division_id(code),
        "division_code": code,
        "division_name": name,
        "province": "某省",
        "level": "county",
        "issuer": f"{name}人民政府",
        "title": f"{year}年报告",
        "document_number": "某政〔2023〕1号",
        "report_year": year,
        "kind": "county_government",
        "reader": "plain-1",
        "text_sha256": sha256,
        "characters": len(text),
        "text": text,
    }


def rows() -> dict[str, list[Row]]:
    reports = {fact[:3]: document(*fact[:3]) for fact in FACTS}
    observations = [
        {
            "observation_id": ids.observation_id(str(number), indicator, "reporter", "year", None, 0),
            "document_id": reports[code, name, year]["document_id"],
            "division_id": ids.division_id(code),
            "report_year": year,
            "indicator_id": indicator,
            "scope": "reporter",
            "period": "year",
            "value": float(value),
            "unit": "件",
            "qualifier": qualifier,
            "obs_status": "A",
            "evidence": f"第{number}句",
            "char_start": number,
            "char_end": number + 1,
            "rule_id": "r",
        }
        for number, (code, name, year, indicator, value, qualifier) in enumerate(FACTS)
    ]
    classes = {
        "990102": ["observation", "observation", "explained", "queued"],
        "990101": ["observation", "unexplained"],
    }
    numerals = [
        {
            "document_id": report["document_id"],
            "char_start": 2 * place,
            "char_end": 2 * place + 1,
            "report_year": report["report_year"],
            "text": "县",
            "class": class_,
        }
        for report in reports.values()
        for place, class_ in enumerate(classes[report["division_code"]])
    ]
    return {
        "source_documents": [
            {"document_sha256": report["text_sha256"], "origin": "x", "publisher": report["issuer"]}
            for report in reports.values()
        ],
        "texts": [
            {"text_sha256": report["text_sha256"], "document_sha256": report["text_sha256"], "text": report["text"]}
            for report in reports.values()
        ],
        "documents": [{name: value for name, value in report.items() if name != "text"} for report in reports.values()],
        "observations": observations,
        "numerals": numerals,
        "indicators": indicator_rows(load_catalogue()),
        "codelists": codelist_rows(),
    }


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(tmp_path_factory.mktemp("home"))
    tables = {name: table_from_rows(TABLES[name], made) for name, made in rows().items()}
    documents, observations, indicators = (
        frame_from_table(tables[name]) for name in ("documents", "observations", "indicators")
    )
    derived = {
        "county_year": reconcile(documents, observations, indicators),
        "identity_results": try_identities(load_identities(), documents, observations),
    }
    tables |= {name: table_from_rows(TABLES[name], []) for name in TABLES if name not in tables}
    tables |= {
        name: table_from_rows(TABLES[name], frame.astype(object).where(frame.notna(), None).to_dict("records"))
        for name, frame in derived.items()
    }
    Store(home).write({name: split(TABLES[name], made) for name, made in tables.items()})
    build(home)
    return home


@pytest.fixture
def warehouse(home: Home) -> Iterator[duckdb.DuckDBPyConnection]:
    with reading(home) as connection:
        yield connection


def questions() -> dict[str, str]:
    text = (ROOT / "docs" / "sql.md").read_text(encoding="utf-8")
    return dict(re.findall(r"## \d+\. (.+?)\n\n```sql\n(.+?)```", text, flags=re.DOTALL))


ANSWERS: list[list[tuple[Any, ...]]] = [
    [("对照县", 2021, 30, "at_least"), ("对照县", 2022, 42, "exact"), ("样例县", 2022, 12, "exact")],
    [(40, "第0句"), (51, "第2句")],
    [("受理行政复议案件数", "reporter", 42), ("收到行政复议申请数", "reporter", 51)],
    [(ACCEPTED, 3, 0, 0, 1), (RECEIVED, 2, 0, 1, 1)],
    [("CN-990102", 2022, 40, 51, 11, 27.5)],
    [("某省", 2021, 40, 40, 40, 1, 1), ("某省", 2022, 51, 51, 51, 1, 2)],
    [],
    [("样例县", 2022, RECEIVED, 10, "exact", "第4句"), ("样例县", 2022, RECEIVED, 11, "exact", "第5句")],
    [("对照县人民政府", 2, 8, 4, 2, 25.0, 0), ("样例县人民政府", 1, 2, 1, 0, 0.0, 1)],
    [
        ("CN-990102", 2021, 40, "exact", 30, "at_least"),
        ("CN-990102", 2022, 51, "exact", 42, "exact"),
        ("CN-990101", 2022, None, None, 12, "exact"),
    ],
]
PICKED = {1: (0, 2), 2: (0, 1, 2)}
"""The columns compared, where a question shows more than its answer needs."""


@pytest.mark.parametrize("place", range(10))
def test_each_question_of_the_documentation_is_answered(warehouse: duckdb.DuckDBPyConnection, place: int) -> None:
    asked = list(questions().values())
    assert len(asked) == len(ANSWERS)
    found = warehouse.execute(asked[place].replace("确山县", "对照县")).fetchall()
    picked = PICKED.get(place, tuple(range(len(found[0]))) if found else ())
    answer = [tuple(row[column] for column in picked) for row in found]
    assert sorted(answer, key=repr) == sorted(ANSWERS[place], key=repr)


def test_the_documentation_lists_every_model() -> None:
    text = (ROOT / "docs" / "sql.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `(\w+)` \|", text, flags=re.MULTILINE)) == {model.name for model in models()}


def test_identities_that_fail_are_listed_largest_first(home: Home) -> None:
    with reading(home) as connection:
        assert connection.execute("SELECT count(*) FROM identity_results WHERE outcome = 'fails'").fetchone() == (0,)
        holding = connection.execute("SELECT identity_id FROM identity_results WHERE outcome = 'holds'").fetchall()
    assert holding == [("I04",)]


def test_a_year_without_a_year_before_has_no_change(warehouse: duckdb.DuckDBPyConnection) -> None:
    found = warehouse.execute(
        "SELECT change, change_percent, is_comparable FROM year_over_year WHERE report_year = 2021"
    )
    assert found.fetchall() == [(None, None, False)] * 2


def test_an_inexact_value_is_not_comparable(warehouse: duckdb.DuckDBPyConnection) -> None:
    found = warehouse.execute(
        "SELECT change, is_comparable FROM year_over_year WHERE report_year = 2022 AND division_id = 'CN-990102' "
        "AND indicator_id = ?",
        [ACCEPTED],
    )
    assert found.fetchall() == [(12, False)]


def test_the_wide_table_has_a_qualifier_and_a_status_for_every_value(warehouse: duckdb.DuckDBPyConnection) -> None:
    columns = [row[0] for row in warehouse.execute("DESCRIBE county_year_wide").fetchall()]
    indicators = set(load_catalogue().indicators)
    assert indicators <= set(columns)
    assert {f"{name}__qualifier" for name in indicators} | {f"{name}__status" for name in indicators} <= set(columns)
    found = warehouse.execute(
        f"SELECT {RECEIVED}, {RECEIVED}__status FROM county_year_wide WHERE division_id = 'CN-990101'"
    )
    assert found.fetchall() == [(None, "Q")]


def test_the_queue_shows_the_words_around_a_numeral(warehouse: duckdb.DuckDBPyConnection) -> None:
    [row] = warehouse.execute(
        "SELECT words_before, numeral, words_after FROM queue WHERE class = 'queued' AND report_year = 2022"
    ).fetchall()
    assert row == ("对照县202", "县", "对照县2022对照县")


def test_the_file_answers_without_our_code(home: Home) -> None:
    script = (
        f"import duckdb\nwith duckdb.connect({str(home.database)!r}, read_only=True) as warehouse:\n"
        "    print(warehouse.sql('SELECT count(*) FROM county_year_long').df().iloc[0, 0])"
    )
    run = subprocess.run(
        [sys.executable, "-c", script], cwd="/", env=os.environ, capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == "6"
