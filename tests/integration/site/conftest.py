"""The release of the example reports and one after it with a hostile report; a browser in which both are open."""

from __future__ import annotations

import csv
import datetime as dt
import json
import re
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assets.publish.server import LOOPBACK, loopback_server
from assets.publish.staging import versions
from pipelines.road import walk
from warehouse.layout import Home

from .browser import Page, browser, installed

REPORTS = Path(__file__).parents[3] / "examples" / "reports"
AS_OF = dt.date(2026, 11, 22)
HOSTILE_NAME = '<img src=x onerror="window.hacked=1">.txt'
HOSTILE = (
    "凤庆县人民政府关于2023年度法治政府建设工作情况的报告\n\n"
    "一、<script>window.hacked=1</script>行政复议\u202e\u2067工作\n\n"
    "<img src=x onerror='window.hacked=1'>全年共收到行政复议申请12件，𠮷受理行政复议申请9件。\u202e&lt;b&gt;</main>\n"
)


def silent(_step: str, _done: int, _total: int) -> None:
    """Nobody is told."""


@pytest.fixture(scope="session")
def releases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of two releases, oldest first: the examples; the examples and a hostile report."""
    folder = tmp_path_factory.mktemp("site")
    home = Home(folder / "home")
    walk(home, [REPORTS], as_of=AS_OF, progress=silent)
    (folder / "hostile").mkdir()
    (folder / "hostile" / HOSTILE_NAME).write_text(HOSTILE, encoding="utf-8")
    walk(home, [folder / "hostile"], as_of=AS_OF, progress=silent)
    return home.releases


@pytest.fixture(scope="session")
def example(releases: Path) -> Path:
    return releases / str(versions(releases)[0])


@pytest.fixture(scope="session")
def hostile(releases: Path) -> Path:
    return releases / str(versions(releases)[-1])


@pytest.fixture(scope="session")
def address(releases: Path) -> Iterator[str]:
    """Where the releases are served."""
    with loopback_server(releases, 0) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://{LOOPBACK}:{server.server_address[1]}"
        server.shutdown()


@pytest.fixture(scope="session")
def _page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    chromium = installed()
    if chromium is None:
        pytest.skip("Chromium is not installed and cannot be installed here")
    profile = tmp_path_factory.mktemp("chromium")
    with browser(chromium, profile) as page:
        yield page
    shutil.rmtree(profile, ignore_errors=True)


@pytest.fixture
def page(_page: Page) -> Iterator[Page]:
    """A tab in which nothing may go wrong: an error on its console fails the test that caused it."""
    _page.requests.clear()
    _page.errors.clear()
    _page.resize(1200, 850)
    yield _page
    assert _page.errors == []


def rows_of(release: Path, table: str) -> list[dict[str, str]]:
    with (release / f"data/{table}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def index_of(release: Path) -> dict[str, Any]:
    """What the first part of the site's data says."""
    spelled = re.fullmatch(
        r"fazhi\.data\('index','(.*)'\);\n", (release / "site/data/index.js").read_text(encoding="utf-8")
    )
    assert spelled
    return dict(json.loads(re.sub(r"\\(['\\])", r"\1", spelled[1])))
