"""`fazhi queue`: the quantities that no rule claims, ready to become lines of the catalogue."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from assets.ingest.readers import read_file
from assets.parse.review import REACH, Queued, groups, queued_in
from contracts.indicators import load_catalogue
from pipelines.cli.console import progress, results, table
from warehouse.layout import Home

GROUPS_SHOWN = 30
SENTENCE_SHOWN = 60
BATCH = 1000


def register(app: typer.Typer) -> None:
    """Add this module's command."""
    app.command("queue")(queue)


def queue(
    files: Annotated[
        list[Path] | None, typer.Argument(help="Reports to read; without any, the warehouse.", show_default=False)
    ] = None,
    *,
    limit: Annotated[
        int, typer.Option(help="How many groups to print, the most frequent first.", min=1)
    ] = GROUPS_SHOWN,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a group.")] = False,
) -> None:
    """List what the reports count and no rule claims, grouped by wording and unit, with a draft of the line to add.

    \b
    Examples:
      fazhi queue                    # everything in the warehouse
      fazhi queue report.txt
      fazhi queue --limit 100 --json > queue.jsonl

    How a draft becomes an indicator: docs/adding-an-indicator.md
    """  # noqa: D301 - \b keeps the lines of the examples apart
    catalogue = load_catalogue()
    queued = list(_of_files(files) if files else _of_warehouse(Home.find()))
    found = groups(queued, catalogue)
    if as_json:
        for group in found[:limit]:
            typer.echo(json.dumps(group._asdict(), ensure_ascii=False))
        return
    rows = [
        (group.numerals, group.documents, group.kind, group.unit, _shortened(group.sentences[0]), group.draft)
        for group in found[:limit]
    ]
    columns = ("numerals", "reports", "why", "unit", "for example", "draft for patterns = […]")
    results.print(table("", columns, rows, numbers=("numerals", "reports")))
    results.print(f"{len(queued):,} queued numerals in {len(found):,} groups", highlight=False)


def _of_files(paths: list[Path]) -> Iterator[Queued]:
    catalogue = load_catalogue()
    with progress() as bar:
        for path in bar.track(paths, description="reading"):
            for report in read_file(path).reports:
                yield from queued_in(f"{path} {report.heading or ''}".strip(), report.text, catalogue)


def _of_warehouse(home: Home) -> Iterator[Queued]:
    """Yield the warehouse's queue; of each text only what can belong to the sentence leaves the database."""
    from warehouse.database import reading

    with reading(home) as connection:
        rows = connection.execute(
            "SELECT document_id, texts.text[greatest(char_start - $reach, 0) + 1:char_end + $reach],"
            " least(char_start, $reach), char_end - char_start, numerals.kind FROM numerals"
            " JOIN documents USING (document_id) JOIN texts USING (text_sha256)"
            " WHERE class = 'queued' ORDER BY document_id, char_start",
            {"reach": REACH},
        )
        while batch := rows.fetchmany(BATCH):
            for document, text, start, length, kind in batch:
                yield Queued(document, text, start, start + length, kind or "")


def _shortened(sentence: str) -> str:
    return sentence if len(sentence) <= SENTENCE_SHOWN else f"{sentence[:SENTENCE_SHOWN]}…"
