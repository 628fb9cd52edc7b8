"""Watches one evaluation at a time and counts what it scores."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import keras

from writers.frameworks.keras.boundary import Boundary
from writers.frameworks.keras.matrices import Matrices

if TYPE_CHECKING:  # it needs TensorFlow, which another backend has not
    from writers.frameworks.keras.evaluation_pass import Batch, EvaluationPass


class Watch:
    """Follows the hooks of an evaluation, from `begin` to `end`.

    A batch is taken only between `batch_begins` and `batch_ends`: an evaluation that somebody makes within ours stays out.
    """

    def __init__(self, boundary: Boundary) -> None:
        self._boundary = boundary
        self._pass: EvaluationPass | None = None
        self._matrices: Matrices | None = None
        self._batches: list[Batch] = []
        self._room = 0
        self.takes = False

    def take(self, batch: Batch) -> None:
        """A batch that was evaluated; it is counted in `batch_ends`, outside of Keras' own code.

        No more are kept than one execution has: after an interrupt amid a batch, whatever is evaluated next comes here.
        """
        if len(self._batches) < self._room:
            self._batches.append(batch)

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

    def batch_begins(self, executions: int) -> None:
        """In `on_test_batch_begin`, of so many batches in one execution."""
        self._room = executions
        self._batches.clear()
        self.takes = self._matrices is not None

    def batch_ends(self) -> None:
        """In `on_test_batch_end`.

        Raises:
            WrongArgument: The labels do not fit what the model puts out.
        """
        self.takes = False
        batches, self._batches = self._batches, []
        if self._matrices is not None:
            for batch in batches:
                self._matrices.add(batch)

    def end(self, model: Any) -> Matrices | None:
        """In `on_test_end`: what was counted, if this evaluation was watched."""
        matrices = self._matrices
        self.abandon(model)
        return matrices

    def abandon(self, model: Any) -> None:
        """Stops watching and puts back what an interrupt may have left."""
        self.takes, self._matrices = False, None
        self._batches.clear()
        if self._pass is not None:
            from writers.frameworks.keras import evaluation_pass

            evaluation_pass.leave(model, self)
