"""Which samples stand behind a bin of the reliability diagram."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from tb_plugin.analysis.sample_match import Said
from tb_plugin.points import Point
from tb_plugin.query import Span
from tb_plugin.schema.predictions import CONFIDENCE_STEPS
from tb_plugin.schema.score_curves import CONFIDENCE_BINS

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Counted:
    """Where the bins were counted.

    Attributes:
        curves: A point of kind `score_curves`.
        positive: Of two classes the positive one, of which the confidence then is.
    """

    curves: Point
    positive: int | None


def in_bins(here: Said, counted: Counted, bins: Span) -> Array:
    """Whether each sample lies in some of the 3,000 bins of confidence: bool [sample], as many as were counted there.

    Confidences are stored in steps of 1/65536, and edges lie within steps. How many samples lie on either side is known from
    the counts, and of most which ones from the step. In the step of an edge the loss decides: the rest is told apart by
    nothing, and lies within 1/65536 of the edge.

    Args:
        here: The samples of an evaluation.
        counted: The same evaluation's.
        bins: Which of the bins.
    """
    curves, positive = counted.curves, counted.positive
    # Those of unknown truth are in no bin.
    known = np.flatnonzero(here.known)
    step = np.round(here.confidence[known] * CONFIDENCE_STEPS).astype(np.int64)
    low = np.maximum(0, -(-step * CONFIDENCE_BINS // CONFIDENCE_STEPS) - 1)
    high = np.maximum(low, -(-(step + 1) * CONFIDENCE_BINS // CONFIDENCE_STEPS) - 1)
    right = here.rank[known] == 1 if positive is None else here.truth[known] == positive
    found = high.copy()
    for side, name in ((right, "bin_right"), (~right, "bin_wrong")):
        count = np.bincount(curves.arrays["bin"].astype(np.int64), curves.arrays[name], minlength=CONFIDENCE_BINS)
        loss = np.nan_to_num(here.loss[known])
        # The surer a right one, the smaller its loss; the surer a wrong one, the larger.
        rising = np.where(side & right, -loss, loss)
        _settle(found, low, high, np.flatnonzero(side), np.cumsum(count), rising)
    last = CONFIDENCE_BINS - 1 if bins.last is None else bins.last
    inside = np.zeros(len(here.known), bool)
    inside[known] = (found >= (bins.first or 0)) & (found <= last)
    return inside


def _settle(found: Array, low: Array, high: Array, among: Array, through: Array, rising: Array) -> None:
    """Puts samples whose step holds an edge on the side of it on which they are missing.

    Args:
        found: Bin of each sample; changed in place.
        low, high: The lowest and the highest bin in which each may lie.
        among: Places of the samples that were counted together.
        through: How many of them were counted up to each bin.
        rising: What rises with the confidence, within a step.
    """
    open_ = among[low[among] < high[among]]
    if not len(open_):
        return
    order = open_[np.lexsort([rising[open_], low[open_]])]
    edges, start = np.unique(low[order], return_index=True)
    surely = np.sort(high[among])
    for edge, own in zip(edges, np.split(order, start[1:]), strict=True):
        missing = int(through[edge]) - int(np.searchsorted(surely, edge, side="right"))
        found[own[: max(0, missing)]] = edge
