"""Which numbers were predicted of each sample, from what is true."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from tb_plugin.schema.number_predictions import NumberPredictions
from tb_plugin.schema.samples import Samples
from writers import samples as samples_
from writers.regression_sums import counting
from writers.sample_ids import Ids

Array = np.ndarray[Any, Any]


def of(
    samples: Samples,
    predicted: Any,
    *,
    targets: Iterable[str],
    kept: Any = None,
    epoch: int | None = None,
    dropped: Mapping[str, int] | None = None,
) -> NumberPredictions:
    """The predicted numbers of one evaluation.

    Args:
        samples: The samples and the numbers that are true of them: `samples.of_numbers`.
        predicted: [sample, target].
        targets: Name of each target.
        kept: Whether each value counts [sample, target]; by default where truth and prediction are finite.
        epoch: Epoch of the evaluation, from 0.
        dropped: Why values are not kept, counted by reason.

    Raises:
        ValueError: Shapes do not fit, or nothing is known to be true of the samples.
    """
    if samples.number_truth is None:
        raise ValueError("these samples have no numbers that are true of them: make them with samples.of_numbers")
    told = np.asarray(predicted, np.float64)
    if told.shape != samples.number_truth.shape:
        raise ValueError(f"predicted must be [sample, target], {list(samples.number_truth.shape)}; its shape is {list(told.shape)}")
    counts = np.isfinite(samples.number_truth) & np.isfinite(told) if kept is None else np.asarray(kept, bool)
    return NumberPredictions(samples=samples, epoch=epoch, targets=tuple(targets), dropped=dict(dropped or {}), predicted=told, kept=counts)


class NumbersKept:
    """What was predicted of each sample, batch by batch.

    Args:
        targets: How many numbers are predicted of a sample.
    """

    def __init__(self, targets: int) -> None:
        self.count = 0
        self._targets = targets
        self._rows: list[tuple[Array, Array, Array | None]] = []

    def add(self, truth: Array, predicted: Array, weight: Array | None) -> None:
        """Adds samples: truths and predictions [target, sample], weights [sample]."""
        self.count += truth.shape[1]
        self._rows.append((truth, predicted, weight))

    def merge(self, other: NumbersKept) -> None:
        """Adds all that `other` has."""
        self.count += other.count
        self._rows = [*self._rows, *other._rows]

    def without(self, left_out: Array) -> NumbersKept:
        """A copy that lacks some samples, bool [sample]."""
        truth, predicted, weight = self._all()
        found = NumbersKept(self._targets)
        found.add(truth[:, ~left_out], predicted[:, ~left_out], None if weight is None else weight[~left_out])
        return found

    def payload(self, ids: Ids, targets: Iterable[str], *, is_weighted: bool, epoch: int | None, dropped: Mapping[str, int]) -> NumberPredictions:
        """All of them; `ids` are those of the samples that came, in their order."""
        truth, predicted, weight = self._all()
        weights = np.ones(self.count) if weight is None else np.where(np.isfinite(weight) & (weight >= 0), weight, 0)
        samples = samples_.of_numbers(truth.T, ids=ids, weight=weights if is_weighted else None)
        return of(samples, predicted.T, targets=targets, kept=counting(truth, predicted, weight).T, epoch=epoch, dropped=dropped)

    def _all(self) -> tuple[Array, Array, Array | None]:
        none = np.zeros((self._targets, 0))
        truth, predicted = (np.concatenate([none, *[row[part] for row in self._rows]], axis=1) for part in (0, 1))
        weight = None
        if any(row[2] is not None for row in self._rows):
            weight = np.concatenate([np.ones(row[0].shape[1]) if row[2] is None else row[2] for row in self._rows])
        self._rows = [(truth, predicted, weight)]
        return self._rows[0]
