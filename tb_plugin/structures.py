"""Where a training's layers come from: our own records, else the model that Keras' callback logged."""

from __future__ import annotations

from dataclasses import dataclass

from tb_plugin.adapters.keras_json import BadModel
from tb_plugin.adapters.keras_model import structure_of
from tb_plugin.points import Point, Problem, point_from
from tb_plugin.schema.parameters import Parameters
from tb_plugin.schema.record import BadRecord
from tb_plugin.store import Caller, Store
from tb_plugin.trainings import Training

_LOG_IT = "Log it with Layerscope: callbacks=[Layerscope(logdir)]."


@dataclass(frozen=True)
class Found:
    """A structure and its parameters, at most one point each, and what could not be read."""

    points: tuple[Point, ...] = ()
    problems: tuple[Problem, ...] = ()


def find(store: Store, caller: Caller, training: Training, step: int | None) -> Found:
    """The newest layers of a training at or before a step, or of all: as we logged them, else as Keras did."""
    ours = _logged(store, caller, training, step)
    if ours.points:
        return ours
    theirs = _from_keras(store, caller, training, step)
    return Found(theirs.points, (*ours.problems, *theirs.problems))


def _logged(store: Store, caller: Caller, training: Training, step: int | None) -> Found:
    read = [(series.listed.run, store.points(caller, series.listed)) for series in training.of_kind("structure")]
    problems = tuple(problem for _, points in read for problem in points.problems)
    there = [(run, point) for run, points in read if (point := points.at(step)) is not None]
    if not there:
        return Found((), problems)
    run, point = max(there, key=lambda one: (one[1].step, one[1].wall_time))
    if not point.known:
        return Found((point,), problems)
    digest = str(point.fields["parameters"])
    parameters = store.referred(caller, run, "parameters", digest)
    if parameters is not None:
        return Found((point, parameters), problems)
    lost = Problem(f"the parameters {digest} of this structure are not in the log", "Its record was lost or damaged; sizes are not shown.")
    return Found((point,), (*problems, lost))


def _from_keras(store: Store, caller: Caller, training: Training, step: int | None) -> Found:
    problems: list[Problem] = []
    for listed in training.models:
        try:
            text = store.model(caller, listed, step)
            if text is None:
                continue
            structure = structure_of(text.text)
        except (BadModel, BadRecord) as bad:
            problems.append(Problem(f"the model that Keras logged in run {listed.run!r:.200} cannot be read: {bad}", _LOG_IT))
            continue
        payloads = [structure, *([structure.parameters] if isinstance(structure.parameters, Parameters) else [])]
        return Found(tuple(point_from(payload, text.step, text.wall_time) for payload in payloads), tuple(problems))
    return Found((), tuple(problems))
