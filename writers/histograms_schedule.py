"""At which steps of a training its distributions are written as TensorBoard's own histograms, too: 20 of them at most."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from writers.histograms import BINS

MOST = 20
"""Points of a series: TensorBoard's Python loader holds 4.6 kB of each, and there are two series a parameter."""

_LEAST = 5
_BYTES = BINS * 3 * 8 + 200  # with the tag, what TensorBoard is told of it, and the frame
_PARTS = 72
# Of a known length: doubling up to a ninth, so that a training that is stopped early has some, then evenly.
_SHARES = (0, 1, 2, 4, *range(8, _PARTS + 1, 8))
_DOUBLINGS_PAST = (1, 2, 4, 8, 24, 48)
_FIRST = 100
# Where no length is known: each doubling has one, and the longer it takes the rarer.
_DOUBLINGS = (*range(15), 18, 24, 36)
_NEVER = 2**63


@dataclass(frozen=True)
class HistogramsSchedule:
    """The steps that are due: the first, the last one of a known length, and between them evenly; else, or past it, rarer and rarer.

    What is written is the first point at or after each. A function of its arguments alone.

    Args:
        budget: Bytes that they may take; they take more where 5 points need it.
        parameters: How many parameters there are, each with weights and gradients.
        first_step: Of the training.
        length: How many steps it will have, those before its first one included, if known.
    """

    budget: float
    parameters: int
    first_step: int = 0
    length: int | None = None

    @property
    def points(self) -> int:
        """How many there are at most, the last step of a training that ends unforeseen among them."""
        return max(_LEAST, min(MOST, int(self.budget // self._cost)))

    @property
    def bytes(self) -> int:
        """What they take at most."""
        return self.points * self._cost

    @cached_property
    def steps(self) -> tuple[int, ...]:
        """The steps that are due, rising; one less than there are points at most."""
        planned, last = self._planned()
        for each in range(1, len(planned) + 1):
            chosen = tuple(step for i, step in enumerate(planned) if i % each == 0 or step == last)
            if len(chosen) < self.points:
                return chosen
        raise AssertionError("unreachable: the first and the last are two, and five points there are at least")

    def next_due(self, step: int) -> int:
        """The first that is not before this step; beyond all steps, where no more are."""
        return next((due for due in self.steps if due >= step), _NEVER)

    def _planned(self) -> tuple[list[int], int]:
        """Rising steps, of 20 points; and the last one of a known length, else the first of all."""
        if self.length is None or self.first_step >= self.length:
            past = [_FIRST << doubling for doubling in _DOUBLINGS]
            return [self.first_step, *(step for step in past if self.first_step < step < _NEVER)], self.first_step
        first, last = self.first_step, self.length - 1
        known = {first + (last - first) * share // _PARTS for share in _SHARES}
        past = [self.length << doubling for doubling in _DOUBLINGS_PAST]
        return [*sorted(known), *(step for step in past if step < _NEVER)], last

    @property
    def _cost(self) -> int:
        return max(1, 2 * self.parameters * _BYTES)
