"""What is known of a PyTorch training before its first step."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import numpy as np
import torch
from torch.optim import Optimizer

from tb_plugin.schema.training_facts import TrainingFacts
from writers import training_facts


def facts_of(
    optimizers: Mapping[str, Optimizer],
    *,
    first_step: int,
    schedule: Mapping[str, str],
    budget: Mapping[str, int],
    hyperparameters: Mapping[str, Any],
) -> TrainingFacts:
    """The facts of a training. Its batches, its epochs and its loss are known to the user's loop alone.

    Args:
        optimizers: By name.
        first_step, schedule, budget, hyperparameters: As in `TrainingFacts`.
    """
    configs = {name: _config(optimizer) for name, optimizer in optimizers.items()}
    return training_facts.of(
        framework="torch",
        optimizer=", ".join(type(optimizer).__name__ for optimizer in optimizers.values()),
        optimizer_config=configs if len(configs) > 1 else next(iter(configs.values())),
        first_step=first_step,
        schedule=dict(schedule),
        budget=dict(budget),
        versions=_versions(),
        hyperparameters=hyperparameters,
    )


def _config(optimizer: Optimizer) -> Mapping[str, Any]:
    groups = [{name: value for name, value in group.items() if name != "params"} for group in optimizer.param_groups]
    return groups[0] if len(groups) == 1 else {str(group.get("name", i)): group for i, group in enumerate(groups)}


def _versions() -> dict[str, str]:
    found = {"python": platform.python_version(), "torch": torch.__version__, "numpy": np.__version__}
    try:
        return found | {"layerscope": version("tensorboard-plugin-layerscope")}
    except PackageNotFoundError:  # run from its sources
        return found
