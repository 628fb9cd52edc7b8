"""Multi-label evaluations, in which each sample has any number of labels: at once, or batch by batch.

Wrong types, ranks, lengths and names raise at once. Wrong values leave one label of one sample out, counted by reason, or
drop the sample: for each label every sample is in its table, unknown, left out or dropped, once.
"""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, get_args

import numpy as np

from tb_plugin.schema.classes import Classes
from tb_plugin.schema.confusion_matrix import ScoreType
from tb_plugin.schema.multilabel import Multilabel
from writers import classes as classes_
from writers.confusion_matrix import Batch, weights_of
from writers.label_decisions import FALSE, MISSED, REASONS, RIGHTLY, RIGHTLY_NOT, UNKNOWN, decided, is_wrong, label_columns, least_score
from writers.label_pairs import LabelPairs
from writers.sieve import Sieve

Array = np.ndarray[Any, Any]

THRESHOLD = 0.5
"""Probability above which a label is told, where nobody says another one."""

_CELLS_AT_ONCE = 2**20
"""Decisions looked at in one piece, so that what is computed of a large evaluation stays small."""

_TABLE = (RIGHTLY, FALSE, MISSED, RIGHTLY_NOT)
"""The order of `table`."""


def from_predictions(
    y_true: Any,
    y_pred: Any,
    *,
    labels: Classes | Iterable[str] | int,
    sample_weight: Any = None,
    ignored: int | None = None,
    epoch: int | None = None,
    declared_size: int | None = None,
) -> Multilabel:
    """The multi-label evaluation of labels that were told.

    Args:
        y_true, y_pred: 1 where a sample has a label and where it was told, else 0 [sample, label].
        labels: Name of each label in the order of the columns, or how many there are.
        sample_weight: Weights [sample]; zero counts as a sample of no weight, negative ones are dropped.
        ignored: The truth of labels of which nobody knows, such as -1: each is left out of its own label alone.
        epoch: Epoch of the evaluation, from 0.
        declared_size: Size of the data set, when some samples may be lost or doubled on the way.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: Lengths or shapes do not fit.
    """
    return Accumulator(labels, ignored=ignored, declared_size=declared_size).update(y_true, y_pred, sample_weight).payload(epoch=epoch)


def from_scores(
    y_true: Any,
    scores: Any,
    *,
    score: ScoreType,
    labels: Classes | Iterable[str] | int,
    threshold: Any = THRESHOLD,
    sample_weight: Any = None,
    ignored: int | None = None,
    epoch: int | None = None,
    declared_size: int | None = None,
) -> Multilabel:
    """The multi-label evaluation of a model's scores.

    Args:
        scores: [sample, label].
        score: What they are: "prob", "logit" (before a sigmoid) or "logprob". Declared, never guessed from their values.
        threshold: Probability above which a label is told, of all labels or one for each.

    The other arguments, and what is raised, are those of `from_predictions`.
    """
    all_at_once = Accumulator(labels, score=score, threshold=threshold, ignored=ignored, declared_size=declared_size)
    return all_at_once.update(y_true, scores, sample_weight).payload(epoch=epoch)


@dataclass(frozen=True)
class Judged:
    """The decisions of a batch.

    Attributes:
        code: int8 [sample, label], as `label_decisions` tells them.
        weight: float64 [sample], or None.
        sieve: Which samples are kept, and why the others are not.
    """

    code: Array
    weight: Array | None
    sieve: Sieve


class Accumulator:
    """A multi-label evaluation that grows by batches and merges with those of other workers.

    `update` and `merge` may come in any order and grouping: counts are the same to the last one, weights up to the
    rounding of their sums. An accumulator may be pickled. Arguments and what they raise: see `from_scores`; without
    `score`, `update` takes labels that were told.
    """

    def __init__(
        self,
        labels: Classes | Iterable[str] | int,
        *,
        score: ScoreType | None = None,
        threshold: Any = None,
        ignored: int | None = None,
        declared_size: int | None = None,
    ) -> None:
        self.classes = _declared(labels, ignored)
        if score is not None and score not in get_args(ScoreType):
            raise ValueError(f"score must be one of {', '.join(map(repr, get_args(ScoreType)))}; it is {score!r:.80}")
        if threshold is not None and score is None:
            raise ValueError("a threshold needs scores: use from_scores, or pass score=")
        self.score, self.declared_size = score, declared_size
        self.threshold = None if score is None else _threshold(THRESHOLD if threshold is None else threshold, self.size)
        self.dropped: dict[str, int] = {}
        self.is_weighted = False
        self._begin()

    def _begin(self) -> None:
        n = self.size
        self._samples = 0
        self._table, self._squares = np.zeros((n, 4), np.int64), np.zeros((n, 4))
        self._weights = np.zeros((n, 4))
        self._not_counted = np.zeros((1 + len(REASONS), n), np.int64)
        self._wrong, self._wrong_weight = np.zeros(n + 1, np.int64), np.zeros((2, n + 1))
        self._pairs = LabelPairs(n)

    @property
    def size(self) -> int:
        """How many labels there are."""
        return len(self.classes.labels)

    @property
    def samples(self) -> int:
        """Samples seen so far, dropped ones included."""
        return self._samples + sum(self.dropped.values())

    def update(self, y_true: Any, y_pred_or_scores: Any, sample_weight: Any = None) -> Accumulator:
        """Adds a batch; returns the accumulator itself."""
        for batch in self.pieces(y_true, y_pred_or_scores, sample_weight):
            self.count(self.judged(batch))
        return self

    def pieces(self, y_true: Any, y_pred_or_scores: Any, sample_weight: Any = None) -> list[Batch]:
        """A batch in pieces that are small enough to be copied: all of it is checked before the first comes."""
        name = "y_pred" if self.score is None else "scores"
        truth, predicted = label_columns(y_true, "y_true", self.size), label_columns(y_pred_or_scores, name, self.size)
        weight = weights_of(sample_weight)
        for other, its_name in [(predicted, name), (weight, "sample_weight")]:
            if other is not None and len(other) != len(truth):
                raise ValueError(f"y_true and {its_name} must have one entry for each sample; they have {len(truth)} and {len(other)}")
        step = max(1, _CELLS_AT_ONCE // self.size)
        # One piece also of no samples: weights that were given make it a weighted evaluation.
        cuts = [slice(start, start + step) for start in range(0, max(1, len(truth)), step)]
        return [Batch(truth[cut], predicted[cut], None if weight is None else weight[cut]) for cut in cuts]

    def judged(self, batch: Batch) -> Judged:
        """The decisions of a batch, and which samples are dropped; nothing is counted yet."""
        sieve = Sieve(len(batch.truth))
        if batch.weight is not None:
            sieve.drop("weight not finite", ~np.isfinite(batch.weight))
            sieve.drop("weight negative", batch.weight < 0)
        given, least = batch.predicted, 0.0 if self.threshold is None or self.score is None else least_score(self.threshold, self.score)
        if self.score is not None:
            if given.dtype.kind == "f":  # what float32 makes of 0.3 is not above 0.3, as it is not where frameworks compare them
                least = np.asarray(least, given.dtype).astype(np.float64)
            given = given.astype(np.float64)
        return Judged(decided(batch.truth, given, score=self.score, least=least, ignored=self.classes.ignored), batch.weight, sieve)

    def count(self, judged: Judged) -> None:
        """Counts a batch that was judged."""
        kept = judged.sieve.kept
        code = judged.code if kept.all() else judged.code[kept]
        self.is_weighted |= judged.weight is not None
        weight = None if judged.weight is None else judged.weight[kept]
        self.count_dropped(judged.sieve.dropped)
        self._samples += len(code)
        # Of each label, how many decisions have each code.
        least, codes = -1 - len(REASONS), 5 + len(REASONS)
        key = (code.astype(np.intp) - least + np.arange(self.size) * codes).ravel()
        counts = np.bincount(key, minlength=self.size * codes).reshape(self.size, codes)
        table, others = [each - least for each in _TABLE], [UNKNOWN - least - i for i in range(1 + len(REASONS))]
        self._table += counts[:, table]
        self._not_counted += counts[:, others].T
        wrongs, has_any = np.count_nonzero(is_wrong(code), axis=1), (code >= 0).any(axis=1)
        self._wrong += np.bincount(wrongs[has_any], minlength=self.size + 1)
        w = np.ones(len(code)) if weight is None else weight
        for to, sums, power in ((self._weights, self._wrong_weight[0], w), (self._squares, self._wrong_weight[1], w * w)):
            to += counts[:, table] if weight is None else np.bincount(key, np.repeat(power, self.size), self.size * codes).reshape(self.size, codes)[:, table]
            sums += np.bincount(wrongs[has_any], power[has_any], minlength=self.size + 1)
        self._pairs.add(code)

    def merge(self, other: Accumulator) -> Accumulator:
        """Adds all that `other` has seen; returns the accumulator itself.

        Raises:
            ValueError: They do not count the same thing.
        """
        self.must_count_the_same_as(other)
        self.is_weighted |= other.is_weighted
        self.count_dropped(dict(other.dropped))
        for name in ("_samples", "_table", "_squares", "_weights", "_not_counted", "_wrong", "_wrong_weight"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self._pairs.merge(other._pairs)
        return self

    def must_count_the_same_as(self, other: Accumulator) -> None:
        """
        Raises:
            ValueError: They do not count the same thing.
        """
        if self._declaration() != other._declaration():
            raise ValueError("accumulators merge when labels, score, threshold, ignored label and declared size are the same; these differ")

    def payload(self, *, epoch: int | None = None) -> Multilabel:
        """All that was seen so far."""
        longest = int(np.flatnonzero(self._wrong).max(initial=-1)) + 1
        weight = self._wrong_weight[:, :longest]
        is_same = isinstance(self.threshold, float) or self.threshold is None
        return Multilabel(
            classes=self.classes,
            epoch=epoch,
            samples=self._samples,
            dropped=dict(self.dropped),
            reasons={reason: int(n) for reason, n in zip(REASONS, self._not_counted[1:].sum(axis=1), strict=True) if n},
            declared_size=self.declared_size,
            score=self.score,
            threshold=self.threshold if isinstance(self.threshold, float) else None,
            table=self._table,
            unknown=self._not_counted[0],
            left_out=self._not_counted[1:].sum(axis=0),
            wrong_count=self._wrong[:longest],
            **self._pairs.listed(),
            label_threshold=None if is_same else np.array(self.threshold),
            table_weight=self._weights if self.is_weighted else None,
            weight_squares=self._squares if self.is_weighted else None,
            wrong_weight=weight[0] if self.is_weighted else None,
            wrong_weight_squares=weight[1] if self.is_weighted else None,
        )

    def empty(self) -> Accumulator:
        """One that counts the same thing, and has counted nothing."""
        found = copy.copy(self)
        found.dropped, found.is_weighted = {}, False
        found._begin()
        return found

    def count_dropped(self, dropped: Mapping[str, int]) -> None:
        """Counts samples that are in no table, by reason."""
        for reason, n in dropped.items():
            self.dropped[reason] = self.dropped.get(reason, 0) + n

    def _declaration(self) -> tuple[object, ...]:
        c = self.classes
        return c.labels, c.parents, c.ignored, self.score, self.threshold, self.declared_size


def _declared(labels: Classes | Iterable[str] | int, ignored: int | None) -> Classes:
    if isinstance(labels, Classes) and labels.task != "multilabel":
        raise ValueError(f"these classes are declared as a {labels.task} task; labels of which a sample has several are classes.of(names, task='multilabel')")
    if isinstance(labels, Classes) and ignored is not None:
        if labels.ignored not in (None, ignored):
            raise ValueError(f"the labels declare {labels.ignored} as what is not known, not {ignored}; say it in one place")
        labels = dataclasses.replace(labels, ignored=ignored)
    declared = classes_.of(labels, task="multilabel", ignored=ignored)
    if declared.ignored in (0, 1):
        said = "true" if declared.ignored else "not true"
        raise ValueError(f"ignored is the truth of labels of which nobody knows, such as -1; {declared.ignored} says that a label is {said}")
    return declared


def _threshold(given: Any, n_labels: int) -> float | tuple[float, ...]:
    """One for all labels, or one for each.

    Raises:
        TypeError, ValueError: It is neither.
    """
    try:
        values = np.asarray(given, np.float64)
    except (TypeError, ValueError):
        raise TypeError(f"threshold is the probability above which a label is told, a number or one for each label; it is {given!r:.80}") from None
    if values.shape not in ((), (n_labels,)):
        raise ValueError(f"threshold must be one number, or one for each of the {n_labels} labels; its shape is {list(values.shape)}")
    if not ((values >= 0) & (values <= 1)).all():
        raise ValueError(f"threshold is a probability, from 0 to 1; it is {given!r:.80}")
    return float(values) if values.ndim == 0 else tuple(values.tolist())
