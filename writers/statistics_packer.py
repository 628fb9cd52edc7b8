"""What was told of many steps, as the records that a run keeps of them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from tb_plugin.schema.tensor_stats import NORMS, STATISTICS, TensorStats
from writers.run_writer import RunWriter
from writers.statistics_schedule import StatisticsSchedule
from writers.step_times import StepTimes

STEPS_A_RECORD = 64
"""What is told is written after so many steps at the latest, by then one record."""

START, NORMS_TAG, FULL = "tensor_stats/start", "tensor_stats/norms", "tensor_stats/full"

_SECONDS, _SHARE_OF_TIME = 10.0, 0.01
_RECORD_BYTES = 32_000_000  # half of what a record may decode to


class StatisticsPacker:
    """Writes the statistics of a training's steps: `tensor_stats/norms` of all that are told, `tensor_stats/full` of each
    eighth of them, `tensor_stats/start` of the first; and native scalars `loss`, `gradient_norm`, `learning_rate`.

    Steps are handed in as a device gives them, many at once: every 64 told steps, or when `is_late` says so.

    Args:
        run: Written to.
        schedule: Which steps are told.
        clock: Seconds, from any origin.

    Attributes:
        times: When steps were made. Who tells of steps notes them here as they are made; those that nobody noted are as old as
            what was noted next to them, or made now.
    """

    def __init__(self, run: RunWriter, schedule: StatisticsSchedule, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._run, self._schedule, self._clock = run, schedule, clock
        self._began = self._written = clock()
        self.times = StepTimes()

    def is_late(self) -> bool:
        """Whether what is held should be written though it is not much: after 10 s, or a hundredth of the time trained."""
        now = self._clock()
        return now - self._written >= max(_SECONDS, _SHARE_OF_TIME * (now - self._began))

    def write(self, told: TensorStats, *, has_loss: Any = True) -> None:
        """Writes steps that were told, later ones than before; none: nothing.

        Args:
            told: With all statistics; NaN in those beyond `NORMS` where a step is not told in full.
            has_loss: bool [step], or one for all. Whether its loss is known: then NaN is what it was.
        """
        self._written = self._clock()
        made = dict(zip(told.step.tolist(), self.times.of(told.step).tolist(), strict=True))
        for tag, payload in packed(told, self._schedule):
            self._run.write(tag, payload, int(payload.step[-1]))
        for tag, value, step in scalars(told, self._schedule, has_loss=has_loss):
            self._run.write(tag, value, step, wall_time=made[step])


def packed(told: TensorStats, schedule: StatisticsSchedule) -> Iterator[tuple[str, TensorStats]]:
    """The records of some steps, each with its tag; steps rise in each tag. Arguments as of `StatisticsPacker.write`."""
    if told.statistics != STATISTICS:
        raise ValueError(f"what is told of a step is all of {STATISTICS}, in this order; these are {told.statistics}")
    for tag, statistics, value, chosen in (
        (START, STATISTICS, told.value, told.step < schedule.start),
        (NORMS_TAG, NORMS, norms(told), np.ones(len(told.step), bool)),
        (FULL, STATISTICS, told.value, np.array([schedule.is_eighth(int(step)) for step in told.step], bool)),
    ):
        steps = np.flatnonzero(chosen)
        size = max(1, min(STEPS_A_RECORD, _RECORD_BYTES // max(1, value[:, :, :1].nbytes)))
        for first in range(0, len(steps), size):
            yield tag, _only(replace(told, statistics=statistics, value=value), steps[first : first + size])


def scalars(told: TensorStats, schedule: StatisticsSchedule, *, has_loss: Any = True) -> Iterator[tuple[str, float, int]]:
    """Tag, value and step of each scalar. Arguments as of `StatisticsPacker.write`."""
    norm = gradient_norm(told)
    # Whether what is not finite is NaN or infinite was not told: a norm of it is no number. One too large to be told is infinite.
    known_norm = np.where(_is_bad(told, "gradient_sum_squares").any(0), np.nan, norm)
    rates = {f"learning_rate/{group}" if len(told.groups) > 1 else "learning_rate": rate for group, rate in zip(told.groups, told.learning_rate, strict=True)}
    known = {"loss": np.broadcast_to(has_loss, len(told.step)), "gradient_norm": ~np.isnan(norm)}
    for tag, values in {"loss": told.loss, "gradient_norm": known_norm, **rates}.items():
        for i in np.flatnonzero(known.get(tag, ~np.isnan(values))):
            step = int(told.step[i])
            if schedule.is_scalar(step):
                yield tag, float(values[i]), step


def norms(told: TensorStats) -> np.ndarray[Any, Any]:
    """float32 [norm, parameter, step]: sums of squares, infinite where a value was not finite: its count goes not with them."""
    return np.stack([_norm(told, name) for name in NORMS])


def gradient_norm(told: TensorStats) -> np.ndarray[Any, Any]:
    """float64 [step]: L2 norm of all gradients together; infinite where one is not finite, NaN where there is none.

    A parameter that is the same array as another counts once.
    """
    squares = _norm(told, "gradient_sum_squares").astype(np.float64)
    if not isinstance(told.parameters, str):
        squares = squares[[parameter.tied_to is None for parameter in told.parameters.parameters]]
    return np.where(np.isnan(squares).all(0), np.nan, np.sqrt(np.nansum(squares, axis=0)))


def _norm(told: TensorStats, name: str) -> np.ndarray[Any, Any]:
    return np.asarray(np.where(_is_bad(told, name), np.float32(np.inf), told.value[told.statistics.index(name)]))


def _is_bad(told: TensorStats, norm: str) -> np.ndarray[Any, Any]:
    """bool [parameter, step]: whether what a norm is of has values that are not finite."""
    place = {name: i for i, name in enumerate(told.statistics)}
    count = f"{norm.removesuffix('_sum_squares')}_non_finite"
    return np.asarray(told.value[place[count]] > 0 if count in place else np.zeros(told.value.shape[1:], bool))


def _only(told: TensorStats, steps: np.ndarray[Any, Any]) -> TensorStats:
    return replace(
        told,
        value=told.value[:, :, steps],
        learning_rate=told.learning_rate[:, steps],
        **{name: getattr(told, name)[steps] for name in _BY_STEP},
    )


_BY_STEP = ("step", "loss", "batch_examples", "epoch", "loss_scale", "clip_factor", "skipped")
