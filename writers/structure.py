"""The layers of a model and how they are connected, as a payload."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tb_plugin.schema.parameters import Parameters
from tb_plugin.schema.structure import Node, Source, Structure


@dataclass(frozen=True)
class Output:
    """One output of a node: its shape with None for what is not known, and its type, None when unknown."""

    shape: Sequence[int | None]
    dtype: str | None = None


@dataclass(frozen=True)
class Described:
    """A node with what the payload keeps in arrays.

    Attributes:
        node: The node itself.
        parent: Place of the node around it in the list of nodes; -1 at the top.
        outputs: Its outputs.
        macs: Multiply-adds of one example, forward; None when not counted.
        activation_bytes: Bytes of the outputs of one example; None when not counted.
        edges_known: Whether the edges between its children are told.
    """

    node: Node
    parent: int = -1
    outputs: Sequence[Output] = ()
    macs: int | None = None
    activation_bytes: int | None = None
    edges_known: bool = True


def of(
    nodes: Iterable[Described],
    *,
    edges: Iterable[tuple[int, int, int, int]],
    source: Source,
    model: str,
    parameters: Parameters,
    inputs: Mapping[str, int] | None = None,
    outputs: Mapping[str, int] | None = None,
    notes: Sequence[str] = (),
) -> Structure:
    """The structure of a model.

    Args:
        nodes: Parents before children, producers before consumers within a parent.
        edges: From node, its output slot, to node, its input slot.
        source, model, parameters, inputs, outputs, notes: As in `Structure`.

    Raises:
        ValueError: A parent, an edge, an input or an output refers to no node.
    """
    given = list(nodes)
    flat = [output for described in given for output in described.outputs]
    dtypes = tuple(sorted({output.dtype for output in flat if output.dtype is not None}))
    place = {dtype: i for i, dtype in enumerate(dtypes)}
    return Structure(
        source=source,
        model=model,
        parameters=parameters,
        nodes=tuple(described.node for described in given),
        inputs=dict(inputs or {}),
        outputs=dict(outputs or {}),
        dtypes=dtypes,
        notes=tuple(notes),
        parent=np.array([described.parent for described in given], dtype=np.int64),
        edge=np.array(list(edges), dtype=np.int64).reshape(-1, 4),
        output_end=np.cumsum([len(described.outputs) for described in given], dtype=np.int64),
        shape=np.array([-1 if size is None else size for output in flat for size in output.shape], dtype=np.int64),
        shape_end=np.cumsum([len(output.shape) for output in flat], dtype=np.int64),
        dtype=np.array([-1 if output.dtype is None else place[output.dtype] for output in flat], dtype=np.int64),
        macs=_counted(described.macs for described in given),
        activation_bytes=_counted(described.activation_bytes for described in given),
        edges_known=np.array([described.edges_known for described in given], dtype=bool),
    )


def _counted(values: Iterable[int | None]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.array([-1 if value is None else value for value in values], dtype=np.int64)
