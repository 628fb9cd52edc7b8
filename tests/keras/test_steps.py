"""Steps are training batches, however Keras takes them and whatever its own counters say."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import pytest
import tensorflow as tf

from layerscope.keras import Layerscope
from tests.keras.logged import steps
from tests.keras.models import digits, sequential

DATA = digits()
BATCHES = 20  # of 8 examples

RAN_OUT = "ignore:Your input ran out of data:UserWarning"
SHUFFLE = "ignore:`shuffle=True` was passed:UserWarning"
SAVING = "ignore:__array__ implementation:DeprecationWarning"
pytestmark = [pytest.mark.filterwarnings(theirs) for theirs in (RAN_OUT, SHUFFLE, SAVING)]


def sized(batches: int = BATCHES) -> Any:
    return tf.data.Dataset.from_tensor_slices((DATA.x[: 8 * batches], DATA.y[: 8 * batches])).batch(8)


def unsized(batches: int = BATCHES) -> Any:
    """Data that cannot tell its length."""
    return sized(batches).filter(lambda x, y: True)


def compiled(optimizer: Any = "sgd", model: keras.Model | None = None, **options: Any) -> keras.Model:
    model = sequential() if model is None else model
    model.compile(optimizer, "sparse_categorical_crossentropy", **{"run_eagerly": True, **options})
    return model


def fit(model: keras.Model, *callbacks: Any, data: Any = None, epochs: int = 1, **options: Any) -> None:
    model.fit(sized() if data is None else data, epochs=epochs, verbose=0, validation_data=(DATA.x_val, DATA.y_val), callbacks=list(callbacks), **options)


def evaluated(logdir: Path) -> list[int]:
    return steps(logdir / "layerscope", "validation/confusion_matrix")


def rates(logdir: Path) -> list[int]:
    return steps(logdir / "layerscope", "learning_rate")


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [r.getMessage() for r in caplog.records if r.name == "layerscope" and r.levelno >= logging.WARNING]


class TwoUpdates(keras.Model):
    """Applies its optimizer twice in a batch."""

    def train_step(self, data: Any) -> dict[str, Any]:
        super().train_step(data)
        return dict(super().train_step(data))


def of_two_updates() -> keras.Model:
    inputs = keras.Input((8, 8))
    return TwoUpdates(inputs, keras.layers.Dense(10, activation="softmax")(keras.layers.Flatten()(inputs)))


def overflowing() -> Any:
    """Most of its first batches overflow and update nothing."""
    return keras.optimizers.LossScaleOptimizer(keras.optimizers.SGD(), initial_scale=2.0**120)


def accumulating() -> Any:
    return keras.optimizers.SGD(gradient_accumulation_steps=3)


HOW: dict[str, Callable[[int], keras.Model]] = {
    "plain": lambda n: compiled(steps_per_execution=n),
    "traced": lambda n: compiled(steps_per_execution=n, run_eagerly=False),
    "XLA": lambda n: compiled(steps_per_execution=n, run_eagerly=False, jit_compile=True),
    "accumulation": lambda n: compiled(accumulating(), steps_per_execution=n, run_eagerly=False),
    "loss scaling": lambda n: compiled(overflowing(), steps_per_execution=n, run_eagerly=False),
    "two updates a batch": lambda n: compiled(model=of_two_updates(), steps_per_execution=n, run_eagerly=False),
}


COMBINED = [("plain", data, n) for data in (sized, unsized) for n in (1, 8)] + [(how, unsized, n) for how in HOW for n in (1, 8) if how != "plain"]
"""How, of which data, and how many steps an execution; data of a length that is known takes most of the same code."""


@pytest.mark.parametrize(("how", "data", "executions"), COMBINED)
def test_each_batch_is_counted_once(how: str, data: Callable[[], Any], executions: int, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    fit(HOW[how](executions), Layerscope(tmp_path), data=data(), epochs=2)

    assert evaluated(tmp_path) == [20, 40]
    assert rates(tmp_path) == list(range(40))
    assert not warnings(caplog)


def test_without_gradients_the_rates_between_executions_are_told(tmp_path: Path) -> None:
    fit(HOW["plain"](8), Layerscope(tmp_path, gradients=False), epochs=2)

    assert rates(tmp_path) == [20 * epoch + batch for epoch in range(2) for batch in range(0, 20, 8)]


@pytest.mark.parametrize(("executions", "told", "finished"), [(1, 15, [15, 20, 35]), (8, 15, [16, 20, 36]), (8, 16, [16, 20, 36])])
def test_an_epoch_of_other_length_than_the_data(executions: int, told: int, finished: list[int], tmp_path: Path) -> None:
    fit(compiled(steps_per_execution=executions), Layerscope(tmp_path), epochs=3, steps_per_epoch=told)

    assert evaluated(tmp_path) == finished


def test_data_of_unknown_length_that_ends_before_its_epoch(tmp_path: Path) -> None:
    fit(compiled(), Layerscope(tmp_path), data=unsized(6), steps_per_epoch=10)

    assert evaluated(tmp_path) == [6]
    assert rates(tmp_path) == list(range(6))


def test_data_of_unknown_length_that_ends_with_an_execution(tmp_path: Path) -> None:
    fit(compiled(steps_per_execution=8, run_eagerly=False), Layerscope(tmp_path), data=unsized(16), epochs=2)

    assert evaluated(tmp_path) == [16, 32]


@pytest.mark.parametrize("strategy", [tf.distribute.OneDeviceStrategy, lambda device: tf.distribute.MirroredStrategy([device])])
def test_batches_under_a_strategy_are_those_that_there_were(strategy: Any, tmp_path: Path) -> None:
    with strategy("CPU:0").scope():
        model = compiled(steps_per_execution=8)
    fit(model, Layerscope(tmp_path), data=unsized(), epochs=2)

    assert evaluated(tmp_path) == [20, 40]


def test_a_callback_in_two_takes_the_same_count_and_leaves_nothing(tmp_path: Path) -> None:
    model = compiled(steps_per_execution=8)
    fit(model, Layerscope(tmp_path / "a"), Layerscope(tmp_path / "b"), data=unsized())

    assert evaluated(tmp_path / "a") == evaluated(tmp_path / "b") == [20]
    assert type(model.train_function).__name__ == "function"


def test_a_batch_of_somebody_else_is_no_step(tmp_path: Path) -> None:
    class Other(keras.callbacks.Callback):
        def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
            self.model.train_on_batch(DATA.x[:8], DATA.y[:8])

    fit(compiled(), Layerscope(tmp_path), Other(), data=unsized())

    assert evaluated(tmp_path) == [20]


@pytest.mark.parametrize("make", [keras.optimizers.SGD, accumulating])
def test_a_restored_optimizer_says_where_a_training_goes_on(make: Callable[[], Any], tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    model = compiled(make())
    fit(model)
    model.save(tmp_path / "m.keras")
    restored = keras.models.load_model(tmp_path / "m.keras")

    fit(restored, Layerscope(tmp_path / "run"), epochs=2)

    assert evaluated(tmp_path / "run") == [40, 60]
    assert not warnings(caplog)


def test_a_restored_model_goes_on_in_the_run_that_it_left(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    model = compiled(accumulating())
    fit(model, Layerscope(tmp_path / "run"))
    model.save(tmp_path / "m.keras")

    fit(keras.models.load_model(tmp_path / "m.keras"), Layerscope(tmp_path / "run"), epochs=2, initial_epoch=1)

    assert evaluated(tmp_path / "run") == [20, 40]
    assert not warnings(caplog)


@pytest.mark.parametrize("recompiled", [False, True])
def test_batches_of_a_fit_without_the_callback_are_counted(recompiled: bool, tmp_path: Path) -> None:
    model, callback = compiled(accumulating()), Layerscope(tmp_path)
    fit(model, callback)
    if recompiled:
        compiled(accumulating(), model)
    fit(model)
    fit(model, callback)

    assert evaluated(tmp_path) == [20, 60]


def test_a_recompiled_model_counts_on(tmp_path: Path) -> None:
    model, callback = compiled(), Layerscope(tmp_path)
    fit(model, callback)
    fit(compiled("adam", model), callback)
    fit(model, callback, epochs=5, initial_epoch=4)

    assert evaluated(tmp_path) == [20, 40, 60]


def test_what_the_user_says_wins(tmp_path: Path) -> None:
    model = compiled()
    fit(model)
    fit(model, Layerscope(tmp_path, initial_step=7), epochs=4, initial_epoch=3)

    assert evaluated(tmp_path) == [27]


def test_rates_of_a_training_that_goes_on_are_as_many_as_of_one_that_begins(tmp_path: Path) -> None:
    fit(compiled(), Layerscope(tmp_path / "a", gradients=False), epochs=3)
    fit(compiled(), Layerscope(tmp_path / "b", initial_step=100_000, gradients=False), epochs=3)
    fit(compiled(), Layerscope(tmp_path / "c", gradients=False), epochs=1003, initial_epoch=1000)

    assert rates(tmp_path / "a") == list(range(60))
    assert rates(tmp_path / "b") == list(range(100_000, 100_060))
    assert rates(tmp_path / "c") == list(range(20_000, 20_060))
