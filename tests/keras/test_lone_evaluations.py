"""`model.evaluate(x, y, callbacks=[ours])`: what it sees is written, at the step that the model's training has reached."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import sklearn.metrics
import tensorflow as tf

from layerscope.keras import Layerscope
from tests.keras.logged import counts, points, steps
from tests.keras.models import Subclassed, digits, sequential
from writers.frameworks.keras.logdir import runs

DATA = digits()
VALIDATION: dict[str, Any] = {"validation_data": (DATA.x_val[:50], DATA.y_val[:50])}


def compiled(model: Any = None, **options: Any) -> Any:
    model = model or sequential()
    model.compile("adam", "sparse_categorical_crossentropy", **{"metrics": ["accuracy"], "run_eagerly": True, **options})
    return model


def fit(model: Any, *callbacks: Any, **options: Any) -> None:
    model.fit(DATA.x, DATA.y, verbose=0, callbacks=list(callbacks), **{"epochs": 1, **VALIDATION, **options})


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [each.getMessage() for each in caplog.records if each.name == "layerscope" and each.levelno >= logging.WARNING]


def assert_is_of(found: Any, model: Any) -> None:
    predicted = model.predict(DATA.x_val, verbose=0).argmax(axis=1)
    np.testing.assert_array_equal(counts(found), sklearn.metrics.confusion_matrix(DATA.y_val, predicted, labels=range(10)))


@pytest.mark.parametrize("source", ["arrays", "data set"])
def test_after_a_fit_it_has_the_step_and_the_epoch_of_the_model(source: str, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    model, ours = compiled(run_eagerly=False), Layerscope(tmp_path, gradients=False, activity=False)
    fit(model, ours, epochs=2)
    data: Any = (DATA.x_val, DATA.y_val) if source == "arrays" else (tf.data.Dataset.from_tensor_slices((DATA.x_val, DATA.y_val)).batch(33),)
    plain = model.evaluate(*data, verbose=0, return_dict=True)

    assert model.evaluate(*data, verbose=0, return_dict=True, callbacks=[ours]) == plain

    run = points(tmp_path / "layerscope")
    ((step, found),) = run["test/confusion_matrix"]
    assert (step, found.epoch) == (10, 1)
    assert_is_of(found, model)
    assert {"test/score_curves", "test/predictions"} <= set(run)
    assert [(step, pytest.approx(value)) for step, value in run["test/loss"]] == [(10, plain["loss"])]
    assert run["test/accuracy"][0][1] == pytest.approx(plain["accuracy"])
    assert [step for step, _ in run["validation/confusion_matrix"]] == [5, 10]
    assert "WatchedTestFunction" not in type(model.test_function).__name__
    assert not warnings(caplog)


@pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy keyword:DeprecationWarning")  # Keras' own, as it saves
def test_without_a_fit_it_begins_at_0_or_where_the_optimizer_or_the_user_says(tmp_path: Path) -> None:
    model = compiled()
    model.evaluate(DATA.x_val, DATA.y_val, verbose=0, callbacks=[Layerscope(tmp_path / "new")])
    ((step, found),) = points(tmp_path / "new" / "layerscope")["test/confusion_matrix"]
    assert (step, found.epoch) == (0, None)
    assert_is_of(found, model)

    fit(model)
    path = tmp_path / "model.keras"
    model.save(path)
    restored = keras.models.load_model(path)
    restored.run_eagerly = True
    restored.evaluate(DATA.x_val, DATA.y_val, verbose=0, callbacks=[Layerscope(tmp_path / "restored")])
    assert steps(tmp_path / "restored" / "layerscope", "test/confusion_matrix") == [5]
    restored.evaluate(DATA.x_val, DATA.y_val, verbose=0, callbacks=[Layerscope(tmp_path / "told", initial_step=700)])
    assert steps(tmp_path / "told" / "layerscope", "test/confusion_matrix") == [700]


def test_a_second_one_at_a_step_is_not_written_and_it_is_said(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    model, ours = compiled(), Layerscope(tmp_path, gradients=False, activity=False)
    fit(model, ours)
    for _ in range(3):
        model.evaluate(DATA.x_val, DATA.y_val, verbose=0, callbacks=[ours])
    (said,) = warnings(caplog)
    assert "at step 5 already" in said
    fit(model, ours)
    model.evaluate(DATA.x_val, DATA.y_val, verbose=0, callbacks=[ours])

    assert steps(tmp_path / "layerscope", "test/confusion_matrix") == [5, 10]


def test_another_model_in_the_folder_is_written(tmp_path: Path) -> None:
    for _ in range(2):
        compiled().evaluate(DATA.x_val, DATA.y_val, verbose=0, callbacks=[Layerscope(tmp_path)])

    assert len(list((tmp_path / "layerscope").glob("*tfevents*"))) == 2


def test_amid_a_fit_it_stands_beside_the_validation(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    class Evaluates(keras.callbacks.Callback):
        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            self.model.evaluate(DATA.x_val, DATA.y_val, verbose=0, callbacks=[ours])

    model, ours = compiled(), Layerscope(tmp_path, gradients=False, activity=False)
    fit(model, ours, Evaluates(), epochs=2)

    run = points(tmp_path / "layerscope")
    assert [(step, found.count.sum()) for step, found in run["test/confusion_matrix"]] == [(5, len(DATA.y_val)), (10, len(DATA.y_val))]
    assert [(step, found.count.sum()) for step, found in run["validation/confusion_matrix"]] == [(5, 50), (10, 50)]
    assert_is_of(run["test/confusion_matrix"][-1][1], model)
    assert [step for step, _ in run["test/loss"]] == [5, 10]
    assert not (tmp_path / "layerscope_2").exists()
    assert not warnings(caplog)


def test_one_that_is_interrupted_leaves_the_fit_as_it_was(tmp_path: Path) -> None:
    class Interrupt(keras.callbacks.Callback):
        def on_test_batch_end(self, batch: int, logs: Any = None) -> None:
            raise RuntimeError("enough")

    class Evaluates(keras.callbacks.Callback):
        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            if epoch == 0:
                with pytest.raises(RuntimeError, match="enough"):
                    self.model.evaluate(DATA.x_val, DATA.y_val, verbose=0, callbacks=[ours, Interrupt()])

    model, ours = compiled(), Layerscope(tmp_path, gradients=False, activity=False)
    fit(model, ours, Evaluates(), epochs=2)

    run = points(tmp_path / "layerscope")
    assert "test/confusion_matrix" not in run
    assert [(step, found.count.sum()) for step, found in run["validation/confusion_matrix"]] == [(5, 50), (10, 50)]
    assert "WatchedTestFunction" not in type(model.test_function).__name__


def test_after_a_fit_that_was_interrupted_it_is_no_validation(tmp_path: Path) -> None:
    class Interrupt(keras.callbacks.Callback):
        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            raise KeyboardInterrupt

    model, ours = compiled(), Layerscope(tmp_path, gradients=False, activity=False)
    with pytest.raises(KeyboardInterrupt):
        fit(model, ours, Interrupt())
    model.evaluate(DATA.x_val, DATA.y_val, verbose=0, callbacks=[ours])
    ours.close()

    run = points(tmp_path / "layerscope")
    assert [(step, found.count.sum()) for step, found in run["test/confusion_matrix"]] == [(5, len(DATA.y_val))]
    assert [(step, found.count.sum()) for step, found in run["validation/confusion_matrix"]] == [(5, 50)]


def test_its_name_gives_way_to_that_of_an_evaluation_of_our_own(tmp_path: Path) -> None:
    model = compiled()
    ours = Layerscope(tmp_path, gradients=False, activity=False, evaluations={"test": (DATA.x[:20], DATA.y[:20])})
    fit(model, ours)
    model.evaluate(DATA.x_val, DATA.y_val, verbose=0, callbacks=[ours])

    run = points(tmp_path / "layerscope")
    assert run["test/confusion_matrix"][-1][1].count.sum() == 20
    assert run["test_2/confusion_matrix"][-1][1].count.sum() == len(DATA.y_val)


def test_labels_and_numbers_are_told_too(tmp_path: Path) -> None:
    model = sequential(3, "sigmoid")
    model.compile("adam", "binary_crossentropy", run_eagerly=True)
    truth = (DATA.y_val[:, None] % [2, 3, 5] == 0).astype(float)
    model.evaluate(DATA.x_val, truth, verbose=0, callbacks=[Layerscope(tmp_path / "a", labels=["two", "three", "five"])])
    assert points(tmp_path / "a" / "layerscope")["test/multilabel"][0][1].samples == len(truth)

    model = sequential(1, None)
    model.compile("adam", "mse", run_eagerly=True)
    model.evaluate(DATA.x_val, DATA.y_val, verbose=0, callbacks=[Layerscope(tmp_path / "b")])
    assert points(tmp_path / "b" / "layerscope")["test/regression"][0][1].samples == len(truth)


def test_labels_that_do_not_fit_raise(tmp_path: Path) -> None:
    for model in (compiled(), compiled(Subclassed())):
        with pytest.raises(ValueError, match="there are 2 labels"):
            model.evaluate(DATA.x_val, DATA.y_val, verbose=0, callbacks=[Layerscope(tmp_path, labels=["a", "b"])])
        assert "WatchedTestFunction" not in type(model.test_function).__name__


def test_a_folder_that_cannot_be_written_is_one_warning(tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    assert compiled().evaluate(DATA.x_val, DATA.y_val, verbose=0, callbacks=[Layerscope(tmp_path / "file" / "run")])
    (said,) = warnings(caplog)
    assert "could not log the evaluation" in said

    monkeypatch.setenv("LAYERSCOPE_DISABLE", "all")
    compiled().evaluate(DATA.x_val, DATA.y_val, verbose=0, callbacks=[Layerscope(tmp_path / "off")])
    assert not (tmp_path / "off" / runs.NAME).exists()
