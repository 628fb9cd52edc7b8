"""Which part of each parameter is told, by its shape alone: the same at every moment, so that moments compare."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isqrt, prod
from typing import Any

import numpy as np

from tb_plugin.schema.weight_values import Kept

Array = np.ndarray[Any, Any]

CELLS = 65_536
"""Numbers that are told of a parameter, at most: 256 × 256 values, or 147 × 147 blocks with three each."""

_KERNELS, _FEW_INPUTS = 64, 4
_NUMBERS = 3  # of a block: its mean, its least and its greatest value
OVERHEAD = 30
"""Bytes of a parameter of which no values are told, about."""

_SPATIAL = ("length", "depth", "height", "width")
_OUT = ("out", "multiplier")
_LARGEST_SIDE = 512  # of a matrix whose singular values are computed, the shorter one


@dataclass(frozen=True)
class Part:
    """What is told of a parameter.

    Attributes:
        kept: As in the payload.
        rows, columns: Of cells.
        matrix: Rows and columns of the parameter as a matrix; None of a vector.
        kernels: Which of a convolution's, rising.
        strongest: How many of the values furthest from 0, beside the cells.
        singular: How many of the largest singular values.
    """

    kept: Kept
    rows: int = 0
    columns: int = 0
    matrix: tuple[int, int] | None = None
    kernels: tuple[int, ...] = ()
    strongest: int = 0
    singular: int = 0

    @property
    def bytes(self) -> int:
        """About what it takes in a record."""
        cells = self.rows * self.columns
        return OVERHEAD + 2 * cells * (_NUMBERS if self.kept == "blocks" else 1) + 4 * len(self.kernels) + 8 * self.strongest + 4 * self.singular

    @property
    def singular_cost(self) -> int:
        """Multiply-adds of its singular values; 0 where they are not told."""
        return prod(self.matrix) * min(self.matrix) if self.matrix is not None and self.singular else 0


NOTHING = Part("none")


def part_of(shape: Sequence[int], axes: str = "", *, cells: int = CELLS) -> Part:
    """What is told of a parameter of real numbers.

    Args:
        shape: Its shape.
        axes: What its axes are, as in the payload; empty where nobody knows.
        cells: How many numbers its cells may have.
    """
    size, names = prod(shape), axes.split(",")
    if len(shape) < 2:
        most = min(4_096, max(256, cells // 16))
        return Part("all", 1, size) if size <= most else Part("sample", 1, most, strongest=_strongest(cells))
    is_kernel = len(names) == len(shape) and any(name in _SPATIAL for name in names) and prod(_spatial(shape, names)) > 1
    rows = shape[0] if len(names) == len(shape) and names[-1] in _SPATIAL else prod(shape[:-1])
    matrix = rows, size // rows if rows else shape[-1]
    side = min(matrix)
    singular = min(side, max(64, cells // 128)) if 0 < side <= _LARGEST_SIDE else 0
    if size <= (cells // 4 if is_kernel else cells):
        return Part("all", *matrix, matrix, singular=singular)
    strongest = _strongest(cells)
    if is_kernel and prod(_spatial(shape, names)) <= cells:
        kernels = _chosen(shape, names, cells)
        return Part("kernels", len(kernels), prod(_spatial(shape, names)), matrix, kernels, strongest, singular)
    blocks = max(1, cells // _NUMBERS)
    columns = min(matrix[1], blocks // min(matrix[0], isqrt(blocks)))
    return Part("blocks", min(matrix[0], blocks // columns), columns, matrix, strongest=strongest, singular=singular)


def kernels_first(content: Array, axes: str) -> Array:
    """A convolution's values as [input, output, place of the kernel]: a view where it can be one."""
    names = axes.split(",")
    places = _roles(names)
    turned = content.transpose(*places[:2], *[i for i in range(content.ndim) if i not in places])
    flat: Array = turned.reshape(*turned.shape[:2], -1)
    return flat


def _spatial(shape: Sequence[int], names: Sequence[str]) -> list[int]:
    return [size for size, name in zip(shape, names, strict=True) if name in _SPATIAL]


def _roles(names: Sequence[str]) -> tuple[int, int]:
    """Which axis is that of inputs, and which that of outputs."""
    out = next(i for i, name in enumerate(names) if name in _OUT)
    return next(i for i, name in enumerate(names) if name not in _SPATIAL and i != out), out


def _chosen(shape: Sequence[int], names: Sequence[str], cells: int) -> tuple[int, ...]:
    """Evenly strided over the outputs, then over the inputs; whole filters where these are few, as colours are."""
    inputs, outputs = (shape[i] for i in _roles(names))
    most = min(_KERNELS, max(1, cells // prod(_spatial(shape, names))))
    filters = min(outputs, most)
    each = inputs if inputs <= _FEW_INPUTS else min(inputs, max(1, most // filters))
    pairs = ((j * filters + k) * inputs // (each * filters) * outputs + k * outputs // filters for k in range(filters) for j in range(each))
    return tuple(sorted(pairs))


def _strongest(cells: int) -> int:
    return min(256, max(16, cells // 256))
