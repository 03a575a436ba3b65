"""The command line: what it prints, and that every error is one clear line and a non-zero exit."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from assets.ingest.readers import Reading
from pipelines.cli import exit_code
from warehouse.files import exclusively
from warehouse.layout import Home

TEXT = "确山县人民政府关于2022年度法治政府建设工作情况的报告\n2022年，县政府本级收到行政复议申请51件，受理42件。\n"
COMMANDS = ("run", "ingest", "extract", "evaluate", "queue", "show", "sql", "release", "verify", "status", "dev")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("FAZHI_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    return Home(tmp_path / "home")


@pytest.fixture
def report(tmp_path: Path) -> Path:
    path = tmp_path / "report.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def refused(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 1) -> str:
    """Run a command that must fail, and return the one line that it says."""
    assert exit_code(list(arguments)) == code
    lines = capsys.readouterr().err.strip().splitlines()
    assert len(lines) == 1, lines
    assert lines[0].startswith("error: ")
    return lines[0]


@pytest.mark.parametrize("command", COMMANDS)
def test_help_has_examples(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code([command, "--help"]) == 0
    said = capsys.readouterr().out
    assert "Examples:" in said
    assert said.count(f"fazhi {command}") >= 2


def test_extract_prints_observations_and_then_the_ledger(report: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(["extract", str(report), "--format", "jsonl"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    kinds = [row["type"] for row in rows]
    assert kinds == sorted(kinds, reverse=True)
    (received,) = [row for row in rows if row["type"] == "observation" and row["value"] == 51]
    assert received["indicator_id"] == "administrative_reconsideration_applications_received"
    assert TEXT[received["char_start"] : received["char_end"]] == received["evidence"]
    assert TEXT[received["value_start"] : received["value_end"]] == "51"
    ledger = [row for row in rows if row["type"] == "numeral"]
    assert {"class", "kind", "text", "char_start", "char_end"} <= set(ledger[0])
    assert [TEXT[row["char_start"] : row["char_end"]] for row in ledger] == [row["text"] for row in ledger]
    assert not any("document" in row for row in rows)


def test_several_documents_are_named_on_each_line(
    tmp_path: Path, report: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "other.txt"
    other.write_bytes(TEXT.encode("gb18030"))
    assert exit_code(["extract", str(report), str(other), "--format", "jsonl"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    first = [{**row, "document": ""} for row in rows if row["document"] == str(report)]
    assert first == [{**row, "document": ""} for row in rows if row["document"] == str(other)]


def test_passages_are_named_by_their_ids(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "passages.jsonl"
    path.write_text(
        json.dumps({"id": "p1", "text": TEXT}) + "\n\n" + json.dumps({"id": "p2", "text": "无"}), encoding="utf-8"
    )
    assert exit_code(["extract", "--passages", str(path), "--format", "jsonl"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {row["document"] for row in rows} == {"p1"}


def test_the_table_ends_with_the_ledger(report: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(["extract", str(report)]) == 0
    said = capsys.readouterr().out
    assert "收到行政复议申请51件" in said
    assert "numerals:" in said


def test_the_reports_of_one_file_are_named_by_their_headings(
    report: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    later = Reading(TEXT.replace("2022", "2023").replace("51", "60"), heading="2023年报告")
    both = Reading(TEXT, heading="2022年报告", further=(later,), of_no_report="收到 | 51 | 60\n")
    monkeypatch.setattr("pipelines.cli.reading.read_file", lambda _: both)
    assert exit_code(["extract", str(report), "--format", "jsonl"]) == 0
    said = capsys.readouterr()
    rows = [json.loads(line) for line in said.out.splitlines()]
    received = {row["document"]: row["value"] for row in rows if row.get("value") in {51, 60}}
    assert received == {f"{report} (2022年报告)": 51, f"{report} (2023年报告)": 60}
    assert (
        said.err.split()
        == f"not read: {report}: 2 numerals stand beside its 2 reports and belong to none of them for sure".split()
    )
    refused(capsys, "extract", str(report), "--format", "html")


def test_a_file_that_cannot_be_read_stops_no_other(report: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(["extract", "none.txt", str(report), "--format", "jsonl"]) == 1
    said = capsys.readouterr()
    assert said.out
    assert said.err.startswith("error: none.txt: cannot be read")


@pytest.mark.parametrize(
    ("content", "complaint"),
    [(b"", "is empty"), (bytes(range(256)) * 8, "is in no format"), (b" \n\t", "holds no text")],
)
def test_a_file_without_text_is_named(
    report: Path, content: bytes, complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    report.write_bytes(content)
    line = refused(capsys, "extract", str(report))
    assert str(report) in line
    assert complaint in line


def test_a_line_that_is_no_passage_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "p.jsonl").write_text('{"id": "p1"}\n', encoding="utf-8")
    assert "p.jsonl:1: is no passage" in refused(capsys, "extract", "--passages", "p.jsonl")


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["extract"], "needs either files or --passages"),
        (["extract", "a.txt", "--passages", "p.jsonl"], "needs either files or --passages"),
        (["evaluate", "none.jsonl"], "none.jsonl: cannot be read"),
        (["ingest"], "names no file"),
        (["show", "确山县", "2022"], "there is no warehouse yet"),
        (["sql", "SELECT 1"], "there is no warehouse yet"),
        (["verify"], "there is no release yet"),
        (["verify", "nowhere"], "nowhere: there is no SHA256SUMS in it"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(
    arguments: list[str], complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert complaint in refused(capsys, *arguments)


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["walk"], "No such command 'walk'"),
        (["extract", "--format", "xml", "a.txt"], "'xml' is not one of"),
        (["show", "确山县", "last"], "'last' is not a valid int"),
        (["release", "--as-of", "yesterday"], "does not match"),
        (["show"], "Missing argument"),
    ],
)
def test_wrong_usage_points_to_the_help(
    arguments: list[str], complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    line = refused(capsys, *arguments, code=2)
    assert complaint in line
    assert line.endswith("--help.")


def test_ingest_settles_by_hand_also_what_is_in_already(report: Path, home: Home) -> None:
    assert exit_code(["ingest", str(report)]) == 0
    arguments = ["--division", "CN-411722", "--year", "2021", "--kind", "department"]
    assert exit_code(["ingest", str(report), *arguments]) == 0
    (record,) = (json.loads(path.read_text(encoding="utf-8")) for path in home.raw.rglob("*.origin.json"))
    assert (record["division"], record["report_year"], record["kind"]) == ("CN-411722", 2021, "department")
    assert record["path"] == "report.txt"


@pytest.mark.parametrize(
    ("settled", "complaint"),
    [
        (("--division", "411725"), "is no code of a division"),
        (("--division", "CN-999999"), "is no code of a division"),
        (("--year", "22"), "not between"),
        (("--kind", "novel"), "not one of"),
    ],
)
def test_ingest_refuses_to_settle_what_cannot_be(
    settled: tuple[str, str], complaint: str, report: Path, home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    assert complaint in refused(capsys, "ingest", str(report), *settled)
    assert not home.raw.exists()


def test_ingest_takes_files_in_once_and_names_what_it_refuses(
    report: Path, home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    assert exit_code(["ingest", str(report)]) == 0
    assert "1 new, 0 known before, 0 refused" in capsys.readouterr().out
    assert exit_code(["ingest", str(report), "none.txt"]) == 1
    said = capsys.readouterr()
    assert "0 new, 1 known before, 1 refused" in said.out
    assert "none.txt" in said.err
    assert len(list(home.raw.glob("??/*"))) == 2  # the bytes and their origin record


def test_a_data_home_in_use_says_so(report: Path, home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    with exclusively(home):
        assert f"another run is writing here (process {os.getpid()})" in refused(capsys, "ingest", str(report))


def test_evaluate_prints_every_figure_as_json(tmp_path: Path, report: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fact = {
        "indicator_id": "administrative_reconsideration_applications_received",
        "scope": "reporter",
        "value": 51,
        "unit": "件",
        "qualifier": "exact",
        "number_start": TEXT.index("51"),
        "evidence": "51件",
        "optional": False,
    }
    gold = {"id": "r", "kind": "county_government", "text_file": report.name, "facts": [fact], "not_metrics": []}
    (tmp_path / "r.gold.json").write_text(json.dumps(gold), encoding="utf-8")
    assert exit_code(["evaluate", "r.gold.json", "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert figures["stated"]["scope"]["tp"] == 1
    assert figures["summary"]["recall"] == 1.0
    assert exit_code(["evaluate", "r.gold.json"]) == 0
    assert "precision" in capsys.readouterr().out


def test_status_of_an_empty_home(capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(["status"]) == 0
    said = capsys.readouterr().out
    assert "there is no warehouse yet" in said
    assert "latest release: none yet" in said


def test_a_pipe_whose_reader_has_seen_enough_ends_without_a_word(tmp_path: Path) -> None:
    path = tmp_path / "long.txt"
    path.write_text(TEXT * 3000, encoding="utf-8")
    program = "from pipelines.cli import main; main()"
    command = [sys.executable, "-c", program, "extract", str(path), "--format", "jsonl"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline().startswith(b"{")
        process.stdout.close()
        assert process.stderr.read() == b""
