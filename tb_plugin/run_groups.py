"""Which runs make one training, by their names and by the names of evaluations."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

ROOT = "."
"""Name of the training whose runs lie directly in the logdir; TensorBoard names the logdir's own run so, too."""

_PARTS = ("train", "validation", "test")
_OURS = "layerscope"


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


def natural(name: str) -> tuple[tuple[int, int, str], ...]:
    """Sorts `version_2` before `version_10`, and `deep` before `deep-2`."""
    parts = re.split(r"([0-9]{1,18})", name)
    pieces = [(0, int(part), "") if i % 2 else (1, 0, part.casefold()) for i, part in enumerate(parts) if part]
    return (*pieces, (-1, 0, name))


def _parent(run: str) -> str | None:
    parent, slash, last = run.rpartition("/")
    return (parent if slash else ROOT) if last in _PARTS or last.startswith(_OURS) else None
