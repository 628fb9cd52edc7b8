"""What a step changes, from values held over it: few of each parameter, never a second copy of the weights."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from writers.frameworks.torch.moments import sums_of_squares, wide
from writers.strides import stride_of

CHANGE = ("sum_squares", "max_abs")


class Change:
    """Some values of parameters as they are now.

    Args:
        parameters: Of floats, on one device; at least one.
    """

    def __init__(self, parameters: Sequence[Tensor]) -> None:
        self._parameters = list(parameters)
        self._strides = [stride_of(parameter.shape) for parameter in parameters]
        self._before = [values.clone() for values in self._values()]

    def told(self, *, is_full: bool = True) -> Tensor:
        """What has changed since then; infinite where a value was not finite before or after.

        Returns:
            float32 [parameter, change]: all of `CHANGE`, or the first alone.
        """
        changes = [wide(after) - wide(before) for after, before in zip(self._values(), self._before, strict=True)]
        shares = [max(1, p.numel()) / max(1, values.numel()) for p, values in zip(self._parameters, self._before, strict=True)]
        squares = sums_of_squares(changes)
        told = [squares * torch.tensor(shares, dtype=torch.float32, device=squares.device)]
        if is_full:
            extremes = [torch.aminmax(change) if change.numel() else (_none(change), _none(change)) for change in changes]
            least, most = (torch.stack([each[end].to(torch.float32) for each in extremes]) for end in (0, 1))
            largest = torch.maximum(most, -least)
            is_empty = torch.tensor([not change.numel() for change in changes], device=largest.device)
            told.append(torch.where(torch.isfinite(largest) | is_empty, largest, math.inf))
        return torch.stack(told, 1)

    def _values(self) -> list[Tensor]:
        return [p.detach().reshape(-1)[::stride] for p, stride in zip(self._parameters, self._strides, strict=True)]


def _none(change: Tensor) -> Tensor:
    return change.new_full((), math.nan)
