"""Counts of what layers put out, inside a traced function."""

from __future__ import annotations

from typing import Any, NamedTuple

import tensorflow as tf

from writers.activity import SATURATED

SATURATES = {"sigmoid": (0.5 - SATURATED / 2, 0.5 + SATURATED / 2), "tanh": (-SATURATED, SATURATED)}
"""Between which values an activation is not saturated."""


class Counts(NamedTuple):
    """Of one output: `silent` bool [unit], whether all values are 0 or less; `numbers` int64 [4]: values, zeros, saturated, not finite."""

    silent: Any
    numbers: Any


def counts_of(output: Any, activation: str, unit_axis: int) -> Counts:
    """Counts of a tensor with at least two axes, the first of examples."""
    content = output if output.dtype.is_floating and output.dtype.size >= 4 else tf.cast(output, tf.float32)
    others = [axis for axis in range(content.shape.rank) if axis != unit_axis % content.shape.rank]
    saturated = tf.zeros((), tf.int64)
    if activation in SATURATES:
        low, high = SATURATES[activation]
        saturated = tf.math.count_nonzero((content < low) | (content > high))
    found = tf.size(content, tf.int64), tf.math.count_nonzero(tf.equal(content, 0)), saturated, tf.math.count_nonzero(~tf.math.is_finite(content))
    return Counts(tf.reduce_all(content <= 0, axis=others), tf.stack(found))  # NaN is not 0 or less: a unit of NaN is broken, not silent


def joined(one: Counts, other: Counts) -> Counts:
    """Of the same units, with more of their values."""
    return Counts(one.silent & other.silent, one.numbers + other.numbers)
