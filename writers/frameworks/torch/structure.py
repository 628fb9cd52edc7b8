"""The modules of a PyTorch model as a tree, with the edges that `torch.fx` finds and the shapes that a batch showed."""

from __future__ import annotations

import inspect
from collections import Counter, defaultdict
from collections.abc import Container, Mapping

from torch import fx, nn

from tb_plugin.schema.json_fields import Json
from tb_plugin.schema.parameters import Parameters
from tb_plugin.schema.structure import Node, Structure
from writers import structure
from writers.frameworks.torch.parameters import modules_of
from writers.frameworks.torch.recording import Recording, Seen
from writers.frameworks.torch.traced import graph_of
from writers.structure import Described


def structure_of(model: nn.Module, parameters: Parameters, recording: Recording) -> Structure:
    """The structure of a model.

    Args:
        model: Unwrapped.
        parameters: Its axis.
        recording: What a batch showed.
    """
    notes = []
    try:
        graph: fx.Graph | None = graph_of(model)
    except Exception as error:  # its code is the user's, and was not written for stand-ins
        graph = None
        reason = (str(error).strip().splitlines() or [""])[0]
        notes.append(f"How the layers are connected could not be read by torch.fx: {type(error).__name__}: {reason:.200}")
    if not recording.calls:
        notes.append("Shapes are not known: no batch passed by that Layerscope could look at, as where the model is compiled.")
    tree = _Tree(model, recording.calls, has_root=graph is None)
    inputs, outputs = ({}, {}) if graph is None else tree.follow(graph)
    return tree.read(parameters, inputs, outputs, notes)


class _Tree:
    def __init__(self, model: nn.Module, seen: Mapping[int, list[Seen]], *, has_root: bool) -> None:
        self._model, self._seen, self._has_root = model, seen, has_root
        self._modules = dict(modules_of(model))
        self._first: dict[int, str] = {}  # of modules at several places, the first
        for path, module in self._modules.items():
            self._first.setdefault(id(module), path)
        self._nodes: dict[str, tuple[Node, Seen | None]] = {}
        self._inside: dict[str, list[str]] = defaultdict(list)  # what is in each node, in the order it is called
        self._node_of: dict[str, str] = {}  # the first node of each module, by its path
        self._calls: Counter[int] = Counter()
        self._edges: list[tuple[str, str, int]] = []
        self._followed: set[str] = set()
        if has_root:
            self._nodes[_ROOT] = Node(path=type(model).__name__, layer="", call=0, class_=type(model).__name__), self._call_of(model)

    def follow(self, graph: fx.Graph) -> tuple[dict[str, str], dict[str, str]]:
        """Adds what a graph calls, and its edges; returns which nodes the model is entered and left by."""
        made: dict[fx.Node, str] = {}
        inputs, outputs = {}, {}
        around: dict[str, str] = {}  # nodes of the modules that are gone through, by what fx calls each call of one
        for call in graph.nodes:
            before = [each for each in call.all_input_nodes if each in made]
            if call.op == "output":
                outputs = {f"output_{i}" if len(before) > 1 else "output": made[each] for i, each in enumerate(before)}
                continue
            if call.op == "get_attr":
                continue
            parent = _ROOT
            stack = [(key, path) for key, (path, _) in call.meta.get("nn_module_stack", {}).items() if path]
            for key, path in stack[:-1] if call.op == "call_module" else stack:
                if key not in around:
                    around[key] = self._module(path.replace(".", "/"), parent)
                parent = around[key]
            if call.op == "call_module":
                made[call] = self._module(str(call.target).replace(".", "/"), parent)
            else:
                made[call] = self._operation(call.name, _class_of(call), parent)
            if call.op == "placeholder":
                inputs[str(call.target)] = made[call]
            self._edges += [(made[each], made[call], slot) for slot, each in enumerate(before)]
        self._followed.update(around.values())
        return inputs, outputs

    def read(self, parameters: Parameters, inputs: Mapping[str, str], outputs: Mapping[str, str], notes: list[str]) -> Structure:
        """The whole; modules that nothing calls come last in the module around them."""
        for path in self._modules:
            if path and path not in self._node_of:
                self._module(path, self._node_of.get(path.rpartition("/")[0], _ROOT))
        order = [_ROOT] if self._has_root else []
        self._gather(_ROOT, order)
        place = {path: i for i, path in enumerate(order)}
        around = {child: place.get(parent, -1) for parent, children in self._inside.items() for child in children}
        return structure.of(
            [self._described(path, around.get(path, -1)) for path in order],
            edges=[(place[a], 0, place[b], slot) for a, b, slot in self._edges],
            source="torch",
            model=type(self._model).__name__,
            parameters=parameters,
            inputs={name: place[path] for name, path in inputs.items()},
            outputs={name: place[path] for name, path in outputs.items()},
            notes=notes,
        )

    def _module(self, path: str, parent: str) -> str:
        """Adds a call of the module at `path` to a node, and returns the path of its own."""
        module, name = self._modules[path], path.rpartition("/")[2]
        free = self._free(f"{parent}/{name}" if parent else name)
        call = self._calls[id(module)]
        self._add(
            Node(path=free, layer=self._first[id(module)], call=call, class_=type(module).__name__, config=_config(module)), parent, self._call_of(module)
        )
        self._calls[id(module)] += 1
        self._node_of.setdefault(path, free)
        return free

    def _operation(self, name: str, class_: str, parent: str) -> str:
        free = self._free(f"{parent}/{name}" if parent else name, taken=self._modules)
        self._add(Node(path=free, layer="", call=0, class_=class_), parent, None)
        return free

    def _add(self, node: Node, parent: str, seen: Seen | None) -> None:
        self._nodes[node.path] = node, seen
        self._inside[parent].append(node.path)

    def _call_of(self, module: nn.Module) -> Seen | None:
        seen = self._seen.get(id(module), [])
        return seen[min(self._calls[id(module)], len(seen) - 1)] if seen else None

    def _described(self, path: str, parent: int) -> Described:
        node, seen = self._nodes[path]
        is_known = path in self._followed or len(self._inside[path]) < 2
        if seen is None:
            return Described(node, parent, edges_known=is_known)
        return Described(node, parent, seen.outputs, seen.macs, seen.activation_bytes, edges_known=is_known)

    def _gather(self, parent: str, order: list[str]) -> None:
        for path in self._inside[parent]:
            order.append(path)
            self._gather(path, order)

    def _free(self, path: str, taken: Container[str] = ()) -> str:
        free, number = path, 1
        while free in self._nodes or free in taken:
            number += 1
            free = f"{path}#{number}"
        return free


_ROOT = ""


def _class_of(call: fx.Node) -> str:
    if call.op == "placeholder":
        return "Input"
    name = str(call.target if call.op == "call_method" else getattr(call.target, "__name__", call.target))
    return "".join(part.title() for part in name.split("_"))


def _config(module: nn.Module) -> dict[str, Json]:
    """The arguments of its class that differ from their defaults, as far as it keeps them by their names."""
    found: dict[str, Json] = {}
    for name, parameter in list(inspect.signature(type(module).__init__).parameters.items())[1:]:
        value = getattr(module, name, inspect.Parameter.empty)
        if name == "bias" and parameter.default is True:
            value = value is not None
        if isinstance(value, list | tuple) and all(isinstance(each, int | float | str) for each in value):
            value = list(value)
            if parameter.default in (value[:1] or [None])[0:1] and len(set(value)) == 1:
                continue
        if isinstance(value, int | float | str | list) and value != parameter.default:
            found[name] = value
    return found
