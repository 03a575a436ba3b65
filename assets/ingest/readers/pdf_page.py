"""One page of a PDF: its lines, its ruled tables, and its columns.

Belongs here: geometry. Not here: what goes over several pages (`pdf`).
"""

from bisect import bisect_right
from collections import Counter
from itertools import pairwise
from typing import Any, NamedTuple

from pdfplumber.page import Page as PlumberPage

from assets.ingest.readers import grid
from assets.ingest.readers.grid import Grid, Place

MOST_EDGES = 8000
"""Rules on one page up to which tables are looked for; the search is quadratic, and drawings have more."""


class Line(NamedTuple):
    """A line of text in one column. Lengths are points; `top` grows downwards."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    size: float
    side: int
    """0 over the whole width, 1 in the left and 2 in the right column."""
    column_x0: float
    """Left and right end of that column on its page."""
    column_x1: float
    confidence: float | None = None
    """How sure OCR is of it, from 0 to 1; None for a text layer."""
    doubts: tuple[int, ...] = ()
    """Places in `text` of the characters that OCR is not sure of."""


class TableBlock(NamedTuple):
    """A ruled table."""

    grid: Grid
    x0: float
    x1: float
    top: float
    bottom: float


Block = Line | TableBlock


class Page(NamedTuple):
    """What stands on a page, from top to bottom."""

    height: float
    blocks: list[Block]
    gutter: float | None
    """Where a page of two columns parts; None for one column."""
    is_ruled: bool
    """Whether a rule stands in the gutter."""
    is_picture: bool
    """Whether it is drawn, with no text or next to none beside a picture that covers it."""
    too_many_rules: bool
    """Whether tables could not be looked for."""


def page_of(page: PlumberPage) -> Page:
    """The blocks of one page."""
    chars = [char for char in page.chars if char["text"].strip() and _is_on(char, page)]
    too_many = len(page.edges) > MOST_EDGES
    tables = [] if too_many else _tables(page, chars)
    free = [char for char in chars if not any(_is_in(char, (t.x0, t.top, t.x1, t.bottom)) for t in tables)]
    fragments = _fragments(free)
    gutter = _gutter(fragments, tables, page.width)
    lines = _lines(fragments, gutter)
    blocks: list[Block] = sorted([*lines, *tables], key=lambda block: (round(block.top), block.x0))
    is_ruled = gutter is not None and _is_ruled(page, gutter, blocks)
    return Page(float(page.height), blocks, gutter, is_ruled, _is_picture(page, chars), too_many)


def page_of_lines(lines: list[Line], width: float, height: float) -> Page:
    """The page on which these lines stand, as OCR found them; tables are not looked for."""
    gutter = _gutter(lines, [], width)
    blocks: list[Block] = sorted(_lines(lines, gutter), key=lambda block: (round(block.top), block.x0))
    return Page(height, blocks, gutter, is_ruled=False, is_picture=True, too_many_rules=False)


Char = dict[str, Any]
Box = tuple[float, float, float, float]

_NEAR = 2.0
"""Points within which two rules are one."""
_GAP = 1.8
"""A gap of more than so many characters parts a line."""
_ROWS_BACK = 5
_OTHER_SIZE = 0.2
_MIDDLE = (0.35, 0.65)
_LEAST_PAIRS = 4
_MOST_CROSSING = 0.25
_LEAST_RULE = 0.2
_FEW = 30
_MOST_OF_PAGE = 0.6


def _is_picture(page: PlumberPage, chars: list[Char]) -> bool:
    """Scans carry no text, or the name of the program that made them; words drawn as shapes are no text either."""
    if not chars:
        return bool(page.images or page.curves or page.rects or page.lines)
    covered = max(((image["x1"] - image["x0"]) * (image["bottom"] - image["top"]) for image in page.images), default=0)
    return bool(len(chars) < _FEW and covered > _MOST_OF_PAGE * page.width * page.height)


def _is_on(char: Char, page: PlumberPage) -> bool:
    """Whether the character stands on the page; pages printed from the web carry text beyond their edge."""
    return bool(
        char["x0"] >= 0 and char["x1"] <= page.width + 1 and char["top"] >= 0 and char["bottom"] <= page.height + 1
    )


def _is_in(char: Char, box: Box) -> bool:
    x, y = (char["x0"] + char["x1"]) / 2, (char["top"] + char["bottom"]) / 2
    return bool(box[0] <= x <= box[2] and box[1] <= y <= box[3])


def _tables(page: PlumberPage, chars: list[Char]) -> list[TableBlock]:
    """The ruled tables of data; frames around other tables or around prose are none."""
    found = []
    for table in page.find_tables():
        laid = _laid(table.cells, chars)
        if grid.is_data(laid):
            x0, top, x1, bottom = table.bbox
            found.append(TableBlock(laid, x0, x1, top, bottom))
    return [table for table in found if not any(other is not table and _holds(table, other) for other in found)]


def _holds(outer: TableBlock, inner: TableBlock) -> bool:
    return (
        outer.x0 - _NEAR <= inner.x0
        and inner.x1 <= outer.x1 + _NEAR
        and outer.top - _NEAR <= inner.top
        and inner.bottom <= outer.bottom + _NEAR
    )


def _laid(boxes: list[Box], chars: list[Char]) -> Grid:
    """The grid of a table from the boxes of its cells; a box over several columns or rows is a merged cell."""
    columns = _rules([x for box in boxes for x in (box[0], box[2])])
    rows = _rules([y for box in boxes for y in (box[1], box[3])])
    laid = [[Place("", is_first=True) for _ in columns[1:]] for _ in rows[1:]]
    inside: dict[Box, list[Char]] = {}
    for char in chars:
        # A frame that was drawn around several cells is no cell of theirs: the smallest box has the character.
        holding = min((box for box in boxes if _is_in(char, box)), key=_area, default=None)
        if holding is not None:
            inside.setdefault(holding, []).append(char)
    for box in sorted(boxes, key=lambda box: (box[1], box[0])):
        first_column, last_column = _nearest(columns, box[0]), _nearest(columns, box[2])
        first_row, last_row = _nearest(rows, box[1]), _nearest(rows, box[3])
        words = _cell_words(inside.get(box, []))
        for row in range(first_row, min(last_row, len(laid))):
            for column in range(first_column, min(last_column, len(laid[row]))):
                if words or not laid[row][column].text:
                    laid[row][column] = Place(words, is_first=(row, column) == (first_row, first_column))
    return [row for row in laid if any(place.text for place in row)]


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def _rules(values: list[float]) -> list[float]:
    rules: list[float] = []
    for value in sorted(values):
        if not rules or value - rules[-1] > _NEAR:
            rules.append(value)
    return rules


def _nearest(rules: list[float], value: float) -> int:
    return max(bisect_right(rules, value + _NEAR / 2) - 1, 0)


def _cell_words(chars: list[Char]) -> str:
    """The words of a cell: its lines joined, with a blank only where two figures or two Latin words would run together."""
    words = ""
    for fragment in _fragments(chars):
        text = fragment.text
        runs_together = (
            bool(words) and words[-1].isascii() and text[0].isascii() and words[-1].isalnum() and text[0].isalnum()
        )
        words += f" {text}" if runs_together else text
    return words


def _fragments(chars: list[Char]) -> list[Line]:
    """Stretches of characters on one height without a wide gap, from top to bottom and left to right."""
    rows: list[list[Char]] = []
    for char in sorted(chars, key=lambda char: ((char["top"] + char["bottom"]) / 2, char["x0"])):
        middle = (char["top"] + char["bottom"]) / 2
        # Lines printed over each other differ in size; only the last few rows can be the one.
        row = next((row for row in rows[:-_ROWS_BACK:-1] if _shares_line(row[0], middle, char["size"])), None)
        if row is None:
            rows.append([char])
        else:
            row.append(char)
    fragments = []
    for row in rows:
        row.sort(key=lambda char: char["x0"])
        run = [row[0]]
        for char in row[1:]:
            if char["x0"] - run[-1]["x1"] > _GAP * max(char["size"], run[-1]["size"]):
                fragments.append(_line(run))
                run = []
            run.append(char)
        fragments.append(_line(run))
    return fragments


def _shares_line(first: Char, middle: float, size: float) -> bool:
    return bool(first["top"] <= middle <= first["bottom"] and abs(first["size"] - size) < _OTHER_SIZE * size)


def _line(run: list[Char]) -> Line:
    """One stretch of characters; gaps of half a character are blanks."""
    text = run[0]["text"]
    for before, char in pairwise(run):
        gap = char["x0"] - before["x1"]
        text += f" {char['text']}" if gap > 0.25 * before["size"] and before["text"].isascii() else char["text"]
    x0, x1 = run[0]["x0"], run[-1]["x1"]
    top, bottom = min(char["top"] for char in run), max(char["bottom"] for char in run)
    size = Counter(round(char["size"], 1) for char in run).most_common(1)[0][0]
    return Line(text, x0, x1, top, bottom, size, 0, x0, x1)


def _gutter(fragments: list[Line], tables: list[TableBlock], width: float) -> float | None:
    """Where the page parts into two columns: a place in the middle that few lines cross and that many have on either side."""
    blocks: list[Block] = [*fragments, *tables]
    best: tuple[int, float] | None = None
    x = width * _MIDDLE[0]
    while x < width * _MIDDLE[1]:
        crossing = sum(block.x0 < x < block.x1 for block in blocks)
        pairs = min(sum(block.x1 <= x for block in blocks), sum(block.x0 >= x for block in blocks))
        has_tables = any(table.x1 <= x for table in tables) and any(table.x0 >= x for table in tables)
        if (pairs >= _LEAST_PAIRS or has_tables) and crossing <= _MOST_CROSSING * (crossing + 2 * pairs):
            best = max(best or (-crossing, x), (-crossing, x), key=lambda found: found[0])
        x += _NEAR
    return best[1] if best else None


def _is_ruled(page: PlumberPage, gutter: float, blocks: list[Block]) -> bool:
    """Whether a rule of some length stands between the columns."""
    left = max((block.x1 for block in blocks if block.x1 <= gutter), default=0) - _NEAR
    right = min((block.x0 for block in blocks if block.x0 >= gutter), default=page.width) + _NEAR
    between = [edge for edge in page.edges if edge["orientation"] == "v" and left <= edge["x0"] <= right]
    length = sum(min(edge["bottom"], page.height) - max(edge["top"], 0) for edge in between)
    return bool(length > _LEAST_RULE * page.height)


def _lines(fragments: list[Line], gutter: float | None) -> list[Line]:
    """Fragments of one height and column as one line, each with the ends of its column."""
    sides: dict[int, list[Line]] = {}
    for fragment in fragments:
        side = 0 if gutter is None or fragment.x0 < gutter < fragment.x1 else 1 if fragment.x1 <= gutter else 2
        sides.setdefault(side, []).append(fragment)
    lines = []
    for side, members in sides.items():
        x0, x1 = _left_end(members), max(line.x1 for line in members)
        merged: list[Line] = []
        for line in sorted(members, key=lambda line: (round(line.top), line.x0)):
            if merged and abs(merged[-1].top - line.top) < line.size / 2 and merged[-1].x1 <= line.x0:
                merged[-1] = _side_by_side(merged[-1], line)
            else:
                merged.append(line)
        lines += [line._replace(side=side, column_x0=x0, column_x1=x1) for line in merged]
    return lines


def _left_end(lines: list[Line]) -> float:
    """Where the lines of a column begin: the leftmost place that two of them share, for a heading may stand out."""
    begins = sorted(line.x0 for line in lines)
    return next((one for one, other in pairwise(begins) if other - one < 1), begins[0])


def _side_by_side(left: Line, right: Line) -> Line:
    moved = len(left.text) + 1
    return left._replace(
        text=f"{left.text} {right.text}",
        x1=right.x1,
        bottom=max(left.bottom, right.bottom),
        confidence=None
        if left.confidence is None or right.confidence is None
        else min(left.confidence, right.confidence),
        doubts=(*left.doubts, *(at + moved for at in right.doubts)),
    )
