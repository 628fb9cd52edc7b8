"""Watches one evaluation at a time and counts what it scores."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import keras

from writers.frameworks.keras.evaluations.counted_evaluation import CountedEvaluation
from writers.frameworks.keras.evaluations.own_batches import OwnBatches
from writers.guard import Guard

if TYPE_CHECKING:  # it needs TensorFlow, which another backend has not
    from writers.frameworks.keras.evaluations.watched_test_function import Batch, WatchedTestFunction


class EvaluationWatch:
    """Follows the hooks of an evaluation, from `begin` to `end`.

    A batch is taken only between `batch_begins` and `batch_ends`, and only of the evaluation whose hooks these are: one
    that somebody makes within ours stays out.
    """

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        self._pass: WatchedTestFunction | None = None
        self._counted: CountedEvaluation | None = None
        self._calls: OwnBatches[Batch] = OwnBatches()

    def wants(self, iterator: Any) -> bool:
        """Whether the batches that are about to be evaluated may be ours."""
        return self._calls.wants(iterator)

    def take(self, iterator: Any, batch: Batch) -> None:
        """A batch that was evaluated; it is counted in `batch_ends`, outside of Keras' own code."""
        self._calls.add(iterator, batch)

    def lose(self, error: Exception) -> None:
        """A batch could not be read: without it what is told would be of fewer examples, so there are none of this evaluation."""
        self._counted, self._calls = None, OwnBatches()
        self._guard.failed("the predictions", error)

    def begin(self, model: Any, counted: CountedEvaluation) -> None:
        """In `on_test_begin`. What an evaluation that was interrupted had counted is dropped."""
        self.abandon(model)
        if keras.config.backend() != "tensorflow":
            backend = keras.config.backend()
            self._guard.say("predictions", f"Layerscope takes predictions on Keras' TensorFlow backend only, and this is {backend}: no confusion matrix.")
            return
        from writers.frameworks.keras.evaluations import watched_test_function

        self._pass = watched_test_function.join(model, self, self._pass)
        self._counted = counted

    def batch_begins(self) -> None:
        """In `on_test_batch_begin`."""
        if self._counted is not None:
            self._calls.batch_begins()

    def batch_ends(self) -> None:
        """In `on_test_batch_end`.

        Raises:
            WrongArgument: The labels do not fit what the model puts out.
        """
        if self._counted is not None:
            for batch in self._calls.batch_ends():
                self._counted.add(batch)

    def end(self, model: Any) -> CountedEvaluation | None:
        """In `on_test_end`: what was counted, if this evaluation was watched and is whole."""
        counted, is_whole = self._counted, self._calls.is_whole
        self.abandon(model)
        if counted is not None and not is_whole:
            self._guard.say(
                "some predictions",
                f"Layerscope cannot tell the batches of {counted.evaluation} from those of another evaluation that a callback makes meanwhile, "
                "and logs no confusion matrix of it. Make the other one in on_epoch_end",
            )
            return None
        if counted is not None and counted.is_empty:
            self._guard.say(f"no data in {counted.evaluation}", f"Layerscope logs no confusion matrix of {counted.evaluation}: the evaluation had no data.")
        return counted

    def abandon(self, model: Any) -> None:
        """Stops watching and puts back what an interrupt may have left."""
        self._counted, self._calls = None, OwnBatches()
        if self._pass is not None:
            from writers.frameworks.keras.evaluations import watched_test_function

            watched_test_function.leave(model, self)
