"""Models whose layers are somebody's own: what a recorder must read off code."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import tensorflow as tf
from keras import layers, ops


class Residual(layers.Layer):
    """x + conv(relu(conv(x)))."""

    def __init__(self, width: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.one, self.two = layers.Conv2D(width, 3, padding="same", name="one"), layers.Conv2D(width, 3, padding="same", name="two")

    def call(self, x: Any) -> Any:
        return x + self.two(ops.relu(self.one(x)))


class Attention(layers.Layer):
    """Self-attention by hand: an einsum with its weights, two matrix products."""

    def __init__(self, heads: int, size: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.heads, self.size = heads, size
        self.qkv = layers.Dense(3 * heads * size, use_bias=False, name="qkv")
        self.out = layers.Dense(heads * size, name="out")

    def call(self, x: Any) -> Any:
        batch, time = ops.shape(x)[0], ops.shape(x)[1]
        q, k, v = ops.unstack(ops.transpose(ops.reshape(self.qkv(x), (batch, time, 3, self.heads, self.size)), (2, 0, 3, 1, 4)), axis=0)
        scores = ops.softmax(ops.matmul(q, ops.transpose(k, (0, 1, 3, 2))) / self.size**0.5)
        return self.out(ops.reshape(ops.transpose(ops.matmul(scores, v), (0, 2, 1, 3)), (batch, time, self.heads * self.size)))


class Block(layers.Layer):
    """Of a transformer, with norms first."""

    def __init__(self, heads: int = 2, size: int = 4, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        width = heads * size
        self.norm_1, self.norm_2 = layers.LayerNormalization(name="norm_1"), layers.LayerNormalization(name="norm_2")
        self.attention = Attention(heads, size, name="attention")
        self.mlp = keras.Sequential([layers.Dense(2 * width, activation="gelu", name="up"), layers.Dense(width, name="down")], name="mlp")
        self.drop = layers.Dropout(0.1, name="drop")

    def call(self, x: Any, training: bool = False) -> Any:
        x = x + self.drop(self.attention(self.norm_1(x)), training=training)
        return x + self.mlp(self.norm_2(x))


class Positions(layers.Layer):
    """Words and their places, with a table of its own."""

    def __init__(self, words: int, length: int, width: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.words = layers.Embedding(words, width, name="words")
        self.place = self.add_weight(shape=(length, width), name="place")

    def call(self, tokens: Any) -> Any:
        return self.words(tokens) + self.place


class Transformer(keras.Model):
    """Blocks in a list; scores its words with the table that it reads them by."""

    def __init__(self, depth: int = 3, words: int = 20, length: int = 6) -> None:
        super().__init__(name="transformer")
        self.embed = Positions(words, length, 8, name="embed")
        self.blocks = [Block(name=f"block_{i}") for i in range(depth)]
        self.norm = layers.LayerNormalization(name="norm")

    def call(self, tokens: Any) -> Any:
        x = self.embed(tokens)
        for block in self.blocks:
            x = block(x)
        return ops.matmul(self.norm(x), ops.transpose(self.embed.words.embeddings))


class TwoTowers(keras.Model):
    """One encoder for both sides, fed by name; gives names, too."""

    def __init__(self) -> None:
        super().__init__(name="towers")
        self.words = layers.Embedding(30, 5, name="words")
        self.encoder = layers.GRU(4, name="encoder")
        self.head = layers.Dense(1, name="head")

    def call(self, given: dict[str, Any]) -> dict[str, Any]:
        left, right = self.encoder(self.words(given["query"])), self.encoder(self.words(given["document"]))
        return {"score": self.head(ops.concatenate([left, right, left * right], axis=-1)), "query": left}


class UNet(keras.Model):
    """Down twice, and up with skips."""

    def __init__(self) -> None:
        super().__init__(name="unet")
        self.down = [layers.Conv2D(4 * 2**i, 3, padding="same", activation="relu", name=f"down_{i}") for i in range(3)]
        self.pool = layers.MaxPooling2D(name="pool")
        self.up = [layers.Conv2DTranspose(4 * 2**i, 2, strides=2, name=f"up_{i}") for i in range(2)]
        self.join = [Residual(8 * 2**i, name=f"join_{i}") for i in range(2)]
        self.last = layers.Conv2D(1, 1, name="last")

    def call(self, image: Any) -> Any:
        kept, x = [], image
        for i, down in enumerate(self.down):
            x = down(x if i == 0 else self.pool(x))
            kept.append(x)
        for i in (1, 0):
            x = self.join[i](ops.concatenate([kept[i], self.up[i](x)], axis=-1))
        return self.last(x)


class Looping(keras.Model):
    """Calls a layer in the body of a loop."""

    def __init__(self) -> None:
        super().__init__(name="looping")
        self.cell, self.head = layers.Dense(4, name="cell"), layers.Dense(2, name="head")

    def call(self, x: Any) -> Any:
        _, x = ops.while_loop(lambda i, x: i < 3, lambda i, x: (i + 1, self.cell(x)), (0, x))
        return self.head(x)


class Twice(keras.Model):
    """Calls a layer of its own twice."""

    def __init__(self) -> None:
        super().__init__(name="twice")
        self.block, self.head = Residual(3, name="block"), layers.Dense(2, name="head")

    def call(self, x: Any) -> Any:
        return self.head(self.block(self.block(x)))


class Failing(keras.Model):
    """Its code wants numbers."""

    def __init__(self) -> None:
        super().__init__(name="failing")
        self.one, self.two = layers.Dense(3, name="one"), layers.Dense(2, name="two")

    def call(self, x: Any) -> Any:
        if tf.executing_eagerly() and not isinstance(x, keras.KerasTensor):
            return self.two(self.one(x))
        return self.two(self.one(x[: int(x[0, 0])]))


class Gan(keras.Model):
    """Two models that it never calls as one."""

    def __init__(self) -> None:
        super().__init__(name="gan")
        self.generator = keras.Sequential([keras.Input((3,)), layers.Dense(4, name="paint")], name="generator")
        self.judge = Judge(name="judge")
        self.judge(np.zeros((2, 4), np.float32))
        self.built = True


class Judge(layers.Layer):
    """A model of one's own as a layer."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.look, self.say = layers.Dense(5, name="look"), layers.Dense(1, name="say")

    def call(self, x: Any) -> Any:
        return self.say(self.look(x))


def called(model: keras.Model, *given: Any) -> keras.Model:
    """The model, built by a batch."""
    model(*given)
    return model
