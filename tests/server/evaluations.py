"""Logs of a classifier's evaluations, with everything that can be told of them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from tb_plugin.schema.examples import Media
from writers import RunWriter, classes, confusion_matrix, examples, predictions, samples, score_curves

Array = np.ndarray[Any, Any]

RUN = "d/layerscope"
LABELS = ("cat", "<b>dog</b>", "שלום", "emu")
SHOWN = 30
"""Samples of which there is an example: the first ones, half of them at each of the first two steps."""


@dataclass(frozen=True)
class Evaluations:
    """What was logged: the truth [sample], its ids, and the probabilities [sample, class] by step."""

    truth: Array
    ids: tuple[str, ...]
    probabilities: dict[int, Array]


def log_odds(p: Array) -> Array:
    """Of probabilities that are neither 0 nor 1."""
    return np.asarray(np.log(p) - np.log1p(-p))


def write_evaluations(logdir: Path, name: str = "validation", *, steps: tuple[int, ...] = (10, 20, 30), size: int = 200) -> Evaluations:
    """Evaluations of the same samples, better from step to step."""
    random = np.random.default_rng(7)
    k = len(LABELS)
    truth = random.integers(0, k, size)
    ids = tuple(f"img/{i:04}.png" for i in range(size))
    found: dict[int, Array] = {}
    told, declared = samples.of(truth, ids=ids), classes.of(LABELS)
    with RunWriter(logdir / RUN) as run:
        for i, step in enumerate(steps):
            logits = random.normal(size=(size, k)) + i * np.eye(k)[truth]
            powers = np.exp(logits)
            found[step] = p = powers / powers.sum(axis=1, keepdims=True)
            odds = log_odds(p)
            run.write(f"{name}/confusion_matrix", confusion_matrix.from_scores(truth, p, score="prob", labels=declared, epoch=i), step)
            run.write(f"{name}/score_curves", score_curves.of(truth, odds, labels=declared, score="prob", epoch=i), step)
            run.write(f"{name}/predictions", predictions.of(told, odds, labels=declared, score="prob", epoch=i, most_ranked=50), step)
            shown = range(i * SHOWN // 2, (i + 1) * SHOWN // 2) if i < 2 else range(0)
            if len(shown):
                contents: list[tuple[Media, bytes]] = [("text/plain", f"sample {j}".encode()) for j in shown]
                run.write(f"{name}/examples", examples.of(contents, numbers=list(shown), ids=[ids[j] for j in shown]), step)
    return Evaluations(truth, ids, found)
