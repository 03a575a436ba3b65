"""The asset of store: the DuckDB file over the tables, with the models."""

import dagster as dg

from assets.wiring import OWNERS, Events, failing_clearly
from contracts.errors import WarehouseError
from contracts.tables import TABLES
from warehouse import database
from warehouse.layout import Home
from warehouse.store import Store

GROUP = "store"
KEY = "warehouse"


def build() -> list[dg.AssetsDefinition]:
    """Return the asset of this verb."""

    @dg.multi_asset(
        name="store",
        specs=[
            dg.AssetSpec(
                KEY,
                deps=list(TABLES),
                description="fazhi.duckdb: a view for every table and model, commented, swapped in whole.",
                group_name=GROUP,
                owners=OWNERS,
                kinds={"duckdb"},
            )
        ],
        check_specs=[
            dg.AssetCheckSpec(
                "holds_every_row",
                asset=KEY,
                description="every table's view gives as many rows as its Parquet files hold, and every model can be asked",
                blocking=True,
            )
        ],
    )
    def store(home: dg.ResourceParam[Home]) -> Events:
        with failing_clearly():
            if not database.stands(home):
                database.build(home)
            Store(home).collect_garbage()
            snapshot = Store(home).snapshot()
            expected = {name: sum(part.rows for part in snapshot.get(name, {}).values()) for name in TABLES}
            counted = database.row_counts(home)
            wrong = {name: counted[name] for name, rows in expected.items() if counted[name] != rows}
            yield dg.AssetCheckResult(
                asset_key=KEY,
                check_name="holds_every_row",
                passed=not wrong,
                metadata={"rows": counted, "differing": wrong},
            )
            if wrong:
                raise WarehouseError(
                    f"its views give other numbers of rows than the tables hold: {', '.join(sorted(wrong))}",
                    culprit=str(home.database),
                    remedy="Run again; if it stays so, look into warehouse/database.py",
                )
            yield dg.MaterializeResult(asset_key=KEY, metadata={"views": len(counted), "path": str(home.database)})

    return [store]
