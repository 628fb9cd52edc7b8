"""What the outputs of a model decide between: joins what the model, its losses and the user say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, get_args

import keras

from tb_plugin.schema.classes import Classes
from tb_plugin.schema.confusion_matrix import ScoreType
from writers import classes
from writers.frameworks.keras.model import call_graph
from writers.frameworks.keras.outputs.losses import Loss, losses_of
from writers.frameworks.keras.outputs.output_sizes import OutputSizes
from writers.frameworks.keras.outputs.task import Choice, Labels, Task, is_of_numbers, task_of
from writers.guard import WrongArgument

LabelsByOutput = Labels | Mapping[str, Labels]


class Outputs:
    """The tasks of a model's outputs.

    Args:
        model: Compiled.
        labels: Of the only output, or by the name of the output.
        score: What the outputs' values are, where the user says so.
    """

    def __init__(self, model: Any, labels: LabelsByOutput | None, score: ScoreType | None) -> None:
        self._model, self._labels, self._score = model, labels, score
        self._first_call: OutputSizes | None = None
        self._is_checked = labels is None

    def task(self, output: str, columns: int) -> Task | str:
        """The task of an output, or in words why it has none.

        Args:
            output: Its name; empty when it is the only one.
            columns: Size of its last axis.

        Raises:
            WrongArgument: The labels do not fit.
        """
        names = list(self._ends())
        loss = losses_of(getattr(self._model, "loss", None), names if output in names else [output]).get(output)
        of_it: dict[str, Any] = {"loss": loss, "activation": self._activation(output), "labels": self._labels_of(output, loss)}
        if output and self._score is not None:  # of one of several it is said only where nothing else says it
            told = task_of(output, columns, score=None, **of_it)
            if not isinstance(told, str) and not (isinstance(told, Choice) and told.score is None):
                return told
        return task_of(output, columns, score=self._score, **of_it)

    def check(self) -> None:
        """Before the first step: that the labels fit, as far as the model tells its outputs.

        Raises:
            WrongArgument: They do not.
        """
        ends = self._ends()
        known = {name: int(end.shape[-1]) for name, end in ends.items() if end.shape and end.shape[-1] is not None and len(end.shape) > 1}
        self._check_names(list(ends))
        is_nameless = len(ends) == 1 and not isinstance(self._labels, Mapping)
        self._check_sizes(dict(zip([""], known.values(), strict=False)) if is_nameless else known)
        self._is_checked = self._is_checked or bool(ends)

    def batch_begins(self) -> None:
        """Before a training batch: where the model has not told its outputs yet, looks at what it returns."""
        if not self._is_checked and self._first_call is None:
            self._first_call = OutputSizes(self._model)

    def batch_ends(self) -> None:
        """After it: that the labels fit.

        Raises:
            WrongArgument: They do not.
        """
        if self._first_call is None:
            return
        columns = self._first_call.columns
        self.leave()
        self._is_checked = True  # or it was traced before, and the first evaluation will tell
        if list(columns) != [""]:
            self._check_names(list(columns))
        self._check_sizes(columns)

    def leave(self) -> None:
        """Leaves the model as it was."""
        first_call, self._first_call = self._first_call, None
        if first_call is not None:
            first_call.end()

    def _check_names(self, outputs: Sequence[str]) -> None:
        if isinstance(self._labels, Mapping) and outputs and (unknown := sorted(set(self._labels) - set(outputs))):
            raise WrongArgument(f"labels name the output {unknown[0]!r}, which the model has not; its outputs are {', '.join(map(repr, outputs))}")

    def _check_sizes(self, columns: Mapping[str, int]) -> None:
        for output, size in columns.items():
            try:
                self.task(output, size)
            except WrongArgument as error:
                if self._labels is None or isinstance(self._labels, Mapping) or len(columns) == 1:
                    raise
                n = len(classes.of(self._labels).labels)
                meant = next((name for name, other in columns.items() if max(other, 2) == n), output)
                raise WrongArgument(f'the model has several outputs; say which one the labels are of: labels={{"{meant}": […]}}. As given, {error}') from error

    def _labels_of(self, output: str, loss: Loss | None) -> Labels | None:
        if not isinstance(self._labels, Mapping):
            return None if output and is_of_numbers(loss) else self._labels  # those of another one of several outputs
        if output in self._labels:
            return self._labels[output]
        return next(iter(self._labels.values())) if output == "" and len(self._labels) == 1 else None

    def _ends(self) -> dict[str, Any]:
        function = call_graph.function_of(self._model)
        try:
            return {} if function is None else call_graph.ends(function)[1]
        except AttributeError:  # another version of Keras: the first batch will tell
            return {}

    def _activation(self, output: str) -> str | None:
        ends = self._ends()
        tensor = ends.get(output) if output else next(iter(ends.values()), None)
        try:
            return None if tensor is None else _activation_of(tensor)
        except AttributeError:
            return None


def checked_labels(labels: Any) -> LabelsByOutput | None:
    """Labels as the user gave them, lists of names made whole.

    Raises:
        TypeError, ValueError: They are no labels.
    """
    if labels is None:
        return None
    return {str(name): _whole(one) for name, one in labels.items()} if isinstance(labels, Mapping) else _whole(labels)


def _whole(labels: Any) -> Labels:
    return labels if isinstance(labels, Classes) else classes.of(labels).labels


def checked_score(score: Any) -> ScoreType | None:
    """The type of scores as the user gave it.

    Raises:
        ValueError: There is no such type.
    """
    known: tuple[ScoreType, ...] = get_args(ScoreType)
    for one in known:
        if score == one:
            return one
    if score is not None:
        raise ValueError(f"score must be one of {', '.join(map(repr, known))}; it is {score!r:.80}")
    return None


def _activation_of(tensor: Any) -> str | None:
    """Name of the last activation before an output; None where that is no activation of Keras'."""
    layer, slot = call_graph.maker(tensor), tensor._keras_history.tensor_index
    if isinstance(layer, keras.layers.TimeDistributed):
        layer = layer.layer
    inside = call_graph.function_of(layer)
    if inside is not None:
        return _activation_of(inside.outputs[slot])
    if isinstance(layer, keras.layers.Softmax):
        return "softmax"
    if isinstance(layer, keras.layers.Activation | keras.layers.Dense | keras.layers.EinsumDense) or hasattr(layer, "activation"):
        return getattr(layer.activation, "__name__", None)
    if isinstance(layer, keras.layers.Reshape | keras.layers.Flatten | keras.layers.Dropout | keras.layers.Identity) and not isinstance(tensor, list):
        given = layer._inbound_nodes[tensor._keras_history.node_index].arguments.keras_tensors
        return _activation_of(given[0])
    return type(layer).__name__.lower() if type(layer).__name__ in ("Softmax", "Sigmoid", "LogSoftmax") else None
