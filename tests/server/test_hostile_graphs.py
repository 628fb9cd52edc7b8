"""Graphs that no tool would write, or that are huge or damaged: read as far as they make sense, in bounded time."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tensorboard.compat.proto import config_pb2, event_pb2, graph_pb2, node_def_pb2, types_pb2

from tb_plugin.adapters.graph_bytes import BadGraph
from tb_plugin.adapters.graph_def import structure_of_graph, structure_of_trace
from tb_plugin.schema.structure import Structure
from tests.server.conftest import Tab
from tests.server.others import write_events
from tests.server.structures import edges, parameters


def node(name: str, op: str, *inputs: str) -> node_def_pb2.NodeDef:
    return node_def_pb2.NodeDef(name=name, op=op, input=inputs)


def variable(name: str, *shape: int) -> node_def_pb2.NodeDef:
    made = node(name, "VarHandleOp")
    made.attr["dtype"].type = types_pb2.DT_FLOAT
    made.attr["shape"].shape.SetInParent()
    for size in shape:
        made.attr["shape"].shape.dim.add(size=size)
    return made


def data(name: str = "x") -> node_def_pb2.NodeDef:
    made = node(name, "Placeholder")
    made.attr["dtype"].type = types_pb2.DT_FLOAT
    return made


def dense(name: str, source: str, *shape: int) -> list[node_def_pb2.NodeDef]:
    read = f"{name}/MatMul/ReadVariableOp"
    return [variable(f"{name}/kernel", *shape), node(read, "ReadVariableOp", f"{name}/kernel"), node(f"{name}/MatMul", "MatMul", source, read)]


def graph(nodes: Sequence[node_def_pb2.NodeDef]) -> graph_pb2.GraphDef:
    return graph_pb2.GraphDef(node=nodes)


def read(*nodes: node_def_pb2.NodeDef) -> Structure:
    return structure_of_graph(graph(nodes).SerializeToString())


def arrows(structure: Structure) -> set[tuple[str, str]]:
    return {(a, b) for a, b, _ in edges(structure)}


def chain(layers: int, per_block: int = 4) -> list[node_def_pb2.NodeDef]:
    """Dense layers in blocks, each with an activation: 5 operations a layer."""
    nodes, source = [data()], "x"
    for i in range(layers):
        name = f"model/block_{i // per_block}/dense_{i % per_block}"
        nodes += [*dense(name, source, 8, 8), node(f"{name}/Relu", "Relu", f"{name}/MatMul")]
        source = f"{name}/Relu"
    return nodes


def test_ten_thousand_operations_take_less_than_a_second() -> None:
    nodes = chain(2_500)
    content = graph(nodes).SerializeToString()
    assert len(nodes) > 10_000

    begin = time.process_time()
    found = structure_of_graph(content)

    assert time.process_time() - begin < 1
    assert len(parameters(found)) == 2_500
    assert len(found.edge) == 2_500


def test_constants_of_megabytes_are_stepped_over() -> None:
    heavy = node("big/Const", "Const")
    heavy.attr["value"].tensor.tensor_content = bytes(30_000_000)
    content = graph([heavy, data(), *dense("d", "x", 2, 3)]).SerializeToString()

    begin = time.process_time()
    found = structure_of_graph(content)

    assert time.process_time() - begin < 0.5
    assert parameters(found) == {"d/kernel": (2, 3)}


def test_a_long_attribute_does_not_take_the_others_along() -> None:
    weight = variable("d/kernel", 2, 3)
    weight.attr["_note"].s = bytes(100_000)

    assert parameters(read(data(), weight, *dense("d", "x", 2, 3)[1:])) == {"d/kernel": (2, 3)}


@pytest.mark.parametrize("kept", [0.3, 0.7, 0.99])
def test_of_a_graph_that_is_cut_off_its_beginning_is_shown_and_that_is_said(kept: float) -> None:
    content = graph(chain(50)).SerializeToString()

    found = structure_of_graph(content[: int(len(content) * kept)])

    assert 0 < len(parameters(found)) <= 50
    assert "damaged" in found.notes[1]


@pytest.mark.parametrize("content", [b"", b"\xff\xff\xff", b"not a graph", graph_pb2.GraphDef().SerializeToString()])
def test_what_is_no_graph_is_refused(content: bytes) -> None:
    with pytest.raises(BadGraph):
        structure_of_graph(content)
    with pytest.raises(BadGraph):
        structure_of_trace(content, "t")


def test_edges_that_go_round_in_a_circle_end() -> None:
    found = read(*dense("a", "b/MatMul", 2, 2), *dense("b", "a/MatMul", 2, 2), node("i", "Identity", "j"), node("j", "Identity", "i"), *dense("c", "i", 2, 2))

    assert arrows(found) == {("a", "b"), ("b", "a")}
    assert set(parameters(found)) == {"a/kernel", "b/kernel", "c/kernel"}


def test_names_that_repeat_are_empty_or_odd_keep_their_nodes() -> None:
    found = read(
        data(),
        node("", "Relu", "x"),
        node("", "Relu", "x"),
        node("/", "Relu", "x"),
        node("a//b/<b>", "Relu", "x"),
        *dense("d", "x", 2, 2),
        *dense("d", "x", 2, 2),
    )

    assert len({each.path for each in found.nodes}) == len(found.nodes)
    assert set(parameters(found)) == {"d/kernel", "d/kernel#2"}


def test_an_operation_named_like_a_layer_gives_way() -> None:
    found = read(data(), *dense("d", "x", 2, 2), node("d", "Relu", "d/MatMul"))

    assert arrows(found) == {("x", "d"), ("d", "d#2")}


def test_control_edges_and_unknown_inputs_are_no_data() -> None:
    assert arrows(read(data(), *dense("a", "x", 2, 2), *dense("b", "^a/MatMul", 2, 2), node("c/Relu", "Relu", "nobody", "a/MatMul:x", "a/MatMul:99999"))) == {
        ("x", "a"),
        ("a", "c"),
    }


def test_edges_between_layers_stand_once_however_many_operations_share_them() -> None:
    found = read(data(), *dense("a", "x", 2, 2), *(node(f"b/Op_{i}", "Mul", "a/MatMul", "a/MatMul") for i in range(9)))

    assert [edge for edge in edges(found) if edge[1] == "b"] == [("a", "b", 0)]


def test_scopes_of_a_thousand_levels_are_cut() -> None:
    deep = "/".join("s" * 1000)

    found = read(data(), *dense(deep, "x", 2, 2))

    assert max(each.path.count("/") for each in found.nodes) < 50
    assert sum(len(shape) for shape in parameters(found).values()) == 2


def test_a_shape_that_is_not_whole_is_not_known() -> None:
    rankless = variable("b/kernel")
    rankless.attr["shape"].shape.unknown_rank = True
    found = read(data(), variable("a/kernel", 3, -1), node("a/MatMul", "MatMul", "x", "a/kernel"), rankless, node("b/MatMul", "MatMul", "a/MatMul", "b/kernel"))

    assert parameters(found) == {"a/kernel": (), "b/kernel": ()}
    assert "2 of 2 parameters" in found.notes[-1]


def called(name: str, body: Sequence[node_def_pb2.NodeDef], *, takes: Sequence[str] = ("a",), returns: str) -> graph_pb2.GraphDef:
    made = graph_pb2.GraphDef()
    function = made.library.function.add()
    function.signature.name = name
    for each in takes:
        function.signature.input_arg.add(name=each)
    function.signature.output_arg.add(name="out")
    function.node_def.extend(body)
    function.ret["out"] = returns
    return made


def test_a_function_is_opened_where_it_is_called() -> None:
    body = [variable("inner/kernel", 2, 2), node("inner/MatMul", "MatMul", "a", "inner/kernel")]
    made = called("f", body, returns="inner/MatMul:product:0")
    call = node("scope/PartitionedCall", "PartitionedCall", "first/MatMul")
    call.attr["f"].func.name = "f"
    made.node.extend([data(), *dense("first", "x", 2, 2), call, *dense("last", "scope/PartitionedCall", 2, 2)])

    found = structure_of_graph(made.SerializeToString())

    assert arrows(found) == {("x", "first"), ("first", "scope/inner"), ("scope/inner", "last")}


def test_functions_that_call_themselves_are_opened_once() -> None:
    again = node("again", "PartitionedCall", "a")
    again.attr["f"].func.name = "f"
    made = called("f", [again, *dense("d", "again:output:0", 2, 2)], returns="d/MatMul:product:0")
    call = node("call", "PartitionedCall", "x")
    call.attr["f"].func.name = "f"
    made.node.extend([data(), call, *dense("last", "call", 2, 2)])

    found = structure_of_graph(made.SerializeToString())

    assert set(parameters(found)) == {"d/kernel", "last/kernel"}
    assert ("d", "last") in arrows(found)


def test_a_loop_is_a_layer_of_what_its_body_does() -> None:
    body = called(
        "body", [node("step/MatMul", "MatMul", "a", "w:value:0"), node("w", "ReadVariableOp", "b")], takes=("a", "b"), returns="step/MatMul:product:0"
    )
    loop = node("rnn/while", "While", "x", "rnn/kernel")
    loop.attr["body"].func.name = "body"
    body.node.extend([data(), variable("rnn/kernel", 2, 2), loop, *dense("last", "rnn/while", 2, 2)])

    found = structure_of_graph(body.SerializeToString())

    assert arrows(found) == {("x", "rnn"), ("rnn", "last")}
    assert set(parameters(found)) == {"rnn/kernel", "last/kernel"}


@pytest.mark.parametrize("scope", ["gradients", "gradient_tape", "save", "init", "Adam", "training", "report_uninitialized_variables"])
def test_what_trains_or_saves_a_model_is_left_out_and_counted(scope: str) -> None:
    training = [node(f"{scope}/a/Mul", "Mul", "d/MatMul"), node(f"{scope}/b/AssignVariableOp", "AssignVariableOp", "d/kernel", f"{scope}/a/Mul")]
    plain = read(data(), *dense("d", "x", 2, 2))

    found = read(data(), *dense("d", "x", 2, 2), *training)

    assert (found.nodes, arrows(found)) == (plain.nodes, arrows(plain))
    assert f"{scope} (2)" in found.notes[1]


@pytest.mark.parametrize("scope", ["adam", "training", "momentum"])
def test_a_layer_that_is_named_like_an_optimizer_but_writes_nothing_stays(scope: str) -> None:
    assert set(parameters(read(data(), *dense(scope, "x", 2, 2)))) == {f"{scope}/kernel"}


def test_sums_of_what_an_optimizer_keeps_are_no_parameters() -> None:
    slots = [variable("d/kernel/Adam", 2, 2), variable("d/kernel/Adam_1", 2, 2), variable("beta1_power"), variable("global_step")]

    assert set(parameters(read(data(), *dense("d", "x", 2, 2), *slots))) == {"d/kernel"}


def test_without_parameters_the_layers_are_those_that_multiply() -> None:
    found = read(data(), node("net/a/Conv2D", "Conv2D", "x"), node("net/a/Relu", "Relu", "net/a/Conv2D"), node("net/b/MatMul", "MatMul", "net/a/Relu"))

    assert (found.model, [each.path for each in found.nodes]) == ("net", ["x", "a", "b"])
    assert found.notes[-1] == "The graph tells no parameters."


def test_the_larger_of_traced_functions_is_shown() -> None:
    metadata = config_pb2.RunMetadata()
    for layers in (1, 5, 2):
        metadata.function_graphs.add().pre_optimization_graph.CopyFrom(graph(chain(layers)))

    assert len(parameters(structure_of_trace(metadata.SerializeToString(), "t"))) == 5


names = st.sampled_from(
    ["", "a", "a/b", "a/b/MatMul", "gradients/a", "a/kernel", "x", "w/Adam", "b//c", "Net/Linear[fc]/weight/w", "Net/Linear[fc]/1", "input/x.1"]
)
kinds = st.sampled_from(
    ["MatMul", "VarHandleOp", "ReadVariableOp", "Identity", "Placeholder", "AssignVariableOp", "Const", "While", "prim::GetAttr", "aten::linear"]
)


@settings(deadline=None, max_examples=150)
@given(st.lists(st.builds(lambda name, op, inputs: node(name, op, *inputs), names, kinds, st.lists(names, max_size=4)), min_size=1, max_size=12))
def test_any_graph_is_a_structure_whose_parents_come_first(nodes: list[node_def_pb2.NodeDef]) -> None:
    found = read(*nodes)

    assert (found.parent < range(len(found.nodes))).all()
    assert len({each.path for each in found.nodes}) == len(found.nodes)
    layers = {each.layer for each in found.nodes}
    assert {row.layer for row in found.parameters.parameters} <= layers if not isinstance(found.parameters, str) else False


@settings(deadline=None, max_examples=150)
@given(st.data())
def test_damage_is_an_error_or_leaves_what_can_be_read(data_: st.DataObject) -> None:
    content = bytearray(graph(chain(3)).SerializeToString())
    for _ in range(data_.draw(st.integers(1, 5))):
        content[data_.draw(st.integers(0, len(content) - 1))] = data_.draw(st.integers(0, 255))

    with suppress(BadGraph):
        assert structure_of_graph(bytes(content)).source in ("graph_def", "torch_graph")


def test_a_damaged_graph_is_a_problem_that_the_route_tells(python_tab: Callable[..., Tab], tmp_path: Path) -> None:
    write_events(tmp_path / "d", [event_pb2.Event(wall_time=1.0, graph_def=b"\xff\xff")])

    status, error, fix = python_tab(tmp_path).refused("/structure", training="d")

    assert status == 404
    assert "the graph in run 'd' cannot be read" in error
    assert "Layerscope" in fix
