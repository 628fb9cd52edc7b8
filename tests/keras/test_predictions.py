"""The matrix of the validation that `fit` makes is scikit-learn's of `model.predict` on the same data, in every form of truth and score."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import keras
import numpy as np
import pytest
import sklearn.metrics
import tensorflow as tf

from layerscope.keras import Layerscope
from tests.keras.logged import counts, last, points, steps, weights
from tests.keras.models import Array, Batches, Subclassed, digits, evaluating, sequential, two_outputs

DATA = digits()
ONE_HOT = np.eye(10, dtype=np.float32)
IS_ODD = DATA.y_val % 2
WEIGHT = np.linspace(0.0, 2.0, len(DATA.y_val))


class Form(NamedTuple):
    """How a task can be put to Keras."""

    model: Any
    loss: Any
    y: Array
    y_val: Array
    score: str | None


def binary_logits() -> Any:
    return keras.losses.BinaryCrossentropy(from_logits=True)


FORMS = {
    "class ids": lambda: Form(sequential(), "sparse_categorical_crossentropy", DATA.y, DATA.y_val, "prob"),
    "class ids in a column": lambda: Form(sequential(), "sparse_categorical_crossentropy", DATA.y[:, None], DATA.y_val[:, None], "prob"),
    "one-hot": lambda: Form(sequential(), "categorical_crossentropy", ONE_HOT[DATA.y], ONE_HOT[DATA.y_val], "prob"),
    "logits": lambda: Form(sequential(activation=None), keras.losses.SparseCategoricalCrossentropy(from_logits=True), DATA.y, DATA.y_val, "logit"),
    "log-probabilities": lambda: Form(
        sequential(activation="log_softmax"), keras.losses.SparseCategoricalCrossentropy(from_logits=True), DATA.y, DATA.y_val, "logprob"
    ),
    "scores of no known kind": lambda: Form(sequential(activation="softplus"), "sparse_categorical_crossentropy", DATA.y, DATA.y_val, None),
    "binary": lambda: Form(sequential(1, "sigmoid"), "binary_crossentropy", DATA.y % 2, IS_ODD, "prob"),
    "binary in a column": lambda: Form(sequential(1, "sigmoid"), "binary_crossentropy", DATA.y[:, None] % 2, IS_ODD[:, None], "prob"),
    "binary logits": lambda: Form(sequential(1, None), binary_logits(), DATA.y % 2, IS_ODD, "logit"),
    "binary with two outputs": lambda: Form(sequential(2), "sparse_categorical_crossentropy", DATA.y % 2, IS_ODD, "prob"),
    "not told how it is connected": lambda: Form(Subclassed(), "sparse_categorical_crossentropy", DATA.y, DATA.y_val, None),
}


TRACED = {"class ids in a column", "one-hot", "binary", "not told how it is connected"}
"""Tracing takes most of the time of so short a training; what is captured is the same code."""


def fit(model: Any, x: Any, y: Any = None, *, callback: Any, **options: Any) -> None:
    model.fit(x, y, batch_size=None if y is None else 32, epochs=1, verbose=0, callbacks=[callback], **options)


def chosen(scores: Array, score: str | None) -> Array:
    if scores.shape[1] > 1:
        return np.asarray(scores.argmax(axis=1))
    return np.asarray(scores[:, 0] > (0 if score == "logit" else 0.5)).astype(int)


@pytest.mark.parametrize("name", FORMS)
def test_each_form_of_truth_and_score(name: str, tmp_path: Path) -> None:
    form = FORMS[name]()
    form.model.compile("adam", form.loss, run_eagerly=name not in TRACED)
    callback = evaluating(tmp_path)

    fit(form.model, DATA.x, form.y, validation_data=(DATA.x_val, form.y_val), callback=callback)

    matrix = last(tmp_path / "layerscope", "validation/confusion_matrix")
    truth = form.y_val.argmax(axis=1) if name == "one-hot" else form.y_val.reshape(-1)
    predicted = chosen(form.model.predict(DATA.x_val, verbose=0), form.score)
    np.testing.assert_array_equal(counts(matrix), sklearn.metrics.confusion_matrix(truth, predicted, labels=range(len(matrix.row_end) - 1)))
    assert matrix.score == form.score
    assert matrix.dropped == {}
    assert matrix.epoch == 0
    assert [step for step, _ in points(tmp_path / "layerscope")["validation/confusion_matrix"]] == [5]


SOURCES: dict[str, Any] = {
    "tf.data": lambda: {"validation_data": tf.data.Dataset.from_tensor_slices((DATA.x_val, DATA.y_val)).batch(32)},
    "tf.data of unknown length": lambda: {"validation_data": tf.data.Dataset.from_tensor_slices((DATA.x_val, DATA.y_val)).filter(lambda x, y: True).batch(32)},
    "PyDataset": lambda: {"validation_data": Batches(DATA.x_val, DATA.y_val)},
    "a larger batch": lambda: {"validation_data": (DATA.x_val, DATA.y_val), "validation_batch_size": 200},
}


@pytest.mark.parametrize("steps_per_execution", [1, 3])
@pytest.mark.parametrize("name", SOURCES)
@pytest.mark.filterwarnings("ignore:Your input ran out of data")  # Keras says so itself of data of unknown length
def test_each_source_of_data(name: str, steps_per_execution: int, tmp_path: Path) -> None:
    model = sequential()
    model.compile("adam", "sparse_categorical_crossentropy", steps_per_execution=steps_per_execution)

    fit(model, DATA.x, DATA.y, callback=Layerscope(tmp_path), **SOURCES[name]())

    predicted = model.predict(DATA.x_val, verbose=0).argmax(axis=1)
    assert steps(tmp_path / "layerscope", "validation/confusion_matrix") == [5]
    np.testing.assert_array_equal(
        counts(last(tmp_path / "layerscope", "validation/confusion_matrix")), sklearn.metrics.confusion_matrix(DATA.y_val, predicted, labels=range(10))
    )


def test_several_replicas(tmp_path: Path) -> None:
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run([sys.executable, "-m", "tests.keras.replicas", str(tmp_path)], cwd=root, capture_output=True, text=True, check=True)

    *matrices, (two, one), clip_factors = json.loads(done.stdout.splitlines()[-1])
    assert len(matrices) == 7  # three matrices, what is told of each sample of two, several labels, and a number
    for ours, wanted in matrices:
        assert ours == wanted
    for of_two, of_one in zip(two, one, strict=True):
        np.testing.assert_allclose(np.array(of_two, float), np.array(of_one, float), rtol=1e-3, atol=1e-6)
    assert np.isnan(clip_factors).tolist() == [True] * 3


def test_a_generator_and_a_validation_split(tmp_path: Path) -> None:
    def forever() -> Any:
        while True:
            yield DATA.x_val[:55], DATA.y_val[:55]

    model = sequential()
    model.compile("adam", "sparse_categorical_crossentropy", run_eagerly=True)
    fit(model, DATA.x, DATA.y, callback=evaluating(tmp_path / "a"), validation_data=forever(), validation_steps=2)
    fit(model, DATA.x, DATA.y, callback=evaluating(tmp_path / "b"), validation_split=0.25)

    assert counts(last(tmp_path / "a" / "layerscope", "validation/confusion_matrix")).sum() == 110
    np.testing.assert_array_equal(
        counts(last(tmp_path / "b" / "layerscope", "validation/confusion_matrix")).sum(axis=1), np.bincount(DATA.y[120:], minlength=10)
    )


def test_sample_weights(tmp_path: Path) -> None:
    model = sequential()
    model.compile("adam", "sparse_categorical_crossentropy", run_eagerly=True)

    fit(model, DATA.x, DATA.y, callback=evaluating(tmp_path), validation_data=(DATA.x_val, DATA.y_val, WEIGHT))

    predicted = model.predict(DATA.x_val, verbose=0).argmax(axis=1)
    wanted = sklearn.metrics.confusion_matrix(DATA.y_val, predicted, labels=range(10), sample_weight=WEIGHT)
    np.testing.assert_allclose(weights(last(tmp_path / "layerscope", "validation/confusion_matrix")), wanted, rtol=1e-6)


@pytest.mark.parametrize("as_mapping", [False, True])
def test_several_outputs(as_mapping: bool, tmp_path: Path) -> None:
    model = two_outputs(as_mapping=as_mapping)
    what, is_odd = ("what", "is_odd") if as_mapping else ("digit", "odd")
    losses = ["sparse_categorical_crossentropy", "binary_crossentropy"]
    model.compile("adam", dict(zip((what, is_odd), losses, strict=True)) if as_mapping else losses)
    truths = (DATA.y, DATA.y % 2), (DATA.y_val, IS_ODD)
    y, y_val = ({what: a, is_odd: b} if as_mapping else [a, b] for a, b in truths)

    fit(model, DATA.x, y, callback=evaluating(tmp_path, labels={is_odd: ["even", "odd"]}), validation_data=(DATA.x_val, y_val))

    scores = model.predict(DATA.x_val, verbose=0)
    digit, odd = (scores[what], scores[is_odd]) if as_mapping else scores
    run = points(tmp_path / "layerscope")
    np.testing.assert_array_equal(
        counts(run[f"validation/{what}/confusion_matrix"][-1][1]), sklearn.metrics.confusion_matrix(DATA.y_val, digit.argmax(axis=1), labels=range(10))
    )
    np.testing.assert_array_equal(
        counts(run[f"validation/{is_odd}/confusion_matrix"][-1][1]), sklearn.metrics.confusion_matrix(IS_ODD, odd[:, 0] > 0.5, labels=[0, 1])
    )


def test_each_position_of_a_segmentation_is_a_sample(tmp_path: Path) -> None:
    model = keras.Sequential([keras.Input((8, 8)), keras.layers.Reshape((8, 8, 1)), keras.layers.Conv2D(3, 1, activation="softmax")])
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(ignore_class=2), run_eagerly=True)
    y, y_val = (np.digitize(x, [0.3, 0.9]) for x in (DATA.x, DATA.x_val))

    fit(model, DATA.x, y, callback=evaluating(tmp_path, labels=["dark", "light", "edge"]), validation_data=(DATA.x_val, y_val))

    predicted = model.predict(DATA.x_val, verbose=0).argmax(axis=-1)
    matrix = last(tmp_path / "layerscope", "validation/confusion_matrix")
    is_counted = y_val != 2
    np.testing.assert_array_equal(counts(matrix), sklearn.metrics.confusion_matrix(y_val[is_counted], predicted[is_counted], labels=range(3)))
    assert matrix.dropped == {"ignored": int((~is_counted).sum())}


def test_truths_that_are_no_class_are_dropped_by_reason(tmp_path: Path) -> None:
    model = sequential()
    model.compile("adam", "categorical_crossentropy", run_eagerly=True)
    y_val = ONE_HOT[DATA.y_val].copy()
    y_val[0], y_val[1], y_val[2, 0] = 0, 1, np.nan

    fit(model, DATA.x, ONE_HOT[DATA.y], callback=evaluating(tmp_path), validation_data=(DATA.x_val, y_val))

    matrix = last(tmp_path / "layerscope", "validation/confusion_matrix")
    assert matrix.dropped == {"label has no single class": 3}
    assert counts(matrix).sum() == len(y_val) - 3


def test_an_evaluation_of_our_own(tmp_path: Path) -> None:
    model = sequential()
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"], run_eagerly=True)
    test = tf.data.Dataset.from_tensor_slices((DATA.x[:50], DATA.y[:50])).batch(20)
    evaluations = {"test": (DATA.x_val, DATA.y_val, WEIGHT), "more": test}

    fit(model, DATA.x, DATA.y, callback=evaluating(tmp_path, evaluations=evaluations))

    run = points(tmp_path / "layerscope")
    for name, x, y in [("test", DATA.x_val, DATA.y_val), ("more", DATA.x[:50], DATA.y[:50])]:
        predicted = model.predict(x, verbose=0).argmax(axis=1)
        np.testing.assert_array_equal(counts(run[f"{name}/confusion_matrix"][0][1]), sklearn.metrics.confusion_matrix(y, predicted, labels=range(10)))
        assert run[f"evaluation_seconds/{name}"][0][1] > 0
        loss, accuracy = model.evaluate(x, y, WEIGHT if name == "test" else None, verbose=0) if name == "more" else (None, None)
        if name == "more":
            assert last(tmp_path / name, "epoch_loss") == pytest.approx(loss, rel=1e-5)
            assert last(tmp_path / name, "epoch_accuracy") == pytest.approx(accuracy)
    assert "validation/confusion_matrix" not in run
    assert run["training_facts"][0][1].evaluations == ("test", "more")
