"""The rows of the reference tables, taken from the declarations and data files they stand in.

Here belongs the way from codelists, catalogue and divisions to rows. Not here: the data themselves.
"""

from __future__ import annotations

from typing import Any

from contracts.codelists import CODELISTS
from contracts.divisions import Divisions
from contracts.indicators import Catalogue


def codelist_rows() -> list[dict[str, Any]]:
    """Return the rows of ``codelists``: every code of every list."""
    return [
        {
            "codelist": codelist.name,
            "code": entry.code,
            "position": place,
            "name_zh": entry.zh,
            "name_en": entry.en,
            "meaning": entry.meaning or None,
        }
        for codelist in CODELISTS.values()
        for place, entry in enumerate(codelist.entries)
    ]


def indicator_rows(catalogue: Catalogue) -> list[dict[str, Any]]:
    """Return the rows of ``indicators``: one an indicator of the catalogue."""
    domains = {domain.id: domain for domain in catalogue.domains}
    return [
        {
            "indicator_id": indicator.id,
            "domain": indicator.domain,
            "domain_zh": domains[indicator.domain].zh,
            "domain_en": domains[indicator.domain].en,
            "name_zh": indicator.zh,
            "name_en": indicator.en,
            "definition_zh": indicator.definition_zh,
            "definition_en": indicator.definition_en,
            "unit": indicator.unit,
            "kind": indicator.kind,
            "tier": indicator.tier,
            "period": indicator.period,
            "scopes": ";".join(indicator.scopes) or None,
            "minimum": indicator.minimum,
            "maximum": indicator.maximum,
            "since": indicator.since,
            "legal_basis": indicator.legal_basis or None,
        }
        for indicator in catalogue.indicators.values()
    ]


def division_rows(divisions: Divisions) -> list[dict[str, Any]]:
    """Return the rows of ``divisions``: one a division and span of years."""
    return [
        {
            "division_code": division.code,
            "first_year": division.first_year,
            "last_year": division.last_year,
            "division_id": division.id,
            "name": division.name,
            "level": division.level,
            "type": division.type,
            "prefecture": division.prefecture,
            "province": division.province,
        }
        for division in divisions.rows
    ]
