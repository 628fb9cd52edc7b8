"""Looks at what optimizers are handed and at what they do with it, in the graph; when a step begins and ends, others know."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from math import prod
from typing import Any

import numpy as np
import tensorflow as tf

from writers.frameworks.keras.capture.again import again
from writers.frameworks.keras.capture.conditions import chosen, where
from writers.frameworks.keras.capture.moments import moments
from writers.frameworks.keras.capture.replacements import Replacements
from writers.frameworks.keras.capture.ring import NUMBERS, OF_OPTIMIZER, Drained, Ring, variable
from writers.frameworks.keras.capture.samples import Change, shape_of
from writers.frameworks.keras.capture.schedule import GraphSchedule
from writers.frameworks.keras.capture.spread import Spread
from writers.frameworks.keras.optimizers import clips_gathered, gathered_by, loss_scale, updates_counted
from writers.guard import Guard
from writers.strides import stride_of

FLOATS = ("float16", "bfloat16", "float32", "float64")
PART = "gradients and weights"


@dataclass(frozen=True)
class Batches:
    """What is told of batches beside their parameters.

    Attributes:
        loss: float64 [n].
        examples: float64 [n]; NaN where it is not known.
        has_loss: bool [n], or one for all. Whether the loss is known: then NaN is what it was.
    """

    loss: np.ndarray[Any, Any]
    examples: np.ndarray[Any, Any]
    has_loss: Any


class OptimizerCapture(ABC):
    """Tells of weights before each update, of the gradients handed to the optimizer, and of what the update changed.

    An optimizer's `apply` is replaced on the instance, and what goes into it is looked at on the way. Nothing is computed
    on a step that is not due.

    Args:
        weights: The rows: Keras' variables.
        optimizers: By name.
        full_every: See `GraphSchedule`.
        slots: Steps that are held between two drains.
        guard: Where failures of ours end.

    Attributes:
        optimizers: As given.
        schedule: Which steps are told; none before it begins.
        spread: Of which step values are held.
        sampled: Every how many-th value of each row updates are told from.
        sees_all: Whether gradients are told as the optimizers are handed them, all of them: not as a sum over replicas, each of
            which clips its own.
    """

    def __init__(self, weights: Sequence[Any], optimizers: Mapping[str, Any], *, full_every: int, slots: int, guard: Guard) -> None:
        self._guard, self.optimizers, self.sees_all = guard, optimizers, True
        self._weights = list(weights)
        self._row = {id(weight): row for row, weight in enumerate(self._weights) if str(weight.dtype) in FLOATS}
        self.sampled = tuple(stride_of(shape_of(weight)) for weight in self._weights)
        self.schedule = GraphSchedule(full_every)
        self.spread = Spread()
        self._ring = Ring(slots, len(self._weights), len(optimizers))
        self._changes: dict[tuple[int, ...], Change] = {}
        self._updates_before = variable(np.zeros(len(optimizers), np.int64))
        self._replacements = Replacements()

    def install(self) -> None:
        """Begins to look: what is traced from now on tells."""
        if odd := [weight for weight in self._weights if id(weight) not in self._row and (weight.trainable or shape_of(weight))]:  # others count something
            names = ", ".join(f"{weight.path} ({weight.dtype})" for weight in odd[:5])
            self._guard.say("odd", f"Layerscope has statistics of real floats of 16 bits or more; these weights are left out: {names}")
        for number, optimizer in enumerate(self.optimizers.values()):
            self._replacements.put(optimizer, "apply", partial(self._apply, number, optimizer, optimizer.apply))

    def remove(self) -> None:
        """Leaves all as it was; again: nothing to do."""
        self._replacements.take_out()

    def drain(self) -> Drained:
        """What was told since the last time; waits for the device."""
        return self._ring.drain()

    @abstractmethod
    def batches(self, drained: Drained) -> Batches:
        """What is told of the batches themselves."""

    @abstractmethod
    def _looks(self) -> bool:
        """Whether a call of `apply` is to be looked at."""

    @abstractmethod
    def _applied(self, call: Call, after: Callable[[], object]) -> None:
        """An update was made; `after` tells of it, in the graph, on a step that is due."""

    def _apply(self, number: int, optimizer: Any, original: Callable[..., Any], grads: Any, trainable_variables: Any = None) -> Any:
        grads = list(grads)
        if trainable_variables is not None:
            trainable_variables = list(trainable_variables)
        variables = getattr(optimizer, "_trainable_variables", []) if trainable_variables is None else trainable_variables
        if not self._replacements or len(grads) != len(variables) or not self._looks():
            return original(grads, trainable_variables)
        true_grads = [None if getattr(v, "overwrite_with_gradient", False) else g for v, g in zip(variables, grads, strict=True)]
        present = [(self._row[id(v)], v, g) for v, g in zip(variables, true_grads, strict=True) if id(v) in self._row]
        self.sees_all = self.sees_all and replicas() == 1 and all(g is None or id(v) in self._row for v, g in zip(variables, true_grads, strict=True))
        call = Call(number, optimizer, [(row, v) for row, v, _ in present], [(row, v) for row, v, g in present if g is not None])
        self._once(partial(self._before, call), [g for _, _, g in present if g is not None])
        result = original(grads, trainable_variables)
        updates = self._guard.attempt(PART, _updates, optimizer)
        self._applied(call, partial(self._after, call, updates))
        return result

    def _once(self, action: Callable[..., None], tensors: Sequence[Any]) -> None:
        """Runs `action` on functions that give the tensors; of several replicas once, on the sum of theirs."""
        attempt = partial(self._guard.attempt, PART, action)
        if replicas() == 1:
            attempt(*[partial(_dense, tensor) for tensor in tensors])
            return

        def merged(strategy: Any, *each: Any) -> None:
            locals_of = [strategy.experimental_local_results(tensor) for tensor in each]
            attempt(*[partial(_summed, parts) for parts in locals_of])

        tf.distribute.get_replica_context().merge_call(merged, args=tuple(0.0 if tensor is None else tensor for tensor in tensors))

    def _before(self, call: Call, *gradients: Callable[[], Any]) -> None:
        """In the graph, where the gradients are there and weights are as they were."""
        where(self.schedule.is_due, self._telling(call, gradients))

    def _telling(self, call: Call, gradients: Sequence[Callable[[], Any]]) -> Callable[[], Any]:
        """What tells of them, in the graph, on a step that is due."""
        change = self._change_of(call)
        # Read here and not in the condition, which waits for the gradients: what counts updates would wait for it, though
        # it waits for no batch otherwise, so that it counts once more where the data ends.
        rate, updates = tf.convert_to_tensor(call.optimizer.learning_rate), _updates(call.optimizer)

        def due() -> Any:
            scale = loss_scale(call.optimizer)
            scale = None if scale is None else tf.cast(tf.convert_to_tensor(scale), tf.float32)
            self._ring.write_numbers(call.column, [again(rate), 1.0 if scale is None else scale])
            self._tell_gathered(call, gradients, scale, updates)
            self._updates_before.scatter_nd_update([[call.number]], [updates])
            if change is not None:
                change.remember()
            self.spread.remember(
                call.number,
                self.schedule.step,
                [(row, shape_of(v), partial(tf.convert_to_tensor, v.value)) for row, v in call.all],
                [(row, shape_of(v), partial(_unscaled, gradient, scale)) for (row, v), gradient in zip(call.with_gradient, gradients, strict=True)],
            )
            self._tell(call.all, call.with_gradient, gradients, scale=scale, is_full=self.schedule.is_full)
            return True

        return due

    def _tell(
        self, weights: Sequence[Row], with_gradient: Sequence[Row] = (), gradients: Sequence[Callable[[], Any]] = (), *, scale: Any = None, is_full: Any = True
    ) -> None:
        """Tells of weights and of gradients, which are divided by `scale` before, together: in half the operations."""
        variables = [v for _, v in (*weights, *with_gradient)]
        if variables:
            tensors = [*(tf.convert_to_tensor(v.value) for _, v in weights), *(gradient() for gradient in gradients)]
            values = tf.transpose(moments(tensors, [prod(shape_of(v)) for v in variables], is_full))
            if scale is not None and gradients:
                of_weights, of_gradients = tf.split(values, [len(weights), len(gradients)])
                values = tf.concat([of_weights, of_gradients / tf.stack([scale**2, 1.0, scale, scale, scale])], 0)
            self._ring.write_moments([row for row, _ in weights], [row for row, _ in with_gradient], values)

    def _tell_gathered(self, call: Call, gradients: Sequence[Callable[[], Any]], scale: Any, updates: Any) -> None:
        """The norm of what several batches have gathered, where they are clipped together with this one."""
        if not (self.sees_all and clips_gathered(call.optimizer)):
            return
        held = gathered_by(call.optimizer, [v for _, v in call.with_gradient])
        if held is None:
            return
        _, batches = updates_counted(call.optimizer)

        def norm() -> Any:
            sums = [_unscaled(gradient, scale) + tf.cast(before, tf.float32) for gradient, before in zip(gradients, held, strict=True)]
            return tf.linalg.global_norm(sums) / batches

        self._ring.write_numbers(call.column + 3, [chosen(tf.equal((updates + 1) % batches, 0), norm, lambda: np.float32(np.nan))])

    def _after(self, call: Call, updates: Any) -> bool:
        """In the graph, on a step that is due, where the update was made; by now the optimizer counts so many."""
        before = self._updates_before[call.number]
        _, gathered = updates_counted(call.optimizer)
        was_skipped, is_whole = tf.equal(updates, before), tf.equal(updates % gathered, 0)
        applied = tf.where(was_skipped, 0.0, tf.where(is_whole, 1.0, np.float32(np.nan)))
        self._ring.write_numbers(call.column + 2, [applied])
        change = self._change_of(call)
        if change is not None:
            told = tf.where(tf.equal(applied, 1.0), change.told(), np.float32(np.nan))
            self._ring.write_updates([row for row, _ in call.with_gradient], told)
        return True

    def _change_of(self, call: Call) -> Change | None:
        rows = tuple(row for row, _ in call.with_gradient)
        if rows and rows not in self._changes:
            with tf.init_scope():
                self._changes[rows] = Change([v for _, v in call.with_gradient])
        return self._changes.get(rows)


Row = tuple[int, Any]
"""A row and its variable."""


@dataclass(frozen=True)
class Call:
    """One call of an optimizer's `apply`, as it is traced."""

    number: int
    optimizer: Any
    all: Sequence[Row]
    with_gradient: Sequence[Row]

    @property
    def column(self) -> int:
        """Of the optimizer's numbers."""
        return len(NUMBERS) + len(OF_OPTIMIZER) * self.number


def replicas() -> int:
    """How many take the step that is being traced, or run."""
    replica = tf.distribute.get_replica_context()
    return 1 if replica is None else int(replica.num_replicas_in_sync)


def _unscaled(gradient: Callable[[], Any], scale: Any) -> Any:
    wide = tf.cast(gradient(), tf.float32)
    return wide if scale is None else wide / scale


def _updates(optimizer: Any) -> Any:
    counted, _ = updates_counted(optimizer)
    return tf.cast(tf.convert_to_tensor(counted.value), tf.int64)  # a cast alone may hand on the variable itself


def _dense(tensor: Any) -> Any:
    return tf.constant(np.float32(np.nan)) if tensor is None else again(tf.convert_to_tensor(tensor))


def _summed(parts: Sequence[Any]) -> Any:
    return tf.add_n([_dense(part) for part in parts])
