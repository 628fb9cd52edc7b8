"""The confusion of all points of a series in one matrix."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tb_plugin.analysis.class_order import Cells
from tb_plugin.points import Point


def summed(points: Sequence[Point]) -> Cells:
    """Sum of the matrices of the points that have the last one's classes, without unknown truth and abstentions.

    One order for all steps, so that no class moves from step to step.

    Args:
        points: Of kind `confusion_matrix`, at least one.
    """
    last = points[-1]
    classes = len(last.arrays["row_end"]) - 1
    same = [p for p in points if p.fields["classes"] == last.fields["classes"] and len(p.arrays["row_end"]) == classes + 1]
    key = np.concatenate([_keys(p, classes) for p in same])
    count = np.concatenate([p.arrays["weight" if "weight" in p.arrays else "count"].astype(np.float64) for p in same])
    inside = key >= 0
    distinct, place = np.unique(key[inside], return_inverse=True)
    total = np.bincount(place.reshape(-1), weights=count[inside], minlength=len(distinct))
    return Cells(classes, distinct // max(classes, 1), distinct % max(classes, 1), total)


def _keys(point: Point, classes: int) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    """Row × K + column of each cell; −1 for cells outside the K classes."""
    cells = np.diff(point.arrays["row_end"].astype(np.int64), prepend=0)
    row = np.repeat(np.arange(classes + 1, dtype=np.int64), cells)
    column = point.arrays["column"].astype(np.int64)
    return np.where((row < classes) & (column < classes), row * classes + column, -1)
