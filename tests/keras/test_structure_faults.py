"""Where other tools are wrong about Keras models (`Where the best are wrong` in our notes on structure): the live model, and the JSON that Keras logs."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import pytest
from keras import layers

from tb_plugin.adapters.keras_model import structure_of as structure_of_json
from tb_plugin.schema.structure import Structure
from tests.keras.awkward_models import AWKWARD
from tests.server.structures import parameters, shapes
from writers.frameworks.keras.model.structure import structure_of

READERS: dict[str, Callable[[Any], Structure]] = {"live": structure_of, "JSON": lambda model: structure_of_json(model.to_json())}
both = pytest.mark.parametrize("reader", READERS)


def edges(structure: Structure) -> set[tuple[str, int, str]]:
    return {(structure.nodes[a].path, slot, structure.nodes[b].path) for a, slot, b, _ in structure.edge.tolist()}


def macs(structure: Structure, path: str) -> int:
    return int(structure.macs[[node.path for node in structure.nodes].index(path)])


@both
def test_a_number_among_the_arguments_of_a_call_is_no_tensor(reader: str) -> None:
    """TensorBoard's converter raises for MobileNetV3."""
    model = keras.applications.MobileNetV3Small(weights=None, input_shape=(32, 32, 3), include_top=False)
    structure = READERS[reader](model)

    assert {node.layer for node in structure.nodes if node.layer} == {layer.name for layer in model.layers if isinstance(layer, keras.layers.Layer)}
    assert len(structure.edge) >= len(structure.nodes) - 1
    assert sum(math.prod(shape) for shape in parameters(structure).values()) == model.count_params()


@both
def test_outputs_by_name_are_outputs(reader: str) -> None:
    """TensorBoard's converter raises."""
    structure = READERS[reader](AWKWARD["by name"]())

    assert {name: structure.nodes[node].path for name, node in structure.outputs.items()} == {"low": "low", "high": "high"}
    assert set(structure.inputs) == {"price", "tags"}


@both
def test_tensors_handed_over_by_keyword_are_edges(reader: str) -> None:
    """TensorBoard's converter draws attention without an input."""
    structure = READERS[reader](AWKWARD["cross attention"]())

    assert edges(structure) == {("query", 0, "attend"), ("memory", 0, "attend")}
    assert macs(structure, "attend") == 5 * 8 * 6 + 9 * (6 * 6 + 6 * 8) + 5 * 9 * 2 * (3 + 4) + 5 * 8 * 8


@both
def test_each_call_of_a_shared_model_keeps_its_input(reader: str) -> None:
    """TensorBoard's converter keeps that of the first one, and makes one node of two calls of a layer."""
    inside = keras.Input((4,), name="inside")
    inner = keras.Model(inside, layers.Dense(3, name="dense")(inside), name="inner")
    one, two = keras.Input((4,), name="one"), keras.Input((4,), name="two")
    structure = READERS[reader](keras.Model([one, two], inner(one) - inner(two)))

    assert {("one", 0, "inner"), ("two", 0, "inner#2"), ("inner", 0, "subtract"), ("inner#2", 0, "subtract")} <= edges(structure)


@both
def test_a_model_whose_output_a_model_within_it_makes_has_that_output(reader: str) -> None:
    """Keras counts the calls of a model in a model from 1 there, and from 0 elsewhere."""
    narrow, wide = keras.Input((4,), name="code"), keras.Input((9,), name="image")
    encoder = keras.Model(wide, layers.Dense(4, name="e")(wide), name="encoder")
    decoder = keras.Model(narrow, layers.Dense(9, name="d")(narrow), name="decoder")
    image = keras.Input((9,), name="x")
    once = READERS[reader](keras.Model(image, decoder(encoder(image))))
    again = READERS[reader](keras.Model(image, decoder(encoder(decoder(encoder(image))))))

    assert {name: once.nodes[node].path for name, node in once.outputs.items()} == {"decoder": "decoder"}
    assert {name: again.nodes[node].path for name, node in again.outputs.items()} == {"decoder": "decoder#2"}


def test_a_layer_without_a_name_in_its_config_is_called_by_its_name() -> None:
    """TensorBoard's converter calls it `None`, and what takes it takes nothing."""

    class Nameless(layers.Layer):
        def call(self, x: Any) -> Any:
            return x * 2

        def get_config(self) -> dict[str, Any]:
            return {}

    x = keras.Input((4,), name="x")
    model = keras.Model(x, layers.Dense(2, name="d")(Nameless(name="nameless")(x)))
    for structure in (structure_of(model), structure_of_json(model.to_json())):
        assert edges(structure) == {("x", 0, "nameless"), ("nameless", 0, "d")}


def as_keras_2(model: Any) -> str:
    """The JSON of a functional model in the form of Keras 2, whose calls are lists of lists."""
    told = json.loads(model.to_json())
    for layer in told["config"]["layers"]:
        calls = []
        for call in layer["inbound_nodes"]:
            calls.append([[*history, {}] for history in _histories(call["args"])])
        layer["inbound_nodes"] = calls
        layer["config"]["dtype"] = "float32"
        layer.pop("build_config", None)
        layer.pop("module", None)
    return json.dumps({"class_name": "Functional", "config": told["config"], "keras_version": "2.15.0"})


def _histories(content: Any) -> list[Any]:
    if isinstance(content, list):
        return [history for each in content for history in _histories(each)]
    return [content["config"]["keras_history"]] if isinstance(content, dict) and content.get("class_name") == "__keras_tensor__" else []


def test_a_log_of_keras_2_has_its_edges() -> None:
    """TensorBoard's converter draws 177 nodes of ResNet-50, and no edge."""
    model = keras.applications.ResNet50(weights=None)
    structure = structure_of_json(as_keras_2(model))

    assert structure.source == "keras_json_2"
    assert (len(structure.nodes), len(structure.edge)) == (177, 192)
    assert sum(math.prod(shape) for shape in parameters(structure).values()) == model.count_params()
    assert structure.macs.sum() == structure_of(model).macs.sum()


@both
def test_attention_counts_both_of_its_products(reader: str) -> None:
    """TensorFlow's profiler leaves QKᵀ and AV out."""
    x = keras.Input((16, 32), name="x")
    structure = READERS[reader](keras.Model(x, layers.MultiHeadAttention(4, 8, name="attend")(x, x)))

    by_numpy = 0.0
    for equation, *given in [("btd,dhk->bthk", (1, 16, 32), (32, 4, 8))] * 3 + [
        ("bthk,bshk->bhts", (1, 16, 4, 8), (1, 16, 4, 8)),
        ("bhts,bshk->bthk", (1, 4, 16, 16), (1, 16, 4, 8)),
        ("bthk,hkd->btd", (1, 16, 4, 8), (4, 8, 32)),
    ]:
        _, told = np.einsum_path(equation, *map(np.empty, given))
        by_numpy += float(next(line for line in told.splitlines() if "Naive FLOP count" in line).split(":")[1]) / 2
    assert macs(structure, "attend") == pytest.approx(by_numpy, rel=2e-3)


@both
def test_a_recurrent_layer_counts_every_step(reader: str) -> None:
    """TensorFlow's profiler counts the body of its loop once."""
    x = keras.Input((32, 16), name="x")
    structure = READERS[reader](keras.Model(x, layers.LSTM(16, name="lstm")(x)))

    assert macs(structure, "lstm") == 32 * 4 * (16 * 16 + 16 * 16)


@both
def test_a_grouped_convolution_counts_its_groups(reader: str) -> None:
    """TensorFlow's profiler counts its bias alone."""
    x = keras.Input((8, 8, 12), name="x")
    structure = READERS[reader](keras.Model(x, layers.Conv2D(6, 3, groups=3, name="conv")(x)))

    assert macs(structure, "conv") == 6 * 6 * 6 * 3 * 3 * 4


@both
def test_a_dense_layer_is_counted_at_each_place_and_not_at_each_example(reader: str) -> None:
    """torchinfo counts the parameters once for an example."""
    x = keras.Input((64, 24), name="x")
    structure = READERS[reader](keras.Model(x, layers.Dense(32, name="dense")(x)))

    assert macs(structure, "dense") == 64 * 24 * 32


SAME = ["one layer", "no layer", "sequential", "outputs by name", "lambda", "by name", "normalised", "random", "any size", "recurrent", "reversible embedding"]


@pytest.mark.parametrize("name", SAME)
def test_the_json_tells_what_the_live_model_does(name: str) -> None:
    model = AWKWARD[name]()
    live, told = structure_of(model, runs_code=False), structure_of_json(model.to_json())
    of_live, of_json = shapes(live), shapes(told)

    assert edges(told) == edges(live)
    assert [(p, shape) for p, shape in parameters(told).items()] == [(p, shape) for p, shape in parameters(live).items()]
    assert (set(told.inputs), set(told.outputs)) == (set(live.inputs), set(live.outputs))
    assert {path: shape for path, shape in of_json.items() if of_live.get(path) and shape} == {
        path: shape for path, shape in of_live.items() if of_json.get(path) and shape
    }
    assert told.notes == ()


@pytest.mark.parametrize(("name", "silent"), [("int8", "Dense"), ("LoRA", "Dense"), ("spectral norm", "SpectralNormalization"), ("grouped attention", "Group")])
def test_what_the_json_does_not_tell_is_said_and_never_summed_up_without_it(name: str, silent: str) -> None:
    model = AWKWARD[name]()
    told = structure_of_json(model.to_json())

    assert any(f"The weights of {silent}" in note for note in told.notes)
    of_live = shapes(structure_of(model, runs_code=False))
    assert all(shape == of_live[path] for path, shape in shapes(told).items() if shape and of_live[path])
