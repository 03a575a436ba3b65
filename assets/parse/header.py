"""The header of a report: title, issuer, document number, addressee, date and year, each with where it stands.

Belongs here: the rules by which each field is found in the first and last lines (the official form of documents, with the
damage that web pages and PDFs do to it). Not here: which place a name means (`places`), and whose report it is (`identity`).
Patterns see each line without the blanks that layout puts into it; spans are those of the text as read.
"""

import re
from collections import Counter
from datetime import date
from itertools import islice
from typing import NamedTuple

from assets.parse.normalise import normalise


class Found(NamedTuple):
    """A field of the header."""

    value: str
    """Without the blanks and line ends that layout put into it."""
    rule_id: str
    char_start: int | None = None
    """Code point offsets into the text as read; None when the field comes from the origin record."""
    char_end: int | None = None


class Header(NamedTuple):
    """What a text says about itself; None where it says nothing."""

    title: Found | None
    issuer_in_title: Found | None
    red_head: Found | None
    """The body of the line `X文件` above the title."""
    signature: Found | None
    document_number: Found | None
    addressee: Found | None
    issued_on: Found | None
    """`2023-01-30`."""
    preamble_year: Found | None
    """Year of `现将2022年度…报告如下`."""
    heading_year: Found | None
    """Year of a line `2022年度报告` below the title."""
    body_year: Found | None
    """Year that more than half of all mentions of a year name."""


def read_header(text: str) -> Header:
    """The header of `text`, from its first and last lines and, for `body_year` alone, its whole."""
    head = _lines(text, 0, _SHORT_HEAD)
    title = _title_block(head)
    if title is None and len(text) > _SHORT_HEAD:
        head = _lines(text, 0, _HEAD)
        title = _title_block(head)
    tail = _lines(text, max(0, len(text) - _TAIL), len(text))
    first, after = title or (_LINES_OF_RED_HEAD, 0)
    line = _joined(head[first:after]) if title else None
    issuer = issuer_of_title(line.text) if line else None
    return Header(
        title=line and line.found("title.line"),
        issuer_in_title=line.found("issuer.title", 0, len(issuer)) if line and issuer else None,
        red_head=_whole_line(_RED_HEAD, head[:first], "issuer.red_head"),
        signature=_whole_line(_BODY_LINE, tail[: -_LINES_OF_SIGNATURE - 1 : -1], "issuer.signature"),
        document_number=_document_number(head[: after + _LINES_AROUND_TITLE]),
        addressee=_whole_line(_ADDRESSEE, head[after : after + _LINES_TO_ADDRESSEE], "addressee.line"),
        issued_on=_issued_on(head[: after + _LINES_AROUND_TITLE], tail),
        preamble_year=_preamble_year(text, line.end if line else 0),
        heading_year=_heading_year(head[after : after + _LINES_TO_ADDRESSEE]) if line else None,
        body_year=_body_year(text),
    )


def is_title(line: str) -> bool:
    """Whether `line`, without blanks, reads like the title of a report of a known kind."""
    return len(line) <= _LONGEST_TITLE and _TITLE.fullmatch(line) is not None and not _NO_REPORT.search(line)


def issuer_of_title(title: str) -> str | None:
    """The body at the start of a title: what stands before `关于`, the year or the topic; None when nothing does."""
    match = _BEFORE_TOPIC.match(title)
    return match["value"] if match and match["value"] else None


def places_in_title(title: str) -> list[str]:
    """The parts of a title that may begin with the place it is about: after `关于`, after the year."""
    return [title[match.end() :] for match in _PLACE_FOLLOWS.finditer(title)]


def year_of_title(title: str) -> int | None:
    """The year that a title reports on; None when it names none, or several of which none stands out.

    Spans of years (`2021—2025年`) are no years of a report. `2022年度` goes before `2022年`.
    """
    bare = _SPAN_OF_YEARS.sub("", title)
    for pattern in (_FISCAL_YEAR, _YEAR):
        years = {_number(match[1]) for match in pattern.finditer(bare)}
        if years:
            return years.pop() if len(years) == 1 else None
    return None


class _Line(NamedTuple):
    """A line, or several joined, without layout blanks, and the pieces of the text as read that it shows."""

    text: str
    pieces: tuple[tuple[int, str], ...]
    """Where each piece starts and the piece; its characters that are no blanks are those of `text`, one for one."""

    @property
    def end(self) -> int:
        """Where its last piece ends in the text as read."""
        begin, raw = self.pieces[-1]
        return begin + len(raw)

    def found(self, rule_id: str, start: int = 0, end: int | None = None, value: str | None = None) -> Found:
        stop = len(self.text) if end is None else end
        places = (begin + match.start() for begin, raw in self.pieces for match in _SHOWN.finditer(raw))
        offsets = list(islice(places, start, stop))
        return Found(value or self.text[start:stop], rule_id, offsets[0], offsets[-1] + 1)


_SHORT_HEAD = 900
"""Enough for most; a page with much navigation above the report gets the longer look."""
_HEAD = 3000
_TAIL = 800
_LINES_OF_RED_HEAD = 6
_LINES_AROUND_TITLE = 4
_LINES_TO_ADDRESSEE = 8
_LINES_OF_TITLE = 5
_LINES_OF_SIGNATURE = 12
_LONGEST_TITLE = 90
_LEAST_MENTIONS = 3

_RAW_LINE = re.compile(r"[^\r\n\f\v]+")
_HIDDEN = re.compile(r"[\s\u200b-\u200f\u202a-\u202e\u2060\ufeff\u00ad]+")
_SHOWN = re.compile(r"[^\s\u200b-\u200f\u202a-\u202e\u2060\ufeff\u00ad]")
_HANZI = "\u4e00-\u9fff"
_NAME = rf"[{_HANZI}、（）()]"
_YEAR_WORD = r"(?:(?<!\d)20\d\d|二[〇○零0][〇○零0一二三四五六七八九]{2})"
_YEAR = re.compile(rf"({_YEAR_WORD})年")
_FISCAL_YEAR = re.compile(rf"({_YEAR_WORD})年度")
_SPAN_OF_YEARS = re.compile(r"20\d\d年?[-—–─~～至到]+20\d\d年?")
_TOPIC = rf"法治政府|依法行政|法治建设|法治{_NAME}{{2,4}}建设|政府信息公开|信息公开|政务公开|行政复议|行政应诉|行政执法|规范性文件"
_NOT_IN_TITLE = "。；：:，|>＞〔〕﹝﹞"
_TITLE = re.compile(
    rf"(?=.*(?:关于|{_YEAR_WORD}年|政府|[县市区旗州盟]政务公开年报比对))(?![（(]?[一二三四五六七八九十\d]{{1,2}}[、）).．])[^{_NOT_IN_TITLE}]*?(?:{_TOPIC})[^{_NOT_IN_TITLE}]*?"
    r"(?:报告|年报(?:比对)?|总结|公告|通报|通知|公示|统计|数据|情况|决定|汇报|表)(?:[（(][^）)]{1,20}[）)])?"
)
_NO_REPORT = re.compile(
    r"要点|方案|规划|计划|意见|办法|工作安排|解读|座谈|培训|召开|举办|印发|转发|评估标准|指标体系|文件$|填报|开展.*通知"
)
_ORGAN = r"(?:人民政府|政府|办公[室厅]|委员会|[县市区州旗盟省]委|[局厅院处]|管委会|法治办)"
_BODY_LINE = re.compile(rf"(?P<value>{_NAME}{{2,60}}?{_ORGAN})(?:[（(]盖?章[）)])?")
_RED_HEAD = re.compile(rf"(?P<value>{_NAME}{{2,60}}?{_ORGAN})文件")
_DOCUMENT_NUMBER = re.compile(
    rf"(?:(?:文号|发文字号|文件编号)[:：])?(?P<body>[{_HANZI}]{{1,14}})[〔﹝\[［（(【](?P<year>(?:19|20)\d\d)年?[〕﹞\]］）)】]"
    r"(?:第)?(?P<number>\d{1,4})号(?:签发人.*)?"
)
_ADDRESSEE = re.compile(
    rf"(?P<value>(?!现将|现就|根据|按照)[{_HANZI}、，,（）()]{{2,80}}?"
    r"(?:政府|[县市区州旗盟省]委|委员会|常委会|人大|办公[室厅]|[局厅院委办]|单位|公众))[:：]"
)
_BEFORE_TOPIC = re.compile(rf"(?P<value>{_NAME}*?)(?:关于|{_YEAR_WORD}[年—–~-]|{_TOPIC})")
_PLACE_FOLLOWS = re.compile(rf"关于(?:{_YEAR_WORD}年度?)?|{_YEAR_WORD}年度?")
_DATE = re.compile(
    r"(?:(?:成文|发布|发文|印发|公开)(?:日期|时间)[:：]?|[（(])?"
    r"(?P<year>20\d\d|二[〇○零0][〇○零0一二三四五六七八九]{2})[年./-](?P<month>\d{1,2}|[一二三四五六七八九十]{1,2})[月./-]"
    r"(?P<day>\d{1,2}|[一二三四五六七八九十廿]{1,3})日?(?:[（(]?此件.*|[）)])?"
)
_YEAR_HEADING = re.compile(r"(20\d\d)年度?报告")
_PREAMBLE = re.compile(rf"({_YEAR_WORD})\s?年[^。]{{0,60}}?如\s?下")
# Begins with what is searched fast: the digit that may not stand before is looked for behind it.
_BODY_YEAR = re.compile(r"(20(?<!\d20)\d\d)\s?年")
_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")


def _lines(text: str, start: int, stop: int) -> list[_Line]:
    """The lines of `text[start:stop]` that show something, each without layout blanks."""
    lines = []
    for match in _RAW_LINE.finditer(text, start, stop):
        shown = _HIDDEN.sub("", normalise(match[0]).text)
        if shown:
            lines.append(_Line(shown, ((match.start(), match[0]),)))
    return lines


def _joined(lines: list[_Line]) -> _Line:
    return _Line("".join(line.text for line in lines), tuple(piece for line in lines for piece in line.pieces))


def _title_block(lines: list[_Line]) -> tuple[int, int] | None:
    """The first lines (first, after the last) that together read like a title; None when none do.

    The shortest block that ends first wins; it grows upwards over a line that is the name of a body, or the beginning of a
    title that was broken.
    """
    for after in range(1, len(lines) + 1):
        for first in range(after - 1, max(-1, after - 1 - _LINES_OF_TITLE), -1):
            if _RED_HEAD.fullmatch(lines[first].text):
                break
            if is_title(_joined(lines[first:after]).text):
                return _grown(lines, first, after), after
    return None


def _grown(lines: list[_Line], first: int, after: int) -> int:
    while first > max(0, after - _LINES_OF_TITLE):
        above = lines[first - 1].text
        block = _joined(lines[first - 1 : after]).text
        has_issuer = issuer_of_title(_joined(lines[first:after]).text) is not None
        begins_title = "关于" in above or _BODY_LINE.fullmatch(above) is not None
        if (
            (has_issuer and "关于" not in above)
            or not begins_title
            or _RED_HEAD.fullmatch(above)
            or not is_title(block)
        ):
            break
        first -= 1
    return first


def _whole_line(pattern: re.Pattern[str], lines: list[_Line], rule_id: str) -> Found | None:
    """The group `value` of the first line that `pattern` matches as a whole."""
    for line in lines:
        if match := pattern.fullmatch(line.text):
            return line.found(rule_id, *match.span("value"))
    return None


def _document_number(lines: list[_Line]) -> Found | None:
    for line in lines:
        if match := _DOCUMENT_NUMBER.fullmatch(line.text):
            value = f"{match['body']}〔{match['year']}〕{match['number']}号"
            return line.found("document_number.line", match.start("body"), match.end("number") + 1, value)
    return None


def _issued_on(head: list[_Line], tail: list[_Line]) -> Found | None:
    """The date that stands alone in one of the last lines, else near the title."""
    for lines, rule_id in ((tail[: -_LINES_OF_SIGNATURE - 1 : -1], "issued_on.signature"), (head, "issued_on.head")):
        for line in lines:
            match = _DATE.fullmatch(line.text)
            day = match and _as_date(match["year"], match["month"], match["day"])
            if match and day:
                return line.found(rule_id, match.start("year"), match.end("day"), day)
    return None


def _as_date(year: str, month: str, day: str) -> str | None:
    try:
        return date(_number(year), _number(month), _number(day)).isoformat()
    except ValueError:
        return None


def _preamble_year(text: str, start: int) -> Found | None:
    match = _PREAMBLE.search(text, start, start + _HEAD)
    return Found(str(_number(match[1])), "report_year.preamble", *match.span(1)) if match else None


def _heading_year(head: list[_Line]) -> Found | None:
    """The year of the line that is nothing but the heading of a year's report; None where there are several."""
    found = [(line, match) for line in head if (match := _YEAR_HEADING.fullmatch(line.text))]
    return found[0][0].found("report_year.heading", *found[0][1].span(1)) if len(found) == 1 else None


def _body_year(text: str) -> Found | None:
    mentions = Counter(_BODY_YEAR.findall(text))
    if not mentions:
        return None
    year, count = mentions.most_common(1)[0]
    is_majority = count >= _LEAST_MENTIONS and count * 2 > mentions.total()
    first = text.index(year) if is_majority else 0
    return Found(year, "report_year.body", first, first + len(year)) if is_majority else None


def _number(digits: str) -> int:
    """`2022`, `二〇二二`, `十二`, `二十三`, `廿三` as a number."""
    if digits.isascii():
        return int(digits)
    tens = digits.replace("廿", "二十")
    if "十" in tens:
        left, right = tens.split("十", 1)
        return int(left.translate(_DIGITS) or 1) * 10 + int(right.translate(_DIGITS) or 0)
    return int(tens.translate(_DIGITS))
