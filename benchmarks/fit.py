"""`fit` with our callback beside `fit` without any, and beside `fit` with Keras' own `TensorBoard` callback."""

from __future__ import annotations

import io
import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import redirect_stdout
from statistics import median
from typing import Any

import numpy as np

from benchmarks.rounds import side_by_side
from benchmarks.row import Goal, Row
from benchmarks.took import Took

EXAMPLES, BATCH = 12_800, 128


def rows(seconds: float = 12.0, rounds: int = 2) -> list[Row]:
    """A dense network on 28 × 28 images, whose steps are short, so that what is added to each weighs most.

    Args:
        seconds: About how long a fit takes; what is done once, at its begin and end, weighs less in a long one.
        rounds: How often each way is taken.
    """
    data = _data()
    epochs = max(1, round(seconds / _epoch_seconds(data)))
    ways: dict[str, Callable[[], Took]] = {
        "none": lambda: _fit(data, epochs, lambda folder: []),
        "ours": lambda: _fit(data, epochs, _ours),
        "theirs": lambda: _fit(data, epochs, _theirs),
    }
    took = side_by_side(ways, rounds, warm_up=False)
    wall, processor = _split(took)
    name = f"fit of {median(wall['none']):.0f} s ({epochs * EXAMPLES // BATCH:,} steps)"
    return [
        Row(name, wall["ours"], wall["none"], against="fit without a callback", goal=Goal(1.02)),
        Row(f"{name}, time of the processor", processor["ours"], processor["none"], against="fit without a callback"),
        Row(name, wall["ours"], wall["theirs"], against="fit with Keras' TensorBoard callback, as it comes"),
        *_evaluation(data, rounds),
    ]


def _evaluation(data: Sequence[Any], rounds: int) -> list[Row]:
    """The same with validation data: what counting the predictions of each validation adds, in the pass that `fit` makes anyway."""
    epochs, validation = 5, (data[0][:5000], data[1][:5000])
    ways: dict[str, Callable[[], Took]] = {
        "none": lambda: _fit(data, epochs, lambda folder: [], validation),
        "ours": lambda: _fit(data, epochs, _ours, validation),
    }
    took = side_by_side(ways, 2 * rounds, warm_up=False)
    each = {way: [value / epochs for value in values] for way, values in _split(took)[0].items()}
    return [Row("an epoch of 100 steps and a validation of 5,000 examples", each["ours"], each["none"], against="the same without a callback")]


def _split(took: Mapping[str, Sequence[Took]]) -> tuple[dict[str, list[float]], dict[str, list[float]]]:
    return {way: [each.wall for each in rounds] for way, rounds in took.items()}, {way: [each.processor for each in rounds] for way, rounds in took.items()}


def _fit(data: Sequence[Any], epochs: int, callbacks: Callable[[str], list[Any]], validation: Any = None) -> Took:
    """Seconds of one `fit` of a new model, all that was logged written. Its function is traced before, since that is no part of a training's steps."""
    model = _model()
    model.fit(
        data[0][:BATCH], data[1][:BATCH], batch_size=BATCH, verbose=0, validation_data=None if validation is None else [part[:BATCH] for part in validation]
    )
    with tempfile.TemporaryDirectory() as folder, redirect_stdout(io.StringIO()):
        chosen = callbacks(os.path.join(folder, "run"))
        begin = Took.now()
        model.fit(*data, batch_size=BATCH, epochs=epochs, verbose=0, validation_data=validation, callbacks=chosen)
        return Took.now().since(begin)


def _ours(folder: str) -> list[Any]:
    from layerscope.keras import Layerscope

    return [Layerscope(folder, labels=10)]


def _theirs(folder: str) -> list[Any]:
    import keras

    return [keras.callbacks.TensorBoard(folder)]


def _epoch_seconds(data: Sequence[Any]) -> float:
    """The quicker of two: the first one of a process pays for what is made once."""
    return min(_fit(data, 3, lambda folder: []).wall / 3 for _ in range(2))


def _data() -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    rng = np.random.default_rng(0)
    return rng.standard_normal((EXAMPLES, 784), np.float32), rng.integers(10, size=EXAMPLES)


def _model() -> Any:
    import keras

    keras.utils.clear_session()
    keras.utils.set_random_seed(0)
    dense = keras.layers.Dense
    model = keras.Sequential([keras.Input((784,)), dense(256, activation="relu"), dense(128, activation="relu"), dense(10, activation="softmax")])
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model
