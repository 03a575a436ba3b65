"""A small invented world of reports, from which releases are built that differ in just what a test says."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pyarrow as pa

from assets.publish.build import Inputs, build_release
from contracts import ids
from contracts.codelists import SCOPE
from contracts.projections.arrow import table_from_frame, table_from_rows
from contracts.samples import sample_frames
from contracts.tables import TABLES

AS_OF = dt.date(2026, 11, 22)


def sample_inputs(**changes: pa.Table) -> Inputs:
    frames = sample_frames()
    tables = {name: table_from_frame(table, frames[name]) for name, table in TABLES.items()}
    return Inputs(tables={**tables, **changes}, as_of=AS_OF, method_version="1.0.0", catalogue_version="c1")


_SAMPLE = {name: rows.to_pylist() for name, rows in sample_inputs().tables.items()}
_INDICATORS = {row["indicator_id"]: row for row in _SAMPLE["indicators"]}
_WORDS = {"received": "收到行政复议申请{}件", "accepted": "受理{}件"}


@dataclass(frozen=True)
class Report:
    """One county's report: the figures that it states and those that the method finds in it."""

    code: str = "990101"
    states: dict[str, int] = field(default_factory=lambda: {"received": 51, "accepted": 42})
    note: str = ""
    supersedes: Report | None = None
    misses: tuple[str, ...] = ()
    corrected: dict[str, float] = field(default_factory=dict)
    rules: dict[str, str] = field(default_factory=dict)
    scopes: dict[str, str] = field(default_factory=dict)
    file: str | None = None
    title: str | None = None

    @property
    def text(self) -> str:
        facts = "，".join(_WORDS[name].format(n) for name, n in self.states.items())
        return f"样例县{self.code}人民政府2022年法治政府建设情况报告\n{self.note}{facts}。"

    @property
    def id(self) -> str:
        return ids.document_id(ids.text_sha256(self.text))

    def rows(self) -> dict[str, list[dict[str, Any]]]:
        sha, division = ids.text_sha256(self.text), {"division_id": f"CN-{self.code}", "report_year": 2022}
        file = self.file or ids.text_sha256("file " + self.text)
        document = {
            **_SAMPLE["documents"][0],
            **division,
            "division_code": self.code,
            "document_id": self.id,
            "text_sha256": sha,
            "characters": len(self.text),
            "title": self.title or self.text.splitlines()[0],
            "supersedes": self.supersedes.id if self.supersedes else None,
        }
        facts = [self._fact(name, n, division) for name, n in self.states.items() if name not in self.misses]
        metrics = [
            {**division, **{key: fact[key] for key in ("indicator_id", "scope", "value", "unit", "qualifier")}}
            | {"obs_status": "A", "observation_id": fact["observation_id"], "n_observations": 1, "flags": fact["flags"]}
            for fact in facts
        ]
        return {
            "documents": [document],
            "texts": [{**_SAMPLE["texts"][0], "text_sha256": sha, "document_sha256": file, "text": self.text}],
            "source_documents": [
                {**_SAMPLE["source_documents"][0], "document_sha256": file, "origin": f"{self.code}.txt"}
            ],
            "observations": facts,
            "county_year": metrics,
        }

    def _fact(self, name: str, n: int, division: dict[str, Any]) -> dict[str, Any]:
        evidence = _WORDS[name].format(n)
        start = self.text.index(evidence)
        numeral = start + evidence.index(str(n))
        return {
            **_SAMPLE["observations"][0],
            **division,
            "observation_id": ids.observation_id(self.id, name, "reporter", "year", None, 0),
            "document_id": self.id,
            "indicator_id": name,
            "scope": self.scopes.get(name, "reporter"),
            "dimension": None,
            "value": float(self.corrected.get(name, n)),
            "evidence": evidence,
            "char_start": start,
            "char_end": start + len(evidence),
            "value_start": numeral,
            "value_end": numeral + len(str(n)),
            "rule_id": self.rules.get(name, f"{name}.1"),
            "flags": "corrected" if name in self.corrected else None,
        }


@dataclass(frozen=True)
class World:
    """Reports, and the versions with which they were read."""

    reports: tuple[Report, ...] = (Report("990101"), Report("990102"))
    method: str = "1.0.0"
    catalogue: str = "c1"
    codes: tuple[str, ...] = SCOPE.codes
    names: dict[str, str] = field(default_factory=dict)
    """Other names of divisions, by code."""

    def inputs(self) -> Inputs:
        tables: dict[str, list[dict[str, Any]]] = {name: list(rows) for name, rows in _SAMPLE.items()}
        for name in (
            "documents",
            "texts",
            "source_documents",
            "observations",
            "county_year",
            "numerals",
            "identity_results",
        ):
            tables[name] = []
        tables["divisions"] = [
            {**_SAMPLE["divisions"][0], "division_code": code, "division_id": f"CN-{code}"}
            for code in ("990101", "990102", "990103", "990201")
        ]
        tables["codelists"] = [
            {**_SAMPLE["codelists"][0], "code": code, "position": place} for place, code in enumerate(self.codes)
        ]
        for report in self.reports:
            for name, rows in report.rows().items():
                tables[name] += [row for row in rows if row not in tables[name]]
        superseded = {report.supersedes.id for report in self.reports if report.supersedes}
        current = {f["observation_id"] for f in tables["observations"] if f["document_id"] not in superseded}
        tables["county_year"] = [row for row in tables["county_year"] if row["observation_id"] in current]
        for table in ("divisions", "documents"):
            column = "name" if table == "divisions" else "division_name"
            tables[table] = [
                {**row, column: self.names.get(row["division_code"], row[column])} for row in tables[table]
            ]
        return Inputs(
            tables={name: table_from_rows(TABLES[name], rows) for name, rows in tables.items()},
            as_of=AS_OF,
            method_version=self.method,
            catalogue_version=self.catalogue,
        )

    def but(self, number: int, **changes: Any) -> World:
        """Return the world with one report changed."""
        reports = list(self.reports)
        reports[number] = replace(reports[number], **changes)
        return replace(self, reports=tuple(reports))


def two_releases(home: Path) -> tuple[Path, Path]:
    """Build two releases in ``home``, one after the other, between which one value was corrected; return their folders."""
    worlds = (World(), World().but(0, corrected={"received": 5.0}))
    old, new = (build_release(world.inputs(), home).path for world in worlds)
    return old, new
