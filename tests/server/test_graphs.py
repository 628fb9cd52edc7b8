"""Graphs of operations that other tools log, each by its own writer, against the models that they were made of."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import keras
import pytest
import tensorflow as tf
import torch
from torch import nn
from torch.utils.tensorboard import SummaryWriter

from tb_plugin import structures
from tb_plugin.adapters.keras_model import structure_of
from tb_plugin.catalogue import catalogue
from tb_plugin.open import open_logdir
from tb_plugin.schema.parameters import Parameter, Parameters
from tb_plugin.schema.structure import Node, Structure
from tb_plugin.store import Caller
from tests.server import graph_logs
from tests.server.conftest import Tab
from tests.server.structures import edges, parameters, shapes


def read(logdir: Path, name: str) -> Structure:
    """The layers of a training, as the route finds them."""
    store, caller = open_logdir(logdir), Caller.local()
    training = catalogue(store, caller).named(name)
    assert training is not None
    found = structures.find(store, caller, training, None)
    assert found.problems == ()
    told, arrays = (point.fields for point in found.points), [dict[str, Any](point.arrays) for point in found.points]
    layers, rows = told
    own = Parameters(parameters=tuple(Parameter(**row) for row in rows["parameters"]), **arrays[1])
    nodes = tuple(Node(**{("class_" if key == "class" else key): each for key, each in node.items()}) for node in layers["nodes"])
    rest: dict[str, Any] = {key: each for key, each in layers.items() if key not in ("nodes", "parameters")}
    return Structure(nodes=nodes, parameters=own, **rest, **arrays[0])


def sizes(structure: Structure, *roles: str) -> int:
    """How many parameters of some roles there are."""
    told = structure.parameters
    assert isinstance(told, Parameters)
    shape = parameters(structure)
    return sum(math.prod(shape[row.path]) for row in told.parameters if row.role in roles)


def classes(structure: Structure) -> dict[str, str]:
    return {node.path: node.class_ for node in structure.nodes}


def between(structure: Structure, named: Callable[[str], bool]) -> set[tuple[str, str]]:
    """Edges between some nodes, also through nodes that are none of them."""
    after: dict[str, set[str]] = {}
    for a, b, _ in edges(structure):
        after.setdefault(a, set()).add(b)

    def reached(path: str) -> Iterator[str]:
        for user in after.get(path, ()):
            if named(user):
                yield user
            else:
                yield from reached(user)

    return {(path, user) for path in after if named(path) for user in reached(path)}


@pytest.fixture(scope="module")
def network() -> keras.Model:
    return graph_logs.keras_network()


@pytest.fixture(scope="module")
def logdir(tmp_path_factory: pytest.TempPathFactory, network: keras.Model) -> Path:
    folder = tmp_path_factory.mktemp("logs")
    graph_logs.torch_graph(folder / "torch", graph_logs.TorchNetwork(), torch.zeros(2, 1, 8, 8))
    graph_logs.summary_graph(folder / "graph", network)
    graph_logs.trace_of_step(folder / "step", network)
    graph_logs.keras_callback(folder / "callback", graph_logs.keras_network())
    # A graph beside histograms that tell the names of its layers.
    graph_logs.summary_graph(folder / "both", network)
    writer = tf.summary.create_file_writer(str(folder / "both"))
    with writer.as_default():
        for variable in network.weights:
            tf.summary.histogram(f"{variable.path}/histogram", variable, step=0)
    writer.close()
    return folder


def test_a_graph_of_tensorflow_has_the_layers_edges_and_parameters_of_its_model(logdir: Path, network: keras.Model) -> None:
    found = read(logdir, "graph")
    truth = structure_of(network.to_json())

    assert found.source == "graph_def"
    assert found.model == "net_1"  # as the graph has it: Keras numbers its scopes
    assert sizes(found, "trainable", "statistic") == network.count_params()
    assert sizes(found, "statistic") == sum(math.prod(w.shape) for w in network.non_trainable_weights if w.dtype == "float32")
    # Without training, a dropout leaves nothing in the graph.
    own = {f"{name}_1" for name in graph_logs.LAYERS if name != "drop"}
    assert {node.path for node in found.nodes if node.layer} == own
    told = between(truth, lambda path: path not in ("image", "drop"))
    assert between(found, own.__contains__) == {(f"{a}_1", f"{b}_1") for a, b in told}
    assert {path.replace("_1/", "/"): shape for path, shape in parameters(found).items()} == parameters(truth)
    for layer in own:
        assert shapes(found)[layer] == shapes(truth)[layer.removesuffix("_1")]


def test_histograms_tell_which_numbers_of_scopes_are_none_of_the_layers(logdir: Path, network: keras.Model) -> None:
    found = read(logdir, "both")

    assert {node.path for node in found.nodes if node.layer} >= {"conv1", "bn", "conv2", "fc"}
    assert {path for path in parameters(found) if "_1/" in path} == set()
    assert parameters(found) == parameters(structure_of(network.to_json()))


def test_of_a_traced_step_the_model_remains_and_what_trains_it_is_counted(logdir: Path, network: keras.Model) -> None:
    found = read(logdir, "step")

    assert [sizes(found, role) for role in ("trainable", "statistic")] == [
        sum(math.prod(w.shape) for w in network.trainable_weights),
        sum(math.prod(w.shape) for w in network.non_trainable_weights if w.dtype == "float32"),
    ]
    own = {f"{name}_1" for name in graph_logs.LAYERS}
    assert {node.path for node in found.nodes if node.path.endswith("_1")} == own
    assert between(found, own.__contains__) == {(f"{a}_1", f"{b}_1") for a, b in between(structure_of(network.to_json()), lambda path: path != "image")}
    assert not [node.path for node in found.nodes if "adam" in node.path or "gradient" in node.path]
    assert "train_step" in found.notes[0]
    assert "adam" in found.notes[1]
    assert "gradient_tape" in found.notes[1]
    assert set(found.inputs) == {"x", "y"}


def test_a_trace_with_the_profiler_tells_the_same(tmp_path: Path, network: keras.Model, logdir: Path) -> None:
    graph_logs.trace_of_step(tmp_path / "step", network, with_profiler=True)

    found, plain = read(tmp_path, "step"), read(logdir, "step")

    assert (edges(found), parameters(found), classes(found)) == (edges(plain), parameters(plain), classes(plain))


def test_a_graph_of_pytorch_has_its_modules_by_their_names(logdir: Path) -> None:
    found, model = read(logdir, "torch"), graph_logs.TorchNetwork()

    assert (found.source, found.model) == ("torch_graph", "TorchNetwork")
    modules = {name.replace(".", "/"): type(module).__name__ for name, module in model.named_modules() if name}
    assert {node.path: node.class_ for node in found.nodes if node.layer} == modules
    kept = {name.replace(".", "/"): tuple(each.shape) for name, each in itertools.chain(model.named_parameters(), model.named_buffers())}
    # The trace says what enters and leaves a module: of a convolution that does not tell the kernel.
    told = parameters(found)
    assert set(told) == {path for path in kept if not path.endswith("num_batches_tracked")}
    unknown = {row.path for row in found.parameters.parameters if row.dtype == ""} if isinstance(found.parameters, Parameters) else set()
    assert unknown == {"conv1/weight", "body/0/weight"}
    assert {path: shape for path, shape in told.items() if path not in unknown} == {p: s for p, s in kept.items() if p in told and p not in unknown}
    assert "2 of 10 parameters" in found.notes[-1]
    assert {(a, b) for a, b, _ in edges(found)} == {
        ("x", "conv1"),
        ("conv1", "relu"),
        ("relu", "bn"),
        ("bn", "body/0"),
        ("body/0", "body/1"),
        ("bn", "add"),
        ("body/1", "add"),
        ("add", "flatten"),
        ("flatten", "drop"),
        ("drop", "fc"),
        ("fc", "log_softmax"),
    }
    assert shapes(found)["conv1"] == [[2, 4, 6, 6]]
    assert list(found.outputs.values()) == [len(found.nodes) - 1]


def test_histograms_tell_the_sizes_that_a_graph_of_pytorch_does_not(tmp_path: Path) -> None:
    model = graph_logs.TorchNetwork()
    graph_logs.torch_graph(tmp_path / "run", model, torch.zeros(2, 1, 8, 8))
    with SummaryWriter(str(tmp_path / "run")) as log:
        for name, values in model.named_parameters():
            log.add_histogram(name, values, 0)

    found = read(tmp_path, "run")

    assert sizes(found, "trainable") == sum(each.numel() for each in model.parameters())
    assert parameters(found)["conv1/weight"] == (model.conv1.weight.numel(),)  # how many, not in which shape
    assert parameters(found)["fc/weight"] == tuple(model.fc.weight.shape)
    assert found.notes[-1] == "How many values 2 of these have their histograms tell."


def test_four_tools_tell_the_same_of_one_network(logdir: Path, network: keras.Model) -> None:
    """What has parameters, and what of these feeds what."""
    weighted = {"conv1", "bn", "conv2", "fc"}

    def told(name: str, called: Callable[[str], str]) -> set[tuple[str, str]]:
        found = read(logdir, name)
        return {(called(a), called(b)) for a, b in between(found, lambda path: called(path) in weighted)}

    truth = between(structure_of(network.to_json()), weighted.__contains__)
    assert told("callback", lambda path: path) == truth
    assert told("graph", lambda path: path.removesuffix("_1")) == truth
    assert told("step", lambda path: path.removesuffix("_1")) == truth
    assert told("torch", lambda path: {"body/0": "conv2"}.get(path, path)) == truth


def test_a_session_of_tf1_leaves_the_model_and_its_loss(tmp_path: Path) -> None:
    trained = graph_logs.session_graph(tmp_path / "run")

    found = read(tmp_path, "run")

    assert parameters(found) == {"hidden/kernel": (12, 8), "hidden/bias": (8,), "out/weights": (8, 3), "out/biases": (3,)}
    assert sizes(found, "trainable") == trained
    assert {(a, b) for a, b, _ in edges(found)} >= {("x", "hidden"), ("hidden", "out"), ("out", "cross_entropy"), ("y", "cross_entropy")}
    assert classes(found)["hidden"] == "MatMul"
    assert shapes(found)["hidden"] == [[-1, 8]]
    assert not {"save", "train", "gradients", "beta1_power", "global_step", "init"} & {node.path.partition("/")[0] for node in found.nodes}
    assert "train (" in found.notes[1]


def test_modules_called_in_a_loop_lists_and_tuples_do_not_break_a_graph_of_pytorch(tmp_path: Path) -> None:
    class Twice(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.embed = nn.Embedding(11, 6)
            self.shared = nn.Linear(6, 6)
            self.rnn = nn.LSTM(6, 5, batch_first=True)
            self.heads = nn.ModuleDict({"a": nn.Linear(5, 2), "b": nn.Linear(5, 3)})
            self.scale = nn.Parameter(torch.ones(6))

        def forward(self, tokens: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
            x = self.embed(tokens) * self.scale
            for _ in range(2):
                x = torch.relu(self.shared(x))
            x, _ = self.rnn(torch.cat([x, x], 1))
            return self.heads["a"](x[:, -1]), self.heads["b"](x[:, -1])

    model = Twice()
    graph_logs.torch_graph(tmp_path / "run", model, torch.zeros((2, 3), dtype=torch.int64))

    found = read(tmp_path, "run")

    paths = {node.path for node in found.nodes if node.layer}
    assert {"Twice/embed", "Twice/shared", "Twice/rnn", "Twice/heads/a", "Twice/heads/b"} <= paths  # the root owns an array itself
    told = parameters(found)
    assert {f"Twice/{name.replace('.', '/')}" for name, _ in model.named_parameters()} == set(told)
    assert told["Twice/shared/weight"] == (6, 6)
    assert len(found.outputs) == 2
    reached = between(found, lambda path: path in ("Twice/embed", "Twice/shared", "Twice/rnn", "Twice/heads/a", "Twice/heads/b"))
    assert {("Twice/embed", "Twice/shared"), ("Twice/shared", "Twice/rnn"), ("Twice/rnn", "Twice/heads/a"), ("Twice/rnn", "Twice/heads/b")} <= reached


class Block(nn.Module):
    """A block of a transformer, with sums of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.q, self.o, self.norm = nn.Linear(6, 6), nn.Linear(6, 6), nn.LayerNorm(6)
        self.mlp = nn.Sequential(nn.Linear(6, 12), nn.GELU(), nn.Linear(12, 6))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """The same shape."""
        x = self.norm(x + self.o(torch.tanh(self.q(x))))
        sums: torch.Tensor = x + self.mlp(x)
        return sums


class Blocks(nn.Module):
    """Blocks in lists."""

    def __init__(self, *lists: str) -> None:
        super().__init__()
        for name in lists:
            setattr(self, name, nn.ModuleList([Block() for _ in range(3)]))
        self.lists = lists

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """One after another."""
        for block in (block for name in self.lists for block in getattr(self, name)):
            x = block(x)
        return x


def test_modules_in_a_list_stand_in_it_though_pytorch_tells_their_scope_without_it(tmp_path: Path) -> None:
    model = Blocks("blocks")
    graph_logs.torch_graph(tmp_path / "run", model, torch.zeros(2, 3, 6))

    found = read(tmp_path, "run")

    modules = {name.replace(".", "/"): type(module).__name__ for name, module in model.named_modules() if name}
    assert {node.path: node.class_ for node in found.nodes if node.layer} == modules
    assert parameters(found) == {name.replace(".", "/"): tuple(each.shape) for name, each in model.named_parameters()}
    assert {node.path for node in found.nodes if not node.layer} == {"x"} | {f"blocks/{i}/{name}" for i in range(3) for name in ("tanh", "add", "add#2")}
    assert {(a, b) for a, b, _ in edges(found)} >= {("blocks/0/add#2", "blocks/1/q"), ("blocks/1/q", "blocks/1/tanh"), ("blocks/1/mlp/1", "blocks/1/mlp/2")}


def test_of_two_lists_with_blocks_of_one_name_every_parameter_is_where_it_belongs(tmp_path: Path) -> None:
    model = Blocks("encoder", "decoder")
    graph_logs.torch_graph(tmp_path / "run", model, torch.zeros(2, 3, 6))

    found = read(tmp_path, "run")

    assert parameters(found) == {name.replace(".", "/"): tuple(each.shape) for name, each in model.named_parameters()}
    weighted = {name.replace(".", "/") for name, module in model.named_modules() if not list(module.children()) and list(module.parameters())}
    assert {("encoder/0/q", "encoder/0/o"), ("encoder/2/mlp/2", "decoder/0/q")} <= between(found, weighted.__contains__)


def test_each_is_answered_by_the_route_with_both_loaders(open_tab: Callable[..., Tab], logdir: Path) -> None:
    tab = open_tab(logdir, 27)
    expected = {"torch": "torch_graph", "graph": "graph_def", "step": "graph_def", "callback": "keras_json_3", "both": "graph_def"}

    told = {each["name"]: each["structure"] for each in tab.runs()["trainings"]}

    assert told == {"torch": "graphs", "graph": "graphs", "step": "graph_run_metadata_graph", "callback": "graph_keras_model", "both": "graphs"}
    for name, source in expected.items():
        answer = tab.arrays("/structure", training=name)
        assert [segment["kind"] for segment in answer.segments] == ["structure", "parameters"]
        assert answer.segments[0]["points"][0]["fields"]["source"] == source
        assert answer.problems == []
