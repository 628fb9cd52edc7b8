"""Layers of which a log tells nothing but the names of their parameters."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.utils.tensorboard import SummaryWriter

from tb_plugin.schema.parameters import Parameter
from tb_plugin.schema.record import digest
from tests.server.conftest import Answer, Tab
from tests.server.others import simple_value_event, write_events
from writers import RunWriter
from writers import parameters as parameters_


def told(answer: Answer) -> dict[str, tuple[int, ...] | None]:
    """The shape of each parameter by path; None where nobody knows it."""
    rows = answer.segments[1]["points"][0]["fields"]["parameters"]
    ends = [0, *answer.arrays["1/shape_end"].tolist()]
    shapes = [tuple(answer.arrays["1/shape"][a:b].tolist()) for a, b in itertools.pairwise(ends)]
    return {row["path"]: shape if shape or row["dtype"] else None for row, shape in zip(rows, shapes, strict=True)}


def tree(answer: Answer) -> dict[str, str | None]:
    """The path of the node around each node."""
    paths = [node["path"] for node in answer.segments[0]["points"][0]["fields"]["nodes"]]
    return {path: None if parent < 0 else paths[parent] for path, parent in zip(paths, answer.arrays["0/parent"].tolist(), strict=True)}


def notes(answer: Answer) -> str:
    return " ".join(answer.segments[0]["points"][0]["fields"]["notes"])


def test_histograms_of_pytorch_tell_the_modules_and_how_many_values_each_parameter_has(open_tab: Callable[..., Tab], tmp_path: Path) -> None:
    model = nn.Sequential(nn.Sequential(nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4)), nn.Linear(10, 2))
    with SummaryWriter(str(tmp_path / "d")) as log:
        for step in range(3):
            for name, values in model.named_parameters():
                log.add_histogram(name, values, step)
                log.add_histogram(f"{name}.grad", torch.ones_like(values), step)
            log.add_histogram("outputs", torch.zeros(3), step)
    tab = open_tab(tmp_path, 13)

    assert tab.runs()["trainings"][0]["structure"] == "parameter_names"
    answer = tab.arrays("/structure", training="d")

    assert told(answer) == {name.replace(".", "/"): (values.numel(),) for name, values in model.named_parameters()}
    assert tree(answer) == {"0": None, "0/0": "0", "0/1": "0", "1": None}
    assert answer.segments[0]["points"][0]["fields"]["source"] == "parameter_names"
    assert answer.arrays["0/edge"].size == 0
    assert not answer.arrays["0/edges_known"].any()
    assert "its histogram tells how many values it has" in notes(answer)


def test_scalars_of_layers_tell_names_and_no_sizes(python_tab: Callable[..., Tab], tmp_path: Path) -> None:
    tags = [f"grad_2.0_norm/layers.{i}.{name}" for i in (10, 9) for name in ("bias", "weight")]
    write_events(tmp_path / "d", [simple_value_event(tag, 1.0, 0) for tag in tags])

    answer = python_tab(tmp_path).arrays("/structure", training="d")

    assert list(told(answer).items()) == [(f"layers/{i}/{name}", None) for i in (9, 10) for name in ("weight", "bias")]
    assert tree(answer) == {"layers": None, "layers/9": "layers", "layers/10": "layers"}
    assert "How large the 4 parameters are is not logged." in notes(answer)


def test_parameters_of_ours_without_a_structure_keep_their_shapes(python_tab: Callable[..., Tab], tmp_path: Path) -> None:
    own = parameters_.of([(Parameter("a/b/kernel", "a/b/kernel", "a/b", "float32", "trainable"), (3, 4))])
    with RunWriter(tmp_path / "d") as run:
        run.write(f"parameters/{digest(own)}", own, 0)

    answer = python_tab(tmp_path).arrays("/structure", training="d")

    assert told(answer) == {"a/b/kernel": (3, 4)}
    assert tree(answer) == {"a": None, "a/b": "a"}


def test_one_tag_that_all_layers_share_tells_of_none(python_tab: Callable[..., Tab], tmp_path: Path) -> None:
    with SummaryWriter(str(tmp_path / "d")) as log:
        log.add_histogram("kernel/histogram", np.zeros(3), 0)

    tab = python_tab(tmp_path)

    assert tab.refused("/structure", training="d")[0] == 404
