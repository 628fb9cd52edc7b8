"""Writes how weights and gradients are distributed: each point as a record, and a few of them as TensorBoard's own histograms, too."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tb_plugin.schema.distributions import Distributions
from tb_plugin.schema.parameters import Parameters
from writers.distributions import histograms, of_samples
from writers.histograms import Histogram, of_values
from writers.histograms_schedule import HistogramsSchedule
from writers.run_writer import RunWriter

Array = np.ndarray[Any, Any]

WEIGHTS, GRADIENTS = "weights", "gradients"


class DistributionsWriter:
    """Writes to a run what some steps tell: `distributions/weights` and `distributions/gradients` of each, and of at most 20
    of a training a histogram of each parameter, `weights/<path>` and `gradients/<path>`.

    Fits that follow each other in one run and process are one training. Where it ends before its last step is known to
    have come, the last one that was told is among the 20 all the same.

    Args:
        run: Written to.
        parameters: The axis.
        strides: Of each parameter every how many-th value is looked at.
        schedule: Of histograms; where the training goes on, the one that it began with stays in force.
    """

    def __init__(self, run: RunWriter, parameters: Parameters, strides: Sequence[int], schedule: HistogramsSchedule) -> None:
        self._run, self._parameters, self._strides = run, parameters, strides
        self._progress = _progress_of(run, schedule)
        self._is_first = not self._progress.points
        self._last: tuple[int, dict[str, Distributions]] | None = None  # not the values: of a large model these are many

    def write(self, step: int, weights: Sequence[Array | None], gradients: Sequence[Array | None]) -> None:
        """Writes what was looked at on a step, later ones than before.

        Args:
            step: The step.
            weights, gradients: Of each parameter the values looked at, flat; None where it has none.
        """
        looked_at = {WEIGHTS: weights, GRADIENTS: gradients}
        told = {of: of_samples(self._parameters, samples, self._strides) for of, samples in looked_at.items()}
        for of, payload in told.items():
            self._run.write(f"distributions/{of}", payload, step)
        self._last = step, told
        if step >= self._progress.next and self._is_room(step):
            for of, samples in looked_at.items():
                bins = [None if values is None else of_values(values) for values in samples]
                self._write_histograms(of, step, [None if each is None else each * (1, 1, n) for each, n in zip(bins, self._strides, strict=True)])

    def close(self) -> None:
        """Writes the last step's histograms, by powers of two, unless they are there or there are 20."""
        if self._last is None:
            return
        (step, told), self._last = self._last, None
        if (self._is_first or step >= 2 * self._progress.last) and self._is_room(step):
            for of, payload in told.items():
                found = histograms(payload)
                self._write_histograms(of, step, [found.get(parameter.path) for parameter in self._parameters.parameters])

    def _is_room(self, step: int) -> bool:
        is_room = self._progress.counts(step)
        if is_room:
            self._last = None
        return is_room

    def _write_histograms(self, of: str, step: int, bins: Sequence[Array | None]) -> None:
        for parameter, stride, each in zip(self._parameters.parameters, self._strides, bins, strict=True):
            if each is not None:
                self._run.write(f"{of}/{parameter.path}", Histogram(each, _sampled(stride), repeats=True), step)


@dataclass
class _Progress:
    """What a run has of histograms.

    Attributes:
        schedule: In force.
        points: How many steps.
        last: The last of them.
        next: The first step at which more are due.
    """

    schedule: HistogramsSchedule
    points: int = 0
    last: int = -1
    next: int = 0

    def counts(self, step: int) -> bool:
        """Counts a step, and tells whether there is room for it."""
        if self.points >= self.schedule.points:
            return False
        self.points, self.last, self.next = self.points + 1, step, self.schedule.next_due(step + 1)
        return True


_progress: dict[str, _Progress] = {}
"""Of each directory that this process has written to."""


def _progress_of(run: RunWriter, schedule: HistogramsSchedule) -> _Progress:
    begun = _Progress(schedule, next=schedule.first_step)
    if not run.logdir:
        return begun
    key = os.path.abspath(run.logdir)
    known = _progress.get(key)
    if known is None or not known.points or schedule.first_step <= known.last:  # steps go back: another training
        known = _progress[key] = begun
    return known


def _sampled(stride: int) -> str:
    return f"One value in {stride} was looked at; the counts are scaled up to all of them." if stride > 1 else ""
