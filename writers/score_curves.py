"""Score curves of an evaluation, from what is true and the log-odds of each class."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from tb_plugin.schema.classes import Classes
from tb_plugin.schema.confusion_matrix import ScoreType
from tb_plugin.schema.score_curves import CONFIDENCE_BINS, MICRO, SCORE_BINS, ScoreCurves
from writers import classes as classes_
from writers.score_vertices import Vertices, vertices

Array = np.ndarray[Any, Any]

LEAST_PROBABILITY = 1e-12
"""Of the true class, for its logarithm."""

_MOST_POOLED = 10**7
"""Decisions that are pooled into one curve unasked: to sort more takes seconds."""

_MOST_HISTOGRAMS = 1000
"""Curves that have score histograms."""


def of(
    y_true: Any,
    log_odds: Any,
    *,
    labels: Classes | Iterable[str] | int,
    sample_weight: Any = None,
    curves: Sequence[int] | None = None,
    score: ScoreType | None = None,
    epoch: int | None = None,
    dropped: Mapping[str, int] | None = None,
) -> ScoreCurves:
    """The exact curves of one evaluation.

    Args:
        y_true: Class ids [sample], each a class: what is not is dropped before.
        log_odds: Of each class, log(p / (1 - p)), [sample, class]; of two classes also [sample], the positive one's. None is NaN.
        labels: The classes, their names, or their number.
        sample_weight: Weights [sample], at least 0.
        curves: Class ids of the curves, -1 for all decisions pooled. By default one a class and, of up to ten million
            decisions, the pooled one; of two classes the positive one's alone.
        score: What the log-odds were made from.
        epoch: Epoch of the evaluation, from 0.
        dropped: Samples that were left out before, by reason.

    Raises:
        ValueError: Shapes do not fit, a truth is no class, log-odds are NaN or a weight is negative or not finite.
    """
    declared = classes_.of(labels)
    size = len(declared.labels)
    truth, odds, weight = checked(y_true, log_odds, sample_weight, size)
    positive = positive_of(declared)
    if odds.shape[1] == size and size == 2:
        odds = odds[:, [positive]]
    binary = odds.shape[1] == 1 and size == 2
    if curves is None:
        curves = (positive,) if binary else (*range(size), *([MICRO] if odds.size <= _MOST_POOLED else []))
    p = probability(odds)
    drawn, positive_bins, negative_bins = [], [], []
    for id_ in curves:
        own, is_positive, own_weight = _one_against_the_others(id_, truth, odds, weight, positive if binary else None)
        drawn.append(vertices(own, is_positive, own_weight))
        if len(curves) <= _MOST_HISTOGRAMS:
            place = bins(probability(own), SCORE_BINS)
            positive_bins.append(np.bincount(place[is_positive], minlength=SCORE_BINS))
            negative_bins.append(np.bincount(place[~is_positive], minlength=SCORE_BINS))
    shown = len(curves) <= _MOST_HISTOGRAMS
    return ScoreCurves(
        classes=declared,
        epoch=epoch,
        score=score,
        dropped=dict(dropped or {}),
        samples=len(truth),
        **_losses(truth, odds, p, weight, positive if binary else None),
        of=np.array(curves, np.int64),
        **_joined(drawn, weight is not None),
        **_confidence(truth, odds, p, weight, positive if binary else None),
        score_positive=np.reshape(positive_bins, (len(curves), SCORE_BINS)).astype(np.int64) if shown else None,
        score_negative=np.reshape(negative_bins, (len(curves), SCORE_BINS)).astype(np.int64) if shown else None,
    )


def checked(y_true: Any, log_odds: Any, sample_weight: Any, size: int, *, most: int | None = None) -> tuple[Array, Array, Array | None]:
    """Class ids [sample], log-odds float64 [sample, class or 1] and weights [sample], of one length.

    Args:
        y_true, log_odds, sample_weight: As in `of`.
        size: K, the number of classes.
        most: Largest class id allowed, by default K - 1.

    Raises:
        ValueError: As in `of`.
    """
    truth, odds = np.asarray(y_true, np.int64), np.asarray(log_odds, np.float64)
    odds = odds[:, None] if odds.ndim == 1 else odds
    if truth.ndim != 1 or odds.ndim != 2 or len(odds) != len(truth) or odds.shape[1] not in ({1, 2} if size == 2 else {size}):
        raise ValueError(f"y_true must be [sample] and log_odds [sample, {size}]; their shapes are {list(truth.shape)} and {list(odds.shape)}")
    most = size - 1 if most is None else most
    if truth.size and not 0 <= truth.min() <= truth.max() <= most:
        raise ValueError(f"y_true must be class ids from 0 to {most}; it holds {truth.min()} to {truth.max()}")
    if np.isnan(odds).any():
        raise ValueError("log_odds must be numbers; drop samples whose score is NaN first")
    if sample_weight is None:
        return truth, odds, None
    weight = np.asarray(sample_weight, np.float64)
    if weight.shape != truth.shape or not (np.isfinite(weight) & (weight >= 0)).all():
        raise ValueError("sample_weight must be finite and at least 0, [sample]")
    return truth, odds, weight


def positive_of(classes: Classes) -> int:
    """The class that counts as positive where there are two."""
    return 1 if classes.positive is None else classes.positive


def probability(log_odds: Array) -> Array:
    """1 / (1 + exp(-x)), to full precision on both sides."""
    small = np.exp(-np.abs(log_odds))
    return np.where(log_odds >= 0, 1 / (1 + small), small / (1 + small))


def loss_of(truth: Array, log_odds: Array, positive: int | None) -> Array:
    """-log p of the true class [sample], not clipped.

    Args:
        truth: Class ids [sample], each a class.
        log_odds: [sample, class]; [sample, 1] where `positive` is given.
        positive: Of two classes the one that the single column is of.
    """
    own = np.where(truth == positive, log_odds[:, 0], -log_odds[:, 0]) if positive is not None else log_odds[np.arange(len(truth)), truth]
    return np.asarray(np.logaddexp(0, -own))


def bins(p: Array, count: int) -> Array:
    """The bin of each probability: b holds (b, b + 1] / count, the first one 0 too."""
    return np.searchsorted(np.arange(1, count) / count, p)


def _one_against_the_others(id_: int, truth: Array, odds: Array, weight: Array | None, positive: int | None) -> tuple[Array, Array, Array | None]:
    """Scores, whether positive, and weights of one curve's decisions."""
    if id_ != MICRO:
        column = odds[:, id_] if positive is None else odds[:, 0] if id_ == positive else -odds[:, 0]
        return column, truth == id_, weight
    if positive is not None:
        odds = np.where(np.arange(2) == positive, odds, -odds)
    is_true = truth[:, None] == np.arange(odds.shape[1])
    return odds.ravel(), is_true.ravel(), None if weight is None else np.repeat(weight, odds.shape[1])


def _joined(drawn: Sequence[Vertices], is_weighted: bool) -> dict[str, Any]:
    """The arrays of curves, one curve after another."""
    names = ["threshold", "between", "positives", "ties", "single", *(["between_weight", "positives_weight", "ties_weight"] if is_weighted else [])]
    joined: dict[str, Array] = {name: np.concatenate([np.zeros(0, bool), *[getattr(each, name) for each in drawn]]) for name in names}
    joined["vertex_end"] = np.cumsum([len(each.threshold) for each in drawn], dtype=np.int64)
    joined["after"] = np.array([each.after for each in drawn], np.int64)
    if is_weighted:
        joined["after_weight"] = np.array([each.after_weight for each in drawn], np.float64)
        joined["weight_squares"] = np.array([each.weight_squares for each in drawn], np.float64).reshape(-1, 2)
    return joined


def _losses(truth: Array, odds: Array, p: Array, weight: Array | None, positive: int | None) -> dict[str, Any]:
    """The sums of Brier scores and negative log-likelihoods."""
    w = np.ones(len(truth)) if weight is None else weight
    is_true = truth[:, None] == (np.arange(p.shape[1]) if positive is None else positive)
    brier = (2 if positive is not None else 1) * ((p - is_true) ** 2).sum(axis=1)  # two classes miss by as much as one of them
    nll, most = loss_of(truth, odds, positive), -np.log(LEAST_PROBABILITY)
    clipped = int(np.count_nonzero(nll > most))
    nll = np.minimum(nll, most)
    sums = {"brier_sum": w @ brier, "brier_squares": w @ brier**2, "nll_sum": w @ nll, "nll_squares": w @ nll**2}
    if weight is not None:
        sums |= {"weight_sum": w.sum(), "weight_square_sum": w @ w}
    return {"clipped": clipped, **{name: float(total) for name, total in sums.items()}}


def _confidence(truth: Array, odds: Array, p: Array, weight: Array | None, positive: int | None) -> dict[str, Any]:
    """The histogram of confidence: see kind `score_curves`."""
    if positive is None:
        chosen = odds.argmax(axis=1)
        confidence, right = p[np.arange(len(truth)), chosen], chosen == truth
    else:
        confidence, right = p[:, 0], truth == positive
    used, place = np.unique(bins(confidence, CONFIDENCE_BINS), return_inverse=True)
    w = np.ones(len(truth)) if weight is None else weight

    def total(of_each: Array | None, among: Array | slice = slice(None)) -> Array:
        return np.bincount(place[among], None if of_each is None else of_each[among], minlength=len(used))

    found = {"bin": used, "bin_right": total(None, right), "bin_wrong": total(None, ~right)}
    found |= {"bin_confidence": total(w * confidence), "bin_variance": total(w * confidence * (1 - confidence))}
    if weight is not None:
        found |= {"bin_right_weight": total(w, right), "bin_wrong_weight": total(w, ~right)}
    return found
