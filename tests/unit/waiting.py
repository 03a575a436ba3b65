"""Patience with what other processes do in their own time."""

from __future__ import annotations

import time
from collections.abc import Callable


def waited(holds: Callable[[], bool], seconds: float = 60) -> None:
    """Return as soon as something holds; fail when it does not within so many seconds."""
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.05)
