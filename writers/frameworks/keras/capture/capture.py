"""Puts itself into a model's train function, tells of its steps, and takes itself out again."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import tensorflow as tf

from writers.frameworks.keras.capture.conditions import where
from writers.frameworks.keras.capture.optimizer_capture import Batches, Call, OptimizerCapture, Row, replicas
from writers.frameworks.keras.capture.ring import NUMBERS, Drained
from writers.frameworks.keras.capture.seeded_draws import seeded_draw
from writers.frameworks.keras.capture.traced_anew import TracedAnew
from writers.frameworks.keras.optimizers import optimizers_of
from writers.frameworks.keras.temporary_attributes import temporary_attributes
from writers.frameworks.keras.train_function import CannotLook
from writers.guard import Guard


class Capture(OptimizerCapture):
    """Tells of the steps of one `fit`: weights before each, the gradients handed to the optimizer, what the update changed.

    A train step of the model's is left as it is: what goes into `compute_loss` and out of it, and into the optimizers'
    `apply`, is looked at on the way. Nothing is computed on a step that is not due. Rows are those of `model.weights`.

    Args:
        model: Built and compiled, in `fit`.
        full_every: See `GraphSchedule`.
        slots: Steps that are held between two drains.
        guard: Where failures of ours end.
        finds_next: Whether the graph finds the step to tell next; else it is told it before each.

    Attributes:
        is_on: Whether a train step that is run by Python now, to be traced or eagerly, tells.
        is_seen: Whether an optimizer was applied where it is seen.
        sees_loss: Whether the train step computes a loss where it is seen.
    """

    def __init__(self, model: Any, *, full_every: int, slots: int, guard: Guard, finds_next: bool = True) -> None:
        super().__init__(model.weights, optimizers_of(model), full_every=full_every, slots=slots, guard=guard)
        self._model, self._finds_next = model, finds_next
        self._step, self._pending = _TracedStep(), _Pending()
        self.is_on, self.is_seen, self.sees_loss = True, False, False
        self._anew = TracedAnew(model)

    def install(self) -> None:
        """Begins to look: a train function that is made from now on tells."""
        model = self._model
        self._replacements.put(model, "train_step", partial(self._train_step, model.train_step))
        self._replacements.put(model, "compute_loss", partial(self._compute_loss, model.compute_loss))
        super().install()

    def batches(self, drained: Drained) -> Batches:
        """Each batch's loss, and how many examples it had."""
        loss, examples = (drained.numbers[:, NUMBERS.index(name)].astype(np.float64) for name in ("loss", "examples"))
        return Batches(loss, examples, self.sees_loss)

    def _train_step(self, original: Callable[[Any], Any], data: Any) -> Any:
        if not self._replacements or not self.is_on:
            return original(data)
        self._step.begin()
        untrained = self._untrained()
        if untrained:
            self._once(partial(self._begin, untrained), [])
        try:
            if replicas() > 1:  # each is traced by a thread of its own, and the model is one
                result = original(data)
            else:
                with temporary_attributes(self._model, **self._anew.methods):
                    result = self._anew.of(original)(data)
        finally:
            loss = self._step.end()
        drawn = None if tf.executing_eagerly() else seeded_draw(tf.compat.v1.get_default_graph())
        if drawn is not None:
            raise CannotLook(
                f"its train step draws from a seed that TensorFlow counts itself ({drawn}), and what a second train function draws would be other numbers. "
                "Draw by keras.random with a keras.random.SeedGenerator, or pass gradients=False to Layerscope"
            )
        self.sees_loss = self.sees_loss or loss is not None
        self._once(self._finish, [loss, _examples(data)])
        return result

    def _compute_loss(self, original: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        loss = original(*args, **kwargs)
        self._step.saw_loss(loss)
        return loss

    def remove(self) -> None:
        """Leaves all as it was; what was traced of ours in functions that the model does not hold stays there, and idle."""
        super().remove()
        self.schedule.rest()

    def _looks(self) -> bool:
        self.is_seen = self.is_seen or self._step.is_open
        return self._step.is_open

    def _applied(self, call: Call, after: Callable[[], object]) -> None:
        if self._step.is_here():
            self._pending.later(call.number, after)
        else:  # inside a condition of the user's: what belongs to it stays there
            self._once(lambda: where(self.schedule.is_due, after), [])

    def _untrained(self) -> list[Row]:
        trainable = {id(weight) for weight in self._model.trainable_weights}
        return [(row, weight) for row, weight in enumerate(self._weights) if id(weight) in self._row and id(weight) not in trainable]

    def _begin(self, untrained: list[Row]) -> None:
        """In the graph, before the batch: what is not trained may change with it, as moving averages do."""

        def due() -> bool:
            self._tell(untrained)
            return True

        where(self.schedule.is_due & self.schedule.is_full, due)

    def _finish(self, loss: Callable[[], Any], examples: Callable[[], Any]) -> None:
        """In the graph, where the step ends."""
        pending = self._pending.take()
        count = examples()

        def due() -> bool:
            for after in pending:
                after()
            self._ring.write_numbers(0, [loss(), count])
            self._ring.finish(self.schedule.step, self.schedule.is_full)
            if self._finds_next:
                self.schedule.move_on()
            return True

        # Where data ends there is no batch, though Keras begins one: nothing may be counted before there is.
        with tf.control_dependencies([count]):
            try:
                where(self.schedule.is_due, due)
            finally:
                self.schedule.count_batch()


class _TracedStep(threading.local):
    """The train step that is being traced (or run, eagerly): each replica traces its own, in a thread of its own."""

    def __init__(self) -> None:
        self._graph: Any = None
        self._loss: Any = None

    def begin(self) -> None:
        """It begins in the present graph."""
        self._graph, self._loss = _graph(), None

    def end(self) -> Any:
        """It ends; its loss, if one was seen."""
        loss, self._graph, self._loss = self._loss, None, None
        return loss

    @property
    def is_open(self) -> bool:
        """Whether there is one."""
        return self._graph is not None

    def is_here(self) -> bool:
        """Whether the present graph is the one that it began in."""
        return self._graph is _graph()

    def saw_loss(self, loss: Any) -> None:
        """What `compute_loss` gave."""
        if self.is_here():
            self._loss = loss


class _Pending:
    """What is left for the end of a step, once for all replicas."""

    def __init__(self) -> None:
        self._after: dict[int, Callable[[], object]] = {}

    def later(self, number: int, after: Callable[[], object]) -> None:
        """To be done at the end; an optimizer that is applied twice is told of once, at its last."""
        self._after[number] = after

    def take(self) -> list[Callable[[], object]]:
        """What is to be done now; the step is over."""
        after, self._after = list(self._after.values()), {}
        return after


def _graph() -> Any:
    return "eager" if tf.executing_eagerly() else tf.compat.v1.get_default_graph()


def _examples(data: Any) -> Any:
    """How many examples a batch has, as a number that is there when the batch is; NaN where its first array does not say."""
    arrays = [array for array in tf.nest.flatten(data) if isinstance(array, tf.Tensor)]
    with tf.control_dependencies(arrays[:1]):
        if not arrays or arrays[0].shape.rank == 0:
            return tf.identity(np.float32(np.nan))
        return tf.identity(tf.cast(tf.shape(arrays[0])[0], tf.float32))
