"""The ROC and precision-recall curve of one class, exactly, in no more numbers than it has positives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]

_AT_ONCE = 2**18
"""Scores that are looked at in one piece: of a curve of many, what is made on the way stays small."""


@dataclass(frozen=True)
class Vertices:
    """A curve, as kind `score_curves` tells it.

    Attributes:
        threshold: float32 [vertex], falling; not above the vertex' lowest score.
        between, positives, ties: int64 [vertex].
        single: bool [vertex].
        after: Negatives below the last vertex.
        between_weight, positives_weight, ties_weight: float64 [vertex]; None without weights, as those below.
        after_weight: Weight of `after`.
        weight_squares: Sums of the squared weights of the positives and of the negatives.
    """

    threshold: Array
    between: Array
    positives: Array
    ties: Array
    single: Array
    after: int
    between_weight: Array | None = None
    positives_weight: Array | None = None
    ties_weight: Array | None = None
    after_weight: float = 0.0
    weight_squares: tuple[float, float] = (0.0, 0.0)


def vertices(score: Array, positive: Array, weight: Array | None = None) -> Vertices:
    """The vertices of a curve.

    Args:
        score: Real numbers [sample], none NaN; higher is more likely positive. Infinities are scores like any other.
        positive: Whether each sample is a positive, bool [sample].
        weight: Its weight, at least 0 [sample]. Without weights, runs of positives are one vertex.

    Raises:
        ValueError: A score is NaN, or lengths differ.
    """
    score = np.asarray(score, np.float64)
    if score.ndim != 1 or score.shape != positive.shape or (weight is not None and weight.shape != score.shape):
        shapes = [list(a.shape) for a in (score, positive, *(() if weight is None else (weight,)))]
        raise ValueError(f"score, positive and weight must be [sample], of one length; their shapes are {', '.join(map(str, shapes))}")
    if np.isnan(score).any():
        raise ValueError("scores must be numbers; drop samples whose score is NaN first")
    level, place_of_positive = np.unique(score[positive], return_inverse=True)  # rising; turned round at the end
    n = len(level)

    def counted(weights: Array | None) -> tuple[Array, Array, Array, Any]:
        """Of positives, ties, and negatives between, the number or the weight at each level, falling; and that of those below all levels."""
        positives = np.bincount(place_of_positive, None if weights is None else weights[positive], minlength=n)
        ties, apart = np.zeros((2, n + 1), np.int64 if weights is None else np.float64)
        for start in range(0, len(score), _AT_ONCE):
            cut = slice(start, start + _AT_ONCE)
            among = ~positive[cut]
            own, weight = score[cut][among], None if weights is None else weights[cut][among]
            # The level that each negative ties with, or the lowest above it: level[place - 1] < score <= level[place].
            place = np.searchsorted(level, own)
            is_tie = np.append(level, np.nan)[place] == own
            ties += np.bincount(place[is_tie], None if weight is None else weight[is_tie], minlength=n + 1)
            apart += np.bincount(place[~is_tie], None if weight is None else weight[~is_tie], minlength=n + 1)
        return positives[::-1], ties[:n][::-1], apart[:0:-1], apart[0]

    positives, ties, between, after = counted(None)
    falling = level[::-1]
    if weight is None:
        return _without_runs(falling, between, positives, ties, int(after))
    squares = _sum_of_squares(weight[positive]), _sum_of_squares(weight[~positive])
    positives_weight, ties_weight, between_weight, after_weight = counted(np.asarray(weight, np.float64))
    single = np.zeros(len(level), bool)
    return Vertices(
        rounded_down(falling), between, positives, ties, single, int(after), between_weight, positives_weight, ties_weight, float(after_weight), squares
    )


def rounded_down(score: Array) -> Array:
    """The greatest float32 that is not above each score."""
    with np.errstate(over="ignore", under="ignore"):
        near = score.astype(np.float32)
        return np.where(near > score, np.nextafter(near, np.float32(-np.inf)), near)


def _sum_of_squares(weight: Array) -> float:
    """Of weights that nobody needs any more: of many, a second copy is much memory."""
    own = np.asarray(weight, np.float64)
    return float(np.square(own, out=own).sum())


def _without_runs(level: Array, between: Array, positives: Array, ties: Array, after: int) -> Vertices:
    """Vertices of which those that follow each other without a negative, one positive each, are one."""
    alone = (positives == 1) & (ties == 0)
    follows = np.zeros(len(level), bool)
    follows[1:] = alone[1:] & alone[:-1] & (between[1:] == 0)
    first = np.flatnonzero(~follows)
    if not len(first):
        return Vertices(rounded_down(level), between, positives, ties, follows, after)
    last = np.append(first[1:], len(level)) - 1
    return Vertices(rounded_down(level[last]), between[first], np.add.reduceat(positives, first), ties[first], last > first, after)
