"""Watches one evaluation at a time and counts what it scores."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import keras

from writers.frameworks.keras.boundary import Boundary
from writers.frameworks.keras.matrices import Matrices
from writers.frameworks.keras.own_calls import OwnCalls

if TYPE_CHECKING:  # it needs TensorFlow, which another backend has not
    from writers.frameworks.keras.evaluation_pass import Batch, EvaluationPass


class Watch:
    """Follows the hooks of an evaluation, from `begin` to `end`.

    A batch is taken only between `batch_begins` and `batch_ends`, and only of the evaluation whose hooks these are: one
    that somebody makes within ours stays out.
    """

    def __init__(self, boundary: Boundary) -> None:
        self._boundary = boundary
        self._pass: EvaluationPass | None = None
        self._matrices: Matrices | None = None
        self._calls: OwnCalls[Batch] = OwnCalls()

    def wants(self, iterator: Any) -> bool:
        """Whether the batches that are about to be evaluated may be ours."""
        return self._calls.wants(iterator)

    def take(self, iterator: Any, batch: Batch) -> None:
        """A batch that was evaluated; it is counted in `batch_ends`, outside of Keras' own code."""
        self._calls.add(iterator, batch)

    def begin(self, model: Any, matrices: Matrices) -> None:
        """In `on_test_begin`. What an evaluation that was interrupted had counted is dropped."""
        self.abandon(model)
        if keras.config.backend() != "tensorflow":
            backend = keras.config.backend()
            self._boundary.say("predictions", f"Layerscope takes predictions on Keras' TensorFlow backend only, and this is {backend}: no confusion matrix.")
            return
        from writers.frameworks.keras import evaluation_pass

        self._pass = evaluation_pass.join(model, self, self._pass)
        self._matrices = matrices

    def batch_begins(self) -> None:
        """In `on_test_batch_begin`."""
        if self._matrices is not None:
            self._calls.batch_begins()

    def batch_ends(self) -> None:
        """In `on_test_batch_end`.

        Raises:
            WrongArgument: The labels do not fit what the model puts out.
        """
        if self._matrices is not None:
            for batch in self._calls.batch_ends():
                self._matrices.add(batch)

    def end(self, model: Any) -> Matrices | None:
        """In `on_test_end`: what was counted, if this evaluation was watched and is whole."""
        matrices, is_whole = self._matrices, self._calls.is_whole
        self.abandon(model)
        if matrices is not None and not is_whole:
            self._boundary.say(
                "some predictions",
                f"Layerscope cannot tell the batches of {matrices.evaluation} from those of another evaluation that a callback makes meanwhile, "
                "and logs no confusion matrix of it. Make the other one in on_epoch_end",
            )
            return None
        if matrices is not None and matrices.is_empty:
            self._boundary.say(
                f"no data in {matrices.evaluation}", f"Layerscope logs no confusion matrix of {matrices.evaluation}: the evaluation had no data."
            )
        return matrices

    def abandon(self, model: Any) -> None:
        """Stops watching and puts back what an interrupt may have left."""
        self._matrices, self._calls = None, OwnCalls()
        if self._pass is not None:
            from writers.frameworks.keras import evaluation_pass

            evaluation_pass.leave(model, self)
