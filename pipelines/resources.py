"""What the steps of a run share: the data home, held for writing as long as the run lasts, and the bucket it is a cache of.

Not here: where batches are computed (`compute`).
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import dagster as dg

from pipelines.buckets import open_bucket
from warehouse.files import exclusively
from warehouse.layout import Home
from warehouse.remote import Remote

BUCKET_VARIABLE = "FAZHI_BUCKET"


def held_home(home: Home | None) -> dg.ResourceDefinition:
    """Return the resource of a data home that no other run writes to meanwhile; by default the environment's.

    Where a bucket is named the home first takes up what lies there.
    """

    @dg.resource(description="The data home, held for writing")
    def held(_: dg.InitResourceContext) -> Iterator[Home]:
        found = home or Home.find()
        with exclusively(found):
            remote = _remote(found)
            if remote:
                remote.fetch()
            yield found

    return held


def push(home: Home) -> dict[str, str | int]:
    """Carry the home to its bucket, if there is one; raises WarehouseError where another home was first."""
    remote = _remote(home)
    return {"address": remote.bucket.name, "files": remote.push()} if remote else {"address": "none"}


def _remote(home: Home) -> Remote | None:
    address = os.environ.get(BUCKET_VARIABLE)
    return Remote(open_bucket(address), home) if address else None
