"""Statistics of layers that other tools write as scalars, one a parameter, read as the statistics that we write."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tensorboardX
import torch
from numpy.testing import assert_allclose, assert_array_equal
from torch.utils.tensorboard import SummaryWriter

from tb_plugin.adapters import layer_scalars
from tb_plugin.adapters.layer_scalars import TAG
from tb_plugin.adapters.names import Statistic, meaning, statistic
from tb_plugin.schema.parameters import Parameter, Parameters
from tb_plugin.schema.tensor_stats import TensorStats
from tests.server.conftest import Answer, Tab
from tests.server.others import simple_value_event, write_events
from writers import RunWriter


@pytest.mark.parametrize(
    ("tag", "name", "path", "layer"),
    [
        ("gradient_norm/fc1.weight", "gradient_norm", "fc1/weight", "fc1"),
        ("gradient_norm/dense/kernel:0", "gradient_norm", "dense/kernel", "dense"),  # optimize_loss of TF1
        ("grad_2.0_norm/model.fc1.weight", "gradient_norm", "model/fc1/weight", "model/fc1"),  # Lightning's grad_norm
        ("grad_2_norm/fc1.bias", "gradient_norm", "fc1/bias", "fc1"),
        ("train/grad_norm/fc1.weight", "gradient_norm", "fc1/weight", "fc1"),
        ("gradients/fc1.weight/norm", "gradient_norm", "fc1/weight", "fc1"),
        ("gradients/fc1.weight_norm", "gradient_norm", "fc1/weight", "fc1"),
        ("grad/norm/fc1.weight", "gradient_norm", "fc1/weight", "fc1"),
        ("Gradient Norm/fc1.weight", "gradient_norm", "fc1/weight", "fc1"),
        ("grad_norm/weight/fc1", "gradient_norm", "fc1/weight", "fc1"),
        ("gradient_norm/layer1.0.conv1", "gradient_norm", "layer1/0/conv1", "layer1/0/conv1"),
        ("fc1.weight/grad_norm", "gradient_norm", "fc1/weight", "fc1"),
        ("fc1.weight.grad/norm", "gradient_norm", "fc1/weight", "fc1"),
        ("weight_norm/fc1.weight", "weight_norm", "fc1/weight", "fc1"),
        ("param_norm/fc1.weight", "weight_norm", "fc1/weight", "fc1"),
        ("parameter_mean/fc1.weight", "weight_mean", "fc1/weight", "fc1"),
        ("parameters/fc1.weight/std", "weight_std", "fc1/weight", "fc1"),
        ("gradient_std/fc1.weight", "gradient_std", "fc1/weight", "fc1"),
        ("weights_max/fc1.weight", "weight_max", "fc1/weight", "fc1"),
        ("gradient_min/fc1.weight", "gradient_min", "fc1/weight", "fc1"),
        ("update_norm/fc1.weight", "update_norm", "fc1/weight", "fc1"),
        ("layer1/weights/summaries/mean", "weight_mean", "layer1/weights", "layer1"),  # TensorFlow's tutorial
        ("layer1/weights/summaries/stddev_1", "weight_std", "layer1/weights", "layer1"),
    ],
)
def test_names_of_real_logs(tag: str, name: str, path: str, layer: str) -> None:
    assert statistic(tag) == Statistic(name, path, layer)
    assert meaning(".", tag).name is None, "it is in the heat map, and no chart of its own"


@pytest.mark.parametrize(
    "tag",
    [
        "gradient_norm",
        "grad_norm/total",
        "grad_norm/train",
        "train/grad_norm",
        "grad_norm/clipped",
        "grad_norm/before_clipping",
        "grad_norm/max",
        "grad_inf_norm/fc1.weight",  # not the norm that sums over parameters
        "grad_1.0_norm/fc1.weight",
        "actor/grad_norm",
        "weight_decay/fc1",
        "layer_norm/fc1",
        "loss/mean",
        "lr/pg0",
        "gradient_norm/",
        "/",
        "",
    ],
)
def test_what_is_of_no_layer_stays_a_chart(tag: str) -> None:
    assert statistic(tag) is None
    assert meaning(".", tag).name is not None


def log(writer: Any, folder: Path, values: Mapping[str, Mapping[int, float]]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        with writer(str(folder)) as run:
            for step in sorted({step for told in values.values() for step in told}):
                for tag, told in values.items():
                    if step in told:
                        run.add_scalar(tag, told[step], step)


def fields(answer: Answer) -> Mapping[str, Any]:
    ((point,),) = [segment["points"] for segment in answer.segments]
    content: Mapping[str, Any] = point["fields"]
    return content


def of_statistics(tab: Tab) -> dict[str, dict[str, Any]]:
    """The series of statistics and parameters, by kind."""
    series = [s for training in tab.runs()["trainings"] for s in training["series"] if s["kind"] in ("tensor_stats", "parameters")]
    assert len({s["kind"] for s in series}) == len(series)
    return {s["kind"]: s for s in series}


def table(tab: Tab, run: str) -> tuple[Answer, list[str], dict[str, Any]]:
    """The statistics of a run, the paths of their parameters, and [parameter, step] of each statistic."""
    answer = tab.arrays("/points", run=run, tag=TAG)
    told = fields(answer)
    paths = [p["path"] for p in fields(tab.arrays("/points", run=run, tag=f"parameters/{told['parameters']}"))["parameters"]]
    value = answer.arrays["0/value"]
    assert value.shape == (len(told["statistics"]), len(paths), len(answer.arrays["0/step"]))
    return answer, paths, dict(zip(told["statistics"], value, strict=True))


@pytest.mark.parametrize("writer", [SummaryWriter, tensorboardX.SummaryWriter])
def test_norms_of_gradients_are_those_of_the_log(writer: Any, open_tab: Callable[..., Tab], tmp_path: Path) -> None:
    model = torch.nn.Sequential(torch.nn.Linear(4, 3), torch.nn.Tanh(), torch.nn.Linear(3, 2))
    norms: dict[str, dict[int, float]] = {name: {} for name, _ in model.named_parameters()}
    whole: dict[int, float] = {}
    for step in (0, 10, 20):
        model.zero_grad()
        model(torch.randn(5, 4)).square().sum().backward()
        gradients = {name: each.grad for name, each in model.named_parameters() if each.grad is not None}
        for name, gradient in gradients.items():
            norms[name][step] = float(gradient.norm())
        whole[step] = float(torch.cat([gradient.flatten() for gradient in gradients.values()]).norm())
    # As lightning.pytorch.utilities.grad_norm names them.
    log(writer, tmp_path / "version_0", {**{f"grad_2.0_norm/{name}": told for name, told in norms.items()}, "grad_2.0_norm_total": whole, "train_loss": whole})
    tab = open_tab(tmp_path, 6)

    listed = of_statistics(tab)
    assert (listed["tensor_stats"]["tag"], listed["tensor_stats"]["name"], listed["tensor_stats"]["last_step"]) == (TAG, "scalars", 20)
    answer, paths, told = table(tab, "version_0")
    assert paths == ["0/weight", "0/bias", "2/weight", "2/bias"]
    assert list(told) == ["gradient_sum_squares"]
    assert_array_equal(answer.arrays["0/step"], [0, 10, 20])
    assert_allclose(np.sqrt(told["gradient_sum_squares"]), [[*norms[path.replace("/", ".")].values()] for path in paths], rtol=1e-6)
    assert_allclose(np.sqrt(told["gradient_sum_squares"].sum(0)), [*whole.values()], rtol=1e-6)
    assert np.isnan(answer.arrays["0/loss"]).all()
    names = {s["tag"]: s["name"] for s in tab.runs()["trainings"][0]["series"] if s["kind"] == "scalars"}
    assert names == {**{f"grad_2.0_norm/{name}": None for name in norms}, "grad_2.0_norm_total": "gradient_norm", "train_loss": "loss"}


def test_what_is_not_logged_is_not_told(open_tab: Callable[..., Tab], tmp_path: Path) -> None:
    log(
        SummaryWriter,
        tmp_path / "run",
        {"gradient_norm/a.weight": {0: 2.0, 5: 3.0}, "gradient_norm/b.weight": {5: 4.0, 9: 5.0}, "weight_norm/a.weight": {9: 6.0}},
    )

    answer, paths, told = table(open_tab(tmp_path, 3), "run")

    assert paths == ["a/weight", "b/weight"]
    assert_array_equal(answer.arrays["0/step"], [0, 5, 9])
    assert_array_equal(told["gradient_sum_squares"], [[4, 9, np.nan], [np.nan, 16, 25]])
    assert_array_equal(told["weight_sum_squares"], [[np.nan, np.nan, 36], [np.nan] * 3])


def test_means_and_extremes_are_told_as_they_are(python_tab: Callable[..., Tab], tmp_path: Path) -> None:
    log(
        SummaryWriter,
        tmp_path / "run",
        {"parameter_mean/a.weight": {0: -2.0, 1: float("nan")}, "parameter_std/a.weight": {0: 0.5}, "gradients/a.weight/max": {1: 7.0}},
    )

    _, _, told = table(python_tab(tmp_path), "run")

    assert_array_equal(told["weight_mean"], [[-2, np.inf]])
    assert_array_equal(told["weight_std"], [[0.5, np.nan]])
    assert_array_equal(told["gradient_max"], [[np.nan, 7]])


def test_a_norm_that_is_not_finite_is_told_so(open_tab: Callable[..., Tab], tmp_path: Path) -> None:
    log(SummaryWriter, tmp_path / "run", {"gradient_norm/a.weight": {0: float("nan"), 1: float("inf"), 2: 0.0}})

    _, _, told = table(open_tab(tmp_path, 1), "run")

    assert_array_equal(told["gradient_sum_squares"], [[np.inf, np.inf, 0]])


def test_what_is_below_zero_is_no_norm(python_tab: Callable[..., Tab], tmp_path: Path) -> None:
    log(SummaryWriter, tmp_path / "run", {"gradient_norm/a.weight": {0: -3.0}, "gradient_norm/b.weight": {0: 1.0}})

    answer, _, told = table(python_tab(tmp_path), "run")

    assert_array_equal(told["gradient_sum_squares"], [[np.nan], [1]])
    assert [problem["error"] for problem in answer.problems] == ["'gradient_norm/a.weight' has values below 0, and is no norm"]


def test_where_ours_are_there_they_are_told_alone(python_tab: Callable[..., Tab], tmp_path: Path) -> None:
    parameters = Parameters(parameters=(Parameter("a/weight", "a.weight", "a", "float32", "trainable"),), shape=np.array([2]), shape_end=np.array([1]))
    ours = TensorStats(
        parameters=parameters,
        statistics=("gradient_sum_squares",),
        groups=(),
        step=np.array([0]),
        value=np.ones((1, 1, 1), np.float32),
        loss=np.zeros(1),
        batch_examples=np.array([1]),
        epoch=np.zeros(1),
        loss_scale=np.ones(1),
        clip_factor=np.ones(1),
        skipped=np.zeros(1, bool),
        learning_rate=np.zeros((0, 1)),
    )
    with RunWriter(tmp_path / "d/layerscope") as run:
        run.write("tensor_stats/norms", ours, 0)
    write_events(tmp_path / "d", [simple_value_event("gradient_norm/a.weight", 1.0, 0)])
    tab = python_tab(tmp_path)

    assert of_statistics(tab)["tensor_stats"]["tag"] == "tensor_stats/norms"
    assert tab.refused("/points", run="d", tag=TAG)[0] == 404


def test_a_series_of_that_name_is_what_was_logged(python_tab: Callable[..., Tab], tmp_path: Path) -> None:
    write_events(tmp_path / "d", [simple_value_event("gradient_norm/a.weight", 1.0, 0), simple_value_event(TAG, 5.0, 0)])
    tab = python_tab(tmp_path)

    assert of_statistics(tab) == {}
    assert_array_equal(tab.arrays("/points", run="d", tag=TAG).arrays["0/value"], [5])


def test_what_holds_others_that_are_told_is_not_counted_twice(python_tab: Callable[..., Tab], tmp_path: Path) -> None:
    log(SummaryWriter, tmp_path / "run", {f"gradient_norm/{name}": {0: 1.0} for name in ("encoder", "encoder.fc1.weight", "encoder_2", "head")})

    _, paths, _ = table(python_tab(tmp_path), "run")

    assert paths == ["encoder/fc1/weight", "encoder_2", "head"]


def test_layers_are_in_natural_order(python_tab: Callable[..., Tab], tmp_path: Path) -> None:
    log(SummaryWriter, tmp_path / "run", {f"gradient_norm/layers.{i}.{name}": {0: 1.0} for i in (10, 2, 1) for name in ("bias", "weight")})

    _, paths, _ = table(python_tab(tmp_path), "run")

    assert paths == [f"layers/{i}/{name}" for i in (1, 2, 10) for name in ("weight", "bias")]


def test_it_is_cut_as_ours_are(python_tab: Callable[..., Tab], tmp_path: Path) -> None:
    log(SummaryWriter, tmp_path / "run", {f"gradient_norm/{name}.weight": {step: step + 1.0 for step in range(10)} for name in "abc"})
    tab = python_tab(tmp_path)

    answer = tab.arrays("/points", run="run", tag=TAG, steps="3..5", parameters="1", statistic="gradient_sum_squares")

    assert_array_equal(answer.arrays["0/step"], [3, 4, 5])
    assert_array_equal(answer.arrays["0/value"], [[[16, 25, 36]]])


def test_where_steps_do_not_agree_there_is_a_bound(python_tab: Callable[..., Tab], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layer_scalars, "_MOST_CELLS", 30)
    log(SummaryWriter, tmp_path / "run", {f"gradient_norm/{name}.weight": {3 * step + i: 1.0 for step in range(10)} for i, name in enumerate("abc")})

    answer, _, _ = table(python_tab(tmp_path), "run")

    assert answer.arrays["0/step"].tolist() == [0, 3, 6, 9, 12, 16, 19, 22, 25, 29]
    assert answer.problems[0]["error"] == "10 of the 30 steps at which layers were logged are shown"
