"""What is told of some steps, kept on the device until it is drained."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields
from typing import Any, TypeVar

import numpy as np
import tensorflow as tf

from writers.frameworks.keras.capture.moments import MOMENTS

_T = TypeVar("_T")

NUMBERS = ("loss", "examples")
"""What is told of each step as a whole; after it come, of each optimizer, these."""
OF_OPTIMIZER = ("rate", "scale", "applied", "gathered")


@dataclass(frozen=True)
class Drained:
    """What was told of n steps, in their order; NaN where nothing was.

    Attributes:
        step: int64 [n].
        is_full: bool [n]: all is told, or sums of squares alone.
        weights, gradients: float32 [n, parameter, moment], the moments as in `MOMENTS`.
        updates: float32 [n, parameter, 2]: sum of squares, largest magnitude.
        numbers: float32 [n, number]: `NUMBERS`, then `OF_OPTIMIZER` of each optimizer.
    """

    step: np.ndarray[Any, Any]
    is_full: np.ndarray[Any, Any]
    weights: np.ndarray[Any, Any]
    gradients: np.ndarray[Any, Any]
    updates: np.ndarray[Any, Any]
    numbers: np.ndarray[Any, Any]

    def rising(self, after: int) -> Drained:
        """Those after step `after`, in rising order: of two with one number the later one.

        A batch that somebody trains beside `fit` is told like its own, and then counted over by the one of `fit`.
        """
        least_to_come = np.minimum.accumulate(np.append(self.step[1:], np.iinfo(np.int64).max)[::-1])[::-1]
        kept = (self.step > after) & (self.step < least_to_come)
        return self if kept.all() else Drained(**{field.name: getattr(self, field.name)[kept] for field in fields(self)})


class Ring:
    """Rows of variables, one for each step that is told.

    Args:
        slots: How many steps it holds.
        parameters: How many rows each has.
        optimizers: How many optimizers are told of.

    Attributes:
        lost: Steps that were told and not kept, since nobody drained it in time; as the last drain saw it.
    """

    def __init__(self, slots: int, parameters: int, optimizers: int) -> None:
        self.slots, self.lost, self._parameters = slots, 0, parameters
        self._shapes = {
            "moments": (slots, 2 * parameters, len(MOMENTS)),  # of weights, then of gradients
            "updates": (slots, parameters, 2),
            "numbers": (slots, len(NUMBERS) + len(OF_OPTIMIZER) * optimizers),
        }
        self._told = {name: variable(np.full(shape, np.nan, np.float32)) for name, shape in self._shapes.items()}
        self._steps = variable(np.zeros((slots, 2), np.int64))  # number, and whether it is told in full
        self._used = variable(np.int64(0))

    def write_moments(self, weights: Sequence[int], gradients: Sequence[int], values: Any) -> None:
        """Puts float32 [row, moment], of rows of weights and then of rows of gradients, into the present slot; in the graph."""
        self._write_rows("moments", [*weights, *(self._parameters + row for row in gradients)], values)

    def write_updates(self, rows: Sequence[int], values: Any) -> None:
        """Puts float32 [row, 2] into the present slot's rows of `updates`; in the graph."""
        self._write_rows("updates", rows, values)

    def write_numbers(self, first: int, values: Sequence[Any]) -> None:
        """Puts numbers into the present slot, from column `first` on; in the graph."""
        columns = tf.range(first, first + len(values), dtype=tf.int64)
        places = tf.stack([tf.fill([len(values)], self._slot()), columns], 1)
        self._told["numbers"].scatter_nd_update(places, tf.stack([tf.cast(value, tf.float32) for value in values]))

    def finish(self, step: Any, is_full: Any) -> None:
        """The present slot's step is told; in the graph."""
        self._steps.scatter_nd_update([[self._slot()]], [tf.stack([step, tf.cast(is_full, tf.int64)])])
        self._used.assign_add(1)

    @property
    def held(self) -> Any:
        """How many steps it holds; in the graph."""
        return self._used.read_value()

    @property
    def variables(self) -> list[Any]:
        """All that it is held in."""
        return [*self._told.values(), self._steps, self._used]

    def resume(self, held: Any) -> None:
        """Goes on with so many steps held; in the graph, where Python has drained it amid: what is told next waits for that."""
        self._used.assign(held)

    def drain(self) -> Drained:
        """Takes out what was told; waits for the device."""
        with tf.init_scope():  # a training that nobody holds any more ends when it is collected: amid another one's trace
            return self._drain()

    def _drain(self) -> Drained:
        told_so_far = int(self._used.numpy())
        used = min(told_so_far, self.slots)
        self.lost += told_so_far - used
        rows = {name: held[: used + 1].numpy() for name, held in self._told.items()}
        told = {name: held[:used] for name, held in rows.items()}
        steps, both = self._steps[:used].numpy(), told.pop("moments")
        weights, gradients = both[:, : self._parameters], both[:, self._parameters :]
        drained = Drained(step=steps[:, 0], is_full=steps[:, 1] > 0, weights=weights, gradients=gradients, **told)
        if used:
            for name, held in self._told.items():
                held.assign(tf.fill(self._shapes[name], np.float32(np.nan)))
                under_way = rows[name][used:]  # of a step that is not over yet; none where there is no room for it
                if not np.isnan(under_way).all():
                    held.scatter_nd_update([[0]], under_way)
            self._used.assign(0)
        return drained

    def _write_rows(self, name: str, rows: Sequence[int], values: Any) -> None:
        slot = self._slot()
        if list(rows) == list(range(self._shapes[name][1])):
            self._told[name].scatter_nd_update([[slot]], values[None])
        else:
            places = tf.stack([tf.fill([len(rows)], slot), tf.constant(list(rows), tf.int64)], 1)
            self._told[name].scatter_nd_update(places, values)

    def _slot(self) -> Any:
        # Were a drain ever missed, the last slot would be written again: never outside.
        return tf.minimum(self._used.read_value(), self.slots - 1)


def variable(content: Any, device: str | None = None) -> Any:
    """A variable of ours: one, also where a distribution strategy is in force, whose scope belongs to a thread."""

    def make() -> Any:
        with tf.device(device):
            return tf.Variable(content, trainable=False)

    return _elsewhere(make)


def _elsewhere(make: Callable[[], _T]) -> _T:
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(make).result()
