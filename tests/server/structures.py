"""What a structure holds, by the paths of its nodes."""

from __future__ import annotations

from tb_plugin.schema.parameters import Parameters
from tb_plugin.schema.structure import Structure

Edge = tuple[str, str, int]


def shapes(structure: Structure) -> dict[str, list[list[int]]]:
    """The output shapes of each node by path, −1 for what is unknown."""
    ends = structure.shape_end.tolist()
    flat = [structure.shape[a:b].tolist() for a, b in zip([0, *ends], ends, strict=False)]
    last = structure.output_end.tolist()
    return {node.path: flat[a:b] for node, a, b in zip(structure.nodes, [0, *last], last, strict=False)}


def parameters(structure: Structure) -> dict[str, tuple[int, ...]]:
    """The shape of each parameter by path."""
    told = structure.parameters
    assert isinstance(told, Parameters)
    ends = told.shape_end.tolist()
    return {p.path: tuple(told.shape[a:b].tolist()) for p, a, b in zip(told.parameters, [0, *ends], ends, strict=False)}


def edges(structure: Structure) -> set[Edge]:
    """From, to and input slot of each edge, by path."""
    return {(structure.nodes[a].path, structure.nodes[b].path, slot) for a, _, b, slot in structure.edge.tolist()}


def at_top(found: set[Edge]) -> set[Edge]:
    """Those between nodes that lie in no other."""
    return {(a, b, slot) for a, b, slot in found if "/" not in a + b}
