"""Our own count of training batches and epochs: Keras' optimizer counts updates, which is something else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary


@dataclass
class Progress:
    """How far a model's training is.

    Attributes:
        steps: Training batches finished.
        epochs: Epochs finished.
    """

    steps: int = 0
    epochs: int = 0


_progress: WeakKeyDictionary[Any, Progress] = WeakKeyDictionary()
"""Of each model trained in this process, over its fits."""


def steps_so_far(model: Any) -> int:
    """Training batches that a model has finished in this process."""
    known = _progress.get(model)
    return 0 if known is None else known.steps


def executions_of(model: Any) -> int:
    """How many steps the model takes in one execution."""
    given = getattr(model, "steps_per_execution", 1)
    return given if isinstance(given, int) and given > 0 else 1


class Steps:
    """Counts the batches of one `fit`.

    Args:
        model: What is trained.
        initial_step: As the user gave it.
        initial_epoch: Number that Keras gives this fit's first epoch.
        steps_per_epoch: Batches of an epoch, if known.
        restored: Updates that the optimizer had made before this fit.

    Attributes:
        first_step: Batches finished before this fit.
        epoch_offset: Added to Keras' number of an epoch, so that epochs count on over fits.
    """

    def __init__(self, model: Any, *, initial_step: int | None, initial_epoch: int, steps_per_epoch: int | None, restored: int) -> None:
        known = _progress.get(model)
        if initial_step is not None:
            self.first_step = initial_step
        elif known is not None:
            self.first_step = known.steps
        elif initial_epoch and steps_per_epoch:
            self.first_step = initial_epoch * steps_per_epoch
        else:
            self.first_step = restored
        self.epoch_offset = max(0, (known.epochs if known is not None else 0) - initial_epoch)
        self._progress = _progress.setdefault(model, Progress())
        self._progress.steps = self.first_step
        self._epoch_began = self.first_step
        self._batches: int | None = steps_per_epoch

    @property
    def now(self) -> int:
        """Training batches finished."""
        return self._progress.steps

    def length(self, epochs: int | None) -> int | None:
        """Steps that the training will have in all, if known; `epochs` is the number of the epoch at which it ends."""
        return None if epochs is None or self._batches is None else epochs * self._batches

    def epoch_begins(self, steps_per_epoch: int | None) -> None:
        """Before an epoch's first batch; Keras may know by now how many it has."""
        self._epoch_began = self.now
        self._batches = steps_per_epoch

    def step_of(self, batch: int) -> int:
        """Step of a batch of this epoch, by Keras' number from 0."""
        return self._epoch_began + batch

    def is_last(self, batch: int, executions: int) -> bool:
        """Whether the epoch ends with the `executions` batches from this one on; False where its length is not known."""
        return self._batches is not None and batch + executions >= self._batches

    def batch_ends(self, batch: int) -> None:
        """After a batch, by Keras' number from 0.

        Of several steps in one execution that is the last one planned: where the data ended before it and its length is
        not known, the count runs ahead by the rest.
        """
        finished = batch + 1 if self._batches is None else min(batch + 1, self._batches)
        self._progress.steps = self._epoch_began + finished

    def epoch_ends(self, epoch: int) -> None:
        """After an epoch, by Keras' number."""
        self._progress.epochs = epoch + self.epoch_offset + 1
