"""Whether running a graph leaves everything as it was."""

from __future__ import annotations

from typing import Any

from tensorflow.python.framework import op_def_registry

from writers.frameworks.keras.graph_nodes import graph_nodes

_READING = frozenset(
    (
        *("ReadVariableOp", "ResourceGather", "ResourceGatherNd", "VariableShape", "VarHandleOp", "HashTableV2", "LookupTableFindV2", "LookupTableSizeV2"),
        *("StatefulPartitionedCall", "While", "If", "Case", "Assert", "CudnnRNNV3"),
    )
)
"""Operations that TensorFlow counts as having a state, and that change none; bodies of those that call are looked at."""


def what_changes(graph: Any) -> str | None:
    """The first operation of a graph that may change a variable, draw random numbers or run Python; None where there is none.

    Args:
        graph: A `tf.Graph`; the functions that it calls are looked at, too.
    """
    for node in graph_nodes(graph):
        known = op_def_registry.get(node.op)  # None of a function called by its name, whose body is in the library
        if known is not None and known.is_stateful and node.op not in _READING:
            return str(node.op)
    return None
