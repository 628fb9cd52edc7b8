"""What people combine, through the callback: against an independent loop, and against arithmetic."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from layerscope.keras import Layerscope
from tb_plugin.schema.tensor_stats import STATISTICS, TensorStats
from tests.keras.logged import statistics_of
from tests.keras.models import digits, sequential
from tests.keras.test_capture import BATCH, by_hand, seeded
from writers.tensor_stats import of

STEPS, RATE = 6, 0.1


def told(folder: Path, model: keras.Model, x: Any, y: Any, size: int) -> TensorStats:
    model.fit(x, y, batch_size=size, shuffle=False, verbose=0, callbacks=[Layerscope(folder, activity=False)])
    record = statistics_of(folder / "layerscope", "start")
    assert record.step.tolist() == list(range(STEPS))
    return record


def statistic(record: TensorStats, name: str) -> Any:
    """float64 [parameter, step]; the model's own weights come before those of its layers."""
    return record.value[STATISTICS.index(name)].astype(np.float64)


def all_at_once() -> keras.Model:
    """Half precision, a schedule, gathered gradients, averages of the weights, three steps an execution."""
    keras.config.set_dtype_policy("mixed_float16")
    try:
        model = sequential()
    finally:
        keras.config.set_dtype_policy("float32")
    schedule = keras.optimizers.schedules.ExponentialDecay(0.01, 2, 0.5)
    inner = keras.optimizers.Adam(schedule, gradient_accumulation_steps=2, use_ema=True, ema_overwrite_frequency=2)
    model.compile(keras.optimizers.LossScaleOptimizer(inner, initial_scale=64.0), "sparse_categorical_crossentropy", steps_per_execution=3)
    return model


def test_all_at_once_is_told_as_an_independent_loop_sees_it(tmp_path: Path) -> None:
    data = digits()
    record = told(tmp_path, seeded(all_at_once), data.x[: STEPS * BATCH], data.y[: STEPS * BATCH], BATCH)
    seen = by_hand(seeded(all_at_once), STEPS)

    np.testing.assert_allclose(record.loss, [step.loss for step in seen], rtol=3e-3)
    np.testing.assert_allclose(record.learning_rate, [[step.rate for step in seen]], rtol=1e-6)
    assert (record.loss_scale == 64).all()
    assert (record.batch_examples == BATCH).all()
    for i, step in enumerate(seen):
        for row, (before, gradient, after) in enumerate(zip(*step[:3], strict=True)):
            wanted = of(i, weights={"w": before}, gradients={"w": gradient}, updated={"w": after} if i % 2 else {}).value[:, 0, 0]
            for name in ("weight_sum_squares", "gradient_sum_squares", "update_sum_squares", "update_max_abs"):
                np.testing.assert_allclose(statistic(record, name)[row, i], wanted[STATISTICS.index(name)], rtol=3e-2, err_msg=name)


class Linear(keras.Model):
    """One weight and its bias, trained by mean squares."""

    def __init__(self) -> None:
        super().__init__()
        self.line = keras.layers.Dense(1, kernel_initializer="ones")

    def build(self, shape: Any) -> None:
        self.line.build((None, 1))
        self.kept = [self.add_weight(shape=weight.shape, trainable=False, initializer="zeros", name="kept") for weight in self.line.weights]
        self.batches = self.add_weight(shape=(), dtype="int32", trainable=False, initializer="zeros", name="batches")
        self.built = True

    def call(self, x: Any) -> Any:
        return self.line(x)

    def gradients(self, data: Any) -> tuple[Any, Any]:
        x, y = data
        with tf.GradientTape() as tape:
            loss = self.compute_loss(x, y, self(x, training=True))
        return loss, tape.gradient(loss, [weight.value for weight in self.trainable_weights])


class Gathers(Linear):
    """Gathers gradients itself, and applies them in a condition, at every second batch."""

    def train_step(self, data: Any) -> dict[str, Any]:
        loss, gradients = self.gradients(data)
        for kept, gradient in zip(self.kept, gradients, strict=True):
            kept.assign_add(gradient)
        self.batches.assign_add(1)
        tf.cond(self.batches.value % 2 == 0, self.update, lambda: False)
        return {"loss": loss}

    def update(self) -> bool:
        self.optimizer.apply([kept.value / 2 for kept in self.kept], self.trainable_weights)
        for kept in self.kept:
            kept.assign(tf.zeros_like(kept.value))
        return True


class Twice(Linear):
    """Makes two updates of each batch."""

    def train_step(self, data: Any) -> dict[str, Any]:
        for _ in range(2):
            loss, gradients = self.gradients(data)
            self.optimizer.apply(gradients, self.trainable_weights)
        return {"loss": loss}


def line(kind: type[Linear], folder: Path) -> TensorStats:
    model = kind()
    model.build((None, 1))
    model.compile(keras.optimizers.SGD(RATE), "mse")
    return told(folder, model, X, Y, 4)


X = np.random.default_rng(0).normal(size=(STEPS * 4, 1)).astype(np.float32)
Y = (2 * X + 1).astype(np.float32)


def slope(weights: Any, x: Any, y: Any) -> Any:
    """The gradient of mean squares."""
    error = weights[0] * x + weights[1] - y
    return 2 * np.array([(error * x).mean(), error.mean()])


def check(record: TensorStats, steps: list[int], seen: list[tuple[Any, Any]]) -> None:
    for i, (weights, gradient) in zip(steps, seen, strict=True):
        np.testing.assert_allclose(statistic(record, "weight_sum")[-2:, i], weights, rtol=1e-4)
        np.testing.assert_allclose(statistic(record, "gradient_sum")[-2:, i], gradient, rtol=1e-3)
        np.testing.assert_allclose(statistic(record, "update_sum_squares")[-2:, i], (RATE * gradient) ** 2, rtol=1e-3)


def test_an_update_in_a_condition_is_told_where_it_is_made(tmp_path: Path) -> None:
    record, weights, seen = line(Gathers, tmp_path), np.array([1.0, 0.0]), []
    for first in range(0, len(X), 8):
        seen.append((weights, slope(weights, X[first : first + 8], Y[first : first + 8])))
        weights = weights - RATE * seen[-1][1]
    check(record, [1, 3, 5], seen)
    for name in ("gradient_sum_squares", "update_sum_squares"):
        assert np.isnan(statistic(record, name)[-2:, ::2]).all()
    assert np.isnan(record.learning_rate).tolist() == [[True, False] * 3]
    assert np.isfinite(record.loss).all()


def test_of_two_updates_of_a_batch_the_last_is_told(tmp_path: Path) -> None:
    record, weights, seen = line(Twice, tmp_path), np.array([1.0, 0.0]), []
    for first in range(0, len(X), 4):
        for _ in range(2):
            before, gradient = weights, slope(weights, X[first : first + 4], Y[first : first + 4])
            weights = weights - RATE * gradient
        seen.append((before, gradient))
    check(record, list(range(STEPS)), seen)
