"""What `fit` calls for each execution of batches: it tells us when one is over, and lets us look into those that we want.

No hook of Keras' does: one at the end of a batch makes `fit` wait for the device each time, and where data ends, a batch
begins that never is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import keras

from writers.frameworks.keras.steps import executions_of

if TYPE_CHECKING:  # it needs TensorFlow, which another backend has not
    from writers.frameworks.keras.counted_batches import Counter


class Watcher(Protocol):
    """One who follows the batches of a `fit`."""

    def takes_execution(self) -> bool:
        """Asked once at each call: whether it is an execution of the `fit`'s, and not somebody's `train_on_batch`."""

    def looks(self) -> bool:
        """Whether this execution is to be looked into."""

    def will_look(self) -> None:
        """It will be, for this watcher or for another."""

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
        self._model = model
        self._own = model.train_function
        self._looking: Any = None
        self._was_made_amid = False
        self._watchers: list[Watcher] = []
        self._counter: Counter | None = None
        if executions_of(model) > 1 and keras.config.backend() == "tensorflow":
            from writers.frameworks.keras.counted_batches import Counter

            self._counter = Counter()

    def __call__(self, *arguments: Any) -> Any:
        """Keras' `train_function`."""
        watchers = [watcher for watcher in self._watchers if watcher.takes_execution()]
        if not watchers:
            return self._own(*arguments)
        function = self._own
        if any(watcher.looks() for watcher in watchers):
            function = self._looking or self._make_looking()
            for watcher in watchers:
                watcher.will_look()
        result = function(*(arguments if self._counter is None else self._counter.counted(*arguments)))
        for watcher in watchers:
            watcher.execution_ends()
        return result

    @property
    def batches(self) -> int | None:
        """Batches taken so far, where one execution has several and they can be counted; waits for the device."""
        return None if self._counter is None else self._counter.batches

    def renew(self) -> None:
        """The model is dressed otherwise: what looks is made anew."""
        self._looking = None

    def hold(self) -> None:
        """Before an execution: puts itself back where somebody made the train function anew."""
        if self._model.train_function is not self and self._model.train_function is not None:
            self._own, self._looking, self._was_made_amid = self._model.train_function, None, True
            self._model.train_function = self

    def enter(self, watcher: Watcher) -> None:
        """One more follows."""
        self._watchers.append(watcher)

    def leave(self, watcher: Watcher) -> None:
        """One follows no more, and the model is undressed of what was its; the last one leaves the model's own train function."""
        self._watchers.remove(watcher)
        self.renew()
        if not self._watchers and self._model.train_function is self:
            self._model.train_function = self._own
            if self._was_made_amid:  # while the model was dressed
                self._model.make_train_function(force=True)

    def _make_looking(self) -> Any:
        self._model.make_train_function(force=True)
        self._looking, self._model.train_function = self._model.train_function, self
        return self._looking


def build_optimizer(model: Any) -> None:
    """Makes the optimizer's variables, where they are those that its first batch would make.

    Made there, they would have TensorFlow trace that batch twice.
    """
    optimizer = getattr(model, "optimizer", None)
    if optimizer is None or optimizer.built or not model.trainable_weights or model.distribute_strategy.num_replicas_in_sync > 1:
        return
    if type(model).train_step in (keras.Model.train_step, keras.Sequential.train_step):  # another may train some of the weights alone
        with keras.name_scope(optimizer.name, caller=optimizer):  # as `apply` does
            optimizer.build(model.trainable_weights)


def join(model: Any, watcher: Watcher) -> TrainFunction:
    """Begins to follow the batches that `fit` takes; call `leave` of what it returns when it is over."""
    running = model.train_function
    function = running if isinstance(running, TrainFunction) else TrainFunction(model)
    function.enter(watcher)
    model.train_function = function
    return function
