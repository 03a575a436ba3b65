"""What must be parsed again: texts that are new, or whose origin record, method, catalogue or corrections changed.

Here belongs the comparison of texts with the table ``parses``. Not here: parsing, nor taking in what it gives.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from contracts import ids
from contracts.corrections import Correction, digest


def stale_texts(
    texts: Mapping[str, str],
    parses: pd.DataFrame,
    method_version: str,
    catalogue_version: str,
    corrections: Iterable[Correction],
) -> list[str]:
    """Return, sorted, the hashes among ``texts`` that no parse with these versions and corrections covers.

    ``texts`` gives the ``origin_hash`` of each text by its hash.
    """
    digests = digests_by_document(corrections)
    current = parses[
        (parses["method_version"] == method_version)
        & (parses["catalogue_version"] == catalogue_version)
        & (parses["corrections"].fillna("") == [digests.get(document, "") for document in parses["document_id"]])
    ]
    covered = set(zip(current["text_sha256"], current["origin_hash"], strict=True))
    return sorted(text for text, origin in texts.items() if (text, origin) not in covered)


def gone_texts(texts: Iterable[str], parses: pd.DataFrame) -> list[str]:
    """Return, sorted, the hashes that were parsed and are no longer among ``texts``."""
    return sorted(set(parses["text_sha256"]) - set(texts))


def parse_rows(
    texts: Mapping[str, str],
    years: dict[str, int],
    method_version: str,
    catalogue_version: str,
    corrections: Iterable[Correction],
) -> list[dict[str, object]]:
    """Return the rows of ``parses`` for texts just parsed.

    ``texts`` gives the ``origin_hash`` of each text by its hash; ``years`` the year of each that was identified.
    """
    digests = digests_by_document(corrections)
    return [
        {
            "text_sha256": text,
            "document_id": ids.document_id(text),
            "report_year": years.get(text),
            "method_version": method_version,
            "catalogue_version": catalogue_version,
            "origin_hash": origin,
            "corrections": digests.get(ids.document_id(text)),
        }
        for text, origin in texts.items()
    ]


def digests_by_document(corrections: Iterable[Correction]) -> dict[str, str]:
    """Return a short hash of the corrections of each document that has any."""
    of_document: dict[str, list[Correction]] = {}
    for correction in corrections:
        of_document.setdefault(correction.document_id, []).append(correction)
    return {document: digest(lines) for document, lines in of_document.items()}
