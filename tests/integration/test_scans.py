"""A scan gives the figures of the report it is of, and says which of them to look at again."""

import io
import json
from difflib import SequenceMatcher
from pathlib import Path

import pytest
from PIL import Image

from assets.ingest import update as ingest_update
from assets.ingest.raw import RawStore
from assets.ingest.readers import OCR_PACKAGE, Reading, image, ocr, pdf, read_bytes, read_file
from assets.ingest.refusals import DamagedFileError, MissingToolError, NeedsOcrError, NotAReportPageError, TooLargeError
from assets.ingest.rows import read_batch
from assets.parse.extract import extract
from assets.parse.facts import Extraction
from assets.parse.identity import Identity, identify, without_doubt
from assets.parse.pictures import Doubts, weighed
from assets.parse.rows import Parsed, ReadText, parse_text
from contracts.indicators import load_catalogue
from contracts.origin import Origin
from contracts.tables import REJECTED, TEXTS
from warehouse.layout import Home
from warehouse.store import Store

EXAMPLES = Path(__file__).parents[2] / "examples"
SCAN = EXAMPLES / "formats" / "tongzhou-2023-scan.pdf"
TYPED = (EXAMPLES / "reports" / "tongzhou-2023.txt").read_text(encoding="utf-8")
LEAST_NUMERALS = 0.98
LEAST_FACTS = 0.9
"""One doubtful character in a sentence holds back all its facts."""

needs_ocr = pytest.mark.skipif(not ocr.is_installed(), reason="the extra ocr is not installed")


@pytest.fixture(scope="module")
def scan() -> Reading:
    return read_file(SCAN)


@pytest.fixture
def without_ocr(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)


def numerals(found: Extraction) -> list[str]:
    """A bracket around the number of a heading may be of the other width."""
    return [numeral.text.strip("（）()") for numeral in found.numerals]


def picture(width: int, height: int, form: str = "PNG", **options: object) -> bytes:
    buffer = io.BytesIO()
    Image.new("1", (width, height), 1).save(buffer, form, **options)
    return buffer.getvalue()


def scanned(pages: int) -> bytes:
    """A PDF of white pictures."""
    buffer = io.BytesIO()
    page = Image.new("1", (200, 280), 1)
    page.save(buffer, "PDF", save_all=True, append_images=[page] * (pages - 1))
    return buffer.getvalue()


@needs_ocr
def test_the_numerals_of_a_scanned_report_are_read(scan: Reading) -> None:
    typed, seen = numerals(extract(TYPED)), numerals(extract(scan.text))
    matcher = SequenceMatcher(None, typed, seen, autojunk=False)
    right = sum(block.size for block in matcher.get_matching_blocks())
    assert right >= LEAST_NUMERALS * len(typed)
    assert len(seen) <= len(typed) / LEAST_NUMERALS


@needs_ocr
def test_a_scan_is_of_the_same_body_and_year_and_states_no_other_facts(scan: Reading) -> None:
    of_text = identify(TYPED, Origin())
    of_scan = without_doubt(identify(scan.text, Origin()), Doubts(scan.ocr_lines))
    assert isinstance(of_scan, Identity)
    assert isinstance(of_text, Identity)
    assert (of_scan.division, of_scan.report_year, of_scan.kind) == (
        of_text.division,
        of_text.report_year,
        of_text.kind,
    )
    found = weighed(scan.text, extract(scan.text, year=2023), scan.ocr_lines)
    seen, doubtful, typed = (
        {(fact.indicator_id, fact.scope, fact.period, fact.value) for fact in facts}
        for facts in (found.sure.observations, found.unsure, extract(TYPED, year=2023).observations)
    )
    assert seen <= typed
    assert len(seen) >= LEAST_FACTS * len(typed)
    assert len(seen | doubtful) >= LEAST_NUMERALS * len(typed) - 1
    assert all("ocr" in fact.flags for fact in found.sure.observations)


@needs_ocr
def test_every_line_of_a_scan_stands_where_it_says_and_how_sure_it_is(scan: Reading) -> None:
    assert "tables" in scan.losses
    assert "scanned_pages" not in scan.losses
    covered = "".join(scan.text[line.char_start : line.char_end] for line in scan.ocr_lines)
    assert "".join(covered.split()) == "".join(scan.text.split())
    assert all(0 < line.confidence <= 1 for line in scan.ocr_lines)
    assert all(line.char_start <= place < line.char_end for line in scan.ocr_lines for place in line.doubts)


@needs_ocr
def test_a_picture_of_a_page_is_read_like_a_scan() -> None:
    page = pdf.pypdfium2.PdfDocument(SCAN.read_bytes())[0].render(scale=2.5).to_pil()
    top = page.crop((0, 0, page.width, page.height // 5))
    buffer = io.BytesIO()
    top.save(buffer, "JPEG", quality=90)
    reading = read_bytes(buffer.getvalue(), "page.jpg")
    first = "".join(TYPED.split()[:3])
    assert "".join(reading.text.split()).startswith(first)


@needs_ocr
@pytest.mark.parametrize("data", [picture(300, 200), scanned(1)], ids=["png", "pdf"])
def test_a_picture_on_which_nothing_can_be_read_is_refused(data: bytes) -> None:
    with pytest.raises(NotAReportPageError, match="nothing can be read"):
        read_bytes(data, "photo")


@needs_ocr
def test_pictures_without_end_are_refused_before_any_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "MAX_SCANNED", 2)
    monkeypatch.setattr(image, "MAX_PICTURES", 2)
    more = [Image.new("1", (9, 9))] * 2
    for data in (scanned(3), picture(9, 9, "TIFF", save_all=True, append_images=more), picture(20_000, 20_000)):
        with pytest.raises(TooLargeError):
            read_bytes(data, "many")


@needs_ocr
@pytest.mark.parametrize("form", ["PNG", "JPEG", "TIFF"])
def test_a_picture_cut_short_is_refused(form: str) -> None:
    whole = picture(300, 200, form)
    for keep in (8, len(whole) // 2):
        with pytest.raises((DamagedFileError, NotAReportPageError)):
            read_bytes(whole[:keep], "cut")


@pytest.mark.usefixtures("without_ocr")
def test_without_the_extra_a_clear_line_says_what_to_install() -> None:
    with pytest.raises(NeedsOcrError, match=r"fazhi\[ocr\]"):
        read_file(SCAN)
    with pytest.raises(MissingToolError, match=r"fazhi\[ocr\]"):
        read_bytes(picture(300, 200), "page.png")


def test_a_scan_is_read_again_once_the_extra_is_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, scan: Reading
) -> None:
    if not ocr.is_installed():
        pytest.skip("the extra ocr is not installed")
    store, raw = Store(Home(tmp_path)), RawStore(tmp_path / "raw")
    raw.put(SCAN.read_bytes(), Origin(path="scan.pdf", retrieved_at="2026-11-22T08:00:00Z"))
    monkeypatch.setattr(pdf, "read", lambda *_: scan)
    read: list[int] = []

    def read_all(batches: list[list[str]]):  # noqa: ANN202
        read.append(sum(map(len, batches)))
        return (read_batch(batch, raw) for batch in batches)

    def refuse(*_: object) -> Reading:
        raise NeedsOcrError("holds pictures", culprit="scan.pdf", remedy="Install OCR")

    with monkeypatch.context() as patched:
        patched.setattr("importlib.util.find_spec", lambda _: None)
        patched.setattr(pdf, "read", refuse)
        for _ in range(2):
            store.write(ingest_update.update(store, raw, [], read_all).changes)
    assert store.read(REJECTED, columns=["rule"]).column("rule").to_pylist() == ["ingest.needs_ocr"]
    store.write(ingest_update.update(store, raw, [], read_all).changes)
    assert read == [1, 0, 1]
    assert store.read(REJECTED).num_rows == 0
    (lines,) = store.read(TEXTS, columns=["ocr_lines"]).column("ocr_lines").to_pylist()
    assert len(json.loads(lines)) == len(scan.ocr_lines)


def parsed(text: str, doubtful: str = "", origin: str = "{}") -> Parsed:
    """The rows of a text that was read from pictures, the words `doubtful` in it not surely."""
    start = text.index(doubtful) if doubtful else 0
    lines = [(0, len(text), 0.9, list(range(start, start + len(doubtful))))]
    return parse_text(ReadText("0" * 64, text, "pdf/2", origin, json.dumps(lines)), load_catalogue())


TITLE = "确山县人民政府关于2022年度法治政府建设工作情况的报告"
FACTS = "2022年有关情况如下。\n县政府收到行政复议申请5l件。\n县政府部门办理行政应诉案件3O件。行政复议决定全部维持。\n"


def test_facts_that_ocr_read_are_flagged_and_those_with_mended_digits_too() -> None:
    flags = {row["value"]: row["flags"] for row in parsed(f"{TITLE}\n{FACTS}").observations}
    assert flags[51] == "digits_repaired;ocr"
    assert flags[30] == "digits_repaired;ocr"


def test_facts_of_a_sentence_with_a_doubtful_character_are_not_published_but_filed() -> None:
    sure = parsed(f"{TITLE}\n{FACTS}")
    read = parsed(f"{TITLE}\n{FACTS}", "门")
    assert {row["value"] for row in sure.observations} - {row["value"] for row in read.observations} == {30}
    waiting = [row for row in read.numerals if row["kind"] == "unsure_reading"]
    assert [(row["text"], row["class"], row["observation_id"]) for row in waiting] == [("3O", "queued", None)]
    known = {row["observation_id"] for row in read.observations}
    assert {row["observation_id"] for row in read.numerals} - {None} <= known
    assert not read.rejected


def test_a_doubtful_fact_that_no_numeral_states_is_filed_with_the_reason() -> None:
    text = f"{TITLE}\n县政府收到行政复议申请5件。未发生行政复议决定被纠错情况。\n"
    assert any(row["value_start"] is None for row in parsed(text).observations)
    (row,) = parsed(text, "纠错").rejected
    assert (row["table_name"], row["rule"]) == ("observations", "observations.unsure_reading")


@pytest.mark.parametrize("doubtful", ["确山", "2022"])
def test_a_doubtful_title_opens_whose_report_it_is(doubtful: str) -> None:
    read = parsed(f"{TITLE}\n{FACTS}", doubtful)
    assert not read.documents
    (row,) = read.rejected
    assert row["rule"] == "identity.unsure_reading"
    assert "CN-411725" in row["row_json"]


def test_a_doubtful_document_number_is_left_out() -> None:
    text = f"确政文〔2023〕7号\n{TITLE}\n{FACTS}"
    assert parsed(text).documents[0]["document_number"] == "确政文〔2023〕7号"
    assert parsed(text, "7号").documents[0]["document_number"] is None


def test_the_package_is_the_one_that_the_extra_names() -> None:
    assert f'"{OCR_PACKAGE}>=' in (EXAMPLES.parent / "pyproject.toml").read_text(encoding="utf-8")
