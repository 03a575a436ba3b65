"""Where a text is: its report year, its reporting body's level, its headings, and passages that hold no results.

Not here: what numbers say.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Final, final

_TITLE_YEAR: Final = re.compile(
    r"((?:19|20)\d{2})年(?:度)?(?![\d底末前以]|[，,]?[^，。\d]{0,6}(?:将|力争|计划|拟|要|继续))[^。\n]{0,16}?(?:法治政府|依法行政|行政复议|行政执法|行政处罚|行政许可|政府信息公开|规范性文件|工作总结|工作报告|工作情况|统计|情况的报告|年度报告|公示)"
)
_HERE_YEAR: Final = re.compile(r"现将[^。]{0,12}?((?:19|20)\d{2})年")
# A year that figures may be of: not a month of it, not where it only bounds or compares, nor what is to come in it.
_ANY_YEAR: Final = re.compile(
    r"(?<![\d自从比较对是至到])((?:19|20)\d{2})年(度)?(?!\d|[前底末起初至到—–~～-]|以来|以前|之前|来的|[，,]?[^，。\d]{0,8}(?:将|力争|计划|拟|要|下一步|继续|目标|打算|工作重点))"
)
# Titles of laws and years of document numbers. `re` jumps from one character of the first set to the next.
_NAMED: Final = re.compile(r"[《〔\[（(](?:(?<=《)[^《》\n]{1,120}》|(?<!《)\d{4}[〕\]）)])")
_LONGEST_NAMED: Final = 122
_HEAD: Final = 260
_HEAD_READ: Final = 600


def report_year(text: str) -> int | None:
    """Return the year that a readable text reports on, None when it names none.

    The title decides, then the phrase 现将YYYY年度…报告如下, then the year that its figures are most often said
    to be of.
    """
    # Most titles tell, and for those the rest need not be cleaned of names.
    head = _NAMED.sub("", text[:_HEAD_READ])
    body = head if len(head) > _HEAD + _LONGEST_NAMED else _NAMED.sub("", text[:20_000])
    if found := _TITLE_YEAR.search(body[:_HEAD]):
        return int(found[1])
    body = _NAMED.sub("", text[:20_000])
    if found := _HERE_YEAR.search(body[:1500]):
        return int(found[1])
    years: Counter[int] = Counter()
    for year, whole in _ANY_YEAR.findall(body):
        years[int(year)] += 2 if whole else 1
    if not years:
        return None
    most = max(years.values())
    return max(year for year, count in years.items() if count == most)


_WE_BELOW: Final = re.compile(r"我局|本局|我委|本委|我大队|我办|我镇|我乡|我街道|我中心|[本我]单位|本镇|本乡|本街道")
_WE_GOVERN: Final = re.compile(r"我县|我区|我市|我旗|本县|本区")
_BELOW: Final = re.compile(
    r"全局|局党组|局党委|局机关|全镇|全乡|苏木(?:党委|政府)|(?<![乡各])镇党委|(?<!各)乡党委|党工委|(?<![乡各])镇政府|(?<!各)乡政府|(?<![（(、])街道办事处|全街道"
)
_TOWN: Final = re.compile(
    r"[我全本][镇乡]|[我全本]街道|苏木(?:党委|政府)|(?<![乡各])镇(?:政府|党委)|(?<!各)乡(?:政府|党委)|(?<![（(、])街道办事处|党工委"
)
_GOVERNMENT: Final = re.compile(r"全县|全区|全旗|全市|县政府|区政府|市政府|县委|区委|市委")
# Each alternative behind the one set that all begin with: so `re` jumps from one such character to the next.
_OF_CITY: Final = re.compile(
    r"[全我本市各](?:(?<=[全我本])市|(?<=市)本级|(?<=市)直|(?<=各)(?:县[（(]?[市区]|区县|县区))"
)
_OF_COUNTY: Final = re.compile(
    r"[全我本县区旗](?:(?<=[全我本])[县区旗]|(?<=[县区旗])(?:(?:人民)?政府|本级|直|委(?!会)|司法局))"
)
_TITLE_BODY: Final = re.compile(
    r"(?P<township>(?:^|(?<=[关于\s、（(“”]))(?![^镇乡道]{0,8}[各个全我本等对和与向由赴到])[一-龥]{1,8}(?:镇|乡|街道|苏木)(?:人民政府|办事处)?)(?=[^，。]{0,12}(?:20\d\d|法治|依法|全年|上半年|综合|行政))"
    r"|[一-龥]{2,14}(?:局|委员会|(?<=卫健|发改|住建|城管|国资)委|支队|大队|管委会|中心)(?=[^，。]{0,10}(?:关于|20\d\d|法治|依法|执法(?:情况|数据|统计)))"
    r"|(?P<government>[一-龥]{1,10}(?:县|区|市|旗)(?:人民政府|政府)?(?:办公室)?)(?=[^，。]{0,12}(?:关于|20\d\d|法治|依法|行政))",
    re.MULTILINE,
)


@final
class Writer:
    """The body that reports, as far as reading depends on it.

    A government decides cases of reconsideration, and its bureau of justice prepares them; every other body only
    is their respondent. ``kind`` is government, department or township; ``discloses`` marks reports on open
    government: they speak for the body alone.
    """

    def __init__(self, text: str, kind: str, *, decides_reconsideration: bool, discloses: bool) -> None:
        """Hold what was told of the writer of ``text``."""
        self.kind = kind
        self.decides_reconsideration = decides_reconsideration
        self.discloses = discloses
        self._text = text
        self._counted: int | None = None

    @property
    def of_city(self) -> bool:
        """Whether the report may be of a city, which calls its own government 市政府."""
        return self._cities_over_counties() >= 0

    @property
    def governs_counties(self) -> bool:
        """Whether the report certainly is of a city."""
        return self._cities_over_counties() > 0

    def _cities_over_counties(self) -> int:
        """Return how many more words speak of a city than of a county; few reports need it, so it waits to be asked."""
        if self._counted is None:
            sample = self._text[:6000]
            self._counted = len(_OF_CITY.findall(sample)) - len(_OF_COUNTY.findall(sample))
        return self._counted

    def governs(self, kind: str) -> bool:
        """Whether places of a kind lie below the writer: towns below every government, counties below a city."""
        return self.kind == "government" and (kind in _TOWNS or self.governs_counties)

    def means(self, words: str, scope: str) -> str:
        """Return whose figures words of a scope name in this report, empty when they say nothing.

        The writer itself may be such a body (街道 in a sub-district's report); 市政府 is a county's superior, and 镇政府 stands
        below it.
        """
        if scope == "reporter" and words.startswith("市") and not self.of_city:
            return ""
        if scope == "reporter" and self.kind == "government" and words.startswith(_TOWNS):
            return "subordinate_governments"
        if self.kind == "township":
            return "" if scope in ("departments", "subordinate_governments") else scope
        if self.kind == "department" and scope == "departments" and not self.decides_reconsideration:
            return ""
        return scope


def writer(text: str) -> Writer:
    """Tell who writes a readable text: by its title, else by how it speaks of itself."""
    head = text[:_TITLE_REACH].partition("。")[0]
    found = _TITLE_BODY.search(head)
    if found:
        kind = found.lastgroup or "department"
    else:
        sample = text[:6000]
        of_itself = len(_WE_BELOW.findall(sample)) - len(_WE_GOVERN.findall(sample))
        of_all = len(_BELOW.findall(sample)) - len(_GOVERNMENT.findall(sample))
        kind = "government" if (of_itself or of_all) <= 0 else "township" if _TOWN.search(sample) else "department"
    is_justice = _DECIDING_BUREAU.search(found[0] if found else head) is not None
    return Writer(
        text,
        kind,
        decides_reconsideration=kind == "government" or is_justice,
        discloses=_DISCLOSURE.search(head) is not None,
    )


_TITLE_REACH: Final = 120
_TOWNS: Final = ("镇", "乡", "街道", "苏木")
_DECIDING_BUREAU: Final = re.compile(r"司法局(?!：)|行政复议局|复议应诉中心|行政复议委员会|依法治[县区市旗]")
_DISCLOSURE: Final = re.compile(r"政府信息公开工作|主动公开政府信息|收到和处理政府信息公开|信息公开年度报告")

# One group a level.
_MARKER: Final = re.compile(
    r"([一二三四五六七八九十]{1,3}、|第[一二三四五六七八九十]{1,3}[章部编])"
    r"|([（(][一二三四五六七八九十]{1,3}[)）])"
    r"|(\d{1,2}[、．.])"
    r"|([（(]\d{1,2}[)）]|\d{1,2}[)）]|[①-⑳])"
)


def heading_level(text: str, start: int) -> int:
    """Return 1 to 4 for the marker that stands at ``start``, 0 when none does."""
    marker = _MARKER.match(text, start)
    return (marker.lastindex or 0) if marker else 0
