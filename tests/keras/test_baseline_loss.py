"""The baseline loss is Keras' own loss of a constant prediction, of which there is none better; elsewhere it is unknown."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from layerscope.keras import Layerscope
from tests.keras.logged import last
from tests.keras.models import Batches, digits, sequential, two_outputs

DATA = digits()
ONE_HOT = np.eye(10, dtype=np.float32)
SEVERAL = (ONE_HOT[DATA.y] + ONE_HOT[(DATA.y * 3) % 10] > 0).astype(np.uint8)
Y = np.minimum(DATA.y, 6)
SHARES = np.bincount(Y, minlength=10) / len(Y)
NUMBERS = np.stack([DATA.x.sum(axis=(1, 2)), DATA.y - 3.0], axis=1)


def logged(folder: Path, model: keras.Model, loss: Any, y: Any, x: Any = DATA.x, compiled: Any = None, **options: Any) -> float | None:
    model.compile("sgd", loss, run_eagerly=True, **(compiled or {}))
    model.fit(x, y, verbose=0, callbacks=[Layerscope(folder)], **options)
    found: float | None = last(folder / "layerscope", "training_facts").baseline_loss
    return found


KNOWN: dict[str, Any] = {
    "class ids": (10, "softmax", "sparse_categorical_crossentropy", Y, SHARES),
    "class ids in a column, as tensors": (10, "softmax", keras.losses.SparseCategoricalCrossentropy(), tf.constant(Y[:, None]), SHARES),
    "classes without examples": (12, "softmax", keras.losses.sparse_categorical_crossentropy, Y.astype("float32"), np.append(SHARES, [0, 0])),
    "one-hot": (10, "softmax", "categorical_crossentropy", ONE_HOT[Y], SHARES),
    "soft labels": (10, "softmax", ["categorical_crossentropy"], 0.9 * ONE_HOT[Y] + 0.01, 0.9 * SHARES + 0.01),
    "binary": (1, "sigmoid", "binary_crossentropy", DATA.y > 6, [(DATA.y > 6).mean()]),
    "labels": (10, "sigmoid", keras.losses.BinaryCrossentropy(), SEVERAL, SEVERAL.mean(axis=0)),
    "numbers": (1, None, "mse", DATA.y * 1.0, [DATA.y.mean()]),
    "pairs of numbers": (2, None, keras.losses.MeanSquaredError(), NUMBERS, NUMBERS.mean(axis=0)),
}


@pytest.mark.parametrize("name", KNOWN)
def test_it_is_keras_loss_of_the_best_constant(name: str, tmp_path: Path) -> None:
    units, activation, loss, y, constant = KNOWN[name]
    given = keras.losses.get(loss[0] if isinstance(loss, list) else loss)

    def of(prediction: Any) -> float:
        truth = np.asarray(y, "float32").reshape(len(DATA.y), -1)
        return float(np.mean(given(truth, np.tile(np.asarray(prediction, "float32"), (len(truth), 1)))))

    found = logged(tmp_path, sequential(units, activation), loss, y)

    assert found is not None
    assert found == pytest.approx(of(constant), rel=1e-4)
    for seed in range(20):
        other = np.asarray(constant) * np.random.default_rng(seed).uniform(0.9, 1.1, len(constant))
        other = other / other.sum() if activation == "softmax" else other if activation is None else other.clip(0, 1)
        assert of(other) >= found * (1 - 1e-4)


def test_of_a_validation_split_it_is_that_of_what_is_trained_on(tmp_path: Path) -> None:
    found = logged(tmp_path, sequential(1, None), "mse", DATA.y, validation_split=0.75)

    assert found == pytest.approx(DATA.y[:40].var(), rel=1e-6)


def own(y_true: Any, y_pred: Any) -> Any:
    return keras.losses.mean_squared_error(y_true, y_pred)


own.__name__ = "mean_squared_error"
SMOOTH = keras.losses.CategoricalCrossentropy(label_smoothing=0.1)
SPARSE = "sparse_categorical_crossentropy"
UNKNOWN: dict[str, Any] = {
    "sample weights": lambda: {"y": DATA.y, "sample_weight": np.ones(160)},
    "class weights": lambda: {"y": DATA.y, "class_weight": {0: 2.0}},
    "loss weights": lambda: {"y": DATA.y, "compiled": {"loss_weights": [0.5]}},
    "label smoothing": lambda: {"y": ONE_HOT[DATA.y], "loss": SMOOTH},
    "an ignored class": lambda: {"y": DATA.y, "loss": keras.losses.SparseCategoricalCrossentropy(ignore_class=0)},
    "a sum": lambda: {"y": DATA.y, "loss": keras.losses.SparseCategoricalCrossentropy(reduction="sum")},
    "another loss": lambda: {"y": DATA.y, "loss": "mae", "model": sequential(1, None)},
    "a loss of one's own": lambda: {"y": DATA.y, "loss": own, "model": sequential(1, None)},
    "targets that are broadcast": lambda: {"y": DATA.y[:, None], "loss": "mse"},
    "not a number": lambda: {"y": np.full(160, np.nan), "loss": "mse", "model": sequential(1, None)},
    "several outputs": lambda: {"y": [DATA.y, DATA.y % 2], "loss": [SPARSE, "binary_crossentropy"], "model": two_outputs()},
    "tf.data": lambda: {"x": tf.data.Dataset.from_tensor_slices((DATA.x, DATA.y)).batch(32), "y": None, "shuffle": False},
    "PyDataset": lambda: {"x": Batches(DATA.x, DATA.y), "y": None},
}


@pytest.mark.parametrize("name", UNKNOWN)
def test_where_it_is_not_sure_there_is_none(name: str, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    assert logged(tmp_path, **{"model": sequential(), "loss": SPARSE, **UNKNOWN[name]()}) is None
    assert not [r for r in caplog.records if r.name == "layerscope" and "could not" in r.getMessage()]


def test_no_batch_of_a_generator_is_lost_to_training(tmp_path: Path) -> None:
    asked: list[int] = []

    def batches() -> Any:
        for i in range(3):  # as many as there are steps: how far Keras reads ahead is a matter of time
            asked.append(i)
            yield DATA.x[32 * i : 32 * i + 32], DATA.y[32 * i : 32 * i + 32]

    model = sequential()
    assert logged(tmp_path, model, SPARSE, None, batches(), steps_per_epoch=3, shuffle=False) is None

    assert asked == [0, 1, 2]
    assert int(model.optimizer.iterations) == 3
