"""Gold: labelled facts as they lie in files, read into the one shape that `evaluate` compares.

Two kinds of file are known: passages (`.jsonl`, one `{"id", "kind", "text", "facts", …}` a line) and a whole
report (`.gold.json`, whose `text_file` lies beside it). Not here: the comparison.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from contracts.errors import InputError

NUMERAL_AT = re.compile(
    r"[0-9０-９零〇一二三四五六七八九十百千万亿两][0-9０-９.．,，零〇一二三四五六七八九十百千万亿两]*+"
)

REMEDY = "Give a passages file (.jsonl) or a labelled report (.gold.json with its text beside it)"


def read_gold(path: Path) -> dict[str, dict[str, Any]]:
    """Return the labelled passages of a file by id, each with its `text`.

    Raises:
        InputError: the file is not readable, not JSON, or holds no labelled passage.
    """
    rows = list(_passages(path)) if path.suffix == ".jsonl" else [_report(path)]
    if not rows:
        raise InputError("holds no labelled passage", culprit=str(path), remedy=REMEDY)
    return {row["id"]: row for row in rows}


def _passages(path: Path) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(_read(path).splitlines(), 1):
        if line.strip():
            yield _labelled(_json(line, f"{path}:{number}"), f"{path}:{number}")


def _report(path: Path) -> dict[str, Any]:
    """Return a report's labels with the spans that its words stand for.

    Its `not_metrics` are remarks without offsets, so they place nothing: a value found there is a spurious one.
    """
    row = _json(_read(path), str(path))
    if not isinstance(row, dict) or "text_file" not in row:
        raise InputError("names no text_file", culprit=str(path), remedy=REMEDY)
    text = _read(path.parent / str(row["text_file"]))
    unplaced: dict[str, Any] = {"not_metrics": [], "uncatalogued": []}
    labelled = _labelled({**row, **unplaced, "text": text}, str(path))
    labelled["facts"] = [_placed_fact(fact, text, path) for fact in labelled["facts"]]
    return labelled


def _placed_fact(fact: dict[str, Any], text: str, path: Path) -> dict[str, Any]:
    start = fact["number_start"]
    if start is None:
        at = _find(fact["evidence"], text, path)
        return {**fact, "char_start": at, "char_end": at + len(fact["evidence"])}
    numeral = NUMERAL_AT.match(text, start)
    if numeral is None:
        raise InputError(
            f"no numeral at offset {start} of its text",
            culprit=str(path),
            remedy="Correct number_start: code points from 0 into the text as it is stored",
        )
    return {**fact, "number_end": numeral.end()}


def _find(words: str, text: str, path: Path) -> int:
    at = text.find(words)
    if at < 0:
        raise InputError(f"its text does not hold {words!r}", culprit=str(path), remedy="Quote the text as it stands")
    return at


def _labelled(row: Any, culprit: str) -> dict[str, Any]:
    missing = {"id", "kind", "text", "facts", "not_metrics", "uncatalogued"} - set(row if isinstance(row, dict) else ())
    if missing:
        raise InputError(f"lacks {', '.join(sorted(missing))}", culprit=culprit, remedy=REMEDY)
    return dict(row)


def _json(text: str, culprit: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise InputError(f"is not JSON ({error})", culprit=culprit, remedy=REMEDY) from error


def _read(path: Path) -> str:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return file.read()
    except UnicodeDecodeError as error:
        raise InputError("is not UTF-8", culprit=str(path), remedy="Save the labels as UTF-8") from error
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror})", culprit=str(path), remedy=REMEDY) from error
