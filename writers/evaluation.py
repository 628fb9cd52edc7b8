"""Everything that one evaluation gives, batch by batch: matrix, curves, predictions, examples."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any, SupportsIndex

import numpy as np

from tb_plugin.schema.classes import Classes
from tb_plugin.schema.confusion_matrix import ScoreType
from tb_plugin.schema.payload import Payload
from writers import score_curves
from writers.classes import positive_of
from writers.confusion_matrix import Accumulator, Batch, Judged
from writers.curve_scores import CurveScores
from writers.disabled import is_media_disabled
from writers.kept_examples import ExamplesKept, Stored, Writes, checked_count, write_all
from writers.media import rows_of
from writers.predictions import PredictionsKept
from writers.probabilities import probabilities, probability
from writers.sample_ids import Ids, SampleIds, ids_of
from writers.score_sums import ScoreSums
from writers.sieve import Sieve
from writers.small_batches import SmallBatches, can_wait

Array = np.ndarray[Any, Any]

MOST_PREDICTIONS = 200_000
"""Samples of which each one's prediction is told unasked."""

EXACT_BYTES = 80_000_000
"""Log-odds that are kept, 8 bytes each, before they are counted in bins."""

TWICE = "sample came twice"
"""Reason for dropping a sample: another one with its id came before."""

UNKNOWN = "truth unknown"
"""Reason for leaving a sample out of curves."""


class Evaluation:
    """One evaluation, batch by batch; parts of it merge.

    ```python
    evaluation = Evaluation(names, score="logit")
    for x, y in batches:
        evaluation.update(y, model(x))
    evaluation.write(run, "validation", step)
    ```

    `update` and `merge` may come in any grouping: what is counted is the same to the last one, sums of real numbers up to
    their rounding. An evaluation may be pickled, as from worker to worker. Wrong types, ranks, lengths and names raise at
    once, and then nothing was counted; wrong values are dropped and counted by reason.

    Args:
        labels: Name of each class in the order of the class ids, or how many there are.
        score: What scores are: "prob", "logit" or "logprob"; declared, never guessed from their values. None: `update` takes
            predicted classes, and there is a confusion matrix alone.
        threshold: Least probability of a prediction; below it the model abstains.
        ignored: The label of samples to leave out, such as -1 or 255.
        unknown: The label of samples whose truth nobody knows.
        declared_size: Size of the data set, when some samples may be lost or doubled on the way.
        curves: Whether there are score curves.
        predictions: Whether each sample's prediction is told; None: of up to 200,000 samples.
        examples: How many inputs are kept to look at, at most 2,000 and 8 MB of one run and evaluation; True: 200. Mistakes,
            and some that were right. None unless asked for: people's images and texts go where the logs go.
        feature_names: Names of the features, where inputs are rows of numbers.
        pixel_range: The values of black and white in pictures. Without it bytes are taken as they are, numbers from 0 to 1
            from black to white, and others from the least in the picture to the largest.
        exact_bytes: Curves are exact while their log-odds, 8 bytes each, take no more memory than this, and come in 500,000
            numbers; else they are drawn from 2,048 bins of log-odds.

    Attributes:
        classes: The classes.

    Raises:
        TypeError, ValueError: An argument is not what it should be.
    """

    def __init__(
        self,
        labels: Classes | Iterable[str] | int,
        *,
        score: ScoreType | None,
        threshold: float | None = None,
        ignored: int | None = None,
        unknown: int | str | None = None,
        declared_size: int | None = None,
        curves: bool = True,
        predictions: bool | None = None,
        examples: int | bool = False,
        feature_names: Sequence[str] = (),
        pixel_range: tuple[float, float] | None = None,
        exact_bytes: int = EXACT_BYTES,
    ) -> None:
        names, size = (None, int(labels)) if isinstance(labels, SupportsIndex) else (labels, None)
        self._matrix = Accumulator(names, n_classes=size, score=score, threshold=threshold, ignored=ignored, unknown=unknown, declared_size=declared_size)
        self.classes = self._matrix.classes
        size = self._matrix.size
        self._positive = positive_of(self.classes)
        count = checked_count(examples)
        self._arguments = {"curves": curves, "predictions": predictions, "examples": count, "exact_bytes": exact_bytes}
        self._waiting = SmallBatches()
        self._ids = SampleIds()
        self._is_weighted = False
        self._unknown = 0
        self._sums = ScoreSums()
        columns = tuple(range(size)) if self._positive is None else (self._positive,)
        self._curves = CurveScores(columns, exact_bytes=exact_bytes, positive=self._positive) if curves and score is not None else None
        told = score is not None and predictions is not False
        self._predictions = PredictionsKept(size, positive=self._positive) if told else None
        is_shown = bool(count) and score is not None and not is_media_disabled()
        self._examples = ExamplesKept(count, pixel_range=pixel_range) if is_shown else None
        self._feature_names = tuple(feature_names)

    @property
    def samples(self) -> int:
        """Samples seen so far, dropped ones included."""
        return self._matrix.samples + self._waiting.samples

    def update(self, y_true: Any, scores: Any, sample_weight: Any = None, *, ids: Any = None, inputs: Any = None) -> Evaluation:
        """Adds a batch; returns the evaluation itself.

        Args:
            y_true: Class ids [sample] or [sample, 1]; with names given as labels also names.
            scores: [sample, class]; of two classes also [sample] or [sample, 1], the positive one's. Arrays and tensors
                of any framework, on any device.
            sample_weight: Weights [sample].
            ids: What each sample is called: texts or whole numbers [sample]; with each batch, or with none. A
                sample that comes again, as padding of distributed samplers does, is dropped. Without ids a sample is known by
                its place.
            inputs: What the model was given [sample], for examples: texts, rows of features, or pictures. Only what is
                kept is looked at, and what is no such thing is left out with a warning.

        Raises:
            TypeError, ValueError: Types, shapes or lengths do not fit.
        """
        batches = self._matrix.pieces(y_true, scores, sample_weight)
        size = sum(len(batch.truth) for batch in batches)
        names, shown = ids_of(ids, size), self._inputs(inputs, size)
        self._ids.check(names, size)
        if shown is None and len(batches) == 1 and can_wait(batches[0]):
            if not self._waiting.fits(batches[0], names):
                self._settle()
            self._waiting.add(batches[0], names)
            if self._waiting.are_many:
                self._settle()
            return self
        self._settle()
        start = 0
        for batch in batches:
            cut = slice(start, start + len(batch.truth))
            self._add(batch, None if names is None else names[cut], None if shown is None else partial(_at, shown, start))
            start = cut.stop
        return self

    def drop(self, reason: str, count: int) -> Evaluation:
        """Counts samples that were left out before, such as padding; returns the evaluation itself.

        Raises:
            ValueError: `count` is negative.
        """
        if operator.index(count) < 0:
            raise ValueError(f"samples that were left out are counted from 0; {reason!r:.80} was given {count}")
        if count:
            self._matrix.count_dropped({reason: operator.index(count)})
        return self

    def merge(self, other: Evaluation) -> Evaluation:
        """Adds all that `other` has seen, its samples behind those here; returns the evaluation itself.

        Raises:
            ValueError: They do not evaluate the same thing; or samples of `other` are here already and cannot be taken out.
        """
        self._settle()
        other._settle()
        self._matrix.must_count_the_same_as(other._matrix)
        if self._arguments != other._arguments:
            raise ValueError(f"evaluations merge when their arguments are the same; these have {self._arguments} and {other._arguments}")
        names = other._ids.all()
        self._ids.check(names, other._ids.count)
        came_before = self._ids.seen(names) if names is not None else None
        if came_before is not None and came_before.any():
            other = other._without(came_before)
            names = other._ids.all()
        if self._examples is not None and other._examples is not None:
            self._examples.merge(other._examples, self._ids.count)
        self._ids.add(names, other._ids.count)
        self._matrix.merge(other._matrix)
        self._sums.merge(other._sums)
        self._is_weighted |= other._is_weighted
        self._unknown += other._unknown
        if self._curves is not None and other._curves is not None:
            self._curves.merge(other._curves)
        if self._predictions is not None and other._predictions is not None:
            self._predictions.merge(other._predictions)
            self._let_go_of_predictions()
        else:
            self._predictions = None
        return self

    def payloads(self, *, epoch: int | None = None) -> dict[str, Payload]:
        """All that was seen so far, by kind: `confusion_matrix`, `score_curves`, `predictions`, `examples`.

        Args:
            epoch: Epoch of the evaluation, from 0.
        """
        return self._payloads(epoch, Stored())

    def _payloads(self, epoch: int | None, stored: Stored) -> dict[str, Payload]:
        self._settle()
        found: dict[str, Payload] = {"confusion_matrix": self._matrix.payload(epoch=epoch)}
        about: dict[str, Any] = {"score": self._matrix.score, "epoch": epoch}
        dropped = self._matrix.dropped
        if self._curves is not None:
            left_out = {**dropped, UNKNOWN: self._unknown} if self._unknown else dropped
            drawn = self._curves.drawn(is_weighted=self._is_weighted)
            ids = score_curves.default_curves(self.classes, 0 if drawn.is_binned else self._curves.scores)
            found["score_curves"] = score_curves.together(self.classes, ids, drawn, self._sums, is_weighted=self._is_weighted, dropped=left_out, **about)
        if self._predictions is not None:
            samples = self._predictions.samples(self._ids.all(), is_weighted=self._is_weighted)
            found["predictions"] = self._predictions.payload(samples, self.classes, threshold=self._matrix.threshold, dropped=dropped, **about)
        if self._examples is not None:
            shown = self._examples.payload(self._feature_names, stored=stored)
            if shown.media:
                found["examples"] = shown
        return found

    def write(self, run: Writes, evaluation: str, step: SupportsIndex | None = None, *, epoch: int | None = None) -> None:
        """Writes all payloads, to `<evaluation>/<kind>`; of the examples those that this run does not have yet.

        Args:
            run: Where to, such as a `RunWriter`.
            evaluation: Its name, such as "validation"; with several outputs "validation/age".
            step: Training batches finished; what `watch` returned knows it by itself.
            epoch: Epoch of the evaluation, from 0.

        Raises:
            TypeError, ValueError: As `RunWriter.write`.
        """
        write_all(run, evaluation, lambda stored: self._payloads(epoch, stored), step)

    def _inputs(self, inputs: Any, size: int) -> Any:
        """The inputs by place, or None."""
        if inputs is None or self._examples is None:
            return None
        if len(inputs) != size:
            raise ValueError(f"inputs must be one for each of the {size} samples; there are {len(inputs)}")
        rows, feature_names = rows_of(inputs)
        self._feature_names = self._feature_names or feature_names
        return rows

    def _settle(self) -> None:
        """Counts what waits."""
        together = self._waiting.take()
        if together is not None:
            self._add(*together, None)

    def _add(self, batch: Batch, names: Ids, inputs: Callable[[int], Any] | None) -> None:
        judged, first = self._matrix.judged(batch), self._ids.count
        is_new = self._ids.add(names, len(batch.truth))
        judged.sieve.drop(TWICE, ~is_new)
        self._matrix.count(judged)
        self._is_weighted |= judged.weight is not None
        score = self._matrix.score
        if score is None:
            return
        kept = judged.sieve.kept
        scores = batch.predicted if kept.all() else batch.predicted[kept]
        p, log_odds = probabilities(scores, self._matrix.size, score=score, positive=self._positive or 0)
        truth, weight = judged.row[kept], None if judged.weight is None else judged.weight[kept]
        is_known = truth < self._matrix.size
        known: Any = slice(None) if is_known.all() else is_known
        self._unknown += int(np.count_nonzero(~is_known))
        own, own_odds, own_weight = truth[known], log_odds[known], None if weight is None else weight[known]
        said = score_curves.of_samples(own, own_odds, p[known], self._positive)
        self._sums.add(**said, weight=own_weight)
        if self._curves is not None:
            self._curves.add(own, own_odds, own_weight)
        if self._examples is not None and inputs is not None:
            decision = judged.column[kept][known]
            rows = np.flatnonzero(kept)[known]
            shown = np.flatnonzero(decision < self._matrix.size)  # who abstains is neither right nor wrong
            rows, places = rows[shown], first + np.cumsum(is_new) - 1
            its_names = None if names is None else tuple(names[i] for i in rows) if isinstance(names, tuple) else names[rows]
            self._examples.add(places[rows], its_names, lambda row: inputs(int(rows[row])), own[shown], (decision == own)[shown], said["nll"][shown])
        self._let_go_of_predictions(int(np.count_nonzero(is_new)))
        if self._predictions is not None:
            self._predictions.add(
                np.where(judged.is_labelled, judged.row, -1)[is_new],
                kept[is_new],
                decision=judged.column[kept],
                scores=scores if scores.shape[1] == self._matrix.size else log_odds,
                log_odds=log_odds,
                p=p,
                weight=None if judged.weight is None else np.where(np.isfinite(judged.weight) & (judged.weight >= 0), judged.weight, 0)[is_new],
            )

    def _without(self, came_before: Array) -> Evaluation:
        """A copy that lacks some samples, bool [sample]; those of them that counted are dropped.

        Raises:
            ValueError: What was counted cannot be taken out again.
        """
        if self._predictions is None or (self._curves is not None and not self._curves.is_exact):
            raise ValueError(
                f"{np.count_nonzero(came_before)} samples of an evaluation are in the one that it is merged with, and cannot be taken out of it: that needs "
                "the predictions of its samples and exact curves. Give each sample to one worker, or pass predictions=True and larger exact_bytes"
            )
        matrix, all_ = self._matrix, self._predictions.all()
        left = Evaluation.__new__(Evaluation)
        left.__dict__.update(self.__dict__)
        left._ids = SampleIds()
        names = self._ids.all()
        rest = np.flatnonzero(~came_before)
        left._ids.add(tuple(names[i] for i in rest) if isinstance(names, tuple) else None if names is None else names[rest], len(rest))
        left._predictions = self._predictions.without(came_before)
        left._examples = None if self._examples is None else self._examples.without(came_before)

        kept = all_.kept & ~came_before
        decision = np.where(all_.predicted == 0, all_.truth, all_.predicted - 1).astype(np.int64)
        truth, weight = all_.truth[kept].astype(np.int64), None if all_.weight is None else all_.weight[kept]
        sieve = Sieve(len(truth))
        left._matrix = matrix.empty()
        left._matrix.count(Judged(truth, decision[kept], sieve.kept, weight, sieve))
        left._matrix.count_dropped(matrix.dropped)
        if twice := int(np.count_nonzero(all_.kept & came_before)):
            left._matrix.count_dropped({TWICE: twice})
        left._unknown = int(np.count_nonzero(truth == matrix.size))
        if self._curves is not None:
            is_known = all_.truth[all_.kept] < matrix.size
            left._curves = self._curves.among(~came_before[all_.kept][is_known])
            own, log_odds, weight = left._curves.all(is_weighted=self._is_weighted)
            left._sums = ScoreSums()
            left._sums.add(**score_curves.of_samples(own, log_odds, probability(log_odds), self._positive), weight=weight)
        return left

    def _let_go_of_predictions(self, more: int = 0) -> None:
        """Where there are too many, with so many more."""
        if self._arguments["predictions"] is None and self._predictions is not None and self._predictions.count + more > MOST_PREDICTIONS:
            self._predictions = None


def _at(inputs: Any, start: int, row: int) -> Any:
    return inputs[start + row]
