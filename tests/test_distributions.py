"""Distributions by power of two: buckets against NumPy's own exponents, on nasty values of every type."""

from __future__ import annotations

import math
from typing import Any

import ml_dtypes
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst
from numpy.testing import assert_array_equal

from tb_plugin.schema import record
from tb_plugin.schema.distributions import INFINITE, NAN, OFFSET, Distributions
from writers import distributions
from writers.strides import MOST, stride_of

Array = np.ndarray[Any, Any]
dtypes = st.sampled_from(["<f2", "<f4", "<f8", ">f4", "<i1", "<i8", "<u1", "<u8", "?"]).map(np.dtype)
# Bit for bit: infinities, NaN of any payload, denormal values and both zeros are as likely as others.
nasty = st.sampled_from(["<f2", "<f4", "<f8"]).flatmap(lambda dtype: st.binary(max_size=256).map(lambda b: np.frombuffer(b[: len(b) // 8 * 8], dtype)))
arrays = nasty | dtypes.flatmap(lambda dtype: npst.arrays(dtype, npst.array_shapes(min_dims=0, min_side=0, max_side=6)))


def code_of(x: Any) -> int:
    """The contract's definition, one value at a time."""
    if isinstance(x, float) and not math.isfinite(x):
        return NAN if math.isnan(x) else INFINITE if x > 0 else -INFINITE
    if x == 0:
        return 0
    exponent = x.__abs__().bit_length() - 1 if isinstance(x, int) else math.frexp(x)[1] - 1
    return (OFFSET + exponent) * (1 if x > 0 else -1)


def counted(values: Array) -> dict[int, int]:
    codes = [code_of(x) for x in values.reshape(-1).tolist()]
    return {code: codes.count(code) for code in sorted(set(codes))}


def told(payload: Distributions, parameter: int = 0) -> dict[int, int]:
    codes, counts = distributions.of_parameter(payload, parameter)
    return dict(zip(codes.tolist(), counts.tolist(), strict=True))


@given(arrays)
@settings(max_examples=400)
def test_each_value_is_in_the_bucket_of_its_sign_and_exponent(content: Array) -> None:
    assert told(distributions.of({"w": content})) == counted(content)


@pytest.mark.parametrize(
    ("dtype", "least", "normal", "most"),
    [
        (np.float16, 2**-24, 2**-14, 65504.0),
        (np.float32, 2**-149, 2**-126, float(np.finfo(np.float32).max)),
        (np.float64, 2**-1074, 2**-1022, float(np.finfo(np.float64).max)),
        (ml_dtypes.bfloat16, 2**-133, 2**-126, 255 * 2.0**120),
    ],
)
def test_the_least_and_the_greatest_floats_have_their_own_exponents(dtype: Any, least: float, normal: float, most: float) -> None:
    content = np.array([0.0, -0.0, least, -least, 3 * least, normal, most, -most, np.inf, -np.inf, np.nan], dtype)
    assert told(distributions.of({"w": content})) == counted(np.array([float(x) for x in content]))


def test_large_integers_are_not_rounded_up() -> None:
    content = np.array([2**63 - 1, -(2**63), 2**53 + 1, 2**62], np.int64)
    assert told(distributions.of({"w": content})) == {-2063: 1, 2053: 1, 2062: 2}
    assert told(distributions.of({"w": np.array([2**64 - 1, 2**63 - 1], np.uint64)})) == {2062: 1, 2063: 1}


@given(arrays, st.lists(st.integers(0, 200), max_size=3), st.randoms())
@settings(max_examples=100)
def test_merged_parts_are_the_whole_in_any_order(content: Array, cuts: list[int], random: Any) -> None:
    flat = content.reshape(-1)
    whole = distributions.of({"v": flat[:1], "w": flat})
    parts = np.split(flat, sorted(min(cut, len(flat)) for cut in cuts))
    made = [distributions.of({"v": flat[:1] if i == 0 else flat[:0], "w": part}, parameters=axis_of(whole)) for i, part in enumerate(parts)]
    random.shuffle(made)

    merged = distributions.merge(made)

    assert (told(merged, 0), told(merged, 1)) == (told(whole, 0), told(whole, 1))


def axis_of(payload: Distributions) -> Any:
    return payload.parameters


def test_what_was_looked_at_otherwise_is_not_merged() -> None:
    large, small = distributions.of({"w": np.ones(MOST + 1)}), distributions.of({"w": np.ones(3)})
    with pytest.raises(ValueError, match="must be of the same parameters"):
        distributions.merge([small, distributions.of({"v": np.ones(3)})])
    with pytest.raises(ValueError, match="must be of the same strides"):
        distributions.merge([distributions.of({"w": np.ones(3)}, parameters=axis_of(large)), large])
    with pytest.raises(ValueError, match="there is none"):
        distributions.merge([])
    by_digest = Distributions(
        parameters=record.digest(axis_of(small)), sampled=small.sampled, bucket_end=small.bucket_end, exponent=small.exponent, count=small.count
    )
    assert told(distributions.merge([small, by_digest])) == {2000: 6}


@given(st.integers(300, 500), st.integers(200, 400), st.booleans())
@settings(max_examples=10)
def test_a_sample_is_of_every_nth_value(rows: int, columns: int, by_columns: bool) -> None:
    content = np.random.default_rng(rows).normal(size=(rows, columns)).astype(np.float32)
    content = np.asfortranarray(content) if by_columns else content
    stride = stride_of(content.shape)
    assume(stride > 1)

    payload = distributions.of({"w": content, "b": content[0]})

    assert payload.sampled == (stride, 1)
    assert math.gcd(stride, columns) == 1
    assert told(payload) == counted(content.ravel()[::stride])
    assert sum(told(payload).values()) <= MOST


@given(arrays, st.lists(st.floats(0, 100), min_size=1, max_size=5))
@settings(max_examples=200)
def test_each_percentile_lies_between_its_edges(content: Array, percent: list[float]) -> None:
    known = content[~np.isnan(content)] if content.dtype.kind == "f" else content
    found = distributions.percentiles(distributions.of({"w": content}), 0, percent)
    if known.size == 0:
        assert np.isnan(found).all()
        return
    ordered = np.sort(known.reshape(-1)).astype(np.float64)
    for p, (low, high) in zip(percent, found, strict=True):
        # The same product as the code under test has: where it is a whole number by a hair, either neighbour is right.
        rank = max(1, math.ceil(p * len(ordered) / 100))
        assert low <= ordered[rank - 1] <= high


def test_percentiles_are_numpys() -> None:
    content = np.random.default_rng(0).normal(size=999)
    percent = [0, 7, 16, 31, 50, 69, 84, 93, 100]
    found = distributions.percentiles(distributions.of({"w": content}), 0, percent)
    wanted = np.percentile(content, percent, method="inverted_cdf")
    assert ((found[:, 0] <= wanted) & (wanted <= found[:, 1])).all()
    assert (np.abs(found).max(axis=1) <= 2 * np.abs(found).min(axis=1)).all()


@given(arrays)
@settings(max_examples=100)
def test_tensorboards_histograms_hold_all_finite_values(content: Array) -> None:
    made = distributions.histograms(distributions.of({"w": content}))
    finite = content[np.isfinite(content)].astype(np.float64)
    if finite.size == 0:
        assert made == {}
        return
    left, right, count = made["w"].T
    assert count.sum() == finite.size
    assert (left[0] <= finite.min()) & (finite.max() <= right[-1])
    assert (right[:-1] <= left[1:]).all()
    assert np.isfinite(made["w"]).all()
    assert ((left == 0) & (right == 0)).sum() == (finite == 0).any()


def test_samples_count_for_all_in_tensorboards_histograms() -> None:
    made = distributions.histograms(distributions.of({"w": np.ones(4 * MOST - 1, np.int8)}))
    assert_array_equal(made["w"], [[1, 2, 4 * MOST]])
    digest = Distributions(parameters="0" * 16, bucket_end=np.array([1]), exponent=np.array([0]), count=np.array([1]))
    with pytest.raises(ValueError, match="known by name"):
        distributions.histograms(digest)


def test_a_parameter_without_a_gradient_has_no_buckets() -> None:
    weights = distributions.of({"a": np.ones(2), "b": np.ones(3)})
    payload = distributions.of({"a": None, "b": np.full(3, 0.5)}, parameters=axis_of(weights))
    assert (told(payload, 0), told(payload, 1)) == ({}, {1999: 3})
    assert np.isnan(distributions.percentiles(payload, 0, [50])).all()


def test_wrong_arrays_are_refused_by_name() -> None:
    with pytest.raises(TypeError, match="the values of 'w' must hold numbers"):
        distributions.of({"w": np.ones(2, np.complex64)})
    with pytest.raises(TypeError, match="the values of 'w' must be real numbers of at most 64 bits"):
        distributions.of({"w": np.ones(2, np.longdouble)})
    with pytest.raises(TypeError, match="'w' must be real numbers"):
        distributions.of({"w": np.array(["a"])})
    with pytest.raises(ValueError, match="'other' is not"):
        distributions.of({"other": np.ones(2)}, parameters=axis_of(distributions.of({"w": np.ones(2)})))


def test_codes_that_no_value_has_are_refused() -> None:
    with pytest.raises(ValueError, match="exponent must be at most 32767"):
        Distributions(parameters="0" * 16, bucket_end=np.array([1]), exponent=np.array([40_000]), count=np.array([1]))
    with pytest.raises(ValueError, match="exponent must rise strictly within each span of bucket_end"):
        Distributions(parameters="0" * 16, bucket_end=np.array([2]), exponent=np.array([5, 4]), count=np.array([1, 1]))
    with pytest.raises(ValueError, match="count must be at least 1"):
        Distributions(parameters="0" * 16, bucket_end=np.array([1]), exponent=np.array([5]), count=np.array([0]))
