"""What of a training's evaluations is written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from tb_plugin.schema.payload import Payload
from tb_plugin.schema.regression import Regression
from writers.disabled import is_media_disabled
from writers.frameworks.keras.evaluations.counted_evaluation import Chosen, CountedEvaluation, CountedOutput, TaskOf, tag_of
from writers.frameworks.keras.evaluations.due_kinds import ALL, Kind, Size, Wanted, due_kinds
from writers.frameworks.keras.evaluations.shown_inputs import Inputs, inputs_of
from writers.frameworks.keras.settings import Settings
from writers.guard import Guard

_ANEW = 10**9
"""Ids of samples of another order begin at so many times the number of evaluations so far: no two are taken for one."""


@dataclass(frozen=True)
class _Unwritten:
    """What is left of an output's last evaluation."""

    counted: CountedOutput
    kinds: frozenset[Kind]
    epoch: int | None
    step: int


class KeptPayloads:
    """Writes the tables, curves, predictions and examples that the budget has room for, and all of the last evaluation.

    Args:
        settings: How much is kept.
        own: How many evaluations there are beside `fit`'s validation. That `fit` has one is not known before the first,
            and the share of each must not change then.
        write: Writes a point of a series: tag, payload, step.
        guard: Where failures of ours end.
    """

    def __init__(self, settings: Settings, own: int, write: Callable[[str, Payload, int], None], guard: Guard) -> None:
        self._settings, self._own, self._guard = settings, own, guard
        self._to = Chosen(self._note_and_write)
        self._write_point = write
        self._unwritten: dict[str, _Unwritten] = {}
        self._sizes: dict[str, Size] = {}
        self._edges: dict[str, np.ndarray[Any, Any]] = {}
        self._outputs: dict[str, int] = {}
        self._truth: dict[str, int] = {}
        self._steps: dict[str, int] = {}
        self._moved: set[str] = set()
        self._inputs: dict[str, Inputs | None] = {}

    def takes_inputs(self, evaluation: str, x: Any) -> None:
        """Told of what a model is given in an evaluation; held only where examples are wanted.

        Args:
            evaluation: Its name.
            x: Its inputs; None where they are not to be had.
        """
        if not self._settings.wanted.examples or is_media_disabled():
            return
        found = inputs_of(x)
        if isinstance(found, str):
            self._guard.say(f"examples of {evaluation}", f"Layerscope keeps no examples of {evaluation}: {found}.")
        else:
            self._inputs[evaluation] = found

    def begin(self, evaluation: str, task_of: TaskOf, *, epoch: int | None, epochs: int | None, is_last: bool) -> CountedEvaluation:
        """What counts an evaluation that begins; arguments as in `add`."""

        def kinds_of(output: str, its: CountedOutput) -> frozenset[Kind]:
            size = self._sizes.get(tag_of(evaluation, output))
            return ALL if size is None or is_last else self._due(epoch, epochs, its.wanted, size, self._outputs.get(evaluation, 1))

        def edges_of(output: str) -> np.ndarray[Any, Any] | None:
            return self._edges.get(f"{tag_of(evaluation, output)}/regression")

        wanted, inputs = self._settings.wanted, self._inputs.get(evaluation)
        return CountedEvaluation(evaluation, task_of, self._guard, wanted=wanted, kinds_of=kinds_of, inputs=inputs, edges_of=edges_of)

    def add(self, counted: CountedEvaluation, *, epoch: int | None, step: int, epochs: int | None, is_last: bool) -> None:
        """Takes what an evaluation counted.

        Args:
            counted: The evaluation.
            epoch: After which it was made, if known; it is of one that is the last.
            step: Batches finished by then.
            epochs: How many the training will have, if known.
            is_last: Whether there is none after it.
        """
        outputs = counted.outputs
        self._outputs[counted.evaluation] = len(outputs)
        for output, its in outputs.items():
            tag = tag_of(counted.evaluation, output)
            if self._steps.get(tag) == step:
                continue  # a point has been told: another callback evaluates something else, in our name
            self._steps[tag] = step
            self._sizes[tag] = its.size
            self._look_at_order(tag, its)
            due = ALL if is_last else self._due(epoch, epochs, its.wanted, its.size, len(outputs))
            if not its.is_held and "table" in due:
                due = ALL  # of what was told to be counted; the scores are gone
            if tag in self._moved and not is_last:
                due -= {"predictions", "examples"}
            self._unwritten.pop(tag, None)
            point = _Unwritten(its, due, epoch, step)
            if due:
                self._guard.attempt(f"the evaluation {tag}", self._write, tag, point)
            if (left := (ALL if its.is_held or not due else frozenset()) - due) & its.wanted.kinds:
                self._unwritten[tag] = _Unwritten(its, left, epoch, step)

    def close(self) -> None:
        """Writes those left out that nothing came after."""
        unwritten, self._unwritten = self._unwritten, {}
        for tag, point in unwritten.items():
            self._guard.attempt(f"the last point of {tag}", self._write, tag, point)

    def _due(self, epoch: int | None, epochs: int | None, wanted: Wanted, size: Size, outputs: int) -> frozenset[Kind]:
        share = max(1, self._settings.evaluation_bytes // (max(1, outputs) * (1 + self._own)))
        return due_kinds(epoch or 0, wanted, share=share, size=size, length=epochs)

    def _note_and_write(self, tag: str, content: Payload, step: int) -> None:
        if isinstance(content, Regression) and content.count.any():
            self._edges.setdefault(tag, content.edge)  # later evaluations are told in the same bins
        self._write_point(tag, content, step)

    def _write(self, tag: str, point: _Unwritten) -> None:
        kinds, first_id = point.kinds, 0
        if tag in self._moved:
            if not point.counted.is_held:
                kinds -= {"predictions"}
            kinds, first_id = kinds - {"examples"}, _ANEW * (1 + (point.epoch or 0))
        point.counted.write(self._to, tag, kinds, step=point.step, epoch=point.epoch, first_id=first_id)

    def _look_at_order(self, tag: str, counted: CountedOutput) -> None:
        """A sample is known by its place: only while labels stay where they are."""
        if self._truth.setdefault(tag, counted.truth) != counted.truth and tag not in self._moved:
            self._moved.add(tag)
            if "predictions" in counted.wanted.kinds:
                self._guard.say(
                    f"samples of {tag}",
                    f"Layerscope cannot follow the samples of {tag}: its labels are others than at the evaluation before, or in another order. What was "
                    "predicted of each is told of the last evaluation alone. Do not shuffle or augment what is evaluated.",
                )
