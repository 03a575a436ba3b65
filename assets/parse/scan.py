"""Every numeral of a readable text, with its value and unit, or with what it is when it counts nothing.

Here belongs what the form of a numeral alone tells: dates, ordinals, document numbers, names with digits,
quantities and their units. Not here: what the words around a quantity make of it (``assets.parse.frames``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Final, final

from contracts.indicators import Lexicon

CHINESE: Final = "零〇一二两三四五六七八九十百千万亿廿卅"


@final
class Scanned:
    """A numeral: ``text[start:end]``.

    ``kind`` says what it is when its form tells that it is no quantity, else it is empty. Then ``value`` holds
    the number with 万 and 亿 resolved (percentages as printed, money in 万元), ``unit`` the unit word (empty when none
    follows), ``after`` the offset behind the unit, and ``qualifier`` the code that a particle at the number gives.
    ``chinese`` marks a numeral in characters, ``fused`` one too long to be a number.
    """

    def __init__(
        self,
        start: int,
        end: int,
        after: int,
        kind: str = "",
        *,
        value: float = 0.0,
        unit: str = "",
        qualifier: str = "",
        chinese: bool = False,
        fused: bool = False,
    ) -> None:
        """Hold what the form of the numeral tells."""
        self.start = start
        self.end = end
        self.kind = kind
        self.value = value
        self.unit = unit
        self.after = after
        self.qualifier = qualifier
        self.chinese = chinese
        self.fused = fused


class Scanner:
    """Finds numerals; made once from the unit words of a lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        """Compile the patterns: possessive and bounded throughout, so that time grows with the text alone."""
        arabic_units = _one_of(lexicon.units.values())
        chinese_units = _one_of(words for name, words in lexicon.units.items() if name not in ("其他", "%", "课时"))
        self._quantity = re.compile(_quantity(arabic_units), re.VERBOSE)
        self._characters = re.compile(_in_characters(chinese_units), re.VERBOSE)

    def scan(self, text: str) -> list[Scanned]:
        """Return the numerals of ``text`` from left to right, none overlapping another, every digit in one."""
        numerals: list[Scanned] = []
        at = 0
        while found := _CANDIDATE.search(text, at):
            start = found.start()
            character = text[start]
            if character in _ASCII_DIGITS:
                if quantity := self._quantity.match(text, start):
                    number, more, mult, more_yet, unit = quantity.groups()
                    over = bool(more or more_yet)
                    numeral = _numeral(start, quantity.end(), str(number), mult, str(unit), over=over)
                    numerals.append(numeral)
                    at = numeral.end
                    continue
                hit = _OF_DIGITS.match(text, start)
            elif character in _OPENERS:
                hit = _OF_OPENERS.match(text, start)
            else:
                hit = _OF_CHARACTERS.match(text, start) or self._characters.match(text, start)
            if hit is not None:
                at = _add(numerals, hit)
                continue
            run = None if character in _OPENERS else _RUN.match(text, start)
            at = run.end() if run else start + 1
            if run:
                numerals.append(Scanned(start, at, at, "idiom", chinese=True))
        return numerals


def _one_of(classes: Iterable[Iterable[str]]) -> str:
    """Return a pattern for the longest of the unit words that stands at a place.

    Units of one character that begin no other make one set, which costs a single look where a choice costs one for each.
    """
    by_first: dict[str, set[str]] = {}
    for words in classes:
        for word in words:
            by_first.setdefault(word[0], set()).add(word[1:])
    alone = "".join(first for first, rests in by_first.items() if rests == {""})
    longer = (
        f"{re.escape(first)}(?:{'|'.join(map(re.escape, sorted(rests, key=len, reverse=True)))})"
        for first, rests in by_first.items()
        if rests != {""}
    )
    return "|".join((f"[{re.escape(alone)}]", *longer))


def _add(numerals: list[Scanned], hit: re.Match[str]) -> int:
    """Add the numerals of a form that was found; return where to look on."""
    kind = str(hit.lastgroup)
    read = _READ.get(kind)
    if read is not None:
        numeral = read(hit)
        numerals.append(numeral)
        return numeral.end
    start, end = hit.span()
    if kind in ("law_title", "slogan"):
        numerals += [Scanned(*inner.span(), end, kind) for inner in _RUN.finditer(hit.string, start, end)]
    else:
        numerals.append(Scanned(start, end, end, _KIND.get(kind, kind)))
    return end


_ASCII_DIGITS: Final = frozenset("0123456789+-")
_OPENERS: Final = frozenset("《“〔﹝（([【")
# Where digits of other scripts lie, and much else: `re` looks for a character in ranges faster than for what \d means.
_FAR_DIGITS: Final = "\u0660-\u1c59\ua620-\uabf9\uff10-\uff19\U00010000-\U0010ffff"
_CANDIDATE: Final = re.compile(
    rf"[0-9{_FAR_DIGITS}{CHINESE}①-⑳《“〔﹝（(\[【第前+\-](?:(?<=[\d{CHINESE}①-⑳])|(?<=[〔﹝（(\[【第前])(?=[（(]?[\d{CHINESE}])"
    rf"|(?<=[《“])(?=[^《》“”\n\d{CHINESE}]{{0,120}}+[\d{CHINESE}])|(?<=[+\-])(?<![\dA-Za-z][+\-])(?=\d))"
)
_RUN: Final = re.compile(rf"\d++(?:\.\d++)?|[{CHINESE}①-⑳]++")
_KIND: Final = {
    "year": "date",
    "cndate": "date",
    "rank": "ordinal",
    "parted": "document_number",
    "number_name": "identifier",
}
_MULTIPLES: Final = {
    "万": 10_000,
    "亿": 100_000_000,
    "千": 1_000,
    "百": 100,
    "万亿": 1_000_000_000_000,
    "千万": 10_000_000,
    "百万": 1_000_000,
}


_CN: Final = f"[{CHINESE}]"
_ITEM: Final = r"(?<![^\n。；：;:|）)！？”\t ])"
_KINDS_COUNTED: Final = (
    r"(?:方面|大类|类别|类|种(?!次)|级(?!人)|层级|层次|层面|层|环节|领域|维度|步骤|阶段|板块|体系|大(?!队|会|厅|多|力|型|学|量|家|要|练)"
    r"|章|档|位一体|化(?!解)|要件|院|权|线|网|库|清单|机制|结合)"
)

# The forms of numerals by the character that they begin with: the fewer to try, the faster.
_OF_OPENERS: Final = re.compile(
    rf"""
      (?P<law_title>《[^《》\n]{{1,120}}+》)
    | (?P<slogan>“(?=[^”\n]{{0,16}}[\d{CHINESE}])(?![^”\n]*[，。])(?!零”)[^“”\n]{{1,24}}+”)
    | (?P<document_number>[〔﹝\[（(【](?:19|20)\d{{2,4}}+[〕﹞\]）)】]?第?\d{{0,5}}+号 | [〔﹝](?:19|20)\d{{2,5}}+[〕﹞]?(?:\d{{1,5}}+号?)?)
    | {_ITEM}(?P<heading>[（(][一二三四五六七八九十]{{1,3}}+[)）] | [（(]\d{{1,2}}+[)）])
    """,
    re.VERBOSE,
)


_OF_CHARACTERS: Final = re.compile(
    rf"""
      {_ITEM}(?P<heading>[一二三四五六七八九十]{{1,3}}+、 | [①-⑳])
    | (?<![^\n，。；：、;:|）)”！ ])(?P<enumeration>[一二三四五六七八九十]{{1,2}}+是)
    | (?P<article>第[（(]?(?:\d{{1,4}}+|{_CN}{{1,6}}+)[)）]?(?:条|款|项|章|节|编)(?:第?[（(]?(?:\d{{1,3}}+|{_CN}{{1,4}}+)[)）]?[款项条])*+)
    | (?P<cndate>[一二][〇零○O九][〇零○O一二三四五六七八九]{{2}}年度?(?:{_CN}{{1,3}}+月(?:份|{_CN}{{1,3}}+日)?)?
        | (?:前|第)?[一二三四1-4]季度 | [一二三四五六七八九十]{{1,2}}+月(?:份|底|末|初|{_CN}{{1,3}}+日))
    | (?P<ordinal>第[（(]?(?:\d{{1,5}}+|{_CN}{{1,6}}+)[)）]?(?:[批次届名位期轮号])? | 前(?:\d{{1,3}}+|{_CN}{{1,3}}+)[名位强]
        | {_CN}{{1,5}}+届(?:(?:\d{{1,2}}+|{_CN}{{1,4}}+)次)?(?!别) | {_CN}{{1,2}}+等(?:奖|功|次) | {_CN}号(?=[^\d]))
    | (?P<duration>前?{_CN}{{1,3}}+(?:多|余)?个?(?:工作日|月|小时|分钟|周|天|日|年|秒|星期|季度)(?:内|间|来|以来|以内|一次)?(?!代))
    | (?P<percent>百分之(?:(?P<cnpercent>{_CN}{{1,9}}+(?:点[零〇一二三四五六七八九]{{1,4}}+)?)|(?P<percent_digits>\d{{1,3}}+(?:\.\d++)?)))
    | (?P<comparison>{_CN}{{1,2}}+分之{_CN}{{1,3}}+ | [一二两三四五六七八九]成(?=[，。；、左以多\n]|$) | {_CN}{{1,3}}+倍)
    | (?P<layer_count>{_CN}{{1,3}}+个?{_KINDS_COUNTED})
    | (?P<zero>(?<=[为是达“])零(?=[，。；、）)”\n]|$)|零(?=败诉|纠错|被纠错))
    """,
    re.VERBOSE,
)


def _in_characters(units: str) -> str:
    """A number in characters with its particles and unit."""
    return rf"""
    (?P<chinese>(?P<cn>{_CN}{{1,12}}+)(?P<cnmore>余|多)?(?P<cnunit>{units})(?!化|制|线|律))
    """


# First what most numbers are: without groups of thousands, without 余 and 万.
_NUMBER: Final = r"""
    (?P<number>\d++(?![,，])(?:\.\d++)? | \d{1,3}+(?:,\d{3})++(?!\d)(?:\.\d++)?
      | \d{1,3}+(?:，\d{3})++(?=(?:余|多)?[万亿件宗起次场期条篇份册项个处所家户名人元]) | \d++(?:\.\d++)?)
    (?:(?=[余多万亿千百])
       (?P<more>余|多(?![\d少]))?(?P<mult>万亿|[千百]万|[万亿千百](?![家户]灯|众|村|企|人评))?(?P<more2>余|多(?!\d))?|)
    """


def _quantity(units: str) -> str:
    """A number with 万 or 亿, particles and a unit; most numerals of a report are that, so it is tried first."""
    return rf"""
    [+\-]?{_NUMBER}
    (?P<unit>(?:{units})(?!百分点|工作日|月(?!份)|方面|环节|大类|类别|层|维度|步骤|阶段|板块|体系)|%)
    """


# Digits that are no number with a unit.
_OF_DIGITS: Final = re.compile(
    rf"""
      (?P<furniture>(?<=[—–－])\d{{1,3}}(?=[—–－](?!\d)))
    | {_ITEM}(?P<heading>\d{{1,2}}+(?:[、．]|\.(?![\d.])|[)）](?=[\u4e00-\u9fff])))
    | (?P<table_label>(?<=[\n附]表)\d{{1,2}}+(?![.\d]))
    | (?P<year>(?:19|20)\d{{2}}年?度?\s?[-—–－~～至到]\s?(?:(?:19|20)\d{{2}})年?度?
        | (?:19|20)\d{{2}}年?[度]?(?:底|末|初)?(?:(?<=年)(?:1[0-2]|0?[1-9])月(?:份|底|末|初)?(?:[0-3]?\d日)?)?(?:(?<=[日月底末])[前后起止])?(?<=[年度月份底末初日前后起止])
        | (?:19|20)\d{{2}}[./-](?:1[0-2]|0?[1-9])(?:[./-][0-3]?\d)?(?![\d.])
        | (?:1[0-2]|0?[1-9])\s?[-—–~～至到]\s?(?:1[0-2]|0?[1-9])月(?:份|底|末)?
        | (?:1[0-2]|0?[1-9])月(?:份|底|末|初)?(?:[0-3]?\d日)?前?(?!次|期) | [1-4]季度
        | (?:1[0-2]|[1-9])(?:·|\.(?=[0-3]?\d(?:[”"]|国家|宪法|安全|宪)))[0-3]?\d(?!\d) | (?:19|20)\d{{2}}(?=全年|[上下]半年))
    | (?P<document_number>(?<=[令告])\d{{1,5}}+号 | (?<=[政府发办文字法函通规])\d{{4,7}}+号)
    | (?P<ordinal>\d{{1,3}}+届(?:(?:\d{{1,2}}+|{_CN}{{1,4}}+)次)?(?!别))
    | (?P<duration>\d{{1,4}}+(?:\.\d{{1,2}}+)?(?:多|余)?个?(?:工作日|月|小时|分钟|周|天|日|年|秒|星期|季度)(?:内|间|来|以来|以内|一次)?(?!代))
    | (?P<comparison>\d++(?:\.\d++)?个百分点 | \d++(?:\.\d++)?倍)
    | (?P<identifier>(?<=附件)\d{{1,2}}(?!\d) | \d++(?:\.\d++)?[:：]\d++(?:\.\d++)?(?![\d，]) | \d{{1,2}}\.0(?!\d)版? | \d++(?:\+(?:\d++|[NnXx]))++ | [1-9]G(?![A-Za-z])
        | \d{{1,3}}/\d{{1,3}}(?!\d))
    | (?P<contact>123\d\d(?![\d.,万亿余多件次个条份人名户家项元]) | 96\d{{3,4}}(?=热线|平台) | 0\d{{2,3}}-\d{{7,8}}+ | 1[3-9]\d{{9}}(?!\d) | (?<=[话编真][:：])\d{{6,12}}+)
    | (?P<layer_count>\d{{1,3}}+个?{_KINDS_COUNTED})
    | (?P<threshold>\d++(?:\.\d++)?[-—–~～至]\d++(?:\.\d++)?(?=[年月天日万亿个名人件次场家户项条份%元]))
    | (?P<bare>[+\-]?{_NUMBER})
    """,
    re.VERBOSE,
)


def _bare(hit: re.Match[str]) -> Scanned:
    number, more, mult, more_yet = hit.group("number", "more", "mult", "more2")
    return _numeral(hit.start(), hit.end(), number, mult, "", over=bool(more or more_yet))


def _numeral(start: int, after: int, number: str, mult: str | None, unit: str, *, over: bool) -> Scanned:
    digits = number if number.isdecimal() else number.replace(",", "").replace("，", "")
    return Scanned(
        start,
        after - len(unit),
        after,
        value=_value(digits, mult, unit),
        unit=unit,
        qualifier="at_least" if over else "",
        fused=len(digits) > _LONGEST and len(digits.partition(".")[0]) > _LONGEST,
    )


_MONEY: Final = frozenset(("元", "万元", "亿元"))
# Past this many digits a float is infinite.
_MOST_DIGITS: Final = 300
# No count of a county has more digits; longer runs are cells that lost their borders.
_LONGEST: Final = 11


def _value(digits: str, mult: str | None, unit: str) -> float:
    if not mult and unit not in _MONEY:
        return float(digits) if len(digits) < _MOST_DIGITS else float("inf")
    if len(digits) > _MOST_DIGITS:
        return float("inf")
    value = Decimal(digits) * _MULTIPLES.get(mult or "", 1)
    if unit == "元":
        value /= 10_000
    elif unit == "亿元":
        value *= 10_000
    return float(value)


def _chinese(hit: re.Match[str]) -> Scanned:
    unit = hit["cnunit"]
    value = chinese_value(hit["cn"])
    if unit in _MONEY:
        value = value / 10_000 if unit == "元" else value * (10_000 if unit == "亿元" else 1)
    end = max(hit.end("cn"), hit.end("cnmore"))
    qualifier = "at_least" if hit["cnmore"] else ""
    return Scanned(hit.start(), end, hit.end(), value=value, unit=unit, qualifier=qualifier, chinese=True)


def _percent(hit: re.Match[str]) -> Scanned:
    value = chinese_value(hit["cnpercent"]) if hit["cnpercent"] else float(hit["percent_digits"])
    return Scanned(hit.start(), hit.end(), hit.end(), value=value, unit="%", chinese=True)


def _zero(hit: re.Match[str]) -> Scanned:
    return Scanned(hit.start(), hit.end(), hit.end(), chinese=True)


_READ: Final = {"bare": _bare, "chinese": _chinese, "percent": _percent, "zero": _zero}

_DIGITS: Final = {character: n for n, character in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_TENS: Final = {"十": 10, "百": 100, "千": 1_000, "廿": 20, "卅": 30}


def chinese_value(text: str) -> float:
    """Return the number that Chinese characters write: 十二 is 12, 二〇二三 is 2023, 一千零五 is 1005, 三点五 is 3.5."""
    whole, _, decimals = text.partition("点")
    total = section = digit = 0
    if len(whole) > 1 and all(character in _DIGITS for character in whole):
        total = int("".join(str(_DIGITS[character]) for character in whole))
    else:
        for character in whole:
            if character in _DIGITS:
                digit = _DIGITS[character]
            elif character in ("廿", "卅"):
                section += _TENS[character]
            elif character in _TENS:
                section += (digit or 1) * _TENS[character]
                digit = 0
            else:
                multiple, part = _MULTIPLES[character], section + digit
                # 一亿零三万 adds, 一万亿 multiplies.
                total = total + (part or 1) * multiple if total > multiple else (total + part or 1) * multiple
                section = digit = 0
        total += section + digit
    if decimals:
        return float(f"{total}.{''.join(str(_DIGITS[character]) for character in decimals)}")
    return float(total)
