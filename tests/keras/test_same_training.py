"""Weights and history are the same bits with and without the callback."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from layerscope.keras import Layerscope
from tests.keras.models import Subclassed, digits, sequential, tied, two_outputs


def compiled(model: keras.Model, loss: Any = "sparse_categorical_crossentropy", **options: Any) -> keras.Model:
    model.compile(**{"optimizer": "adam", "loss": loss, "metrics": ["accuracy"], **options})
    return model


def decaying() -> keras.optimizers.Optimizer:
    return keras.optimizers.SGD(keras.optimizers.schedules.ExponentialDecay(0.1, 10, 0.9), weight_decay=0.01, global_clipnorm=0.5)


def gathering() -> keras.optimizers.Optimizer:
    return keras.optimizers.Adam(gradient_accumulation_steps=3, use_ema=True, ema_overwrite_frequency=4)


def custom_steps() -> keras.Model:
    class Custom(keras.Model):
        def test_step(self, data: Any) -> dict[str, Any]:
            x, y = data
            return {"own": self.compute_loss(x, y, self(x, training=False))}

    inputs = keras.Input((8, 8))
    return Custom(inputs, keras.layers.Dense(10, activation="softmax")(keras.layers.Flatten()(inputs)))


MODELS: dict[str, Callable[[], keras.Model]] = {
    "dropout and batch norm": lambda: compiled(sequential(noisy=True)),
    "batch norm, a rate alone": lambda: compiled(sequential(noisy=True), optimizer=keras.optimizers.SGD(0.1)),
    "batch norm, momentum": lambda: compiled(sequential(noisy=True), optimizer=keras.optimizers.SGD(0.1, momentum=0.9, nesterov=True)),
    "batch norm, a schedule and decay": lambda: compiled(sequential(noisy=True), optimizer=decaying()),
    "subclassed": lambda: compiled(Subclassed()),
    "eager": lambda: compiled(sequential(noisy=True), run_eagerly=True),
    "three steps an execution": lambda: compiled(sequential(noisy=True), steps_per_execution=3),
    "custom test step": lambda: compiled(custom_steps(), metrics=[]),
    "mixed precision": lambda: compiled(mixed()),
    "gathered and averaged": lambda: compiled(sequential(noisy=True), optimizer=gathering()),
    "tied weights, sparse gradients": lambda: compiled(tied()),
}


def mixed() -> keras.Model:
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy("mixed_float16")
    try:
        return sequential()
    finally:
        keras.config.set_dtype_policy(before)


def trained(make: Callable[[], keras.Model], callbacks: list[Any], **options: Any) -> tuple[dict[str, list[float]], list[Any]]:
    keras.utils.clear_session(free_memory=False)
    keras.utils.set_random_seed(1)
    model = make()
    data = digits()
    history = model.fit(data.x, data.y, batch_size=8, epochs=2, validation_data=(data.x_val, data.y_val), verbose=0, callbacks=callbacks, **options)
    model.predict(data.x_val[:1], verbose=0)  # it is left in working order
    return history.history, [variable.numpy() for variable in [*model.variables, *model.optimizer.variables, *model.metrics_variables]]


@pytest.mark.parametrize("name", MODELS)
def test_a_training_is_the_same_with_and_without(name: str, tmp_path: Path) -> None:
    plain_history, plain = trained(MODELS[name], [])
    evaluations = {"test": digits()[:2]}
    history, logged = trained(MODELS[name], [Layerscope(tmp_path, labels=10, evaluations=evaluations)])

    assert list(history) == list(plain_history)
    assert history == plain_history
    for one, other in zip(plain, logged, strict=True):
        np.testing.assert_array_equal(one, other)


def test_random_numbers_are_not_touched(tmp_path: Path) -> None:
    import random

    model = compiled(two_outputs(), ["sparse_categorical_crossentropy", "binary_crossentropy"], metrics=None)
    callback = Layerscope(tmp_path)
    callback.set_model(model)
    callback.set_params({"epochs": 1, "steps": 5})
    before = random.getstate(), repr(np.random.get_state())

    callback.on_train_begin()
    callback.on_epoch_begin(0)
    callback.on_train_batch_begin(0)
    callback.close()

    assert (random.getstate(), repr(np.random.get_state())) == before


def test_automatic_names_go_on_as_without(tmp_path: Path) -> None:
    model = compiled(sequential())
    callback = Layerscope(tmp_path)
    callback.set_model(model)
    callback.on_train_begin()
    callback.close()

    assert keras.layers.Dense(1).name == "dense_2"
    assert keras.layers.Flatten().name == "flatten_1"


def test_a_training_whose_code_is_looked_into_is_the_same(tmp_path: Path) -> None:
    import tensorflow as tf

    from tests.keras.own_layers import Transformer

    words, next_words = np.arange(240, dtype=np.int32).reshape(40, 6) % 20, (np.arange(240, dtype=np.int32).reshape(40, 6) + 1) % 20

    def make(callbacks: list[Any]) -> tuple[Any, list[Any], list[Any]]:
        keras.utils.clear_session(free_memory=False)
        keras.utils.set_random_seed(3)
        model = compiled(Transformer(depth=2), keras.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=[])
        history = model.fit(words, next_words, batch_size=8, epochs=2, verbose=0, callbacks=callbacks)
        model.fit(words, next_words, batch_size=8, epochs=1, verbose=0, callbacks=callbacks)  # built by now: looked into before its first batch
        drawn = [keras.random.normal((2,)).numpy(), tf.random.normal((2,)).numpy(), np.random.rand(2), keras.layers.Dense(1).name]
        return history.history, [variable.numpy() for variable in [*model.variables, *model.optimizer.variables]], drawn

    plain_history, plain, plain_drawn = make([])
    history, logged, drawn = make([Layerscope(tmp_path)])

    assert history == plain_history
    for one, other in zip(plain, logged, strict=True):
        np.testing.assert_array_equal(one, other)
    np.testing.assert_equal(drawn, plain_drawn)
