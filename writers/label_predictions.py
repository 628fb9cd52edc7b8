"""What became of the labels of each sample, from what is true and what was told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from tb_plugin.schema.classes import Classes
from tb_plugin.schema.confusion_matrix import ScoreType
from tb_plugin.schema.label_predictions import LabelPredictions
from tb_plugin.schema.samples import Samples
from writers import classes as classes_
from writers import samples as samples_
from writers.label_decisions import RIGHTLY_NOT, is_true, is_wrong
from writers.predictions import in_steps
from writers.probabilities import probability
from writers.sample_ids import Ids
from writers.score_sums import LEAST_PROBABILITY

Array = np.ndarray[Any, Any]


def of(
    samples: Samples,
    code: Any,
    log_odds: Any = None,
    *,
    labels: Classes | Iterable[str] | int,
    kept: Any = None,
    score: ScoreType | None = None,
    epoch: int | None = None,
    dropped: Mapping[str, int] | None = None,
) -> LabelPredictions:
    """What became of the labels at one evaluation.

    Args:
        samples: The samples; what is true of their labels is in `code`.
        code: Of each label of each sample: 0 rightly not told, 1 missed, 2 told falsely, 3 told rightly, below 0 where it
            does not count [sample, label].
        log_odds: log(p / (1 - p)) of each [sample, label]; None: nobody knows them.
        labels: The labels, their names, or their number.
        kept: Whether each sample counts [sample]; all by default.
        score: What the log-odds were made from.
        epoch: Epoch of the evaluation, from 0.
        dropped: Why samples are not kept, counted by reason.

    Raises:
        ValueError: Shapes do not fit.
    """
    declared = classes_.of(labels, task="multilabel")
    codes = np.asarray(code, np.int8)
    expected = (len(samples.truth), len(declared.labels))
    if codes.shape != expected or (log_odds is not None and np.shape(log_odds) != expected):
        shapes = [list(np.shape(each)) for each in (codes, log_odds) if each is not None]
        raise ValueError(f"code and log_odds must be [sample, label], {list(expected)}; their shapes are {shapes}")
    counts = np.ones(len(codes), bool) if kept is None else np.asarray(kept, bool)
    kept_ = LabelsKept(has_scores=log_odds is not None)
    kept_.add(counts, codes[counts], None if log_odds is None else np.asarray(log_odds, np.float64)[counts], None)
    return kept_.payload(samples, declared, score=score, epoch=epoch, dropped=dropped or {})


class LabelsKept:
    """What became of the labels of each sample, batch by batch.

    Args:
        has_scores: Whether probabilities are told.
    """

    def __init__(self, *, has_scores: bool) -> None:
        self._has_scores = has_scores
        none = np.zeros(0, np.int64)
        self._batches = [_Said(none.astype(bool), None, none.astype(np.float16), none, none, none, none)]

    @property
    def count(self) -> int:
        """Samples so far."""
        return sum(len(batch.kept) for batch in self._batches)

    @property
    def entries(self) -> int:
        """Entries so far."""
        return sum(len(batch.label) for batch in self._batches)

    def add(self, kept: Array, code: Array, log_odds: Array | None, weight: Array | None) -> None:
        """Adds samples.

        Args:
            kept: Whether each counts [sample]. What follows is of those that do.
            code: As in `of` [kept, label].
            log_odds: The same; anything where a label does not count. None: there are no scores.
            weight: Of all samples [sample].
        """
        row, label = np.nonzero(code != RIGHTLY_NOT)
        size = np.zeros(len(kept), np.int64)
        size[kept] = np.bincount(row, minlength=len(code))
        became = np.maximum(code[row, label], -1)
        told = np.zeros(0, np.int64) if log_odds is None else np.where(became < 0, 0, in_steps(probability(np.where(became < 0, 0, log_odds[row, label]))))
        loss = np.full(len(kept), np.nan, np.float16)
        loss[kept] = losses(code, log_odds).astype(np.float16)
        self._batches.append(_Said(kept, weight, loss, size, label.astype(np.int32), became.astype(np.int8), told.astype(np.uint16)))

    def merge(self, other: LabelsKept) -> None:
        """Adds all that `other` has."""
        self._batches = [*self._batches, *other._batches]

    def without(self, left_out: Array) -> LabelsKept:
        """A copy that lacks some samples, bool [sample]."""
        all_, found = self._all(), LabelsKept(has_scores=self._has_scores)
        among = np.repeat(~left_out, all_.size)
        weight = None if all_.weight is None else all_.weight[~left_out]
        entries = (all_.label[among], all_.became[among], all_.probability[among] if self._has_scores else all_.probability)
        found._batches = [_Said(all_.kept[~left_out], weight, all_.loss[~left_out], all_.size[~left_out], *entries)]
        return found

    def samples(self, ids: Ids, *, is_weighted: bool) -> Samples:
        """The samples that came; `ids` are theirs."""
        all_ = self._all()
        weight = np.ones(len(all_.kept)) if all_.weight is None else np.where(np.isfinite(all_.weight) & (all_.weight >= 0), all_.weight, 0)
        return samples_.of(np.full(len(all_.kept), -1), ids=ids, weight=weight if is_weighted else None)

    def payload(self, samples: Samples, classes: Classes, *, score: ScoreType | None, epoch: int | None, dropped: Mapping[str, int]) -> LabelPredictions:
        """All of them; `samples` are those that came, in their order."""
        all_ = self._all()
        return LabelPredictions(
            classes=classes,
            samples=samples,
            epoch=epoch,
            score=score,
            dropped=dict(dropped),
            kept=all_.kept,
            loss=all_.loss,
            entry_end=np.cumsum(all_.size),
            label=all_.label.astype(np.int64),
            became=all_.became.astype(np.int64),
            probability=all_.probability.astype(np.int64) if self._has_scores else None,
        )

    def _all(self) -> _Said:
        batches, weight = self._batches, None
        if any(batch.weight is not None for batch in batches):
            weight = np.concatenate([np.ones(len(batch.kept)) if batch.weight is None else batch.weight for batch in batches])
        parts = {name: np.concatenate([getattr(batch, name) for batch in batches]) for name in vars(batches[0]) if name != "weight"}
        self._batches = [_Said(**parts, weight=weight)]
        return self._batches[0]


@dataclass(frozen=True)
class _Said:
    """Of each sample whether it counts, its weight, its loss and how many entries it has; and of each entry what the kind tells."""

    kept: Array
    weight: Array | None
    loss: Array
    size: Array
    label: Array
    became: Array
    probability: Array


def losses(code: Array, log_odds: Array | None) -> Array:
    """The loss of each sample, as `label_predictions` defines it, float64 [sample].

    Args:
        code, log_odds: As in `LabelsKept.add`.
    """
    counts = code >= 0
    if log_odds is None:
        each = is_wrong(code).astype(np.float64)
    else:
        each = np.minimum(np.logaddexp(0, np.where(is_true(code), -log_odds, log_odds)), -np.log(LEAST_PROBABILITY))
    among = np.count_nonzero(counts, axis=1)
    found: Array = np.divide(np.where(counts, each, 0).sum(axis=1), among, out=np.full(len(code), np.nan), where=among > 0)
    return found
