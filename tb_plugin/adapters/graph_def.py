"""A graph of operations that another tool logged → kinds `structure` and `parameters`."""

from __future__ import annotations

from collections.abc import Sequence, Set

from tb_plugin.adapters.graph_bytes import MOST_NODES, BadGraph, Graph, graph_of, graphs_of
from tb_plugin.adapters.graph_modules import Read, structure_from
from tb_plugin.adapters.graph_ops import flat
from tb_plugin.adapters.tf_graph import read_tensorflow
from tb_plugin.adapters.torch_graph import is_torch, read_torch
from tb_plugin.schema.structure import Structure

_MOST_TOLD = 6


def structure_of_graph(data: bytes, known: Set[str] = frozenset()) -> Structure:
    """The layers of a run's graph: of a TF1 session, of `tf.summary.graph`, or of PyTorch's `add_graph`.

    Args:
        data: A `GraphDef`.
        known: Paths of layers that something else in the log tells: a scope that only has a number more is that layer.

    Raises:
        BadGraph: It cannot be read.
    """
    return _structure(graph_of(data), "", known)


def structure_of_trace(data: bytes, tag: str, known: Set[str] = frozenset()) -> Structure:
    """The layers of the largest function that `tf.summary.trace_export` told of.

    Args:
        data: A `RunMetadata`.
        tag: What the trace is called.
        known: As for `structure_of_graph`.

    Raises:
        BadGraph: It cannot be read.
    """
    graphs = sorted(graphs_of(data), key=lambda graph: len(graph.nodes) + len(graph.library), reverse=True)
    return _structure(graphs[0], tag, known)


def _structure(graph: Graph, tag: str, known: Set[str]) -> Structure:
    try:
        return _read(graph, tag, known)
    except ValueError as error:  # names or sizes that no payload may have
        raise BadGraph(f"{error}") from error


def _read(graph: Graph, tag: str, known: Set[str]) -> Structure:
    opened = flat(graph)
    notes = [] if opened.is_whole else [f"The graph is damaged or larger than {MOST_NODES} operations: the first {len(opened.ops)} are shown."]
    if is_torch(opened.ops):
        read = read_torch(opened.ops)
        notes.insert(0, "Read from the graph that PyTorch's add_graph traced: modules by their names, one box for all calls of a module.")
        return structure_from(read, source="torch_graph", model="model", notes=[*notes, *_unknown(read)])
    read, left = read_tensorflow(opened.ops)
    where = f"the function traced as {tag!r:.200}" if tag else "a run"
    notes.insert(0, f"Read from TensorFlow's graph of {where}: operations grouped by name scope. A layer is a scope that owns variables, or one beside such.")
    if left.out:
        told = [f"{name} ({n})" for name, n in sorted(left.out.items(), key=lambda each: -each[1])]
        more = f" and {len(told) - _MOST_TOLD} more" if len(told) > _MOST_TOLD else ""
        notes.append(f"Left out, because it trains, saves or watches the model: {', '.join(told[:_MOST_TOLD])}{more} operations.")
    return structure_from(read, source="graph_def", model="model", known=known, notes=[*notes, *_unknown(read)])


def _unknown(read: Read) -> Sequence[str]:
    unknown = sum(array.shape is None for array in read.arrays)
    if not read.arrays:
        return ["The graph tells no parameters."]
    if unknown == 0:
        return []
    return [f"The graph does not tell the shape of {unknown} of {len(read.arrays)} parameters."]
