"""How sure a model was, and how wrong: sums over samples that add up by batches."""

from __future__ import annotations

from typing import Any

import numpy as np

from tb_plugin.schema.score_curves import CONFIDENCE_BINS, SCORE_BINS

Array = np.ndarray[Any, Any]

LEAST_PROBABILITY = 1e-12
"""Of the true class, for its logarithm."""

_INNER = np.arange(1, SCORE_BINS) / SCORE_BINS
SCORE_EDGES: Array = np.log(_INNER) - np.log1p(-_INNER)
"""Edges between the bins of the score histograms, as log-odds: those of a probability that is an edge are the edge."""


def loss_of(truth: Array, log_odds: Array, positive: int | None) -> Array:
    """-log p of the true class [sample], not clipped.

    Args:
        truth: Class ids [sample], each a class.
        log_odds: [sample, class]; [sample, 1] where `positive` is given.
        positive: Of two classes the one that the single column is of.
    """
    own = np.where(truth == positive, log_odds[:, 0], -log_odds[:, 0]) if positive is not None else log_odds[np.arange(len(truth)), truth]
    return np.asarray(np.logaddexp(0, -own))


def brier_of(truth: Array, p: Array, positive: int | None) -> Array:
    """The sum over all classes of (p - is true)^2 [sample]. Arguments as in `loss_of`."""
    if positive is not None:
        return np.asarray(2 * (p[:, 0] - (truth == positive)) ** 2)  # two classes miss by as much as one of them
    missing = p.copy()
    missing[np.arange(len(p)), truth] -= 1
    return np.asarray(np.einsum("ij,ij->i", missing, missing))


def bins(p: Array, count: int) -> Array:
    """The bin of each probability: b holds (b, b + 1] / count, the first one 0 too."""
    edge = np.arange(count + 1) / count
    found = np.minimum((p * count).astype(np.int64), count - 1)
    # The product is rounded: an edge may seem to lie on the other side.
    found = found - (p <= edge[found]) + (p > edge[found + 1])
    return np.asarray(np.clip(found, 0, count - 1))


class ScoreSums:
    """Loss sums and the histogram of confidence, as kind `score_curves` tells them."""

    def __init__(self) -> None:
        self.samples = self.clipped = 0
        self._sums = dict.fromkeys(("brier_sum", "brier_squares", "nll_sum", "nll_squares", "weight_sum", "weight_square_sum"), 0.0)
        self._right, self._wrong = np.zeros((2, CONFIDENCE_BINS), np.int64)
        self._weights = np.zeros((4, CONFIDENCE_BINS))

    def add(self, *, nll: Array, brier: Array, confidence: Array, right: Array, weight: Array | None) -> None:
        """Adds samples: their losses, how sure the model was, whether it was right, and weights, each [sample]."""
        most = -np.log(LEAST_PROBABILITY)
        self.samples += len(nll)
        self.clipped += int(np.count_nonzero(nll > most))
        nll = np.minimum(nll, most)
        w = np.ones(len(nll)) if weight is None else weight
        for name, values in [("brier_sum", brier), ("brier_squares", brier**2), ("nll_sum", nll), ("nll_squares", nll**2), ("weight_square_sum", w)]:
            # Not w @ values: BLAS would wake a thread for each core, beside a training that uses them all.
            self._sums[name] += float(values.sum() if weight is None else (w * values).sum())
        self._sums["weight_sum"] += float(w.sum())
        place = bins(confidence, CONFIDENCE_BINS)
        own = np.bincount(place[right], minlength=CONFIDENCE_BINS)
        self._right += own
        self._wrong += np.bincount(place, minlength=CONFIDENCE_BINS) - own
        for row, of_each in enumerate((w * confidence, w * confidence * (1 - confidence))):
            self._weights[row] += np.bincount(place, of_each, minlength=CONFIDENCE_BINS)
        for row, among in ((2, right), (3, ~right)):
            self._weights[row] += np.bincount(place[among], w[among], minlength=CONFIDENCE_BINS)

    def merge(self, other: ScoreSums) -> None:
        """Adds all that `other` has."""
        self.samples += other.samples
        self.clipped += other.clipped
        self._sums = {name: total + other._sums[name] for name, total in self._sums.items()}
        self._right, self._wrong = self._right + other._right, self._wrong + other._wrong
        self._weights = self._weights + other._weights

    def fields(self, *, is_weighted: bool) -> dict[str, Any]:
        """What the kind is told of them."""
        used = np.flatnonzero(self._right + self._wrong)
        found: dict[str, Any] = {name: total for name, total in self._sums.items() if is_weighted or not name.startswith("weight")}
        found |= {"samples": self.samples, "clipped": self.clipped, "bin": used, "bin_right": self._right[used], "bin_wrong": self._wrong[used]}
        confidence, variance, right, wrong = self._weights[:, used]
        found |= {"bin_confidence": confidence, "bin_variance": variance}
        return found | ({"bin_right_weight": right, "bin_wrong_weight": wrong} if is_weighted else {})
