"""Kind `structure`: a description of layers becomes arrays and comes back as it was."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tb_plugin.schema import record
from tb_plugin.schema.parameters import Parameter
from tb_plugin.schema.structure import Node, Structure
from writers import parameters, structure
from writers.structure import Described, Output

NO_PARAMETERS = parameters.of([])
OUTPUTS = st.builds(Output, st.lists(st.none() | st.integers(0, 2**40), max_size=4).map(tuple), st.sampled_from([None, "float32", "int64", "bfloat16"]))


@st.composite
def described(draw: st.DrawFn) -> list[Described]:
    return [
        Described(
            Node(path=f"n{i}", layer=f"n{i}", call=0, class_="Dense"),
            parent=draw(st.integers(-1, i - 1)),
            outputs=draw(st.lists(OUTPUTS, max_size=3).map(tuple)),
            macs=draw(st.none() | st.integers(0, 2**50)),
            activation_bytes=draw(st.none() | st.integers(0, 2**50)),
            edges_known=draw(st.booleans()),
        )
        for i in range(draw(st.integers(0, 6)))
    ]


def told(made: Structure) -> list[Described]:
    """What a reader makes of the arrays."""

    def known(value: int) -> int | None:
        return None if value < 0 else value

    shapes = np.split(made.shape, made.shape_end)
    outputs = [
        Output(tuple(known(int(size)) for size in shape), None if dtype < 0 else made.dtypes[dtype]) for shape, dtype in zip(shapes, made.dtype, strict=False)
    ]
    starts = [0, *made.output_end]
    return [
        Described(
            node,
            parent=int(made.parent[i]),
            outputs=tuple(outputs[starts[i] : starts[i + 1]]),
            macs=known(int(made.macs[i])),
            activation_bytes=known(int(made.activation_bytes[i])),
            edges_known=bool(made.edges_known[i]),
        )
        for i, node in enumerate(made.nodes)
    ]


@settings(max_examples=60)
@given(described(), st.data())
def test_a_description_comes_back_from_a_record(nodes: list[Described], data: st.DataObject) -> None:
    place = st.integers(0, len(nodes) - 1)
    edges = data.draw(st.lists(st.tuples(place, st.integers(0, 3), place, st.integers(0, 3)))) if nodes else []
    made = structure.of(nodes, edges=edges, source="keras", model="m", parameters=NO_PARAMETERS)

    read = record.payload_of(record.decode(record.encode(made, writer="w", ordinal=0)))
    assert isinstance(read, Structure)
    assert told(read) == nodes
    assert [tuple(edge) for edge in read.edge.tolist()] == edges
    assert read.parameters == record.digest(NO_PARAMETERS)


def test_a_model_is_told_with_its_parameters_and_ends() -> None:
    kernel = Parameter(path="dense/kernel", variable_path="m/dense/kernel", layer="dense", dtype="float32", role="trainable")
    made = structure.of(
        [
            Described(Node(path="input", layer="input", call=0, class_="InputLayer"), outputs=[Output((None, 4), "float32")]),
            Described(Node(path="dense", layer="dense", call=0, class_="Dense", config={"units": 2}), outputs=[Output((None, 2), "float32")], macs=8),
        ],
        edges=[(0, 0, 1, 0)],
        source="keras",
        model="m",
        parameters=parameters.of([(kernel, (4, 2))]),
        inputs={"x": 0},
        outputs={"y": 1},
        notes=["one layer was not built"],
    )

    assert made.shape.tolist() == [-1, 4, -1, 2]
    assert made.dtypes == ("float32",)
    assert (made.inputs, made.outputs, made.notes) == ({"x": 0}, {"y": 1}, ("one layer was not built",))
    assert made.macs.tolist() == [-1, 8]


@pytest.mark.parametrize(("change", "message"), [({"edges": [(0, 0, 5, 0)]}, "edge must lie below"), ({"outputs": {"y": 3}}, "outputs .*3")])
def test_what_refers_to_no_node_is_refused(change: dict[str, Any], message: str) -> None:
    given_: dict[str, Any] = {"edges": [], "source": "keras", "model": "m", "parameters": NO_PARAMETERS, **change}

    with pytest.raises(ValueError, match=message):
        structure.of([Described(Node(path="a", layer="a", call=0, class_="Dense"))], **given_)
