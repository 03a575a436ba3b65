"""The scores that a release states are those that anybody gets from the same labels."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from assets.parse import scores as module
from assets.parse.scores import LABELS, scores
from pipelines.cli.app import app


def test_the_command_line_gets_the_same_scores() -> None:
    told = CliRunner().invoke(app, ["evaluate", str(LABELS), "--json"])
    summary = json.loads(told.stdout)["summary"]
    stated = scores()
    assert {name: round(value, 6) for name, value in summary.items()} == {name: stated[name] for name in summary}
    assert stated["passages"] == len(LABELS.read_text(encoding="utf-8").splitlines())


def test_an_extractor_that_finds_nothing_scores_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "prediction", lambda _: {"observations": [], "numerals": []})
    assert scores.__wrapped__()["recall"] == 0


def test_scores_are_plain_json_without_time_or_place() -> None:
    text = json.dumps(scores(), allow_nan=False)
    assert "/" not in json.loads(text)["labels"]
    assert scores.__wrapped__() == scores()
