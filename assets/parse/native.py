"""The modules that read texts as machine code: which they are, where that lies, and whether it runs.

The sources stay what they are, and without a compiler they run as they are: compiled they find the same, only faster.
What was compiled lies in the virtual environment under the hash of its sources, so it never outlives them. Not here:
how it is made (``assets.parse.compile``) and what the modules do.
"""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
STORE = Path(sys.prefix) / "lib" / "fazhi"
SWITCH = "FAZHI_PURE"
"""Set to any text, this variable keeps the compiled modules from being used."""

SOURCES = tuple(
    HERE / f"{name}.py"
    for name in (
        "extract",
        "findings",
        "grammar",
        "implied",
        "match",
        "modifiers",
        "normalise",
        "outline",
        "reading",
        "refusals",
        "scan",
        "sentence",
        "shares",
        "stretch",
        "tables",
    )
)
_READ_BY_THEM = (HERE / "facts.py", ROOT / "contracts" / "indicators.py")


def place() -> Path:
    """Return where the compiled form of today's sources lies under today's Python, once it is made."""
    digest = hashlib.sha256(sys.version.encode())
    for path in (*SOURCES, *_READ_BY_THEM):
        digest.update(path.read_bytes())
    return STORE / digest.hexdigest()[:16]


def folder() -> Path | None:
    """Return where today's sources lie compiled; None where they do not, or must not be used."""
    if os.environ.get(SWITCH) or not STORE.is_dir():
        return None
    return found if (found := place()).is_dir() else None


def is_running() -> bool:
    """Whether this process reads texts with the compiled modules."""
    from assets.parse import sentence  # noqa: PLC0415 - this module decides which one that is, so it comes first

    return not str(sentence.__file__).endswith(".py")


def form() -> str:
    """Return how this process reads texts, as people are told it."""
    return "compiled" if is_running() else "Python, not compiled (`make compile` makes it faster)"
