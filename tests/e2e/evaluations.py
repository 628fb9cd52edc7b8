"""Evaluations of one classifier on digits, in every way that there is, and what is true of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.datasets import load_digits
from sklearn.linear_model import SGDClassifier

from layerscope import Evaluation, RunWriter

Array = np.ndarray[Any, Any]

LABELS = tuple(f"digit {k}" for k in range(10))
STEPS = (100, 200)
LAST = STEPS[-1]
SIZE = 600
UNKNOWN = -1


@dataclass(frozen=True)
class Given:
    """What an evaluation was given.

    Attributes:
        labels: Names of the classes.
        truth: Class ids [sample]; -1 where unknown.
        p: Probabilities by step [sample, class].
        weight: [sample], or None.
        arguments: More of `Evaluation`.
        reasons: Why samples are dropped, the sample's first one; empty where it is kept.
    """

    labels: tuple[str, ...]
    truth: Array
    p: dict[int, Array]
    weight: Array | None = None
    arguments: dict[str, Any] = field(default_factory=dict)
    reasons: Array = field(default_factory=lambda: np.full(SIZE, "", object))

    @property
    def kept(self) -> Array:
        """Samples that are in a cell."""
        return np.asarray(self.reasons == "", bool)

    @property
    def known(self) -> Array:
        """Of them, those whose truth is known."""
        return np.asarray(self.kept & (self.truth != UNKNOWN), bool)

    def decided(self, step: int = LAST) -> Array:
        """The predicted class of each sample; K where the model abstains."""
        p = self.p[step]
        chosen = np.where(np.isnan(p).any(axis=1), 0, p.argmax(axis=1))
        return np.asarray(np.where(p.max(axis=1) < self.arguments.get("threshold", 0), len(self.labels), chosen))

    def weights(self) -> Array:
        """Ones where there are none."""
        return np.ones(SIZE) if self.weight is None else self.weight


@cache
def given() -> dict[str, Given]:
    """By the name of the training."""
    bunch, random = load_digits(), np.random.default_rng(11)
    x, y = bunch.data / 16, bunch.target
    truth, held_out = y[-SIZE:], x[-SIZE:]
    model, two = SGDClassifier(loss="log_loss", alpha=1e-2, random_state=3), SGDClassifier(loss="log_loss", alpha=1e-2, random_state=4)
    p, positive = dict[int, Array](), dict[int, Array]()
    for step in STEPS:
        some = random.choice(len(y) - SIZE, step)
        model.partial_fit(x[some], y[some], classes=range(10))
        two.partial_fit(x[some][:, ::3], y[some] % 2, classes=[0, 1])
        # Clear of 0, of 1, and of the edges between bins of confidence.
        p[step] = 0.98 * model.predict_proba(held_out) + 0.002
        positive[step] = 0.98 * two.predict_proba(held_out[:, ::3]) + 0.01
    unknown = np.where(random.random(SIZE) < 0.1, UNKNOWN, truth)
    broken, reasons = {step: each.copy() for step, each in p.items()}, np.full(SIZE, "", object)
    for each in broken.values():
        each[::40, 3], each[7::90, 2] = np.nan, 1.25
    reasons[::40] = "score not finite"
    reasons[7::90] = np.where(reasons[7::90] == "", "score not a probability", reasons[7::90])
    missing = np.where(np.arange(SIZE) % 50 == 1, 10, truth)
    reasons[1::50] = "label out of range"
    return {
        "ten": Given(LABELS, truth, p),
        "two": Given(("even", "odd"), truth % 2, positive),
        "weighted": Given(LABELS, truth, p, weight=random.gamma(2.0, 0.5, SIZE)),
        "abstaining": Given(LABELS, truth, p, arguments={"threshold": 0.45}),
        "unknown": Given(LABELS, unknown, p, arguments={"unknown": UNKNOWN}),
        "imperfect": Given(LABELS, missing, broken, arguments={"declared_size": SIZE + 5}, reasons=reasons),
    }


def write(logdir: Path) -> None:
    """A training each."""
    for name, each in given().items():
        with RunWriter(logdir / name) as run:
            for step, p in each.p.items():
                evaluation = Evaluation(each.labels, score="prob", **each.arguments)
                evaluation.update(each.truth, p, each.weight, ids=[f"img/{i:03}.png" for i in range(SIZE)]).write(run, "validation", step)
