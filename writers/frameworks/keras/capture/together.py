"""Many tensors as few: what a step costs beside reading its values is the number of operations."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import tensorflow as tf

SMALL = 4096
"""Tensors of at most so many values are laid end to end."""


@dataclass(frozen=True)
class Together:
    """Tensors, float32 or float64; the small ones of float32 end to end in one.

    Attributes:
        flat: The small ones; None where there is none.
        large: Each other one that has values.
        places: Which ones they are.
        lengths: Of each small one.
    """

    flat: Any
    large: Sequence[Any]
    places: Places
    lengths: Sequence[int]

    @classmethod
    def of(cls, tensors: Sequence[Any], sizes: Sequence[int]) -> Together:
        """Tensors of any float type and shape.

        Args:
            tensors: What is laid together.
            sizes: How many values each has.
        """
        wide = [tensor if tensor.dtype == tf.float64 else tf.cast(tensor, tf.float32) for tensor in tensors]
        places = small, large, _ = places_of(sizes, [tensor.dtype == tf.float64 for tensor in wide])
        flat = tf.concat([tf.reshape(wide[i], [-1]) for i in small], 0) if small else None
        return cls(flat, [wide[i] for i in large], places, [sizes[i] for i in small])

    @classmethod
    def from_flat(cls, values: Any, sizes: Sequence[int]) -> Together:
        """Tensors that lie end to end: the small ones, then the large ones.

        Args:
            values: All of them.
            sizes: How many values each has, in the order of the tensors.
        """
        places = small, large, _ = places_of(sizes, [values.dtype == tf.float64] * len(sizes))
        flat, *others = tf.split(values, [sum(sizes[i] for i in small), *(sizes[i] for i in large)])
        return cls(flat if small else None, others, places, [sizes[i] for i in small])

    def map(self, change: Callable[[Any], Any]) -> Together:
        """The same tensors with each value changed."""
        return replace(self, flat=None if self.flat is None else change(self.flat), large=[change(tensor) for tensor in self.large])

    def each(self, of_one: Callable[[Any], Any], of_many: Callable[[Any, Any, int], Any], empty: float = 0) -> Any:
        """A statistic of each tensor, float32 [tensor].

        Args:
            of_one: Tells it of a tensor.
            of_many: Of the segments of one, from their ids and how many there are.
            empty: What it is of a tensor without values.
        """
        small, large, none = self.places
        parts = []
        if self.flat is not None:
            ids = tf.constant(np.repeat(np.arange(len(small), dtype=np.int32), self.lengths))
            parts.append(of_many(self.flat, ids, len(small)))
        if self.large:
            parts.append(tf.stack([tf.cast(of_one(tensor), tf.float32) for tensor in self.large]))
        if none:
            parts.append(tf.fill([len(none)], np.float32(empty)))
        if not parts:
            return tf.zeros([0], tf.float32)
        return tf.gather(tf.concat(parts, 0), np.argsort([*small, *large, *none]))


Places = tuple[Sequence[int], Sequence[int], Sequence[int]]
"""Of the small tensors, the large ones and those without values, their places among all."""


def places_of(sizes: Sequence[int], is_wide: Sequence[bool]) -> Places:
    """Which tensors are small, which are large, and which have no values; those of float64 are never small."""
    small = [i for i, (size, wide) in enumerate(zip(sizes, is_wide, strict=True)) if 0 < size <= SMALL and not wide]
    large = [i for i, (size, wide) in enumerate(zip(sizes, is_wide, strict=True)) if size > SMALL or (size and wide)]
    return small, large, [i for i, size in enumerate(sizes) if not size]
