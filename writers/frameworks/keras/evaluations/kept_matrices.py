"""Which of a training's confusion matrices are written."""

from __future__ import annotations

from collections.abc import Callable

from tb_plugin.schema.confusion_matrix import ConfusionMatrix
from writers.frameworks.keras.evaluations.confusion_matrices import ConfusionMatrices
from writers.frameworks.keras.settings import Settings
from writers.guard import Guard

_RECORD_BYTES, _CELL_BYTES = 600, 3
"""What a matrix takes on disk, about: measured on matrices of 10 to 1,000 classes."""


class KeptMatrices:
    """Writes the matrices that the budget has room for, and of each series the last one.

    Args:
        settings: How much is kept.
        own: How many evaluations there are beside `fit`'s validation. That `fit` has one is not known before the first,
            and the share of each must not change then.
        write: Writes a point of a series: tag, matrix, step.
        guard: Where failures of ours end.
    """

    def __init__(self, settings: Settings, own: int, write: Callable[[str, ConfusionMatrix, int], None], guard: Guard) -> None:
        self._settings, self._own, self._write, self._guard = settings, own, write, guard
        self._unwritten: dict[str, tuple[ConfusionMatrix, int]] = {}

    def add(self, evaluation: str, matrices: ConfusionMatrices, *, epoch: int, step: int, epochs: int | None) -> None:
        """Takes what an evaluation counted.

        Args:
            evaluation: Its name.
            matrices: Of each output.
            epoch: After which it was made.
            step: Batches finished by then.
            epochs: How many the training will have, if known.
        """
        payloads = matrices.payloads(epoch)
        schedule = self._settings.evaluations(max(1, len(payloads)) * (1 + self._own))
        for output, payload in payloads.items():
            tag = f"{evaluation}/{output}/confusion_matrix" if output else f"{evaluation}/confusion_matrix"
            cells = min(len(payload.row_end) ** 2, matrices.samples)
            if schedule.due(epoch, cost=_RECORD_BYTES + _CELL_BYTES * cells, length=epochs):
                self._unwritten.pop(tag, None)
                self._write(tag, payload, step)
            else:
                self._unwritten[tag] = payload, step

    def close(self) -> None:
        """Writes those left out that nothing came after."""
        unwritten, self._unwritten = self._unwritten, {}
        for tag, (payload, step) in unwritten.items():
            self._guard.attempt(f"the last point of {tag}", self._write, tag, payload, step)
