"""Where a training's layers come from: our own records, else what another tool logged of the model, else the names of parameters."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from tb_plugin.adapters.graph_bytes import BadGraph
from tb_plugin.adapters.graph_def import structure_of_graph, structure_of_trace
from tb_plugin.adapters.keras_json import BadModel
from tb_plugin.adapters.keras_model import structure_of
from tb_plugin.adapters.names import parameter
from tb_plugin.adapters.parameter_names import notes_on_sizes, parameters_of_names, structure_of_parameters, with_sizes
from tb_plugin.owners import GRAPH, HISTOGRAMS, KERAS_MODEL, TRACES
from tb_plugin.points import Point, Problem, point_from
from tb_plugin.schema.parameters import Parameter, Parameters
from tb_plugin.schema.record import BadRecord
from tb_plugin.schema.structure import Structure
from tb_plugin.schema.summary import REPEATS
from tb_plugin.store import Caller, Listed, Store
from tb_plugin.trainings import Series, Training

_LOG_IT = "Log it with Layerscope: callbacks=[Layerscope(logdir)], or layerscope.torch.watch(model, optimizer, logdir)."


@dataclass(frozen=True)
class Found:
    """A structure and its parameters, at most one point each, and what could not be read."""

    points: tuple[Point, ...] = ()
    problems: tuple[Problem, ...] = ()


def find(store: Store, caller: Caller, training: Training, step: int | None) -> Found:
    """The newest layers of a training at or before a step, or of all, from what tells most of them."""
    ours = _logged(store, caller, training, step)
    if ours.points:
        return ours
    theirs = _of_models(store, caller, training, step)
    problems = (*ours.problems, *theirs.problems)
    if theirs.points:
        return Found(theirs.points, problems)
    # Layers that are only told later are no reason to guess at them.
    names = _of_names(store, caller, training, step) if problems or not training.of_kind("structure") else Found()
    return Found(names.points, problems)


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


def _of_models(store: Store, caller: Caller, training: Training, step: int | None) -> Found:
    """What other tools logged of the model: Keras' own JSON tells more than a graph, and a run's graph more than a traced function."""
    known = frozenset(parameter(series.listed.tag).layer for series in _histograms(training))
    readers: Mapping[str, tuple[str, Callable[[bytes, Listed], Structure]]] = {
        KERAS_MODEL: ("the model that Keras logged", lambda text, _: structure_of(text)),
        GRAPH: ("the graph", lambda data, _: structure_of_graph(data, known)),
        **dict.fromkeys(TRACES, ("the trace", lambda data, listed: structure_of_trace(data, listed.tag, known))),
    }
    problems: list[Problem] = []
    for owner, (called, read) in readers.items():
        for listed in (each for each in training.models if each.owner == owner):
            try:
                model = store.model(caller, listed, step)
                if model is None:
                    continue
                structure = read(model.content, listed)
            except (BadModel, BadGraph, BadRecord) as bad:
                problems.append(Problem(f"{called} in run {listed.run!r:.200} cannot be read: {bad}", _LOG_IT))
                continue
            return Found(_points(_sized(store, caller, training, structure), model.step, model.wall_time), tuple(problems))
    return Found((), tuple(problems))


def _of_names(store: Store, caller: Caller, training: Training, step: int | None) -> Found:
    """The tree of parameters that statistics, histograms or scalars are told of."""
    for series in training.of_kind("parameters"):
        point = None if series.listed.run in training.layer_scalars else store.points(caller, series.listed).at(step)
        if point is not None and point.known:
            rows = tuple(Parameter(**row) for row in point.fields["parameters"])
            own = Parameters(parameters=rows, shape=point.arrays["shape"], shape_end=point.arrays["shape_end"])
            return Found(_points(structure_of_parameters(own, model=training.name), point.step, point.wall_time))
    layers = {told.path: told.layer for told in (parameter(series.listed.tag) for series in _histograms(training))}
    for scalars in training.layer_scalars.values():
        layers |= {row.path: row.layer for row in scalars.parameters.parameters}
    if not layers:
        return Found()
    parameters = parameters_of_names(layers, _sizes(store, caller, training))
    return Found(_points(structure_of_parameters(parameters, model=training.name, notes=notes_on_sizes(parameters)), 0, 0.0))


def _histograms(training: Training) -> Iterator[Series]:
    for series in training.of_kind(HISTOGRAMS):
        told = parameter(series.listed.tag)
        if told.of in ("weights", "gradients") and not told.is_mixed and series.listed.content != REPEATS:
            yield series


def _sizes(store: Store, caller: Caller, training: Training) -> dict[str, int]:
    """How many values parameters have, by their paths, as far as histograms of weights tell."""
    tags: dict[str, list[str]] = {}
    for series in _histograms(training):
        if parameter(series.listed.tag).of == "weights":
            tags.setdefault(series.listed.run, []).append(series.listed.tag)
    return {parameter(tag).path: size for run, told in tags.items() for tag, size in store.histogram_sizes(caller, run, told).items()}


def _sized(store: Store, caller: Caller, training: Training, structure: Structure) -> Structure:
    """A structure with the sizes of parameters that a graph does not tell and histograms do."""
    own = structure.parameters
    if not isinstance(own, Parameters) or all(row.dtype for row in own.parameters):
        return structure
    sized, known = with_sizes(own, _sizes(store, caller, training))
    note = f"How many values {known} of these have their histograms tell."
    return dataclasses.replace(structure, parameters=sized, notes=(*structure.notes, note)) if known else structure


def _points(structure: Structure, step: int, wall_time: float) -> tuple[Point, ...]:
    payloads = [structure, *([structure.parameters] if isinstance(structure.parameters, Parameters) else [])]
    return tuple(point_from(payload, step, wall_time) for payload in payloads)
