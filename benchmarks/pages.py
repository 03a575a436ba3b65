"""The pages of a release of national size in a real browser: how much the first view loads, and how long choices take.

Every time is taken in the page by the browser's own clock, from the input to the next frame painted; the first view
begins with the request for the page, with an empty cache. Beside a choice stands what the page's thread worked for it,
which a busy machine does not lengthen.

    python -m benchmarks.pages
    python -m benchmarks.pages --releases FOLDER    # that ``fazhi run`` filled, or an earlier measurement
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import threading
from pathlib import Path

from assets.publish.server import LOOPBACK, loopback_server
from assets.publish.staging import standing_versions
from benchmarks.nation import ROWS, build_nation
from tests.integration.site.browser import Page, browser, installed

FIRST_VIEWS = 5
VIEW_BUDGET, CHOICE_BUDGET, BYTES_BUDGET = 2_000, 300, 300_000
"""Milliseconds until the first view can be used and until another indicator is shown; bytes of the first view."""

_PAINTED = "new Promise((resolve) => requestAnimationFrame(() => setTimeout(() => resolve(performance.now()))))"
_LOADED = """performance.getEntriesByType("navigation").concat(performance.getEntriesByType("resource"))
  .reduce((sum, entry) => sum + entry.transferSize, 0)"""
_CHOOSE = """(async (id, value) => {
  const stands = () => document.body.dataset.ready === location.hash;
  const from = performance.now();
  const before = location.hash;
  const control = document.querySelector(`#choose-${id}`);
  control.value = value;
  control.dispatchEvent(new Event("change"));
  await new Promise((resolve) => {
    const look = () => location.hash !== before && stands() && resolve();
    new MutationObserver(look).observe(document.body, { attributeFilter: ["data-ready"] });
    look();
  });
  return await PAINTED - from;
})""".replace("PAINTED", _PAINTED)


def main(arguments: list[str] | None = None) -> None:
    """Build the release where none is given, open it and print the times."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pages")
    parser.add_argument("--releases", type=Path, help="a folder of releases; without it one is made of chance figures")
    parser.add_argument("--rows", type=int, default=ROWS, help="observations of the release that is made")
    options = parser.parse_args(arguments)
    chromium = installed()
    if chromium is None:
        print("\nThe pages are not measured: Chromium is not installed")
        return
    with tempfile.TemporaryDirectory(prefix="fazhi-bench-") as scratch:
        releases = options.releases or Path(scratch, "releases")
        if not options.releases:
            releases.mkdir()
            build_nation(releases, options.rows)
        profile = Path(scratch, "chromium")
        profile.mkdir()
        with loopback_server(releases, 0) as server, browser(chromium, profile) as page:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            version = standing_versions(releases)[-1]
            _measure(page, f"http://{LOOPBACK}:{server.server_address[1]}/{version}/site/index.html")
            server.shutdown()


def _measure(page: Page, address: str) -> None:
    page.resize(1200, 850)
    page.send("Network.setCacheDisabled", cacheDisabled=True)
    page.send("Performance.enable", timeDomain="threadTicks")
    first = [_opened(page, f"{address}#/about?lang=en") for _ in range(FIRST_VIEWS)]
    print(f"\nPages of a release: {page.text('#counts')}")
    print(f"first view loads {page.run(_LOADED) / 1000:.0f} kB (budget {BYTES_BUDGET / 1000:.0f})")
    _show("first view can be used", first, VIEW_BUDGET)
    _show(
        "explore, opened first", [_opened(page, f"{address}#/explore?lang=zh") for _ in range(FIRST_VIEWS)], VIEW_BUDGET
    )
    every = page.run("[...document.querySelectorAll('#choose-indicator option')].map((one) => one.value)")
    for rows in ("county_year", "observations"):
        page.go(f"#/explore?indicator={every[0]}&rows={rows}&lang=zh")
        _show_choices(page, f"another indicator, {rows}", "indicator", every[1:])
    page.go("#/explore?rows=observations&lang=zh")
    for control in ("year", "province", "chart"):
        values = page.run(f"[...document.querySelectorAll('#choose-{control} option')].slice(1, 4).map((o) => o.value)")
        _show_choices(page, f"another {control}, largest indicator", control, values)


def _opened(page: Page, address: str) -> float:
    page.open(address)
    return float(page.run(_PAINTED))


def _show_choices(page: Page, name: str, control: str, values: list[str]) -> None:
    times, works = [], []
    for value in values:
        before = _worked(page)
        times.append(float(page.run(f"{_CHOOSE}({control!r}, {value!r})")))
        works.append(_worked(page) - before)
    _show(name, times, CHOICE_BUDGET, f"; worked {statistics.median(works):.0f}, most {max(works):.0f}")


def _worked(page: Page) -> float:
    """Return how many milliseconds the page's thread has worked by now."""
    metrics = page.send("Performance.getMetrics")["metrics"]
    return next(float(metric["value"]) * 1000 for metric in metrics if metric["name"] == "TaskDuration")


def _show(name: str, times: list[float], budget: int, more: str = "") -> None:
    middle, most = statistics.median(times), max(times)
    print(f"{name:<36}median {middle:4.0f} ms, most {most:4.0f} of {len(times):>3} (budget {budget}){more}", flush=True)


if __name__ == "__main__":
    main()
