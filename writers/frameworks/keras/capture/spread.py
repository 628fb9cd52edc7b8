"""A sample of the values of weights and gradients at a step that is asked for, to tell how they are distributed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import tensorflow as tf

from writers.frameworks.keras.capture.conditions import where
from writers.frameworks.keras.capture.ring import variable
from writers.frameworks.keras.capture.samples import Sample

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Taken:
    """The values looked at of one step, flat, by row; a row without a gradient has none among the gradients."""

    step: int
    weights: Mapping[int, Array]
    gradients: Mapping[int, Array]


class Spread:
    """Holds the sample of one step on the device until it is taken: which values, is fixed by each parameter's shape."""

    def __init__(self) -> None:
        self._wanted = variable(np.int64(-1))
        self._held: dict[tuple[Any, ...], tuple[_OfStep, _OfStep]] = {}

    def want(self, step: Any) -> None:
        """The step whose values are held next; one that is told."""
        self._wanted.assign(step)

    def forget(self) -> None:
        """From Python: of no step anything is held."""
        for pair in self._held.values():
            for sample in pair:
                sample.forget()

    @property
    def wanted(self) -> Any:
        """The step whose values are held next; in the graph."""
        return self._wanted.read_value()

    @property
    def variables(self) -> list[Any]:
        """All that it is held in so far."""
        return [self._wanted, *(each for pair in self._held.values() for sample in pair for each in sample.variables)]

    def remember(self, call: int, step: Any, weights: _Tensors, gradients: _Tensors) -> None:
        """Before an update, on a step that is told; in the graph.

        Args:
            call: Number of the optimizer.
            step: Number of the batch.
            weights, gradients: Row, shape, and a function that gives the tensor.
        """
        key = (call, *(tuple(row for row, _, _ in tensors) for tensors in (weights, gradients)))
        if key not in self._held:
            with tf.init_scope():
                self._held[key] = _OfStep(weights), _OfStep(gradients)
        both = list(zip(self._held[key], (weights, gradients), strict=True))

        def hold() -> bool:
            for sample, tensors in both:
                sample.hold(step, [tensor() for _, _, tensor in tensors])
            return True

        where(tf.equal(step, self._wanted), hold)

    def take(self) -> Taken | None:
        """What is held of the wanted step, from Python; waits for the device. None: it was not reached."""
        with tf.init_scope():
            wanted = int(self._wanted.numpy())
            parts = [[sample.values() for sample in pair if sample.step == wanted] for pair in self._held.values()]
            found = [pair for pair in parts if len(pair) == 2]
        if not found:
            return None
        return Taken(wanted, *({row: values for pair in found for row, values in pair[i].items()} for i in range(2)))


_Tensors = Sequence[tuple[int, Sequence[int], Callable[[], Any]]]


class _OfStep:
    """A sample, and of which step it is."""

    def __init__(self, tensors: _Tensors) -> None:
        self.rows = [row for row, _, _ in tensors]
        self._sample = Sample([shape for _, shape, _ in tensors])
        self._step = variable(np.int64(-1))

    @property
    def variables(self) -> list[Any]:
        """All that it is held in."""
        return [self._sample.held, self._step]

    @property
    def step(self) -> int:
        """Whose values are held."""
        return int(self._step.numpy())

    def forget(self) -> None:
        """From Python."""
        self._step.assign(-1)

    def hold(self, step: Any, tensors: Sequence[Any]) -> None:
        """In the graph."""
        self._sample.hold(tensors)
        self._step.assign(step)

    def values(self) -> dict[int, Array]:
        """The values by row."""
        return dict(zip(self.rows, self._sample.split(), strict=True))
