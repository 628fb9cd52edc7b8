"""Our own count of training batches and epochs: Keras' optimizer counts updates, which is something else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary, ref

from writers.frameworks.keras.optimizers import batches_by, compiled_optimizer

if TYPE_CHECKING:  # which asks this file how many steps an execution has
    from writers.frameworks.keras.train_function import TrainFunction


@dataclass
class Progress:
    """How far a model's training is.

    Attributes:
        first_step: Batches finished before its first fit in this process.
        steps: Training batches finished.
        epochs: Epochs finished.
        length: Steps of its first fit and all before, if known.
        epochs_length: The same in epochs.
        optimizer: The model's, when the last epoch was over.
        updates: What that optimizer had counted by then.
        steps_then: What we had counted by then.
    """

    first_step: int
    steps: int
    epochs: int = 0
    length: int | None = None
    epochs_length: int | None = None
    optimizer: ref[Any] | None = None
    updates: int = 0
    steps_then: int = 0


_progress: WeakKeyDictionary[Any, Progress] = WeakKeyDictionary()
"""Of each model trained in this process, over its fits."""


def steps_so_far(model: Any) -> int:
    """Training batches that a model has finished in this process."""
    known = _progress.get(model)
    return 0 if known is None else known.steps


def epoch_so_far(model: Any) -> int | None:
    """The epoch that a model has finished last in this process, from 0."""
    known = _progress.get(model)
    return None if known is None or not known.epochs else known.epochs - 1


def step_of_evaluation(model: Any, initial_step: int | None) -> int:
    """Training batches that a model has finished, as of an evaluation outside any fit.

    Args:
        model: What is evaluated.
        initial_step: As the user gave it: what was finished before this process.
    """
    known = _progress.get(model)
    if known is not None:
        return max(known.steps, known.steps_then + _without_us(model, known))
    return batches_by(compiled_optimizer(model)) if initial_step is None else initial_step


def executions_of(model: Any) -> int:
    """How many steps the model takes in one execution."""
    given = getattr(model, "steps_per_execution", 1)
    return given if isinstance(given, int) and given > 0 else 1


class Steps:
    """Counts the batches of one `fit`, from its first epoch's begin.

    Args:
        model: What is trained.
        initial_step: As the user gave it.
        initial_epoch: Number that Keras gives this fit's first epoch.
        epochs: Number that Keras gives the epoch at which it ends, if known.
        steps_per_epoch: Batches of an epoch, if known.
        function: Counts the batches of each execution, where one has several.

    Attributes:
        first_step: Batches finished before this fit.
        epoch_offset: Added to Keras' number of an epoch, so that epochs count on over fits.
    """

    def __init__(
        self,
        model: Any,
        *,
        initial_step: int | None,
        initial_epoch: int,
        epochs: int | None,
        steps_per_epoch: int | None,
        function: TrainFunction | None = None,
    ) -> None:
        known = _progress.get(model)
        self._model = model
        self.epoch_offset = max(0, (known.epochs if known is not None else 0) - initial_epoch)
        if initial_step is not None:
            self.first_step = initial_step
        elif known is not None:
            self.first_step = max(known.steps, known.steps_then + _without_us(model, known))
        elif initial_epoch and steps_per_epoch:
            self.first_step = initial_epoch * steps_per_epoch
        else:
            self.first_step = batches_by(compiled_optimizer(model))
            self.epoch_offset = self.first_step // steps_per_epoch if steps_per_epoch else 0
        self._progress = known or _progress.setdefault(model, Progress(self.first_step, self.first_step))
        self._progress.steps = self.first_step
        if known is None and epochs is not None:
            self._progress.epochs_length = epochs + self.epoch_offset
            if steps_per_epoch is not None:
                self._progress.length = self.first_step + (epochs - initial_epoch) * steps_per_epoch
        self._function, self._counted_before = function, 0 if function is None else function.batches or 0
        self._epoch_began = self.first_step
        self._batches: int | None = steps_per_epoch
        self._remember()

    @property
    def now(self) -> int:
        """Training batches finished."""
        counted = None if self._function is None else self._function.batches
        if counted is not None:
            self._progress.steps = self.first_step + counted - self._counted_before
        return self._progress.steps

    @property
    def length(self) -> int | None:
        """Steps that the training will have in all, as known when its first fit began: a schedule that moved would keep too much."""
        return self._progress.length

    @property
    def epochs_length(self) -> int | None:
        """Epochs that the training will have in all, as known when its first fit began."""
        return self._progress.epochs_length

    def age(self, step: int) -> int:
        """Steps from where this process' first fit of the model began."""
        return step - self._progress.first_step

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
        """After a batch, by Keras' number from 0: of several in one execution the last one planned, which `now` puts right."""
        finished = batch + 1 if self._batches is None else min(batch + 1, self._batches)
        self._progress.steps = self._epoch_began + finished

    def epoch_ends(self, epoch: int) -> None:
        """After an epoch, by Keras' number."""
        self._progress.epochs = epoch + self.epoch_offset + 1
        self._remember()

    def _remember(self) -> None:
        self._progress.steps_then = self.now
        optimizer = compiled_optimizer(self._model)
        self._progress.optimizer = None if optimizer is None else ref(optimizer)
        self._progress.updates = batches_by(optimizer)


def _without_us(model: Any, known: Progress) -> int:
    """Batches by the optimizer since the last epoch that we saw; one that is new began at 0."""
    optimizer = compiled_optimizer(model)
    is_same = known.optimizer is not None and known.optimizer() is optimizer
    return batches_by(optimizer) - (known.updates if is_same else 0)
