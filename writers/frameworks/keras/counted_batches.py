"""How many batches an execution of several really took, counted where it takes them (TensorFlow backend)."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import tensorflow as tf

from writers.frameworks.keras.capture.ring import variable


class CountedBatches:
    """An iterator of batches that counts those it gives, in the graph that asks for them.

    Where the data ends amid an execution, nothing else tells how many batches were left: the optimizer counts updates.
    The step itself stays the program that it is without us.
    """

    batches: Any
    count: tf.Tensor  # the handle of a variable: an extension type holds no variables

    @property
    def element_spec(self) -> Any:
        """What a batch is made of."""
        return self.batches.element_spec

    def __iter__(self) -> Any:
        """Itself."""
        return self

    def __next__(self) -> Any:
        """The next batch."""
        return self.get_next()

    def get_next(self) -> Any:
        """The next batch; raises `OutOfRangeError` where there is none."""
        batch = self.batches.get_next()
        # Once it is there: nothing else orders the two, and where the data ends there is none.
        with tf.control_dependencies([part for part in tf.nest.flatten(batch, expand_composites=True) if tf.is_tensor(part)]):
            tf.raw_ops.AssignAddVariableOp(resource=self.count, value=tf.constant(1, tf.int64))
        return batch

    def get_next_as_optional(self) -> Any:
        """The next batch, if there is one."""
        batch = self.batches.get_next_as_optional()
        tf.raw_ops.AssignAddVariableOp(resource=self.count, value=tf.cast(batch.has_value(), tf.int64))
        return batch


@cache
def _counted(kind: Any) -> Any:
    """`CountedBatches` of a kind of iterator, as a type that graphs take; Keras looks at the type of what it takes batches from."""
    members = {"__annotations__": {"batches": kind, "count": tf.Tensor}, "__module__": __name__}
    counted = type(tf.experimental.ExtensionType)(f"Counted{kind.__name__}", (CountedBatches, tf.experimental.ExtensionType), members)
    tf.data.Iterator.register(counted)
    return counted


ITERATORS: tuple[type, ...] = (tf.data.Iterator, tf.distribute.DistributedIterator)
"""What `fit` takes batches from."""


class Counter:
    """Counts the batches of each execution; also under a distribution strategy."""

    def __init__(self) -> None:
        self._sees_batches = False
        self._count = variable(np.int64(0), device="CPU")  # where the iterator is

    def counted(self, iterator: Any) -> tuple[Any]:
        """What the train function is to be called with, instead of with the iterator of its batches."""
        self._sees_batches = True
        kind: Any = type(iterator)
        return (_counted(kind)(iterator, self._count.handle),)

    @property
    def batches(self) -> int | None:
        """Those taken so far; None where there was none that can be counted."""
        return int(self._count.numpy()) if self._sees_batches else None
