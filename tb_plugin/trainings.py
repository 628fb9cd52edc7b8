"""Runs that belong together are one training. What each training has is told from TensorBoard's lists alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from tb_plugin.adapters.names import Meaning, is_epoch_axis, meaning
from tb_plugin.adapters.scalars import Fit, begin_anew, on_step_axis, step_of_epoch
from tb_plugin.cache import Cache
from tb_plugin.epochs import fits_by_run, scalars_of
from tb_plugin.owners import KERAS_MODEL, SCALARS
from tb_plugin.points import Point, Problem
from tb_plugin.schema.json_fields import canonical
from tb_plugin.store import Caller, Listed, Store, declared_kind

ROOT = "."
"""Name of the training whose runs lie directly in the logdir; TensorBoard names the logdir's own run so, too."""

_CACHE_BYTES = 128 * 2**20
_SERIES_BYTES = 800  # of one series, with its part of the text

_PARTS = ("train", "validation", "test")
_OURS = "layerscope"
_FACTS = "training_facts"


@dataclass(frozen=True)
class Facts:
    """What a training's `training_facts` tell.

    Attributes:
        evaluations: Names of the evaluations that it makes.
        fits: Where the steps of each `fit` begin, in the order in which they began.
    """

    evaluations: tuple[str, ...] = ()
    fits: tuple[Fit, ...] = ()


@dataclass(frozen=True)
class Series:
    """A series with what the page needs to know of it before it asks for its points."""

    listed: Listed
    kind: str
    version: int
    evaluation: str | None
    meaning: Meaning
    last_step: float

    def told(self) -> dict[str, Any]:
        """As the route tells it."""
        return {
            "run": self.listed.run,
            "tag": self.listed.tag,
            "kind": self.kind,
            "version": self.version,
            "evaluation": self.evaluation,
            "name": self.meaning.name,
            "split": self.meaning.split,
            "last_step": self.last_step,
            "last_wall_time": self.listed.last_wall_time,
        }


@dataclass(frozen=True)
class Training:
    """Runs with one parent, and all that they hold."""

    name: str
    runs: tuple[str, ...]
    series: tuple[Series, ...]
    models: tuple[Listed, ...]
    facts: Facts
    fits_by_run: Mapping[str, tuple[Fit, ...]] = field(default_factory=dict)

    def fits_of(self, run: str) -> tuple[Fit, ...]:
        """The fits, by the numbers of epochs that stand in a run of it."""
        return self.fits_by_run.get(run, self.facts.fits)

    @property
    def evaluations(self) -> tuple[str, ...]:
        """Names of the evaluations that were logged: validation, test, then the others."""
        names = {s.evaluation for s in self.series if s.evaluation is not None and s.kind != SCALARS}
        return tuple(sorted(names, key=lambda name: (name != "validation", name != "test", natural(name))))

    def of_kind(self, kind: str) -> list[Series]:
        """Its series of a kind."""
        return [s for s in self.series if s.kind == kind]

    def told(self) -> dict[str, Any]:
        """As the route tells it."""
        source = "layerscope" if self.of_kind("structure") else KERAS_MODEL if self.models else None
        return {
            "name": self.name,
            "runs": list(self.runs),
            "evaluations": list(self.evaluations),
            "structure": source,
            "series": [s.told() for s in self.series],
        }


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
    problems: tuple[RunProblem, ...] = field(default=())

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
    listing = store.listing(caller)
    problems: list[RunProblem] = []
    facts: dict[str, Facts] = {}
    for listed in listing:
        if listed.tag == _FACTS and (declared_kind(listed) or (_FACTS,))[0] == _FACTS:
            points = store.points(caller, listed)
            problems += [RunProblem(listed.run, listed.tag, p) for p in points.problems]
            facts[listed.run] = facts_of(points.points)
    groups = group({listed.run for listed in listing}, {run: f.evaluations for run, f in facts.items()})
    by_run: dict[str, list[Listed]] = {}
    for listed in listing:
        by_run.setdefault(listed.run, []).append(listed)
    trainings = []
    for name, runs in groups.items():
        ours = _merged([facts[run] for run in runs if run in facts])
        fits = fits_by_run(store, caller, [s for run in runs for s in by_run[run]], ours.fits)
        series: list[Series] = []
        for listed in (s for run in runs for s in by_run[run] if s.owner != KERAS_MODEL):
            told = _series(store, caller, listed, name, ours, fits.get(listed.run, ours.fits))
            if isinstance(told, Problem):
                problems.append(RunProblem(listed.run, listed.tag, told))
            else:
                series.append(told)
        models = tuple(s for run in runs for s in by_run[run] if s.owner == KERAS_MODEL)
        trainings.append(Training(name, tuple(runs), tuple(series), models, ours, fits))
    return Catalogue(tuple(trainings), tuple(problems))


def group(runs: Iterable[str], evaluations: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Which runs make one training: name of the training → its runs, both in natural order.

    Runs with one parent whose last part is `train`, `validation`, `test` or `layerscope…`, or that are named like an
    evaluation, and the parent's own run; any other run is a training by itself.

    Args:
        runs: All runs.
        evaluations: Names of evaluations by the run whose `training_facts` tell them.
    """
    names = sorted(runs, key=natural)
    found = {run: parent for run in names if (parent := _parent(run)) is not None}
    for run, told in evaluations.items():
        parent = found.get(run, run)
        for name in told:
            evaluated = name if parent == ROOT else f"{parent}/{name}"
            if evaluated != run:
                found[evaluated] = parent
    groups: dict[str, list[str]] = {}
    for run in names:
        groups.setdefault(found.get(run, run), []).append(run)
    return dict(sorted(groups.items(), key=lambda item: natural(item[0])))


def facts_of(points: Sequence[Point]) -> Facts:
    """What the points of a `training_facts` series tell."""
    known = [(p.wall_time, p.fields) for p in points if p.known]
    names = dict.fromkeys(name for _, f in known for name in f["evaluations"])
    return Facts(tuple(names), tuple(Fit(f["first_step"], f["initial_epoch"], f["steps_per_epoch"], at, f["epoch_offset"]) for at, f in known))


def natural(name: str) -> tuple[tuple[int, int, str], ...]:
    """Sorts `version_2` before `version_10`, and `deep` before `deep-2`."""
    parts = re.split(r"([0-9]{1,18})", name)
    pieces = [(0, int(part), "") if i % 2 else (1, 0, part.casefold()) for i, part in enumerate(parts) if part]
    return (*pieces, (-1, 0, name))


def _parent(run: str) -> str | None:
    parent, slash, last = run.rpartition("/")
    return (parent if slash else ROOT) if last in _PARTS or last.startswith(_OURS) else None


def _merged(facts: Sequence[Facts]) -> Facts:
    fits = sorted((fit for f in facts for fit in f.fits), key=lambda fit: fit.wall_time)
    return Facts(tuple(dict.fromkeys(name for f in facts for name in f.evaluations)), tuple(fits))


def _series(store: Store, caller: Caller, listed: Listed, training: str, facts: Facts, fits: tuple[Fit, ...]) -> Series | Problem:
    if listed.owner == SCALARS:
        within = listed.run if training == ROOT else listed.run.removeprefix(f"{training}/")
        evaluation = within if within in facts.evaluations else None
        meant = meaning(listed.run, listed.tag, evaluation=evaluation)
        return Series(listed, SCALARS, 1, evaluation, meant, _last_step(store, caller, listed, fits))
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
