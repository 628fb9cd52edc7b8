"""Values of weights: what is told is what was there, to the precision that is promised; NumPy is the oracle."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ml_dtypes
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst
from numpy.testing import assert_allclose, assert_array_equal

from tb_plugin.schema import record
from tb_plugin.schema.weight_values import WeightValues
from tests.golden.parameters import PARAMETERS
from writers import tensor_stats, weight_values
from writers.weight_values_cells import blocks_of, scaled, starts, strongest_of, whole_of
from writers.weight_values_plan import part_of
from writers.weight_values_singular import MOST_COST, singular_values

Array = np.ndarray[Any, Any]


def random(*shape: int, seed: int = 0) -> Array:
    return np.random.default_rng(seed).standard_normal(shape).astype(np.float32)


def cells(values: WeightValues, i: int = 0) -> Array:
    """The cells of a parameter, multiplied: float64 [row, column]."""
    return spans(values, "value", "cell_end", i).reshape(int(values.rows[i]), int(values.columns[i]))


def spans(values: WeightValues, name: str, end: str, i: int = 0) -> Array:
    part = np.split(getattr(values, name), getattr(values, end))[i]
    return np.ldexp(part.astype(np.float64), int(values.exponent[i])) if part.dtype == np.float16 else part


anything = npst.arrays(
    st.sampled_from([np.float16, np.float32, np.float64]),
    npst.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=5),
    elements=st.floats(width=16) | st.sampled_from([np.nan, np.inf, -np.inf, 0.0, -0.0, 1.0]),
)
powers = st.integers(-1080, 1000)


@given(anything, powers)
@settings(max_examples=200)
def test_values_that_are_few_come_back_within_a_half_of_the_last_of_eleven_digits(content: Array, power: int) -> None:
    if content.dtype == np.float64:
        with np.errstate(over="ignore", under="ignore"):
            content = np.ldexp(content, power)

    told = weight_values.of({"w": content})

    found, wanted = cells(told).reshape(content.shape), content.astype(np.float64)
    assert told.kept == ("all",)
    finite = np.isfinite(wanted)
    assert_array_equal(found[~finite], wanted[~finite])
    largest = np.abs(wanted[finite]).max(initial=0)
    floor = max(largest * 2.0**-38, 5e-324)
    off = np.abs(found[finite] - wanted[finite])
    assert (off <= np.maximum(np.abs(wanted[finite]) * 2.0**-11, floor)).all()
    assert told.non_finite[0] == (~finite).sum()


@pytest.mark.parametrize("scale", [1e-45, 1e-38, 1e-30, 1.0, 65_535.0, 1e30, 3.4e38])
def test_no_size_of_values_overflows_or_is_lost(scale: float) -> None:
    content = (np.linspace(-1, 1, 101) * scale).astype(np.float32)

    found = cells(weight_values.of({"w": content})).reshape(-1)

    assert_allclose(found, content, rtol=2**-11, atol=0)


def test_types_of_every_framework_are_told() -> None:
    content = random(4, 3)
    half = content.astype(ml_dtypes.bfloat16)

    told = weight_values.of({"bf16": half, "int": np.arange(6, dtype=np.int8), "list": content.tolist(), "big endian": content.astype(">f4")})

    assert told.kept == ("all", "none", "all", "all")
    assert_array_equal(cells(told, 0), half.astype(np.float32))
    assert np.isnan(told.sum_squares[1])
    assert_array_equal(cells(told, 2), cells(told, 3))


@given(npst.arrays(np.float32, npst.array_shapes(min_dims=2, max_dims=2, max_side=12), elements=st.floats(width=32, allow_nan=False)), st.data())
@settings(max_examples=100)
def test_blocks_partition_a_matrix_and_their_means_make_its_mean(matrix: Array, data: st.DataObject) -> None:
    rows, columns = (data.draw(st.integers(1, size)) for size in matrix.shape)

    mean, low, high = (each.reshape(rows, columns) for each in blocks_of(matrix, rows, columns))

    edges = [np.append(starts(size, parts), size) for size, parts in zip(matrix.shape, (rows, columns), strict=True)]
    assert all((np.diff(each) >= 1).all() for each in edges)
    assert [each.tolist()[:-1] for each in edges] == [
        [i * size // parts for i in range(parts)] for size, parts in zip(matrix.shape, (rows, columns), strict=True)
    ]
    for i in range(rows):
        for j in range(columns):
            block = matrix[edges[0][i] : edges[0][i + 1], edges[1][j] : edges[1][j + 1]].astype(np.float64)
            assert (low[i, j], high[i, j]) == (block.min(), block.max())
            with np.errstate(over="ignore", invalid="ignore"):
                assert_allclose(mean[i, j], block.mean(), rtol=1e-9, atol=1e-9 * np.abs(block).max())
    assert (~(low > mean) & ~(mean > high)).all()


def test_blocks_of_what_is_not_finite_say_so_and_tell_of_the_rest() -> None:
    matrix = np.array([[1, np.nan, 2, np.inf], [3, 4, np.nan, np.nan]], np.float32)

    mean, low, high = blocks_of(matrix, 1, 4)

    assert_array_equal(mean, [2, np.nan, np.nan, np.nan])
    assert_array_equal(low, [1, 4, 2, np.inf])
    assert_array_equal(high, [3, 4, 2, np.inf])
    assert np.isnan(blocks_of(np.full((2, 2), np.nan), 1, 1)[1]).all()


def test_a_large_matrix_is_told_in_blocks_with_its_strongest_values() -> None:
    matrix = random(700, 333)

    told = weight_values.of({"w": matrix}, axes={"w": "in,out"})

    assert (told.kept, told.axes, told.rows[0], told.columns[0]) == (("blocks",), ("in,out",), 147, 148)
    sizes = np.outer(np.diff(np.append(starts(700, 147), 700)), np.diff(np.append(starts(333, 148), 333)))
    assert_allclose((cells(told) * sizes).sum() / matrix.size, matrix.mean(dtype=np.float64), atol=1e-4)
    low, high = (spans(told, name, "block_end") for name in ("low", "high"))
    assert (low <= cells(told).reshape(-1)).all()
    assert (cells(told).reshape(-1) <= high).all()
    assert_allclose([low.min(), high.max()], [matrix.min(), matrix.max()], rtol=2**-11)
    wanted = np.sort(np.argpartition(np.abs(matrix).reshape(-1), -256)[-256:])
    assert_array_equal(told.strong, wanted)
    assert_array_equal(told.strong_value, matrix.reshape(-1)[wanted])


@given(npst.arrays(np.float32, st.integers(1, 40), elements=st.floats(width=32)), st.integers(1, 20))
@settings(max_examples=100)
def test_the_strongest_values_are_those_of_a_sort(flat: Array, most: int) -> None:
    found = strongest_of(flat, most)

    known = np.abs(flat[~np.isnan(flat)])
    assert len(found) == min(most, len(known))
    assert (np.diff(found) > 0).all()
    assert_array_equal(np.sort(np.abs(flat[found])), np.sort(known)[::-1][:most][::-1])


def test_the_strongest_of_many_pieces_are_those_of_all() -> None:
    flat = random(1_000_003)
    flat[[5, 700_000]] = np.nan, -np.inf

    assert_array_equal(strongest_of(flat, 256), np.sort(np.argsort(-np.nan_to_num(np.abs(flat), nan=-1))[:256]))


KERNELS = [
    ((3, 3, 64, 128), "height,width,in,out", (2, 3)),
    ((128, 64, 3, 3), "out,in,height,width", (1, 0)),
    ((64, 128, 3, 3), "in,out,height,width", (0, 1)),
    ((7, 7, 3, 200), "height,width,in,out", (2, 3)),
    ((5, 5, 960, 1), "height,width,in,multiplier", (2, 3)),
    ((5, 300, 200), "length,in,out", (1, 2)),
    ((3, 3, 3, 40, 40), "depth,height,width,in,out", (3, 4)),
    ((5, 5, 20, 48), "height,width,in,out", (2, 3)),
]


@pytest.mark.parametrize(("shape", "axes", "roles"), KERNELS)
def test_kernels_are_some_of_a_convolution_and_say_which(shape: tuple[int, ...], axes: str, roles: tuple[int, int]) -> None:
    content = random(*shape)

    told = weight_values.of({"w": content}, axes={"w": axes})

    inputs, outputs = (shape[i] for i in roles)
    chosen = np.unravel_index(told.kernel, (inputs, outputs))
    assert told.kept == ("kernels",)
    filters = min(outputs, 64)
    assert len(told.kernel) == filters * (inputs if inputs <= 4 else max(1, 64 // filters))
    for row, i, o in zip(cells(told), *chosen, strict=True):
        kernel = content.take(int(o), roles[1]).take(int(i), roles[0] - (roles[0] > roles[1]))
        assert_allclose(row, kernel.reshape(-1), rtol=2**-11)
    assert len(set(chosen[1])) == filters  # over the outputs first
    assert len(set(chosen[0])) >= min(inputs, filters)
    again = weight_values.of({"w": random(*shape, seed=1)}, axes={"w": axes})
    assert_array_equal(again.kernel, told.kernel)  # the same at each moment


def test_few_kernels_and_those_of_one_place_are_told_as_matrices() -> None:
    small, pointwise, torch_s = random(3, 3, 8, 16), random(1, 1, 300, 400), random(400, 300, 1, 1)

    told = weight_values.of(
        {"small": small, "pointwise": pointwise, "torch's": torch_s},
        axes={"small": "height,width,in,out", "pointwise": "height,width,in,out", "torch's": "out,in,height,width"},
    )

    assert told.kept == ("all", "blocks", "blocks")
    assert_allclose(cells(told, 0).reshape(small.shape), small, rtol=2**-11)
    for i, matrix in ((1, pointwise.reshape(300, 400)), (2, torch_s.reshape(400, 300))):
        assert_allclose(cells(told, i).reshape(-1), scaled(blocks_of(matrix, 147, 148)[0], 0), atol=1e-3)


def test_a_long_vector_is_told_by_values_that_lie_evenly() -> None:
    vector = random(10_000)

    told = weight_values.of({"w": vector})

    assert (told.kept, told.rows[0], told.columns[0]) == (("sample",), 1, 4_096)
    assert_allclose(cells(told)[0], vector[np.arange(4_096) * 10_000 // 4_096], rtol=2**-11)
    assert len(told.strong) == 256


SHAPES = [(1, 1), (5, 1), (1, 7), (40, 30), (30, 40), (2000, 12), (3, 3, 20, 30), (17, 3, 11)]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("scale", [1e-30, 1.0, 1e30, 1e200])
def test_singular_values_are_those_of_a_full_decomposition(shape: tuple[int, ...], scale: float) -> None:
    content = random(*shape).astype(np.float64) * scale

    told = weight_values.of({"w": content})

    matrix = content.reshape(-1, shape[-1])
    wanted = np.linalg.svd(matrix, compute_uv=False)
    with np.errstate(over="ignore"):
        assert_allclose(told.singular, wanted.astype(np.float32), rtol=1e-6, atol=1e-6 * wanted[0])
    if scale == 1:
        assert_allclose((told.singular.astype(np.float64) ** 2).sum(), told.sum_squares[0], rtol=1e-5)


def test_matrices_that_lack_a_rank_or_hold_nan_or_are_too_large_tell_no_wrong_singular_value() -> None:
    low_rank = random(60, 2) @ random(2, 50)
    told = weight_values.of({"rank 2": low_rank, "zero": np.zeros((3, 4)), "nan": np.full((3, 4), np.nan), "large": np.ones((513, 513), np.float32)})

    rank_2, zero, nan, large = np.split(told.singular, told.singular_end)[:4]
    assert (rank_2[2:] < 1e-6 * rank_2[0]).all()
    assert_array_equal(zero, np.zeros(3))
    assert (len(nan), len(large)) == (0, 0)
    assert len(singular_values(np.zeros((0, 3)), 5)) == len(singular_values(np.zeros((3, 0)), 5)) == 0


def test_singular_values_are_computed_of_the_smallest_as_long_as_there_is_time() -> None:
    side, most = 512, MOST_COST // 512**3
    parts = [part_of((side, side))] * (most + 2) + [part_of((4, 4))]

    found = weight_values._affordable(parts)

    assert len(parts) - 1 in found
    assert len(found) == most + 1


def test_the_sum_of_squares_is_that_of_the_statistics() -> None:
    content = random(300, 500)
    content[3, 4] = np.nan
    content[5, 6] = np.inf

    told, known = weight_values.of({"w": content}), tensor_stats.of(0, weights={"w": content})

    assert told.sum_squares[0] == pytest.approx(float(known.value[known.statistics.index("weight_sum_squares"), 0, 0]), rel=1e-6)
    assert told.non_finite[0] == 2
    assert whole_of(content.reshape(-1)).exponent == int(np.floor(np.log2(np.nanmax(np.abs(content[np.isfinite(content)]))))) - 14


def test_the_same_values_give_the_same_bytes_whatever_their_layout() -> None:
    content = random(300, 400)

    first, again, turned = (
        record.encode(weight_values.of({"w": each}), writer="w", ordinal=0) for each in (content, content.copy(), np.asfortranarray(content))
    )

    assert first == again == turned


def test_a_parameter_without_an_array_is_told_as_none_and_fewer_cells_take_fewer_bytes() -> None:
    content = {"stem/kernel": random(3, 3, 1, 70_000)}
    told = [weight_values.of(content, parameters=PARAMETERS, axes={"stem/kernel": "height,width,in,out"}, cells=cells) for cells in (65_536, 1_024)]

    assert told[0].kept == ("kernels", "none", "none", "none", "none")
    assert told[0].parameters is PARAMETERS
    assert len(record.encode(told[1], writer="", ordinal=0)) < len(record.encode(told[0], writer="", ordinal=0))


def test_of_more_than_300_matrices_the_largest_are_told() -> None:
    arrays = {f"w{i}": np.zeros((2, 1 + i), np.float32) for i in range(305)} | {"bias": np.zeros(4, np.float32)}

    told = weight_values.of(arrays)

    assert told.kept == ("none",) * 5 + ("all",) * 301


@given(
    st.lists(npst.array_shapes(min_dims=0, max_dims=5, min_side=0, max_side=300), max_size=3).filter(lambda s: all(np.prod(x, dtype=float) < 1e6 for x in s)),
    st.sampled_from([65_536, 4_096, 1_024, 7]),
)
@settings(max_examples=60)
def test_what_is_planned_of_a_shape_is_what_is_told(shapes: list[tuple[int, ...]], most: int) -> None:
    arrays = {f"w{i}": np.zeros(shape, np.float32) for i, shape in enumerate(shapes)}

    told = weight_values.of(arrays, cells=most)

    for i, shape in enumerate(shapes):
        part = part_of(shape, cells=most)
        assert (told.kept[i], told.rows[i], told.columns[i]) == (part.kept, part.rows, part.columns)
        assert part.rows * part.columns <= (max(most, 4_096))
    size = sum(part_of(shape, cells=most).bytes for shape in shapes)
    assert sum(getattr(told, name).nbytes for name in ("value", "low", "high", "strong_value", "singular")) <= size


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: weight_values.of({"other": [1.0]}, parameters=PARAMETERS), "'other' is not"),
        (lambda: weight_values.of({"stem/bias": [1.0, 2.0]}, parameters=PARAMETERS), "must have the shape [70000]; theirs is [2]"),
        (lambda: weight_values.of({"w": [1.0]}, axes={"w": "in,out"}), "'w' has 1"),
        (lambda: weight_values.of({"w": [1.0]}, cells=0), "from 1 to 65,536; it is 0"),
        (lambda: weight_values.of({"w": [1j]}), "must hold numbers"),
    ],
)
def test_what_cannot_be_told_is_refused_by_name(call: Callable[[], object], says: str) -> None:
    with pytest.raises((ValueError, TypeError)) as refusal:
        call()
    assert says in str(refusal.value)
