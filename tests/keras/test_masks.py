"""Positions that Keras masks count in no loss, and in no confusion matrix."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import sklearn.metrics

from tests.keras.logged import counts, last, weights
from tests.keras.models import evaluating

CLASSES, LENGTH = 4, 6
X = np.random.default_rng(0).integers(1, 9, (40, LENGTH))
X[:, 4:] = 0
X[::3, 2:] = 0
Y = X % CLASSES
IS_THERE = X > 0


def tagger() -> Any:
    return keras.Sequential([keras.Input((LENGTH,)), keras.layers.Embedding(9, 8, mask_zero=True), keras.layers.Dense(CLASSES, activation="softmax")])


@pytest.mark.parametrize(("one_hot", "weighted", "eager"), [(False, False, False), (True, True, True), (False, True, True)])
def test_masked_positions_are_dropped_by_reason(one_hot: bool, weighted: bool, eager: bool, tmp_path: Path) -> None:
    model = tagger()
    model.compile("adam", "categorical_crossentropy" if one_hot else "sparse_categorical_crossentropy", run_eagerly=eager)
    y = np.eye(CLASSES)[Y] if one_hot else Y
    weight = np.linspace(0, 2, X.size).reshape(X.shape) if weighted else None

    data = (X, y) if weight is None else (X, y, weight)
    model.fit(X, y, batch_size=15, epochs=1, verbose=0, validation_data=data, callbacks=[evaluating(tmp_path)])

    matrix = last(tmp_path / "layerscope", "validation/confusion_matrix")
    predicted = model.predict(X, verbose=0).argmax(axis=-1)
    wanted = Y[IS_THERE], predicted[IS_THERE]
    np.testing.assert_array_equal(counts(matrix), sklearn.metrics.confusion_matrix(*wanted, labels=range(CLASSES)))
    assert matrix.dropped == {"masked": int((~IS_THERE).sum())}
    if weight is not None:
        weighed = sklearn.metrics.confusion_matrix(*wanted, labels=range(CLASSES), sample_weight=weight[IS_THERE])
        np.testing.assert_allclose(weights(matrix), weighed, rtol=1e-6)
