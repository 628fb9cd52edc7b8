"""Golden curves: exact ones with a run, a tie and an empty class, and weighted ones of bins."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tb_plugin.schema import record
from tb_plugin.schema.payload import Payload
from tb_plugin.schema.score_curves import ScoreCurves
from tests.golden.classes import CLASSES

_HISTOGRAM = np.eye(3, 50, 7, dtype=np.int64) * 300

POINTS: Sequence[tuple[int, Payload]] = [
    (
        45,
        ScoreCurves(
            classes=CLASSES,
            epoch=0,
            score="logit",
            dropped={"score not finite": 2},
            samples=70_312,
            brier_sum=1.25,
            brier_squares=0.5,
            nll_sum=3.5,
            nll_squares=9.25,
            clipped=1,
            of=np.array([0, 3, -1]),
            after=np.array([70_000, 70_312, 5]),
            vertex_end=np.array([3, 3, 4]),
            threshold=np.array([np.inf, 2.5, -np.inf, 0.25]),
            between=np.array([0, 300, 0, 1]),
            positives=np.array([9, 1, 2, 2**40]),
            ties=np.array([0, 1, 0, 0]),
            single=np.array([True, False, False, True]),
            bin=np.array([0, 1499, 2999]),
            bin_right=np.array([0, 5, 70_000]),
            bin_wrong=np.array([1, 300, 6]),
            bin_confidence=np.array([0.0, 152.4, 70_000.5]),
            bin_variance=np.array([0.0, 76.2, 0.125]),
            score_positive=_HISTOGRAM,
            score_negative=_HISTOGRAM[:, ::-1],
            between_weight=None,
            positives_weight=None,
            ties_weight=None,
            after_weight=None,
            weight_squares=None,
            bin_right_weight=None,
            bin_wrong_weight=None,
        ),
    ),
    (
        90,
        ScoreCurves(
            classes=record.digest(CLASSES),
            binned=True,
            samples=3,
            weight_sum=2.5,
            weight_square_sum=2.25,
            of=np.array([1]),
            after=np.array([1]),
            vertex_end=np.array([1]),
            threshold=np.array([-0.5]),
            between=np.array([0]),
            positives=np.array([1]),
            ties=np.array([1]),
            single=np.array([False]),
            bin=np.array([7]),
            bin_right=np.array([1]),
            bin_wrong=np.array([2]),
            bin_confidence=np.array([0.0075]),
            bin_variance=np.array([0.00748]),
            score_positive=None,
            score_negative=None,
            between_weight=np.array([0.0]),
            positives_weight=np.array([1.0]),
            ties_weight=np.array([0.5]),
            after_weight=np.array([1.0]),
            weight_squares=np.array([[1.0, 1.25]]),
            bin_right_weight=np.array([1.0]),
            bin_wrong_weight=np.array([1.5]),
        ),
    ),
]
