"""Two regressions against each other on the same samples: whose errors are smaller, and by how much."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from tb_plugin.analysis.comparison import Evaluation, matched_by, places
from tb_plugin.analysis.number_samples import told_of
from tb_plugin.schema.number_comparison import NumberComparison

Array = np.ndarray[Any, Any]


def number_comparison(this: Evaluation, other: Evaluation) -> NumberComparison:
    """Two evaluations of the same samples against each other.

    Args:
        this, other: Evaluations whose points are of kind `number_predictions`; their labels are the names of the targets.

    Raises:
        NotFound: Predictions do not fit their samples.
    """
    here, there = told_of(this.point, this.samples), told_of(other.point, other.samples)
    place = places(this, other)
    columns = []
    for k, name in enumerate(this.labels):
        target = _same_target(name, k, other.labels)
        if target is None:
            both = np.zeros(len(place), bool)
            truth = error_there = np.full(len(place), np.nan)
        else:
            truth, predicted, kept = (
                np.append(each[:, target], last)[place] for each, last in ((there.truth, np.nan), (there.predicted, np.nan), (there.kept, False))
            )
            both, error_there = here.kept[:, k] & kept, np.abs(predicted - truth)
        same = both & (here.truth[:, k] == truth)
        error = np.abs(here.predicted[:, k] - here.truth[:, k])
        columns.append((*_paired(error[same], error_there[same]), int((both & ~same).sum()), int((here.kept[:, k] & ~both).sum())))
    names = ("compared", "absolute", "other_absolute", "difference", "difference_low", "difference_high", "p", "closer", "farther", "truth_differs", "left_out")
    return NumberComparison(
        targets=tuple(this.labels),
        other_step=other.point.step,
        matched_by=matched_by(this, other),
        **{name: np.array([column[i] for column in columns]) for i, name in enumerate(names)},
    )


def _same_target(name: str, place: int, others: Sequence[str]) -> int | None:
    """Place of the target of the same name, or where nobody named it of the same place."""
    if name != "":
        return others.index(name) if name in others else None
    return place if place < len(others) and others[place] == "" else None


def _paired(error: Array, other: Array) -> tuple[int, float, float, float, float, float, float, int, int]:
    """Of the sizes of errors [sample] here and there: how many, both means, their difference with its interval and p, and how often one is smaller."""
    from scipy.special import stdtr, stdtrit

    n, by = len(error), error - other
    if n == 0:
        return 0, np.nan, np.nan, np.nan, np.nan, np.nan, np.nan, 0, 0
    mean = float(by.mean())
    low = high = p = np.nan
    if n > 1:
        spread = float(by.std(ddof=1)) / np.sqrt(n)
        half = float(stdtrit(n - 1, 0.975)) * spread
        low, high = mean - half, mean + half
        # Errors that all differ by the same, or not at all, leave no doubt.
        p = float(2 * stdtr(n - 1, -abs(mean) / spread)) if spread > 0 else float(mean == 0)
    return n, float(error.mean()), float(other.mean()), mean, low, high, p, int((by < 0).sum()), int((by > 0).sum())
