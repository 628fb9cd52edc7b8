"""When to look at a training that can't call Python."""

from __future__ import annotations

from math import ceil

from writers.frameworks.keras.capture.records import Plan, Records
from writers.statistics_packer import STEPS_A_RECORD


class Pace:
    """Guesses, where XLA leaves Python no other way, when there is something to take: from how many steps a call has made so far.

    Args:
        step: Where the training begins.
    """

    def __init__(self, step: int) -> None:
        self._step, self._next, self._held, self._calls = step, step, 0, 0
        self._steps_a_call: float | None = None

    def is_time(self, records: Records) -> bool:
        """After a call of the user's function: whether to look."""
        self._calls += 1
        if self._steps_a_call is None:
            return True
        finished = self._step + ceil(self._calls * self._steps_a_call)
        while self._next < finished and self._held < STEPS_A_RECORD:
            self._held += 1
            self._next = records.plan.due(self._next + 1)
        return self._held >= STEPS_A_RECORD or records.wanted < finished or (self._held > 0 and records.is_late())

    def at(self, step: int, held: int, plan: Plan) -> None:
        """It was looked: where the training is, and how many steps are still held."""
        if self._calls and step > self._step:
            self._steps_a_call = (step - self._step) / self._calls
        self._step, self._next, self._held, self._calls = step, plan.due(step), held, 0
