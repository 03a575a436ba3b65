"""The folders keep their promises: who imports whom, what a module may know, and that each says what it is for."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from assets.parse import native

ROOT = Path(__file__).parents[2]
LAYERS = ("contracts", "warehouse", "assets", "pipelines")
"""Each may import those before it."""
VERBS = ("ingest", "parse", "validate", "store", "publish")
MODULES = sorted(path for layer in LAYERS for path in (ROOT / layer).rglob("*.py"))
HEAVY = ("dagster", "duckdb", "pandas", "pandera", "pyarrow", "numpy")
BARRED = {
    "contracts": {"dagster", "duckdb", "requests", "urllib", "http", "socket", "typer", "rich"},
    "warehouse": {"dagster", "requests", "urllib", "http", "socket", "typer", "rich"},
    "assets": {"typer", "rich"},
    "assets/parse": {"duckdb", "requests", "urllib", "http", "socket"},
}


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imports_of(path: Path) -> set[str]:
    """Every module that the file imports anywhere in it, also for types only."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name_of(path)}: imports are absolute"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def verb_of(path: Path) -> str | None:
    parts = path.relative_to(ROOT).parts
    return parts[1] if parts[0] == "assets" and len(parts) > 2 else None


def breaches(path: Path) -> list[str]:
    """What the file imports and may not."""
    layer = path.relative_to(ROOT).parts[0]
    above = LAYERS[LAYERS.index(layer) + 1 :]
    siblings = {f"assets.{verb}" for verb in VERBS if verb_of(path) not in (None, verb)}
    barred = {word for prefix, words in BARRED.items() if name_of(path).startswith(f"{prefix}/") for word in words}
    if verb_of(path) and path.name != "defs.py":
        barred.add("dagster")
    return sorted(
        module
        for module in imports_of(path)
        if module.split(".")[0] in {*above, *barred} or any(f"{module}.".startswith(f"{s}.") for s in siblings)
    )


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_imports_only_what_lies_below_it(path: Path) -> None:
    assert breaches(path) == []


@pytest.mark.parametrize(
    ("where", "line", "breach"),
    [
        ("contracts/x.py", "import duckdb", "duckdb"),
        ("contracts/x.py", "from warehouse.layout import Home", "warehouse.layout.Home"),
        ("warehouse/x.py", "import assets.parse", "assets.parse"),
        ("assets/parse/x.py", "import dagster as dg", "dagster"),
        ("assets/parse/x.py", "def f():\n    from assets.ingest import raw", "assets.ingest.raw"),
        ("assets/parse/x.py", "from assets import ingest", "assets.ingest"),
        ("assets/store/x.py", "from pipelines import cli", "pipelines.cli"),
    ],
)
def test_the_test_above_can_fail(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str, line: str, breach: str
) -> None:
    monkeypatch.setattr(sys.modules[__name__], "ROOT", tmp_path)
    path = tmp_path / where
    path.parent.mkdir(parents=True)
    path.write_text(line, encoding="utf-8")
    assert breaches(path) == [breach]


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_says_what_belongs_in_it(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))), "a module docstring is missing"


def test_the_verbs_are_the_folders_of_assets() -> None:
    folders = {path.parent.name for path in (ROOT / "assets").glob("*/__init__.py")}
    assert folders == set(VERBS)


def test_reading_one_report_loads_neither_orchestrator_nor_database(tmp_path: Path) -> None:
    report = tmp_path / "report.txt"
    report.write_text("某县人民政府关于2022年度法治政府建设工作情况的报告\n收到行政复议申请12件。", encoding="utf-8")
    program = (
        "import sys; from pipelines.cli import exit_code\n"
        "code = exit_code(['extract', sys.argv[1], '--format', 'jsonl'])\n"
        f"loaded = [name for name in {HEAVY!r} if name in sys.modules]\n"
        "sys.exit(f'loaded {loaded}' if loaded else code)\n"
    )
    done = subprocess.run([sys.executable, "-c", program, report], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert '"type": "numeral"' in done.stdout


def test_whatever_reads_texts_is_compiled_with_the_rest() -> None:
    program = (
        "import sys, assets.parse.extract;"
        "print(*(name for name in sys.modules if name.startswith('assets.parse.')), sep='\\n')"
    )
    environment = {**os.environ, native.SWITCH: "1"}
    loaded = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True, env=environment
    )
    compiled = {f"assets.parse.{path.stem}" for path in native.SOURCES}
    assert {*loaded.stdout.split()} - compiled == {"assets.parse.native", "assets.parse.facts"}
