"""``load.sql``, ``read.py``, ``read.R``: the helpers that a release brings along, so that its types arrive unharmed.

Here belong their texts, made from the declared tables. They stand on their own: DuckDB, pandas or base R and the folder
is all they need. Not here: the client that fetches a release (``client``).
"""

from __future__ import annotations

from collections.abc import Mapping

from contracts.projections.duckdb import comment_of, sql_type
from contracts.release import Manifest, csv_path
from contracts.schema import Table, Type

_R = {
    Type.TEXT: "character",
    Type.INTEGER: "integer",
    Type.NUMBER: "numeric",
    Type.DATE: "Date",
    Type.TIMESTAMP: "character",
}
_PANDAS = {
    Type.TEXT: "string",
    Type.INTEGER: "Int64",
    Type.NUMBER: "float64",
    Type.DATE: "date",
    Type.TIMESTAMP: "date",
}


def load_sql(manifest: Manifest, tables: Mapping[str, Table]) -> str:
    """Return SQL that makes one DuckDB table of each CSV, with types, keys that are not null and comments."""
    parts = [f"-- Release {manifest.version}. Run it in the folder of the release: duckdb my.duckdb < load.sql\n"]
    for table in tables.values():
        columns = ", ".join(f"'{field.name}': '{sql_type(field)}'" for field in table.fields)
        parts.append(
            f"CREATE TABLE {table.name} AS SELECT * FROM read_csv('{csv_path(table.name)}', header = true, "
            f"delim = ',', quote = '\"', escape = '\"', nullstr = '', comment = '', auto_detect = false, "
            f"max_line_size = 67108864, columns = {{{columns}}});"
        )
        parts.append(
            f"COMMENT ON TABLE {table.name} IS {_text(f'{table.zh} | {table.en}: one row is {table.row_en}')};"
        )
        parts += [
            f'COMMENT ON COLUMN {table.name}."{field.name}" IS {_text(comment_of(field))};' for field in table.fields
        ]
    return "\n".join(parts) + "\n"


def read_py(manifest: Manifest, tables: Mapping[str, Table]) -> str:
    """Return a Python module with one function, ``read``, that gives a table as a pandas data frame."""
    types = "".join(
        f'    "{table.name}": {{\n'
        + "".join(f'        "{field.name}": "{_PANDAS[field.type]}",\n' for field in table.fields)
        + "    },\n"
        for table in tables.values()
    )
    return f'''"""Release {manifest.version}: read("observations") returns the table as a pandas data frame with its declared types."""

from pathlib import Path

import pandas as pd

TYPES = {{
{types}}}


def read(table, folder=Path(__file__).parent):
    """Return the table; text as string, integers as Int64 (so that null stays null), dates as datetime64."""
    kinds = TYPES[table]
    read_as = {{name: kind if kind == "Int64" else "string" for name, kind in kinds.items()}}
    with open(Path(folder) / "data" / f"{{table}}.csv", encoding="utf-8", newline="") as lines:
        frame = pd.read_csv(lines, dtype=read_as, na_values=[""], keep_default_na=False, lineterminator="\\n")
    for name, kind in kinds.items():
        if kind == "date":
            frame[name] = pd.to_datetime(frame[name])
        elif kind == "float64":  # by way of Python's own float, which is exact in every version of pandas
            frame[name] = frame[name].map(float, na_action="ignore").astype("float64")
    return frame
'''


def read_r(manifest: Manifest, tables: Mapping[str, Table]) -> str:
    """Return an R script with one function, ``read_release``, that gives a table as a data frame; base R is enough."""
    types = ",\n".join(
        f"  {table.name} = c(\n"
        + ",\n".join(f'    "{field.name}" = "{_R[field.type]}"' for field in table.fields)
        + "\n  )"
        for table in tables.values()
    )
    return f"""# Release {manifest.version}. source("read.R"); observations <- read_release("observations")
types <- list(
{types}
)

# Returns the table as a data frame with its declared types; folder is that of the release.
# Base R reads a carriage return within a text as a line feed; nothing else differs from the file, in any locale.
read_release <- function(table, folder = ".") {{
  read.csv(
    file.path(folder, "data", paste0(table, ".csv")), encoding = "UTF-8", colClasses = types[[table]],
    na.strings = "", quote = "\\"", comment.char = "", check.names = FALSE, strip.white = FALSE,
    stringsAsFactors = FALSE
  )
}}
"""


def _text(words: str) -> str:
    return "'" + words.replace("'", "''") + "'"
