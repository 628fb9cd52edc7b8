"""Models that tools trip over, by name."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import keras
import numpy as np
from keras import layers, ops

from tests.keras.models import Subclassed, sequential, tied, two_outputs
from tests.keras.own_layers import Block, Gan, Looping, Positions, Residual, Transformer, Twice, TwoTowers, UNet, called


def cross_attention() -> keras.Model:
    """Handed over by keyword, in an order that is not the alphabet's."""
    query, memory = keras.Input((5, 8), name="query"), keras.Input((9, 6), name="memory")
    return keras.Model([query, memory], layers.MultiHeadAttention(2, 3, value_dim=4, name="attend")(query=query, key=memory, value=memory))


def grouped_attention() -> keras.Model:
    x = keras.Input((5, 8), name="x")
    return keras.Model(x, layers.GroupQueryAttention(4, 8, 2, name="attend")(query=x, value=x))


def recurrent() -> keras.Model:
    x = keras.Input((7, 3), name="x")
    y = layers.Bidirectional(layers.LSTM(4, return_sequences=True), name="ways")(x)
    y = layers.RNN([layers.LSTMCell(5), layers.GRUCell(6)], return_sequences=True, name="stack")(y)
    y, *states = layers.LSTM(3, return_state=True, name="last")(y)
    return keras.Model(x, [layers.Dense(2, name="head")(y), *states])


def times() -> keras.Model:
    clip = keras.Input((4, 8, 8, 3), name="clip")
    x = layers.TimeDistributed(keras.Sequential([keras.Input((8, 8, 3)), layers.Conv2D(5, 3, name="c"), layers.GlobalAveragePooling2D()], name="frame"))(clip)
    return keras.Model(clip, layers.SimpleRNN(2)(x))


def lambdas() -> keras.Model:
    x = keras.Input((4, 6), name="x")
    y = layers.Lambda(lambda t: ops.matmul(t, ops.transpose(t, (0, 2, 1))), name="gram")(x)
    return keras.Model(x, ops.sum(y, axis=-1) - 1.0)


def by_name() -> keras.Model:
    given = {"price": keras.Input((1,), name="price"), "tags": keras.Input((3,), name="tags")}
    x = layers.Concatenate(name="both")(list(given.values()))
    return keras.Model(given, {"low": layers.Dense(1, name="low")(x), "high": layers.Dense(1, name="high")(x)})


def normalised() -> keras.Model:
    norm = layers.Normalization(name="scale")
    norm.adapt(np.arange(12, dtype=np.float32).reshape(4, 3))
    return keras.Sequential([keras.Input((3,)), norm, layers.Dense(2, name="d")])


def adapted() -> keras.Model:
    model = keras.Sequential([keras.Input((6,)), layers.Dense(8, name="a"), layers.Dense(2, name="b")])
    model.get_layer("a").enable_lora(2)
    return model


def quantized() -> keras.Model:
    model = keras.Sequential([keras.Input((6,)), layers.Dense(8, name="a"), layers.EinsumDense("ab,bc->ac", output_shape=4, name="b")])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # Keras copies its arrays by a way that NumPy is to give up
        for layer in model.layers:
            layer.quantize("int8")
    return model


def random_layers() -> keras.Model:
    return keras.Sequential([keras.Input((8, 8, 3)), layers.RandomFlip(), layers.GaussianNoise(0.1), layers.Flatten(), layers.Dropout(0.5), layers.Dense(2)])


def same_names() -> keras.Model:
    """Two models of one name, with a layer of one name each."""
    x = keras.Input((4,), name="x")

    class Same(layers.Layer):
        def __init__(self) -> None:
            super().__init__(name="same")
            self.inner = keras.Sequential([keras.Input((4,)), layers.Dense(4, name="dense")], name="part")

        def call(self, x: Any) -> Any:
            return self.inner(x)

    one, two = Same(), layers.Dense(3, name="part")
    return keras.Model(x, two(one(x)))


def reversible() -> keras.Model:
    tokens = keras.Input((5,), dtype="int32", name="tokens")
    table = layers.ReversibleEmbedding(11, 4, name="table")
    return keras.Model(tokens, table(layers.Dense(4, name="mix")(table(tokens)), reverse=True))


def across_depth() -> keras.Model:
    """One layer at three depths, once inside a model within the model."""
    shared = layers.Dense(4, name="shared")
    inside = keras.Input((4,), name="inside")
    inner = keras.Model(inside, shared(shared(inside)), name="inner")
    x = keras.Input((4,), name="x")
    return keras.Model(x, inner(shared(inner(x))))


def any_size() -> keras.Model:
    x = keras.Input((None, None, 3), name="image")
    y = layers.Conv2D(4, 3, name="conv")(x)
    return keras.Model(x, layers.Dense(2, name="head")(layers.GlobalMaxPooling2D()(y)))


def own_in_functional() -> keras.Model:
    tokens = keras.Input((6,), dtype="int32", name="tokens")
    x = Positions(20, 6, 8, name="embed")(tokens)
    for i in range(2):
        x = Block(name=f"block_{i}")(x)
    return keras.Model(tokens, layers.Dense(3, name="head")(layers.GlobalAveragePooling1D(name="mean")(x)))


def own_shared() -> keras.Model:
    x = keras.Input((8, 8, 3), name="x")
    block = Residual(3, name="block")
    return keras.Model(x, layers.Add(name="sum")([block(x), block(block(x))]))


def mixed() -> keras.Model:
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy("mixed_float16")
    try:
        x = keras.Input((6, 8), name="x")
        return keras.Model(x, layers.Dense(2, dtype="float32", name="head")(Block(name="block")(x)))
    finally:
        keras.config.set_dtype_policy(before)


def fixed_batch() -> keras.Model:
    x = keras.Input(batch_shape=(4, 5, 3), name="x")
    return keras.Model(x, layers.LSTM(6, stateful=True, name="state")(Residual1D(name="own")(x)))


class Residual1D(layers.Layer):
    """x + conv(x), of series."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.pad, self.conv = layers.ZeroPadding1D((2, 0), name="pad"), layers.Conv1D(3, 3, name="conv")

    def call(self, x: Any) -> Any:
        return x + self.conv(self.pad(x))


class Unused(keras.Model):
    """Has a layer that it never calls."""

    def __init__(self) -> None:
        super().__init__(name="unused")
        self.used, self.idle = layers.Dense(3, name="used"), layers.Dense(4, name="idle")
        self.idle.build((None, 3))

    def call(self, x: Any) -> Any:
        return self.used(x)


def spectral() -> keras.Model:
    return keras.Sequential([keras.Input((4,)), layers.SpectralNormalization(layers.Dense(3, name="inner"), name="norm")])


AWKWARD: dict[str, Callable[[], Any]] = {
    "one layer": lambda: keras.Sequential([keras.Input((4,)), layers.Dense(2)]),
    "no parameter": lambda: keras.Sequential([keras.Input((4,)), layers.ReLU()]),
    "no layer": lambda: (lambda x: keras.Model(x, x))(keras.Input((4,))),
    "sequential": lambda: sequential(noisy=True),
    "outputs by name": lambda: two_outputs(as_mapping=True),
    "tied": tied,
    "cross attention": cross_attention,
    "grouped attention": grouped_attention,
    "recurrent": recurrent,
    "a model at each time": times,
    "lambda": lambdas,
    "by name": by_name,
    "normalised": normalised,
    "LoRA": adapted,
    "int8": quantized,
    "random": random_layers,
    "same names": same_names,
    "reversible embedding": reversible,
    "across depth": across_depth,
    "any size": any_size,
    "own layers in a functional model": own_in_functional,
    "own layer, shared": own_shared,
    "mixed precision": mixed,
    "fixed batch": fixed_batch,
    "spectral norm": spectral,
    "subclassed": lambda: called(Subclassed(), np.zeros((1, 8, 8), np.float32)),
    "transformer": lambda: called(Transformer(), np.zeros((2, 6), np.int32)),
    "two towers": lambda: called(TwoTowers(), {"query": np.zeros((2, 7), np.int32), "document": np.zeros((2, 9), np.int32)}),
    "U-Net": lambda: called(UNet(), np.zeros((1, 16, 16, 3), np.float32)),
    "a layer twice": lambda: called(Twice(), np.zeros((1, 8, 8, 3), np.float32)),
    "a loop": lambda: called(Looping(), np.zeros((1, 4), np.float32)),
    "never called whole": Gan,
    "a layer unused": lambda: called(Unused(), np.zeros((1, 4), np.float32)),
}
