"""Evaluations of our own: data that `fit` does not evaluate."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np

from writers.frameworks.keras.evaluations.counted_evaluation import CountedEvaluation
from writers.frameworks.keras.evaluations.evaluation_watch import EvaluationWatch

_TAKEN = ("train", "validation")


@dataclass(frozen=True)
class Evaluated:
    """What a pass over an evaluation's data gave.

    Attributes:
        logs: Loss and metrics by name.
        counted: What was counted.
        seconds: How long it took.
    """

    logs: Mapping[str, float]
    counted: CountedEvaluation | None
    seconds: float


def checked_evaluations(given: Any) -> dict[str, Any]:
    """`evaluations=` as the user gave it.

    Raises:
        TypeError, ValueError: It is not what it should be.
    """
    if given is None:
        return {}
    if not isinstance(given, Mapping):
        raise TypeError(f'evaluations must map names to data, {{"test": (x, y)}}; it is a {type(given).__name__}')
    for name, data in given.items():
        if not isinstance(name, str) or not _is_folder_name(name) or name.startswith(("layerscope", ".")):
            raise ValueError(f'the name of an evaluation, such as "test", is also a folder\'s and holds none of / \\ : * ? " < > |; it is {name!r:.80}')
        if name in _TAKEN:
            raise ValueError(f'an evaluation cannot be called {name!r}: that is what fit\'s own data is called. Call it "test"')
        if isinstance(data, Iterator):
            raise TypeError(f"evaluations[{name!r}] is read after each epoch, and a generator only once; pass (x, y) or a tf.data.Dataset")
        if isinstance(data, list | tuple) and not 2 <= len(data) <= 3:
            raise ValueError(f"evaluations[{name!r}] must be (x, y) or (x, y, sample_weight); it has {len(data)} parts")
        if data is None or isinstance(data, str | bytes | int | float | Mapping) or hasattr(data, "shape"):
            raise TypeError(f"evaluations[{name!r}] must be (x, y), a tf.data.Dataset or a PyDataset; it is a {type(data).__name__}")
    return dict(given)


def _is_folder_name(name: str) -> bool:
    """On every system: logs are copied from one to another."""
    return bool(name) and name.isprintable() and not set('/\\:*?"<>|') & set(name) and not name.endswith((".", " "))


def evaluate(model: Any, data: Any, watch: EvaluationWatch, counting: CountedEvaluation) -> Evaluated:
    """A pass over data, after which the model's metrics are what they were.

    Args:
        model: Compiled; no evaluation of it is running.
        data: As `checked_evaluations` lets it through.
        watch: Watches the pass.
        counting: Counts what it scores.
    """
    kept = [(variable, np.array(variable.numpy())) for metric in model.metrics for variable in metric.variables]
    x, y, weight = (*data, None)[:3] if isinstance(data, list | tuple) else (data, None, None)
    watching = _Watching(watch, counting)
    began = time.perf_counter()
    try:
        logs = model.evaluate(x, y, sample_weight=weight, callbacks=[watching], verbose=0, return_dict=True)
    finally:
        watch.abandon(model)
        for variable, value in kept:
            variable.assign(value)
    return Evaluated(logs, watching.counted, time.perf_counter() - began)


class _Watching(keras.callbacks.Callback):
    def __init__(self, watch: EvaluationWatch, counting: CountedEvaluation) -> None:
        super().__init__()
        self._watch, self._counting = watch, counting
        self.counted: CountedEvaluation | None = None

    def on_test_begin(self, logs: Any = None) -> None:
        self._watch.begin(self.model, self._counting)

    def on_test_batch_begin(self, batch: int, logs: Any = None) -> None:
        self._watch.batch_begins()

    def on_test_batch_end(self, batch: int, logs: Any = None) -> None:
        self._watch.batch_ends()

    def on_test_end(self, logs: Any = None) -> None:
        self.counted = self._watch.end(self.model)
