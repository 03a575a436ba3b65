"""A stretch of a text: its words, and how far to either side of a place the words belong to it.

Here belongs what clauses, brackets and the joints of lists do to a frame. Not here: what the words mean.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, NamedTuple

from assets.parse.grammar import BOUNDARY, CLOSE, HARD, OPEN, SOFT

if TYPE_CHECKING:
    from assets.parse.reading import Reading

# How many words a frame may reach to either side: bounded, so that time grows with the text alone.
REACH = 28


class Bounds(NamedTuple):
    """Where a stretch lies: ``text[begin:stop]``, which holds the words ``first`` to ``last`` (exclusive)."""

    begin: int
    stop: int
    first: int
    last: int


class Stretch:
    """A stretch of a reading; words are named by their indices in it."""

    def __init__(self, reading: Reading, bounds: Bounds) -> None:
        """Mark the stretch off."""
        self.r = reading
        self.begin, self.stop, self.first, self.last = bounds

    def left(self, start: int, floor: int) -> tuple[list[int], bool]:
        """Return the words before ``start`` in its clause, and whether the number before (``floor``) ended them.

        A bracket without a number of its own is passed over: 收到申请（含网上申请）51件.
        """
        r = self.r
        bits, starts = r.bits, r.starts
        found: list[int] = []
        at = bisect_left(starts, start, self.first, self.last) - 1
        if at >= self.first and r.ends[at] > start:
            at -= 1
        lowest = max(self.first, at - REACH)
        depth = 0
        while at >= lowest:
            if starts[at] < floor:
                return found[::-1], True
            bit = bits[at]
            if bit & CLOSE:
                depth += 1
            elif bit & OPEN:
                if depth == 0:
                    break
                depth -= 1
            elif depth == 0:
                if bit & HARD:
                    break
                found.append(at)
            at -= 1
        return found[::-1], at < self.first and floor >= 0

    def right(self, after: int, ceiling: int) -> tuple[list[int], bool]:
        """Return the words behind ``after`` in its clause, and whether the next number (``ceiling``) ended them.

        A bracket without a number is passed over.
        """
        r = self.r
        bits, starts = r.bits, r.starts
        at = bisect_left(starts, after, self.first, self.last)
        last = min(self.last, at + REACH)
        found: list[int] = []
        depth = 0
        while at < last:
            if starts[at] >= ceiling:
                return found, True
            bit = bits[at]
            if bit & OPEN:
                depth += 1
            elif bit & CLOSE and depth:
                depth -= 1
            elif bit & HARD and not depth:
                break
            elif not depth:
                found.append(at)
            at += 1
        return found, at >= last and ceiling < self.stop

    def parts(self, indices: list[int]) -> list[list[int]]:
        """Return the words between 、 and 和, without empty stretches."""
        parts: list[list[int]] = [[]]
        for index in indices:
            if self.r.bits[index] & SOFT:
                parts.append([])
            else:
                parts[-1].append(index)
        return [part for part in parts if part]

    def ids(self, indices: list[int]) -> tuple[int, ...]:
        """Return what the words are, joints and marks left out: the form in which frames are matched."""
        bits, ids = self.r.bits, self.r.ids
        return tuple([ids[index] for index in indices if not bits[index] & BOUNDARY])
