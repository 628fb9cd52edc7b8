"""The JSON of a Keras model → structure: against the live model, and against hand-made JSON of Keras 2."""

from __future__ import annotations

import json
import math
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from tb_plugin.adapters.keras_json import BadModel
from tb_plugin.adapters.keras_model import structure_of
from tb_plugin.schema.parameters import Parameters
from tb_plugin.schema.structure import Structure
from tests.server.conftest import Tab
from tests.strategies import unhurried

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
    return {(a, b, slot) for a, b, slot in found if "/" not in a + b}


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


def keras_2(layers: list[dict[str, Any]], **config: Any) -> str:
    """A model as Keras 2 wrote it."""
    form = "Functional" if "output_layers" in config else "Sequential"
    return json.dumps({"class_name": form, "config": {"name": "old", "layers": layers, **config}, "keras_version": "2.15.0", "backend": "tensorflow"})


def layer(class_: str, name: str, calls: list[Any] | None = None, **config: Any) -> dict[str, Any]:
    return {"class_name": class_, "config": {"name": name, "dtype": "float32", **config}, "name": name, "inbound_nodes": calls or []}


def test_keras_2_functional() -> None:
    """Keyword references, a constant, an operation, one call unwrapped, and a nested model whose calls count from 1."""
    nested = {
        "class_name": "Functional",
        "name": "enc",
        "config": {
            "name": "enc",
            "layers": [layer("InputLayer", "in2", batch_input_shape=[None, 5]), layer("Dense", "d", [[["in2", 0, 0, {}]]], units=6)],
            "input_layers": [["in2", 0, 0]],
            "output_layers": [["d", 0, 0]],
        },
        "inbound_nodes": [[["sh", 0, 0, {}]], [["sh", 1, 0, {}]]],
    }
    text = keras_2(
        [
            layer("InputLayer", "x", batch_input_shape=[None, 5]),
            layer("Dense", "sh", [[["x", 0, 0, {}]], [["sh", 0, 0, {}]]], units=5),
            nested,
            layer("TFOpLambda", "tf.math.subtract", [["enc", 1, 0, {"y": ["enc", 2, 0], "name": None}]], function="math.subtract"),
            layer("TFOpLambda", "tf.math.multiply", [["_CONSTANT_VALUE", -1, 2.0, {"y": ["tf.math.subtract", 0, 0]}]], function="math.multiply"),
        ],
        input_layers=[["x", 0, 0]],
        output_layers=[["tf.math.multiply", 0, 0], ["enc", 2, 0]],
    )

    structure = structure_of(text)

    assert structure.source == "keras_json_2"
    assert edges(structure) == {
        ("x", "sh", 0),
        ("sh", "sh#2", 0),
        ("sh", "enc", 0),
        ("sh#2", "enc#2", 0),
        ("enc/in2", "enc/d", 0),
        ("enc", "tf.math.subtract", 0),
        ("enc#2", "tf.math.subtract", 1),
        ("tf.math.subtract", "tf.math.multiply", 0),
    }
    assert {name: structure.nodes[i].path for name, i in structure.outputs.items()} == {"tf.math.multiply": "tf.math.multiply", "enc": "enc#2"}
    assert parameters(structure) == {"sh/kernel": (5, 5), "sh/bias": (5,), "enc/d/kernel": (5, 6), "enc/d/bias": (6,)}
    assert shapes(structure)["enc#2"] == [[-1, 6]]
    assert structure.notes == ()


def test_keras_2_sequential_is_sized_by_the_rules_of_its_layers() -> None:
    """LeNet: 61,706 parameters, as every textbook has it."""
    text = keras_2(
        [
            layer("Conv2D", "c1", filters=6, kernel_size=[5, 5], padding="same", strides=[1, 1], batch_input_shape=[None, 28, 28, 1]),
            layer("AveragePooling2D", "p1", pool_size=[2, 2], strides=[2, 2], padding="valid"),
            layer("Conv2D", "c2", filters=16, kernel_size=[5, 5], padding="valid", strides=[1, 1]),
            layer("AveragePooling2D", "p2", pool_size=[2, 2], strides=[2, 2], padding="valid"),
            layer("Flatten", "f"),
            layer("Dense", "d1", units=120),
            layer("Dense", "d2", units=84),
            layer("Dense", "d3", units=10),
        ]
    )

    structure = structure_of(text)

    assert sum(math.prod(shape) for shape in parameters(structure).values()) == 61_706
    assert shapes(structure)["f"] == [[-1, 400]]
    assert [(a, b) for a, _, b, _ in structure.edge.tolist()] == [(i, i + 1) for i in range(7)]


def test_keras_2_bidirectional_tells_only_one_of_its_layers() -> None:
    inner = {"class_name": "LSTM", "config": {"name": "lstm", "units": 3}}
    text = keras_2([layer("Bidirectional", "bi", layer=inner, batch_input_shape=[None, 7, 2])])

    assert list(parameters(structure_of(text))) == [
        f"bi/{way}_lstm/lstm_cell/{name}" for way in ("forward", "backward") for name in ("kernel", "recurrent_kernel", "bias")
    ]
    assert shapes(structure_of(text))["bi"] == [[-1, 6]]


def test_a_model_that_goes_round_in_a_circle_is_shown_and_said() -> None:
    text = keras_2(
        [layer("Dense", "a", [[["b", 0, 0, {}]]], units=2), layer("Dense", "b", [[["a", 0, 0, {}]]], units=2)], input_layers=[], output_layers=[["b", 0, 0]]
    )

    structure = structure_of(text)

    assert edges(structure) == {("a", "b", 0), ("b", "a", 0)}
    assert "circle" in structure.notes[0]


def test_a_tensor_that_nobody_makes_is_said() -> None:
    text = keras_2([layer("Dense", "a", [[["ghost", 0, 0, {}]]], units=2)], input_layers=[], output_layers=[["a", 0, 0]])

    assert "ghost" in structure_of(text).notes[0]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "3",
        "[]",
        "{}",
        '{"class_name": "Model"}',
        '{"class_name": 3, "config": {}}',
        '{"class_name": "Sequential", "config": {"layers": []}}',
        '{"class_name": "Sequential", "config": {"layers": [3]}}',
        '{"class_name": "Sequential", "config": {"layers": [{"class_name": "Dense", "config": 3}]}}',
        '{"class_name": "Sequential", "config": {"layers": [{"class_name": "Dense", "name": "a"}, {"class_name": "Dense", "name": "a"}]}}',
        '{"class_name": "F", "config": {"output_layers": [], "layers": [{"class_name": "D", "inbound_nodes": 3}]}}',
        '{"class_name": "F", "config": {"output_layers": [], "layers": [{"class_name": "D", "inbound_nodes": '
        '[{"class_name": "__keras_tensor__", "config": {"keras_history": ["a", -1, 0]}}]}]}}',
    ],
)
def test_what_is_no_model_is_refused_with_the_reason(text: str) -> None:
    with pytest.raises(BadModel, match=r"\w"):
        structure_of(text)


def test_layers_inside_each_other_without_end_are_refused() -> None:
    inner: dict[str, Any] = {"class_name": "Dense", "config": {"name": "d", "units": 1}}
    for i in range(100):
        inner = {"class_name": "Sequential", "config": {"name": f"s{i}", "layers": [inner]}}

    with pytest.raises(BadModel, match="inside each other"):
        structure_of(json.dumps(inner))


CONV = layer("Conv2D", "c", filters=6, kernel_size=[5, 5], batch_input_shape=[None, 28, 28, 1])
SMALL = keras_2([CONV, layer("Flatten", "f"), layer("Dense", "d", units=3)])
numbers = st.integers(-(2**70), 2**70) | st.floats() | st.booleans()
junk: st.SearchStrategy[Any] = st.none() | numbers | st.text(max_size=3) | st.lists(numbers, max_size=3) | st.just({})


@unhurried()
@given(st.data())
def test_a_model_with_any_part_replaced_is_read_or_refused(data: st.DataObject) -> None:
    model = json.loads(SMALL)
    part: Any = model
    while True:
        keys = list(part) if isinstance(part, dict) else list(range(len(part)))
        key = data.draw(st.sampled_from(keys))
        if isinstance(part[key], dict | list) and part[key] and data.draw(st.booleans()):
            part = part[key]
            continue
        part[key] = data.draw(junk)
        break

    try:
        structure = structure_of(json.dumps(model))
    except BadModel:
        return
    assert_array_equal(structure.parent < np.arange(len(structure.nodes)), True)
