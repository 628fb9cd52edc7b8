"""Random numbers that TensorFlow draws from a state of the graph's own."""

from __future__ import annotations

from typing import Any

from writers.frameworks.keras.graph_nodes import graph_nodes


def seeded_draw(graph: Any) -> str | None:
    """The first operation that draws from a seed and counts its draws itself; None where there is none.

    Each graph that has it draws the same numbers anew. `keras.random` counts in a variable instead, and an operation
    without any seed is different each time.

    Args:
        graph: A `tf.Graph`; the functions that it calls are looked at, too.
    """
    for node in graph_nodes(graph):
        if "seed2" in node.attr and (node.attr["seed"].i or node.attr["seed2"].i):
            return str(node.op)
    return None
