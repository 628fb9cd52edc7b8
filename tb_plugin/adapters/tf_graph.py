"""TensorFlow's graphs: which operations are the model, which only train it, and which layer owns which variable."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from tb_plugin.adapters.graph_modules import MOST_DEEP, Array, Part, Placed, Read, Scope
from tb_plugin.adapters.graph_ops import ARGUMENT, RETURN, Op, Shape
from tb_plugin.schema.parameters import Role

_GRADIENT = re.compile(r"gradients?(?:_\d+)?|gradient_tape(?:_\d+)?")
# Scopes at the top that hold what trains, saves or watches a model. Those of the second rule also are names of layers: only
# where something in them writes.
_NEVER = re.compile(r"(?:save|init|init_ops|report_uninitialized_variables|global_step|beta\d_power|summar(?:y|ies))(?:_\d+)?")
_OPTIMIZERS = r"adam|adamw|adamax|nadam|sgd|rmsprop|adagrad|adadelta|ftrl|lion|lamb|muon|adafactor|momentum|gradientdescent|loss_?scale"
_IF_WRITTEN = re.compile(rf"(?:(?:{_OPTIMIZERS})(?:_?optimizer)?|training|train(?:_op|_step)?|optimi[sz]er|optimize_loss|metrics?)(?:_\d+)?", re.IGNORECASE)
_SLOT = re.compile(rf"(?:{_OPTIMIZERS}|exponentialmovingaverage|m|v|velocity|accumulator)(?:optimizer)?(?:_\d+)?", re.IGNORECASE)
_PLUMBING = re.compile(r"Initializer|IsInitialized|Read|Assign")  # scopes below a variable

_VARIABLES = frozenset(("Variable", "VariableV2", "VarHandleOp", "AutoReloadVariable"))
_ARGUMENTS = frozenset(("_Arg", "_DeviceArg", "Placeholder", "PlaceholderV2", "PlaceholderWithDefault"))
_WRITES = re.compile(r"(?:Resource)?(?:Assign|Apply|Sparse(?:Apply|Assign)|Scatter).*")
_GONE = re.compile(
    r"Const|HostConst|_EagerConst|NoOp|Assert|Print.*|.*Summary.*|Save.*|Restore.*|MergeV2Checkpoints|ShardedFilename|VarIsInitializedOp|IsVariableInitialized"
    r"|_Retval|_DeviceRetval|Iterator.*|OneShotIterator|MakeIterator|ReaderReadV2|DestroyResourceOp|ControlTrigger|Placeholder.*|.*Dataset.*|.*Queue.*"
)
_PASSES = frozenset(("Identity", "IdentityN", "StopGradient", "PreventGradient", "Snapshot", "EnsureShape"))
# What makes of a parameter's value nothing but the same value.
_VALUES = frozenset(
    (ARGUMENT, RETURN, "ReadVariableOp", "Identity", "Cast", "Reshape", "Squeeze", "ExpandDims", "Transpose", "Enter", "RefEnter", "StopGradient")
)
_MOST_HOPS = 200
# Scopes that operations open for their own parts; a layer is around them.
_OF_OPERATIONS = re.compile(
    r"(?:tensordot|einsum|convolution|embedding_lookup|batchnorm|moments|assignmovingavg|while|cond|body|then|else|matmul|biasadd|add|mul|cast|reshape"
    r"|xw_plus_b|wx_plus_b|gather)(?:_\d+)?",
    re.IGNORECASE,
)
_UNNAMED = re.compile(r"Variable(?:_\d+)?")

_KERNELS = re.compile(r".*MatMul.*|Einsum|.*Conv.*")
_FUSED_NORM = ("", "gamma", "beta", "moving_mean", "moving_variance")
_IN_BATCHNORM = {"add": "moving_variance", "mul": "gamma", "mul_2": "moving_mean", "sub": "beta"}
_STATISTICS = frozenset(("moving_mean", "moving_variance", "running_mean", "running_var"))


@dataclass(frozen=True)
class Left:
    """What is no part of the model: operations by the scope at the top, or by what they are."""

    out: Mapping[str, int]


def read_tensorflow(ops: Sequence[Op]) -> tuple[Read, Left]:
    """The model in a graph of TensorFlow."""
    reader = _Reader(ops)
    return reader.read(), Left(reader.left)


class _Reader:
    def __init__(self, ops: Sequence[Op]) -> None:
        self._ops = ops
        self._parts_of = [_split(op.name) for op in ops]
        self._variable: dict[int, int | None] = {}
        self.left: Counter[str] = Counter()
        self._trains = self._training()

    def read(self) -> Read:
        """Each operation in its part."""
        ops = self._ops
        carried = [self._carried(i) for i in range(len(ops))]
        arrays, owners = self._arrays(carried)
        dead = self._dead(carried, owners)
        placed = []
        for i, op in enumerate(ops):
            scope, name = self._parts_of[i]
            part = self._part(i, op, carried[i], dead)
            placed.append(Placed(() if part == "input" else scope, name, op.kind, part, op.inputs))
        return Read(placed, arrays, self._output)

    def _part(self, i: int, op: Op, variable: int | None, dead: frozenset[int]) -> Part:
        if self._trains[i]:
            return "gone"
        if variable is not None:
            return "value"
        if op.kind in (ARGUMENT, RETURN):
            return "hands on"
        if op.kind in _ARGUMENTS:
            return "input" if op.dtype("dtype", "T") not in ("resource", "variant", None) else "gone"
        if i in dead or _WRITES.fullmatch(op.kind) or _GONE.fullmatch(op.kind):
            return "gone"
        return "passes" if op.kind in _PASSES else "work"

    def _training(self) -> list[bool]:
        """Of each operation whether it only trains, saves or watches the model."""
        written = {scope[0] for op, (scope, _) in zip(self._ops, self._parts_of, strict=True) if scope and _WRITES.fullmatch(op.kind)}
        trains = []
        for op, (scope, name) in zip(self._ops, self._parts_of, strict=True):
            parts = (*scope, name)
            top = parts[0]
            by_scope = any(_GRADIENT.fullmatch(part) for part in parts[:-1]) or _NEVER.fullmatch(top) or (_IF_WRITTEN.fullmatch(top) and top in written)
            trains.append(bool(by_scope))
            if by_scope:
                of = next((part for part in parts[:-1] if _GRADIENT.fullmatch(part)), top)
                self.left[of] += 1
            elif any(_PLUMBING.fullmatch(part) for part in scope) or _WRITES.fullmatch(op.kind):
                trains[-1] = op.kind not in ("ReadVariableOp",) and any(_PLUMBING.fullmatch(part) for part in scope)
        # What comes out of gradients trains as well, as sums of them do.
        for i, op in enumerate(self._ops):
            if not trains[i] and len(self._parts_of[i][0]) == 0 and any(trains[maker] and self._by_gradient(maker) for maker, _ in op.inputs):
                trains[i] = True
                self.left["gradients"] += 1
        return trains

    def _by_gradient(self, i: int) -> bool:
        return any(_GRADIENT.fullmatch(part) for part in self._parts_of[i][0])

    def _is_variable(self, op: Op) -> bool:
        return op.kind in _VARIABLES or (op.kind in _ARGUMENTS and op.dtype("dtype", "T") == "resource")

    def _carried(self, i: int) -> int | None:
        """The variable whose value an operation only hands on; None where it is of no single one."""
        way = []
        found: int | None = None
        for _ in range(_MOST_HOPS):
            if i in self._variable:
                found = self._variable[i]
                break
            way.append(i)
            op = self._ops[i]
            if self._is_variable(op):
                found = i
                break
            if op.kind not in _VALUES or not op.inputs:
                break
            i = op.inputs[0][0]
        self._variable.update(dict.fromkeys(way, found))
        return found

    def _arrays(self, carried: Sequence[int | None]) -> tuple[list[Array], set[Scope]]:
        """The parameters, and the scopes that own them."""
        ops = self._ops
        users: dict[int, list[tuple[int, int, int]]] = {}  # of each variable who takes its value, at which place, and from which operation
        written: set[int] = set()
        dtypes: dict[int, str] = {}
        shapes: dict[int, Shape] = {}
        for i, op in enumerate(ops):
            own = carried[i]
            if own is not None:
                if op.kind == "ReadVariableOp":
                    dtypes.setdefault(own, op.dtype("dtype") or "")
                    if (shape := op.shape(0)) is not None:
                        shapes.setdefault(own, shape)
                continue
            for place, (maker, _) in enumerate(op.inputs):
                variable = carried[maker]
                if variable is None or self._trains[i]:
                    continue
                if _WRITES.fullmatch(op.kind):
                    written.add(variable)
                elif not _GONE.fullmatch(op.kind):
                    users.setdefault(variable, []).append((i, place, maker))
        named = {"/".join((*self._parts_of[i][0], self._parts_of[i][1])) for i, op in enumerate(ops) if op.kind in _VARIABLES}
        arrays: list[Array] = []
        for i, op in enumerate(ops):
            if not self._is_variable(op) or self._trains[i]:
                continue
            taken = users.get(i, [])
            scope, name = self._parts_of[i]
            if op.kind in _VARIABLES:
                if _SLOT.fullmatch(name) and "/".join(scope) in named:
                    self.left["variables of the optimizer"] += 1
                    continue
                if _UNNAMED.fullmatch(name) and scope and scope not in self._busy:
                    scope, name = scope[:-1], scope[-1]  # weights/Variable
            elif not taken:
                continue
            else:
                scope = self._layer_of(*taken[0])
                if not scope and i in written:
                    continue  # what a metric keeps
                name = ""
            shape = op.own_shape("shape") if op.kind in _VARIABLES else op.own_shape("_handle_shapes") or shapes.get(i)
            dtype = (op.dtype("dtype") if op.kind in _VARIABLES else op.dtype("_handle_dtypes")) or dtypes.get(i, "")
            role = self._role(name, dtype, i in written and op.kind not in _VARIABLES)
            if not name:
                name = "state" if role == "state" else self._name(taken, role)
            if name in _STATISTICS:
                role = "statistic"
            whole = None if shape is None or None in shape else tuple(size for size in shape if size is not None)
            arrays.append(Array(scope, name, whole, dtype if whole is not None else "", role, taken[0][0] if taken else None))
        return _named(arrays), {array.scope for array in arrays}

    @cached_property
    def _busy(self) -> set[Scope]:
        """Scopes in which data are worked on, and not only a variable is kept and given its first value."""
        return {self._parts_of[i][0] for i in self._fed if self._ops[i].kind not in _VALUES and not _WRITES.fullmatch(self._ops[i].kind)}

    def _layer_of(self, user: int, _: int, maker: int) -> Scope:
        """The layer that a variable without a name of its own belongs to: what who reads it and who uses it have in common."""
        scope = self._parts_of[user][0]
        if self._ops[maker].kind not in _ARGUMENTS:
            while maker != user and self._ops[maker].kind != "ReadVariableOp" and self._ops[maker].inputs:
                maker = self._ops[maker].inputs[0][0]
            read = self._parts_of[maker][0]
            common = next((k for k, (a, b) in enumerate(zip(scope, read, strict=False)) if a != b), min(len(scope), len(read)))
            scope = scope[:common]
        while scope and _OF_OPERATIONS.fullmatch(scope[-1]):
            scope = scope[:-1]
        return scope

    def _role(self, name: str, dtype: str, is_written: bool) -> Role:
        if dtype.startswith(("int", "uint", "bool", "string")):
            return "state"
        return "statistic" if is_written or name in _STATISTICS else "trainable"

    def _name(self, taken: Sequence[tuple[int, int, int]], role: Role) -> str:
        """What a variable is, by who uses it how."""
        for user, place, _ in taken:
            op, (scope, leaf) = self._ops[user], self._parts_of[user]
            if op.kind.startswith("FusedBatchNorm") and 0 < place < len(_FUSED_NORM):
                return _FUSED_NORM[place]
            if scope and scope[-1].startswith("batchnorm") and leaf in _IN_BATCHNORM:
                return _IN_BATCHNORM[leaf]
        if role == "statistic":
            return "statistic"
        kinds = [self._ops[user].kind for user, _, _ in taken]
        if any(_KERNELS.fullmatch(kind) for kind in kinds):
            return "kernel"
        if any("Gather" in kind for kind in kinds):
            return "embeddings"
        if any(kind in ("BiasAdd", "BiasAddV1", "Add", "AddV2") for kind in kinds):
            return "bias"
        return "scale" if "Mul" in kinds else "variable"

    def _dead(self, carried: Sequence[int | None], owners: set[Scope]) -> frozenset[int]:
        """Operations that only lead to what is written, as metrics and first values do; none that data passes in a layer that owns parameters."""
        ops = self._ops
        left = [0] * len(ops)  # who takes from each, of those that are not gone
        for i, op in enumerate(ops):
            if not self._trains[i] and not (_GONE.fullmatch(op.kind) and not _WRITES.fullmatch(op.kind)):
                for maker in {maker for maker, _ in op.inputs}:
                    left[maker] += 1
        data = self._fed
        dead: set[int] = set()
        stack = [i for i, op in enumerate(ops) if _WRITES.fullmatch(op.kind) and not self._trains[i]]
        while stack:
            for maker in {maker for maker, _ in ops[stack.pop()].inputs}:
                left[maker] -= 1
                if left[maker] > 0 or carried[maker] is not None or maker in dead or ops[maker].kind in _ARGUMENTS:
                    continue
                scope = self._parts_of[maker][0]
                if maker in data and any(scope[:k] in owners for k in range(1, len(scope) + 1)):
                    continue
                dead.add(maker)
                stack.append(maker)
        return frozenset(dead)

    @cached_property
    def _fed(self) -> set[int]:
        """Operations that the model's inputs reach."""
        users: list[list[int]] = [[] for _ in self._ops]
        for i, op in enumerate(self._ops):
            for maker, _ in op.inputs:
                users[maker].append(i)
        stack = [i for i, op in enumerate(self._ops) if op.kind in _ARGUMENTS and not self._is_variable(op)]
        fed = set(stack)
        while stack:
            for user in users[stack.pop()]:
                if user not in fed:
                    fed.add(user)
                    stack.append(user)
        return fed

    def _output(self, i: int, slot: int) -> tuple[Shape | None, str | None]:
        op = self._ops[i]
        return op.shape(slot), op.dtype("T", "dtype", "DstT", "Tparams", "output_type")


def _named(arrays: Sequence[Array]) -> list[Array]:
    """Two statistics of a layer are those of a batch normalisation."""
    found: dict[Scope, list[int]] = {}
    for i, array in enumerate(arrays):
        if array.name == "statistic":
            found.setdefault(array.scope, []).append(i)
    told = list(arrays)
    for places in found.values():
        if len(places) == 2:
            for i, name in zip(places, ("moving_mean", "moving_variance"), strict=True):
                told[i] = Array(arrays[i].scope, name, arrays[i].shape, arrays[i].dtype, "statistic", arrays[i].user)
    return told


def _split(name: str) -> tuple[Scope, str]:
    parts = [part for part in name.split("/") if part] or ["(no name)"]
    return tuple(parts[:-1][:MOST_DEEP]), parts[-1]
