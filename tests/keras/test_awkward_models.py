"""What is told of awkward models: laws that hold for all of them, and what is known of each."""

from __future__ import annotations

import random
from functools import cache
from typing import Any

import keras
import numpy as np
import pytest

from tb_plugin.schema import record
from tb_plugin.schema.parameters import Parameters
from tb_plugin.schema.structure import Structure
from tests.keras.awkward_models import AWKWARD
from tests.keras.own_layers import Failing, called
from writers.frameworks.keras.model.structure import paths_of, structure_of


@cache
def told(name: str) -> tuple[Any, Structure]:
    """A model and its structure, made once for all the laws."""
    model = AWKWARD[name]()
    return model, structure_of(model)


def parameters(structure: Structure) -> Parameters:
    assert isinstance(structure.parameters, Parameters)
    return structure.parameters


def sizes(structure: Structure) -> list[int]:
    held = parameters(structure)
    return [int(np.prod(shape)) for shape in np.split(held.shape, held.shape_end)[:-1]]


def place(structure: Structure, path: str) -> int:
    return [node.path for node in structure.nodes].index(path)


def edges(structure: Structure) -> set[tuple[str, str]]:
    return {(structure.nodes[a].path, structure.nodes[b].path) for a, _, b, _ in structure.edge.tolist()}


def shapes(structure: Structure, path: str) -> list[list[int]]:
    each = np.split(structure.shape, structure.shape_end)
    begin, end = [0, *structure.output_end][place(structure, path)], structure.output_end[place(structure, path)]
    return [shape.tolist() for shape in each[begin:end]]


def macs(structure: Structure, path: str) -> int:
    return int(structure.macs[place(structure, path)])


@pytest.mark.parametrize("name", AWKWARD)
def test_every_parameter_is_counted_once_and_stands_at_the_layer_that_made_it(name: str) -> None:
    model, structure = told(name)
    held = parameters(structure).parameters
    layer_at = {path: layer for layer, path in paths_of(model) if isinstance(layer, keras.layers.Layer)}

    assert sum(sizes(structure)) == model.count_params()
    assert [parameter.variable_path for parameter in held] == [variable.path for variable in model.weights]
    assert len({parameter.path for parameter in held}) == len(held)
    trainable = {id(variable) for variable in model.trainable_weights}
    for parameter, variable in zip(held, model.weights, strict=True):
        assert (parameter.role == "trainable") == (id(variable) in trainable), parameter
        assert parameter.layer in {node.layer for node in structure.nodes}
        layer = layer_at[parameter.layer]
        assert any(each is variable for each in layer.weights)
        inside = [each for path, each in layer_at.items() if path.startswith(f"{parameter.layer}/")]
        assert not any(each is variable for child in inside for each in child.weights)


@pytest.mark.parametrize("name", AWKWARD)
def test_nodes_are_in_order_and_edges_lead_onward_from_outputs_that_are_there(name: str) -> None:
    _, structure = told(name)
    paths = [node.path for node in structure.nodes]

    assert len(set(paths)) == len(paths)
    assert all(parent < i for i, parent in enumerate(structure.parent.tolist()))
    outputs = np.diff(structure.output_end, prepend=0)
    for a, slot, b, _ in structure.edge.tolist():
        assert a < b
        assert slot < outputs[a], (paths[a], paths[b])
    assert len({(b, slot) for _, _, b, slot in structure.edge.tolist()}) == len(structure.edge)
    assert structure.outputs or structure.notes
    record.encode(structure, writer="w", ordinal=0)


@pytest.mark.parametrize("name", [name for name in AWKWARD if name not in ("a loop", "never called whole")])
def test_everything_that_is_called_is_connected(name: str) -> None:
    _, structure = told(name)
    reached = {node for a, _, b, _ in structure.edge.tolist() for node in (a, b)} | set(structure.outputs.values())
    parents = set(structure.parent.tolist())

    loose = [node.path for i, node in enumerate(structure.nodes) if i not in reached and i not in parents and structure.edges_known[structure.parent[i]]]
    known = {"a layer unused": ["idle"], "tied": []}
    assert [path for path in loose if "/" not in path or structure.parent[place(structure, path)] < 0] == known.get(name, [])


@pytest.mark.parametrize("name", AWKWARD)
def test_reading_a_model_changes_nothing(name: str) -> None:
    model = AWKWARD[name]()
    layers = model._flatten_layers()
    before = [variable.numpy() for variable in model.variables], [dict(vars(layer)) for layer in layers]
    of_python, of_numpy = random.getstate(), repr(np.random.get_state())
    counters = keras.backend.get_uid("dense")

    structure_of(model)

    assert random.getstate() == of_python
    assert repr(np.random.get_state()) == of_numpy
    assert keras.backend.get_uid("dense") == counters + 1
    for one, other in zip(before[0], (variable.numpy() for variable in model.variables), strict=True):
        np.testing.assert_array_equal(one, other)
    for attributes, layer in zip(before[1], layers, strict=True):
        assert vars(layer).keys() == attributes.keys()
        assert all(vars(layer)[key] is value for key, value in attributes.items())


@pytest.mark.parametrize("name", AWKWARD)
def test_a_layer_has_the_same_path_whether_its_code_was_run_or_not(name: str) -> None:
    model, structure = told(name)

    assert {node.layer for node in structure.nodes if node.layer} <= {path for _, path in paths_of(model)}


def test_an_own_layer_in_a_functional_model_is_a_box_with_its_wiring() -> None:
    _, structure = told("own layers in a functional model")

    assert edges(structure) >= {
        ("tokens", "embed/words"),
        ("embed/words", "block_0/norm_1"),
        ("embed/words", "block_0/add"),
        ("block_0/norm_1", "block_0/attention/qkv"),
        ("block_0/attention/qkv", "block_0/attention/matmul"),
        ("block_0/attention/out", "block_0/drop"),
        ("block_0/drop", "block_0/add"),
        ("block_0/add", "block_0/add_1"),
        ("block_0/norm_2", "block_0/mlp"),
        ("block_0/add_1", "block_1/norm_1"),
        ("block_1/add_1", "mean"),
    }
    assert structure.edges_known.all()
    assert structure.notes == ()
    assert macs(structure, "block_0/attention/matmul") == 6 * 6 * 8
    assert macs(structure, "block_0/attention") == 6 * 8 * 24 + 2 * 6 * 6 * 8 + 6 * 8 * 8
    assert macs(structure, "block_0") == macs(structure, "block_0/attention") + 2 * 6 * 8 * 16


def test_a_subclassed_model_is_told_as_its_code_calls_its_layers() -> None:
    _, structure = told("U-Net")

    assert edges(structure) == {
        ("image", "down_0"), ("down_0", "pool"), ("pool", "down_1"), ("down_1", "pool#2"), ("pool#2", "down_2"), ("down_2", "up_1"),
        ("down_1", "concatenate"), ("up_1", "concatenate"), ("concatenate", "join_1/one"), ("join_1/one", "join_1/two"),
        ("concatenate", "join_1/add"), ("join_1/two", "join_1/add"), ("join_1/add", "up_0"), ("up_0", "concatenate_1"), ("down_0", "concatenate_1"),
        ("concatenate_1", "join_0/one"), ("join_0/one", "join_0/two"), ("concatenate_1", "join_0/add"), ("join_0/two", "join_0/add"), ("join_0/add", "last"),
    }  # fmt: skip
    assert {name: structure.nodes[node].path for name, node in structure.inputs.items()} == {"image": "image"}
    assert {name: structure.nodes[node].path for name, node in structure.outputs.items()} == {"last": "last"}
    assert shapes(structure, "join_1") == [[-1, 8, 8, 16]]
    assert structure.notes == ()


def test_what_goes_in_and_out_by_name_keeps_it_and_a_shared_layer_is_told_at_each_call() -> None:
    _, structure = told("two towers")

    assert {name: structure.nodes[node].path for name, node in structure.inputs.items()} == {"query": "query", "document": "document"}
    assert {name: structure.nodes[node].path for name, node in structure.outputs.items()} == {"score": "head", "query": "encoder"}
    assert [(node.path, node.call) for node in structure.nodes if node.layer == "encoder"] == [("encoder", 0), ("encoder#2", 1)]
    assert {a for a, b in edges(structure) if b == "concatenate"} == {"encoder", "encoder#2", "multiply"}


@pytest.mark.parametrize("name", ["own layer, shared", "a layer twice"])
def test_a_layer_of_layers_that_is_called_again_is_a_box_without_its_inside(name: str) -> None:
    _, structure = told(name)
    calls = [node.path for node in structure.nodes if node.layer == "block"]

    assert calls[0] == "block"
    assert [node.path for node in structure.nodes if node.layer == "block/one"] == ["block/one"]
    assert len({macs(structure, path) for path in calls}) == 1
    assert {("block/add", "block#2"), ("block/add", "sum")} & edges(structure)


def test_in_a_loop_the_layers_are_told_and_not_how_they_are_connected() -> None:
    _, structure = told("a loop")

    assert place(structure, "cell")
    assert "loops" in structure.notes[0]
    assert macs(structure, "while") == -1


def test_code_that_cannot_be_run_leaves_the_layers_and_says_why() -> None:
    model = called(Failing(), np.ones((1, 8), np.float32))
    structure = structure_of(model, ((keras.KerasTensor((None, 8)),), {}))

    assert [node.path for node in structure.nodes] == ["failing", "one", "two"]
    assert not structure.edges_known[0]
    assert structure.notes[0].startswith("Failing is a subclassed model: it tells its layers, but not how they are connected: its code, run with stand-ins")
    assert sum(sizes(structure)) == model.count_params()


def test_a_model_that_is_never_called_whole_says_so_and_its_parts_are_told() -> None:
    _, structure = told("never called whole")

    assert "has no call of its own" in structure.notes[0]
    assert edges(structure) == {("generator/input_layer", "generator/paint"), ("judge/look", "judge/say")} or len(structure.edge) == 2
    assert macs(structure, "judge") == 4 * 5 + 5


def test_code_is_not_run_where_that_is_not_wanted() -> None:
    ran: list[int] = []

    class Counting(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.one = keras.layers.Dense(2)

        def call(self, x: Any) -> Any:
            ran.append(1)
            return self.one(x)

    model = called(Counting(), np.zeros((1, 3), np.float32))
    ran.clear()
    structure_of(model, runs_code=False)
    assert ran == []
    structure_of(model)
    assert ran == [1]


def test_attention_that_is_handed_its_tensors_by_name_counts_each_length_where_it_belongs() -> None:
    _, structure = told("cross attention")

    assert macs(structure, "attend") == 5 * 8 * 6 + 9 * (6 * 6 + 6 * 8) + 5 * 9 * 2 * (3 + 4) + 5 * 8 * 8


def test_a_table_that_scores_words_is_counted_where_it_scores() -> None:
    _, structure = told("reversible embedding")

    assert [(node.path, macs(structure, node.path)) for node in structure.nodes if node.layer == "table"] == [("table", 0), ("table#2", 5 * 4 * 11)]


def test_what_code_of_ones_own_contracts_is_counted() -> None:
    assert macs(told("lambda")[1], "gram") == 4 * 4 * 6
    assert macs(told("transformer")[1], "matmul") == 6 * 8 * 20
    assert macs(told("tied")[1], told("tied")[0].layers[-1].name) == 4 * 10


def test_axes_that_are_not_known_stay_so_and_what_depends_on_them_is_not_counted() -> None:
    _, structure = told("any size")

    assert shapes(structure, "conv") == [[-1, -1, -1, 4]]
    assert macs(structure, "conv") == -1
    assert macs(structure, "head") == 8


def test_types_are_those_that_the_layers_compute_and_keep() -> None:
    _, structure = told("mixed precision")
    types = {node.path: structure.dtypes[structure.dtype[end - 1]] for node, end in zip(structure.nodes, structure.output_end, strict=True)}

    assert types["block/norm_1"] == types["block/add_1"] == "float16"
    assert types["head"] == "float32"
    assert {parameter.dtype for parameter in parameters(structure).parameters} == {"float32"}


def test_roles_of_what_is_frozen_scaled_and_adapted() -> None:
    lora = {p.path.rpartition("/")[2]: p.role for p in parameters(told("LoRA")[1]).parameters if p.path.startswith("a/")}
    assert lora["kernel"] == "frozen"
    assert [role for name, role in lora.items() if "lora" in name] == ["trainable", "trainable"]
    int8 = {p.path: (p.role, p.dtype) for p in parameters(told("int8")[1]).parameters}
    assert int8["a/kernel"][1] == int8["b/kernel"][1] == "int8"
    assert int8["a/kernel_scale"][0] == "scale"
    adapted = {p.path: p.role for p in parameters(told("normalised")[1]).parameters}
    assert adapted["scale/mean"] == adapted["scale/variance"] == "statistic"


def test_losses_that_code_adds_and_what_it_keeps_are_as_before() -> None:
    class Adding(keras.Model):
        def __init__(self) -> None:
            super().__init__(name="adding")
            self.one = keras.layers.Dense(3, activity_regularizer="l2", name="one")
            self.last: Any = None

        def call(self, x: Any) -> Any:
            self.last = x
            y = self.one(x)
            self.add_loss(keras.ops.mean(y))
            return y + keras.random.normal((3,))

    model = called(Adding(), np.ones((2, 4), np.float32))
    before, last = [float(loss) for loss in model.losses], model.last
    structure = structure_of(model)

    assert [float(loss) for loss in model.losses] == before
    assert model.last is last
    assert edges(structure) == {("x", "one")}


def test_a_layer_that_is_not_built_is_left_unbuilt() -> None:
    class Lazy(keras.Model):
        def __init__(self) -> None:
            super().__init__(name="lazy")
            self.one, self.two = keras.layers.Dense(3, name="one"), keras.layers.Dense(2, name="two")

        def build(self, shape: Any) -> None:
            self.one.build(shape)
            self.built = True

        def call(self, x: Any) -> Any:
            return self.two(self.one(x))

    model = Lazy()
    model.build((None, 4))
    structure = structure_of(model)

    assert not model.two.built
    assert "the layer two is not built" in structure.notes[0]
    assert sum(sizes(structure)) == model.count_params() == 15
