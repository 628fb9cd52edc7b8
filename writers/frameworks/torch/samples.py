"""Some values of weights and gradients, to tell how they are distributed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from writers.frameworks.torch.host_arrays import host_arrays
from writers.strides import stride_of

Samples = dict[int, Tensor]
"""Every n-th value of each tensor, flat, by row: a copy, where the tensor is. How many, is fixed by the tensor's shape."""


def samples_of(rows: Sequence[tuple[int, Tensor]]) -> Samples:
    """Samples of tensors; of a sparse one zeros where it holds nothing."""
    return {row: _sample(tensor.detach()) for row, tensor in rows}


def unscaled(samples: Samples, scale: Tensor | None) -> Samples:
    """As they would be of tensors divided by `scale`."""
    return samples if scale is None else {row: values / scale.to(values.device) for row, values in samples.items()}


def on_host(samples: Mapping[str, Samples], size: int) -> dict[str, list[np.ndarray[Any, Any] | None]]:
    """Those of each name by row, None where a row has none, by one copy of each device and type.

    Args:
        samples: By any name.
        size: How many rows there are.
    """
    found: dict[str, list[np.ndarray[Any, Any] | None]] = {name: [None] * size for name in samples}
    given = [(name, row, values) for name, of_rows in samples.items() for row, values in of_rows.items()]
    for (name, row, _), part in zip(given, host_arrays([values for _, _, values in given]), strict=True):
        found[name][row] = part
    return found


def _sample(tensor: Tensor) -> Tensor:
    stride = stride_of(tensor.shape)
    values = _sparse(tensor, stride) if tensor.is_sparse else tensor.reshape(-1)[::stride].clone()
    return values if values.dtype in _NUMPYS else values.float()


def _sparse(tensor: Tensor, stride: int) -> Tensor:
    held = tensor.coalesce()
    size = -(-tensor.numel() // stride)
    rest = held.values()[0].numel() if held.values().shape[0] else 1
    # Where each held value would lie in the whole tensor.
    first = torch.zeros(held.values().shape[0], dtype=torch.int64, device=tensor.device)
    for axis, places in zip(tensor.shape[: held.sparse_dim()], held.indices(), strict=True):
        first = first * axis + places
    place = (first[:, None] * rest + torch.arange(rest, device=tensor.device)).reshape(-1)
    # What is left out lands behind the end: choosing by a mask would wait for the device.
    target = torch.where(place % stride == 0, place // stride, size)
    return torch.zeros(size + 1, dtype=held.dtype, device=tensor.device).scatter_(0, target, held.values().reshape(-1))[:size]


_NUMPYS = (torch.float16, torch.float32, torch.float64)
