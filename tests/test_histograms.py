"""TensorBoard's own histograms, as we make them: the values and the form are those of TensorBoard and of NumPy."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays_of
from numpy.testing import assert_allclose, assert_array_equal
from tensorboard.util import tensor_util

from tb_plugin.schema.summary import REPEATS, histogram_event
from writers import MemorySink, RunWriter
from writers.histograms import BINS, Histogram, of_values

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # TensorBoard's own, of how it looks for TensorFlow
    from tensorboard.plugins.histogram import metadata, summary_v2

values = arrays_of.arrays(
    st.sampled_from([np.float16, np.float32, np.float64, np.int8, np.bool_]),
    arrays_of.array_shapes(min_dims=0, max_dims=2, min_side=0, max_side=30),
)


def theirs(content: np.ndarray) -> tuple[object, np.ndarray]:
    """Metadata and bins of the summary that TensorBoard makes."""
    (value,) = summary_v2.histogram_pb("w", content).value
    return value.metadata, tensor_util.make_ndarray(value.tensor)


@pytest.mark.parametrize("content", [np.random.default_rng(0).normal(size=(50, 20)), np.arange(7), np.full(9, -0.1), np.float32(3), np.array([-5.0, 5.0])])
def test_bins_are_those_of_tensorboard(content: np.ndarray) -> None:
    bins = of_values(np.asarray(content))
    assert bins is not None
    _, wanted = theirs(content)
    assert_array_equal(bins[:, 2], wanted[:, 2])
    assert_allclose(bins, wanted, rtol=1e-15, atol=1e-15)


def test_bins_are_those_of_numpy() -> None:
    content = np.random.default_rng(1).standard_cauchy(10_000)
    bins = of_values(content)
    assert bins is not None
    count, edges = np.histogram(content, BINS)
    assert_array_equal(bins[:, 2], count)
    assert_allclose(bins[:, 0], edges[:-1], rtol=1e-12)
    assert_allclose(bins[:, 1], edges[1:], rtol=1e-12)


@given(values)
def test_each_finite_value_is_counted_once_between_the_least_and_the_greatest(content: np.ndarray) -> None:
    bins = of_values(content)
    with np.errstate(invalid="ignore"):
        known = content.astype(np.float64)[np.isfinite(content)]
    if not known.size:
        assert bins is None
        return
    assert bins is not None
    left, right, count = bins.T
    assert bins.shape == (BINS, 3)
    assert np.isfinite(bins).all()
    assert (left[0], right[-1], count.sum()) == (known.min(), known.max(), known.size)
    assert_array_equal(left[1:], right[:-1])
    assert (left <= right).all()
    if known.min() < known.max():  # edges of ours, counted by NumPy
        assert_array_equal(count, np.histogram(known, np.append(left, right[-1]))[0])


@pytest.mark.parametrize("spread", [1e-300, 1e-16, 1e-11, 1e-9, 1, 1e300])
@pytest.mark.parametrize("middle", [0, 1, -3e7, 1e300])
def test_a_bin_holds_what_lies_between_its_edges(middle: float, spread: float) -> None:
    content = middle + spread * np.random.default_rng(3).normal(size=5000)
    bins = of_values(content)
    assert bins is not None
    inner = bins[:-1, 1]
    np.testing.assert_array_equal(np.cumsum(bins[:-1, 2]), (content[:, None] < inner).sum(axis=0))
    on_edges = of_values(np.concatenate([content, inner]))
    assert on_edges is not None
    np.testing.assert_array_equal(np.cumsum(on_edges[:-1, 2]), (np.concatenate([content, inner])[:, None] < inner).sum(axis=0))


TINY, HUGE = 5e-324, np.finfo(np.float64).max


@pytest.mark.parametrize(
    ("content", "count"),
    [
        ([0.0, TINY], 2),
        ([TINY, 2 * TINY, 3 * TINY], 3),
        ([-HUGE, HUGE], 2),
        ([HUGE, HUGE], 2),
        ([1.0, np.nextafter(1.0, 2)], 2),
        ([np.nan, 1.0, np.inf, 2.0, -np.inf], 2),
        ([-0.0, 0.0], 2),
    ],
)
def test_odd_values(content: list[float], count: int) -> None:
    bins = of_values(np.array(content))
    assert bins is not None
    assert bins[:, 2].sum() == count
    assert np.isfinite(bins).all()
    assert (np.diff(bins[:, 0]) >= 0).all()


@pytest.mark.parametrize("content", [[], [np.nan], [np.inf, -np.inf]])
def test_nothing_finite_is_no_histogram(content: list[float]) -> None:
    assert of_values(np.array(content)) is None


def test_the_form_is_that_of_tensorboard() -> None:
    content = np.random.default_rng(2).normal(size=100)
    bins = of_values(content)
    assert bins is not None
    event = histogram_event("w", bins, "", False, 7, 1.5)
    (value,) = event.summary.value
    wanted, _ = theirs(content)
    assert (event.step, event.wall_time, value.tag) == (7, 1.5, "w")
    assert value.metadata.plugin_data == wanted.plugin_data  # type: ignore[attr-defined]
    assert_array_equal(tensor_util.make_ndarray(value.tensor), bins)


def test_tensorboard_skips_our_mark(caplog: pytest.LogCaptureFixture) -> None:
    assert metadata.parse_plugin_metadata(REPEATS).version == metadata.PROTO_VERSION
    assert not caplog.records


def test_a_run_takes_histograms_beside_scalars() -> None:
    sink, bins = MemorySink(), np.array([[0.0, 1.0, 3.0]])
    with RunWriter(to=sink) as run:
        run.write("w", Histogram(bins, "of *something*"), 1)
        run.write("w", Histogram(bins), 2)
        with pytest.raises(ValueError, match="holds a histogram and was now given a scalar"):
            run.write("w", 0.5, 3)
        with pytest.raises(ValueError, match="the steps of a tag rise"):
            run.write("w", Histogram(bins), 2)
    assert [(event.step, event.summary.value[0].metadata.summary_description) for event in sink.events] == [(1, "of *something*"), (2, "")]
    for wrong in (np.zeros(3), np.zeros((1, 2)), np.array([[0.0, np.inf, 1.0]])):
        with pytest.raises(ValueError, match=r"finite numbers \[bin, 3\]"):
            Histogram(wrong)
