"""`fazhi run`, `ingest`, `release` and `dev`: the road and its parts, by hand."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import TaskID

from contracts.errors import InputError
from pipelines.cli.console import errors, progress, results, table
from warehouse.layout import HOME_VARIABLE, Home

if TYPE_CHECKING:
    from pipelines.road import Summary

REFUSALS_SHOWN = 10

Inputs = Annotated[list[Path] | None, typer.Argument(help="Files and folders of reports.", show_default=False)]
AsOf = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d"], help="The day the release speaks for.", show_default="today, UTC"),
]


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command("run")(run)
    app.command("ingest")(ingest)
    app.command("release")(release)
    app.command("dev")(dev)


def run(
    inputs: Inputs = None,
    *,
    as_of: AsOf = None,
    force: Annotated[
        bool, typer.Option("--force", help="Make every table again from the raw files, or what the options name.")
    ] = False,
    year: Annotated[
        int | None, typer.Option(help="Parse only reports of this year; no release is made.", show_default=False)
    ] = None,
    division: Annotated[
        str | None,
        typer.Option(help="Parse only reports of this division, as CN-411725; no release is made.", show_default=False),
    ] = None,
) -> None:
    """Walk the whole road: what lies in the inbox and what you name goes in, a release comes out.

    With --year or --division the other reports wait for a run without: the tables change for those alone, and a release
    would speak for all.

    \b
    Examples:
      fazhi run examples/reports
      fazhi run                      # what is new in the inbox of the data home
      fazhi run --year 2022 --force  # parse the reports of one year again
      FAZHI_HOME=~/try fazhi run report.txt
    """  # noqa: D301 - \b keeps the lines of the examples apart
    from assets.parse.batches import Selection
    from pipelines.road import walk

    _refuse_unknown(division)

    home = Home.find()
    with progress() as bar:
        tasks: dict[str, TaskID] = {}

        def report(step: str, done: int, total: int) -> None:
            if step not in tasks:
                tasks[step] = bar.add_task(step, total=total)
            bar.update(tasks[step], completed=done, total=total)

        summary = walk(
            home,
            inputs or [],
            as_of=as_of.date() if as_of else None,
            force=force,
            only=Selection(year, division),
            progress=report,
        )
    _print_summary(summary)


def ingest(
    inputs: Annotated[
        list[str] | None, typer.Argument(help="Files, folders and http(s) addresses of reports.", show_default=False)
    ] = None,
    *,
    division: Annotated[
        str | None, typer.Option(help="Settles whose reports they are, as CN-411725.", show_default=False)
    ] = None,
    year: Annotated[int | None, typer.Option(help="Settles which year they report on.", show_default=False)] = None,
    kind: Annotated[
        str | None, typer.Option(help="Settles what kind of report they are, as county_government.", show_default=False)
    ] = None,
    sources: Annotated[
        Path | None,
        typer.Option(help="A source register: a CSV of addresses, see docs/sources.md.", show_default=False),
    ] = None,
    follow: Annotated[
        str | None,
        typer.Option(help="The addresses are lists: take the pages linked under such a title.", show_default=False),
    ] = None,
    allow_host: Annotated[
        list[str] | None,
        typer.Option(help="A host that may be at a private or local address.", show_default=False),
    ] = None,
) -> int:
    """Take files and pages in: their bytes are kept by hash, each with its origin record. `fazhi run` does the rest.

    What the options settle goes before what the parser would find, and may be said of files that are in already.

    \b
    Examples:
      fazhi ingest report.txt
      fazhi ingest reports/          # a folder with all below it
      fazhi ingest report.pdf --division CN-411725 --year 2022
      fazhi ingest https://www.example.gov.cn/fzzf/2022.html
      fazhi ingest https://www.example.gov.cn/fzzf/ --follow "年度*法治政府建设*报告"
      fazhi ingest --sources sources.csv
    """  # noqa: D301 - \b keeps the lines of the examples apart
    from assets.ingest.addresses import file_bad_rows, ingest_addresses, is_address
    from assets.ingest.fetch import Fetcher, Policy
    from assets.ingest.files import count_inputs
    from assets.ingest.files import ingest as take_in
    from assets.ingest.raw import RawStore
    from assets.ingest.sources import Register, Source, read_register
    from contracts.origin import Origin
    from warehouse.files import exclusively

    if not inputs and sources is None:
        raise InputError("names no file", culprit="fazhi ingest", remedy="Try: fazhi ingest FILE_OR_FOLDER_OR_ADDRESS")
    _refuse_unknown(division)
    settled = Origin(division=division, report_year=year, kind=kind)
    by_hand = settled if settled != Origin() else None
    urls = [Source(word, by_hand, follow) for word in inputs or [] if is_address(word)]
    paths = [Path(word) for word in inputs or [] if not is_address(word)]
    register = read_register(sources) if sources else Register("", (), ())
    if follow is not None and not urls:
        raise InputError("follows no list", culprit="fazhi ingest --follow", remedy="Name the address of a list")
    if sources is not None and by_hand is not None and not inputs:
        raise InputError(
            "would settle the same for every row of a register",
            culprit="fazhi ingest --sources",
            remedy="Settle it in the columns division, year and kind",
        )
    fetcher = Fetcher(Policy(allowed_hosts=frozenset(allow_host or ())))
    home = Home.find()
    with exclusively(home), progress() as bar:
        store, now = RawStore(home.raw), datetime.now(UTC)
        taken = chain(
            take_in(paths, store, now=now, settled=by_hand),
            file_bad_rows(register, store, now=now) if sources else (),
            ingest_addresses([*urls, *register.sources], store, fetcher, now=now),
        )
        # How many pages a list links is known once it has been read.
        is_open = any(source.follow for source in (*urls, *register.sources))
        total = count_inputs(paths) + len(urls) + len(register.sources) + len(register.bad_rows)
        outcomes = list(bar.track(taken, total=None if is_open else total, description="ingesting"))
    refusals = [outcome.refusal for outcome in outcomes if outcome.refusal is not None]
    for refusal in refusals:
        errors.print(f"[red]refused:[/red] {refusal}", soft_wrap=True, highlight=False)
    new = sum(outcome.is_new for outcome in outcomes)
    known = len(outcomes) - new - len(refusals)
    results.print(f"{new} new, {known} known before, {len(refusals)} refused; next: fazhi run", highlight=False)
    return 1 if refusals else 0


def release(*, as_of: AsOf = None) -> None:
    """Build a release of what the warehouse holds now; nothing is read or parsed again.

    \b
    Examples:
      fazhi release
      fazhi release --as-of 2026-11-30
    """  # noqa: D301 - \b keeps the lines of the examples apart
    from pipelines.road import release_again

    with errors.status("building the release"):
        built = release_again(Home.find(), as_of=as_of.date() if as_of else None)
    news = "" if built.is_new else " (nothing has changed since; no new release was made)"
    results.print(f"{built.path}{news}", highlight=False)


def dev(
    *,
    port: Annotated[int, typer.Option(help="Port on the loopback address.", min=1, max=65535)] = 3000,
) -> None:
    """Open Dagster's page on this machine: assets, checks, runs, the schedule and the inbox sensor.

    \b
    Examples:
      fazhi dev
      fazhi dev --port 3100
    """  # noqa: D301 - \b keeps the lines of the examples apart
    from pipelines.instance import dagster_home

    home = Home.find()
    home.inbox.mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, "DAGSTER_HOME": dagster_home(home), HOME_VARIABLE: str(home.root)}
    address = ["--host", "127.0.0.1", "--port", str(port)]
    command = [sys.executable, "-m", "dagster", "dev", "--module-name", "pipelines.definitions", *address]
    errors.print(f"Dagster's page: http://127.0.0.1:{port} (Ctrl-C ends it); inbox: {home.inbox}", highlight=False)
    os.execve(sys.executable, command, environment)  # noqa: S606 - this very interpreter, no shell


def _refuse_unknown(division: str | None) -> None:
    from contracts.divisions import load_divisions

    if division is not None and not load_divisions().knows_code(division):
        raise InputError("is no code of a division", culprit=division, remedy="Give CN- and six digits, as CN-411725")


def _print_summary(summary: Summary) -> None:
    rows = [
        ("reports read", summary.documents),
        ("facts", summary.observations),
        ("numerals queued", summary.queued),
        ("numerals unexplained", summary.unexplained),
        ("rows rejected", summary.rejected),
        ("release", summary.release.path if summary.release else "none, since only some reports were asked for"),
    ]
    results.print(table("", ("what", "count"), rows, numbers=("count",)))
    for reason, count in summary.reasons[:REFUSALS_SHOWN]:
        results.print(f"rejected {count}x: {reason}", highlight=False, markup=False)
    commands = [
        'fazhi sql "SELECT * FROM county_year LIMIT 10"',
        f"fazhi verify {summary.release.path}" if summary.release else "fazhi run",
        "fazhi status",
    ]
    if summary.example:
        commands = ["fazhi show {} {}".format(*summary.example), *commands[:2]]
    results.print("Next:", highlight=False)
    for command in commands:
        results.print(f"  {command}", highlight=False, markup=False)
