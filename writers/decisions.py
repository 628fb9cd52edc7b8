"""From scores to predicted classes, by the score's declared type."""

from __future__ import annotations

from typing import Any

import numpy as np

from tb_plugin.schema.confusion_matrix import ScoreType
from writers.probabilities import probability
from writers.sieve import Sieve

SUM_TOLERANCE = 0.01
"""How far the probabilities of a sample may be from 1 in sum: many times what float32 and float16 lose."""

_BFLOAT16_ROUNDING = 2.0**-8
"""Of one operation in bfloat16, relative. TensorFlow's softmax in it misses 1 by 0.013, its log_softmax by 0.022."""

RANGE_TOLERANCE = 1e-6
"""How far a probability may be above 1: what float32 loses."""


def score_columns(scores: np.ndarray[Any, Any], n_classes: int) -> np.ndarray[Any, Any]:
    """Scores as [sample, class], or [sample, 1] where two classes share one column: the positive one's.

    Raises:
        TypeError: They are no real numbers.
        ValueError: There is not one column for each class.
    """
    if scores.dtype.kind not in "biuf":
        raise TypeError(f"scores must be real numbers; they are {scores.dtype}")
    columns = scores[:, None] if scores.ndim == 1 else scores
    if columns.shape == (0, 1):
        return np.zeros((0, n_classes))  # an empty list of samples has no columns to count
    if columns.ndim == 2 and (columns.shape[1] == n_classes or (n_classes == 2 and columns.shape[1] == 1)):
        return columns
    raise ValueError(
        f"scores must be [sample, class] with one column for each of the {n_classes} classes; their shape is {list(scores.shape)}. "
        "Declare as many labels as the model has outputs; where every position is a sample, pass scores.reshape(-1, K)"
    )


def decisions(
    columns: np.ndarray[Any, Any], n_classes: int, sieve: Sieve, *, score: ScoreType, positive: int = 1, threshold: float | None = None
) -> np.ndarray[Any, Any]:
    """The class with the highest score; the first one of equals.

    A single column is read as the positive class's score; that class is predicted where its probability is above 1/2.

    Args:
        columns: [sample, class] or [sample, 1], as `score_columns` returns them.
        n_classes: K.
        sieve: Learns of samples with a score that is not finite, a probability outside [0, 1], or probabilities that
            do not sum to 1 within `SUM_TOLERANCE`, or within the rounding of bfloat16 where they are that. Nothing is
            clipped, scaled or put through a sigmoid to make it fit.
        score: What the scores are: probabilities, logits, or (natural) logarithms of probabilities.
        positive: Id of the positive class, for a single column.
        threshold: Least probability of the predicted class; below it the prediction is K, *abstained*.

    Returns:
        int64 [sample], meaningless where the sample was dropped.
    """
    sieve.drop("score not finite", ~np.isfinite(columns).all(axis=1))
    # Whatever is odd was dropped above; zeros keep the arithmetic below free of warnings.
    values = np.where(sieve.kept[:, None], columns, 0).astype(np.float64)
    single = values.shape[1] < n_classes
    if score != "logit":
        with np.errstate(over="ignore"):
            probabilities = np.exp(values) if score == "logprob" else values
        sieve.drop("probability outside 0 to 1", ((probabilities < 0) | (probabilities > 1 + RANGE_TOLERANCE)).any(axis=1))
        if not single:
            sieve.drop("probabilities do not sum to 1", ~_sums_to_one(probabilities, values))
    elif single:
        probabilities = probability(values)
    else:
        probabilities = values if threshold is None else _softmax(values)
    if single:
        is_positive = (values if score == "logit" else probabilities - 0.5)[:, 0] > 0
        chosen = np.where(is_positive, positive, 1 - positive)
        confidence = np.maximum(probabilities, 1 - probabilities)[:, 0]
    else:
        chosen = values.argmax(axis=1)  # of the scores as given: a softmax may round two of them to one
        confidence = probabilities.max(axis=1)
    if threshold is not None:
        chosen = np.where(confidence < threshold, n_classes, chosen)
    return chosen.astype(np.int64)


def _sums_to_one(probabilities: np.ndarray[Any, Any], given: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Bool [sample]; `given` are the scores from which the probabilities came."""
    missing = np.abs(probabilities.sum(axis=1) - 1)
    fits = np.asarray(missing <= SUM_TOLERANCE)
    # An exponential, a division, and a sum of K terms in log2(K) roundings, as it is computed pair by pair.
    roundings = np.log2(probabilities.shape[1]) + 2
    doubtful = ~fits & (missing <= roundings * _BFLOAT16_ROUNDING)
    fits[doubtful] = _is_bfloat16(given[doubtful]).all(axis=1)
    return fits


def _is_bfloat16(values: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Whether a value is one of bfloat16's: asked of the values, since NumPy has no such type and users pass float32."""
    single = values.astype(np.float32)
    return np.asarray((single == values) & (single.view(np.uint32) & 0xFFFF == 0))


def _softmax(logits: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))
