"""Truth and scores of each batch, out of the evaluation that Keras makes anyway (TensorFlow backend).

While an evaluation runs that is watched, `model.test_function` is an `WatchedTestFunction`. Its traced step runs the
model's own step whole, and returns what that step handed to `compute_metrics` beside what the step returned. Nothing
of it is left on the model afterwards, and neither metrics nor logs see it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

import keras
import numpy as np
import tensorflow as tf

from writers.frameworks.keras.evaluations.replicas import Whole
from writers.frameworks.keras.outputs.scored_outputs import Part, scored_outputs
from writers.frameworks.keras.steps import executions_of
from writers.frameworks.keras.temporary_attributes import temporary_attributes

_log = logging.getLogger("layerscope")

Batch = Mapping[str, Mapping[Part, np.ndarray[Any, Any]]]
"""Of one batch, for each output of the model by name: "truth", "score", and "weight" and "mask" where samples have one."""


class Taker(Protocol):
    """Who watches an evaluation."""

    def wants(self, iterator: Any) -> bool:
        """Whether the batches that are about to be evaluated may be of its own evaluation. Asked once for each call."""

    def take(self, iterator: Any, batch: Batch) -> None:
        """Gets a batch of a call that it wants; raises nothing."""

    def lose(self, error: Exception) -> None:
        """Instead of `take`, where a batch could not be read; raises nothing."""


class WatchedTestFunction:
    """A test function that does what the model's own does, and hands each batch to those who watch.

    Args:
        model: A compiled model whose `test_function` is made.
    """

    def __init__(self, model: Any) -> None:
        self.takers: list[Taker] = []
        self.replaced = model.test_function
        self._model, self._executions = model, executions_of(model)
        self._whole = Whole()
        # Keras 3.3 asks for the step when it is traced, at its first call; later ones when the function is made.
        self._attributes = {"steps_per_execution": 1, "test_step": _capturing(model, model.test_step, self._whole)}
        with temporary_attributes(model, **self._attributes, test_function=None):
            model.make_test_function(force=True)
            self._one_step = model.test_function

    def __call__(self, iterator: Any) -> Any:
        """Keras' `test_function`: as many steps as one execution has; what the last one returned."""
        if not isinstance(iterator, tf.data.Iterator | tf.distribute.DistributedIterator):
            return self.replaced(iterator)  # test_on_batch of somebody else, amid our evaluation
        takers = [taker for taker in self.takers if taker.wants(iterator)]
        logs: Any = None
        for done in range(self._executions):
            try:
                with temporary_attributes(self._model, **self._attributes):  # it is traced at its first call, and reads these then
                    logs, captured = self._one_step(iterator)
            except (StopIteration, tf.errors.OutOfRangeError):
                if done == 0:
                    raise
                break  # the data ended amid an execution, which is no end for Keras either
            if takers:
                self._hand(takers, iterator, captured)
        return logs

    def _hand(self, takers: Sequence[Taker], iterator: Any, captured: Any) -> None:
        try:
            batch = self._whole.on_host(captured)
        except Exception as error:  # the boundary: Keras' own code would pass it on to the user's `fit`
            for taker in takers:
                taker.lose(error)
            return
        for taker in takers:
            taker.take(iterator, batch)


def join(model: Any, taker: Taker, last: WatchedTestFunction | None) -> WatchedTestFunction:
    """Begins to watch the evaluation that `model` is about to make.

    Args:
        model: In `on_test_begin`.
        taker: Gets the batches.
        last: The pass of the last evaluation, whose traced step is used again while the model's test function is the same.
    """
    running = model.test_function
    if isinstance(running, WatchedTestFunction):  # another callback's, or one that an interrupt left
        running.takers.append(taker)
        return running
    watched = last if last is not None and last.replaced is running else WatchedTestFunction(model)
    watched.takers[:] = [taker]
    model.test_function = watched
    return watched


def leave(model: Any, taker: Taker) -> None:
    """Stops watching; the last to leave puts back the model's own test function."""
    running = model.test_function
    if isinstance(running, WatchedTestFunction):
        running.takers[:] = [other for other in running.takers if other is not taker]
        if not running.takers:
            model.test_function = running.replaced


def _capturing(model: Any, step: Callable[..., Any], whole: Whole) -> Callable[..., Any]:
    """The model's test step, returning (what it returns, what it scored)."""
    has_warned = False

    def test_step(data: Any) -> Any:
        seen: dict[str, tuple[Any, Any, Any]] = {}
        _, y, weight = keras.utils.unpack_x_y_sample_weight(data)
        call = model.call

        def see(name: str) -> Callable[..., Any]:
            original = getattr(model, name)

            def watched(*args: Any, **kwargs: Any) -> Any:
                given = {**dict(zip(("x", "y", "y_pred", "sample_weight"), args, strict=False)), **kwargs}
                seen[name] = given.get("y"), given.get("y_pred"), given.get("sample_weight")
                return original(*args, **kwargs)

            return watched

        def see_call(*args: Any, **kwargs: Any) -> Any:
            out = call(*args, **kwargs)
            seen.setdefault("call", (y, out, weight))
            return out

        with temporary_attributes(model, compute_metrics=see("compute_metrics"), compute_loss=see("compute_loss"), call=see_call):
            logs = step(data)
        scored = next((seen[name] for name in ("compute_metrics", "compute_loss", "call") if name in seen and seen[name][1] is not None), None)
        try:
            about = {"names": getattr(model, "output_names", None), "losses": getattr(model, "loss", None)}
            captured = whole.of(scored_outputs(*scored, **about)) if scored else {}
        except Exception as error:  # the boundary: while it is traced, too, the user's step must go on
            nonlocal has_warned
            if not has_warned:  # it is traced again for each new shape
                _log.warning("Layerscope could not take predictions out of the evaluation: %s. Training goes on without them.", error)
            has_warned, captured = True, {}
        return logs, captured

    return test_step
