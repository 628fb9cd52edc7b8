"""What is known of a Keras training before its first step."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import keras
import numpy as np

from tb_plugin.schema.training_facts import TrainingFacts
from writers import training_facts
from writers.frameworks.keras.outputs.losses import Loss, loss_of


def facts_of(model: Any, optimizers: Mapping[str, Any], **of_fit: Any) -> TrainingFacts:
    """The facts of a fit.

    Args:
        model: Compiled.
        optimizers: By name.
        of_fit: Those fields of `TrainingFacts` that the model does not tell, and hyperparameters as the user gave them.
    """
    loss = _loss(model)
    return training_facts.of(
        framework=f"keras/{keras.config.backend()}",
        loss=None if loss is None else loss.name,
        loss_config={} if loss is None else loss.config,
        versions=versions(),
        **described(optimizers),
        **of_fit,
    )


def described(optimizers: Mapping[str, Any]) -> dict[str, Any]:
    """What the facts hold of optimizers, which are given by name; several are told together."""
    configs = {name: optimizer.get_config() for name, optimizer in optimizers.items()}
    return {
        "optimizer": ", ".join(type(optimizer).__name__ for optimizer in optimizers.values()) or None,
        "optimizer_config": configs if len(configs) > 1 else next(iter(configs.values()), {}),
    }


def batch_size_of(model: Any, batches: int) -> int | None:
    """Examples in a batch, which Keras does not tell its callbacks: from what the model's loss counted of an epoch's first batches.

    Args:
        model: It has finished them; the first is always whole unless it is the only one.
        batches: How many.

    Returns:
        None where the loss is not counted, as in some steps of one's own, or not all batches are of one size.
    """
    losses = [metric for metric in model.metrics if isinstance(metric, keras.metrics.Mean) and metric.name == "loss"]
    examples = sum(int(np.asarray(keras.ops.convert_to_tensor(loss.count))) for loss in losses[:1])
    return examples // batches if examples and batches and examples % batches == 0 else None


def _loss(model: Any) -> Loss | None:
    given = getattr(model, "loss", None)
    if isinstance(given, Mapping | list | tuple):
        parts = given.items() if isinstance(given, Mapping) else enumerate(given)
        named = {str(name): loss.name for name, one in parts if (loss := loss_of(one)) is not None}
        return Loss("several", named) if named else None
    return loss_of(given)


def versions() -> dict[str, str]:
    """Of what trains and logs, by name."""
    found = {"python": platform.python_version(), "keras": keras.__version__, "numpy": np.__version__}
    for name, distribution in [(keras.config.backend(), keras.config.backend()), ("layerscope", "tensorboard-plugin-layerscope")]:
        try:
            found[name] = version(distribution)
        except PackageNotFoundError:  # as `tensorflow-cpu`, or run from its sources
            continue
    return found
