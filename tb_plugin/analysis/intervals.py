"""Intervals at 95 %."""

from __future__ import annotations

from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]

Z = 1.959963984540054
"""The 97.5 % point of the normal distribution."""

ONE_SIDED = 0.05
"""Chance of being wrong where one end of an interval is the end of the scale."""


def wilson(right: Array, n: Array) -> tuple[Array, Array]:
    """Ends of Wilson's (1927) interval of a rate: the centre (x + z²/2) / (n + z²) ± z / (n + z²) √(x (n - x) / n + z²/4).

    Args:
        right: Successes, or with weights the share that is right times `n`; float64 of any shape.
        n: Trials; with weights as many as say as much, (Σw)² / Σw².

    Returns:
        Two arrays of that shape; NaN where there are no trials.
    """
    with np.errstate(all="ignore"):
        rate, centre = right / n, (right + Z**2 / 2) / (n + Z**2)
        half = Z / (n + Z**2) * np.sqrt(np.maximum(right * (n - right) / n, 0) + Z**2 / 4)
        # The interval holds the rate by its definition; rounding must not move an end past it, nor past 0 and 1.
        low, high = np.maximum(np.minimum(centre - half, rate), 0), np.minimum(np.maximum(centre + half, rate), 1)
        there = n > 0
        return np.where(there & (right > 0), low, np.where(there, 0, np.nan)), np.where(there & (right < n), high, np.where(there, 1, np.nan))


def mean(total: float, squares: float, n: float, effective: float, *, least: float = 0.0) -> tuple[float, float]:
    """Ends of the normal interval of a mean, from a sum and a sum of squares; NaN below two samples.

    Args:
        total, squares: Sums of w x and w x².
        n: Sum of the weights w.
        effective: Samples that say as much: (Σw)² / Σw².
        least: No value lies below.
    """
    with np.errstate(all="ignore"):
        if not (n > 0 and effective > 1):
            return np.nan, np.nan
        centre = total / n
        half = Z * float(np.sqrt(np.maximum(np.float64(squares) / n - np.float64(centre) ** 2, 0) / (effective - 1)))
        return max(centre - half, least), centre + half


def area(auc: Array, variances: tuple[Array, Array], positives: Array, negatives: Array) -> tuple[Array, Array]:
    """Ends of the interval of areas under ROC curves.

    The logit of the area ± t times its standard error, turned back; t is Student's, with the degrees of freedom of Welch
    (1947): of ten positives the variance is not known well, and ± z would hold too seldom. Where that says nothing:

    - The area is 0 or 1: the smaller group of n makes n pairs of different samples, and none of them, or all, are in the
      right order. An area beyond 0.05^(1/n) from that end would have shown another one (the exact form of the rule of three).
    - All scores are equal: the same, of pairs that are not equal.
    - One of a group alone: by Markov's inequality the area is at least 0.025 times what was seen, and likewise from 1.

    Args:
        auc: float64 [curve]; NaN where it is not defined.
        variances: Its variance by DeLong, DeLong and Clarke-Pearson (1988), from the positives and from the negatives.
        positives, negatives: How many; with weights as many as say as much.

    Returns:
        Two arrays [curve]; NaN where the area is.
    """
    # SciPy takes TensorBoard's start 0.3 s: only who asks for intervals pays for it.
    from scipy.special import stdtrit

    fewer, variance = np.minimum(positives, negatives), variances[0] + variances[1]
    with np.errstate(all="ignore"):
        freedom = variance**2 / (variances[0] ** 2 / (positives - 1) + variances[1] ** 2 / (negatives - 1))
        half = stdtrit(freedom, 0.975) * np.sqrt(variance) / (auc * (1 - auc))
        logit = np.log(auc) - np.log1p(-auc)
        low, high = logistic(logit - half), logistic(logit + half)
        few = (fewer < 2) & (auc > 0) & (auc < 1)
        low, high = np.where(few, ONE_SIDED / 2 * auc, low), np.where(few, 1 - ONE_SIDED / 2 * (1 - auc), high)
        reach = ONE_SIDED ** (1 / fewer)
        equal = ~few & (variance == 0) & (auc > 0) & (auc < 1)
        low, high = np.where(equal, auc * reach, low), np.where(equal, 1 - (1 - auc) * reach, high)
        low = np.where(auc >= 1, reach, np.where(auc <= 0, 0, low))
        high = np.where(auc >= 1, 1, np.where(auc <= 0, 1 - reach, high))
    return np.where(np.isnan(auc), np.nan, low), np.where(np.isnan(auc), np.nan, high)


def logistic(log_odds: Array) -> Array:
    """1 / (1 + exp(-x)), to full precision on both sides."""
    with np.errstate(over="ignore", under="ignore"):
        small = np.exp(-np.abs(log_odds))
    return np.where(log_odds >= 0, 1 / (1 + small), small / (1 + small))
