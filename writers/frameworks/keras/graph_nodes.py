"""What a graph of TensorFlow's is made of, down to the bodies of the functions that it calls."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def graph_nodes(graph: Any) -> Iterator[Any]:
    """Each operation of a `tf.Graph` as a `NodeDef`; those of the functions that it calls come after its own."""
    described = graph.as_graph_def()
    yield from described.node
    for function in described.library.function:
        yield from function.node_def
