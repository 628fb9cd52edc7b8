"""The modules of a PyTorch model as a tree, with the edges that `torch.fx` finds and the shapes that a batch showed."""

from __future__ import annotations

import inspect
from collections import Counter, defaultdict
from collections.abc import Mapping

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
        self._calls: Counter[int] = Counter()
        self._edges: list[tuple[str, str, int]] = []
        self._followed: set[str] = set()
        if has_root:
            self._nodes[_ROOT] = Node(path=type(model).__name__, layer="", call=0, class_=type(model).__name__), self._call_of(model)

    def follow(self, graph: fx.Graph) -> tuple[dict[str, str], dict[str, str]]:
        """Adds what a graph calls, and its edges; returns which nodes the model is entered and left by."""
        made: dict[fx.Node, str] = {}
        inputs, outputs = {}, {}
        for call in graph.nodes:
            around = [path.replace(".", "/") for path in call.meta.get("nn_module_stack", {}) if path]
            if call.op == "output":
                ends = [end for end in call.all_input_nodes if end in made]
                outputs = {f"output_{i}" if len(ends) > 1 else "output": made[end] for i, end in enumerate(ends)}
                continue
            if call.op == "get_attr":
                continue
            if call.op == "call_module":
                path = self._module(str(call.target).replace(".", "/"))
                around = around[:-1]
            else:
                name = "input" if call.op == "placeholder" else call.target if call.op == "call_method" else getattr(call.target, "__name__", str(call.target))
                path = self._operation(call.name, "".join(part.title() for part in str(name).split("_")), around[-1] if around else _ROOT)
            if call.op == "placeholder":
                inputs[str(call.target)] = path
            self._followed.update(around)
            made[call] = path
            self._edges += [(made[each], path, slot) for slot, each in enumerate(e for e in call.all_input_nodes if e in made)]
        return inputs, outputs

    def read(self, parameters: Parameters, inputs: Mapping[str, str], outputs: Mapping[str, str], notes: list[str]) -> Structure:
        """The whole; modules that nothing calls come last in the module around them."""
        for path in self._modules:
            if path and path not in self._nodes:
                self._module(path)
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

    def _module(self, path: str) -> str:
        """Adds a call of a module, within the module around it."""
        module, parent = self._modules[path], path.rpartition("/")[0]
        if parent and parent not in self._nodes:
            self._module(parent)
        call = self._calls[id(module)]
        free = self._free(path)
        self._nodes[free] = (
            Node(path=free, layer=self._first[id(module)], call=call, class_=type(module).__name__, config=_config(module)),
            self._call_of(module),
        )
        self._calls[id(module)] += 1
        self._inside[parent].append(free)
        return free

    def _operation(self, name: str, class_: str, parent: str) -> str:
        if parent and parent not in self._nodes:
            self._module(parent)
        free = self._free(f"{parent}/{name}" if parent else name)
        self._nodes[free] = Node(path=free, layer="", call=0, class_=class_), None
        self._inside[parent].append(free)
        return free

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

    def _free(self, path: str) -> str:
        free, number = path, 1
        while free in self._nodes:
            number += 1
            free = f"{path}#{number}"
        return free


_ROOT = ""


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
