"""Every table of the warehouse, declared once.

Here belong the tables and their columns: types, names and meanings in Chinese and English, keys, codelists,
bounds, patterns, references. All schemas, comments and dictionaries are projected from here
(``contracts.projections``), and so are the rules about single columns (``contracts.rules``). Not here: rules
that need more than one column, nor the rows of the reference tables.

Tables stand in the order in which data flows, so a table comes after those it points into. Rows are sorted by
their key wherever they are stored.
"""

from __future__ import annotations

import hashlib
from typing import Any

from contracts import codelists
from contracts.fields import code_field, integer_field, number_field, text_field
from contracts.schema import Field, Partition, Quarantine, Table, Type

SCHEMA_VERSION = "1.1.0"
"""SemVer of the tables below: major when a column goes or changes its meaning, minor when one is added."""

SHA256 = r"[0-9a-f]{64}"
DOCUMENT_ID = r"D[0-9a-f]{16}"
OBSERVATION_ID = r"O[0-9a-f]{16}"
ROW_HASH = r"R[0-9a-f]{16}"
DIVISION_ID = r"CN-[1-9][0-9]{5}"
DIVISION_CODE = r"[1-9][0-9]{5}"
SLUG = r"[a-z][a-z0-9_]*"
FLAGS = r"[a-z][a-z0-9_]*(;[a-z][a-z0-9_]*)*"


def _flags() -> Field:
    return text_field(
        "flags",
        "标记",
        "Flags",
        "值得读者留意之处，多个以分号连接",
        "what a reader should know of the row, joined by semicolons",
        pattern=FLAGS,
        nullable=True,
    )


def _document_id(**rest: Any) -> Field:
    return text_field(
        "document_id",
        "文件标识",
        "Document",
        "正文哈希值的前16位，前缀 D",
        "D and the first 16 hex digits of the hash of its text",
        pattern=DOCUMENT_ID,
        **rest,
    )


def _division_id() -> Field:
    return text_field(
        "division_id",
        "行政区划标识",
        "Division",
        "CN- 加六位区划代码；是文本，不会被读成数",
        "CN- and the six-digit code: text, so that no reader takes it for a number",
        pattern=DIVISION_ID,
    )


def _division_code() -> Field:
    return text_field(
        "division_code",
        "行政区划代码",
        "Division code",
        "该年度有效的六位代码",
        "the six-digit code valid in that year",
        pattern=DIVISION_CODE,
    )


def _report_year() -> Field:
    return integer_field(
        "report_year",
        "报告年度",
        "Report year",
        "报告所述的年度，不是印发年度",
        "the year that the report is about, not the year in which it was issued",
        minimum=1990,
        maximum=2100,
    )


def _indicator_id() -> Field:
    return text_field(
        "indicator_id",
        "指标标识",
        "Indicator",
        "指标目录中的标识",
        "its id in the catalogue of indicators",
        references=("indicators", "indicator_id"),
    )


DIVISIONS = Table(
    name="divisions",
    zh="行政区划",
    en="Administrative divisions",
    row_zh="一个行政区划在名称与隶属不变的一段年份",
    row_en="one division for as long as its name and its parents stay the same",
    key=("division_code", "first_year"),
    fields=(
        _division_code(),
        integer_field(
            "first_year", "起始年", "First year", "该状态的首年", "the first year of that state", minimum=1980
        ),
        integer_field(
            "last_year", "终止年", "Last year", "末年；仍有效时为空", "the last; null while it lasts", nullable=True
        ),
        _division_id(),
        text_field("name", "名称", "Name", "中文全称", "its full name in Chinese"),
        code_field(codelists.LEVEL),
        text_field("type", "类型", "Type", "法定类型", "what it is by law", pattern=SLUG),
        text_field("prefecture", "地级", "Prefecture", "所属地级行政区", "the prefecture it lies in", nullable=True),
        text_field("province", "省级", "Province", "所属省级行政区", "the province it lies in", nullable=True),
    ),
)

INDICATORS = Table(
    name="indicators",
    zh="指标",
    en="Indicators",
    row_zh="一个指标",
    row_en="one indicator",
    key=("indicator_id",),
    fields=(
        text_field("indicator_id", "指标标识", "Indicator", "目录中的标识", "its id in the catalogue", pattern=SLUG),
        text_field("domain", "领域", "Domain", "所属领域标识", "the domain it belongs to"),
        text_field("domain_zh", "领域中文名", "Domain in Chinese", "领域中文名", "the domain's name in Chinese"),
        text_field("domain_en", "领域英文名", "Domain in English", "领域英文名", "the domain's name in English"),
        text_field("name_zh", "中文名", "Name in Chinese", "指标中文名", "its name in Chinese"),
        text_field("name_en", "英文名", "Name in English", "指标英文名", "its name in English"),
        text_field("definition_zh", "中文定义", "Definition in Chinese", "包括与不包括", "what it counts and what not"),
        text_field("definition_en", "英文定义", "Definition in English", "包括与不包括", "what it counts and what not"),
        code_field(codelists.UNIT),
        code_field(codelists.VALUE_KIND, name="kind"),
        code_field(codelists.TIER),
        code_field(codelists.PERIOD),
        text_field(
            "scopes",
            "常见口径",
            "Scopes",
            "常见口径，以分号连接",
            "its usual scopes, joined by semicolons",
            nullable=True,
        ),
        number_field("minimum", "下限", "Minimum", "可能的最小值", "the least value that can be true", nullable=True),
        number_field(
            "maximum", "上限", "Maximum", "可能的最大值", "the greatest value that can be true", nullable=True
        ),
        integer_field(
            "since", "起始年度", "Since", "首次可能报告的年度", "the first year it can be reported of", nullable=True
        ),
        text_field("legal_basis", "依据", "Legal basis", "法规依据", "the law or rule that asks for it", nullable=True),
    ),
)

CODELISTS = Table(
    name="codelists",
    zh="代码表",
    en="Codelists",
    row_zh="一个代码",
    row_en="one code",
    key=("codelist", "code"),
    fields=(
        text_field("codelist", "代码表", "Codelist", "代码表名称", "the list", pattern=SLUG),
        text_field("code", "代码", "Code", "数据中所用的词", "the word that stands in the data"),
        integer_field("position", "次序", "Position", "阅读次序，从 0 起", "its place in the list, from 0"),
        text_field("name_zh", "中文名", "Name in Chinese", "代码中文名", "its name in Chinese"),
        text_field("name_en", "英文名", "Name in English", "代码英文名", "its name in English"),
        text_field("meaning", "说明", "Meaning", "补充说明", "what the name does not say", nullable=True),
    ),
)

SOURCE_DOCUMENTS = Table(
    name="source_documents",
    zh="来源文件",
    en="Source documents",
    row_zh="一个存档的文件",
    row_en="one stored file",
    key=("document_sha256",),
    quarantine=Quarantine(share=0.5),
    fields=(
        text_field(
            "document_sha256",
            "文件哈希",
            "Hash of the file",
            "文件字节的 SHA-256",
            "SHA-256 of its bytes",
            pattern=SHA256,
        ),
        text_field(
            "media_type",
            "媒体类型",
            "Media type",
            "IANA 媒体类型",
            "its IANA media type",
            pattern=r"[a-z]+/[a-z0-9.+-]+",
        ),
        integer_field("bytes", "字节数", "Bytes", "文件大小", "its size", unit="byte"),
        text_field("origin", "来源", "Origin", "网址或文件路径", "the address or path it came from"),
        text_field(
            "publisher", "发布机关", "Publisher", "发布该文件的机关", "the body that published it", nullable=True
        ),
        Field(
            name="retrieved_at",
            type=Type.TIMESTAMP,
            zh="获取时间",
            en="Retrieved at",
            meaning_zh="取得文件的时间（UTC）",
            meaning_en="when it was fetched (UTC)",
            nullable=True,
        ),
        text_field("title", "标题", "Title", "来源所称标题", "its title as the source gives it", nullable=True),
        text_field(
            "licence", "许可", "Licence", "来源的许可或使用条款", "the source's licence or terms", nullable=True
        ),
        text_field(
            "origin_record",
            "来源记录",
            "Origin record",
            "完整的来源记录（JSON）",
            "all that its origin record says, as JSON",
        ),
    ),
)

TEXTS = Table(
    name="texts",
    zh="正文",
    en="Texts",
    row_zh="一篇可读正文",
    row_en="one readable text",
    key=("text_sha256",),
    quarantine=Quarantine(share=0.5),
    partition=Partition("text_sha256", characters=1),
    fields=(
        text_field(
            "text_sha256",
            "正文哈希",
            "Hash of the text",
            "正文 UTF-8 字节的 SHA-256",
            "SHA-256 of the text in UTF-8",
            pattern=SHA256,
        ),
        text_field(
            "document_sha256",
            "文件哈希",
            "Hash of the file",
            "读出正文的文件；同文多件取哈希最小者",
            "the file it was read from; of several with the same text the one with the smallest hash",
            references=("source_documents", "document_sha256"),
        ),
        text_field("reader", "读取器", "Reader", "读取器名称与版本", "the reader that read it, with its version"),
        text_field(
            "text", "正文", "Text", "逐字正文，所有位置均以此计", "the text exactly as read; every offset counts in it"
        ),
        text_field(
            "cells", "表格单元", "Cells", "正文中表格的单元（JSON）", "the cells of its tables, as JSON", nullable=True
        ),
        text_field(
            "losses",
            "读取损失",
            "Losses",
            "读取器未能保留的内容",
            "what the reader lost, joined by semicolons",
            nullable=True,
        ),
        text_field(
            "ocr_lines",
            "识别行",
            "Lines read by OCR",
            "由图像识别得到的各行：起、止、置信度、存疑字符位置（JSON）",
            "the lines that were read from pictures: start, end, confidence from 0 to 1, places of the characters in doubt, as JSON",
            nullable=True,
        ),
    ),
)

DOCUMENTS = Table(
    name="documents",
    zh="报告",
    en="Documents",
    row_zh="一份已识别的报告",
    row_en="one identified report",
    key=("document_id",),
    quarantine=Quarantine(share=0.5),
    fields=(
        _document_id(),
        _division_id(),
        _division_code(),
        text_field("division_name", "区划名称", "Division name", "行政区划名称", "the name of the division"),
        text_field("prefecture", "地级", "Prefecture", "所属地级行政区", "the prefecture it lies in", nullable=True),
        text_field("province", "省级", "Province", "所属省级行政区", "the province it lies in"),
        code_field(codelists.LEVEL),
        text_field("issuer", "制发机关", "Issuer", "写报告的机关", "the body that reports"),
        text_field("document_number", "文号", "Document number", "发文字号", "its official number", nullable=True),
        text_field("title", "标题", "Title", "报告标题", "its title"),
        text_field("addressee", "主送机关", "Addressee", "主送机关", "the body it is addressed to", nullable=True),
        _report_year(),
        Field(
            name="issued_on",
            type=Type.DATE,
            zh="成文日期",
            en="Issued on",
            meaning_zh="成文或公布日期",
            meaning_en="the date it bears",
            nullable=True,
        ),
        code_field(codelists.DOCUMENT_KIND, name="kind"),
        text_field("reader", "读取器", "Reader", "读取器名称与版本", "the reader that read it, with its version"),
        text_field(
            "text_sha256",
            "正文哈希",
            "Hash of the text",
            "正文 UTF-8 字节的 SHA-256",
            "SHA-256 of its text in UTF-8",
            references=("texts", "text_sha256"),
        ),
        integer_field(
            "characters", "字符数", "Characters", "正文的 Unicode 码点数", "code points of its text", minimum=1
        ),
        text_field(
            "supersedes",
            "取代",
            "Supersedes",
            "同一报告的前一版本",
            "the earlier version of the same report",
            pattern=DOCUMENT_ID,
            references=("documents", "document_id"),
            nullable=True,
        ),
    ),
)

OBSERVATIONS = Table(
    name="observations",
    zh="指标值",
    en="Observations",
    row_zh="报告陈述的一个事实",
    row_en="one stated fact",
    key=("observation_id",),
    quarantine=Quarantine(share=0.05),
    partition=Partition("report_year"),
    fields=(
        text_field(
            "observation_id",
            "指标值标识",
            "Observation",
            "主键各部分的哈希，不含数值：更正后标识不变",
            "a hash of what the fact is about, not of its value: a correction keeps it",
            pattern=OBSERVATION_ID,
        ),
        _document_id(references=("documents", "document_id")),
        _division_id(),
        _report_year(),
        _indicator_id(),
        code_field(codelists.SCOPE),
        code_field(codelists.PERIOD),
        text_field(
            "dimension",
            "维度",
            "Dimension",
            "同一指标口径下多个真值的区分：部门、乡镇、表列",
            "tells apart several true values of one indicator and scope: a department, a township, a column",
            nullable=True,
        ),
        number_field(
            "value",
            "数值",
            "Value",
            "以指标单位计；空值的原因见 obs_status",
            "in the unit; null when obs_status says why",
            nullable=True,
        ),
        code_field(codelists.UNIT),
        code_field(codelists.QUALIFIER),
        code_field(codelists.OBS_STATUS),
        text_field(
            "evidence", "原文", "Evidence", "正文中的原句片段，逐字", "the words of the text that state it, unchanged"
        ),
        integer_field(
            "char_start", "原文起点", "Start of the evidence", "码点位置，从 0 起", "code point offset, from 0"
        ),
        integer_field(
            "char_end", "原文终点", "End of the evidence", "码点位置，不含", "code point offset, exclusive", minimum=1
        ),
        integer_field(
            "value_start",
            "数字起点",
            "Start of the numeral",
            "无数字时为空",
            "null when no numeral states it",
            nullable=True,
        ),
        integer_field(
            "value_end",
            "数字终点",
            "End of the numeral",
            "无数字时为空",
            "null when no numeral states it",
            nullable=True,
            minimum=1,
        ),
        text_field(
            "section", "章节", "Section", "标题路径，以 > 连接", "the headings above it, joined by >", nullable=True
        ),
        text_field("rule_id", "规则", "Rule", "认出它的规则", "the rule that found it"),
        _flags(),
    ),
)

NUMERALS = Table(
    name="numerals",
    zh="数字台账",
    en="Numerals: the ledger",
    row_zh="报告中的一个数字",
    row_en="one numeral in a report",
    key=("document_id", "char_start"),
    quarantine=Quarantine(share=0.01),
    partition=Partition("report_year"),
    fields=(
        _document_id(references=("documents", "document_id")),
        integer_field("char_start", "起点", "Start", "码点位置，从 0 起", "code point offset, from 0"),
        _report_year(),
        integer_field("char_end", "终点", "End", "码点位置，不含", "code point offset, exclusive", minimum=1),
        text_field("text", "数字原文", "Numeral", "正文中的数字，逐字", "the numeral as it stands in the text"),
        code_field(codelists.NUMERAL_CLASS),
        code_field(codelists.NUMERAL_KIND, nullable=True),
        text_field("rule_id", "规则", "Rule", "归类所依规则", "the rule that classed it", nullable=True),
        text_field(
            "observation_id",
            "指标值标识",
            "Observation",
            "它所陈述的指标值",
            "the observation it states",
            references=("observations", "observation_id"),
            nullable=True,
        ),
    ),
)

PARSES = Table(
    name="parses",
    zh="解析记录",
    en="Parses",
    row_zh="一篇已解析的正文及其所用版本",
    row_en="one text that was parsed, and with which versions",
    key=("text_sha256",),
    fields=(
        text_field(
            "text_sha256",
            "正文哈希",
            "Hash of the text",
            "被解析的正文",
            "the text that was parsed",
            references=("texts", "text_sha256"),
        ),
        _document_id(),
        integer_field(
            "report_year",
            "报告年度",
            "Report year",
            "未能识别者为空",
            "null where the text could not be identified",
            nullable=True,
        ),
        text_field("method_version", "方法版本", "Method version", "提取方法的版本", "the version of the extractor"),
        text_field(
            "catalogue_version", "目录版本", "Catalogue version", "指标目录的版本", "the version of the catalogue"
        ),
        text_field(
            "origin_hash",
            "来源记录哈希",
            "Hash of the origin record",
            "解析时所用来源记录的哈希",
            "a hash of the origin record it was parsed with",
            pattern=r"[0-9a-f]{16}",
        ),
        text_field(
            "corrections",
            "更正",
            "Corrections",
            "所用更正的哈希；没有更正时为空",
            "a hash of the corrections applied to it; null for none",
            nullable=True,
        ),
    ),
)

REJECTED = Table(
    name="rejected",
    zh="被拒行",
    en="Rejected rows",
    row_zh="违反契约的一行",
    row_en="one row that broke a contract",
    key=("row_hash",),
    fields=(
        text_field(
            "row_hash", "行哈希", "Hash of the row", "表名与该行内容的哈希", "a hash of table and row", pattern=ROW_HASH
        ),
        text_field("table_name", "表", "Table", "该行本应进入的表", "the table it was meant for", pattern=SLUG),
        text_field("row_json", "行内容", "Row", "该行内容（JSON）", "the row, as JSON"),
        text_field("contract", "契约", "Contract", "契约名称与版本", "the contract, with its version"),
        text_field("rule", "规则", "Rule", "首先违反的规则", "the first rule it broke"),
        text_field("reason", "原因", "Reason", "违反了什么，可读", "what is wrong with it, in words"),
        text_field(
            "document_id",
            "文件标识",
            "Document",
            "相关报告，如已识别",
            "the report it belongs to, where known",
            nullable=True,
        ),
    ),
)

IDENTITY_RESULTS = Table(
    name="identity_results",
    zh="勾稽校验结果",
    en="Identity results",
    row_zh="一项勾稽关系在一份报告上的校验",
    row_en="one identity tried on one report",
    key=("document_id", "identity_id"),
    partition=Partition("report_year"),
    fields=(
        _document_id(references=("documents", "document_id")),
        text_field(
            "identity_id",
            "勾稽关系标识",
            "Identity",
            "勾稽关系标识",
            "its id in the catalogue of identities",
            pattern=r"I[0-9]{2}",
        ),
        _report_year(),
        code_field(codelists.SCOPE, nullable=True),
        number_field("left", "左边", "Left side", "左边的值", "the value of its left side", nullable=True),
        number_field("right", "右边", "Right side", "右边的值", "the value of its right side", nullable=True),
        number_field("residual", "差额", "Residual", "左边减右边", "left minus right", nullable=True),
        number_field(
            "tolerance",
            "容差",
            "Tolerance",
            "舍入或截尾允许的差额",
            "the difference that rounding allows",
            nullable=True,
            minimum=0,
        ),
        code_field(codelists.OUTCOME),
    ),
)

COUNTY_YEAR = Table(
    name="county_year",
    zh="县年指标",
    en="County-year metrics",
    row_zh="一个县一年的一个调和后指标",
    row_en="one reconciled metric of one county-year",
    key=("division_id", "report_year", "indicator_id", "scope"),
    partition=Partition("report_year"),
    fields=(
        _division_id(),
        _report_year(),
        _indicator_id(),
        code_field(codelists.SCOPE),
        number_field(
            "value",
            "数值",
            "Value",
            "以指标单位计；空值的原因见 obs_status",
            "in the unit; null when obs_status says why",
            nullable=True,
        ),
        code_field(codelists.UNIT),
        code_field(codelists.QUALIFIER, nullable=True),
        code_field(codelists.OBS_STATUS),
        text_field(
            "observation_id",
            "指标值标识",
            "Observation",
            "所取的指标值；相互矛盾时为空",
            "the observation it was taken from; null when statements conflict",
            references=("observations", "observation_id"),
            nullable=True,
        ),
        integer_field(
            "n_observations", "陈述次数", "Statements", "陈述该指标的次数", "how many observations state it", minimum=1
        ),
        _flags(),
    ),
)

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        DIVISIONS,
        INDICATORS,
        CODELISTS,
        SOURCE_DOCUMENTS,
        TEXTS,
        DOCUMENTS,
        OBSERVATIONS,
        NUMERALS,
        PARSES,
        REJECTED,
        IDENTITY_RESULTS,
        COUNTY_YEAR,
    )
}
"""The tables by name, in the order in which data flows."""

SCHEMA_FINGERPRINT = hashlib.sha256(
    repr(
        [(table.name, [(f.name, f.type.value) for f in table.fields], table.partition) for table in TABLES.values()]
    ).encode()
).hexdigest()[:16]
"""A hash of what decides whether stored files can be read: tables, columns, types and partitions."""
