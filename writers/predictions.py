"""What was predicted of each sample, from what is true and the log-odds of each class."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from tb_plugin.schema.classes import Classes
from tb_plugin.schema.confusion_matrix import ScoreType
from tb_plugin.schema.predictions import CONFIDENCE_STEPS, MOST_RANK, TOP, Predictions
from tb_plugin.schema.samples import Samples
from writers import classes as classes_
from writers import samples as samples_
from writers.probabilities import both, probability
from writers.sample_ids import Ids
from writers.score_curves import checked
from writers.score_sums import LEAST_PROBABILITY, loss_of

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
    _, odds, _ = checked(samples.truth[places], given[places], None, declared, most=size)
    positive = classes_.positive_of(declared)

    p = probability(odds)
    each = odds if positive is None else both(odds, positive)
    chosen = each.argmax(axis=1) if positive is None else np.where(odds[:, 0] > 0, positive, 1 - positive)
    if threshold is not None:
        chosen = np.where(probability(each).max(axis=1, initial=0) < threshold, size, chosen)
    kept_ = PredictionsKept(size, positive=positive, most_ranked=most_ranked)
    kept_.add(samples.truth, counts, decision=chosen, scores=odds, log_odds=odds, p=p, weight=None)
    return kept_.payload(samples, declared, threshold=threshold, score=score, epoch=epoch, dropped=dropped)


class PredictionsKept:
    """What was predicted of each sample, batch by batch.

    Args:
        size: K, the number of classes.
        positive: Of two classes the positive one.
        most_ranked: As in `of`.
    """

    def __init__(self, size: int, *, positive: int | None, most_ranked: int = MOST_RANKED) -> None:
        self.count = 0
        self._size, self._positive, self._most_ranked = size, positive, most_ranked
        self._batches: list[Said] = []
        self._ranked = [_ranked_none()]
        self._least_ranked = -np.inf

    def add(self, truth: Array, kept: Array, *, decision: Array, scores: Array, log_odds: Array, p: Array, weight: Array | None) -> None:
        """Adds samples.

        Args:
            truth: Class ids; K where unknown, -1 where the label was no class [sample].
            kept: Whether each counts [sample]. What follows is of those that do.
            decision: What the model decided for: a class id, K where it abstained [kept].
            scores: What tells which class is before which [kept, class], or [kept, 1] as `log_odds`.
            log_odds, p: [kept, class], of two classes [kept, 1], the positive one's.
            weight: Of all samples [sample].
        """
        size, places = self._size, np.flatnonzero(kept)
        own = truth[places]
        known = own < size
        inside = np.where(known, own, 0)
        loss = np.where(known, np.minimum(loss_of(inside, log_odds, self._positive), -np.log(LEAST_PROBABILITY)), np.nan)
        each = scores if self._positive is None or scores.shape[1] == size else both(scores, self._positive)
        rank = np.where(known, np.minimum(_rank(each, inside), MOST_RANK), 0)
        confidence = in_steps(p.max(axis=1, initial=0) if self._positive is None else p[:, 0])
        predicted = np.where(decision == size, size + 1, np.where(decision == own, 0, decision + 1))
        self._batches.append(
            Said(
                truth.astype(np.int32),
                np.asarray(kept, bool),
                weight,
                _at(places, predicted, np.zeros(len(truth), np.int32)),
                _at(places, confidence, np.zeros(len(truth), np.uint16)),
                _at(places, loss.astype(np.float16), np.full(len(truth), np.nan, np.float16)),
                _at(places, rank, np.zeros(len(truth), np.uint8)),
            )
        )
        # Of the rest none can be among those with the largest loss.
        rows = np.flatnonzero(known & (loss > self._least_ranked))
        if 0 < self._most_ranked < len(rows):
            rows = rows[loss[rows] >= np.partition(loss[rows], -self._most_ranked)[-self._most_ranked]]
        top = _best(each[rows], TOP)
        odds = log_odds[rows] if self._positive is None else both(log_odds[rows], self._positive)
        top_score = np.where(top < 0, 0, in_steps(probability(np.take_along_axis(odds, np.maximum(top, 0), axis=1))))
        self._rank(_Ranked(self.count + places[rows], loss[rows], top, top_score))
        self.count += len(truth)

    def merge(self, other: PredictionsKept) -> None:
        """Adds all that `other` has."""
        self._batches += other._batches
        for ranked in list(other._ranked):
            self._rank(replace(ranked, place=ranked.place + self.count))
        self.count += other.count

    def payload(
        self,
        samples: Samples,
        classes: Classes,
        *,
        threshold: float | None,
        score: ScoreType | None,
        epoch: int | None,
        dropped: Mapping[str, int] | None,
    ) -> Predictions:
        """All predictions; `samples` are those that came, in their order."""
        ranked, all_ = self._trim(), self.all()
        return Predictions(
            classes=classes,
            samples=samples,
            epoch=epoch,
            score=score,
            threshold=threshold,
            dropped=dict(dropped or {}),
            predicted=all_.predicted.astype(np.int64),
            confidence=all_.confidence.astype(np.int64),
            loss=all_.loss,
            rank=all_.rank.astype(np.int64),
            kept=all_.kept,
            ranked=ranked.place,
            top=ranked.top,
            top_score=ranked.top_score,
        )

    def samples(self, ids: Ids, *, is_weighted: bool) -> Samples:
        """The samples that came; `ids` are theirs."""
        all_ = self.all()
        weight = np.ones(self.count) if all_.weight is None else all_.weight
        return samples_.of(all_.truth, ids=ids, weight=weight if is_weighted else None)

    def all(self) -> Said:
        """What was said of all samples."""
        batches = [_nothing(), *self._batches]
        weight = None
        if any(batch.weight is not None for batch in self._batches):
            weight = np.concatenate([np.ones(len(batch.truth)) if batch.weight is None else batch.weight for batch in batches])
        others = {field.name: np.concatenate([getattr(batch, field.name) for batch in batches]) for field in fields(Said) if field.name != "weight"}
        self._batches = [Said(**others, weight=weight)]
        return self._batches[0]

    def without(self, left_out: Array) -> PredictionsKept:
        """A copy that lacks some samples, bool [sample]."""
        all_, ranked, place = self.all(), self._trim(), np.cumsum(~left_out) - 1
        found = PredictionsKept(self._size, positive=self._positive, most_ranked=self._most_ranked)
        found.count = int(np.count_nonzero(~left_out))
        found._batches = [replace(all_, **{name: of[~left_out] for name, of in vars(all_).items() if of is not None})]
        among = ~left_out[ranked.place]
        found._rank(_Ranked(place[ranked.place[among]], ranked.loss[among], ranked.top[among], ranked.top_score[among]))
        return found

    def _rank(self, ranked: _Ranked) -> None:
        self._ranked.append(ranked)
        if sum(len(each.place) for each in self._ranked) > 2 * self._most_ranked:
            self._trim()

    def _trim(self) -> _Ranked:
        """Keeps and returns the largest losses, the first of equals."""
        all_ = _Ranked(*(np.concatenate([getattr(each, field.name) for each in self._ranked]) for field in fields(_Ranked)))
        order = np.lexsort([all_.place, -all_.loss])[: self._most_ranked]
        self._ranked = [_Ranked(*(getattr(all_, field.name)[order] for field in fields(_Ranked)))]
        if len(order) == self._most_ranked:
            self._least_ranked = float(all_.loss[order[-1]]) if len(order) else np.inf
        return self._ranked[0]


@dataclass(frozen=True)
class Said:
    """Of each sample; see kinds `predictions` and `samples`."""

    truth: Array
    kept: Array
    weight: Array | None
    predicted: Array
    confidence: Array
    loss: Array
    rank: Array


@dataclass(frozen=True)
class _Ranked:
    """Of some samples: place, loss, and the classes with the highest scores."""

    place: Array
    loss: Array
    top: Array
    top_score: Array


def _nothing() -> Said:
    return Said(np.zeros(0, np.int32), np.zeros(0, bool), None, *(np.zeros(0, t) for t in (np.int32, np.uint16, np.float16, np.uint8)))


def _ranked_none() -> _Ranked:
    return _Ranked(np.zeros(0, np.int64), np.zeros(0), np.zeros((0, TOP), np.int64), np.zeros((0, TOP), np.int64))


def _rank(scores: Array, truth: Array) -> Array:
    """The place of the truth among the scores, from 1; of equals the lower class id is before the higher one."""
    own = scores[np.arange(len(scores)), truth][:, None]
    rank = 1 + np.count_nonzero(scores > own, axis=1)
    tied = np.flatnonzero(np.count_nonzero(scores == own, axis=1) > 1)
    before = (scores[tied] == own[tied]) & (np.arange(scores.shape[1]) < truth[tied][:, None])
    rank[tied] += np.count_nonzero(before, axis=1)
    return np.asarray(rank)


def _best(scores: Array, count: int) -> Array:
    """The ids of the highest scores [sample, count], -1 where there are fewer classes; of equals the lower id first."""
    left = np.nan_to_num(scores, nan=0)  # without infinities, so that one stands for what was taken
    best = np.full((len(scores), count), -1, np.int64)
    for place in range(min(count, scores.shape[1])):
        best[:, place] = left.argmax(axis=1)
        left[np.arange(len(left)), best[:, place]] = -np.inf
    return best


def in_steps(p: Array) -> Array:
    """Probabilities in steps of 1/65536, rounded down: "p >= k / 65536" stays true of what is stored."""
    return np.asarray(np.minimum(np.floor(CONFIDENCE_STEPS * p), CONFIDENCE_STEPS - 1).astype(np.int64))


def _at(places: Array, values: Array, where: Array) -> Array:
    where[places] = values
    return where
