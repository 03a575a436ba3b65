"""The inbox sensor starts a run once for a new file and not twice; the schedule walks the road every night."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import dagster as dg
import pytest

from assets.ingest.files import ingest
from assets.ingest.raw import RawStore
from pipelines.automation import SETTLE_SECONDS
from pipelines.definitions import build_defs
from warehouse.layout import Home


class Inbox:
    """An inbox and the sensor that watches it, tick by tick, as Dagster's daemon would."""

    def __init__(self, root: Path) -> None:
        self.home = Home(root)
        self.home.inbox.mkdir(parents=True)
        self.sensor = build_defs(self.home).resolve_sensor_def("inbox")
        self.instance = dg.DagsterInstance.ephemeral()
        self.cursor: str | None = None
        self.keys: set[str] = set()

    def put(self, name: str, text: str, *, settled: bool = True) -> None:
        path = self.home.inbox / name
        path.write_text(text, encoding="utf-8")
        if settled:
            long_ago = path.stat().st_mtime - SETTLE_SECONDS - 1
            os.utime(path, (long_ago, long_ago))

    def tick(self) -> int:
        """Evaluate once and return how many runs start: a run key that was seen starts none."""
        context = dg.build_sensor_context(instance=self.instance, cursor=self.cursor)
        result = self.sensor.evaluate_tick(context)
        self.cursor = result.cursor
        fresh = {str(request.run_key) for request in result.run_requests or []} - self.keys
        self.keys |= fresh
        return len(fresh)

    def take_in(self) -> None:
        list(ingest([self.home.inbox], RawStore(self.home.raw), now=datetime.now(UTC)))


@pytest.fixture
def inbox(tmp_path: Path) -> Inbox:
    return Inbox(tmp_path)


def test_an_inbox_that_is_not_there_starts_nothing(inbox: Inbox) -> None:
    inbox.home.inbox.rmdir()
    assert inbox.tick() == 0


def test_a_new_file_starts_one_run_and_not_a_second(inbox: Inbox) -> None:
    inbox.put("a.txt", "甲")
    assert [inbox.tick(), inbox.tick(), inbox.tick()] == [1, 0, 0]


def test_several_new_files_start_one_run(inbox: Inbox) -> None:
    inbox.put("a.txt", "甲")
    inbox.put("b.txt", "乙")
    assert inbox.tick() == 1


def test_the_same_bytes_under_another_name_start_none(inbox: Inbox) -> None:
    inbox.put("a.txt", "甲")
    assert inbox.tick() == 1
    (inbox.home.inbox / "a.txt").rename(inbox.home.inbox / "b.txt")
    assert inbox.tick() == 0


def test_a_file_taken_in_by_hand_starts_none(inbox: Inbox) -> None:
    inbox.put("a.txt", "甲")
    inbox.take_in()
    assert inbox.tick() == 0


def test_a_file_that_grew_starts_another_run(inbox: Inbox) -> None:
    inbox.put("a.txt", "甲")
    assert inbox.tick() == 1
    inbox.take_in()
    inbox.put("a.txt", "甲乙")
    assert inbox.tick() == 1


def test_a_file_still_arriving_waits_for_the_next_tick(inbox: Inbox) -> None:
    inbox.put("a.txt", "甲", settled=False)
    assert inbox.tick() == 0
    inbox.put("a.txt", "甲乙")
    assert inbox.tick() == 1


def test_an_origin_record_alone_starts_nothing(inbox: Inbox) -> None:
    inbox.put("a.txt.origin.toml", "publisher = '某局'")
    assert inbox.tick() == 0


def test_every_night_the_whole_road_is_walked(tmp_path: Path) -> None:
    schedule = build_defs(Home(tmp_path)).resolve_schedule_def("nightly")
    assert schedule.job_name == "road"
    assert schedule.cron_schedule == "30 2 * * *"
    assert schedule.execution_timezone == "Asia/Shanghai"
    assert schedule.default_status is dg.DefaultScheduleStatus.RUNNING
