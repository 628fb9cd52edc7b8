"""`graph_keras_model`, the JSON that Keras' own callback logs of a model → kinds `structure` and `parameters`."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from tb_plugin.adapters.keras_calls import Call, Output, calls_in, outputs_told
from tb_plugin.adapters.keras_config import differing, dtypes_of
from tb_plugin.adapters.keras_json import BadModel, Layer, Model, Reference, Shape, parse
from tb_plugin.adapters.keras_layers import Told
from tb_plugin.adapters.keras_shapes import output_shape, state_shapes
from tb_plugin.adapters.keras_weights import Weight, multiply_adds, weights
from tb_plugin.schema.parameters import Parameter, Parameters
from tb_plugin.schema.structure import Node, Structure

_LARGEST = 2**53  # what a double, and so the page, tells exactly
_MOST_NOTES = 50
_BYTES = {"float64": 8, "int64": 8, "float32": 4, "int32": 4, "float16": 2, "bfloat16": 2, "int8": 1, "uint8": 1, "bool": 1}


def structure_of(text: str | bytes) -> Structure:
    """The layers of a model, with its parameters in memory.

    Shapes come from the log where it tells them, else from the layers' own rules; what neither tells is unknown, and
    said in `notes`.

    Raises:
        BadModel: The text is not a Keras model's JSON.
    """
    model = parse(text)
    try:
        return _Builder(model).structure()
    except ValueError as error:  # names, sizes or references that no payload may have
        raise error if isinstance(error, BadModel) else BadModel(f"{error}") from error


@dataclass
class _Place:
    """One node, and what is known of it."""

    node: Node
    parent: int
    edges_known: bool
    outputs: list[Output] = field(default_factory=list)
    macs: int | None = None


@dataclass
class _Builder:
    """Goes down the layers and notes nodes, edges and parameters in the order in which a payload wants them."""

    model: Model
    places: list[_Place] = field(default_factory=list)
    edges: list[tuple[int, int, int, int]] = field(default_factory=list)
    parameters: list[tuple[Parameter, tuple[int, ...]]] = field(default_factory=list)
    left: dict[str, list[Output]] = field(default_factory=dict)
    silent: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def structure(self) -> Structure:
        """The whole, once every layer was gone through."""
        root = self.model.root
        made = self.scope(root, "", -1, None)
        if root.form == "sequential":
            inputs = {self.places[0].node.path: 0}
            outputs = {self.places[made.last].node.path: made.last}
        else:
            inputs = {name: node for name, ref in root.inputs.items() if (node := made.node(ref)) is not None}
            outputs = {name: node for name, ref in root.outputs.items() if (node := made.node(ref)) is not None}
        for class_, layer in sorted(self.silent.items()):
            self.notes.append(f"The weights of {class_} are not told by this log (first: {layer}).")
        places = self.places
        flat = [output for place in places for output in place.outputs]
        dtypes = tuple(sorted({dtype for _, dtype in flat if dtype is not None}))
        return Structure(
            source="keras_json_2" if self.model.keras == 2 else "keras_json_3",
            model=root.name,
            parameters=self.payload(),
            nodes=tuple(place.node for place in places),
            inputs=inputs,
            outputs=outputs,
            dtypes=dtypes,
            notes=tuple(dict.fromkeys(self.notes))[:_MOST_NOTES],
            parent=np.array([place.parent for place in places], np.int64),
            edge=np.array(self.edges, np.int64).reshape(-1, 4),
            output_end=np.cumsum([len(place.outputs) for place in places], dtype=np.int64),
            shape=np.array([-1 if n is None or n >= _LARGEST else n for shape, _ in flat for n in shape], np.int64),
            shape_end=np.cumsum([len(shape) for shape, _ in flat], dtype=np.int64),
            dtype=np.array([-1 if dtype is None else dtypes.index(dtype) for _, dtype in flat], np.int64),
            macs=np.array([-1 if place.macs is None or place.macs >= _LARGEST else place.macs for place in places], np.int64),
            activation_bytes=np.array([_bytes(place.outputs) for place in places], np.int64),
            edges_known=np.array([place.edges_known for place in places], bool),
        )

    def payload(self) -> Parameters:
        """The parameters, in the order of the layers."""
        shapes = [shape for _, shape in self.parameters]
        return Parameters(
            parameters=tuple(parameter for parameter, _ in self.parameters),
            shape=np.array([n for shape in shapes for n in shape], np.int64),
            shape_end=np.cumsum([len(shape) for shape in shapes], dtype=np.int64),
        )

    def scope(self, outer: Layer, path: str, parent: int, entering: Shape | None) -> _Made:
        """The nodes and edges of a model's layers. What it takes itself has the shape `entering`, where nothing else tells it."""
        made, told = _Made(), outputs_told(outer)
        layers = {layer.name: layer for layer in outer.children}
        if len(layers) < len(outer.children):
            raise BadModel(f"two layers of {outer.name!r:.80} have the same name")
        calls = calls_in(outer)
        if calls.cyclic:
            self.notes.append(f"The calls in {path or outer.name} go round in a circle; their order is as written.")
        for name, call in calls.order:
            refs = calls.takes.get((name, call), ())
            given = [made.shape(ref) for ref in refs] if refs else [entering]
            node = self.call(layers[name], call, f"{path}/{name}" if path else name, parent, given, told.get((name, call), {}))
            made.put((name, call), node, self.places[node].outputs)
        for (name, call), refs in calls.takes.items():
            for slot, ref in enumerate(refs):
                source = made.node(ref)
                if source is None:
                    self.notes.append(f"{name} takes {ref.layer} (call {ref.call}), which this log does not tell.")
                else:
                    self.edges.append((source, ref.slot, made.nodes[name, call], slot))
        return made

    def call(self, layer: Layer, call: int, path: str, parent: int, given: Sequence[Shape | None], told: Mapping[int, Output]) -> int:
        """One call of a layer: its node; with its first call what it holds, too.

        Args:
            layer: What is called.
            call: Which of its calls.
            path: Of the layer.
            parent: The node that holds it.
            given: Shapes of what it takes.
            told: Outputs, by slot, that the log tells.
        """
        index = len(self.places)
        compute, _ = dtypes_of(layer.config)
        node = Node(
            path=path if call == 0 else f"{path}#{call + 1}",
            layer="" if layer.form == "operation" else path,
            call=call,
            class_=layer.class_,
            config=differing(layer.config),
        )
        place = _Place(node, parent, edges_known=layer.form != "wrapper" or len(layer.children) < 2)
        self.places.append(place)
        described = Told(layer.class_, layer.config, given, layer.build, self.model.keras)
        inner = self.inside(layer, call, path, index, described.input)
        found = _weights_of(layer, described)
        if call == 0:
            self.own(layer, path, found)
        shape = output_shape(described)
        place.outputs = _overruled(inner or ([(each, compute) for each in (shape, *state_shapes(described))] if shape is not None else []), told)
        if not layer.children:
            place.macs = multiply_adds(described, place.outputs[0][0] if place.outputs else None, found)
        return index

    def inside(self, layer: Layer, call: int, path: str, index: int, entering: Shape | None) -> Sequence[Output]:
        """What leaves the layers that a layer holds; they are gone through with its first call."""
        if not layer.children:
            return []
        if call == 0:
            self.left[path] = self.scope(layer, path, index, _inside(layer, entering)).leaving(layer, entering)
        return self.left.get(path, [])

    def own(self, layer: Layer, path: str, found: Sequence[Weight] | None) -> None:
        """Notes the weights of a layer as parameters, or that the log does not tell them."""
        if found is None:
            self.silent.setdefault(layer.class_, path)
        _, dtype = dtypes_of(layer.config)
        frozen = layer.config.get("trainable") is False
        for name, shape, role in found or ():
            full = f"{path}/{name}"
            told = Parameter(path=full, variable_path=full, layer=path, dtype=dtype, role="frozen" if frozen and role == "trainable" else role)
            self.parameters.append((told, shape))


@dataclass
class _Made:
    """The nodes of one scope, by call."""

    nodes: dict[Call, int] = field(default_factory=dict)
    outputs: dict[Call, list[Output]] = field(default_factory=dict)
    last: int = -1

    def put(self, call: Call, node: int, outputs: list[Output]) -> None:
        """Notes the node of a call."""
        self.nodes[call], self.outputs[call], self.last = node, outputs, node

    def node(self, ref: Reference) -> int | None:
        """The node that makes a tensor."""
        return self.nodes.get((ref.layer, ref.call))

    def shape(self, ref: Reference) -> Shape | None:
        """Shape of a tensor, as the log tells it or as its maker's rule does."""
        if ref.shape is not None:
            return ref.shape
        made = self.outputs.get((ref.layer, ref.call), [])
        return made[ref.slot][0] if ref.slot < len(made) else None

    def leaving(self, outer: Layer, entering: Shape | None) -> list[Output]:
        """What the scope's model or wrapper puts out, where that is known of each of its outputs."""
        if outer.form == "functional":
            found = [self.outputs.get((ref.layer, ref.call), [])[ref.slot : ref.slot + 1] for ref in outer.outputs.values()]
            return [output for one in found for output in one] if all(found) else []
        made = list(self.outputs.values())
        if not made or not made[0] or not made[-1]:
            return []
        return made[-1][:1] if outer.form == "sequential" else _wrapped(outer, entering, *made[0][0])


def _overruled(known: Sequence[Output], told: Mapping[int, Output]) -> list[Output]:
    """Outputs by the layer's rule, or as the log tells them; unknown ones before a told one have no axes."""
    size = max(len(known), max(told, default=-1) + 1)
    return [told.get(slot, known[slot] if slot < len(known) else ((), None)) for slot in range(size)]


def _weights_of(layer: Layer, described: Told) -> list[Weight] | None:
    """Of the layer itself, without its children; None where the log does not tell."""
    if layer.form in ("functional", "sequential", "operation"):
        return []
    return weights(described)


def _inside(layer: Layer, shape: Shape | None) -> Shape | None:
    """Shape that a wrapped layer sees: without the axis of time for TimeDistributed."""
    return (shape[0], *shape[2:]) if layer.class_ == "TimeDistributed" and shape is not None and len(shape) > 2 else shape


def _wrapped(outer: Layer, entering: Shape | None, shape: Shape, dtype: str | None) -> list[Output]:
    """What a wrapper makes of its first layer's output."""
    if outer.class_ == "SpectralNormalization":
        return [(shape, dtype)]
    if outer.class_ == "TimeDistributed" and entering is not None and len(entering) > 1:
        return [((shape[0], entering[1], *shape[1:]), dtype)]
    if outer.class_ == "Bidirectional" and shape:
        size = shape[-1]
        doubled = 2 * size if outer.config.get("merge_mode", "concat") == "concat" and size is not None else size
        return [((*shape[:-1], doubled), dtype)]
    return []


def _bytes(outputs: Sequence[Output]) -> int:
    total = 0
    for shape, dtype in outputs:
        sizes = [n for n in shape[1:] if n is not None]
        if len(sizes) < len(shape) - 1 or dtype not in _BYTES or not shape:
            return -1
        total += math.prod(sizes) * _BYTES[dtype]
    return total if outputs and total < _LARGEST else -1
