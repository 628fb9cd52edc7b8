"""A watched training is the user's still: nothing of ours stays, stops it, grows, or is traced once more; and what is told is written in time."""

from __future__ import annotations

import copy
import gc
import importlib
import logging
import math
import os
import pickle
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from layerscope import MemorySink, RunWriter, confusion_matrix
from layerscope.tensorflow import watch
from tb_plugin.schema.distributions import Distributions
from tests.tensorflow.trainings import STEPS, Adversaries, Deferred, Training, adam, batch, by_function, by_xla, in_a_loop, net, plainly
from tests.torch.logged import Logged
from writers import statistics_packer
from writers.live import live_event_files
from writers.statistics_packer import STEPS_A_RECORD


def told(sink: MemorySink) -> list[int]:
    return [step for record in Logged(sink).stats("norms") for step in record.step.tolist()]


def records(sink: MemorySink) -> list[int]:
    return [len(record.step) for record in Logged(sink).stats("norms")]


@pytest.mark.parametrize("drive", [plainly, by_function])
def test_closing_leaves_the_optimizer_as_it_was(drive: Any) -> None:
    training = adam()
    training.optimizer.build(training.model.trainable_variables)
    before = set(vars(training.optimizer))
    run = watch(training.model, training.optimizer, to=MemorySink())
    assert "apply" in vars(training.optimizer)
    drive(training, 2)
    run.close()
    run.close()

    assert set(vars(training.optimizer)) - before == (set() if drive is plainly else {"_layerscope_captures"})
    drive(training, 2)  # also with what was traced meanwhile


def test_an_exception_of_the_loop_is_the_users_and_nothing_of_ours_stays() -> None:
    training, sink = adam(), MemorySink()

    def train() -> None:
        with watch(training.model, training.optimizer, to=sink):
            by_function(training, 2)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        train()
    assert "apply" not in vars(training.optimizer)
    assert told(sink) == [0, 1]


def test_a_step_that_fails_amid_its_update_is_none() -> None:
    class Failing(keras.optimizers.SGD):
        def update_step(self, gradient: Any, variable: Any, learning_rate: Any) -> None:
            if int(self.iterations) == 5:
                raise ZeroDivisionError
            super().update_step(gradient, variable, learning_rate)

    training, sink = Training(net(), Failing(0.1)), MemorySink()
    run = watch(training.model, training.optimizer, to=sink)

    def train() -> None:
        with run:
            plainly(training, 10, run.loss)

    with pytest.raises(ZeroDivisionError):
        train()
    assert run.step == 5
    assert told(sink) == [0, 1, 2, 3, 4]
    logged = Logged(sink)
    assert np.isfinite(logged.start("loss")).all()
    assert np.isfinite(logged.statistic("update_sum_squares")).all()


def test_a_function_that_was_traced_while_watched_is_seen_by_a_later_watch_and_by_none_between() -> None:
    training, first, second = adam(), MemorySink(), MemorySink()
    with watch(training.model, training.optimizer, to=first):
        by_function(training, 2)
    gc.collect()
    by_function(training, 3)
    with watch(training.model, training.optimizer, to=second, initial_step=5) as run:
        by_function(training, 2, run.loss)

    assert told(first) == [0, 1]
    assert told(second) == [5, 6]
    assert np.isfinite(Logged(second).start("loss")).all()


def test_a_later_watch_knows_nothing_of_the_losses_before() -> None:
    training, sink = adam(), MemorySink()
    with watch(training.model, training.optimizer, to=MemorySink()) as run:
        run.loss(10.0)
        by_function(training, 1)
        run.loss(20.0)  # of a step that never comes
    with watch(training.model, training.optimizer, to=sink) as run:
        run.loss(1.0)
        by_function(training, 1)
    assert Logged(sink).start("loss").tolist() == [1.0]


def test_functions_traced_while_watched_run_on_whatever_is_watched_later() -> None:
    gan, judges = Adversaries(), MemorySink()
    step = tf.function(gan.step)
    with watch(gan.model, gan.optimizers, to=MemorySink()):
        step(batch(0)[0], tf.constant(True))
    with watch(gan.model, gan.optimizers["judge"], to=judges):
        step(batch(1)[0], tf.constant(True))  # as the first one had it traced
        tf.function(gan.step)(batch(2)[0], tf.constant(True))
    del gan.optimizers["judge"]
    gc.collect()
    step(batch(3)[0], tf.constant(True))

    assert told(judges) == [1]


def test_watching_again_ends_the_first_and_goes_on_counting() -> None:
    training, first, second = adam(), MemorySink(), MemorySink()
    watch(training.model, training.optimizer, to=first)
    plainly(training, 1)
    with watch(training.model, training.optimizer, to=second):
        plainly(training, 2)

    assert told(first) == [0]
    assert told(second) == [1, 2]
    with watch(training.model, keras.optimizers.SGD(0.1), to=MemorySink()) as run:
        assert run.step == 3


def test_a_restored_optimizer_tells_where_a_training_goes_on() -> None:
    training = adam()
    plainly(training, 3)
    with watch(training.model, training.optimizer, to=MemorySink()) as run:
        assert run.step == 3


def test_a_training_that_is_let_go_of_is_written() -> None:
    sink = MemorySink()

    def train() -> None:
        training = adam()
        watch(training.model, training.optimizer, to=sink)
        by_function(training, 2)

    train()
    gc.collect()
    assert told(sink) == [0, 1]


@pytest.mark.filterwarnings("ignore:Skipping variable loading", "ignore:__array__ implementation")  # Keras' own
def test_copies_and_saved_models_know_nothing_of_it(tmp_path: Path) -> None:
    training = adam()
    with watch(training.model, training.optimizer, to=MemorySink()):
        plainly(training, 1)
        for copied in (copy.deepcopy(training.optimizer), pickle.loads(pickle.dumps(training.optimizer))):
            assert "apply" not in vars(copied)
            assert "_layerscope_captures" not in vars(copied)
        training.model.save(tmp_path / "model.keras")
        tf.train.Checkpoint(model=training.model, optimizer=training.optimizer).save(tmp_path / "checkpoint")
    assert not [name for name, _ in tf.train.list_variables(tmp_path / "checkpoint-1") if "layerscope" in name]
    again = keras.models.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(again.weights[0].numpy(), training.model.weights[0].numpy())


def test_nothing_is_traced_again() -> None:
    traced: list[int] = []

    class Counted(Training):
        def step(self, x: Any, y: Any) -> Any:
            traced.append(1)
            return super().step(x, y)

    training = Counted(net(), keras.optimizers.Adam(0.01))
    with watch(training.model, training.optimizer, to=MemorySink()) as run:
        by_function(training, 5, run.loss)
    by_function(training, 2)
    # TensorFlow traces a function that makes variables, here the optimizer's, a second time.
    alone = Counted(net(), keras.optimizers.Adam(0.01))
    ours = len(traced)
    by_function(alone, 7)
    assert ours == len(traced) - ours


@pytest.mark.parametrize("gives_loss", [False, True])
@pytest.mark.parametrize("drive", [by_function, in_a_loop])
def test_what_is_held_is_written_before_there_is_no_room(drive: Any, gives_loss: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statistics_packer, "_SECONDS", math.inf)  # nothing is written because a busy machine is late
    training, sink = adam(), MemorySink()
    with watch(training.model, training.optimizer, to=sink, steps=1200) as run:
        drive(training, 1200, *([run.loss] if gives_loss else []))
        assert run.step == 1200
        assert records(sink)[:2] == [STEPS_A_RECORD, STEPS_A_RECORD]
    steps = told(sink)
    assert steps == [*range(100), *range(100, 1200, 10), 1199]
    assert ("loss" in Logged(sink).scalars) == gives_loss
    assert all(np.isfinite(record.loss).all() == gives_loss for record in Logged(sink).stats("norms"))
    spacing = 1200 // 32
    points = [step for step, of in _steps(sink).items() if "distributions/weights" in of]
    assert len(points) > 25
    assert points[0] == 0
    assert points[-1] == 1199
    assert max(np.diff(points)) <= spacing + 10


def _steps(sink: MemorySink) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    for event in sink.events:
        found.setdefault(event.step, set()).update(value.tag for value in event.summary.value)
    return found


@pytest.mark.parametrize("hook", ["loss", "stepped"])
def test_under_xla_a_word_after_each_call_is_enough(hook: str, caplog: pytest.LogCaptureFixture) -> None:
    training, sink = adam(), MemorySink()
    with watch(training.model, training.optimizer, to=sink) as run:
        by_xla(training, 500, run.loss if hook == "loss" else lambda loss: run.stepped())
    assert told(sink) == [*range(100), *range(100, 500, 10)]
    assert len(Logged(sink).payloads["distributions/gradients"]) == 5
    assert "Layerscope" not in caplog.text


def test_under_xla_a_loss_given_ahead_of_each_step_is_enough() -> None:
    training, sink = adam(), MemorySink()
    with watch(training.model, training.optimizer, to=sink) as run:
        for _ in range(200):
            run.loss(0.5)
            by_xla(training, 1)
    assert told(sink) == [*range(100), *range(100, 200, 10)]
    assert (Logged(sink).start("loss") == 0.5).all()


def test_under_xla_steps_that_nobody_fetches_are_counted(caplog: pytest.LogCaptureFixture) -> None:
    training, sink = adam(), MemorySink()
    with watch(training.model, training.optimizer, to=sink):
        by_xla(training, 500)
    kept = len(told(sink))
    assert kept == 2 * STEPS_A_RECORD
    assert f"Layerscope has lost {100 + 40 - kept} steps" in caplog.text
    assert "run.stepped()" in caplog.text


def test_what_is_late_is_written_though_it_is_not_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.import_module("writers.frameworks.tensorflow.watch"), "_SECONDS", 0.0)
    monkeypatch.setattr("writers.statistics_packer._SECONDS", 0.0)
    monkeypatch.setattr("writers.statistics_packer._SHARE_OF_TIME", 0.0)
    training, sink = adam(), MemorySink()
    with watch(training.model, training.optimizer, to=sink):
        by_function(training, 5)
        assert sum(records(sink)) >= 4


def test_a_function_that_was_traced_before_is_named_once(caplog: pytest.LogCaptureFixture) -> None:
    training, sink = adam(), MemorySink()
    by_function(training, 1)
    with watch(training.model, training.optimizer, to=sink) as run:
        by_function(training, 3, run.loss)
    messages = [record.getMessage() for record in caplog.records if record.name == "layerscope"]
    assert len(messages) == 1
    assert "Call watch() before the first call of the function" in messages[0]
    assert not told(sink)


def test_what_has_no_statistics_is_named_and_left_out(caplog: pytest.LogCaptureFixture) -> None:
    training, sink = Training(net(Turned()), keras.optimizers.SGD(0.1)), MemorySink()
    with watch(training.model, training.optimizer, to=sink) as run:
        by_function(training, 2, run.loss)

    (message,) = [record.getMessage() for record in caplog.records if record.name == "layerscope"]
    assert message.endswith("these weights are left out: sequential/turned/turn (complex64), sequential/turned/places (int32)")
    finite = np.isfinite(Logged(sink).statistic("gradient_sum_squares"))
    assert finite.all(axis=1).tolist() == [True, True, False, False, False, True, True]
    assert not finite[2:5].any()


class Turned(keras.layers.Layer):
    """A weight that is complex, one of integers, and one that counts."""

    def build(self, shape: Any) -> None:
        self.turn = self.add_weight(shape=(1,), dtype="complex64", initializer=lambda shape, dtype=None: tf.cast(tf.ones(shape), tf.complex64), name="turn")
        self.places = self.add_weight(shape=(5,), dtype="int32", trainable=False, initializer="zeros", name="places")
        self.count = self.add_weight(shape=(), dtype="int32", trainable=False, initializer="zeros", name="count")

    def call(self, x: Any) -> Any:
        return tf.math.real(tf.cast(x, tf.complex64) * self.turn.value) + tf.cast(self.places.value, tf.float32)


def test_an_optimizer_that_is_never_applied_is_named_once(caplog: pytest.LogCaptureFixture) -> None:
    training = adam()
    with watch(training.model, keras.optimizers.SGD(), to=MemorySink()) as run:
        by_function(training, 130, run.loss)
    (message,) = [record.getMessage() for record in caplog.records if record.name == "layerscope"]
    assert "its weights are not changed by SGD. Hand watch() the optimizer that is applied" in message


def test_a_watch_without_a_step_says_nothing(caplog: pytest.LogCaptureFixture) -> None:
    training = adam()
    watch(training.model, training.optimizer, to=MemorySink()).close()
    deferred = Deferred()
    watch(deferred, keras.optimizers.Adam(), to=MemorySink()).close()
    assert not [record for record in caplog.records if record.name == "layerscope"]


def test_a_loss_belongs_to_the_side_on_which_it_is_first_given() -> None:
    for is_ahead in (True, False):
        training, sink = adam(), MemorySink()
        with watch(training.model, training.optimizer, to=sink) as run:
            for i in range(3):
                if is_ahead:
                    run.loss(10.0 * i)
                    run.loss(10.0 * i + 1)
                by_function(training, 1)
                if not is_ahead:
                    run.loss(np.float32(10.0 * i))
                    run.loss(tf.constant([10.0 * i + 1]))
        np.testing.assert_allclose(Logged(sink).start("loss"), [0.5, 10.5, 20.5])


def test_a_loss_that_is_not_a_number_is_what_it_was_and_one_not_given_is_none() -> None:
    training, sink = adam(), MemorySink()
    with watch(training.model, training.optimizer, to=sink) as run:
        by_function(training, 1)
        run.loss(float("nan"))
        by_function(training, 1)
    assert np.isnan(Logged(sink).scalars["loss"][0])
    assert list(Logged(sink).scalars["loss"]) == [0]


def test_layers_that_are_trained_from_later_on_are_told_from_then_on() -> None:
    head, sink = adam(), MemorySink()
    head.variables = lambda model: model.layers[-1].trainable_variables
    head.optimizer.build(head.model.trainable_variables)
    whole = Training(head.model, head.optimizer)
    with watch(head.model, head.optimizer, to=sink, steps=40) as run:
        by_function(head, 20, run.loss)
        by_function(whole, 20, run.loss)
    logged = Logged(sink)

    has_gradient = np.isfinite(logged.statistic("gradient_sum_squares"))
    steps = logged.start("step")
    assert has_gradient[:2, steps >= 20].all()
    assert not has_gradient[:2, steps < 20].any()
    assert has_gradient[2:].all()
    first, *_, last = logged.payloads["distributions/gradients"]
    assert isinstance(first, Distributions)
    assert isinstance(last, Distributions)
    assert first.bucket_end[1] == 0
    assert (np.diff(last.bucket_end, prepend=0) > 0).all()


def test_nothing_grows() -> None:
    training = adam()
    step = tf.function(training.step)

    def train(run: Any, steps: int) -> None:
        x, y = batch(0)
        for _ in range(steps):
            run.loss(step(x, y))

    def held() -> int:
        gc.collect()
        return sum(issubclass(type(each), tf.Tensor | tf.Variable) for each in gc.get_objects())  # of whatever else is imported, nothing is asked

    with watch(training.model, training.optimizer, to=RunWriter(to=_Nowhere())) as run:
        train(run, 300)
        run.flush()
        before = held()
        train(run, 3000)
        run.flush()
        assert held() <= before + 8


class _Nowhere(MemorySink):
    def _put(self, event: bytes) -> None:
        pass


def test_what_fails_while_it_writes_is_said_once_and_the_training_goes_on(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: Any) -> Any:
        raise RuntimeError("a bug")

    monkeypatch.setattr("writers.frameworks.keras.capture.records.Records.write", fails)
    training = adam()
    with watch(training.model, training.optimizer, to=MemorySink()) as run:
        by_function(training, 200, run.loss)
    assert int(training.optimizer.iterations) == 200
    assert [record.getMessage() for record in caplog.records if record.name == "layerscope"] == [
        "Layerscope could not log gradients and weights: RuntimeError: a bug. Training goes on without it."
    ]


def test_what_fails_while_it_closes_leaves_the_run_closed_and_the_exception_the_users(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: Any) -> Any:
        raise tf.errors.InternalError(None, None, "the device is gone")

    training = adam()
    run = watch(training.model, training.optimizer, tmp_path)
    assert live_event_files(str(tmp_path))

    def train() -> None:
        with run:
            plainly(training, 2)
            monkeypatch.setattr("writers.frameworks.tensorflow.capture.TapeCapture.steps", property(fails))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        train()
    assert not live_event_files(str(tmp_path))
    assert "apply" not in vars(training.optimizer)


def test_what_fails_while_it_is_traced_is_said_once_and_the_training_goes_on(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: Any) -> Any:
        raise RuntimeError("a bug")

    monkeypatch.setattr("writers.frameworks.keras.capture.optimizer_capture.moments", fails)
    training = adam()
    with watch(training.model, training.optimizer, to=MemorySink()):
        by_function(training, 3)
    assert int(training.optimizer.iterations) == 3
    assert len([record for record in caplog.records if record.name == "layerscope"]) == 1


def test_a_run_of_ones_own_is_added_to_and_stays_open(tmp_path: Path) -> None:
    training = adam()
    writer = tf.summary.create_file_writer(str(tmp_path / "theirs"))
    with watch(training.model, training.optimizer, to=writer) as run:
        plainly(training, 1)
        run.write("validation/confusion_matrix", confusion_matrix.from_predictions([0, 1], [0, 1], n_classes=2))
    with writer.as_default():
        tf.summary.scalar("mine", 2.0, 1)
    writer.close()

    with RunWriter(tmp_path / "other") as other, watch(training.model, training.optimizer, to=other):
        plainly(training, 1)
        assert other.logdir == str(tmp_path / "other")
    with RunWriter(to=MemorySink()) as other:
        watch(training.model, training.optimizer, to=other).close()
        other.write("mine", 1.0, 0)


def test_a_training_that_begins_below_what_is_on_disk_says_so(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    for expected in (0, 1):
        training = adam()
        with watch(training.model, training.optimizer, tmp_path) as run:
            plainly(training, 3)
            run.flush()
        assert caplog.text.count("has points up to step 3 already") == expected


def test_it_can_be_switched_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAYERSCOPE_DISABLE", "all")
    training = adam()
    with watch(training.model, training.optimizer, tmp_path / "run") as run:
        assert "apply" not in vars(training.optimizer)
        by_function(training, 1, run.loss)
        run.stepped()
        run.flush()
    assert not (tmp_path / "run").exists()


def test_a_child_writes_nothing_of_its_parents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    training = adam()
    run = watch(training.model, training.optimizer, tmp_path)
    own = os.getpid()
    monkeypatch.setattr(os, "getpid", lambda: own + 1)
    run.close()
    monkeypatch.undo()
    assert "apply" in vars(training.optimizer)
    run.close()
    assert "apply" not in vars(training.optimizer)


def wrong() -> Iterator[tuple[Any, str]]:
    def of(**options: Any) -> Any:
        training = adam()
        return lambda: watch(training.model, training.optimizer, **({"to": MemorySink()} | options))

    def loss(given: Any) -> Any:
        return lambda: of()().loss(given)

    sgd = keras.optimizers.SGD
    yield lambda: watch(lambda x: x, sgd(), to=MemorySink()), "takes a keras.Model; it is function"
    yield lambda: watch(net(), "adam", to=MemorySink()), "takes a keras.optimizers.Optimizer, or several.*it is str"
    yield lambda: watch(net(), [], to=MemorySink()), "the list is empty"
    yield lambda: watch(net(), [one := sgd(), one], to=MemorySink()), "each optimizer once"
    yield lambda: watch(net(), _built_for(net()), to=MemorySink()), "holds none of the model's parameters"
    yield of(budget=0), "budget must be a number above 0"
    yield of(budget=True), "budget must be a number above 0"
    yield of(steps=0), "steps is how many steps"
    yield of(initial_step=-1), "initial_step counts steps made before; it is -1"
    yield of(logdir="somewhere"), "either a directory"
    yield loss("0.5"), "it is str"
    yield loss(tf.ones(3)), "Reduce it first: tf.reduce_mean"
    yield loss(np.ones(3)), "Reduce it first: loss.mean"


def _built_for(model: Any) -> Any:
    optimizer = keras.optimizers.SGD()
    optimizer.build(model.trainable_variables)
    return optimizer


def test_a_wrong_argument_is_named_and_leaves_nothing_behind(caplog: pytest.LogCaptureFixture) -> None:
    for action, message in wrong():
        with caplog.at_level(logging.WARNING), pytest.raises((TypeError, ValueError), match=message):
            action()


def test_the_loss_of_steps_in_one_call_is_that_of_the_last_if_given_outside() -> None:
    training, sink = adam(), MemorySink()
    with watch(training.model, training.optimizer, to=sink) as run:
        for i in range(3):
            in_a_loop(training, STEPS)
            run.loss(float(i))
    logged = Logged(sink)
    assert logged.scalars["loss"] == {5: 0.0, 11: 1.0, 17: 2.0}


@pytest.mark.parametrize("drive", [plainly, by_function, by_xla])
def test_what_is_written_amid_a_step_takes_nothing_from_it(drive: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statistics_packer, "_SECONDS", 0.0)
    training, sink = adam(), MemorySink()
    with watch(training.model, training.optimizer, to=sink) as run:
        drive(training, 40, run.loss)
    logged = Logged(sink)
    assert len(records(sink)) > 1
    assert logged.start("step").tolist() == list(range(40))
    for name in ("loss", "learning_rate", "value"):
        assert np.isfinite(logged.start(name)).all(), name


@pytest.mark.parametrize("drive", [plainly, by_function, by_xla])
def test_scalars_stand_at_the_time_at_which_their_step_was_made(drive: Any) -> None:
    training, sink = adam(), MemorySink()
    spans = [time.time()]

    def told_loss(loss: Any) -> None:
        run.loss(loss)
        spans.append(time.time())
        time.sleep(0.002 + 0.02 * (len(spans) == 30))

    with watch(training.model, training.optimizer, to=sink) as run:
        drive(training, 120, told_loss)
        run.flush()
        drive(training, 20, told_loss)
    made = {event.step: event.wall_time for event in sink.events for value in event.summary.value if value.tag == "gradient_norm"}

    assert [*made][:64] == list(range(64))
    assert max(made) >= 100
    for step, at in made.items():
        assert spans[max(0, step - 1)] <= at <= spans[min(140, step + 2)]
