"""The learning rate as the optimizer itself uses it, in whatever wrapper it comes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import keras
import numpy as np
import pytest

from layerscope import MemorySink, RunWriter, learning_rate


def test_a_constant_rate() -> None:
    assert learning_rate.of(keras.optimizers.SGD(0.25)) == 0.25


def test_a_schedule_is_read_at_its_present_step() -> None:
    schedule = keras.optimizers.schedules.ExponentialDecay(1.0, decay_steps=1, decay_rate=0.5)
    optimizer = keras.optimizers.SGD(schedule)
    variable = keras.Variable(1.0)
    optimizer.build([variable])

    for step in range(4):
        assert learning_rate.of(optimizer) == pytest.approx(float(keras.ops.convert_to_numpy(schedule(step))))
        optimizer.apply([np.float32(0.0)], [variable])


def test_a_callable_rate_and_one_that_was_assigned() -> None:
    assert learning_rate.of(keras.optimizers.Adam(lambda: 0.125)) == 0.125
    optimizer = keras.optimizers.Adam(0.1)
    optimizer.learning_rate = 0.5
    assert learning_rate.of(optimizer) == 0.5


def test_the_rate_of_a_wrapped_optimizer() -> None:
    assert learning_rate.of(keras.optimizers.LossScaleOptimizer(keras.optimizers.SGD(0.75))) == 0.75


@dataclass
class Torch:
    """All that PyTorch promises of an optimizer here: `param_groups`, a rate each that may be an array."""

    param_groups: list[dict[str, Any]] = field(default_factory=list)


def test_parameter_groups_have_a_rate_each() -> None:
    assert learning_rate.of(Torch([{"lr": 0.5}])) == 0.5
    assert learning_rate.of(Torch([{"lr": np.array(0.5)}, {"lr": 0.25}])) == {"0": 0.5, "1": 0.25}
    assert learning_rate.of(Torch([{"lr": 0.5, "name": "encoder"}, {"lr": 0.25}])) == {"encoder": 0.5, "1": 0.25}
    assert learning_rate.of(Torch([{"lr": 0.5, "name": "a"}, {"lr": 0.25, "name": "a"}])) == {"0": 0.5, "1": 0.25}


def test_groups_are_written_as_a_scalar_each() -> None:
    sink = MemorySink()
    RunWriter(to=sink).write("learning_rate", learning_rate.of(Torch([{"lr": 0.5}, {"lr": 0.25}])), 3)

    assert [event.summary.value[0].tag for event in sink.events] == ["learning_rate/0", "learning_rate/1"]


def test_what_has_no_rate_says_so() -> None:
    with pytest.raises(TypeError, match="this is str"):
        learning_rate.of("adam")
