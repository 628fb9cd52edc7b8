"""TensorBoard's scalars → kind `scalars`, on one axis with everything else: training batches finished."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tb_plugin.adapters.names import is_epoch_axis
from tb_plugin.schema.scalars import Scalars
from tb_plugin.store import ScalarSeries


@dataclass(frozen=True)
class Fit:
    """Where the steps of one `fit` begin, as `training_facts` tells it."""

    first_step: int
    initial_epoch: int
    steps_per_epoch: int | None


def step_of_epoch(epoch: float, fits: Sequence[Fit]) -> float | None:
    """The step at which an epoch ends: first_step + (epoch + 1 − initial_epoch) × steps_per_epoch.

    Args:
        epoch: Counted from 0, as Keras counts.
        fits: In the order in which they were made; the last one that begins at or before the epoch holds.

    Returns:
        None where no fit tells it.
    """
    fit = next((f for f in reversed(fits) if f.initial_epoch <= epoch), None)
    if fit is None or fit.steps_per_epoch is None:
        return None
    return fit.first_step + (epoch + 1 - fit.initial_epoch) * fit.steps_per_epoch


def on_step_axis(tag: str, series: ScalarSeries, fits: Sequence[Fit]) -> Scalars:
    """A scalar series in our form.

    Epoch values of Keras move to the step at which their epoch ended; where one of them cannot be placed the whole
    series keeps its axis of epochs and says so. Where steps go back the later writing wins from that step on.
    """
    kept = _rising(series.step)
    step, wall_time, value = series.step[kept], series.wall_time[kept], series.value[kept]
    if not is_epoch_axis(tag):
        return Scalars(step=step, wall_time=wall_time, value=value)
    moved = [step_of_epoch(e, fits) for e in step.tolist()]
    placed = [s for s in moved if s is not None]
    if len(placed) < len(moved):
        return Scalars(axis="epoch", step=step, wall_time=wall_time, value=value)
    steps = np.array(placed, np.float64)
    # Fits may overlap: one that was begun again counts its epochs from where it likes.
    kept = _rising(steps)
    return Scalars(step=steps[kept], wall_time=wall_time[kept], value=value[kept])


def _rising(step: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> list[int]:
    kept: list[int] = []
    for i, s in enumerate(step.tolist()):
        while kept and step[kept[-1]] >= s:
            kept.pop()
        kept.append(i)
    return kept
