"""Validate: rows are tried against their contracts and end accepted or rejected, each rejection with its reason.

No row is changed here, and none is dropped without a row that says so.
"""
