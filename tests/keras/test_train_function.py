"""Which train function takes a batch: the model's own, but for the steps that are told."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from layerscope.keras import Layerscope
from tb_plugin.schema.tensor_stats import NORMS, TensorStats
from tests.keras.logged import points
from tests.keras.models import Subclassed, digits, sequential
from writers.frameworks.keras.train_function import TrainFunction

DATA = digits()
EPOCH = 20
"""Steps of one, with batches of 8."""
TOLD = [*range(100), 100, 110, 120, 130, 139]
"""Of seven epochs."""


class Truth(keras.callbacks.Callback):
    """Norm of each weight and the rate, before each batch of `fit`."""

    def __init__(self) -> None:
        super().__init__()
        self.norms: list[list[float]] = []
        self.rates: list[float] = []

    def on_train_batch_begin(self, batch: int, logs: Any = None) -> None:
        self.norms.append([float(np.linalg.norm(weight.numpy())) for weight in self.model.weights])
        self.rates.append(float(self.model.optimizer.learning_rate))


class Traced(keras.Sequential):
    """Counts how often its train step is run by Python."""

    traces = 0

    def train_step(self, data: Any) -> Any:
        self.traces += 1
        return super().train_step(data)


def decaying() -> keras.optimizers.Optimizer:
    return keras.optimizers.SGD(keras.optimizers.schedules.InverseTimeDecay(0.1, 10, 0.5))


def fit(folder: Path | str, model: keras.Model, *callbacks: Any, epochs: int = 7) -> None:
    if not model.compiled:
        model.compile(decaying(), "sparse_categorical_crossentropy")
    model.fit(DATA.x, DATA.y, batch_size=8, epochs=epochs, verbose=0, callbacks=[*callbacks, Layerscope(folder, activity=False)])


def norms(folder: Path) -> list[TensorStats]:
    return [record for _, record in points(folder / "layerscope").get("tensor_stats/norms", [])]


def check(folder: Path, truth: Truth, steps: list[int]) -> None:
    records = norms(folder)
    assert np.concatenate([record.step for record in records]).tolist() == steps
    squares = np.concatenate([record.value[NORMS.index("weight_sum_squares")] for record in records], axis=-1).T
    np.testing.assert_allclose(np.sqrt(squares), [truth.norms[step] for step in steps], rtol=1e-5)
    rates = np.concatenate([record.learning_rate[0] for record in records])
    np.testing.assert_allclose(rates, [truth.rates[step] for step in steps], rtol=1e-6)


@pytest.mark.parametrize("eager", [False, True])
def test_steps_far_apart_tell_of_themselves(eager: bool, tmp_path: Path) -> None:
    truth, model = Truth(), sequential(noisy=False)
    model.compile(decaying(), "sparse_categorical_crossentropy", run_eagerly=eager)
    fit(tmp_path, model, truth)

    check(tmp_path, truth, TOLD)


@pytest.mark.parametrize(("epochs", "with_it"), [(1, 1), (7, 2)])
def test_a_train_step_is_traced_once_more_at_the_most(epochs: int, with_it: int, tmp_path: Path) -> None:
    model = Traced([keras.Input((8, 8)), keras.layers.Flatten(), keras.layers.Dense(10, activation="softmax")])
    fit(tmp_path, model, epochs=epochs)
    assert model.traces == with_it

    model.fit(DATA.x, DATA.y, batch_size=8, verbose=0)  # without us, with the function that was made for it
    assert model.traces == 2


@pytest.mark.parametrize("optimizer", ["adam", "lion", keras.optimizers.LossScaleOptimizer(keras.optimizers.SGD(momentum=0.9))])
def test_an_optimizer_has_the_variables_that_it_has_without_us(optimizer: Any, tmp_path: Path) -> None:
    def variables(*callbacks: Any) -> list[tuple[str, str, tuple[int, ...]]]:
        keras.utils.clear_session(free_memory=False)
        model = sequential(noisy=True)
        model.layers[0].trainable = False
        model.compile(keras.optimizers.get(optimizer) if isinstance(optimizer, str) else optimizer.from_config(optimizer.get_config()), "mse")
        model.fit(DATA.x, np.zeros((len(DATA.x), 10)), epochs=1, verbose=0, callbacks=list(callbacks))
        return [(each.path, each.dtype, tuple(each.shape)) for each in model.optimizer.variables]

    assert variables(Layerscope(tmp_path, activity=False)) == variables()


def test_fit_need_not_wait_for_the_device_after_each_batch() -> None:
    assert Layerscope.on_train_batch_end is keras.callbacks.Callback.on_train_batch_end
    assert Layerscope.on_batch_end is keras.callbacks.Callback.on_batch_end


def test_a_train_function_that_is_made_anew_amid_a_fit(tmp_path: Path) -> None:
    class Renews(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
            if epoch in (2, 5):
                self.model.make_train_function(force=True)

    truth, model = Truth(), sequential(noisy=False)
    fit(tmp_path, model, truth, Renews())

    check(tmp_path, truth, TOLD)
    assert type(model.train_function) is not TrainFunction
    assert "train_step" not in vars(model)


def test_a_model_that_its_first_batch_builds_tells_of_the_batches_after_it(tmp_path: Path) -> None:
    truth, model = Truth(), Subclassed()
    fit(tmp_path, model, truth)

    check(tmp_path, truth, TOLD[1:])
    assert np.concatenate([record.epoch for record in norms(tmp_path)])[:3].tolist() == [1 / EPOCH, 2 / EPOCH, 3 / EPOCH]


def test_batches_that_somebody_trains_amid_an_epoch_are_no_steps(tmp_path: Path) -> None:
    class Other(keras.callbacks.Callback):
        def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
            if batch % 3 == 0:
                self.model.train_on_batch(DATA.x[:8], DATA.y[:8])

    truth, model = Truth(), sequential(noisy=False)
    fit(tmp_path, model, truth, Other())

    check(tmp_path, truth, TOLD)


def test_two_callbacks_whose_steps_differ(tmp_path: Path) -> None:
    truth, model = Truth(), sequential(noisy=False)
    fit(tmp_path / "a", model, truth, Layerscope(tmp_path / "b", activity=False, budget=0.001))

    rarer = np.concatenate([record.step for record in norms(tmp_path / "b")]).tolist()
    assert 0 < len(rarer) < len(TOLD)
    check(tmp_path / "a", truth, TOLD)
    check(tmp_path / "b", truth, rarer)


def test_nothing_grows(tmp_path: Path) -> None:
    """Objects that Python keeps, after some thousand steps and after some thousand more."""
    found: list[int] = []

    class Count(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
            gc.collect()
            found.append(len(gc.get_objects()))

    model = keras.Sequential([keras.Input((8,)), keras.layers.Dense(2)])
    model.compile("sgd", "mse")
    data = tf.data.Dataset.from_tensors((np.ones((4, 8), np.float32), np.ones((4, 2), np.float32))).repeat()
    model.fit(data, steps_per_epoch=1_000, epochs=7, shuffle=False, verbose=0, callbacks=[Count(), Layerscope(tmp_path, activity=False)])

    assert found[-1] - found[2] < 1_000  # of 4,000 steps


XLA = """
import sys
import keras, numpy as np
from tests.keras.models import sequential
from tests.keras.test_train_function import DATA, decaying, fit

def made():
    keras.utils.clear_session(free_memory=False)
    keras.utils.set_random_seed(1)
    model = sequential()
    model.compile(decaying(), "sparse_categorical_crossentropy", jit_compile=True)
    return model

ours, alone = made(), made()
for model in (ours, alone):
    keras.utils.set_random_seed(2)
    fit(sys.argv[1], model) if model is ours else model.fit(DATA.x, DATA.y, batch_size=8, epochs=7, verbose=0)
for one, other in zip(ours.get_weights(), alone.get_weights(), strict=True):
    np.testing.assert_array_equal(one, other)
"""


def test_xla_compiles_each_train_function_once_and_trains_as_without_us(tmp_path: Path) -> None:
    says_each = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "0", "TF_CPP_VMODULE": "device_compiler=1"}
    ran = subprocess.run([sys.executable, "-c", XLA, str(tmp_path)], env=says_each, check=True, capture_output=True, text=True)

    assert ran.stderr.count("Compilation of XLA executable time") == 2 + 1  # with us, without
    assert np.concatenate([record.step for record in norms(tmp_path)]).tolist() == TOLD


class Noisy(keras.Sequential):
    """Draws noise as TensorFlow's own guides do, from a state that each graph counts itself."""

    def train_step(self, data: Any) -> Any:
        x, y = data
        return super().train_step((x + tf.random.normal(tf.shape(x), stddev=0.1, dtype=x.dtype), y))


def noisy() -> keras.Model:
    keras.utils.clear_session(free_memory=False)
    keras.utils.set_random_seed(1)
    return Noisy([keras.Input((8, 8)), keras.layers.Flatten(), keras.layers.Dense(10, activation="softmax")])


@pytest.mark.parametrize("eager", [False, True])
def test_numbers_that_a_graph_draws_from_its_own_state_are_those_without_us(eager: bool, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    def trained(*callbacks: Any) -> Any:
        model = noisy()
        model.compile("sgd", "sparse_categorical_crossentropy", run_eagerly=eager)
        model.fit(DATA.x, DATA.y, batch_size=8, epochs=1, verbose=0)
        model.fit(DATA.x, DATA.y, batch_size=8, epochs=6, verbose=0, callbacks=list(callbacks))
        return model.get_weights()

    for one, other in zip(trained(Layerscope(tmp_path)), trained(), strict=True):
        np.testing.assert_array_equal(one, other)
    assert [*norms(tmp_path)] == [] if not eager else len(norms(tmp_path)) > 0
    assert ("SeedGenerator" in caplog.text) is not eager
    rates = [step for step, _ in points(tmp_path / "layerscope")["learning_rate"]]
    assert rates[:2] == ([21, 22] if not eager else [20, 21])  # of the batch at which it was found, it was not read


def test_a_train_function_that_somebody_wraps_amid_a_fit(tmp_path: Path) -> None:
    class Wraps(keras.callbacks.Callback):
        calls = 0

        def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
            if epoch == 1:
                inner = self.model.train_function

                def counted(iterator: Any) -> Any:
                    self.calls += 1
                    return inner(iterator)

                self.model.train_function = counted

    truth, model, wraps = Truth(), sequential(noisy=False), Wraps()
    fit(tmp_path, model, truth, wraps)

    check(tmp_path, truth, TOLD)
    assert wraps.calls == 6 * EPOCH


def test_layers_that_another_callback_thaws_at_the_begin(tmp_path: Path) -> None:
    class Thaws(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
            self.model.layers[1].trainable = True

    truth, model = Truth(), sequential(noisy=False)
    model.layers[1].trainable = False
    fit(tmp_path, model, truth, Thaws())

    check(tmp_path, truth, TOLD)


def test_layers_that_another_callback_thaws_get_the_slots_that_they_need(tmp_path: Path) -> None:
    class Thaws(keras.callbacks.Callback):
        def on_train_begin(self, logs: Any = None) -> None:
            self.model.layers[1].trainable = True

    model = sequential(noisy=False)
    model.layers[1].trainable = False
    model.compile("adam", "sparse_categorical_crossentropy")
    model.fit(DATA.x, DATA.y, verbose=0, callbacks=[Layerscope(tmp_path), Thaws()])

    assert len(model.optimizer.variables) == 2 + 2 * len(model.weights)


class Unforced(keras.Sequential):
    """Makes its train function as Keras calls for it: without an argument."""

    def make_train_function(self) -> Any:
        if self.train_function is None:
            super().make_train_function()
        return self.train_function


class Once(keras.Sequential):
    """Makes one train function and no more."""

    def make_train_function(self, force: bool = False) -> Any:
        if self.train_function is None:
            super().make_train_function()
        return self.train_function


@pytest.mark.parametrize("kind", [Unforced, Once])
def test_a_model_that_makes_no_second_train_function(kind: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    model = kind([keras.Input((8, 8)), keras.layers.Flatten(), keras.layers.Dense(10, activation="softmax")])
    fit(tmp_path, model, epochs=2)

    assert "make_train_function" in caplog.text
    assert [step for step, _ in points(tmp_path / "layerscope")["learning_rate"]] == list(range(1, 40))
    assert type(model.train_function) is not TrainFunction


def test_a_fit_within_the_scope_of_a_strategy(tmp_path: Path) -> None:
    with tf.distribute.MirroredStrategy(["CPU:0"]).scope():
        model = sequential(noisy=False)
        model.compile("sgd", "sparse_categorical_crossentropy", steps_per_execution=8)
        fit(tmp_path, model, epochs=1)

    assert np.concatenate([record.step for record in norms(tmp_path)]).tolist() == list(range(EPOCH))


def test_a_batch_that_somebody_trains_before_the_fits_is_no_step(tmp_path: Path) -> None:
    class Other(keras.callbacks.Callback):
        def on_train_batch_begin(self, batch: int, logs: Any = None) -> None:
            if batch % 3 == 0:
                self.model.train_on_batch(DATA.x[:8], DATA.y[:8])

    truth, model = Truth(), sequential(noisy=False)
    model.compile(decaying(), "sparse_categorical_crossentropy")
    model.fit(DATA.x, DATA.y, batch_size=8, epochs=7, verbose=0, callbacks=[Layerscope(tmp_path, activity=False), Other(), truth])

    check(tmp_path, truth, TOLD)


def test_numbers_that_are_checked_are_not_ours(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    tf.debugging.enable_check_numerics()
    try:
        fit(tmp_path, sequential(noisy=False), epochs=1)
    finally:
        tf.debugging.disable_check_numerics()

    assert "enable_check_numerics" in caplog.text
