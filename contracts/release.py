"""The release contract: what a release folder holds, how it is versioned and under which licence.

Here belong the tables of a release (projected from ``contracts.tables``), the names of its files, CalVer, and the
shape of ``release.json``. Not here: writing, reading or checking a folder (``assets.publish``), nor any text that
only readers see.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any, NamedTuple

from contracts import codelists
from contracts.errors import InputError, ReleaseError
from contracts.fields import integer_field, number_field, text_field
from contracts.schema import Table
from contracts.tables import (
    CODELISTS,
    COUNTY_YEAR,
    DIVISIONS,
    DOCUMENTS,
    INDICATORS,
    OBSERVATIONS,
    SOURCE_DOCUMENTS,
    TEXTS,
)

FORMAT = "fazhi-release/1"
"""Names the shape of ``release.json`` and of the folder; it changes when a reader of them must change."""

NAME = "fazhi"
TITLE_ZH = "县级法治政府建设年度报告数据集"
TITLE_EN = "Annual reports of China's county governments on building a law-based government"
DESCRIPTION_ZH = "县级政府法治政府建设年度报告中的每一个数字，连同它所在原文的逐字位置。"
DESCRIPTION_EN = (
    "Every figure stated in the annual reports of county governments on building a law-based government, "
    "each with the characters of the sentence that states it."
)
KEYWORDS = ("rule of law", "local government", "China", "county", "administrative law", "法治政府", "行政复议")
AUTHOR = "fazhi contributors"

SUMS = "SHA256SUMS"
SIGNATURE = "SHA256SUMS.sig"
"""The one file that may be added to a finished release; it is not listed in the sums that it signs."""
MANIFEST = "release.json"
DATAPACKAGE = "datapackage.json"
CROISSANT = "croissant.json"
QUALITY = "quality/report.json"
IDENTITIES = "quality/identities.csv"
"""The identities that could be tried, row by row; the report counts those that could not."""
MASKS_FILE = "quality/masks.csv"
"""Where names of private people were masked; never the names."""
SITE = "site"
"""The folder of the pages that a browser opens."""
INDEX_PAGE = "index.html"
INDEX = "index.json"
FEED = "feed.xml"
INDEX_SCRIPT = "releases.js"
"""What ``index.json`` says, for the pages of a release: opened from a folder, they may load scripts and nothing else."""
LATEST = "latest.json"
ERRATA = "errata.json"
"""Beside the releases: errors of theirs that became known later."""
TOMBSTONE = "withdrawn.json"
"""Stands in the folder of a withdrawn release, with the register of its ids and nothing else."""
WITHDRAWN = "withdrawn"
"""The entry of a withdrawn release in ``index.json`` says under this name when and why."""


class Licence(NamedTuple):
    """The licence of the data by its SPDX id, with its title and address."""

    spdx: str
    title: str
    url: str


LICENCE = Licence(
    "CC-BY-4.0", "Creative Commons Attribution 4.0 International", "https://creativecommons.org/licenses/by/4.0/"
)

_VERSION = re.compile(r"([1-9][0-9]{3})\.([1-9]|1[0-2])\.(0|[1-9][0-9]*)")


class Version(NamedTuple):
    """A release's CalVer: year, month and how many releases that month had before it."""

    year: int
    month: int
    number: int

    def __str__(self) -> str:
        """Return ``2026.11.0``: no leading zeros, so that it is a SemVer too."""
        return f"{self.year}.{self.month}.{self.number}"

    @classmethod
    def parse(cls, text: str) -> Version:
        """Return the version that ``text`` spells; raises InputError where it spells none."""
        match = _VERSION.fullmatch(text)
        if match is None:
            raise InputError(
                "this is no release version", culprit=text, remedy="Write YEAR.MONTH.NUMBER, such as 2026.11.0"
            )
        return cls(*(int(part) for part in match.groups()))

    @classmethod
    def is_version(cls, text: str) -> bool:
        """Return whether ``text`` spells a version."""
        return _VERSION.fullmatch(text) is not None


def next_version(as_of: date, taken: Iterable[Version]) -> Version:
    """Return the first version of the month of ``as_of`` after all ``taken`` ones; numbers are never given twice."""
    numbers = [version.number for version in taken if (version.year, version.month) == (as_of.year, as_of.month)]
    return Version(as_of.year, as_of.month, max(numbers, default=-1) + 1)


def _only(table: Table, *columns: str, **changes: Any) -> Table:
    """Return ``table`` with these columns alone, none of which points to a table outside a release."""
    fields = tuple(table.field(name) for name in columns or table.columns)
    return replace(table, fields=fields, quarantine=None, partition=None, **changes)


COVERAGE = Table(
    name="coverage",
    zh="覆盖情况",
    en="Coverage",
    row_zh="某年度有报告的一个行政区划",
    row_en="one division in one year for which a report was read",
    key=("division_id", "report_year"),
    fields=(
        DOCUMENTS.field("division_id"),
        DOCUMENTS.field("report_year"),
        DOCUMENTS.field("division_name"),
        DOCUMENTS.field("prefecture"),
        DOCUMENTS.field("province"),
        integer_field("documents", "报告数", "Documents", "已识别报告数", "reports identified", minimum=1),
        integer_field(
            "county_reports",
            "县政府报告数",
            "County reports",
            "其中县级政府报告数，含被取代者",
            "how many are a county government's own, superseded ones included",
        ),
        integer_field("observations", "指标值数", "Observations", "所载指标值数", "facts that they state"),
        integer_field("indicators", "指标数", "Indicators", "县年表中的指标数", "indicators with a row in county_year"),
    ),
)
"""A division and year without a row has no report that was read: that is silence, not zero."""

RELEASE_SOURCES = _only(
    SOURCE_DOCUMENTS, "document_sha256", "media_type", "bytes", "origin", "publisher", "title", "licence"
)
"""Without the time of retrieval: the hash says which file it was, and the same files give the same release."""

RELEASE_TEXTS = _only(TEXTS, "text_sha256", "document_sha256", "reader", "text", "losses")

MASKED_COLUMNS = {
    "texts": ("text",),
    "documents": ("title", "addressee"),
    "source_documents": ("title",),
    "observations": ("section",),
}
"""The columns in which a report speaks in its own words; ``observations.evidence`` is cut out of the masked text."""

PRIVATE_NAMES = "private_names"
"""Stands among the losses of a text in which names were masked; its hash is that of the text before."""

MASKS = Table(
    name="masks",
    zh="隐名之处",
    en="Masked names",
    row_zh="一处隐去的自然人姓名",
    row_en="one place at which the name of a private person was masked",
    key=("table_name", "row_key", "column_name", "char_start"),
    fields=(
        text_field("table_name", "表", "Table", "所在的表", "the table that it is in"),
        text_field("row_key", "行", "Row", "主键各值，以 | 连接", "the values of its key, joined by |"),
        text_field("column_name", "列", "Column", "所在的列", "the column that it is in"),
        integer_field("char_start", "起点", "Start", "首个隐去的码点，从 0 起", "the first code point masked, from 0"),
        integer_field("char_end", "终点", "End", "终点，不含", "where it ends, exclusive", minimum=1),
        text_field("rule", "规则", "Rule", "判为姓名的依据", "from what it was told: role, case, or again"),
    ),
)

_WIDE_KEY = ("division_id", "report_year", "scope")


def wide_table(indicators: Iterable[Mapping[str, Any]]) -> Table:
    """Return the declaration of ``county_year_wide`` for these rows of the table ``indicators``.

    Three columns an indicator: its value, ``<id>__qualifier`` and ``<id>__status``. All three are null where the
    report says nothing of it. The columns follow from the catalogue, never from the rows of one release.
    """
    fields = [COUNTY_YEAR.field(name) for name in _WIDE_KEY]
    for row in sorted(indicators, key=lambda row: str(row["indicator_id"])):
        name, zh, en = str(row["indicator_id"]), str(row["name_zh"]), str(row["name_en"])
        unit = str(row["unit"])
        fields += [
            number_field(name, zh, en, f"单位：{unit}", f"in {unit}", nullable=True, unit=unit),
            text_field(
                f"{name}__qualifier",
                f"{zh}：限定",
                f"{en}: qualifier",
                "代码表 qualifier",
                "a code of the codelist qualifier",
                nullable=True,
                codelist=codelists.QUALIFIER,
            ),
            text_field(
                f"{name}__status",
                f"{zh}：状态",
                f"{en}: status",
                "代码表 obs_status；空值表示报告未提及",
                "a code of the codelist obs_status; null where the report says nothing of it",
                nullable=True,
                codelist=codelists.OBS_STATUS,
            ),
        ]
    return Table(
        name="county_year_wide",
        zh="县年指标（宽表）",
        en="County-year metrics, wide",
        row_zh="一个县一年一种口径的全部指标",
        row_en="all metrics of one county-year in one scope",
        key=_WIDE_KEY,
        fields=tuple(fields),
    )


def release_tables(indicators: Iterable[Mapping[str, Any]]) -> dict[str, Table]:
    """Return the tables of a release by name, in the order in which a reader should meet them."""
    tables = (
        _only(OBSERVATIONS),
        _only(COUNTY_YEAR),
        wide_table(indicators),
        COVERAGE,
        _only(DOCUMENTS),
        RELEASE_TEXTS,
        RELEASE_SOURCES,
        _only(INDICATORS),
        _only(DIVISIONS),
        _only(CODELISTS),
    )
    return {table.name: table for table in tables}


def csv_path(table: str) -> str:
    """Return where the table's canonical CSV stands in a release."""
    return f"data/{table}.csv"


def parquet_path(table: str) -> str:
    """Return where the table's Parquet file stands in a release."""
    return f"parquet/{table}.parquet"


@dataclass(frozen=True, slots=True)
class FileRecord:
    """One file of a release: its path in the folder, its size in bytes and its SHA-256 in hex."""

    path: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class TableRecord:
    """One table of a release: how many rows and columns it has, and its two files."""

    name: str
    rows: int
    columns: int
    csv: FileRecord
    parquet: FileRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """``release.json``: what this release is, and what it holds."""

    version: str
    as_of: str
    """The date (ISO 8601) that the release speaks for; given by whoever releases, never read off a clock."""
    previous: str | None
    schema_version: str
    method_version: str
    catalogue_version: str
    content_sha256: str
    """One hash over the tables, the quality report and the three versions: equal where nothing changed."""
    masking_version: str = ""
    """Names the way in which private people are masked; empty in releases made before there was one."""
    counts: dict[str, int]
    tables: tuple[TableRecord, ...]
    format: str = FORMAT
    name: str = NAME
    title: str = TITLE_EN
    licence: Licence = LICENCE

    def table(self, name: str) -> TableRecord:
        """Return the record of that table; raises KeyError where the release has none."""
        for record in self.tables:
            if record.name == name:
                return record
        raise KeyError(name)

    def to_json(self) -> str:
        """Return it as the text of ``release.json``."""
        first = {"format": self.format, "name": self.name, "title": self.title}
        return dump_json({**first, **asdict(self), "licence": self.licence._asdict()})

    @classmethod
    def from_json(cls, text: str, *, culprit: str) -> Manifest:
        """Return what the text of a ``release.json`` says; raises ReleaseError where it is of another shape."""
        try:
            data = json.loads(text)
            if data["format"] != FORMAT:
                raise ReleaseError(
                    f"its format is {data['format']}, this program reads {FORMAT}",
                    culprit=culprit,
                    remedy="Use the version of fazhi that wrote it",
                )
            tables = tuple(
                TableRecord(
                    **{**record, "csv": FileRecord(**record["csv"]), "parquet": FileRecord(**record["parquet"])}
                )
                for record in data["tables"]
            )
            return cls(**{**data, "licence": Licence(**data["licence"]), "tables": tables})
        except (ValueError, TypeError, KeyError) as error:
            raise ReleaseError(
                f"this is no manifest of a release ({type(error).__name__}: {error})",
                culprit=culprit,
                remedy="Fetch the release again",
            ) from error


def dump_json(value: Any) -> str:
    """Return ``value`` as the JSON of a release: two blanks of indent, Chinese unescaped, one line end at the end."""
    return json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False) + "\n"
