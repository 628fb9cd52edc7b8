"""Evaluations of our own give what Keras' `evaluate` and `predict` give on the same data, weights included."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sklearn.metrics
import tensorflow as tf

from tests.keras.logged import counts, last, weights
from tests.keras.models import Batches, digits, evaluating, sequential

DATA = digits()
WEIGHT = np.linspace(0.0, 2.0, len(DATA.y_val))

FORMS: dict[str, Any] = {
    "arrays": lambda: (DATA.x_val, DATA.y_val, WEIGHT),
    "tf.data": lambda: tf.data.Dataset.from_tensor_slices((DATA.x_val, DATA.y_val, WEIGHT)).batch(32),
    "PyDataset": lambda: Batches(DATA.x_val, DATA.y_val, WEIGHT),
}


@pytest.mark.parametrize("form", FORMS)
def test_loss_metrics_counts_and_weights(form: str, tmp_path: Path) -> None:
    model = sequential()
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"], weighted_metrics=["accuracy"])

    model.fit(DATA.x, DATA.y, epochs=1, verbose=0, callbacks=[evaluating(tmp_path, evaluations={"test": FORMS[form]()})])

    matrix = last(tmp_path / "layerscope", "test/confusion_matrix")
    predicted = model.predict(DATA.x_val, verbose=0).argmax(axis=1)
    np.testing.assert_array_equal(counts(matrix), sklearn.metrics.confusion_matrix(DATA.y_val, predicted, labels=range(10)))
    weighed = sklearn.metrics.confusion_matrix(DATA.y_val, predicted, labels=range(10), sample_weight=WEIGHT)
    np.testing.assert_allclose(weights(matrix), weighed, rtol=1e-6)
    for name, value in model.evaluate(DATA.x_val, DATA.y_val, sample_weight=WEIGHT, verbose=0, return_dict=True).items():
        assert last(tmp_path / "test", f"epoch_{name}") == pytest.approx(value, rel=1e-5)
