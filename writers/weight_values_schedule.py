"""How many values of weights are told, and at which moments of a training, by a budget of bytes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

from writers.weight_values import parts_of
from writers.weight_values_plan import CELLS, NOTHING, OVERHEAD, Part

BUDGET = 1_000_000
"""Bytes of values that a run keeps, where `budget=1`."""

MOST_COPIED = 512_000_000
"""Bytes that are copied to the host at a moment: the largest parameters are left out beyond them."""

_CHOICES = tuple(CELLS >> i for i in range(9))
_MOST, _LEAST = 22, 4
_ENOUGH, _ENOUGH_UNKNOWN = 6, 10  # moments for which cells are given up
_OVER = 3  # times the share, where it has no room for the fewest moments
_LONGEST = 2**14  # of a training of unknown length, in its units: there is no moment after that but the last
_NEVER = 2**63


@dataclass(frozen=True)
class WeightValuesSchedule:
    """What is told of each parameter, and when: at the start, then evenly, where no length is known rarer and rarer, and at the end.

    A function of its arguments alone, so that a training that was restarted agrees with itself. `str()` says it in words.

    Attributes:
        parts: What is told of each parameter at each moment.
        cells: How many numbers of one at most.
        points: How many moments there are at most.
        budget: Bytes that they may take.
        length: How many steps, or epochs, the training will have, if known.
        unit: Where it is not known: how many of them lie between the first moment and the next.
    """

    parts: tuple[Part, ...]
    cells: int
    points: int
    budget: float
    length: int | None = None
    unit: int = 1

    @property
    def bytes(self) -> int:
        """What all moments take, about."""
        return self.points * sum(part.bytes for part in self.parts)

    def next_due(self, number: int) -> int:
        """The first step, or epoch, to tell that is not before this one; beyond all, where no more are."""
        if self.length is not None:
            spacing = -(-self.length // (self.points - 1))
            if number <= self.length:
                return min(-(-number // spacing) * spacing, self.length)
            return self.length << (-(-number // self.length) - 1).bit_length()
        if number <= 0:
            return 0
        # The root of the longest that leaves room for the first and the last.
        base = next(base for base in (2, 4, 16, 128, _LONGEST) if base ** (self.points - 3) >= _LONGEST)
        due = self.unit
        while due < number:
            due *= base
        return due if due <= self.unit * _LONGEST else _NEVER

    def __str__(self) -> str:
        matrices = sum(part.kept != "none" for part in self.parts)
        told = f"up to {self.cells:,} numbers of each of {matrices} parameters, at most {self.points} times, the first and the last step among them"
        over = f"; takes about {self.bytes / 1e6:.1f} MB, more than its {self.budget / 1e6:.3g} MB" if self.bytes > self.budget else ""
        return told + over


def schedule_of(
    shapes: Sequence[tuple[int, ...] | None], axes: Sequence[str], *, budget: float, length: int | None = None, unit: int = 1
) -> WeightValuesSchedule:
    """The schedule of a model.

    As many cells as leave room for six moments, of ten where no length is known; where even the fewest cells do not, as
    many moments as there is room for, but four. Then the smallest parameters are left out, beyond three times the budget.

    Args:
        shapes: Of each parameter whose values are to be told; None of another.
        axes: What its axes are, or nothing.
        budget: Bytes that they may take.
        length: How many steps, or epochs, the training will have, if known.
        unit: How many of them lie between the first moment and the next, where it is not known.
    """
    copied = _copied(shapes)
    wanted = _ENOUGH_UNKNOWN if length is None else min(_ENOUGH, length + 1)
    for cells in _CHOICES:
        parts = parts_of(copied, axes, cells)
        cost = sum(part.bytes for part in parts)
        if cost * wanted <= budget:
            break
    parts = _fitting(parts, copied, _OVER * budget / _LEAST)
    cost = max(1, sum(part.bytes for part in parts))
    return WeightValuesSchedule(tuple(parts), cells, max(_LEAST, min(_MOST, int(budget // cost))), budget, length, unit)


def _copied(shapes: Sequence[tuple[int, ...] | None]) -> list[tuple[int, ...] | None]:
    """Shapes without the largest, of which there would be too much to copy."""
    left, found = MOST_COPIED, list(shapes)
    for i in sorted((i for i, shape in enumerate(shapes) if shape is not None), key=lambda i: prod(shapes[i] or ())):
        left -= 4 * prod(shapes[i] or ())
        if left < 0:
            found[i] = None
    return found


def _fitting(parts: Sequence[Part], shapes: Sequence[tuple[int, ...] | None], most: float) -> list[Part]:
    """Parts without those of the smallest parameters, where all take too much; one at least stays."""
    found, left = list(parts), most - OVERHEAD * len(parts)
    told = [i for i, part in enumerate(parts) if part.kept != "none"]
    for place, i in enumerate(sorted(told, key=lambda i: -prod(shapes[i] or ()))):
        left -= parts[i].bytes - OVERHEAD
        if left < 0 and place:
            found[i] = NOTHING
    return found
