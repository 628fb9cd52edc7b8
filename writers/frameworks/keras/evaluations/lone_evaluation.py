"""An evaluation that the user makes: `model.evaluate(x, y, callbacks=[ours])`, outside a `fit` or beside it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any, Protocol
from weakref import WeakKeyDictionary

from tb_plugin.schema.payload import Payload
from writers.frameworks.keras.evaluations.counted_evaluation import CountedEvaluation
from writers.frameworks.keras.evaluations.evaluation_watch import EvaluationWatch
from writers.frameworks.keras.evaluations.kept_payloads import KeptPayloads
from writers.frameworks.keras.logdir.epoch_values import is_number
from writers.frameworks.keras.logdir.runs import own_run
from writers.frameworks.keras.outputs.outputs import Outputs
from writers.frameworks.keras.settings import Settings
from writers.frameworks.keras.steps import epoch_so_far, step_of_evaluation
from writers.guard import Guard, WrongArgument

NAME = "test"
"""What it is called; `evaluations=` give names to data."""


class Training(Protocol):
    """A `fit` that is open meanwhile."""

    @property
    def step(self) -> int:
        """Batches finished."""

    def counting(self, evaluation: str) -> CountedEvaluation:
        """What counts an evaluation that begins."""

    def keep(self, counted: CountedEvaluation) -> None:
        """Takes what an evaluation counted, as far as the budget goes."""

    def write(self, tag: str, content: Payload | float, step: int) -> None:
        """Writes a point."""


class LoneEvaluation:
    """Counts an evaluation from its first hook to its last, and writes all that it gives; in a `fit`, as far as the budget goes.

    Args:
        model: What is evaluated.
        settings: Where to.
        outputs: What the model decides between.
        guard: Where failures of ours end.
        training: The `fit` that is open meanwhile.
        taken: Names of other evaluations.
    """

    def __init__(self, model: Any, settings: Settings, outputs: Outputs, guard: Guard, training: Training | None, taken: Mapping[str, Any]) -> None:
        self._model, self._settings, self._guard, self._training = model, settings, guard, training
        self._name = NAME if NAME not in taken else f"{NAME}_2"
        self._watch = EvaluationWatch(guard)
        self._epoch = epoch_so_far(model)
        self._points: list[tuple[str, Payload | float]] = []
        self._kept = KeptPayloads(settings, 0, self._hold, guard)
        counting = (
            self._kept.begin(self._name, outputs.task, epoch=self._epoch, epochs=None, is_last=True) if training is None else training.counting(self._name)
        )
        self._watch.begin(model, counting)

    def batch_begins(self) -> None:
        """In `on_test_batch_begin`."""
        self._watch.batch_begins()

    def batch_ends(self) -> None:
        """In `on_test_batch_end`.

        Raises:
            WrongArgument: The labels do not fit what the model puts out.
        """
        try:
            self._watch.batch_ends()
        except WrongArgument:  # ends the evaluation: no hook tells of it
            self.abandon()
            raise

    def end(self, logs: Mapping[str, Any]) -> None:
        """In `on_test_end`: writes what was counted, and loss and metrics.

        Args:
            logs: Loss and metrics.
        """
        counted = self._watch.end(self._model)
        step = step_of_evaluation(self._model, self._settings.initial_step) if self._training is None else self._training.step
        numbers = {f"{self._name}/{name}": float(value) for name, value in logs.items() if is_number(value)}
        if not (numbers or counted) or not self._is_first(step):
            return
        if self._training is not None:
            if counted is not None:
                self._training.keep(counted)
            for tag, number in numbers.items():
                self._training.write(tag, number, step)
            return
        if counted is not None:
            self._kept.add(counted, epoch=self._epoch, step=step, epochs=None, is_last=True)
        with own_run(self._settings.logdir) as run:
            for tag, content in [*self._points, *numbers.items()]:
                run.write(tag, content, step)

    def abandon(self) -> None:
        """Stops watching an evaluation that was interrupted."""
        self._watch.abandon(self._model)

    def _hold(self, tag: str, content: Payload, step: int) -> None:
        """Written together: a run has one file for it."""
        self._points.append((tag, content))

    def _is_first(self, step: int) -> bool:
        """A series has one point at a step: what comes again says nothing new, or is of other data."""
        series, written = (os.path.realpath(self._settings.logdir), self._name), _written.setdefault(self._model, {})
        if written.get(series) == step:
            self._guard.say(
                f"a second {self._name}",
                f"Layerscope has an evaluation {self._name!r} at step {step} already, and logs no second one. Where it is of other data, give those a name: "
                'Layerscope(…, evaluations={"holdout": (x, y)}), which fit evaluates',
            )
            return False
        written[series] = step
        return True


_written: WeakKeyDictionary[Any, dict[tuple[str, str], int]] = WeakKeyDictionary()
"""Step of the last evaluation of each model, by folder and name."""
