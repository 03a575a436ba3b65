"""The whole road: reports go in, a warehouse and a release come out; what is bad is filed and stops nobody."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import NamedTuple

import dagster as dg
import pytest

from assets.ingest import defs as ingest
from assets.publish.verify import verify_release
from contracts.errors import FazhiError, WarehouseError
from contracts.tables import DOCUMENTS, REJECTED, TABLES
from pipelines.definitions import ROAD, build_defs
from pipelines.instance import dagster_instance
from pipelines.road import QUIET, Summary, release_again, walk
from warehouse import database
from warehouse.database import reading, row_counts
from warehouse.files import exclusively
from warehouse.layout import Home
from warehouse.store import Store

REPORTS = Path(__file__).parents[2] / "examples" / "reports"
CHOSEN = ("queshan-2022.txt", "zhouzhi-2021.txt")
BAD = {
    "empty.txt": b"",
    "rubbish.txt": bytes(range(256)) * 8,
    "no-report.txt": "红烧肉的做法\n猪肉500克，切块，焯水2分钟。".encode(),
    "no-year.txt": "确山县人民政府关于法治政府建设情况的报告\n收到行政复议申请12件。".encode(),
    "unknown-county.txt": "乌有县人民政府关于2022年度法治政府建设工作情况的报告\n收到行政复议申请12件。".encode(),
}
"""What cannot be read or identified: it is filed and stops nobody else."""


class Walked(NamedTuple):
    home: Home
    inputs: Path
    summary: Summary
    steps: dict[str, tuple[int, int]]
    """The last word on the progress of each step: done, total."""


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Walked:
    """A data home after two good reports, one of them twice and in GB18030 and UTF-16, and everything bad."""
    folder = tmp_path_factory.mktemp("road")
    inputs = folder / "reports"
    inputs.mkdir()
    for name in CHOSEN:
        for path in (REPORTS / name, REPORTS / f"{name}.origin.toml"):
            shutil.copy(path, inputs)
    text = (REPORTS / CHOSEN[0]).read_text(encoding="utf-8")
    (inputs / "again.txt").write_bytes(text.encode("utf-8-sig"))
    (inputs / "mandarin.txt").write_bytes(text.encode("gb18030"))
    (inputs / "wide.txt").write_bytes(text.encode("utf-16"))
    for name, content in BAD.items():
        (inputs / name).write_bytes(content)
    home = Home(folder / "home")
    steps: dict[str, tuple[int, int]] = {}

    def report(step: str, done: int, total: int) -> None:
        steps[step] = (done, total)

    return Walked(home, inputs, walk(home, [inputs], progress=report), steps)


def silent(_step: str, _done: int, _total: int) -> None:
    """Nobody is told."""


def test_every_report_ends_in_the_warehouse_once(walked: Walked) -> None:
    names = Store(walked.home).read(DOCUMENTS).column("division_name").to_pylist()
    assert sorted(names) == ["周至县", "确山县"]
    assert walked.summary.documents == len(CHOSEN)
    assert walked.summary.observations > 0


def test_whatever_is_bad_has_a_row_that_says_why(walked: Walked) -> None:
    rejected = Store(walked.home).read(REJECTED).to_pylist()
    rules = {row["rule"] for row in rejected}
    assert {"ingest.empty", "ingest.unknown_format", "ingest.same_text"} <= rules
    assert {"identity.no_title", "identity.no_year", "identity.unknown_place"} <= rules
    assert len(rejected) == len(BAD) + 3  # the same report once more in each of three encodings
    assert all(row["reason"] for row in rejected)


def test_every_step_told_how_far_it_was(walked: Walked) -> None:
    assert {"ingest", "read", "parse"} <= set(walked.steps)
    assert all(done == total for done, total in walked.steps.values())


def test_dagster_remembers_the_run_with_every_asset_and_check(walked: Walked) -> None:
    graph = build_defs().resolve_asset_graph()
    with dagster_instance(walked.home) as instance:
        (run,) = instance.get_runs(limit=1, filters=dg.RunsFilter(job_name="road"))
        events = [entry.dagster_event for entry in instance.all_logs(run.run_id) if entry.dagster_event]
    assert run.status is dg.DagsterRunStatus.SUCCESS
    made = {event.asset_key for event in events if event.is_step_materialization}
    assert made == set(graph.get_all_asset_keys())
    told = [e.asset_check_evaluation_data for e in events if e.event_type is dg.DagsterEventType.ASSET_CHECK_EVALUATION]
    assert {evaluation.asset_check_key for evaluation in told} == set(graph.asset_check_keys)
    assert [evaluation.check_name for evaluation in told if not evaluation.passed] == []


def test_tables_show_their_rows(walked: Walked) -> None:
    with dagster_instance(walked.home) as instance:
        event = instance.get_latest_materialization_event(dg.AssetKey("documents"))
    assert event is not None
    assert event.asset_materialization is not None
    assert event.asset_materialization.metadata["dagster/row_count"].value == len(CHOSEN)


def test_the_warehouse_answers_and_the_release_holds(walked: Walked) -> None:
    assert set(TABLES) <= set(row_counts(walked.home))
    with reading(walked.home) as connection:
        spans = "SELECT count(*) FROM provenance JOIN texts USING (text_sha256) WHERE text[char_start + 1:char_end] = evidence"
        assert connection.execute(spans).fetchall() == [(walked.summary.observations,)]
    assert verify_release(walked.summary.release.path).findings == ()


def test_the_query_of_the_readme_is_answered(walked: Walked) -> None:
    readme = (REPORTS.parents[1] / "README.md").read_text(encoding="utf-8")
    (query,) = re.findall(r'fazhi sql "(SELECT[^"]+)"', readme)
    (indicator,) = re.findall(r"indicator_id = '(\w+)'", query)
    with reading(walked.home) as connection:
        connection.execute(query)
        known = connection.execute("SELECT count(*) FROM indicators WHERE indicator_id = ?", [indicator]).fetchall()
    assert known == [(1,)]


def test_a_second_walk_does_no_work_and_makes_no_second_release(walked: Walked) -> None:
    before = walked.home.snapshot.read_bytes()
    steps: list[tuple[str, int]] = []
    again = walk(walked.home, [walked.inputs], progress=lambda step, _done, total: steps.append((step, total)))
    assert again.release == walked.summary.release._replace(is_new=False)
    assert again._replace(release=walked.summary.release) == walked.summary
    assert ("parse", 0) in steps
    assert walked.home.snapshot.read_bytes() == before


def test_a_table_that_breaks_its_contract_fails_and_the_last_good_one_stays(
    walked: Walked, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = walked.home.snapshot.read_bytes()
    rows = ingest.codelist_rows()
    monkeypatch.setattr(ingest, "codelist_rows", lambda: [*rows, rows[0]])
    with pytest.raises(FazhiError, match=r"codelists: 1 of \d+ rows break the contract.*codelists\.key"):
        walk(walked.home, [], progress=silent)
    assert walked.home.snapshot.read_bytes() == before
    assert failed_checks_of_the_last_run(walked.home) == [("codelists", "key")]


def failed_checks_of_the_last_run(home: Home) -> list[tuple[str, str]]:
    """The checks that failed as errors in the newest run, which must have failed for them."""
    with dagster_instance(home) as instance:
        (run,) = instance.get_runs(limit=1)
        told = [
            entry.dagster_event.asset_check_evaluation_data
            for entry in instance.all_logs(run.run_id, of_type=dg.DagsterEventType.ASSET_CHECK_EVALUATION)
            if entry.dagster_event
        ]
    assert run.status is dg.DagsterRunStatus.FAILURE
    return [
        (e.asset_key.to_user_string(), e.check_name)
        for e in told
        if not e.passed and e.severity is dg.AssetCheckSeverity.ERROR
    ]


def test_a_release_that_was_touched_fails_its_check(walked: Walked) -> None:
    table = walked.summary.release.path / "data" / "observations.csv"
    good = table.read_bytes()
    table.write_bytes(good.replace(b"51", b"61", 1))
    try:
        with pytest.raises(FazhiError, match="no longer holds what it promises"):
            release_again(walked.home)
    finally:
        table.write_bytes(good)
    assert failed_checks_of_the_last_run(walked.home) == [("release", "verifies")]


def test_a_warehouse_file_that_lacks_rows_fails_its_check(walked: Walked, monkeypatch: pytest.MonkeyPatch) -> None:
    counted = row_counts(walked.home)
    monkeypatch.setattr(database, "row_counts", lambda _home: {**counted, "documents": 0})
    with pytest.raises(FazhiError, match="other numbers of rows than the tables hold: documents"):
        release_again(walked.home)
    assert failed_checks_of_the_last_run(walked.home) == [("warehouse", "holds_every_row")]


def to_the_tables(home: Home, *inputs: Path) -> dict[str, tuple[int, int]]:
    """Walk the road as far as the tables, and return how far each step was."""
    steps: dict[str, tuple[int, int]] = {}
    road = build_defs(home, progress=lambda step, done, total: steps.update({step: (done, total)}))
    road.resolve_job_def(ROAD).execute_in_process(
        run_config={"ops": {"ingest": {"config": {"inputs": [str(path) for path in inputs]}}}, **QUIET},
        asset_selection=[dg.AssetKey(name) for name in (*TABLES, "parsed_reports")],
    )
    return steps


def test_two_runs_at_once_do_not_meet(walked: Walked) -> None:
    with exclusively(walked.home), pytest.raises(WarehouseError, match="another run is writing here"):
        release_again(walked.home)


def test_a_report_that_nothing_decides_is_settled_by_hand_later(tmp_path: Path) -> None:
    home, report = Home(tmp_path / "home"), tmp_path / "report.txt"
    report.write_text(
        "鼓楼区人民政府关于2022年度法治政府建设工作情况的报告\n区政府收到行政复议申请51件。\n", encoding="utf-8"
    )
    to_the_tables(home, report, REPORTS / CHOSEN[0])
    assert "identity.ambiguous" in Store(home).read(REJECTED).column("rule").to_pylist()
    Path(f"{report}.origin.toml").write_text('division = "CN-320106"\n', encoding="utf-8")
    to_the_tables(home, report)
    assert "CN-320106" in Store(home).read(DOCUMENTS).column("division_id").to_pylist()
    assert "identity.ambiguous" not in Store(home).read(REJECTED).column("rule").to_pylist()


def test_a_web_page_is_read_once_and_not_again_on_every_run(tmp_path: Path) -> None:
    home, page = Home(tmp_path / "home"), tmp_path / "page.html"
    title = "确山县人民政府关于2022年度法治政府建设工作情况的报告"
    page.write_text(
        f"<html><meta charset=utf-8><title>{title}</title><meta name=SiteName content=确山县人民政府><body><h1>{title}</h1>"
        "<p>驻马店市人民政府：</p><p>2022年，县政府本级收到行政复议申请51件。</p></body></html>",
        encoding="utf-8",
    )
    to_the_tables(home, page)
    assert Store(home).read(DOCUMENTS).num_rows == 1
    steps = to_the_tables(home, page)
    assert steps.get("read", (0, 0)) == (0, 0)
    assert steps.get("parse", (0, 0)) == (0, 0)
