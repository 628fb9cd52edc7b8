"""What is summed of the values of a regression: a value that merges."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from tb_plugin.schema.regression import ALL_BINS, RESIDUAL_OFFSET, RESIDUAL_STEPS
from writers.sieve import Sieve
from writers.sparse_counts import Counts, SparseCounts

Array = np.ndarray[Any, Any]

MOST_LARGEST = 100
"""Largest errors that are told of each target."""

_CELLS = ALL_BINS**2
_CODES = 2**17
"""More than there are codes, half of them negative."""

_STARTS = 2.0 ** (np.arange(RESIDUAL_STEPS) / RESIDUAL_STEPS - 1)
"""Where each step begins in [0.5, 1), the fractions of floats."""


@dataclass
class Moments:
    """Sums of the values of each target, float64 [target]; those of truths and predictions are about their means.

    Attributes:
        weight, squares: Sum of w, and of w².
        error, absolute, error2, error4: Sum of w e, w |e|, w e², w e⁴.
        base: A number near the truths: means are of the distance from it, since far from zero a mean itself is rounded too much.
        truth, predicted: Means, less `base`.
        truth2, truth3, truth4: Sum of w d², w d³, w d⁴, where d = t - the mean truth.
        error2_truth, error2_truth2: Sum of w e² d, and of w e² d².
        predicted2: Sum of w (p - the mean prediction)².
        product: Sum of w d (p - the mean prediction).
    """

    weight: Array
    squares: Array
    error: Array
    absolute: Array
    error2: Array
    error4: Array
    base: Array
    truth: Array
    predicted: Array
    truth2: Array
    truth3: Array
    truth4: Array
    error2_truth: Array
    error2_truth2: Array
    predicted2: Array
    product: Array

    @classmethod
    def of(cls, truth: Array, predicted: Array, weight: Array) -> Moments:
        """Of values [target, sample]; those of weight 0 do not count, whatever they are."""
        total = weight.sum(axis=1)
        truth, predicted = _counting(truth, weight), _counting(predicted, weight)
        base = truth[:, 0] if truth.shape[1] else np.zeros(len(truth))
        e, near, near_predicted = predicted - truth, truth - base[:, None], predicted - base[:, None]
        t, p = _mean(near, weight, total), _mean(near_predicted, weight, total)
        d, f = near - t[:, None], near_predicted - p[:, None]
        we2, wd2 = weight * e**2, weight * d**2
        return cls(
            weight=total,
            squares=(weight**2).sum(axis=1),
            error=(weight * e).sum(axis=1),
            absolute=(weight * np.abs(e)).sum(axis=1),
            error2=we2.sum(axis=1),
            error4=(we2 * e**2).sum(axis=1),
            base=base,
            truth=t,
            predicted=p,
            truth2=wd2.sum(axis=1),
            truth3=(wd2 * d).sum(axis=1),
            truth4=(wd2 * d**2).sum(axis=1),
            error2_truth=(we2 * d).sum(axis=1),
            error2_truth2=(we2 * d**2).sum(axis=1),
            predicted2=(weight * f**2).sum(axis=1),
            product=(weight * d * f).sum(axis=1),
        )

    def __add__(self, other: Moments) -> Moments:
        base = np.where(self.weight > 0, self.base, other.base)
        total = self.weight + other.weight
        share = np.divide(other.weight, total, out=np.zeros_like(total), where=total > 0)
        mine, its = self._means(base), other._means(base)
        t, p = (first + (second - first) * share for first, second in zip(mine, its, strict=True))
        sums, more = self._about(mine[0] - t, mine[1] - p), other._about(its[0] - t, its[1] - p)
        return Moments(**{name: sums[name] + more[name] for name in sums}, base=base, truth=t, predicted=p)

    def _means(self, base: Array) -> tuple[Array, Array]:
        """Means less another base; those of nothing do not matter."""
        more = np.where(self.weight > 0, self.base - base, 0.0)
        return self.truth + more, self.predicted + more

    def _about(self, a: Array, b: Array) -> dict[str, Array]:
        """The sums about other means, which the means of truths and predictions lie so far above."""
        w = self.weight
        kept = ("weight", "squares", "error", "absolute", "error2", "error4")
        return {
            **{name: getattr(self, name) for name in kept},
            "truth2": self.truth2 + w * a**2,
            "truth3": self.truth3 + 3 * a * self.truth2 + w * a**3,
            "truth4": self.truth4 + 4 * a * self.truth3 + 6 * a**2 * self.truth2 + w * a**4,
            "error2_truth": self.error2_truth + a * self.error2,
            "error2_truth2": self.error2_truth2 + 2 * a * self.error2_truth + a**2 * self.error2,
            "predicted2": self.predicted2 + w * b**2,
            "product": self.product + w * a * b,
        }


@dataclass(frozen=True)
class Largest:
    """The values of one target with the largest errors, the largest first; of equal ones the earlier sample."""

    place: Array
    truth: Array
    predicted: Array

    def with_more(self, place: Array, truth: Array, predicted: Array) -> Largest:
        """The largest of these and of others."""
        where, t, p = (np.concatenate(both) for both in [(self.place, place), (self.truth, truth), (self.predicted, predicted)])
        size = np.abs(p - t)
        if len(size) > 4 * MOST_LARGEST:
            among = np.flatnonzero(size >= np.partition(size, -MOST_LARGEST)[-MOST_LARGEST])
            where, t, p, size = where[among], t[among], p[among], size[among]
        best = np.lexsort((where, -size))[:MOST_LARGEST]
        return Largest(where[best], t[best], p[best])


@dataclass(frozen=True)
class Split:
    """Counts by target: where each target's end [target], then key, count and weight of each place."""

    end: Array
    key: Array
    count: Array
    weight: Array


class RegressionSums:
    """All that is summed of the values of each target, in bins with these edges [target, 65]."""

    def __init__(self, edges: Array) -> None:
        size = len(edges)
        self.edges = edges
        self.dropped: dict[str, int] = {}
        self.count = np.zeros(size, np.int64)
        nothing = np.zeros((size, 0))
        self.moments = Moments.of(nothing, nothing, nothing)
        self.bins = np.zeros((size, 4, ALL_BINS))
        """Sums of w e, w |e|, w e² and w² by the bin of the truth."""
        self._cells, self._residuals = SparseCounts(), SparseCounts()
        none = np.zeros(0)
        self.largest = [Largest(none.astype(np.int64), none, none)] * size

    def add(self, truth: Array, predicted: Array, weight: Array | None, first: int) -> None:
        """Adds values [target, sample] of samples with weights [sample], whose places begin with `first`."""
        if not truth.shape[1]:
            return
        with np.errstate(over="ignore", invalid="ignore"):
            kept = self._kept(truth, predicted, weight)
            self.count += kept.sum(axis=1)
            every = np.ones(truth.shape[1]) if weight is None else weight
            self.moments += Moments.of(truth, predicted, np.where(kept, every, 0.0))
            for target, its in enumerate(kept):
                self._add(target, truth[target, its], predicted[target, its], every[its], first + np.flatnonzero(its))

    def merge(self, other: RegressionSums, behind: int) -> None:
        """Adds other sums in bins of the same edges; the places of their samples lie behind so many."""
        for reason, n in other.dropped.items():
            self.dropped[reason] = self.dropped.get(reason, 0) + n
        self.count = self.count + other.count
        with np.errstate(over="ignore", invalid="ignore"):
            self.moments += other.moments
            self.bins = self.bins + other.bins
        self._cells.merge(other._cells)
        self._residuals.merge(other._residuals)
        self.largest = [mine.with_more(its.place + behind, its.truth, its.predicted) for mine, its in zip(self.largest, other.largest, strict=True)]

    def cells(self) -> Split:
        """The cells that are not empty."""
        return _split(self._cells.total(), len(self.edges), _CELLS)

    def residuals(self) -> Split:
        """The codes of errors that are there."""
        found = _split(self._residuals.total(), len(self.edges), _CODES)
        return replace(found, key=found.key - _CODES // 2)

    def _kept(self, truth: Array, predicted: Array, weight: Array | None) -> Array:
        """Which values count, bool [target, sample]."""
        sieve = _sieved(truth, predicted, weight)
        for reason, n in sieve.dropped.items():
            self.dropped[reason] = self.dropped.get(reason, 0) + n
        kept: Array = sieve.kept.reshape(truth.shape)
        return kept

    def _add(self, target: int, truth: Array, predicted: Array, weight: Array, places: Array) -> None:
        e = predicted - truth
        of_truth, of_predicted = (np.searchsorted(self.edges[target], values, side="right") for values in (truth, predicted))
        self._cells.add(target * _CELLS + of_truth * ALL_BINS + of_predicted, weight)
        self._residuals.add(target * _CODES + residual_codes(e) + _CODES // 2, weight)
        self.bins[target] += [np.bincount(of_truth, w, minlength=ALL_BINS) for w in (weight * e, weight * np.abs(e), weight * e**2, weight**2)]
        counts = weight > 0
        self.largest[target] = self.largest[target].with_more(places[counts], truth[counts], predicted[counts])


def counting(truth: Array, predicted: Array, weight: Array | None) -> Array:
    """Which values [target, sample] of samples with weights [sample] count, bool [target, sample]."""
    kept: Array = _sieved(truth, predicted, weight).kept.reshape(truth.shape)
    return kept


def residual_codes(errors: Array) -> Array:
    """The code of each finite error's size, as the kind `regression` defines it, int64."""
    fraction, exponent = np.frexp(np.abs(errors))
    step = (exponent.astype(np.int64) - 1) * RESIDUAL_STEPS + np.searchsorted(_STARTS, fraction, side="right") - 1
    found: Array = np.where(errors == 0, 0, np.where(errors < 0, -1, 1) * (step + RESIDUAL_OFFSET))
    return found


def _sieved(truth: Array, predicted: Array, weight: Array | None) -> Sieve:
    """Which values count, and why the others do not."""
    sieve, shape = Sieve(truth.size), truth.shape
    sieve.drop("truth not finite", ~np.isfinite(truth).ravel())
    sieve.drop("prediction not finite", ~np.isfinite(predicted).ravel())
    if weight is not None:
        sieve.drop("weight not finite", np.broadcast_to(~np.isfinite(weight), shape).ravel())
        sieve.drop("weight negative", np.broadcast_to(weight < 0, shape).ravel())
    with np.errstate(over="ignore", invalid="ignore"):
        sieve.drop("error too large", ~np.isfinite(predicted - truth).ravel())
    return sieve


def _split(counts: Counts, targets: int, size: int) -> Split:
    """Counts whose keys are target x size + place, by target."""
    end = np.searchsorted(counts.key, np.arange(1, targets + 1) * size)
    return Split(end, counts.key % size, counts.count, counts.weight)


def _counting(values: Array, weight: Array) -> Array:
    """Values [target, sample], each of no weight replaced by one that has some: whatever it was, it counts 0 times."""
    counts = weight > 0
    if counts.all():
        return values
    one = values[np.arange(len(values)), counts.argmax(axis=1)]
    return np.where(counts, values, np.where(counts.any(axis=1), one, 0.0)[:, None])


def _mean(values: Array, weight: Array, total: Array) -> Array:
    """Weighted means [target]; 0 where nothing weighs."""
    found: Array = np.divide((weight * values).sum(axis=1), total, out=np.zeros_like(total), where=total > 0)
    return found
