"""Evaluations of no data: nothing to show, which is said once."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import keras
import pytest
import tensorflow as tf

from layerscope.keras import Layerscope
from tests.keras.logged import points
from tests.keras.models import digits, sequential

DATA = digits()


def nothing() -> Any:
    return tf.data.Dataset.from_tensor_slices((DATA.x_val, DATA.y_val)).batch(10).take(0)


def nothing_by_surprise() -> Any:
    return tf.data.Dataset.from_tensor_slices((DATA.x_val, DATA.y_val)).filter(lambda x, y: False).batch(10)


@pytest.mark.filterwarnings("ignore:Your input ran out of data")  # Keras' own
@pytest.mark.filterwarnings("ignore:The dataset is empty")
@pytest.mark.parametrize("data", [nothing, nothing_by_surprise])
@pytest.mark.parametrize("evaluation", ["validation", "test"])
def test_an_evaluation_of_no_data_is_said_once(evaluation: str, data: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    model: keras.Model = sequential()
    model.compile("adam", "sparse_categorical_crossentropy", run_eagerly=True)
    callback = Layerscope(tmp_path, evaluations={"test": data()} if evaluation == "test" else None)

    history = model.fit(DATA.x, DATA.y, epochs=2, verbose=0, validation_data=data() if evaluation == "validation" else None, callbacks=[callback])

    assert len(history.history["loss"]) == 2
    assert f"{evaluation}/confusion_matrix" not in points(tmp_path / "layerscope")
    told = [r.getMessage() for r in caplog.records if r.name == "layerscope" and r.levelno >= logging.WARNING]
    assert told == [f"Layerscope logs no confusion matrix of {evaluation}: the evaluation had no data."]
