"""What `fit` calls for each execution of batches: it tells us when one is over, and lets us look into those that we want.

No hook of Keras' does: one at the end of a batch makes `fit` wait for the device each time, and where data ends, a batch
begins that never is. Steps that nobody looks into are taken by the model's own function, and not by one function with a
condition: what is traced into a graph takes its time on each step, also where it is not run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import keras

from writers.frameworks.keras.steps import executions_of

if TYPE_CHECKING:  # it needs TensorFlow, which another backend has not
    from writers.frameworks.keras.counted_batches import Counter


class CannotLook(Exception):
    """This model's steps cannot be looked into without changing its training; the message says why."""


class Watcher(Protocol):
    """One who follows the batches of a `fit`."""

    def take_execution(self) -> bool:
        """Asked once at each call: whether it is an execution of the `fit`'s, and not somebody's `train_on_batch`."""

    def looks(self) -> bool:
        """Whether this execution is to be looked into."""

    def will_look(self) -> None:
        """It will be, for this watcher or for another."""

    def cannot_look(self, why: CannotLook) -> None:
        """None can be."""

    def execution_ends(self) -> None:
        """It is over."""


class TrainFunction:
    """Stands in for a model's train function while watchers follow its batches.

    The model's own function takes each execution, as without us, but those that somebody looks into: they are taken by
    one made while the model is dressed to be looked into, which is traced at the first of them.

    Args:
        model: In `fit`; its `train_function` is made.
    """

    def __init__(self, model: Any) -> None:
        self._own = self._last = model.train_function
        self._model = model
        self._over: Any = None
        self._looking: Any = None
        # One that somebody else makes may hold what a second one would not share.
        self._looks_always = type(model).make_train_function is not keras.Model.make_train_function
        self._is_amid = self._was_made_amid = False
        self._watchers: list[Watcher] = []
        self._watching: list[Watcher] = []
        self._counter: Counter | None = None
        self._batches: tuple[type, ...] = (object,)
        if keras.config.backend() == "tensorflow":
            from writers.frameworks.keras.counted_batches import ITERATORS, Counter

            self._batches = ITERATORS
            self._counter = Counter() if executions_of(model) > 1 else None

    def __call__(self, *arguments: Any) -> Any:
        """Keras' `train_function`."""
        if self._is_amid:  # what somebody put over this one passes on to it
            return self._run(*arguments)
        self._watching = []
        if arguments and isinstance(arguments[0], self._batches):
            self._watching = [watcher for watcher in self._watchers if watcher.take_execution()]
        self._is_amid = True
        try:
            result = self._run(*arguments) if self._over is None else self._over(*arguments)
        finally:
            self._is_amid = False
        for watcher in self._watching:
            watcher.execution_ends()
        return result

    def __getattr__(self, name: str) -> Any:
        # Keras' TensorBoard callback asks a train function for its graph.
        return getattr(self.__dict__.get("_last"), name)

    @property
    def batches(self) -> int | None:
        """Batches taken so far, where one execution has several and they can be counted; waits for the device."""
        return None if self._counter is None else self._counter.batches

    def renew(self) -> None:
        """The model is dressed otherwise: what looks is made anew."""
        self._looking = None

    def hold(self) -> None:
        """Before an execution: puts itself back where somebody put another train function in its place, or over it."""
        found = self._model.train_function
        if found is self or found is None:
            return
        made = getattr(found, "python_function", found)
        if str(getattr(made, "__module__", "")).partition(".")[0] == "keras":
            self._own, self._over, self._looking, self._was_made_amid = found, None, None, True
        else:
            self._over = found
        self._model.train_function = self

    def enter(self, watcher: Watcher) -> None:
        """One more follows."""
        self._watchers.append(watcher)

    def leave(self, watcher: Watcher) -> None:
        """One follows no more, and the model is undressed of what was its; the last one leaves the model's own train function."""
        self._watchers.remove(watcher)
        self.renew()
        if not self._watchers and self._model.train_function is self:
            self._model.train_function = self._own if self._over is None else self._over
            if self._was_made_amid:  # while the model was dressed
                self._model.make_train_function(force=True)

    def _run(self, *arguments: Any) -> Any:
        given = arguments if self._counter is None or not self._watching else self._counter.counted(*arguments)
        if any(watcher.looks() for watcher in self._watching) or (self._looks_always and self._looking is not None):
            try:
                return self._look(given)
            except CannotLook as why:  # said while it was traced: nothing was done yet
                for watcher in self._watchers:
                    watcher.cannot_look(why)
        self._last = self._own
        return self._own(*given)

    def _look(self, given: tuple[Any, ...]) -> Any:
        for watcher in self._watching:
            watcher.will_look()
        if self._looking is None:
            self._looking = self._made()
        self._last = self._looking
        return self._looking(*given)

    def _made(self) -> Any:
        model = self._model
        try:
            model.make_train_function(force=True)  # it puts it into the model
            made = model.train_function
        except Exception as error:
            raise CannotLook(f"its make_train_function(force=True) fails: {type(error).__name__}: {error}") from error
        finally:
            model.train_function = self
        if made is self or made is None:
            raise CannotLook("its make_train_function(force=True) makes none")
        return made


def join(model: Any, watcher: Watcher) -> TrainFunction:
    """Begins to follow the batches that `fit` takes; call `leave` of what it returns when it is over."""
    running = model.train_function
    function = running if isinstance(running, TrainFunction) else TrainFunction(model)
    function.enter(watcher)
    model.train_function = function
    return function
