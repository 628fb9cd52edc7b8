"""Sums and extremes of many tensors, in few operations of the graph.

The definitions are those of `writers.tensor_stats`, which the tests compare.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import tensorflow as tf

from writers.frameworks.keras.capture.conditions import chosen
from writers.frameworks.keras.capture.together import Together

MOMENTS = ("sum_squares", "non_finite", "sum", "min", "max")
"""What `moments` tells, in its order."""


def magnitudes(together: Together) -> tuple[Any, Any]:
    """Sum of squares and largest magnitude of each tensor, float32 [tensor] each.

    The sum is not finite where a value is not; of no values the largest is NaN.
    """
    return _squares(together), _max(together.map(tf.abs))


def moments(tensors: Sequence[Any], sizes: Sequence[int], is_full: Any = True) -> Any:
    """`MOMENTS` of each tensor, float32 [moment, tensor].

    Values that are not finite are counted and left out of the others. That takes a second look at all of them, which is
    rare: a sum of squares that is finite proves that there are none.

    Args:
        tensors: Of any float type and shape.
        sizes: How many values each has.
        is_full: Where it is not, sums of squares alone are told, infinite where a value is not finite, and NaN otherwise.
    """
    together = Together.of(tensors, sizes)
    squares = _squares(together)

    def masked() -> Any:
        def without(substitute: float) -> Together:
            return together.map(lambda x: tf.where(tf.math.is_finite(x), x, tf.constant(substitute, x.dtype)))

        held = without(0)
        bad = _sum(together.map(lambda x: tf.cast(tf.logical_not(tf.math.is_finite(x)), x.dtype)))
        none_left = tf.equal(bad, tf.constant(np.asarray(sizes), tf.float32))
        least, most = (tf.where(none_left, np.float32(np.nan), extreme) for extreme in (_min(without(np.inf)), _max(without(-np.inf))))
        return tf.stack([_squares(held), bad, _sum(held), least, most])

    def as_they_are() -> Any:
        return tf.stack([squares, tf.zeros_like(squares), _sum(together), _min(together), _max(together)])

    def in_full() -> Any:
        return chosen(tf.reduce_all(tf.math.is_finite(squares)), as_they_are, masked)

    def in_brief() -> Any:
        nothing = tf.fill([len(MOMENTS) - 1, len(sizes)], np.float32(np.nan))
        return tf.concat([[tf.where(tf.math.is_finite(squares), squares, np.float32(np.inf))], nothing], 0)

    return in_full() if is_full is True else chosen(is_full, in_full, in_brief)


def _squares(together: Together) -> Any:
    return together.each(lambda x: 2 * tf.nn.l2_loss(x), lambda x, ids, n: tf.math.unsorted_segment_sum(tf.square(x), ids, n))


def _sum(together: Together) -> Any:
    return together.each(tf.reduce_sum, tf.math.unsorted_segment_sum)


def _min(together: Together) -> Any:
    return together.each(tf.reduce_min, tf.math.unsorted_segment_min, np.nan)


def _max(together: Together) -> Any:
    return together.each(tf.reduce_max, tf.math.unsorted_segment_max, np.nan)
