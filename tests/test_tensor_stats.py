"""Statistics of weights, gradients and updates: definitions against NumPy, on nasty values."""

from __future__ import annotations

from typing import Any

import ml_dtypes
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from tb_plugin.schema.tensor_stats import STATISTICS, TensorStats
from writers import tensor_stats

Array = np.ndarray[Any, Any]
dtypes = st.sampled_from([np.float16, np.float32, np.float64, np.int8, np.int64, np.bool_])
arrays = dtypes.flatmap(lambda dtype: npst.arrays(dtype, npst.array_shapes(min_dims=0, min_side=0, max_side=4)))


def told(payload: TensorStats, parameter: int = 0) -> dict[str, float]:
    return dict(zip(payload.statistics, payload.value[:, parameter, 0].tolist(), strict=True))


def as_stored(number: float) -> float:
    with np.errstate(over="ignore"):
        return float(np.float32(number))


@given(arrays)
@settings(max_examples=200)
def test_moments_are_those_of_the_finite_values(content: Array) -> None:
    got = told(tensor_stats.of(0, weights={"w": content}, gradients={"w": content}))
    wide = np.asarray(content, np.float64).ravel()
    finite = wide[np.isfinite(wide)]
    with np.errstate(over="ignore"):
        wanted = {"non_finite": wide.size - finite.size, "sum": finite.sum(), "sum_squares": (finite**2).sum()}
    wanted |= {"min": finite.min(), "max": finite.max()} if finite.size else {"min": np.nan, "max": np.nan}
    for of in ("weight", "gradient"):
        for name, number in wanted.items():
            np.testing.assert_equal(got[f"{of}_{name}"], as_stored(number))


@given(npst.arrays(np.float32, 6, elements=st.floats(-1e6, 1e6, width=32)), npst.arrays(np.float32, 6, elements=st.floats(-1e6, 1e6, width=32)))
@settings(max_examples=40)
def test_an_update_is_after_minus_before(before: Array, after: Array) -> None:
    got = told(tensor_stats.of(0, weights={"w": before}, updated={"w": after}))
    change = after.astype(np.float64) - before
    assert got["update_sum_squares"] == as_stored((change**2).sum())
    assert got["update_max_abs"] == as_stored(np.abs(change).max())


def test_none_zero_and_not_finite_are_three_things() -> None:
    payload = tensor_stats.of(
        3,
        weights={"none": np.ones(2), "zero": np.ones(2), "bad": np.array([1.0, 3.0])},
        gradients={"zero": np.zeros(2), "none": None, "bad": np.array([np.nan, -np.inf])},
        updated={"bad": np.array([np.nan, 3.0])},
    )
    none, zero, bad = (told(payload, i) for i in range(3))
    assert np.isnan([none[name] for name in STATISTICS if name.startswith(("gradient", "update"))]).all()
    assert (zero["gradient_sum_squares"], zero["gradient_non_finite"], zero["gradient_max"]) == (0, 0, 0)
    assert (bad["gradient_sum_squares"], bad["gradient_non_finite"]) == (0, 2)
    assert np.isnan(bad["gradient_min"])
    assert bad["update_sum_squares"] == np.inf


def test_small_floats_are_summed_without_their_limits() -> None:
    half = np.full(4, 300, np.float16)  # whose square is more than float16 holds
    brain = np.full(3, 2.5, ml_dtypes.bfloat16)
    payload = tensor_stats.of(0, weights={"half": half, "brain": brain})
    assert told(payload, 0)["weight_sum_squares"] == 4 * 300**2
    assert told(payload, 1)["weight_sum"] == 7.5


def test_wrong_arrays_are_refused_by_name() -> None:
    with pytest.raises(TypeError, match="the weights of 'w' must hold numbers"):
        tensor_stats.of(0, weights={"w": np.ones(2, np.complex64)})
    with pytest.raises(ValueError, match="'other' is not"):
        tensor_stats.of(0, weights={"w": np.ones(2)}, gradients={"other": np.ones(2)})
    with pytest.raises(ValueError, match=r"the gradient of 'w' must have the shape of its weights, \[2\]; it has \[1\]"):
        tensor_stats.of(0, weights={"w": np.ones(2)}, gradients={"w": np.ones(1)})


def test_steps_rise() -> None:
    payload = tensor_stats.of(5, weights={"w": np.ones(2)}, learning_rate={"a": 0.1, "b": 0.2})
    assert payload.groups == ("a", "b")
    fields = {name: getattr(payload, name) for name in TensorStats.__dataclass_fields__}
    twice = {name: np.concatenate([content, content], axis=-1) for name, content in fields.items() if isinstance(content, np.ndarray)}
    with pytest.raises(ValueError, match="step must rise strictly"):
        TensorStats(**fields | twice)
