"""Distributions of a training: all of them as records, at most 20 of them as TensorBoard's own histograms."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layerscope import MemorySink, RunWriter
from tb_plugin.schema.parameters import Parameter, Parameters
from writers.distributions_schedule import DistributionsSchedule
from writers.distributions_writer import DistributionsWriter
from writers.histograms_schedule import MOST

AXIS = Parameters(
    parameters=tuple(Parameter(path=path, variable_path=path, layer="dense", dtype="float32", role="trainable") for path in ("dense/kernel", "dense/bias")),
    shape=np.array([2, 3, 3], np.int64),
    shape_end=np.array([2, 3], np.int64),
)
KERNEL, BIAS = np.arange(6, dtype=np.float32), np.zeros(3, np.float32)
_names = itertools.count()


class Training:
    """One run in memory, to which fits write."""

    def __init__(self) -> None:
        self.sink = MemorySink()
        self.sink.logdir = f"/nowhere/{next(_names)}"

    def fit(self, first_step: int, end: int, length: int | None) -> None:
        """One that ends before step `end`, each 100th step told and the last one of the length."""
        schedule = DistributionsSchedule(1_000_000, 2, length)
        run = RunWriter(to=self.sink)
        writer = DistributionsWriter(run, AXIS, [1, 1], schedule.histograms(first_step))
        step = first_step
        while step < end:
            due = schedule.next_due(step)
            if length is not None and step < length:
                due = min(due, length - 1)
            if due >= end:
                break
            writer.write(due, [KERNEL, BIAS], [KERNEL, None])
            step = due + 1
        writer.close()

    def steps(self, tag: str) -> list[int]:
        """Of the points of a series."""
        return [event.step for event in self.sink.events if event.summary.value[0].tag == tag]


@given(st.integers(1, 10**9), st.booleans(), st.sampled_from([1, 0.5, 0.03]))
@settings(max_examples=40)
def test_a_training_has_at_most_twenty_its_first_and_its_last_among_them(length: int, is_known: bool, share: float) -> None:
    training = Training()
    training.fit(0, max(1, int(length * share)), length if is_known else None)
    records, found = training.steps("distributions/weights"), training.steps("weights/dense/kernel")

    assert len(found) <= MOST
    assert (found[0], found[-1]) == (records[0], records[-1])
    assert set(found) <= set(records)
    assert training.steps("gradients/dense/kernel") == found
    assert training.steps("gradients/dense/bias") == []


@given(st.lists(st.tuples(st.integers(1, 5000), st.integers(0, 300)), min_size=1, max_size=30), st.booleans())
@settings(max_examples=40)
def test_fits_that_follow_each_other_are_one_training(fits: list[tuple[int, int]], is_known: bool) -> None:
    training, step = Training(), 0
    length = fits[0][0] if is_known else None
    for steps, untold in fits:
        training.fit(step, step + steps, length)
        step += steps + untold
    found = training.steps("weights/dense/kernel")
    assert len(found) <= MOST
    assert found == sorted(set(found))
    assert found[0] == 0


def test_a_training_that_begins_anew_has_its_own() -> None:
    training = Training()
    training.fit(0, 1000, 1000)
    once = training.steps("weights/dense/kernel")
    training.fit(0, 1000, 1000)
    assert training.steps("weights/dense/kernel") == once * 2


def test_one_that_has_told_of_nothing_leaves_its_schedule_to_no_other() -> None:
    alone, training = Training(), Training()
    training.fit(0, 0, 100)
    for each in (alone, training):
        each.fit(0, 10_000, 10_000)
    assert training.steps("weights/dense/kernel") == alone.steps("weights/dense/kernel")


@pytest.mark.parametrize("length", [10_000, None])
def test_a_hundred_fits_have_points_to_the_end(length: int | None) -> None:
    training = Training()
    for number in range(100):
        training.fit(number * 10_000, (number + 1) * 10_000, length)
    found = training.steps("weights/dense/kernel")
    assert found[-1] > 400_000


def test_a_sample_says_so_and_counts_for_all() -> None:
    sink = MemorySink()
    with RunWriter(to=sink) as run:
        writer = DistributionsWriter(run, AXIS, [2, 1], DistributionsSchedule(1_000_000, 2, 10).histograms())
        writer.write(0, [KERNEL[::2], BIAS], [None, None])
    kernel, bias = (event.summary.value[0] for event in sink.events if event.summary.value[0].tag.startswith("weights/"))
    assert kernel.metadata.summary_description == "One value in 2 was looked at; the counts are scaled up to all of them."
    assert np.frombuffer(kernel.tensor.tensor_content).reshape(-1, 3)[:, 2].sum() == 6
    assert bias.metadata.summary_description == ""


def test_bytes_are_those_that_the_budget_counts() -> None:
    sink = MemorySink()
    schedule = DistributionsSchedule(1_000_000, 2, 10**6)
    writer = DistributionsWriter(RunWriter(to=sink), AXIS, [7, 7], schedule.histograms())
    for step in range(0, 10**6, 10_000):
        writer.write(step, [KERNEL, BIAS], [KERNEL, BIAS])
    writer.close()
    events = [event for event in sink.events if event.summary.value[0].metadata.plugin_data.plugin_name == "histograms"]
    taken = sum(event.ByteSize() + 16 for event in events)
    assert 0.8 * len(events) / 4 <= taken / schedule.histograms().bytes * schedule.histograms().points <= len(events) / 4


def test_where_a_training_ends_unforeseen_its_last_values_are_there() -> None:
    training = Training()
    training.fit(0, 950, 10_000)
    last = [event.summary.value[0] for event in training.sink.events if event.summary.value[0].tag == "weights/dense/kernel"][-1]
    assert training.steps("weights/dense/kernel")[-1] == training.steps("distributions/weights")[-1]
    np.testing.assert_array_equal(np.frombuffer(last.tensor.tensor_content).reshape(-1, 3), [[0, 0, 1], [1, 2, 1], [2, 4, 2], [4, 8, 2]])
