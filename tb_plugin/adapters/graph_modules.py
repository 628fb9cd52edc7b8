"""Operations in scopes → the payload `structure`: layers with what they keep, and what goes from one to the next."""

from __future__ import annotations

import heapq
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

import numpy as np

from tb_plugin.adapters.graph_kinds import CONTRACTS, main_kind, told_of
from tb_plugin.adapters.graph_ops import Shape
from tb_plugin.schema.parameters import Parameter, Parameters, Role
from tb_plugin.schema.structure import Node, Source, Structure

Scope: TypeAlias = tuple[str, ...]
Home: TypeAlias = "Scope | int"
"""A node: a scope, or an operation by its place."""
Tensor: TypeAlias = tuple[int, int]
"""An operation's output."""
Told: TypeAlias = tuple[Shape, "str | None"]
"""What is known of it."""

MOST_DEEP = 40
"""Scopes deeper than that are one with the scope around them."""

_MOST_ALONE = 20_000
_MOST_MAKERS = 1_000  # of what one operation gathers and hands on
_MOST_NOTES = 50
_NUMBERED = re.compile(r"_\d+$")
_KERNELS = ("kernel", "weight", "weights")

Part = Literal["work", "input", "output", "passes", "hands on", "value", "gone"]
"""What an operation is in the picture: it computes; the model is entered or left by it; it only passes on what it takes, which
matters where a layer does nothing else; it stands for nothing; it is made of parameters alone; it does not belong to the model."""


@dataclass(slots=True)
class Placed:
    """An operation and its part.

    Attributes:
        scope, name: Where it stands.
        kind: What it does.
        inputs: Operation and output that it takes.
    """

    scope: Scope
    name: str
    kind: str
    part: Part
    inputs: Sequence[Tensor]


@dataclass(frozen=True)
class Array:
    """A parameter.

    Attributes:
        scope: Who owns it; empty where it stands in none.
        shape: None where the graph does not tell it whole.
        user: An operation that takes it, which owns it where no scope does.
    """

    scope: Scope
    name: str
    shape: tuple[int, ...] | None
    dtype: str
    role: Role = "trainable"
    user: int | None = None


@dataclass(frozen=True)
class Read:
    """What was read of a graph.

    Attributes:
        ops: Its operations.
        arrays: Its parameters.
        output: Shape and type of an operation's output, each None where it is not told.
        classes: Of scopes that are known to be layers their class.
    """

    ops: Sequence[Placed]
    arrays: Sequence[Array]
    output: Callable[[int, int], tuple[Shape | None, str | None]]
    classes: Mapping[Scope, str] = field(default_factory=dict)


def structure_from(read: Read, *, source: Source, model: str, known: Set[str] = frozenset(), notes: Iterable[str] = ()) -> Structure:
    """The layers of a graph.

    A scope that holds layers is a node around them. A layer is a scope that owns parameters, or one beside such; whatever
    stands in it is a part of it. An operation between layers is a node of its own.

    Args:
        read: The graph.
        source, notes: As in `Structure`.
        model: What the model is called where no scope is around all of it.
        known: Paths of layers. `dense_1` is `dense` where that one is known and the other is not: Keras numbers the calls so.
    """
    return _Builder(read, known).structure(source, model, tuple(notes))


class _Builder:
    def __init__(self, read: Read, known: Set[str]) -> None:
        self._read = read
        self._known = {"/".join(parts[: k + 1]) for parts in (path.split("/") for path in known) for k in range(len(parts))}
        self._holders = _holders(read)
        self._homes = [self._home(place, op) for place, op in enumerate(read.ops)]
        self._notes: list[str] = []
        self._kinds: dict[Home, list[str]] = {}
        self._last: dict[Home, Tensor] = {}
        self._made_by: dict[int, Sequence[Tensor]] = {}

    def structure(self, source: Source, model: str, notes: Sequence[str]) -> Structure:
        """The whole."""
        self._leave_out_most_alone()
        for place, (home, op) in enumerate(zip(self._homes, self._read.ops, strict=True)):
            if home is not None:
                self._kinds.setdefault(home, []).append(op.kind)
                self._last[home] = place, 0
        nodes = self._nodes()
        edges, left = self._edges()
        root = self._root(nodes)
        parents = self._parents(nodes, root)
        order = _ordered(nodes, parents, edges)
        index = {home: at for at, home in enumerate(order)}
        layers = {home: self._layer(home, root) for home in order}
        paths = self._paths(order, layers)
        calls = _calls(order, layers)
        outputs = {home: self._outputs(home, left.get(home, {})) for home in order}
        flat = [output for home in order for output in outputs[home][0]]
        dtypes = tuple(sorted({dtype for _, dtype in flat if dtype is not None}))
        taken: dict[Home, int] = {}
        edge = []
        for maker, tensor, user in edges:
            slot = taken[user] = taken.get(user, -1) + 1
            edge.append((index[maker], outputs[maker][1].get(tensor, 0), index[user], slot))
        owners = {self._owner(array) for array in self._read.arrays}
        return Structure(
            source=source,
            model=root[-1] if root else model,
            parameters=self._parameters(index, {home: paths[home] if isinstance(home, int) else layers[home] for home in order}),
            nodes=tuple(self._node(home, paths[home], layers[home], calls[home], home in owners) for home in order),
            inputs=self._ends("input", index),
            outputs=self._ends("output", index),
            dtypes=dtypes,
            notes=(*notes, *self._notes)[:_MOST_NOTES],
            parent=np.array([index.get(parents[home], -1) for home in order], np.int64),
            edge=np.array(edge, np.int64).reshape(-1, 4),
            output_end=np.cumsum([len(outputs[home][0]) for home in order], dtype=np.int64),
            shape=np.array([-1 if size is None else size for shape, _ in flat for size in shape], np.int64),
            shape_end=np.cumsum([len(shape) for shape, _ in flat], dtype=np.int64),
            dtype=np.array([-1 if dtype is None else dtypes.index(dtype) for _, dtype in flat], np.int64),
            macs=np.full(len(order), -1, np.int64),
            activation_bytes=np.full(len(order), -1, np.int64),
            edges_known=np.ones(len(order), bool),
        )

    def _home(self, place: int, op: Placed) -> Home | None:
        """The node that an operation is a part of: a layer's scope, or its own place; None where it has no box."""
        if op.part not in ("work", "input", "passes"):
            return None
        deep = next((deep for deep in range(len(op.scope) + 1) if op.scope[:deep] not in self._holders), None)
        if op.part == "input" or deep is None:
            return None if op.part == "passes" else place
        return op.scope[:deep]

    def _leave_out_most_alone(self) -> None:
        alone = [place for place, home in enumerate(self._homes) if isinstance(home, int) and self._read.ops[place].part != "input"]
        if len(alone) > _MOST_ALONE:
            self._notes.append(f"{len(alone)} operations outside of all layers are not drawn; what passes through them is.")
            for place in alone:
                self._homes[place] = None

    def _nodes(self) -> list[Home]:
        """All nodes, by the first operation in each."""
        found: dict[Home, None] = {}
        for home in (*(home for home in self._homes if home is not None), *(self._owner(array) for array in self._read.arrays)):
            scope = self._read.ops[home].scope if isinstance(home, int) else home[:-1]
            found.update(dict.fromkeys(scope[:deep] for deep in range(1, len(scope) + 1)))
            found[home] = None
        return list(found)

    def _owner(self, array: Array) -> Home:
        """The node that owns a parameter: its scope, or the operation that takes one that stands in none, or else itself."""
        user = None if array.user is None else self._homes[array.user]
        return array.scope or user or (array.name,)

    def _edges(self) -> tuple[list[tuple[Home, Tensor, Home]], dict[Home, dict[Tensor, None]]]:
        """Each tensor that goes from one node to another, once; and what leaves each node."""
        edges: dict[tuple[Home, Tensor, Home], None] = {}
        left: dict[Home, dict[Tensor, None]] = {}
        for home, op in zip(self._homes, self._read.ops, strict=True):
            if home is None:
                continue
            for tensor in (tensor for given in op.inputs for tensor in self._makers(given)):
                maker = self._homes[tensor[0]]
                if maker is not None and maker != home:
                    left.setdefault(maker, {})[tensor] = None
                    edges[maker, tensor, home] = None
        return list(edges), left

    def _makers(self, tensor: Tensor) -> Sequence[Tensor]:
        """Where a tensor comes from: through all operations that have no box."""
        if self._homes[tensor[0]] is not None:
            return [tensor]
        stack, visiting = [tensor[0]], set[int]()
        while stack:
            place = stack[-1]
            op = self._read.ops[place]
            if place in self._made_by:
                stack.pop()
                continue
            if op.part in ("value", "gone"):
                self._made_by[place] = ()
                continue
            visiting.add(place)
            waits = [maker for maker, _ in op.inputs if self._homes[maker] is None and maker not in self._made_by and maker not in visiting]
            if waits:
                stack += waits
                continue
            found: dict[Tensor, None] = {}
            for given in op.inputs:
                found.update(dict.fromkeys([given] if self._homes[given[0]] is not None else self._made_by.get(given[0], ())))
            self._made_by[place] = list(found)[:_MOST_MAKERS]
        return self._made_by[tensor[0]]

    def _root(self, nodes: Sequence[Home]) -> Scope:
        """The scope of the model itself, which has no box: the only one that holds layers, where it owns nothing."""
        tops = {array.scope[:1] for array in self._read.arrays} or {home[:1] for home in nodes if not isinstance(home, int)}
        root = next(iter(tops), ())
        return root if len(tops) == 1 and root in self._holders and all(array.scope != root for array in self._read.arrays) else ()

    def _parents(self, nodes: Iterable[Home], root: Scope) -> dict[Home, Scope]:
        """The node around each; empty at the top, and in the root."""
        around = {home: self._read.ops[home].scope if isinstance(home, int) else home[:-1] for home in nodes}
        return {home: () if parent == root else parent for home, parent in around.items() if home != root}

    def _layer(self, home: Home, root: Scope) -> str:
        """Path of a node's layer below the model itself; of an operation its own."""
        scope = (*self._read.ops[home].scope, self._read.ops[home].name) if isinstance(home, int) else home
        parts = scope[len(root) :] if scope[: len(root)] == root else scope
        if not self._known or isinstance(home, int):
            return "/".join(parts)
        told: list[str] = []
        inside = [_NUMBERED.sub("", part) for part in root]
        for part in parts:
            options = (part, _NUMBERED.sub("", part))
            told.append(next((each for each in options if {"/".join((*told, each)), "/".join((*inside, *told, each))} & self._known), part))
        return "/".join(told)

    def _paths(self, order: Sequence[Home], layers: Mapping[Home, str]) -> dict[Home, str]:
        """A path of its own for each node. Layers keep theirs before operations do."""
        taken: set[str] = set()
        return {home: _free(layers[home], taken) for home in sorted(order, key=lambda home: isinstance(home, int))}

    def _outputs(self, home: Home, left: Mapping[Tensor, None]) -> tuple[list[Told], dict[Tensor, int]]:
        """What leaves a node, as far as its shape is known, and at which place each tensor does. Where nobody takes any, what it makes last."""
        tensors = list(left) or ([self._last[home]] if home in self._last else [])
        shapes = {tensor: self._read.output(*tensor) for tensor in tensors}
        known = [(tensor, (shape, dtype)) for tensor, (shape, dtype) in shapes.items() if shape is not None]
        unknown = [tensor for tensor, (shape, _) in shapes.items() if shape is None]
        return [told for _, told in known], {tensor: place for place, tensor in enumerate([*(tensor for tensor, _ in known), *unknown])}

    def _node(self, home: Home, path: str, layer: str, call: int, is_owner: bool) -> Node:
        if isinstance(home, int):
            op = self._read.ops[home]
            return Node(path, path if is_owner else "", 0, "Input" if op.part == "input" else op.kind)
        class_ = self._read.classes.get(home)
        if home in self._holders:
            return Node(path, layer, call, class_ or "Scope")
        kinds = self._kinds.get(home, [])
        return Node(path, layer, call, class_ or main_kind(kinds), told_of(kinds))

    def _parameters(self, index: Mapping[Home, int], layers: Mapping[Home, str]) -> Parameters:
        """The parameters by their layers, in each the kernel first, and those that follow the data last."""
        rows: list[tuple[Parameter, tuple[int, ...]]] = []
        taken: set[str] = set()

        def place(array: Array) -> tuple[int, bool, bool, str]:
            follows = array.role == "statistic"
            return index[self._owner(array)], follows, array.name not in _KERNELS, array.name if follows else ""

        for array in sorted(self._read.arrays, key=place):
            layer = layers[self._owner(array)]
            named = "/".join((*array.scope, array.name))
            dtype = array.dtype if array.shape is not None else ""
            rows.append((Parameter(_free(f"{layer}/{array.name}", taken), named, layer, dtype, array.role), array.shape or ()))
        return Parameters(
            parameters=tuple(row for row, _ in rows),
            shape=np.array([size for _, shape in rows for size in shape], np.int64),
            shape_end=np.cumsum([len(shape) for _, shape in rows], dtype=np.int64),
        )

    def _ends(self, part: Part, index: Mapping[Home, int]) -> dict[str, int]:
        """The nodes by which the model is entered or left, by name."""
        found: dict[str, int] = {}
        taken: set[str] = set()
        for place, op in enumerate(self._read.ops):
            if op.part == part:
                tensors = [(place, 0)] if part == "input" else [tensor for given in op.inputs for tensor in self._makers(given)]
                homes = dict.fromkeys(home for maker, _ in tensors if (home := self._homes[maker]) is not None)
                for home in homes:
                    found[_free(op.name, taken)] = index[home]
        return found


def _holders(read: Read) -> Set[Scope]:
    """Scopes that hold layers: what is around those that own parameters, or are known to be layers, or else sum products."""
    layers = {array.scope for array in read.arrays} | set(read.classes)
    if not layers:
        layers = {op.scope for op in read.ops if op.part == "work" and CONTRACTS.fullmatch(op.kind)}
        layers = layers or {op.scope[:2] for op in read.ops if op.part == "work"}
    return {layer[:deep] for layer in layers for deep in range(len(layer))} | {()}


def _calls(order: Sequence[Home], layers: Mapping[Home, str]) -> dict[Home, int]:
    """How many nodes before each are of the same layer."""
    calls: dict[Home, int] = {}
    seen: Counter[str] = Counter()
    for home in order:
        if not isinstance(home, int):
            calls[home] = seen[layers[home]]
            seen[layers[home]] += 1
    return {home: calls.get(home, 0) for home in order}


def _free(path: str, taken: set[str]) -> str:
    """The path, or the next one like it that is not taken; takes it."""
    free, number = path, 1
    while free in taken:
        number += 1
        free = f"{path}#{number}"
    taken.add(free)
    return free


def _ordered(nodes: Sequence[Home], parents: Mapping[Home, Scope], edges: Iterable[tuple[Home, Tensor, Home]]) -> list[Home]:
    """Parents before children, and in each the producers before those who take from them; what goes round in a circle last, as written."""
    inside: dict[Home, list[Home]] = {}
    for home in nodes:
        if home in parents:
            inside.setdefault(parents[home], []).append(home)

    def around(home: Home) -> list[Home]:
        chain = [home]
        while chain[-1] in parents:
            chain.append(parents[chain[-1]])
        return chain[::-1]

    after: dict[Home, set[Home]] = {}
    for maker, _, user in edges:
        apart = next(((a, b) for a, b in zip(around(maker), around(user), strict=False) if a != b), None)
        if apart is not None:
            after.setdefault(apart[0], set()).add(apart[1])
    order: list[Home] = []
    stack = _sorted(inside.get((), []), after)[::-1]
    while stack:
        home = stack.pop()
        order.append(home)
        stack += _sorted(inside.get(home, []), after)[::-1]
    return order


def _sorted(homes: Sequence[Home], after: Mapping[Home, Set[Home]]) -> list[Home]:
    place = {home: i for i, home in enumerate(homes)}
    waiting = [0] * len(homes)
    for home in homes:
        for user in after.get(home, ()):
            waiting[place[user]] += 1
    ready = [i for i, n in enumerate(waiting) if n == 0]
    order: list[int] = []
    while ready:
        i = heapq.heappop(ready)
        order.append(i)
        for user in after.get(homes[i], ()):
            waiting[place[user]] -= 1
            if waiting[place[user]] == 0:
                heapq.heappush(ready, place[user])
    seen = set(order)
    return [homes[i] for i in (*order, *(i for i in range(len(homes)) if i not in seen))]
