"""A live Keras 3 model as kinds `structure` and `parameters`. Nothing of the model is called, and no layer is made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import keras

from tb_plugin.schema.structure import Node, Structure
from writers import structure
from writers.frameworks.keras.model import call_graph
from writers.frameworks.keras.model.call_graph import Call
from writers.frameworks.keras.model.layer_config import differing
from writers.frameworks.keras.model.multiply_adds import Shape, bytes_of, multiply_adds
from writers.frameworks.keras.model.parameters import parameters_of
from writers.structure import Described, Output

_BYTES = {"float64": 8, "int64": 8, "uint64": 8, "float32": 4, "int32": 4, "uint32": 4, "float16": 2, "bfloat16": 2, "int16": 2, "uint16": 2} | dict.fromkeys(
    ("int8", "uint8", "bool"), 1
)


def structure_of(model: Any) -> Structure:
    """The layers of a model that is built, with its parameters.

    A subclassed model tells which layers it holds but not how they are connected: a node for the model itself holds
    them, without edges, and a note says so.

    Args:
        model: Any `keras.Model`.
    """
    try:
        return _Reader(model).read()
    except AttributeError as error:  # another version of Keras: its graph is private
        return _Reader(model).read(unreadable=f"This version of Keras ({keras.__version__}) does not tell how layers are connected: {error}.")


def paths_of(model: Any) -> list[tuple[Any, str]]:
    """Each layer and operation of a model that is built, with the path that `structure_of` gives its first call.

    Raises:
        AttributeError: This version of Keras keeps its graphs in another way.
    """
    reader = _Reader(model)
    reader.read()
    return [(operation, reader.path_of[id(operation)]) for operation in reader.operations]


class _Reader:
    def __init__(self, model: Any) -> None:
        self._model = model
        self._nodes: list[Described] = []
        self._edges: list[tuple[int, int, int, int]] = []
        self._paths: set[str] = set()
        self.operations: list[Any] = []  # each one met, once
        self.path_of: dict[int, str] = {}  # of each of them, by id
        self._owner: dict[int, str] = {}  # path of the innermost layer of each variable, by id
        self._calls: Counter[int] = Counter()
        self._within: dict[int, int | None] = {}  # multiply-adds inside a model that is a layer, by id
        self._notes: list[str] = []

    def read(self, unreadable: str | None = None) -> Structure:
        """The whole model; without its graph where that is `unreadable`."""
        function = None if unreadable else call_graph.function_of(self._model)
        inputs: dict[str, int] = {}
        outputs: dict[str, int] = {}
        if function is not None:
            made = self._graph(function, "", -1)
            first, last = call_graph.ends(function)
            inputs = {name: made[id(tensor)][0] for name, tensor in first.items() if id(tensor) in made}
            outputs = {name: made[id(tensor)][0] for name, tensor in last.items() if id(tensor) in made}
        else:
            self._notes.append(unreadable or f"{type(self._model).__name__} is a subclassed model: it tells its layers, but not how they are connected.")
            self._root()
        parameters = parameters_of(self._model, self._owner)
        return structure.of(
            self._nodes, edges=self._edges, source="keras", model=self._model.name, parameters=parameters, inputs=inputs, outputs=outputs, notes=self._notes
        )

    def _graph(self, function: Any, prefix: str, parent: int) -> dict[int, tuple[int, int]]:
        """Adds the calls of a graph; returns (node, output slot) by id of the tensor made."""
        made: dict[int, tuple[int, int]] = {}
        before: dict[int, int] = {}  # calls of each operation outside this graph
        for call in call_graph.calls(function):
            node = self._call(call, before.setdefault(id(call.operation), self._calls[id(call.operation)]), prefix, parent)
            self._edges += [(*made[id(tensor)], node, slot) for slot, tensor in enumerate(call.inputs) if id(tensor) in made]
            made.update({id(tensor): (node, slot) for slot, tensor in enumerate(call.outputs)})
        return made

    def _call(self, call: Call, before: int, prefix: str, parent: int) -> int:
        layer = call.operation
        shapes_in, shapes_out = [_shape(t) for t in call.inputs], [_shape(t) for t in call.outputs]
        is_first = id(layer) not in self.path_of
        inside = call_graph.function_of(layer)
        macs = self._within.get(id(layer)) if inside is not None else multiply_adds(layer, shapes_in, shapes_out)
        outputs = [Output(_shape(t), _dtype(t)) for t in call.outputs]
        sizes = bytes_of(shapes_out, [_BYTES.get(_dtype(t)) for t in call.outputs])
        node = self._add(layer, prefix, parent, outputs, macs, sizes, nth=call.nth, before=before)
        if is_first:
            begin = len(self._nodes)
            self._inside(layer, node, inside)
            if inside is not None:
                counts = [described.macs for described in self._nodes[begin:] if described.parent == node]
                self._within[id(layer)] = None if None in counts else sum(count for count in counts if count is not None)
        return node

    def _add(
        self,
        operation: Any,
        prefix: str,
        parent: int,
        outputs: Sequence[Output] = (),
        macs: int | None = None,
        activation_bytes: int | None = None,
        *,
        nth: int = 0,
        before: int | None = None,
    ) -> int:
        """Adds a node. Of calls that are told: `nth` in this graph, after `before` calls elsewhere."""
        is_layer = isinstance(operation, keras.layers.Layer)
        plain = f"{prefix}/{operation.name}" if prefix else operation.name
        path = self._free(plain if nth == 0 else f"{plain}#{nth + 1}")
        if id(operation) not in self.path_of:
            self.operations.append(operation)
        known = self.path_of.setdefault(id(operation), plain if nth else path)
        call = self._calls[id(operation)] if before is None else before + nth
        described = Described(
            node=Node(path=path, layer=known if is_layer else "", call=call, class_=type(operation).__name__, config=_config(operation)),
            parent=parent,
            outputs=outputs,
            macs=macs,
            activation_bytes=activation_bytes,
            edges_known=call_graph.function_of(operation) is not None or len(_children(operation)) < 2,
        )
        self._calls[id(operation)] += 1
        self._nodes.append(described)
        if is_layer and self._calls[id(operation)] == 1:
            self._owner.update({id(variable): known for variable in operation.weights})
        return len(self._nodes) - 1

    def _inside(self, layer: Any, node: int, function: Any) -> None:
        """Adds what a layer holds, under its node."""
        path = self.path_of[id(layer)]
        if function is not None:
            self._graph(function, path, node)
        else:
            for child in _children(layer):
                self._held(child, path, node)

    def _held(self, layer: Any, prefix: str, parent: int) -> None:
        """Adds a layer of which no call is told."""
        is_first = id(layer) not in self.path_of
        node = self._add(layer, prefix, parent)
        if is_first:
            self._inside(layer, node, call_graph.function_of(layer))

    def _root(self) -> None:
        root = self._add(self._model, "", -1)
        for child in call_graph.sublayers(self._model):
            self._held(child, "", root)

    def _free(self, path: str) -> str:
        free, number = path, 1
        while free in self._paths:
            number += 1
            free = f"{path}#{number}"
        self._paths.add(free)
        return free


def _children(operation: Any) -> list[Any]:
    """The layers inside a layer that are worth a node: not a recurrent layer's only cell, which is what it is made of."""
    if not isinstance(operation, keras.layers.Layer):
        return []
    inside = call_graph.sublayers(operation)
    return [] if len(inside) == 1 and inside[0] is getattr(operation, "cell", None) else inside


def _config(operation: Any) -> dict[str, Any]:
    return differing(operation) if isinstance(operation, keras.layers.Layer) and call_graph.function_of(operation) is None else {}


def _shape(tensor: Any) -> Shape:
    shape = getattr(tensor, "shape", None)
    return () if shape is None else tuple(None if size is None else int(size) for size in shape)


def _dtype(tensor: Any) -> str:
    return str(keras.backend.standardize_dtype(tensor.dtype))
