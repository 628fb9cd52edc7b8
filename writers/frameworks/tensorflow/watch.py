"""What the user of a `GradientTape` calls: one line before the loop, and the optimizer tells the rest."""

from __future__ import annotations

import operator
import os
import time
import weakref
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from tb_plugin.schema.parameters import Parameters
from tb_plugin.schema.structure import Structure
from writers import distributions_schedule, weight_values_schedule
from writers.disabled import is_disabled
from writers.distributions_schedule import DistributionsSchedule
from writers.frameworks.keras.capture.optimizer_capture import PART
from writers.frameworks.keras.capture.records import Plan, Records
from writers.frameworks.keras.capture.replacements import Replacements
from writers.frameworks.keras.capture.statistics import what_hinders
from writers.frameworks.keras.capture.unseen import Unseen
from writers.frameworks.keras.model.structure import structure_of
from writers.frameworks.keras.optimizers import batches_by, trained_by
from writers.frameworks.keras.steps import steps_so_far
from writers.frameworks.keras.weight_values import WeightValues
from writers.frameworks.tensorflow.capture import TapeCapture
from writers.frameworks.tensorflow.kept_captures import capture_of, keep
from writers.frameworks.tensorflow.pace import Pace
from writers.frameworks.tensorflow.training_facts import facts_of
from writers.open_watches import OpenWatches
from writers.run_writer import RunWriter
from writers.statistics_packer import STEPS_A_RECORD
from writers.statistics_schedule import BUDGET, StatisticsSchedule
from writers.watch_arguments import check_watch_arguments
from writers.watched_run import WatchedRun
from writers.weight_values_wanted import Wanted, checked_weights, is_wanted
from writers.weight_values_writer import WHAT


def watch(
    model: keras.Model,
    optimizer: Any,
    logdir: str | os.PathLike[str] | None = None,
    *,
    to: Any = None,
    steps: int | None = None,
    initial_step: int | None = None,
    budget: float = 1.0,
    hyperparameters: Mapping[str, Any] | None = None,
    weights: bool | Sequence[str] = True,
    connections: bool = True,
) -> Watch:
    """Logs weights, gradients, updates and learning rates of each step that an optimizer makes, and the model's layers.

    ```python
    run = watch(model, optimizer, "logs/run-1")
    for x, y in data:
        loss = train_step(x, y)  # with tf.GradientTape() and optimizer.apply_gradients(…)
        run.loss(loss)
    run.close()
    ```

    Call it before the `tf.function` that trains is called for the first time: what was traced before is not seen. A training
    is not changed by it: weights are the same to the bit, its steps are not traced once more, and what fails in it is said
    once and never raised. Nothing is copied off the device but what was told of many steps, at once, and
    at a few of them the values of weights.

    Args:
        model: What is trained, of Keras 3 on TensorFlow.
        optimizer: Of Keras 3, of the model's parameters; several in a list, or by name.
        logdir: The run's directory, as of `RunWriter`.
        to: Instead of it: an open `RunWriter`, or a writer of `tf.summary`, whose run is added to.
        steps: How many steps the training will have, if known: then what is kept is spread evenly over it.
        initial_step: Steps made before, where a training goes on that the optimizer does not tell of.
        budget: How much to keep; 1 is 4 MB of statistics, 1 MB of distributions and 1 MB of values of weights.
        hyperparameters: What you want to remember, by name.
        weights: Whether to tell the values of the model's parameters at a few steps; or a list of those of which, by path:
            `["conv1/kernel"]`. Of a large parameter a part.
        connections: Whether to run the code of a subclassed model, and of layers of your own, once with stand-ins for
            tensors, to see how the layers in it are connected.

    Raises:
        TypeError, ValueError: An argument is not what it should be, or Keras is not on TensorFlow.
        OSError: The run cannot be written.
    """
    if keras.config.backend() != "tensorflow":
        raise ValueError(
            f"watch() is for Keras on TensorFlow; it is on {keras.config.backend()}. For PyTorch there is layerscope.torch.watch, for `fit` layerscope.keras"
        )
    if not isinstance(model, keras.Model):
        raise TypeError(f"watch() takes a keras.Model; it is {type(model).__name__}")
    optimizers = _optimizers(optimizer)
    check_watch_arguments(budget=budget, initial_step=initial_step)
    values_of = checked_weights(weights)
    if not isinstance(connections, bool):
        raise TypeError(f"connections must be True or False; it is {connections!r:.80}")
    own = {id(variable) for variable in model.weights}
    for name, each in optimizers.items():
        theirs = trained_by(each)
        if model.built and theirs and not any(id(variable) in own for variable in theirs):
            raise ValueError(f"the optimizer {name!r} holds none of the model's parameters: was it built for another model?")
    _open.close_earlier(optimizers.values())
    run = to if isinstance(to, RunWriter) and logdir is None else RunWriter(logdir, to=to, steps=steps)
    return Watch(
        model,
        optimizers,
        run,
        steps=steps or run.steps,
        first_step=_first_step(model, optimizers) if initial_step is None else operator.index(initial_step),
        budget=float(budget),
        hyperparameters=hyperparameters or {},
        weights=values_of,
        connections=connections,
        is_ours=run is not to,
    )


class Watch(WatchedRun):
    """A training that is watched: made by `watch()`, and closed when it is over.

    Attributes:
        writer: The run, for whatever else is to be written to it.
    """

    def __init__(
        self,
        model: keras.Model,
        optimizers: Mapping[str, Any],
        writer: RunWriter,
        *,
        steps: int | None,
        first_step: int,
        budget: float,
        hyperparameters: Mapping[str, Any],
        weights: Wanted,
        connections: bool,
        is_ours: bool,
    ) -> None:
        super().__init__(writer, is_ours=is_ours)
        self._model, self._optimizers = model, optimizers
        self._steps, self._budget, self._hyperparameters = steps, budget, hyperparameters
        self._first_step, self._connections = first_step, connections
        self._capture: TapeCapture | None = None
        self._records: Records | None = None
        self._waiting = Replacements()
        self._pace = Pace(first_step)
        self._calls = 0
        self._weights, self._look_at_values = weights, 1
        self._values: WeightValues | None = None
        if is_disabled():
            return
        self._is_closed = False
        self._unseen = Unseen(optimizers, self._guard)
        self._guard.attempt("the last step on disk", self._warn_of_earlier_steps, first_step)
        if model.built:
            self._begin()
        else:
            for each in optimizers.values():
                self._waiting.put(each, "apply", partial(self._first_apply, each))
        _open.add(self, optimizers.values())

    @property
    def step(self) -> int:
        """Steps finished: the number to write an evaluation at. Waits for the device."""
        return self._first_step if self._capture is None else self._capture.steps

    def loss(self, loss: Any) -> None:
        """The loss of this batch, as it is on its device: `run.loss(loss)`, always before the optimizer is applied or always after it.

        Where a step is made of several batches call it for each, with the loss before it is divided; the step has their
        mean. In a `tf.function` that makes many steps itself, call it there.

        Raises:
            TypeError, ValueError: It is not one number.
        """
        if tf.is_tensor(loss):
            if loss.shape.num_elements() not in (1, None):
                raise ValueError(f"loss must be one number; its shape is {loss.shape}. Reduce it first: tf.reduce_mean(loss)")
        elif isinstance(loss, np.ndarray | np.generic):
            if loss.size != 1:
                raise ValueError(f"loss must be one number; its shape is {list(loss.shape)}. Reduce it first: loss.mean()")
        elif isinstance(loss, bool) or not isinstance(loss, int | float):
            raise TypeError(f"loss must be a tensor of one number, or a number; it is {type(loss).__name__}")
        if self._is_closed:
            return
        if self._capture is not None:
            self._guard.attempt("the loss", self._capture.loss, loss)
        if not tf.inside_function():
            self.stepped()

    def stepped(self) -> None:
        """To be called after each step, where XLA compiles it and `run.loss` is not called: nobody else can tell then that there is something to write."""
        if self._is_closed or self._capture is None or self._records is None:
            return
        self._calls += 1
        self._records.times.tick()
        if not self._capture.is_seen and self._calls & (self._calls - 1) == 0:  # ever more rarely
            self._guard.attempt(PART, self._warn_if_unseen)
        if self._capture.needs_host and self._pace.is_time(self._records):
            self._guard.attempt(PART, self._take)
        if self._values is not None and self._calls >= self._look_at_values:
            self._guard.attempt(WHAT, self._tell_values, self._values)

    def flush(self) -> None:
        """Writes what was told so far."""
        if not self._is_closed and self._records is not None:
            self._guard.attempt(PART, self._write_told)
        self.writer.flush()

    def told(self, step: int) -> tuple[int, float, int] | None:
        """Called by the graph after a told step; see `Host`."""
        return self._guard.attempt(PART, self._take_told, step)

    def _close(self) -> None:
        with tf.init_scope():  # what its program has let go of is collected at any time: amid another one's trace
            self._waiting.take_out()
            if self._capture is not None and self._records is not None:
                self._guard.attempt(PART, self._warn_if_unseen)
                self._guard.attempt(PART, self._capture.end)
                if self._capture.is_traced:
                    keep(self._capture)
                self._guard.attempt(PART, self._count)
                self._guard.attempt(PART, self._take)
                self._guard.attempt(PART, self._records.write)
                self._guard.attempt("the distributions of weights and gradients", self._records.close)
                self._guard.attempt(WHAT, self._close_values)
            else:
                self._guard.attempt(PART, self._warn_if_unseen)
            _open.discard(self, self._optimizers.values())
            self._let_go()

    def _count(self) -> None:
        """Remembers how many steps the model has made."""
        assert self._capture is not None
        _counts[self._model] = self._capture.steps

    def _first_apply(self, optimizer: Any, *args: Any, **kwargs: Any) -> Any:
        """The first batch has built the model."""
        if self._waiting:
            self._waiting.take_out()
            self._begin()
        return optimizer.apply(*args, **kwargs)

    def _begin(self) -> None:
        with tf.init_scope():
            structure = self._guard.attempt("the structure of the model", structure_of, self._model, runs_code=self._connections)
            if structure is None:
                return
            self._guard.attempt("the structure of the model", self.writer.write, "structure", structure, self._first_step)
            if isinstance(structure.parameters, Parameters):
                if is_wanted(self._weights):
                    self._values = self._guard.attempt(WHAT, self._begin_values, structure)
                self._guard.attempt(PART, self._begin_capture, structure.parameters)

    def _begin_capture(self, parameters: Parameters) -> None:
        first = self._first_step
        statistics = StatisticsSchedule(BUDGET * self._budget, len(parameters.parameters), self._steps)
        distributions = DistributionsSchedule(distributions_schedule.BUDGET * self._budget, len(parameters.parameters), self._steps)
        values: dict[str, str] = {} if self._values is None else {"weights": str(self._values.schedule)}
        facts = facts_of(
            self._optimizers,
            first_step=first,
            schedule={"statistics": str(statistics), "distributions": str(distributions), **values},
            budget={
                "statistics": round(BUDGET * self._budget),
                "distributions": round(distributions_schedule.BUDGET * self._budget),
                **dict.fromkeys(values, round(self._weight_bytes)),
            },
            hyperparameters=self._hyperparameters,
        )
        self._guard.attempt("facts about the training", self.writer.write, "training_facts", facts, first)
        reason = what_hinders(self._model)
        if reason is not None:
            self._guard.say(PART, f"Layerscope does not tell of weights and gradients here: {reason}.")
            return
        capture = capture_of(self._model.weights, self._optimizers, self._guard)
        plan = Plan(statistics, distributions, None if self._steps is None else self._steps - 1)
        records = Records(self.writer, parameters, capture, plan, first, groups=range(len(self._optimizers)))
        capture.begin(self, self._guard, _later())
        self._capture, self._records = capture, records

    @property
    def _weight_bytes(self) -> float:
        return weight_values_schedule.BUDGET * self._budget

    def _begin_values(self, structure: Structure) -> WeightValues:
        budget, length = self._weight_bytes, self._steps
        values = WeightValues(self._model, structure, self._weights, self.writer, budget=budget, length=length, unit=_UNIT, guard=self._guard)
        values.tell(self._first_step, self._first_step)
        return values

    def _tell_values(self, values: WeightValues) -> None:
        """After a call of the user's function, at which the next moment may have come: a look waits for the device."""
        assert self._capture is not None
        now = self._capture.steps
        values.tell(now, now)
        each = max(1.0, (now - self._first_step) / self._calls)
        self._look_at_values = self._calls + max(1, int((values.next_due(now + 1) - now) / each))

    def _close_values(self) -> None:
        assert self._capture is not None
        values, self._values = self._values, None
        if values is not None:
            values.close(self._capture.steps, self._capture.steps)

    def _take(self) -> None:
        """From Python: takes what the graph could not call for."""
        assert self._capture is not None
        assert self._records is not None
        now = self._capture.steps
        self._take_told(now - 1)
        self._pace.at(now, self._capture.held, self._records.plan)

    def _write_told(self) -> None:
        assert self._capture is not None
        assert self._records is not None
        self._records.times.note(self._capture.steps - 1)
        self._records.write()

    def _take_told(self, step: int) -> tuple[int, float, int]:
        assert self._capture is not None
        assert self._records is not None
        records = self._records
        records.times.note(step)
        if step >= records.wanted:
            records.write_distributions()
            records.want(step + 1)
        if self._capture.held >= STEPS_A_RECORD or records.is_late():
            records.write()
        if self._capture.lost:
            self._guard.say(
                "lost",
                f"Layerscope has lost {self._capture.lost} steps that were to be told: where XLA compiles a step, it learns of them from run.loss(loss) or "
                f"run.stepped() alone. Call one of them after each call of your function, which may make {STEPS_A_RECORD} steps at most",
            )
        return records.wanted, _later(), self._capture.held

    def _warn_if_unseen(self) -> None:
        if self._capture is not None:
            self._capture.is_seen = self._capture.is_seen or self._capture.steps != self._first_step
            if self._capture.is_seen:
                return
        is_told = self._unseen.warn_of_traced("watch() was called", "Call watch() before the first call of the function that trains")
        if not is_told and self._calls >= _MANY:
            self._unseen.warn_of_unapplied("Hand watch() the optimizer that is applied: watch(model, optimizer, …)")


_MANY = 100  # losses without a step: more than gradients are gathered over
_SECONDS = 10.0
_UNIT = 100  # steps between the first values of weights and the next, where nobody knows how many there will be

_counts: weakref.WeakKeyDictionary[keras.Model, int] = weakref.WeakKeyDictionary()
_open = OpenWatches()


def _later() -> float:
    """The next time at which to see whether what is held is late."""
    return time.time() + _SECONDS


def _optimizers(given: Any) -> dict[str, Any]:
    if isinstance(given, Mapping):
        found = {str(name): each for name, each in given.items()}
    elif isinstance(given, list | tuple) and len(given) != 1:
        found = {str(i): each for i, each in enumerate(given)}
    else:
        (one,) = given if isinstance(given, list | tuple) else (given,)
        found = {str(getattr(one, "name", "")): one}
    for each in found.values():
        if not isinstance(each, keras.optimizers.Optimizer):
            raise TypeError(f'watch() takes a keras.optimizers.Optimizer, or several: watch(model, [one, other], "logs/run-1"); it is {type(each).__name__}')
    if not found:
        raise ValueError("watch() takes an optimizer of the model's parameters; the list is empty")
    if len({id(each) for each in found.values()}) < len(found):
        raise ValueError(f"watch() takes each optimizer once; {', '.join(found)} are not all different ones")
    return found


def _first_step(model: keras.Model, optimizers: Mapping[str, Any]) -> int:
    """Steps made before: of this model in this process, else as a restored optimizer counts them."""
    if model in _counts:
        return max(_counts[model], steps_so_far(model))
    return max(steps_so_far(model), *(batches_by(each) for each in optimizers.values()))
