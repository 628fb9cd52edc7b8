"""The learning rate that an optimizer uses at present, whatever framework it is of."""

from __future__ import annotations

from typing import Any

from writers.host_arrays import host_array


def of(optimizer: Any) -> float | dict[str, float]:
    """The rate of the next update.

    Args:
        optimizer: Of Keras (also inside wrappers such as `LossScaleOptimizer`), or of PyTorch.

    Returns:
        The rate; with several parameter groups (PyTorch) one rate a group, by its "name" or its number, which
        `RunWriter.write` takes as they are: `run.write("learning_rate", learning_rate.of(optimizer), step)`. Read it
        before `scheduler.step()`: afterwards it is already the next step's.

    Raises:
        TypeError: It has no learning rate that can be read.
    """
    groups = getattr(optimizer, "param_groups", None)
    if groups:
        rates = [_number(group["lr"]) for group in groups]
        return rates[0] if len(rates) == 1 else dict(zip(_names(groups), rates, strict=True))
    inner = innermost(optimizer)
    if not hasattr(inner, "learning_rate"):
        raise TypeError(f"the learning rate is read from an optimizer of Keras or PyTorch; this is {type(optimizer).__name__}. Write the number itself instead")
    rate = inner.learning_rate
    # Legacy optimizers of tf_keras return the schedule itself.
    return _number(rate(inner.iterations) if callable(rate) else rate)


def innermost(optimizer: Any) -> Any:
    """The optimizer that makes the updates, inside Keras' wrappers such as `LossScaleOptimizer`."""
    while hasattr(optimizer, "inner_optimizer"):
        optimizer = optimizer.inner_optimizer
    return optimizer


def _number(rate: Any) -> float:
    return float(rate if isinstance(rate, float | int) else host_array(rate, "learning rate"))


def _names(groups: list[dict[str, Any]]) -> list[str]:
    names = [str(group.get("name", i)) for i, group in enumerate(groups)]
    return names if len(set(names)) == len(names) else [str(i) for i in range(len(groups))]
