"""What a captured training tells of its steps, as `tensor_stats` and as scalars in its run."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import tensorflow as tf

from tb_plugin.schema.parameters import Parameters
from tb_plugin.schema.tensor_stats import STATISTICS, TensorStats
from writers.distributions_schedule import DistributionsSchedule
from writers.distributions_writer import DistributionsWriter
from writers.frameworks.keras.capture.capture import Capture
from writers.frameworks.keras.capture.moments import MOMENTS
from writers.frameworks.keras.capture.optimizers import clip_factor
from writers.frameworks.keras.capture.ring import NUMBERS, OF_OPTIMIZER, Drained
from writers.guard import Guard
from writers.run_writer import RunWriter
from writers.statistics_packer import STEPS_A_RECORD, StatisticsPacker, gradient_norm
from writers.statistics_schedule import FULL_EVERY, StatisticsSchedule


class Statistics:
    """Captures one `fit` and writes what it tells.

    Args:
        model: Built and compiled; a train function that is made of it from now on tells.
        parameters: Its parameters, in the order of `model.weights`.
        executions: Steps of one execution.
        guard: Where failures of ours end.
    """

    def __init__(self, model: Any, parameters: Parameters, executions: int, guard: Guard) -> None:
        self._parameters, self._executions = parameters, executions
        self._capture = Capture(model, full_every=FULL_EVERY, slots=STEPS_A_RECORD + executions, guard=guard)
        self._packer: StatisticsPacker | None = None
        self._groups: list[int] | None = None
        self._epochs: list[tuple[int, int, int | None]] = []
        self._held, self._written = 0, -1
        self._capture.install()

    def begin(self, run: RunWriter, schedule: StatisticsSchedule, distributions: DistributionsSchedule, step: int, last: int | None) -> None:
        """Before the first batch.

        Args:
            run: Written to.
            schedule: Which steps are told.
            distributions: Of which, or of the next ones that are told, the distributions are told.
            step: Number of the first batch.
            last: Of the last one, if known.
        """
        self._run, self._schedule, self._distributions, self._last = run, schedule, distributions, last
        self._packer = StatisticsPacker(run, schedule)
        self._distributions_writer = DistributionsWriter(run, self._parameters, self._capture.sampled, distributions.histograms(step))
        self._capture.schedule.begin(step, schedule.stretches, last)
        self._now, self._next = step, self._due(step)
        self._want(step)

    def epoch_begins(self, step: int, epoch: int, steps: int | None) -> None:
        """Before an epoch's first batch.

        Args:
            step: Its number.
            epoch: Of the epoch, from 0.
            steps: Batches of the epoch, if known.
        """
        self._epochs.append((step, epoch, steps))
        self._now = step
        if self._packer is not None and len(self._epochs) > 1:
            self._recount()

    def looks(self) -> bool:
        """Whether the execution that begins is to be taken by a train function that tells."""
        return self._packer is not None and (self._executions > 1 or self._now == self._next)

    def will_look(self) -> None:
        """It will be."""
        if self._packer is not None and self._executions == 1:
            self._recount()

    def batches_end(self, finished: int) -> None:
        """After an execution; `finished` batches are over. Most times nothing is to be done, and the device is not waited for."""
        self._now = finished
        if self._packer is None:
            return
        while self._next < finished:
            self._held += 1
            self._next = self._due(self._next + 1)
        if self._wanted < finished:
            self._write_distributions()
            self._want(finished)
        if self._held >= STEPS_A_RECORD or (self._held and self._packer.is_late()):
            self.write()

    def write(self) -> None:
        """Writes what was told since the last time."""
        self._held = 0
        if self._packer is None:
            return
        drained = self._capture.drain().rising(self._written)
        if len(drained.step):
            self._written = int(drained.step[-1])
            self._packer.write(self._told(drained), has_loss=self._capture.sees_loss)

    def _want(self, step: int) -> None:
        due = self._distributions.next_due(step)
        if self._last is not None and step <= self._last:
            due = min(due, self._last)
        self._wanted = self._due(due)
        self._capture.spread.want(self._wanted)

    def _write_distributions(self) -> None:
        taken = self._capture.spread.take()
        if taken is None:
            return
        weights, gradients = ([values.get(row) for row in range(len(self._parameters.parameters))] for values in (taken.weights, taken.gradients))
        self._distributions_writer.write(taken.step, weights, gradients)

    def close(self) -> None:
        """Writes the rest, and leaves the model and its optimizers as they were."""
        try:
            self.write()
            if self._packer is not None:
                self._distributions_writer.close()
        finally:
            self._packer = None
            self._capture.remove()

    def _recount(self) -> None:
        """Of the batches since the last look the graph knows nothing."""
        self._capture.schedule.recount(self._now, self._next, is_full=self._schedule.is_full(self._next) or self._next == self._last)

    def _due(self, step: int) -> int:
        planned = self._schedule.next_due(step)
        return planned if self._last is None or self._last < step else min(planned, self._last)

    def _told(self, drained: Drained) -> TensorStats:
        numbers = {name: drained.numbers[:, i].astype(np.float64) for i, name in enumerate(NUMBERS)}
        own = drained.numbers[:, len(NUMBERS) :].astype(np.float64).reshape(len(drained.step), -1, len(OF_OPTIMIZER))
        if self._groups is None:  # one that is never applied is none: Keras' compile() makes one for who asks for none
            self._groups = [i for i in range(own.shape[1]) if not np.isnan(own[:, i]).all()]
        rate, scale, applied = own[:, self._groups].transpose(2, 1, 0)
        told = TensorStats(
            parameters=self._parameters,
            statistics=STATISTICS,
            groups=tuple(list(self._capture.optimizers)[i] for i in self._groups),
            sampled=self._capture.sampled if max(self._capture.sampled, default=1) > 1 else None,
            step=drained.step,
            value=_values(drained),
            loss=numbers["loss"],
            batch_examples=np.nan_to_num(numbers["examples"], nan=-1).astype(np.int64),
            epoch=np.array([self._epoch(int(step)) for step in drained.step], np.float64),
            loss_scale=scale[0] if len(scale) else np.ones(len(drained.step)),
            clip_factor=np.full(len(drained.step), np.nan),
            skipped=(applied == 0).any(axis=0),
            learning_rate=rate.reshape(len(self._groups), len(drained.step)),
        )
        return replace(told, clip_factor=self._clip_factor(gradient_norm(told)))

    def _clip_factor(self, norm: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        """float64 [step]: of the one optimizer that there is; several have none in common."""
        used = [optimizer for i, optimizer in enumerate(self._capture.optimizers.values()) if i in (self._groups or [])]
        return np.array([clip_factor(used[0], each) if len(used) == 1 else np.nan for each in norm], np.float64)

    def _epoch(self, step: int) -> float:
        index = bisect_right(self._epochs, step, key=lambda epoch: epoch[0]) - 1
        if index < 0:
            return float("nan")
        first, epoch, steps = self._epochs[index]
        return epoch + (min(1.0, (step - first) / steps) if steps else 0.0)


def what_hinders(model: Any) -> str | None:
    """Why a model's steps cannot be told, as a sentence; None where they can."""
    strategy = model.distribute_strategy
    if strategy.num_replicas_in_sync > 1 and type(strategy) is not tf.distribute.MirroredStrategy:
        return f"it trains under {type(strategy).__name__}, with which this was not tried"
    return None


_PLACES: Mapping[str, tuple[str, int]] = {
    **{f"weight_{name}": ("weights", i) for i, name in enumerate(MOMENTS)},
    **{f"gradient_{name}": ("gradients", i) for i, name in enumerate(MOMENTS)},
    "update_sum_squares": ("updates", 0),
    "update_max_abs": ("updates", 1),
}


def _values(drained: Drained) -> np.ndarray[Any, Any]:
    """float32 [statistic, parameter, step]."""
    return np.stack([getattr(drained, of)[:, :, i].T for of, i in (_PLACES[name] for name in STATISTICS)])
