"""Values of a training's weights: each due moment once, put together beside the training, never in its way."""

from __future__ import annotations

import itertools
import logging
import threading
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from layerscope import MemorySink, RunWriter
from tb_plugin.schema import record
from tb_plugin.schema.parameters import Parameter
from tb_plugin.schema.weight_values import WeightValues
from writers import parameters, weight_values_writer
from writers.guard import Guard
from writers.weight_values import of_parts
from writers.weight_values_schedule import schedule_of
from writers.weight_values_wanted import checked_weights, chosen, is_wanted
from writers.weight_values_writer import TAG, WeightValuesWriter

Array = np.ndarray[Any, Any]

AXIS = parameters.of(
    (Parameter(path=path, variable_path=path, layer="dense", dtype="float32", role="trainable"), (3,)) for path in ("dense/kernel", "dense/bias")
)
_names = itertools.count()


class Training:
    """One run in memory, to which fits write."""

    def __init__(self) -> None:
        self.sink = MemorySink()
        self.sink.logdir = f"/nowhere/values/{next(_names)}"

    def fit(self, first: int, end: int, length: int | None = None, budget: float = 1e6, batches: int = 10) -> WeightValuesWriter:
        """Epochs `first` to `end`, each of some batches."""
        writer = self.writer(length, budget)
        for epoch in range(first, end + 1):
            if writer.is_due(epoch, epoch * batches):
                writer.write(epoch, epoch * batches, arrays(epoch))
                assert writer._work is not None
                writer._work.is_done(10)
            writer.collect()
        writer.close(end, end * batches, arrays(end))
        return writer

    def writer(self, length: int | None = None, budget: float = 1e6) -> WeightValuesWriter:
        return WeightValuesWriter(RunWriter(to=self.sink), AXIS, ["in", "out"], schedule_of([(3,), None], ["in", "out"], budget=budget, length=length), Guard())

    @property
    def points(self) -> dict[int, WeightValues]:
        """By step."""
        found = [event for event in self.sink.events if event.summary.value[0].tag == TAG]
        payloads = {event.step: record.payload_of(record.decode(event.summary.value[0].tensor.string_val[0])) for event in found}
        assert len(payloads) == len(found)
        return {step: payload for step, payload in payloads.items() if isinstance(payload, WeightValues)}


def arrays(epoch: int) -> dict[str, Callable[[], Array]]:
    def never() -> Array:
        raise AssertionError("its values are not told, so that nobody copies them")

    return {"dense/kernel": lambda: np.full(3, epoch, np.float32), "dense/bias": never}


def test_the_start_and_the_ends_of_epochs_are_told_each_with_its_own_values() -> None:
    training = Training()

    training.fit(0, 5, length=5)

    assert list(training.points) == [0, 10, 20, 30, 40, 50]
    for step, values in training.points.items():
        assert values.kept == ("all", "none")
        assert_array_equal(np.ldexp(values.value.astype(float), int(values.exponent[0])), np.full(3, step // 10))


def test_an_epoch_without_a_batch_is_no_moment() -> None:
    writer = Training().writer(length=4)
    writer.write(0, 5, arrays(0))

    assert not writer.is_due(1, 5)
    assert writer.is_due(1, 6)


def test_a_training_that_is_stopped_has_its_last_values_all_the_same() -> None:
    training = Training()

    training.fit(0, 7, length=100)

    assert list(training.points) == [0, 50, 70]


def test_fits_that_follow_each_other_are_one_training_and_keep_its_budget() -> None:
    training = Training()

    for i in range(40):
        training.fit(i, i + 1, length=1)

    steps = list(training.points)
    assert steps[:6] == [0, 10, 20, 30, 40, 50]
    assert len(steps) <= 16
    assert all(4 * b >= 5 * a or b in (80, 160, 320) for a, b in itertools.pairwise(steps[5:]))
    assert steps[-1] >= 320


def test_a_training_that_begins_anew_is_told_from_its_start() -> None:
    training = Training()
    training.fit(0, 3, length=3)
    before = len(training.sink.events)

    training.sink.events.clear()
    training.fit(0, 3, length=3)

    assert before > 0
    assert list(training.points) == [0, 10, 20, 30]


def test_what_is_written_while_values_are_put_together_is_not_in_their_way_and_a_moment_that_is_too_early_is_counted(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    may_go_on, threads = threading.Event(), set()

    def slowly(*given: Any) -> WeightValues:
        threads.add(threading.current_thread())
        assert may_go_on.wait(10)
        return of_parts(*given)

    monkeypatch.setattr(weight_values_writer, "of_parts", slowly)
    training = Training()
    writer = training.writer(length=4)
    writer.write(0, 0, arrays(0))
    writer.write(1, 10, arrays(1))  # the first is not done
    writer.collect()
    assert training.points == {}

    may_go_on.set()
    with caplog.at_level(logging.WARNING):
        writer.close(2, 20, arrays(2))

    assert list(training.points) == [0, 20]
    assert writer.lost == 1
    assert "left out 1 moments" in caplog.text
    assert threading.current_thread() not in threads


def test_what_fails_is_said_once_and_never_raised(caplog: pytest.LogCaptureFixture) -> None:
    training = Training()
    writer = training.writer(length=4)
    wrong: dict[str, Callable[[], Array]] = {"dense/kernel": lambda: np.array([object()])}

    for epoch in range(3):
        writer.write(epoch, epoch, wrong)
        assert writer._work is not None
        writer._work.is_done(10)
        writer.collect()

    assert caplog.text.count("could not log the values of weights") == 1


def test_values_that_are_not_finite_are_told() -> None:
    training = Training()
    writer = training.writer(length=1)

    writer.write(0, 0, {"dense/kernel": lambda: np.array([np.nan, np.inf, 1], np.float32)})
    writer.close(1, 10, arrays(1))

    assert training.points[0].non_finite.tolist() == [2, 0]


@pytest.mark.parametrize("weights", [True, False, [], ["a", "b"], ("a",)])
def test_weights_are_all_or_none_or_those_that_are_named(weights: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LAYERSCOPE_DISABLE", raising=False)
    wanted = checked_weights(weights)

    assert is_wanted(wanted) == bool(weights)
    assert chosen(wanted, ["a", "c"])[0] == ({"a", "c"} if weights is True else {"a"} & set(weights or []))
    for disabled in ("weights", "all"):
        monkeypatch.setenv("LAYERSCOPE_DISABLE", disabled)
        assert not is_wanted(wanted)
    assert chosen(("z",), ["a"]) == (frozenset(), ("z",))


@pytest.mark.parametrize("weights", ["conv", 1, None, [1], {"a"}])
def test_other_weights_are_refused(weights: Any) -> None:
    with pytest.raises(TypeError, match="weights must be True, False, or a list"):
        checked_weights(weights)
