"""Two models on the same samples: whether one is better, and by how much. Intervals are at 95 %."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from tb_plugin.analysis.intervals import wilson

Array = np.ndarray[Any, Any]

_EXACT_BELOW = 25
"""Samples that changed, below which the test is exact."""


def mcnemar(b: int, c: int) -> float:
    """Two-sided p of McNemar's (1947) test that a change is as likely in either direction.

    Below 25 changes the binomial test, exactly; from there on (b - c)² / (b + c) against χ² of one degree of freedom.
    """
    changed = b + c
    if changed < _EXACT_BELOW:
        return min(1.0, 2 * sum(math.comb(changed, k) for k in range(min(b, c) + 1)) / 2.0**changed)
    return math.erfc(math.sqrt((b - c) ** 2 / changed / 2))


def difference(both: Array, first: Array, second: Array, neither: Array) -> tuple[Array, Array, Array]:
    """Difference of two rates of the same samples, and the ends of its interval: Newcombe (1998, Statistics in Medicine 17, 2635), method 10.

    Wilson's intervals of both rates, put together with the correlation of the two outcomes, which is corrected towards 0 where it is positive.

    Args:
        both: Samples for which both are right; of any shape.
        first, second: Those for which the first, the second one alone is.
        neither: Those for which neither is.

    Returns:
        Three arrays of that shape: rate of the first less that of the second, lower and upper end; NaN where there are no samples.
    """
    a, b, c, d = (np.asarray(each, np.float64) for each in (both, first, second, neither))
    n = a + b + c + d
    with np.errstate(all="ignore"):
        p, q = (a + b) / n, (a + c) / n
        (p_low, p_high), (q_low, q_high) = wilson(a + b, n), wilson(a + c, n)
        # The roots first: the product of four margins of 10⁵ samples and more is no whole number any more.
        margins = np.sqrt((a + b) * (c + d)) * np.sqrt((a + c) * (b + d))
        product = a * d - b * c
        phi = np.where(margins > 0, np.where(product > 0, np.maximum(product - n / 2, 0), product) / margins, 0)
        down = (p - p_low) ** 2 - 2 * phi * (p - p_low) * (q_high - q) + (q_high - q) ** 2
        up = (q - q_low) ** 2 - 2 * phi * (q - q_low) * (p_high - p) + (p_high - p) ** 2
        found = (b - c) / n
        return found, found - np.sqrt(np.maximum(down, 0)), found + np.sqrt(np.maximum(up, 0))


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
