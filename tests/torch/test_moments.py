"""What is told on the device is what NumPy tells: `writers.tensor_stats` is the definition."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from writers import tensor_stats
from writers.frameworks.torch import moments
from writers.frameworks.torch.change import CHANGE, Change
from writers.frameworks.torch.moments import MOMENTS
from writers.strides import MOST

Array = np.ndarray[Any, Any]

_nasty = st.sampled_from([0.0, -0.0, np.inf, -np.inf, np.nan, 1e18, 1e-42, 65504.0])
_floats = st.one_of(st.floats(-1e6, 1e6, width=32), _nasty)
_types = st.sampled_from([torch.float16, torch.bfloat16, torch.float32, torch.float64])


@st.composite
def tensors(draw: st.DrawFn) -> list[torch.Tensor]:
    shapes = npst.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3)
    contents = draw(st.lists(npst.arrays(np.float32, shapes, elements=_floats), min_size=1, max_size=4))
    return [torch.from_numpy(content.copy()).to(draw(_types)) for content in contents]


def wanted(tensor: torch.Tensor) -> list[float]:
    told = tensor_stats.of(0, weights={"w": tensor})
    return [float(told.value[told.statistics.index(f"weight_{name}"), 0, 0]) for name in MOMENTS]


def assert_told(got: list[float], tensor: torch.Tensor) -> None:
    magnitude = float(np.abs(np.nan_to_num(tensor.double().numpy(), posinf=0, neginf=0)).sum())
    np.testing.assert_allclose(got, wanted(tensor), rtol=1e-5, atol=1e-6 * magnitude)


@pytest.mark.parametrize("small", [-1, 4096])
@given(given=tensors())
@settings(max_examples=100)
def test_moments_are_those_of_numpy(given: list[torch.Tensor], small: int) -> None:
    """Laid end to end, and each by itself; the empty are always among the small."""
    before, moments.SMALL = moments.SMALL, max(small, 0)
    try:
        got = moments.moments(given).tolist()
    finally:
        moments.SMALL = before
    for row, tensor in zip(got, given, strict=True):
        assert_told(row, tensor)


@given(tensors())
@settings(max_examples=100)
def test_sums_of_squares_are_those_of_numpy_and_infinite_where_a_value_is_not_finite(given: list[torch.Tensor]) -> None:
    for got, tensor in zip(moments.sums_of_squares(given).tolist(), given, strict=True):
        if bool(torch.isfinite(tensor).all()):
            np.testing.assert_allclose(got, wanted(tensor)[0], rtol=1e-5, atol=1e-43)
        else:
            assert got == math.inf


def test_large_tensors_are_told_like_small_ones() -> None:
    given = [
        torch.randn(300, 50),
        torch.randn(8, 4, 32, 32).to(memory_format=torch.channels_last),
        torch.randn(5),
        torch.full((70, 70), 300, dtype=torch.float16),
    ]
    given.append(given[0].clone())
    given[-1][3, 4], given[-1][0, 0] = math.nan, -math.inf
    for row, tensor in zip(moments.moments(given).tolist(), given, strict=True):
        assert_told(row, tensor)


@given(tensors(), st.randoms())
@settings(max_examples=100)
def test_a_change_is_after_minus_before(given: list[torch.Tensor], random: Any) -> None:
    change = Change(given)
    before = [tensor.clone() for tensor in given]
    for tensor in given:
        tensor.fill_(random.uniform(-1, 1))
    for row, old, new in zip(change.told().tolist(), before, given, strict=True):
        told = tensor_stats.of(0, weights={"w": old}, updated={"w": new})
        np.testing.assert_allclose(row, [told.value[told.statistics.index(f"update_{name}"), 0, 0] for name in CHANGE], rtol=1e-6, atol=1e-43)


def test_of_many_values_some_are_held_and_stand_for_all() -> None:
    large, small = torch.zeros(1000, 1000), torch.zeros(MOST)
    change = Change([large, small])
    large += 0.5
    small[-1] = 2
    told = change.told()
    np.testing.assert_allclose(told[0], [250_000, 0.5], rtol=1e-6)
    np.testing.assert_allclose(told[1], [4, 2])
    assert sum(values.numel() for values in change._before) <= 2 * MOST
