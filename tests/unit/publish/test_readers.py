"""What a release brings for its readers: spreadsheets run no cell of it, and every helper reads the same values."""

from __future__ import annotations

import csv
import datetime as dt
import importlib
import os
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
spelled <- function(column) {
  text <- if (is.numeric(column)) sprintf("%.17g", column) else enc2utf8(as.character(column))
  text[is.na(column)] <- "\\u0002"
  paste(text, collapse = "\\u0001")
}
for (table in names(types)) {
  rows <- read_release(table)
  stopifnot(sapply(rows, function(column) class(column)[1]) == types[[table]], names(rows) == names(types[[table]]))
  writeBin(charToRaw(paste0(table, "\\u0003", paste(sapply(rows, spelled), collapse = "\\u0003"), "\\u0004")), out)
}
"""


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not installed")
@pytest.mark.parametrize("locale", ["C", "C.UTF-8"])
def test_read_r_gives_the_values_of_parquet(odd: Path, locale: str) -> None:
    script = f'out <- pipe("cat", "wb")\n{_R_SCRIPT}\nclose(out)'
    run = subprocess.run(
        ["Rscript", "-e", script], cwd=odd, capture_output=True, check=True, env={**os.environ, "LC_ALL": locale}
    )
    assert run.stderr == b""
    tables = [table.split("\u0003") for table in run.stdout.decode().split("\u0004")[:-1]]
    assert [name for name, *_ in tables] == _tables(odd)
    for name, *columns in tables:
        stored = pq.read_table(odd / f"parquet/{name}.parquet")
        for field, read in zip(stored.schema, columns, strict=True):
            due = [_with_plain_line_ends(value) for value in stored[field.name].to_pylist()]
            found = [None if text == "\u0002" else text for text in read.split("\u0001")] if due else []
            kind = float if pa.types.is_floating(field.type) else str
            assert [text and kind(text) for text in found] == [value if value is None else kind(value) for value in due]


def _with_plain_line_ends(value: object) -> object:
    return value.replace("\r\n", "\n").replace("\r", "\n") if isinstance(value, str) else value


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_runs_no_cell_and_shows_the_values_of_parquet(odd: Path, tmp_path: Path) -> None:
    # 44,34,76: comma, quotation mark, UTF-8; numbers and dates are read as such, and written back with all their digits.
    opened, written = (f"44,34,76,1,,0,false,{as_shown}" for as_shown in ("true", "false"))
    ways = [f"--infilter=CSV:{opened}", "--convert-to", f"csv:Text - txt - csv (StarCalc):{written}"]
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    sheets = sorted((odd / "excel").iterdir())
    command = ["soffice", profile, "--headless", *ways, "--outdir", str(tmp_path), *map(str, sheets)]
    subprocess.run(command, check=True, capture_output=True)
    for sheet in sheets:
        with (tmp_path / sheet.name).open(encoding="utf-8-sig", newline="") as lines:
            _, *rows = csv.reader(lines)
        stored = pq.read_table(odd / f"parquet/{sheet.stem}.parquet")
        for place, name in enumerate(stored.column_names):
            due = [_with_plain_line_ends(value) for value in stored[name].to_pylist()]
            assert [_cell(row[place], value) for row, value in zip(rows, due, strict=True)] == due


def _cell(shown: str, due: object) -> object:
    """Return a cell as a value of the type that is due; a sheet takes three of the odd texts for a number or a truth."""
    if shown == "" or shown == {"00123": "123", "1e5": "1.00E+05", "TRUE": "TRUE"}.get(str(due)):
        return None if shown == "" else due
    if isinstance(due, str):
        return shown if shown == due else shown.removeprefix("'")
    return type(due)(shown) if isinstance(due, int | float) else dt.date.fromisoformat(shown)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of the graph library that the loader builds on
def test_croissant_loads_every_record_set(odd: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(odd)
    mlcroissant = importlib.import_module("mlcroissant")  # here, since it takes seconds
    dataset = mlcroissant.Dataset("croissant.json")
    issues = dataset.metadata.ctx.issues
    assert not issues.errors | issues.warnings
    for name in _tables(odd):
        loaded = [{key.partition("/")[2]: _plain(value) for key, value in row.items()} for row in dataset.records(name)]
        due = _parquet(odd, name)
        if name == "indicators":  # where the loader takes the texts NA and NULL for nulls
            loaded, due = ([row["indicator_id"] for row in rows] for rows in (loaded, due))
        assert loaded == due


def _plain(value: object) -> object:
    """Return what the loader gives as Parquet has it: texts come as bytes, dates with a time."""
    if isinstance(value, bytes):
        return value.decode()
    return value.date() if isinstance(value, dt.datetime) else value


def test_a_changed_spreadsheet_copy_is_found(odd: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(odd, tmp_path / odd.name))
    path = folder / "excel/indicators.csv"
    path.write_bytes(path.read_bytes().replace("'＝1+1".encode(), "＝1+1".encode()))
    write_sums(folder)
    assert [finding.file for finding in verify_release(folder).findings] == ["excel/indicators.csv"]
