"""The contract of a diff: what a row of ``diff/changes.csv`` says, and the reasons that it may give.

Here belong the table, the codes and SemVer. Not here: how a reason is found (``assets.publish.reasons``) nor the
comparing itself.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from contracts.codelists import Code, Codelist
from contracts.errors import InputError
from contracts.fields import code_field, text_field
from contracts.schema import Table

CHANGES_FILE = "diff/changes.csv"
SUMMARY_FILE = "diff/summary.json"
IDS_FILE = "diff/ids.csv"

WHOLE_ROW = "*"
"""Stands for the column where a whole row came or went; its value is then the row as a JSON object."""

CHANGE = Codelist(
    "change",
    "变动",
    "What happened",
    (
        Code("added", "新增", "the row came"),
        Code("removed", "删除", "the row went"),
        Code("changed", "改变", "the cell has another value"),
    ),
)

REASON = Codelist(
    "reason",
    "原因",
    "Why it happened",
    (
        Code("document_added", "新增报告", "a report that the release before did not hold"),
        Code("document_restated", "报告改版", "the same report was published in a new wording"),
        Code("retraction", "撤回", "a report is no longer part of the release"),
        Code("reader", "重新读取", "the same file was read into another text"),
        Code("source_record", "来源记录", "what is recorded about the source was amended"),
        Code("correction", "更正", "a correction on file was added, amended or withdrawn"),
        Code("extractor", "方法", "the method has another version"),
        Code("catalogue", "指标目录", "the catalogue of indicators has another version"),
        Code("codelist", "代码表", "a code was added, renamed or dropped"),
        Code("division", "区划", "an administrative division changed"),
        Code("masking", "隐名", "the names of private people are masked in another way"),
        Code("schema", "结构", "the table has other columns"),
    ),
)


CHANGES = Table(
    name="changes",
    zh="变动",
    en="Changes",
    row_zh="与前一版本相比的一处变动",
    row_en="one change against the release before",
    key=("table_name", "row_key", "column_name"),
    fields=(
        text_field("table_name", "表", "Table", "变动所在的表", "the table that it is in"),
        text_field("row_key", "行", "Row", "主键各值，以 | 连接", "the values of its key, joined by |"),
        text_field("column_name", "列", "Column", "整行增删时为 *", "* where the whole row came or went"),
        code_field(CHANGE),
        text_field(
            "old_value",
            "旧值",
            "Old value",
            "与规范 CSV 写法相同；空为空值",
            "as the canonical CSV spells it; empty is null",
            nullable=True,
        ),
        text_field(
            "new_value",
            "新值",
            "New value",
            "与规范 CSV 写法相同；空为空值",
            "as the canonical CSV spells it; empty is null",
            nullable=True,
        ),
        code_field(REASON),
        text_field("cause", "起因", "Cause", "报告、版本或规则", "the report, version or rule that it goes back to"),
    ),
)

IDS = Table(
    name="ids",
    zh="标识登记",
    en="Register of ids",
    row_zh="曾经发布过的一个标识",
    row_en="one id that was ever released; none is ever forgotten or given again",
    key=("id",),
    fields=(
        text_field("id", "标识", "Id", "报告或指标值的标识", "of a document or an observation"),
        text_field("first_release", "首次发布", "First release", "首次出现的版本", "the first release that held it"),
        text_field(
            "last_release",
            "最后发布",
            "Last release",
            "最后含有它的版本；仍在时为空",
            "the last release that held it; null while it is there",
            nullable=True,
        ),
    ),
)


class SemVer(NamedTuple):
    """A version of the schema or of the method."""

    major: int
    minor: int
    patch: int

    def __str__(self) -> str:
        """Return ``1.4.0``."""
        return f"{self.major}.{self.minor}.{self.patch}"

    @classmethod
    def parse(cls, text: str) -> SemVer:
        """Return the version that ``text`` spells; raises InputError where it spells none."""
        match = re.fullmatch(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)", text, flags=re.ASCII)
        if match is None:
            raise InputError("this is no SemVer", culprit=text, remedy="Write MAJOR.MINOR.PATCH, such as 1.4.0")
        return cls(*(int(part) for part in match.groups()))

    def bumped(self, part: str | None) -> SemVer:
        """Return the least version that is a ``major``, ``minor`` or ``patch`` bump from here; itself for None."""
        match part:
            case "major":
                return SemVer(self.major + 1, 0, 0)
            case "minor":
                return SemVer(self.major, self.minor + 1, 0)
            case "patch":
                return SemVer(self.major, self.minor, self.patch + 1)
            case _:
                return self
