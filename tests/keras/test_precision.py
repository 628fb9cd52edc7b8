"""Probabilities as TensorFlow computes them in bfloat16: they miss 1 in sum by more than their own rounding."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from tb_plugin.schema.confusion_matrix import ScoreType
from tests.keras.logged import last
from tests.keras.models import evaluating
from writers.confusion_matrix import from_scores


@pytest.mark.parametrize("n_classes", [2, 10, 1000, 20_000])
@pytest.mark.parametrize(("score", "function"), [("prob", tf.nn.softmax), ("logprob", tf.nn.log_softmax)])
def test_what_was_computed_in_bfloat16_sums_to_one(score: ScoreType, function: Callable[[Any], Any], n_classes: int) -> None:
    rng = np.random.default_rng(0)
    for spread in (0.1, 1, 3, 10):
        scores = function(tf.cast(rng.normal(0, spread, (200, n_classes)), "bfloat16")).numpy()

        matrix = from_scores(np.zeros(200), scores, score=score, n_classes=n_classes)

        assert matrix.dropped == {}
        assert matrix.count.sum() == 200


def test_a_training_in_bfloat16_loses_no_example(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    x, y = rng.normal(0, 9, (400, 64)).astype(np.float32), rng.integers(0, 1000, 400)
    model = keras.Sequential([keras.Input((64,)), keras.layers.Dense(1000, activation="softmax", dtype="bfloat16")])
    model.compile("sgd", "sparse_categorical_crossentropy", run_eagerly=True)

    model.fit(x, y, epochs=1, verbose=0, validation_data=(x, y), callbacks=[evaluating(tmp_path)])

    matrix = last(tmp_path / "layerscope", "validation/confusion_matrix")
    assert matrix.dropped == {}
    assert matrix.count.sum() == 400
