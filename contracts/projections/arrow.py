"""Arrow schemas of the tables, and the way between rows, Arrow tables and data frames.

Here belongs how a declared type is called in Arrow and in pandas. Not here: reading and writing files.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd
import pyarrow as pa

from contracts.errors import ContractError
from contracts.schema import Field, Table, Type

_ARROW: dict[Type, pa.DataType] = {
    Type.TEXT: pa.string(),
    Type.INTEGER: pa.int64(),
    Type.NUMBER: pa.float64(),
    Type.DATE: pa.date32(),
    Type.TIMESTAMP: pa.timestamp("us", tz="UTC"),
}


def arrow_schema(table: Table) -> pa.Schema:
    """Return the Arrow schema of the table; names and meanings travel as field metadata."""
    return pa.schema([_arrow_field(field) for field in table.fields], metadata={"table": table.name})


def table_from_rows(table: Table, rows: Iterable[Mapping[str, Any]]) -> pa.Table:
    """Return rows (column name to value; None is null) as an Arrow table of the declared schema.

    Raises ContractError when a row holds an undeclared column or a value that is not of the declared type.
    """
    rows = list(rows)
    names: set[str] = set().union(*rows)
    stray = sorted(names - set(table.columns))
    if stray:
        raise ContractError(
            f"holds columns that are not declared: {', '.join(stray)}",
            culprit=table.name,
            remedy="Declare them in contracts/tables.py or leave them out",
        )
    try:
        columns = [pa.array([row.get(f.name) for row in rows], type=_ARROW[f.type]) for f in table.fields]
    except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
        raise ContractError(
            f"holds a value that is not of the declared type ({error})",
            culprit=table.name,
            remedy="Mend the function that makes its rows",
        ) from error
    return pa.table(columns, schema=arrow_schema(table))


def table_from_frame(table: Table, frame: pd.DataFrame) -> pa.Table:
    """Return a data frame as an Arrow table of the declared schema; NaN and NA become null."""
    return pa.Table.from_pandas(frame[list(table.columns)], schema=arrow_schema(table), preserve_index=False)


def frame_from_table(data: pa.Table) -> pd.DataFrame:
    """Return an Arrow table as a data frame: text ``str``, integers ``Int64``, dates in milliseconds."""
    frame: pd.DataFrame = data.to_pandas(types_mapper={pa.int64(): pd.Int64Dtype()}.get, date_as_object=False)
    return frame


def empty_frame(table: Table) -> pd.DataFrame:
    """Return the table without rows, every column of its declared type."""
    return frame_from_table(arrow_schema(table).empty_table())


def _arrow_field(field: Field) -> pa.Field:
    metadata = {"zh": field.zh, "en": field.en}
    return pa.field(field.name, _ARROW[field.type], nullable=True, metadata=metadata)
