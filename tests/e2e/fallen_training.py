"""A real training in which one class gets worse: `python -m tests.e2e.fallen_training FOLDER` logs it and keeps what NumPy says.

Digits, with the Layerscope callback. From the batch `CHANGED` on, the training labels of one class say another one, and the
output layer, which learns that, takes its steps at eight times the learning rate. The evaluations keep the true labels.

- `training`: the log.
- `truth.npz`: step of each evaluation and the recall of each class there; and of each kernel and bias ‖update‖ / ‖weights‖ of
  each batch.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import keras
import numpy as np
from sklearn.datasets import load_digits
from sklearn.metrics import recall_score
from sklearn.model_selection import train_test_split

from layerscope.keras import Layerscope

EPOCHS, BATCH = 12, 32
CHANGED_EPOCH = 8
FALLEN, INSTEAD = 8, 1
"""The class that gets worse, and what its training labels say from then on."""
HOT = "digit"
"""The layer that takes larger steps from then on."""
TIMES = 8.0

Array = np.ndarray[Any, Any]


def batches(x: Array, y: Array) -> Iterator[tuple[Array, Array]]:
    """Batches of one epoch after the other, each shuffled anew; from the epoch of the change on with other labels."""
    for epoch in range(EPOCHS):
        order = np.random.default_rng(epoch).permutation(len(x))
        said = y if epoch < CHANGED_EPOCH else np.where(y == FALLEN, INSTEAD, y)
        for k in range(len(x) // BATCH):
            part = order[k * BATCH : (k + 1) * BATCH]
            yield x[part], said[part]


class Hot(keras.optimizers.SGD):
    """Takes larger steps with one layer's variables from a step on."""

    def __init__(self, since: int) -> None:
        super().__init__(0.05)
        self._since = since

    def update_step(self, gradient: Any, variable: Any, learning_rate: Any) -> None:
        """One variable's step."""
        # Its variables alone have an entry for each class; here they have no path.
        if variable.shape[-1] == 10:
            late = keras.ops.cast(self.iterations >= self._since, learning_rate.dtype)
            learning_rate = learning_rate * (1 + (TIMES - 1) * late)
        super().update_step(gradient, variable, learning_rate)


class Oracle(keras.callbacks.Callback):
    """What NumPy says of the weights of each batch, and scikit-learn of each evaluation."""

    def __init__(self, x: Array, y: Array) -> None:
        super().__init__()
        self._x, self._y = x, y
        self.batches = 0
        self.steps: list[int] = []
        self.recall: list[Array] = []
        self.update: dict[str, list[float]] = {}
        self._before: dict[str, Array] = {}

    def on_train_batch_begin(self, batch: int, logs: Any = None) -> None:
        self._before = self._weights()

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        self.batches += 1
        for path, after in self._weights().items():
            before = self._before[path]
            base = float(np.linalg.norm(before))
            size = float(np.linalg.norm(after - before)) / base if base > 0 else np.nan
            self.update.setdefault(path, []).append(size)

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        predicted = self.model.predict(self._x, verbose=0).argmax(-1)
        self.steps.append(self.batches)
        self.recall.append(recall_score(self._y, predicted, average=None, labels=range(10)))

    def _weights(self) -> dict[str, Array]:
        return {variable.path: np.asarray(variable.numpy(), np.float64) for variable in self.model.trainable_variables}


def main(folder: Path) -> None:
    """Trains the network."""
    bunch = load_digits()
    images = (bunch.images / 16.0).astype(np.float32)
    x, x_held_out, y, y_held_out = train_test_split(images, bunch.target, test_size=0.4, random_state=0, stratify=bunch.target)
    keras.utils.set_random_seed(0)
    length = len(x) // BATCH
    model = keras.Sequential(
        [
            keras.Input((8, 8), name="input"),
            keras.layers.Flatten(name="pixels"),
            keras.layers.Dense(64, activation="relu", name="hidden_1"),
            keras.layers.Dense(64, activation="relu", name="hidden_2"),
            keras.layers.Dense(10, activation="softmax", name=HOT),
        ]
    )
    model.compile(Hot(since=CHANGED_EPOCH * length), "sparse_categorical_crossentropy", metrics=["accuracy"])
    oracle = Oracle(x_held_out, y_held_out)
    callbacks = [Layerscope(str(folder / "training"), labels=[str(name) for name in bunch.target_names]), oracle]
    model.fit(batches(x, y), steps_per_epoch=length, epochs=EPOCHS, validation_data=(x_held_out, y_held_out), callbacks=callbacks, verbose=0)
    np.savez(
        folder / "truth.npz",
        steps=oracle.steps,
        recall=np.stack(oracle.recall),
        paths=np.array(list(oracle.update)),
        update=np.array(list(oracle.update.values())),
        changed=CHANGED_EPOCH * length,
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
