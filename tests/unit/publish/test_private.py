"""A release names no private person anywhere, says where it masked one, and its offsets stay true."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from assets.publish import build, private
from assets.publish.build import Inputs, build_release
from assets.publish.diff import read_changes
from assets.publish.private import read_masks
from assets.publish.verify import verify_release
from contracts.errors import ReleaseError
from contracts.release import PRIVATE_NAMES
from contracts.tables import OBSERVATIONS

from .conftest import put, rewrite
from .world import World

CASE = "原告张三诉县公安局一案，县长蒋贵印出庭，"
NAMING = World().but(0, note=CASE, title="李建国诉县公安局案的报告")


def naming_inputs(world: World = NAMING) -> Inputs:
    """Return inputs whose first fact quotes the case too."""
    inputs = world.inputs()
    text = world.reports[0].text
    rows = inputs.tables["observations"]
    document = world.reports[0].id
    at = rows["document_id"].to_pylist().index(document)
    start, end = text.index(CASE), rows["char_end"][at].as_py()
    for column, value in (("char_start", start), ("evidence", text[start:end])):
        rows = put(column, value, at)(rows)
    return replace(inputs, tables={**inputs.tables, OBSERVATIONS.name: rows})


def everything(folder: Path) -> str:
    """Return the content of all files that can hold a name, the compressed ones unpacked."""
    texts = [path.read_text("utf-8-sig") for path in folder.rglob("*") if path.is_file() and path.suffix != ".parquet"]
    return "\n".join([*texts, *(str(pq.read_table(path).to_pylist()) for path in folder.glob("parquet/*.parquet"))])


def unmasking(monkeypatch: pytest.MonkeyPatch) -> None:
    """Release as a version would that masks nothing."""
    monkeypatch.setattr(private, "find_names", lambda _: [])
    for module in (private, build):
        monkeypatch.setattr(module, "masking_version", lambda: "0")


def test_no_file_of_a_release_holds_the_name_and_all_offsets_hold(tmp_path: Path) -> None:
    folder = build_release(naming_inputs(), tmp_path).path
    content = everything(folder)
    assert "张三" not in content
    assert "李建国" not in content
    assert "蒋贵印" in content
    assert "原告张某诉县公安局一案" in content
    assert verify_release(folder).findings == ()
    texts = {row["text_sha256"]: row for row in pq.read_table(folder / "parquet/texts.parquet").to_pylist()}
    documents = {row["document_id"]: row for row in pq.read_table(folder / "parquet/documents.parquet").to_pylist()}
    rows = pq.read_table(folder / "parquet/observations.parquet").to_pylist()
    for row in rows:
        text = texts[documents[row["document_id"]]["text_sha256"]]["text"]
        assert text[row["char_start"] : row["char_end"]] == row["evidence"]
    assert any("张某" in row["evidence"] for row in rows)


def test_the_release_says_where_it_masked_and_how_often(tmp_path: Path) -> None:
    folder = build_release(naming_inputs(), tmp_path).path
    report = NAMING.reports[0]
    at = report.text.index("张三") + 1
    (title, text) = read_masks(folder)
    assert title == ("documents", report.id, "title", 1, 3, "case")
    assert (text.table_name, text.column_name, text.char_start, text.char_end) == ("texts", "text", at, at + 1)
    masking = json.loads((folder / "quality/report.json").read_text())["masking"]
    assert (masking["places"], masking["texts"]) == (2, 1)
    texts = pq.read_table(folder / "parquet/texts.parquet").to_pylist()
    lossy = [row["text_sha256"] for row in texts if PRIVATE_NAMES in (row["losses"] or "").split(";")]
    assert lossy == [text.row_key]


def test_a_release_without_names_masks_nothing(tmp_path: Path) -> None:
    folder = build_release(World().inputs(), tmp_path).path
    assert read_masks(folder) == []
    assert json.loads((folder / "quality/report.json").read_text())["masking"]["places"] == 0


def test_a_name_put_into_a_release_is_found_and_not_repeated(tmp_path: Path) -> None:
    folder = build_release(naming_inputs(), tmp_path).path
    titles = pq.read_table(folder / "parquet/documents.parquet")["title"].to_pylist()
    at = next(at for at, title in enumerate(titles) if "某" not in title)
    rewrite(folder, "documents", put("title", "王小明诉县公安局案的报告", at))
    findings = [finding for finding in verify_release(folder).findings if finding.check == "private_names"]
    assert [finding.file for finding in findings] == ["data/documents.csv"]
    assert "小明" not in str(findings)


def test_a_mask_that_covers_nothing_is_found(tmp_path: Path) -> None:
    folder = build_release(naming_inputs(), tmp_path).path
    titles = pq.read_table(folder / "parquet/documents.parquet")["title"].to_pylist()
    at = next(at for at, title in enumerate(titles) if "某" in title)
    rewrite(folder, "documents", put("title", "样例报告", at))
    found = [finding for finding in verify_release(folder).findings if finding.check == "private_names"]
    assert "nothing is masked" in str(found[0])


def test_masking_less_is_a_reason_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build_release(naming_inputs(), tmp_path)
    unmasking(monkeypatch)
    folder = build_release(naming_inputs(), tmp_path).path
    changes = read_changes(folder / "diff/changes.csv")
    assert {change.reason for change in changes} == {"masking"}
    assert {(change.table_name, change.column_name) for change in changes} == {
        ("documents", "title"),
        ("texts", "text"),
        ("texts", "losses"),
        ("observations", "evidence"),
    }
    assert verify_release(folder).findings == ()  # applied both ways


def test_a_release_before_that_shows_a_name_must_be_withdrawn_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        unmasking(patched)
        shown = build_release(naming_inputs(), tmp_path).path
    with pytest.raises(ReleaseError, match=f"fazhi withdraw {shown.name}") as refused:
        build_release(naming_inputs(), tmp_path)
    assert "张三" not in str(refused.value)
    assert [path.name for path in tmp_path.glob("2*")] == [shown.name]
