"""Tensors of any device as arrays, in as few copies as there can be: each waits for its device."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor


def host_arrays(tensors: Sequence[Tensor]) -> list[np.ndarray[Any, Any]]:
    """Each tensor as a flat array: all of a device and a type are laid end to end there, and copied once."""
    found: dict[int, np.ndarray[Any, Any]] = {}
    groups: dict[tuple[torch.device, torch.dtype], list[int]] = {}
    for i, tensor in enumerate(tensors):
        groups.setdefault((tensor.device, tensor.dtype), []).append(i)
    for places in groups.values():
        joint = torch.cat([tensors[i].detach().reshape(-1) for i in places]).cpu().numpy()
        ends = np.cumsum([tensors[i].numel() for i in places])
        found.update(zip(places, np.split(joint, ends[:-1]), strict=True))
    return [found[i] for i in range(len(tensors))]
