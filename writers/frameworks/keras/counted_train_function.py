"""How many batches an execution of several really took, counted where it takes them (TensorFlow backend)."""

from __future__ import annotations

from functools import cache
from typing import Any

import tensorflow as tf


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


class CountedTrainFunction:
    """A model's own train function, whose batches are counted.

    Args:
        model: In `fit`; its `train_function` is made.

    Attributes:
        users: How many count with it.
        sees_batches: Whether there were any that can be counted.
    """

    def __init__(self, model: Any) -> None:
        self.replaced = model.train_function
        self.users = 0
        self.sees_batches = False
        with tf.device("CPU"):  # where the iterator is
            self._count = tf.Variable(0, dtype=tf.int64, trainable=False)

    def __call__(self, iterator: Any) -> Any:
        """Keras' `train_function`."""
        if not isinstance(iterator, tf.data.Iterator | tf.distribute.DistributedIterator):  # somebody's train_on_batch, which is no step of `fit`
            return self.replaced(iterator)
        self.sees_batches = True
        kind: Any = type(iterator)
        return self.replaced(_counted(kind)(iterator, self._count.handle))

    @property
    def batches(self) -> int:
        """Those taken so far."""
        return int(self._count.numpy())


def join(model: Any) -> CountedTrainFunction:
    """Begins to count the batches that `fit` takes; call `leave` when it is over."""
    running = model.train_function
    counted = running if isinstance(running, CountedTrainFunction) else CountedTrainFunction(model)
    counted.users += 1
    model.train_function = counted
    return counted


def leave(model: Any, counted: CountedTrainFunction) -> None:
    """Stops counting; the last to leave puts back the model's own train function."""
    counted.users -= 1
    if counted.users == 0 and model.train_function is counted:
        model.train_function = counted.replaced
