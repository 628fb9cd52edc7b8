"""The callback through whole trainings: what is on disk, and what happens when something is wrong."""

from __future__ import annotations

import logging
import os
import resource
from itertools import count
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from layerscope.keras import Layerscope
from tests.keras.logged import counts, labels_of, last, points, steps
from tests.keras.models import Subclassed, digits, sequential, two_outputs
from writers.budget import is_kept

DATA = digits()
NAMES = [f"digit {i}" for i in range(10)]


def compiled(model: keras.Model | None = None, loss: Any = "sparse_categorical_crossentropy", **options: Any) -> keras.Model:
    """Not traced, which takes most of the time of so short a training; `run_eagerly=False` where that matters."""
    model = sequential(name="m") if model is None else model
    model.compile("adam", loss, **{"metrics": ["accuracy"], "run_eagerly": True, **options})
    return model


def fit(model: keras.Model, *callbacks: Any, epochs: int = 2, **options: Any) -> dict[str, list[float]]:
    given = {"validation_data": (DATA.x_val, DATA.y_val), **options}
    history = model.fit(DATA.x, DATA.y, batch_size=32, epochs=epochs, verbose=0, callbacks=list(callbacks), **given)
    return dict(history.history)


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [r.getMessage() for r in caplog.records if r.name == "layerscope" and r.levelno >= logging.WARNING]


def test_a_training_is_logged_whole(tmp_path: Path, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]) -> None:
    model = compiled(run_eagerly=False)
    callback = Layerscope(tmp_path / "run-1", labels=NAMES, hyperparameters={"width": np.int64(16)})

    history = fit(model, callback)

    run = points(tmp_path / "run-1" / "layerscope")
    facts = run["training_facts"][0][1]
    assert (facts.first_step, facts.initial_epoch, facts.epochs, facts.steps_per_epoch) == (0, 0, 2, 5)
    assert (facts.optimizer, facts.loss, facts.framework) == ("Adam", "sparse_categorical_crossentropy", "keras/tensorflow")
    assert facts.hyperparameters == {"width": 16}
    assert facts.versions["keras"] == keras.__version__
    assert [step for step, _ in run["validation/confusion_matrix"]] == [5, 10]
    assert [matrix.epoch for _, matrix in run["validation/confusion_matrix"]] == [0, 1]
    assert labels_of(tmp_path / "run-1" / "layerscope", run["validation/confusion_matrix"][0][1]) == tuple(NAMES)
    assert run["learning_rate"] == [(step, pytest.approx(0.001)) for step in range(10)]
    assert [step for step, _ in run["structure"]] == [0]
    assert [tag for tag in run if tag.startswith("parameters/")] == [f"parameters/{run['structure'][0][1].parameters}"]
    for name, logged, tag in [("train", "loss", "epoch_loss"), ("train", "accuracy", "epoch_accuracy"), ("validation", "val_loss", "epoch_loss")]:
        assert points(tmp_path / "run-1" / name)[tag] == [(epoch, pytest.approx(value)) for epoch, value in enumerate(history[logged])]
    assert steps(tmp_path / "run-1" / "train", "epoch_learning_rate") == [0, 1]
    assert not warnings(caplog)
    assert capsys.readouterr().out == f"Layerscope: tensorboard --logdir {tmp_path / 'run-1'}\n"


def test_the_rate_logged_is_the_one_a_batch_uses(tmp_path: Path) -> None:
    model = sequential()
    schedule = keras.optimizers.schedules.ExponentialDecay(0.1, 1, 0.5)
    model.compile(keras.optimizers.SGD(schedule), "sparse_categorical_crossentropy")

    fit(model, Layerscope(tmp_path), epochs=1, validation_data=None)

    assert points(tmp_path / "layerscope")["learning_rate"] == [(step, pytest.approx(0.1 * 0.5**step)) for step in range(5)]


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # theirs, on its learning rate
@pytest.mark.parametrize("placed", ["before", "after"])
def test_beside_keras_own_callback_neither_loses_anything(placed: str, tmp_path: Path) -> None:
    ours, theirs = Layerscope(tmp_path), keras.callbacks.TensorBoard(str(tmp_path), write_graph=False)

    history = fit(compiled(), *([ours, theirs] if placed == "before" else [theirs, ours]))

    assert len(list((tmp_path / "train").iterdir())) == 1  # theirs
    for name, logged in [("train", "loss"), ("validation", "val_loss")]:
        assert points(tmp_path / name)["epoch_loss"] == [(epoch, pytest.approx(value)) for epoch, value in enumerate(history[logged])]
    assert steps(tmp_path / "layerscope", "validation/confusion_matrix") == [5, 10]


def test_who_writes_to_the_runs_of_epochs_is_looked_up_when_the_first_epoch_is_over(tmp_path: Path) -> None:
    class Late(keras.callbacks.Callback):
        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            if epoch == 0:
                self.writer = tf.summary.create_file_writer(str(tmp_path / "train"))

    fit(compiled(), Layerscope(tmp_path), Late())

    assert len(list((tmp_path / "train").iterdir())) == 1
    assert steps(tmp_path / "validation", "epoch_loss") == [0, 1]


def test_steps_and_epochs_count_on_over_fits(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    model, callback = compiled(), Layerscope(tmp_path)

    fit(model, callback)
    model.compile("sgd", "sparse_categorical_crossentropy", run_eagerly=True)  # the optimizer's own count begins anew
    fit(model, callback, epochs=3)

    facts = points(tmp_path / "layerscope")["training_facts"]
    assert [step for step, _ in facts] == [0, 10]
    assert [(f.first_step, f.initial_epoch, f.epochs, f.optimizer) for _, f in facts] == [(0, 0, 2, "Adam"), (10, 2, 5, "SGD")]
    assert steps(tmp_path / "layerscope", "validation/confusion_matrix") == [5, 10, 15, 20, 25]
    assert steps(tmp_path / "layerscope", "learning_rate") == list(range(25))
    assert steps(tmp_path / "train", "epoch_loss") == [0, 1, 2, 3, 4]
    assert steps(tmp_path / "layerscope", "structure") == [0]
    assert not warnings(caplog)


def test_a_structure_that_changed_is_written_again(tmp_path: Path) -> None:
    model, callback = compiled(), Layerscope(tmp_path)
    fit(model, callback, epochs=1)
    model.layers[1].trainable = False
    compiled(model)
    fit(model, callback, epochs=1)

    assert steps(tmp_path / "layerscope", "structure") == [0, 5]


def test_a_model_that_was_not_compiled_has_its_structure(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    callback = Layerscope(str(tmp_path))
    callback.set_model(sequential())
    callback.on_train_begin()
    callback.on_train_end()
    assert warnings(caplog) == []
    assert steps(tmp_path / "layerscope", "structure") == [0]


def test_where_a_training_goes_on(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    fit(compiled(), Layerscope(tmp_path), epochs=1)
    fit(compiled(), Layerscope(tmp_path, initial_step=5), epochs=1)
    assert not warnings(caplog)
    assert steps(tmp_path / "layerscope", "validation/confusion_matrix") == [5, 10]

    fit(compiled(), Layerscope(tmp_path), epochs=3, initial_epoch=2)
    assert steps(tmp_path / "layerscope", "validation/confusion_matrix") == [5, 10, 15]
    assert not warnings(caplog)

    fit(compiled(), Layerscope(tmp_path), epochs=1)
    assert [text for text in warnings(caplog) if "begin at 0" in text and "step 15" in text]


def test_two_callbacks_see_the_same_evaluation(tmp_path: Path) -> None:
    model = compiled(run_eagerly=False)
    fit(model, Layerscope(tmp_path / "a"), Layerscope(tmp_path / "b"), epochs=1)

    one, other = (last(tmp_path / name / "layerscope", "validation/confusion_matrix") for name in "ab")
    np.testing.assert_array_equal(one.count, other.count)
    assert one.count.sum() == len(DATA.y_val)


def test_a_second_writer_in_one_folder_gets_a_run_of_its_own(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    fit(compiled(), Layerscope(tmp_path), Layerscope(tmp_path), epochs=1)

    assert (tmp_path / "layerscope_2").is_dir()
    assert "layerscope_2" in warnings(caplog)[0]
    assert steps(tmp_path / "layerscope_2", "validation/confusion_matrix") == [5]


def test_an_evaluation_by_somebody_else_stays_out(tmp_path: Path) -> None:
    class Other(keras.callbacks.Callback):
        def on_test_begin(self, logs: Any = None) -> None:
            self.busy = getattr(self, "busy", False)
            if not self.busy:
                self.busy = True
                self.model.evaluate(DATA.x[:40], DATA.y[:40], verbose=0)

        def on_test_end(self, logs: Any = None) -> None:
            self.model.evaluate(DATA.x[:40], DATA.y[:40], verbose=0)

    model = compiled()
    fit(model, Layerscope(tmp_path / "a"), Other(), Layerscope(tmp_path / "b"), epochs=1)

    for name in "ab":
        matrix = last(tmp_path / name / "layerscope", "validation/confusion_matrix")
        np.testing.assert_array_equal(np.add.reduceat(matrix.count, [0, *matrix.row_end[:-2]]), np.bincount(DATA.y_val, minlength=10))


def test_a_second_evaluation_at_one_step_is_left_out(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    class Again(keras.callbacks.Callback):
        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            self.model.evaluate(DATA.x, DATA.y, verbose=0, callbacks=[ours])

    ours = Layerscope(tmp_path)
    fit(compiled(), ours, Again())

    matrices = points(tmp_path / "layerscope")["validation/confusion_matrix"]
    assert [(step, matrix.count.sum()) for step, matrix in matrices] == [(5, len(DATA.y_val)), (10, len(DATA.y_val))]
    assert not warnings(caplog)


def test_an_interrupt_in_an_evaluation_leaves_all_in_order(tmp_path: Path) -> None:
    class Interrupt(keras.callbacks.Callback):
        def on_test_batch_begin(self, batch: int, logs: Any = None) -> None:
            if batch == 1:
                raise KeyboardInterrupt

    model, callback = compiled(run_eagerly=False), Layerscope(tmp_path)
    with pytest.raises(KeyboardInterrupt):
        fit(model, callback, Interrupt(), epochs=1)
    model.evaluate(DATA.x, DATA.y, verbose=0)
    fit(model, callback, epochs=1)

    assert steps(tmp_path / "layerscope", "validation/confusion_matrix") == [10]
    assert last(tmp_path / "layerscope", "validation/confusion_matrix").count.sum() == len(DATA.y_val)
    assert "WatchedTestFunction" not in type(model.test_function).__name__


@pytest.mark.parametrize(
    ("labels", "said"),
    [
        (["a", "b"], "it has 10, and there are 2 labels"),
        (11, "it has 10, and there are 11 labels"),
        ({"nothing": 10}, "names? the output 'nothing'"),
    ],
)
def test_labels_that_do_not_fit_raise_before_the_first_step(labels: Any, said: str, tmp_path: Path) -> None:
    model = compiled()
    before = [variable.numpy() for variable in model.weights]

    with pytest.raises(ValueError, match=said):
        fit(model, Layerscope(tmp_path, labels=labels))

    for one, other in zip(before, model.weights, strict=True):
        np.testing.assert_array_equal(one, other.numpy())


def test_a_model_not_yet_built_is_told_after_its_first_batch(tmp_path: Path) -> None:
    model = compiled(Subclassed())

    fit(model, Layerscope(tmp_path), epochs=1)

    assert [node.path for node in last(tmp_path / "layerscope", "structure").nodes] == ["x", "pixels", "hidden", "digit"]


@pytest.mark.parametrize(
    ("arguments", "error", "said"),
    [
        ({"logdir": 3}, TypeError, "logdir must be"),
        ({"logdir": ""}, TypeError, "logdir must be"),
        ({"logdir": "gs://bucket/run"}, ValueError, "elsewhere"),
        ({"labels": "digits"}, TypeError, "labels must be a list"),
        ({"labels": []}, ValueError, "labels is empty"),
        ({"labels": ["a", 2]}, TypeError, r"labels\[1\]"),
        ({"initial_step": 1.5}, TypeError, "initial_step"),
        ({"initial_step": -1}, ValueError, "initial_step"),
        ({"budget": "much"}, TypeError, "budget"),
        ({"budget": 0}, ValueError, "budget"),
        ({"budget": 1000}, ValueError, "at most"),
        ({"hyperparameters": [1]}, TypeError, "hyperparameters"),
        ({"score": "percent"}, ValueError, "score must be one of 'prob'"),
        ({"evaluations": [1]}, TypeError, "evaluations must map"),
        ({"evaluations": {"a/b": (1, 2)}}, ValueError, "holds none of /"),
        ({"evaluations": {"test: 1": (1, 2)}}, ValueError, "holds none of /"),
        ({"evaluations": {"validation": (1, 2)}}, ValueError, "fit's own data"),
        ({"evaluations": {"test": (1,)}}, ValueError, "1 parts"),
        ({"evaluations": {"test": iter([1])}}, TypeError, "only once"),
        ({"evaluations": {"test": "x"}}, TypeError, "must be"),
        ({"evaluations": {"test": DATA.x}}, TypeError, r"must be \(x, y\)"),
    ],
)
def test_wrong_arguments_raise_at_once(arguments: dict[str, Any], error: type[Exception], said: str, tmp_path: Path) -> None:
    with pytest.raises(error, match=said):
        Layerscope(**{"logdir": tmp_path, **arguments})


def test_a_folder_that_cannot_be_written_raises_before_the_first_step(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(OSError, match="cannot write event files here") as raised:
        fit(compiled(), Layerscope(tmp_path / "file" / "run"))

    assert str(tmp_path / "file" / "run") in str(raised.value)


def test_keras_own_error_comes_through_and_the_structure_is_on_disk(tmp_path: Path) -> None:
    def failing(*callbacks: Any) -> tuple[str, str]:
        keras.utils.clear_session(free_memory=False)
        model = keras.Sequential([keras.Input((8, 8, 1)), keras.layers.Dense(10, activation="softmax", name="digit")])
        model.compile("adam", "sparse_categorical_crossentropy")
        with pytest.raises(Exception, match=r"shape|rank|dimension") as raised:
            model.fit(DATA.x[..., None], DATA.y, epochs=1, verbose=0, callbacks=list(callbacks))
        return type(raised.value).__name__, str(raised.value)

    assert failing(Layerscope(tmp_path)) == failing()
    assert [node.layer for node in last(tmp_path / "layerscope", "structure").nodes][-1] == "digit"


def test_a_disk_that_fills_changes_nothing_of_the_training(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    class Full(keras.callbacks.Callback):
        def on_train_batch_begin(self, batch: int, logs: Any = None) -> None:
            if batch == 2:
                size = max(p.stat().st_size for p in tmp_path.rglob("events*"))
                resource.setrlimit(resource.RLIMIT_FSIZE, (size, limits[1]))

    def weights_after(*callbacks: Any) -> list[Any]:
        keras.utils.clear_session(free_memory=False)
        keras.utils.set_random_seed(3)
        model = compiled()
        fit(model, *callbacks)
        return [variable.numpy() for variable in model.weights]

    plain = weights_after()
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        logged = weights_after(Layerscope(tmp_path), Full())
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)

    for one, other in zip(plain, logged, strict=True):
        np.testing.assert_array_equal(one, other)
    told = [text for text in warnings(caplog) if str(tmp_path / "layerscope") in text]
    assert len(told) == 2
    assert "Training goes on" in told[0]
    assert "records" in told[1]
    assert steps(tmp_path / "layerscope", "structure") == [0]


def test_a_failure_of_ours_is_one_warning(tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    from writers.frameworks.keras.model.structures import Structures

    def fails(structures: Any, model: Any, given: Any) -> Any:
        raise RuntimeError("a bug")

    monkeypatch.setattr(Structures, "of", fails)
    history = fit(compiled(), Layerscope(tmp_path))

    assert len(history["loss"]) == 2
    assert warnings(caplog) == ["Layerscope could not log the structure of the model: RuntimeError: a bug. Training goes on without it."]
    assert steps(tmp_path / "layerscope", "validation/confusion_matrix") == [5, 10]


def test_a_failure_of_ours_while_a_step_is_traced_is_one_warning(tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    from writers.frameworks.keras.evaluations import watched_test_function

    def fails(*args: Any, **kwargs: Any) -> Any:
        raise RuntimeError("a bug")

    monkeypatch.setattr(watched_test_function, "scored_outputs", fails)
    history = fit(compiled(run_eagerly=False), Layerscope(tmp_path))

    assert len(history["val_loss"]) == 2
    assert warnings(caplog) == ["Layerscope could not take predictions out of the evaluation: a bug. Training goes on without them."]


@pytest.mark.parametrize("own", [False, True])
def test_a_failure_of_ours_while_a_batch_is_read_is_one_warning(
    own: bool, tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    from writers.frameworks.keras.evaluations.replicas import Whole

    read, batches = Whole.on_host, count()

    def fails_at_the_second(self: Any, captured: Any) -> Any:
        if next(batches) == 1:
            raise RuntimeError("a bug")
        return read(self, captured)

    monkeypatch.setattr(Whole, "on_host", fails_at_the_second)
    data = DATA.x_val, DATA.y_val
    callback = Layerscope(tmp_path, evaluations={"test": data} if own else None)

    fit(compiled(), callback, epochs=2, validation_data=None if own else data)

    # Of the evaluation that lost a batch there is no matrix, rather than one of fewer examples; the next one has its own.
    name = "test/confusion_matrix" if own else "validation/confusion_matrix"
    matrices = points(tmp_path / "layerscope")[name]
    assert [(step, counts(matrix).sum()) for step, matrix in matrices] == [(10, len(DATA.y_val))]
    assert warnings(caplog) == ["Layerscope could not log the predictions: RuntimeError: a bug. Training goes on without it."]


def test_another_backend_is_logged_without_predictions_and_says_so(tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keras.config, "backend", lambda: "jax")  # as it would answer; what trains here is TensorFlow

    fit(compiled(), Layerscope(tmp_path))

    assert len(warnings(caplog)) == 1
    assert "TensorFlow backend only" in warnings(caplog)[0]
    assert steps(tmp_path / "layerscope", "structure") == [0]
    assert steps(tmp_path / "validation", "epoch_loss") == [0, 1]


def test_nothing_is_left_on_the_model(tmp_path: Path) -> None:
    plain, logged = compiled(run_eagerly=False), compiled(run_eagerly=False)
    fit(plain, epochs=1)
    fit(logged, Layerscope(tmp_path, evaluations={"test": (DATA.x, DATA.y)}), epochs=1)

    assert sorted(vars(logged)) == sorted(vars(plain))
    assert type(logged.test_function) is type(plain.test_function)
    assert [type(value) for value in vars(logged).values()] == [type(value) for value in vars(plain).values()]


def test_an_evaluation_of_data_that_does_not_fit_is_one_warning(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    history = fit(compiled(), Layerscope(tmp_path, evaluations={"test": (DATA.x[:, :3], DATA.y)}))

    assert len(history["val_loss"]) == 2
    assert len(warnings(caplog)) == 1
    assert "the evaluation 'test'" in warnings(caplog)[0]


def test_nothing_is_logged_where_that_is_forbidden(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("LAYERSCOPE_DISABLE", "all")

    fit(compiled(), Layerscope(tmp_path / "run", labels=NAMES, evaluations={"test": (DATA.x, DATA.y)}), epochs=1)

    assert not os.path.exists(tmp_path / "run")
    assert capsys.readouterr().out == ""


def test_the_last_evaluation_is_written_though_the_budget_leaves_it_out(tmp_path: Path) -> None:
    class Stop(keras.callbacks.Callback):
        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            self.model.stop_training = epoch == 66

    model = compiled()
    # 256 points are always kept: 64 at the start, then every 11th of 2,000 epochs.
    few = DATA.x[:32], DATA.y[:32]
    model.fit(*few, initial_epoch=62, epochs=2000, validation_data=few, verbose=0, callbacks=[Layerscope(tmp_path, budget=0.001), Stop()])

    assert steps(tmp_path / "layerscope", "validation/confusion_matrix") == [63, 64, 65, 67]


def test_which_evaluations_are_written_is_settled_by_the_first_fit(tmp_path: Path) -> None:
    model, few = compiled(), (DATA.x[:8], DATA.y[:8])
    callback = Layerscope(tmp_path, budget=0.001, curves=False, predictions=False)  # which have a matrix beside them
    for first, end in [(62, 66), (66, 100)]:
        model.fit(*few, initial_epoch=first, epochs=end, validation_data=few, verbose=0, callbacks=[callback])

    kept = [epoch for epoch in range(62, 100) if epoch in (65, 99) or is_kept(epoch, 256, length=66, least=1)]
    assert [matrix.epoch for _, matrix in points(tmp_path / "layerscope")["validation/confusion_matrix"]] == kept


def test_labels_of_several_outputs(tmp_path: Path) -> None:
    model = two_outputs()
    compiled(model, ["sparse_categorical_crossentropy", "binary_crossentropy"], metrics=None)
    with pytest.raises(ValueError, match="output 'odd' tells apart: it has 2, and there are 3 labels"):
        model.fit(DATA.x, [DATA.y, DATA.y % 2], verbose=0, callbacks=[Layerscope(tmp_path, labels={"digit": NAMES, "odd": ["a", "b", "c"]})])
