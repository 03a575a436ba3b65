"""Texts to rows of the tables that the contracts declare."""

import pickle
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from assets.ingest.origin import read_sidecar
from assets.parse.rows import ReadText, parse_batch
from contracts.ids import document_id, text_sha256
from contracts.origin import Origin
from contracts.projections.arrow import table_from_rows
from contracts.tables import TABLES

EXAMPLES = sorted((Path(__file__).parents[2] / "examples" / "reports").glob("*.txt"))
NO_REPORT = "通知\n\n明天上午停水。"


def read(text: str, origin: Origin) -> ReadText:
    return ReadText(text_sha256(text), text, "text/1", origin.to_json())


@pytest.fixture(scope="module")
def examples() -> list[ReadText]:
    return [read(path.read_text(encoding="utf-8"), read_sidecar(path) or Origin()) for path in EXAMPLES]


def test_rows_have_the_columns_and_types_of_their_tables(examples: list[ReadText]) -> None:
    parsed = parse_batch([*examples, read(NO_REPORT, Origin(path="x.txt"))])
    for name, rows in parsed._asdict().items():
        assert rows
        assert table_from_rows(TABLES[name], rows).num_rows == len(rows)
        assert set(rows[0]) == set(TABLES[name].columns)


def test_every_fact_and_numeral_quotes_its_text(examples: list[ReadText]) -> None:
    parsed = parse_batch(examples)
    texts = {document_id(item.text_sha256): item.text for item in examples}
    for row in parsed.observations:
        assert texts[row["document_id"]][row["char_start"] : row["char_end"]] == row["evidence"]
    for row in parsed.numerals:
        assert texts[row["document_id"]][row["char_start"] : row["char_end"]] == row["text"]
    known = {row["observation_id"] for row in parsed.observations}
    assert {row["observation_id"] for row in parsed.numerals} - {None} <= known
    assert len(known) == len(parsed.observations)


def test_a_corrected_value_keeps_the_id_of_its_fact(examples: list[ReadText]) -> None:
    one = parse_batch(examples[:1])
    assert [row["observation_id"] for row in one.observations] == [
        row["observation_id"] for row in parse_batch(examples).observations[: len(one.observations)]
    ]


def test_a_text_that_is_no_report_is_filed_under_its_document_id(examples: list[ReadText]) -> None:
    stranger = read(NO_REPORT, Origin(path="x.txt"))
    parsed = parse_batch([stranger, *examples])
    assert len(parsed.documents) == len(examples)
    (row,) = parsed.rejected
    assert (row["table_name"], row["rule"]) == ("documents", "identity.no_title")
    assert row["document_id"] == document_id(stranger.text_sha256)


def test_batches_work_in_worker_processes(examples: list[ReadText]) -> None:
    here = parse_batch(examples)
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        there = pool.submit(parse_batch, examples).result()
    assert pickle.loads(pickle.dumps(there)) == here  # noqa: S301 - our own bytes
