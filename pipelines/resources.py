"""What the steps of a run share: the data home, held for writing as long as the run lasts.

Not here: where batches are computed (`compute`).
"""

from __future__ import annotations

from collections.abc import Iterator

import dagster as dg

from warehouse.files import exclusively
from warehouse.layout import Home


def held_home(home: Home | None) -> dg.ResourceDefinition:
    """Return the resource of a data home that no other run writes to meanwhile; by default the environment's."""

    @dg.resource(description="The data home, held for writing")
    def held(_: dg.InitResourceContext) -> Iterator[Home]:
        found = home or Home.find()
        with exclusively(found):
            yield found

    return held
