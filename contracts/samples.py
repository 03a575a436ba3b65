"""A small set of good rows for every table, from which each rule's breakage starts.

Here belongs one invented report about an invented county, spelled out as the rows that it becomes: enough that
every column of every table is filled at least once and every rule has something to judge. Not here: anything
about a real county.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd

from contracts import ids
from contracts.codelists import CODELISTS
from contracts.projections.arrow import frame_from_table, table_from_rows
from contracts.rules import BEFORE
from contracts.tables import SCHEMA_VERSION, TABLES

_TEXT = "样例县人民政府2022年法治政府建设情况报告\n收到行政复议申请51件，受理42件。行政复议决定全部维持。\n2023年1月9日"
_EARLIER = "样例县人民政府2022年法治政府建设情况报告(初稿)\n收到行政复议申请50件。"
_FILE = "a" * 64
_DIVISION = {"division_id": "CN-990101", "report_year": 2022}


def sample_frames() -> dict[str, pd.DataFrame]:
    """Return good rows of every table by name, and how many there were before; fresh on every call."""
    rows = {
        "divisions": [_division()],
        "indicators": [_indicator("received", "收到件数"), _indicator("accepted", "受理件数")],
        "codelists": _codes(),
        "source_documents": [_source()],
        "texts": [_text(_TEXT), _text(_EARLIER)],
        "documents": [_document(_TEXT, _EARLIER), _document(_EARLIER, None)],
        "observations": [_received(), _accepted()],
        "numerals": _ledger(),
        "parses": [_parse()],
        "rejected": [_refused()],
        "identity_results": [_identity()],
        "county_year": [_metric()],
    }
    frames = {name: frame_from_table(table_from_rows(table, rows[name])) for name, table in TABLES.items()}
    return {**frames, BEFORE: pd.DataFrame({"table": list(frames), "rows": [len(frame) for frame in frames.values()]})}


def _division() -> dict[str, Any]:
    return {
        "division_code": "990101",
        "first_year": 2000,
        "last_year": 2030,
        "division_id": "CN-990101",
        "name": "样例县",
        "level": "county",
        "type": "county",
        "prefecture": "样例市",
        "province": "样例省",
    }


def _indicator(name: str, zh: str) -> dict[str, Any]:
    return {
        "indicator_id": name,
        "domain": "D08",
        "domain_zh": "行政复议",
        "domain_en": "Administrative reconsideration",
        "name_zh": zh,
        "name_en": name,
        "definition_zh": zh,
        "definition_en": name,
        "unit": "件",
        "kind": "count",
        "tier": "core",
        "period": "year",
        "scopes": "reporter",
        "minimum": 0.0,
        "maximum": 1e6,
        "since": 2000,
        "legal_basis": "行政复议法",
    }


def _codes() -> list[dict[str, Any]]:
    entry = CODELISTS["scope"].entries[0]
    return [
        {
            "codelist": "scope",
            "code": entry.code,
            "position": 0,
            "name_zh": entry.zh,
            "name_en": entry.en,
            "meaning": entry.meaning,
        }
    ]


def _source() -> dict[str, Any]:
    return {
        "document_sha256": _FILE,
        "media_type": "text/plain",
        "bytes": len(_TEXT.encode()),
        "origin": "sample.txt",
        "publisher": "样例县人民政府",
        "retrieved_at": dt.datetime(2023, 2, 1, tzinfo=dt.UTC),
        "title": _TEXT.splitlines()[0],
        "licence": "CC-BY-4.0",
        "origin_record": '{"path": "sample.txt"}',
    }


def _text(text: str) -> dict[str, Any]:
    return {
        "text_sha256": ids.text_sha256(text),
        "document_sha256": _FILE,
        "reader": "plain-1",
        "text": text,
        "cells": "[]",
        "losses": "layout",
        "ocr_lines": "[]",
    }


def _document(text: str, earlier: str | None) -> dict[str, Any]:
    return {
        **_DIVISION,
        "document_id": _id_of(text),
        "division_code": "990101",
        "division_name": "样例县",
        "prefecture": "样例市",
        "province": "样例省",
        "level": "county",
        "issuer": "样例县人民政府",
        "document_number": "样政〔2023〕1号",
        "title": text.splitlines()[0],
        "addressee": "样例市人民政府",
        "issued_on": dt.date(2023, 1, 9),
        "kind": "county_government",
        "reader": "plain-1",
        "text_sha256": ids.text_sha256(text),
        "characters": len(text),
        "supersedes": _id_of(earlier) if earlier else None,
    }


def _received() -> dict[str, Any]:
    return {**_fact("received", "收到行政复议申请51件"), "value": 51.0, **_numeral_at("51")}


def _accepted() -> dict[str, Any]:
    return {**_fact("accepted", "受理42件"), "value": 42.0, **_numeral_at("42")}


def _fact(indicator: str, evidence: str) -> dict[str, Any]:
    start = _TEXT.index(evidence)
    return {
        **_DIVISION,
        "observation_id": _fact_id(indicator),
        "document_id": _id_of(_TEXT),
        "indicator_id": indicator,
        "scope": "reporter",
        "period": "year",
        "dimension": None if indicator == "received" else "样例镇",
        "unit": "件",
        "qualifier": "exact",
        "obs_status": "A",
        "evidence": evidence,
        "char_start": start,
        "char_end": start + len(evidence),
        "section": "一、行政复议",
        "rule_id": f"{indicator}.1",
        "flags": "sample",
    }


def _numeral_at(numeral: str) -> dict[str, Any]:
    start = _TEXT.index(numeral)
    return {"value_start": start, "value_end": start + len(numeral)}


def _ledger() -> list[dict[str, Any]]:
    claimed = [("51", "received"), ("42", "accepted")]
    explained = [_entry("2022年", "explained", kind="date"), _entry("2023年1月9日", "explained", kind="date")]
    return [
        explained[0],
        *(_entry(text, "observation", observation_id=_fact_id(indicator)) for text, indicator in claimed),
        explained[1],
    ]


def _entry(text: str, class_: str, **rest: Any) -> dict[str, Any]:
    start = _TEXT.index(text)
    return {
        "document_id": _id_of(_TEXT),
        "char_start": start,
        "report_year": 2022,
        "char_end": start + len(text),
        "text": text,
        "class": class_,
        "rule_id": "sample.1",
        **rest,
    }


def _parse() -> dict[str, Any]:
    return {
        "text_sha256": ids.text_sha256(_TEXT),
        "document_id": _id_of(_TEXT),
        "report_year": 2022,
        "method_version": "1.0.0",
        "catalogue_version": "0123456789abcdef",
        "origin_hash": "0123456789abcdef",
        "corrections": "0123456789abcdef",
    }


def _refused() -> dict[str, Any]:
    row = '{"document_id":null}'
    return {
        "row_hash": ids.row_hash("documents", row),
        "table_name": "documents",
        "row_json": row,
        "contract": f"documents {SCHEMA_VERSION}",
        "rule": "documents.document_id.required",
        "reason": "document_id is never null",
        "document_id": _id_of(_TEXT),
    }


def _identity() -> dict[str, Any]:
    return {
        "document_id": _id_of(_TEXT),
        "identity_id": "I04",
        "report_year": 2022,
        "scope": "reporter",
        "left": 51.0,
        "right": 42.0,
        "residual": 9.0,
        "tolerance": 0.0,
        "outcome": "holds",
    }


def _metric() -> dict[str, Any]:
    return {
        **_DIVISION,
        "indicator_id": "received",
        "scope": "reporter",
        "value": 51.0,
        "unit": "件",
        "qualifier": "exact",
        "obs_status": "A",
        "observation_id": _fact_id("received"),
        "n_observations": 1,
        "flags": "sample",
    }


def _id_of(text: str) -> str:
    return ids.document_id(ids.text_sha256(text))


def _fact_id(indicator: str) -> str:
    return ids.observation_id(_id_of(_TEXT), indicator, "reporter", "year", None, 0)
