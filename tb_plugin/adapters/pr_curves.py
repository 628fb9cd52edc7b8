"""Precision-recall curves of TensorBoard's `pr_curves` → kind `curves`, with what they leave out."""

from __future__ import annotations

from typing import Any

import numpy as np

from tb_plugin.points import Point, point_from
from tb_plugin.query import thinned
from tb_plugin.schema.curves import Curves
from tb_plugin.schema.record import BadRecord

Array = np.ndarray[Any, Any]

MOST = 2000
"""Thresholds that are told; of more, some evenly."""

_ROWS = 6  # true and false positives, true and false negatives, precision, recall


def curve_point(tensor: Array, step: int, wall_time: float) -> Point:
    """One curve as it was logged: counts at evenly spaced thresholds.

    Precision and recall are computed anew: TensorBoard's are 0 where they are not defined. The area is that of the polygon
    through the thresholds; between two of them the curve is not known, which is `auc_bound`. Nobody knows how many samples
    say as much as the weights, so there are no intervals; nor what the classes are, so the curve is of class 0 of none.

    Args:
        tensor: Numbers [6, threshold], thresholds rising from 0 to 1.
        step, wall_time: Of the record.

    Raises:
        BadRecord: They are not counts of one curve.
    """
    if tensor.dtype.kind not in "iuf" or tensor.ndim != 2 or len(tensor) != _ROWS or tensor.shape[1] < 2:
        raise BadRecord(f"a precision-recall curve is numbers [6, threshold]; this is {tensor.dtype} {list(tensor.shape)}")
    true_positives, false_positives, true_negatives, false_negatives = counts = tensor[:4].astype(np.float64)
    if not np.isfinite(counts).all() or (counts < 0).any():
        raise BadRecord("its counts are negative or not finite")
    positives, negatives = true_positives + false_negatives, false_positives + true_negatives
    # float32 holds them to seven digits.
    if any(np.ptp(each) > 1e-5 * each.max() for each in (positives, negatives)):
        raise BadRecord("the samples that it counts are not the same at every threshold")
    if any((np.diff(each) > 1e-5 * max(each[0], 1)).any() for each in (true_positives, false_positives)):
        raise BadRecord("it finds more at a higher threshold")
    all_positives, all_negatives = float(positives[0]), float(negatives[0])
    found, wrong = (np.maximum.accumulate(each[::-1]) for each in (true_positives, false_positives))
    threshold = np.linspace(1, 0, tensor.shape[1])
    # Behind the last threshold are those that lie exactly at 0, where whoever wrote it asked for more than 0.
    is_whole = found[-1] >= all_positives and wrong[-1] >= all_negatives
    found, wrong = (np.concatenate([[0], each, [] if is_whole else [total]]) for each, total in ((found, all_positives), (wrong, all_negatives)))
    threshold = np.concatenate([[np.inf], threshold, [] if is_whole else [0.0]])
    with np.errstate(all="ignore"):
        recall, false_positive_rate = np.minimum(found / all_positives, 1), np.minimum(wrong / all_negatives, 1)
        precision = found / (found + wrong)
        auc = np.sum(np.diff(false_positive_rate) * (recall[1:] + recall[:-1]) / 2)
        bound = np.sum(np.diff(false_positive_rate) * np.diff(recall)) / 2
        average_precision = np.sum(np.where(np.diff(found) > 0, np.diff(recall) * precision[1:], 0)) if all_positives > 0 else np.nan
    is_defined = all_positives > 0 and all_negatives > 0
    unknown = np.full(1, np.nan)
    chosen = thinned(len(threshold), MOST)
    payload = Curves(
        classes="",
        binned=True,
        limits=limits(tensor.shape[1]),
        undefined=("" if is_defined else "no positives" if all_positives == 0 else "no negatives",),
        of=np.zeros(1, np.int64),
        positives=np.rint([min(all_positives, 2.0**53)]).astype(np.int64),
        negatives=np.rint([min(all_negatives, 2.0**53)]).astype(np.int64),
        auc=np.array([auc if is_defined else np.nan]),
        auc_low=unknown,
        auc_high=unknown,
        auc_bound=np.array([bound if is_defined else np.nan]),
        ap=np.array([average_precision]),
        ap_low=unknown,
        ap_high=unknown,
        prevalence=np.array([all_positives / (all_positives + all_negatives) if all_positives + all_negatives > 0 else np.nan]),
        point_end=np.array([len(chosen)]),
        threshold=threshold[chosen],
        false_positive_rate=false_positive_rate[chosen],
        recall=recall[chosen],
        precision=precision[chosen],
        band_low=None,
        band_high=None,
        score_positive=None,
        score_negative=None,
    )
    return point_from(payload, step, wall_time)


def limits(thresholds: int) -> str:
    """What such a curve leaves out, for people."""
    return (
        f"Logged for TensorBoard's PR curves, at {thresholds} thresholds from 0 to 1: between them the curve is not known. "
        "Scores that were NaN or not between 0 and 1 are not in it, and nothing tells how many; weights may have been cut to whole numbers."
    )
