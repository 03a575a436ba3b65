"""Addresses of buckets, and opening one, which needs the extra ``s3``.

Not here: what a bucket can do (``warehouse.bucket``).
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from contracts.errors import InputError

if TYPE_CHECKING:
    from warehouse.bucket import Bucket


def is_bucket(address: str) -> bool:
    """Whether an address names a bucket: ``s3://bucket/folder``."""
    return urlsplit(address).scheme == "s3"


def open_bucket(address: str) -> Bucket:
    """Return the bucket at ``s3://bucket/folder``; raises InputError as ``Bucket`` does, or where the extra is missing."""
    try:
        module = importlib.import_module("warehouse.bucket")
    except ModuleNotFoundError as error:
        raise InputError(
            "a bucket needs the extra s3", culprit=address, remedy="Run pip install 'fazhi[s3]', then repeat"
        ) from error
    bucket: Bucket = module.Bucket(address)
    return bucket
