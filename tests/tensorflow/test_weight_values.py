"""Values of weights that a watched loop tells: those of the model before each of a few steps."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from layerscope import MemorySink
from layerscope.tensorflow import watch
from tb_plugin.schema import record
from tb_plugin.schema.weight_values import WeightValues
from tests.tensorflow.trainings import STEPS, Training, adam, batch, by_function, in_a_loop, plainly

Array = np.ndarray[Any, Any]


def told(sink: MemorySink) -> dict[int, WeightValues]:
    found = {}
    for event in sink.events:
        if event.summary.value[0].tag == "weight_values":
            payload = record.payload_of(record.decode(event.summary.value[0].tensor.string_val[0]))
            assert isinstance(payload, WeightValues)
            assert event.step not in found
            found[event.step] = payload
    return found


def values(payload: WeightValues, i: int = 0) -> Array:
    return np.ldexp(np.split(payload.value, payload.cell_end)[i].astype(np.float64), int(payload.exponent[i]))


def kernel(training: Training) -> Array:
    found: Array = training.model.weights[0].numpy().reshape(-1)
    return found


@pytest.mark.parametrize("drive", [plainly, by_function, in_a_loop])
def test_the_first_and_the_last_are_those_of_the_model(drive: Any) -> None:
    training, sink = adam(), MemorySink()
    before = kernel(training)
    with watch(training.model, training.optimizer, to=sink, steps=STEPS):
        drive(training, STEPS)

    found = told(sink)
    assert (min(found), max(found)) == (0, STEPS)
    assert_allclose(values(found[0]), before, rtol=2**-11, atol=1e-9)
    assert_allclose(values(found[STEPS]), kernel(training), rtol=2**-11, atol=1e-9)


@pytest.mark.parametrize("length", [None, 30])
def test_between_them_the_weights_before_some_steps_are_told_where_the_loss_is(length: int | None) -> None:
    training, sink, held = adam(), MemorySink(), []
    with watch(training.model, training.optimizer, to=sink, steps=length) as run:
        for i in range(30):
            held.append(kernel(training))
            run.loss(training.step(*batch(i)))
    held.append(kernel(training))

    found = told(sink)
    assert {0, 30} <= set(found)
    assert (len(found) > 10) == (length is not None)
    for step, payload in found.items():
        assert_allclose(values(payload), held[step], rtol=2**-11, atol=1e-9)


def test_a_training_is_the_same_to_the_bit_with_and_without() -> None:
    ends = []
    for weights in (False, True):
        keras.utils.set_random_seed(1)
        training, sink = adam(), MemorySink()
        with watch(training.model, training.optimizer, to=sink, weights=weights, steps=STEPS):
            by_function(training, STEPS)
        ends.append([variable.numpy() for variable in [*training.model.weights, *training.optimizer.variables]])
        assert bool(told(sink)) == weights

    for plain, logged in zip(*ends, strict=True):
        assert_array_equal(plain, logged)
