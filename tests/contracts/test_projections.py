"""The projections say what the declarations say, and nothing drifts."""

from __future__ import annotations

import datetime as dt

import duckdb
import frictionless
import pandas as pd
import pytest

from contracts.codelists import CODELISTS
from contracts.divisions import load_divisions
from contracts.errors import ContractError
from contracts.projections.arrow import arrow_schema, empty_frame, frame_from_table, table_from_frame, table_from_rows
from contracts.projections.duckdb import comments, sql_type
from contracts.projections.frames import breaches
from contracts.projections.frictionless import table_schema
from contracts.projections.markdown import DICTIONARY, dictionary
from contracts.reference import codelist_rows, division_rows
from contracts.samples import sample_frames
from contracts.schema import Table
from contracts.tables import TABLES

every_table = pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)


@every_table
def test_every_key_and_reference_exists(table: Table) -> None:
    assert set(table.key) <= set(table.columns)
    for field in table.fields:
        if field.references:
            parent, column = field.references
            assert TABLES[parent].key == (column,)
    if table.partition:
        assert not table.field(table.partition.column).nullable


@every_table
def test_columns_are_named_and_explained_in_both_languages(table: Table) -> None:
    for field in table.fields:
        assert field.name.isascii()
        assert field.name == field.name.lower()
        assert all((field.zh, field.en, field.meaning_zh, field.meaning_en))


@every_table
def test_rows_survive_the_way_through_arrow(table: Table) -> None:
    frame = sample_frames()[table.name]
    pd.testing.assert_frame_equal(frame_from_table(table_from_frame(table, frame)), frame)
    assert breaches(table, sample_frames() | {table.name: empty_frame(table)}) == []


@every_table
def test_duckdb_takes_types_and_comments(table: Table) -> None:
    columns = ", ".join(f'NULL::{sql_type(field)} AS "{field.name}"' for field in table.fields)
    with duckdb.connect() as connection:
        connection.execute(f"CREATE VIEW {table.name} AS SELECT {columns}")
        for statement in comments(table):
            connection.execute(statement)
        found = connection.execute(
            "SELECT column_name, comment FROM duckdb_columns() WHERE table_name = ?", [table.name]
        )
        said = dict(found.fetchall())
    assert all(field.zh in said[field.name] and field.en in said[field.name] for field in table.fields)


@every_table
def test_frictionless_takes_the_schema_and_finds_the_sample_valid(table: Table) -> None:
    schema = frictionless.Schema.from_descriptor(table_schema(table, present=frozenset()))
    frame = table_from_frame(table, sample_frames()[table.name]).to_pylist()
    report = frictionless.validate(frictionless.Resource(data=frame, schema=schema))
    assert report.valid, report.flatten(["title", "note"])


def test_an_undeclared_column_and_a_wrong_type_are_named() -> None:
    table = TABLES["observations"]
    with pytest.raises(ContractError, match="not declared: colour"):
        table_from_rows(table, [{"colour": "red"}])
    with pytest.raises(ContractError, match="not of the declared type"):
        table_from_rows(table, [{"value": "many"}])


def test_integers_with_nulls_stay_integers() -> None:
    rows = [{"last_year": None}, {"last_year": 2020}]
    frame = frame_from_table(table_from_rows(TABLES["divisions"], rows))
    assert str(frame["last_year"].dtype) == "Int64"
    assert frame["last_year"][1] == 2020


def test_dates_stay_dates() -> None:
    data = table_from_rows(TABLES["documents"], [{"issued_on": dt.date(2023, 1, 9)}])
    assert table_from_frame(TABLES["documents"], frame_from_table(data))["issued_on"][0].as_py() == dt.date(2023, 1, 9)


def test_arrow_carries_the_names() -> None:
    assert arrow_schema(TABLES["observations"]).field("value").metadata[b"zh"].decode() == "数值"


def test_the_dictionary_is_current() -> None:
    assert DICTIONARY.read_text(encoding="utf-8") == dictionary(), "run python -m contracts.projections.markdown"


def test_reference_rows_keep_their_contracts() -> None:
    frames = sample_frames()
    for name, rows in (("codelists", codelist_rows()), ("divisions", division_rows(load_divisions()))):
        frames[name] = frame_from_table(table_from_rows(TABLES[name], rows))
        assert breaches(TABLES[name], frames) == []


def test_codes_stand_once_in_their_list() -> None:
    for codelist in CODELISTS.values():
        assert len(set(codelist.codes)) == len(codelist.codes)
