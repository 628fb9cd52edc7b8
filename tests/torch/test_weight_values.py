"""Values of weights that a watched training tells: those of the module before each of a few steps."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose
from torch import nn

from layerscope import MemorySink
from layerscope.torch import watch
from tb_plugin.schema import record
from tb_plugin.schema.weight_values import WeightValues
from tests.torch.logged import Logged
from tests.torch.test_capture import made
from tests.torch.trainings import TRAININGS
from writers.frameworks.torch.parameters import tensors_of, unwrapped
from writers.frameworks.torch.weight_values import axes_of

Array = np.ndarray[Any, Any]


def told(sink: MemorySink) -> dict[int, WeightValues]:
    found = {}
    for event in sink.events:
        if event.summary.value[0].tag == "weight_values":
            payload = record.payload_of(record.decode(event.summary.value[0].tensor.string_val[0]))
            assert isinstance(payload, WeightValues)
            assert event.step not in found
            found[event.step] = payload
    return found


def values(payload: WeightValues, i: int) -> Array:
    return np.ldexp(np.split(payload.value, payload.cell_end)[i].astype(np.float64), int(payload.exponent[i]))


@pytest.mark.parametrize("name", TRAININGS)
def test_the_first_and_the_last_are_those_of_the_module(name: str) -> None:
    sink, training = MemorySink(), made(name)
    before = copy.deepcopy(unwrapped(training.model)).cpu()
    with watch(training.model, training.optimizers, to=sink, loss_scaler=training.scaler, steps=3) as run:
        for i in range(3):
            training.step(i)
        step = run.step
    after = copy.deepcopy(unwrapped(training.model)).cpu()

    found = told(sink)
    assert (min(found), max(found)) == (0, step)
    paths = [parameter.path for parameter in Logged(sink).parameters.parameters]
    for payload, model in ((found[0], before), (found[step], after)):
        seen: set[int] = set()
        for i, (path, (_, _, tensor)) in enumerate(zip(paths, tensors_of(model), strict=True)):
            is_told = tensor.is_floating_point() and id(tensor) not in seen
            seen.add(id(tensor))
            assert (payload.kept[i] == "all") == is_told, path
            if is_told:
                assert_allclose(values(payload, i), tensor.detach().double().numpy().reshape(-1), rtol=2**-11, atol=1e-9, err_msg=path)


def trained(weights: Any, steps: int, length: int | None = None, sink: MemorySink | None = None) -> tuple[MemorySink, list[Array], list[Array]]:
    """A training, its weights at the end, and its first kernel before each step."""
    torch.manual_seed(0)
    first = nn.Linear(4, 8)
    model = nn.Sequential(first, nn.Dropout(0.3), nn.Linear(8, 1))
    optimizer = torch.optim.Adam(model.parameters(), 0.01)
    sink = MemorySink() if sink is None else sink
    run = watch(model, optimizer, to=sink, weights=weights, steps=length)
    held = []
    for _ in range(steps):
        held.append(first.weight.detach().numpy().copy().reshape(-1))
        optimizer.zero_grad()
        loss = model(torch.randn(16, 4)).square().mean()
        loss.backward()
        optimizer.step()
        run.loss(loss)
    run.close()
    held.append(first.weight.detach().numpy().copy().reshape(-1))
    return sink, [tensor.detach().numpy() for tensor in model.parameters()], held


@pytest.mark.parametrize("length", [None, 40])
def test_each_moment_tells_the_weights_before_that_step(length: int | None) -> None:
    sink, _, held = trained(True, 40, length)

    found = told(sink)
    assert {0, 40} <= set(found)
    assert len(found) > (2 if length else 1)
    for step, payload in found.items():
        assert_allclose(values(payload, 0), held[step], rtol=2**-11, atol=1e-9)


def test_a_training_is_the_same_to_the_bit_with_and_without() -> None:
    _, plain, _ = trained(False, 30)
    sink, logged, _ = trained(True, 30)

    assert all((a == b).all() for a, b in zip(plain, logged, strict=True))
    assert told(sink)


def test_none_or_those_that_are_named_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    assert told(trained(False, 3)[0]) == {}
    assert told(trained(["0/weight"], 3)[0])[3].kept == ("all", "none", "none", "none")
    monkeypatch.setenv("LAYERSCOPE_DISABLE", "weights")
    assert told(trained(True, 3)[0]) == {}


def test_facts_say_what_is_told() -> None:
    (facts,) = Logged(trained(True, 2)[0]).payloads["training_facts"]

    assert facts.budget["weights"] == 1_000_000  # type: ignore[attr-defined]
    assert "the first and the last step" in facts.schedule["weights"]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("module", "name", "axes"),
    [
        (nn.Linear(2, 3), "weight", "out,in"),
        (nn.Linear(2, 3), "bias", "out"),
        (nn.Conv2d(2, 3, 3), "weight", "out,in,height,width"),
        (nn.Conv1d(2, 3, 3), "weight", "out,in,length"),
        (nn.ConvTranspose3d(2, 3, 3), "weight", "in,out,depth,height,width"),
        (nn.Embedding(5, 3), "weight", "id,feature"),
        (nn.BatchNorm1d(3), "running_mean", "feature"),
        (nn.LSTM(3, 4), "weight_ih_l0", "gate:input|forget|cell|output,in"),
        (nn.GRU(3, 4), "weight_hh_l0", "gate:reset|update|new,state"),
        (nn.RNN(3, 4), "weight_hh_l0", "out,state"),
        (nn.MultiheadAttention(4, 2), "in_proj_weight", "out:query|key|value,in"),
    ],
)
def test_axes_are_named_for_the_modules_that_torch_has(module: nn.Module, name: str, axes: str) -> None:
    tensor = dict(module.state_dict())[name]

    assert axes_of(module, name, tensor.dim()) == axes
    assert axes_of(nn.Module(), name, 4) == ""
