"""What a capture tells of steps, as `tensor_stats`, distributions and scalars in a run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from tb_plugin.schema.parameters import Parameters
from tb_plugin.schema.tensor_stats import STATISTICS, TensorStats
from writers.distributions_schedule import DistributionsSchedule
from writers.distributions_writer import DistributionsWriter
from writers.frameworks.keras.capture.moments import MOMENTS
from writers.frameworks.keras.capture.optimizer_capture import Batches, OptimizerCapture
from writers.frameworks.keras.capture.ring import NUMBERS, OF_OPTIMIZER, Drained
from writers.frameworks.keras.optimizers import clip_factor, clips_gathered
from writers.run_writer import RunWriter
from writers.statistics_packer import StatisticsPacker, gradient_norm
from writers.statistics_schedule import StatisticsSchedule


@dataclass(frozen=True)
class Plan:
    """Which steps are told.

    Attributes:
        statistics: In statistics.
        distributions: Of which, or of the next ones that are told, the distributions are told.
        last: A step that is told in any case: the last one, if known.
    """

    statistics: StatisticsSchedule
    distributions: DistributionsSchedule
    last: int | None

    def due(self, step: int) -> int:
        """The first step to tell that is not before this one."""
        planned = self.statistics.next_due(step)
        return planned if self.last is None or self.last < step else min(planned, self.last)

    def is_full(self, step: int) -> bool:
        """Whether all is told of a step that is told."""
        return self.statistics.is_full(step) or step == self.last

    def spread(self, step: int) -> int:
        """The first step, not before this one, whose distributions are told."""
        due = self.distributions.next_due(step)
        if self.last is not None and step <= self.last:
            due = min(due, self.last)
        return self.due(due)


class Records:
    """Writes what a capture tells, from a step on.

    Args:
        run: Written to.
        parameters: The axis: the rows of the capture.
        capture: Told steps are drained from it.
        plan: Which they are.
        step: The first.
        epoch_of: Of a step; NaN where it is not known.
        groups: Numbers of the optimizers whose rates are told; not given: of those that the first told steps were made by.

    Attributes:
        plan: As given.
        wanted: The step whose distributions are told next.
        times: Of the steps, noted here as they are made: it begins now.
    """

    def __init__(
        self,
        run: RunWriter,
        parameters: Parameters,
        capture: OptimizerCapture,
        plan: Plan,
        step: int,
        *,
        epoch_of: Callable[[int], float] = lambda _: float("nan"),
        groups: Sequence[int] | None = None,
    ) -> None:
        self.plan = plan
        self._parameters, self._capture, self._epoch_of, self._groups = parameters, capture, epoch_of, groups
        self._packer = StatisticsPacker(run, plan.statistics)
        self.times = self._packer.times
        self.times.note(step - 1)
        self._distributions = DistributionsWriter(run, parameters, capture.sampled, plan.distributions.histograms(step))
        self._written = -1
        capture.schedule.begin(step, plan.statistics.stretches, plan.last)
        self.want(step)

    def is_late(self) -> bool:
        """Whether what is held should be written though it is not much."""
        return self._packer.is_late()

    @property
    def has_told(self) -> bool:
        """Whether anything was written of any step."""
        return self._written >= 0

    def write(self) -> None:
        """Writes what was told since the last time."""
        drained = self._capture.drain().rising(self._written)
        if len(drained.step):
            self._written = int(drained.step[-1])
            batches = self._capture.batches(drained)
            self._packer.write(self._told(drained, batches), has_loss=batches.has_loss)

    def want(self, step: int) -> None:
        """From this step on the next one whose distributions are told."""
        self.wanted = self.plan.spread(step)
        self._capture.spread.want(self.wanted)

    def write_distributions(self) -> None:
        """Writes those of the wanted step, if it was reached."""
        taken = self._capture.spread.take()
        if taken is None:
            return
        weights, gradients = ([values.get(row) for row in range(len(self._parameters.parameters))] for values in (taken.weights, taken.gradients))
        self._distributions.write(taken.step, weights, gradients)

    def close(self) -> None:
        """Writes what is left of the distributions."""
        self._distributions.close()

    def _told(self, drained: Drained, batches: Batches) -> TensorStats:
        own = drained.numbers[:, len(NUMBERS) :].astype(np.float64).reshape(len(drained.step), -1, len(OF_OPTIMIZER))
        if self._groups is None:  # one that is never applied is none: Keras' compile() makes one for who asks for none
            self._groups = [i for i in range(own.shape[1]) if not np.isnan(own[:, i]).all()]
        rate, scale, applied, gathered = own[:, self._groups].transpose(2, 1, 0)
        told = TensorStats(
            parameters=self._parameters,
            statistics=STATISTICS,
            groups=tuple(list(self._capture.optimizers)[i] for i in self._groups),
            sampled=self._capture.sampled if max(self._capture.sampled, default=1) > 1 else None,
            step=drained.step,
            value=_values(drained),
            loss=batches.loss,
            batch_examples=np.nan_to_num(batches.examples, nan=-1).astype(np.int64),
            epoch=np.array([self._epoch_of(int(step)) for step in drained.step], np.float64),
            loss_scale=scale[0] if len(scale) else np.ones(len(drained.step)),
            clip_factor=np.full(len(drained.step), np.nan),
            skipped=(applied == 0).any(axis=0),
            learning_rate=rate.reshape(len(self._groups), len(drained.step)),
        )
        return replace(told, clip_factor=self._clip_factor(gradient_norm(told), applied, gathered))

    def _clip_factor(self, norm: np.ndarray[Any, Any], applied: np.ndarray[Any, Any], gathered: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        """float64 [step]: of the one optimizer that there is; several have none in common."""
        used = [optimizer for i, optimizer in enumerate(self._capture.optimizers.values()) if i in (self._groups or [])]
        if len(used) != 1:
            return np.full(norm.shape, np.nan)
        clipped = gathered[0] if clips_gathered(used[0]) else norm
        return clip_factor(used[0], np.where((applied[0] == 1) & self._capture.sees_all, clipped, np.nan))


_PLACES: Mapping[str, tuple[str, int]] = {
    **{f"weight_{name}": ("weights", i) for i, name in enumerate(MOMENTS)},
    **{f"gradient_{name}": ("gradients", i) for i, name in enumerate(MOMENTS)},
    "update_sum_squares": ("updates", 0),
    "update_max_abs": ("updates", 1),
}


def _values(drained: Drained) -> np.ndarray[Any, Any]:
    """float32 [statistic, parameter, step]."""
    return np.stack([getattr(drained, of)[:, :, i].T for of, i in (_PLACES[name] for name in STATISTICS)])
