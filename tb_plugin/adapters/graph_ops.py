"""A graph with its functions → one flat list of operations, each with who makes what it takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tensorboard.compat.proto import types_pb2

from tb_plugin.adapters.graph_bytes import MOST_NODES, Function, Graph

Shape = tuple[int | None, ...]

ARGUMENT, RETURN = "_FunctionArgument", "_FunctionReturn"
"""Operations that stand for what goes into a function that is opened, and what comes out; they hand on their inputs."""

_DEEPEST = 24
_MOST_SLOTS = 10_000
_LARGEST_SIZE = 2**31

# Attributes that name the functions which a call, a loop or a branch runs. What decides whether a loop goes on is no part of the way.
_RUNS = ("f", "body", "then_branch", "else_branch")
_BACKWARD = "__backward_"


@dataclass(slots=True)
class Op:
    """An operation.

    Attributes:
        name: Its name with its scopes, `encoder/dense/MatMul`; that of an operation in a function stands below the scope of the call.
        kind: What it does: `MatMul`.
        inputs: For each tensor that it takes the operation that makes it, and its output.
        node: Its `NodeDef`; None where it is a function's argument or return.
    """

    name: str
    kind: str
    inputs: list[tuple[int, int]]
    node: Any

    def shape(self, slot: int) -> Shape | None:
        """Shape of an output, None for sizes that are not known; None where the log does not tell."""
        shapes = _attribute(self.node, "_output_shapes")
        told = list(shapes.list.shape) if shapes is not None else []
        return shape_of(told[slot]) if slot < len(told) else None

    def own_shape(self, attribute: str) -> Shape | None:
        """A shape that stands in an attribute."""
        told = _attribute(self.node, attribute)
        if told is None:
            return None
        return shape_of(told.shape if told.WhichOneof("value") == "shape" else next(iter(told.list.shape), None))

    def dtype(self, *attributes: str) -> str | None:
        """A type that one of some attributes tells: `float32`."""
        for attribute in attributes:
            told = _attribute(self.node, attribute)
            number = 0 if told is None else told.type or next(iter(told.list.type), 0)
            if number:
                return dtype_of(number)
        return None

    def text(self, attribute: str) -> str:
        """A text that stands in an attribute."""
        told = _attribute(self.node, attribute)
        return "" if told is None else bytes(told.s).decode(errors="replace")


@dataclass(frozen=True)
class Ops:
    """The operations of a graph.

    Attributes:
        ops: In the order in which they were written, those of functions last.
        is_whole: Whether all of the graph is there.
        backward: How many calls run a function that only computes gradients; these are not opened.
    """

    ops: Sequence[Op]
    is_whole: bool
    backward: int = 0


def shape_of(told: Any) -> Shape | None:
    """A `TensorShapeProto`."""
    if told is None or told.unknown_rank:
        return None
    return tuple(dim.size if 0 <= dim.size <= _LARGEST_SIZE else None for dim in told.dim)


def dtype_of(number: int) -> str | None:
    """The name of a `DataType`; the same for a reference to it, as TF1's variables are."""
    try:
        name = str(types_pb2.DataType.Name(number % 100))
    except ValueError:
        return None
    name = name.removeprefix("DT_").lower()
    return {"float": "float32", "double": "float64", "half": "float16"}.get(name, name)


def flat(graph: Graph) -> Ops:
    """Opens each function where it is called first."""
    opener = _Opener(graph)
    opener.add(graph.nodes, "", {})
    while opener.waiting:
        opener.open(*opener.waiting.pop())
    opener.followed()
    return Ops(opener.ops, opener.is_whole, opener.backward)


class _Opener:
    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._opened: set[str] = set()
        self._left: dict[int, list[int]] = {}  # of each operation that was opened what comes out of it
        self.ops: list[Op] = []
        self.waiting: list[tuple[int, Sequence[str], int]] = []
        self.is_whole = graph.is_whole
        self.backward = 0

    def add(self, nodes: Sequence[Any], prefix: str, given: dict[str, int], depth: int = 0) -> dict[str, int]:
        """Adds the operations of a graph or of a function's body; returns which of them has which name."""
        named = dict(given)
        first = len(self.ops)
        for node in nodes:
            if len(self.ops) >= MOST_NODES:
                self.is_whole = False
                break
            named.setdefault(node.name, len(self.ops))
            runs = self._runs(node)
            if any(_BACKWARD in each for each in runs):
                self.backward += 1
            elif runs and depth < _DEEPEST:
                self.waiting.append((len(self.ops), runs, depth + 1))
            self.ops.append(Op(prefix + node.name, node.op, [], node if prefix or depth else self._graph.arguments.get(node.name, node)))
        for op, node in zip(self.ops[first:], nodes, strict=False):
            op.inputs = [ref for text in node.input if (ref := self._ref(text, named)) is not None]
        return named

    def open(self, place: int, runs: Sequence[str], depth: int) -> None:
        """Puts the body of what an operation runs behind it, once a function."""
        call = self.ops[place]
        scope = call.name.rpartition("/")[0]
        prefix = f"{scope}/" if scope else ""
        left: list[list[tuple[int, int]]] = []
        for name in runs:
            function = None if name in self._opened else self._graph.function(name)
            if function is None:
                continue
            self._opened.add(name)
            for slot, ref in enumerate(self._body(call, function, prefix, depth)):
                left += [[] for _ in range(slot + 1 - len(left))]
                left[slot] += [] if ref is None else [ref]
        if left:
            self._left[place] = [self._put(Op(call.name, RETURN, refs, None)) for refs in left]
            # Its consumers take what the body makes; itself it computes nothing.
            call.kind = RETURN

    def _body(self, call: Op, function: Function, prefix: str, depth: int) -> list[tuple[int, int] | None]:
        """Adds a function's body; what it returns, in order. A branch is given all but the first input of its `If`, the condition."""
        inputs = call.inputs[len(call.inputs) - len(function.inputs) :] if len(call.inputs) > len(function.inputs) else call.inputs
        given = {}
        for name, ref in zip(function.inputs, inputs, strict=False):
            given[name] = self._put(Op(prefix + name, ARGUMENT, [ref], None))
        named = self.add(function.nodes, prefix, given, depth)
        return [self._ref(function.returns.get(name, ""), named) for name in function.outputs]

    def _put(self, op: Op) -> int:
        self.ops.append(op)
        return len(self.ops) - 1

    def _runs(self, node: Any) -> list[str]:
        names = [each.func.name for name in _RUNS if (each := _attribute(node, name)) is not None and each.func.name]
        branches = _attribute(node, "branches")
        names += [each.name for each in branches.list.func] if branches is not None else []
        return [name for name in ([node.op, *names] if node.op in self._graph.library else names) if name in self._graph.library]

    def _ref(self, text: str, named: dict[str, int]) -> tuple[int, int] | None:
        """`name`, `name:1`, or in a function `name:output:0`; `^name` tells only of order."""
        if not text or text[0] == "^":
            return None
        found, slot = named.get(text), 0
        if found is None:
            name, *rest = text.split(":")
            found = named.get(name)
            slot = int(rest[-1]) if rest and rest[-1].isascii() and rest[-1].isdecimal() and len(rest[-1]) < 6 else 0
            if len(rest) == 2 and found is not None:
                slot = _slot(self.ops[found].kind, rest[0], slot)
        return None if found is None else (found, min(slot, _MOST_SLOTS))

    def followed(self) -> None:
        """Leads those who take from an operation that was opened to what comes out of its body."""
        for op in self.ops:
            op.inputs = [self._out(*ref) for ref in op.inputs]

    def _out(self, place: int, slot: int) -> tuple[int, int]:
        left = self._left.get(place)
        return (place, slot) if left is None or slot >= len(left) else (left[slot], 0)


# In functions outputs are told by name. Of what has several, all in TensorFlow's own order.
_OUTPUTS = {
    "FusedBatchNorm": ("y", "batch_mean", "batch_variance", "reserve_space_1", "reserve_space_2", "reserve_space_3"),
    "Unique": ("y", "idx", "count"),
    "TopK": ("values", "indices"),
    "Switch": ("output_false", "output_true"),
    "Moments": ("mean", "variance"),
}


def _slot(kind: str, output: str, index: int) -> int:
    names = next((names for start, names in _OUTPUTS.items() if kind.startswith(start)), ())
    return names.index(output) + index if output in names else index


def _attribute(node: Any, name: str) -> Any:
    return node.attr[name] if node is not None and name in node.attr else None
