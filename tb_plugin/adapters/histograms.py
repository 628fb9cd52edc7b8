"""TensorBoard's histograms → kind `histograms`, named by rule, on one axis with everything else: training batches finished."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tb_plugin.adapters.names import parameter
from tb_plugin.adapters.scalars import Fit, step_of_epoch
from tb_plugin.points import Points, Problem, point_from
from tb_plugin.schema.histograms import Histograms
from tb_plugin.slices import never_rewritten
from tb_plugin.store import HistogramSeries

_MIXED = Problem(
    "every layer's histogram was written under this one tag, so nothing tells which layer a point is of",
    "An early Keras 3 did that: upgrade Keras, or log with callbacks=[Layerscope(logdir)].",
)


def histogram_points(tag: str, series: HistogramSeries, fits: Sequence[Fit]) -> Points:
    """A histogram series in our form, as one point.

    Histograms that Keras wrote stand at their epochs; they move to the steps at which these ended, or all stay on an axis
    of epochs where one cannot be placed. Where steps go back the later writing wins from that step on. A histogram that
    cannot be read becomes a problem.
    """
    meant = parameter(tag)
    if meant.is_mixed:
        return Points(problems=(_MIXED,))
    axis, step = "step", series.step
    if meant.counts_epochs:
        moved = [step_of_epoch(epoch, at, fits) for epoch, at in zip(step.tolist(), series.wall_time.tolist(), strict=True)]
        known = [at for at in moved if at is not None]
        axis, step = ("step", np.array(known, np.float64)) if len(known) == len(moved) else ("epoch", step)
    kept = never_rewritten(step)
    problems = tuple(
        Problem(f"the histogram at step {series.step[i]:.0f} cannot be read: {series.problems[i]}", "The others are shown.") for i in series.problems
    )
    kept = np.array([i for i in kept if i not in series.problems], np.intp)
    if not len(kept):
        return Points(problems=problems)
    bins = np.concatenate([series.bins[i] for i in kept])
    payload = Histograms(
        path=meant.path,
        layer=meant.layer,
        of=meant.of,
        axis=axis,
        step=step[kept],
        wall_time=series.wall_time[kept],
        bucket_end=np.cumsum([len(series.bins[i]) for i in kept], dtype=np.int64),
        left=bins[:, 0],
        right=bins[:, 1],
        count=bins[:, 2],
    )
    return Points((point_from(payload, int(step[kept[-1]]), float(series.wall_time[kept[-1]])),), problems)
