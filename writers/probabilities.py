"""Probabilities and log-odds from scores, by the score's declared type."""

from __future__ import annotations

from typing import Any

import numpy as np

from tb_plugin.schema.confusion_matrix import ScoreType

Array = np.ndarray[Any, Any]

_LEAST_SUM = 1e-290
"""Sums of exponentials below it have lost digits."""


def probabilities(columns: Array, n_classes: int, *, score: ScoreType, positive: int = 1) -> tuple[Array, Array]:
    """The probability p of each class, and log(p / (1 - p)).

    Log-odds are made from the scores and not from p: where a network is so sure that its probabilities are all 1, they
    still tell who was surer. Each row depends on itself alone.

    Args:
        columns: Scores [sample, class], or [sample, 1] of two classes, which `decisions` let pass.
        n_classes: K.
        score: What they are.
        positive: Of two classes the one that the single column is of.

    Returns:
        Both float64 [sample, class]; of two classes [sample, 1], the positive one's.
    """
    values = np.ascontiguousarray(columns, np.float64)
    if n_classes == 2:
        if values.shape[1] == 2 and score == "logit":
            values = values[:, [positive]] - values[:, [1 - positive]]
        elif values.shape[1] == 2:
            values = values[:, [positive]]
    elif score == "logit":
        return _softmax(values)
    return by_itself(values, score)


def by_itself(values: Array, score: ScoreType) -> tuple[Array, Array]:
    """The probability p of what is decided by itself, as one label among several, and log(p / (1 - p)).

    Args:
        values: Scores, float64 of any shape.
        score: What they are; a logit is one before a sigmoid.
    """
    if score == "logit":
        return probability(values), values.copy()  # the caller's own array may change
    with np.errstate(divide="ignore"):
        if score == "prob":
            p = np.minimum(values, 1)
            return p, np.log(p) - np.log1p(-p)
        values = np.minimum(values, 0)
        return np.exp(values), values - np.log(-np.expm1(values))


def probability(log_odds: Array) -> Array:
    """1 / (1 + exp(-x)), to full precision on both sides."""
    small = np.exp(-np.abs(log_odds))
    return np.where(log_odds >= 0, 1 / (1 + small), small / (1 + small))


def both(scores: Array, positive: int) -> Array:
    """Log-odds or logits of both classes [sample, 2] from the positive one's [sample, 1]."""
    return np.where(np.arange(2) == positive, scores, -scores)


def _softmax(logits: Array) -> tuple[Array, Array]:
    """As `probabilities`; x - log(sum of the others' exponentials)."""
    each, best = np.arange(len(logits)), logits.argmax(axis=1)
    lower = logits - logits[each, best][:, None]
    powers = np.exp(lower)
    powers[each, best] = 0  # what is left is summed without the 1 in which it would drown
    others = powers.sum(axis=1)
    powers[each, best] = 1
    total = others + 1
    with np.errstate(divide="ignore"):
        odds = lower - np.log(total[:, None] - powers)
        best_odds = -np.log(others)
    tiny = np.flatnonzero(others < _LEAST_SUM)
    if len(tiny) and logits.shape[1] > 1:
        rest = lower[tiny]
        rest[np.arange(len(tiny)), best[tiny]] = -np.inf
        second = rest.max(axis=1)
        best_odds[tiny] = -second - np.log(np.exp(rest - second[:, None]).sum(axis=1))
    odds[each, best] = best_odds
    return powers / total[:, None], odds
