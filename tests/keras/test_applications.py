"""Models of `keras.applications`: the live model, the same run as somebody's own code, the JSON, and counts of TensorFlow's own graph."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from tb_plugin.adapters.keras_model import structure_of as structure_of_json
from tb_plugin.schema.parameters import Parameters
from tb_plugin.schema.structure import Structure
from writers.frameworks.keras.model.structure import structure_of

APPLICATIONS = {
    "MobileNetV2": lambda: keras.applications.MobileNetV2(weights=None),
    "ResNet50": lambda: keras.applications.ResNet50(weights=None),
    "DenseNet121": lambda: keras.applications.DenseNet121(weights=None),
    "EfficientNetB0": lambda: keras.applications.EfficientNetB0(weights=None),
}


@cache
def model(name: str) -> Any:
    return APPLICATIONS[name]()


@cache
def live(name: str) -> Structure:
    return structure_of(model(name))


class Replayed(keras.Model):
    """Calls the layers of a functional model one by one, as somebody's own code would."""

    def __init__(self, functional: Any) -> None:
        super().__init__(name=functional.name)
        self.steps = [layer for layer in functional.layers if not isinstance(layer, keras.layers.InputLayer)]
        self.graph: Callable[[], Any] = lambda: functional  # no layer of it: it is asked for its calls alone
        self.built = True

    def call(self, image: Any) -> Any:
        functional = self.graph()
        made = {id(functional.inputs[0]): image}
        for depth in sorted(functional._nodes_by_depth, reverse=True):
            for node in functional._nodes_by_depth[depth]:
                if node.is_input:
                    continue
                args, kwargs = node.arguments.fill_in(made)
                (made[id(node.outputs[0])],) = keras.tree.flatten(node.operation(*args, **kwargs))
        return made[id(functional.outputs[0])]


def edges(structure: Structure) -> set[tuple[str, str, int]]:
    paths = [node.path if node.class_ != "Input" else "input" for node in structure.nodes]
    inputs = {node.path for node in structure.nodes if node.class_ == "InputLayer"}
    return {("input" if paths[a] in inputs else paths[a], paths[b], slot) for a, _, b, slot in structure.edge.tolist()}


def shapes(structure: Structure) -> dict[str, list[int]]:
    each = np.split(structure.shape, structure.shape_end)
    return {node.path: each[end - 1].tolist() for node, end in zip(structure.nodes, structure.output_end, strict=True) if node.layer}


def sizes(structure: Structure) -> dict[str, int]:
    assert isinstance(structure.parameters, Parameters)
    held = structure.parameters
    found = zip(held.parameters, np.split(held.shape, held.shape_end), strict=False)
    return {parameter.path: int(np.prod(shape)) for parameter, shape in found}


def contractions_of(functional: Any) -> int:
    """Multiply-adds of convolutions and matrix products of one example, off the shapes in TensorFlow's graph of the model."""
    spec = tf.TensorSpec((1, *functional.inputs[0].shape[1:]))
    graph = tf.function(lambda x: functional(x, training=False), autograph=False).get_concrete_function(spec).graph
    total = 0
    for operation in graph.get_operations():
        if operation.type in ("Conv2D", "MatMul"):
            kernel = operation.inputs[1].shape
            total += operation.outputs[0].shape.num_elements() // kernel[-1] * kernel.num_elements()
        elif operation.type == "DepthwiseConv2dNative":
            total += operation.outputs[0].shape.num_elements() * operation.inputs[1].shape[0] * operation.inputs[1].shape[1]
    return total


@pytest.mark.parametrize("name", APPLICATIONS)
def test_layers_shapes_and_parameters_are_those_of_keras(name: str) -> None:
    structure, of_keras = live(name), model(name)

    assert {node.layer for node in structure.nodes if node.layer} == {layer.name for layer in of_keras.layers}
    assert sum(sizes(structure).values()) == of_keras.count_params()
    for layer in of_keras.layers:
        assert shapes(structure)[layer.name] == [-1 if size is None else size for size in layer.output.shape]
    assert structure.notes == ()


@pytest.mark.parametrize("name", APPLICATIONS)
def test_multiply_adds_are_those_of_the_contractions_in_tensorflows_graph(name: str) -> None:
    assert (live(name).macs >= 0).all()
    assert live(name).macs.sum() == contractions_of(model(name))


@pytest.mark.parametrize("name", ["MobileNetV2", "ResNet50"])
def test_code_that_calls_the_same_layers_gives_the_same_structure(name: str) -> None:
    functional = live(name)
    replayed = Replayed(model(name))
    structure = structure_of(replayed, ((keras.KerasTensor((None, 224, 224, 3)),), {}))

    assert edges(structure) == edges(functional)
    assert {path: shape for path, shape in shapes(functional).items() if path in shapes(structure)} == shapes(structure)
    assert structure.macs.sum() == functional.macs.sum()
    assert sizes(structure) == sizes(functional)
    assert structure.notes == ()


@pytest.mark.parametrize("name", APPLICATIONS)
def test_the_json_tells_the_same_layers_edges_parameters_and_multiply_adds(name: str) -> None:
    functional, told = live(name), structure_of_json(model(name).to_json())

    assert {(node.path, node.class_) for node in told.nodes} == {(node.path, node.class_) for node in functional.nodes}
    assert edges(told) == edges(functional)
    assert list(sizes(told).values()) == list(sizes(functional).values())
    by_path = {node.path: int(macs) for node, macs in zip(told.nodes, told.macs, strict=True)}
    assert by_path == {node.path: int(macs) for node, macs in zip(functional.nodes, functional.macs, strict=True)}
    assert shapes(told) == shapes(functional)
