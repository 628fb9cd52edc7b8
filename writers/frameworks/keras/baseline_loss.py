"""The loss of the best constant prediction: what a model must beat to have learned anything."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import keras
import numpy as np

from writers.frameworks.keras.outputs.losses import loss_of
from writers.host_arrays import host_array

Array = np.ndarray[Any, Any]

_MOST_VALUES = 10**7
_MOST_CLASSES = 10**6


def baseline_loss(model: Any, arguments: Mapping[str, Any]) -> float | None:
    """The compiled loss where every example is predicted the shares of the classes, or the mean of the targets.

    None where that is not known for sure: several outputs, weights, label smoothing, other losses, more than one truth
    an example, or targets that are not in memory: no data set is iterated.

    Args:
        model: Compiled, in `fit`.
        arguments: Those of `fit`, by name.
    """
    targets, losses = keras.tree.flatten(arguments.get("y")), keras.tree.flatten(model.loss)
    is_weighted = any(arguments.get(name) is not None for name in ("class_weight", "sample_weight"))
    if is_weighted or len(targets) != 1 or len(losses) != 1 or getattr(getattr(model, "_compile_loss", None), "_user_loss_weights", None) is not None:
        return None
    rule = _rule_of(losses[0])
    if rule is None or not hasattr(targets[0], "__array__") or math.prod(targets[0].shape) > _MOST_VALUES:
        return None
    y = host_array(targets[0], "y")
    if y.dtype.kind not in "biuf" or not y.size or y.ndim > 2:
        return None
    columns = y.reshape(len(y), -1)
    if rule is _squares and not _is_output(model, columns.shape[1]):
        return None  # it would be broadcast against what the model puts out
    loss = rule(columns)
    return loss if loss is not None and math.isfinite(loss) else None


def _is_output(model: Any, columns: int) -> bool:
    shape = getattr(model, "output_shape", None)
    return isinstance(shape, tuple) and shape[1:] in ((columns,), () if columns == 1 else None)


def _rule_of(given: Any) -> Callable[[Array], float | None] | None:
    """How a loss is computed; None where it is another one, or one with arguments that change it."""
    described = loss_of(given)
    if described is None:
        return None
    found = keras.losses.get(given)
    if isinstance(found, keras.losses.Loss) and (not type(found).__module__.startswith("keras.") or found.reduction in ("sum", "none", None)):
        return None
    said = described.config
    is_plain = not said.get("label_smoothing") and said.get("ignore_class") is None and said.get("axis", -1) == -1
    return _RULES.get(getattr(found, "fn", found)) if is_plain else None  # by the function: somebody's own may have its name


def _sparse(ids: Array) -> float | None:
    """Of class ids [example, 1]: the entropy of their shares."""
    if ids.shape[1] != 1 or not 0 <= ids.min() <= ids.max() < _MOST_CLASSES or (ids != np.floor(ids)).any():
        return None
    return _entropy(np.bincount(ids[:, 0].astype(np.int64)) / len(ids))


def _categorical(shares: Array) -> float | None:
    """Of a distribution over the classes for each example."""
    return _entropy(shares.mean(axis=0, dtype=np.float64)) if shares.min() >= 0 else None


def _binary(truths: Array) -> float | None:
    """Of yes-or-no labels [example, label]: the mean over the labels."""
    if not 0 <= truths.min() <= truths.max() <= 1:
        return None
    share = truths.mean(axis=0, dtype=np.float64)
    return float(np.mean([_entropy(np.array([one, 1 - one])) for one in share]))


def _squares(values: Array) -> float:
    """Of numbers: their variance."""
    return float(values.var(axis=0, dtype=np.float64).mean())


def _entropy(shares: Array) -> float:
    """The cross-entropy of shares with themselves, in nats; predictions sum to 1 even where the shares do not."""
    present = shares[shares > 0]
    return float(-(present * np.log(present / present.sum())).sum())


_RULES: dict[Any, Callable[[Array], float | None]] = {
    keras.losses.sparse_categorical_crossentropy: _sparse,
    keras.losses.categorical_crossentropy: _categorical,
    keras.losses.binary_crossentropy: _binary,
    keras.losses.mean_squared_error: _squares,
}
