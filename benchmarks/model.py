"""The structure of a model: how long it takes to read, and what its record takes on disk, beside what Keras' own callback logs of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from keras import layers, ops

from benchmarks.rounds import side_by_side
from benchmarks.row import Row
from benchmarks.took import Took
from tb_plugin.schema import record
from writers.frameworks.keras.model.structure import structure_of


def rows(rounds: int = 3, blocks: int = 12) -> list[Row]:
    """ResNet-50, whose graph Keras keeps; and a transformer, whose code is run.

    Args:
        rounds: How often each is read.
        blocks: Of the transformer.
    """
    resnet = keras.applications.ResNet50(weights=None)
    transformer = Transformer(blocks)
    transformer(np.zeros((1, 64), np.int32))
    return [
        *_rows("ResNet-50", resnet, rounds, _json_of, "its JSON, which Keras' TensorBoard callback makes"),
        *_rows(
            f"a subclassed transformer of {blocks} blocks", transformer, rounds, _traced(transformer), "tracing its forward pass, which a training does, too"
        ),
    ]


def _rows(name: str, model: Any, rounds: int, other: Callable[[Any], int | None], against: str) -> list[Row]:
    sizes: dict[str, int | None] = {}

    def timed(way: str, act: Callable[[Any], int | None]) -> Took:
        begin = Took.now()
        sizes[way] = act(model)
        return Took.now().since(begin)

    measured = side_by_side({"ours": lambda: timed("ours", _bytes_of), "theirs": lambda: timed("theirs", other)}, rounds)
    took = {way: [each.processor for each in found] for way, found in measured.items()}
    ours, theirs = sizes["ours"], sizes["theirs"]
    assert ours is not None
    return [
        Row(f"structure of {name}: time of the processor to read and encode it", took["ours"], took["theirs"], against=against),
        Row(f"structure of {name}: its record", [ours], [] if theirs is None else [theirs], unit="B", against="" if theirs is None else against),
    ]


def _bytes_of(model: Any) -> int:
    structure = structure_of(model)
    parameters = structure.parameters
    assert not isinstance(parameters, str)
    return sum(len(record.encode(each, writer="benchmark", ordinal=0)) for each in (structure, parameters))


def _json_of(model: Any) -> int:
    return len(model.to_json().encode())


def _traced(model: Any) -> Callable[[Any], None]:
    def trace(_: Any) -> None:
        tf.function(lambda tokens: model(tokens, training=True), autograph=False).get_concrete_function(tf.TensorSpec((32, 64), tf.int32))

    return trace


class Block(layers.Layer):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.norm_1, self.norm_2 = layers.LayerNormalization(), layers.LayerNormalization()
        self.attention = layers.MultiHeadAttention(4, width // 4)
        self.up, self.down = layers.Dense(4 * width, activation="gelu"), layers.Dense(width)

    def call(self, x: Any) -> Any:
        normed = self.norm_1(x)
        x = x + self.attention(normed, normed)
        return x + self.down(self.up(self.norm_2(x)))


class Transformer(keras.Model):
    def __init__(self, blocks: int) -> None:
        super().__init__()
        self.words = layers.Embedding(1000, 64)
        self.blocks = [Block(64) for _ in range(blocks)]
        self.norm = layers.LayerNormalization()

    def call(self, tokens: Any) -> Any:
        x = self.words(tokens)
        for block in self.blocks:
            x = block(x)
        return ops.matmul(self.norm(x), ops.transpose(self.words.embeddings))
