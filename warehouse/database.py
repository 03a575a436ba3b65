"""The DuckDB file: views over the tables' Parquet files, their comments, and the models.

It holds no rows but those of ``warehouse_info``, so it is built in a moment and can always be built again. It is
built beside its place and swapped in whole; a reader that has the old one open keeps it. Views name the Parquet
files of one snapshot, so no query ever mixes two.

Here belongs building and opening it. Not here: the models, which are ``models/*.sql``, one view a file.
"""

from __future__ import annotations

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
from contracts.tables import SCHEMA_VERSION, TABLES
from warehouse.files import replacing, sweep
from warehouse.layout import Home
from warehouse.store import Snapshot, Store


class Model(NamedTuple):
    """One view of ``models/``: its name is the file's, its comment the file's first lines."""

    name: str
    comment: str
    sql: str


def build(home: Home) -> Path:
    """Build the DuckDB file over the present snapshot, swap it in and return its path.

    Only under ``warehouse.files.exclusively``. Raises WarehouseError when a model cannot be made.
    """
    snapshot = Store(home).snapshot()
    sweep(home.root, deep=False)
    with replacing(home.database) as staged, duckdb.connect(str(staged)) as connection:
        for table in TABLES.values():
            connection.execute(f"CREATE VIEW {table.name} AS {_source(home, table, snapshot)}")
            for statement in comments(table):
                connection.execute(statement)
        indicators = connection.execute("SELECT indicator_id FROM indicators ORDER BY ALL").fetchall()
        if not indicators:
            raise WarehouseError("there are no indicators", culprit=str(home.parquet), remedy="Run `fazhi run`")
        listed = ", ".join(_quoted(name) for (name,) in indicators)
        for model in models():
            _create(connection, model._replace(sql=model.sql.replace("{indicators}", listed)))
        connection.execute("CREATE TABLE warehouse_info (schema_version VARCHAR, parquet VARCHAR)")
        connection.execute("INSERT INTO warehouse_info VALUES (?, ?)", [SCHEMA_VERSION, str(home.parquet)])
        connection.execute("CHECKPOINT")
    return home.database


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
    """Return the number of rows of every view; each is asked in full. Raises WarehouseError when one cannot be."""
    names = [*TABLES, *(model.name for model in models())]
    with reading(home) as connection:
        try:
            return {name: int(connection.table(name).count("*").fetchall()[0][0]) for name in names}
        except duckdb.Error as error:
            raise WarehouseError(
                f"a view cannot be asked ({str(error).splitlines()[0]})",
                culprit=str(home.database),
                remedy="Run `fazhi status --repair` to build it again",
            ) from error


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


def _create(connection: duckdb.DuckDBPyConnection, model: Model) -> None:
    try:
        connection.execute(f"CREATE VIEW {model.name} AS {model.sql}")
        connection.execute(f"COMMENT ON VIEW {model.name} IS {_quoted(model.comment)}")
    except duckdb.Error as error:
        raise WarehouseError(
            f"the view cannot be made ({error})",
            culprit=f"warehouse/models/{model.name}.sql",
            remedy="Mend its SQL",
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
