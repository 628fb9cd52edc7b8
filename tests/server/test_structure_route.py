"""/structure: our own layers first, the newest at or before a step, with the parameters they refer to."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from tb_plugin.schema.parameters import Parameter
from tb_plugin.schema.record import encode
from tb_plugin.schema.structure import Node, Structure
from tests.server.conftest import Tab
from tests.server.others import tensor_event, write_events, write_keras_model
from tests.server.test_http import KERAS
from writers import RunWriter
from writers import parameters as parameters_
from writers import structure as structure_


def model(*units: int) -> Structure:
    """A chain of Dense layers."""
    names = [f"dense_{i}" for i in range(len(units))]
    owned = [(Parameter(f"{n}/kernel", f"{n}/kernel", n, "float32", "trainable"), (3, u)) for n, u in zip(names, units, strict=True)]
    nodes = [structure_.Described(Node(n, n, 0, "Dense"), outputs=[structure_.Output((None, u), "float32")]) for n, u in zip(names, units, strict=True)]
    edges = [(i, 0, i + 1, 0) for i in range(len(units) - 1)]
    return structure_.of(nodes, edges=edges, source="keras", model="m", parameters=parameters_.of(owned))


def test_the_newest_structure_at_a_step_comes_with_its_own_parameters(open_tab: Callable[..., Tab], tmp_path: Path) -> None:
    with RunWriter(tmp_path / "d/layerscope") as run:
        run.write("structure", model(4), 0)
        run.write("structure", model(4, 5), 100)
    tab = open_tab(tmp_path, 3)

    assert tab.runs()["trainings"][0]["structure"] == "layerscope"
    for steps, shape in [({}, [3, 4, 3, 5]), ({"steps": "..99"}, [3, 4]), ({"steps": "..100"}, [3, 4, 3, 5])]:
        answer = tab.arrays("/structure", training="d", **steps)
        assert [s["kind"] for s in answer.segments] == ["structure", "parameters"]
        assert answer.arrays["1/shape"].tolist() == shape
        assert answer.problems == []


def test_ours_wins_over_the_model_that_keras_logged(python_tab: Callable[..., Tab], tmp_path: Path) -> None:
    with RunWriter(tmp_path / "d/layerscope") as run:
        run.write("structure", model(4), 0)
    write_keras_model(tmp_path / "d/train", json.dumps(KERAS))

    answer = python_tab(tmp_path).arrays("/structure", training="d")

    assert answer.segments[0]["points"][0]["fields"]["source"] == "keras"


def test_lost_parameters_leave_the_layers_and_are_said(python_tab: Callable[..., Tab], tmp_path: Path) -> None:
    record = encode(model(4), writer="w", ordinal=0)
    write_events(tmp_path / "d", [tensor_event("structure", [record], content=b'{"kind":"structure","version":1}')])

    answer = python_tab(tmp_path).arrays("/structure", training="d")

    assert [s["kind"] for s in answer.segments] == ["structure"]
    assert "parameters" in answer.problems[0]["error"]


def test_parameters_of_equal_digest_are_taken_from_any_run(python_tab: Callable[..., Tab], tmp_path: Path) -> None:
    """Equal digests mean equal content, so a lost record is found where another training wrote the same."""
    record = encode(model(4), writer="w", ordinal=0)
    write_events(tmp_path / "d", [tensor_event("structure", [record], content=b'{"kind":"structure","version":1}')])
    with RunWriter(tmp_path / "e") as run:
        run.write("structure", model(4), 0)

    answer = python_tab(tmp_path).arrays("/structure", training="d")

    assert [s["kind"] for s in answer.segments] == ["structure", "parameters"]


def test_a_damaged_structure_of_ours_gives_way_to_keras_model(python_tab: Callable[..., Tab], tmp_path: Path) -> None:
    write_events(tmp_path / "d/layerscope", [tensor_event("structure", [b"bad"], content=b'{"kind":"structure","version":1}')])
    write_keras_model(tmp_path / "d/train", json.dumps(KERAS))

    answer = python_tab(tmp_path).arrays("/structure", training="d")

    assert answer.segments[0]["points"][0]["fields"]["source"] == "keras_json_2"
    assert len(answer.problems) == 1


def test_before_the_first_structure_there_is_none(python_tab: Callable[..., Tab], tmp_path: Path) -> None:
    with RunWriter(tmp_path / "d") as run:
        run.write("structure", model(4), 50)

    assert python_tab(tmp_path).refused("/structure", training="d", steps="..49")[0] == 404
