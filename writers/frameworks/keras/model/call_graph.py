"""The calls of a Keras 3 model's layers, producers first. The one file that reads Keras' private attributes of graphs."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import keras


@dataclass(frozen=True)
class Call:
    """One use of a layer or an operation.

    Attributes:
        operation: The layer, or an operation that is no layer (`x - y`).
        nth: How many calls of it in this graph were made before.
        inputs, outputs: Symbolic tensors, by slot.
        given: Its arguments, `(args, kwargs)`, in which the inputs stand.
    """

    operation: Any
    nth: int
    inputs: tuple[Any, ...]
    outputs: tuple[Any, ...]
    given: tuple[tuple[Any, ...], Mapping[str, Any]] = ((), {})

    @property
    def in_order(self) -> list[Any]:
        """The inputs in the order of the signature of `call`, however they were handed over."""
        args, kwargs = self.given
        if not kwargs:
            return list(self.inputs)
        ours = {id(tensor) for tensor in self.inputs}
        return [tensor for tensor in keras.tree.flatten(in_order(self.operation.call, args, kwargs)) if id(tensor) in ours]


def function_of(layer: Any) -> Any:
    """The graph of calls inside a functional or sequential model that is built; None for any other layer."""
    inside = getattr(layer, "_functional", None) or layer
    return inside if hasattr(inside, "_nodes_by_depth") else None


def calls(function: Any) -> Iterator[Call]:
    """Each call in a graph.

    Raises:
        AttributeError: This version of Keras keeps its graphs in another way.
    """
    depths = function._nodes_by_depth
    ours = {id(node) for nodes in depths.values() for node in nodes}  # a shared layer has nodes of other models, too
    nth = {id(node): n for op in function.operations for n, node in enumerate(node for node in op._inbound_nodes if id(node) in ours)}
    for depth in sorted(depths, reverse=True):
        for node in depths[depth]:
            given = node.arguments
            yield Call(node.operation, nth[id(node)], tuple(given.keras_tensors), tuple(node.outputs), (tuple(given.args), dict(given.kwargs)))


def in_order(call: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]) -> list[Any]:
    """The arguments of a call in the order of its signature."""
    try:
        return list(inspect.signature(call).bind_partial(*args, **kwargs).arguments.values())
    except (TypeError, ValueError):  # it has none that can be told
        return [*args, *kwargs.values()]


def ends(function: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """The graph's inputs and outputs by name, in the order of `keras.tree.flatten`.

    Names are those of the model's mapping, else `names_of` those of the layers that make them.
    """
    return _named(function._inputs_struct, function.inputs), _named(function._outputs_struct, function.outputs)


def maker(tensor: Any) -> Any:
    """The operation that makes a symbolic tensor."""
    return tensor._keras_history.operation


def sublayers(layer: Any) -> list[Any]:
    """The layers directly inside a layer, in the order in which it was given them."""
    return list(layer._flatten_layers(include_self=False, recursive=False))


def _named(structure: Any, flat: list[Any]) -> dict[str, Any]:
    if isinstance(structure, dict) and len(structure) == len(flat) and all(hasattr(tensor, "_keras_history") for tensor in structure.values()):
        return {str(name): structure[name] for name in sorted(structure)}
    return dict(zip(names_of([maker(tensor).name for tensor in flat]), flat, strict=True))


def names_of(names: Sequence[str]) -> list[str]:
    """Names of outputs after their layers; their numbers where one layer makes several."""
    return list(names) if len(set(names)) == len(names) else [str(i) for i in range(len(names))]
