"""The DuckDB file: views over the tables' Parquet files, their comments, and the models.

It holds no rows but those of ``warehouse_info``, so it is built in a moment and can always be built again; one that
would be made of the same statements stands. It is built beside its place and swapped in whole; a reader that has the
old one open keeps it. Views name the Parquet files of one snapshot, so no query ever mixes two.

Here belongs building and opening it. Not here: the models, which are ``models/*.sql``, one view a file.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

import duckdb

from contracts.errors import WarehouseError
from contracts.projections.duckdb import comments, sql_type
from contracts.schema import Table
from contracts.tables import INDICATORS, SCHEMA_VERSION, TABLES
from warehouse.files import replacing, sweep
from warehouse.layout import Home
from warehouse.store import Snapshot, Store


class Model(NamedTuple):
    """One view of ``models/``: its name is the file's, its comment the file's first lines."""

    name: str
    comment: str
    sql: str


def build(home: Home) -> Path:
    """Build the DuckDB file over the present snapshot, ask every view, swap it in and return its path.

    Only under ``warehouse.files.exclusively``. Raises WarehouseError when a view cannot be made or asked.
    """
    views = _views(home)
    sweep(home.root, deep=False)
    with replacing(home.database) as staged, duckdb.connect(str(staged)) as connection:
        rows = {name: _rows_of_new(connection, name, statements) for name, statements in views.items()}
        connection.execute("CREATE TABLE warehouse_info (schema_version TEXT, parquet TEXT, made_by TEXT, rows JSON)")
        known = [SCHEMA_VERSION, str(home.parquet), _digest(views), json.dumps(rows)]
        connection.execute("INSERT INTO warehouse_info VALUES (?, ?, ?, ?)", known)
        connection.execute("CHECKPOINT")
    return home.database


def stands(home: Home) -> bool:
    """Return whether the DuckDB file can serve and is what ``build`` would make again."""
    if what_is_wrong(home):
        return False
    with reading(home) as connection:
        try:
            return connection.execute("SELECT made_by FROM warehouse_info").fetchone() == (_digest(_views(home)),)
        except duckdb.BinderException:  # built by a version that did not note it
            return False


@contextmanager
def reading(home: Home) -> Iterator[duckdb.DuckDBPyConnection]:
    """Yield a read-only connection to the DuckDB file; any number of readers, at any time.

    Raises WarehouseError when the file is missing, damaged or looks for its Parquet files elsewhere.
    """
    fault = what_is_wrong(home)
    if fault:
        raise WarehouseError(fault, culprit=str(home.database), remedy="Run `fazhi status --repair` to build it again")
    with duckdb.connect(str(home.database), read_only=True) as connection:
        yield connection


def what_is_wrong(home: Home) -> str | None:
    """Return why the DuckDB file cannot serve, or None when it can."""
    if not home.database.exists():
        return "there is no warehouse yet"
    try:
        with duckdb.connect(str(home.database), read_only=True) as connection:
            found = connection.execute("SELECT schema_version, parquet FROM warehouse_info").fetchone()
    except duckdb.Error as error:
        return f"the file is damaged ({type(error).__name__})"
    if found is None or found[0] != SCHEMA_VERSION:
        return f"it was built for another schema than {SCHEMA_VERSION}"
    if found[1] != str(home.parquet):
        return f"the data home was moved: its views read {found[1]}"
    return None


def row_counts(home: Home) -> dict[str, int]:
    """Return the number of rows that every view gave when the file was built."""
    with reading(home) as connection:
        ((rows,),) = connection.execute("SELECT rows FROM warehouse_info").fetchall()
    counted: dict[str, int] = json.loads(rows)
    return counted


def models() -> list[Model]:
    """Return the models in the order in which they are made: a model comes after those that it reads."""
    found = [_model(entry.name, entry.read_text("utf-8")) for entry in files("warehouse").joinpath("models").iterdir()]
    waiting = {model.name: model for model in sorted(found)}
    ordered: list[Model] = []
    while waiting:
        ready = [m for m in waiting.values() if not _reads(m, waiting)]
        if not ready:
            raise WarehouseError(
                "the models read each other in a circle",
                culprit=", ".join(waiting),
                remedy="Break the circle in warehouse/models",
            )
        ordered += ready
        for model in ready:
            del waiting[model.name]
    return ordered


def _reads(model: Model, others: dict[str, Model]) -> bool:
    return any(re.search(rf"\b{name}\b", model.sql) for name in others if name != model.name)


def _model(file: str, text: str) -> Model:
    lines = text.splitlines()
    head = [line.removeprefix("--").strip() for line in lines[: _head_length(lines)]]
    return Model(file.removesuffix(".sql"), " ".join(head), "\n".join(lines[len(head) :]).strip())


def _head_length(lines: list[str]) -> int:
    return next((n for n, line in enumerate(lines) if not line.startswith("--")), len(lines))


def _views(home: Home) -> dict[str, list[str]]:
    """Return the statements that make each view over the present snapshot, in their order."""
    snapshot = Store(home).snapshot()
    views = {
        table.name: [f"CREATE VIEW {table.name} AS {_source(home, table, snapshot)}", *comments(table)]
        for table in TABLES.values()
    }
    indicators = Store(home).read(INDICATORS, columns=["indicator_id"]).column("indicator_id").to_pylist()
    if not indicators:
        raise WarehouseError("there are no indicators", culprit=str(home.parquet), remedy="Run `fazhi run`")
    listed = ", ".join(map(_quoted, sorted(indicators)))
    for model in models():
        views[model.name] = [
            f"CREATE VIEW {model.name} AS {model.sql.replace('{indicators}', listed)}",
            f"COMMENT ON VIEW {model.name} IS {_quoted(model.comment)}",
        ]
    return views


def _digest(views: dict[str, list[str]]) -> str:
    return hashlib.sha256(json.dumps([duckdb.__version__, views]).encode()).hexdigest()


def _rows_of_new(connection: duckdb.DuckDBPyConnection, name: str, statements: list[str]) -> int:
    """Make a view and return how many rows it gives; it is asked in full."""
    try:
        for statement in statements:
            connection.execute(statement)
        return int(connection.table(name).count("*").fetchall()[0][0])
    except duckdb.Error as error:
        is_table = name in TABLES
        raise WarehouseError(
            f"the view cannot be made or asked ({error})",
            culprit=name if is_table else f"warehouse/models/{name}.sql",
            remedy="Run `fazhi status`: it names the file that is damaged" if is_table else "Mend its SQL",
        ) from error


def _source(home: Home, table: Table, snapshot: Snapshot) -> str:
    """Return the query behind a table's view: its Parquet files, or no rows of the declared types."""
    columns = ", ".join(f'"{column}"' for column in table.columns)
    parts = snapshot.get(table.name)
    if not parts:
        nothing = ", ".join(f'NULL::{sql_type(field)} AS "{field.name}"' for field in table.fields)
        return f"SELECT {nothing} WHERE false"
    paths = ", ".join(_quoted(str(home.parquet / part.file)) for part in parts.values())
    return f"SELECT {columns} FROM read_parquet([{paths}], hive_partitioning = false)"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
