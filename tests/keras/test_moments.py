"""What is told in the graph is what NumPy tells: `writers.tensor_stats` is the definition."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from writers import tensor_stats
from writers.frameworks.keras.capture import moments, together
from writers.frameworks.keras.capture.moments import MOMENTS
from writers.frameworks.keras.capture.together import Together

Array = np.ndarray[Any, Any]

# Denormals are zero to TensorFlow on a CPU, sums may differ in their last digits.
_floats = st.one_of(st.floats(-1e6, 1e6, width=32), st.sampled_from([0.0, -0.0, np.inf, -np.inf, np.nan, 1e18])).filter(lambda x: not 0 < abs(x) < 1e-30)
_dtypes = st.sampled_from([np.float16, np.float32, np.float64])


@st.composite
def tensors(draw: st.DrawFn) -> list[Array]:
    given = [draw(npst.arrays(np.float32, npst.array_shapes(min_dims=0, max_dims=2, min_side=0, max_side=3), elements=_floats)) for _ in range(3)]
    with np.errstate(over="ignore", under="ignore"):
        return [content.astype(draw(_dtypes)) for content in given]


def wanted(content: Array) -> list[float]:
    told = tensor_stats.of(0, weights={"w": content})
    return [float(told.value[told.statistics.index(f"weight_{name}"), 0, 0]) for name in MOMENTS]


@pytest.mark.parametrize("small", [0, 4096])
@given(contents=tensors())
@settings(max_examples=60)
def test_moments_are_those_of_numpy(contents: list[Array], small: int) -> None:
    before, together.SMALL = together.SMALL, small
    try:
        got = moments.moments([tf.constant(content) for content in contents], [content.size for content in contents]).numpy()
    finally:
        together.SMALL = before
    for i, content in enumerate(contents):
        np.testing.assert_allclose(
            got[:, i], wanted(content), rtol=1e-5, atol=1e-6 * max(1.0, float(np.abs(np.nan_to_num(content.astype(np.float64), posinf=0, neginf=0)).sum()))
        )


def test_sums_of_squares_tell_what_is_not_finite() -> None:
    contents = [np.ones((100, 100), np.float32), np.array([np.nan, 1], np.float32), np.array(3.0), np.zeros((0, 2), np.float16), np.full(2, 300, np.float16)]
    got = moments.magnitudes(Together.of([tf.constant(content) for content in contents], [content.size for content in contents]))[0].numpy()
    np.testing.assert_allclose(got[[0, 2, 3, 4]], [10_000, 9, 0, 180_000])
    assert not np.isfinite(got[1])


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_tensors_that_lie_end_to_end_are_told_like_the_same_ones_apart(dtype: str) -> None:
    tensors = [np.random.default_rng(i).normal(size=size).astype(dtype) for i, size in enumerate((5000, 3, 0, 4096, 4097))]
    sizes = [tensor.size for tensor in tensors]
    order = [i for places in together.places_of(sizes, [dtype == "float64"] * len(sizes)) for i in places]
    flat = Together.from_flat(tf.constant(np.concatenate([tensors[i] for i in order])), sizes)
    for got, apart in zip(moments.magnitudes(flat), moments.magnitudes(Together.of([tf.constant(tensor) for tensor in tensors], sizes)), strict=True):
        np.testing.assert_array_equal(got.numpy(), apart.numpy())
    np.testing.assert_allclose(moments.magnitudes(flat)[0].numpy(), [np.square(tensor.astype(np.float64)).sum() for tensor in tensors], rtol=1e-5)


def test_many_small_tensors_take_few_operations() -> None:
    def operations(n: int) -> int:
        signature = [tf.TensorSpec([3], tf.float32)] * n
        graph = tf.function(lambda *given: moments.magnitudes(Together.of(given, [3] * n))).get_concrete_function(*signature).graph
        return sum(operation.type not in ("Placeholder", "Reshape", "Const", "Identity") for operation in graph.get_operations())

    assert operations(40) == operations(4)
