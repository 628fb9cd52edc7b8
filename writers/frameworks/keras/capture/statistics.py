"""What a captured `fit` tells of its steps: when it is looked into, and when what was told is written."""

from __future__ import annotations

from bisect import bisect_right
from typing import Any

import tensorflow as tf
from tensorflow.python.eager import context

from tb_plugin.schema.parameters import Parameters
from writers.distributions_schedule import DistributionsSchedule
from writers.frameworks.keras.capture.built_optimizer import build_optimizer
from writers.frameworks.keras.capture.capture import Capture
from writers.frameworks.keras.capture.records import Plan, Records
from writers.frameworks.keras.capture.unseen import Unseen
from writers.guard import Guard
from writers.run_writer import RunWriter
from writers.statistics_packer import STEPS_A_RECORD
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
        self._model, self._parameters, self._executions = model, parameters, executions
        self._has_looked = False
        self._capture = Capture(model, full_every=FULL_EVERY, slots=STEPS_A_RECORD + executions, guard=guard, finds_next=executions > 1)
        self._unseen = Unseen(self._capture.optimizers, guard)
        self._records: Records | None = None
        self._epochs: list[tuple[int, int, int | None]] = []
        self._held = 0
        # Keras before 3.7 looks for the model's train step when it is traced, also for the train function that does not tell.
        self._capture.is_on = False
        self._capture.install()

    def begin(self, run: RunWriter, schedule: StatisticsSchedule, distributions: DistributionsSchedule, step: int, last: int | None) -> None:
        """Before the first batch.

        Args:
            run: Written to.
            schedule, distributions, last: As of `Plan`.
            step: Number of the first batch.
        """
        plan = Plan(schedule, distributions, last)
        self._records = Records(run, self._parameters, self._capture, plan, step, epoch_of=self._epoch)
        self._now, self._next = step, plan.due(step)

    def epoch_begins(self, step: int, epoch: int, steps: int | None) -> None:
        """Before an epoch's first batch.

        Args:
            step: Its number.
            epoch: Of the epoch, from 0.
            steps: Batches of the epoch, if known.
        """
        self._epochs.append((step, epoch, steps))
        self._now = step
        if self._records is not None and len(self._epochs) > 1:
            self._records.times.note(step - 0.5)  # an evaluation may lie before it
            self._recount(self._records)

    def looks(self) -> bool:
        """Whether the execution that begins is to be taken by a train function that tells."""
        self._capture.is_on = self._records is not None and (self._executions > 1 or self._now == self._next)
        return self._capture.is_on

    def will_look(self) -> None:
        """It will be."""
        self._capture.is_on = True
        if not self._has_looked:  # no callback comes between this and the batch, which might change what is trained
            self._has_looked = True
            build_optimizer(self._model)
        if self._records is not None and self._executions == 1:
            self._recount(self._records)

    def batches_end(self, finished: int) -> None:
        """After an execution; `finished` batches are over. Most times nothing is to be done, and the device is not waited for."""
        self._now, self._capture.is_on = finished, False
        records = self._records
        if records is None:
            return
        if self._next < finished:
            records.times.note(finished - 1)
        while self._next < finished:
            self._held += 1
            self._next = records.plan.due(self._next + 1)
        if records.wanted < finished:
            records.write_distributions()
            records.want(finished)
        if self._held >= STEPS_A_RECORD or (self._held and records.is_late()):
            self.write()

    def write(self) -> None:
        """Writes what was told since the last time."""
        self._held = 0
        if self._records is not None:
            self._records.write()
            if self._records.has_told and not self._capture.is_seen:
                self._warn()

    def close(self) -> None:
        """Writes the rest, and leaves the model and its optimizers as they were."""
        try:
            self.write()
            if self._records is not None:
                self._records.close()
        finally:
            self._records = None
            self._capture.remove()

    def _warn(self) -> None:
        """Steps were told, and no update of one was seen."""
        if not self._model.trainable_weights or self._unseen.warn_of_traced(
            "this fit", "Make it a method of the model, which is traced anew, or have Layerscope in the callbacks of the first fit"
        ):
            return
        self._unseen.warn_of_unapplied(
            "Gradients and updates are told of a keras.optimizers.Optimizer that the model holds, as an attribute or in a list or a mapping that is one, "
            "and that is applied by its apply or apply_gradients; gradients=False looks at none"
        )

    def _recount(self, records: Records) -> None:
        """Of the batches since the last look the graph knows nothing."""
        self._capture.schedule.recount(self._now, self._next, is_full=records.plan.is_full(self._next))

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
    if context.context().op_callbacks:
        return "operations are watched, as by tf.debugging.enable_check_numerics, which would take our marks of what is undefined for yours"
    return None
