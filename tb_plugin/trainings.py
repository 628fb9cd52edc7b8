"""A training: runs that belong together, what each of them has, and what their `training_facts` tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tb_plugin.adapters.layer_scalars import LayerScalars
from tb_plugin.adapters.names import Meaning
from tb_plugin.adapters.scalars import Fit
from tb_plugin.owners import HISTOGRAMS, MODELS, SCALARS
from tb_plugin.points import Point
from tb_plugin.run_groups import natural
from tb_plugin.store import Listed


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
    layer_scalars: Mapping[str, LayerScalars] = field(default_factory=dict)
    """By run, where scalars tell of layers and nothing of ours does."""

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

    @property
    def told_by(self) -> str | None:
        """Who tells of its layers: ourselves, one of `MODELS`, or the names of its parameters."""
        if self.of_kind("structure"):
            return "layerscope"
        owners = {listed.owner for listed in self.models}
        known = any(s.kind == "parameters" or (s.kind == HISTOGRAMS and s.meaning.split in ("weights", "gradients")) for s in self.series)
        return next((owner for owner in MODELS if owner in owners), "parameter_names" if known else None)

    def told(self) -> dict[str, Any]:
        """As the route tells it."""
        return {
            "name": self.name,
            "runs": list(self.runs),
            "evaluations": list(self.evaluations),
            "structure": self.told_by,
            "series": [s.told() for s in self.series],
        }


def facts_of(points: Sequence[Point]) -> Facts:
    """What the points of a `training_facts` series tell."""
    known = [(p.wall_time, p.fields) for p in points if p.known]
    names = dict.fromkeys(name for _, f in known for name in f["evaluations"])
    return Facts(tuple(names), tuple(Fit(f["first_step"], f["initial_epoch"], f["steps_per_epoch"], at, f["epoch_offset"]) for at, f in known))
