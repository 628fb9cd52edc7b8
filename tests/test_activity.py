"""Activity of layers: counts against NumPy on nasty outputs, and batches against the whole."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from tb_plugin.schema.activity import ActiveLayer, Activity
from writers import activity

Array = np.ndarray[Any, Any]
dtypes = st.sampled_from([np.float16, np.float32, np.float64, np.int8])
outputs = dtypes.flatmap(lambda dtype: npst.arrays(dtype, npst.array_shapes(min_dims=2, max_dims=4, min_side=1, max_side=5)))
RELU, SIGMOID, TANH = ActiveLayer("a", "relu"), ActiveLayer("b", "sigmoid", is_output=True), ActiveLayer("c", "tanh")


def told(payload: Activity, layer: int = 0) -> dict[str, int]:
    return {name: int(getattr(payload, name)[layer]) for name in ("units", "never_positive", "values", "zeros", "saturated", "non_finite")}


@given(outputs)
@settings(max_examples=200)
def test_counts_are_those_of_the_values(content: Array) -> None:
    wide = content.astype(np.float64).reshape(-1, content.shape[-1])
    silent = sum(all(x <= 0 for x in column) for column in wide.T.tolist())
    assert told(activity.of([RELU], {"a": content})) == {
        "units": content.shape[-1],
        "never_positive": silent,
        "values": content.size,
        "zeros": int((wide == 0).sum()),
        "saturated": -1,
        "non_finite": int((~np.isfinite(wide)).sum()),
    }


@given(outputs, st.lists(st.integers(1, 4), max_size=2))
@settings(max_examples=100)
def test_batches_are_the_whole_in_any_order(content: Array, cuts: list[int]) -> None:
    whole = activity.of([SIGMOID, TANH], {"b": content, "c": -content})
    batches = activity.Accumulator([SIGMOID, TANH])
    for part in reversed(np.split(content, sorted(min(cut, len(content)) for cut in cuts))):
        batches.update({"b": part, "c": -part})

    merged = batches.payload()

    assert merged.examples == whole.examples == len(content)
    assert [told(merged, i) for i in range(2)] == [told(whole, i) for i in range(2)]


def test_a_value_is_saturated_near_either_end_of_its_range() -> None:
    x = np.array([[-9.0, -4.0, 0.0, 4.0, 9.0, np.nan]])
    payload = activity.of([SIGMOID, TANH], {"b": tf.sigmoid(x), "c": tf.tanh(x)})
    # 2 s - 1 is tanh(x / 2), so |x| = 4 gives 0.964 in one and 0.9993 in the other.
    assert (told(payload, 0)["saturated"], told(payload, 1)["saturated"]) == (2, 4)


def test_a_unit_of_nan_is_broken_and_not_silent() -> None:
    payload = activity.of([RELU], {"a": np.array([[0.0, np.nan, -1.0], [0.0, 0.0, np.inf]])})
    assert told(payload) == {"units": 3, "never_positive": 1, "values": 6, "zeros": 3, "saturated": -1, "non_finite": 2}


def test_wrong_outputs_are_refused_by_name() -> None:
    with pytest.raises(ValueError, match="'a' is missing"):
        activity.of([RELU], {"b": np.ones((2, 2))})
    with pytest.raises(ValueError, match=r"the output of 'a' must be \[example, …, unit\]; its shape is \[2\]"):
        activity.of([RELU], {"a": np.ones(2)})
    with pytest.raises(TypeError, match="the output of 'a' must hold numbers"):
        activity.of([RELU], {"a": np.ones((2, 2), np.complex64)})
    with pytest.raises(ValueError, match="'b' has 3, the first layer 2"):
        activity.of([RELU, SIGMOID], {"a": np.ones((2, 2)), "b": np.ones((3, 2))})
    with pytest.raises(ValueError, match="'a' comes 2 times"):
        activity.Accumulator([RELU, RELU])
    with pytest.raises(ValueError, match="there is none"):
        activity.Accumulator([RELU]).payload()
    grown = activity.Accumulator([RELU])
    grown.update({"a": np.ones((2, 2))})
    with pytest.raises(ValueError, match="must keep its 2 units; this batch has 3"):
        grown.update({"a": np.ones((2, 3))})


def test_more_of_one_sort_than_there_are_is_refused() -> None:
    one = np.array([1])
    with pytest.raises(ValueError, match="zeros must be at most values; layer 0 has more"):
        Activity(examples=1, layers=(RELU,), units=one, never_positive=one, values=one, zeros=one + 1, saturated=-one, non_finite=one)
