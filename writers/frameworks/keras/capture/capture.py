"""Puts itself into a model's train function, tells of its steps, and takes itself out again."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from math import prod
from types import FunctionType
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import tensorflow as tf

from writers.frameworks.keras.capture.moments import MOMENTS, moments, sums_of_squares
from writers.frameworks.keras.capture.optimizers import loss_scale, optimizers_of, updates_counted
from writers.frameworks.keras.capture.ring import NUMBERS, OF_OPTIMIZER, Drained, Ring, variable
from writers.frameworks.keras.capture.samples import Change, shape_of
from writers.frameworks.keras.capture.schedule import GraphSchedule
from writers.frameworks.keras.capture.spread import Spread
from writers.guard import Guard
from writers.strides import stride_of

_FLOATS = ("float16", "bfloat16", "float32", "float64")


class Capture:
    """Tells of the steps of one `fit`: weights before each, the gradients handed to the optimizer, what the update changed.

    A train step of the model's is left as it is: what goes into `compute_loss` and out of it, and into the optimizers'
    `apply`, is looked at on the way. Nothing is computed on a step that is not due. Rows are those of `model.weights`.

    Args:
        model: Built and compiled, in `fit`.
        full_every: See `GraphSchedule`.
        slots: Steps that are held between two drains.
        guard: Where failures of ours end.

    Attributes:
        optimizers: The model's, by name.
        schedule: Which steps are told; none before it begins.
        spread: Of which step values are held.
        sampled: Every how many-th value of each row updates are told from.
        sees_loss: Whether the train step computes a loss where it is seen.
    """

    def __init__(self, model: Any, *, full_every: int, slots: int, guard: Guard) -> None:
        self._model, self._guard = model, guard
        self.optimizers: Mapping[str, Any] = optimizers_of(model)
        weights = list(model.weights)
        self._row = {id(weight): row for row, weight in enumerate(weights) if str(weight.dtype) in _FLOATS}
        trainable = {id(weight) for weight in model.trainable_weights}
        self._untrained = [(row, weight) for row, weight in enumerate(weights) if id(weight) in self._row and id(weight) not in trainable]
        self.sampled = tuple(stride_of(shape_of(weight)) for weight in weights)
        self.schedule = GraphSchedule(full_every)
        self.spread = Spread()
        self._ring = Ring(slots, len(weights), len(self.optimizers))
        self._changes: dict[tuple[int, ...], Change] = {}
        self._updates_before = variable(np.zeros(len(self.optimizers), np.int64))
        self._step, self._pending = _TracedStep(), _Pending()
        self._undo: list[Callable[[], None]] = []
        self.sees_loss = False

    def install(self) -> None:
        """Begins to look: a train function that is made from now on tells."""
        model = self._model
        self._replace(model, "train_step", partial(self._train_step, model.train_step))
        self._replace(model, "compute_loss", partial(self._compute_loss, model.compute_loss))
        for number, optimizer in enumerate(self.optimizers.values()):
            self._replace(optimizer, "apply", partial(self._apply, number, optimizer, optimizer.apply))

    def remove(self) -> None:
        """Leaves the model and its optimizers as they were; again: nothing to do."""
        undo, self._undo = self._undo, []
        for each in reversed(undo):
            each()

    def drain(self) -> Drained:
        """What was told since the last time; waits for the device."""
        return self._ring.drain()

    def _replace(self, owner: Any, name: str, ours: Callable[..., Any]) -> None:
        own = vars(owner)
        was_there, before = name in own, own.get(name)

        def replacement(*args: Any, **kwargs: Any) -> Any:
            return ours(*args, **kwargs)

        replacement = tf.autograph.experimental.do_not_convert(replacement)

        def undo() -> None:
            if own.get(name) is not replacement:
                _left[replacement] = was_there, before  # somebody put theirs over it: it stays, and only passes on
                return
            is_own, below = was_there, before
            while isinstance(below, FunctionType) and below in _left:  # of another capture, which ended before this one
                is_own, below = _left.pop(below)
            if is_own:
                own[name] = below
            else:
                del own[name]

        own[name] = replacement
        self._undo.append(undo)

    def _train_step(self, original: Callable[[Any], Any], data: Any) -> Any:
        if not self._undo:
            return original(data)
        self._step.begin()
        if self._untrained:
            self._once(self._begin, [])
        try:
            result = original(data)
        finally:
            loss = self._step.end()
        self.sees_loss = self.sees_loss or loss is not None
        self._once(self._finish, [loss, _examples(data)])
        return result

    def _compute_loss(self, original: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        loss = original(*args, **kwargs)
        self._step.saw_loss(loss)
        return loss

    def _apply(self, number: int, optimizer: Any, original: Callable[..., Any], grads: Any, trainable_variables: Any = None) -> Any:
        grads = list(grads)
        if trainable_variables is not None:
            trainable_variables = list(trainable_variables)
        variables = getattr(optimizer, "_trainable_variables", []) if trainable_variables is None else trainable_variables
        if not self._undo or not self._step.is_open or len(grads) != len(variables):
            return original(grads, trainable_variables)
        present = [(self._row[id(v)], v, g) for v, g in zip(variables, grads, strict=True) if id(v) in self._row]
        call = _Call(number, optimizer, [(row, v) for row, v, _ in present], [(row, v) for row, v, g in present if g is not None])
        self._once(partial(self._before, call), [g for _, _, g in present if g is not None])
        result = original(grads, trainable_variables)
        updates = self._guard.attempt("gradients and weights", _updates, optimizer)
        if self._step.is_here():
            self._pending.later(number, partial(self._after, call, updates))
        else:  # inside a condition of the user's: what belongs to it stays there
            self._once(lambda: _where(self.schedule.is_due, lambda: self._after(call, updates)), [])
        return result

    def _once(self, action: Callable[..., None], tensors: Sequence[Any]) -> None:
        """Runs `action` on functions that give the tensors; of several replicas once, on the sum of theirs."""
        replica = tf.distribute.get_replica_context()
        attempt = partial(self._guard.attempt, "gradients and weights", action)
        if replica is None or replica.num_replicas_in_sync == 1:
            attempt(*[partial(_dense, tensor) for tensor in tensors])
            return

        def merged(strategy: Any, *each: Any) -> None:
            locals_of = [strategy.experimental_local_results(tensor) for tensor in each]
            attempt(*[partial(_summed, parts) for parts in locals_of])

        replica.merge_call(merged, args=tuple(0.0 if tensor is None else tensor for tensor in tensors))

    def _begin(self) -> None:
        """In the graph, before the batch: what is not trained may change with it, as moving averages do."""

        def due() -> bool:
            self._write("weights", self._untrained, [partial(tf.convert_to_tensor, v.value) for _, v in self._untrained], _all)
            return True

        _where(self.schedule.is_due & self.schedule.is_full, due)

    def _before(self, call: _Call, *gradients: Callable[[], Any]) -> None:
        """In the graph, where the gradients are there and weights are as they were."""
        change = self._change_of(call)
        # Read here and not in the condition, which waits for the gradients: what counts updates would wait for it, though
        # it waits for no batch otherwise, so that it counts once more where the data ends.
        rate, updates = tf.convert_to_tensor(call.optimizer.learning_rate), _updates(call.optimizer)

        def due() -> Any:
            scale = loss_scale(call.optimizer)
            scale = tf.constant(1.0) if scale is None else tf.cast(tf.convert_to_tensor(scale), tf.float32)
            self._ring.write_numbers(call.column, [rate, scale])
            self._updates_before.scatter_nd_update([[call.number]], [updates])
            if change is not None:
                change.remember()
            self.spread.remember(
                call.number,
                self.schedule.step,
                [(row, shape_of(v), partial(tf.convert_to_tensor, v.value)) for row, v in call.all],
                [(row, shape_of(v), partial(_unscaled, gradient, scale)) for (row, v), gradient in zip(call.with_gradient, gradients, strict=True)],
            )
            return tf.cond(self.schedule.is_full, lambda: told(scale, _all), lambda: told(scale, _norms))

        def told(scale: Any, tell: Callable[..., Any]) -> bool:
            self._write("weights", call.all, [partial(tf.convert_to_tensor, v.value) for _, v in call.all], tell)
            self._write("gradients", call.with_gradient, gradients, partial(tell, scale=scale))
            return True

        _where(self.schedule.is_due, due)

    def _write(self, name: str, rows: Sequence[_Row], tensors: Sequence[Callable[[], Any]], tell: Callable[..., Any]) -> None:
        if rows:
            sizes = [prod(shape_of(v)) for _, v in rows]
            self._ring.write_rows(name, [row for row, _ in rows], tell([tensor() for tensor in tensors], sizes))

    def _after(self, call: _Call, updates: Any) -> bool:
        """In the graph, on a step that is due, where the update was made; by now the optimizer counts so many."""
        before = self._updates_before[call.number]
        _, gathered = updates_counted(call.optimizer)
        was_skipped, is_whole = tf.equal(updates, before), tf.equal(updates % gathered, 0)
        applied = tf.where(was_skipped, 0.0, tf.where(is_whole, 1.0, np.float32(np.nan)))
        self._ring.write_numbers(call.column + 2, [applied])
        change = self._change_of(call)
        if change is not None:
            told = tf.where(tf.equal(applied, 1.0), change.told(), np.float32(np.nan))
            self._ring.write_rows("updates", [row for row, _ in call.with_gradient], told)
        return True

    def _finish(self, loss: Callable[[], Any], examples: Callable[[], Any]) -> None:
        """In the graph, where the step ends."""
        pending = self._pending.take()
        count = examples()

        def due() -> bool:
            for after in pending:
                after()
            self._ring.write_numbers(0, [loss(), count])
            self._ring.finish(self.schedule.step, self.schedule.is_full)
            self.schedule.move_on()
            return True

        # Where data ends there is no batch, though Keras begins one: nothing may be counted before there is.
        with tf.control_dependencies([count]):
            try:
                _where(self.schedule.is_due, due)
            finally:
                self.schedule.count_batch()

    def _change_of(self, call: _Call) -> Change | None:
        rows = tuple(row for row, _ in call.with_gradient)
        if rows and rows not in self._changes:
            with tf.init_scope():
                self._changes[rows] = Change([v for _, v in call.with_gradient])
        return self._changes.get(rows)


_left: WeakKeyDictionary[Callable[..., Any], tuple[bool, Any]] = WeakKeyDictionary()
"""Replacements that could not be taken out, with what they replaced: whether the object had it as its own, and what."""

_Row = tuple[int, Any]
"""A row and its variable."""


@dataclass(frozen=True)
class _Call:
    """One call of an optimizer's `apply`, as it is traced."""

    number: int
    optimizer: Any
    all: Sequence[_Row]
    with_gradient: Sequence[_Row]

    @property
    def column(self) -> int:
        """Of the optimizer's numbers."""
        return len(NUMBERS) + len(OF_OPTIMIZER) * self.number


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


def _unscaled(gradient: Callable[[], Any], scale: Any) -> Any:
    return tf.cast(gradient(), tf.float32) / scale


def _where(predicate: Any, action: Callable[[], Any]) -> None:
    """Runs what a step that is told takes, in the graph.

    As one call of a function: a condition alone is taken apart before it runs, and then a step that is not told walks
    through all of its operations, to do none of them.
    """
    if not tf.executing_eagerly():
        action = tf.function(action, autograph=False, experimental_attributes={"_noinline": True})
    tf.cond(predicate, action, lambda: False)


def _graph() -> Any:
    return "eager" if tf.executing_eagerly() else tf.compat.v1.get_default_graph()


def _updates(optimizer: Any) -> Any:
    counted, _ = updates_counted(optimizer)
    return tf.cast(tf.convert_to_tensor(counted.value), tf.int64)  # a cast alone may hand on the variable itself


def _examples(data: Any) -> Any:
    """How many examples a batch has, as a number that is there when the batch is; NaN where its first array does not say."""
    arrays = [array for array in tf.nest.flatten(data) if isinstance(array, tf.Tensor)]
    with tf.control_dependencies(arrays[:1]):
        if not arrays or arrays[0].shape.rank == 0:
            return tf.identity(np.float32(np.nan))
        return tf.identity(tf.cast(tf.shape(arrays[0])[0], tf.float32))


def _dense(tensor: Any) -> Any:
    return tf.constant(np.float32(np.nan)) if tensor is None else tf.convert_to_tensor(tensor)


def _summed(parts: Sequence[Any]) -> Any:
    return tf.add_n([_dense(part) for part in parts])


def _norms(tensors: Sequence[Any], sizes: Sequence[int], scale: Any = 1.0) -> Any:
    """Sums of squares alone, float32 [tensor, moment]; infinite where a value is not finite."""
    squares = sums_of_squares(tensors, sizes) / scale**2
    nothing = tf.fill(tf.shape(squares), np.float32(np.nan))
    told = tf.where(tf.math.is_finite(squares), squares, np.float32(np.inf))
    return tf.stack([told, *[nothing] * (len(MOMENTS) - 1)], 1)


def _all(tensors: Sequence[Any], sizes: Sequence[int], scale: Any = 1.0) -> Any:
    """All moments, float32 [tensor, moment]."""
    by = tf.stack([scale**2, 1.0, scale, scale, scale])
    return tf.transpose(moments(tensors, sizes)) / by
