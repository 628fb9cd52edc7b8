"""Stored vertices of curves, walked from the highest score to the lowest, all curves at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from tb_plugin.points import Point

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Walk:
    """Some curves of a point of kind `score_curves`. Numbers are weights where there are weights; all are float64.

    Attributes:
        of: int64 [curve].
        end: int64 [curve]. Where each curve's vertices end.
        curve: int64 [vertex]. Place of each vertex' curve.
        threshold: [vertex]. Log-odds; NaN where it is not stored.
        between, positives, ties: [vertex].
        single: bool [vertex]. Whether its positives have different scores; then it has no ties.
        above_positives: [vertex]. Positives above the vertex.
        above_negatives: [vertex]. Negatives above the vertex, those between among them.
        after: [curve].
        all_positives, all_negatives: [curve].
        counted_positives, counted_negatives: [curve]. Samples.
        effective_positives, effective_negatives: [curve]. Samples that say as much: (Σw)² / Σw².
    """

    of: Array
    end: Array
    curve: Array
    threshold: Array
    between: Array
    positives: Array
    ties: Array
    single: Array
    above_positives: Array
    above_negatives: Array
    after: Array
    all_positives: Array
    all_negatives: Array
    counted_positives: Array
    counted_negatives: Array
    effective_positives: Array
    effective_negatives: Array

    def total(self, values: Array) -> Array:
        """Sum of values [vertex] over each curve: [curve]."""
        return np.bincount(self.curve, values, minlength=len(self.of))

    def vertices(self, place: int) -> slice:
        """Places of one curve's vertices."""
        return slice(int(self.end[place - 1]) if place else 0, int(self.end[place]))


def walk(point: Point, places: Array) -> Walk:
    """Some curves of a point, in this order.

    Args:
        point: A point of kind `score_curves`.
        places: Their places among its curves, int64.
    """
    arrays = point.arrays
    ends = arrays["vertex_end"].astype(np.int64)
    starts = np.concatenate([[0], ends])[places]
    width = ends[places] - starts
    end = np.cumsum(width)
    in_a_row = len(places) > 0 and bool((np.diff(places) == 1).all())
    chosen = slice(starts[0], ends[places[-1]]) if in_a_row else np.arange(end[-1] if len(end) else 0) + np.repeat(starts - (end - width), width)
    curve = np.repeat(np.arange(len(places)), width)

    def of_vertices(name: str) -> Array:
        return np.asarray(arrays[name][chosen], np.float64)

    counted = {name: of_vertices(name) for name in ("between", "positives", "ties")}
    counted_after = arrays["after"][places].astype(np.float64)
    single = arrays["single"][chosen].astype(bool)
    threshold = of_vertices("threshold")
    is_weighted = "between_weight" in arrays
    if is_weighted:
        weighed = {name: of_vertices(f"{name}_weight") for name in counted}
        after = arrays["after_weight"][places].astype(np.float64)
        single = np.zeros(len(curve), bool)
    else:
        # The ties of a run are with its last positive alone: that one becomes a vertex of its own.
        run = np.flatnonzero(single & (counted["ties"] > 0) & (counted["positives"] > 1))
        if len(run):
            counted, threshold, single, curve = _split(counted, threshold, single, curve, run)
            end = np.cumsum(np.bincount(curve, minlength=len(places)))
        weighed, after = counted, counted_after

    def totals(of: dict[str, Array], below: Array) -> tuple[Array, Array]:
        positives = np.bincount(curve, of["positives"], minlength=len(places))
        return positives, np.bincount(curve, of["between"] + of["ties"], minlength=len(places)) + below

    counted_positives, counted_negatives = totals(counted, counted_after)
    all_positives, all_negatives = totals(weighed, after) if is_weighted else (counted_positives, counted_negatives)
    effective = counted_positives, counted_negatives
    if is_weighted:
        # Where it is empty, its second axis may not be stored.
        squares = arrays["weight_squares"].reshape(-1, 2)[places].astype(np.float64)
        with np.errstate(all="ignore"):
            effective = all_positives**2 / squares[:, 0], all_negatives**2 / squares[:, 1]
    return Walk(
        of=arrays["of"][places].astype(np.int64),
        end=end,
        curve=curve,
        threshold=threshold,
        **weighed,
        single=single,
        above_positives=_before(weighed["positives"], end, curve),
        above_negatives=_before(weighed["between"] + weighed["ties"], end, curve) + weighed["between"],
        after=after,
        all_positives=all_positives,
        all_negatives=all_negatives,
        counted_positives=counted_positives,
        counted_negatives=counted_negatives,
        effective_positives=effective[0],
        effective_negatives=effective[1],
    )


def _split(counted: dict[str, Array], threshold: Array, single: Array, curve: Array, run: Array) -> tuple[dict[str, Array], Array, Array, Array]:
    """Vertices of which some runs end before their last positive; the threshold of such a run is not stored."""
    last = run + 1 + np.arange(len(run))  # where the last positives stand afterwards
    first = last - 1
    split = {name: np.insert(values, run, values[run]) for name, values in counted.items()}
    split["positives"][first] -= 1
    split["ties"][first] = 0
    split["positives"][last], split["between"][last] = 1, 0
    threshold, single, curve = np.insert(threshold, run, np.nan), np.insert(single, run, True), np.insert(curve, run, curve[run])
    single[last] = False
    return split, threshold, single, curve


def _before(values: Array, end: Array, curve: Array) -> Array:
    """Sum of the values before each vertex in its curve."""
    through = np.concatenate([[0.0], np.cumsum(values)])
    start = np.concatenate([[0], end])[curve]
    return np.asarray(np.maximum(through[:-1] - through[start], 0))
