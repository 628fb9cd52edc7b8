"""What a curve might have been on other samples: the band of its recall, and the interval of its average precision."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from tb_plugin.analysis.curve_areas import reciprocals
from tb_plugin.analysis.curve_walk import Walk
from tb_plugin.analysis.intervals import ONE_SIDED
from tb_plugin.schema.curves import GRID

Array = np.ndarray[Any, Any]

DRAWS = 1000
"""Times that samples are drawn anew."""

GROUPS = 400
"""Neighbouring scores are drawn together where there are more."""

_SEED = 20_130_901
_MOST_SAMPLES = 2**53


@dataclass(frozen=True)
class Spread:
    """What the draws say at 95 %; NaN where they say nothing.

    Attributes:
        band_low, band_high: float64 [201]. Of the recall at false positive rates 0, 1/200, …, 1, each by itself.
        ap_low, ap_high: Of the average precision.
    """

    band_low: Array
    band_high: Array
    ap_low: float
    ap_high: float

    @staticmethod
    def unknown() -> Spread:
        """They say nothing."""
        return Spread(np.full(GRID, np.nan), np.full(GRID, np.nan), np.nan, np.nan)


@dataclass(frozen=True)
class _Groups:
    """Positives and negatives from the highest score to the lowest, float64 [group]; `run`: the positives have different scores."""

    positives: Array
    negatives: Array
    run: Array


def spread(curves: Walk, place: int, ap: float) -> Spread:
    """What 1,000 draws say of one curve.

    Positives are drawn anew among positives, negatives among negatives (Efron 1979), as often as there are; with weights as
    often as says as much. The seed is fixed: the same curve has the same band. Ends are the 2.5 % and the 97.5 % point.
    Where every draw has found all positives, or none, the band reaches as far as so many samples allow: 0.05^(1/P).

    Args:
        curves: The curves.
        place: Which of them.
        ap: Its average precision: that of pooled scores differs, and the interval is moved by as much.
    """
    positives, negatives = curves.effective_positives[place], curves.effective_negatives[place]
    if not (2 <= positives < np.inf and 2 <= negatives < np.inf):
        return Spread.unknown()
    groups = _pooled(_groups(curves, place))
    all_positives, all_negatives = groups.positives.sum(), groups.negatives.sum()
    if not (0 < all_positives < np.inf and 0 < all_negatives < np.inf):
        return Spread.unknown()
    random = np.random.default_rng(_SEED)
    found, missed = (
        random.multinomial(int(min(np.rint(count), _MOST_SAMPLES)), of_each / total, DRAWS) * (total / np.rint(count))
        for count, of_each, total in ((positives, groups.positives, all_positives), (negatives, groups.negatives, all_negatives))
    )
    recall, rate = np.cumsum(found, axis=1), np.cumsum(missed, axis=1)
    drawn = np.sort(_average_precision(found, missed, recall, rate, groups.run))
    (pooled,) = _average_precision(
        groups.positives[None], groups.negatives[None], np.cumsum(groups.positives)[None], np.cumsum(groups.negatives)[None], groups.run
    )
    low, high = np.clip(np.quantile(drawn, [0.025, 0.975]) + (ap - pooled), 0, 1)
    if not low < high:
        low = high = np.nan
    return Spread(*_band(recall / all_positives, rate / all_negatives, positives), float(low), float(high))


def _groups(curves: Walk, place: int) -> _Groups:
    """The scores of one curve: those of negatives alone, and the vertices; without empty ones."""
    own = curves.vertices(place)
    nothing = np.zeros(own.stop - own.start)
    positives = np.append(np.stack([nothing, curves.positives[own]], axis=1).ravel(), 0)
    negatives = np.append(np.stack([curves.between[own], curves.ties[own]], axis=1).ravel(), curves.after[place])
    run = np.append(np.stack([nothing, curves.single[own]], axis=1).ravel(), 0).astype(bool)
    there = (positives > 0) | (negatives > 0)
    return _Groups(positives[there], negatives[there], run[there])


def _pooled(groups: _Groups) -> _Groups:
    """At most `GROUPS` groups, neighbours together: no pool holds more than a share of both unless one group does."""
    if len(groups.run) <= GROUPS:
        return groups
    way = np.cumsum(groups.positives / groups.positives.sum() + groups.negatives / groups.negatives.sum())
    place = np.minimum((way / way[-1] * GROUPS).astype(np.intp), GROUPS - 1)
    _, place = np.unique(place, return_inverse=True)
    positives, negatives = np.bincount(place, groups.positives), np.bincount(place, groups.negatives)
    # Single positives that were pooled have different scores still.
    apart = np.bincount(place, groups.run | (groups.positives == 1)) == np.bincount(place)
    return _Groups(positives, negatives, apart & (negatives == 0))


def _average_precision(found: Array, missed: Array, recall: Array, rate: Array, run: Array) -> Array:
    """Average precision of each draw, [draw], of positives and negatives [draw, group] and their sums up to there."""
    with np.errstate(all="ignore"):
        terms = np.where(found > 0, found * recall / (recall + rate), 0)
        if run.any():
            above, count = (recall - found)[:, run], found[:, run]
            terms[:, run] = count - rate[:, run] * reciprocals((above + rate[:, run]).ravel(), count.ravel()).reshape(count.shape)
        return np.asarray(terms.sum(axis=1) / recall[:, -1])


def _band(recall: Array, rate: Array, positives: float) -> tuple[Array, Array]:
    """Ends of the recall at each place of the grid."""
    grid = np.linspace(0, 1, GRID)
    start = np.zeros((len(recall), 1))
    recall, rate = np.hstack([start, recall]), np.hstack([start, rate])
    at_grid = np.array([np.interp(grid, x, y) for x, y in zip(rate, recall, strict=True)])
    low, high = np.quantile(at_grid, [0.025, 0.975], axis=0)
    reach = ONE_SIDED ** (1 / positives)
    low[:-1] = np.where(low[:-1] >= 1, reach, low[:-1])
    high[:-1] = np.where(high[:-1] <= 0, 1 - reach, high[:-1])
    low[-1] = high[-1] = 1
    return low, high
