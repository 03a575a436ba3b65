"""How a part of the data is spelled as a file. Not here: what it says."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any


def script(name: str, value: Mapping[str, Any]) -> str:
    """Return the script that hands a part of the data to the pages under its name.

    Data stands in scripts, not in JSON files, because a page that is opened from a folder may load scripts and nothing
    else; in a string within the script, because a browser takes one apart in half the time of a literal. Text of
    reports only ever is a string within that, and the pages show it as text.
    """
    return f"{opening(name)}{_quoted(value)}');\n"


def opening(name: str, **first: str) -> str:
    """Return how the script of a part begins; ``first`` are the first fields of its value."""
    return f"fazhi.data('{name}','" + (_quoted(first).removesuffix("}") if first else "")


def _quoted(value: Mapping[str, Any]) -> str:
    spelled = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return spelled.replace("\\", "\\\\").replace("'", "\\'")
