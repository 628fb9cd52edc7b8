"""Trainings that end before their time: nothing is lost, and the next one finds all in order."""

from __future__ import annotations

import gc
import logging
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import keras
import pytest
import tensorflow as tf

from layerscope.keras import Layerscope
from tests.keras.logged import last, points, steps
from tests.keras.models import digits, sequential

DATA = digits()
ROOT = Path(__file__).resolve().parents[2]
EPOCHS = 66
"""Of 2,000 epochs at the least budget, the 63rd to 65th evaluation are kept and the 66th is thinned."""


class Interrupt(keras.callbacks.Callback):
    """Ctrl-C as an epoch begins."""

    def __init__(self, epoch: int) -> None:
        super().__init__()
        self._epoch = epoch

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        if epoch == self._epoch:
            raise KeyboardInterrupt


def compiled() -> keras.Model:
    model = sequential()
    model.compile("adam", "sparse_categorical_crossentropy", run_eagerly=True)
    return model


def fit(model: keras.Model, *callbacks: Any, epochs: int = 3, few: bool = False, **options: Any) -> None:
    x, y = (DATA.x[:32], DATA.y[:32]) if few else (DATA.x, DATA.y)
    model.fit(x, y, epochs=epochs, validation_data=(DATA.x_val, DATA.y_val), verbose=0, callbacks=list(callbacks), **options)


def interrupted(model: keras.Model, callback: Layerscope, epoch: int = 1, **options: Any) -> None:
    with pytest.raises(KeyboardInterrupt):
        fit(model, callback, Interrupt(epoch), **options)


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [r.getMessage() for r in caplog.records if r.name == "layerscope" and r.levelno >= logging.WARNING]


@pytest.mark.parametrize("model_is_new", [False, True])
def test_a_new_callback_on_the_folder_of_an_interrupted_one(model_is_new: bool, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    model, first = compiled(), Layerscope(tmp_path)  # a notebook's traceback holds on to the first
    interrupted(model, first)
    fit(compiled() if model_is_new else model, Layerscope(tmp_path, initial_step=5))

    assert steps(tmp_path / "layerscope", "validation/confusion_matrix") == [5, 10, 15, 20]
    assert not (tmp_path / "layerscope_2").exists()
    for run in ("train", "validation"):
        assert len(steps(tmp_path / run, "epoch_loss")) == 4
    assert not warnings(caplog)
    first.close()


def test_a_new_callback_elsewhere_puts_the_model_in_order(tmp_path: Path) -> None:
    class InEvaluation(keras.callbacks.Callback):
        def on_test_batch_begin(self, batch: int, logs: Any = None) -> None:
            if batch == 1:
                raise KeyboardInterrupt

    model, first = compiled(), Layerscope(tmp_path / "a")
    with pytest.raises(KeyboardInterrupt):
        fit(model, first, InEvaluation())
    fit(model, Layerscope(tmp_path / "b"), epochs=1)

    assert type(model.test_function).__name__ != "WatchedTestFunction"
    assert last(tmp_path / "b" / "layerscope", "validation/confusion_matrix").count.sum() == len(DATA.y_val)
    first.close()


def test_the_last_evaluation_is_written_when_the_next_training_begins(tmp_path: Path) -> None:
    callback = Layerscope(tmp_path, budget=0.001)
    interrupted(compiled(), callback, EPOCHS, epochs=2000, few=True, initial_epoch=62)
    assert EPOCHS not in steps(tmp_path / "layerscope", "validation/confusion_matrix")

    fit(compiled(), Layerscope(tmp_path, initial_step=100), epochs=1)

    assert EPOCHS in steps(tmp_path / "layerscope", "validation/confusion_matrix")


def test_the_last_evaluation_is_written_when_nobody_holds_the_callback_any_more(tmp_path: Path) -> None:
    callback = Layerscope(tmp_path, budget=0.001)
    interrupted(compiled(), callback, EPOCHS, epochs=2000, few=True, initial_epoch=62)
    del callback
    gc.collect()

    assert EPOCHS in steps(tmp_path / "layerscope", "validation/confusion_matrix")
    assert steps(tmp_path / "train", "epoch_loss") == [62, 63, 64, 65]


ENDING = f"""
import sys
from tests.keras.test_interrupts import EPOCHS, Interrupt, Layerscope, compiled, fit
kept = Layerscope(sys.argv[1], budget=0.001)
fit(compiled(), kept, Interrupt({EPOCHS}), epochs=2000, few=True, initial_epoch=62)
"""


def test_the_last_evaluation_is_written_when_the_process_ends(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", ENDING, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.stderr.rstrip().endswith("KeyboardInterrupt")
    assert "layerscope" not in done.stderr.rpartition("Traceback")[0].lower().replace(str(ROOT), "")
    assert EPOCHS in steps(tmp_path / "layerscope", "validation/confusion_matrix")


def test_a_training_in_another_thread_is_not_taken_for_an_interrupted_one(tmp_path: Path) -> None:
    class Wait(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
            if epoch == 1:
                is_there.set()
                may_go_on.wait(60)

    is_there, may_go_on = threading.Event(), threading.Event()
    thread = threading.Thread(target=fit, args=(compiled(), Layerscope(tmp_path), Wait()))
    thread.start()
    assert is_there.wait(60)
    fit(compiled(), Layerscope(tmp_path), epochs=1)
    may_go_on.set()
    thread.join()

    assert steps(tmp_path / "layerscope", "validation/confusion_matrix") == [5, 10, 15]
    assert steps(tmp_path / "layerscope_2", "validation/confusion_matrix") == [5]


def test_what_was_open_is_closed_once(tmp_path: Path) -> None:
    callback = Layerscope(tmp_path)
    interrupted(compiled(), callback)
    callback.close()
    fit(compiled(), Layerscope(tmp_path, initial_step=5), epochs=1)

    assert [step for step, _ in points(tmp_path / "layerscope")["validation/confusion_matrix"]] == [5, 10]


def test_a_training_may_end_while_another_one_is_traced(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    callback = Layerscope(tmp_path, labels=10)
    callback.set_model(compiled())
    callback.set_params({"epochs": 1, "steps": 5})
    callback.on_train_begin()
    callback.on_epoch_begin(0)

    tf.function(callback.close, autograph=False)()

    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert steps(tmp_path / "layerscope", "training_facts") == [0]
