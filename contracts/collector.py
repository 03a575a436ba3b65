"""Python's garbage collector, kept out where much is made at once that stays or goes without it.

It looks for objects that hold one another, and walks all that is alive to find them; what is made here holds none such.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Keep the collector out for a while; it goes on afterwards where it was on before."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
