"""When the steps of a training were made, as the host saw it: what is told of them is written much later."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import numpy as np

MOST_NOTES = 512
"""So many times are held at most; then each second one is let go, and what lies between is interpolated."""


class StepTimes:
    """Times of steps, noted by the host while a device may still be at work, and interpolated between.

    Threads may share it: a graph notes from a thread of its own.

    Args:
        clock: Seconds since 1970. Where it is set back, time stands still meanwhile.
    """

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._notes: list[tuple[float, float]] = []
        self._ticks: list[tuple[float, float]] = []
        self._count = 0
        self._lock = threading.RLock()  # once more by who holds it: a signal may close a run amid a note

    def note(self, step: float, at: float | None = None) -> None:
        """A step is over: now, unless a time is given. Steps rise: an earlier one says nothing new.

        A pause ends at half a step before the one that follows it.
        """
        with self._lock:
            at = self._clock() if at is None else at
            ticks, count, self._ticks, self._count = self._ticks, self._count, [], 0
            if self._notes:
                before, then = self._notes[-1]
                if step <= before:
                    return
                at = max(at, then)
                for number, tick in ticks:
                    between = before + (step - before) * number // count
                    if self._notes[-1][0] < between < step:
                        self._notes.append((between, min(max(tick, self._notes[-1][1]), at)))
                if ticks and ticks[-1][0] == count:
                    at = min(max(ticks[-1][1], self._notes[-1][1]), at)
            self._notes.append((step, at))
            self._notes = _thinned(self._notes)

    def tick(self) -> None:
        """Some steps are over, of which the next note tells how many: those since the note before it, equally many each time."""
        with self._lock:
            self._count += 1
            self._ticks.append((self._count, self._clock()))
            self._ticks = _thinned(self._ticks)

    def of(self, steps: Any) -> np.ndarray[Any, Any]:
        """When some steps were made; lets go of the notes before the last of them.

        Args:
            steps: int [step], rising, and later from one call to the next.

        Returns:
            float64 [step]: seconds since 1970, never falling; the nearest note's before the first and after the last; now,
            without any.
        """
        with self._lock:
            if not self._notes:
                return np.full(len(steps), self._clock())
            noted, at = np.array(self._notes, np.float64).T
            if len(steps):
                self._notes = self._notes[max(0, int(np.searchsorted(noted, steps[-1], "right")) - 1) :]
            found: np.ndarray[Any, Any] = np.interp(np.asarray(steps, np.float64), noted, at)
            return found


def _thinned(notes: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Each second of them where they are many; the first and the last always."""
    return notes if len(notes) <= MOST_NOTES else [*notes[:-1:2], notes[-1]]
