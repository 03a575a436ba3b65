"""A stretch of a text: its words, and how far to either side of a place the words belong to it.

Here belongs what clauses, brackets and the joints of lists do to a frame. Not here: what the words mean.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, final

from assets.parse.grammar import BOUNDARY, CLOSE, HARD, OPEN, SOFT

if TYPE_CHECKING:
    from assets.parse.reading import Reading

# How many words a frame may reach to either side: bounded, so that time grows with the text alone.
REACH: Final = 28


@final
class Bounds:
    """Where a stretch lies: ``text[begin:stop]``, which holds the words ``first`` to ``last`` (exclusive)."""

    def __init__(self, begin: int, stop: int, first: int, last: int) -> None:
        """Hold the bounds."""
        self.begin = begin
        self.stop = stop
        self.first = first
        self.last = last


def first_from(offsets: list[int], at: int, low: int, high: int) -> int:
    """Return the first place from ``low`` on whose offset is not before ``at``; ``high`` when there is none before it.

    ``offsets`` ascend. Compiled, this takes a fraction of what calling `bisect_left` takes.
    """
    while low < high:
        middle = (low + high) >> 1
        if offsets[middle] < at:
            low = middle + 1
        else:
            high = middle
    return low


class Stretch:
    """A stretch of a reading; words are named by their indices in it."""

    def __init__(self, reading: Reading, bounds: Bounds) -> None:
        """Mark the stretch off."""
        self.r = reading
        self.begin = bounds.begin
        self.stop = bounds.stop
        self.first = bounds.first
        self.last = bounds.last

    def left(self, start: int, floor: int) -> tuple[list[int], bool]:
        """Return the words before ``start`` in its clause, and whether the number before (``floor``) ended them.

        A bracket without a number of its own is passed over: 收到申请（含网上申请）51件.
        """
        r = self.r
        bits = r.bits
        at = first_from(r.starts, start, self.first, self.last)
        if at > self.first and r.ends[at - 1] > start:
            at -= 1
        lowest = max(self.first, at - 1 - REACH)
        floored = floor >= 0 and lowest == self.first
        if floor >= 0 and (first := first_from(r.starts, floor, self.first, at)) > lowest:
            lowest, floored = first, True
        found: list[int] = []
        depth = 0
        for index in range(at - 1, lowest - 1, -1):
            bit = bits[index]
            if not bit & HARD:
                if depth == 0:
                    found.append(index)
            elif bit & CLOSE:
                depth += 1
            elif depth == 0:
                floored = False
                break
            elif bit & OPEN:
                depth -= 1
        found.reverse()
        return found, floored

    def right(self, after: int, ceiling: int) -> tuple[list[int], bool]:
        """Return the words behind ``after`` in its clause, and whether the next number (``ceiling``) ended them.

        A bracket without a number is passed over.
        """
        r = self.r
        bits = r.bits
        at = first_from(r.starts, after, self.first, self.last)
        furthest = min(self.last, at + REACH)
        last = first_from(r.starts, ceiling, at, furthest)
        found: list[int] = []
        depth = 0
        for index in range(at, last):
            bit = bits[index]
            if not bit & HARD:
                if depth == 0:
                    found.append(index)
            elif bit & OPEN:
                depth += 1
            elif depth == 0:
                return found, False
            elif bit & CLOSE:
                depth -= 1
        return found, last < furthest or ceiling < self.stop

    def parts(self, indices: list[int]) -> list[list[int]]:
        """Return the words between 、 and 和, and those quoted side by side (“带头人”“明白人”), without empty stretches."""
        r = self.r
        parts: list[list[int]] = [[]]
        for index in indices:
            if r.bits[index] & SOFT:
                parts.append([])
                continue
            if parts[-1] and r.text.find("”“", r.ends[parts[-1][-1]], r.starts[index]) >= 0:
                parts.append([])
            parts[-1].append(index)
        return [part for part in parts if part]

    def ids(self, indices: list[int]) -> tuple[int, ...]:
        """Return what the words are, joints and marks left out: the form in which frames are matched."""
        bits, ids, alike = self.r.bits, self.r.ids, self.r.grammar.alike
        return tuple([alike[ids[index]] for index in indices if not bits[index] & BOUNDARY])
