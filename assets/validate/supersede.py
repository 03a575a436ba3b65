"""Versions of one report: which document takes the place of which.

Two documents are versions of one report when the same body reports of the same year in the same kind of report.
"""

from __future__ import annotations

import pandas as pd

_REPORT = ["division_id", "report_year", "kind", "issuer"]


def with_versions(documents: pd.DataFrame, retrieved: pd.Series[pd.Timestamp]) -> pd.DataFrame:
    """Return the documents with ``supersedes`` filled in: each version points to the one before it.

    Versions are ordered by the date they bear, those without one first, then by the time of retrieval
    (``retrieved``, by text hash) and last by id, so that the order never depends on the order of arrival.
    """
    if documents.empty:
        return documents
    ordered = documents.assign(retrieved=documents["text_sha256"].map(retrieved))
    ordered = ordered.sort_values(["issued_on", "retrieved", "document_id"], na_position="first")
    before = ordered.groupby(_REPORT, sort=False)["document_id"].shift()
    return documents.assign(supersedes=before.reindex(documents.index).astype(documents["supersedes"].dtype))
