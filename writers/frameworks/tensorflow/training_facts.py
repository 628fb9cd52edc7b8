"""What is known of a loop of the user's own before its first step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tb_plugin.schema.training_facts import TrainingFacts
from writers import training_facts
from writers.frameworks.keras.training_facts import described, versions


def facts_of(optimizers: Mapping[str, Any], **facts: Any) -> TrainingFacts:
    """The facts of a training. Its batches, its epochs and its loss are known to the user's loop alone.

    Args:
        optimizers: By name.
        facts: The other fields of `TrainingFacts` that are known.
    """
    return training_facts.of(framework="keras/tensorflow", versions=versions(), **described(optimizers), **facts)
