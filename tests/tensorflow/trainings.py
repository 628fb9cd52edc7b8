"""Loops with a tape, written in the ways that people write them; models as small as can be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import keras
import numpy as np
import tensorflow as tf

Array = np.ndarray[Any, Any]
BATCH = 8
STEPS = 6

_random = np.random.default_rng(3)
X = _random.normal(size=(STEPS * BATCH, 4)).astype(np.float32)
Y = _random.integers(3, size=STEPS * BATCH)


def batch(i: int) -> tuple[Any, Any]:
    i %= STEPS
    return tf.constant(X[i * BATCH : (i + 1) * BATCH]), tf.constant(Y[i * BATCH : (i + 1) * BATCH])


def nothing(loss: Any) -> None:
    """Takes a loss, and does nothing with it."""


@dataclass
class Training:
    """A model, its optimizer, and the step of a user.

    Attributes:
        variables: What gradients are taken of; all that can be trained, unless given.
        is_applied: Whether the update is made at a step, or only gathered for.
    """

    model: keras.Model
    optimizer: Any
    variables: Callable[[keras.Model], list[Any]] = lambda model: model.trainable_variables
    is_applied: Callable[[int], bool] = lambda step: True
    rtol: float = 1e-3
    functions: dict[str, Any] = field(default_factory=dict)

    def step(self, x: Any, y: Any) -> Any:
        """One step, as the guides have it."""
        with tf.GradientTape() as tape:
            loss = loss_of(self.model, x, y)
            scaled = self.optimizer.scale_loss(loss)
        variables = self.variables(self.model)
        gradients = tape.gradient(scaled, variables)
        self.optimizer.apply_gradients(zip(gradients, variables, strict=True))
        return loss


def loss_of(model: keras.Model, x: Any, y: Any) -> Any:
    return tf.reduce_mean(keras.losses.sparse_categorical_crossentropy(y, model(x, training=True), from_logits=True))


def plainly(training: Training, steps: int, told: Callable[[Any], None] = nothing) -> None:
    """In plain Python."""
    for i in range(steps):
        told(training.step(*batch(i)))


def _by_function(**options: Any) -> Any:
    def drive(training: Training, steps: int, told: Callable[[Any], None] = nothing) -> None:
        step = training.functions.setdefault("step", tf.function(training.step, **options))
        for i in range(steps):
            told(step(*batch(i)))

    return drive


def in_a_loop(training: Training, steps: int, told: Callable[[Any], None] = nothing) -> None:
    """All steps in one call of a function."""
    x, y = tf.constant(X.reshape(STEPS, BATCH, 4)), tf.constant(Y.reshape(STEPS, BATCH))

    def many(number: Any) -> None:
        for i in tf.range(number):
            told(training.step(x[i % STEPS], y[i % STEPS]))

    training.functions.setdefault("many", tf.function(many))(tf.constant(steps))


def over_a_data_set(training: Training, steps: int, told: Callable[[Any], None] = nothing) -> None:
    """All steps in one call of a function, which takes the batches from a data set to its end."""
    data = tf.data.Dataset.from_tensor_slices((X, Y)).batch(BATCH).repeat().take(steps)

    def epoch() -> None:
        for x, y in data:
            told(training.step(x, y))

    tf.function(epoch)()


def to_the_end_of_the_data(training: Training, steps: int, told: Callable[[Any], None] = nothing) -> None:
    """A function that takes the next batch itself, until there is none."""
    batches = iter(tf.data.Dataset.from_tensor_slices((X, Y)).batch(BATCH).repeat().take(steps))
    step = tf.function(lambda: training.step(*next(batches)))
    while True:
        try:
            told(step())
        except tf.errors.OutOfRangeError:
            break


def in_a_condition(training: Training, steps: int, told: Callable[[Any], None] = nothing) -> None:
    """A function that makes the step only if the batch is good."""

    def step(x: Any, y: Any) -> Any:
        return tf.cond(tf.reduce_sum(x) < 1e6, lambda: training.step(x, y), lambda: 0.0)

    function = tf.function(step)
    for i in range(steps):
        told(function(*batch(i)))


by_function, by_xla = _by_function(), _by_function(jit_compile=True)


class Deferred(keras.Model):
    """Built by its first batch, with a layer that nothing comes of once it is built."""

    def __init__(self) -> None:
        super().__init__()
        self.hidden, self.last, self.unused = keras.layers.Dense(5, "tanh"), keras.layers.Dense(3), keras.layers.Dense(2, name="unused")

    def build(self, shape: Any) -> None:
        self.unused.build((None, 5))
        self.hidden.build((None, 4))
        self.last.build((None, 5))
        self.built = True

    def call(self, x: Any) -> Any:
        return self.last(self.hidden(x))


class Adversaries:
    """Two networks with an optimizer each; the judge learns twice as often."""

    def __init__(self) -> None:
        noise, image = keras.Input((4,)), keras.Input((3,))
        self.maker, self.judge = keras.Model(noise, keras.layers.Dense(3)(noise)), keras.Model(image, keras.layers.Dense(1)(image))
        self.model = keras.Model(noise, self.judge(self.maker(noise)))
        self.optimizers = {"judge": keras.optimizers.Adam(0.01), "maker": keras.optimizers.SGD(0.1)}

    def step(self, x: Any, also_maker: Any) -> Any:
        with tf.GradientTape(persistent=True) as tape:
            judged = tf.reduce_mean(self.judge(tf.ones([8, 3]))) - tf.reduce_mean(self.judge(self.maker(x)))
            made = tf.reduce_mean(tf.square(self.judge(self.maker(x)) - 1.0))
        of_judge = tape.gradient(judged, self.judge.trainable_variables)
        self.optimizers["judge"].apply_gradients(zip(of_judge, self.judge.trainable_variables, strict=True))
        if also_maker:
            of_maker = tape.gradient(made, self.maker.trainable_variables)
            self.optimizers["maker"].apply_gradients(zip(of_maker, self.maker.trainable_variables, strict=True))
        return judged


def net(*between: Any) -> keras.Model:
    return keras.Sequential([keras.Input((4,)), keras.layers.Dense(5, "tanh"), *between, keras.layers.Dense(3)])


def noisy() -> keras.Model:
    return net(keras.layers.BatchNormalization(), keras.layers.Dropout(0.3, seed=1))


def frozen() -> keras.Model:
    model = net()
    model.layers[0].trainable = False
    return model


def words() -> keras.Model:
    inputs = keras.Input((4,))
    ids = keras.layers.Lambda(lambda x: tf.cast(tf.abs(x) * 3, tf.int32) % 7)(inputs)
    return keras.Model(inputs, keras.layers.Dense(3)(keras.layers.Flatten()(keras.layers.Embedding(7, 2)(ids))))


def half(scale: float = 2.0**10, **options: Any) -> Training:
    keras.config.set_dtype_policy("mixed_float16")
    try:
        return Training(net(), keras.optimizers.LossScaleOptimizer(keras.optimizers.Adam(0.01), initial_scale=scale, **options), rtol=3e-2)
    finally:
        keras.config.set_dtype_policy("float32")


def adam(**options: Any) -> Training:
    return Training(net(), keras.optimizers.Adam(0.01, **options))


def decaying() -> Any:
    return keras.optimizers.SGD(keras.optimizers.schedules.ExponentialDecay(0.1, 2, 0.5), momentum=0.9)


WAYS: dict[str, tuple[Callable[[], Training], Any]] = {
    "plain Python": (adam, plainly),
    "tf.function": (adam, by_function),
    "XLA": (adam, by_xla),
    "a loop in a tf.function": (adam, in_a_loop),
    "a loop over a data set in a tf.function": (adam, over_a_data_set),
    "a tf.function that takes the next batch": (lambda: Training(net(), decaying()), to_the_end_of_the_data),
    "in a condition": (adam, in_a_condition),
    "schedule and momentum": (lambda: Training(net(), decaying()), by_function),
    "clipped by the global norm": (lambda: adam(global_clipnorm=0.1), by_function),
    "accumulated": (lambda: Training(net(), keras.optimizers.Adam(0.01, gradient_accumulation_steps=3), is_applied=lambda i: i % 3 == 2), by_function),
    "half precision": (half, by_function),
    "moving averages and dropout": (lambda: Training(noisy(), keras.optimizers.Adam(0.01)), by_function),
    "frozen layer": (lambda: Training(frozen(), keras.optimizers.SGD(0.1)), by_function),
    "the last layer alone": (lambda: Training(net(), keras.optimizers.SGD(0.1), lambda model: model.layers[-1].trainable_variables), by_function),
    "sparse gradients": (lambda: Training(words(), keras.optimizers.SGD(0.1)), by_function),
    "sparse gradients, plainly": (lambda: Training(words(), keras.optimizers.SGD(0.1)), plainly),
    "built by its first batch, a gradient that is not there": (lambda: Training(Deferred(), keras.optimizers.Adam(0.01)), by_function),
}
