"""At which steps of a training distributions are told, by a budget of bytes."""

from __future__ import annotations

from dataclasses import dataclass

from writers.budget import MOST_RECORDS, points_within, stretch
from writers.histograms_schedule import HistogramsSchedule

BUDGET = 1_000_000
"""Bytes of distributions that a run keeps, where `budget=1`."""

_SPACING, _LEAST_SPACING, _POINTS = 100, 20, 32
_BYTES, _BYTES_A_PARAMETER = 1_000, 120  # of weights and gradients together, measured on models of 6 to 300 parameters


@dataclass(frozen=True)
class DistributionsSchedule:
    """Each 100th step at most; in a short training as many as give it 32 points, but no more than each 20th.

    A function of its arguments alone. `str()` says it in words.

    Args:
        budget: Bytes that they may take, TensorBoard's own histograms of some of them included; they take more where 256
            points need it.
        parameters: How many parameters are told of.
        length: How many steps the training will have, if known.
    """

    budget: float
    parameters: int
    length: int | None = None

    @property
    def spacing(self) -> int:
        """Steps from one point to the next, at least."""
        return _SPACING if self.length is None else max(_LEAST_SPACING, min(_SPACING, self.length // _POINTS))

    def histograms(self, first_step: int = 0) -> HistogramsSchedule:
        """Which of the points are written as TensorBoard's own histograms, too, in a training that begins at a step."""
        return HistogramsSchedule(self.budget, self.parameters, first_step, self.length)

    def next_due(self, step: int) -> int:
        """The first step to tell that is not before this one."""
        points = points_within(self.budget - self.histograms().bytes, _BYTES + _BYTES_A_PARAMETER * self.parameters, most=MOST_RECORDS)
        length = None if self.length is None else -(-self.length // self.spacing)
        number = -(-step // self.spacing)
        while True:
            begin, spacing = stretch(number, points, length=length, least=1)
            due = begin + -(-(number - begin) // spacing) * spacing
            if due == number:
                return due * self.spacing
            number = min(due, max(number + 1, 2 * begin))  # another stretch may begin before

    def __str__(self) -> str:
        rest = f"at most {self.histograms().points} of them as TensorBoard's own histograms, too"
        return f"each {self.spacing}th step, then thinned to {self.budget / 1e6:.3g} MB; {rest}"
