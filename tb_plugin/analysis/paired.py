"""Two models on the same samples: whether one is better, and by how much. Test and interval agree, always; intervals are at 95 %."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]

_TAIL = 0.025
"""What lies beyond each end of an interval: half of what is left of 95 %."""

_NODES, _WEIGHTS = ((each + 1) / 2 for each in np.polynomial.legendre.leggauss(96))
_WEIGHTS = _WEIGHTS - 0.5
"""Places in (0, 1), and how much each counts."""

_ROUNDS, _CLOSE = 60, 1e-10
"""At most so many steps to an end, which is met as closely as that."""


def mcnemar(b: Array | int, c: Array | int) -> Array:
    """Two-sided p of McNemar's (1947) test that a change is as likely in either direction: twice the smaller tail of the binomial, exactly.

    Args:
        b, c: Samples that changed in one direction, and in the other; of any shape.
    """
    return np.asarray(np.minimum(1, 2 * _at_most(np.minimum(b, c), np.add(b, c))))


def _at_most(k: Array, n: Array) -> Array:
    """Chance that of n throws of a coin at most k show its head."""
    # SciPy takes TensorBoard's start 0.3 s: only who compares pays for it.
    from scipy.special import betainc

    return np.asarray(np.where(k < n, betainc(np.maximum(n - k, 1), k + 1, 0.5), 1.0))


def difference(both: Array, first: Array, second: Array, neither: Array) -> tuple[Array, Array, Array]:
    """Difference of two rates of the same samples, and the ends of its interval: Fay and Lumbard (2021, Statistics in Medicine 40, 1147).

    The difference is the share of samples that changed times how much more often in one direction than in the other. Each has
    an exact interval, as of a binomial; melded they make one of the product. It leaves 0 out where `mcnemar` is below 0.05, and only there.

    Args:
        both: Samples for which both are right; of any shape.
        first, second: Those for which the first, the second one alone is.
        neither: Those for which neither is.

    Returns:
        Three arrays of that shape: rate of the first less that of the second, lower and upper end; NaN where there are no samples.
    """
    counts = np.stack(np.broadcast_arrays(first, second, np.asarray(both) + first + second + neither)).astype(np.float64)
    tables, place = np.unique(counts.reshape(3, -1), axis=1, return_inverse=True)
    place = place.reshape(counts.shape[1:])
    b, c, n = tables
    with np.errstate(all="ignore"):
        found = (b - c) / n
    low, high = np.full(len(n), np.nan), np.full(len(n), np.nan)
    some = n > 0
    low[some] = np.minimum(_lower(b[some], c[some], n[some]), found[some])
    high[some] = np.maximum(-_lower(c[some], b[some], n[some]), found[some])
    return found[place], low[place], high[place]


def _lower(b: Array, c: Array, n: Array) -> Array:
    """Lower end of the interval of (b - c) / n [table]: the point below which 2.5 % of what the two parts make lie."""
    m = b + c
    # How sure it is that changes are more often in favour of the first decides on which side of 0 the end lies.
    is_above = _at_most(c, m) < _TAIL
    share = np.where(is_above, m, m + 1), np.where(is_above, n - m + 1, n - m)
    chance = _product(share, (b, c + 1))
    low, high = np.where(is_above, 0.0, -1.0), np.where(is_above, (b - c) / n, 0.0)
    return _crossing(chance, low, high)


def _product(share: tuple[Array, Array], side: tuple[Array, Array]) -> Callable[[Array], Array]:
    """Chance [table] that W (2 T - 1) is at most x [table], of two beta distributions W and T; a parameter of 0 puts all into one end."""
    w, t = _quantiles(*share), 2 * _quantiles(*side) - 1

    def narrow(values: Array) -> Array:
        mean = values @ _WEIGHTS
        spread: Array = np.sqrt(np.maximum((values - mean[:, None]) ** 2 @ _WEIGHTS, 0)) / np.abs(mean)
        return spread

    with np.errstate(all="ignore"):
        # Averaged over the one that varies less, what is averaged is smooth.
        over_share = narrow(w) <= narrow(t)

    def chance(x: Array) -> Array:
        x = x[:, None]
        with np.errstate(all="ignore"):
            of_side = _cumulative(*side, (1 + np.where(w > 0, x / w, np.sign(x) * np.inf)) / 2)
            of_share = _cumulative(*share, x / t)
            of_share = np.where(t < 0, np.where(x < 0, 1 - of_share, 1.0), np.where(t > 0, of_share, x >= 0))
        return np.where(over_share, of_side @ _WEIGHTS, of_share @ _WEIGHTS)

    return chance


def _quantiles(a: Array, b: Array) -> Array:
    """Quantiles of beta distributions at the nodes [table, node]."""
    from scipy.special import betaincinv

    a, b = a[:, None], b[:, None]
    inside = betaincinv(np.where(a > 0, a, 1), np.where(b > 0, b, 1), _NODES)
    return np.where(a > 0, np.where(b > 0, inside, 1.0), 0.0)


def _cumulative(a: Array, b: Array, x: Array) -> Array:
    """Chance [table, node] that a beta distribution is at most x [table, node]."""
    from scipy.special import betainc

    a, b = a[:, None], b[:, None]
    inside = betainc(np.where(a > 0, a, 1), np.where(b > 0, b, 1), np.clip(x, 0, 1))
    return np.where(a > 0, np.where(b > 0, np.where(x < 0, 0.0, inside), x >= 1), x >= 0)


def _crossing(chance: Callable[[Array], Array], low: Array, high: Array) -> Array:
    """Where a rising chance [table] passes 2.5 %, between two ends: by regula falsi (Illinois), on the scale where it is nearly a line."""
    from scipy.special import ndtri

    aim = ndtri(_TAIL)

    def off(x: Array) -> Array:
        return np.clip(ndtri(np.clip(chance(x), 1e-300, 1 - 1e-16)), -38, 9) - aim

    below, above = np.full(len(low), -38 - aim), np.full(len(low), 9 - aim)
    side = np.zeros(len(low))
    for _ in range(_ROUNDS):
        at = np.where(above > below, high - above * (high - low) / (above - below), (low + high) / 2)
        value = off(at)
        is_above = value >= 0
        # An end that stays counts half, so that it moves before long.
        below = np.where(is_above, np.where(side > 0, below / 2, below), value)
        above = np.where(is_above, value, np.where(side < 0, above / 2, above))
        low, high = np.where(is_above, low, at), np.where(is_above, at, high)
        side = np.where(is_above, 1, -1)
        if np.all((np.abs(value) < _CLOSE) | (high - low < _CLOSE)):
            break
    return np.where(side > 0, high, low)


def holm(p: Array) -> Array:
    """p-values adjusted by Holm (1979): those below 0.05 are wrong anywhere among all with a chance of at most 0.05.

    Args:
        p: float64 [test]; NaN is no test.

    Returns:
        float64 [test]; NaN where there is no test.
    """
    found = np.full(len(p), np.nan)
    tested = np.flatnonzero(~np.isnan(p))
    order = tested[np.argsort(p[tested], kind="stable")]
    found[order] = np.minimum(np.maximum.accumulate(p[order] * np.arange(len(order), 0, -1)), 1)
    return found
