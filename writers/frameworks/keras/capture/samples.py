"""A few values of each parameter, held over a step to tell what it changed: never a second copy of the weights."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as np
import tensorflow as tf

from writers.frameworks.keras.capture.moments import magnitudes
from writers.frameworks.keras.capture.ring import variable
from writers.frameworks.keras.capture.together import Together, places_of
from writers.strides import stride_of


class Sample:
    """Every how many-th value of some tensors, end to end: the small ones, then the large ones.

    Args:
        shapes: Of each tensor; they fix which values are looked at.
        dtype: What the values are held as.

    Attributes:
        sizes: How many values of each are looked at.
    """

    def __init__(self, shapes: Sequence[Sequence[int]], dtype: Any = np.float32) -> None:
        self._strides = [stride_of(shape) for shape in shapes]
        self.sizes = [-(-prod(shape) // stride) for shape, stride in zip(shapes, self._strides, strict=True)]
        self._dtype = dtype
        self._order = [i for places in places_of(self.sizes, [dtype == np.float64] * len(shapes)) for i in places]
        self.held = variable(np.zeros(sum(self.sizes), dtype))

    def of(self, tensors: Sequence[Any]) -> Any:
        """The values looked at, as `Together.from_flat` takes them; in the graph."""
        return tf.concat([*(self._of_one(tensors[i], self._strides[i]) for i in self._order), tf.zeros([0], self._dtype)], 0)

    def hold(self, tensors: Sequence[Any]) -> None:
        """Keeps their values; in the graph."""
        self.held.assign(self.of(tensors))

    def split(self) -> list[np.ndarray[Any, Any]]:
        """The values held of each tensor, flat, from Python; waits for the device."""
        ends = np.cumsum([self.sizes[i] for i in self._order])
        parts = dict(zip(self._order, np.split(self.held.numpy(), ends[:-1]), strict=True)) if self._order else {}
        return [parts[i] for i in range(len(self._order))]

    def _of_one(self, tensor: Any, stride: int) -> Any:
        flat = tf.reshape(tf.cast(tensor, self._dtype), [-1])
        return flat if stride == 1 else flat[::stride]


class Change:
    """What a step changes in some variables.

    Args:
        variables: Keras' own.
    """

    def __init__(self, variables: Sequence[Any]) -> None:
        self._variables = list(variables)
        shapes = [shape_of(each) for each in variables]
        wide = any(str(each.dtype) == "float64" for each in variables)
        self._sample = Sample(shapes, np.float64 if wide else np.float32)
        self._scale = np.array([prod(shape) / max(1, size) for shape, size in zip(shapes, self._sample.sizes, strict=True)], np.float32)

    def remember(self) -> None:
        """Before the step; in the graph."""
        self._sample.hold(self._values())

    def told(self) -> Any:
        """After it: float32 [variable, 2], sum of squares and largest magnitude; in the graph."""
        squares, largest = magnitudes(Together.from_flat(self._sample.of(self._values()) - self._sample.held, self._sample.sizes))
        infinite = tf.fill(tf.shape(squares), np.float32(np.inf))
        is_finite = tf.math.is_finite(squares)
        return tf.stack([tf.where(is_finite, squares * self._scale, infinite), tf.where(is_finite, largest, infinite)], 1)

    def _values(self) -> list[Any]:
        return [each.value for each in self._variables]


def shape_of(variable: Any) -> tuple[int, ...]:
    """The shape of Keras' variable, as numbers."""
    return tuple(int(size) for size in variable.shape)
