"""The tree of modules with what `torch.fx` and a batch tell of it, and no trace of either in the training."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

from tb_plugin.schema.structure import Structure
from tests.torch.trainings import Net, Tied
from writers.frameworks.torch.parameters import parameters_of, tensors_of, unwrapped
from writers.frameworks.torch.recording import Recording
from writers.frameworks.torch.structure import structure_of


def structure(model: nn.Module, *given: Any) -> Structure:
    recording = Recording(model)
    if given:
        model(*given)
    recording.remove()
    inner = unwrapped(model)
    return structure_of(inner, parameters_of(tensors_of(inner)), recording)


def edges(of: Structure) -> set[tuple[str, str]]:
    return {(of.nodes[a].path, of.nodes[b].path) for a, _, b, _ in of.edge.tolist()}


def parents(of: Structure) -> dict[str, str]:
    return {node.path: of.nodes[parent].path if parent >= 0 else "" for node, parent in zip(of.nodes, of.parent.tolist(), strict=True)}


def shapes(of: Structure) -> dict[str, list[list[int]]]:
    ends, begins = of.shape_end.tolist(), [0, *of.shape_end.tolist()]
    each = [of.shape[a:b].tolist() for a, b in zip(begins, ends, strict=False)]
    first = [0, *of.output_end.tolist()]
    return {node.path: each[first[i] : first[i + 1]] for i, node in enumerate(of.nodes)}


class Block(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(4, 4, 3, padding=1)
        self.flatten = nn.Flatten()

    def forward(self, x: Tensor) -> Tensor:
        return torch.relu(self.conv(x)) + x


class Picture(nn.Module):
    """A stem, one block called twice, and a head."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, 4, 3, stride=2), nn.ReLU())
        self.block = Block()
        self.up = nn.ConvTranspose2d(4, 2, 2, stride=2)
        self.head = nn.Linear(2 * 6 * 6, 5)

    def forward(self, image: Tensor) -> Tensor:
        x = self.block(self.block(self.stem(image)))
        result: Tensor = self.head(self.up(x).flatten(1))
        return result


def test_layers_operations_and_edges_are_those_of_the_code() -> None:
    found = structure(Picture(), torch.zeros(2, 3, 8, 8))

    assert found.source == "torch"
    assert found.model == "Picture"
    assert found.notes == ()
    assert edges(found) == {
        ("image", "stem/0"),
        ("stem/0", "stem/1"),
        ("stem/1", "block/conv"),
        ("block/conv", "block/relu"),
        ("block/relu", "block/add"),
        ("stem/1", "block/add"),
        ("block/add", "block#2/conv"),
        ("block#2/conv", "block#2/relu_1"),
        ("block#2/relu_1", "block#2/add_1"),
        ("block/add", "block#2/add_1"),
        ("block#2/add_1", "up"),
        ("up", "flatten"),
        ("flatten", "head"),
    }
    assert parents(found)["block#2/relu_1"] == parents(found)["block#2/conv"] == "block#2"
    assert parents(found)["block/relu"] == parents(found)["block/flatten"] == "block"
    assert [(node.layer, node.call) for node in found.nodes if node.path == "block#2/conv"] == [("block/conv", 1)]
    assert {name: found.nodes[i].path for name, i in found.inputs.items()} == {"image": "image"}
    assert {name: found.nodes[i].path for name, i in found.outputs.items()} == {"output": "head"}
    assert {node.path: node.class_ for node in found.nodes}["block/add"] == "Add"
    assert found.edges_known.all()
    assert shapes(found)["stem/0"] == [[-1, 4, 3, 3]]
    assert shapes(found)["head"] == [[-1, 5]]


def test_a_layer_says_what_it_was_made_with() -> None:
    found = structure(nn.Sequential(nn.Conv2d(3, 4, 3, padding=1, bias=False), nn.Dropout(0.3), nn.LayerNorm(4)))
    config = {node.path: node.config for node in found.nodes if node.layer}

    assert config["0"] == {"in_channels": 3, "out_channels": 4, "kernel_size": [3, 3], "padding": [1, 1], "bias": False}
    assert config["1"] == {"p": 0.3}
    assert config["2"] == {"normalized_shape": [4]}


@pytest.mark.parametrize("make", [Picture, lambda: nn.Sequential(nn.Conv1d(3, 6, 3, groups=3), nn.Flatten(), nn.Linear(6 * 6, 2))])
def test_multiply_adds_are_those_that_pytorch_counts(make: Any) -> None:
    model, batch = make(), 3
    given = torch.zeros(batch, 3, 8, 8) if isinstance(model, Picture) else torch.zeros(batch, 3, 8)
    counter = FlopCounterMode(display=False)
    with counter:
        model(given)
    found = structure(model, given)

    assert found.macs[found.macs > 0].sum() * 2 * batch == counter.get_total_flops()


def test_bytes_are_those_of_the_outputs_of_one_example() -> None:
    found = structure(nn.Sequential(nn.Linear(3, 5), nn.ReLU()), torch.zeros(7, 3))
    assert {node.path: size for node, size in zip(found.nodes, found.activation_bytes.tolist(), strict=True) if node.layer} == {"0": 20, "1": 20}


class Choosing(Net):
    """Its code asks what is in a tensor, which a stand-in does not know."""

    def forward(self, x: Tensor) -> Tensor:
        return super().forward(x if x.sum() > 0 else -x)


def test_code_that_cannot_be_read_leaves_the_tree_and_says_so() -> None:
    found = structure(Choosing(), torch.ones(2, 6))

    assert found.nodes[0].path == found.nodes[0].class_ == "Choosing"
    assert not found.edges_known[0]
    assert parents(found)["stem"] == "Choosing"
    assert parents(found)["body/0"] == "body"
    assert len(found.edge) == 0
    assert found.notes[0].startswith("How the layers are connected could not be read by torch.fx: TraceError")
    assert shapes(found)["head"] == [[-1, 4]]


def test_without_a_batch_shapes_are_said_to_be_unknown() -> None:
    found = structure(Net())
    assert any("Shapes are not known" in note for note in found.notes)
    assert len(found.shape) == 0
    assert (found.macs == -1).all()


def test_what_is_inside_a_module_of_pytorchs_own_is_told_without_edges() -> None:
    model = nn.Sequential(nn.Linear(4, 4), nn.TransformerEncoderLayer(4, 2, 8, batch_first=True))
    found = structure(model, torch.zeros(2, 3, 4))
    known = dict(zip([node.path for node in found.nodes], found.edges_known.tolist(), strict=True))

    assert not known["1"]
    assert known["0"]
    assert parents(found)["1/self_attn/out_proj"] == "1/self_attn"


def test_a_tied_parameter_is_told_at_each_of_its_places() -> None:
    found = structure(Tied(), torch.zeros(2, 3, dtype=torch.int64)).parameters
    assert not isinstance(found, str)
    assert [(parameter.path, parameter.layer, parameter.tied_to) for parameter in found.parameters] == [
        ("embedding/weight", "embedding", None),
        ("head/weight", "head", "embedding/weight"),
    ]


def test_roles_are_told_apart_and_wrappers_are_not_in_paths() -> None:
    model = nn.DataParallel(Net())
    found = structure(model, torch.ones(2, 6)).parameters
    assert not isinstance(found, str)
    assert {parameter.path: parameter.role for parameter in found.parameters if parameter.layer in ("norm", "frozen")} == {
        "norm/weight": "trainable",
        "norm/bias": "trainable",
        "norm/running_mean": "statistic",
        "norm/running_var": "statistic",
        "norm/num_batches_tracked": "state",
        "frozen/weight": "frozen",
        "frozen/bias": "frozen",
    }
    compiled: Any = torch.compile(Net(), backend="eager")
    part: Any = torch.compile(nn.Linear(2, 2), backend="eager")
    partly: Any = nn.Sequential(part)
    for other, first in [(compiled, "stem/weight"), (partly, "0/weight")]:
        axis = structure(other).parameters
        assert not isinstance(axis, str)
        assert axis.parameters[0].path == first


class Odd(nn.Module):
    """Draws random numbers of three kinds, and keeps what it was given."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(2, 2)
        self.last: Any = None

    def forward(self, x: Tensor) -> Tensor:
        self.last = x
        result: Tensor = self.layer(x) * (random.random() + float(np.random.random()) + torch.rand(1))
        return result


def test_reading_the_code_draws_no_random_number_and_leaves_nothing_in_the_model() -> None:
    model, seen = Odd(), list[Any]()
    model.register_forward_hook(lambda *given: seen.append(given))
    of_python, of_torch = random.getstate(), torch.random.get_rng_state()
    of_numpy: Any = np.random.get_state()
    found = structure(model)

    assert found.edge.size
    assert model.last is None
    assert not seen
    assert random.getstate() == of_python
    now: Any = np.random.get_state()
    np.testing.assert_array_equal(now[1], of_numpy[1])
    assert torch.equal(torch.random.get_rng_state(), of_torch)
