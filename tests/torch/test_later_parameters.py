"""Parameters that come, go, or are frozen while a training is watched."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from layerscope import MemorySink
from layerscope.torch import watch
from tb_plugin.schema.distributions import Distributions
from tb_plugin.schema.parameters import Parameters
from tb_plugin.schema.tensor_stats import STATISTICS
from tests.torch.logged import Logged
from tests.torch.trainings import batch


def test_layers_that_are_unfrozen_are_told_from_then_on() -> None:
    model = nn.Sequential(nn.Linear(6, 4).requires_grad_(False), nn.Linear(4, 4))
    optimizer = torch.optim.SGD(model[1].parameters(), 0.1)
    sink = MemorySink()
    with watch(model, optimizer, to=sink):
        for i in range(4):
            if i == 2:
                model.requires_grad_(True)
                optimizer.add_param_group({"params": model[0].parameters()})
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(batch(i)[0]), batch(i)[1]).backward()
            optimizer.step()
    logged = Logged(sink)

    assert np.isfinite(logged.statistic("gradient_sum_squares")).tolist() == [[False, False, True, True]] * 2 + [[True] * 4] * 2
    assert np.isfinite(logged.statistic("update_sum_squares")).tolist() == [[False, False, True, True]] * 2 + [[True] * 4] * 2
    assert np.isfinite(logged.statistic("weight_sum_squares")).all()
    assert (logged.start("clip_factor") == 1).all()


def told(sink: MemorySink, statistic: str) -> dict[str, dict[int, float]]:
    """One statistic at the start by path and step, whatever the axis at each; NaN left out."""
    found: dict[str, dict[int, float]] = {}
    axes = {tag.removeprefix("parameters/"): axis for tag, (axis, *_) in Logged(sink).payloads.items() if tag.startswith("parameters/")}
    for one in Logged(sink).stats("start"):
        axis: Any = one.parameters if not isinstance(one.parameters, str) else axes[one.parameters]
        for parameter, values in zip(axis.parameters, one.value[STATISTICS.index(statistic)], strict=True):
            found.setdefault(parameter.path, {}).update({int(i): float(v) for i, v in zip(one.step, values, strict=True) if not np.isnan(v)})
    return found


def learned(optimizer: torch.optim.Optimizer, model: nn.Module, i: int) -> dict[str, float]:
    """Makes a step, and tells the squares of its gradients."""
    optimizer.zero_grad()
    nn.functional.cross_entropy(model(batch(i)[0]), batch(i)[1]).backward()
    optimizer.step()
    return {name.replace(".", "/"): float(p.grad.square().sum()) for name, p in model.named_parameters() if p.grad is not None}


@pytest.mark.parametrize("how", ["added", "extended", "swapped"])
def test_parameters_that_come_later_are_told_from_then_on_with_their_rate(how: str, caplog: pytest.LogCaptureFixture) -> None:
    """The axis is another one from then on; where a head is swapped for one of its shape, the same."""
    model = nn.Sequential(nn.Linear(6, 4), nn.Linear(4, 4))
    optimizer = torch.optim.SGD(model.parameters(), 0.1)
    sink, wanted = MemorySink(), dict[str, dict[int, float]]()
    with watch(model, optimizer, to=sink) as run:
        for i in range(5):
            if i == 2 and how == "swapped":
                model[1] = nn.Linear(4, 4)
                optimizer.param_groups[0]["params"][2:] = model[1].parameters()
            elif i == 2:
                model.append(nn.Linear(4, 5))
                if how == "added":
                    optimizer.add_param_group({"params": model[2].parameters(), "lr": 0.01})
                else:
                    optimizer.param_groups[0]["params"].extend(model[2].parameters())
            for path, squares in learned(optimizer, model, i).items():
                wanted.setdefault(path, {})[i] = squares
            run.loss(float(i))
    logged = Logged(sink)

    found = told(sink, "gradient_sum_squares")
    assert {path: list(steps) for path, steps in found.items()} == {path: list(steps) for path, steps in wanted.items()}
    for path, steps in wanted.items():
        np.testing.assert_allclose(list(found[path].values()), list(steps.values()), rtol=1e-5)
    assert {path: list(steps) for path, steps in told(sink, "update_sum_squares").items()} == {path: list(steps) for path, steps in wanted.items()}
    assert len([tag for tag in logged.payloads if tag.startswith("parameters/")]) == (1 if how == "swapped" else 2)
    stats = logged.stats("start")
    assert [loss for one in stats for loss in one.loss] == [0, 1, 2, 3, 4]
    assert all(factor == 1 for one in stats for factor in one.clip_factor)
    rates = [[0.1, 0.01] if how == "added" and i >= 2 else [0.1] for i in range(5)]
    np.testing.assert_allclose([rate for one in stats for step in one.learning_rate.T for rate in step], [rate for step in rates for rate in step])
    assert not [record for record in caplog.records if record.name == "layerscope"]


def test_distributions_are_of_the_parameters_that_there_are() -> None:
    model = nn.Sequential(nn.Linear(6, 4))
    optimizer = torch.optim.SGD(model.parameters(), 0.1)
    sink = MemorySink()
    with watch(model, optimizer, to=sink):
        for i in range(201):
            if i == 50:
                model.append(nn.Linear(4, 4))
                optimizer.add_param_group({"params": model[1].parameters()})
            learned(optimizer, model, i)
    logged = Logged(sink)
    paths = [[p.path for p in axis.parameters] for tag, (axis, *_) in logged.payloads.items() if tag.startswith("parameters/") and isinstance(axis, Parameters)]
    assert paths == [["0/weight", "0/bias"], ["0/weight", "0/bias", "1/weight", "1/bias"]]
    assert len(logged.payloads["distributions/weights"]) == 3
    assert [len(one.bucket_end) for one in logged.payloads["distributions/weights"] if isinstance(one, Distributions)] == [2, 4, 4]


def test_parameters_that_are_not_the_models_are_named_once(caplog: pytest.LogCaptureFixture) -> None:
    model, other = nn.Linear(6, 4), nn.Linear(4, 4)
    optimizer = torch.optim.SGD([*model.parameters(), *other.parameters()], 0.1)
    with watch(model, optimizer, to=MemorySink()):
        for i in range(3):
            optimizer.zero_grad()
            nn.functional.cross_entropy(other(model(batch(i)[0])), batch(i)[1]).backward()
            optimizer.step()
    (said,) = [record.message for record in caplog.records if record.name == "layerscope"]
    assert "2 parameters that SGD trains are not in it (of shape [4, 4], [4])" in said


def test_parameters_that_are_others_at_each_step_are_told_for_a_while(caplog: pytest.LogCaptureFixture) -> None:
    model = nn.Sequential(nn.Linear(6, 4))
    optimizer = torch.optim.SGD(model.parameters(), 0.1)
    sink = MemorySink()
    with watch(model, optimizer, to=sink) as run:
        for i in range(40):
            model.append(nn.Linear(4, 4))
            optimizer.add_param_group({"params": model[-1].parameters()})
            learned(optimizer, model, i)
        assert run.step == 40
    assert len([tag for tag in Logged(sink).payloads if tag.startswith("parameters/")]) <= 20
    assert list(told(sink, "gradient_sum_squares")["0/weight"]) == list(range(40))
    assert len([record for record in caplog.records if record.name == "layerscope"]) == 1


def test_clipping_is_known_of_layers_that_are_frozen_and_unfrozen_by_turns() -> None:
    model = nn.Sequential(nn.Linear(6, 4), nn.Linear(4, 4))
    optimizer = torch.optim.SGD(model.parameters(), 0.1)
    sink = MemorySink()
    with watch(model, optimizer, to=sink):
        for i in range(6):
            model[0].requires_grad_(i % 2 == 0)
            model[1].requires_grad_(i % 2 == 1)
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(batch(i)[0]), batch(i)[1]).backward()
            optimizer.step()
    np.testing.assert_array_equal(Logged(sink).start("clip_factor"), 1)


def test_layers_that_are_frozen_and_trained_by_turns_have_their_steps_in_one_record() -> None:
    model = nn.Sequential(nn.Linear(6, 4), nn.Linear(4, 4))
    optimizer = torch.optim.SGD(model.parameters(), 0.1)
    sink = MemorySink()
    with watch(model, optimizer, to=sink):
        for i in range(8):
            model[0].requires_grad_(i % 2 == 0)
            learned(optimizer, model, i)
    logged = Logged(sink)

    (norms,) = logged.stats("norms")
    assert norms.step.tolist() == list(range(8))
    gradient = np.isfinite(logged.statistic("gradient_sum_squares"))
    assert gradient.tolist() == [[True, False] * 4] * 2 + [[True] * 8] * 2
