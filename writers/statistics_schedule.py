"""Which steps of a training are told in statistics of its parameters, by a budget of bytes."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from math import ceil

from tb_plugin.schema.tensor_stats import NORMS, STATISTICS
from writers.budget import LARGEST_SHARE, MOST_RECORDS, points_within, stretch

BUDGET = 4_000_000
"""Bytes of statistics that a run keeps, where `budget=1`."""

FULL_EVERY = 8
"""Of the told steps, each how many-th is told in full."""

LEAST_SPACING = 10
"""Steps from one told step to the next at least, after the start."""

_MOST_POINTS = 4_000
_BYTES_A_STEP = 180  # loss, rates and the like, and a share of the frames
_BYTES_A_PARAMETER = 4 * len(NORMS) + 4 * len(STATISTICS) / FULL_EVERY
_FAR = 2**62


@dataclass(frozen=True)
class StatisticsSchedule:
    """The steps to tell: all at the start, then evenly spaced, as the contract's "Budget" has it.

    A function of its arguments alone, so that a training that was restarted agrees with itself. `str()` says it in words.

    Args:
        budget: Bytes that statistics may take beside those of the start; they take more where 256 steps need it.
        parameters: How many parameters are told of.
        length: How many steps the training will have, if known. Its last one is told in any case; what comes after it
            gets sparser with each doubling, as all steps do where no length is known.
    """

    budget: float
    parameters: int
    length: int | None = None

    def __post_init__(self) -> None:
        if not 0 < self.budget <= LARGEST_SHARE:
            raise ValueError(f"statistics may keep from 1 to {LARGEST_SHARE} bytes, or they would not reach the page; this is {self.budget}")
        if self.length is not None and self.length < 1:
            raise ValueError(f"length is how many steps the training will have; it is {self.length}")

    @cached_property
    def points(self) -> float:
        """How many steps are told of at most."""
        return points_within(self.budget, self._cost, most=_MOST_POINTS)

    @cached_property
    def stretches(self) -> tuple[tuple[int, int], ...]:
        """Where each stretch of evenly spaced steps begins, itself told, and its spacing. The first is the start."""
        found: list[tuple[int, int]] = []
        begin, start = 0, next(step for step in range(1, 102) if self._rule(step) != (0, 1))
        while begin < _FAR:
            anchor, spacing = self._rule(begin)
            found.append((begin, spacing))
            if begin == 0:
                begin = start
            elif self.length is not None and begin < self.length:
                begin = self.length
            else:
                begin = 2 * anchor
        return tuple(found)

    @property
    def start(self) -> int:
        """The first how many steps are all told, in full."""
        return self.stretches[1][0]

    def next_due(self, step: int) -> int:
        """The first step to tell that is not before this one."""
        index = self._index(step)
        begin, spacing = self.stretches[index]
        planned = begin + -(-(step - begin) // spacing) * spacing
        if index + 1 < len(self.stretches):
            planned = min(planned, self.stretches[index + 1][0])
        return self.length - 1 if self.length is not None and step < self.length <= planned else planned

    def is_due(self, step: int) -> bool:
        """Whether a step is told."""
        return self.next_due(step) == step

    def is_full(self, step: int) -> bool:
        """Whether all is told of a step that is told: of the start, of each eighth after it, and of the last."""
        return step < self.start or self.is_eighth(step)

    def is_eighth(self, step: int) -> bool:
        """Whether a told step is one of those that are told in full the whole training long."""
        return self._is_each(FULL_EVERY, step)

    def is_scalar(self, step: int) -> bool:
        """Whether a told step has scalars of its own, too: TensorBoard keeps 1,000 of a series and drops others at random."""
        return step < self.start or self._is_each(ceil(self.points / MOST_RECORDS), step)

    def __str__(self) -> str:
        begin, spacing = self.stretches[1]
        after = f"each {spacing}th" if self.length is not None and begin < self.length else "fewer with each doubling"
        return f"the first {self.start} steps, then {after}, in full each {FULL_EVERY}th of them; within {self.points * self._cost / 1e6:.3g} MB"

    @property
    def _cost(self) -> float:
        return _BYTES_A_STEP + _BYTES_A_PARAMETER * self.parameters

    def _rule(self, step: int) -> tuple[int, int]:
        return stretch(step, self.points, length=self.length, least=LEAST_SPACING)

    def _index(self, step: int) -> int:
        return bisect_right(self.stretches, (step, _FAR)) - 1

    def _is_each(self, n: int, step: int) -> bool:
        begin, spacing = self.stretches[self._index(step)]
        return (step - begin) // spacing % n == 0 or step + 1 == self.length
