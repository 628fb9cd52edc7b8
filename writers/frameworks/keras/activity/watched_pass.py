"""A model's pass over examples, as in inference, that tells what its layers put out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import ExitStack
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from tb_plugin.schema.activity import ActiveLayer
from writers.frameworks.keras.activity.activations import activation_of
from writers.frameworks.keras.activity.counts import Counts, counts_of, joined
from writers.frameworks.keras.activity.examples import Examples
from writers.frameworks.keras.activity.harmless import what_changes
from writers.frameworks.keras.model import call_graph
from writers.frameworks.keras.model.structure import paths_of
from writers.frameworks.keras.temporary_attributes import temporary_attributes

Array = np.ndarray[Any, Any]

_UNCHANGED = frozenset(("Cast", "Identity", "Reshape", "Squeeze", "ExpandDims"))
"""Operations after which an output is still that of the layer before."""


class CannotWatch(Exception):
    """This model is not one whose layers can be watched; the message says why, as a part of a sentence."""


class WatchedPass:
    """The pass, traced once.

    Each layer with an activation is watched while the pass is traced, and left as it was. No variable of the model is changed:
    what Keras' layers assign is dropped, and a graph that would change anything else is never run.

    Args:
        model: Built.
        examples: What goes through it.

    Raises:
        CannotWatch: There is no layer to watch, or a pass may change something.
    """

    def __init__(self, model: Any, examples: Examples) -> None:
        self._rows: dict[tuple[int, int], _Row] = {}
        self._model, self._examples, self._paths = model, examples, paths_of(model)
        if not all(layer.built for layer, _ in self._paths if isinstance(layer, keras.layers.Layer)):
            raise CannotWatch("not all of the model's layers are built by its training")
        specs = [tf.TensorSpec((examples.a_pass, *leaf.shape[1:]), leaf.dtype) for leaf in keras.tree.flatten(examples.x)]
        try:
            self._one = tf.function(self._pass, autograph=False).get_concrete_function(*specs)
        except NotImplementedError:
            raise CannotWatch("the model has no call of its own") from None
        if not self._rows:
            raise CannotWatch("the model has no layer with a relu, a sigmoid, a tanh or the like")
        change = what_changes(self._one.graph)
        if change is not None:
            raise CannotWatch(f"calling the model may change something ({change})")
        rows = list(self._rows.values())
        self.layers = tuple(ActiveLayer(row.path, row.activation, is_output=row.is_output) for row in rows)
        self._units = [int(row.counts.silent.shape[0]) for row in rows]
        self._rows, self._paths = {}, []  # only the trace needs them
        whole = [tf.TensorSpec((examples.count, *spec.shape[1:]), spec.dtype) for spec in specs]
        self._all = tf.function(self._passes, autograph=False).get_concrete_function(*whole)

    @property
    def count(self) -> int:
        """How many examples there are."""
        return self._examples.count

    def run(self) -> tuple[list[Array], Array]:
        """All examples.

        Returns:
            For each layer, whether each of its units was never above 0, bool [unit]; and int64 [layer, 4]: values, zeros, saturated, not finite.
        """
        silent, numbers = self._all(*map(tf.constant, keras.tree.flatten(self._examples.x)))
        return np.split(silent.numpy(), np.cumsum(self._units)[:-1]), numbers.numpy()

    def _passes(self, *leaves: Any) -> tuple[Any, Any]:
        """All examples, one pass after the other: two at a time would take twice the memory."""
        size = self._examples.a_pass
        together: list[Counts] = []
        for i in range(0, self._examples.count, size):
            with tf.control_dependencies([one.numbers for one in together]):
                found = [Counts(*part) for part in self._one(*[tf.identity(leaf[i : i + size]) for leaf in leaves])]
            together = list(map(joined, together, found)) if together else found
        return tf.concat([one.silent for one in together], 0), tf.stack([one.numbers for one in together])

    def _pass(self, *leaves: Any) -> list[Counts]:
        x = keras.tree.pack_sequence_as(self._examples.x, list(leaves))
        graph = tf.compat.v1.get_default_graph()
        nth = _order_of_calls([self._model, *(operation for operation, _ in self._paths)])
        with ExitStack() as stack:
            # What its variables are assigned goes to this scope and is dropped; losses that it holds are neither cleared nor added to.
            stack.enter_context(keras.StatelessScope())
            stack.enter_context(temporary_attributes(self._model, _clear_losses=lambda: None))
            for operation, path in self._paths:
                activation = activation_of(operation)
                if activation is not None:
                    seen = _Calls(operation, path, activation, nth.get(id(operation), []), graph, self._rows)
                    stack.enter_context(temporary_attributes(operation, call=seen.watched(operation.call)))
            outputs = self._model(x, training=False)
        ends = {id(_source(tensor)) for tensor in keras.tree.flatten(outputs) if isinstance(tensor, tf.Tensor)}
        for row in self._rows.values():
            row.is_output = bool(ends & row.sources)
        return [row.counts for row in self._rows.values()]


class _Row:
    """What is told together: all calls of a layer with weights; each call of one without, which has units of its own."""

    def __init__(self, path: str, activation: str, counts: Counts, source: Any) -> None:
        self.path, self.activation, self.counts = path, activation, counts
        self.sources = {id(source)}
        self.is_output = False
        self._kept = [source]  # so that no id is given twice

    def add(self, counts: Counts, source: Any) -> None:
        """Another call of the layer."""
        self.counts = joined(self.counts, counts)
        self.sources.add(id(source))
        self._kept.append(source)


class _Calls:
    """The calls of one layer in a pass."""

    def __init__(self, operation: Any, path: str, activation: str, nth: list[int], graph: Any, rows: dict[tuple[int, int], _Row]) -> None:
        self._key, self._path, self._activation, self._graph, self._rows = id(operation), path, activation, graph, rows
        self._nth = nth
        self._has_weights = bool(getattr(operation, "weights", None))
        self._is_second = getattr(operation, "data_format", None) == "channels_first"
        self._made = 0

    def watched(self, call: Callable[..., Any]) -> Callable[..., Any]:
        """Its `call`, watched."""

        def watched(*args: Any, **kwargs: Any) -> Any:
            output = call(*args, **kwargs)
            self._add(output)
            return output

        return watched

    def _add(self, output: Any) -> None:
        made, self._made = self._made, self._made + 1
        # In the body of a loop it is called for one step of many, and cannot be seen from outside.
        if not isinstance(output, tf.Tensor) or output.graph is not self._graph or not (output.dtype.is_floating or output.dtype.is_integer):
            return
        unit_axis = 1 if self._is_second else -1
        if output.shape.rank is None or output.shape.rank < 2 or output.shape[unit_axis] is None:
            return
        nth = 0 if self._has_weights else self._nth[made % len(self._nth)] if self._nth else made
        counts = counts_of(output, self._activation, unit_axis)
        row = self._rows.get((self._key, nth))
        if row is None:
            path = self._path if nth == 0 else f"{self._path}#{nth + 1}"
            self._rows[self._key, nth] = _Row(path, self._activation, counts, _source(output))
        elif row.counts.silent.shape == counts.silent.shape:
            row.add(counts, _source(output))


def _source(tensor: Any) -> Any:
    """The tensor that one is, but for its type and shape."""
    while tensor.op.type in _UNCHANGED:
        tensor = tensor.op.inputs[0]
    return tensor


def _order_of_calls(operations: Iterable[Any]) -> dict[int, list[int]]:
    """Of each operation in the graphs of some models, by id, the numbers of its calls in the structure, in the order in which they are made."""
    order: dict[int, list[int]] = {}
    for function in (function for function in map(call_graph.function_of, operations) if function is not None):
        here: dict[int, list[int]] = {}
        for call in call_graph.calls(function):
            here.setdefault(id(call.operation), []).append(call.nth)
        order = here | order
    return order
