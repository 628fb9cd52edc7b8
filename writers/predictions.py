"""What was predicted of each sample, from what is true and the log-odds of each class."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from tb_plugin.schema.classes import Classes
from tb_plugin.schema.confusion_matrix import ScoreType
from tb_plugin.schema.predictions import CONFIDENCE_STEPS, MOST_RANK, TOP, Predictions
from tb_plugin.schema.samples import Samples
from writers import classes as classes_
from writers.score_curves import LEAST_PROBABILITY, checked, loss_of, positive_of, probability

Array = np.ndarray[Any, Any]

MOST_RANKED = 5000
"""Samples of which the five best classes are told."""


def of(
    samples: Samples,
    log_odds: Any,
    *,
    labels: Classes | Iterable[str] | int,
    kept: Any = None,
    threshold: float | None = None,
    most_ranked: int = MOST_RANKED,
    score: ScoreType | None = None,
    epoch: int | None = None,
    dropped: Mapping[str, int] | None = None,
) -> Predictions:
    """The predictions of one evaluation.

    Args:
        samples: The samples and what is true of them.
        log_odds: Of each class, log(p / (1 - p)), [sample, class]; of two classes also [sample], the positive one's. Anything
            where the sample is not kept.
        labels: The classes, their names, or their number.
        kept: Whether each sample counts [sample]; all by default. Samples whose truth is -1 never do.
        threshold: Least probability of the predicted class; below it the model abstains.
        most_ranked: Of how many samples, those with the largest loss, the five best classes are told.
        score: What the log-odds were made from.
        epoch: Epoch of the evaluation, from 0.
        dropped: Why samples are not kept, counted by reason.

    Raises:
        ValueError: Shapes do not fit, a truth is no class, or the log-odds of a sample that is kept are NaN.
    """
    declared = classes_.of(labels)
    size, all_ = len(declared.labels), len(samples.truth)
    counts = samples.truth >= 0
    if kept is not None:
        counts = counts & np.asarray(kept, bool)
    places = np.flatnonzero(counts)
    given = np.asarray(log_odds, np.float64)
    if len(given) != all_:
        raise ValueError(f"log_odds must be of the {all_} samples; they are of {len(given)}")
    truth, odds, _ = checked(samples.truth[places], given[places], None, size, most=size)
    positive = positive_of(declared) if size == 2 else None
    if positive is not None and odds.shape[1] == 2:
        odds = odds[:, [positive]]

    p = probability(odds)
    # Of two classes the second column is the other way round: what is said of the classes is then said in one way.
    each = odds if positive is None else np.where(np.arange(2) == positive, odds, -odds)
    chosen = each.argmax(axis=1) if positive is None else np.where(odds[:, 0] > 0, positive, 1 - positive)
    best = probability(each).max(axis=1, initial=0)
    confidence = best if positive is None else p[:, 0]
    predicted = np.where(chosen == truth, 0, chosen + 1)
    if threshold is not None:
        predicted = np.where(best < threshold, size + 1, predicted)
    known = truth < size
    inside = np.where(known, truth, 0)
    loss = np.where(known, np.minimum(loss_of(inside, odds, positive), -np.log(LEAST_PROBABILITY)), np.nan)
    own = each[np.arange(len(each)), inside][:, None]
    ahead = (each > own) | ((each == own) & (np.arange(size) < inside[:, None]))
    rank = np.where(known, np.minimum(1 + ahead.sum(axis=1), MOST_RANK), 0)

    # The largest loss first, the first of equals; unknown truths have none.
    ranked = np.argsort(np.where(known, -loss, np.inf), kind="stable")[: min(most_ranked, int(known.sum()))]
    top = np.full((len(ranked), TOP), -1, np.int64)
    top_score = np.zeros((len(ranked), TOP), np.int64)
    order = np.argsort(-each[ranked], axis=1, kind="stable")[:, :TOP]
    top[:, : order.shape[1]] = order
    top_score[:, : order.shape[1]] = in_steps(probability(np.take_along_axis(each[ranked], order, axis=1)))
    return Predictions(
        classes=declared,
        samples=samples,
        epoch=epoch,
        score=score,
        threshold=threshold,
        dropped=dict(dropped or {}),
        predicted=_at(places, predicted, np.zeros(all_, np.int64)),
        confidence=_at(places, in_steps(confidence), np.zeros(all_, np.int64)),
        loss=_at(places, loss.astype(np.float16), np.full(all_, np.nan, np.float16)),
        rank=_at(places, rank, np.zeros(all_, np.int64)),
        kept=counts,
        ranked=places[ranked],
        top=top,
        top_score=top_score,
    )


def in_steps(p: Array) -> Array:
    """Probabilities in steps of 1/65536, rounded down: "p >= k / 65536" stays true of what is stored."""
    return np.asarray(np.minimum(np.floor(CONFIDENCE_STEPS * p), CONFIDENCE_STEPS - 1).astype(np.int64))


def _at(places: Array, values: Array, where: Array) -> Array:
    where[places] = values
    return where
