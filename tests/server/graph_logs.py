"""One small network with a skip, logged by the tools that people have: each writes what it writes."""

from __future__ import annotations

import warnings
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf
import torch
from torch import nn
from torch.utils.tensorboard import SummaryWriter

LAYERS = ("conv1", "bn", "conv2", "add", "flat", "drop", "fc")


def keras_network(name: str = "net") -> keras.Model:
    """The network in Keras: 10 parameters arrays in `LAYERS`."""
    image = keras.Input((8, 8, 1), name="image")
    x = keras.layers.Conv2D(4, 3, name="conv1", activation="relu")(image)
    x = keras.layers.BatchNormalization(name="bn")(x)
    y = keras.layers.Conv2D(4, 3, padding="same", name="conv2")(x)
    x = keras.layers.Add(name="add")([x, y])
    x = keras.layers.Flatten(name="flat")(x)
    x = keras.layers.Dropout(0.3, name="drop")(x)
    return keras.Model(image, keras.layers.Dense(10, name="fc", activation="softmax")(x), name=name)


class TorchNetwork(nn.Module):
    """The same in PyTorch, the additions and the flattening in `forward`."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, 4, 3)
        self.bn = nn.BatchNorm2d(4)
        self.body = nn.Sequential(nn.Conv2d(4, 4, 3, padding=1), nn.ReLU())
        self.drop = nn.Dropout(0.3)
        self.fc = nn.Linear(4 * 6 * 6, 10)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Classes of images [image, 1, 8, 8]."""
        x = self.bn(torch.relu(self.conv1(x)))
        x = x + self.body(x)
        return torch.log_softmax(self.fc(self.drop(torch.flatten(x, 1))), 1)


def torch_graph(run: Path, model: nn.Module, *inputs: torch.Tensor) -> None:
    """`add_graph`."""
    with SummaryWriter(str(run)) as log, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it traces with what PyTorch calls deprecated
        log.add_graph(model, inputs)


def keras_callback(run: Path, model: keras.Model) -> None:
    """Keras' own callback, with its graph and its histograms."""
    model.compile("adam", "sparse_categorical_crossentropy")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        model.fit(
            np.zeros((4, 8, 8, 1), np.float32),
            np.zeros(4, np.int32),
            verbose=0,
            callbacks=[keras.callbacks.TensorBoard(run, write_graph=True, histogram_freq=1)],
        )


def summary_graph(run: Path, model: keras.Model, shape: tuple[int | None, ...] = (None, 8, 8, 1)) -> None:
    """`tf.summary.graph` of the function that predicts."""
    traced = tf.function(lambda x: model(x, training=False)).get_concrete_function(tf.TensorSpec(shape))
    writer = tf.summary.create_file_writer(str(run))
    with writer.as_default():
        tf.summary.graph(traced.graph)
    writer.close()


def trace_of_step(run: Path, model: keras.Model, *, with_profiler: bool = False) -> None:
    """`tf.summary.trace_export` of a loop's training step: the model, its loss, its gradients and Adam."""
    optimizer = keras.optimizers.Adam()
    optimizer.build(model.trainable_variables)
    writer = tf.summary.create_file_writer(str(run))

    def step(x: tf.Tensor, y: tf.Tensor) -> tf.Tensor:
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(keras.losses.sparse_categorical_crossentropy(y, model(x, training=True)))
        optimizer.apply_gradients(zip(tape.gradient(loss, model.trainable_variables), model.trainable_variables, strict=True))
        return loss

    tf.summary.trace_on(graph=True, profiler=with_profiler, **({"profiler_outdir": str(run)} if with_profiler else {}))
    tf.function(step)(tf.zeros((2, 8, 8, 1)), tf.zeros((2,), tf.int32))
    with writer.as_default():
        tf.summary.trace_export("train_step", step=7)
    writer.close()


def session_graph(run: Path) -> int:
    """A graph of TF1 with an optimizer, a saver and summaries, by its own `FileWriter`; how many parameters it trains."""
    v1 = tf.compat.v1
    graph = tf.Graph()
    with graph.as_default():
        x, y = v1.placeholder(tf.float32, (None, 12), name="x"), v1.placeholder(tf.int64, (None,), name="y")
        with v1.variable_scope("hidden"):
            kernel, bias = v1.get_variable("kernel", (12, 8), use_resource=False), v1.get_variable("bias", (8,), use_resource=False)
            h = tf.nn.relu(tf.matmul(x, kernel) + bias)
            v1.summary.histogram("h", h)
        with tf.name_scope("out"):
            # As TensorFlow's tutorial did, each variable in a scope of its own, with first values that are no initializer.
            with tf.name_scope("weights"):
                weights = v1.Variable(v1.truncated_normal((8, 3)))
            with tf.name_scope("biases"):
                biases = v1.Variable(tf.constant(0.1, shape=(3,)))
            with tf.name_scope("Wx_plus_b"):
                logits = tf.matmul(h, weights) + biases
        with tf.name_scope("cross_entropy"):
            loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=logits))
        with tf.name_scope("train"):
            v1.train.AdamOptimizer().minimize(loss, global_step=v1.train.get_or_create_global_step())
        with tf.name_scope("accuracy"):
            v1.summary.scalar("accuracy", tf.reduce_mean(tf.cast(tf.equal(tf.argmax(logits, 1), y), tf.float32)))
        v1.train.Saver()
        v1.global_variables_initializer()
        v1.summary.merge_all()
        trained = sum(int(np.prod(variable.shape)) for variable in v1.trainable_variables())
        v1.summary.FileWriter(str(run), graph).close()
    return trained
