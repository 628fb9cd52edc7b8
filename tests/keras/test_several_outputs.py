"""Models with several outputs: each is told of its own truth and its own loss, however Keras is given them."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import sklearn.metrics

from layerscope.keras import Layerscope
from tb_plugin.schema.regression import Regression
from tests.keras.logged import counts, labels_of, last, points
from tests.keras.models import Array, digits

DATA = digits()
NAMES = ["zero", "one", "two"]


def three_of(y: Array) -> Array:
    return np.asarray(y % 3)


def numbers_of(y: Array) -> Array:
    """As many as there are classes."""
    return np.stack([y / 10, y / 5, y], axis=1).astype(np.float32)


class Heads(keras.Model):
    """Three classes and three numbers, told by nobody before its first batch: as a list, or by name."""

    def __init__(self, names: list[str] | None = None, activation: str | None = "softmax") -> None:
        super().__init__()
        self.flat = keras.layers.Flatten()
        self.kind, self.size = keras.layers.Dense(3, activation=activation), keras.layers.Dense(3)
        self.names = names

    def call(self, x: Any) -> Any:
        flat = self.flat(x)
        found = [self.size(flat), self.kind(flat)]
        return found if self.names is None else dict(zip(self.names, found, strict=True))


def functional(*, as_mapping: bool, activation: str | None = "softmax") -> keras.Model:
    """The same, of which Keras knows the outputs; names are not in the order of the alphabet."""
    inputs = keras.Input((8, 8))
    flat = keras.layers.Flatten()(inputs)
    size, kind = keras.layers.Dense(3, name="size")(flat), keras.layers.Dense(3, activation=activation, name="kind")(flat)
    return keras.Model(inputs, {"size": size, "kind": kind} if as_mapping else [size, kind])


def fitted(model: keras.Model, folder: Path, y: Any, y_val: Any, loss: Any, **ours: Any) -> Path:
    model.compile("sgd", loss, run_eagerly=True)
    callback = Layerscope(folder, gradients=False, activity=False, weights=False, **ours)
    model.fit(DATA.x, y, verbose=0, validation_data=(DATA.x_val, y_val), callbacks=[callback])
    return folder / "layerscope"


def assert_classes(run: Path, tag: str, scores: Array) -> None:
    oracle = sklearn.metrics.confusion_matrix(three_of(DATA.y_val), scores.argmax(axis=1), labels=range(3))
    np.testing.assert_array_equal(counts(last(run, f"{tag}/confusion_matrix")), oracle)


def assert_numbers(run: Path, tag: str, predicted: Array) -> None:
    found = last(run, f"{tag}/regression")
    assert isinstance(found, Regression)
    truth = numbers_of(DATA.y_val).astype(np.float64)
    oracle = sklearn.metrics.mean_squared_error(truth, predicted.astype(np.float64), multioutput="raw_values")
    np.testing.assert_allclose(found.error_squares / found.count, oracle, rtol=1e-5)


def said(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [each.getMessage() for each in caplog.records if each.name == "layerscope" and each.levelno >= logging.WARNING]


@pytest.mark.parametrize("form", ["list", "mapping", "subclassed list"])
def test_a_list_of_truths_and_losses_is_read_as_keras_reads_it(form: str, tmp_path: Path) -> None:
    """Of a mapping of outputs Keras takes the truths and losses of a list by its keys, sorted."""
    model = Heads() if form == "subclassed list" else functional(as_mapping=form == "mapping")
    losses, tags = ["mse", "sparse_categorical_crossentropy"], ["0", "1"] if form == "subclassed list" else ["size", "kind"]

    def truths(y: Array) -> list[Array]:
        both = [numbers_of(y), three_of(y)]
        return both[::-1] if form == "mapping" else both

    run = fitted(model, tmp_path, truths(DATA.y), truths(DATA.y_val), losses[::-1] if form == "mapping" else losses)

    found = model.predict(DATA.x_val, verbose=0)
    size, kind = (found["size"], found["kind"]) if form == "mapping" else found
    assert_numbers(run, f"validation/{tags[0]}", size)
    assert_classes(run, f"validation/{tags[1]}", kind)
    assert not {f"validation/{tags[0]}/confusion_matrix", f"validation/{tags[1]}/regression"} & set(points(run))


def test_of_a_model_that_tells_no_outputs_a_named_one_has_no_loss_out_of_a_list(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    model = Heads(["size", "kind"])
    with caplog.at_level(logging.WARNING, "layerscope"):
        run = fitted(
            model, tmp_path, [three_of(DATA.y), numbers_of(DATA.y)], [three_of(DATA.y_val), numbers_of(DATA.y_val)], ["sparse_categorical_crossentropy", "mse"]
        )

    assert sum("loss: unknown" in each for each in said(caplog)) == 2
    assert not [tag for tag in points(run) if tag.endswith(("confusion_matrix", "regression"))]


@pytest.mark.filterwarnings("ignore:Gradients do not exist for variables:UserWarning")
@pytest.mark.parametrize("as_mapping", [False, True])
def test_an_output_without_a_loss_needs_no_truth(as_mapping: bool, tmp_path: Path) -> None:
    model = functional(as_mapping=as_mapping)
    loss: Any = {"kind": "sparse_categorical_crossentropy", "size": None} if as_mapping else [None, "sparse_categorical_crossentropy"]

    run = fitted(model, tmp_path, three_of(DATA.y), three_of(DATA.y_val), loss)

    found = model.predict(DATA.x_val, verbose=0)
    assert_classes(run, "validation/kind", found["kind"] if as_mapping else found[1])
    assert "validation/size/regression" not in points(run)


def test_labels_of_one_choice_are_not_those_of_numbers_beside_it(tmp_path: Path) -> None:
    model = functional(as_mapping=False)

    run = fitted(
        model,
        tmp_path,
        [numbers_of(DATA.y), three_of(DATA.y)],
        [numbers_of(DATA.y_val), three_of(DATA.y_val)],
        ["mse", "sparse_categorical_crossentropy"],
        labels=NAMES,
    )

    size, kind = model.predict(DATA.x_val, verbose=0)
    assert_numbers(run, "validation/size", size)
    assert_classes(run, "validation/kind", kind)
    assert labels_of(run, last(run, "validation/kind/confusion_matrix")) == tuple(NAMES)


def test_a_score_is_that_of_the_outputs_of_which_nothing_else_says_it(tmp_path: Path) -> None:
    inputs = keras.Input((8, 8))
    flat = keras.layers.Flatten()(inputs)
    told = keras.layers.Dense(3, activation="softmax", name="told")(flat)
    model = keras.Model(inputs, [told, keras.layers.Dense(3, name="untold")(flat)])
    loss = ["sparse_categorical_crossentropy", "categorical_hinge"]

    def truths(y: Array) -> list[Array]:
        return [three_of(y), np.eye(3, dtype=np.float32)[three_of(y)]]

    run = fitted(model, tmp_path, truths(DATA.y), truths(DATA.y_val), loss, score="logit")

    assert last(run, "validation/told/score_curves").score == "prob"
    assert last(run, "validation/untold/score_curves").score == "logit"


@pytest.mark.filterwarnings("ignore:Gradients do not exist for variables:UserWarning")
def test_truths_of_which_nothing_says_whose_they_are_are_not_taken_for_any(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    class Own(keras.Model):
        """Its step takes a truth for two outputs."""

        def __init__(self) -> None:
            super().__init__()
            self.heads = Heads()

        def call(self, x: Any) -> Any:
            return self.heads(x)

        def compute_loss(self, x: Any = None, y: Any = None, y_pred: Any = None, sample_weight: Any = None, training: bool = True) -> Any:
            return keras.ops.mean(keras.losses.sparse_categorical_crossentropy(y, y_pred[1]))

    with caplog.at_level(logging.WARNING, "layerscope"):
        run = fitted(Own(), tmp_path, three_of(DATA.y), three_of(DATA.y_val), None)

    assert sum("nothing says to which of the 2 outputs the 1 truths belong" in each for each in said(caplog)) == 1
    assert not [tag for tag in points(run) if tag.startswith("validation/")]
