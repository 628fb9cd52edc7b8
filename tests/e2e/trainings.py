"""Real trainings to look at: `python -m tests.e2e.trainings FOLDER` logs them and keeps what scikit-learn says of them.

- `ours/digits`: Keras with the Layerscope callback.
- `theirs/functional`: Keras with its own TensorBoard callback only; a functional model, which has a skip connection.
- `truth.npz`: true and predicted class of each held-out image, by the finished model, and its last losses; its weights.
"""

from __future__ import annotations

import sys
from pathlib import Path

import keras
import numpy as np
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

from layerscope.keras import Layerscope

EPOCHS = 3


def main(folder: Path) -> None:
    """Trains both networks."""
    bunch = load_digits()
    images = (bunch.images / 16.0).astype(np.float32)
    x, x_held_out, y, y_held_out = train_test_split(images, bunch.target, test_size=0.3, random_state=0, stratify=bunch.target)
    keras.utils.set_random_seed(0)

    ours = sequential()
    labels = [f"digit {name}" for name in bunch.target_names]
    callback = Layerscope(str(folder / "ours" / "digits"), labels=labels)
    history = ours.fit(x, y, batch_size=32, epochs=EPOCHS, validation_data=(x_held_out, y_held_out), callbacks=[callback], verbose=0).history
    y_pred = ours.predict(x_held_out, batch_size=32, verbose=0).argmax(-1)

    theirs = functional()
    tensorboard = keras.callbacks.TensorBoard(str(folder / "theirs" / "functional"), histogram_freq=1)
    theirs.fit(x, y, batch_size=32, epochs=EPOCHS, validation_data=(x_held_out, y_held_out), callbacks=[tensorboard], verbose=0)

    np.savez(
        folder / "truth.npz",
        y_true=y_held_out,
        y_pred=y_pred,
        labels=np.array(labels),
        loss=history["loss"],
        val_loss=history["val_loss"],
        val_accuracy=history["val_accuracy"],
        parameters=ours.count_params(),
        **{f"weights of {weight.path}": weight.numpy() for weight in ours.weights},
    )


def sequential() -> keras.Model:
    """The program people learn with."""
    model = keras.Sequential(
        [
            keras.Input((8, 8), name="input"),
            keras.layers.Flatten(name="pixels"),
            keras.layers.Dense(64, activation="relu", name="hidden_1"),
            keras.layers.Dense(64, activation="relu", name="hidden_2"),
            keras.layers.Dense(10, activation="softmax", name="digit"),
        ]
    )
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def functional() -> keras.Model:
    """A graph that TensorBoard's own Graphs tab cannot show."""
    inputs = keras.Input((8, 8), name="image")
    flat = keras.layers.Flatten(name="pixels")(inputs)
    stem = keras.layers.Dense(32, activation="relu", name="stem")(flat)
    branch = keras.layers.Dense(32, activation="relu", name="branch")(stem)
    joined = keras.layers.Add(name="joined")([stem, branch])
    model = keras.Model(inputs, keras.layers.Dense(10, activation="softmax", name="digit")(joined), name="with_a_skip")
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


if __name__ == "__main__":
    main(Path(sys.argv[1]))
