"""A few values of each parameter, held over a step to tell what it changed: never a second copy of the weights."""

from __future__ import annotations

from collections.abc import Sequence
from math import gcd, prod
from typing import Any

import numpy as np
import tensorflow as tf

from writers.frameworks.keras.capture.moments import largest_magnitudes, sums_of_squares
from writers.frameworks.keras.capture.ring import variable

MOST = 65_536
"""Values of a parameter at most; of one that has more, every how many-th is fixed by its shape."""


def stride_of(shape: Sequence[int]) -> int:
    """Every how many-th value of a parameter is looked at: prime to its last axis, or some columns were never seen."""
    size = prod(shape)
    stride = -(-size // MOST)
    while stride > 1 and gcd(stride, shape[-1]) > 1:
        stride += 1
    return max(1, stride)


class Change:
    """What a step changes in some variables.

    Args:
        variables: Keras' own.
    """

    def __init__(self, variables: Sequence[Any]) -> None:
        self._variables = list(variables)
        self._strides = [stride_of([int(size) for size in each.shape]) for each in variables]
        self._sizes = [-(-prod(int(size) for size in each.shape) // stride) for each, stride in zip(variables, self._strides, strict=True)]
        wide = any(str(each.dtype) == "float64" for each in variables)
        self._dtype = tf.float64 if wide else tf.float32
        self._before = variable(np.zeros(sum(self._sizes), np.float64 if wide else np.float32))
        whole = [prod(int(size) for size in each.shape) for each in variables]
        self._scale = np.array([w / max(1, s) for w, s in zip(whole, self._sizes, strict=True)], np.float32)

    def remember(self) -> None:
        """Before the step; in the graph."""
        self._before.assign(self._values())

    def told(self) -> Any:
        """After it: float32 [variable, 2], sum of squares and largest magnitude; in the graph."""
        changes = tf.split(self._values() - self._before, self._sizes)
        squares = sums_of_squares(changes, self._sizes)
        largest = largest_magnitudes(changes, self._sizes)
        infinite = tf.fill(tf.shape(squares), np.float32(np.inf))
        is_finite = tf.math.is_finite(squares)
        return tf.stack([tf.where(is_finite, squares * self._scale, infinite), tf.where(is_finite, largest, infinite)], 1)

    def _values(self) -> Any:
        flat = [tf.reshape(tf.cast(each.value, self._dtype), [-1])[::stride] for each, stride in zip(self._variables, self._strides, strict=True)]
        return tf.concat(flat, 0)
