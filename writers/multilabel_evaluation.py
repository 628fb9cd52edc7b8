"""Everything that one evaluation of labels gives, of which a sample has any number, batch by batch."""

from __future__ import annotations

import operator
from collections.abc import Iterable
from typing import Any, SupportsIndex

import numpy as np

from tb_plugin.schema.classes import Classes
from tb_plugin.schema.confusion_matrix import ScoreType
from tb_plugin.schema.payload import Payload
from writers import score_curves
from writers.confusion_matrix import Batch
from writers.curve_scores import CurveScores
from writers.evaluation import EXACT_BYTES, TWICE, Writes
from writers.multilabel import Accumulator, Judged
from writers.probabilities import by_itself, probability
from writers.sample_ids import Ids, SampleIds, ids_of
from writers.score_sums import ScoreSums
from writers.sieve import Sieve
from writers.small_batches import SmallBatches, can_wait

Array = np.ndarray[Any, Any]

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
        exact_bytes: int = EXACT_BYTES,
    ) -> None:
        self._table = Accumulator(labels, score=score, threshold=threshold, ignored=ignored, declared_size=declared_size)
        self.classes = self._table.classes
        self._arguments = {"curves": curves, "exact_bytes": exact_bytes}
        self._waiting = SmallBatches()
        self._ids = SampleIds()
        self._kept: list[Array] = []
        """Whether each sample of `_ids` counts."""
        self._begin()

    def _begin(self) -> None:
        self._sums = ScoreSums()
        columns = tuple(range(self._table.size))
        has_curves = self._arguments["curves"] and self._table.score is not None
        self._curves = CurveScores(columns, exact_bytes=self._arguments["exact_bytes"], by_label=True) if has_curves else None

    @property
    def samples(self) -> int:
        """Samples seen so far, dropped ones included."""
        return self._table.samples + self._waiting.samples

    def update(self, y_true: Any, scores: Any, sample_weight: Any = None, *, ids: Any = None) -> MultilabelEvaluation:
        """Adds a batch; returns the evaluation itself.

        Args:
            y_true: 1 where a sample has a label, 0 where not [sample, label].
            scores: [sample, label]. Arrays and tensors of any framework, on any device.
            sample_weight: Weights [sample].
            ids: What each sample is called: texts or whole numbers [sample]; with each batch, or with none. A sample that
                comes again, as padding of distributed samplers does, is dropped.

        Raises:
            TypeError, ValueError: Types, shapes or lengths do not fit.
        """
        batches = self._table.pieces(y_true, scores, sample_weight)
        size = sum(len(batch.truth) for batch in batches)
        names = ids_of(ids, size)
        self._ids.check(names, size)
        if len(batches) == 1 and can_wait(batches[0]):
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
            self._add(batch, None if names is None else names[cut])
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
        self._ids.add(names, other._ids.count)
        self._kept = [*self._kept, *other._kept]
        self._table.merge(other._table)
        self._sums.merge(other._sums)
        if self._curves is not None and other._curves is not None:
            self._curves.merge(other._curves)
        return self

    def payloads(self, *, epoch: int | None = None) -> dict[str, Payload]:
        """All that was seen so far, by kind: `multilabel`, `score_curves`.

        Args:
            epoch: Epoch of the evaluation, from 0.
        """
        self._settle()
        found: dict[str, Payload] = {"multilabel": self._table.payload(epoch=epoch)}
        if self._curves is not None:
            is_weighted = self._table.is_weighted
            drawn = self._curves.drawn(is_weighted=is_weighted)
            ids = score_curves.default_curves(self.classes, 0 if drawn.is_binned else self._curves.scores)
            about: dict[str, Any] = {"score": self._table.score, "epoch": epoch, "dropped": self._table.dropped}
            found["score_curves"] = score_curves.together(self.classes, ids, drawn, self._sums, is_weighted=is_weighted, **about)
        return found

    def write(self, run: Writes, evaluation: str, step: SupportsIndex | None = None, *, epoch: int | None = None) -> None:
        """Writes all payloads, to `<evaluation>/<kind>`.

        Args:
            run: Where to, such as a `RunWriter`.
            evaluation: Its name, such as "validation"; with several outputs "validation/tags".
            step: Training batches finished; what `watch` returned knows it by itself.
            epoch: Epoch of the evaluation, from 0.

        Raises:
            TypeError, ValueError: As `RunWriter.write`.
        """
        at = {} if step is None else {"step": operator.index(step)}
        for kind, payload in self.payloads(epoch=epoch).items():
            run.write(f"{evaluation}/{kind}", payload, **at)

    def _settle(self) -> None:
        """Counts what waits."""
        together = self._waiting.take()
        if together is not None:
            self._add(*together)

    def _add(self, batch: Batch, names: Ids) -> None:
        judged = self._table.judged(batch)
        is_new = self._ids.add(names, len(batch.truth))
        judged.sieve.drop(TWICE, ~is_new)
        self._kept.append(judged.sieve.kept[is_new])
        self._table.count(judged)
        score = self._table.score
        if score is None or self._curves is None:
            return
        kept: Any = slice(None) if judged.sieve.kept.all() else judged.sieve.kept
        code, weight = judged.code[kept], None if judged.weight is None else judged.weight[kept]
        # What is no score was left out; zeros keep the arithmetic free of warnings.
        values = batch.predicted[kept].astype(np.float64)
        values[code < 0] = 0
        p, log_odds = by_itself(values, score)
        self._sums.add(**score_curves.of_decisions(code, log_odds, p, weight))
        self._curves.add(code, log_odds, weight)

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
