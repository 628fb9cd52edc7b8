"""How weights and gradients are distributed, on each way to train, and TensorBoard's own histograms of them."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest
import torch
from tensorboard.util import tensor_util
from torch import nn

from layerscope import MemorySink
from layerscope.torch import watch
from tb_plugin.schema.distributions import Distributions
from tests.torch.logged import Logged
from tests.torch.test_capture import made
from tests.torch.trainings import TRAININGS, Checkpointed, scaled
from writers import distributions
from writers.frameworks.torch.parameters import tensors_of, unwrapped
from writers.frameworks.torch.samples import on_host, samples_of
from writers.histograms_schedule import MOST
from writers.strides import stride_of

STEPS = 3


def told(sink: MemorySink, of: str) -> list[Distributions]:
    return [each for each in Logged(sink).payloads.get(f"distributions/{of}", []) if isinstance(each, Distributions)]


def bins(sink: MemorySink) -> dict[str, dict[int, np.ndarray[Any, Any]]]:
    """TensorBoard's histograms, by tag and step."""
    found: dict[str, dict[int, np.ndarray[Any, Any]]] = {}
    for event in sink.events:
        for value in event.summary.value:
            if value.metadata.plugin_data.plugin_name == "histograms":
                found.setdefault(value.tag, {})[event.step] = tensor_util.make_ndarray(value.tensor)
    return found


@pytest.mark.parametrize("name", TRAININGS)
def test_they_are_of_the_weights_before_the_step_and_of_its_gradient(name: str) -> None:
    sink, training, alone = MemorySink(), made(name), made(name)
    before: list[nn.Module] = []
    gradients: list[tuple[nn.Module, dict[int, Any]]] = []
    with watch(training.model, training.optimizers, to=sink, loss_scaler=training.scaler, steps=STEPS):
        for i in range(STEPS):
            before.append(copy.deepcopy(unwrapped(training.model)).cpu())
            training.step(i)
    for i in range(STEPS):
        twin = copy.deepcopy(unwrapped(alone.model))
        twin.train(not isinstance(twin, Checkpointed))
        wanted = [t for _, _, t in tensors_of(twin) if t.requires_grad]
        found = torch.autograd.grad(alone.loss(twin, i), wanted, allow_unused=True)
        gradients.append((twin, dict(zip(map(id, wanted), found, strict=True))))
        alone.step(i)

    logged, native = Logged(sink), bins(sink)
    paths = [parameter.path for parameter in logged.parameters.parameters]
    for step, weights, gradient in zip((0, STEPS - 1), told(sink, "weights"), told(sink, "gradients"), strict=True):
        seen: set[int] = set()
        rows = zip(paths, tensors_of(before[step]), tensors_of(gradients[step][0]), strict=True)
        for row, (path, (_, _, held), (_, _, of)) in enumerate(rows):
            is_told = held.is_floating_point() and id(of) not in seen
            seen.add(id(of))
            codes, counts = distributions.of_parameter(weights, row)
            if not is_told:
                assert not len(codes)
                continue
            if isinstance(held, nn.Parameter):  # others move in the forward pass
                values = held.detach().double() if held.dtype == torch.float64 else held.detach().float()
                wanted_codes, wanted_counts = distributions.buckets(values.numpy().reshape(-1))
                np.testing.assert_array_equal(codes, wanted_codes)
                np.testing.assert_array_equal(counts, wanted_counts)
            _, counts = distributions.of_parameter(gradient, row)
            wanted_gradient = gradients[step][1].get(id(of))
            assert counts.sum() == (0 if wanted_gradient is None else held.numel()), path
            if wanted_gradient is None:
                assert step not in native.get(f"gradients/{path}", {})
                continue
            true = wanted_gradient.to_dense().double().numpy()
            drawn = native[f"gradients/{path}"][step]
            scale = np.abs(true).max(initial=1e-30)
            rounding = 0.02 if name == "bfloat16" else 1e-4
            np.testing.assert_allclose([drawn[0, 0], drawn[-1, 1]], [true.min(), true.max()], atol=rounding * scale)
            assert drawn[:, 2].sum() == held.numel()


def test_a_gradient_is_told_before_it_is_clipped_and_without_scaling() -> None:
    sink, training = MemorySink(), scaled(lambda p: torch.optim.SGD(p, 0.1), clip=True, overflow=[0])
    with watch(training.model, training.optimizers, to=sink, loss_scaler=training.scaler):
        training.step(0)
    codes, counts = distributions.of_parameter(told(sink, "gradients")[0], 0)
    assert counts[np.abs(codes) > 32000].sum() > 0  # what overflowed is told
    assert "gradients/stem/weight" not in bins(sink)  # and is nothing that TensorBoard could draw


def test_at_most_twenty_histograms_and_the_last_that_was_told() -> None:
    model = nn.Linear(2, 1)
    optimizer = torch.optim.SGD(model.parameters(), 1e-3)
    for steps in (None, 3000):
        sink = MemorySink()
        with watch(model, optimizer, to=sink, steps=steps, initial_step=0):
            for _ in range(3000):
                model(torch.ones(1, 2)).sum().backward()
                optimizer.step()
        found = bins(sink)
        assert set(found) == {f"{of}/{path}" for of in ("weights", "gradients") for path in ("weight", "bias")}
        records = [event.step for event in sink.events if event.summary.value[0].tag == "distributions/weights"]
        for points in found.values():
            assert 6 <= len(points) <= MOST
            assert (min(points), max(points)) == (0, records[-1])
        assert records[-1] >= 2900 if steps is None else records[-1] == 2999


@pytest.mark.parametrize("steps", [2, 22])
def test_of_two_steps_that_follow_each_other_both_have_their_gradients(steps: int) -> None:
    model, sink = nn.Linear(2, 1), MemorySink()
    optimizer = torch.optim.SGD(model.parameters(), 1e-3)
    with watch(model, optimizer, to=sink, steps=steps):
        for _ in range(steps):
            model(torch.ones(1, 2)).sum().backward()
            optimizer.step()
    points = [event.step for event in sink.events if event.summary.value[0].tag == "distributions/gradients"]
    assert points[-2:] == [steps - 2, steps - 1]
    for gradients in told(sink, "gradients"):
        assert [distributions.of_parameter(gradients, row)[1].sum() for row in (0, 1)] == [2, 1]


def test_samples_are_every_nth_value_also_of_sparse_gradients() -> None:
    torch.manual_seed(0)
    for shape in ((3, 4), (700, 300), (0,), (), (70_001,)):
        dense = torch.randn(shape)
        (found,) = on_host({"w": samples_of([(0, dense)])}, 1)["w"]
        np.testing.assert_array_equal(found, dense.reshape(-1)[:: stride_of(dense.shape)])
    for shape, axes in (((700, 300), 1), ((700, 300), 2), ((50, 4), 1)):
        whole = torch.randn(shape) * (torch.rand(shape[0], 1) > 0.9)
        (found,) = on_host({"w": samples_of([(0, whole.to_sparse(axes))])}, 1)["w"]
        np.testing.assert_array_equal(found, whole.reshape(-1)[:: stride_of(whole.shape)])
    empty = torch.sparse_coo_tensor(torch.zeros(1, 0, dtype=torch.int64), torch.zeros(0, 4), (50, 4), check_invariants=True)
    (found,) = on_host({"w": samples_of([(0, empty)])}, 1)["w"]
    np.testing.assert_array_equal(found, np.zeros(200))
