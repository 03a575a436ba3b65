"""The compiled form of the extractor: never of other sources than today's, never in the way where it cannot be made."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from assets.parse import compile as compiling
from assets.parse import native
from assets.parse.extract import extract
from contracts.indicators import load_catalogue

ROOT = Path(__file__).parents[2]


def test_changed_sources_are_never_read_in_the_form_of_the_old_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "scan.py"
    source.write_text("one = 1\n", encoding="utf-8")
    monkeypatch.setattr(native, "SOURCES", (source,))
    monkeypatch.setattr(native, "STORE", tmp_path / "store")
    monkeypatch.delenv(native.SWITCH, raising=False)
    assert native.folder() is None
    made = native.place()
    made.mkdir(parents=True)
    assert native.folder() == made
    source.write_text("one = 2\n", encoding="utf-8")
    assert native.folder() is None


def test_the_switch_keeps_the_compiled_form_from_being_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(native, "STORE", tmp_path)
    native.place().mkdir()
    monkeypatch.setenv(native.SWITCH, "1")
    assert native.folder() is None


def test_without_a_compiler_setting_up_goes_on_and_compiling_says_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(sys, "argv", ["compile", "--if-possible"])
    compiling.main()
    assert "no C compiler" in capsys.readouterr().out
    monkeypatch.setattr(sys, "argv", ["compile"])
    with pytest.raises(SystemExit, match="no C compiler"):
        compiling.main()


def fingerprint() -> str:
    """What the extractor finds in every report of the examples and every example of the catalogue, in short."""
    texts = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "examples").rglob("*.txt"))]
    indicators = load_catalogue().indicators.values()
    texts += [example.text for indicator in indicators for example in indicator.examples[::4]]
    texts += [indicator.counterexamples[0] for indicator in indicators if indicator.counterexamples]
    found = json.dumps([extract(text) for text in texts], ensure_ascii=False)
    return hashlib.sha256(found.encode()).hexdigest()


@pytest.mark.skipif(not native.is_running(), reason="the extractor is not compiled here (`make compile`)")
def test_compiled_and_pure_find_the_same() -> None:
    program = f"import runpy; names = runpy.run_path({__file__!r}); print(names['native'].is_running(), names['fingerprint']())"
    environment = {**os.environ, native.SWITCH: "1", "PYTHONPATH": str(ROOT)}
    pure = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True, env=environment
    ).stdout.split()
    assert pure == ["False", fingerprint()]
