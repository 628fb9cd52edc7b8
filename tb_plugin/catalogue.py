"""All trainings of a logdir. What each has is told from TensorBoard's lists; of points only the `training_facts` are read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from tb_plugin.adapters.layer_scalars import TAG as LAYER_SCALARS
from tb_plugin.adapters.layer_scalars import LayerScalars, layer_scalars
from tb_plugin.adapters.names import Meaning, is_epoch_axis, meaning, parameter
from tb_plugin.adapters.scalars import Fit, begin_anew, on_step_axis, step_of_epoch
from tb_plugin.cache import Cache
from tb_plugin.epochs import fits_by_run, scalars_of
from tb_plugin.owners import HISTOGRAMS, MODELS, PR_CURVES, SCALARS
from tb_plugin.points import Problem
from tb_plugin.run_groups import ROOT, group
from tb_plugin.schema.curves import Curves
from tb_plugin.schema.json_fields import canonical
from tb_plugin.schema.parameters import Parameters
from tb_plugin.schema.summary import PLUGIN_NAME, REPEATS
from tb_plugin.schema.tensor_stats import TensorStats
from tb_plugin.store import Caller, Listed, Store, declared_kind
from tb_plugin.trainings import Facts, Series, Training, facts_of

_CACHE_BYTES = 128 * 2**20
_SERIES_BYTES = 800  # of one series, with its part of the text

_FACTS = "training_facts"


@dataclass(frozen=True)
class RunProblem:
    """A series that could not be told."""

    run: str
    tag: str
    problem: Problem

    def told(self) -> dict[str, Any]:
        """As the route tells it."""
        return {"run": self.run, "tag": self.tag, "error": self.problem.error, "fix": self.problem.fix}


@dataclass(frozen=True)
class Catalogue:
    """All trainings of a logdir, in natural order, and the series that could not be told."""

    trainings: tuple[Training, ...]
    problems: tuple[RunProblem, ...] = ()

    @cached_property
    def told(self) -> bytes:
        """As the route tells it, in JSON: with thousands of runs it is large, and asked for again and again."""
        return canonical({"trainings": [t.told() for t in self.trainings], "problems": [p.told() for p in self.problems]})

    def training_of(self, run: str) -> Training | None:
        """The training that a run belongs to."""
        return next((t for t in self.trainings if run in t.runs), None)

    def named(self, name: str) -> Training | None:
        """The training of that name."""
        return next((t for t in self.trainings if t.name == name), None)


class Catalogues:
    """The catalogue of a store, made anew when its listing moved."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._kept: Cache[Catalogue] = Cache(_CACHE_BYTES, lambda made: 1000 + _SERIES_BYTES * sum(len(t.series) for t in made.trainings))

    def of(self, caller: Caller) -> Catalogue:
        """What a caller sees now."""
        return self._kept.get(caller.experiment, self.store.listing(caller), lambda _: catalogue(self.store, caller))


def catalogue(store: Store, caller: Caller) -> Catalogue:
    """Groups what the store lists. Of points it reads the `training_facts` alone."""
    by_run: dict[str, list[Listed]] = {}
    facts: dict[str, Facts] = {}
    problems: list[RunProblem] = []
    for listed in store.listing(caller):
        by_run.setdefault(listed.run, []).append(listed)
        if listed.tag == _FACTS and (declared_kind(listed) or (_FACTS,))[0] == _FACTS:
            points = store.points(caller, listed)
            problems += [RunProblem(listed.run, listed.tag, problem) for problem in points.problems]
            facts[listed.run] = facts_of(points.points)
    trainings = []
    for name, runs in group(by_run, {run: f.evaluations for run, f in facts.items()}).items():
        ours = _merged([facts[run] for run in runs if run in facts])
        training, untold = _training(store, caller, name, {run: by_run[run] for run in runs}, ours)
        trainings.append(training)
        problems += untold
    return Catalogue(tuple(trainings), tuple(problems))


def _training(store: Store, caller: Caller, name: str, by_run: Mapping[str, Sequence[Listed]], facts: Facts) -> tuple[Training, list[RunProblem]]:
    listing = [listed for of_run in by_run.values() for listed in of_run]
    fits = fits_by_run(store, caller, listing, facts.fits)
    repeated = {(s.run, s.tag.removeprefix("distributions/")) for s in listing if s.owner == PLUGIN_NAME and s.tag.startswith("distributions/")}
    shown = [s for s in listing if s.owner not in MODELS and not _repeats(s, repeated)]
    told = {s: _series(store, caller, s, name, facts, fits.get(s.run, facts.fits)) for s in shown}
    series = tuple(s for s in told.values() if isinstance(s, Series))
    models = tuple(s for s in listing if s.owner in MODELS)
    untold = [RunProblem(listed.run, listed.tag, s) for listed, s in told.items() if isinstance(s, Problem)]
    of_layers = {} if any(s.kind == TensorStats.kind for s in series) else _layer_scalars(series)
    made = tuple(s for run, scalars in of_layers.items() for s in _made(run, scalars, by_run[run]))
    return Training(name, tuple(by_run), (*series, *made), models, facts, fits, of_layers), untold


def _layer_scalars(series: Sequence[Series]) -> dict[str, LayerScalars]:
    """What scalars tell of layers, by run; not where a series has the name that they would be given."""
    tags: dict[str, list[str]] = {}
    for each in series:
        # What tells of a layer has no name of its own.
        if each.kind == SCALARS and each.meaning.name is None:
            tags.setdefault(each.listed.run, []).append(each.listed.tag)
    taken = {each.listed.run for each in series if each.listed.tag == LAYER_SCALARS}
    return {run: told for run, own in tags.items() if run not in taken and (told := layer_scalars(own)) is not None}


def _made(run: str, scalars: LayerScalars, listing: Sequence[Listed]) -> tuple[Series, Series]:
    """The statistics that scalars of a run tell of layers, and the parameters that they are of, as series."""
    told = [s for s in listing if s.owner == SCALARS and s.tag in scalars.places]
    last_step, last_wall_time = max(s.last_step for s in told), max(s.last_wall_time for s in told)
    statistics, parameters = (Listed(run, tag, SCALARS, b"", last_step, last_wall_time) for tag in (LAYER_SCALARS, scalars.parameters_tag))
    meant = Meaning(SCALARS, None)
    return (
        Series(statistics, TensorStats.kind, TensorStats.version, None, meant, last_step),
        Series(parameters, Parameters.kind, Parameters.version, None, meant, last_step),
    )


def _repeats(listed: Listed, repeated: Set[tuple[str, str]]) -> bool:
    """Whether a histogram is one of ours whose values the `distributions` of its run tell more exactly: run, and weights or gradients."""
    return listed.owner == HISTOGRAMS and listed.content == REPEATS and (listed.run, listed.tag.partition("/")[0]) in repeated


def _merged(facts: Sequence[Facts]) -> Facts:
    fits = sorted((fit for f in facts for fit in f.fits), key=lambda fit: fit.wall_time)
    return Facts(tuple(dict.fromkeys(name for f in facts for name in f.evaluations)), tuple(fits))


def _series(store: Store, caller: Caller, listed: Listed, training: str, facts: Facts, fits: tuple[Fit, ...]) -> Series | Problem:
    if listed.owner == SCALARS:
        within = listed.run if training == ROOT else listed.run.removeprefix(f"{training}/")
        evaluation = within if within in facts.evaluations else None
        meant = meaning(listed.run, listed.tag, evaluation=evaluation)
        return Series(listed, SCALARS, 1, evaluation, meant, _last_step(store, caller, listed, fits))
    if listed.owner == HISTOGRAMS:
        told = parameter(listed.tag)
        moved = step_of_epoch(listed.last_step, listed.last_wall_time, fits) if told.counts_epochs else None
        return Series(listed, HISTOGRAMS, 1, None, Meaning(told.path, told.of), listed.last_step if moved is None else moved)
    if listed.owner == PR_CURVES:
        return Series(listed, Curves.kind, Curves.version, None, Meaning(None, None), listed.last_step)
    kind = declared_kind(listed)
    if kind is None:
        # The metadata of the series' first record is damaged or not ours; each record says for itself what it is.
        last = store.points(caller, listed).at(None)
        if last is None:
            return Problem("none of its records is one of Layerscope's", "If Layerscope wrote it, its file is damaged: log it again.")
        kind = last.kind, last.version
    ending = f"/{kind[0]}"
    evaluation = listed.tag.removesuffix(ending) if listed.tag.endswith(ending) and listed.tag != ending else None
    return Series(listed, *kind, evaluation, Meaning(None, None), listed.last_step)


def _last_step(store: Store, caller: Caller, listed: Listed, fits: tuple[Fit, ...]) -> float:
    if not is_epoch_axis(listed.tag):
        return listed.last_step
    # TensorBoard lists the highest epoch, which is not the last one where a fit begins anew.
    read = scalars_of(store, caller, listed) if begin_anew(fits) else None
    if read is not None and len(read.step):
        return float(on_step_axis(listed.tag, read, fits).step[-1])
    moved = step_of_epoch(listed.last_step, listed.last_wall_time, fits)
    return listed.last_step if moved is None else moved
