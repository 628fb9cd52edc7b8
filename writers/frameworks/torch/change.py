"""What a step changes, from values held over it: few of each parameter, never a second copy of the weights."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from writers.frameworks.torch.moments import laid_end_to_end, of_each
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
        self._before = self._values()

    def told(self, *, is_full: bool = True) -> Tensor:
        """What has changed since then; infinite where a value was not finite before or after.

        Returns:
            float32 [parameter, change]: all of `CHANGE`, or the first alone.
        """
        lengths = torch.tensor([values.numel() for values in self._before], device=self._parameters[0].device)
        shares = [max(1, p.numel()) / max(1, values.numel()) for p, values in zip(self._parameters, self._before, strict=True)]
        change = laid_end_to_end(self._values()) - laid_end_to_end(self._before)
        squares = of_each(change.square(), lengths, "sum") * torch.tensor(shares, dtype=torch.float64, device=change.device)
        told = [squares]
        if is_full:
            told.append(torch.where(lengths == 0, math.nan, of_each(change.abs(), lengths, "max")))
        is_finite = torch.isfinite(squares)
        return torch.stack([torch.where(is_finite, each, math.inf) for each in told], 1).to(torch.float32)

    def _values(self) -> list[Tensor]:
        return [p.detach().reshape(-1)[::stride].clone() for p, stride in zip(self._parameters, self._strides, strict=True)]
