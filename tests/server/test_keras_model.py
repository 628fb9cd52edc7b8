"""The JSON of a Keras model → structure: against the live model."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tb_plugin.adapters.keras_model import structure_of
from tb_plugin.schema.parameters import Parameters
from tests.server.conftest import Tab
from tests.server.structures import Edge, at_top, edges, parameters, shapes


def live_edges(model: Any) -> set[Edge]:
    """The edges between the calls of a live functional model, walked through Keras' own graph."""
    ours = {id(node) for nodes in model._nodes_by_depth.values() for node in nodes}
    names = {}
    for operation in model.operations:
        for call, node in enumerate(n for n in operation._inbound_nodes if id(n) in ours):
            names[id(node)] = operation.name if call == 0 else f"{operation.name}#{call + 1}"
    found = set()
    for nodes in model._nodes_by_depth.values():
        for node in nodes:
            for slot, tensor in enumerate(node.arguments.keras_tensors):
                history = tensor._keras_history
                found.add((names[id(history.operation._inbound_nodes[history.node_index])], names[id(node)], slot))
    return found


def build(name: str) -> Any:
    """A live model by name."""
    import keras
    from keras import layers

    if name == "sequential":
        return keras.Sequential([keras.Input((28, 28, 1)), layers.Conv2D(4, 3), layers.MaxPooling2D(), layers.Flatten(), layers.Dense(10)])
    if name == "residual":
        x = inputs = keras.Input((16, 16, 3), name="image")
        x = layers.Conv2D(8, 3, padding="same", use_bias=False, name="stem")(x)
        for i in range(2):
            y = layers.BatchNormalization(name=f"bn{i}")(x)
            y = layers.DepthwiseConv2D(3, padding="same", name=f"depthwise{i}")(y)
            y = layers.SeparableConv2D(8, 3, padding="same", name=f"separable{i}")(y)
            x = layers.Add(name=f"add{i}")([x, y])
        x = layers.Conv2DTranspose(4, 3, strides=2, name="up")(x)
        x = layers.Conv2D(4, 3, groups=2, strides=2, dilation_rate=1, name="grouped")(x)
        x = layers.GlobalAveragePooling2D(name="pool")(x)
        return keras.Model(inputs, layers.Dense(3, name="head")(x), name="residual")
    if name == "shared":
        a, b = keras.Input((4,), name="a"), keras.Input((4,), name="b")
        inner = keras.Sequential([keras.Input((5,)), layers.Dense(5, name="d1"), layers.Dense(5, name="d2")], name="enc")
        dense = layers.Dense(5, name="shared")
        left, right = inner(dense(a)), inner(dense(b))
        return keras.Model({"a": a, "b": b}, {"far": left - right, "near": layers.Concatenate(name="both")([left, right])}, name="twins")
    if name == "attention":
        words = keras.Input((12,), name="words")
        x = layers.Embedding(50, 6, name="embedding")(words)
        x = layers.MultiHeadAttention(2, 3, value_dim=4, name="attention")(query=x, value=x)
        x = layers.LayerNormalization(name="norm")(x)
        x = layers.Bidirectional(layers.LSTM(3, return_sequences=True), name="both")(x)
        x = layers.TimeDistributed(layers.Dense(2), name="timed")(x)
        x = layers.GRU(4, return_sequences=True, name="gru")(x)
        x = layers.SimpleRNN(4, name="rnn")(x)
        return keras.Model(words, layers.Dense(1, name="out")(x))
    if name == "nested":
        inside = keras.Input((6,), name="inside")
        middle = layers.Dense(7, name="deep")(inside)
        inner = keras.Model(inside, [middle, layers.PReLU(name="prelu")(middle)], name="inner")
        x = keras.Input((6,), name="x")
        first, second = inner(x)
        joined = layers.Add(name="add")([first, second])
        return keras.Model(x, layers.GroupNormalization(7, name="groups")(joined), name="outer")
    raise KeyError(name)


MODELS = ["sequential", "residual", "shared", "attention", "nested"]


@pytest.fixture(scope="module")
def live() -> Callable[[str], Any]:
    made: dict[str, Any] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # TensorFlow's import has deprecations of its own
        import keras

        keras.utils.set_random_seed(0)
    return lambda name: made.setdefault(name, build(name)) if name not in made else made[name]


@pytest.mark.parametrize("name", MODELS)
def test_parameters_are_those_of_the_live_model(live: Callable[[str], Any], name: str) -> None:
    model = live(name)
    found = parameters(structure_of(model.to_json()))

    assert sum(math.prod(shape) for shape in found.values()) == model.count_params()
    assert list(found.values()) == [tuple(w.shape) for w in model.weights]
    # A functional model that is built inside another gives its layers paths without its own name.
    ours = [path.split("/")[-1] for path in found]
    assert ours == [w.path.split("/")[-1] for w in model.weights]


@pytest.mark.parametrize("name", [m for m in MODELS if m != "sequential"])
def test_edges_are_those_of_the_live_model(live: Callable[[str], Any], name: str) -> None:
    model = live(name)

    assert at_top(edges(structure_of(model.to_json()))) == live_edges(model)


@pytest.mark.parametrize("name", MODELS)
def test_output_shapes_are_those_of_the_live_model(live: Callable[[str], Any], name: str) -> None:
    model = live(name)
    found = shapes(structure_of(model.to_json()))

    for layer in model.layers:
        outputs = layer.output if isinstance(layer.output, list) else [layer.output]
        assert found[layer.name] == [[-1 if n is None else n for n in tensor.shape] for tensor in outputs], layer.name


@pytest.mark.parametrize("name", MODELS)
def test_producers_come_before_consumers_and_parents_before_children(live: Callable[[str], Any], name: str) -> None:
    structure = structure_of(live(name).to_json())

    assert (structure.parent < np.arange(len(structure.nodes))).all()
    assert all(a < b for a, _, b, _ in structure.edge.tolist())
    assert len({node.path for node in structure.nodes}) == len(structure.nodes)
    assert structure.notes == ()
    assert structure.source == "keras_json_3"


def test_inputs_and_outputs_are_named(live: Callable[[str], Any]) -> None:
    structure = structure_of(live("shared").to_json())

    assert {name: structure.nodes[i].path for name, i in structure.inputs.items()} == {"a": "a", "b": "b"}
    assert {name: structure.nodes[i].class_ for name, i in structure.outputs.items()} == {"far": "Subtract", "near": "Concatenate"}


def test_a_shared_layer_is_a_node_a_call_and_parameters_once(live: Callable[[str], Any]) -> None:
    structure = structure_of(live("shared").to_json())
    calls = [(n.path, n.layer, n.call) for n in structure.nodes if n.layer in ("shared", "enc")]

    assert sorted(calls) == [("enc", "enc", 0), ("enc#2", "enc", 1), ("shared", "shared", 0), ("shared#2", "shared", 1)]
    assert [p for p in parameters(structure) if p.startswith("shared/")] == ["shared/kernel", "shared/bias"]
    (operation,) = [n for n in structure.nodes if n.class_ == "Subtract"]
    assert operation.layer == ""


def test_multiply_adds_are_counted_by_definition(live: Callable[[str], Any]) -> None:
    structure = structure_of(live("sequential").to_json())
    counted = {node.class_: int(macs) for node, macs in zip(structure.nodes, structure.macs, strict=True)}

    assert counted["Conv2D"] == 26 * 26 * 3 * 3 * 4
    assert counted["Dense"] == 13 * 13 * 4 * 10
    assert counted["Flatten"] == 0


def test_config_is_what_differs_from_the_defaults(live: Callable[[str], Any]) -> None:
    structure = structure_of(live("residual").to_json())
    config = {node.path: dict(node.config) for node in structure.nodes}

    assert config["stem"] == {"filters": 8, "kernel_size": [3, 3], "padding": "same", "use_bias": False}
    assert config["head"] == {"units": 3}
    assert config["bn0"] == {}


def test_a_layer_of_the_users_own_is_shown_and_its_weights_are_said_to_be_unknown(live: Callable[[str], Any]) -> None:
    live("sequential")
    import keras

    class Mine(keras.layers.Layer):
        def build(self, shape: Any) -> None:
            self.w = self.add_weight(shape=(3,))

        def call(self, x: Any) -> Any:
            return x * 1.0

    inputs = keras.Input((3,))
    structure = structure_of(keras.Model(inputs, Mine(name="mine")(inputs)).to_json())

    assert [n.class_ for n in structure.nodes] == ["InputLayer", "Mine"]
    assert structure.notes == ("The weights of Mine are not told by this log (first: mine).",)
    assert parameters(structure) == {}


def test_frozen_and_half_precision_layers(live: Callable[[str], Any]) -> None:
    live("sequential")
    import keras

    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2, trainable=False, name="a"), keras.layers.Dense(2, dtype="mixed_float16", name="b")])
    structure = structure_of(model.to_json())
    told = structure.parameters

    assert isinstance(told, Parameters)
    assert [(p.path, p.role, p.dtype) for p in told.parameters] == [
        ("a/kernel", "frozen", "float32"),
        ("a/bias", "frozen", "float32"),
        ("b/kernel", "trainable", "float32"),
        ("b/bias", "trainable", "float32"),
    ]
    assert structure.dtypes[structure.dtype[-1]] == "float16"
    assert structure.activation_bytes.tolist() == [12, 8, 4]


@pytest.mark.parametrize("name", ["sequential", "shared"])
def test_a_logdir_of_keras_own_callback_shows_layers_and_loss(live: Callable[[str], Any], open_tab: Callable[..., Tab], tmp_path: Path, name: str) -> None:
    import keras

    model = live(name)
    model.compile("sgd", "mse")
    x = {t.name: np.zeros((4, *t.shape[1:])) for t in model.inputs} if name == "shared" else np.zeros((4, 28, 28, 1))
    y = {"far": np.zeros((4, 5)), "near": np.zeros((4, 10))} if name == "shared" else np.zeros((4, 10))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # Keras reads its learning rate by a deprecated way of NumPy's
        callback = keras.callbacks.TensorBoard(str(tmp_path / "theirs"), write_graph=True)
        model.fit(x, y, validation_data=(x, y), epochs=2, verbose=0, callbacks=[callback])

    tab = open_tab(tmp_path, 4)

    (training,) = tab.runs()["trainings"]
    assert (training["name"], training["structure"]) == ("theirs", "graph_keras_model")
    assert {(s["name"], s["split"]) for s in training["series"] if s["tag"] == "epoch_loss"} == {("loss", "train"), ("loss", "validation")}
    assert "learning_rate" in {s["name"] for s in training["series"]}
    answer = tab.arrays("/structure", training="theirs")
    assert [s["kind"] for s in answer.segments] == ["structure", "parameters"]
    assert {n["path"] for n in answer.segments[0]["points"][0]["fields"]["nodes"]} >= {layer.name for layer in model.layers}
    ends = answer.arrays["1/shape_end"].tolist()
    found = [tuple(answer.arrays["1/shape"][a:b].tolist()) for a, b in zip([0, *ends], ends, strict=False)]
    assert found == [tuple(w.shape) for w in model.weights]
    # Without training_facts nobody knows the steps of an epoch.
    assert tab.arrays("/points", run="theirs/train", tag="epoch_loss").segments[0]["points"][0]["fields"]["axis"] == "epoch"
