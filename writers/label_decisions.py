"""What became of each label of each sample, where every label is decided by itself: told or not, rightly or not, or not counted."""

from __future__ import annotations

from typing import Any

import numpy as np

from tb_plugin.schema.confusion_matrix import ScoreType
from writers.decisions import RANGE_TOLERANCE
from writers.host_arrays import as_numbers, host_array

Array = np.ndarray[Any, Any]
"""Decisions are codes, int8 [sample, label]: those below, and -2 - i where the i-th of `REASONS` leaves a label out."""

RIGHTLY_NOT, MISSED, FALSE, RIGHTLY = 0, 1, 2, 3
"""Bit 0: the label is true. Bit 1: it was told."""

UNKNOWN = -1
"""Nobody knows whether the label is true."""

REASONS = (
    "label is NaN",
    "label not 0 or 1",
    "prediction is NaN",
    "prediction not 0 or 1",
    "score not finite",
    "probability outside 0 to 1",
)


def label_columns(given: Any, name: str, n_labels: int) -> Array:
    """`given` as [sample, label]; of a single label also [sample].

    Raises:
        TypeError: It holds no numbers.
        ValueError: It has another shape; the message says what to write instead.
    """
    content = as_numbers(host_array(given.toarray() if hasattr(given, "toarray") else given, name))  # SciPy's sparse matrices, which indicators often are
    if content.dtype.kind not in "biuf":
        hint = "sklearn.preprocessing.MultiLabelBinarizer makes columns of 0 and 1 from lists of names" if name == "y_true" else "one for each label"
        raise TypeError(f"{name} must be numbers [sample, label]; it holds {content.dtype}: {hint}")
    columns = content[:, None] if content.ndim == 1 and n_labels == 1 else content
    if content.size == 0 and content.ndim == 1:
        return np.zeros((0, n_labels))  # an empty list of samples has no columns to count
    if columns.ndim == 2 and columns.shape[1] == n_labels:
        return columns
    hint = (
        "Where each sample has one class, evaluate it with Evaluation"
        if content.ndim == 1
        else f"Where every position is a sample, pass {name}.reshape(-1, {n_labels})"
    )
    raise ValueError(f"{name} must be [sample, label] with one column for each of the {n_labels} labels; its shape is {list(content.shape)}. {hint}")


def decided(truth: Array, given: Array, *, score: ScoreType | None, least: Array | float, ignored: int | None) -> Array:
    """The code of each decision. The first thing found against one counts: in the truth, then in what was predicted.

    Args:
        truth: 1 where the label is true, 0 where not [sample, label].
        given: Scores, or 1 and 0 where labels were told and where not [sample, label].
        score: What scores are; None: no scores.
        least: What a score must be above, for all labels or one for each, as `least_score` tells it.
        ignored: The truth that says that nobody knows.
    """
    is_true = truth == 1
    code = is_true.astype(np.int8)
    told = given == 1 if score is None else given > least
    code += told.astype(np.int8) << 1
    # Later ones overwrite earlier ones, so the first of the reasons comes last.
    if score is None:
        _mark(code, ~told & (given != 0), "prediction not 0 or 1")
        _mark(code, _is_nan(given), "prediction is NaN")
    else:
        if score != "logit":
            above, below = (0.0, None) if score == "logprob" else (1.0, 0.0)
            outside = given > above + RANGE_TOLERANCE
            _mark(code, outside if below is None else outside | (given < below), "probability outside 0 to 1")
        _mark(code, ~np.isfinite(given), "score not finite")
    _mark(code, ~is_true & (truth != 0), "label not 0 or 1")
    _mark(code, _is_nan(truth), "label is NaN")
    if ignored is not None:
        code[truth == ignored] = UNKNOWN
    return np.asarray(code)


def least_score(threshold: float | tuple[float, ...], score: ScoreType) -> Array:
    """The score at a probability. Comparing with it needs no exponential: a logit above 0 has a probability above 1/2."""
    p = np.asarray(threshold, np.float64)
    with np.errstate(divide="ignore"):
        return p if score == "prob" else np.asarray(np.log(p) if score == "logprob" else np.log(p) - np.log1p(-p))


def is_true(code: Array) -> Array:
    """Whether the label counts and is true."""
    return np.asarray((code == MISSED) | (code == RIGHTLY))


def is_wrong(code: Array) -> Array:
    """Whether the label counts, and was missed or told falsely."""
    return np.asarray((code == MISSED) | (code == FALSE))


def _mark(code: Array, bad: Array, reason: str) -> None:
    code[bad] = -2 - REASONS.index(reason)


def _is_nan(values: Array) -> Array:
    return np.isnan(values) if values.dtype.kind == "f" else np.zeros(values.shape, bool)
