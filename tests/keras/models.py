"""Data and models that the tests of the callback train: real digits, few of them."""

from __future__ import annotations

from functools import cache, partial
from typing import Any, NamedTuple

import keras
import numpy as np
from sklearn.datasets import load_digits

from layerscope.keras import Layerscope

Array = np.ndarray[Any, Any]

evaluating = partial(Layerscope, gradients=False, activity=False, weights=False)
"""The callback where a test is about evaluations alone: to look into steps takes a second train function, and a second to trace it."""


class Digits(NamedTuple):
    """Images [example, 8, 8] in 0 to 1 and class ids [example]."""

    x: Array
    y: Array
    x_val: Array
    y_val: Array


@cache
def digits() -> Digits:
    bunch = load_digits()
    images = (bunch.images / 16.0).astype(np.float32)
    return Digits(images[:160], bunch.target[:160], images[160:270], bunch.target[160:270])


def sequential(units: int = 10, activation: str | None = "softmax", *, name: str | None = None, noisy: bool = False) -> keras.Model:
    extra = [keras.layers.BatchNormalization(), keras.layers.Dropout(0.3)] if noisy else []
    return keras.Sequential(
        [
            keras.Input((8, 8)),
            keras.layers.Flatten(),
            keras.layers.Dense(16, activation="relu"),
            *extra,
            keras.layers.Dense(units, activation=activation),
        ],
        name=name,
    )


def two_outputs(*, as_mapping: bool = False) -> keras.Model:
    inputs = keras.Input((8, 8), name="image")
    hidden = keras.layers.Dense(16, activation="relu", name="hidden")(keras.layers.Flatten(name="pixels")(inputs))
    digit = keras.layers.Dense(10, activation="softmax", name="digit")(hidden)
    odd = keras.layers.Dense(1, activation="sigmoid", name="odd")(hidden)
    return keras.Model(inputs, {"what": digit, "is_odd": odd} if as_mapping else [digit, odd], name="two")


class Subclassed(keras.Model):
    """A model that tells its layers but not how they are connected, and is not built before its first batch."""

    def __init__(self) -> None:
        super().__init__(name="sub")
        self.flat = keras.layers.Flatten(name="pixels")
        self.hidden = keras.layers.Dense(16, activation="relu", name="hidden")
        self.digit = keras.layers.Dense(10, activation="softmax", name="digit")

    def call(self, x: Any) -> Any:
        return self.digit(self.hidden(self.flat(x)))


class Tied(keras.layers.Layer):
    """Scores each word by its place in an embedding, whose table it uses as its own."""

    def __init__(self, embedding: keras.layers.Embedding) -> None:
        super().__init__()
        self.embedding = embedding

    def call(self, x: Any) -> Any:
        return keras.ops.softmax(keras.ops.matmul(x, keras.ops.transpose(self.embedding.embeddings)))


def tied() -> keras.Model:
    """Pixels as words: one table is looked up, with a sparse gradient, and multiplied with, with a dense one."""
    image = keras.Input((8, 8))
    words = keras.layers.Lambda(lambda x: keras.ops.cast(x * 9.5, "int32"))(keras.layers.Flatten()(image))
    embedding = keras.layers.Embedding(10, 4)
    return keras.Model(image, Tied(embedding)(keras.layers.GlobalAveragePooling1D()(embedding(words))))


class Batches(keras.utils.PyDataset):
    """Arrays in batches of 32."""

    def __init__(self, *arrays: Array) -> None:
        super().__init__()
        self._arrays = arrays

    def __len__(self) -> int:
        return -(-len(self._arrays[0]) // 32)

    def __getitem__(self, index: int) -> tuple[Array, ...]:
        return tuple(array[32 * index : 32 * (index + 1)] for array in self._arrays)
