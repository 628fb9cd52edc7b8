"""What a model's outputs are is read off its last activation and its loss, however these are given."""

from __future__ import annotations

from functools import partial
from typing import Any

import keras
import pytest

from writers.frameworks.keras.outputs.outputs import Outputs
from writers.frameworks.keras.outputs.task import Choice, SeveralLabels

SPARSE = keras.losses.sparse_categorical_crossentropy


def outputs_of(activation: str | None, loss: Any, *, columns: int = 3, inside: bool = False) -> Outputs:
    """Of a model that decides at each position of a sequence."""
    inputs = keras.Input((5, 4))
    layer = keras.layers.Dense(columns, activation=activation)
    each = keras.Sequential([keras.Input((4,)), layer]) if inside else layer
    model = keras.Model(inputs, keras.layers.TimeDistributed(each)(inputs))
    model.compile("sgd", loss)
    return Outputs(model, None, None)


@pytest.mark.parametrize("inside", [False, True])
@pytest.mark.parametrize(
    ("activation", "loss", "score"),
    [
        ("softmax", SPARSE, "prob"),
        (None, partial(SPARSE, from_logits=True), "logit"),
        (None, keras.losses.SparseCategoricalCrossentropy(from_logits=True), "logit"),
    ],
    ids=["activation", "function with an argument", "object"],
)
def test_the_score_of_each_position_is_that_of_the_layer_inside(activation: str | None, loss: Any, score: str, inside: bool) -> None:
    task = outputs_of(activation, loss, inside=inside).task("", 3)

    assert isinstance(task, Choice)
    assert task.score == score


def test_labels_of_each_position_are_as_their_layer_says() -> None:
    task = outputs_of("sigmoid", partial(keras.losses.binary_crossentropy, label_smoothing=0.1)).task("", 3)

    assert isinstance(task, SeveralLabels)
    assert task.score == "prob"
