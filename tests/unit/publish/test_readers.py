"""What a release brings for its readers: spreadsheets run no cell of it, and every helper reads the same values."""

from __future__ import annotations

import csv
import runpy
import shutil
import subprocess
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from assets.publish.build import build_release
from assets.publish.datapackage import described_tables
from assets.publish.excel import excel_paths, guarded
from assets.publish.sums import write_sums
from assets.publish.verify import verify_release
from contracts.indicators import load_catalogue
from contracts.reference import indicator_rows
from contracts.release import release_tables
from contracts.tables import OBSERVATIONS

from .world import sample_inputs

FORMULAS = ["=1+1", "+1", "-1+1", "@SUM(A1)", "＝1+1", "＋1", "－1", "＠x", "\t=1", "\r=1", "\n=1"]
ODD = [
    "说“一”,二",
    '"=1+1"',
    "第一行\n第二行",
    "第一行\r\n第二行",
    "#5",
    " 空格 ",
    "NA",
    "NULL",
    "TRUE",
    "00123",
    "1e5",
    "'",
    "\\",
]


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release whose names of indicators are all that a reader may stumble over."""
    indicators = sample_inputs().tables["indicators"]
    row = indicators.to_pylist()[0]
    rows = [{**row, "indicator_id": f"odd_{i:02d}", "legal_basis": text} for i, text in enumerate(FORMULAS + ODD)]
    indicators = pa.concat_tables([indicators, pa.Table.from_pylist(rows, schema=indicators.schema)])
    return build_release(sample_inputs(indicators=indicators), tmp_path_factory.mktemp("odd")).path


def _parquet(folder: Path, name: str) -> list[dict[str, object]]:
    return pq.read_table(folder / f"parquet/{name}.parquet").to_pylist()


def _tables(folder: Path) -> list[str]:
    return list(described_tables((folder / "datapackage.json").read_text(), culprit=""))


@pytest.mark.parametrize("text", FORMULAS)
def test_formulas_are_guarded(text: str) -> None:
    assert guarded(pa.array([text])).to_pylist() == [f"'{text}"]


@pytest.mark.parametrize("text", ["全县", "1-1", "a=b", "", None])
def test_other_texts_are_left_alone(text: str | None) -> None:
    assert guarded(pa.array([text], pa.string())).to_pylist() == [text]


def test_the_spreadsheet_copy_opens_in_chinese_and_runs_nothing(odd: Path) -> None:
    for path in sorted((odd / "excel").iterdir()):
        content = path.read_bytes()
        assert content.startswith(b"\xef\xbb\xbf")
        with path.open(encoding="utf-8-sig", newline="") as lines:
            rows = list(csv.reader(lines))
        assert all(any("\u4e00" <= letter <= "\u9fff" for letter in name) for name in rows[0])
        assert content.count(b"\r\n") >= len(rows)
        numbers = {field.zh for field in OBSERVATIONS.fields if field.type in {"number", "integer"}}
        for row in rows[1:]:
            cells = [cell for name, cell in zip(rows[0], row, strict=True) if name not in numbers]
            assert not any(
                cell.startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")) for cell in cells
            )


def test_the_spreadsheet_copy_has_every_value(odd: Path) -> None:
    with (odd / "excel/indicators.csv").open(encoding="utf-8-sig", newline="") as lines:
        found = [row["依据"] for row in csv.DictReader(lines)]
    due = [row["legal_basis"] for row in _parquet(odd, "indicators")]
    assert [text.removeprefix("'") if text != "'" else text for text in found] == due


def test_a_table_too_long_for_a_sheet_is_cut() -> None:
    assert excel_paths(OBSERVATIONS, 0) == ["excel/observations.csv"]
    assert excel_paths(OBSERVATIONS, 1_000_000) == ["excel/observations.csv"]
    assert excel_paths(OBSERVATIONS, 1_000_001) == ["excel/observations-1.csv", "excel/observations-2.csv"]


def test_no_two_columns_of_a_sheet_have_one_name() -> None:
    for table in release_tables(indicator_rows(load_catalogue())).values():
        names = [field.zh for field in table.fields]
        assert sorted({name for name in names if names.count(name) > 1}) == []


def test_load_sql_gives_the_values_of_parquet(odd: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(odd)
    with duckdb.connect() as connection:
        connection.execute((odd / "load.sql").read_text())
        for name in _tables(odd):
            loaded = connection.sql(f"FROM {name}").to_arrow_table()
            assert loaded.to_pylist() == _parquet(odd, name)
        comments = connection.execute("SELECT count(comment) FROM duckdb_columns() WHERE table_name = 'observations'")
        assert comments.fetchall() == [(20,)]


def test_read_py_gives_the_values_of_parquet(odd: Path) -> None:
    read = runpy.run_path(str(odd / "read.py"))["read"]
    for name in _tables(odd):
        schema = pq.read_schema(odd / f"parquet/{name}.parquet")
        read_rows = pa.Table.from_pandas(read(name), schema=schema, preserve_index=False).to_pylist()
        assert read_rows == _parquet(odd, name)


_R_SCRIPT = """
source("read.R")
for (table in names(types)) {
  rows <- read_release(table)
  cat(table, nrow(rows), sapply(rows, function(column) class(column)[1]), sep = "\\t")
  cat("\\n")
}
odd <- read_release("indicators")
writeBin(charToRaw(enc2utf8(paste(odd$legal_basis, collapse = "\\u0001"))), "/dev/stdout")
"""


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not installed")
def test_read_r_gives_the_values_of_parquet(odd: Path) -> None:
    run = subprocess.run(["Rscript", "-e", _R_SCRIPT], cwd=odd, capture_output=True, check=True)
    *lines, texts = run.stdout.decode().split("\n", len(_tables(odd)))
    for line in lines:
        name, rows, *classes = line.split("\t")
        assert int(rows) == len(_parquet(odd, name))
        assert set(classes) <= {"character", "integer", "numeric", "Date"}
    due = [str(row["legal_basis"]) for row in _parquet(odd, "indicators")]
    assert texts.split("\u0001") == [text.replace("\r\n", "\n").replace("\r", "\n") for text in due]


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_runs_no_cell(odd: Path, tmp_path: Path) -> None:
    # 44,34,76: comma, quotation mark, UTF-8; the copy is written back as it is shown.
    shown = [
        "--infilter=CSV:44,34,76,1,,0,false,true",
        "--convert-to",
        "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true",
    ]
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = ["soffice", profile, "--headless", *shown, "--outdir", str(tmp_path), str(odd / "excel/indicators.csv")]
    subprocess.run(command, check=True, capture_output=True)
    with (tmp_path / "indicators.csv").open(encoding="utf-8-sig", newline="") as lines:
        found = [row["依据"].replace("\r\n", "\n") for row in csv.DictReader(lines)]
    due = [str(row["legal_basis"]) for row in _parquet(odd, "indicators")]
    for text in FORMULAS:
        assert any(cell.startswith("'") and cell[1:].strip() == text.strip() for cell in found), text
    assert len(found) == len(due)


def test_croissant_loads_every_record_set(odd: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mlcroissant = pytest.importorskip("mlcroissant", reason="the loader of Croissant is not installed")
    monkeypatch.chdir(odd)
    dataset = mlcroissant.Dataset("croissant.json")
    for name in _tables(odd):
        assert sum(1 for _ in dataset.records(name)) == len(_parquet(odd, name))


def test_a_changed_spreadsheet_copy_is_found(odd: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(odd, tmp_path / odd.name))
    path = folder / "excel/indicators.csv"
    path.write_bytes(path.read_bytes().replace("'＝1+1".encode(), "＝1+1".encode()))
    write_sums(folder)
    assert [finding.file for finding in verify_release(folder).findings] == ["excel/indicators.csv"]
