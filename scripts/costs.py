"""`make costs`: trains the demo's networks, measures what they wrote, series by series, and puts the tables into docs/costs.md."""

from __future__ import annotations

import io
import platform
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import keras
import numpy as np
from tensorboard.backend.event_processing.event_file_loader import RawEventFileLoader
from tensorboard.compat.proto import event_pb2

from layerscope import MemorySink, RunWriter, confusion_matrix
from layerscope.doctor.event_files import event_files
from layerscope.keras import Layerscope
from scripts.demo_trainings import train
from scripts.tables import put, table

PAGE = Path(__file__).resolve().parents[1] / "docs" / "costs.md"

TRAININGS = {"digits": "10 classes, 8,970 parameters, 30 epochs of 40 steps", "digits-100": "100 classes, 20 epochs of 313 steps"}
MATRICES = ((10, 10_000, 0.05), (100, 10_000, 0.2), (1_000, 50_000, 0.25), (10_000, 100_000, 0.5))
"""Classes, examples, and the share of them that is taken for another class, any other alike: the costliest way to be wrong."""

_FRAME = 16
"""Bytes around each record in an event file: its length and two checksums."""


def main() -> None:
    """Measures and writes the page's tables."""
    rows = [row for name in TRAININGS for row in _of_training(name)]
    put(PAGE, "trainings", f"{table(['training', 'run', 'series', 'points', 'bytes', 'bytes a point'], rows)}\n\n{_where()}")
    put(PAGE, "records", f"{table(['record', 'bytes'], [*_matrices(), *_models()])}\n\n{_where()}")


def _of_training(name: str) -> Iterator[Sequence[object]]:
    with tempfile.TemporaryDirectory() as folder:
        with redirect_stdout(io.StringIO()):
            train(name, Path(folder))
        points, size, total = Counter[tuple[str, str]](), Counter[tuple[str, str]](), 0
        for path in event_files(folder):
            total += path.stat().st_size
            for data in RawEventFileLoader(str(path)).Load():
                for value in event_pb2.Event.FromString(data).summary.value:
                    series = path.parent.name, _together(value)
                    points[series] += 1
                    size[series] += len(data) + _FRAME
    yield from ([name, run, f"`{tag}`", n, _count(size[run, tag]), _count(size[run, tag] / n)] for (run, tag), n in sorted(points.items()))
    yield [f"**{name}**", TRAININGS[name], "**all of it**", sum(points.values()), f"**{_count(total)}**", ""]


def _together(value: Any) -> str:
    """What a series is counted as: axes have their digest in their names, histograms that of the parameter."""
    tag: str = value.tag
    first = tag.partition("/")[0]
    if value.metadata.plugin_data.plugin_name == "histograms":
        return f"{first}/…"
    return first if first in ("classes", "parameters") else tag


def _matrices() -> Iterator[Sequence[object]]:
    rng = np.random.default_rng(0)
    for classes, examples, wrong in MATRICES:
        truth = rng.integers(classes, size=examples)
        taken = np.where(rng.random(examples) < wrong, rng.integers(classes, size=examples), truth)
        sink = MemorySink()
        RunWriter(to=sink).write("validation/confusion_matrix", confusion_matrix.from_predictions(truth, taken, n_classes=classes), 1)
        names, matrix = sink.events[-2:]
        yield [f"confusion matrix: {classes:,} classes, {examples:,} examples, {wrong:.0%} of them wrong at random", _bytes(matrix)]
        yield [f"names of {classes:,} classes, once", _bytes(names)]


def _models() -> Iterator[Sequence[object]]:
    for name, make in (("ResNet50", keras.applications.ResNet50), ("EfficientNetB7", keras.applications.EfficientNetB7)):
        model = make(weights=None)
        with tempfile.TemporaryDirectory() as folder:
            callback = Layerscope(folder, gradients=False)
            callback.set_model(model)
            with redirect_stdout(io.StringIO()):
                callback.on_train_begin()
            callback.close()
            events = [event_pb2.Event.FromString(data) for path in event_files(folder) for data in RawEventFileLoader(str(path)).Load()]
        written = sum(_FRAME + len(event.SerializeToString()) for event in events if event.summary.value)
        layers = len(model.layers)
        yield [f"layers and parameters of {name} ({layers} layers, {len(model.weights)} parameters), once", _count(written)]


def _bytes(event: Any) -> str:
    return _count(len(event.SerializeToString()) + _FRAME)


def _count(n: float) -> str:
    return f"{round(n):,}"


def _where() -> str:
    return f"`make costs`, Keras {keras.__version__}, Python {platform.python_version()}."


if __name__ == "__main__":
    main()
