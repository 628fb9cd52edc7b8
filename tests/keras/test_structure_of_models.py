"""The structure of live Keras models: against what Keras itself says of them, and TensorFlow's profiler."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from tb_plugin.schema.parameters import Parameters
from tb_plugin.schema.structure import Structure
from tests.keras.models import Subclassed, sequential, two_outputs
from writers.frameworks.keras.model.structure import structure_of


def residual() -> keras.Model:
    inputs = keras.Input((8,), name="inputs")
    x = keras.layers.Dense(8, name="a")(inputs)
    x = keras.layers.Add(name="add")([x, inputs])
    return keras.Model(inputs, keras.layers.Dense(3, name="b")(x - 0.5), name="residual")


def shared() -> keras.Model:
    left, right = keras.Input((4,), name="l"), keras.Input((4,), name="r")
    twin = keras.layers.Dense(5, name="twin")
    return keras.Model({"l": left, "r": right}, keras.layers.Concatenate(name="both")([twin(left), twin(right)]), name="siamese")


def nested() -> keras.Model:
    encoder = keras.Sequential([keras.Input((6,)), keras.layers.Dense(4, name="d"), keras.layers.BatchNormalization(name="n")], name="encoder")
    one, two = keras.Input((6,), name="one"), keras.Input((6,), name="two")
    head = keras.layers.Dense(2, name="head")(keras.layers.Subtract(name="gap")([encoder(one), encoder(two)]))
    return keras.Model([one, two], head, name="nested")


class Block(keras.layers.Layer):
    """A layer that holds layers."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.one, self.two = keras.layers.Dense(7, name="one"), keras.layers.Dense(6, name="two")
        self.scale = self.add_weight(shape=(), name="scale")

    def call(self, x: Any) -> Any:
        return self.two(self.one(x)) * self.scale


def holding() -> keras.Model:
    inputs = keras.Input((6,), name="inputs")
    return keras.Model(inputs, Block(name="block")(inputs), name="holding")


def recurrent() -> keras.Model:
    inputs = keras.Input((7,), dtype="int32", name="tokens")
    x = keras.layers.Embedding(20, 6, name="table")(inputs)
    x = keras.layers.Bidirectional(keras.layers.LSTM(5, return_sequences=True), name="both_ways")(x)
    x = keras.layers.TimeDistributed(keras.layers.Dense(4), name="each")(x)
    x = keras.layers.MultiHeadAttention(2, 3, name="attention")(query=x, value=x)
    return keras.Model(inputs, keras.layers.GRU(3, name="last")(x), name="recurrent")


def built_subclass() -> keras.Model:
    model = Subclassed()
    model(np.zeros((1, 8, 8), np.float32))
    return model


def frozen() -> keras.Model:
    model = sequential(noisy=True)
    model.layers[1].trainable = False
    return model


ZOO: dict[str, Callable[[], Any]] = {
    "sequential": sequential,
    "residual": residual,
    "shared": shared,
    "nested": nested,
    "holding": holding,
    "recurrent": recurrent,
    "two outputs": two_outputs,
    "outputs by name": lambda: two_outputs(as_mapping=True),
    "subclassed": built_subclass,
    "frozen": frozen,
    "MobileNetV3Small": cache(lambda: keras.applications.MobileNetV3Small(weights=None)),
    "ResNet50": cache(lambda: keras.applications.ResNet50(weights=None)),
}


def parameters(structure: Structure) -> Parameters:
    assert isinstance(structure.parameters, Parameters)
    return structure.parameters


def sizes(structure: Structure) -> list[int]:
    held = parameters(structure)
    ends = held.shape_end.tolist()
    return [int(np.prod(held.shape[a:b])) for a, b in zip([0, *ends], ends, strict=False)]


def index(structure: Structure, path: str) -> int:
    return [node.path for node in structure.nodes].index(path)


def edges(structure: Structure) -> set[tuple[str, str]]:
    return {(structure.nodes[a].path, structure.nodes[b].path) for a, _, b, _ in structure.edge.tolist()}


@pytest.mark.parametrize("name", ZOO)
def test_parameters_add_up_to_what_keras_counts_and_each_has_its_layer(name: str) -> None:
    model = ZOO[name]()
    structure = structure_of(model)
    held = parameters(structure).parameters

    assert sum(sizes(structure)) == model.count_params()
    trainable = [size for size, parameter in zip(sizes(structure), held, strict=True) if parameter.role == "trainable"]
    assert sum(trainable) == sum(int(np.prod(v.shape)) for v in model.trainable_weights)
    assert {parameter.layer for parameter in held} <= {node.layer for node in structure.nodes}
    assert [parameter.variable_path for parameter in held] == [variable.path for variable in model.weights]


@pytest.mark.parametrize("name", ZOO)
def test_parents_come_before_children_and_producers_before_consumers(name: str) -> None:
    structure = structure_of(ZOO[name]())

    assert len({node.path for node in structure.nodes}) == len(structure.nodes)
    for a, _, b, _ in structure.edge.tolist():
        # What a layer of the user's own does with the layers that it holds leads straight to them.
        assert structure.parent[a] == structure.parent[b] or name == "holding"
        assert a < b


@pytest.mark.parametrize("name", ["residual", "MobileNetV3Small", "ResNet50"])
def test_layers_and_shapes_are_those_of_keras(name: str) -> None:
    model = ZOO[name]()
    structure = structure_of(model)
    layers = [node.layer for node in structure.nodes if node.layer]

    assert set(layers) == {layer.name for layer in model.layers if isinstance(layer, keras.layers.Layer)}
    ends = structure.shape_end.tolist()
    shapes = [structure.shape[a:b].tolist() for a, b in zip([0, *ends], ends, strict=False)]
    outputs = dict(zip((node.path for node in structure.nodes), (shapes[end - 1] for end in structure.output_end), strict=True))
    for layer in model.layers:
        if isinstance(layer, keras.layers.Layer) and not isinstance(layer.output, list):
            assert outputs[layer.name] == [-1 if size is None else size for size in layer.output.shape]


def test_an_operation_that_is_no_layer_is_a_node_without_one() -> None:
    structure = structure_of(residual())

    assert edges(structure) == {("inputs", "a"), ("a", "add"), ("inputs", "add"), ("add", "subtract"), ("subtract", "b")}
    node = structure.nodes[index(structure, "subtract")]
    assert (node.layer, node.class_) == ("", "Subtract")


def test_a_shared_layer_has_a_node_for_each_call_and_its_parameters_once() -> None:
    structure = structure_of(shared())
    calls = [node for node in structure.nodes if node.layer == "twin"]

    assert [(node.path, node.call) for node in calls] == [("twin", 0), ("twin#2", 1)]
    assert edges(structure) == {("l", "twin"), ("r", "twin#2"), ("twin", "both"), ("twin#2", "both")}
    assert {name: structure.nodes[node].path for name, node in structure.inputs.items()} == {"l": "l", "r": "r"}
    assert {name: structure.nodes[node].path for name, node in structure.outputs.items()} == {"both": "both"}


def test_a_model_in_a_model_is_a_node_around_its_layers() -> None:
    structure = structure_of(nested())
    inside = [node.path for node, parent in zip(structure.nodes, structure.parent, strict=True) if parent == index(structure, "encoder")]

    assert set(inside) >= {"encoder/d", "encoder/n"}
    assert [node.call for node in structure.nodes if node.layer == "encoder"] == [0, 1]
    assert {p.path: p.layer for p in parameters(structure).parameters}["encoder/d/kernel"] == "encoder/d"
    assert structure.macs[index(structure, "encoder#2")] == 6 * 4
    roles = {p.path: p.role for p in parameters(structure).parameters}
    assert (roles["encoder/n/gamma"], roles["encoder/n/moving_mean"]) == ("trainable", "statistic")


def test_a_subclassed_model_whose_code_is_not_run_tells_its_layers_without_edges_and_says_so() -> None:
    structure = structure_of(built_subclass(), runs_code=False)

    assert [node.path for node in structure.nodes] == ["sub", "pixels", "hidden", "digit"]
    assert structure.parent.tolist() == [-1, 0, 0, 0]
    assert structure.edges_known.tolist() == [False, True, True, True]
    assert len(structure.edge) == 0
    assert "Subclassed" in structure.notes[0]


def test_layers_in_a_layer_whose_code_is_not_run_are_told_without_edges() -> None:
    structure = structure_of(holding(), runs_code=False)

    assert not structure.edges_known[index(structure, "block")]
    owners = {p.path: p.layer for p in parameters(structure).parameters}
    assert owners == {"block/scale": "block", **{f"block/{d}/{v}": f"block/{d}" for d in ("one", "two") for v in ("kernel", "bias")}}
    assert structure.macs[index(structure, "block")] == -1  # what it does with its layers is not known


def test_a_frozen_layer_is_told() -> None:
    model = frozen()
    roles = {p.path: p.role for p in parameters(structure_of(model)).parameters}

    assert roles["dense/kernel"] == "frozen"
    assert roles["dense_1/kernel"] == "trainable"


def test_only_configuration_that_differs_from_the_class_is_told() -> None:
    inputs = keras.Input((8, 8, 3))
    x = keras.layers.Conv2D(4, 3, strides=2, kernel_regularizer=keras.regularizers.L2(0.01), name="conv")(inputs)
    x = keras.layers.Dense(5, activation="relu", name="plain")(x)
    x = keras.layers.Bidirectional(keras.layers.LSTM(3), name="wrapped")(keras.layers.Reshape((9, 5))(x))
    structure = structure_of(keras.Model(inputs, x))
    config = {node.path: node.config for node in structure.nodes}

    assert config["conv"] == {"filters": 4, "kernel_size": [3, 3], "strides": [2, 2], "kernel_regularizer": {"class": "L2", "l2": 0.01}}
    assert config["plain"] == {"units": 5, "activation": "relu"}
    assert config["wrapped"] == config[inputs._keras_history.operation.name] == {}


def test_the_same_model_gives_the_same_structure() -> None:
    from tb_plugin.schema import record

    model = nested()

    assert record.digest(structure_of(model)) == record.digest(structure_of(model))


def profiled(model: keras.Model) -> int:
    """Floating-point operations of one example, by TensorFlow's profiler."""
    from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2_as_graph

    shape = [1 if size is None else size for size in model.inputs[0].shape]
    traced = tf.function(lambda x: model(x, training=False)).get_concrete_function(tf.TensorSpec(shape, model.inputs[0].dtype))
    _, graph_def = convert_variables_to_constants_v2_as_graph(traced)
    with tf.Graph().as_default() as graph:
        tf.graph_util.import_graph_def(graph_def, name="")
        options = tf.compat.v1.profiler.ProfileOptionBuilder(tf.compat.v1.profiler.ProfileOptionBuilder.float_operation()).with_empty_output().build()
        return int(tf.compat.v1.profiler.profile(graph=graph, cmd="op", options=options).total_float_ops)


def contractions() -> keras.Model:
    """Where the profiler is right: dense layers on any axis, convolutions of most kinds."""
    inputs = keras.Input((12, 12, 4))
    x = keras.layers.Conv2D(8, 3, padding="same")(inputs)
    x = keras.layers.DepthwiseConv2D(3)(x)
    x = keras.layers.SeparableConv2D(6, 3, strides=2)(x)
    x = keras.layers.Conv2DTranspose(5, 2, strides=2)(x)
    x = keras.layers.Dense(64)(x)
    return keras.Model(inputs, keras.layers.Dense(32)(keras.layers.Flatten()(x)))


def test_twice_the_multiply_adds_are_what_the_profiler_counts_beside_elementwise_work() -> None:
    model = contractions()
    macs = structure_of(model).macs

    assert (macs >= 0).all()
    assert 0.97 < 2 * macs.sum() / profiled(model) <= 1


def test_resnet_50_takes_the_multiply_adds_that_its_authors_count() -> None:
    # He et al. 2016, table 1: 3.8e9; to more digits TensorFlow's profiler's half, 3.877e9, with its elementwise work.
    assert structure_of(ZOO["ResNet50"]()).macs.sum() == pytest.approx(3.858e9, rel=1e-3)


@pytest.mark.parametrize(
    ("equation", "plain", "shape", "output"),
    [
        ("...x,xy->...y", "bcx,xy->bcy", (5, 6), 7),
        ("abc,cde->abde", "abc,cde->abde", (5, 6), (None, 2, 3)),
        ("ab...,bc->ac...", "abz,bc->acz", (6, 4), (7, None)),
    ],
)
def test_an_einsum_takes_half_the_operations_that_numpy_counts(equation: str, plain: str, shape: tuple[int, ...], output: Any) -> None:
    inputs = keras.Input(shape)
    layer = keras.layers.EinsumDense(equation, output_shape=output)
    structure = structure_of(keras.Model(inputs, layer(inputs)))

    _, told = np.einsum_path(plain, np.empty((1, *shape)), np.empty(layer.kernel.shape))
    operations = float(next(line for line in told.splitlines() if "Naive FLOP count" in line).split(":")[1])
    assert structure.macs[1] == pytest.approx(operations / 2, rel=1e-2)


def test_what_the_profiler_gets_wrong_is_counted_by_hand() -> None:
    structure = structure_of(recurrent())

    def macs(path: str) -> int:
        return int(structure.macs[index(structure, path)])

    assert macs("table") == 0
    assert macs("both_ways") == 7 * 2 * (6 * 20 + 5 * 20)
    assert macs("each") == 7 * 10 * 4
    assert macs("attention") == 7 * 4 * (4 * 2 * 3) + 7 * 7 * 2 * (3 + 3)
    assert macs("last") == 7 * (4 * 9 + 3 * 9)


def test_a_layer_of_ones_own_is_counted_only_where_its_code_is_run() -> None:
    class Odd(keras.layers.Dense):
        def call(self, inputs: Any, training: Any = None) -> Any:
            return super().call(inputs) * 2

    inputs = keras.Input((4,))
    model = keras.Model(inputs, Odd(3, name="odd")(inputs))
    ran, left = structure_of(model), structure_of(model, runs_code=False)

    assert ran.macs[index(ran, "odd")] == 4 * 3
    assert left.macs[index(left, "odd")] == -1


def test_bytes_of_activations() -> None:
    structure = structure_of(sequential())

    assert structure.activation_bytes.tolist() == [4 * 64, 4 * 64, 4 * 16, 4 * 10]


def test_where_keras_does_not_tell_its_graph_the_layers_are_told_without_edges(monkeypatch: pytest.MonkeyPatch) -> None:
    from writers.frameworks.keras.model import call_graph

    def other_version(function: Any) -> Any:
        raise AttributeError("no _nodes_by_depth")

    model = residual()
    monkeypatch.setattr(call_graph, "calls", other_version)
    structure = structure_of(model)

    assert [node.path for node in structure.nodes if node.layer] == ["residual", "inputs", "a", "add", "b"]
    assert "no _nodes_by_depth" in structure.notes[0]
    assert sum(sizes(structure)) == model.count_params()
