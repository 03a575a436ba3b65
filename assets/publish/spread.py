"""Where the work on a release is done: one function over many items.

Whoever builds or verifies a release may hand in a ``map`` that works in processes; its results come in the order of the
items, so that the same bytes are made everywhere. What is handed to it reads its own files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


class Spread(Protocol):
    """A ``map`` over items that can be pickled."""

    def __call__(self, function: Callable[[Item], Result], items: Iterable[Item], /) -> Iterator[Result]:
        """Yield ``function(item)`` for every item, in their order."""


def here(function: Callable[[Item], Result], items: Iterable[Item], /) -> Iterator[Result]:
    """Do the work in this process, one item after the other."""
    return map(function, items)
