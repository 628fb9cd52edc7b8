"""How often the truth is among the first few classes, and the confusion matrix in which that counts as right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from tb_plugin.analysis.intervals import wilson
from tb_plugin.analysis.sample_match import Said, said
from tb_plugin.points import Point
from tb_plugin.schema.confusion_matrix import ConfusionMatrix
from tb_plugin.schema.top_k import MOST_K, TopK

Array = np.ndarray[Any, Any]

_NEVER = MOST_K + 1


def top_k(points: Sequence[Point], samples: Mapping[str, Point], size: int) -> TopK:
    """Accuracies at all of some evaluations.

    Args:
        points: Points of kind `predictions`, steps rising, of the same classes; at least one.
        samples: Points of kind `samples` by digest: all that these refer to.
        size: K, the number of classes.

    Raises:
        NotFound: Predictions do not fit their samples or classes.
    """
    told = [_accuracies(point, samples, size) for point in points]
    counts, rates = np.array([each[0] for each in told], np.int64), np.array([each[1] for each in told], np.float64)
    low, high = wilson(rates * np.array([[each[2]] for each in told]), np.array([[each[2]] for each in told]))
    return TopK(
        classes=str(points[-1].fields["classes"]),
        weighted=any("weight" in record.arrays for record in samples.values()),
        step=np.array([point.step for point in points], np.int64),
        samples=counts[:, 0],
        abstained=counts[:, 1],
        unranked=counts[:, 2],
        right=counts[:, 3:],
        accuracy=rates,
        low=low,
        high=high,
    )


def _accuracies(point: Point, samples: Mapping[str, Point], size: int) -> tuple[list[int], Array, float]:
    """Of one evaluation: the counts of `TopK`, in its order; the rates [k]; and how many samples say as much."""
    here, weight = said(point, samples, size), _weight(point, samples)
    place = first_place(here, size)[here.known]
    own = np.ones(len(place)) if weight is None else weight[here.known]
    count = np.bincount(place, minlength=_NEVER + 1)[1:_NEVER].cumsum()
    right = np.bincount(place, weights=own, minlength=_NEVER + 1)[1:_NEVER].cumsum()
    abstained = here.known & (here.predicted == size)
    unranked = here.known & ~here.right & ~abstained & (here.rank == 0)
    total = own.sum()
    with np.errstate(all="ignore"):
        return [len(place), int(abstained.sum()), int(unranked.sum()), *count.tolist()], right / total, float(total**2 / (own**2).sum())


def top_k_matrix(point: Point, samples: Mapping[str, Point], size: int, k: int) -> ConfusionMatrix:
    """The confusion matrix in which a sample whose truth is among the first k classes counts as right, and any other as what was predicted.

    For k = 1 it is the confusion matrix of the evaluation.

    Args:
        point: A point of kind `predictions`.
        samples: As in `top_k`.
        size: K.
        k: From 1 to `MOST_K`.

    Raises:
        NotFound: The predictions fit neither their samples nor their classes.
    """
    here, weight = said(point, samples, size), _weight(point, samples)
    column = credited(here, size, k).predicted[here.counts]
    row = here.truth[here.counts]
    key, cell, count = np.unique(row * (size + 1) + column, return_inverse=True, return_counts=True)
    own = None if weight is None else weight[here.counts]
    return ConfusionMatrix(
        classes=str(point.fields["classes"]),
        epoch=point.fields["epoch"],
        dropped=point.fields["dropped"],
        score=point.fields["score"],
        threshold=point.fields["threshold"],
        row_end=np.bincount(key // (size + 1), minlength=size + 1).cumsum(),
        column=key % (size + 1),
        count=count,
        weight=None if own is None else np.bincount(cell.reshape(-1), weights=own, minlength=len(key)),
        weight_squares=None if own is None else np.bincount(row, weights=own**2, minlength=size + 1),
        column_weight_squares=None if own is None else np.bincount(column, weights=own**2, minlength=size + 1),
    )


def credited(here: Said, size: int, k: int) -> Said:
    """What is said where a truth among the first k classes counts as right: the truth is then what was predicted."""
    right = here.known & (first_place(here, size) <= k)
    return replace(here, right=right, predicted=np.where(right, here.truth, here.predicted))


def first_place(here: Said, size: int) -> Array:
    """The least k for which each sample is right: int64 [sample], `MOST_K` + 1 where there is none up to there.

    What was predicted is first, whatever the scores say: of two classes with equal scores a threshold may have decided.
    """
    place = np.where((here.rank > 0) & here.known, np.clip(here.rank, 2, _NEVER), _NEVER)
    place = np.where(here.right, 1, place)
    return np.where(here.predicted == size, _NEVER, place)


def _weight(point: Point, samples: Mapping[str, Point]) -> Array | None:
    """float64 [sample]; None where samples have no weights."""
    weight = samples[str(point.fields["samples"])].arrays.get("weight")
    return None if weight is None else weight.astype(np.float64)
