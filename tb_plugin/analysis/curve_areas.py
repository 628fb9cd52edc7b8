"""Areas under ROC curves, their variance, and average precision, of many curves at once."""

from __future__ import annotations

from typing import Any

import numpy as np

from tb_plugin.analysis.curve_walk import Walk

Array = np.ndarray[Any, Any]

_LONG = 32
"""From here on a sum of 1 / n is read off its expansion."""


def areas(curves: Walk) -> Array:
    """Area under each ROC curve, ties as one diagonal: float64 [curve], NaN without positives or without negatives."""
    below = curves.all_negatives[curves.curve] - curves.above_negatives - curves.ties / 2
    with np.errstate(all="ignore"):
        return np.asarray(curves.total(curves.positives * below) / (curves.all_positives * curves.all_negatives))


def variances(curves: Walk, auc: Array) -> tuple[Array, Array]:
    """The two parts of the variance of each area, from the positives and from the negatives: float64 [curve], NaN where a group has not two samples.

    DeLong, DeLong and Clarke-Pearson (1988): v⁺ is the share of the negatives below a positive, ties half; v⁻ the share of
    the positives above a negative; the variance is s²(v⁺) / P + s²(v⁻) / N. In one walk, as Sun and Xu (2014) have it.
    """
    all_positives, all_negatives = curves.all_positives[curves.curve], curves.all_negatives[curves.curve]
    mean = auc[curves.curve]
    with np.errstate(all="ignore"):
        of_positive = (all_negatives - curves.above_negatives - curves.ties / 2) / all_negatives
        of_between, of_ties = curves.above_positives / all_positives, (curves.above_positives + curves.positives / 2) / all_positives
        positive_squares = curves.total(curves.positives * (of_positive - mean) ** 2) / curves.all_positives
        negative_squares = curves.total(curves.between * (of_between - mean) ** 2 + curves.ties * (of_ties - mean) ** 2) + curves.after * (1 - auc) ** 2
        parts = positive_squares / (curves.effective_positives - 1), negative_squares / curves.all_negatives / (curves.effective_negatives - 1)
    there = (curves.effective_positives > 1) & (curves.effective_negatives > 1)
    return np.where(there, parts[0], np.nan), np.where(there, parts[1], np.nan)


def bounds(curves: Walk) -> Array:
    """How far each area may be off where vertices are bins: half the pairs of positives and negatives that share one."""
    with np.errstate(all="ignore"):
        return np.asarray(curves.total(curves.positives * curves.ties) / 2 / (curves.all_positives * curves.all_negatives))


def average_precisions(curves: Walk) -> Array:
    """Sum of (R_n - R_(n-1)) P_n over the scores of each curve: float64 [curve], NaN without positives."""
    up_to = curves.above_positives + curves.positives
    with np.errstate(all="ignore"):
        found = curves.positives * up_to / (up_to + curves.above_negatives + curves.ties)
        found[curves.positives == 0] = 0
        # In a run the j-th positive is found at a precision of (t + j) / (t + j + f), t and f those above.
        run = np.flatnonzero(curves.single)
        above, negatives, count = curves.above_positives[run], curves.above_negatives[run], curves.positives[run]
        found[run] = count - negatives * reciprocals(above + negatives, count)
        return curves.total(found) / curves.all_positives


def reciprocals(above: Array, count: Array) -> Array:
    """1 / (above + 1) + … + 1 / (above + count), to full precision and without memory for `count`."""
    x, left, total = above + 1, count.copy(), np.zeros(len(above))
    short = np.flatnonzero(x < _LONG)
    for _ in range(_LONG):
        total[short] += np.where(left[short] > 0, 1 / x[short], 0)
        left[short] = np.maximum(left[short] - 1, 0)
        x[short] += 1
    y = x + left
    # Of the digamma function: ψ(x) = ln x - 1/2x - 1/12x² + 1/120x⁴ - 1/252x⁶ …
    expansion = np.log1p(left / x) + (1 / x - 1 / y) / 2
    x, y = 1 / x**2, 1 / y**2
    for divisor, power in ((12, 1), (-120, 2), (252, 3)):
        expansion += (x**power - y**power) / divisor
    return np.asarray(total + expansion)
