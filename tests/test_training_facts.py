"""Kind `training_facts`: whatever a user or an optimizer says of a training can be written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tb_plugin.schema import record
from tb_plugin.schema.training_facts import TrainingFacts
from writers import training_facts

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner) | st.dictionaries(st.text("abc"), inner),
    max_leaves=10,
)


def written(facts: TrainingFacts) -> TrainingFacts:
    read = record.payload_of(record.decode(record.encode(facts, writer="w", ordinal=0)))
    assert isinstance(read, TrainingFacts)
    return read


@settings(max_examples=60)
@given(st.dictionaries(st.text("abc"), JSON))
def test_json_is_kept_as_it_is(hyperparameters: dict[str, Any]) -> None:
    assert written(training_facts.of(hyperparameters=hyperparameters)).hyperparameters == hyperparameters


def test_what_json_cannot_say_is_written_as_text() -> None:
    odd: Any = {"rate": np.float32(0.5), "shape": (3, 4), 7: {"deep": np.array([1, 2])}, "path": Path("a/b"), "none": None, "kept": {1}, "nan": float("nan")}

    assert written(training_facts.of(hyperparameters=odd)).hyperparameters == {
        "rate": 0.5,
        "shape": [3, 4],
        "7": {"deep": "[1 2]"},
        "path": str(Path("a/b")),
        "none": None,
        "kept": [1],
        "nan": None,
    }


def test_the_configuration_of_a_real_optimizer_is_kept() -> None:
    optimizer = keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(0.1, decay_steps=10), clipnorm=1.0)
    facts = written(training_facts.of(optimizer="Adam", optimizer_config=optimizer.get_config(), first_step=3))

    assert (facts.optimizer, facts.first_step) == ("Adam", 3)
    assert facts.optimizer_config["clipnorm"] == 1.0


def test_a_fact_that_is_none_is_refused() -> None:
    with pytest.raises(TypeError, match="optimiser"):
        training_facts.of(optimiser="Adam")
    with pytest.raises(TypeError, match="batch_size must be"):
        training_facts.of(batch_size="32")
