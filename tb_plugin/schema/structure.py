"""Kind `structure`: the layers of a model and how they are connected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from tb_plugin.schema.json_fields import Json
from tb_plugin.schema.parameters import Parameters
from tb_plugin.schema.payload import Payload, array, listed, reference, value

Source = Literal["keras", "keras_json_2", "keras_json_3", "graph_def", "torch", "parameter_names", "torch_graph"]


@dataclass(frozen=True)
class Node:
    """One call of a layer, or an operation that is no layer.

    Attributes:
        path: Its place in the tree of models and layers, unique: `encoder/dense`; the second call of a shared layer `encoder/dense#2`.
        layer: Path of the layer called: the same for each call of a shared layer; empty for an operation that is no layer.
        call: How many calls of this layer come before this one.
        class_: The layer's class: `Dense`; for an operation its name: `Add`.
        config: Configuration that differs from the class's defaults.
    """

    path: str
    layer: str
    call: int
    class_: str
    config: Mapping[str, Json] = field(default_factory=dict)


class Structure(Payload, kind="structure", version=1):
    """The layers of a model, each parent before its children, producers before consumers within a parent.

    A node's own index is its id: `parent` and `edge` refer to it. Edges join nodes of any depth; those between the
    children of a node whose `edges_known` is false were not told by the source.
    """

    source: Source = value(help="What the structure was read from.")
    model: str = value(help="Name of the model.")
    parameters: Parameters | str = reference(help="The model's parameters.")
    nodes: tuple[Node, ...] = listed("node", help="Each node, parents before children.")
    inputs: Mapping[str, int] = value(at_least=0, below="node", help="The model's inputs by name: the node that each enters by.", default={})
    outputs: Mapping[str, int] = value(at_least=0, below="node", help="The model's outputs by name: the node that each leaves by.", default={})
    dtypes: tuple[str, ...] = listed("type", help="Types that `dtype` refers to.", default=())
    notes: tuple[str, ...] = value(help="What could not be read, in sentences.", default=())
    parent: np.ndarray[Any, Any] = array("int64", "node", at_least=-1, below="itself", help="The node around each node; -1 at the top.")
    edge: np.ndarray[Any, Any] = array(
        "int64", "edge", 4, at_least=0, below=("node", None, "node", None), help="From node, its output slot, to node, its input slot."
    )
    output_end: np.ndarray[Any, Any] = array("int64", "node", ends="output", help="Where each node's outputs end.")
    shape: np.ndarray[Any, Any] = array("int64", "dimension", at_least=-1, help="Shapes of all outputs, one after another; -1: unknown.")
    shape_end: np.ndarray[Any, Any] = array("int64", "output", ends="dimension", help="Where each output's shape ends.")
    dtype: np.ndarray[Any, Any] = array("int64", "output", at_least=-1, below="type", help="Type of each output: its place in `dtypes`; -1: unknown.")
    macs: np.ndarray[Any, Any] = array("int64", "node", at_least=-1, help="Multiply-adds of one example, forward; -1: not counted.")
    activation_bytes: np.ndarray[Any, Any] = array("int64", "node", at_least=-1, help="Bytes of the outputs of one example; -1: not counted.")
    edges_known: np.ndarray[Any, Any] = array("bool", "node", help="Whether the edges between this node's children were told.")
