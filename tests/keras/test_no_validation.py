"""A `fit` without validation says once what is missing and what gives it; one that is evaluated in any way says nothing."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import keras
import pytest

from layerscope.keras import Layerscope
from tests.keras.models import digits, sequential

DATA = digits()
VALIDATION = DATA.x_val, DATA.y_val


def told(caplog: pytest.LogCaptureFixture, *callbacks: Any, fits: int = 1, **options: Any) -> list[str]:
    model = sequential()
    model.compile("sgd", "sparse_categorical_crossentropy", run_eagerly=True)
    for _ in range(fits):
        model.fit(DATA.x, DATA.y, verbose=0, callbacks=list(callbacks), **options)
    return [r.getMessage() for r in caplog.records if r.name == "layerscope" and r.levelno >= logging.WARNING]


class Counts(keras.callbacks.Callback):
    """Keeps how much was said when an epoch began for the first time."""

    def __init__(self, caplog: pytest.LogCaptureFixture) -> None:
        super().__init__()
        self.caplog, self.said = caplog, dict[int, int]()

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        self.said.setdefault(epoch, len(self.caplog.records))


@pytest.mark.parametrize("epochs", [1, 3])
def test_it_is_said_once_when_the_first_epoch_is_over(epochs: int, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    counts = Counts(caplog)

    (said,) = told(caplog, Layerscope(tmp_path), counts, epochs=epochs, fits=2)

    assert "no predictions" in said
    assert "validation_data=" in said
    assert "evaluations=" in said
    assert counts.said == ({0: 0, 1: 1, 2: 1} if epochs == 3 else {0: 0})


@pytest.mark.parametrize("options", [{"validation_data": VALIDATION}, {"validation_split": 0.5}, {"validation_data": VALIDATION, "validation_freq": 3}])
def test_a_validation_says_nothing(options: dict[str, Any], tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    assert told(caplog, Layerscope(tmp_path), epochs=3, **options) == []


def test_an_evaluation_of_our_own_says_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    assert told(caplog, Layerscope(tmp_path, evaluations={"test": VALIDATION}), epochs=2) == []


@pytest.mark.parametrize("placed", ["before", "after"])
def test_a_users_own_evaluation_says_nothing(placed: str, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    class Evaluates(keras.callbacks.Callback):
        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            self.model.evaluate(*VALIDATION, verbose=0, callbacks=[ours])

    ours = Layerscope(tmp_path)
    callbacks = [ours, Evaluates()]

    assert told(caplog, *(callbacks if placed == "after" else callbacks[::-1]), epochs=2) == []


def test_a_training_that_ends_before_its_first_epoch_says_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    class Interrupt(keras.callbacks.Callback):
        def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
            raise KeyboardInterrupt

    ours = Layerscope(tmp_path)
    with pytest.raises(KeyboardInterrupt):
        told(caplog, ours, Interrupt())
    ours.close()

    assert not caplog.records
