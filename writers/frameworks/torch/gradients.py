"""The gradients of some parameters, told where they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import torch
from torch import Tensor

from writers.frameworks.torch.moments import MOMENTS, moments, sums_of_squares

Rows = Sequence[tuple[int, Tensor]]
"""Rows of parameters, and tensors."""

Told = tuple[Sequence[int], Sequence[str], Tensor]
"""Rows, moments, and values float32 [row, moment]."""


def told_of(rows: Rows, *, is_full: bool) -> list[Told]:
    """All moments of some tensors, or their sums of squares alone: one entry for each device."""
    found: list[Told] = []
    for places, tensors in by_device(rows):
        found.append((places, MOMENTS, moments(tensors)) if is_full else (places, MOMENTS[:1], sums_of_squares(tensors)[:, None]))
    return found


def gradients_of(rows: Rows) -> list[tuple[int, Tensor]]:
    """The gradient of each parameter that has one."""
    return [(row, _values(parameter, parameter.grad)) for row, parameter in rows if parameter.grad is not None]


def unscaled(told: Sequence[Told], scale: Tensor | None) -> list[Told]:
    """As they would be of tensors divided by `scale`."""
    if scale is None:
        return list(told)
    return [(rows, names, values / torch.stack([scale.to(values.device) ** _POWER[name] for name in names], -1).reshape(1, -1)) for rows, names, values in told]


_POWER = {"sum_squares": 2, "non_finite": 0, "sum": 1, "min": 1, "max": 1}


def _values(parameter: Tensor, gradient: Tensor) -> Tensor:
    """Its values; of a sparse one those that it holds, and one zero for all that it does not."""
    if not gradient.is_sparse:
        return gradient.detach()
    held = gradient.detach().coalesce().values().reshape(-1)
    return held if held.numel() == parameter.numel() else torch.cat([held, held.new_zeros(1)])


def by_device(rows: Rows) -> Iterator[tuple[list[int], list[Tensor]]]:
    """The rows and tensors of each device."""
    devices: dict[torch.device, tuple[list[int], list[Tensor]]] = {}
    for row, tensor in rows:
        places, tensors = devices.setdefault(tensor.device, ([], []))
        places.append(row)
        tensors.append(tensor)
    yield from devices.values()
