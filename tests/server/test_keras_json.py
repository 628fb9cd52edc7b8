"""The JSON of a Keras model → structure, without Keras: hand-made JSON of Keras 2, odd and broken models."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from tb_plugin.adapters.keras_json import BadModel
from tb_plugin.adapters.keras_model import structure_of
from tests.server.structures import edges, parameters, shapes


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


@settings(max_examples=40)
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
