"""Makes an optimizer's variables before its first batch would."""

from __future__ import annotations

from typing import Any

import keras

from writers.frameworks.keras.optimizers import compiled_optimizer


def build_optimizer(model: Any) -> None:
    """Makes the optimizer's variables, where they are those that its first batch would make.

    Made there, they would have TensorFlow trace that batch twice.
    """
    optimizer = compiled_optimizer(model)
    if optimizer is None or optimizer.built or not model.trainable_weights or model.distribute_strategy.num_replicas_in_sync > 1:
        return
    if type(model).train_step is keras.Model.train_step:  # another may train some of the weights alone
        with keras.name_scope(optimizer.name, caller=optimizer):  # as `apply` does
            optimizer.build(model.trainable_weights)
