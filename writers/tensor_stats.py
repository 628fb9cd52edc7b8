"""Statistics of weights, gradients and updates, from plain arrays.

The definitions are those of `tb_plugin.schema.tensor_stats`; every framework's own, in its graph or on its device, is
tested against these.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from tb_plugin.schema.parameters import Parameter, Parameters
from tb_plugin.schema.tensor_stats import STATISTICS, TensorStats
from writers import parameters as axis
from writers.host_arrays import host_array


def of(
    step: int,
    *,
    weights: Mapping[str, Any],
    gradients: Mapping[str, Any] | None = None,
    updated: Mapping[str, Any] | None = None,
    parameters: Parameters | None = None,
    loss: float = np.nan,
    batch_examples: int = -1,
    epoch: float = np.nan,
    learning_rate: float | Mapping[str, float] = np.nan,
) -> TensorStats:
    """All statistics of one step.

    Args:
        step: Number of the batch, from 0.
        weights: Each parameter's values before the step, by path (`block_1/dense/kernel`), in forward order.
        gradients: As handed to the optimizer, by the same paths; None, or no entry, where a parameter has none.
        updated: Each parameter's values after the step, by the same paths; no entry where the step did not change it.
        parameters: The axis, where there is one already; else it is made from the weights.
        loss: Of this batch.
        batch_examples: How many it had.
        epoch: Epochs gone when it began.
        learning_rate: What the step used; several by the name of their group, as `learning_rate.of` gives them.

    Raises:
        ValueError: A gradient or an update belongs to no parameter, or has another shape than its weights.
        TypeError: An array holds complex numbers or no numbers; the message names it.
    """
    held = {path: host_array(content, f"the weights of {path!r:.200}") for path, content in weights.items()}
    gradients, updated = gradients or {}, updated or {}
    for name, given in (("gradients", gradients), ("updated", updated)):
        strangers = [path for path in given if path not in held]
        if strangers:
            raise ValueError(f"{name} must be of parameters among the weights; {strangers[0]!r:.200} is not. The paths are {list(held)!r:.200}")
    known = parameters if parameters is not None else axis.of((_parameter(path, content), content.shape) for path, content in held.items())
    value = np.full((len(STATISTICS), len(held), 1), np.nan, np.float32)
    for i, (path, weight) in enumerate(held.items()):
        gradient = _like(weight, gradients.get(path), f"the gradient of {path!r:.200}")
        after = _like(weight, updated.get(path), f"the update of {path!r:.200}")
        told = {**_moments("weight", weight), **_moments("gradient", gradient), **_change(weight, after)}
        with np.errstate(over="ignore"):
            value[:, i, 0] = [told[name] for name in STATISTICS]
    rates = learning_rate if isinstance(learning_rate, Mapping) else {"": learning_rate}
    return TensorStats(
        parameters=known,
        statistics=STATISTICS,
        groups=tuple(rates),
        step=np.array([step]),
        value=value,
        loss=np.array([loss], np.float64),
        batch_examples=np.array([batch_examples]),
        epoch=np.array([epoch], np.float64),
        loss_scale=np.ones(1),
        clip_factor=np.full(1, np.nan),
        skipped=np.zeros(1, bool),
        learning_rate=np.array([[rate] for rate in rates.values()], np.float64),
    )


def _parameter(path: str, content: np.ndarray[Any, Any]) -> Parameter:
    return Parameter(path=path, variable_path=path, layer=path.rpartition("/")[0], dtype=str(content.dtype), role="trainable")


def _like(weight: np.ndarray[Any, Any], given: Any, name: str) -> np.ndarray[Any, Any] | None:
    if given is None:
        return None
    content = host_array(given, name)
    if content.shape != weight.shape:
        raise ValueError(f"{name} must have the shape of its weights, {list(weight.shape)}; it has {list(content.shape)}")
    return content


def _moments(of: str, content: np.ndarray[Any, Any] | None) -> dict[str, float]:
    names = ("sum_squares", "non_finite", "sum", "min", "max")
    if content is None:
        return dict.fromkeys([f"{of}_{name}" for name in names], np.nan)
    wide = _wide(content)
    finite = wide[np.isfinite(wide)]
    extremes: Sequence[Any] = (finite.min(), finite.max()) if finite.size else (np.nan, np.nan)
    with np.errstate(over="ignore"):
        told = (np.square(finite).sum(), wide.size - finite.size, finite.sum(), *extremes)
    return {f"{of}_{name}": float(number) for name, number in zip(names, told, strict=True)}


def _change(before: np.ndarray[Any, Any], after: np.ndarray[Any, Any] | None) -> dict[str, float]:
    if after is None:
        return {"update_sum_squares": np.nan, "update_max_abs": np.nan}
    with np.errstate(over="ignore", invalid="ignore"):
        change = np.abs(_wide(after) - _wide(before))
        if not np.isfinite(change).all():
            return {"update_sum_squares": np.inf, "update_max_abs": np.inf}
        return {"update_sum_squares": float(np.square(change).sum()), "update_max_abs": float(change.max()) if change.size else np.nan}


def _wide(content: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Flat, in float64: sums of any type keep their digits."""
    return content.astype(np.float64, copy=False).ravel()
