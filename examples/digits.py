"""The program people learn with, on real images, and the one line that logs it.

Run it, then: tensorboard --logdir logs
"""

from __future__ import annotations

import sys

import keras
import numpy as np
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

from layerscope.keras import Layerscope

digits = load_digits()
images = (digits.images / 16.0).astype(np.float32)
x_train, x_test, y_train, y_test = train_test_split(images, digits.target, test_size=0.3, random_state=0, stratify=digits.target)

keras.utils.set_random_seed(0)
model = keras.Sequential(
    [
        keras.Input((8, 8)),
        keras.layers.Flatten(),
        keras.layers.Dense(64, activation="relu"),
        keras.layers.Dense(64, activation="relu"),
        keras.layers.Dense(10, activation="softmax"),
    ]
)
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])

logdir = sys.argv[1] if len(sys.argv) > 1 else "logs/digits"
model.fit(
    x_train,
    y_train,
    batch_size=32,
    epochs=10,
    validation_data=(x_test, y_test),
    callbacks=[Layerscope(logdir, labels=[str(name) for name in digits.target_names])],
    verbose=2,
)
