"""A release of national size, put together from rows and not from reports: every county in every year, ten facts each.

The figures are drawn at random and say nothing about any county; the release is for measuring and never leaves its
folder. A few indicators are stated by most reports and most of them by few, so that the largest part of the data is
as large as it will be. Not here: what is measured on it (``pages``).
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from assets.publish.build import Built, Inputs, build_release
from assets.validate.reconcile import reconcile
from benchmarks.corpus import counties_and_years
from contracts import ids
from contracts.divisions import Division, load_divisions
from contracts.indicators import Indicator, load_catalogue
from contracts.projections.arrow import frame_from_table, table_from_frame, table_from_rows
from contracts.reference import codelist_rows, division_rows, indicator_rows
from contracts.tables import TABLES

ROWS = 300_000
FACTS = 10
"""Facts a report; all counties of all years make a little more than 310,000."""

_AS_OF = dt.date(2026, 11, 1)
_WORDED = {"exact": "{}", "at_least": "{}余", "approximately": "约{}", "at_most": "不足{}"}
_QUALIFIERS = (*["exact"] * 17, *list(_WORDED)[1:])


def build_nation(releases: Path, rows: int = ROWS) -> Built:
    """Build a release of so many observations, at most ten for each county and year there was, and return it."""
    catalogue, dice = load_catalogue(), random.Random(7)  # noqa: S311 - nothing here is secret
    told: dict[str, list[dict[str, Any]]] = {name: [] for name in TABLES}
    for division, year in islice(counties_and_years(), rows // FACTS):
        stated = islice(dict.fromkeys(_drawn(list(catalogue.indicators.values()), dice)), FACTS)
        for name, row in _report(division, year, list(stated), dice):
            told[name].append(row)
    told["indicators"] = indicator_rows(catalogue)
    told["divisions"] = division_rows(load_divisions())
    told["codelists"] = codelist_rows()
    tables = {name: table_from_rows(table, told[name]) for name, table in TABLES.items()}
    heard = (frame_from_table(tables[name]) for name in ("documents", "observations", "indicators"))
    tables["county_year"] = table_from_frame(TABLES["county_year"], reconcile(*heard))
    return build_release(
        Inputs(tables=tables, as_of=_AS_OF, method_version="1.0.0", catalogue_version=catalogue.version), releases
    )


def _drawn(indicators: list[Indicator], dice: random.Random) -> list[Indicator]:
    """Return indicators, some twice: the share of a rank falls as one over the rank."""
    return dice.choices(indicators, [1 / (rank + 4) for rank in range(len(indicators))], k=4 * FACTS)


def _report(
    division: Division, year: int, stated: list[Indicator], dice: random.Random
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the rows of one report with the tables that they go into."""
    title = f"{division.name}人民政府关于{year}年度法治政府建设情况的报告"
    text, facts = f"{title}\n", []
    for indicator in stated:
        qualifier, value = dice.choice(_QUALIFIERS), _value(indicator, dice)
        numeral = f"{value:g}"
        before, after = _WORDED[qualifier].split("{}")
        opening = f"全年{indicator.zh}{before}"
        start = len(text) + len(opening)
        evidence = f"{opening}{numeral}{after}{indicator.unit}"
        facts.append(
            {
                "indicator_id": indicator.id,
                "unit": indicator.unit,
                "value": value,
                "qualifier": qualifier,
                "evidence": evidence,
                "char_start": len(text),
                "char_end": len(text) + len(evidence),
                "value_start": start,
                "value_end": start + len(numeral),
                "rule_id": f"{indicator.id}: #",
            }
        )
        text += f"{evidence}，比上年度有所变化。\n"
    sha = ids.text_sha256(text)
    place = {"division_id": ids.division_id(division.code), "report_year": year}
    document = ids.document_id(sha)
    yield "texts", {"text_sha256": sha, "document_sha256": sha, "reader": "plain-1", "text": text, "cells": "[]"}
    yield (
        "source_documents",
        {
            "document_sha256": sha,
            "media_type": "text/plain",
            "bytes": len(text.encode()),
            "origin": f"{division.code}-{year}.txt",
            "retrieved_at": dt.datetime(year + 1, 1, 31, tzinfo=dt.UTC),
            "title": title,
            "origin_record": "{}",
        },
    )
    yield (
        "documents",
        {
            **place,
            "document_id": document,
            "division_code": division.code,
            "division_name": division.name,
            "prefecture": division.prefecture,
            "province": division.province,
            "level": division.level,
            "issuer": f"{division.name}人民政府",
            "title": title,
            "issued_on": dt.date(year + 1, 1, 31),
            "kind": "county_government",
            "reader": "plain-1",
            "text_sha256": sha,
            "characters": len(text),
        },
    )
    for fact in facts:
        dimension = "城市管理局" if dice.random() < 0.1 else None  # noqa: PLR2004 - every tenth
        key = (document, fact["indicator_id"], "territory", "year", dimension)
        yield (
            "observations",
            {
                **place,
                **fact,
                "observation_id": ids.observation_id(*key, 0),
                "document_id": document,
                "scope": "territory",
                "period": "year",
                "dimension": dimension,
                "obs_status": "A",
                "section": title,
            },
        )


def _value(indicator: Indicator, dice: random.Random) -> float:
    """Return a figure that the indicator may have: most are small and a few are large."""
    most = indicator.maximum if indicator.maximum is not None else 1_000_000
    figure = min(dice.lognormvariate(4, 1.5), most)
    return round(figure, 2) if indicator.kind == "rate" else float(max(int(figure), int(indicator.minimum)))
