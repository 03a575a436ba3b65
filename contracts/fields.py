"""Columns declared in one line each: a text, an integer, a number, a code of a codelist.

Here belongs what is alike for every column of a type. Not here: which columns a table has (``contracts.tables``,
``contracts.release``, ``contracts.changes``).
"""

from __future__ import annotations

from typing import Any

from contracts.codelists import Codelist
from contracts.schema import Field, Type


def text_field(name: str, zh: str, en: str, meaning_zh: str, meaning_en: str, **rest: Any) -> Field:
    """Return a column of text; ``rest`` are further attributes of ``Field``."""
    return Field(name=name, type=Type.TEXT, zh=zh, en=en, meaning_zh=meaning_zh, meaning_en=meaning_en, **rest)


def integer_field(name: str, zh: str, en: str, meaning_zh: str, meaning_en: str, **rest: Any) -> Field:
    """Return a column of whole numbers from 0, unless ``rest`` says from where."""
    rest = {"minimum": 0, **rest}
    return Field(name=name, type=Type.INTEGER, zh=zh, en=en, meaning_zh=meaning_zh, meaning_en=meaning_en, **rest)


def number_field(name: str, zh: str, en: str, meaning_zh: str, meaning_en: str, **rest: Any) -> Field:
    """Return a column of numbers; ``rest`` are further attributes of ``Field``."""
    return Field(name=name, type=Type.NUMBER, zh=zh, en=en, meaning_zh=meaning_zh, meaning_en=meaning_en, **rest)


def code_field(codelist: Codelist, *, name: str | None = None, **rest: Any) -> Field:
    """Return a column of the codes of ``codelist``, named as it is unless ``name`` says otherwise."""
    return text_field(
        name or codelist.name,
        codelist.zh,
        codelist.en,
        f"代码表 {codelist.name}",
        f"a code of the codelist {codelist.name}",
        codelist=codelist,
        **rest,
    )
