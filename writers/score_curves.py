"""Score curves of an evaluation, from what is true and the log-odds of each class."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

import numpy as np

from tb_plugin.schema.classes import Classes
from tb_plugin.schema.confusion_matrix import ScoreType
from tb_plugin.schema.score_curves import MICRO, SCORE_BINS, ScoreCurves
from writers import classes as classes_
from writers.label_decisions import is_true
from writers.probabilities import both, probability
from writers.score_sums import SCORE_EDGES, ScoreSums, brier_of, loss_of
from writers.score_vertices import Vertices, vertices

Array = np.ndarray[Any, Any]

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
    truth, odds, weight = checked(y_true, log_odds, sample_weight, declared)
    positive = classes_.positive_of(declared)
    if curves is None:
        curves = default_curves(declared, odds.size)
    sums = ScoreSums()
    sums.add(**of_samples(truth, odds, probability(odds), positive), weight=weight)
    return together(
        declared,
        curves,
        Exact(truth, odds, weight, positive),
        sums,
        is_weighted=weight is not None,
        score=score,
        epoch=epoch,
        dropped=dropped,
    )


class Drawn(Protocol):
    """What curves are drawn from."""

    @property
    def is_binned(self) -> bool:
        """Whether by bins of scores."""

    def curve(self, id_: int, *, is_weighted: bool, with_histograms: bool) -> tuple[Vertices, Array, Array]:
        """The curve of a class, or the pooled one (-1), and its positives and negatives by probability, each [50]."""


def together(
    classes: Classes,
    curves: Sequence[int],
    drawn_from: Drawn,
    sums: ScoreSums,
    *,
    is_weighted: bool,
    score: ScoreType | None,
    epoch: int | None,
    dropped: Mapping[str, int] | None,
) -> ScoreCurves:
    """The payload of curves that were counted; arguments as in `of`."""
    shown = len(curves) <= _MOST_HISTOGRAMS
    drawn = [drawn_from.curve(id_, is_weighted=is_weighted, with_histograms=shown) for id_ in curves]
    positives, negatives = (np.array([each[i] for each in drawn], np.int64).reshape(-1, SCORE_BINS) if shown else None for i in (1, 2))
    return ScoreCurves(
        classes=classes,
        epoch=epoch,
        score=score,
        binned=drawn_from.is_binned,
        dropped=dict(dropped or {}),
        **sums.fields(is_weighted=is_weighted),
        of=np.array(curves, np.int64),
        **_joined([each[0] for each in drawn], is_weighted),
        score_positive=positives,
        score_negative=negatives,
    )


def default_curves(classes: Classes, decisions: int) -> Sequence[int]:
    """The ids of the curves that are drawn unasked, of so many decisions (samples x columns)."""
    positive = classes_.positive_of(classes)
    if positive is not None:
        return (positive,)
    return (*range(len(classes.labels)), *([MICRO] if decisions <= _MOST_POOLED else []))


def of_samples(truth: Array, log_odds: Array, p: Array, positive: int | None) -> dict[str, Array]:
    """What `ScoreSums` adds up of each sample: losses, how sure the model was, whether it was right.

    Args:
        truth: Class ids [sample], each a class.
        log_odds, p: [sample, class]; [sample, 1] where `positive` is given.
        positive: Of two classes the one that the single column is of.
    """
    chosen = log_odds.argmax(axis=1)
    return {
        "nll": loss_of(truth, log_odds, positive),
        "brier": brier_of(truth, p, positive),
        "confidence": p[np.arange(len(truth)), chosen],
        "right": chosen == truth if positive is None else truth == positive,
    }


def of_decisions(code: Array, log_odds: Array, p: Array, weight: Array | None) -> dict[str, Any]:
    """What `ScoreSums` adds up of labels that are decided one by one: each decision that counts is a sample.

    Args:
        code: int8 [sample, label], as `label_decisions` tells them.
        log_odds, p: [sample, label].
        weight: [sample], or None.
    """
    counts, right = code >= 0, is_true(code)
    if not counts.all():
        right, log_odds, p = right[counts], log_odds[counts], p[counts]
        weight = None if weight is None else np.broadcast_to(weight[:, None], counts.shape)[counts]
    elif weight is not None:
        weight = np.repeat(weight, code.shape[1])
    right, log_odds, p = right.ravel(), log_odds.ravel(), p.ravel()
    nll = np.logaddexp(0, np.where(right, -log_odds, log_odds))
    return {"nll": nll, "brier": (p - right) ** 2, "confidence": p, "right": right, "weight": weight}


class Exact:
    """Curves of scores that are all at hand; arguments as in `of_samples`. Of labels that are decided one by one, `truth` are the decisions' codes."""

    is_binned = False

    def __init__(self, truth: Array, log_odds: Array, weight: Array | None, positive: int | None) -> None:
        self._truth, self._odds, self._weight, self._positive = truth, log_odds, weight, positive

    def curve(self, id_: int, *, is_weighted: bool, with_histograms: bool) -> tuple[Vertices, Array, Array]:
        """As `Drawn` says."""
        own, is_positive, weight = _one_against_the_others(id_, self._truth, self._odds, self._weight, self._positive)
        place = np.searchsorted(SCORE_EDGES, own) if with_histograms else np.zeros(len(own), np.int64)
        counts = [np.bincount(place[among], minlength=SCORE_BINS) for among in (is_positive, ~is_positive)]
        return vertices(own, is_positive, weight), counts[0], counts[1]


def checked(y_true: Any, log_odds: Any, sample_weight: Any, classes: Classes, *, most: int | None = None) -> tuple[Array, Array, Array | None]:
    """Class ids [sample], log-odds float64 [sample, class], of two classes the positive one's [sample, 1], and weights [sample].

    Args:
        y_true, log_odds, sample_weight: As in `of`.
        classes: The K classes.
        most: Largest class id allowed, by default K - 1.

    Raises:
        ValueError: As in `of`.
    """
    size, positive = len(classes.labels), classes_.positive_of(classes)
    truth, odds = np.asarray(y_true, np.int64), np.asarray(log_odds, np.float64)
    odds = odds[:, None] if odds.ndim == 1 else odds
    if truth.ndim != 1 or odds.ndim != 2 or len(odds) != len(truth) or odds.shape[1] not in ({1, 2} if size == 2 else {size}):
        raise ValueError(f"y_true must be [sample] and log_odds [sample, {size}]; their shapes are {list(truth.shape)} and {list(odds.shape)}")
    most = size - 1 if most is None else most
    if truth.size and not 0 <= truth.min() <= truth.max() <= most:
        raise ValueError(f"y_true must be class ids from 0 to {most}; it holds {truth.min()} to {truth.max()}")
    if np.isnan(odds).any():
        raise ValueError("log_odds must be numbers; drop samples whose score is NaN first")
    if positive is not None and odds.shape[1] == 2:
        odds = odds[:, [positive]]
    if sample_weight is None:
        return truth, odds, None
    weight = np.asarray(sample_weight, np.float64)
    if weight.shape != truth.shape or not (np.isfinite(weight) & (weight >= 0)).all():
        raise ValueError("sample_weight must be finite and at least 0, [sample]")
    return truth, odds, weight


def _one_against_the_others(id_: int, truth: Array, odds: Array, weight: Array | None, positive: int | None) -> tuple[Array, Array, Array | None]:
    """Scores, whether positive, and weights of one curve's decisions."""
    if truth.ndim == 2:
        code, own = (truth.ravel(), odds.ravel()) if id_ == MICRO else (truth[:, id_], odds[:, id_])
        counts = code >= 0
        if weight is not None:
            weight = (np.repeat(weight, truth.shape[1]) if id_ == MICRO else weight)[counts]
        return own[counts], is_true(code[counts]), weight
    if id_ != MICRO:
        column = odds[:, id_] if positive is None else odds[:, 0] if id_ == positive else -odds[:, 0]
        return column, truth == id_, weight
    if positive is not None:
        odds = both(odds, positive)
    is_own = truth[:, None] == np.arange(odds.shape[1])
    return odds.ravel(), is_own.ravel(), None if weight is None else np.repeat(weight, odds.shape[1])


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
