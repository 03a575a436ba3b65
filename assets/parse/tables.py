"""Tables that stand in a text as rows of ``|``, or one cell a line: cells with the labels that say what they count.

A cell is bound by the words of its labels and never by its place: a label that the catalogue does not understand
makes the cell a part of something, and a part is not the whole. Not here: rules, and what a caption is about.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container
from typing import Final, NamedTuple

from assets.parse.outline import heading_level

_SHORT_LINE: Final = 16
_LONGEST_LABEL: Final = 40
_LEAST_CELLS: Final = 6
_NUMBER: Final = re.compile(r"[+\-]?\d[\d,，. ]*(?:%|个百分点)?\s*(?:件|宗|起|次|项|人|个|万元|元)?\Z")
_EMPTY: Final = re.compile(r"[-—/\\\s]*\Z")


class Cell(NamedTuple):
    """``text[start:end]``, stripped of blanks."""

    start: int
    end: int
    text: str

    @property
    def is_number(self) -> bool:
        """Whether nothing but a figure stands in the cell."""
        return bool(self.text) and _NUMBER.match(self.text) is not None


class Labelled(NamedTuple):
    """A cell that holds a figure, and its labels: of the row, of the column (nearest first), of the corner."""

    cell: Cell
    row: tuple[Cell, ...]
    column: tuple[Cell, ...]
    corner: tuple[Cell, ...]


class Table(NamedTuple):
    """A stretch ``text[start:end]`` of whole lines, and its rows of cells."""

    start: int
    end: int
    rows: tuple[tuple[Cell, ...], ...]


def find_tables(text: str) -> list[Table]:
    """Return the tables of a readable text, in order; linear in its length."""
    if "|" not in text and text.count("\n") < _LEAST_CELLS and _BLANK_ROW.search(text) is None:
        return []
    tables: list[Table] = []
    block: list[tuple[int, int]] = []
    has_bar = False
    for start, end in _lines(text):
        bar = text.find("|", start, end) >= 0 or _blank_row(text, start, end) is not None
        loose = (
            end - start <= _SHORT_LINE
            and end > start
            and text[end - 1] not in "。；：，、"
            and "，" not in text[start:end]
        )
        if bar or loose:
            block.append((start, end))
            has_bar = has_bar or bar
            continue
        _close(text, block, tables, has_bar=has_bar)
        block, has_bar = [], False
    _close(text, block, tables, has_bar=has_bar)
    return tables


def _lines(text: str) -> list[tuple[int, int]]:
    lines: list[tuple[int, int]] = []
    has_bars = "|" in text
    at = 0
    while at <= len(text):
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        start, stop = lines[-1] if lines else (at, at)
        if has_bars and lines and _is_wrapped(text, start, stop, end):
            lines[-1] = (start, end)
        else:
            lines.append((at, end))
        at = end + 1
    return lines


def _is_wrapped(text: str, start: int, end: int, stop: int) -> bool:
    """Whether a line is but the begin of a row's label, whose bracket the next line closes before its first cell."""
    if end - start > _LONGEST_LABEL or text.find("|", start, end) >= 0:
        return False
    opened = text.rfind("（", start, end)
    if opened < 0 or text.find("）", opened, end) >= 0:
        return False
    closed = text.find("）", end, stop)
    bar = text.find("|", end, stop)
    return 0 <= closed < bar and bar - start <= 2 * _LONGEST_LABEL


def _close(text: str, block: list[tuple[int, int]], tables: list[Table], *, has_bar: bool) -> None:
    """Make a table of the lines gathered, if they are one."""
    if not block:
        return
    if has_bar:
        ruled = [n for n, (start, end) in enumerate(block) if "|" in text[start:end] or _blank_row(text, start, end)]
        block = block[ruled[0] : ruled[-1] + 1]
    else:
        if heading_level(text, block[0][0]) == 1:
            del block[0]  # 二、主动公开政府信息情况 stands above the cells and is none of them
        if len(block) < _LEAST_CELLS:
            return
    rows = [_cells(text, start, end) for start, end in block]
    figures = sum(cell.is_number for row in rows for cell in row)
    if not has_bar and figures * 3 < len(block):
        return
    tables.append(Table(block[0][0], block[-1][1], tuple(rows)))


# A label and at least three figures parted by blanks, as tables of PDF files come: 本年新收申请数量31 4 0 0 2 0 37.
_BLANK_ROW: Final = re.compile(
    r"^(?P<label>[^\d\n|。，；]{1,40}|[\d一二三四五六七八九十]{1,2}[.、）)][^\d\n|。；]{1,40})(?P<figures>\d[\d.]{0,15}+%?(?: \d[\d.]{0,15}+%?){2,30})$",
    re.MULTILINE,
)


def _blank_row(text: str, start: int, end: int) -> re.Match[str] | None:
    return _BLANK_ROW.match(text, start, end) if text.find(" ", start, end) >= 0 else None


_BLANK_FREE: Final = re.compile(r"[^ ]+")


def _cells(text: str, start: int, end: int) -> tuple[Cell, ...]:
    row = _blank_row(text, start, end)
    if row is not None:
        figures = _BLANK_FREE.finditer(text, row.start("figures"), row.end("figures"))
        label = row["label"].strip()
        return (Cell(start, start + len(label), label), *(Cell(*figure.span(), figure[0]) for figure in figures))
    cells = []
    at = start
    while True:
        bar = text.find("|", at, end)
        stop = end if bar < 0 else bar
        raw = text[at:stop]
        lead = len(raw) - len(raw.lstrip())
        cells.append(Cell(at + lead, at + lead + len(raw.strip()), raw.strip()))
        if bar < 0:
            break
        at = bar + 1
    if len(cells) > 1 and not cells[-1].text:
        cells.pop()
    return tuple(cells)


def labelled_cells(table: Table) -> list[Labelled]:
    """Return every cell of ``table`` that holds a digit, with the labels that reach it."""
    found: list[Labelled] = []
    headers: list[tuple[Cell, ...]] = []
    block: list[tuple[Cell, ...]] = []
    rows = _regrouped(table.rows)
    for place, row in enumerate(rows):
        numbers = [cell for cell in row if cell.is_number]
        if not numbers:
            mixed = [cell for cell in row if _NAMED_FIGURE.fullmatch(cell.text)]
            if mixed and len(mixed) * 2 > sum(1 for cell in row if cell.text):
                found += [
                    Labelled(cell, (), _above(headers, n, len(row)), ()) for n, cell in enumerate(row) if cell.text
                ]
            elif any(cell.text for cell in row):
                if place and any(cell.is_number for cell in rows[place - 1]):
                    block = []
                headers.append(row)
                block.append(row)
            continue
        unfolded = _unfolded(row, block)
        if unfolded:
            found += unfolded
            continue
        following = rows[place + 1] if place + 1 < len(rows) else ()
        if _of_applicants(row, block):
            found += _row(row, [], following)
            continue
        aligned = [_padded(header, len(row)) for header in block if 0 <= len(row) - len(header) <= _UNSEEN_CELLS]
        if len(aligned) > 1:
            found += _under_merged(row, aligned)
            continue
        found += _row(_with_labels(row, headers), headers, following)
    return found


_TWO: Final = 2
_LEAST_ROWS: Final = 3
# How many empty cells at its end a header row may have lost.
_UNSEEN_CELLS: Final = 2


def _padded(row: tuple[Cell, ...], width: int) -> tuple[Cell, ...]:
    return row + (Cell(0, 0, ""),) * (width - len(row))


def _under_merged(row: tuple[Cell, ...], block: list[tuple[Cell, ...]]) -> list[Labelled]:
    """Label a row below several header rows of its own width, whose merged cells come as one cell and empty ones."""
    first = next(n for n, cell in enumerate(row) if cell.is_number)
    labels = tuple(cell for cell in row[:first] if cell.text)
    found = []
    for n, cell in enumerate(row):
        if n < first or not cell.text or _EMPTY.match(cell.text):
            continue
        column = _labels_above(block, n, first) or (_PART,)
        found.append(Labelled(cell, labels, column, ()))
    return found


def _unfolded(row: tuple[Cell, ...], block: list[tuple[Cell, ...]]) -> list[Labelled]:
    """Label a row below two header rows of which the lower holds only what merged cells of the upper part into.

    The upper row's first cells reach down to the figures themselves, its last are groups of the lower row, as in
    结果维持 | … | 总计 | 未经复议直接起诉 | 复议后起诉; a row of two cells above both names the two halves.
    """
    if len(block) < _TWO or not all(cell.is_number or _EMPTY.match(cell.text) for cell in row):
        return []
    upper, lower = block[-2], block[-1]
    alone = len(row) - len(lower)
    if not all(cell.text for cell in (*upper, *lower)) or not 0 < alone < len(upper):
        return []
    each, rest = divmod(len(lower), len(upper) - alone)
    if each < _TWO or rest:
        return []
    halves = block[-3] if len(block) > _TWO and len(block[-3]) == _TWO else ()
    found = []
    for n, cell in enumerate(row):
        labels = (upper[n],) if n < alone else (lower[n - alone], upper[alone + (n - alone) // each])
        if cell.is_number:
            found.append(Labelled(cell, (), labels + halves[n >= alone :][:1], ()))
    return found


def _of_applicants(row: tuple[Cell, ...], block: list[tuple[Cell, ...]]) -> bool:
    """Whether a row has the seven figures of the open-government table below headers that do not stand above them."""
    first = next(n for n, cell in enumerate(row) if cell.is_number)
    if len(row) - first != _APPLICANTS or not any(cell.text in _KINDS_OF_APPLICANT for row in block for cell in row):
        return False
    over = [cell.text for cell in block[-1][-_APPLICANTS:]]
    return not (len(over) == _APPLICANTS and all(over) and over[-1] in _TOTALS)


def _labels_above(block: list[tuple[Cell, ...]], n: int, first: int) -> tuple[Cell, ...]:
    """Return the labels above column ``n``, nearest first: in each header row its own, else that of a merged cell farther left.

    An empty cell below the column's first label only shows how high that label is, and a group that says nothing is
    left out: the whole table may stand below 申请人情况.
    """
    labels: list[Cell] = []
    for header in reversed(block):
        group = next((header[place] for place in range(n, first - 1, -1) if header[place].text), None)
        if header[n].text:
            labels.append(header[n])
        elif labels and group is not None and not is_neutral(group):
            labels.append(group)
    if labels:
        return tuple(labels)
    for header in reversed(block):
        for place in range(n, -1, -1):
            if header[place].text:
                return (header[place],)
    return ()


def _row(row: tuple[Cell, ...], headers: list[tuple[Cell, ...]], following: tuple[Cell, ...]) -> list[Labelled]:
    first = next(n for n, cell in enumerate(row) if cell.is_number)
    last_label = max(
        (n for n, cell in enumerate(row) if cell.text and not cell.is_number and not _EMPTY.match(cell.text)),
        default=-1,
    )
    if first < last_label < len(row) - 1 and headers and len(headers[-1]) == len(row):
        # A row number stands before the label.
        first = last_label + 1
    labels = tuple(cell for cell in row[:first] if cell.text and not cell.is_number)
    columns = row[first:]
    width = len(columns)
    header = _header(headers, width)
    shift = len(header) - width
    corner = tuple(cell for cell in header[: max(shift, 0)] if cell.text and not _NO_CORNER.search(cell.text))
    if len(header) == len(row) and first:
        corner = corner if first == 1 else ()
    unit = tuple(Cell(0, 0, f"（{cell.text}）") for cell in _of_units(columns, header[max(shift, 0) :]))
    upper = _group_header(headers, header, width)
    unheaded = _unheaded(columns) if not header and width > 1 else ()
    part = _part_of_many(labels, following)
    found = []
    for n, cell in enumerate(row[:first]):
        if cell.is_number:
            found.append(Labelled(cell, (), tuple(c for c in header[n : n + 1] if c.text) or (_PART,), ()))
    for n, cell in enumerate(columns):
        if not cell.text or _EMPTY.match(cell.text):
            continue
        column: tuple[Cell, ...] = ()
        if header:
            column = (header[shift + n],) if header[shift + n].text else (_PART,)
        elif unheaded:
            column = (unheaded[n],)
        if upper:
            column += (upper[n * len(upper) // width],)
        found.append(Labelled(cell, labels, column + part + unit, corner))
    return found


def _with_labels(row: tuple[Cell, ...], headers: list[tuple[Cell, ...]]) -> tuple[Cell, ...]:
    """Return a row below a header with its year or its serial number as a label, and with the remark that it may lack.

    年度 | 受理 | 审结, then 2022 | 201 | 187; 序号 | 项目 | 数量 | 备注, then 1 | 受理 | 201.
    """
    header = headers[-1] if headers else ()
    row = _with_unit(row, header)
    if len(header) <= 1 or len(row) <= 1:
        return row
    if len(row) == len(header) - 1 and header[-1].text in _REMARKS:
        row = (*row, Cell(row[-1].end, row[-1].end, ""))
    first = row[0]
    if header[0].text in _NAMES_OF_YEARS and _YEAR_CELL.fullmatch(first.text):
        return (first._replace(text=f"{first.text}年"), *row[1:])
    if _SERIAL.search(header[0].text) and first.text.isdigit():
        return (first._replace(text=f"{first.text}、"), *row[1:])
    return row


def _with_unit(row: tuple[Cell, ...], header: tuple[Cell, ...]) -> tuple[Cell, ...]:
    """Return a row of one figure with the cell that names its unit as a label in brackets: 受理数 | 48 | 件."""
    figure = next(n for n, cell in enumerate(row) if cell.is_number)
    if sum(cell.is_number for cell in row) > 1 or any(cell.text in _UNIT_COLUMNS for cell in header[figure:]):
        return row
    row = tuple(cell._replace(text=f"（{cell.text}）") if cell.text in _UNIT_CELLS else cell for cell in row)
    behind = row[figure + 1 :]
    if len(behind) != 1 or not behind[0].text.startswith("（") or behind[0].text[1:-1] not in _UNIT_CELLS:
        return row
    return (*row[:figure], *behind, row[figure])


def _of_units(columns: tuple[Cell, ...], header: tuple[Cell, ...]) -> list[Cell]:
    """Return the cells of a row that only name its unit: 项目 | 数量 | 单位."""
    return [
        cell
        for cell, label in zip(columns, header, strict=False)
        if label.text in _UNIT_COLUMNS and cell.text and not cell.is_number
    ]


# A label and its figure in one cell: 扣押财物 287.
_NAMED_FIGURE: Final = re.compile(r"(?!(?:19|20)\d{2}年)[^\d]{2,30}\d[\d,，.]*(?:[%％件宗起次人个元]|万元|人次|户次)?")
_PART: Final = Cell(0, 0, "分项")
_WHOLE: Final = Cell(0, 0, "总计")
_REMARKS: Final = frozenset(("备注", "说明", "备 注"))
_NAMES_OF_YEARS: Final = frozenset(("年度", "年份", "年", "时间", "统计年度"))
_YEAR_CELL: Final = re.compile(r"(?:19|20)\d\d")
_UNIT_CELLS: Final = frozenset(
    (
        "件",
        "宗",
        "起",
        "次",
        "条",
        "篇",
        "份",
        "个",
        "家",
        "人",
        "名",
        "人次",
        "户次",
        "家次",
        "场",
        "场次",
        "期",
        "元",
        "万元",
        "%",
    )
)
_UNIT_COLUMNS: Final = frozenset(("单位", "计量单位"))
_APPLICANTS: Final = 7
_KINDS_OF_APPLICANT: Final = frozenset(("自然人", "商业企业"))
_TOTALS: Final = frozenset(("总计", "合计"))


def _unheaded(columns: tuple[Cell, ...]) -> tuple[Cell, ...]:
    """Label figures without a header: parts, but for the last of the seven of the open-government table.

    Its six kinds of applicants and their sum (国办公开办函〔2021〕30号) prove themselves: only where the last
    figure is the sum of the six before it is it taken for the total.
    """
    parts = (_PART,) * len(columns)
    if len(columns) != _APPLICANTS or not all(cell.text.isdigit() for cell in columns):
        return parts
    *kinds, total = (int(cell.text) for cell in columns)
    return (*parts[:-1], _WHOLE) if sum(kinds) == total else parts


def _part_of_many(labels: tuple[Cell, ...], following: tuple[Cell, ...]) -> tuple[Cell, ...]:
    """Mark a row that is the first of several under one heading: 无法提供 1.本机关不掌握, then 2.…."""
    inside = any(re.search(r"\D1[.．、]", cell.text) for cell in labels)
    return (_PART,) if inside and following and re.match(r"2[.．、]", following[0].text) else ()


_HEADER: Final = re.compile(
    r"^\s*(?:19|20)\d{2}年?度?\s*$|[（(]\d|第[一二三四五六七八九十\d]+条|^[（(]?[一二三四五六七八九十\d]+[)）、.]"
)


def _header(headers: list[tuple[Cell, ...]], width: int) -> tuple[Cell, ...]:
    """Return the last header row that is at least as wide as the figures below it."""
    for row in reversed(headers):
        if all(_NO_HEADER.search(cell.text) for cell in row if cell.text):
            continue
        named = [cell for cell in row[-width:] if cell.text]
        if len(row) >= width and named and sum(1 for cell in row if cell.text) >= min(width, 2):
            # Of merged cells that come one by one, the total does not stand over the totals, and some are empty.
            over = [cell.text for cell in row[-width:]]
            merged = width == _APPLICANTS and (_WHOLE.text in over[:-1] or not all(over))
            return () if merged else row
    return ()


def _group_header(headers: list[tuple[Cell, ...]], header: tuple[Cell, ...], width: int) -> list[Cell]:
    """Return the labels of groups of columns that stand above ``header`` and part its width evenly."""
    above = headers[: headers.index(header)] if header else headers
    for row in above[-1:]:
        named = [cell for cell in row if cell.text]
        if len(row) == 1 or any(_NO_HEADER.search(cell.text) for cell in named):
            continue  # a caption, or the name of a section
        if 0 < len(named) < width and width % len(named) == 0:
            return named
    return []


def _above(headers: list[tuple[Cell, ...]], place: int, width: int) -> tuple[Cell, ...]:
    if not headers:
        return ()
    named = [cell for cell in headers[-1] if cell.text]
    if named and width % len(named) == 0:
        return (named[place * len(named) // width],)
    return ()


def _regrouped(rows: tuple[tuple[Cell, ...], ...]) -> list[tuple[Cell, ...]]:
    """Return whole rows; runs of lines that hold one cell each are put together again."""
    whole: list[tuple[Cell, ...]] = []
    loose: list[Cell] = []
    for row in rows:
        if len(row) == 1:
            loose.append(row[0])
            continue
        whole += _put_together(loose, whole)
        loose = []
        whole.append(row)
    return whole + _put_together(loose, whole)


def _put_together(loose: list[Cell], before: list[tuple[Cell, ...]]) -> list[tuple[Cell, ...]]:
    """Make rows of loose cells: as wide as the header before, or in equal rows of like columns, or label by label."""
    loose = [cell for cell in loose if cell.text]
    if not loose:
        return []
    if before and len(before[-1]) == len(loose) and all(cell.is_number for cell in loose):
        return [tuple(loose)]
    width = next((n for n, cell in enumerate(loose) if cell.is_number), 0)
    for skipped in range(width):
        rows = _even_rows(loose[skipped:], width - skipped)
        if rows:
            return [(cell,) for cell in loose[:skipped]] + rows
    return _label_by_label(loose)


def _even_rows(cells: list[Cell], width: int) -> list[tuple[Cell, ...]]:
    """Return rows of ``width`` cells when the columns below the first row are each all figures or all words."""
    if width <= 1 or len(cells) % width or len(cells) < _LEAST_ROWS * width:
        return []
    rows = [tuple(cells[at : at + width]) for at in range(0, len(cells), width)]
    for column in range(width):
        if len({row[column].is_number for row in rows[1:]}) > 1:
            return []
    if not any(cell.is_number for cell in rows[1]):
        return []
    return rows


_NO_HEADER: Final = re.compile(r"第[一二三四五六七八九十\d]+条|信息内容|^[一二三四五六七八九十]、|^[（(]")


def _by_groups(labels: list[Cell], figures: list[Cell]) -> list[tuple[Cell, ...]]:
    """Return a row for each figure below labels that repeat: each group's own name, then the labels all groups share.

    Labels and figures that do not pair are parts of something that nothing tells.
    """
    times = Counter(cell.text for cell in labels)
    shared = [cell for cell in labels if times[cell.text] > 1]
    if len(shared) != len(figures):
        return [(_PART, *figures)]
    rows: list[tuple[Cell, ...]] = []
    group: list[Cell] = []
    follows = False
    for cell in labels:
        if times[cell.text] > 1:
            rows.append((*group, cell, figures[len(rows)]))
            follows = True
        else:
            group = [cell] if follows else [*group, cell]
            follows = False
    return rows


def _label_by_label(cells: list[Cell]) -> list[tuple[Cell, ...]]:
    """Return a row for each run of labels and the run of figures behind it; labels before the last one may be a header."""
    rows: list[tuple[Cell, ...]] = []
    labels: list[Cell] = []
    figures: list[Cell] = []

    def close() -> None:
        width = len(figures)
        if width > 1 and len({cell.text for cell in labels}) < len(labels):
            rows.extend(_by_groups(labels, figures))
            return
        if len(labels) > width:
            header = labels[-1 - width : -1]
            if not any(_NO_HEADER.search(cell.text) for cell in header):
                rows.append(tuple(header))
        rows.append((*labels[-1:], *figures))

    for cell in cells:
        if cell.is_number:
            figures.append(cell)
            continue
        if figures:
            close()
            labels, figures = [], []
        labels.append(cell)
    if figures:
        close()
    elif labels:
        rows += [(cell,) for cell in labels]
    return rows


_NEUTRAL: Final = re.compile(
    r"全[县区市旗镇乡]|总\s*计|合\s*计|总数|共计|数量|件数|宗数|次数|条数|案件数|项目|信息内容|内容|本年度?|全年|当年|(?:19|20)\d{2}年?度?|处理决定|申请人|审理(?=情况|结果)|处理(?=情况|结果)|实施|情况|统计|结果|本列数据|办理结果|类型|数值|数据|指标名称|指标|数额|单位名称|名称|类别|种类|备注|本期|今年"
    r"|[（(][^（()）]{0,24}[）)]|[\d一二三四五六七八九十]+[、.．]|单位[:：]?|[\s、，。:：；|（()）]|决定|数$|数(?=[（(])|件$|宗$|\d[\d,.]*"
)


def is_neutral(label: Cell) -> bool:
    """Whether a label says nothing that could make its cells a part of something."""
    return not _NEUTRAL.sub("", label.text)


def pieces_of(label: Cell) -> list[Cell]:
    """Return the parts that a dash divides a label into; a label that stands nowhere in the text stays whole."""
    if label.end == label.start:
        return [label]
    pieces = []
    for found in re.finditer(r"[^-—–]+", label.text):
        text = found[0].strip()
        start = label.start + found.start()
        pieces.append(Cell(start, start + len(found[0]), text))
    return pieces or [label]


_BODY_LABEL: Final = re.compile(
    r"[一-龥（）()、]{2,24}(?:(?P<government>镇|乡|街道|街道办事处|苏木|县|区|市|旗|[镇乡县区市]政府|[镇乡县区市]人民政府)"
    r"|局|分局|委|委员会|管委会|办|办公室|大队|支队|中队|总队|中心|检察院)"
)


def body_of(label: Cell) -> str:
    """Return the scope of the body that a label names (a department, a government below), or nothing."""
    found = _BODY_LABEL.fullmatch(label.text)
    if found is None:
        return ""
    return "subordinate_governments" if found["government"] else "departments"


_WAYS_TO_COURT: Final = ("未经复议直接起诉", "复议后起诉")


def way_to_court(labels: tuple[Cell, ...]) -> str | None:
    """Return which of the two kinds of lawsuits a column counts, in the open-government table (国办公开办函〔2021〕30号)."""
    return next((label.text for label in labels if label.text in _WAYS_TO_COURT), None)


_UNIT: Final = re.compile(r"[（(](?:单位[:：])?(?P<unit>[^（()）\d]{1,3})[）)]")


def unit_of(labels: tuple[Cell, ...], units: Container[str]) -> str:
    """Return the word of ``units`` that a label gives in brackets, or nothing."""
    for label in labels:
        found = _UNIT.search(label.text)
        if found and found["unit"] in units:
            return found["unit"]
    return ""


_CHANGE: Final = re.compile(
    r"增减|同比|比上年|较上年|比例|占比|比重|增长|环比|增/减|上一年|上年(?!度?结转)|去年|增幅|变化"
)
_SERIAL: Final = re.compile(r"序\s*号|编号")
# What the corner says of the rows' labels and not of their figures.
_NO_CORNER: Final = re.compile(rf"{_SERIAL.pattern}|(?:单位|机关|部门|主体|机构|名称)\Z")


def column_kind(labels: tuple[Cell, ...], year: int | None) -> str:
    """Return what a column's label alone makes of its figures: another year's, a change, a row number; or nothing."""
    for label in labels:
        if _SERIAL.search(label.text):
            return "table_label"
        if _CHANGE.search(label.text):
            return "comparison"
        found = re.match(r"\D{0,3}((?:19|20)\d{2})年?", label.text)
        if found and year is not None and int(found[1]) != year:
            return "comparison"
    return ""
