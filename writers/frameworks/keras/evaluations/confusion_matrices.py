"""The confusion matrices of one evaluation, one for each output that decides between classes, batch by batch."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from tb_plugin.schema.confusion_matrix import ConfusionMatrix
from writers.confusion_matrix import Accumulator
from writers.frameworks.keras.outputs.scored_outputs import Part
from writers.frameworks.keras.outputs.task import Task
from writers.guard import Guard

Array = np.ndarray[Any, Any]
TaskOf = Callable[[str, int], Task | str]
"""(name of an output, size of its last axis) → its task, or in words why it has none."""

NO_CLASS = "label has no single class"
"""Reason for dropping a sample: its row of `y_true` has no largest value, or several."""

MASKED = "masked"
"""Reason for dropping a sample: Keras' mask, as of padding, leaves it out of the loss."""


class ConfusionMatrices:
    """What one evaluation saw.

    Args:
        evaluation: Its name, for messages.
        task_of: Tells each output's task.
        guard: Told of what cannot be counted.

    Attributes:
        evaluation: As given.
        is_empty: Whether no batch came.
    """

    def __init__(self, evaluation: str, task_of: TaskOf, guard: Guard) -> None:
        self.evaluation, self._task_of, self._guard = evaluation, task_of, guard
        self.is_empty = True
        self._counting: dict[str, _Counting | None] = {}

    def add(self, batch: Mapping[str, Mapping[Part, Array]]) -> None:
        """Counts a batch.

        Raises:
            WrongArgument: The labels do not fit an output.
        """
        self.is_empty = False
        for output, parts in batch.items():
            self._guard.attempt(f"the confusion matrix of {self._name(output)}", self._add, output, parts)

    def payloads(self, epoch: int) -> dict[str, ConfusionMatrix]:
        """The matrix of each output by name, of all that was seen."""
        return {output: counting.payload(epoch) for output, counting in self._counting.items() if counting is not None}

    @property
    def samples(self) -> int:
        """Samples of the largest output."""
        return max((counting.samples for counting in self._counting.values() if counting is not None), default=0)

    def _add(self, output: str, parts: Mapping[Part, Array]) -> None:
        score = parts["score"]
        if output not in self._counting:
            self._counting[output] = None  # until all is well: an output that fails once is not half counted
            task = self._task_of(output, 1 if score.ndim < 2 else score.shape[-1])
            if isinstance(task, str):
                self._guard.say(f"no matrix of {output}", f"Layerscope logs no confusion matrix of {self._name(output)}: {task}.")
                return
            self._counting[output] = _Counting(task)
        counting = self._counting[output]
        if counting is not None:
            try:
                counting.add(parts["truth"], score, parts.get("weight"), parts.get("mask"))
            except Exception:
                self._counting[output] = None
                raise

    def _name(self, output: str) -> str:
        return f"{self.evaluation}/{output}" if output else self.evaluation


class _Counting:
    def __init__(self, task: Task) -> None:
        self._task = task
        self._accumulator = Accumulator(task.classes, score=task.score)
        self._dropped = {NO_CLASS: 0, MASKED: 0}

    @property
    def samples(self) -> int:
        return self._accumulator.samples + sum(self._dropped.values())

    def add(self, truth: Array, score: Array, weight: Array | None, mask: Array | None) -> None:
        truth, score, weight, mask = as_samples(truth, score, weight, mask)
        if mask is not None:
            truth, score, weight = self._keep(mask != 0, MASKED, truth, score, weight)
        if truth.ndim == 2:
            has_class = (truth == truth.max(axis=1, keepdims=True)).sum(axis=1) == 1  # no NaN is equal to anything
            truth, score, weight = self._keep(has_class, NO_CLASS, truth, score, weight)
            truth = truth.argmax(axis=1)
        self._accumulator.update(truth, score if self._task.score is not None else _largest(score), weight)

    def payload(self, epoch: int) -> ConfusionMatrix:
        payload = self._accumulator.payload(epoch=epoch)
        dropped = {reason: n for reason, n in self._dropped.items() if n}
        return dataclasses.replace(payload, dropped={**payload.dropped, **dropped}) if dropped else payload

    def _keep(self, is_kept: Array, reason: str, truth: Array, score: Array, weight: Array | None) -> tuple[Array, Array, Array | None]:
        self._dropped[reason] += int(np.count_nonzero(~is_kept))
        return truth[is_kept], score[is_kept], None if weight is None else weight[is_kept]


def as_samples(truth: Array, score: Array, weight: Array | None, mask: Array | None) -> tuple[Array, Array, Array | None, Array | None]:
    """One row for each sample; where an output decides at each position (segmentation, tokens), each is a sample.

    Args:
        truth: Class ids [...] or [..., 1], or one column for each class [..., class].
        score: [...] or [..., class].
        weight, mask: Of leading axes of the samples, or None.

    Returns:
        truth: [sample], or [sample, class] where it has a column for each class.
        score: [sample, class].
        weight, mask: [sample] or None.

    Raises:
        ValueError: Their shapes do not fit.
    """
    if score.ndim < 2:
        score = score.reshape(-1, 1)
    positions, n = score.shape[:-1], score.shape[-1]
    if truth.shape == positions or truth.shape == (*positions, 1):
        truth = truth.reshape(-1)
    elif n > 1 and truth.shape == score.shape:
        truth = truth.reshape(-1, n)
    else:
        raise ValueError(f"y_true of shape {list(truth.shape)} does not fit y_pred of shape {list(score.shape)}")
    return truth, score.reshape(-1, n), _of_samples(weight, positions, "sample weights"), _of_samples(mask, positions, "a mask")


def _of_samples(values: Array | None, positions: tuple[int, ...], what: str) -> Array | None:
    """One value for each position, of values that leading axes have."""
    if values is None:
        return None
    if values.ndim > 1 and values.shape[-1] == 1 and values.shape != positions:
        values = values.reshape(values.shape[:-1])
    if values.shape != positions[: values.ndim]:
        raise ValueError(f"{what} of shape {list(values.shape)} do not fit y_pred of shape {list(positions)} and its classes")
    return np.broadcast_to(values.reshape(values.shape + (1,) * (len(positions) - values.ndim)), positions).reshape(-1)


def _largest(score: Array) -> Array:
    """The class with the largest value, float64 [sample]; NaN where a value is not finite."""
    return np.where(np.isfinite(score).all(axis=1), score.argmax(axis=1).astype(np.float64), np.nan)
