"""Curves, predictions and examples of an evaluation are those of `model.predict` on the same data, by scikit-learn."""

from __future__ import annotations

import io
import logging
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import sklearn.metrics
import tensorflow as tf
from PIL import Image

from layerscope.keras import Layerscope
from tb_plugin.analysis.curves import curves
from tb_plugin.points import point_of
from tb_plugin.schema import record
from tests.keras.logged import counts, points, steps
from tests.keras.models import Array, Batches, Subclassed, digits, sequential, two_outputs
from tests.keras.test_masks import CLASSES, IS_THERE, X, Y, tagger
from writers.frameworks.keras.evaluations import counted_evaluation
from writers.frameworks.keras.evaluations.due_kinds import ALL, Wanted, due_kinds, size_of_choice

DATA = digits()
IS_ODD = DATA.y_val % 2
WEIGHT = np.linspace(0.0, 2.0, len(DATA.y_val))


def compiled(model: Any = None, loss: Any = "sparse_categorical_crossentropy", **options: Any) -> Any:
    model = model or sequential()
    model.compile("adam", loss, **options)
    return model


def fit(model: Any, folder: Path, x: Any = DATA.x, y: Any = DATA.y, *, epochs: int = 1, ours: Any = None, callbacks: Any = (), **options: Any) -> Any:
    callback = Layerscope(folder, gradients=False, activity=False, **(ours or {}))
    model.fit(x, y, batch_size=None if y is None else 32, epochs=epochs, verbose=0, callbacks=[callback, *callbacks], **options)
    return points(folder / "layerscope")


def samples_of(run: Any, predictions: Any) -> Any:
    return run[f"samples/{predictions.samples}"][0][1]


def told(run: Any, predictions: Any) -> tuple[Array, Array]:
    """True and predicted class of each sample."""
    truth = samples_of(run, predictions).truth
    return truth, np.where(predictions.predicted == 0, truth, predictions.predicted - 1)


def areas(payload: Any) -> dict[int, tuple[float, float]]:
    """Area under the ROC curve and average precision of each curve, as the server answers them."""
    found = curves(point_of(record.decode(record.encode(payload, writer="0", ordinal=0)), 0, 0.0), [])
    return {int(of): (float(auc), float(ap)) for of, auc, ap in zip(found.of, found.auc, found.ap, strict=True)}


def assert_is_of(run: Any, tag: str, truth: Array, p: Array, weight: Array | None = None) -> None:
    """All that is told of an evaluation is that of these probabilities: [sample] of the positive class, or [sample, class]."""
    kinds = {kind: run[f"{tag}/{kind}"][-1][1] for kind in ("confusion_matrix", "score_curves", "predictions")}
    chosen = (p > 0.5).astype(int) if p.ndim == 1 else p.argmax(axis=1)
    its_truth, its_choice = told(run, kinds["predictions"])
    np.testing.assert_array_equal(its_truth, truth)
    np.testing.assert_array_equal(its_choice, chosen)
    np.testing.assert_array_equal(samples_of(run, kinds["predictions"]).number, np.arange(len(truth)))
    confidence = p if p.ndim == 1 else p.max(axis=1)
    np.testing.assert_allclose(kinds["predictions"].confidence / 65536, confidence, atol=2 / 65536)
    of = {1: p} if p.ndim == 1 else dict(enumerate(p.T))
    ours = areas(kinds["score_curves"])
    for id_, score in of.items():
        is_positive = truth == id_
        wanted = (
            sklearn.metrics.roc_auc_score(is_positive, score, sample_weight=weight),
            sklearn.metrics.average_precision_score(is_positive, score, sample_weight=weight),
        )
        np.testing.assert_allclose(ours[id_], wanted, rtol=1e-6, atol=1e-9)
    assert kinds["score_curves"].samples == len(truth) == counts(kinds["confusion_matrix"]).sum()


@pytest.mark.parametrize("form", ["class ids", "one-hot", "logits", "two columns"])
def test_several_classes_with_a_partial_last_batch(form: str, tmp_path: Path) -> None:
    y, y_val = (DATA.y % 2, IS_ODD) if form == "two columns" else (DATA.y, DATA.y_val)
    columns = 2 if form == "two columns" else 10
    loss: Any = keras.losses.SparseCategoricalCrossentropy(from_logits=form == "logits")
    if form == "one-hot":
        loss, y, y_given = "categorical_crossentropy", np.eye(10)[y], np.eye(10)[y_val]
    else:
        y_given = y_val
    model = compiled(sequential(columns, None if form == "logits" else "softmax"), loss)

    run = fit(model, tmp_path, y=y, validation_data=(DATA.x_val, y_given))

    scores = model.predict(DATA.x_val, verbose=0).astype(np.float64)
    p = np.exp(scores - scores.max(axis=1, keepdims=True)) if form == "logits" else scores
    p /= p.sum(axis=1, keepdims=True)
    assert_is_of(run, "validation", y_val, p[:, 1] if columns == 2 else p)
    assert run["validation/predictions"][0][1].epoch == run["validation/score_curves"][0][1].epoch == 0


@pytest.mark.parametrize("shape", [(-1,), (-1, 1)])
def test_one_column_and_weights(shape: tuple[int, ...], tmp_path: Path) -> None:
    model = compiled(sequential(1, "sigmoid"), "binary_crossentropy")

    run = fit(model, tmp_path, y=(DATA.y % 2).reshape(shape), validation_data=(DATA.x_val, IS_ODD.reshape(shape), WEIGHT))

    p = model.predict(DATA.x_val, verbose=0)[:, 0]
    assert_is_of(run, "validation", IS_ODD, p, WEIGHT)
    np.testing.assert_allclose(samples_of(run, run["validation/predictions"][0][1]).weight, WEIGHT, rtol=1e-6)


def test_several_outputs_and_an_evaluation_of_our_own(tmp_path: Path) -> None:
    model = compiled(two_outputs(), ["sparse_categorical_crossentropy", "binary_crossentropy"])

    run = fit(
        model,
        tmp_path,
        y=[DATA.y, DATA.y % 2],
        ours={"evaluations": {"test": (DATA.x[:70], [DATA.y[:70], DATA.y[:70] % 2])}},
        validation_data=(DATA.x_val, [DATA.y_val, IS_ODD]),
    )

    for name, x, y in [("validation", DATA.x_val, DATA.y_val), ("test", DATA.x[:70], DATA.y[:70])]:
        digit, odd = model.predict(x, verbose=0)
        assert_is_of(run, f"{name}/digit", y, digit)
        assert_is_of(run, f"{name}/odd", y % 2, odd[:, 0])


@pytest.mark.parametrize("source", ["tf.data", "PyDataset", "a split"])
def test_each_source_of_data_keeps_its_order(source: str, tmp_path: Path) -> None:
    x, y = (DATA.x[120:], DATA.y[120:]) if source == "a split" else (DATA.x_val, DATA.y_val)
    sources: dict[str, Any] = {
        "tf.data": lambda: {"validation_data": tf.data.Dataset.from_tensor_slices((x, y)).batch(33)},
        "PyDataset": lambda: {"validation_data": Batches(x, y)},
        "a split": lambda: {"validation_split": 0.25},
    }
    model = compiled()

    run = fit(model, tmp_path, epochs=2, **sources[source]())

    assert_is_of(run, "validation", y, model.predict(x, verbose=0))
    assert len(run["validation/predictions"]) == 2
    assert len([tag for tag in run if tag.startswith("samples/")]) == 1


def test_masked_positions_are_no_samples(tmp_path: Path) -> None:
    model = compiled(tagger())

    run = fit(model, tmp_path, X, Y, validation_data=(X, Y))

    predictions, drawn = run["validation/predictions"][0][1], run["validation/score_curves"][0][1]
    p = model.predict(X, verbose=0).reshape(-1, CLASSES)
    truth, chosen = told(run, predictions)
    np.testing.assert_array_equal(truth, Y[IS_THERE])
    np.testing.assert_array_equal(chosen, p.argmax(axis=1)[IS_THERE.reshape(-1)])
    np.testing.assert_array_equal(samples_of(run, predictions).number, np.flatnonzero(IS_THERE))
    assert drawn.dropped == {"masked": int((~IS_THERE).sum())}
    assert drawn.samples + drawn.dropped["masked"] == X.size
    assert predictions.dropped == {}


def test_a_truth_without_a_class_is_no_sample_and_counted(tmp_path: Path) -> None:
    y_val = np.eye(10)[DATA.y_val]
    y_val[3] = 0

    run = fit(compiled(loss="categorical_crossentropy"), tmp_path, y=np.eye(10)[DATA.y], validation_data=(DATA.x_val, y_val))

    assert run["validation/score_curves"][0][1].dropped == {"label has no single class": 1}
    np.testing.assert_array_equal(samples_of(run, run["validation/predictions"][0][1]).number, np.delete(np.arange(len(y_val)), 3))


@pytest.mark.parametrize("epochs", [1, 3])
def test_samples_that_change_places_are_not_followed(epochs: int, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    shuffled = tf.data.Dataset.from_tensor_slices((DATA.x_val, DATA.y_val)).shuffle(200).batch(55)

    with caplog.at_level(logging.WARNING, "layerscope"):
        run = fit(compiled(), tmp_path, epochs=epochs, validation_data=shuffled)

    assert [len(run[f"validation/{kind}"]) for kind in ("confusion_matrix", "score_curves")] == [epochs, epochs]
    assert [step for step, _ in run["validation/predictions"]] == [5, 15][: 1 if epochs == 1 else 2]
    numbers = [samples_of(run, predictions).number for _, predictions in run["validation/predictions"]]
    assert len(np.unique(np.concatenate(numbers))) == sum(map(len, numbers))
    ours = [each.message for each in caplog.records if each.name == "layerscope"]
    assert [message for message in ours if "cannot follow" in message] == ours
    assert len(ours) == (epochs > 1)


def test_an_evaluation_in_our_name_by_another_callback_moves_no_sample(tmp_path: Path) -> None:
    ours = Layerscope(tmp_path, gradients=False, activity=False)

    class Evaluates(keras.callbacks.Callback):
        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            self.model.evaluate(DATA.x[:50], DATA.y[:50], verbose=0, callbacks=[ours])

    model = compiled()
    model.fit(DATA.x, DATA.y, epochs=2, verbose=0, validation_data=(DATA.x_val, DATA.y_val), callbacks=[ours, Evaluates()])

    run = points(tmp_path / "layerscope")
    assert_is_of(run, "validation", DATA.y_val, model.predict(DATA.x_val, verbose=0))
    assert len(run["validation/predictions"]) == 2


def test_a_generator_has_one_id_for_a_sample_or_says_that_it_has_none(tmp_path: Path) -> None:
    def without_end() -> Any:
        random = np.random.default_rng(0)
        while True:
            chosen = random.permutation(len(DATA.x_val))[:55]
            yield DATA.x_val[chosen], DATA.y_val[chosen]

    run = fit(compiled(), tmp_path, epochs=3, validation_data=without_end(), validation_steps=2)

    truths: dict[int, int] = {}
    for _, predictions in run["validation/predictions"]:
        samples = samples_of(run, predictions)
        assert len(samples.number) == 110
        for number, truth in zip(samples.number.tolist(), samples.truth.tolist(), strict=True):
            assert truths.setdefault(number, truth) == truth  # Keras goes on in a generator, or begins anew, by its version


def test_scores_of_no_known_kind_have_a_matrix_alone(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "layerscope"):
        run = fit(compiled(Subclassed()), tmp_path / "a", epochs=2, validation_data=(DATA.x_val, DATA.y_val))
    assert [tag for tag in run if tag.startswith("validation/")] == ["validation/confusion_matrix"]
    assert len(run["validation/confusion_matrix"]) == 2
    assert [each.name for each in caplog.records if "score='prob'" in each.message] == ["layerscope"]

    model = compiled(Subclassed())
    run = fit(model, tmp_path / "b", ours={"score": "prob"}, validation_data=(DATA.x_val, DATA.y_val))
    assert_is_of(run, "validation", DATA.y_val, model.predict(DATA.x_val, verbose=0))


def test_what_is_switched_off(tmp_path: Path) -> None:
    run = fit(compiled(), tmp_path / "a", ours={"curves": False, "predictions": False}, validation_data=(DATA.x_val, DATA.y_val))
    assert [tag for tag in run if tag.startswith("validation/")] == ["validation/confusion_matrix"]
    run = fit(compiled(), tmp_path / "b", ours={"curves": False}, validation_data=(DATA.x_val, DATA.y_val))
    assert sorted(tag for tag in run if tag.startswith("validation/")) == ["validation/confusion_matrix", "validation/predictions"]


class Stops(keras.callbacks.Callback):
    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        self.model.stop_training = epoch == 2


def test_of_many_classes_each_tenth_evaluation_and_the_last_one(tmp_path: Path) -> None:
    many = 201
    model = compiled(sequential(many))

    run = fit(model, tmp_path / "a", epochs=12, validation_data=(DATA.x_val, DATA.y_val))
    assert steps(tmp_path / "a" / "layerscope", "validation/confusion_matrix") == list(range(5, 61, 5))
    for kind in ("score_curves", "predictions"):
        assert [step for step, _ in run[f"validation/{kind}"]] == [5, 55, 60]

    run = fit(compiled(sequential(many)), tmp_path / "b", epochs=9, callbacks=[Stops()], validation_data=(DATA.x_val, DATA.y_val))
    assert [step for step, _ in run["validation/predictions"]] == [5, 15]  # written when it was over: nobody knew that it is the last
    assert [step for step, _ in run["validation/confusion_matrix"]] == [5, 10, 15]

    run = fit(compiled(sequential(many)), tmp_path / "c", epochs=3, ours={"curves": True, "predictions": True}, validation_data=(DATA.x_val, DATA.y_val))
    assert [len(run[f"validation/{kind}"]) for kind in ("score_curves", "predictions")] == [3, 3]


def test_more_scores_than_are_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counted_evaluation, "HELD_BYTES", 4_000)
    model = compiled()

    run = fit(model, tmp_path, epochs=2, validation_data=(DATA.x_val, DATA.y_val, WEIGHT))

    assert_is_of(run, "validation", DATA.y_val, model.predict(DATA.x_val, verbose=0), WEIGHT)
    assert len(run["validation/score_curves"]) == 2


def test_examples_are_the_inputs_of_their_samples(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = {"evaluations": {"test": (DATA.x[:40], DATA.y[:40])}, "examples": 12}

    run = fit(compiled(), tmp_path / "a", epochs=3, ours=given, validation_data=(DATA.x_val, DATA.y_val))

    for name, x in [("validation", DATA.x_val), ("test", DATA.x)]:
        found: list[int] = []
        for _, examples in run[f"{name}/examples"]:
            start = 0
            for number, end, media in zip(examples.number, examples.content_end, examples.media, strict=True):
                assert media == "image/png"
                picture = Image.open(io.BytesIO(examples.content[start:end].tobytes()))
                np.testing.assert_array_equal(np.asarray(picture), np.rint(x[number] * 255))
                start = end
            found += examples.number.tolist()
        assert len(found) == len(set(found)) >= 12

    assert not any("examples" in tag for tag in fit(compiled(), tmp_path / "b", validation_data=(DATA.x_val, DATA.y_val)))
    monkeypatch.setenv("LAYERSCOPE_DISABLE", "media")
    assert not any("examples" in tag for tag in fit(compiled(), tmp_path / "c", ours=given, validation_data=(DATA.x_val, DATA.y_val)))


def test_examples_are_not_read_out_of_a_data_set(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    read: list[int] = []

    class Counted(Batches):
        def __getitem__(self, index: int) -> tuple[Array, ...]:
            read.append(index)
            return super().__getitem__(index)

    with caplog.at_level(logging.WARNING, "layerscope"):
        run = fit(compiled(), tmp_path, epochs=2, ours={"examples": True}, validation_data=Counted(DATA.x_val, DATA.y_val))

    assert not any("examples" in tag for tag in run)
    assert "validation/predictions" in run
    assert [each.name for each in caplog.records if "no examples of validation" in each.message] == ["layerscope"]
    plain: list[int] = list(read)
    read.clear()
    compiled().fit(DATA.x, DATA.y, epochs=2, verbose=0, validation_data=Counted(DATA.x_val, DATA.y_val))
    assert plain == read


def test_weights_and_history_are_the_same_bits(tmp_path: Path) -> None:
    found = []
    for is_watched in (False, True):
        keras.utils.clear_session(free_memory=False)
        keras.utils.set_random_seed(3)
        model = compiled(sequential(noisy=True), metrics=["accuracy"])
        ours: dict[str, Any] = {"examples": 20, "evaluations": {"test": (DATA.x[:50], DATA.y[:50])}, "gradients": False}
        callbacks = [Layerscope(tmp_path, **ours)] if is_watched else []
        history = model.fit(DATA.x, DATA.y, epochs=3, verbose=0, validation_data=(DATA.x_val, DATA.y_val), callbacks=callbacks)
        found.append((history.history, [np.array(weight) for weight in model.get_weights()], np.random.random(3)))
    (plain, weights, drawn), (watched, its_weights, its_drawn) = found
    assert list(plain.items()) == list(watched.items())
    np.testing.assert_array_equal(drawn, its_drawn)
    for one, other in zip(weights, its_weights, strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("wrong", [{"examples": -1}, {"examples": 2001}])
def test_wrong_numbers_of_examples(wrong: Any, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="examples is how many inputs are kept to look at, from 0 to 2,000; it is"):
        Layerscope(tmp_path, **wrong)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"examples": "all"}, "examples must be how many inputs are kept to look at, True or False; it is 'all'"),
        ({"curves": 1}, "curves must be True, False, or None to tell of them where they are not too many; it is 1"),
        ({"predictions": "yes"}, "predictions must be True, False, or None"),
    ],
)
def test_wrong_arguments(wrong: Any, message: str, tmp_path: Path) -> None:
    with pytest.raises(TypeError, match=message):
        Layerscope(tmp_path, **wrong)


@pytest.mark.parametrize("length", [1, 30, 1000, 20_000, None])
@pytest.mark.parametrize(("samples", "classes"), [(500, 10), (5_000, 10), (5_000, 1_000), (200_000, 2), (50_000, 1_000)])
def test_predictions_give_way_before_curves_and_matrices_come_last(samples: int, classes: int, length: int | None) -> None:
    def kept(wanted: Wanted, share: int = 4_000_000) -> dict[str, list[int]]:
        epochs = range(length or 3_000)
        due = [due_kinds(epoch, wanted, share=share, size=size_of_choice(samples, classes), length=length) for epoch in epochs]
        return {kind: [epoch for epoch in epochs if kind in due[epoch]] for kind in ALL}

    found = kept(Wanted())
    assert found["examples"] == []
    assert 0 in found["predictions"]
    assert 0 in found["score_curves"]
    assert len(found["predictions"]) <= len(found["score_curves"]) <= len(found["table"]) < 1000
    assert set(found["predictions"]) | set(found["score_curves"]) <= set(found["table"])
    alone = kept(Wanted(curves=False, predictions=False))
    assert set(alone["table"]) <= set(found["table"])
    assert alone["score_curves"] == alone["predictions"] == []
    if length is not None:
        assert len(kept(Wanted(), 40_000_000)["predictions"]) >= len(found["predictions"])
        assert len(found["predictions"]) <= max(3, 4_000_000 / (5 * samples))
        assert len(found["score_curves"]) <= max(5, 4_000_000 / (10 * samples))
