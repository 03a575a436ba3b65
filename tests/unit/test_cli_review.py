"""`fazhi queue` and `fazhi extract --format html`: what no rule claims, and a report as a page."""

import json
from pathlib import Path

import pytest

from assets.parse.rows import ReadText, parse_text
from contracts import ids
from contracts.indicators import load_catalogue
from contracts.projections.arrow import table_from_rows
from contracts.reference import indicator_rows
from contracts.tables import TABLES
from pipelines.cli import exit_code
from warehouse.database import build
from warehouse.layout import Home
from warehouse.store import Store, split

TEXT = (
    "确山县人民政府关于2022年度法治政府建设工作情况的报告\n"
    "2022年，县政府本级收到行政复议申请51件，受理42件。修建口袋公园13座。改造口袋公园7座。\n"
)


@pytest.fixture
def report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FAZHI_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "report.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_the_queue_of_a_file(report: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(["queue", str(report), "--json"]) == 0
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert sum(group["numerals"] for group in found) == 2
    assert {group["unit"] for group in found} == {"座"}
    assert all(group["sentences"] and group["kind"] == "uncatalogued" for group in found)


def stored(home: Home, text: str) -> None:
    """Put a text and its parse into a warehouse, and nothing else."""
    sha256 = ids.text_sha256(text)
    parsed = parse_text(ReadText(sha256, text, "plain", "{}"), load_catalogue())
    texts = [{"text_sha256": sha256, "document_sha256": sha256, "text": text}]
    made = {**parsed._asdict(), "texts": texts, "indicators": indicator_rows(load_catalogue())}
    tables = {name: table_from_rows(table, made.get(name, [])) for name, table in TABLES.items()}
    Store(home).write({name: split(TABLES[name], rows) for name, rows in tables.items()})
    build(home)


def test_the_queue_of_the_warehouse_is_that_of_its_files(report: Path, capsys: pytest.CaptureFixture[str]) -> None:
    stored(Home.find(), TEXT)
    assert exit_code(["queue", "--json"]) == 0
    of_warehouse = capsys.readouterr().out
    assert exit_code(["queue", str(report), "--json"]) == 0
    assert capsys.readouterr().out == of_warehouse
    assert of_warehouse


def test_the_queue_as_a_table_is_limited(report: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(["queue", str(report), "--limit", "1"]) == 0
    out = capsys.readouterr().out
    assert out.count("座") >= 1
    assert "2 queued numerals" in out


def test_the_queue_without_a_warehouse_says_what_to_do(report: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert report.exists()
    assert exit_code(["queue"]) == 1
    assert "there is no warehouse yet" in capsys.readouterr().err


def test_a_report_as_a_page(report: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(["extract", str(report), "--format", "html"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("<!doctype html>")
    assert "administrative_reconsideration_applications_received" in out


def test_a_page_holds_one_report(report: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(["extract", str(report), str(report), "--format", "html"]) == 1
    assert "Name one file" in capsys.readouterr().err
