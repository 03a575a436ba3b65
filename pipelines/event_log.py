"""Dagster's event log, written at a quarter of its cost: connections stay open, and a commit waits for no disk.

Dagster's own storage opens a database file, sets it up and waits for the disk for each of the hundreds of events of
a run, most of them results of checks. Here belongs that difference and nothing else: tables, queries and files are
Dagster's. `tests/upstream` holds what is relied on.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from dagster._core.storage.event_log import SqliteEventLogStorage
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS
from dagster._serdes import ConfigurableClassData
from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.event import listen

KEPT_OPEN = 8
"""Databases: Dagster's page would otherwise keep one open for each run that it was ever asked for."""


class EventLog(SqliteEventLogStorage):
    """Dagster's storage with one open engine a database.

    A commit reaches the disk with the next checkpoint of the write-ahead log: a power cut may lose the last events of
    a run, never the consistency of the file. What a run makes is kept apart and written through.
    """

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        """Work in `base_dir`, as Dagster's does."""
        self._engines: dict[str, Engine] = {}
        self._tables: set[str] = set()
        super().__init__(base_dir, inst_data)

    @classmethod
    def from_config_value(cls, inst_data: ConfigurableClassData | None, config_value: Any) -> EventLog:
        """Return the storage that `dagster.yaml` describes."""
        return cls(inst_data=inst_data, **config_value)

    def has_table(self, table_name: str) -> bool:
        """Return whether the table is there; tables never go, so one that was found is not looked for again."""
        if table_name not in self._tables and super().has_table(table_name):
            self._tables.add(table_name)
        return table_name in self._tables

    def dispose(self) -> None:
        """Close every database."""
        for engine in self._engines.values():
            engine.dispose()
        self._engines.clear()
        super().dispose()

    @contextmanager
    def _connect(self, shard: str) -> Iterator[Connection]:
        with self._db_lock:
            # The one that was used last stands last.
            engine = self._engines.pop(shard) if shard in self._engines else self._opened(shard)
            self._engines[shard] = engine
            if len(self._engines) > KEPT_OPEN:
                self._engines.pop(next(iter(self._engines))).dispose()
            with engine.begin() as connection:
                yield connection

    def _opened(self, shard: str) -> Engine:
        engine = create_engine(self.conn_string_for_shard(shard), connect_args={"timeout": SQLITE_BUSY_TIMEOUT_SECONDS})
        listen(engine, "connect", _wait_for_no_disk)
        self._initdb(engine)
        return engine


def _wait_for_no_disk(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA synchronous = NORMAL")
