"""The files of a release that people read: README in two languages, LICENSE, CITATION.cff.

Here belong their words and the way figures and tables enter them. Not here: any figure or name of its own; all come
from the manifest and the declared tables.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from assets.publish.notices import Notice
from contracts import release
from contracts.changes import REASON
from contracts.release import LICENCE, Manifest
from contracts.schema import Field, Table

Row = tuple[str, ...]


def readme_en(manifest: Manifest, tables: Mapping[str, Table]) -> str:
    """Return the README of a release in English."""
    counts = manifest.counts
    return f"""# {release.TITLE_EN}

{release.DESCRIPTION_EN}

Release **{manifest.version}**, as of {manifest.as_of}: {counts["observations"]} facts from {counts["documents"]} reports
of {counts["divisions"]} divisions and {counts["years"]} years. Schema {manifest.schema_version}, method
{manifest.method_version}, catalogue {manifest.catalogue_version}. Licence: [{LICENCE.title}]({LICENCE.url}).
中文说明见 [README.zh.md](README.zh.md)。

## Read first

- **Every number leads back to its sentence.** `observations.evidence` is what stands in `texts.text` from `char_start`
  to `char_end` (Unicode code points, from 0, end exclusive); `value_start` to `value_end` is the numeral itself.
- **Null is not zero.** A report that says "none" has the value 0. A fact that no report states has no row. Where a row
  has no value, `obs_status` says why.
- **Qualifiers count.** "More than 100" is 100 with the qualifier `at_least`; `implied` means that no numeral states it.
- **Scope.** `reporter` is the county government itself, `territory` all its agencies. Never add the two up.
- **Private people are not named.** Their given names are masked (`某`), character for character, so that all offsets hold;
  `quality/masks.csv` says where. Officials acting in office are named. The hash of such a text is that before masking.
- `division_id` is text (`CN-411725`), so that no program turns the code into a number.

## Tables

Each table is `data/<name>.csv` (UTF-8, no BOM, null is the empty field) and the same rows in `parquet/<name>.parquet`.

{_overview(manifest, tables, ("Table", "One row is", "Key", "Rows"), lambda table: table.row_en)}
`county_year_wide` has three columns for each indicator of the catalogue: its value, `<id>__qualifier`, `<id>__status`.

## Columns

{_dictionary(tables, ("Column", "Type", "Name", "Meaning"), lambda field: (field.en, field.said_en))}
`codelists` spells out every code, `indicators` defines every indicator.

## Open it

- pandas: `from read import read; read("observations")`
- DuckDB: `duckdb my.duckdb < load.sql`, or query `parquet/*.parquet` as they are
- R: `source("read.R"); observations <- read_release("observations")`
- Excel and LibreOffice: the copies in `excel/`. They have Chinese column names, and an apostrophe before each text that a
  spreadsheet would run as a formula. Never save over the files in `data/`.

## What changed

[CHANGELOG.md](CHANGELOG.md) sums up, `diff/changes.csv` has one row for each changed cell (and one for each row that came
or went) with the old value, the new value, the reason and its cause. `diff/ids.csv` registers every id ever released.

## Is it whole?

`fazhi verify .` proves the checksums, the schema, that each CSV equals its Parquet file and that every piece of evidence
equals the text at its offsets. Without fazhi: `sha256sum -c {release.SUMS}`.

## Cite

See [CITATION.cff](CITATION.cff), and name the version: figures may be corrected in a later one. A release never changes.
"""


def readme_zh(manifest: Manifest, tables: Mapping[str, Table]) -> str:
    """Return the README of a release in Chinese."""
    counts = manifest.counts
    return f"""# {release.TITLE_ZH}

{release.DESCRIPTION_ZH}

版本 **{manifest.version}**，截至 {manifest.as_of}：{counts["divisions"]} 个行政区划、{counts["years"]} 个年度的 {counts["documents"]} 份报告，
共 {counts["observations"]} 条指标值。结构版本 {manifest.schema_version}，方法版本 {manifest.method_version}，目录版本
{manifest.catalogue_version}。许可：[{LICENCE.spdx}]({LICENCE.url})。English: [README.md](README.md).

## 使用须知

- **每个数字都能回到原句。** `observations.evidence` 就是 `texts.text` 中 `char_start` 到 `char_end` 的文字（Unicode 码点，从 0 起，不含终点）；
  `value_start` 到 `value_end` 是数字本身。
- **空值不是零。** 报告写明“无”的，值为 0；没有报告提到的，没有对应的行；有行而无值的，原因见 `obs_status`。
- **限定不可忽略。** “100余件”记为 100，限定为 `at_least`；`implied` 表示没有数字直接写明。
- **口径。** `reporter` 是县政府本级，`territory` 是全县各级机关，二者不可相加。
- **自然人隐名。** 名字逐字以“某”代替，位置不变，各处见 `quality/masks.csv`；履行职务的公职人员不隐名。此类正文的哈希为隐名前的哈希。
- `division_id` 是文本（`CN-411725`），不会被程序读成数。

## 数据表

每张表有 `data/<表名>.csv`（UTF-8，无 BOM，空值为空字段）和内容相同的 `parquet/<表名>.parquet`。

{_overview(manifest, tables, ("表", "每行是", "主键", "行数"), lambda table: f"{table.zh}：{table.row_zh}")}
`county_year_wide` 中每个指标有三列：值、`<标识>__qualifier`（限定）、`<标识>__status`（状态）。

## 列

{_dictionary(tables, ("列", "类型", "名称", "含义"), lambda field: (field.zh, field.said_zh))}
代码含义见 `codelists`，指标定义见 `indicators`。

## 打开方式

- pandas：`from read import read; read("observations")`
- DuckDB：`duckdb my.duckdb < load.sql`，或直接查询 `parquet/*.parquet`
- R：`source("read.R"); observations <- read_release("observations")`
- Excel 与 LibreOffice：用 `excel/` 中的副本，列名为中文；会被当作公式运行的文本前加了撇号。请勿另存覆盖 `data/` 中的文件。

## 变动

概要见 [CHANGELOG.md](CHANGELOG.md)；`diff/changes.csv` 逐格列出旧值、新值、原因和起因（整行增删各占一行）；`diff/ids.csv` 登记曾经发布过的全部标识。

## 核验

`fazhi verify .` 核对校验和、结构、CSV 与 Parquet 是否一致，以及每条原文是否与正文相应位置逐字相同。没有 fazhi 时可用 `sha256sum -c {release.SUMS}`。

## 引用

见 [CITATION.cff](CITATION.cff)，并请注明版本：后续版本可能更正数值，已发布的版本不再改动。
"""


def citation(manifest: Manifest) -> str:
    """Return CITATION.cff (format 1.2.0): every value is written as JSON, which YAML reads as it is."""
    values = {
        "cff-version": "1.2.0",
        "message": "If you use this data, please cite this release.",
        "type": "dataset",
        "title": release.TITLE_EN,
        "abstract": release.DESCRIPTION_EN,
        "authors": [{"name": release.AUTHOR}],
        "version": manifest.version,
        "date-released": manifest.as_of,
        "license": manifest.licence.spdx,
        "keywords": list(release.KEYWORDS),
    }
    return "".join(f"{name}: {json.dumps(value, ensure_ascii=False)}\n" for name, value in values.items())


def changelog(manifest: Manifest, summary: Mapping[str, Any], notices: Sequence[Notice]) -> str:
    """Return the CHANGELOG of a release from the summary of its diff: versions, reasons and tables, always in that order.

    ``notices`` are the errata and withdrawals of the releases before it.
    """
    told = _notices(notices)
    if summary["from"] is None:
        return f"# {manifest.version}\n\nThere is no release before it to compare with.\n{told}"
    versions = ((what, str(step["from"]), str(step["to"])) for what, step in summary["versions"].items())
    needs = [f"- {need['why']} ({need['part']})\n" for step in summary["versions"].values() for need in step["needs"]]
    named = {code.code: code.en for code in REASON.entries}
    reasons = ((f"`{code}`", named[code], str(n)) for code, n in summary["by_reason"].items())
    tables = ((*where.split("/"), str(n)) for where, n in summary["by_table"].items())
    return f"""# {manifest.version}

{summary["changes"]} changes against {summary["from"]}; each stands with its reason in `diff/changes.csv`.

## Versions

{_markdown(("Version", "Before", "Now"), versions)}
{"".join(needs)}
## Reasons

{_markdown(("Reason", "Meaning", "Changes"), reasons)}
## Tables

{_markdown(("Table", "What", "Changes"), tables)}{told}"""


def _notices(notices: Sequence[Notice]) -> str:
    if not notices:
        return ""
    what = {True: "withdrawn", False: "erratum"}
    rows = ((notice.on, notice.version, what[notice.withdrawn], notice.words) for notice in notices)
    return f"\n## Errata and withdrawals\n\n{_markdown(('Date', 'Release', 'What', 'Why'), rows)}"


def licence() -> str:
    """Return the LICENSE of the data."""
    return f"""{LICENCE.title} ({LICENCE.spdx})

The data of this release (everything under data/ and parquet/ but the texts of the reports, and every file that
describes it) may be copied, changed and passed on, for any purpose, by anyone who names its source, the version and
this licence and says what was changed. The terms in full: {LICENCE.url}legalcode

The texts are those of official reports of public bodies, or digests of their published figures; source_documents
names each publisher and, where it is known, the terms of the source.
"""


def _overview(manifest: Manifest, tables: Mapping[str, Table], header: Row, describe: Callable[[Table], str]) -> str:
    rows = (
        (f"`{table.name}`", describe(table), _code(*table.key), str(manifest.table(table.name).rows))
        for table in tables.values()
    )
    return _markdown(header, rows)


def _dictionary(tables: Mapping[str, Table], header: Row, describe: Callable[[Field], Row]) -> str:
    """Return one Markdown table a table; the wide one, whose columns are the catalogue, stays out."""
    parts = (
        f"### {table.name}\n\n" + _markdown(header, ((f"`{f.name}`", f.type.value, *describe(f)) for f in table.fields))
        for table in tables.values()
        if table.name != "county_year_wide"
    )
    return "\n".join(parts)


def _markdown(header: Row, rows: Iterable[Row]) -> str:
    lines = (header, tuple("---" for _ in header), *rows)
    return "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |\n" for line in lines)


def _code(*names: str) -> str:
    return ", ".join(f"`{name}`" for name in names)
