"""Sums and extremes of many tensors, computed where they are. The definitions are those of `writers.tensor_stats`."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal

import torch
from torch import Tensor

MOMENTS = ("sum_squares", "non_finite", "sum", "min", "max")

SMALL = 4096
"""Tensors of at most so many values are laid end to end: beside reading values, what costs is the number of operations."""


def sums_of_squares(tensors: Sequence[Tensor]) -> Tensor:
    """Of each tensor, in one pass over its values.

    Args:
        tensors: Of floats, on one device; at least one.

    Returns:
        float32 [tensor]. Infinite where a value is not finite, or where squares exceed float32.
    """
    places, norms = [], list[Tensor]()
    for group in _by_type(tensors):
        places += group
        norms += torch._foreach_norm([wide(tensors[i]) for i in group])
    if len({norm.dtype for norm in norms}) > 1:
        norms = [norm.to(torch.float64) for norm in norms]
    squares = torch.stack(norms).to(torch.float64).square()
    return _in_order(places, torch.where(torch.isfinite(squares), squares, math.inf).to(torch.float32))


def moments(tensors: Sequence[Tensor]) -> Tensor:
    """All moments of each tensor; values that are not finite are counted, and left out of the others.

    Args:
        tensors: Of floats, on one device; at least one.

    Returns:
        float32 [tensor, moment], the moments as in `MOMENTS`. The least and largest of no values is NaN.
    """
    small = [i for i, tensor in enumerate(tensors) if tensor.numel() <= SMALL]
    large = [i for i, tensor in enumerate(tensors) if tensor.numel() > SMALL]
    rows = [_of_one(wide(tensors[i])).to(torch.float32)[None] for i in large]
    if small:
        rows.append(_of_small([tensors[i] for i in small]).to(torch.float32))
    return _in_order(large + small, torch.cat(rows))


def wide(tensor: Tensor) -> Tensor:
    """In a type that sums keep their digits in: at least float32."""
    return tensor if tensor.dtype in (torch.float32, torch.float64) else tensor.to(torch.float32)


def _in_order(places: list[int], rows: Tensor) -> Tensor:
    if places == sorted(places):
        return rows
    return rows[torch.tensor(sorted(range(len(places)), key=places.__getitem__), device=rows.device)]


def _by_type(tensors: Sequence[Tensor]) -> list[list[int]]:
    groups: dict[torch.dtype, list[int]] = {}
    for i, tensor in enumerate(tensors):
        groups.setdefault(tensor.dtype, []).append(i)
    return list(groups.values())


def _of_small(tensors: Sequence[Tensor]) -> Tensor:
    lengths = torch.tensor([tensor.numel() for tensor in tensors], device=tensors[0].device)
    values = torch.cat([tensor.reshape(-1).to(torch.float64) for tensor in tensors])
    is_finite = torch.isfinite(values)
    finite = torch.where(is_finite, values, 0.0)
    count = _of_each((~is_finite).to(torch.float64), lengths, "sum")
    least = _of_each(torch.where(is_finite, values, math.inf), lengths, "min")
    most = _of_each(torch.where(is_finite, values, -math.inf), lengths, "max")
    return _row(_of_each(finite.square(), lengths, "sum"), count, _of_each(finite, lengths, "sum"), least, most, count == lengths)


def _of_one(tensor: Tensor) -> Tensor:
    norm = torch.linalg.vector_norm(tensor)
    # On a CPU this reads memory and waits for nothing; a finite norm proves that every value is.
    if tensor.device.type == "cpu" and math.isfinite(norm.numpy()):
        return torch.stack([norm.square(), torch.zeros_like(norm), tensor.sum(), *torch.aminmax(tensor)])
    is_finite = torch.isfinite(tensor)
    finite = torch.where(is_finite, tensor, 0.0)
    count = (tensor.numel() - torch.count_nonzero(is_finite)).to(tensor.dtype)
    least, most = torch.where(is_finite, tensor, math.inf).amin(), torch.where(is_finite, tensor, -math.inf).amax()
    return _row(finite.square().sum(), count, finite.sum(), least, most, count == tensor.numel())


def _row(squares: Tensor, count: Tensor, total: Tensor, least: Tensor, most: Tensor, has_none: Tensor) -> Tensor:
    return torch.stack([squares, count, total, torch.where(has_none, math.nan, least), torch.where(has_none, math.nan, most)], -1)


def _of_each(values: Tensor, lengths: Tensor, reduce: Literal["sum", "min", "max"]) -> Tensor:
    """Reduces stretches of some lengths of float64 [value]; the least of no value is infinite."""
    told: Tensor = torch.segment_reduce(values, reduce, lengths=lengths, unsafe=True)
    return told
