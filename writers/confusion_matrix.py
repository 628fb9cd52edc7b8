"""Confusion matrices from predictions or scores: at once, or batch by batch.

Wrong types, ranks, lengths and names raise at once. Wrong values are dropped and counted by reason: every sample is in
exactly one cell or in `dropped`. No array of K × K is ever made.
"""

from __future__ import annotations

import copy
import operator
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, get_args

import numpy as np

from tb_plugin.schema.classes import Classes
from tb_plugin.schema.confusion_matrix import ConfusionMatrix, ScoreType
from writers import classes as classes_
from writers.class_ids import class_ids, one_column
from writers.decisions import decisions, score_columns
from writers.host_arrays import as_numbers, host_array
from writers.sieve import Sieve
from writers.sparse_counts import SparseCounts

_CELLS_AT_ONCE = 2**22
"""Scores looked at in one piece, so that the float64 copy of a large evaluation stays small."""


def from_predictions(
    y_true: Any,
    y_pred: Any,
    *,
    labels: Classes | Iterable[str] | None = None,
    n_classes: int | None = None,
    sample_weight: Any = None,
    ignored: int | None = None,
    unknown: int | str | None = None,
    epoch: int | None = None,
    declared_size: int | None = None,
) -> ConfusionMatrix:
    """The confusion matrix of one evaluation, from predicted classes.

    Args:
        y_true, y_pred: Class ids [sample] or [sample, 1]; with `labels` also names.
        labels: Name of each class in the order of the class ids. `labels` or `n_classes` must be given: the classes of
            a task are declared, not read off the samples at hand.
        n_classes: How many classes there are, where they have no names.
        sample_weight: Weights [sample]; zero counts as a sample of no weight, negative ones are dropped.
        ignored: The label of samples to leave out, such as -1 or 255.
        unknown: The label of samples whose truth nobody knows, such as -1 or "?"; they fill row K.
        epoch: Epoch of the evaluation, from 0.
        declared_size: Size of the data set, when some samples may be lost or doubled on the way.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: Lengths or shapes do not fit.
    """
    all_at_once = Accumulator(labels, n_classes=n_classes, ignored=ignored, unknown=unknown, declared_size=declared_size)
    return all_at_once.update(y_true, y_pred, sample_weight).payload(epoch=epoch)


def from_scores(
    y_true: Any,
    scores: Any,
    *,
    score: ScoreType,
    labels: Classes | Iterable[str] | None = None,
    n_classes: int | None = None,
    threshold: float | None = None,
    sample_weight: Any = None,
    ignored: int | None = None,
    unknown: int | str | None = None,
    epoch: int | None = None,
    declared_size: int | None = None,
) -> ConfusionMatrix:
    """The confusion matrix of one evaluation, from the model's scores.

    Args:
        scores: [sample, class]; with two classes also [sample] or [sample, 1], the positive class's score.
        score: What they are: "prob", "logit" or "logprob". Declared, never guessed from their values.
        threshold: Least probability of the predicted class; samples below it fill column K, *abstained*.

    The other arguments, and what is raised, are those of `from_predictions`.
    """
    all_at_once = Accumulator(labels, n_classes=n_classes, score=score, threshold=threshold, ignored=ignored, unknown=unknown, declared_size=declared_size)
    return all_at_once.update(y_true, scores, sample_weight).payload(epoch=epoch)


@dataclass(frozen=True)
class Batch:
    """Labels, predictions or scores, and weights, of one length."""

    truth: np.ndarray[Any, Any]
    predicted: np.ndarray[Any, Any]
    weight: np.ndarray[Any, Any] | None


@dataclass(frozen=True)
class Judged:
    """The cell of each sample of a batch.

    Attributes:
        row, column: int64 [sample]; meaningless where the sample is dropped.
        is_labelled: Whether the label says what is true, or that it is unknown: bool [sample].
        weight: float64 [sample], or None.
        sieve: Which samples are kept, and why the others are not.
    """

    row: np.ndarray[Any, Any]
    column: np.ndarray[Any, Any]
    is_labelled: np.ndarray[Any, Any]
    weight: np.ndarray[Any, Any] | None
    sieve: Sieve


class Accumulator:
    """A confusion matrix that grows by batches and merges with those of other workers.

    `update` and `merge` may come in any order and grouping: counts are the same to the last one, weights up to the
    rounding of their sums. An accumulator may be pickled. Arguments and what they raise: see `from_scores`; without
    `score`, `update` takes predicted classes.
    """

    def __init__(
        self,
        labels: Classes | Iterable[str] | None = None,
        *,
        n_classes: int | None = None,
        score: ScoreType | None = None,
        threshold: float | None = None,
        ignored: int | None = None,
        unknown: int | str | None = None,
        declared_size: int | None = None,
    ) -> None:
        self.classes = _declared(labels, n_classes, ignored)
        if score is not None and score not in get_args(ScoreType):
            raise ValueError(f"score must be one of {', '.join(map(repr, get_args(ScoreType)))}; it is {score!r:.80}")
        if threshold is not None and score is None:
            raise ValueError("a threshold needs scores: use from_scores, or pass score= to the accumulator")
        if threshold is not None and not 0 <= threshold <= 1:
            raise ValueError(f"threshold is the least probability of a prediction, from 0 to 1; it is {threshold!r:.80}")
        if unknown is not None and not isinstance(unknown, str):
            unknown = operator.index(unknown)
        if unknown is not None and unknown == self.classes.ignored:
            raise ValueError(f"a label is either ignored or unknown; {unknown!r:.80} is declared as both")
        if unknown is not None and (shadowed := _class_of(unknown, self.classes)) is not None:
            raise ValueError(f"unknown is a label that is no class; {unknown!r:.80} is class {shadowed}")
        self.score, self.threshold, self.unknown, self.declared_size = score, threshold, unknown, declared_size
        self.dropped: dict[str, int] = {}
        self.is_weighted = False
        self._names_given = labels is not None
        self._weight_squares = np.zeros((2, self.size + 1))
        self._cells = SparseCounts()

    @property
    def size(self) -> int:
        """K, the number of classes."""
        return len(self.classes.labels)

    @property
    def samples(self) -> int:
        """Samples seen so far, dropped ones included."""
        return self._cells.samples + sum(self.dropped.values())

    def update(self, y_true: Any, y_pred_or_scores: Any, sample_weight: Any = None) -> Accumulator:
        """Adds a batch; returns the accumulator itself."""
        for batch in self.pieces(y_true, y_pred_or_scores, sample_weight):
            self.count(self.judged(batch))
        return self

    def pieces(self, y_true: Any, y_pred_or_scores: Any, sample_weight: Any = None) -> list[Batch]:
        """A batch in pieces that are small enough to be copied: all of it is checked before the first comes."""
        truth = self._ids(y_true, "y_true", "Pass y_true.argmax(-1) where it is one-hot")
        if self.score is None:
            predicted = self._ids(y_pred_or_scores, "y_pred", "Pass the scores to from_scores(score=…), or their argmax(-1) here")
        else:
            predicted = score_columns(as_numbers(host_array(y_pred_or_scores, "scores")), self.size)
        weight = weights_of(sample_weight)
        name = "y_pred" if self.score is None else "scores"
        for other, its_name in [(predicted, name), (weight, "sample_weight")]:
            if other is not None and len(other) != len(truth):
                raise ValueError(f"y_true and {its_name} must have one entry for each sample; they have {len(truth)} and {len(other)}")
        step = max(1, _CELLS_AT_ONCE // (predicted.shape[1] if predicted.ndim == 2 else 1))
        # One piece also of no samples: weights that were given make it a weighted evaluation.
        cuts = [slice(start, start + step) for start in range(0, max(1, len(truth)), step)]
        return [Batch(truth[cut], predicted[cut], None if weight is None else weight[cut]) for cut in cuts]

    def judged(self, batch: Batch) -> Judged:
        """The cell of each sample, and which samples are dropped; nothing is counted yet."""
        sieve = Sieve(len(batch.truth))
        row = class_ids(batch.truth, self.classes, sieve, noun="label", unknown=self.unknown)
        is_labelled = sieve.kept.copy()
        if self.score is None:
            column = class_ids(batch.predicted, self.classes, sieve, noun="prediction")
        else:
            positive = classes_.positive_of(self.classes)
            column = decisions(batch.predicted, self.size, sieve, score=self.score, positive=positive or 0, threshold=self.threshold)
        if batch.weight is not None:
            sieve.drop("weight not finite", ~np.isfinite(batch.weight))
            sieve.drop("weight negative", batch.weight < 0)
        return Judged(row, column, is_labelled, batch.weight, sieve)

    def count(self, judged: Judged) -> None:
        """Counts a batch that was judged."""
        kept = judged.sieve.kept
        self.is_weighted |= judged.weight is not None
        weight = np.ones(int(kept.sum())) if judged.weight is None else judged.weight[kept]
        self.count_dropped(judged.sieve.dropped)
        self._weight_squares += [np.bincount(ids[kept], weight**2, minlength=self.size + 1) for ids in (judged.row, judged.column)]
        self._cells.add(judged.row[kept] * (self.size + 1) + judged.column[kept], weight)

    def merge(self, other: Accumulator) -> Accumulator:
        """Adds all that `other` has seen; returns the accumulator itself.

        Raises:
            ValueError: They do not count the same thing.
        """
        self.must_count_the_same_as(other)
        self.is_weighted |= other.is_weighted
        self._weight_squares = self._weight_squares + other._weight_squares
        self.count_dropped(dict(other.dropped))
        self._cells.merge(other._cells)
        return self

    def must_count_the_same_as(self, other: Accumulator) -> None:
        """
        Raises:
            ValueError: They do not count the same thing.
        """
        if self._declaration() != other._declaration():
            raise ValueError("accumulators merge when classes, score, threshold, ignored and unknown labels and declared size are the same; these differ")

    def payload(self, *, epoch: int | None = None) -> ConfusionMatrix:
        """The matrix of all that was seen so far."""
        rows = self.size + 1
        cells = self._cells.total()
        return ConfusionMatrix(
            classes=self.classes,
            epoch=epoch,
            dropped=dict(self.dropped),
            declared_size=self.declared_size,
            score=self.score,
            threshold=self.threshold,
            row_end=np.searchsorted(cells.key, np.arange(1, rows + 1) * rows),
            column=cells.key % rows,
            count=cells.count,
            weight=cells.weight if self.is_weighted else None,
            weight_squares=self._weight_squares[0] if self.is_weighted else None,
            column_weight_squares=self._weight_squares[1] if self.is_weighted else None,
        )

    def _ids(self, given: Any, name: str, hint: str) -> np.ndarray[Any, Any]:
        content = one_column(host_array(given, name), name, self.size, columns_are=hint)
        if not self._names_given and content.dtype.kind in "USO" and any(isinstance(value, str | bytes) for value in content.tolist()):
            raise TypeError(f"{name} holds names; pass labels= so that each is known, or class ids from 0 to {self.size - 1}")
        return content

    def empty(self) -> Accumulator:
        """One that counts the same thing, and has counted nothing."""
        found = copy.copy(self)
        found.dropped, found.is_weighted = {}, False
        found._weight_squares, found._cells = np.zeros((2, self.size + 1)), SparseCounts()
        return found

    def count_dropped(self, dropped: Mapping[str, int]) -> None:
        """Counts samples that are in no cell, by reason."""
        for reason, n in dropped.items():
            self.dropped[reason] = self.dropped.get(reason, 0) + n

    def _declaration(self) -> tuple[object, ...]:
        c = self.classes
        return c.labels, c.parents, c.task, c.positive, c.ignored, self.score, self.threshold, self.unknown, self.declared_size


def _declared(labels: Classes | Iterable[str] | None, n_classes: int | None, ignored: int | None) -> Classes:
    universe = n_classes if labels is None else labels
    if universe is None:
        raise TypeError("labels= or n_classes= must be given: a matrix has a row for each class of the task, also for those that no sample has")
    declared = classes_.of(universe, ignored=ignored)
    if declared.task == "multilabel":
        raise ValueError("these are labels of which a sample has several, and no classes of which it has one; evaluate them with MultilabelEvaluation")
    if n_classes is not None and len(declared.labels) != n_classes:
        raise ValueError(f"there are {len(declared.labels)} labels but n_classes is {n_classes}; give one of them, or make them agree")
    if isinstance(labels, Classes) and ignored is not None and ignored != labels.ignored:
        raise ValueError(f"the classes declare {labels.ignored} as the ignored label, not {ignored}; say it in one place")
    return declared


def _class_of(label: int | str, declared: Classes) -> int | None:
    if isinstance(label, str):
        return declared.labels.index(label) if label in declared.labels else None
    return label if 0 <= label < len(declared.labels) else None


def weights_of(sample_weight: Any) -> np.ndarray[Any, Any] | None:
    """Weights as float64 [sample], where there are any.

    Raises:
        TypeError, ValueError: They are no real numbers, or not one for each sample.
    """
    if sample_weight is None:
        return None
    content = as_numbers(host_array(sample_weight, "sample_weight"))
    if content.dtype.kind not in "biuf":
        raise TypeError(f"sample_weight must be real numbers; it is {content.dtype}")
    if content.ndim == 2 and content.shape[1] == 1:
        content = content[:, 0]
    if content.ndim != 1:
        raise ValueError(f"sample_weight must be one weight for each sample, [sample]; its shape is {list(content.shape)}")
    return content.astype(np.float64)
