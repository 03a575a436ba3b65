"""The one way to file a row in `rejected`.

Belongs here: the shape of such a row. Not here: any reason for which rows are refused.
"""

import json
from collections.abc import Mapping
from typing import Any

from contracts.ids import row_hash
from contracts.tables import SCHEMA_VERSION


def rejected_row(
    table: str, row: Mapping[str, Any], *, rule: str, reason: str, document_id: str | None = None, ordinal: int = 0
) -> dict[str, Any]:
    """The row of `rejected` for `row`, which was meant for `table`.

    `row` must be what JSON can hold; `rule` is the id of the rule that it broke and `reason` says it in words.
    `ordinal` tells equal rows of one table apart.
    """
    row_json = json.dumps(row, ensure_ascii=False, sort_keys=True)
    return {
        "row_hash": row_hash(table, row_json, ordinal),
        "table_name": table,
        "row_json": row_json,
        "contract": f"{table} {SCHEMA_VERSION}",
        "rule": rule,
        "reason": reason,
        "document_id": document_id,
    }
