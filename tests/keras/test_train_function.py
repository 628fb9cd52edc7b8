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
from tests.keras.models import sequential
from tests.keras.test_train_function import decaying, fit

model = sequential()
model.compile(decaying(), "sparse_categorical_crossentropy", jit_compile=True)
fit(sys.argv[1], model)
"""


def test_xla_compiles_each_train_function_once(tmp_path: Path) -> None:
    says_each = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "0", "TF_CPP_VMODULE": "device_compiler=1"}
    ran = subprocess.run([sys.executable, "-c", XLA, str(tmp_path)], env=says_each, check=True, capture_output=True, text=True)

    assert ran.stderr.count("Compilation of XLA executable time") == 2
    assert np.concatenate([record.step for record in norms(tmp_path)]).tolist() == TOLD
