"""A release made of the one before it and of what changed has the bytes of one made from nothing, or is refused."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from assets.publish import standing
from assets.publish.build import Built, Inputs, build_release
from assets.publish.predecessor import Predecessor
from assets.publish.staging import read_manifest
from assets.publish.standing import predecessor, remember
from assets.publish.sums import read_sums
from assets.publish.verify import verify_release
from contracts.errors import ReleaseError
from contracts.release import SUMS

from .conftest import put
from .world import Report, World, sample_inputs

FIRST, SECOND, FAR = Report("990101"), Report("990102", note="原告张三诉县公安局一案，"), Report("990201")
BEFORE = World(reports=(FIRST, SECOND, FAR))


def _changed(inputs: Inputs, table: str, column: str, value: object) -> Inputs:
    return replace(inputs, tables={**inputs.tables, table: put(column, value)(inputs.tables[table])})


CHANGES: dict[str, tuple[Inputs, Inputs]] = {
    "one figure": (BEFORE.inputs(), BEFORE.but(0, corrected={"received": 5.0}).inputs()),
    "one title, and a division's name": (
        BEFORE.inputs(),
        replace(BEFORE.but(2, title="样例报告"), names={"990102": "新样例县"}).inputs(),
    ),
    "reports come and go": (
        BEFORE.inputs(),
        replace(BEFORE, reports=(replace(FIRST, states={"received": 7}, supersedes=FIRST), FIRST, SECOND, Report("990103", note="原告李四诉县公安局一案，"))).inputs(),
    ),
    "nothing but a code": (World(reports=()).inputs(), World(reports=(), codes=World().codes[:-1]).inputs()),
    "an identity": (sample_inputs(), _changed(sample_inputs(), "identity_results", "outcome", "fails")),
    "a source": (sample_inputs(), _changed(sample_inputs(), "source_documents", "publisher", "另一机关")),
}  # fmt: skip


TAKEN = (
    "site/data/places/9902.js",
    "quality/identities.csv",
    "quality/masks.csv",
    "parquet/texts.parquet",
    "parquet/codelists.parquet",
)


@pytest.mark.parametrize("name", CHANGES)
def test_the_bytes_are_those_of_one_made_from_nothing(name: str, tmp_path: Path) -> None:
    old, new = CHANGES[name]
    first = build_release(old, tmp_path / "whole").path
    shutil.copytree(first.parent, tmp_path / "parts")
    whole = build_release(new, tmp_path / "whole").path
    parts = build_release(new, tmp_path / "parts", before=_of(tmp_path / "parts" / first.name)).path
    assert (parts / SUMS).read_text() == (whole / SUMS).read_text()
    assert verify_release(parts).findings == ()


@pytest.fixture(scope="module")
def _first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_release(BEFORE.inputs(), tmp_path_factory.mktemp("first")).path


@pytest.fixture
def before(_first: Path, tmp_path: Path) -> Predecessor:
    """The release of ``BEFORE``, in a folder of its own."""
    return _of(Path(shutil.copytree(_first.parent, tmp_path / "releases")) / _first.name)


@pytest.mark.parametrize("path", TAKEN)
def test_a_file_that_is_no_longer_what_was_proven_is_never_taken_over(path: str, before: Predecessor) -> None:
    _flip_a_byte(before.folder / path)
    releases = before.folder.parent
    with pytest.raises(ReleaseError, match="not the file that was released; what did not change is made from it"):
        build_release(CHANGES["one figure"][1], releases, before=before)
    assert [entry.name for entry in releases.iterdir() if entry.is_dir()] == [before.folder.name]


@pytest.mark.parametrize(
    ("table", "column", "value", "broken"),
    [
        ("observations", "evidence", "并无此句", "observations.evidence_is_the_text"),
        ("observations", "value", 5.0, "county_year.is_its_observation"),
        ("documents", "report_year", 2021, "observations.year_of_its_document"),
    ],
)
def test_what_changed_and_what_rests_on_it_is_judged(
    table: str, column: str, value: object, broken: str, before: Predecessor
) -> None:
    wrong = replace(_changed(BEFORE.inputs(), table, column, value), method_version="2.0.0")
    with pytest.raises(ReleaseError, match=broken):
        build_release(wrong, before.folder.parent, before=before)


def test_what_changed_is_still_looked_through_for_names(monkeypatch: pytest.MonkeyPatch, before: Predecessor) -> None:
    monkeypatch.setattr("assets.publish.build.find_masks", lambda _: [])
    with pytest.raises(ReleaseError, match=r"text of [0-9a-f]{64} names a private person"):
        build_release(CHANGES["reports come and go"][1], before.folder.parent, before=before)


def _flip_a_byte(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def test_it_is_the_newest_release_if_this_code_proved_it(folder: Path, tmp_path: Path) -> None:
    memory = tmp_path / "released.json"
    assert predecessor(folder.parent, memory) is None
    remember(Built(folder, read_manifest(folder), is_new=True), memory, "origin")
    assert predecessor(folder.parent, memory) == _of(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(standing, "code_digest", lambda: "another")
        assert predecessor(folder.parent, memory) is None
    shutil.copytree(folder, folder.parent / "2026.11.1")
    assert predecessor(folder.parent, memory) is None
    shutil.rmtree(folder.parent / "2026.11.1")
    (folder / SUMS).write_text((folder / SUMS).read_text().replace("a", "b", 1))
    assert predecessor(folder.parent, memory) is None
    (folder / SUMS).unlink()
    assert predecessor(folder.parent, memory) is None


def _of(folder: Path) -> Predecessor:
    return Predecessor(folder, read_sums((folder / SUMS).read_text(), culprit=""))
