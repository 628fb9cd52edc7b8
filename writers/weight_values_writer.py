"""Writes the values of weights: copied where the training runs, put together in a thread, and written where it runs again."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from tb_plugin.schema.parameters import Parameters
from tb_plugin.schema.weight_values import WeightValues
from writers.guard import Guard
from writers.run_writer import RunWriter
from writers.weight_values import of_parts
from writers.weight_values_schedule import WeightValuesSchedule

Array = np.ndarray[Any, Any]

TAG = "weight_values"
WHAT = "the values of weights"
"""How a failure of theirs is called."""

_PATIENCE = 10.0
_FIRST_FITS = 6  # moments up to which the end of each fit is told


class WeightValuesWriter:
    """Writes to a run what some moments tell, as `weight_values`.

    Copies alone are made while training waits: the rest is done in a thread, one moment at a time. One that comes before
    the one before it is done is left out, and counted. A run is written to by those who train alone, at `collect`, so no two
    threads ever write to it.

    Fits that follow each other in one run and process are one training.

    Args:
        run: Written to.
        parameters: The axis.
        axes: What the axes of each parameter are, or nothing.
        schedule: When, and what of each.
        guard: Where failures end.

    Attributes:
        lost: Moments left out.
    """

    def __init__(self, run: RunWriter, parameters: Parameters, axes: Sequence[str], schedule: WeightValuesSchedule, guard: Guard) -> None:
        self._run, self._parameters, self._axes, self._guard = run, parameters, axes, guard
        self.schedule = schedule
        self.lost = 0
        self._progress = _progress_of(run)
        self._is_first = not self._progress.points
        self._work: _Work | None = None

    def is_due(self, number: int, step: int) -> bool:
        """Whether the values are to be told now.

        Args:
            number: Steps, or epochs, as the schedule counts them.
            step: Batches finished.
        """
        progress = self._progress
        if step < progress.step:
            progress.begin()  # a training that begins anew
        return step > progress.step and number >= progress.next and self._is_room(step, is_last=number == self.schedule.length)

    def write(self, number: int, step: int, arrays: Mapping[str, Callable[[], Array]]) -> None:
        """Takes the values, and has them put together.

        Args:
            number: As of `is_due`.
            step: Batches finished.
            arrays: A copy of each parameter's values, by path, which nobody else changes; only those are called of which
                values are told.
        """
        self.collect()
        self._progress.next = self.schedule.next_due(number + 1)
        if self._work is not None:
            self.lost += 1
            return
        parts = zip(self._parameters.parameters, self.schedule.parts, strict=True)
        held = [arrays[parameter.path]() if part.kept != "none" and parameter.path in arrays else None for parameter, part in parts]
        self._progress.count(step)
        self._work = _Work(step, lambda: of_parts(self._parameters, held, self._axes, self.schedule.parts))

    def collect(self, patience: float = 0.0) -> None:
        """Writes what is put together by now, if anything is; waits so many seconds for it."""
        work = self._work
        if work is None or not work.is_done(patience):
            return
        self._work = None
        self._guard.attempt(WHAT, self._finish, work)

    def close(self, number: int, step: int, arrays: Mapping[str, Callable[[], Array]]) -> None:
        """Writes the last values, unless they are there, and waits at most 10 s for them; arguments as of `write`."""
        self.collect(_PATIENCE)
        if step > self._progress.step and self._is_room(step, is_last=True):
            self.write(number, step, arrays)
            self.collect(_PATIENCE)
        if self._work is not None:
            self.lost, self._work = self.lost + 1, None
        if self.lost:
            self._guard.say("lost values", f"Layerscope has left out {self.lost} moments of {WHAT}: there was no time for them")

    def _is_room(self, step: int, *, is_last: bool) -> bool:
        """Room for one is kept for the last moment; a training that has gone on for as long as it took has one more."""
        progress = self._progress
        if step >= 2 * progress.step:
            return True
        if is_last and not self._is_first and progress.points >= _FIRST_FITS and 4 * step < 5 * progress.step:
            return False  # many short fits: each of them ends
        return progress.points < self.schedule.points - (not is_last)

    def _finish(self, work: _Work) -> None:
        self._run.write(TAG, work.result(), work.step)


class _Work:
    """A payload that a thread puts together."""

    def __init__(self, step: int, make: Callable[[], WeightValues]) -> None:
        self.step = step
        self._payload: WeightValues | None = None
        self._error: Exception | None = None
        self._make: Callable[[], WeightValues] | None = make
        self._thread = threading.Thread(target=self._run, name="layerscope-values", daemon=True)
        self._thread.start()

    def is_done(self, patience: float) -> bool:
        self._thread.join(patience)
        return not self._thread.is_alive()

    def result(self) -> WeightValues:
        if self._error is not None:
            raise self._error
        assert self._payload is not None
        return self._payload

    def _run(self) -> None:
        make, self._make = self._make, None  # the values are let go of as soon as they are done with
        assert make is not None
        try:
            self._payload = make()
        except Exception as error:  # the boundary: it is raised where the payload is asked for
            self._error = error


@dataclass
class _Progress:
    """What a run has of moments: how many, the step of the last, and the number from which the next is due."""

    points: int = 0
    step: int = -1
    next: int = 0

    def begin(self) -> None:
        self.points, self.step, self.next = 0, -1, 0

    def count(self, step: int) -> None:
        self.points, self.step = self.points + 1, step


_progress: dict[str, _Progress] = {}
"""Of each directory that this process has written to."""
_of_writers: WeakKeyDictionary[RunWriter, _Progress] = WeakKeyDictionary()
"""Of those who write elsewhere."""


def _progress_of(run: RunWriter) -> _Progress:
    return _progress.setdefault(os.path.abspath(run.logdir), _Progress()) if run.logdir else _of_writers.setdefault(run, _Progress())
