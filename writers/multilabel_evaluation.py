"""Everything that one evaluation of labels gives, of which a sample has any number, batch by batch."""

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
from writers.confusion_matrix import Batch
from writers.curve_scores import CurveScores
from writers.disabled import is_media_disabled
from writers.evaluation import EXACT_BYTES, MOST_PREDICTIONS, TWICE
from writers.kept_examples import ExamplesKept, Stored, Writes, checked_count, write_all
from writers.label_decisions import is_true, is_wrong
from writers.label_predictions import LabelsKept, losses
from writers.media import rows_of
from writers.multilabel import Accumulator, Judged
from writers.probabilities import by_itself, probability
from writers.sample_ids import Ids, SampleIds, ids_of
from writers.score_sums import ScoreSums
from writers.sieve import Sieve
from writers.small_batches import SmallBatches, can_wait

Array = np.ndarray[Any, Any]

MOST_ENTRIES = 2_000_000
"""Labels that are true or told of all samples, of which each one is told unasked."""

_RECOUNTED_AT_ONCE = 2**20


class MultilabelEvaluation:
    """One evaluation of a model that gives each sample any number of labels, batch by batch; parts of it merge.

    ```python
    evaluation = MultilabelEvaluation(names, score="logit")
    for x, y in batches:
        evaluation.update(y, model(x))
    evaluation.write(run, "validation", step)
    ```

    `update` and `merge` may come in any grouping: what is counted is the same to the last one, sums of real numbers up to
    their rounding. An evaluation may be pickled, as from worker to worker. Wrong types, ranks, lengths and names raise at
    once, and then nothing was counted; wrong values leave one label of one sample out, or drop the sample, counted by reason.

    Args:
        labels: Name of each label in the order of the columns, or how many there are.
        score: What scores are: "prob", "logit" (before a sigmoid) or "logprob"; declared, never guessed from their values.
            None: `update` takes labels that were told, as 0 and 1, and there are no curves.
        threshold: Probability above which a label is told, of all labels or one for each; 0.5 by default.
        ignored: The truth of labels of which nobody knows, such as -1: each is left out of its own label alone.
        declared_size: Size of the data set, when some samples may be lost or doubled on the way.
        curves: Whether there are score curves, one a label against its absence.
        predictions: Whether it is told what became of the labels of each sample; None: of up to 200,000 samples, and two million
            labels that are true or told.
        examples: How many inputs are kept to look at, at most 2,000 and 8 MB of one run and evaluation; True: 200. Samples with
            a wrong label, by loss and by lot, and some that are right. None unless asked for: people's images and texts go
            where the logs go.
        feature_names: Names of the features, where inputs are rows of numbers.
        pixel_range: The values of black and white in pictures, as of `Evaluation`.
        exact_bytes: Curves are exact while their log-odds, 8 bytes each, take no more memory than this, and come in 500,000
            numbers; else they are drawn from 2,048 bins of log-odds.

    Attributes:
        classes: The labels.

    Raises:
        TypeError, ValueError: An argument is not what it should be.
    """

    def __init__(
        self,
        labels: Classes | Iterable[str] | int,
        *,
        score: ScoreType | None,
        threshold: Any = None,
        ignored: int | None = None,
        declared_size: int | None = None,
        curves: bool = True,
        predictions: bool | None = None,
        examples: int | bool = False,
        feature_names: Sequence[str] = (),
        pixel_range: tuple[float, float] | None = None,
        exact_bytes: int = EXACT_BYTES,
    ) -> None:
        self._table = Accumulator(labels, score=score, threshold=threshold, ignored=ignored, declared_size=declared_size)
        self.classes = self._table.classes
        count = checked_count(examples)
        self._arguments = {"curves": curves, "predictions": predictions, "examples": count, "exact_bytes": exact_bytes}
        self._waiting = SmallBatches()
        self._ids = SampleIds()
        self._exact_bytes = exact_bytes
        self._kept: list[Array] = []
        """Whether each sample of `_ids` counts."""
        self._told = LabelsKept(has_scores=score is not None) if predictions is not False else None
        self._examples = ExamplesKept(count, pixel_range=pixel_range) if count and not is_media_disabled() else None
        self._feature_names = tuple(feature_names)
        self._begin()

    def _begin(self) -> None:
        self._sums = ScoreSums()
        columns = tuple(range(self._table.size))
        has_curves = self._arguments["curves"] and self._table.score is not None
        self._curves = CurveScores(columns, exact_bytes=self._exact_bytes, by_label=True) if has_curves else None

    @property
    def samples(self) -> int:
        """Samples seen so far, dropped ones included."""
        return self._table.samples + self._waiting.samples

    def update(self, y_true: Any, scores: Any, sample_weight: Any = None, *, ids: Any = None, inputs: Any = None) -> MultilabelEvaluation:
        """Adds a batch; returns the evaluation itself.

        Args:
            y_true: 1 where a sample has a label, 0 where not [sample, label].
            scores: [sample, label]. Arrays and tensors of any framework, on any device.
            sample_weight: Weights [sample].
            ids: What each sample is called: texts or whole numbers [sample]; with each batch, or with none. A sample that
                comes again, as padding of distributed samplers does, is dropped.
            inputs: What the model was given [sample], for examples: texts, rows of features, or pictures. Only what is
                kept is looked at, and what is no such thing is left out with a warning.

        Raises:
            TypeError, ValueError: Types, shapes or lengths do not fit.
        """
        batches = self._table.pieces(y_true, scores, sample_weight)
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

    def drop(self, reason: str, count: int) -> MultilabelEvaluation:
        """Counts samples that were left out before, such as padding; returns the evaluation itself.

        Raises:
            ValueError: `count` is negative.
        """
        if operator.index(count) < 0:
            raise ValueError(f"samples that were left out are counted from 0; {reason!r:.80} was given {count}")
        if count:
            self._table.count_dropped({reason: operator.index(count)})
        return self

    def merge(self, other: MultilabelEvaluation) -> MultilabelEvaluation:
        """Adds all that `other` has seen, its samples behind those here; returns the evaluation itself.

        Raises:
            ValueError: They do not evaluate the same thing; or samples of `other` are here already and cannot be taken out.
        """
        self._settle()
        other._settle()
        self._table.must_count_the_same_as(other._table)
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
        if self._told is not None and other._told is not None:
            self._told.merge(other._told)
            self._let_go_of_predictions()
        else:
            self._told = None
        self._kept = [*self._kept, *other._kept]
        self._table.merge(other._table)
        self._sums.merge(other._sums)
        if self._curves is not None and other._curves is not None:
            self._curves.merge(other._curves)
        return self

    def payloads(self, *, epoch: int | None = None) -> dict[str, Payload]:
        """All that was seen so far, by kind: `multilabel`, `score_curves`, `label_predictions`, `examples`.

        Args:
            epoch: Epoch of the evaluation, from 0.
        """
        return self._payloads(epoch, Stored())

    def _payloads(self, epoch: int | None, stored: Stored) -> dict[str, Payload]:
        self._settle()
        found: dict[str, Payload] = {"multilabel": self._table.payload(epoch=epoch)}
        is_weighted = self._table.is_weighted
        about: dict[str, Any] = {"score": self._table.score, "epoch": epoch, "dropped": self._table.dropped}
        if self._curves is not None:
            drawn = self._curves.drawn(is_weighted=is_weighted)
            ids = score_curves.default_curves(self.classes, 0 if drawn.is_binned else self._curves.scores)
            found["score_curves"] = score_curves.together(self.classes, ids, drawn, self._sums, is_weighted=is_weighted, **about)
        if self._told is not None:
            samples = self._told.samples(self._ids.all(), is_weighted=is_weighted)
            found["label_predictions"] = self._told.payload(samples, self.classes, **about)
        if self._examples is not None:
            shown = self._examples.payload(self._feature_names, stored=stored)
            if shown.media:
                found["examples"] = shown
        return found

    def write(self, run: Writes, evaluation: str, step: SupportsIndex | None = None, *, epoch: int | None = None) -> None:
        """Writes all payloads, to `<evaluation>/<kind>`; of the examples those that this run does not have yet.

        Args:
            run: Where to, such as a `RunWriter`.
            evaluation: Its name, such as "validation"; with several outputs "validation/tags".
            step: Training batches finished; what `watch` returned knows it by itself.
            epoch: Epoch of the evaluation, from 0.

        Raises:
            TypeError, ValueError: As `RunWriter.write`.
        """
        write_all(run, evaluation, partial(self._payloads, epoch), step)

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
        judged, first = self._table.judged(batch), self._ids.count
        is_new = self._ids.add(names, len(batch.truth))
        judged.sieve.drop(TWICE, ~is_new)
        self._kept.append(judged.sieve.kept[is_new])
        self._table.count(judged)
        kept: Any = slice(None) if judged.sieve.kept.all() else judged.sieve.kept
        code, score, log_odds = judged.code[kept], self._table.score, None
        if score is not None and (self._curves is not None or self._told is not None or inputs is not None):
            # What is no score was left out; zeros keep the arithmetic free of warnings.
            values = batch.predicted[kept].astype(np.float64)
            values[code < 0] = 0
            p, log_odds = by_itself(values, score)
            if self._curves is not None:
                weight = None if judged.weight is None else judged.weight[kept]
                self._sums.add(**score_curves.of_decisions(code, log_odds, p, weight))
                self._curves.add(code, log_odds, weight)
        if self._told is not None:
            self._told.add(judged.sieve.kept[is_new], code, log_odds, None if judged.weight is None else judged.weight[is_new])
            self._let_go_of_predictions()
        if self._examples is not None and inputs is not None:
            rows = np.flatnonzero(judged.sieve.kept)
            self._show(rows, first + np.cumsum(is_new) - 1, names, code, log_odds, inputs)

    def _show(self, rows: Array, places: Array, names: Ids, code: Array, log_odds: Array | None, inputs: Callable[[int], Any]) -> None:
        """Looks at samples, of those of which a label counts: their rows in the batch, codes and log-odds; places and names of the whole batch."""
        assert self._examples is not None
        loss = losses(code, log_odds)
        counts = np.isfinite(loss)
        rows, code, loss = rows[counts], code[counts], loss[counts]
        its_names = None if names is None else tuple(names[i] for i in rows) if isinstance(names, tuple) else names[rows]
        # Of what is right one is shown for each label, as the first that is true of it; and one that has none.
        truth = np.where(is_true(code).any(axis=1), is_true(code).argmax(axis=1), self._table.size)
        self._examples.add(places[rows], its_names, lambda row: inputs(int(rows[row])), truth, np.asarray(~is_wrong(code).any(axis=1)), loss)

    def _let_go_of_predictions(self) -> None:
        """Where there are too many."""
        told = self._told
        if self._arguments["predictions"] is None and told is not None and (told.count > MOST_PREDICTIONS or told.entries > MOST_ENTRIES):
            self._told = None

    def _without(self, came_before: Array) -> MultilabelEvaluation:
        """A copy that lacks some samples, bool [sample]; those of them that counted are dropped.

        Raises:
            ValueError: What was counted cannot be taken out again.
        """
        if self._curves is None or not self._curves.is_exact:
            raise ValueError(
                f"{np.count_nonzero(came_before)} samples of an evaluation are in the one that it is merged with, and cannot be taken out of it: that needs "
                "exact curves. Give each sample to one worker, or pass curves=True and larger exact_bytes"
            )
        left = MultilabelEvaluation.__new__(MultilabelEvaluation)
        left.__dict__.update(self.__dict__)
        names, rest, kept = self._ids.all(), np.flatnonzero(~came_before), np.concatenate(self._kept)
        left._ids = SampleIds()
        left._ids.add(tuple(names[i] for i in rest) if isinstance(names, tuple) else None if names is None else names[rest], len(rest))
        left._kept = [kept[rest]]
        left._told = None if self._told is None else self._told.without(came_before)
        left._examples = None if self._examples is None else self._examples.without(came_before)
        left._begin()
        left._table = self._table.empty()
        left._table.count_dropped(self._table.dropped)
        left._table.count_dropped({TWICE: twice} if (twice := int(np.count_nonzero(kept & came_before))) else {})
        left._curves = self._curves.among(~came_before[kept])
        code, log_odds, weight = left._curves.all(is_weighted=self._table.is_weighted)
        rows = max(1, _RECOUNTED_AT_ONCE // self._table.size)
        for start in range(0, max(1, len(code)), rows):
            cut = slice(start, start + rows)
            its = None if weight is None else weight[cut]
            left._table.count(Judged(code[cut], its, Sieve(len(code[cut]))))
            left._sums.add(**score_curves.of_decisions(code[cut], log_odds[cut], probability(log_odds[cut]), its))
        return left


def _at(inputs: Any, start: int, row: int) -> Any:
    return inputs[start + row]
