"""Whether a model is as often right as it is sure, from a stored histogram of its confidence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from tb_plugin.analysis import intervals
from tb_plugin.points import Point
from tb_plugin.query import thinned
from tb_plugin.schema.calibration import By, Calibration, Whose
from tb_plugin.schema.score_curves import CONFIDENCE_BINS

Array = np.ndarray[Any, Any]

MOST_CUTS = 500
"""Confidences at which accuracy against coverage is told."""

_LARGEST = 2**53


@dataclass(frozen=True)
class _Histogram:
    """What is stored of the confidence, float64 [3,000 bins] or of coarser bins; numbers are weights where there are weights.

    Attributes:
        count: Samples.
        right, wrong: Those for which the model was right, and the others.
        confidence: Sum of the confidence.
        variance: Sum of p (1 - p).
    """

    count: Array
    right: Array
    wrong: Array
    confidence: Array
    variance: Array

    @property
    def total(self) -> Array:
        """All samples in each bin."""
        return np.asarray(self.right + self.wrong)

    def joined(self, group: Array, count: int) -> _Histogram:
        """Coarser bins: `group` is the place of each bin among them."""
        return _Histogram(*(np.bincount(group, values, minlength=count) for values in vars(self).values()))


def calibration(point: Point, bins: int, by: By, of: Whose) -> Calibration:
    """The calibration of one evaluation.

    With weights w, n samples say as much as (Σw)² / Σw² of weight 1, in each bin in proportion to its weight.

    - Error of the bins: Σ n_b/N |acc_b - conf_b|; with bins of equal width that is ECE (Guo and others 2017), with bins of
      equal mass ACE; the largest of a bin is MCE.
    - Floor: 1/N Σ_b √(2/π Σ_i∈b p_i (1 - p_i)), its mean if each sample were right with the probability p_i that was said.
    - Debiased: √ of Σ n_b/N [(acc_b - conf_b)² - acc_b (1 - acc_b) / (n_b - 1)] over bins of two samples or more (Kumar and others 2019).
    - Brier score and negative log-likelihood: means with normal intervals.

    Args:
        point: A point of kind `score_curves`.
        bins: How many bins; it divides 3000.
        by: Equally wide, or of equally many samples (as equally as 3,000 bins allow). Of the latter none is empty, so there
            may be fewer.
        of: Whose probability the confidence is.
    """
    fine = _stored(point)
    total, squares, samples = point.fields["weight_sum"], point.fields["weight_square_sum"], point.fields["samples"]
    if total is None or squares is None:
        total = squares = float(samples)
    share = total / squares if squares > 0 else float("nan")  # samples of weight 1 that one unit of weight says as much as
    edges = _by_width(bins) if by == "width" else _by_mass(fine.total, bins)
    group = np.searchsorted(edges[1:], np.arange(CONFIDENCE_BINS), side="right")
    told = fine.joined(group, len(edges) - 1)
    errors = _errors(told, share)
    low, high = intervals.wilson(told.right * share, told.total * share)
    brier = _mean(point, "brier", total, total * share)
    nll = _mean(point, "nll", total, total * share)
    coverage, covered_accuracy, covered_from = _covered(fine, binary=of != "predicted class")
    return Calibration(
        classes=str(point.fields["classes"]),
        epoch=point.fields["epoch"],
        of=of,
        by=by,
        samples=samples,
        **errors,
        brier=brier[0],
        brier_low=brier[1],
        brier_high=brier[2],
        nll=nll[0],
        nll_low=nll[1],
        nll_high=nll[2],
        clipped=point.fields["clipped"],
        low=edges[:-1] / CONFIDENCE_BINS,
        high=edges[1:] / CONFIDENCE_BINS,
        count=np.minimum(told.count, _LARGEST).astype(np.int64),
        trials=np.nan_to_num(told.total * share),
        confidence=_each(told.confidence, told.total),
        accuracy=_each(told.right, told.total),
        accuracy_low=low,
        accuracy_high=high,
        coverage=coverage,
        covered_accuracy=covered_accuracy,
        covered_from=covered_from,
    )


def _stored(point: Point) -> _Histogram:
    """The stored histogram; bins that are not stored are empty."""
    place = point.arrays["bin"].astype(np.int64)

    def dense(values: Array) -> Array:
        return np.bincount(place, values.astype(np.float64), minlength=CONFIDENCE_BINS)

    arrays = point.arrays
    weight = "_weight" if "bin_right_weight" in arrays else ""
    return _Histogram(
        count=dense(arrays["bin_right"]) + dense(arrays["bin_wrong"]),
        right=dense(arrays[f"bin_right{weight}"]),
        wrong=dense(arrays[f"bin_wrong{weight}"]),
        confidence=dense(arrays["bin_confidence"]),
        variance=dense(arrays["bin_variance"]),
    )


def _by_width(bins: int) -> Array:
    """Edges of equally wide bins, in steps of 1/3000."""
    return np.arange(bins + 1) * (CONFIDENCE_BINS // bins)


def _by_mass(weight: Array, bins: int) -> Array:
    """Edges of bins that hold equally much, in steps of 1/3000: each ends where its share of all is first reached."""
    through = np.cumsum(weight)
    if not through[-1] > 0:
        return np.array([0, CONFIDENCE_BINS])
    reached = np.searchsorted(through, through[-1] * np.arange(1, bins) / bins * (1 - 1e-12)) + 1
    # Behind the last sample no bin begins.
    last = int(np.flatnonzero(weight)[-1])
    return np.unique(np.concatenate([[0], reached[reached <= last], [CONFIDENCE_BINS]]))


def _errors(told: _Histogram, share: float) -> dict[str, float | None]:
    """The errors of the bins, by their names in the answer."""
    used = told.total > 0
    n, variance = told.total[used], told.variance[used]
    if not len(n):
        return {"ece": None, "ece_floor": None, "ece_debiased": None, "mce": None}
    accuracy, confidence = told.right[used] / n, told.confidence[used] / n
    gap, of_all = np.abs(accuracy - confidence), n / n.sum()
    more = n * share >= 2
    with np.errstate(all="ignore"):
        floor = np.sqrt(2 / np.pi * variance / share).sum() / n.sum()
        chance = accuracy * (1 - accuracy) / (n * share - 1)
    debiased = float(np.sum((of_all * (gap**2 - chance))[more]))
    return {
        "ece": _number(of_all @ gap),
        "ece_floor": _number(floor),
        "ece_debiased": _number(np.sqrt(max(debiased, 0))) if more.any() else None,
        "mce": _number(gap.max()),
    }


def _mean(point: Point, name: str, total: float, effective: float) -> tuple[float | None, float | None, float | None]:
    """A mean of the samples and the ends of its interval."""
    summed, squares = point.fields[f"{name}_sum"], point.fields[f"{name}_squares"]
    if summed is None or not total > 0:
        return None, None, None
    low, high = (np.nan, np.nan) if squares is None else intervals.mean(summed, squares, total, effective)
    return _number(summed / total), _number(low), _number(high)


def _covered(fine: _Histogram, *, binary: bool) -> tuple[Array, Array, Array]:
    """Share of the samples of which the model is at least so sure, how often it was right there, and from which confidence on.

    Of two classes, and of a label and its absence, the model is as sure as of the likelier one.
    """
    right, total = fine.right, fine.total
    if binary:
        half = CONFIDENCE_BINS // 2
        right = np.concatenate([np.zeros(half), fine.right[half:] + fine.wrong[:half][::-1]])
        total = np.concatenate([np.zeros(half), fine.total[half:] + fine.total[:half][::-1]])
    # From the surest bin down.
    used = np.flatnonzero(total > 0)[::-1]
    covered, of_them = np.cumsum(total[used]), np.cumsum(right[used])
    if not len(used):
        none = np.zeros(0)
        return none, none, none
    cuts = thinned(len(used), MOST_CUTS)[::-1]
    with np.errstate(all="ignore"):
        return covered[cuts] / covered[-1], of_them[cuts] / covered[cuts], used[cuts] / CONFIDENCE_BINS


def _each(values: Array, total: Array) -> Array:
    with np.errstate(all="ignore"):
        return np.where(total > 0, values / total, np.nan)


def _number(value: Any) -> float | None:
    return float(value) if np.isfinite(value) else None
