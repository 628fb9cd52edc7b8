"""What is told of steps against an independent autograd pass and NumPy, on each way to train; and nothing is changed by it."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from layerscope import MemorySink
from layerscope.torch import watch
from tb_plugin.schema.tensor_stats import STATISTICS
from tests.torch.logged import Logged
from tests.torch.trainings import TRAININGS, Checkpointed, Training
from writers import tensor_stats
from writers.frameworks.torch.parameters import tensors_of, unwrapped

STEPS = 16


def made(name: str) -> Training:
    torch.manual_seed(7)
    return TRAININGS[name]()


def reference(training: Training, i: int) -> Any:
    """All statistics of one step, [statistic, parameter]: the step is made, and its gradient taken anew on a copy."""
    model = unwrapped(training.model)
    before = copy.deepcopy(model)
    before.train(not isinstance(before, Checkpointed))  # whose way to compute anew does not go with autograd.grad
    tensors = tensors_of(before)
    trained = [t for _, _, t in tensors if t.requires_grad]
    gradients = torch.autograd.grad(training.loss(before, i), trained, allow_unused=True)
    of = {id(t): g for t, g in zip(trained, gradients, strict=True)}
    before = copy.deepcopy(model)  # the pass above has moved the moving means
    training.step(i)
    rows = []
    seen: set[int] = set()
    for (_, _, pristine), (_, _, tensor), (_, _, after) in zip(tensors_of(before), tensors, tensors_of(model), strict=True):
        if id(tensor) in seen or not tensor.is_floating_point():
            rows.append(np.full(len(STATISTICS), np.nan))
            continue
        seen.add(id(tensor))
        gradient = of.get(id(tensor))
        gradients_of_it = {} if gradient is None else {"w": gradient.to_dense()}
        is_moved_by_forward_pass = not isinstance(tensor, nn.Parameter)
        weights = after if is_moved_by_forward_pass else pristine
        told = tensor_stats.of(i, weights={"w": weights}, gradients=gradients_of_it, updated={} if gradient is None else {"w": after})
        rows.append(told.value[:, 0, 0])
    return np.stack(rows, 1)


@pytest.mark.parametrize("name", TRAININGS)
def test_statistics_are_those_of_an_independent_autograd_pass(name: str) -> None:
    sink, training, alone = MemorySink(), made(name), made(name)
    with watch(training.model, training.optimizers, to=sink, loss_scaler=training.scaler):
        for i in range(STEPS):
            training.step(i)
    wanted = np.stack([reference(alone, i) for i in range(STEPS)], 2)

    logged = Logged(sink)
    assert logged.start("step").tolist() == list(range(STEPS))
    for j, statistic in enumerate(STATISTICS):
        of = statistic.partition("_")[0]
        spread = wanted[[STATISTICS.index(f"{of}_{name}") for name in _EXTREMES[of]]]  # sums of what cancels out are no rounder than its parts
        scale = max(np.nanmax(np.abs(wanted[j]), initial=0), np.nanmax(np.abs(spread), initial=0))
        rounding = {"rtol": 0.03, "atol": 0.02 * scale} if name == "bfloat16" else {"rtol": 2e-4, "atol": 1e-5 * scale}
        np.testing.assert_allclose(logged.start("value")[j], wanted[j], err_msg=statistic, **rounding)


_EXTREMES = {"weight": ("min", "max"), "gradient": ("min", "max"), "update": ("max_abs",)}


@pytest.mark.parametrize("name", TRAININGS)
def test_weights_are_the_same_to_the_bit(name: str) -> None:
    watched, alone = made(name), made(name)
    torch.manual_seed(3)
    with watch(watched.model, watched.optimizers, to=MemorySink(), loss_scaler=watched.scaler) as run:
        for i in range(STEPS):
            watched.step(i)
            run.loss(1.0)
    random = torch.random.get_rng_state()
    torch.manual_seed(3)
    for i in range(STEPS):
        alone.step(i)

    assert torch.equal(random, torch.random.get_rng_state())
    for ours, theirs in zip(unwrapped(watched.model).state_dict().items(), unwrapped(alone.model).state_dict().items(), strict=True):
        assert ours[0] == theirs[0]
        assert torch.equal(ours[1], theirs[1]), ours[0]
