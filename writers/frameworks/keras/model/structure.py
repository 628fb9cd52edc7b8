"""A live Keras 3 model as kinds `structure` and `parameters`. No layer is made, and no variable changed."""

from __future__ import annotations

import inspect
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import keras

from tb_plugin.schema.structure import Node, Structure
from writers import structure
from writers.frameworks.keras.model import call_graph
from writers.frameworks.keras.model.call_graph import Call
from writers.frameworks.keras.model.drafted_nodes import DraftedNodes, Maker
from writers.frameworks.keras.model.layer_config import differing
from writers.frameworks.keras.model.multiply_adds import Shape, bytes_of_outputs, is_of_keras, multiply_adds
from writers.frameworks.keras.model.parameters import parameters_of
from writers.frameworks.keras.model.recording import Recording, Step
from writers.frameworks.keras.model.stand_ins import Given, stand_ins_of_build
from writers.frameworks.keras.model.wiring import wire
from writers.structure import Described, Output


def structure_of(model: Any, given: Given | None = None, *, runs_code: bool = True) -> Structure:
    """The layers of a model that is built, with its parameters.

    Functional models keep how their layers are connected. Of a subclassed model, and of layers of the user's own that
    hold layers, the code is run once with stand-ins for tensors, which computes and changes nothing. Where it cannot be
    run, they hold their layers without edges, and a note says so.

    Args:
        model: Any `keras.Model`.
        given: Stand-ins for what the model takes, where they are known; else they are those that it was built with.
        runs_code: Whether the user's code is run.
    """
    try:
        return _Reader(model, given, runs_code=runs_code).read()
    except AttributeError as error:  # another version of Keras: its graph is private
        return _Reader(model, given, runs_code=False).read(
            unreadable=f"This version of Keras ({keras.__version__}) does not tell how layers are connected: {error}."
        )


def paths_of(model: Any) -> list[tuple[Any, str]]:
    """Each layer and operation of a model that is built, with the path that `structure_of` gives its first call.

    Raises:
        AttributeError: This version of Keras keeps its graphs in another way.
    """
    reader = _Reader(model, None, runs_code=False)
    reader.read()
    return [(operation, reader.path_of[id(operation)]) for operation in reader.operations]


class _Reader:
    def __init__(self, model: Any, given: Given | None, *, runs_code: bool) -> None:
        self._model, self._given, self._runs_code = model, given, runs_code
        self._drafts = DraftedNodes()
        self.operations: list[Any] = []  # each one met, once
        self.path_of: dict[int, str] = {}  # of each of them, by id
        self._owner: dict[int, str] = {}  # path of the innermost layer of each variable, by id
        self._calls: Counter[int] = Counter()
        self._uncalled: dict[int, int] = {}  # nodes of layers of which no call is told, by the layer's id
        self._within: dict[Any, int | None] = {}  # multiply-adds inside a model that is a layer, or of a layer of the user's own
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
        elif unreadable:
            self._notes.append(unreadable)
            self._root()
        else:
            inputs, outputs = self._subclassed()
        parameters = parameters_of(self._model, self._owner)
        nodes, edges, place = self._drafts.in_order()
        return structure.of(
            nodes,
            edges=edges,
            source="keras",
            model=self._model.name,
            parameters=parameters,
            inputs={name: place[node] for name, node in inputs.items()},
            outputs={name: place[node] for name, node in outputs.items()},
            notes=list(dict.fromkeys(self._notes)),
        )

    def _graph(self, function: Any, prefix: str, parent: int) -> dict[int, Maker]:
        """Adds the calls of a graph; returns what makes each tensor, by its id."""
        made: dict[int, Maker] = {}
        before: dict[int, int] = {}  # calls of each operation outside this graph
        for call in call_graph.calls(function):
            entries = [made.get(id(tensor)) for tensor in call.inputs]
            node, taken, gives = self._call(call, before.setdefault(id(call.operation), self._calls[id(call.operation)]), prefix, parent, entries)
            self._drafts.edges += [(*maker, node, slot) for slot, maker in enumerate(entries) if maker is not None and slot not in taken]
            made.update({id(tensor): gives.get(slot, (node, slot)) for slot, tensor in enumerate(call.outputs)})
        return made

    def _call(self, call: Call, before: int, prefix: str, parent: int, entries: Sequence[Maker | None]) -> tuple[int, set[int], dict[int, Maker]]:
        """Adds a call; returns its node, and where its inputs and outputs are told to go on inside it, by slot."""
        layer = call.operation
        shapes_in, shapes_out = [_shape(t) for t in call.in_order], [_shape(t) for t in call.outputs]
        is_first = id(layer) not in self.path_of
        inside = call_graph.function_of(layer)
        macs = self._within.get(id(layer)) if inside is not None else multiply_adds(layer, shapes_in, shapes_out)
        recording = None
        if inside is None and _is_users(layer) and (is_first or macs is None):
            key = id(layer), *shapes_in
            if macs is None and not is_first and key in self._within:
                macs = self._within[key]
            elif macs is None or len(_children(layer)) > 0:
                recording, _ = self._recorded(layer, [call.given])
                macs = self._within[key] = recording.macs if recording is not None and macs is None else macs
        outputs = [Output(_shape(t), _dtype(t)) for t in call.outputs]
        node = self._add(layer, prefix, parent, outputs, macs, nth=call.nth, before=before)
        if not is_first:
            return node, set(), {}
        begin = len(self._drafts.nodes)
        resolved = self._inside(layer, node, inside, recording, entries)
        if inside is not None:
            counts = [described.macs for described in self._drafts.nodes[begin:] if described.parent == node]
            self._within[id(layer)] = None if None in counts else sum(count for count in counts if count is not None)
        return node, *resolved

    def _add(
        self,
        operation: Any,
        prefix: str,
        parent: int,
        outputs: Sequence[Output] = (),
        macs: int | None = None,
        *,
        nth: int = 0,
        before: int | None = None,
        is_called: bool = True,
    ) -> int:
        """Adds a node. Of calls that are told: `nth` in this graph, after `before` calls elsewhere."""
        is_layer = isinstance(operation, keras.layers.Layer)
        plain = f"{prefix}/{operation.name}" if prefix else operation.name
        path = self._drafts.free(plain if nth == 0 else f"{plain}#{nth + 1}")
        if id(operation) not in self.path_of:
            self.operations.append(operation)
        is_first = id(operation) not in self.path_of
        known = self.path_of.setdefault(id(operation), plain if nth else path)
        call = self._calls[id(operation)] if before is None else before + nth
        node = Described(
            node=Node(path=path, layer=known if is_layer else "", call=call, class_=type(operation).__name__, config=_config(operation)),
            parent=parent,
            outputs=outputs,
            macs=macs,
            activation_bytes=bytes_of_outputs(outputs),
            edges_known=call_graph.function_of(operation) is not None or len(_children(operation)) < 2,
        )
        self._calls[id(operation)] += 1
        if is_layer and is_first:
            # The innermost layer owns a variable; one that is another's already, which this layer holds beside it, stays that one's.
            around = self._drafts.nodes[parent].node.layer if parent >= 0 else ""
            self._owner.update({id(v): known for v in operation.weights if self._owner.get(id(v), around) in (around, self._model.name)})
        return self._drafts.add(node, is_called=is_called)

    def _inside(
        self, layer: Any, node: int, function: Any, recording: Recording | None = None, entries: Sequence[Maker | None] = (), *, is_told: bool = False
    ) -> tuple[set[int], dict[int, Maker]]:
        """Adds what a layer holds, under its node; returns which entries are taken by that, and what makes its outputs, by slot."""
        if function is not None:
            self._graph(function, self.path_of[id(layer)], node)
            return set(), {}
        children = _children(layer)
        for child in children:
            self._held(child, self.path_of[id(layer)], node, is_told=is_told or recording is not None)
        if recording is None or not children:
            return set(), {}
        self._drafts.tell(node, edges_known=recording.is_whole)
        taken, gives = self._wire(recording, entries, node)
        return taken, {slot: maker for slot, maker in enumerate(gives) if maker is not None}

    def _held(self, layer: Any, prefix: str, parent: int, *, is_told: bool = False) -> None:
        """Adds a layer of which no call is told. Where the calls around it are told, it has a node only if it has none elsewhere."""
        is_first = id(layer) not in self.path_of
        if is_told and not is_first:
            return
        node = self._add(layer, prefix, parent, is_called=False)
        if not is_first:
            return
        self._uncalled[id(layer)] = node
        function = call_graph.function_of(layer)
        recording = None
        if function is None and not is_told and _is_users(layer) and _children(layer):
            recording, _ = self._recorded(layer, stand_ins_of_build(layer))
            if recording is not None:
                self._drafts.tell(node, macs=recording.macs)
        self._inside(layer, node, function, recording, is_told=is_told)

    def _subclassed(self) -> tuple[dict[str, int], dict[str, int]]:
        """Adds a model that is no graph; returns the nodes that it is entered and left by."""
        model = self._model
        recording, reason = self._recorded(model, [*([] if self._given is None else [self._given]), *stand_ins_of_build(model)])
        if recording is None:
            self._notes.append(f"{type(model).__name__} is a subclassed model: it tells its layers, but not how they are connected{reason}.")
            self._root()
            return {}, {}
        path = self._drafts.free(model.name)
        inside = {id(variable) for layer in call_graph.sublayers(model) for variable in layer.weights}
        root = -1
        if any(id(variable) not in inside for variable in model.weights):
            node = Described(Node(path=path, layer=path, call=0, class_=type(model).__name__), macs=recording.macs, edges_known=recording.is_whole)
            root = self._drafts.add(node, is_called=True)
            self._owner.update({id(variable): path for variable in model.weights})
        for child in call_graph.sublayers(model):
            self._held(child, "", root, is_told=True)
        entries, inputs = [], {}
        for name, tensor in names_of_given(model, recording.given):
            output = Output(_shape(tensor), _dtype(tensor))
            node = Described(
                Node(path=self._drafts.free_operation(name), layer="", call=0, class_="Input"),
                root,
                [output],
                macs=0,
                activation_bytes=bytes_of_outputs([output]),
            )
            inputs[name] = self._drafts.add(node, is_called=True)
            entries.append((inputs[name], 0))
        _, gives = self._wire(recording, entries, root)
        made = [maker for maker in gives if maker is not None]
        names = recording.names if len(recording.names) == len(gives) else call_graph.names_of([self._drafts.nodes[node].node.path for node, _ in made])
        kept = zip(recording.names, gives, strict=True) if len(recording.names) == len(gives) else zip(names, made, strict=True)
        return inputs, {name: maker[0] for name, maker in kept if maker is not None}

    def _wire(self, recording: Recording, entries: Sequence[Maker | None], node: int) -> tuple[set[int], list[Maker | None]]:
        if not recording.is_whole or not all(step.is_whole for step in recording.steps if step.is_open):
            self._notes.append("Some layers are called in loops or conditions: how these are connected is not told.")
        return wire(self._drafts, recording, entries, node, self._node_of)

    def _node_of(self, step: Step, around: int) -> int:
        """The node of a layer's call: that which it has already, or another one for another call."""
        node = self._uncalled.pop(id(step.layer), None)
        if node is None:
            return self._add(step.layer, self._drafts.nodes[around].node.path if around >= 0 else "", around)
        function = call_graph.function_of(step.layer)
        if function is not None and step.outputs and step.outputs[0].shape[:1] == (None,):
            # It was built by a batch, whose size it tells; but it takes any.
            self._drafts.forget(node, _shape(function.inputs[0])[0] if _shape(function.inputs[0]) else None)
        return node

    def _root(self) -> None:
        root = self._add(self._model, "", -1)
        for child in call_graph.sublayers(self._model):
            self._held(child, "", root)

    def _recorded(self, layer: Any, candidates: Iterable[Given]) -> tuple[Recording | None, str]:
        """What a layer calls, or why that is not known, as the end of a sentence."""
        if not self._runs_code:
            return None, ""
        if type(layer).call in (keras.Model.call, keras.layers.Layer.call):
            return None, ", since it has no call of its own"
        if keras.config.backend() != "tensorflow":
            return None, f", which is told with TensorFlow as Keras' backend alone, and not with {keras.config.backend()}"
        reason = ", since what it takes is not known"
        for i, given in enumerate(candidates):
            try:
                from writers.frameworks.keras.model.recorder import record

                return record(layer, given, self._is_closed), ""
            except Exception as error:  # the boundary: the code is the user's, and was not written for stand-ins
                if i == 0:
                    reason = f": its code, run with stand-ins for tensors, raised {type(error).__name__}: {_line_of(error):.200}"
        return None, reason

    def _is_closed(self, layer: Any) -> bool:
        """Whether a layer is told as one in a recording: one of Keras' own, one that holds none, and one whose inside is told elsewhere."""
        return not _is_users(layer) or not _children(layer) or id(layer) in self.path_of


def _line_of(error: Exception) -> str:
    """What an error says, without what Keras puts around it: in which call it was, and bold letters."""
    lines = [line.strip() for line in re.sub(r"\x1b\[[0-9;]*m", "", str(error)).splitlines() if line.strip()]
    return (lines[1:] if lines and lines[0].startswith("Exception encountered when calling") and len(lines) > 1 else [*lines, ""])[0]


def _is_users(layer: Any) -> bool:
    """Whether a layer is of somebody's own code, which can be run to see what it calls."""
    if not isinstance(layer, keras.layers.Layer) or call_graph.function_of(layer) is not None:
        return False
    return not is_of_keras(layer) or isinstance(layer, keras.layers.Lambda)


def names_of_given(layer: Any, given: Given) -> list[tuple[str, Any]]:
    """The tensors that a layer is given, in the order of `keras.tree.flatten`, by the names that its code or its caller has for them."""
    args, kwargs = given
    names = [name for name in inspect.signature(layer.call).parameters if name != "training"]
    named = dict(zip(names, args, strict=False)) | dict(sorted(kwargs.items()))
    found = []
    for name, content in named.items():
        paths = keras.tree.flatten(content)
        if isinstance(content, Mapping) and len(content) == len(paths):
            found += [(str(key), content[key]) for key in sorted(content)]
        else:
            found += [(name if len(paths) == 1 else f"{name}_{i}", tensor) for i, tensor in enumerate(paths)]
    return [(name, tensor) for name, tensor in found if isinstance(tensor, keras.KerasTensor)]


def _children(operation: Any) -> list[Any]:
    """The layers inside a layer that are worth a node: not a recurrent layer's only cell, which is what it is made of, unless that is made of others."""
    if not isinstance(operation, keras.layers.Layer):
        return []
    inside = call_graph.sublayers(operation)
    is_cell = len(inside) == 1 and inside[0] is getattr(operation, "cell", None) and not call_graph.sublayers(inside[0])
    return [] if is_cell else inside


def _config(operation: Any) -> dict[str, Any]:
    return differing(operation) if isinstance(operation, keras.layers.Layer) and call_graph.function_of(operation) is None else {}


def _shape(tensor: Any) -> Shape:
    shape = getattr(tensor, "shape", None)
    return () if shape is None else tuple(None if size is None else int(size) for size in shape)


def _dtype(tensor: Any) -> str:
    return str(keras.backend.standardize_dtype(tensor.dtype))
