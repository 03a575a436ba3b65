"""The catalogue keeps its promises: every canonical id, and every example and counterexample read as it says."""

from pathlib import Path

import pytest

from assets.parse.extract import extract
from contracts import codelists
from contracts.indicators import Indicator, load_catalogue

CANONICAL = (Path(__file__).parent / "data" / "canonical_indicators.txt").read_text(encoding="utf-8").split()
CATALOGUE = load_catalogue()
INDICATORS = pytest.mark.parametrize("indicator", CATALOGUE.indicators.values(), ids=CATALOGUE.indicators)


def test_no_canonical_indicator_is_missing() -> None:
    assert len(CANONICAL) == 189
    assert set(CANONICAL) - set(CATALOGUE.indicators) == set()


@INDICATORS
def test_each_example_yields_its_value(indicator: Indicator) -> None:
    wrong = {}
    for example in indicator.examples:
        found = [(o.indicator_id, o.value) for o in extract(example.text).observations]
        if (indicator.id, example.value) not in found:
            wrong[example.text] = (example.value, found)
    assert wrong == {}


@INDICATORS
def test_no_counterexample_yields_a_value(indicator: Indicator) -> None:
    wrong = {}
    for text in indicator.counterexamples:
        found = [(o.value, o.rule_id) for o in extract(text).observations if o.indicator_id == indicator.id]
        if found:
            wrong[text] = found
    assert wrong == {}


@INDICATORS
def test_each_indicator_says_how_reports_state_it(indicator: Indicator) -> None:
    assert indicator.patterns
    assert indicator.examples
    assert indicator.unit in codelists.UNIT.codes
    assert indicator.scope in indicator.scopes
    assert set(indicator.scopes) <= set(codelists.SCOPE.codes)


def test_no_example_is_a_counterexample_of_the_same_indicator() -> None:
    both = {
        indicator.id: {example.text for example in indicator.examples} & set(indicator.counterexamples)
        for indicator in CATALOGUE.indicators.values()
    }
    assert {name: texts for name, texts in both.items() if texts} == {}


def test_no_two_indicators_share_a_name() -> None:
    names = [indicator.zh for indicator in CATALOGUE.indicators.values()]
    assert sorted({name for name in names if names.count(name) > 1}) == []
