"""The values of weights at one moment, from plain arrays of any type."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tb_plugin.schema.parameters import Parameter, Parameters
from tb_plugin.schema.weight_values import WeightValues
from writers import parameters as axis
from writers.host_arrays import host_array
from writers.weight_values_cells import blocks_of, scaled, starts, strongest_of, whole_of
from writers.weight_values_plan import CELLS, NOTHING, Part, kernels_first, part_of
from writers.weight_values_singular import MOST_COST, singular_values

Array = np.ndarray[Any, Any]

MOST_MATRICES = 300
"""Parameters of two axes or more of which values are told; of more, the largest."""


def of(arrays: Mapping[str, Any], *, parameters: Parameters | None = None, axes: Mapping[str, str] | None = None, cells: int = CELLS) -> WeightValues:
    """The values of each parameter.

    Up to 65,536 values are told one by one, of a vector up to 4,096; of a larger matrix the means of 147 × 147 blocks with
    their least and greatest values, and the 256 values furthest from 0; of a larger convolution 64 kernels. Singular values
    are those of matrices with a side of at most 512, the smallest matrices first.

    Args:
        arrays: Each parameter's values, by path (`block_1/dense/kernel`), in forward order. Of a path that is not here none
            are told, nor of whole numbers.
        parameters: The axis, where there is one already; else it is made from the arrays.
        axes: What the axes of an array are, by path: `{"conv/kernel": "height,width,in,out"}`. Without it an array of more
            than two axes is a matrix of which the last axis has the columns.
        cells: How many numbers are told of a parameter; a block has three.

    Raises:
        ValueError: An array belongs to no parameter of the axis, has another shape, or `axes` names others than it has.
        TypeError: An array holds complex numbers or no numbers; the message names it.
    """
    if isinstance(cells, bool) or not isinstance(cells, int) or not 1 <= cells <= CELLS:
        raise ValueError(f"cells is how many numbers of a parameter are told, from 1 to {CELLS:,}; it is {cells!r:.80}")
    held = {path: _numbers(content, path) for path, content in arrays.items() if content is not None}
    known = parameters if parameters is not None else axis.of((_parameter(path, content), content.shape) for path, content in held.items())
    paths, shapes = [parameter.path for parameter in known.parameters], shapes_of(known)
    for path, content in held.items():
        if path not in paths:
            raise ValueError(f"arrays must be of the parameters given; {path!r:.200} is not. The paths are {paths!r:.200}")
        if content.shape != shapes[paths.index(path)]:
            raise ValueError(f"the values of {path!r:.200} must have the shape {list(shapes[paths.index(path)])}; theirs is {list(content.shape)}")
    named = {path: names for path, names in (axes or {}).items() if path in held and names}
    for path, names in named.items():
        if len(names.split(",")) != held[path].ndim:
            raise ValueError(f"axes must name each axis; {path!r:.200} has {held[path].ndim}, and {names!r:.80} names others")
    ordered = [named.get(path, "") for path in paths]
    reals = [content if content is not None and content.dtype.kind == "f" else None for content in map(held.get, paths)]
    return of_parts(known, reals, ordered, parts_of([None if content is None else content.shape for content in reals], ordered, cells))


def parts_of(shapes: Sequence[tuple[int, ...] | None], axes: Sequence[str], cells: int) -> list[Part]:
    """Which part of each parameter is told; None of one without real numbers.

    Args:
        shapes: Of each parameter.
        axes: What its axes are, or nothing.
        cells: How many numbers its cells may have.
    """
    parts = [NOTHING if shape is None else part_of(shape, names, cells=cells) for shape, names in zip(shapes, axes, strict=True)]
    matrices = [i for i, part in enumerate(parts) if part.matrix is not None]
    by_size = sorted(matrices, key=lambda i: -int(np.prod(shapes[i] or (0,), dtype=np.float64)))
    for i in by_size[MOST_MATRICES:]:
        parts[i] = NOTHING
    return parts


def of_parts(parameters: Parameters, arrays: Sequence[Array | None], axes: Sequence[str], parts: Sequence[Part]) -> WeightValues:
    """The payload of some arrays of which the parts are chosen.

    Args:
        parameters: The axis.
        arrays: Of each parameter, real numbers; None where it has none.
        axes: What its axes are, or nothing.
        parts: What is told of it.
    """
    with_singular = _affordable(parts)
    told = [_told(content, names, part, has_singular=i in with_singular) for i, (content, names, part) in enumerate(zip(arrays, axes, parts, strict=True))]

    def ends(name: str) -> Array:
        return np.cumsum([len(getattr(each, name)) for each in told], dtype=np.int64)

    def joined(name: str, dtype: Any) -> Array:
        return np.concatenate([np.zeros(0, dtype), *(getattr(each, name) for each in told)]).astype(dtype, copy=False)

    return WeightValues(
        parameters=parameters,
        kept=tuple(each.part.kept for each in told),
        axes=tuple(axes),
        exponent=np.array([each.exponent for each in told], np.int64),
        sum_squares=np.array([each.sum_squares for each in told], np.float64),
        non_finite=np.array([each.non_finite for each in told], np.int64),
        rows=np.array([each.part.rows for each in told], np.int64),
        columns=np.array([each.part.columns for each in told], np.int64),
        cell_end=ends("value"),
        value=joined("value", np.float16),
        block_end=ends("low"),
        low=joined("low", np.float16),
        high=joined("high", np.float16),
        kernel_end=np.cumsum([len(each.part.kernels) for each in told], dtype=np.int64),
        kernel=np.array([kernel for each in told for kernel in each.part.kernels], np.int64),
        strong_end=ends("strong"),
        strong=joined("strong", np.int64),
        strong_value=joined("strong_value", np.float32),
        singular_end=ends("singular"),
        singular=joined("singular", np.float32),
    )


def shapes_of(parameters: Parameters) -> list[tuple[int, ...]]:
    """The shape of each parameter."""
    return [tuple(int(size) for size in part) for part in np.split(parameters.shape, parameters.shape_end)[: len(parameters.parameters)]]


@dataclass(frozen=True)
class _Told:
    """What is told of one parameter."""

    part: Part
    exponent: int = 0
    sum_squares: float = np.nan
    non_finite: int = 0
    value: Array = field(default_factory=lambda: np.zeros(0))
    low: Array = field(default_factory=lambda: np.zeros(0))
    high: Array = field(default_factory=lambda: np.zeros(0))
    strong: Array = field(default_factory=lambda: np.zeros(0))
    strong_value: Array = field(default_factory=lambda: np.zeros(0))
    singular: Array = field(default_factory=lambda: np.zeros(0))


def _told(content: Array | None, axes: str, part: Part, *, has_singular: bool) -> _Told:
    if content is None:
        return _Told(NOTHING)
    content = np.ascontiguousarray(content, content.dtype.newbyteorder("=")).reshape(content.shape)
    flat = content.reshape(-1)
    whole = whole_of(flat)
    told: dict[str, Any] = {"exponent": whole.exponent, "sum_squares": whole.sum_squares, "non_finite": whole.non_finite}
    if part.kept == "none":
        return _Told(part, **told | {"exponent": 0})
    if part.kept == "blocks":
        assert part.matrix is not None
        blocks = blocks_of(content.reshape(part.matrix), part.rows, part.columns)
        told |= {name: scaled(each, whole.exponent) for name, each in zip(("value", "low", "high"), blocks, strict=True)}
    else:
        told["value"] = scaled(_chosen(content, axes, part), whole.exponent)
    if part.strongest:
        strong = strongest_of(flat, part.strongest)
        with np.errstate(over="ignore"):
            told |= {"strong": strong, "strong_value": flat[strong].astype(np.float32)}
    if has_singular and not whole.non_finite:
        assert part.matrix is not None
        told["singular"] = singular_values(content.reshape(part.matrix), part.singular)
    return _Told(part, **told)


def _chosen(content: Array, axes: str, part: Part) -> Array:
    """The values of a parameter's cells, flat."""
    if part.kept == "kernels":
        turned = kernels_first(content, axes)
        place = np.array(part.kernels, np.int64)
        chosen: Array = turned[place // turned.shape[1], place % turned.shape[1]].reshape(-1)
        return chosen
    flat = content.reshape(-1)
    return flat[starts(len(flat), part.columns)] if part.kept == "sample" else flat


def _affordable(parts: Sequence[Part]) -> frozenset[int]:
    """Those whose singular values there is time for, the cheapest first."""
    found, left = set(), MOST_COST
    for i in sorted((i for i, part in enumerate(parts) if part.singular), key=lambda i: parts[i].singular_cost):
        left -= parts[i].singular_cost
        if left < 0:
            break
        found.add(i)
    return frozenset(found)


def _numbers(content: Any, path: str) -> Array:
    held = host_array(content, f"the values of {path!r:.200}")
    if held.dtype.kind not in "biuf" or held.dtype.itemsize > 8:
        raise TypeError(f"the values of {path!r:.200} must be real numbers of at most 64 bits; they are {held.dtype}")
    return held


def _parameter(path: str, content: Array) -> Parameter:
    return Parameter(path=path, variable_path=path, layer=path.rpartition("/")[0], dtype=str(content.dtype), role="trainable")
