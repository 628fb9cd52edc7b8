"""What one evaluation gives, for each output whose task is known, batch by batch."""

from __future__ import annotations

import dataclasses
import zlib
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from tb_plugin.schema.confusion_matrix import ConfusionMatrix
from tb_plugin.schema.label_predictions import LabelPredictions
from tb_plugin.schema.multilabel import Multilabel
from tb_plugin.schema.number_predictions import NumberPredictions
from tb_plugin.schema.payload import Payload
from tb_plugin.schema.regression import Regression
from tb_plugin.schema.score_curves import ScoreCurves
from writers.confusion_matrix import Accumulator
from writers.evaluation import Evaluation
from writers.frameworks.keras.evaluations.due_kinds import ALL, Kind, Size, Wanted, size_of_choice, size_of_labels, size_of_numbers
from writers.frameworks.keras.evaluations.shown_inputs import Inputs, Some
from writers.frameworks.keras.outputs.scored_outputs import Part
from writers.frameworks.keras.outputs.task import Choice, Numbers, SeveralLabels, Task
from writers.guard import Guard
from writers.multilabel_evaluation import MultilabelEvaluation
from writers.regression import RegressionEvaluation

Array = np.ndarray[Any, Any]
TaskOf = Callable[[str, int], Task | str]
"""(name of an output, size of its last axis) → its task, or in words why it has none."""

KindsOf = Callable[[str, "CountedOutput"], frozenset[Kind]]
"""(name of an output, what came of it so far) → what is to be told of it, asked where it must be known before all is seen."""

NO_CLASS = "label has no single class"
"""Reason for dropping a sample: its row of `y_true` has no largest value, or several."""

MASKED = "masked"
"""Reason for dropping a sample: Keras' mask, as of padding, leaves it out of the loss."""

HELD_BYTES = 32_000_000
"""Scores of an output that are held as they are: while all are, nothing is computed of them that is not written."""


_KIND_OF: Mapping[str, Kind] = {
    "confusion_matrix": "table",
    "multilabel": "table",
    "regression": "table",
    "score_curves": "score_curves",
    "predictions": "predictions",
    "label_predictions": "predictions",
    "number_predictions": "predictions",
    "examples": "examples",
}


class Chosen:
    """Hands on those payloads of an evaluation that are to be written. One for all evaluations: each example is written once to it.

    Args:
        write: Takes them: tag, payload, step.
    """

    def __init__(self, write: Callable[[str, Payload, int], None]) -> None:
        self._write = write
        self._kinds: frozenset[Kind] = frozenset()
        self._dropped: Mapping[str, int] = {}

    def choose(self, kinds: frozenset[Kind], dropped: Mapping[str, int]) -> None:
        """Says what is to be written from now on, and which samples were left out before, by reason."""
        self._kinds, self._dropped = kinds, dropped

    def write(self, tag: str, content: Payload, step: int) -> None:
        """Hands a payload on, if it is wanted."""
        if _KIND_OF[content.kind] in self._kinds:
            if self._dropped and isinstance(content, ConfusionMatrix | LabelPredictions | Multilabel | ScoreCurves):
                content = dataclasses.replace(content, dropped={**content.dropped, **self._dropped})
            elif self._dropped and isinstance(content, NumberPredictions):  # which counts values
                values = {reason: n * len(content.targets) for reason, n in self._dropped.items()}
                content = dataclasses.replace(content, dropped={**content.dropped, **values})
            elif self._dropped and isinstance(content, Regression):  # so does this
                values = {reason: n * len(content.targets) for reason, n in self._dropped.items()}
                content = dataclasses.replace(content, samples=content.samples + sum(self._dropped.values()), dropped={**content.dropped, **values})
            self._write(tag, content, step)


class CountedEvaluation:
    """What one evaluation saw.

    Args:
        evaluation: Its name, for messages.
        task_of: Tells each output's task.
        guard: Told of what cannot be counted.
        wanted: By the user.
        kinds_of: What is to be told, where there is more than can be held.
        inputs: What the model is given, in the order of the evaluation, where that is in memory and wanted.
        edges_of: Tells the bins in which an output's numbers were told before.

    Attributes:
        evaluation: As given.
        is_empty: Whether no batch came.
        outputs: What was counted of each output, by its name.
    """

    def __init__(
        self,
        evaluation: str,
        task_of: TaskOf,
        guard: Guard,
        *,
        wanted: Wanted | None = None,
        kinds_of: KindsOf = lambda output, counted: ALL,
        inputs: Inputs | None = None,
        edges_of: Callable[[str], Array | None] = lambda output: None,
    ) -> None:
        self.evaluation, self._task_of, self._guard = evaluation, task_of, guard
        self._wanted, self._kinds_of, self._inputs, self._edges_of = wanted or Wanted(), kinds_of, inputs, edges_of
        self.is_empty = True
        self._counted: dict[str, CountedOutput | None] = {}

    @property
    def outputs(self) -> dict[str, CountedOutput]:
        """See the class."""
        return {output: counted for output, counted in self._counted.items() if counted is not None}

    def add(self, batch: Mapping[str, Mapping[Part, Array]]) -> None:
        """Counts a batch.

        Raises:
            WrongArgument: The labels do not fit an output.
        """
        self.is_empty = False
        for output, parts in batch.items():
            self._guard.attempt(f"the predictions of {self._name(output)}", self._add, output, parts)

    def _add(self, output: str, parts: Mapping[Part, Array]) -> None:
        score = parts["score"]
        if output not in self._counted:
            self._counted[output] = None  # until all is well: an output that fails once is not half counted
            task = self._task_of(output, 1 if score.ndim < 2 else score.shape[-1])
            if isinstance(task, str):
                self._guard.say(f"no matrix of {output}", f"Layerscope logs no predictions of {self._name(output)}: {task}.")
                return
            if isinstance(task, Choice) and task.score is None and self._wanted.kinds - {"table"}:
                self._guard.say(
                    f"no curves of {output}",
                    f"Layerscope logs the confusion matrix of {self._name(output)} and no curves and predictions: neither activation nor loss says what "
                    "the scores are. Say so with score='prob', 'logit' or 'logprob'.",
                )
            self._counted[output] = CountedOutput(task, self._wanted, lambda its: self._kinds_of(output, its), self._inputs, self._edges_of(output))
        counted = self._counted[output]
        if counted is not None:
            try:
                counted.add(parts["truth"], score, parts.get("weight"), parts.get("mask"))
            except NoLabels as error:
                self._counted[output] = None
                self._guard.say(f"no matrix of {output}", f"Layerscope logs no predictions of {self._name(output)}: {error}.")
                return
            except Exception:
                self._counted[output] = None
                raise
            if counted.has_no_inputs:
                self._guard.say(
                    f"no examples of {output}",
                    f"Layerscope keeps no examples of {self._name(output)}: it decides at each of several positions, and not of each input.",
                )

    def _name(self, output: str) -> str:
        return tag_of(self.evaluation, output)


def tag_of(evaluation: str, output: str) -> str:
    """What an output's points and messages are called by: the evaluation's name where it is the only one."""
    return f"{evaluation}/{output}" if output else evaluation


class CountedOutput:
    """What one evaluation saw of an output.

    Scores are held as they come and counted when it is known what is to be told of them, or when they are too many.

    Args:
        task: The output's.
        wanted: By the user.
        kinds: Asked for what is to be told, where it is not all held.
        inputs: What the model is given, by place in the evaluation.
        edges: Bins in which numbers were told before.

    Attributes:
        samples: How many came.
        wanted: What the user wants of this task.
        truth: Tells whether two evaluations had the same labels in the same order.
        has_no_inputs: Whether inputs were given, and its samples are not they.
    """

    def __init__(
        self, task: Task, wanted: Wanted, kinds: Callable[[CountedOutput], frozenset[Kind]], inputs: Inputs | None, edges: Array | None = None
    ) -> None:
        self.samples, self.truth, self.has_no_inputs = 0, 0, False
        self._task, self._kinds, self._inputs, self._edges = task, kinds, inputs, edges
        self.wanted = dataclasses.replace(wanted, curves=False) if isinstance(task, Numbers) else wanted
        self._positives = 0
        self._dropped = {NO_CLASS: 0, MASKED: 0}
        self._held: list[tuple[Array, Array, Array | None, Array]] = []
        self._bytes = 0
        self._counter: _Counter | None = None

    @property
    def size(self) -> Size:
        """Of what is told of so many samples."""
        if isinstance(self._task, Numbers):
            return size_of_numbers(self.samples, self._task.targets)
        classes = len(self._task.classes.labels)
        return size_of_choice(self.samples, classes) if isinstance(self._task, Choice) else size_of_labels(self.samples, classes, self._positives)

    @property
    def dropped(self) -> Mapping[str, int]:
        """Samples that came and were left out here, by reason."""
        return {reason: n for reason, n in self._dropped.items() if n}

    @property
    def is_held(self) -> bool:
        """Whether all scores are still at hand, to tell of them whatever is wanted."""
        return self._counter is None

    def add(self, truth: Array, score: Array, weight: Array | None, mask: Array | None) -> None:
        """Adds a batch.

        Raises:
            ValueError: Shapes do not fit.
        """
        if score.ndim > 2 and self._inputs is not None:
            self._inputs, self.has_no_inputs = None, True
        truth, score, weight, mask = as_samples(truth, score, weight, mask)
        self.truth = zlib.crc32(truth.tobytes(), self.truth)
        place = np.arange(self.samples, self.samples + len(truth))
        self.samples += len(truth)
        if mask is not None:
            truth, score, weight, place = self._keep(mask != 0, MASKED, truth, score, weight, place)
        if isinstance(self._task, SeveralLabels):
            truth = self._labels(truth)
        elif isinstance(self._task, Choice) and truth.ndim == 2:
            has_class = (truth == truth.max(axis=1, keepdims=True)).sum(axis=1) == 1  # no NaN is equal to anything
            if not has_class.all():
                truth, score, weight, place = self._keep(has_class, NO_CLASS, truth, score, weight, place)
            truth = truth.argmax(axis=1)
        is_largest = isinstance(self._task, Choice) and self._task.score is None
        self._held.append((truth, _largest(score) if is_largest else score, weight, place))
        self._bytes += score.nbytes
        if self._bytes > HELD_BYTES:
            if self._counter is None:
                self._counter = self._new_counter(self._kinds(self), 0)
            self._count(self._counter, 0)
            self._held, self._bytes = [], 0

    def write(self, to: Chosen, tag: str, kinds: frozenset[Kind], *, step: int, epoch: int | None, first_id: int = 0) -> None:
        """Writes what is to be told, to `<tag>/<kind>`; where it is not all held, of what was told to be.

        Args:
            to: Takes it.
            tag: The evaluation's, with the output's name.
            kinds: What is to be told.
            step: Batches finished.
            epoch: After which it was made, if known.
            first_id: Id of the first sample.
        """
        counter = self._counter or self._new_counter(kinds, first_id)
        self._count(counter, first_id)
        if self._counter is not None:
            self._held, self._bytes = [], 0
        to.choose(kinds, self.dropped)
        if isinstance(counter, Accumulator):
            to.write(f"{tag}/confusion_matrix", counter.payload(epoch=epoch), step)
        else:
            counter.write(to, tag, step, epoch=epoch)

    def _keep(self, is_kept: Array, reason: str, truth: Array, score: Array, weight: Array | None, place: Array) -> tuple[Array, Array, Array | None, Array]:
        self._dropped[reason] += int(np.count_nonzero(~is_kept))
        return truth[is_kept], score[is_kept], None if weight is None else weight[is_kept], place[is_kept]

    def _new_counter(self, kinds: frozenset[Kind], first_id: int) -> _Counter:
        task, kinds = self._task, kinds & self.wanted.kinds
        if isinstance(task, Choice) and (task.score is None or not kinds - {"table"}):
            return Accumulator(task.classes, score=task.score)
        of_samples: dict[str, Any] = {
            "predictions": self.wanted.predictions if "predictions" in kinds else False,
            "examples": self.wanted.examples if "examples" in kinds and self._inputs is not None and not first_id else 0,
            "feature_names": () if self._inputs is None else self._inputs.feature_names,
        }
        if isinstance(task, Numbers):
            return RegressionEvaluation(task.targets, edges=self._edges, exact_bytes=HELD_BYTES, **of_samples)
        if isinstance(task, SeveralLabels):
            return MultilabelEvaluation(task.classes, score=task.score, curves="score_curves" in kinds, **of_samples)
        return Evaluation(task.classes, score=task.score, curves="score_curves" in kinds, **of_samples)

    def _count(self, counter: _Counter, first_id: int) -> None:
        """Counts all that is held, together: to count a few samples costs as much as to count many."""
        if not self._held:
            return
        truth, score, place = (np.concatenate([each[part] for each in self._held]) for part in (0, 1, 3))
        weight = None
        if any(each[2] is not None for each in self._held):
            weight = np.concatenate([np.ones(len(each[0])) if each[2] is None else each[2] for each in self._held])
        if isinstance(counter, Accumulator):
            counter.update(truth, score, weight)
        else:
            inputs = None if self._inputs is None else Some(self._inputs, place)
            counter.update(truth, score, weight, ids=place + first_id, inputs=inputs)

    def _labels(self, truth: Array) -> Array:
        """What is true of each label [sample, label].

        Raises:
            NoLabels: The loss alone says that they are labels, and they are not.
        """
        assert isinstance(self._task, SeveralLabels)
        labels = truth[:, None] if truth.ndim == 1 else truth
        is_true = labels == 1
        self._positives += int(np.count_nonzero(is_true))
        if not self._task.is_declared and not (is_true | (labels == 0)).all():
            raise NoLabels(
                "it is trained as labels are, and what is true of them is not 0 or 1, as in an autoencoder. If they are labels, name them with labels="
            )
        return labels


class NoLabels(Exception):
    """What an output is trained for are no labels."""


_Counter = Evaluation | Accumulator | MultilabelEvaluation | RegressionEvaluation


def as_samples(truth: Array, score: Array, weight: Array | None, mask: Array | None) -> tuple[Array, Array, Array | None, Array | None]:
    """One row for each sample; where an output decides at each position (segmentation, tokens), each is a sample.

    Args:
        truth: Class ids [...] or [..., 1], or one column for each class [..., class].
        score: [...] or [..., class].
        weight, mask: Of leading axes of the samples, or None.

    Returns:
        truth: [sample], or [sample, class] where it has a column for each class.
        score: [sample, class].
        weight, mask: [sample] or None.

    Raises:
        ValueError: Their shapes do not fit.
    """
    if score.ndim < 2:
        score = score.reshape(-1, 1)
    positions, n = score.shape[:-1], score.shape[-1]
    if truth.shape == positions or truth.shape == (*positions, 1):
        truth = truth.reshape(-1)
    elif n > 1 and truth.shape == score.shape:
        truth = truth.reshape(-1, n)
    else:
        raise ValueError(f"y_true of shape {list(truth.shape)} does not fit y_pred of shape {list(score.shape)}")
    return truth, score.reshape(-1, n), _of_samples(weight, positions, "sample weights"), _of_samples(mask, positions, "a mask")


def _of_samples(values: Array | None, positions: tuple[int, ...], what: str) -> Array | None:
    """One value for each position, of values that leading axes have."""
    if values is None:
        return None
    if values.ndim > 1 and values.shape[-1] == 1 and values.shape != positions:
        values = values.reshape(values.shape[:-1])
    if values.shape != positions[: values.ndim]:
        raise ValueError(f"{what} of shape {list(values.shape)} do not fit y_pred of shape {list(positions)} and its classes")
    return np.broadcast_to(values.reshape(values.shape + (1,) * (len(positions) - values.ndim)), positions).reshape(-1)


def _largest(score: Array) -> Array:
    """The class with the largest value, float64 [sample]; NaN where a value is not finite."""
    return np.where(np.isfinite(score).all(axis=1), score.argmax(axis=1).astype(np.float64), np.nan)
