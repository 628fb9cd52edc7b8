"""Regressions: predicted numbers against true ones, at once or batch by batch.

Wrong types, ranks and lengths raise at once. Wrong values are dropped and counted by reason: every value of every target
counts once, or is in `dropped`.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any, SupportsIndex
from weakref import WeakKeyDictionary

import numpy as np

from tb_plugin.schema.payload import Payload
from tb_plugin.schema.regression import Regression
from writers.disabled import is_media_disabled
from writers.host_arrays import as_numbers, host_array
from writers.kept_examples import ExamplesKept, Stored, Writes, checked_count, write_all
from writers.media import rows_of
from writers.number_predictions import NumbersKept
from writers.regression_edges import checked, edges_of
from writers.regression_sums import RegressionSums, counting
from writers.sample_ids import Ids, SampleIds, ids_of

Array = np.ndarray[Any, Any]

MOST_TARGETS = 64
"""Numbers that are predicted of one sample, at most: each has a picture of its own."""

EXACT_BYTES = 80_000_000
"""Values that are kept, 16 bytes a sample and target, before they are counted in bins for good."""

MOST_PREDICTIONS = 200_000
"""Values of which each one's prediction is told unasked."""

TWICE = "sample came twice"
"""Reason for dropping a sample: another one with its id came before."""

_AT_ONCE = 2**17
"""Values that are summed in one piece, so that what is computed of a large evaluation stays small."""


def from_predictions(
    y_true: Any,
    y_pred: Any,
    *,
    targets: Iterable[str] | int | None = None,
    sample_weight: Any = None,
    ids: Any = None,
    edges: Any = None,
    epoch: int | None = None,
) -> Regression:
    """The regression of one evaluation.

    Args:
        y_true, y_pred: Numbers [sample], or of several targets [sample, target].
        targets: Names of the targets, or how many there are; by default as many as `y_true` has columns.
        sample_weight: Weights [sample]; zero counts as a sample of no weight, negative ones are dropped.
        ids: What each sample is called: texts or whole numbers [sample].
        edges: Edges of the bins, as those of an earlier evaluation: 65 rising numbers for each target.
        epoch: Epoch of the evaluation, from 0.

    Raises:
        TypeError, ValueError: Types, shapes or lengths do not fit.
    """
    truth = _columns(y_true, "y_true")
    all_at_once = RegressionEvaluation(truth.shape[1] if targets is None else targets, edges=edges)
    return all_at_once.update(truth, y_pred, sample_weight, ids=ids).payload(epoch=epoch)


class RegressionEvaluation:
    """The evaluation of predicted numbers, batch by batch; parts of it merge.

    ```python
    evaluation = RegressionEvaluation(["length", "width"])
    for x, y in batches:
        evaluation.update(y, model(x))
    evaluation.write(run, "validation", step)
    ```

    `update` and `merge` may come in any grouping: what is counted is the same to the last one, sums of real numbers up to
    their rounding. An evaluation may be pickled, as from worker to worker. Wrong types, ranks and lengths raise at once, and
    then nothing was counted; wrong values are dropped and counted by reason.

    The bins of the picture of predictions against truths are chosen from the truths, once all of them are there; `write`
    keeps those that it first wrote of an evaluation to a run, so that steps compare.

    Args:
        targets: Name of each number that is predicted of a sample, or how many there are, at most 64.
        edges: Edges of the bins: 65 rising numbers for each target, such as `edges` of another evaluation.
        exact_bytes: Values wait in memory, 16 bytes a sample and target, until they are this many bytes. From then on they
            are summed, in bins chosen from those that waited.
        predictions: Whether each sample's prediction is told; None: of up to 200,000 values.
        examples: How many inputs are kept to look at, at most 2,000 and 8 MB of one run and evaluation; True: 200. Half have
            the largest errors, the others are drawn by lot. None unless asked for: people's images and texts go where the
            logs go.
        feature_names: Names of the features, where inputs are rows of numbers.
        pixel_range: The values of black and white in pictures, as of `Evaluation`.

    Raises:
        TypeError, ValueError: An argument is not what it should be.
    """

    def __init__(
        self,
        targets: Iterable[str] | int = 1,
        *,
        edges: Any = None,
        exact_bytes: int = EXACT_BYTES,
        predictions: bool | None = None,
        examples: int | bool = False,
        feature_names: Sequence[str] = (),
        pixel_range: tuple[float, float] | None = None,
    ) -> None:
        if isinstance(targets, str):
            raise TypeError(f"targets must be names or how many there are; pass [{targets!r:.80}] for one")
        self.targets: tuple[str, ...] = ("",) * operator.index(targets) if isinstance(targets, SupportsIndex) else tuple(targets)
        if not all(isinstance(name, str) for name in self.targets):
            raise TypeError("targets must be texts, or how many there are")
        if not 1 <= len(self.targets) <= MOST_TARGETS:
            raise ValueError(f"an evaluation has from 1 to {MOST_TARGETS} targets; there are {len(self.targets)}. Evaluate those that matter")
        self._edges = None if edges is None else checked(edges, len(self.targets))
        self._exact_bytes = exact_bytes
        self._ids = SampleIds()
        self._samples = 0
        self._dropped: dict[str, int] = {}
        self._is_weighted = False
        self._rows: list[tuple[Array, Array, Array | None]] = []
        """Truths and predictions [target, sample], and weights, of samples behind those that are summed."""
        self._waiting = 0
        """How many these are."""
        self._sums: RegressionSums | None = None
        self._summed = 0
        count = checked_count(examples)
        self._arguments = {"predictions": predictions, "examples": count}
        self._told = NumbersKept(len(self.targets)) if predictions is not False else None
        is_shown = bool(count) and not is_media_disabled()
        self._examples = ExamplesKept(count, pixel_range=pixel_range, losses=len(self.targets), has_right=False) if is_shown else None
        self._feature_names = tuple(feature_names)

    @property
    def samples(self) -> int:
        """Samples seen so far, dropped ones included."""
        return self._samples

    @property
    def edges(self) -> Array:
        """Edges of the bins, float64 [target, 65]: as given, or as the truths seen so far choose them."""
        if self._sums is not None:
            return self._sums.edges
        if self._edges is not None:
            return self._edges
        (truth, predicted, _), found = self._joined(), []
        for target in range(len(self.targets)):
            usable = np.isfinite(truth[target]) & np.isfinite(predicted[target])
            found.append(edges_of(truth[target, usable], predicted[target, usable]))
        return np.array(found)

    def update(self, y_true: Any, y_pred: Any, sample_weight: Any = None, *, ids: Any = None, inputs: Any = None) -> RegressionEvaluation:
        """Adds a batch; returns the evaluation itself.

        Args:
            y_true, y_pred: Numbers [sample], or [sample, target]. Arrays and tensors of any framework, on any device. A truth
                that is NaN says that nobody knows it: this target of the sample does not count, the others do.
            sample_weight: Weights [sample].
            ids: What each sample is called: texts or whole numbers [sample]; with each batch, or with none. A
                sample that comes again, as padding of distributed samplers does, is dropped. Without ids a sample is known by
                its place.
            inputs: What the model was given [sample], for examples: texts, rows of features, or pictures. Only what is
                kept is looked at, and what is no such thing is left out with a warning.

        Raises:
            TypeError, ValueError: Types, shapes or lengths do not fit.
        """
        truth, predicted = _columns(y_true, "y_true"), _columns(y_pred, "y_pred")
        for name, columns in [("y_true", truth), ("y_pred", predicted)]:
            if columns.shape[1] != len(self.targets):
                raise ValueError(
                    f"{name} must have one number for each of the {len(self.targets)} targets, [sample, target]; its shape is {list(columns.shape)}. "
                    "Say what is predicted with targets="
                )
        weight = None if sample_weight is None else _columns(sample_weight, "sample_weight")
        if weight is not None and weight.shape[1] != 1:
            raise ValueError(f"sample_weight must be one weight for each sample, [sample]; its shape is {list(weight.shape)}")
        for name, other in [("y_pred", predicted), ("sample_weight", weight)]:
            if other is not None and len(other) != len(truth):
                raise ValueError(f"y_true and {name} must have one entry for each sample; they have {len(truth)} and {len(other)}")
        names, shown, first = ids_of(ids, len(truth)), self._inputs(inputs, len(truth)), self._ids.count
        is_new = self._ids.add(names, len(truth))
        self._samples += len(truth)
        self._is_weighted |= weight is not None
        self._count_dropped(TWICE, int(np.count_nonzero(~is_new)))
        new = (truth[is_new].T, predicted[is_new].T, None if weight is None else weight[is_new, 0])
        self._rows.append(new)
        if self._told is not None:
            self._told.add(*new)
            self._let_go_of_predictions()
        if shown is not None:
            rows = np.flatnonzero(is_new)
            self._show(*new, first, _among(names, rows), partial(_at, shown, rows))
        self._waiting += int(np.count_nonzero(is_new))
        self._settle()
        return self

    def drop(self, reason: str, count: int) -> RegressionEvaluation:
        """Counts samples that were left out before, such as padding; returns the evaluation itself.

        Raises:
            ValueError: `count` is negative.
        """
        if operator.index(count) < 0:
            raise ValueError(f"samples that were left out are counted from 0; {reason!r:.80} was given {count}")
        self._samples += operator.index(count)
        self._count_dropped(reason, operator.index(count))
        return self

    def merge(self, other: RegressionEvaluation) -> RegressionEvaluation:
        """Adds all that `other` has seen, its samples behind those here; returns the evaluation itself.

        What waits in memory merges as it is. What is summed already has its bins: parts of an evaluation that is larger than
        `exact_bytes` need the same `edges`.

        Raises:
            ValueError: They do not evaluate the same thing, or in other bins; or samples of `other` are here already and cannot
                be taken out.
        """
        if self.targets != other.targets or self._exact_bytes != other._exact_bytes or not _are_same(self._edges, other._edges):
            raise ValueError("evaluations merge when their targets, edges and exact_bytes are the same; these differ")
        if self._arguments != other._arguments:
            raise ValueError(f"evaluations merge when their arguments are the same; these have {self._arguments} and {other._arguments}")
        if self._sums is not None and other._sums is not None and not _are_same(self._sums.edges, other._sums.edges):
            raise ValueError("evaluations that are larger than exact_bytes merge when their bins are the same: pass edges= to both")
        names = other._ids.all()
        self._ids.check(names, other._ids.count)
        came_before = self._ids.seen(names) if names is not None else np.zeros(0, bool)
        rows, told, examples, size = other._rows, other._told, other._examples, other._ids.count
        if came_before.any():
            if other._sums is not None:
                raise ValueError(
                    f"{np.count_nonzero(came_before)} samples of an evaluation are in the one that it is merged with, and cannot be taken out of its sums. "
                    "Give each sample to one worker, or pass larger exact_bytes"
                )
            rows = other._without(came_before)
            told, examples = None if told is None else told.without(came_before), None if examples is None else examples.without(came_before)
            names, size = _among(names, np.flatnonzero(~came_before)), size - int(np.count_nonzero(came_before))
            self._count_dropped(TWICE, int(np.count_nonzero(came_before)))
        behind = self._ids.count
        if self._examples is not None and examples is not None:
            self._examples.merge(examples, behind)
        self._ids.add(names, size)
        if self._told is not None and told is not None:
            self._told.merge(told)
            self._let_go_of_predictions()
        else:
            self._told = None
        if other._sums is not None:
            self._sum_up(other._sums.edges)
            assert self._sums is not None
            self._sums.merge(other._sums, behind)
            self._summed = behind + other._summed
        self._rows = [*self._rows, *rows]
        self._waiting += sum(row[0].shape[1] for row in rows)
        self._samples += other._samples
        self._is_weighted |= other._is_weighted
        for reason, n in other._dropped.items():
            self._dropped[reason] = self._dropped.get(reason, 0) + n
        self._settle()
        return self

    def payload(self, *, epoch: int | None = None) -> Regression:
        """The regression of all that was seen so far.

        Args:
            epoch: Epoch of the evaluation, from 0.
        """
        return self._payload(epoch, self.edges)

    def payloads(self, *, epoch: int | None = None) -> dict[str, Payload]:
        """All that was seen so far, by kind: `regression`, `number_predictions`, `examples`.

        Args:
            epoch: Epoch of the evaluation, from 0.
        """
        return self._payloads(self._payload(epoch, self.edges), Stored())

    def _payloads(self, table: Regression, stored: Stored) -> dict[str, Payload]:
        found: dict[str, Payload] = {"regression": table}
        if self._told is not None:
            about: dict[str, Any] = {"is_weighted": self._is_weighted, "epoch": table.epoch, "dropped": table.dropped}
            found["number_predictions"] = self._told.payload(self._ids.all(), self.targets, **about)
        if self._examples is not None:
            shown = self._examples.payload(self._feature_names, stored=stored)
            if shown.media:
                found["examples"] = shown
        return found

    def write(self, run: Writes, evaluation: str, step: SupportsIndex | None = None, *, epoch: int | None = None) -> None:
        """Writes all payloads, to `<evaluation>/<kind>`; of the examples those that this run does not have yet.

        The picture is in the bins that this run has of this evaluation, if it can be.

        Args:
            run: Where to, such as a `RunWriter`.
            evaluation: Its name, such as "validation"; with several outputs "validation/age".
            step: Training batches finished; what `watch` returned knows it by itself.
            epoch: Epoch of the evaluation, from 0.

        Raises:
            TypeError, ValueError: As `RunWriter.write`.
        """
        edges, written = self.edges, _written.setdefault(run, {})
        its = written.get(evaluation)
        if self._sums is None and self._edges is None and its is not None and its.shape == edges.shape:
            edges = its
        table = self._payload(epoch, edges)
        write_all(run, evaluation, partial(self._payloads, table), step)
        if table.count.any():
            written[evaluation] = edges

    def _payload(self, epoch: int | None, edges: Array) -> Regression:
        sums = RegressionSums(edges)
        if self._sums is not None:
            sums.merge(self._sums, 0)
        self._add_rows(sums)
        m, cells, residuals = sums.moments, sums.cells(), sums.residuals()
        place = np.concatenate([each.place for each in sums.largest])
        names = self._ids.all()
        nothing, is_weighted = m.weight == 0, self._is_weighted
        return Regression(
            epoch=epoch,
            targets=self.targets,
            dropped={reason: n for reason in {**self._dropped, **sums.dropped} if (n := self._dropped.get(reason, 0) + sums.dropped.get(reason, 0))},
            samples=self._samples,
            count=sums.count,
            error=m.error,
            absolute=m.absolute,
            error_squares=m.error2,
            error_fourths=m.error4,
            truth_mean=np.where(nothing, np.nan, m.base + m.truth),
            truth_squares=m.truth2,
            truth_fourths=np.maximum(m.truth4, 0),  # of merged sums rounding may leave less
            error_truth=np.maximum(m.error2_truth2, 0),
            predicted_mean=np.where(nothing, np.nan, m.base + m.predicted),
            predicted_squares=m.predicted2,
            product=m.product,
            edge=edges,
            cell_end=cells.end,
            cell=cells.key,
            cell_count=cells.count,
            bin_error=sums.bins[:, 0],
            bin_absolute=sums.bins[:, 1],
            bin_squares=sums.bins[:, 2],
            residual_end=residuals.end,
            residual=residuals.key,
            residual_count=residuals.count,
            largest_end=np.cumsum([len(each.place) for each in sums.largest]),
            ids=tuple(names[i] for i in place) if isinstance(names, tuple) else None,
            number=names[place] if isinstance(names, np.ndarray) else place,
            largest_truth=np.concatenate([each.truth for each in sums.largest]),
            largest_predicted=np.concatenate([each.predicted for each in sums.largest]),
            weight_sum=m.weight if is_weighted else None,
            weight_squares=m.squares if is_weighted else None,
            cell_weight=cells.weight if is_weighted else None,
            bin_weight_squares=sums.bins[:, 3] if is_weighted else None,
            residual_weight=residuals.weight if is_weighted else None,
        )

    def _inputs(self, inputs: Any, size: int) -> Any:
        """The inputs by place, or None."""
        if inputs is None or self._examples is None:
            return None
        if len(inputs) != size:
            raise ValueError(f"inputs must be one for each of the {size} samples; there are {len(inputs)}")
        rows, feature_names = rows_of(inputs)
        self._feature_names = self._feature_names or feature_names
        return rows

    def _show(self, truth: Array, predicted: Array, weight: Array | None, first: int, names: Ids, inputs: Callable[[int], Any]) -> None:
        """Looks at samples of which a value counts: truths and predictions [target, sample] of places from `first` on."""
        assert self._examples is not None
        counts = counting(truth, predicted, weight)
        rows = np.flatnonzero(counts.any(axis=0))
        loss = np.abs(np.where(counts, predicted, 0) - np.where(counts, truth, 0)).T[rows]
        nothing = np.zeros(len(rows), np.int64)
        self._examples.add(first + rows, _among(names, rows), lambda row: inputs(int(rows[row])), nothing, nothing.astype(bool), loss)

    def _let_go_of_predictions(self) -> None:
        """Where there are too many."""
        if self._arguments["predictions"] is None and self._told is not None and self._told.count * len(self.targets) > MOST_PREDICTIONS:
            self._told = None

    def _settle(self) -> None:
        """Sums up what waits, where it is much."""
        bytes_ = 16 * len(self.targets) * self._waiting
        if bytes_ > (self._exact_bytes if self._sums is None else min(self._exact_bytes, 16 * _AT_ONCE)):
            self._sum_up(self.edges)

    def _sum_up(self, edges: Array) -> None:
        """Sums up what waits, in these bins if there are none yet."""
        if self._sums is None:
            self._sums = RegressionSums(edges)
        self._add_rows(self._sums)
        self._rows, self._waiting, self._summed = [], 0, self._ids.count

    def _add_rows(self, sums: RegressionSums) -> None:
        """Adds what waits to sums of what came before it."""
        truth, predicted, weight = self._joined()
        step = max(1, _AT_ONCE // len(self.targets))
        for start in range(0, truth.shape[1], step):
            cut = slice(start, start + step)
            sums.add(truth[:, cut], predicted[:, cut], None if weight is None else weight[cut], self._summed + start)

    def _joined(self) -> tuple[Array, Array, Array | None]:
        """All that waits in one piece."""
        if len(self._rows) != 1:
            none = np.zeros((len(self.targets), 0))
            truth, predicted = (np.concatenate([none, *[row[i] for row in self._rows]], axis=1) for i in (0, 1))
            weights = [np.ones(row[0].shape[1]) if row[2] is None else row[2] for row in self._rows]
            weight = np.concatenate([np.zeros(0), *weights]) if any(row[2] is not None for row in self._rows) else None
            self._rows = [(truth, predicted, weight)]
        return self._rows[0]

    def _without(self, came_before: Array) -> list[tuple[Array, Array, Array | None]]:
        """What waits, without some of all samples, bool [sample]."""
        truth, predicted, weight = self._joined()
        left = ~came_before
        return [(truth[:, left], predicted[:, left], None if weight is None else weight[left])]

    def _count_dropped(self, reason: str, samples: int) -> None:
        if samples:
            self._dropped[reason] = self._dropped.get(reason, 0) + samples * len(self.targets)


_written: WeakKeyDictionary[Any, dict[str, Array]] = WeakKeyDictionary()
"""The bins that each open run has, by evaluation."""


def _columns(given: Any, name: str) -> Array:
    """A copy as float64 [sample, column]."""
    content = as_numbers(host_array(given, name))
    if content.dtype.kind not in "biuf":
        raise TypeError(f"{name} must be real numbers; it is {content.dtype}")
    if content.ndim not in (1, 2):
        raise ValueError(f"{name} must be numbers [sample] or [sample, target]; its shape is {list(content.shape)}. Flatten what is predicted of a sample")
    return np.array(content[:, None] if content.ndim == 1 else content, np.float64)


def _among(names: Ids, rows: Array) -> Ids:
    if isinstance(names, tuple):
        return tuple(names[i] for i in rows)
    return None if names is None else names[rows]


def _at(inputs: Any, rows: Array, row: int) -> Any:
    return inputs[int(rows[row])]


def _are_same(first: Array | None, second: Array | None) -> bool:
    return (first is None) == (second is None) and (first is None or np.array_equal(first, second))  # type: ignore[arg-type]
