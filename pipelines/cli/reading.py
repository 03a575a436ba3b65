"""`fazhi extract` and `fazhi evaluate`: reading single reports, without any warehouse.

Must start fast: nothing here imports the orchestrator, the database or a data-frame library.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import typer

from assets.ingest.readers import read_file
from assets.parse import evaluate as scoring
from assets.parse.evaluate import RUNGS, Evaluation, Tally
from assets.parse.extract import extract as read
from assets.parse.facts import Extraction
from assets.parse.gold import read_gold
from assets.parse.page import page
from assets.parse.pictures import weighed
from assets.parse.scores import figures, indicator_domains, prediction, rows_of
from contracts.errors import FazhiError, InputError
from contracts.indicators import load_catalogue
from pipelines.cli.console import errors, progress, results, table

CONFUSIONS_SHOWN = 20


class Format(StrEnum):
    """How `fazhi extract` prints."""

    TABLE = "table"
    JSONL = "jsonl"
    HTML = "html"


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command("extract")(extract)
    app.command("evaluate")(evaluate)


def extract(
    files: Annotated[list[Path] | None, typer.Argument(help="Reports to read.", show_default=False)] = None,
    *,
    passages: Annotated[
        Path | None, typer.Option(help='Texts to read instead: one {"id", "text"} a line.', show_default=False)
    ] = None,
    output: Annotated[Format, typer.Option("--format", help="How to print.")] = Format.TABLE,
) -> int:
    """Read reports and print what they state: the facts, and what every other numeral is.

    \b
    Examples:
      fazhi extract report.txt
      fazhi extract reports/*.txt --format jsonl > facts.jsonl
      fazhi extract --passages passages.jsonl --format jsonl
      fazhi extract report.txt --format html > report.html

    As jsonl, the observations come first and then the ledger of numerals, one object a line; with several
    documents each line says in "document" which it is about. As html, a page that shows each numeral in its place.
    """  # noqa: D301 - \b keeps the lines of the examples apart
    if bool(files) == bool(passages):
        raise InputError(
            "needs either files or --passages", culprit="fazhi extract", remedy="Try: fazhi extract report.txt"
        )
    readings = _passages(passages) if passages else _files(files or [])
    named = passages is not None or len(files or []) > 1
    one_report = InputError("makes a page of one report", culprit="fazhi extract --format html", remedy="Name one file")
    if named and output is Format.HTML:
        raise one_report
    failed = 0
    for reading in readings:
        if isinstance(reading, FazhiError):
            errors.print(f"[red]error:[/red] {reading}", soft_wrap=True, highlight=False)
            failed += 1
        elif output is Format.HTML and reading.is_one_of_several:
            raise one_report
        elif output is Format.HTML:
            typer.echo(page(reading.name, reading.text, reading.extraction, load_catalogue()), nl=False)
        elif output is Format.JSONL:
            for row in rows_of(reading.extraction):
                line = {"document": reading.name, **row} if named or reading.is_one_of_several else row
                typer.echo(json.dumps(line, ensure_ascii=False))
        else:
            _print_table(reading, named=named or reading.is_one_of_several)
    return 1 if failed else 0


def evaluate(
    gold: Annotated[Path, typer.Argument(help="Labels: passages (.jsonl) or a labelled report (.gold.json).")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print every figure as one JSON object.")] = False,
) -> None:
    """Compare what the extractor finds with labelled facts.

    \b
    Examples:
      fazhi evaluate passages.jsonl
      fazhi evaluate report.gold.json
      fazhi evaluate passages.jsonl --json > scores.json

    A rung of the ladder asks for everything below it: the numeral, its value, the indicator, the qualifier, the
    scope. Facts that no numeral states are scored apart.
    """  # noqa: D301 - \b keeps the lines of the examples apart
    labelled = read_gold(gold)
    predictions = {}
    with progress() as bar:
        for passage_id, passage in bar.track(labelled.items(), description="extracting"):
            predictions[passage_id] = prediction(passage["text"])
    evaluation = scoring.evaluate(labelled, predictions)
    domains = indicator_domains()
    if as_json:
        typer.echo(json.dumps(figures(evaluation, domains), ensure_ascii=False))
    else:
        _print_evaluation(evaluation, domains)


class _Reading(NamedTuple):
    name: str
    text: str
    extraction: Extraction
    is_one_of_several: bool = False
    """Whether its file holds other reports beside it."""


def _files(paths: list[Path]) -> Iterator[_Reading | FazhiError]:
    """Read one file after the other; one that cannot be read stops nobody else."""
    for path in paths:
        try:
            made = read_file(path)
            for report in made.reports:
                name = f"{path} ({report.heading})" if report.heading else str(path)
                found = weighed(report.text, read(report.text), report.ocr_lines).sure
                yield _Reading(name, report.text, found, is_one_of_several=len(made.reports) > 1)
            if made.of_no_report:
                count = len(read(made.of_no_report).numerals)
                what = (
                    f"{count} numerals stand beside its {len(made.reports)} reports and belong to none of them for sure"
                )
                errors.print(f"[yellow]not read:[/yellow] {path}: {what}", soft_wrap=True, highlight=False)
        except FazhiError as error:
            yield error


def _passages(path: Path) -> Iterator[_Reading | FazhiError]:
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"cannot be read ({error})", culprit=str(path), remedy="Give a UTF-8 file") from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            passage = json.loads(line)
            text = str(passage["text"])
            yield _Reading(str(passage["id"]), text, read(text))
        except (json.JSONDecodeError, KeyError, TypeError):
            yield InputError(
                "is no passage", culprit=f"{path}:{number}", remedy='Write {"id": …, "text": …} on each line'
            )


def _print_table(reading: _Reading, *, named: bool) -> None:
    found = reading.extraction.observations
    rows = [
        (
            o.indicator_id,
            o.scope,
            o.period,
            _number(o.value),
            o.unit,
            o.qualifier,
            o.char_start,
            " ".join(o.evidence.split()),
        )
        for o in found
    ]
    columns = ("indicator", "scope", "period", "value", "unit", "qualifier", "at", "evidence")
    results.print(table(reading.name if named else "", columns, rows, numbers=("value", "at")))
    classes: dict[str, int] = {}
    for numeral in reading.extraction.numerals:
        classes[numeral.class_] = classes.get(numeral.class_, 0) + 1
    ledger = ", ".join(f"{count} {name}" for name, count in sorted(classes.items())) or "none"
    results.print(f"{len(found)} facts; numerals: {ledger}", highlight=False)


def _number(value: float | None) -> str | None:
    return None if value is None else f"{value:,.15g}"


def _print_evaluation(evaluation: Evaluation, domains: dict[str, str]) -> None:
    results.print(
        f"{evaluation.passages} labelled texts, unexplained numerals {evaluation.classes['unexplained']} "
        f"({evaluation.unexplained_share:.2%})",
        highlight=False,
    )
    results.print(_ladder("Facts with a numeral", evaluation.stated, RUNGS))
    results.print(_ladder("Facts without a numeral", evaluation.implied, RUNGS[2:]))
    results.print(_groups("By kind of document", "kind", evaluation.by_kind))
    results.print(_groups("By domain", "domain", evaluation.by_domain(domains)))
    worst = evaluation.confusions.most_common(CONFUSIONS_SHOWN)
    rows = [(count, expected, got) for (expected, got), count in worst]
    results.print(table("Most frequent confusions", ("count", "label", "prediction"), rows, numbers=("count",)))
    headline = evaluation.summary()
    results.print(
        f"precision {headline['precision']:.4f}, recall {headline['recall']:.4f} (numeral, value and indicator), "
        f"scope right {headline['scope_accuracy']:.4f}, implied recall {headline['implied_recall']:.4f}",
        highlight=False,
    )


def _ladder(title: str, tally: Tally, rungs: tuple[str, ...]) -> Any:
    rows = []
    for rung in rungs:
        at = tally.at(rung)
        rows.append((rung, f"{at.precision:.4f}", f"{at.recall:.4f}", f"{at.f1:.4f}", at.tp, at.fp, at.fn))
    columns = ("rung", "precision", "recall", "F1", "tp", "fp", "fn")
    return table(title, columns, rows, numbers=columns[1:])


def _groups(title: str, name: str, tallies: dict[str, Tally]) -> Any:
    rows = [
        (key, tally.facts, *(f"{tally.at(rung).f1:.3f}" for rung in RUNGS)) for key, tally in sorted(tallies.items())
    ]
    columns = (name, "facts", *(f"F1 {rung}" for rung in RUNGS))
    return table(title, columns, rows, numbers=columns[1:])
