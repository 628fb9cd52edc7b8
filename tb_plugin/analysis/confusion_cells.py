"""The confusion of all points of several series in one matrix."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tb_plugin.analysis.class_order import Cells
from tb_plugin.points import Point

Labels = tuple[str, ...] | None
"""Names of classes by their ids; None where nobody knows them."""

Ids = np.ndarray[tuple[int, ...], np.dtype[np.int64]]


def summed(last: Point, labels: Labels, points: Sequence[tuple[Point, Labels]]) -> Cells:
    """Sum of the matrices of the points over the classes of the last one, without unknown truth and abstentions.

    One order for all steps and trainings, so that no class moves from step to step.

    Args:
        last: Of kind `confusion_matrix`.
        labels: Names of its classes.
        points: Of the same kind, each with the names of its classes: where these are others, they are matched by name, and
            what has no match is left out.
    """
    classes = len(last.arrays["row_end"]) - 1
    found = [(point, ids) for point, names in points if (ids := _ids(point, names, last, labels, classes)) is not None]
    key = np.concatenate([_keys(point, ids, classes) for point, ids in found])
    count = np.concatenate([p.arrays["weight" if "weight" in p.arrays else "count"].astype(np.float64) for p, _ in found])
    inside = key >= 0
    distinct, place = np.unique(key[inside], return_inverse=True)
    total = np.bincount(place.reshape(-1), weights=count[inside], minlength=len(distinct))
    return Cells(classes, distinct // max(classes, 1), distinct % max(classes, 1), total)


def _ids(point: Point, names: Labels, last: Point, labels: Labels, classes: int) -> Ids | None:
    """[row] The class of the last point that each row of another is; -1 for none. None where the classes have nothing to do with each other."""
    size = len(point.arrays["row_end"]) - 1
    if point.fields["classes"] == last.fields["classes"] and size == classes:
        return np.append(np.arange(classes), -1)
    if names is None or labels is None or len(names) != size or len(labels) != classes:
        return None
    # Of equal names the first, as on the page.
    known: dict[str, int] = {}
    for i, name in enumerate(labels):
        known.setdefault(name, i)
    return np.array([*(known.get(name, -1) for name in names), -1], np.int64)


def _keys(point: Point, ids: Ids, classes: int) -> Ids:
    """Row × K + column of each cell; −1 for cells outside the K classes."""
    cells = np.diff(point.arrays["row_end"].astype(np.int64), prepend=0)
    row = ids[np.repeat(np.arange(len(ids)), cells)]
    column = ids[point.arrays["column"].astype(np.int64)]
    return np.where((row >= 0) & (column >= 0), row * classes + column, -1)
