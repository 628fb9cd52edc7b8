"""Whether a model is as often right as it is sure, from a stored histogram of its confidence."""

from __future__ import annotations

from tb_plugin.points import Point
from tb_plugin.refusals import NotFound
from tb_plugin.schema.calibration import By, Calibration


def calibration(point: Point, bins: int, by: By, size: int) -> Calibration:
    """The calibration of one evaluation.

    Args:
        point: A point of kind `score_curves`.
        bins: How many bins; it divides 3000.
        by: Equally wide, or of equally many samples (as equally as 3,000 bins allow).

    Raises:
        NotFound: There is none that can be read.
    """
    raise NotFound(f"no calibration in {bins} bins by {by} at step {point.step}", "Ask for the points themselves: /points.")
