"""TensorBoard's scalars → kind `scalars`, on one axis with everything else: training batches finished."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from tb_plugin.adapters.names import is_epoch_axis
from tb_plugin.schema.scalars import Scalars
from tb_plugin.slices import never_rewritten
from tb_plugin.store import ScalarSeries


@dataclass(frozen=True)
class Fit:
    """Where the steps of one `fit` begin, as `training_facts` tells it.

    Attributes:
        first_step: Batches finished before it.
        initial_epoch: Number of its first epoch.
        steps_per_epoch: None where it is not known.
        wall_time: When it began, in seconds since 1970.
        epoch_offset: What is added to an epoch's number in the log to count as `initial_epoch` does.
    """

    first_step: int
    initial_epoch: int
    steps_per_epoch: int | None
    wall_time: float = 0.0
    epoch_offset: int = 0


def step_of_epoch(epoch: float, wall_time: float, fits: Sequence[Fit]) -> float | None:
    """The step at which an epoch ends: first_step + (epoch + epoch_offset + 1 − initial_epoch) × steps_per_epoch.

    Args:
        epoch: Counted from 0, as it stands in the log.
        wall_time: When it was written: the last fit that had begun by then made it. What is older than all fits
            belongs to the first: facts that a restart wrote over are gone, the epochs may still be there.
        fits: In the order in which they began.

    Returns:
        None where no fit tells it.
    """
    fit = _fit_at(wall_time, fits)
    if fit is None or fit.steps_per_epoch is None or epoch + fit.epoch_offset < fit.initial_epoch:
        return None
    return fit.first_step + (epoch + fit.epoch_offset + 1 - fit.initial_epoch) * fit.steps_per_epoch


def begin_anew(fits: Sequence[Fit]) -> bool:
    """Whether Keras' numbers of epochs begin anew in one of the fits, so that one number means several epochs."""
    raw = [fit.initial_epoch - fit.epoch_offset for fit in fits]
    return any(fit.epoch_offset for fit in fits) or any(b <= a for a, b in pairwise(raw))


def as_numbered(fits: Sequence[Fit], epochs: Iterable[ScalarSeries]) -> tuple[Fit, ...]:
    """The fits, with the offsets that one writer's epochs need.

    Keras' own callback numbers epochs anew in each fit; ours counts on, so that its numbers need no offset. A fit with
    an epoch below its first one was numbered by Keras.

    Args:
        fits: With offsets as declared, in the order in which they began.
        epochs: Series of epoch values by that writer.
    """
    written = [(epoch, _fit_at(at, fits)) for series in epochs for epoch, at in zip(series.step.tolist(), series.wall_time.tolist(), strict=True)]
    by_keras = {fit for epoch, fit in written if fit is not None and epoch < fit.initial_epoch}
    return tuple(fit if fit in by_keras else replace(fit, epoch_offset=0) for fit in fits)


def on_step_axis(tag: str, series: ScalarSeries, fits: Sequence[Fit]) -> Scalars:
    """A scalar series in our form.

    Epoch values of Keras move to the step at which their epoch ended; where one of them cannot be placed the whole
    series keeps its axis of epochs and says so. Where steps go back the later writing wins from that step on.
    """
    axis, step = "step", series.step
    if is_epoch_axis(tag):
        # Moved before what was written over is left out: Keras' numbers go back with each fit, their steps do not.
        moved = [step_of_epoch(epoch, at, fits) for epoch, at in zip(step.tolist(), series.wall_time.tolist(), strict=True)]
        axis, step = ("epoch", step) if None in moved else ("step", np.array(moved, np.float64))
    kept = never_rewritten(step)
    return Scalars(axis=axis, step=step[kept], wall_time=series.wall_time[kept], value=series.value[kept])


def _fit_at(wall_time: float, fits: Sequence[Fit]) -> Fit | None:
    return next((f for f in reversed(fits) if f.wall_time <= wall_time), fits[0] if fits else None)
