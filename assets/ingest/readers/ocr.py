"""Pictures of text -> lines with where they stand, and which of their characters are in doubt.

Belongs here: calling the recogniser, whose models come inside its package, what counts as sure, and putting its boxes on common
lines. Not here: where pictures come from (`pdf`, `image`) and what becomes of the lines (`paragraphs`). No character is corrected
here: letters that stand for digits are the parser's to mend, and to say so.
"""

import importlib
import importlib.util
import math
import unicodedata
from functools import cache
from typing import Any, NamedTuple

from PIL.Image import Image, Resampling

from assets.ingest.readers.base import OCR_PACKAGE
from assets.ingest.readers.pdf_page import Line

DOTS_AN_INCH = 200
"""At which pages are rendered: small print of reports is 30 dots high."""
MAX_DOTS = 12_000_000
"""Dots of a picture that are looked at; larger ones are made smaller. A page has four million."""
LEAST_READABLE = 0.5
"""Lines that are less sure are stamps, drawings and dirt: `ILLEGIBLE` stands for each of their characters."""
ILLEGIBLE = "□"
"""What stands for a character that cannot be read, as in edited Chinese texts."""
SURE = 0.95
"""A character below this is in doubt. On clean print nine hundred of a thousand have 0.99 and more; those misread 0.8 at most, on bad copies 0.99."""
SURE_DIGIT = 0.99
"""The same for characters of numbers, which no word around them would correct; clean ones have 0.999."""

_POINTS_AN_INCH = 72
_OF_NUMBERS = frozenset("0123456789０１２３４５６７８９零〇一二三四五六七八九十百千万亿两%％")
_DECIMAL_MARKS = frozenset(".．,，")


class Found(NamedTuple):
    """What stands on one picture."""

    lines: list[Line]
    """From top to bottom, in points."""
    had_unreadable: bool
    """Whether something looked like text and could not be read."""


def is_installed() -> bool:
    """Whether pictures can be read here."""
    return importlib.util.find_spec(OCR_PACKAGE) is not None


def dots_a_point(width: float, height: float) -> float:
    """How fine to draw a page of `width` by `height` points."""
    return min(DOTS_AN_INCH / _POINTS_AN_INCH, math.sqrt(MAX_DOTS / (width * height)))


def lines_of(picture: Image, points_a_dot: float) -> Found:
    """The lines of `picture`, a dot of which is `points_a_dot` points wide.

    Raises:
        ModuleNotFoundError: when the recogniser is not installed.
    """
    shrunk = math.sqrt(min(MAX_DOTS / (picture.width * picture.height), 1))
    if shrunk < 1:
        size = max(int(picture.width * shrunk), 1), max(int(picture.height * shrunk), 1)
        picture = picture.resize(size, Resampling.LANCZOS)
    answer = _recogniser()(_pixels(picture))
    if answer.txts is None:
        return Found([], had_unreadable=False)
    read = zip(answer.boxes, answer.txts, answer.scores, answer.word_results, strict=True)
    scale = points_a_dot / shrunk
    lines = [_line(corners, words, sure, _sureness(words, of_words), scale) for corners, words, sure, of_words in read]
    return Found(_on_rows(lines), any(sure < LEAST_READABLE for sure in answer.scores))


@cache
def _recogniser() -> Any:
    # Nothing is left out by the recogniser itself, so that what could not be read is known.
    options = {
        "Global.text_score": 0.0,
        "Global.return_word_box": True,
        "Global.return_single_char_box": True,
        "Global.log_level": "error",
        # Several threads add in another order, and files are read in several processes anyway.
        "EngineConfig.onnxruntime.intra_op_num_threads": 1,
        "EngineConfig.onnxruntime.inter_op_num_threads": 1,
    }
    return importlib.import_module(OCR_PACKAGE).RapidOCR(params=options)


def _pixels(picture: Image) -> Any:
    import numpy as np  # noqa: PLC0415 - comes with the recogniser

    return np.asarray(picture.convert("RGB"))[:, :, ::-1]


def _sureness(words: str, of_words: Any) -> list[float]:
    """How sure each character of `words` is; blanks are never in doubt.

    `of_words` names the characters without the blanks, while its figures may count them (it pairs the two lists from their
    beginnings): where there are blanks a character gets the lower of both readings, and one without a figure none.
    """
    figures = [float(sure) for _, sure, _ in of_words]
    sureness: list[float] = []
    blanks = 0
    for place, character in enumerate(words):
        if character.isspace():
            blanks += 1
            sureness.append(1.0)
        else:
            counted = figures[place] if place < len(figures) else 0.0
            sureness.append(min(counted, figures[place - blanks]))
    return sureness


def _line(corners: Any, words: str, sure: float, sureness: list[float], scale: float) -> Line:
    across = [float(x) * scale for x, _ in corners]
    down = [float(y) * scale for _, y in corners]
    height = max(down) - min(down)
    if sure < LEAST_READABLE:
        words, doubts = ILLEGIBLE * len(words), tuple(range(len(words)))
    else:
        doubts = tuple(place for place in range(len(words)) if _is_in_doubt(words, place, sureness[place]))
    return Line(words, min(across), max(across), min(down), max(down), height, 0, 0, 0, float(sure), doubts)


def _is_in_doubt(words: str, place: int, sure: float) -> bool:
    """Whether the character changes what is said: marks do so only inside a number."""
    character = words[place]
    if unicodedata.category(character).startswith("P") and character not in _OF_NUMBERS:
        is_in_number = character in _DECIMAL_MARKS and place > 0 and words[place - 1] in _OF_NUMBERS
        return is_in_number and words[place + 1 : place + 2] in _OF_NUMBERS and sure < SURE
    return sure < (SURE_DIGIT if character in _OF_NUMBERS else SURE)


def _on_rows(lines: list[Line]) -> list[Line]:
    """The lines with one height and size where these differ by how the picture was taken only."""
    if not lines:
        return []
    sizes = sorted(line.size for line in lines)
    usual = sizes[len(sizes) // 2]
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: line.top + line.bottom):
        first = rows[-1][0] if rows else None
        if first is not None and abs(line.top + line.bottom - first.top - first.bottom) < usual:
            rows[-1].append(line)
        else:
            rows.append([line])
    return [
        line._replace(
            top=row[0].top,
            bottom=row[0].bottom,
            size=usual if abs(line.size - usual) < _SAME_SIZE * usual else line.size,
        )
        for row in rows
        for line in sorted(row, key=lambda line: line.x0)
    ]


_SAME_SIZE = 0.4
