"""What grows with each batch of an evaluation: a confusion matrix and curves, beside scikit-learn's and torchmetrics' of the same batches."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np
import torch
from sklearn.metrics import confusion_matrix
from torchmetrics import Metric, MetricCollection
from torchmetrics.classification import (
    BinaryAUROC,
    BinaryAveragePrecision,
    BinaryCalibrationError,
    BinaryConfusionMatrix,
    BinaryPrecisionRecallCurve,
    BinaryROC,
    MulticlassAUROC,
    MulticlassAveragePrecision,
    MulticlassCalibrationError,
    MulticlassConfusionMatrix,
    MulticlassPrecisionRecallCurve,
    MulticlassROC,
)

from benchmarks.evaluation import BATCH, drawn
from benchmarks.rounds import side_by_side
from benchmarks.row import Goal, Row
from writers.confusion_matrix import Accumulator
from writers.evaluation import Evaluation

Array = np.ndarray[Any, Any]

MATRICES = ((10, 50_000), (10, 1_000_000), (1000, 50_000), (1000, 1_000_000), (5000, 50_000), (5000, 1_000_000))
CURVES = ((2, 50_000), (2, 1_000_000), (10, 50_000), (10, 1_000_000), (1000, 50_000))

_MOST_CELLS = 2 * 10**9
"""Cells that torchmetrics makes anew with each batch, added up over the batches: more take minutes."""


def rows(rounds: int = 3, matrices: Sequence[tuple[int, int]] = MATRICES, curves: Sequence[tuple[int, int]] = CURVES) -> list[Row]:
    """Predicted classes, then scores, in batches of 1,000; scikit-learn, which takes no batches, is given all at once.

    Args:
        rounds: How often.
        matrices, curves: Numbers of classes and of samples.
    """
    return [row for each in matrices for row in _matrices(*each, rounds)] + [row for each in curves for row in _curves(*each, rounds)]


def _matrices(classes: int, samples: int, rounds: int) -> list[Row]:
    given = (*_predicted(classes, samples), classes)
    ways: dict[str, Callable[[], float]] = {
        "ours": partial(_our_matrix, *given),
        "scikit-learn's confusion_matrix, all at once": partial(_scikit_learn, *given),
    }
    if classes**2 * samples // BATCH <= _MOST_CELLS:
        ways["torchmetrics' MulticlassConfusionMatrix"] = partial(_torchmetrics, *given)
    took = side_by_side(ways, rounds)
    ours, name = took.pop("ours"), f"matrix of {samples:,} samples and {classes:,} classes"
    return [Row(name, ours, theirs, against=against, goal=Goal(1.0)) for against, theirs in took.items()]


def _curves(classes: int, samples: int, rounds: int) -> list[Row]:
    given = drawn(samples, classes)
    ways: dict[str, Callable[[], float]] = {
        "ours": partial(_our_curves, *given),
        "torchmetrics' matrix, ROC and precision-recall curves, areas and calibration": partial(_torchmetrics_of, _same(classes), *given),
        "the area under each class's ROC curve alone, by torchmetrics": partial(_torchmetrics_of, _areas_alone(classes), *given),
    }
    took = side_by_side(ways, rounds)
    ours, name = took.pop("ours"), f"matrix, curves, areas, calibration and log loss of {samples:,} samples and {classes:,} classes"
    return [Row(name, ours, theirs, against=against, goal=Goal(1.0)) for against, theirs in took.items()]


def _same(classes: int) -> Callable[[], MetricCollection]:
    """What torchmetrics has of what ours has; it keeps the scores once."""
    if classes == 2:
        own = (BinaryConfusionMatrix, BinaryROC, BinaryPrecisionRecallCurve, BinaryAUROC, BinaryAveragePrecision, BinaryCalibrationError)
        return lambda: MetricCollection([each() for each in own])
    return lambda: MetricCollection(
        [
            MulticlassConfusionMatrix(classes),
            MulticlassROC(classes),
            MulticlassPrecisionRecallCurve(classes),
            MulticlassAUROC(classes, average=None),
            MulticlassAveragePrecision(classes, average=None),
            MulticlassCalibrationError(classes),
        ]
    )


def _areas_alone(classes: int) -> Callable[[], Metric]:
    return BinaryAUROC if classes == 2 else partial(MulticlassAUROC, classes, average=None)


def _predicted(classes: int, samples: int) -> tuple[Array, Array]:
    random = np.random.default_rng(0)
    truth = random.integers(0, classes, samples)
    return truth, np.where(random.random(samples) < 0.8, truth, random.integers(0, classes, samples))


def _our_matrix(truth: Array, predicted: Array, classes: int) -> float:
    begin = time.perf_counter()
    accumulator = Accumulator(n_classes=classes)
    for cut in _batches(len(truth)):
        accumulator.update(truth[cut], predicted[cut])
    counted = accumulator.payload().count.sum()
    return _taken(begin, counted == len(truth))


def _torchmetrics(truth: Array, predicted: Array, classes: int) -> float:
    tensors = torch.from_numpy(truth), torch.from_numpy(predicted)
    begin = time.perf_counter()
    metric = MulticlassConfusionMatrix(classes)
    for cut in _batches(len(truth)):
        metric.update(tensors[1][cut], tensors[0][cut])
    counted = metric.compute().sum()
    return _taken(begin, int(counted) == len(truth))


def _scikit_learn(truth: Array, predicted: Array, classes: int) -> float:
    begin = time.perf_counter()
    counted = confusion_matrix(truth, predicted, labels=range(classes)).sum()
    return _taken(begin, counted == len(truth))


def _our_curves(truth: Array, p: Array) -> float:
    begin = time.perf_counter()
    evaluation = Evaluation(p.shape[1], score="prob", predictions=False)
    for cut in _batches(len(truth)):
        evaluation.update(truth[cut], p[cut])
    payloads = evaluation.payloads()
    return _taken(begin, "score_curves" in payloads)


def _torchmetrics_of(make: Callable[[], Metric | MetricCollection], truth: Array, p: Array) -> float:
    target, scores = torch.from_numpy(truth), torch.from_numpy(p)
    given = scores[:, 1] if p.shape[1] == 2 else scores
    begin = time.perf_counter()
    metric = make()
    for cut in _batches(len(truth)):
        metric.update(given[cut], target[cut])
    found = metric.compute()
    return _taken(begin, len(found) > 0 if isinstance(found, dict) else found.numel() > 0)


def _batches(samples: int) -> Sequence[slice]:
    return [slice(start, start + BATCH) for start in range(0, samples, BATCH)]


def _taken(begin: float, is_whole: bool) -> float:
    taken = time.perf_counter() - begin
    if not is_whole:
        raise RuntimeError("not all samples were counted")
    return taken
