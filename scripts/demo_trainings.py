"""The trainings of `make demo`, for real, on data that scikit-learn brings along: `demo_trainings LOGDIR NAME… [--fast]`."""

from __future__ import annotations

import io
import sys
import time
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any, NamedTuple

import keras
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_diabetes, load_digits
from sklearn.model_selection import train_test_split

from layerscope.keras import Layerscope

TRAITS = {"even": "02468", "prime": "2357", "has a loop": "04689", "all straight": "147"}
"""Labels that a digit has, by the digits that have them."""


class Data(NamedTuple):
    """What is told from and what is to be told [example, …], to train on and held out."""

    x: np.ndarray[Any, Any]
    y: np.ndarray[Any, Any]
    x_held_out: np.ndarray[Any, Any]
    y_held_out: np.ndarray[Any, Any]


class Pace(keras.callbacks.Callback):
    """Waits after each batch: a training of two seconds is over before one has looked. Nothing of it is Layerscope's."""

    def __init__(self, seconds: float, batches: int) -> None:
        super().__init__()
        self._wait = seconds / batches

    def on_train_batch_end(self, batch: int, logs: object = None) -> None:
        """Waits."""
        time.sleep(self._wait)


def digits() -> Data:
    """The images as they come, a third of them held out."""
    bunch = load_digits()
    images = (bunch.images / 16.0).astype(np.float32)
    x, x_held_out, y, y_held_out = train_test_split(images, bunch.target, test_size=0.3, random_state=0, stratify=bunch.target)
    return Data(x, y, x_held_out, y_held_out)


def pairs(data: Data, train: int = 20_000, held_out: int = 4_000) -> Data:
    """Two digits side by side, 00 to 99; no image is on both sides of the split."""
    rng = np.random.default_rng(0)

    def beside(x: np.ndarray[Any, Any], y: np.ndarray[Any, Any], size: int) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
        left, right = rng.integers(len(x), size=(2, size))
        return np.concatenate([x[left], x[right]], axis=2), 10 * y[left] + y[right]

    return Data(*beside(data.x, data.y, train), *beside(data.x_held_out, data.y_held_out, held_out))


def traits(data: Data) -> Data:
    """The same images, with the labels of `TRAITS` [example, label] that each digit has."""
    table = np.array([[str(digit) in those for those in TRAITS.values()] for digit in range(10)], np.float32)
    return Data(data.x, table[data.y], data.x_held_out, table[data.y_held_out])


def diabetes() -> Data:
    """Ten measurements [patient, measurement] of 442 patients, and how their illness went on within a year [patient]."""
    bunch = load_diabetes()
    x, x_held_out, y, y_held_out = train_test_split(bunch.data.astype(np.float32), bunch.target.astype(np.float32), test_size=0.3, random_state=0)
    return Data(20 * x, y, 20 * x_held_out, y_held_out)


def train(name: str, logdir: Path, seconds: float | None = None) -> float:
    """One training of the demo.

    Args:
        name: Of `scripts.demo.TRAININGS`.
        logdir: The demo's folder; the training logs in a folder of its name.
        seconds: Slowed down to about this long; None: as fast as it goes.

    Returns:
        How good it is at the end on what was held out: the share that it gets right; of numbers the mean error.
    """
    data = {"digits-100": lambda: pairs(digits()), "digits-traits": lambda: traits(digits()), "diabetes": diabetes}.get(name, digits)()
    width, epochs, batch_size = (128, 20, 64) if name == "digits-100" else (64, 30, 32)
    # A hundred times what is usual: within some batches every unit is off for every image, and nothing is learnt any more.
    learning_rate = 0.5 if name == "digits-sick" else 0.001
    outputs, activation, loss, metric, labels = _task(name)
    keras.backend.clear_session()  # Layers are numbered from 0 in each model.
    keras.utils.set_random_seed(0)
    tf.random.set_seed(None)  # with a seed of its own TensorFlow shuffles the data alike in each epoch, and curves repeat
    model = keras.Sequential(
        [
            keras.Input(data.x.shape[1:]),
            keras.layers.Flatten(),
            keras.layers.Dense(width, activation="relu"),
            keras.layers.Dense(width, activation="relu"),
            keras.layers.Dense(outputs, activation=activation),
        ],
        name=name.replace("-", "_"),
    )
    model.compile(keras.optimizers.Adam(learning_rate), loss=loss, metrics=[metric])
    callbacks: list[Any] = [Layerscope(str(logdir / name), labels=labels, examples=True)]
    if seconds is not None:
        callbacks.append(Pace(seconds, batches=epochs * -(-len(data.x) // batch_size)))
    held_out = (data.x_held_out, data.y_held_out)
    # The callback prints a link with TensorBoard's usual port; the demo has printed the right one.
    with redirect_stdout(io.StringIO()):
        history = model.fit(data.x, data.y, batch_size=batch_size, epochs=epochs, validation_data=held_out, callbacks=callbacks, verbose=0)
    return float(history.history[f"val_{metric}"][-1])


def _task(name: str) -> tuple[int, str, str, str, list[str] | None]:
    """How many outputs, and their activation, loss, metric and labels."""
    if name == "diabetes":
        return 1, "linear", "mean_squared_error", "mae", None
    if name == "digits-traits":
        return len(TRAITS), "sigmoid", "binary_crossentropy", "binary_accuracy", list(TRAITS)
    classes = 100 if name == "digits-100" else 10
    return classes, "softmax", "sparse_categorical_crossentropy", "accuracy", [f"{label:0{len(str(classes - 1))}d}" for label in range(classes)]


if __name__ == "__main__":
    logdir, *names = [argument for argument in sys.argv[1:] if argument != "--fast"]
    for training in names:
        to_watch = training == "digits" and "--fast" not in sys.argv
        found = train(training, Path(logdir), seconds=85.0 if to_watch else None)
        what = "mean error" if training == "diabetes" else "accuracy"
        print(f"{training}: {what} {found:.3f} on what was held out", flush=True)
