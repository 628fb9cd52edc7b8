"""What random numbers come after a training is the same with and without the callback, of every generator in reach."""

from __future__ import annotations

import os
import random
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from layerscope.keras import Layerscope
from tests.keras.models import digits, sequential

DATA = digits()


def drawn_after(*callbacks: Any) -> dict[str, Any]:
    keras.utils.clear_session(free_memory=False)
    keras.utils.set_random_seed(5)  # of Python, NumPy and TensorFlow
    tf.random.get_global_generator().reset_from_seed(5)
    own = keras.random.SeedGenerator(5)
    model = sequential(noisy=True)
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    data = DATA.x_val, DATA.y_val
    model.fit(DATA.x, DATA.y, epochs=2, validation_data=data, verbose=0, callbacks=list(callbacks))
    return {
        "Python": random.random(),
        "NumPy": float(np.random.random()),
        "TensorFlow, by operation": float(tf.random.uniform(())),
        "TensorFlow, global generator": float(tf.random.get_global_generator().uniform(())),
        "Keras, global seed generator": float(keras.random.uniform(())),
        "Keras, one of the user's": float(keras.random.uniform((), seed=own)),
        "Keras, those of the layers": [seeds.state.numpy().tolist() for layer in model.layers for seeds in getattr(layer, "_seed_generators", [])],
    }


def test_what_is_drawn_after_a_training(tmp_path: Path) -> None:
    plain = drawn_after()
    before = dict(os.environ)
    logged = drawn_after(Layerscope(tmp_path, labels=10, evaluations={"test": (DATA.x, DATA.y)}))

    assert plain["Keras, those of the layers"]
    assert logged == plain
    assert dict(os.environ) == before
