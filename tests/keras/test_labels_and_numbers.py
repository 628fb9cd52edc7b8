"""Outputs that give each sample several labels, or numbers: what is written is scikit-learn's of `model.predict` on the same data."""

from __future__ import annotations

import io
import json
import logging
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
from PIL import Image
from sklearn.metrics import confusion_matrix, mean_absolute_error, mean_squared_error, multilabel_confusion_matrix, r2_score, roc_auc_score

from layerscope.keras import Layerscope
from tb_plugin.schema.multilabel import Multilabel
from tb_plugin.schema.regression import Regression
from tests.keras.logged import points
from tests.keras.models import Array, digits, sequential
from tests.test_multilabel import sklearns
from tests.test_score_curves import area, one, walk
from writers import classes
from writers.frameworks.keras.evaluations import counted_evaluation
from writers.frameworks.keras.evaluations.due_kinds import Wanted, due_kinds, size_of_labels, size_of_numbers
from writers.frameworks.keras.outputs.losses import Loss
from writers.frameworks.keras.outputs.task import Choice, Numbers, SeveralLabels, task_of

DATA = digits()
WEIGHT = np.linspace(0.0, 2.0, len(DATA.y_val))
NAMES = ["even", "prime", "square", "above 4"]


def labels_of(y: Array) -> Array:
    """Of which a digit has any number."""
    return np.stack([y % 2 == 0, np.isin(y, [2, 3, 5, 7]), np.isin(y, [0, 1, 4, 9]), y > 4], axis=1).astype(np.float32)


def numbers_of(y: Array) -> Array:
    return np.stack([y / 10, (y % 3) * 100.0], axis=1).astype(np.float32)


def fitted(model: keras.Model, folder: Path, y: Any, y_val: Any, *, epochs: int = 1, ours: Any = None, weight: Any = None, **options: Any) -> dict[str, Any]:
    validation = (DATA.x_val, y_val) if weight is None else (DATA.x_val, y_val, weight)
    callback = Layerscope(folder, gradients=False, activity=False, **(ours or {}))
    model.fit(DATA.x, y, epochs=epochs, verbose=0, callbacks=[callback], **{"validation_data": validation, **options})
    return points(folder / "layerscope")


def tags(run: dict[str, Any], evaluation: str = "validation") -> list[str]:
    return sorted(tag for tag in run if tag.startswith(f"{evaluation}/"))


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [each.getMessage() for each in caplog.records if each.name == "layerscope" and each.levelno >= logging.WARNING]


def compiled(model: Any, loss: Any, **options: Any) -> Any:
    model.compile("adam", loss, **{"run_eagerly": True, **options})
    return model


def assert_labels(run: dict[str, Any], tag: str, truth: Array, p: Array, weight: Array | None = None) -> Multilabel:
    (_, found), (_, curves) = run[f"{tag}/multilabel"][-1], run[f"{tag}/score_curves"][-1]
    assert isinstance(found, Multilabel)
    np.testing.assert_array_equal(sklearns(found.table), multilabel_confusion_matrix(truth, p > 0.5))
    areas = [area(walk(one(curves, i))) for i in range(truth.shape[1])]
    np.testing.assert_allclose(areas, roc_auc_score(truth, p, average=None, sample_weight=weight), rtol=1e-6)
    if weight is not None:
        assert found.table_weight is not None
        np.testing.assert_allclose(sklearns(found.table_weight), multilabel_confusion_matrix(truth, p > 0.5, sample_weight=weight), rtol=1e-6, atol=1e-9)
    return found


def assert_numbers(run: dict[str, Any], tag: str, truth: Array, predicted: Array, weight: Array | None = None) -> Regression:
    _, found = run[f"{tag}/regression"][-1]
    assert isinstance(found, Regression)
    each: dict[str, Any] = {"multioutput": "raw_values", "sample_weight": weight}
    total = found.count if found.weight_sum is None else found.weight_sum
    truth, predicted = truth.astype(np.float64), predicted.astype(np.float64)
    np.testing.assert_allclose(found.error_squares / total, mean_squared_error(truth, predicted, **each), rtol=1e-5)
    np.testing.assert_allclose(found.absolute / total, mean_absolute_error(truth, predicted, **each), rtol=1e-5)
    np.testing.assert_allclose(1 - found.error_squares / found.truth_squares, r2_score(truth, predicted, **each), rtol=1e-4, atol=1e-5)
    return found


@pytest.mark.parametrize("weight", [None, WEIGHT], ids=["plain", "weighted"])
@pytest.mark.parametrize("form", ["prob", "logit", "unknown"])
def test_several_labels_with_a_partial_last_batch(form: str, weight: Array | None, tmp_path: Path) -> None:
    truth = labels_of(DATA.y_val)
    loss = keras.losses.BinaryCrossentropy(from_logits=form == "logit")
    model = compiled(sequential(4, "sigmoid" if form == "prob" else None), loss, run_eagerly=form == "unknown")
    if form == "unknown":  # a layer of its own tells no activation; the loss says that these are probabilities
        inputs = keras.Input((8, 8))
        model = compiled(keras.Model(inputs, keras.layers.Lambda(keras.ops.sigmoid)(sequential(4, None)(inputs))), loss)

    run = fitted(model, tmp_path, labels_of(DATA.y), truth, ours={"labels": NAMES}, weight=weight)

    p = model.predict(DATA.x_val, verbose=0).astype(np.float64)
    found = assert_labels(run, "validation", truth, 1 / (1 + np.exp(-p)) if form == "logit" else p, weight)
    assert tags(run) == ["validation/label_predictions", "validation/multilabel", "validation/score_curves"]
    assert (found.score, found.threshold, found.epoch, found.dropped) == ("logit" if form == "logit" else "prob", 0.5, 0, {})
    (_, declared) = run[f"classes/{found.classes}"][0]
    assert (declared.labels, declared.task, declared.positive) == (tuple(NAMES), "multilabel", None)


@pytest.mark.parametrize("weight", [None, WEIGHT], ids=["plain", "weighted"])
@pytest.mark.parametrize(("columns", "loss"), [(1, "mse"), (1, "mae"), (2, "huber"), (2, "mse")])
def test_numbers_with_a_partial_last_batch(columns: int, loss: str, weight: Array | None, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    y, y_val = numbers_of(DATA.y)[:, :columns], numbers_of(DATA.y_val)[:, :columns]
    model = compiled(sequential(columns, None), loss)

    with caplog.at_level(logging.WARNING, "layerscope"):
        run = fitted(model, tmp_path, y if columns > 1 else y[:, 0], y_val, weight=weight)

    found = assert_numbers(run, "validation", y_val, model.predict(DATA.x_val, verbose=0), weight)
    assert tags(run) == ["validation/number_predictions", "validation/regression"]
    assert found.samples == len(DATA.y_val)
    assert not warnings(caplog)


def test_numbers_are_told_in_the_same_bins_at_each_evaluation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for folder, held in (("a", 32_000_000), ("b", 500)):
        monkeypatch.setattr(counted_evaluation, "HELD_BYTES", held)
        model = compiled(sequential(1, None), "mse")
        run = fitted(model, tmp_path / folder, DATA.y.astype(float), DATA.y_val.astype(float), epochs=3, validation_batch_size=40)

        first, *others = [point for _, point in run["validation/regression"]]
        assert len(others) == 2
        for other in others:
            np.testing.assert_array_equal(other.edge, first.edge)
        assert_numbers(run, "validation", DATA.y_val[:, None], model.predict(DATA.x_val, verbose=0))


@pytest.mark.parametrize("as_mapping", [False, True])
def test_a_choice_and_labels_and_a_number_at_once(as_mapping: bool, tmp_path: Path) -> None:
    inputs = keras.Input((8, 8))
    hidden = keras.layers.Dense(16, activation="relu")(keras.layers.Flatten()(inputs))
    heads = {
        "digit": keras.layers.Dense(10, activation="softmax", name="digit")(hidden),
        "traits": keras.layers.Dense(4, activation="sigmoid", name="traits")(hidden),
        "size": keras.layers.Dense(1, name="size")(hidden),
    }
    model = keras.Model(inputs, heads if as_mapping else list(heads.values()))
    losses = {"digit": "sparse_categorical_crossentropy", "traits": "binary_crossentropy", "size": "mse"}

    def truths(y: Array) -> Any:
        of_each = {"digit": y, "traits": labels_of(y), "size": y / 10}
        return of_each if as_mapping else list(of_each.values())

    compiled(model, losses if as_mapping else list(losses.values()))
    run = fitted(model, tmp_path, truths(DATA.y), truths(DATA.y_val), ours={"labels": {"traits": NAMES}})

    found = model.predict(DATA.x_val, verbose=0)
    digit, traits, size = found.values() if as_mapping else found
    assert run["validation/digit/confusion_matrix"][-1][1].count.sum() == len(digit)
    assert_labels(run, "validation/traits", labels_of(DATA.y_val), traits)
    assert_numbers(run, "validation/size", DATA.y_val[:, None] / 10, size)


def test_masked_positions_are_no_samples(tmp_path: Path) -> None:
    """Each position of a sequence has labels, and a number."""
    x = np.random.default_rng(0).integers(0, 9, (40, 6))
    x[:, 4:] = 0
    y, numbers = labels_of(x), np.moveaxis(np.sin(x)[None], 0, -1).astype(np.float32)
    y = np.moveaxis(y, 1, -1) if y.shape[1] == 4 else y
    inputs = keras.Input((6,))
    hidden = keras.layers.Embedding(9, 4, mask_zero=True)(inputs)
    model = keras.Model(inputs, [keras.layers.Dense(4, activation="sigmoid", name="labels")(hidden), keras.layers.Dense(1, name="number")(hidden)])
    compiled(model, ["binary_crossentropy", "mse"])
    callback = Layerscope(tmp_path, gradients=False, activity=False)

    model.fit(x, [y, numbers], epochs=1, verbose=0, validation_data=(x, [y, numbers]), callbacks=[callback])

    run, is_seen = points(tmp_path / "layerscope"), x != 0
    p, predicted = model.predict(x, verbose=0)
    found = assert_labels(run, "validation/labels", y[is_seen], p[is_seen])
    assert found.dropped == {"masked": (~is_seen).sum()}
    assert found.samples == is_seen.sum()
    regression = assert_numbers(run, "validation/number", numbers[is_seen], predicted[is_seen])
    assert regression.dropped == {"masked": (~is_seen).sum()}
    assert regression.samples == x.size


def test_more_scores_than_are_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counted_evaluation, "HELD_BYTES", 1000)
    model = compiled(sequential(4, "sigmoid"), "binary_crossentropy")

    run = fitted(model, tmp_path, labels_of(DATA.y), labels_of(DATA.y_val), epochs=2)

    assert [len(run[f"validation/{kind}"]) for kind in ("multilabel", "score_curves")] == [2, 2]
    assert_labels(run, "validation", labels_of(DATA.y_val), model.predict(DATA.x_val, verbose=0))


def test_an_evaluation_of_our_own_and_a_data_set(tmp_path: Path) -> None:
    data = tf.data.Dataset.from_tensor_slices((DATA.x_val, labels_of(DATA.y_val))).batch(32)
    model = compiled(sequential(4, "sigmoid"), "binary_crossentropy")

    run = fitted(model, tmp_path, labels_of(DATA.y), labels_of(DATA.y_val), ours={"evaluations": {"test": data}}, validation_data=data)

    for evaluation in ("validation", "test"):
        assert_labels(run, evaluation, labels_of(DATA.y_val), model.predict(DATA.x_val, verbose=0))


def test_curves_and_predictions_can_be_switched_off(tmp_path: Path) -> None:
    neither = {"curves": False, "predictions": False}
    labels = fitted(compiled(sequential(4, "sigmoid"), "binary_crossentropy"), tmp_path / "a", labels_of(DATA.y), labels_of(DATA.y_val), ours=neither)
    numbers = fitted(compiled(sequential(1, None), "mse"), tmp_path / "b", DATA.y / 10, DATA.y_val / 10, ours=neither)

    assert tags(labels) == ["validation/multilabel"]
    assert tags(numbers) == ["validation/regression"]


def test_samples_of_labels_and_numbers_are_told_with_examples(tmp_path: Path) -> None:
    """What is told of each is `model.predict` on it, and what is shown is what the model was given."""
    inputs = keras.Input((8, 8))
    hidden = keras.layers.Flatten()(inputs)
    model = keras.Model(inputs, [keras.layers.Dense(4, activation="sigmoid", name="traits")(hidden), keras.layers.Dense(1, name="size")(hidden)])
    compiled(model, ["binary_crossentropy", "mse"])
    truths = [[labels_of(y), y / 10] for y in (DATA.y, DATA.y_val)]
    run = fitted(model, tmp_path, truths[0], truths[1], epochs=2, ours={"examples": 20})

    p, predicted = model.predict(DATA.x_val, verbose=0)
    ((_, first), (_, told)) = run["validation/traits/label_predictions"]
    own = run[f"samples/{told.samples}"][0][1]
    assert first.samples == told.samples, "the samples are told once"
    assert own.number.tolist() == list(range(len(p)))
    sample = np.repeat(np.arange(len(p)), np.diff(told.entry_end, prepend=0))
    is_true, is_told = labels_of(DATA.y_val) == 1, p > 0.5
    expected = is_true | is_told
    np.testing.assert_array_equal(np.stack([sample, told.label]), np.nonzero(expected))
    np.testing.assert_array_equal(told.became, (is_true + 2 * is_told)[expected])
    np.testing.assert_allclose(told.probability / 65536, p[expected], atol=2e-5)

    ((_, _), (_, numbers)) = run["validation/size/number_predictions"]
    np.testing.assert_allclose(numbers.predicted, predicted, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(run[f"samples/{numbers.samples}"][0][1].number_truth[:, 0], DATA.y_val / 10)

    for output in ("traits", "size"):
        shown = [number for _, point in run[f"validation/{output}/examples"] for number in point.number.tolist()]
        assert 15 <= len(shown) == len(set(shown)), "as many as were asked for but for what was right"
        (_, point) = run[f"validation/{output}/examples"][0]
        picture = np.asarray(Image.open(io.BytesIO(point.content[: point.content_end[0]].tobytes())))
        given = DATA.x_val[point.number[0]]
        assert np.corrcoef(picture[..., 0].ravel() if picture.ndim == 3 else picture.ravel(), given.ravel())[0, 1] > 0.999
    worst = int(np.argmax(np.abs(predicted[:, 0] - DATA.y_val / 10)))
    assert worst in [number for _, point in run["validation/size/examples"] for number in point.number.tolist()]


def test_an_autoencoder_has_no_labels_and_it_is_said(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    pixels, pixels_val = DATA.x.reshape(-1, 64), DATA.x_val.reshape(-1, 64)
    with caplog.at_level(logging.WARNING, "layerscope"):
        run = fitted(compiled(sequential(64, "sigmoid"), "binary_crossentropy"), tmp_path / "a", pixels, pixels_val, epochs=2)
    (said,) = warnings(caplog)
    assert "as in an autoencoder" in said
    assert tags(run) == []

    run = fitted(compiled(sequential(64, "sigmoid"), "binary_crossentropy"), tmp_path / "b", pixels, pixels_val, ours={"labels": 64})
    found = run["validation/multilabel"][-1][1]
    assert found.reasons == {"label not 0 or 1": int((~np.isin(pixels_val, [0, 1])).sum())}


def test_labels_of_which_nobody_knows_are_left_out_alone(tmp_path: Path) -> None:
    """A loss of the user's own that skips them: what is declared says that these are labels."""
    truth = labels_of(DATA.y_val)
    truth[::3, 1] = -1

    def known_alone(y: Any, p: Any) -> Any:
        return keras.ops.mean(keras.ops.where(y < 0, 0.0, keras.ops.square(y - p)), axis=-1)

    model = compiled(sequential(4, "sigmoid"), known_alone)
    run = fitted(model, tmp_path, labels_of(DATA.y), truth, ours={"labels": classes.of(NAMES, task="multilabel", ignored=-1)})

    found = run["validation/multilabel"][-1][1]
    p = model.predict(DATA.x_val, verbose=0)
    assert found.unknown.tolist() == [0, (truth[:, 1] == -1).sum(), 0, 0]
    for label in range(4):
        known = truth[:, label] >= 0
        np.testing.assert_array_equal(sklearns(found.table)[label], confusion_matrix(truth[known, label], p[known, label] > 0.5))


def test_weights_and_history_are_the_same_bits(tmp_path: Path) -> None:

    def trained(folder: Path | None) -> tuple[str, list[Array]]:
        keras.utils.set_random_seed(3)
        inputs = keras.Input((8, 8))
        hidden = keras.layers.Dense(16, activation="relu")(keras.layers.Flatten()(inputs))
        model = keras.Model(inputs, [keras.layers.Dense(4, activation="sigmoid", name="traits")(hidden), keras.layers.Dense(1, name="size")(hidden)])
        model.compile("adam", ["binary_crossentropy", "mse"], steps_per_execution=2)
        callbacks = [] if folder is None else [Layerscope(folder)]
        truths = [[labels_of(y), y / 10] for y in (DATA.y, DATA.y_val)]
        history = model.fit(DATA.x, truths[0], epochs=2, verbose=0, validation_data=(DATA.x_val, truths[1]), callbacks=callbacks)
        return json.dumps(history.history), [variable.numpy() for variable in (*model.variables, *model.optimizer.variables)]

    plain, ours = trained(None), trained(tmp_path)

    assert ours[0] == plain[0]
    for one_, other in zip(ours[1], plain[1], strict=True):
        np.testing.assert_array_equal(one_, other)
    assert {"validation/traits/multilabel", "validation/traits/score_curves", "validation/size/regression"} <= set(points(tmp_path / "layerscope"))


@pytest.mark.parametrize("length", [1, 30, 1000, 20_000, None])
@pytest.mark.parametrize(
    ("size", "wanted"),
    [(size_of_labels(5_000, 20, 15_000), Wanted(predictions=False)), (size_of_labels(50_000, 1_000, 250_000), Wanted(predictions=False))],
    ids=["few", "many"],
)
def test_curves_of_labels_give_way_before_their_tables(size: Any, wanted: Wanted, length: int | None) -> None:
    epochs = range(length or 3_000)
    due = [due_kinds(epoch, wanted, share=4_000_000, size=size, length=length) for epoch in epochs]

    tables, curves = ([epoch for epoch in epochs if kind in due[epoch]] for kind in ("table", "score_curves"))
    assert 0 in curves
    assert set(curves) <= set(tables)
    assert len(tables) <= max(4_000_000 / size.table, 256) + 8, "256 are kept whatever they cost"
    assert {kind for each in due for kind in each} == {"table", "score_curves"}


@pytest.mark.parametrize("size", [size_of_numbers(10_000, 2), size_of_labels(5_000, 20, 15_000)], ids=["numbers", "labels"])
def test_what_is_told_of_samples_gives_way_first(size: Any) -> None:
    due = [due_kinds(epoch, Wanted(False), share=4_000_000, size=size, length=1000) for epoch in range(1000)]

    tables, samples = (sum(kind in each for each in due) for kind in ("table", "predictions"))
    assert {kind for each in due for kind in each} == {"table", "predictions"}
    assert tables <= max(4_000_000 / size.table, 256) + 8
    assert 2 <= samples <= tables
    assert samples * size.predictions < 5_000_000


BCE, LOGITS, MSE = Loss("binary_crossentropy", {"from_logits": False}), Loss("binary_crossentropy", {"from_logits": True}), Loss("mean_squared_error", {})


@pytest.mark.parametrize(
    ("columns", "loss", "activation", "labels", "score", "expected"),
    [
        (4, BCE, "sigmoid", None, None, SeveralLabels),
        (2, BCE, "sigmoid", None, None, SeveralLabels),
        (4, LOGITS, "linear", None, None, SeveralLabels),
        (4, BCE, "relu", None, None, "say so with score="),
        (4, BCE, "relu", None, "logit", SeveralLabels),
        (2, BCE, "softmax", None, None, Choice),
        (1, BCE, "sigmoid", None, None, Choice),
        (1, BCE, "sigmoid", classes.of(1, task="multilabel"), None, SeveralLabels),
        (4, None, "sigmoid", classes.of(4, task="multilabel"), None, SeveralLabels),
        (4, None, None, classes.of(4, task="multilabel"), None, "say so with score="),
        (4, None, "sigmoid", None, None, "say so with labels="),
        (3, MSE, None, None, None, Numbers),
        (1, MSE, None, 10, None, Numbers),
        (1, MSE, "sigmoid", None, None, Numbers),
        (1, MSE, "sigmoid", ["no", "yes"], None, Choice),
        (3, MSE, None, ["a", "b", "c"], None, Choice),
        (3, MSE, "softmax", None, None, Choice),
        (65, MSE, None, None, None, "up to 64 are evaluated"),
    ],
)
def test_a_task_is_what_loss_activation_and_user_declare(columns: int, loss: Any, activation: Any, labels: Any, score: Any, expected: Any) -> None:
    found = task_of("", columns, loss=loss, activation=activation, labels=labels, score=score)

    if isinstance(expected, str):
        assert isinstance(found, str)
        assert expected in found
    else:
        assert isinstance(found, expected)


def test_a_subclassed_model_is_told_by_its_loss(tmp_path: Path) -> None:
    class Labels(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.flat, self.labels = keras.layers.Flatten(), keras.layers.Dense(4, activation="sigmoid")

        def call(self, x: Any) -> Any:
            return self.labels(self.flat(x))

    model = compiled(Labels(), "binary_crossentropy")
    run = fitted(model, tmp_path, labels_of(DATA.y), labels_of(DATA.y_val))

    assert_labels(run, "validation", labels_of(DATA.y_val), model.predict(DATA.x_val, verbose=0))
