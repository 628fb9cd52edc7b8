"""The numbers of score curves and of their calibration at every evaluation."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tb_plugin.analysis.calibration import calibration
from tb_plugin.analysis.curves import areas_of
from tb_plugin.points import Point
from tb_plugin.schema.calibration import Whose
from tb_plugin.schema.score_history import ScoreHistory

BINS = 15

_OF_CALIBRATION = ("ece", "ece_floor", "brier", "brier_low", "brier_high", "nll", "nll_low", "nll_high")


def score_history(points: Sequence[Point], of: int, whose: Whose) -> ScoreHistory:
    """What curves and calibration say at each of some evaluations.

    Args:
        points: Points of kind `score_curves`, steps rising, of the same classes.
        of: Class id, -1 (pooled) or -2 (mean): whose areas.
        whose: Whose probability the confidence is.
    """
    areas = np.array([areas_of(point, of) for point in points], np.float64).reshape(len(points), 4)
    told = [calibration(point, BINS, "width", whose) for point in points]
    return ScoreHistory(
        classes=str(points[-1].fields["classes"]),
        of=of,
        step=np.array([point.step for point in points], np.int64),
        auc=areas[:, 0],
        auc_low=areas[:, 1],
        auc_high=areas[:, 2],
        ap=areas[:, 3],
        # None is not known.
        **{name: np.array([getattr(each, name) for each in told], np.float64) for name in _OF_CALIBRATION},
    )
