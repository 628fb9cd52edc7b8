"""The first examples of a training, which its probe sees again and again."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np

from writers.host_arrays import host_array

Array = np.ndarray[Any, Any]

MOST = 256
"""Examples at most."""

_MOST_BYTES = 32_000_000
_FEWEST_A_PASS = 32


@dataclass(frozen=True)
class Examples:
    """Copies of a training's first examples.

    Attributes:
        x: As `fit` was given it; each of its arrays is [example, …].
        count: How many there are, in whole passes.
        a_pass: How many go through the model at once.
    """

    x: Any
    count: int
    a_pass: int


def examples_of(model: Any, arguments: Mapping[str, Any]) -> Examples | str:
    """The first examples that `fit` was given, or why there are none, as a part of a sentence.

    They are taken of arrays alone: a data set or a generator would be set going by it, with whatever it draws and keeps.

    Args:
        model: In `fit`.
        arguments: Those of `fit`, by name.
    """
    x = arguments.get("x")
    leaves = keras.tree.flatten(x)
    if not leaves or not all(hasattr(leaf, "__array__") and getattr(leaf, "shape", ()) and leaf.shape[0] for leaf in leaves):
        return "the training data are not arrays in memory"
    fixed = next((tensor.shape[0] for tensor in getattr(model, "inputs", None) or ()), None)
    batch = fixed or arguments.get("batch_size") or _FEWEST_A_PASS
    if not isinstance(batch, int):
        return "the size of a batch is not known"
    bytes_each = sum(math.prod(leaf.shape[1:]) * 8 for leaf in leaves)
    count = min([MOST, max(1, _MOST_BYTES // max(1, bytes_each)), *(leaf.shape[0] for leaf in leaves)])
    # A pass is no larger than a batch of the training where that is not tiny: so much fits into the device's memory.
    a_pass = min(count, batch if fixed or batch >= _FEWEST_A_PASS else _FEWEST_A_PASS)
    count -= count % a_pass
    held = [host_array(leaf[:count], "x") for leaf in leaves]
    if any(each.dtype.kind not in "biuf" for each in held):
        return "the training data are not numbers"
    return Examples(keras.tree.pack_sequence_as(x, [_as_keras_does(each) for each in held]), count, a_pass)


def _as_keras_does(given: Array) -> Array:
    """A copy, since the user may change theirs; real numbers of the type in which `fit` hands them to the model."""
    return np.array(given, keras.config.floatx() if given.dtype.kind == "f" else None)
