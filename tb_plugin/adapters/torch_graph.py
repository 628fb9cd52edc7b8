"""Graphs that `torch.utils.tensorboard`'s `add_graph` traces: its scopes are modules, `Net/Sequential[layers]/Conv2d[0]`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tb_plugin.adapters.graph_modules import MOST_DEEP, Array, Part, Placed, Read, Scope
from tb_plugin.adapters.graph_ops import Op, Shape

_MODULE = re.compile(r"(.{0,200}?)\[(.{1,200})\]")
_ATTRIBUTE = "prim::GetAttr"
_IO = "IO Node"
_VERSION = re.compile(r"\.\d+$")  # PyTorch numbers the values that had one name: x.1
# What only collects, counts or converts, in and out of Python.
_HANDS_ON = re.compile(r"prim::(?:List|Tuple|Dict)\w+|prim::NumToTensor|aten::(?:Int|Float|Bool|size|__getitem__|detach|contiguous|to)")
_GONE = re.compile(r"prim::Constant|prim::(?:device|dtype|layout)|Parameter")
_SIZES = frozenset(("prim::NumToTensor", "aten::Int", "aten::Float", "aten::Bool", "aten::size"))
_STATISTICS = frozenset(("running_mean", "running_var", "num_batches_tracked"))


def is_torch(ops: Sequence[Op]) -> bool:
    """Whether PyTorch traced a graph."""
    return any(op.kind.startswith(("aten::", "prim::")) or op.kind == _IO for op in ops)


def read_torch(ops: Sequence[Op]) -> Read:
    """The model in a graph of PyTorch."""
    placed: list[Placed] = []
    classes: dict[Scope, str] = {}
    arrays: dict[tuple[Scope, str], Array] = {}
    users = _users(ops)
    for i, op in enumerate(ops):
        scope, name, below = _place(op.name, classes)
        part: Part = "work"
        if op.kind == _IO:
            # Its scope tells which of both it is; nothing else does.
            part = "input" if op.name.startswith("input/") else "output"
            scope = ()
        elif op.kind == _ATTRIBUTE:
            part = "value"
            told = below[0] if below else name
            if users[i]:
                arrays.setdefault((scope, told), _array(ops, i, scope, told, users[i]))
        elif _GONE.fullmatch(op.kind):
            part = "gone"
        elif _HANDS_ON.fullmatch(op.kind):
            # A size is no value that flows.
            part = "gone" if op.kind in _SIZES else "hands on"
        placed.append(Placed(scope, _VERSION.sub("", name) if op.kind == _IO else _kind(op.kind), _kind(op.kind), part, op.inputs))
    _mend(placed, users, classes)
    return Read(placed, list(arrays.values()), lambda i, slot: (ops[i].shape(0) if slot == 0 else None, None), classes)


def _place(text: str, classes: dict[Scope, str]) -> tuple[Scope, str, Sequence[str]]:
    """The modules around an operation, its own name, and what stands between: the name of a parameter. Notes the modules' classes."""
    first, *parts = [part for part in text.split("/") if part] or ["(no name)"]
    if not parts:
        return (), first, ()
    scope: Scope = (first,)
    classes.setdefault(scope, first)
    for k, part in enumerate(parts[:-1]):
        module = _MODULE.fullmatch(part)
        if module is None or k >= MOST_DEEP:
            return scope, parts[-1], parts[k:-1]
        scope = (*scope, *module.group(2).split("."))
        classes[scope] = module.group(1) or "Module"
    return scope, parts[-1], ()


def _mend(placed: Sequence[Placed], users: Sequence[Sequence[tuple[int, int]]], classes: dict[Scope, str]) -> None:
    """Puts operations where the parameters that they use are: of a module in a list or a dictionary PyTorch tells the scope without these.

    `Net/Block[0]/Linear[q]` takes the weight of `Net/ModuleList[blocks]/Block[0]/Linear[q]`; so `Net/Block[0]` is in that list, too,
    unless there are two such lists.
    """
    truths: dict[Scope, set[Scope]] = {}
    certain: dict[int, Scope] = {}
    for place, op in enumerate(placed):
        if op.part != "value":
            continue
        for user, _ in users[place]:
            told, true = placed[user].scope, op.scope
            if told == true or told[:1] != true[:1] or len(told) >= len(true):
                continue
            same = next((k for k, (a, b) in enumerate(zip(told[:0:-1], true[:0:-1], strict=False)) if a != b), len(told) - 1)
            if same:
                certain[user] = true
            for k in range(same):
                truths.setdefault(told[: len(told) - k], set()).add(true[: len(true) - k])
    moved = {told: next(iter(true)) for told, true in truths.items() if len(true) == 1}
    for place, op in enumerate(placed):
        scope = op.scope
        deep = next((deep for deep in range(len(scope), 0, -1) if scope[:deep] in moved), 0)
        op.scope = certain.get(place, (*moved[scope[:deep]], *scope[deep:]) if deep else scope)
    for scope in [scope for scope in classes if any(scope[:deep] in truths for deep in range(1, len(scope) + 1))]:
        deep = next(deep for deep in range(len(scope), 0, -1) if scope[:deep] in truths)
        class_ = classes.pop(scope)
        if scope[:deep] in moved:
            classes.setdefault((*moved[scope[:deep]], *scope[deep:]), class_)
    for op in placed:
        # Where two lists have a block of that name, what is not certain stays beside them.
        if op.part == "work" and op.scope not in classes:
            classes.setdefault(op.scope, "Module")


def _users(ops: Sequence[Op]) -> list[list[tuple[int, int]]]:
    """Of each operation who takes from it, and at which place."""
    users: list[list[tuple[int, int]]] = [[] for _ in ops]
    for i, op in enumerate(ops):
        for place, (maker, _) in enumerate(op.inputs):
            users[maker].append((i, place))
    return users


def _array(ops: Sequence[Op], i: int, scope: Scope, name: str, users: Sequence[tuple[int, int]]) -> Array:
    shape = ops[i].shape(0)
    for user, place in users:
        shape = shape or _shape(ops, user, place)
    whole = None if shape is None or None in shape else tuple(size for size in shape if size is not None)
    return Array(scope, name, whole, "float32" if whole is not None else "", "statistic" if name in _STATISTICS else "trainable", users[0][0])


def _shape(ops: Sequence[Op], user: int, place: int) -> Shape | None:
    """The shape of a parameter by what a module makes of what it takes, where only one is possible."""
    op = ops[user]
    made = op.shape(0)
    given = ops[op.inputs[0][0]].shape(0) if op.inputs else None
    if not made or not given:
        return None
    if op.kind == "aten::linear":
        return {1: (made[-1], given[-1]), 2: (made[-1],)}.get(place)
    if op.kind == "aten::batch_norm" and len(given) > 1 and 1 <= place <= 4:
        return (given[1],)
    if op.kind == "aten::layer_norm" and place in (2, 3):
        axes = len(ops[op.inputs[1][0]].inputs)  # of the list of sizes over which it normalises
        return given[-axes:] if 0 < axes <= len(given) else None
    if op.kind == "aten::group_norm" and place in (2, 3) and len(given) > 1:
        return (given[1],)
    if op.kind == "aten::_convolution" and place == 2 and len(made) > 1:
        return (made[1],)
    return None


def _kind(kind: str) -> str:
    """`aten::relu_` → `relu`: in place or not is no matter."""
    return kind.partition("::")[2].strip("_") or kind
