"""Looks at the optimizers of a loop of the user's own, and tells of its steps from inside whatever graph they are applied in."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Protocol

import numpy as np
import tensorflow as tf
from tensorflow.python.ops.control_flow_util import GraphOrParentsInXlaContext

from writers.frameworks.keras.capture.conditions import where
from writers.frameworks.keras.capture.optimizer_capture import Batches, Call, OptimizerCapture, Row
from writers.frameworks.keras.capture.ring import Drained, variable
from writers.frameworks.keras.optimizers import trained_by
from writers.guard import Guard
from writers.statistics_packer import STEPS_A_RECORD
from writers.statistics_schedule import FULL_EVERY

_SLOTS = 2 * STEPS_A_RECORD  # where XLA compiles a step, Python learns only later that there is enough for a record
_NEVER = 2**62


class Host(Protocol):
    """Takes what was told, in Python."""

    def told(self, step: int) -> tuple[int, float, int] | None:
        """After a told step, where something may be to be taken.

        Returns:
            The step whose distributions are told next, the time at which what is held is to be written, whatever it is,
            and how many steps are held now; None where that failed.
        """


class TapeCapture(OptimizerCapture):
    """Tells of the steps of a loop with a tape.

    A step is one round of the optimizers: it ends when all were applied, when one that was applied in it is applied again,
    or with `end`. That is found in the graph. A step that is told is finished when the next one begins, since its loss
    may be given until then; and when there is something to take, the graph calls Python. XLA has no way to.

    Args:
        weights: The rows: Keras' variables.
        optimizers: By name.
        guard: Where failures of ours end.

    Attributes:
        host: Takes what is told, while there is one.
        is_seen: Whether an optimizer was applied where it is seen, since it began; not set by what was traced before.
        is_traced: Whether that was in a graph, which holds what was traced for as long as it lives.
        needs_host: Whether steps are compiled by XLA, so that nobody is called when there is something to take.
    """

    host: Host | None = None

    def __init__(self, weights: Sequence[Any], optimizers: Mapping[str, Any], guard: Guard) -> None:
        super().__init__(weights, optimizers, full_every=FULL_EVERY, slots=_SLOTS, guard=guard)
        self.is_seen = self.is_traced = self.needs_host = False
        self._round = variable(np.zeros(len(optimizers), np.bool_))  # who was applied in the present step
        self._told = variable(np.int64(-1))  # the told step that is not finished; -1: none
        self._late_at = variable(np.float64(np.inf))
        # Of losses the sum and how many: those given since the told step began, and those given for it before it did.
        self._losses, self._losses_ahead = variable(np.zeros(2, np.float32)), variable(np.zeros(2, np.float32))
        self._is_ahead = variable(np.int64(-1))  # -1 until the first is given
        self._losses_of = variable(np.int64(-1))  # where they are ahead: of which step
        self._is_behind = False  # as Python knows it
        self._one = tf.constant(1.0)

    def is_of(self, weights: Sequence[Any], optimizers: Mapping[str, Any]) -> bool:
        """Whether it was made for these: then functions that were traced while it looked tell of a further training, too."""
        mine, theirs = ([*self._weights, *self.optimizers.values()], [*weights, *optimizers.values()])
        return list(self.optimizers) == list(optimizers) and [id(each) for each in mine] == [id(each) for each in theirs]

    def begin(self, host: Host, guard: Guard, late_at: float) -> None:
        """From Python, once the schedule has begun."""
        self.host, self._guard, self.is_seen, self._is_behind = host, guard, False, False
        self._first = self.schedule.now
        self._ring.drain()
        self._ring.lost = 0
        self.spread.forget()
        self._round.assign(tf.zeros_like(self._round))
        self._told.assign(-1)
        self._is_ahead.assign(-1)
        self._losses_of.assign(-1)
        self._losses.assign(tf.zeros_like(self._losses))
        self._losses_ahead.assign(tf.zeros_like(self._losses_ahead))
        self._late_at.assign(late_at)
        self.install()

    def end(self) -> None:
        """From Python: the step under way is over, and nothing is told any more; what is traced stays where it is, and idle."""
        self.remove()
        try:
            self.schedule.count_batch(tf.reduce_any(self._round))
            if 0 <= int(self._told.numpy()) < self.schedule.now:  # else it failed amid its update
                self._finish()
        finally:
            self.schedule.recount(self.schedule.now, _NEVER, is_full=False)
            self._round.assign(tf.zeros_like(self._round))
            self._told.assign(-1)
            self.host = None

    @property
    def steps(self) -> int:
        """Steps finished, or under way; waits for the device."""
        with tf.init_scope():
            return self.schedule.now + bool(tf.reduce_any(self._round).numpy())

    @property
    def held(self) -> int:
        """Told steps that were not drained; waits for the device."""
        with tf.init_scope():
            return int(self._ring.held.numpy())

    @property
    def lost(self) -> int:
        """Told steps that nobody drained in time."""
        return self._ring.lost

    def loss(self, loss: Any) -> None:
        """The loss of a batch, from Python or in a graph: of the step to come or of the one just made, as the first one given tells."""
        if not tf.is_tensor(loss) or loss.dtype != tf.float32 or loss.shape.rank != 0:
            loss = tf.reduce_mean(tf.cast(loss, tf.float32))
        given = tf.raw_ops.Pack(values=[loss, self._one])
        if self._is_behind and tf.executing_eagerly():  # at each step: without what Python puts around operations
            tf.raw_ops.AssignAddVariableOp(resource=self._losses.handle, value=given)
            return
        step = self.schedule.step
        is_first = tf.equal(step, self._first) & ~tf.reduce_any(self._round)
        is_ahead = tf.where(self._is_ahead < 0, tf.cast(is_first, tf.int64), self._is_ahead)
        self._is_ahead.assign(is_ahead)
        is_fresh = (is_ahead > 0) & tf.not_equal(self._losses_of, step)
        self._losses.assign(given + tf.where(is_fresh, 0.0, self._losses))
        self._losses_of.assign(step)
        if tf.executing_eagerly():
            self._is_behind = int(is_ahead) == 0

    def batches(self, drained: Drained) -> Batches:
        """Their losses, where any was given. How many examples they had the user's loop alone knows: there, losses are counted."""
        count = drained.numbers[:, 1]
        nothing = np.full(len(count), np.nan)
        return Batches(drained.numbers[:, 0].astype(np.float64), nothing, count > 0)

    def _looks(self) -> bool:
        self.is_seen = True
        self.is_traced = self.is_traced or not tf.executing_eagerly()
        return True

    def _before(self, call: Call, *gradients: Callable[[], Any]) -> None:
        tell, rest = self._telling(call, gradients), self._rest(call)

        def begin(step: Any) -> bool:
            is_new = tf.not_equal(self._told, step)
            self._losses_ahead.assign(tf.where((self._is_ahead > 0) & tf.equal(self._losses_of, step), self._losses, tf.zeros([2])))
            self._losses.assign(tf.where(is_new & (self._is_ahead <= 0), tf.zeros([2]), self._losses))
            self._told.assign(step)
            if rest:
                tf.cond(is_new & self.schedule.is_full, partial(self._tell_rest, rest), lambda: False)
            tell()
            return True

        def due() -> bool:
            step = self.schedule.step
            tf.cond((self._told >= 0) & tf.not_equal(self._told, step), self._finish, lambda: False)
            tf.cond(self.schedule.is_due, partial(begin, step), lambda: False)
            return True

        # Where data ends, a batch begins that never is: nothing may be counted before its gradients are there.
        with tf.control_dependencies(_parts(gradients[:1])):
            self._join_round(call.number)
            where((self._told >= 0) | self.schedule.is_due, due)

    def _applied(self, call: Call, after: Callable[[], object]) -> None:
        self._once(partial(self._leave, after), [])

    def _leave(self, after: Callable[[], object]) -> None:
        """In the graph, after an update."""
        try:
            where(self.schedule.is_due, after)
        finally:
            if len(self.optimizers) == 1:
                self.schedule.count_batch()
            else:
                applied = self._round.read_value()
                is_over = tf.reduce_all(applied)
                self._round.assign(applied & ~is_over)
                self.schedule.count_batch(is_over)

    def _join_round(self, number: int) -> None:
        """In the graph, before an update: the step under way is over, if it had one of this optimizer."""
        if len(self.optimizers) > 1:
            applied, mine = self._round.read_value(), np.arange(len(self.optimizers)) == number
            is_again = applied[number]
            self._round.assign(tf.where(is_again, mine, applied | mine))
            self.schedule.count_batch(is_again)

    def _finish(self) -> bool:
        """In the graph: the told step under way is over."""
        step = self._told.read_value()
        is_whole = (self._is_ahead <= 0) | tf.equal(self._losses_of, step)
        losses = tf.where(is_whole, self._losses, self._losses_ahead)
        self._ring.write_numbers(0, [losses[0] / losses[1], losses[1]])
        self._ring.finish(step, self.schedule.is_full)
        self._told.assign(-1)
        self.schedule.move_on(step)
        self._tell_host(step)
        return True

    def _tell_host(self, step: Any) -> None:
        """In the graph, after a told step: calls Python where there is something to take."""
        if tf.executing_eagerly():
            self._call_host(step)
        elif GraphOrParentsInXlaContext(tf.compat.v1.get_default_graph()):
            self.needs_host = True
        else:
            is_ready = (self._ring.held >= STEPS_A_RECORD) | (step >= self.spread.wanted) | (tf.timestamp() >= self._late_at)
            tf.cond(is_ready, partial(self._call_host, step), lambda: False)

    def _call_host(self, step: Any) -> bool:
        this = weakref.ref(self)  # TensorFlow holds what a graph calls for ever

        def call(step: Any) -> tuple[int, float, int]:
            capture = this()
            told = None if capture is None or capture.host is None else capture.host.told(int(step))
            return (_NEVER, np.inf, 0) if told is None else told

        # What is told is to be there, and what is told next is to wait.
        with tf.control_dependencies([each.read_value() for each in (*self._ring.variables, *self.spread.variables)]):
            wanted, late_at, held = tf.py_function(call, [step], [tf.int64, tf.float64, tf.int64])
        self.spread.want(tf.reshape(wanted, []))
        self._late_at.assign(tf.reshape(late_at, []))
        self._ring.resume(tf.reshape(held, []))
        return True

    def _rest(self, call: Call) -> Sequence[Row]:
        """Rows of what no optimizer has; of one that was not applied yet nobody knows what it has."""
        taken = {id(weight) for _, weight in call.all}
        for number, optimizer in enumerate(self.optimizers.values()):
            if number != call.number:
                theirs = trained_by(optimizer)
                taken |= {id(weight) for weight in (self._weights if theirs is None else theirs) if theirs is not None or weight.trainable}
        return [(row, weight) for row, weight in enumerate(self._weights) if id(weight) in self._row and id(weight) not in taken]

    def _tell_rest(self, rest: Sequence[Row]) -> bool:
        self._tell(rest)
        return True


def _parts(gradients: Sequence[Any]) -> list[Any]:
    """The tensors that gradients are made of: a sparse one is not spread out for it."""
    flat = tf.nest.flatten([each.args for each in gradients], expand_composites=True)
    return [part for part in flat if tf.is_tensor(part)]
