"""The numbers of a parameter's cells: float16 by a power of two, means of blocks, and what is told of the whole beside them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from tb_plugin.schema.weight_values import LARGEST_EXPONENT

Array = np.ndarray[Any, Any]

_PIECE = 2**18  # values that are looked at together: they stay in a core's cache


@dataclass(frozen=True)
class Whole:
    """What is told of all values of a parameter.

    Attributes:
        exponent: Power of two that leaves the largest finite value just below 2^15.
        sum_squares: Of the finite values.
        non_finite: How many are not.
    """

    exponent: int
    sum_squares: float
    non_finite: int


def whole_of(flat: Array) -> Whole:
    """What is told of all values, flat, of any real type."""
    largest, sum_squares, non_finite = 0.0, 0.0, 0
    for piece in _pieces(flat):
        wide = piece.astype(np.float64)
        with np.errstate(over="ignore", invalid="ignore"):
            squares = float(np.dot(wide, wide))
            most = float(np.abs(wide).max())
        if not np.isfinite(most):
            finite = wide[np.isfinite(wide)]
            non_finite += len(wide) - len(finite)
            with np.errstate(over="ignore"):
                squares, most = float(np.dot(finite, finite)), float(np.abs(finite).max(initial=0.0))
        largest, sum_squares = max(largest, most), sum_squares + squares
    return Whole(int(np.frexp(largest)[1]) - 1 - LARGEST_EXPONENT if largest else 0, sum_squares, non_finite)


def scaled(values: Array, exponent: int) -> Array:
    """Values divided by a power of two: float16, each rounded once."""
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        return np.ldexp(values.astype(np.float64), -exponent).astype(np.float16)


def blocks_of(matrix: Array, rows: int, columns: int) -> tuple[Array, Array, Array]:
    """Mean, least and greatest value of each block of a matrix, float64 [block]; the least and greatest are of numbers, NaN where there is none."""
    top, left = starts(matrix.shape[0], rows), starts(matrix.shape[1], columns)
    height, width = np.diff(top, append=matrix.shape[0]), np.diff(left, append=matrix.shape[1])
    mean, low, high = (np.empty((rows, columns)) for _ in range(3))
    with np.errstate(over="ignore", invalid="ignore"):
        for i, begin in enumerate(top):
            band = matrix[begin : begin + height[i]]
            # Rows first: that runs along memory. As wide as float64, or sums of many lose digits.
            mean[i] = np.add.reduceat(np.add.reduce(band, axis=0, dtype=np.float64), left) / (height[i] * width)
            for found, least in ((low, np.minimum), (high, np.maximum)):
                found[i] = least.reduceat(least.reduce(band, axis=0), left)
            if np.isnan(low[i]).any():
                low[i], high[i] = (least.reduceat(least.reduce(band, axis=0), left) for least in (np.fmin, np.fmax))
        infinite = np.isinf(mean) & np.isfinite(low) & np.isfinite(high)
        if infinite.any():  # a sum beyond float64
            mean[infinite] = low[infinite] / 2 + high[infinite] / 2
    mean = np.clip(mean, low, high)  # a sum of equal values may round beyond them
    return mean.reshape(-1), low.reshape(-1), high.reshape(-1)


def starts(size: int, parts: int) -> Array:
    """Where each of some equal parts of an axis begins."""
    return np.arange(parts) * size // max(1, parts)


def strongest_of(flat: Array, most: int) -> Array:
    """Places of the values furthest from 0, rising; NaN is not among them."""
    places, sizes = np.zeros(0, np.int64), np.zeros(0, np.float64)
    begin, least = 0, -1.0
    for piece in _pieces(flat):
        size = np.abs(piece)
        found = np.flatnonzero(size > least)
        if len(found):
            places, sizes = np.append(places, found + begin), np.append(sizes, size[found])
            if len(places) > most:
                kept = np.sort(np.argpartition(sizes, -most)[-most:])
                places, sizes = places[kept], sizes[kept]
                least = float(sizes.min())
        begin += len(piece)
    return places


def _pieces(flat: Array) -> Iterator[Array]:
    return (flat[i : i + _PIECE] for i in range(0, len(flat), _PIECE))
