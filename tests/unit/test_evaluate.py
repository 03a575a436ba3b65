"""`evaluate` scores labelled passages: each rung, implied facts, optional facts and false positives."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assets.parse.evaluate import RUNGS, evaluate
from assets.parse.gold import read_gold
from contracts.errors import InputError

TEXT = "全年受理行政复议申请12件，办结10件，无一被纠错。"


def fact(**changes: object) -> dict[str, object]:
    return {
        "indicator_id": "a",
        "scope": "reporter",
        "value": 12,
        "unit": "件",
        "qualifier": "exact",
        "period": "year",
        "number_start": 10,
        "number_end": 12,
        "optional": False,
        "evidence": "12件",
    } | changes


def implied_fact(**changes: object) -> dict[str, object]:
    return (
        fact(
            indicator_id="c",
            value=0,
            qualifier="implied",
            number_start=None,
            number_end=None,
            char_start=19,
            char_end=24,
        )
        | changes
    )


def observation(**changes: object) -> dict[str, object]:
    return {
        "indicator_id": "a",
        "scope": "reporter",
        "value": 12.0,
        "unit": "件",
        "qualifier": "exact",
        "period": "year",
        "char_start": 0,
        "char_end": 13,
        "value_start": 10,
        "value_end": 12,
    } | changes


def gold(*facts: dict[str, object], **changes: object) -> dict[str, dict[str, object]]:
    row = {"id": "p", "kind": "county_government", "text": TEXT, "facts": list(facts), "not_metrics": []}
    return {"p": row | {"uncatalogued": []} | changes}


def predicted(*observations: dict[str, object]) -> dict[str, dict[str, object]]:
    return {"p": {"observations": list(observations), "numerals": []}}


@pytest.mark.parametrize(
    ("changes", "passed"),
    [
        ({}, 5),
        ({"scope": "territory"}, 4),
        ({"qualifier": "at_least"}, 3),
        ({"indicator_id": "b"}, 2),
        ({"value": 13.0}, 1),
        ({"value": None}, 1),
    ],
)
def test_each_rung_asks_for_all_below_it(changes: dict[str, object], passed: int) -> None:
    result = evaluate(gold(fact()), predicted(observation(**changes)))
    assert [result.stated.tp[rung] for rung in RUNGS] == [1] * passed + [0] * (5 - passed)
    assert [result.stated.fn[rung] for rung in RUNGS] == [0] * passed + [1] * (5 - passed)
    assert [result.stated.fp[rung] for rung in RUNGS] == [0] * passed + [1] * (5 - passed)


def test_a_fact_without_prediction_is_missed_at_every_rung() -> None:
    result = evaluate(gold(fact()), {})
    assert result.without_prediction == 1
    assert [result.stated.fn[rung] for rung in RUNGS] == [1] * 5
    assert result.confusions == {("a", "(missed)"): 1}


def test_an_optional_fact_counts_neither_way_unless_its_indicator_is_wrong() -> None:
    optional = fact(optional=True)
    assert not evaluate(gold(optional), {}).stated.fn
    assert not evaluate(gold(optional), predicted(observation(scope="other"))).stated.fp
    wrong = evaluate(gold(optional), predicted(observation(indicator_id="b")))
    assert wrong.stated.fp["indicator"] == 1
    assert wrong.stated.fp["value"] == 0


def test_a_value_on_no_metric_is_false_at_every_rung() -> None:
    trap = {"text": "12", "start": 10, "kind": "target"}
    result = evaluate(gold(not_metrics=[trap]), predicted(observation()))
    assert [result.stated.fp[rung] for rung in RUNGS] == [1] * 5
    assert result.confusions == {("(not a metric: target)", "a"): 1}


def test_a_sum_of_years_named_as_such_is_no_error() -> None:
    trap = {"text": "12", "start": 10, "kind": "cumulative"}
    result = evaluate(gold(not_metrics=[trap]), predicted(observation(period="cumulative")))
    assert not result.stated.fp


def test_an_uncatalogued_quantity_claimed_is_a_wrong_indicator() -> None:
    result = evaluate(gold(uncatalogued=[{"text": "12", "start": 10}]), predicted(observation()))
    assert result.confusions == {("(uncatalogued, so wrong indicator)", "a"): 1}


def test_implied_facts_have_a_table_of_their_own() -> None:
    found = observation(
        indicator_id="c", value=0.0, qualifier="implied", value_start=None, value_end=None, char_start=19
    )
    result = evaluate(gold(fact(), implied_fact()), predicted(observation(), found | {"char_end": 24}))
    assert result.implied.at("scope").f1 == 1.0
    assert result.stated.at("scope").tp == 1
    far = evaluate(gold(implied_fact(char_start=900, char_end=905)), predicted(found | {"char_end": 24}))
    assert far.implied.fn["indicator"] == 1
    assert far.implied.fp["indicator"] == 1


def test_the_best_pair_wins_and_the_second_value_is_a_duplicate() -> None:
    result = evaluate(gold(fact()), predicted(observation(scope="other"), observation()))
    assert result.stated.tp["scope"] == 1
    assert result.confusions == {("(duplicate)", "a"): 1}


def test_the_ledger_is_compared_with_the_labels() -> None:
    numerals = [
        {"class": "observation", "char_start": 10, "char_end": 12},
        {"class": "unexplained", "char_start": 16, "char_end": 18},
    ]
    result = evaluate(
        gold(fact(), uncatalogued=[{"text": "10", "start": 16}]), {"p": {"observations": [], "numerals": numerals}}
    )
    assert result.unexplained_share == 0.5
    assert result.labelled_as == {("facts", "observation"): 1, ("uncatalogued", "unexplained"): 1}


def test_domains_sum_their_indicators() -> None:
    facts = (fact(), fact(indicator_id="b", number_start=16, number_end=18, value=10))
    result = evaluate(gold(*facts), predicted(observation()))
    assert result.by_domain({"a": "x", "b": "x"})["x"].at("span").recall == 0.5


def test_a_report_file_finds_its_text_and_the_ends_of_its_numerals(tmp_path: Path) -> None:
    (tmp_path / "r.txt").write_text(TEXT, encoding="utf-8")
    stated, implied = fact(), implied_fact(evidence="无一被纠错")
    for row in (stated, implied):
        row.pop("number_end")
    report = {
        "id": "r",
        "kind": "county_government",
        "text_file": "r.txt",
        "facts": [stated, implied],
        "not_metrics": [],
    }
    path = tmp_path / "r.gold.json"
    path.write_text(json.dumps(report), encoding="utf-8")
    facts = read_gold(path)["r"]["facts"]
    assert TEXT[facts[0]["number_start"] : facts[0]["number_end"]] == "12"
    assert TEXT[facts[1]["char_start"] : facts[1]["char_end"]] == "无一被纠错"


@pytest.mark.parametrize(
    ("name", "content", "complaint"),
    [
        ("g.jsonl", b"", "no labelled passage"),
        ("g.jsonl", b"{", "is not JSON"),
        ("g.jsonl", b'{"id": "p"}', "lacks facts"),
        ("g.json", b'{"id": "p"}', "names no text_file"),
        ("g.json", b"\xff\xfe", "is not UTF-8"),
    ],
)
def test_a_file_that_holds_no_labels_is_refused(tmp_path: Path, name: str, content: bytes, complaint: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InputError, match=complaint) as error:
        read_gold(path)
    assert name in error.value.culprit


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"cannot be read"):
        read_gold(tmp_path / "none.jsonl")
