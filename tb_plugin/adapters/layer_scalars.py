"""Scalars that another tool wrote of each layer (`gradient_norm/<name>`) → kind `tensor_stats`: one table of them all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from tb_plugin.adapters.names import statistic
from tb_plugin.points import Points, Problem, point_from
from tb_plugin.query import thinned
from tb_plugin.run_groups import natural
from tb_plugin.schema.parameters import Parameter, Parameters
from tb_plugin.schema.record import digest
from tb_plugin.schema.tensor_stats import TensorStats
from tb_plugin.slices import never_rewritten
from tb_plugin.store import ScalarSeries

TAG = "tensor_stats/scalars"
"""The tag of what is in no log as it is, but made of a run's scalars."""

# Layers that were logged at steps of their own make a table that is mostly empty: 32 MiB of it at most.
_MOST_CELLS = 2**23


@dataclass(frozen=True)
class LayerScalars:
    """Which scalars of a run tell of layers.

    Attributes:
        parameters: What they are told of, in natural order. No type and no shape of them is known.
        places: Of each tag the name of its statistic, and its place among the parameters.
    """

    parameters: Parameters
    places: Mapping[str, tuple[str, int]]

    @property
    def parameters_tag(self) -> str:
        """The tag of the parameters."""
        return f"parameters/{digest(self.parameters)}"


def layer_scalars(tags: Iterable[str]) -> LayerScalars | None:
    """What the scalars of a run tell of its layers; None where none does."""
    told = tuple(sorted(tag for tag in tags if statistic(tag) is not None))
    return _layer_scalars(told) if told else None


# The list of series is made anew every second while something is written.
@lru_cache(maxsize=256)
def _layer_scalars(tags: tuple[str, ...]) -> LayerScalars:
    found = {tag: told for tag in tags if (told := statistic(tag)) is not None}
    # A layer whose parts are told as well is their sum.
    holders = {told.path[:end] for told in found.values() for end, letter in enumerate(told.path) if letter == "/"}
    layers = {told.path: told.layer for told in found.values() if told.path not in holders}
    paths = sorted(layers, key=lambda path: (natural(layers[path]), not path.endswith(_KERNELS), natural(path)))
    place = {path: i for i, path in enumerate(paths)}
    rows = tuple(Parameter(path, path, layers[path], dtype="", role="trainable") for path in paths)
    parameters = Parameters(parameters=rows, shape=np.zeros(0, np.int64), shape_end=np.zeros(len(rows), np.int64))
    return LayerScalars(parameters, {tag: (told.name, place[told.path]) for tag, told in found.items() if told.path in place})


# Before biases and the scales of norms, as they come in every framework.
_KERNELS = ("weight", "weights", "kernel")


def parameter_points(scalars: LayerScalars, step: int, wall_time: float) -> Points:
    """The parameters, as one point."""
    return Points((point_from(scalars.parameters, step, wall_time),))


def statistic_points(scalars: LayerScalars, series: Mapping[str, ScalarSeries]) -> Points:
    """The statistics that a run's scalars tell, as one point: NaN where one was not logged.

    Norms become sums of squares, from which follow those of several parameters together. What is not finite is infinite.
    Where steps go back the later writing wins from that step on.

    Args:
        series: By tag.
    """
    problems = []
    told: dict[str, list[tuple[int, np.ndarray, np.ndarray]]] = {}
    wall_time = 0.0
    for tag, (name, place) in scalars.places.items():
        if tag not in series:
            continue
        kept = [i for i in never_rewritten(series[tag].step) if series[tag].step[i] >= 0]
        step, value = series[tag].step[kept].astype(np.int64), series[tag].value[kept]
        wall_time = max(wall_time, float(series[tag].wall_time.max(initial=0)))
        if name.endswith("_norm"):
            if (value < 0).any():
                problems.append(Problem(f"{tag!r:.200} has values below 0, and is no norm", "It is shown in TensorBoard's own tabs."))
                continue
            name, value = name.replace("norm", "sum_squares"), value**2
        value = np.where(np.isfinite(value), value, np.inf)
        told.setdefault(name, []).append((place, step, value))
    steps = np.unique(np.concatenate([np.zeros(0, np.int64), *(step for each in told.values() for _, step, _ in each)]))
    if not len(steps):
        return Points(problems=tuple(problems))
    size = len(scalars.parameters.parameters)
    most = max(1, _MOST_CELLS // (len(told) * size))
    if len(steps) > most:
        problems.append(Problem(f"{most} of the {len(steps)} steps at which layers were logged are shown", "Log all layers at the same steps."))
        steps = steps[thinned(len(steps), most)]
    table = np.full((len(told), size, len(steps)), np.nan, np.float32)
    with np.errstate(over="ignore"):  # of a norm above 1e19: as in what we log ourselves
        for s, each in enumerate(told.values()):
            for place, step, value in each:
                at = np.minimum(np.searchsorted(steps, step), len(steps) - 1)
                there = steps[at] == step
                table[s, place, at[there]] = value[there]
    unknown = np.full(len(steps), np.nan)
    payload = TensorStats(
        parameters=digest(scalars.parameters),
        statistics=tuple(told),
        groups=(),
        step=steps,
        value=table,
        loss=unknown,
        batch_examples=np.full(len(steps), -1),
        epoch=unknown,
        loss_scale=np.ones(len(steps)),
        clip_factor=unknown,
        skipped=np.zeros(len(steps), bool),
        learning_rate=np.zeros((0, len(steps))),
    )
    return Points((point_from(payload, int(steps[-1]), wall_time),), tuple(problems))
