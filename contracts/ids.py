"""The identifiers: how each is made from what it identifies.

Here belong the identifiers that more than one folder must make in the same way. None of them holds a value
that a correction may change. Not here: their patterns, which are declared with the columns.
"""

from __future__ import annotations

import hashlib

_SEPARATOR = "\x1f"


def text_sha256(text: str) -> str:
    """Return the SHA-256 of the text in UTF-8, as 64 hex digits."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def document_id(sha256: str) -> str:
    """Return the id of the document whose text has this SHA-256."""
    return f"D{sha256[:16]}"


def division_id(code: str) -> str:
    """Return the id of the division with this six-digit code; it is text to every reader."""
    return f"CN-{code}"


def observation_id(  # noqa: PLR0917 - the parts of the key, in its order
    document: str, indicator: str, scope: str, period: str, dimension: str | None, ordinal: int
) -> str:
    """Return the id of a fact.

    ``ordinal`` counts, from 0 and in the order of the text, the facts of the document that agree in all the
    rest. The value is no part of it.
    """
    return "O" + _short(document, indicator, scope, period, dimension or "", str(ordinal))


def origin_hash(origin_record: str) -> str:
    """Return a short hash of an origin record, to tell whether it is still the one that a text was parsed with."""
    return _short(origin_record)


def row_hash(table: str, row_json: str, ordinal: int = 0) -> str:
    """Return the id of a rejected row; ``ordinal`` tells equal rows apart."""
    return "R" + _short(table, row_json, str(ordinal))


def _short(*parts: str) -> str:
    return hashlib.sha256(_SEPARATOR.join(parts).encode("utf-8")).hexdigest()[:16]
