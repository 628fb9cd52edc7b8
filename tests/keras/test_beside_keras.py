"""Beside Keras' own TensorBoard callback, in one fit or in several: neither loses anything."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import keras
import pytest
import tensorflow as tf

from layerscope.keras import Layerscope
from tests.event_files import LOADERS, Loader, records, scalars
from tests.keras.logged import points, steps
from tests.keras.models import digits, sequential

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # Keras' own, on its learning rate

DATA = digits()
SPLITS = [("train", "loss"), ("validation", "val_loss")]


def compiled() -> keras.Model:
    model = sequential()
    model.compile("adam", "sparse_categorical_crossentropy", run_eagerly=True)
    return model


def fit(model: keras.Model, *callbacks: Any, epochs: int = 2) -> dict[str, list[float]]:
    data = DATA.x_val, DATA.y_val
    return dict(model.fit(DATA.x, DATA.y, epochs=epochs, validation_data=data, verbose=0, callbacks=list(callbacks)).history)


def theirs(logdir: Path) -> keras.callbacks.Callback:
    return keras.callbacks.TensorBoard(str(logdir), write_graph=False)


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [r.getMessage() for r in caplog.records if r.name == "layerscope" and r.levelno >= logging.WARNING]


@pytest.mark.parametrize("loader", LOADERS)
@pytest.mark.parametrize("placed", ["before", "after"])
def test_two_fits_beside_it_lose_nothing(placed: str, loader: Loader, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    model, histories = compiled(), []
    for _ in range(2):
        ours, other = Layerscope(tmp_path), theirs(tmp_path)
        histories.append(fit(model, *([ours, other] if placed == "before" else [other, ours])))

    # Keras counts epochs from 0 again: to the Rust loader that is a restart, which hides what came before, also without ours.
    kept_fits = histories if loader == "python" else histories[1:]
    epochs = scalars(tmp_path, loader, expected=2 * 3 * len(kept_fits) + 20)  # two losses and a rate an epoch, and the rate of each step
    for run, logged in SPLITS:
        told = [value for history in kept_fits for value in history[logged]]
        assert sorted(value for _, _, value in epochs[run, "epoch_loss"]) == pytest.approx(sorted(told))
    assert [step for step, _, _ in epochs["layerscope", "learning_rate"]] == list(range(20))
    kept = records(tmp_path, loader, expected=4 + 2 + 2 + 1 + 1)  # matrices, facts, classes, structure, parameters
    assert [step for step, _, _ in kept["layerscope", "validation/confusion_matrix"]] == [5, 10, 15, 20]
    assert [step for step, _, _ in kept["layerscope", "training_facts"]] == [0, 10]
    assert not warnings(caplog)


@pytest.mark.parametrize("loader", LOADERS)
def test_a_fit_after_one_beside_it_writes_the_epochs_itself(loader: Loader, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    model, callback = compiled(), Layerscope(tmp_path)
    histories = [fit(model, callback, theirs(tmp_path)), fit(model, callback)]

    epochs = scalars(tmp_path, loader, expected=2 * 2 * 2 + 2 * 2 + 20)
    for run, logged in SPLITS:
        told = [value for history in histories for value in history[logged]]
        assert [value for _, _, value in epochs[run, "epoch_loss"]] == pytest.approx(told)
        assert [step for step, _, _ in epochs[run, "epoch_loss"]] == [0, 1, 2, 3]
    assert not warnings(caplog)


def test_a_writer_that_is_open_but_silent_is_told_of(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    forgotten = tmp_path / "train" / "events.out.tfevents.1700000000.another-host.1.0"
    forgotten.parent.mkdir()
    forgotten.write_bytes(b"")  # young, so it counts as being written

    fit(compiled(), Layerscope(tmp_path))

    assert steps(tmp_path / "validation", "epoch_loss") == [0, 1]
    assert len(warnings(caplog)) == 1
    assert str(tmp_path / "train") in warnings(caplog)[0]
    assert forgotten.name in warnings(caplog)[0]


def test_who_writes_there_meanwhile_is_not_told_of(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    class Own(keras.callbacks.Callback):
        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            with writer.as_default():
                tf.summary.scalar("own", 1.0, step=epoch)
            writer.flush()

    writer = tf.summary.create_file_writer(str(tmp_path / "train"))
    fit(compiled(), Layerscope(tmp_path), Own())
    writer.close()

    assert list(points(tmp_path / "train")) == ["own"]
    assert not warnings(caplog)
