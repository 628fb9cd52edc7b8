"""Logs to show: `python -m benchmarks.logs FOLDER NAME…` trains networks on digits; `matrices` makes large evaluations."""

from __future__ import annotations

import json
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

import numpy as np

from layerscope import RunWriter, confusion_matrix
from tb_plugin.schema.confusion_matrix import ConfusionMatrix

Array = np.ndarray[Any, Any]

_PATIENCE = 300.0


def matrices(run: Path, classes: int, evaluations: int, each: int = 50) -> None:
    """A run of evaluations; the model gets better with each.

    Args:
        run: Its folder.
        classes: How many there are.
        evaluations: How many are logged.
        each: Examples of a class, by default as many as ImageNet's validation has.
    """
    rng = np.random.default_rng(0)
    labels = [f"class {k}" for k in range(classes)]
    with RunWriter(run) as writer:
        for i in range(evaluations):
            writer.write("validation/confusion_matrix", matrix(rng, labels, right=0.3 + 0.5 * i / max(1, evaluations - 1), each=each), 100 * (i + 1))


def matrix(rng: np.random.Generator, labels: list[str], right: float, each: int = 50) -> ConfusionMatrix:
    """Of such samples."""
    return confusion_matrix.from_predictions(*truths_and_predictions(rng, len(labels), right, each), labels=labels)


def truths_and_predictions(rng: np.random.Generator, classes: int, right: float, each: int = 50) -> tuple[Array, Array]:
    """So many examples of each class. What is wrong is mostly one of nine neighbours: classes come in tens, as species of one genus."""
    y_true = np.repeat(np.arange(classes), each)
    near = y_true // 10 * 10 + rng.integers(10, size=len(y_true))
    far = rng.integers(classes, size=len(y_true))
    wrong = np.where(rng.random(len(y_true)) < 0.8, np.minimum(near, classes - 1), far)
    return y_true, np.where(rng.random(len(y_true)) < right, y_true, wrong)


def loaded(url: str, trainings: int) -> list[Any]:
    """The trainings that a TensorBoard lists, once it has read so many and nothing was added for a second.

    Raises:
        RuntimeError: They do not come.
    """
    begin = time.monotonic()
    before: list[Any] = []
    while True:
        with urllib.request.urlopen(f"{url}/data/plugin/layerscope/runs", timeout=60) as response:
            found: list[Any] = json.load(response)["trainings"]
        if len(found) >= trainings and found == before:
            return found
        if time.monotonic() - begin > _PATIENCE:
            raise RuntimeError(f"TensorBoard lists {len(found)} trainings of {trainings}")
        before = found
        time.sleep(1.2)


if __name__ == "__main__":
    from scripts.demo_trainings import train

    for name in sys.argv[2:]:
        train(name, Path(sys.argv[1]))
