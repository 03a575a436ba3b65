"""Reports as published -> text that rules can read, with every character's place in the original kept.

Only two edits are made: one character for one character (full-width digits, CJK radicals, traditional forms,
letters misread for digits) and one character for none (blanks, line ends inside a sentence, marks that do not
show). So each span of the readable text leads back to an exact span of the original. Not here: what the text
says.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from functools import cache
from typing import Final, final

LINE: Final = "\n"
CELL: Final = "|"


@final
class Normalised:
    """Readable text and the way back.

    ``text[i]`` stands at ``origins[k] + i - starts[k]`` of the original, ``k`` being the piece that holds ``i``.
    ``repaired`` are offsets into ``text`` of digits that were letters in the original.
    """

    def __init__(self, text: str, starts: list[int], origins: list[int], repaired: frozenset[int]) -> None:
        """Hold the text and its pieces."""
        self.text = text
        self.starts = starts
        self.origins = origins
        self.repaired = repaired
        self._latest = 0

    def original(self, offset: int) -> int:
        """Return where the character at ``offset`` stands in the original text (code points)."""
        piece = self._piece_at(offset)
        return self.origins[piece] + offset - self.starts[piece]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the original span of ``text[start:end]``; ``end`` must lie past ``start``."""
        piece = self._piece_at(start)
        shift = self.origins[piece] - self.starts[piece]
        if piece + 1 == len(self.starts) or end <= self.starts[piece + 1]:
            return start + shift, end + shift
        return start + shift, self.original(end - 1) + 1

    def _piece_at(self, offset: int) -> int:
        """Return the piece that holds ``offset``; most often it is that of the offset asked for before, or the next."""
        starts, latest, pieces = self.starts, self._latest, len(self.starts)
        if latest + 1 < pieces and offset >= starts[latest + 1]:
            latest += 1
        if offset < starts[latest] or (latest + 1 < pieces and offset >= starts[latest + 1]):
            latest = bisect_right(starts, offset) - 1
        self._latest = latest
        return latest


def normalise(text: str) -> Normalised:
    """Return the readable form of ``text``; never fails, linear in its length, and changes a readable text no more."""
    gaps, has_foreign = _gaps_in(text)
    if has_foreign:
        text = text.translate(_folding()[1])
    for mark, pattern in _ASCII_MARKS.items():
        if mark in text:
            text = pattern.sub(_widened, text)
    text, repaired = _mend_digits(text)
    pieces: list[str] = []
    starts: list[int] = [0]
    origins: list[int] = [0]
    length = 0
    at = 0
    for begin, end, kept in _changing(text, gaps):
        piece = text[at:begin] + kept
        pieces.append(piece)
        length += len(piece)
        at = end
        if length == starts[-1]:
            origins[-1] = at
        else:
            starts.append(length)
            origins.append(at)
    pieces.append(text[at:])
    if repaired:
        repaired = _moved(repaired, starts, origins)
    return Normalised("".join(pieces), starts, origins, frozenset(repaired))


_FOREIGN_RANGES: Final = ((0x2F00, 0x2FDF), (0xF900, 0xFAFF), (0xFF10, 0xFF19), (0xFF21, 0xFF3A), (0xFF41, 0xFF5A))
_LOOKALIKE: Final = re.compile(r"[OoQlIi〇](?:[0-9]|(?<=[0-9].))")
# Marks that do not show: controls, zero-width and directional marks, variation selectors, soft hyphens.
_UNSEEN: Final = "\\x00-\\x08\\x0e-\\x1b\\x7f\\u00ad\\u061c\\u180e\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u2064\\u2066-\\u2069\\ufe00-\\ufe0f\\ufeff"
# What \s stands for, written out: a set with a class in it is searched several times slower.
_WHITE: Final = "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000"
_BLANK: Final = f"[{_WHITE}{_UNSEEN}]"
# One blank and then more, not just blanks: `re` jumps to the next character of a set only where a pattern begins with one.
_GAP: Final = re.compile(f"{_BLANK}{_BLANK}*+")
_WIDE: Final = dict(zip(".,;:!?", "。，；：！？", strict=True))
# One pattern a mark: `re` looks for a single character much faster than for one of a set.
_ASCII_MARKS: Final = {
    mark: re.compile(rf"{re.escape(mark)}(?={_BLANK}*+(?P<after>[\u4e00-\u9fff（(《“\d])?)") for mark in _WIDE
}
_SHOWS_NOTHING: Final = re.compile(rf"[{_UNSEEN}]+")
_LINE_END: Final = re.compile(r"[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")

_RADICALS: Final = dict(
    zip(
        "⺀⺁⺄⺆⺇⺈⺉⺊⺋⺌⺍⺎⺏⺐⺑⺒⺓⺔⺖⺗⺘⺙⺛⺝⺞⺟⺠⺡⺢⺣⺤⺥⺦⺧⺨⺩⺪⺫⺬⺭⺮⺯⺰⺲⺳⺷⺹⺻⺼⺽⺾⻀⻁⻂⻃⻄⻅⻆⻈⻉⻋⻌⻍⻎⻏⻐⻑⻒⻓⻔⻕⻖⻗⻘⻙⻚⻛⻜⻝⻟⻠⻢⻣⻤⻥⻦⻧⻨⻩⻬⻭⻮⻰⻲⻳",
        "冫厂乙冂几刀刂卜㔾小小兀尢尣尣巳幺彐忄心扌攵旡月歺母民氵氺灬爪爪丬牛犭王疋目示礻竹糸纟罓罒羊老聿月臼艹艹虍衤西西见角讠贝车辶辶辶阝钅長镸长门阜阝雨青韦页风飞食饣首马骨鬼鱼鸟卤麦黄齐齿歯龙龟龟",
        strict=True,
    )
)

# Traditional forms of the characters that the words of the catalogue are written with.
_TRADITIONAL: Final = dict(
    zip(
        "們個並為無發業會議請數條規則報審結應訴調處罰縣區鄉鎮辦團動責項張類產員萬億兩復復決證書執監許權強製製費額屆開關過達與經濟總網絡頁際單職務據實現場傳講座訓練輔導學習術隊護維變駁終體範圍檢測標檔機構組織約協談約練聯點鐵錄鑑鑒問題難複雜歷眾糾紛億獲評優異選質輪輛運輸屬層廳從係統紀綱繼續給絕緝績編緩綜誡誤誰課論設詢試該詳認誠諮謀謝講譯讀貫財貧貨責貸貿賬賠購贈趕跡軌軟較載輕輯輸轉農連進遠適遷選遺郵釋針鋼錢鎖門閉間閱隨險雙離雲電靈靜響順須預領頻顧風養餘驗驅魚鳥黨齊齡龍準減測湯滿漁濫點煙熱營燈獎獨環產畢當發盡監盤眾礎禮種稱積穩窗築籌糧級細終給絡統絲經綠維網緊線練縮績繳罰義習聖聞聯聲聽肅腦臨舉舊興艦蘇處號蟲補裝製複見視覺覽觀觸計訂討訓託記訪許評詞該誌語說諾諸謹證識譜警變讓豐貢賢賣賦贊趙躍車軍輩辭邊遼達違鄧鄰醫針鈴鉛銀銅銷錦鍵鎮鏡鐘長門開閣閥關陣陰陳陸陽階際雜雞難霧韓項預額願類飛飯飲館駐騰驚點龜時會東書來優兒兩冊凍則剛創劃劉劑勞勝勢勵勸匯協卻參員問啟單嗎嘗嚴國圖圓團執堅報塊場壓壞壩夾奪奮婦孫學寧實審寫寬寶將專尋對導層屬嶺島師帥帳帶幣幫幹庫廟廠廢廣張強彈彙後徑從復徵德憂應懇懷態戰戲戶拋挾掃採換揮損搖擁擇擊擔據擴攔攝敗敵數斷於昇書暫曉權條枴棄業極構槍標樓樂樣樹橋機檔檢欄歐歡歲歸殺殼毀決沒淚淨漢潔潛澤濃濟灣滅",
        "们个并为无发业会议请数条规则报审结应诉调处罚县区乡镇办团动责项张类产员万亿两复复决证书执监许权强制制费额届开关过达与经济总网络页际单职务据实现场传讲座训练辅导学习术队护维变驳终体范围检测标档机构组织约协谈约练联点铁录鉴鉴问题难复杂历众纠纷亿获评优异选质轮辆运输属层厅从系统纪纲继续给绝缉绩编缓综诫误谁课论设询试该详认诚咨谋谢讲译读贯财贫货责贷贸账赔购赠赶迹轨软较载轻辑输转农连进远适迁选遗邮释针钢钱锁门闭间阅随险双离云电灵静响顺须预领频顾风养余验驱鱼鸟党齐龄龙准减测汤满渔滥点烟热营灯奖独环产毕当发尽监盘众础礼种称积稳窗筑筹粮级细终给络统丝经绿维网紧线练缩绩缴罚义习圣闻联声听肃脑临举旧兴舰苏处号虫补装制复见视觉览观触计订讨训托记访许评词该志语说诺诸谨证识谱警变让丰贡贤卖赋赞赵跃车军辈辞边辽达违邓邻医针铃铅银铜销锦键镇镜钟长门开阁阀关阵阴陈陆阳阶际杂鸡难雾韩项预额愿类飞饭饮馆驻腾惊点龟时会东书来优儿两册冻则刚创划刘剂劳胜势励劝汇协却参员问启单吗尝严国图圆团执坚报块场压坏坝夹夺奋妇孙学宁实审写宽宝将专寻对导层属岭岛师帅帐带币帮干库庙厂废广张强弹汇后径从复征德忧应恳怀态战戏户抛挟扫采换挥损摇拥择击担据扩拦摄败敌数断于升书暂晓权条拐弃业极构枪标楼乐样树桥机档检栏欧欢岁归杀壳毁决没泪净汉洁潜泽浓济湾灭",
        strict=True,
    )
)


@cache
def _folding() -> tuple[re.Pattern[str], dict[int, str]]:
    """Return the table of one-to-one edits, and what finds the characters that it concerns and, as a group, gaps."""
    table: dict[int, str] = {}
    for first, last in _FOREIGN_RANGES:
        for code in range(first, last + 1):
            plain = unicodedata.normalize("NFKC", chr(code))
            if len(plain) == 1:
                table[code] = plain
    for fancy, plain in zip("％．＋－／～", "%.+-/~", strict=True):
        table[ord(fancy)] = plain
    table.update((ord(radical), plain) for radical, plain in _RADICALS.items())
    table.update((ord(old), new) for old, new in _TRADITIONAL.items() if old != new)
    # Halves of surrogate pairs are no characters, and no encoding takes them.
    table.update(dict.fromkeys(range(0xD800, 0xE000), "\ufffd"))
    # Both begin with one set, so that a text is gone through once.
    foreign = re.escape("".join(map(chr, table)))
    return re.compile(f"[{_WHITE}{_UNSEEN}{foreign}](?:(?<={_BLANK})({_BLANK}*+)|)"), table


def _widened(found: re.Match[str]) -> str:
    """Return what a typewriter's mark is: beside a Chinese word, blanks or none between, it is a Chinese mark.

    Between digits it is not, nor is a point behind the number of an item.
    """
    mark, text, at = found[0], found.string, found.start()
    while at and text[at - 1] in _BLANKS:
        at -= 1
    before = text[at - 1] if at else ""
    after = found["after"] or ""
    is_behind_word = "\u4e00" <= before <= "\u9fff" or (before and before in "%％）)”")
    if mark == ".":
        is_wide = is_behind_word and before not in _ITEM_NUMBERS and after and after != "《"
    else:
        is_wide = is_behind_word or "\u4e00" <= after <= "\u9fff" or (after and after in "（《“")
    return _WIDE[mark] if is_wide else mark


_BLANKS: Final = frozenset(filter(_GAP.match, map(chr, range(0x10000))))
_ITEM_NUMBERS: Final = frozenset("一二三四五六七八九十")


def _mend_digits(text: str) -> tuple[str, set[int]]:
    """Return the text with letters that stand for digits inside a number replaced, and their offsets."""
    if not any(letter in text for letter in _DIGIT_FOR) or not _LOOKALIKE.search(text):
        return text, set()
    characters = list(text)
    repaired: set[int] = set()
    for run in _DIGIT_RUN.finditer(text):
        for at in range(run.start(), run.end()):
            if text[at] in _DIGIT_FOR:
                characters[at] = _DIGIT_FOR[text[at]]
                repaired.add(at)
    return "".join(characters), repaired


_DIGIT_FOR: Final = {"O": "0", "o": "0", "Q": "0", "〇": "0", "l": "1", "I": "1", "i": "1"}
# A number with a letter in it, only where a unit follows: 3O件, l2名. Words such as 4G or 3D stay what they are.
_DIGIT_RUN: Final = re.compile(
    r"(?<![A-Za-z0-9.])(?=[0-9OoQlIi〇]{0,12}[0-9])[0-9OoQlIi〇]{2,12}(?=\s?(?:余|多)?[万亿]?[件宗起次场期条篇份册项个处家户名人%元年月])"
)


def _moved(offsets: set[int], starts: list[int], origins: list[int]) -> set[int]:
    moved = set()
    for offset in offsets:
        piece = bisect_right(origins, offset) - 1
        moved.add(starts[piece] + offset - origins[piece])
    return moved


def _gaps_in(text: str) -> tuple[list[tuple[int, int]], bool]:
    """Return the gaps of a text, and whether one-to-one edits concern it; those change no gap."""
    gaps: list[tuple[int, int]] = []
    for found in _folding()[0].finditer(text):
        if found.lastindex is None:
            return [gap.span() for gap in _GAP.finditer(text)], True
        gaps.append(found.span())
    return gaps, False


def _changing(text: str, gaps: list[tuple[int, int]]) -> Iterator[tuple[int, int, str]]:
    """Yield the gaps that change, as offsets into ``text``, with what stays of each: nothing, a blank, a line end."""
    if not gaps:
        return
    lines = _Lines(text, gaps)
    joined = _inside_numbers(text, gaps, lines)
    last = len(text)
    for begin, end in gaps:
        gap = text[begin:end]
        if begin == 0 or end == last:
            kept = ""
        elif begin in lines.ends:
            kept = LINE if lines.stands(begin) else ""
        else:
            kept = "" if begin in joined else _blank(text[begin - 1], text[end], gap)
        if kept != gap:
            yield begin, end, kept


def _blank(before: str, after: str, gap: str) -> str:
    """Return what stays of a gap within a line: a tab, a blank between two words, one or two between two numbers."""
    if "\t" in gap:
        return "\t"
    if not (before.isascii() and after.isascii()) or _SHOWS_NOTHING.fullmatch(gap):
        return ""
    if before.isdigit() and after.isdigit():
        return "  " if len(_SHOWS_NOTHING.sub("", gap)) > 1 else " "
    return " " if before.isalpha() and after.isalpha() else ""


_UNITS: Final = "余多万亿件宗起次场期条篇份册本张卷套幅块项个处所家户名人位批支部辆艘台例桩封讲堂节亩吨元%％"
# Possessive, and tried once for each run: a row of a million numbers costs what its characters cost.
_GROUPS: Final = re.compile(rf"(?<![\d.,])\d++(?:(?:(?!{_LINE_END.pattern}){_BLANK})++\d++)++(?:\.\d++)?+")
_UNIT_NEXT: Final = re.compile(rf"(?P<gap>{_BLANK}*+)[{_UNITS}|]")
# The border before the last cell of a row: | 48 213
_BORDER: Final = re.compile(rf"\|{_BLANK}{{0,2}}\Z")
_GROUPED: Final = re.compile(r"\d{1,3}(?:\s\d{3})+(?:\.\d+)?")
# Without a unit, where a word stands before and a mark behind: 罚款2 077、拘留589.
_GROUPED_BARE: Final = re.compile(r"(?<=[\u4e00-\u9fff])\d{1,3} \d{3}(?=[、，。；）)])")
_PULLED_APART: Final = re.compile(r"\d{1,3}\s\d{1,3}(?:\.\d+)?|\d(?:\s\d)+")


def _inside_numbers(text: str, gaps: list[tuple[int, int]], lines: _Lines) -> set[int]:
    """Return the offsets of blanks inside one number (``1 047 件``, ``6 5 件``), not between two of a row (``31 4 0``).

    They are where a unit or the border of a cell follows, or a border goes before and the row ends, and the groups are thousands, or two, or all single digits.
    """
    found: set[int] = set()
    last = len(text)
    if not any(begin and end < last and text[begin - 1].isdecimal() and text[end].isdecimal() for begin, end in gaps):
        return found
    for run in _GROUPS.finditer(text):
        end = run.end()
        unit = _UNIT_NEXT.match(text, end)
        if unit is None:
            ends_row = (end == last or _LINE_END.match(text, end)) and _BORDER.search(
                text, max(0, run.start() - 3), run.start()
            )
            if not ends_row:
                continue
        elif unit["gap"] and end in lines.ends and lines.stands(end):
            continue
        shape = _SHOWS_NOTHING.sub("", run[0])
        if _GROUPED.fullmatch(shape) or _PULLED_APART.fullmatch(shape):
            found.update(run.start() + blank.start() for blank in _GAP.finditer(run[0]))
    found.update(text.index(" ", run.start()) for run in _GROUPED_BARE.finditer(text))
    return found


class _Lines:
    """The lines of a text as they were set, and which of their ends are ends and did not only break a sentence.

    Page breaks and narrow columns break lines anywhere, even inside a word. An end stands where the marks or the
    looks of the lines beside it say so, and around each line of a run of short ones (titles, one cell a line).
    Lines are judged without their blanks and as they were set, so that a second reading judges as the first did.
    """

    def __init__(self, text: str, gaps: list[tuple[int, int]]) -> None:
        """Cut ``text`` into lines at those of its ``gaps`` that hold a line end."""
        self._text = text
        self.ends: dict[int, int] = {}
        breaks = [
            (begin, end)
            for begin, end in gaps
            if (text[begin] == LINE or _LINE_END.search(text, begin, end)) and begin and end < len(text)
        ]
        self._spans: list[tuple[int, int]] = []
        self._bare: dict[int, str] = {}
        at = next((end for begin, end in gaps[:1] if begin == 0), 0)
        for place, (begin, end) in enumerate(breaks):
            self.ends[begin] = place
            self._spans.append((at, begin))
            at = end
        if breaks:
            stop = gaps[-1][0] if gaps[-1][1] == len(text) else len(text)
            self._spans.append((at, stop))

    def stands(self, begin: int) -> bool:
        """Tell whether the line end in the gap at ``begin`` is one."""
        if self._text[begin - 1] in _SENTENCE_END:
            return True
        place = self.ends[begin]
        return (
            self._closes(place)
            or self._opens(place + 1)
            or (place == 0 and self._is_title(place))
            or self._is_loose(place)
            or self._is_loose(place + 1)
        )

    def _closes(self, place: int) -> bool:
        """Tell whether what stands in a line ends with it: the row of a table, a heading."""
        if self._is_row(place):
            return True
        start, end = self._spans[place]
        return _OPENING_MARKER.match(self._line(place)) is not None and self._text.find("。", start, end) < 0

    def _opens(self, place: int) -> bool:
        """Tell whether something begins with a line: the row of a table, an item, a year's section."""
        line = self._line(place)
        return self._is_row(place) or _MARKER.match(line) is not None or _YEAR.match(line) is not None

    def _is_row(self, place: int) -> bool:
        text = self._text
        start, end = self._spans[place]
        if text.find(CELL, start, end) >= 0:
            return True
        ends_in_figure = text[end - 1].isdecimal() or text[end - 1] in _FIGURE_MARKS
        if ends_in_figure and _ROW_OF_FIGURES.fullmatch(text, start, end):
            return True
        begins_in_figure = text[start].isdecimal() or text[start] in _FIGURE_MARKS
        return begins_in_figure and not self._is_long(place) and _FIGURE.match(self._line(place)) is not None

    def _is_title(self, place: int) -> bool:
        if self._is_long(place):
            return False
        line = self._line(place)
        return len(line) < _LONGEST_TITLE and not _PUNCTUATION.search(line) and _TITLE.search(line) is not None

    def _is_loose(self, place: int) -> bool:
        return self._is_short(place) and any(
            0 <= beside < len(self._spans) and self._is_short(beside) for beside in (place - 1, place + 1)
        )

    def _is_short(self, place: int) -> bool:
        if self._is_long(place):
            return False
        line = self._line(place)
        return len(line) <= _SHORT and "，" not in line and not line[-1].isdigit()

    def _is_long(self, place: int) -> bool:
        start, end = self._spans[place]
        return end - start > _LONGEST_JUDGED

    def _line(self, place: int) -> str:
        """Return a line without its blanks; of a long line, which is none of few words, only its head."""
        line = self._bare.get(place)
        if line is None:
            start, end = self._spans[place]
            reach = start + _HEAD if self._is_long(place) else end
            line = self._bare[place] = _GAP.sub("", self._text[start:reach])
        return line


_LONGEST_JUDGED: Final = 200
_HEAD: Final = 24
_SENTENCE_END: Final = frozenset("。！？；：:;!?|")
_MARKER: Final = re.compile(
    r"[（(]?[一二三四五六七八九十]{1,3}[、）)．]|第[一二三四五六七八九十\d]{1,3}[章节条款部编]|\d{1,2}[、．](?!\d)|\d{1,2}\.(?![\d.])"
    r"|[（(]\d{1,2}[）)]|[①-⑳]|附件|附：|表[一二三四五六七八九\d]|注[:：]|备注|说明[:：]"
)
_OPENING_MARKER: Final = re.compile(
    r"[（(]?[一二三四五六七八九十]{1,3}[、）)．]|第[一二三四五六七八九十]{1,3}[章节部]|\d{1,2}[、．.](?!\d)"
)
_YEAR: Final = re.compile(r"(?:19|20)\d{2}年(?:度)?(?![来间底末])")
# A label and at least three figures: 收案数 56 21 3 80.
_ROW_OF_FIGURES: Final = re.compile(
    rf"[^\d\s，。；：、|]{{1,40}}+{_BLANK}*+\d[\d.,]{{0,12}}+%?+(?:{_BLANK}++\d[\d.,]{{0,12}}+%?+){{2,30}}+{_BLANK}*+"
)
# What a figure begins or ends with beside digits.
_FIGURE_MARKS: Final = frozenset("+-.,，%")
_FIGURE: Final = re.compile(r"[+\-]?[\d.,，]+(?:[%％件宗起次场人个项元]|个百分点)?\Z")
_SHORT: Final = 14
_LONGEST_TITLE: Final = 50
_PUNCTUATION: Final = re.compile(r"[，。；、：]")
_TITLE: Final = re.compile(
    r"(?:报告|总结|情况|公示|统计|分析|说明|数据|汇报|通报|年报|白皮书|公开|决定|政府|解读|[）)])\Z"
)
