"""Learning rates of the steps of a `fit` whose statistics are not told, which would tell them as well."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from writers import learning_rate
from writers.frameworks.keras.applied import Applied
from writers.frameworks.keras.settings import RATES_AT_START, SCALAR_BYTES, Settings
from writers.frameworks.keras.steps import Steps, executions_of

Rate = float | dict[str, float]
"""One number, or of several optimizers or groups one each, by name."""


def rate_of(optimizers: Mapping[str, Any]) -> Rate | None:
    """The rates of the next updates; None of no optimizer."""
    return _together(_rates(optimizers))


def _rates(optimizers: Mapping[str, Any]) -> dict[str, Any]:
    return {name: learning_rate.of(optimizer) for name, optimizer in optimizers.items()}


def _together(rates: dict[str, Any]) -> Rate | None:
    return next(iter(rates.values())) if len(rates) == 1 else rates or None


class LearningRates:
    """Reads the rates that are to be written, before the batch that uses them: after it, a schedule tells the next one's.

    Args:
        model: What is trained.
        settings: How many are kept.
        steps: The count of the fit's batches.
    """

    def __init__(self, model: Any, settings: Settings, steps: Steps) -> None:
        self._model, self._steps = model, steps
        self._schedule = settings.rates(steps.epochs_length)
        self._read: tuple[int, Mapping[str, Any], Applied] | None = None

    def __str__(self) -> str:
        return str(self._schedule)

    def batch_begins(self, batch: int) -> None:
        """Before a batch, by Keras' number from 0. Where data ends, Keras begins one that never is."""
        executions, step = executions_of(self._model), self._steps.step_of(batch)
        is_due = self._is_due(step, executions, is_last=self._steps.is_last(batch, executions))
        self._read = None
        if is_due:
            applied = Applied(self._model)
            self._read = step, _rates(applied.all), applied

    def take(self) -> tuple[int, Rate] | None:
        """After it: its step, and the rates of the optimizers that it applied, if these are to be written."""
        read, self._read = self._read, None
        if read is None:
            return None
        step, rates, applied = read
        used = _together({name: rates[name] for name in applied.now if name in rates})
        return None if used is None else (step, used)

    def _is_due(self, step: int, executions: int, *, is_last: bool) -> bool:
        if self._steps.age(step) < RATES_AT_START:
            return True
        return any(self._schedule.due(step + i, epoch_end=is_last, cost=SCALAR_BYTES, length=self._steps.length) for i in range(executions))
