"""The same report as text, web page, Word document and PDF gives the same body, year and facts; and several reports in one file."""

import importlib.util
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

from assets.ingest.raw import RawStore
from assets.ingest.readers import Reading, read_bytes
from assets.ingest.readers.formats import FORMATS
from assets.ingest.rows import Batch, read_batch
from assets.ingest.update import update
from assets.parse.extract import extract
from assets.parse.identity import Identity, identify
from contracts.origin import Origin
from contracts.tables import REJECTED, TEXTS
from warehouse.layout import Home
from warehouse.store import Store

EXAMPLES = Path(__file__).parents[2] / "examples"
REPORTS = sorted((EXAMPLES / "reports").glob("*.txt"))


def _script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("other_formats", EXAMPLES / "other_formats.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


SCRIPT = _script()


def facts(text: str, year: int) -> list[tuple[object, ...]]:
    return [
        (o.indicator_id, o.scope, o.period, o.dimension, o.value, o.qualifier)
        for o in extract(text, year=year).observations
    ]


@pytest.mark.parametrize("path", REPORTS, ids=lambda path: path.stem)
@pytest.mark.parametrize("make", [SCRIPT.as_html, SCRIPT.as_docx, SCRIPT.as_pdf], ids=lambda make: make.__name__)
def test_a_report_says_the_same_in_every_format(path: Path, make: Callable[[str], bytes]) -> None:
    text = path.read_text(encoding="utf-8")
    as_text = identify(text, Origin())
    assert isinstance(as_text, Identity)
    reading = read_bytes(make(text), path.name)
    found = identify(reading.text, Origin())
    assert isinstance(found, Identity)
    assert (found.division, found.report_year, found.kind) == (as_text.division, as_text.report_year, as_text.kind)
    assert (found.title.value, found.issuer.value) == (as_text.title.value, as_text.issuer.value)
    expected = facts(text, as_text.report_year)
    assert expected
    assert facts(reading.text, as_text.report_year) == expected


def test_the_script_writes_the_same_bytes_again_each_with_its_origin_record(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        SCRIPT.main(tmp_path / folder)
    names = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert {name.removesuffix(".origin.toml") for name in names} >= {
        f"{stem}.{form}" for stem, form in SCRIPT.CHOSEN.items()
    }
    for name in names:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
        if "-scan." not in name:  # fonts differ between machines
            assert (tmp_path / "one" / name).read_bytes() == (EXAMPLES / "formats" / name).read_bytes()


def test_the_example_page_holds_a_table_whose_cells_know_their_headers() -> None:
    path = EXAMPLES / "formats" / "qingyuan-2024.html"
    reading = read_bytes(path.read_bytes(), path.name)
    cells = {reading.text[cell.char_start : cell.char_end]: cell for cell in reading.cells}
    assert (cells["94929"].row_header, cells["94929"].column_header) == ("罚款", "数量（宗）")


def test_the_page_about_readers_says_what_each_costs_and_loses() -> None:
    page = (EXAMPLES.parent / "docs" / "readers.md").read_text(encoding="utf-8")
    rows = {cells[1].strip(" `"): cells for line in page.splitlines() if len(cells := line.split("|")) == 7}
    assert {known.module for known in FORMATS} <= set(rows)
    for known in FORMATS:
        row = rows[known.module]
        assert row[3].strip() == known.cost
        assert row[4].replace("`", "").split() == list(known.loses)
        assert known.extra is None or f"extra `{known.extra}`" in row[5]
        assert all(f"\n| `{loss}` |" in page for loss in known.loses)


def test_a_file_of_several_reports_gives_a_text_each_and_files_what_is_of_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, raw = Store(Home(tmp_path)), RawStore(tmp_path / "raw")
    sha256, _ = raw.put(b"two reports", Origin(path="both.txt", retrieved_at="2026-11-22T08:00:00Z"))
    reading = Reading(
        "甲\n", heading="2022年报告", further=(Reading("乙\n", heading="2023年报告"),), of_no_report="51 | 60\n"
    )
    monkeypatch.setattr("assets.ingest.rows.read_as", lambda *_: reading)
    read: list[str] = []

    def update_all() -> None:
        def read_all(batches: list[list[str]]) -> Iterator[Batch]:
            for batch in batches:
                read.extend(batch)
                yield read_batch(batch, raw)

        store.write(update(store, raw, [], read_all).changes)

    for _ in range(2):
        update_all()
        texts = store.read(TEXTS, columns=["text", "document_sha256"]).to_pylist()
        assert sorted(row["text"] for row in texts) == ["乙\n", "甲\n"]
        assert len({row["document_sha256"] for row in texts}) == 1
        (filed,) = store.read(REJECTED).to_pylist()
        assert (filed["rule"], json.loads(filed["row_json"])["text"]) == ("ingest.of_no_report", "51 | 60\n")
    assert len(read) == 1
    (raw.root / sha256[:2] / sha256).unlink()
    update_all()
    assert store.read(TEXTS).num_rows == store.read(REJECTED).num_rows == 0
