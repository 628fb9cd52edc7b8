"""Multiply-adds of TensorFlow's operations: those of contractions alone, as in `multiply_adds`, for whole tensors."""

from __future__ import annotations

import re
from math import prod
from typing import Any

_CALLING = frozenset(
    (
        *("While", "StatelessWhile", "If", "StatelessIf", "Case", "StatelessCase", "PartitionedCall", "StatefulPartitionedCall"),
        *("MapDefun", "XlaLaunch", "SymbolicGradient"),
    )
)
"""Operations that call functions."""

_CONTRACTS = re.compile(r"MatMul|Conv\dD|^Conv$|Conv2dNative|Convolution|Einsum|RNN|Dot")


def contracted(operation: Any) -> int | None:
    """What one operation of a graph takes; None where it is not known; 0 where nothing is contracted.

    What a function takes that an operation calls, as the body of a loop, is not known where anything in it contracts.

    Args:
        operation: A `tf.Operation`.
    """
    kind = operation.type
    if kind in _CALLING:
        return None if any(_any_contracts(operation.graph, name, set()) for name in _called(operation)) else 0
    if not _CONTRACTS.search(kind):
        return 0
    try:
        return _count(operation, kind)
    except _Unknown:
        return None


class _Unknown(Exception):
    """A size, or the kind of operation, is not known."""


def _count(operation: Any, kind: str) -> int:
    given = [_sizes(tensor) for tensor in operation.inputs]
    made = _sizes(operation.outputs[0])
    if kind == "MatMul":
        return _product(made) * _known(given[0][0 if operation.get_attr("transpose_a") else 1])
    if kind in ("BatchMatMul", "BatchMatMulV2", "BatchMatMulV3"):
        return _product(made) * _known(given[0][-2 if operation.get_attr("adj_x") else -1])
    if kind == "Einsum":
        return _einsum(operation.get_attr("equation").decode(), given, made)
    if kind in ("Conv2D", "Conv3D", "Conv"):
        return _product(made) // max(1, _known(given[1][-1])) * _product(given[1])
    if kind == "DepthwiseConv2dNative":
        return _product(made) * _product(given[1][:2])
    if kind in ("Conv2DBackpropInput", "Conv3DBackpropInputV2"):  # a transposed one: each of its inputs meets the kernel once
        return _product(given[2]) // max(1, _known(given[1][-1])) * _product(given[1])
    raise _Unknown


def _einsum(equation: str, given: list[tuple[int | None, ...]], made: tuple[int | None, ...]) -> int:
    """The product of the sizes of all its letters, and of what the dots stand for; nothing where it has one input alone."""
    if len(given) < 2:
        return 0
    left, _, right = equation.replace(" ", "").partition("->")
    sizes: dict[str, int] = {}
    for letters, shape in [*zip(left.split(","), given, strict=True), (right, made)]:
        before, _, after = letters.partition("...")
        pairs = [*zip(before, shape, strict=False), *zip(reversed(after), reversed(shape), strict=False)]
        sizes |= {letter: max(_known(size), sizes.get(letter, 1)) for letter, size in pairs}
    before, dots, after = right.partition("...")
    free = made[len(before) : len(made) - len(after)] if dots else ()
    return prod(sizes.values()) * _product(free)


def _sizes(tensor: Any) -> tuple[int | None, ...]:
    shape = tensor.shape
    if shape.rank is None:
        raise _Unknown
    return tuple(shape)


def _product(sizes: tuple[int | None, ...]) -> int:
    return prod(map(_known, sizes))


def _known(size: int | None) -> int:
    if size is None:
        raise _Unknown
    return int(size)


def _called(operation: Any) -> list[str]:
    """The functions that an operation calls, by name."""
    names = [attribute.func.name for attribute in operation.node_def.attr.values() if attribute.HasField("func")]
    return [*names, *(each.name for attribute in operation.node_def.attr.values() for each in attribute.list.func)]


def _any_contracts(graph: Any, name: str, seen: set[str]) -> bool:
    """Whether anything in a function contracts, or it cannot be looked into."""
    if name in seen:
        return False
    seen.add(name)
    function = graph._get_function(name)
    if function is None:
        return True
    nodes = getattr(function, "cached_definition", function).node_def
    inner = [attribute.func.name for node in nodes for attribute in node.attr.values() if attribute.HasField("func")]
    return any(_CONTRACTS.search(node.op) for node in nodes) or any(_any_contracts(graph, each, seen) for each in inner)
