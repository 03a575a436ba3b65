"""Updates of the warehouse: only what changed changes, in one update or in several, and nothing is dropped unsaid."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from assets.validate.update import Parsed, Update, update
from assets.validate.years import Facts
from contracts import ids
from contracts.corrections import Correction
from contracts.errors import ContractError
from contracts.identities import load_identities
from contracts.projections.arrow import frame_from_table, table_from_rows
from contracts.projections.frames import breaches
from contracts.rejection import rejected_row
from contracts.rules import BEFORE
from contracts.tables import TABLES
from warehouse.layout import Home
from warehouse.manifest import gone_texts, parse_rows, stale_texts
from warehouse.store import Store

METHOD, CATALOGUE = "1.0.0", "cafe"
ORIGIN = "0123456789abcdef"
RECEIVED = "administrative_reconsideration_applications_received"
ACCEPTED = "administrative_reconsideration_applications_accepted"
Row = dict[str, Any]


class Report:
    """One invented report: its text, and the rows that parsing makes of it."""

    def __init__(
        self, code: str = "990101", year: int = 2022, received: int = 51, day: int = 1, **document: Any
    ) -> None:
        self.text = f"{code}号县{year}年报告，第{day}稿。收到申请{received}件，受理{received - 9}件。"
        self.sha = ids.text_sha256(self.text)
        self.id = ids.document_id(self.sha)
        self.code, self.year, self.received, self.day, self.document = code, year, received, day, document

    def source_row(self) -> Row:
        return {
            "document_sha256": self.sha[::-1],
            "media_type": "text/plain",
            "bytes": 1,
            "origin": "report.txt",
            "retrieved_at": dt.datetime(2023, 2, self.day, tzinfo=dt.UTC),
            "origin_record": "{}",
        }

    def text_row(self) -> Row:
        return {"text_sha256": self.sha, "document_sha256": self.sha[::-1], "reader": "plain-1", "text": self.text}

    def document_row(self) -> Row:
        return {
            "document_id": self.id,
            "division_id": ids.division_id(self.code),
            "division_code": self.code,
            "division_name": f"{self.code}号县",
            "province": "样例省",
            "level": "county",
            "issuer": f"{self.code}号县人民政府",
            "title": "报告",
            "report_year": self.year,
            "kind": "county_government",
            "reader": "plain-1",
            "text_sha256": self.sha,
            "characters": len(self.text),
            **self.document,
        }

    def observation_rows(self) -> list[Row]:
        return [
            self._fact(RECEIVED, f"收到申请{self.received}件", self.received),
            self._fact(ACCEPTED, f"受理{self.received - 9}件", self.received - 9),
        ]

    def numeral_rows(self) -> list[Row]:
        return [
            {
                "document_id": self.id,
                "char_start": fact["value_start"],
                "report_year": self.year,
                "char_end": fact["value_end"],
                "text": self.text[fact["value_start"] : fact["value_end"]],
                "class": "observation",
                "observation_id": fact["observation_id"],
            }
            for fact in self.observation_rows()
        ]

    def _fact(self, indicator: str, evidence: str, value: int) -> Row:
        start = self.text.index(evidence)
        number = start + evidence.index(str(value))
        return {
            "observation_id": ids.observation_id(self.id, indicator, "reporter", "year", None, 0),
            "document_id": self.id,
            "division_id": ids.division_id(self.code),
            "report_year": self.year,
            "indicator_id": indicator,
            "scope": "reporter",
            "period": "year",
            "value": float(value),
            "unit": "件",
            "qualifier": "exact",
            "obs_status": "A",
            "evidence": evidence,
            "char_start": start,
            "char_end": start + len(evidence),
            "value_start": number,
            "value_end": number + len(str(value)),
            "rule_id": "r",
        }


def parse(*reports: Report, unidentified: tuple[str, ...] = (), corrections: tuple[Correction, ...] = ()) -> Parsed:
    rejected = [
        rejected_row(
            "documents", {"text_sha256": sha}, rule="identity", reason="no year", document_id=ids.document_id(sha)
        )
        for sha in unidentified
    ]
    years = {report.sha: report.year for report in reports}
    rows: dict[str, list[Row]] = {
        "documents": [report.document_row() for report in reports],
        "observations": [row for report in reports for row in report.observation_rows()],
        "numerals": [row for report in reports for row in report.numeral_rows()],
        "parses": parse_rows(dict.fromkeys([*years, *unidentified], ORIGIN), years, METHOD, CATALOGUE, corrections),
        "rejected": rejected,
    }
    frames = {name: frame_from_table(table_from_rows(TABLES[name], made)) for name, made in rows.items()}
    facts = Facts(frames.pop("observations"), frames.pop("numerals"))
    return Parsed(**frames, facts=lambda year: Facts(*(rows[rows["report_year"] == year] for rows in facts)))


def put_texts(store: Store, *reports: Report) -> None:
    """Make these reports the whole of what was ingested."""
    store.replace(
        TABLES["source_documents"], table_from_rows(TABLES["source_documents"], [r.source_row() for r in reports])
    )
    store.replace(TABLES["texts"], table_from_rows(TABLES["texts"], [r.text_row() for r in reports]))


def take_in(
    store: Store, parsed: Parsed, gone: tuple[Report, ...] = (), corrections: tuple[Correction, ...] = ()
) -> Update:
    made = update(store, parsed, [report.sha for report in gone], load_identities(), corrections)
    for verdict in made.verdicts.values():
        verdict.require()
    store.write(made.changes)
    return made


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return new_store(tmp_path / "data")


def new_store(root: Path) -> Store:
    store = Store(Home(root))
    divisions = [
        {
            "division_code": f"9901{n:02}",
            "first_year": 2000,
            "division_id": f"CN-9901{n:02}",
            "name": "县",
            "level": "county",
            "type": "county",
        }
        for n in range(1, 10)
    ]
    indicators = [
        {
            "indicator_id": name,
            "domain": "D08",
            "domain_zh": "行政复议",
            "domain_en": "Reconsideration",
            "name_zh": name,
            "name_en": name,
            "definition_zh": name,
            "definition_en": name,
            "unit": "件",
            "kind": "count",
            "tier": "core",
            "period": "year",
            "minimum": 0.0,
        }
        for name in (RECEIVED, ACCEPTED)
    ]
    for name, rows in (("divisions", divisions), ("indicators", indicators)):
        store.replace(TABLES[name], table_from_rows(TABLES[name], rows))
    return store


def rows_of(store: Store, name: str) -> list[Row]:
    return list(store.read(TABLES[name]).to_pylist())


def test_a_report_goes_all_the_way(store: Store) -> None:
    report = Report()
    put_texts(store, report)
    made = take_in(store, parse(report))
    assert {name: verdict.broken for name, verdict in made.verdicts.items() if verdict.broken} == {}
    assert [(row["indicator_id"], row["value"]) for row in rows_of(store, "county_year")] == [
        (ACCEPTED, 42),
        (RECEIVED, 51),
    ]
    assert len(rows_of(store, "numerals")) == 2
    outcomes = {row["identity_id"]: row["outcome"] for row in rows_of(store, "identity_results")}
    assert outcomes["I04"] == "holds"
    assert outcomes["I01"] == "not_applicable"


def test_every_stored_table_keeps_its_whole_contract(store: Store) -> None:
    reports = [Report(f"9901{n:02}", year, 20 + n) for n in range(1, 4) for year in (2021, 2022)]
    put_texts(store, *reports)
    take_in(store, parse(*reports))
    frames = {name: frame_from_table(store.read(table)) for name, table in TABLES.items()}
    frames[BEFORE] = pd.DataFrame({"table": [], "rows": []})
    for name, table in TABLES.items():
        if name != "codelists":
            assert breaches(table, frames) == [], name


def test_in_one_update_or_in_several_the_tables_are_the_same(tmp_path: Path) -> None:
    reports = [Report(f"9901{n:02}", year, 20 + n, day) for n in (1, 2) for year in (2021, 2022) for day in (1, 2)][:-2]
    at_once, in_turn = new_store(tmp_path / "a"), new_store(tmp_path / "b")
    put_texts(at_once, *reports)
    put_texts(in_turn, *reports)
    take_in(at_once, parse(*reports))
    for report in reversed(reports):
        take_in(in_turn, parse(report))
    take_in(in_turn, parse(reports[0]))
    assert at_once.snapshot() == in_turn.snapshot()


def test_where_nothing_changed_nothing_is_judged_or_written(store: Store) -> None:
    report = Report()
    put_texts(store, report)
    take_in(store, parse(report))
    made = take_in(store, parse())
    assert made.changes == {}
    assert {name: verdict.offered for name, verdict in made.verdicts.items()} == dict.fromkeys(made.verdicts, 0)
    unknown = Correction("O1", "D1", "value", "1", "2", "x", 2)
    with pytest.raises(ContractError, match="there is no document D1"):
        take_in(store, parse(), corrections=(unknown,))


def test_only_the_year_that_changed_is_written(store: Store) -> None:
    first, second = Report(year=2019), Report(year=2022)
    put_texts(store, first, second)
    take_in(store, parse(first))
    made = take_in(store, parse(second))
    for name in ("observations", "numerals", "county_year", "identity_results"):
        assert set(made.changes[name]) == {"report_year=2022"}, name


def test_a_source_that_is_gone_takes_its_rows_along(tmp_path: Path) -> None:
    kept, gone = Report("990101"), Report("990102")
    store, never = new_store(tmp_path / "a"), new_store(tmp_path / "b")
    put_texts(store, kept, gone)
    take_in(store, parse(kept, gone))
    put_texts(store, kept)
    take_in(store, parse(), gone=(gone,))
    put_texts(never, kept)
    take_in(never, parse(kept))
    assert store.snapshot() == never.snapshot()


def test_the_last_report_of_a_year_empties_it(store: Store) -> None:
    report = Report()
    put_texts(store, report)
    take_in(store, parse(report))
    put_texts(store)
    take_in(store, parse(), gone=(report,))
    assert all(
        rows_of(store, name) == [] for name in ("documents", "observations", "numerals", "county_year", "parses")
    )


def test_a_later_version_supersedes_whatever_the_order_of_arrival(tmp_path: Path) -> None:
    early, late = Report(received=51, day=1), Report(received=60, day=2)
    for order, folder in (((early, late), "a"), ((late, early), "b")):
        store = new_store(tmp_path / folder)
        put_texts(store, early, late)
        for report in order:
            take_in(store, parse(report))
        versions = {row["document_id"]: row["supersedes"] for row in rows_of(store, "documents")}
        assert versions == {early.id: None, late.id: early.id}
        assert {row["value"] for row in rows_of(store, "county_year")} == {60, 51}
        assert len(rows_of(store, "observations")) == 4


def test_the_date_it_bears_goes_before_the_date_of_retrieval(store: Store) -> None:
    dated, undated = Report(received=51, day=1, issued_on=dt.date(2023, 1, 1)), Report(received=60, day=2)
    put_texts(store, dated, undated)
    take_in(store, parse(dated, undated))
    versions = {row["document_id"]: row["supersedes"] for row in rows_of(store, "documents")}
    assert versions == {dated.id: undated.id, undated.id: None}


def test_a_refused_document_is_filed_and_stops_nobody(store: Store) -> None:
    good, bad = Report("990101"), Report("990102", characters=1)
    put_texts(store, good, bad)
    made = take_in(store, parse(good, bad))
    assert made.verdicts["documents"].broken == {"documents.characters_of_the_text": 1}
    [filed] = rows_of(store, "rejected")
    assert (filed["rule"], filed["document_id"]) == ("documents.characters_of_the_text", bad.id)
    assert "2 observations and 2 numerals went with it" in filed["reason"]
    assert {row["document_id"] for row in rows_of(store, "observations")} == {good.id}
    mended = Report("990102")
    assert mended.id == bad.id
    take_in(store, parse(mended))
    assert rows_of(store, "rejected") == []
    assert {row["document_id"] for row in rows_of(store, "observations")} == {good.id, bad.id}


def test_a_rejected_observation_puts_its_numeral_into_the_queue(store: Store) -> None:
    report = Report()
    put_texts(store, report)
    facts = parse(report).facts(2022)
    wrong = Facts(facts.observations.assign(unit=["次", "件"]), facts.numerals)
    take_in(store, parse(report)._replace(facts=lambda _year: wrong))
    assert [row["rule"] for row in rows_of(store, "rejected")] == ["observations.unit_of_the_indicator"]
    ledger = [(row["class"], row["kind"], row["observation_id"] is None) for row in rows_of(store, "numerals")]
    assert ledger == [("queued", "rejected_observation", True), ("observation", None, False)]


def test_a_text_that_is_no_report_is_filed_once(store: Store) -> None:
    put_texts(store, Report())
    sha = Report().sha
    for _ in range(2):
        take_in(store, parse(unidentified=(sha,)))
        assert [row["reason"] for row in rows_of(store, "rejected")] == ["no year"]
    take_in(store, parse(Report()))
    assert rows_of(store, "rejected") == []


def test_past_its_share_a_table_is_refused_and_the_last_good_one_stays(store: Store) -> None:
    good = Report("990101")
    put_texts(store, good)
    take_in(store, parse(good))
    before = store.snapshot()
    bad = [Report("990102", 1990 + n, characters=1) for n in range(30)]
    put_texts(store, good, *bad)
    with pytest.raises(ContractError, match="documents: 30 of 31 rows break the contract, more than the 50%"):
        take_in(store, parse(*bad))
    assert store.snapshot()["documents"] == before["documents"]


def test_reports_parsed_again_may_not_lose_their_rows(store: Store) -> None:
    many = [Report(f"9901{n:02}", 2010, 20 + day, day) for n in range(1, 10) for day in (1, 2)]
    put_texts(store, *many)
    take_in(store, parse(*many))
    before = store.snapshot()
    nothing = Facts(*(rows.head(0) for rows in parse(*many).facts(2010)))
    with pytest.raises(
        ContractError, match=r"observations: breaks the contract as a whole: reports parsed again keep 90%"
    ):
        take_in(store, parse(*many)._replace(facts=lambda _year: nothing))
    assert store.snapshot() == before


def test_a_correction_is_applied_now_and_let_be_afterwards(store: Store) -> None:
    report, other = Report("990101"), Report("990102")
    target = report.observation_rows()[0]["observation_id"]
    corrections = (Correction(target, report.id, "value", "51", "52", "misread", 2),)
    put_texts(store, report, other)
    take_in(store, parse(report, corrections=corrections), corrections=corrections)
    take_in(store, parse(other, corrections=corrections), corrections=corrections)
    corrected = {row["observation_id"]: row for row in rows_of(store, "observations")}[target]
    assert (corrected["value"], corrected["flags"]) == (52, "corrected")
    with pytest.raises(ContractError, match="matches nothing"):
        take_in(store, parse(report), corrections=(corrections[0]._replace(expected="99"),))


def test_what_is_stale_follows_text_origin_method_catalogue_and_corrections(store: Store) -> None:
    report, other = Report("990101"), Report("990102")
    put_texts(store, report, other)
    take_in(store, parse(report))
    parses = frame_from_table(store.read(TABLES["parses"]))
    correction = Correction("O1", report.id, "value", "1", "2", "x", 2)
    texts = sorted([report.sha, other.sha])
    given = dict.fromkeys(texts, ORIGIN)
    assert stale_texts(given, parses, METHOD, CATALOGUE, []) == [other.sha]
    assert stale_texts(dict.fromkeys(texts, "f" * 16), parses, METHOD, CATALOGUE, []) == texts
    assert stale_texts(given, parses, METHOD, CATALOGUE, [correction]) == texts
    assert stale_texts(given, parses, "1.0.1", CATALOGUE, []) == texts
    assert stale_texts(given, parses, METHOD, "beef", []) == texts
    assert gone_texts([other.sha], parses) == [report.sha]
