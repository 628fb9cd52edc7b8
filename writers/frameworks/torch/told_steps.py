"""What was told of steps, kept where it was computed until one copy brings all of it over."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from torch import Tensor

from tb_plugin.schema.tensor_stats import STATISTICS, TensorStats
from writers.frameworks.torch.host_arrays import host_arrays
from writers.frameworks.torch.layout import Layout
from writers.frameworks.torch.samples import Samples

Number = float | Tensor
"""A number, or a tensor of one: what is on a device stays there."""


@dataclass
class ToldStep:
    """What is told of one step.

    Attributes:
        step: Its number.
        layout: What rows and places it is told on.
        rows: Names of statistics, rows of parameters, and their values [parameter, statistic].
        rates: The learning rate of each group.
        losses: As given for this step; the mean is told.
        scale: What losses were multiplied with.
        skipped: Rows of each optimizer, and whether loss scaling left their update out: above 0.
        applied: Sums of squares of the gradients as the optimizers applied them, by the rows that were told before.
        samples: Some values of `weights` and `gradients`, where their distributions are told; else None.
        made: When its first optimizer was applied, as the host saw it, in seconds since 1970.
    """

    step: int
    layout: Layout
    rows: list[tuple[Sequence[str], Sequence[int], Tensor]] = field(default_factory=list)
    rates: dict[int, Number] = field(default_factory=dict)
    losses: list[Number] = field(default_factory=list)
    scale: Number = 1.0
    skipped: list[tuple[Sequence[int], Number]] = field(default_factory=list)
    applied: list[tuple[Sequence[int], Tensor]] = field(default_factory=list)
    samples: dict[str, Samples] | None = None
    made: float = field(default_factory=time.time)

    def tell(self, of: str, moments: Sequence[str], rows: Sequence[int], values: Tensor) -> None:
        """Keeps `values`, float32 [row, moment] or [row], as statistics `<of>_<moment>`."""
        if len(rows):
            self.rows.append(([f"{of}_{name}" for name in moments], rows, values.reshape(len(rows), len(moments))))

    def look_at(self, of: str, samples: Samples) -> None:
        """Keeps some values of weights or gradients, on a step whose distributions are told."""
        if self.samples is not None:
            self.samples.setdefault(of, {}).update(samples)

    def _numbers(self) -> list[Number]:
        return [self.scale, *(number for _, number in self.skipped), *self.rates.values(), *self.losses]


def brought_over(steps: Sequence[ToldStep]) -> tuple[TensorStats, np.ndarray[Any, Any]]:
    """What was told of some steps, by one copy from each device.

    Args:
        steps: At least one, all on one layout.

    Returns:
        The statistics; and bool [step], whether a loss was given.
    """
    layout = steps[0].layout
    parameters, groups, strides = layout.parameters, layout.groups, layout.strides
    tensors = [values for told in steps for _, _, values in told.rows]
    tensors += [values for told in steps for _, values in told.applied]
    tensors += [number for told in steps for number in told._numbers() if isinstance(number, Tensor)]
    arrays = host_arrays([tensor.detach().to(torch.float32) for tensor in tensors])
    host = {id(tensor): array.reshape(tensor.shape) for tensor, array in zip(tensors, arrays, strict=True)}
    value = np.full((len(STATISTICS), len(parameters.parameters), len(steps)), np.nan, np.float32)
    numbers = {name: np.full(len(steps), np.nan) for name in ("loss", "scale", "clip")}
    was_skipped = np.zeros(len(steps), bool)
    rates = np.full((len(groups), len(steps)), np.nan)

    def number(of: Number) -> float:
        return float(host[id(of)].reshape(())) if isinstance(of, Tensor) else float(of)

    for i, told in enumerate(steps):
        for names, rows, values in told.rows:
            value[np.ix_([_PLACE[name] for name in names], rows, [i])] = host[id(values)].T[:, :, None]
        losses = [number(loss) for loss in told.losses]
        if losses:
            numbers["loss"][i] = sum(losses) / len(losses)
        numbers["scale"][i] = number(told.scale)
        for rows, found in told.skipped:
            if number(found) > 0:
                was_skipped[i] = True
                value[np.ix_(_UPDATE, rows, [i])] = np.nan
        for group, rate in told.rates.items():
            rates[group, i] = number(rate)
        numbers["clip"][i] = _clip_factor(value[_GRADIENT, :, i], [(rows, host[id(values)]) for rows, values in told.applied])
    return TensorStats(
        parameters=parameters,
        statistics=STATISTICS,
        groups=groups,
        sampled=tuple(strides) if max(strides) > 1 else None,
        step=np.array([told.step for told in steps], np.int64),
        value=value,
        loss=numbers["loss"],
        batch_examples=np.full(len(steps), -1),
        epoch=np.full(len(steps), np.nan),
        loss_scale=numbers["scale"],
        clip_factor=numbers["clip"],
        skipped=was_skipped,
        learning_rate=rates,
    ), np.array([bool(told.losses) for told in steps], bool)


def _clip_factor(before: np.ndarray[Any, Any], applied: Sequence[tuple[Sequence[int], np.ndarray[Any, Any]]]) -> float:
    """What the global norm was multiplied with between the backward pass and the optimizer; NaN where it is not known."""
    if not applied:
        return float("nan")
    rows = np.concatenate([rows for rows, _ in applied])
    old = float(before[rows].astype(np.float64).sum())
    new = float(np.concatenate([values for _, values in applied]).astype(np.float64).sum())
    if not (np.isfinite(old) and np.isfinite(new) and old > 0):
        return float("nan")
    factor = float(np.sqrt(new / old))
    if abs(factor - 1) < _ROUNDING:
        return 1.0
    return factor if factor < 1 else float("nan")  # nobody clips gradients to more than they are: something else has changed them


_PLACE = {name: i for i, name in enumerate(STATISTICS)}
_GRADIENT = _PLACE["gradient_sum_squares"]
_UPDATE = [_PLACE[name] for name in ("update_sum_squares", "update_max_abs")]
_ROUNDING = 1e-5  # of float32 norms, taken two ways
