"""The closed lists: every word that a column may hold where it may not hold any word.

Here belong the lists themselves, each code with its names in Chinese and English and, where the name does not
say it all, what it means. Not here: which column uses which list (``contracts.tables``), nor the division
codes and indicators, which are tables of their own.
"""

from __future__ import annotations

from typing import NamedTuple


class Code(NamedTuple):
    """One allowed word: ``code`` is what stands in the data, the names are for readers."""

    code: str
    zh: str
    en: str
    meaning: str = ""


class Codelist(NamedTuple):
    """A closed list of codes, in the order in which readers should meet them."""

    name: str
    zh: str
    en: str
    entries: tuple[Code, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes alone, in order."""
        return tuple(entry.code for entry in self.entries)


SCOPE = Codelist(
    "scope",
    "口径",
    "Whose figure it is, relative to the body that reports",
    (
        Code(
            "reporter",
            "报告机关本级",
            "the reporting body itself",
            "县政府本级, or the department or township that writes",
        ),
        Code("territory", "全域", "its whole territory or all its agencies", "全县, 全县各级行政机关"),
        Code("departments", "所属部门", "its departments"),
        Code("subordinate_governments", "下级政府", "the governments below it", "townships and sub-districts"),
        Code("party_committee", "党委", "the Party committee at its level"),
        Code("superior_authority", "上级机关", "a higher body deciding on the reporter's acts"),
        Code("other", "其他", "another body, or several bodies counted together", "courts' own figures, joint counts"),
    ),
)

PERIOD = Codelist(
    "period",
    "时段",
    "The time that the figure covers",
    (
        Code("year", "报告年度", "the report year", "stocks at its end too"),
        Code("carried_over", "上年结转", "carried over into the report year"),
        Code("half_year", "半年", "half of the report year"),
        Code("quarter", "部分时段", "another part of the report year", "a quarter, or the year up to some month"),
        Code("cumulative", "累计", "several years together"),
    ),
)

QUALIFIER = Codelist(
    "qualifier",
    "限定",
    "How exactly the report states the value",
    (
        Code("exact", "准确", "as stated", "also for numerals in Chinese characters"),
        Code("at_least", "以上", "at least", "余 多 以上 逾 超 突破"),
        Code("approximately", "约", "approximately", "约 左右 近 将近"),
        Code("at_most", "以内", "at most", "不足 以内 不超过 低于"),
        Code("implied", "隐含", "implied, no numeral states it", "全部 无 均 全覆盖"),
    ),
)

OBS_STATUS = Codelist(
    "obs_status",
    "数值状态",
    "Why a value is there or is not (letters of SDMX)",
    (
        Code("A", "正常", "normal: the value is there"),
        Code("O", "未报告", "not reported", "the report says nothing of it; silence is not zero"),
        Code(
            "M",
            "不存在",
            "missing: no value can exist",
            "a share of nothing, or a whole that the report leaves unstated",
        ),
        Code("Q", "相互矛盾", "withheld because statements conflict", "every statement is kept in observations"),
    ),
)

NUMERAL_CLASS = Codelist(
    "class",
    "数字类别",
    "What the ledger says of a numeral",
    (
        Code("observation", "指标", "a rule of the catalogue claimed it"),
        Code("explained", "已解释", "no metric, and the kind says what it is"),
        Code("queued", "待审", "a quantity with a unit that no rule claims"),
        Code("unexplained", "未解释", "anything else: a defect"),
    ),
)

NUMERAL_KIND = Codelist(
    "kind",
    "数字种类",
    "What a numeral is when it is no metric, or why it waits",
    (
        Code("date", "日期", "a date, a year or a span of dates"),
        Code("duration", "期限", "a length of time"),
        Code("document_number", "文号", "part of a document number"),
        Code("law_title", "法规名称", "inside the title of a law or document"),
        Code("article", "条款", "an article or paragraph of a law"),
        Code("ordinal", "序数", "an ordinal"),
        Code("heading", "标题序号", "the number of a heading"),
        Code("enumeration", "列举序号", "the number of an item in a list"),
        Code("plan_name", "规划名称", "inside the name of a plan or campaign"),
        Code("slogan", "固定说法", "a slogan or set phrase"),
        Code("idiom", "词语", "a numeral character inside an ordinary word"),
        Code("target", "目标", "a target or a plan"),
        Code("comparison", "比较", "another year's figure, a change or a share"),
        Code("cumulative", "累计", "several years together"),
        Code("threshold", "限额", "a legal limit or threshold"),
        Code("norm", "标准", "a norm per unit"),
        Code("contact", "联系方式", "a telephone number, address or post code"),
        Code("identifier", "编号", "a number that names something", "hotlines, codes, versions"),
        Code("layer_count", "层级数", "a count of layers, kinds, steps or aspects"),
        Code("framing", "范围说明", "bodies or places that only frame another fact"),
        Code("restatement", "重复表述", "a fact stated again"),
        Code("table_label", "表格标签", "a label or row number of a table"),
        Code("furniture", "页面元素", "page numbers and site furniture"),
        Code("other", "其他", "no metric for another stated reason"),
        Code("conflict", "规则冲突", "queued: two rules claim it differently"),
        Code("fused", "数字粘连", "queued: cells run together, or too many digits to be one count"),
        Code("unsure_reading", "识别存疑", "queued: OCR is not sure of its sentence"),
        Code("rejected_observation", "指标被拒", "queued: the observation that claimed it broke a contract"),
        Code("uncatalogued", "目录未收", "queued: a quantity with a unit and no indicator"),
    ),
)

LEVEL = Codelist(
    "level",
    "层级",
    "The administrative level of the body that reports",
    (
        Code("province", "省级", "province"),
        Code("prefecture", "地级", "prefecture"),
        Code("county", "县级", "county"),
        Code("township", "乡级", "township or sub-district"),
    ),
)

DOCUMENT_KIND = Codelist(
    "document_kind",
    "文件种类",
    "What kind of report a document is",
    (
        Code(
            "county_government",
            "县级政府法治政府建设报告",
            "a county government's own report",
            "the only kind that feeds county_year",
        ),
        Code("prefecture_government", "地级政府报告", "a prefecture government's report"),
        Code("province_government", "省级政府报告", "a provincial government's report"),
        Code("department", "部门报告", "a department's report"),
        Code("township", "乡镇街道报告", "a township's or sub-district's report"),
        Code("open_government_report", "政府信息公开年度报告", "an annual report on open government"),
        Code("enforcement_statistics", "行政执法统计年报", "annual enforcement statistics"),
        Code("reconsideration_report", "行政复议情况报告", "a report on reconsideration and litigation"),
        Code("cleanup_notice", "规范性文件清理公告", "a notice of a clean-up of documents"),
        Code("other", "其他", "another kind of document"),
    ),
)

OUTCOME = Codelist(
    "outcome",
    "校验结果",
    "What came of trying an identity or a rule",
    (
        Code("holds", "成立", "it holds"),
        Code("fails", "不成立", "it fails"),
        Code("not_applicable", "不适用", "what it needs was not reported, or not for certain"),
    ),
)

UNIT = Codelist(
    "unit",
    "计量单位",
    "The unit of a value",
    (
        Code("件", "件", "cases or items", "件 宗 起 例 are one unit"),
        Code("宗", "宗", "cases", "used by the statistics of enforcement"),
        Code("项", "项", "items"),
        Code("个", "个", "units"),
        Code("条", "条", "entries"),
        Code("份", "份", "copies"),
        Code("次", "次", "times"),
        Code("场", "场", "sessions"),
        Code("场次", "场次", "sessions"),
        Code("期", "期", "courses"),
        Code("篇", "篇", "articles"),
        Code("名", "名", "persons"),
        Code("人", "人", "persons"),
        Code("人次", "人次", "person-times"),
        Code("家", "家", "organisations"),
        Code("万元", "万元", "ten thousand yuan"),
        Code("percent", "%", "percent, as printed: 91 for 91%"),
    ),
)

VALUE_KIND = Codelist(
    "value_kind",
    "数值种类",
    "What kind of number an indicator is",
    (
        Code("count", "计数", "a whole number, 0 or more"),
        Code("rate", "比率", "a percentage"),
        Code("amount", "金额", "an amount of money"),
    ),
)

TIER = Codelist(
    "tier",
    "指标层次",
    "How common an indicator is in the reports",
    (
        Code("core", "核心", "core"),
        Code("standard", "标准", "standard"),
        Code("extended", "扩展", "extended"),
    ),
)

CODELISTS: dict[str, Codelist] = {
    codelist.name: codelist
    for codelist in (
        SCOPE,
        PERIOD,
        QUALIFIER,
        OBS_STATUS,
        NUMERAL_CLASS,
        NUMERAL_KIND,
        LEVEL,
        DOCUMENT_KIND,
        OUTCOME,
        UNIT,
        VALUE_KIND,
        TIER,
    )
}
