"""`fazhi show`, `sql`, `verify` and `status`: questions to the warehouse and to releases; nothing is changed.

The one exception is `status --repair`, which builds the DuckDB file again from the tables.
"""

from __future__ import annotations

import csv
import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from contracts.codelists import CODELISTS
from contracts.errors import InputError, ReleaseError
from contracts.indicators import load_catalogue
from contracts.release import LATEST
from contracts.tables import TABLES
from pipelines.cli.console import errors, results, table
from warehouse.layout import Home

if TYPE_CHECKING:
    import duckdb

ROWS_SHOWN = 200
FINDINGS_SHOWN = 20


DOCUMENTS_OF = (
    "SELECT documents.*, origin FROM documents JOIN texts USING (text_sha256) JOIN source_documents USING (document_sha256)"
    " WHERE division_id = ? AND report_year = ? ORDER BY document_id"
)
FACTS_OF = "SELECT * FROM provenance WHERE division_id = ? AND report_year = ? ORDER BY document_id, char_start, value"


class Format(StrEnum):
    """How `fazhi sql` prints."""

    TABLE = "table"
    CSV = "csv"
    JSONL = "jsonl"


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command("show")(show)
    app.command("sql")(sql)
    app.command("verify")(verify)
    app.command("status")(status)


def show(
    county: Annotated[str, typer.Argument(help="Name (确山县), code (411725) or id (CN-411725) of a division.")],
    year: Annotated[int, typer.Argument(help="Report year.")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a fact.")] = False,
) -> None:
    """Show what a county's reports state of a year, each fact with its sentence.

    \b
    Examples:
      fazhi show 确山县 2022
      fazhi show CN-411725 2022 --json
    """  # noqa: D301 - \b keeps the lines of the examples apart
    from warehouse.database import reading

    with reading(Home.find()) as connection:
        division = _division(connection, county, year)
        documents = _query(connection, DOCUMENTS_OF, [division, year]).dicts()
        facts = _query(connection, FACTS_OF, [division, year]).dicts()
    if as_json:
        for fact in facts:
            typer.echo(json.dumps(fact, ensure_ascii=False, default=str))
        return
    names = {indicator.id: indicator.zh for indicator in load_catalogue().indicators.values()}
    for document in documents:
        _print_document(document, [fact for fact in facts if fact["document_id"] == document["document_id"]], names)


def sql(
    query: Annotated[str | None, typer.Argument(help="A query; without one, the tables and views are listed.")] = None,
    *,
    output: Annotated[Format, typer.Option("--format", help="How to print.")] = Format.TABLE,
) -> None:
    """Ask the warehouse, read-only, in DuckDB's SQL.

    \b
    Examples:
      fazhi sql
      fazhi sql "SELECT division_name, report_year, title FROM documents"
      fazhi sql "SELECT * FROM county_year WHERE report_year = 2022" --format csv
    """  # noqa: D301 - \b keeps the lines of the examples apart
    from warehouse.database import reading

    listing = (
        "SELECT view_name AS name, comment FROM duckdb_views() WHERE NOT internal ORDER BY view_name"
        if query is None
        else query
    )
    with reading(Home.find()) as connection:
        rows = _query(connection, listing)
    if output is Format.JSONL:
        for row in rows.dicts():
            typer.echo(json.dumps(row, ensure_ascii=False, default=str))
    elif output is Format.CSV:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(rows.columns)
        writer.writerows(rows.values)
    else:
        results.print(table("", rows.columns, rows.values[:ROWS_SHOWN]))
        if len(rows.values) > ROWS_SHOWN:
            errors.print(f"{ROWS_SHOWN} of {len(rows.values)} rows; --format csv prints all", highlight=False)


def verify(
    release: Annotated[
        Path | None, typer.Argument(help="Folder of a release; without one, the latest of the data home.")
    ] = None,
    *,
    signers: Annotated[
        Path | None, typer.Option("--signers", help="Allowed signers (see man ssh-keygen): it must be signed by one.")
    ] = None,
) -> int:
    """Prove that a release holds what it promises: checksums, schema, and every evidence at its offsets.

    \b
    Examples:
      fazhi verify
      fazhi verify data/releases/2026.11.0 --signers signers.txt
    """  # noqa: D301 - \b keeps the lines of the examples apart
    from assets.publish.signature import signer_of
    from assets.publish.verify import verify_release

    folder = release or latest_release(Home.find())
    with errors.status(f"verifying {folder}"):
        verification = verify_release(folder)
    for finding in verification.findings[:FINDINGS_SHOWN]:
        errors.print(f"[red]finding:[/red] {finding}", soft_wrap=True, highlight=False)
    if verification.findings:
        raise ReleaseError(
            f"{len(verification.findings)} findings: it does not hold what it promises",
            culprit=str(folder),
            remedy="Get the release again from where it was published, or build a new one with `fazhi release`",
        )
    results.print(
        f"{folder}: release {verification.version} holds what it promises "
        f"({verification.files} files, {verification.rows:,} rows; {signer_of(folder, signers)})",
        highlight=False,
    )
    return 0


def status(
    *,
    repair: Annotated[bool, typer.Option("--repair", help="Build the DuckDB file again from the tables.")] = False,
) -> None:
    """Say what the data home holds, whether it is whole, and in which form the extractor runs.

    \b
    Examples:
      fazhi status
      fazhi status --repair
    """  # noqa: D301 - \b keeps the lines of the examples apart
    from assets.parse.native import form
    from warehouse import database
    from warehouse.files import exclusively
    from warehouse.store import Store

    home = Home.find()
    store = Store(home)
    store.check()
    if repair:
        with exclusively(home):
            database.build(home)
    snapshot = store.snapshot()
    rows = [
        (name, sum(part.rows for part in snapshot.get(name, {}).values()), declared.row_en)
        for name, declared in TABLES.items()
    ]
    results.print(table(f"Data home {home.root}", ("table", "rows", "one row is"), rows, numbers=("rows",)))
    fault = database.what_is_wrong(home)
    results.print(f"warehouse: {fault or 'ready'} ({home.database})", highlight=False)
    results.print(f"extractor: {form()}", highlight=False)
    if (home.releases / LATEST).exists():
        results.print(f"latest release: {latest_release(home)}", highlight=False)
    else:
        results.print("latest release: none yet; `fazhi run FILE…` makes one", highlight=False)


def latest_release(home: Home) -> Path:
    """Return the folder that `latest.json` names.

    Raises:
        ReleaseError: nothing was released yet, or the file cannot be read.
    """
    path = home.releases / LATEST
    try:
        return home.releases / str(json.loads(path.read_text(encoding="utf-8"))["path"]).rstrip("/")
    except FileNotFoundError as error:
        raise ReleaseError(
            "there is no release yet", culprit=str(home.releases), remedy="Make one: fazhi run FILE…"
        ) from error
    except (json.JSONDecodeError, KeyError, TypeError) as error:
        raise ReleaseError("cannot be read", culprit=str(path), remedy="Build a release: fazhi release") from error


class _Rows(NamedTuple):
    columns: list[str]
    values: list[tuple[Any, ...]]

    def dicts(self) -> list[dict[str, Any]]:
        return [dict(zip(self.columns, row, strict=True)) for row in self.values]


def _query(connection: duckdb.DuckDBPyConnection, query: str, parameters: list[Any] | None = None) -> _Rows:
    import duckdb

    try:
        cursor = connection.execute(query, parameters)
        return _Rows([column[0] for column in cursor.description or ()], cursor.fetchall())
    except duckdb.Error as error:
        raise InputError(
            str(error).split("\n\n")[0], culprit="fazhi sql", remedy="`fazhi sql` alone lists the tables and views"
        ) from error


def _division(connection: duckdb.DuckDBPyConnection, county: str, year: int) -> str:
    """Return the one division that has documents of the year and that the user can have meant."""
    found = _query(
        connection,
        "SELECT DISTINCT division_id, division_name, prefecture, province FROM documents"
        " WHERE report_year = ? AND ? IN (division_id, division_code, division_name) ORDER BY 1",
        [year, county],
    ).dicts()
    if len(found) == 1:
        return str(found[0]["division_id"])
    if found:
        named = ", ".join(f"{row['division_id']} ({row['province']}{row['prefecture'] or ''})" for row in found)
        raise InputError(f"names {len(found)} divisions: {named}", culprit=county, remedy="Give the id instead")
    known = _query(
        connection,
        "SELECT DISTINCT division_name, report_year FROM documents"
        " WHERE ? IN (division_id, division_code, division_name) OR report_year = ? ORDER BY ALL LIMIT 20",
        [county, year],
    ).values
    others = ", ".join(f"{name} {reported}" for name, reported in known) or "no report yet"
    raise InputError(
        f"no report of {year} is in the warehouse (there is: {others})",
        culprit=county,
        remedy="Put the report in: fazhi run FILE",
    )


def _print_document(document: dict[str, Any], facts: list[dict[str, Any]], names: dict[str, str]) -> None:
    results.rule(" ".join(str(document["title"]).split()), align="left")
    number = f"{document['document_number']}, " if document["document_number"] else ""
    year = f"report year {document['report_year']}"
    results.print(f"{number}{document['issuer']}, {year}; {document['origin']}", highlight=False, markup=False)
    units = {entry.code: entry.zh for entry in CODELISTS["unit"].entries}
    scopes = {entry.code: entry.zh for entry in CODELISTS["scope"].entries}
    qualifiers = {entry.code: entry.zh for entry in CODELISTS["qualifier"].entries}
    rows = [
        (
            names.get(fact["indicator_id"], fact["indicator_id"]),
            "" if fact["value"] is None else f"{fact['value']:,.15g}",
            units[fact["unit"]],
            qualifiers[fact["qualifier"]],
            scopes[fact["scope"]],
            " ".join(str(fact["evidence"]).split()),
        )
        for fact in facts
    ]
    columns = ("indicator", "value", "unit", "stated as", "whose", "sentence")
    results.print(table("", columns, rows, numbers=("value",)))
    results.print(f"{len(facts)} facts", highlight=False)
