"""Sums and extremes of many tensors, in few operations of the graph.

What a step costs beside reading its values is the number of operations, so tensors that are small are laid end to end
and told together. The definitions are those of `writers.tensor_stats`, which the tests compare.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import tensorflow as tf

SMALL = 4096
"""Tensors of at most so many values are told together."""

MOMENTS = ("sum_squares", "non_finite", "sum", "min", "max")
"""What `moments` tells, in its order."""


def sums_of_squares(tensors: Sequence[Any], sizes: Sequence[int]) -> Any:
    """Of each tensor, float32 [tensor]; not finite where one of its values is not.

    Args:
        tensors: Of any float type and shape.
        sizes: How many values each has.
    """
    return _told(tensors, sizes, [lambda x: 2 * tf.nn.l2_loss(x)], [lambda x, ids, n: tf.math.unsorted_segment_sum(tf.square(x), ids, n)])[0]


def moments(tensors: Sequence[Any], sizes: Sequence[int]) -> Any:
    """`MOMENTS` of each tensor, float32 [moment, tensor].

    Values that are not finite are counted and left out of the others. That takes a second look at all of them, which is
    rare: a sum of squares that is finite proves that there are none.
    """
    raw = _raw_moments(tensors, sizes)

    def masked() -> Any:
        finite = [tf.math.is_finite(tensor) for tensor in tensors]
        held = [tf.where(mask, tensor, tf.zeros_like(tensor)) for mask, tensor in zip(finite, tensors, strict=True)]
        squares, added, _, _ = _raw_moments(held, sizes)
        infinite = [tf.constant(np.inf, tensor.dtype) for tensor in tensors]
        low = [tf.where(mask, tensor, inf) for mask, tensor, inf in zip(finite, tensors, infinite, strict=True)]
        high = [tf.where(mask, tensor, -inf) for mask, tensor, inf in zip(finite, tensors, infinite, strict=True)]
        least, most = _raw_moments(low, sizes)[2], _raw_moments(high, sizes)[3]
        bad = tf.stack([tf.reduce_sum(tf.cast(tf.logical_not(mask), tf.float32)) for mask in finite])
        nothing = tf.fill(tf.shape(bad), np.float32(np.nan))
        none_left = tf.equal(bad, tf.constant(np.asarray(sizes), tf.float32))
        return tf.stack([squares, bad, added, tf.where(none_left, nothing, least), tf.where(none_left, nothing, most)])

    def as_they_are() -> Any:
        squares, added, least, most = raw
        return tf.stack([squares, tf.zeros_like(squares), added, least, most])

    return tf.cond(tf.reduce_all(tf.math.is_finite(raw[0])), as_they_are, masked)


def largest_magnitudes(tensors: Sequence[Any], sizes: Sequence[int]) -> Any:
    """Of each tensor, float32 [tensor]; NaN where it has no values."""
    return _told(tensors, sizes, [lambda x: tf.reduce_max(tf.abs(x))], [lambda x, ids, n: tf.math.unsorted_segment_max(tf.abs(x), ids, n)], empty=[np.nan])[0]


def _raw_moments(tensors: Sequence[Any], sizes: Sequence[int]) -> Any:
    """Sum of squares, sum, least and largest of each tensor."""
    return _told(
        tensors,
        sizes,
        [lambda x: 2 * tf.nn.l2_loss(x), tf.reduce_sum, tf.reduce_min, tf.reduce_max],
        [
            lambda x, ids, n: tf.math.unsorted_segment_sum(tf.square(x), ids, n),
            tf.math.unsorted_segment_sum,
            tf.math.unsorted_segment_min,
            tf.math.unsorted_segment_max,
        ],
        empty=[0, 0, np.nan, np.nan],
    )


def _told(
    tensors: Sequence[Any],
    sizes: Sequence[int],
    of_one: Sequence[Callable[[Any], Any]],
    of_many: Sequence[Callable[[Any, Any, int], Any]],
    empty: Sequence[float] = (0,),
) -> list[Any]:
    """Each statistic of each tensor: float32 [tensor], by `of_one` or, for all small ones at once, by `of_many`."""
    wide = [tensor if tensor.dtype == tf.float64 else tf.cast(tensor, tf.float32) for tensor in tensors]
    small = [i for i, (tensor, size) in enumerate(zip(wide, sizes, strict=True)) if 0 < size <= SMALL and tensor.dtype == tf.float32]
    alone = [i for i, size in enumerate(sizes) if size and i not in set(small)]
    none = [i for i, size in enumerate(sizes) if not size]
    parts: list[list[Any]] = [[] for _ in of_one]
    if small:
        flat = tf.concat([tf.reshape(wide[i], [-1]) for i in small], 0)
        ids = tf.constant(np.repeat(np.arange(len(small), dtype=np.int32), [sizes[i] for i in small]))
        for part, tell in zip(parts, of_many, strict=True):
            part.append(tell(flat, ids, len(small)))
    for part, tell_one, number in zip(parts, of_one, empty, strict=True):
        if alone:
            part.append(tf.stack([tf.cast(tell_one(wide[i]), tf.float32) for i in alone]))
        if none:
            part.append(tf.fill([len(none)], np.float32(number)))
    place = np.argsort([*small, *alone, *none])
    return [tf.gather(tf.concat(part, 0), place) for part in parts]
