"""Says why nothing is told, where a training goes on and its optimizers are not seen to be applied."""

from __future__ import annotations

import itertools
import weakref
from collections import Counter
from collections.abc import Callable, Hashable, Sequence

import torch

from writers.guard import Guard

_MANY = 100  # batches without a step: more than gradients are accumulated over
_SOME = 2  # on closing: one batch may have failed before its step


class Unseen:
    """Counts the batches of a training until a step of it is seen, and warns once if none is.

    Args:
        names: Of the classes of its optimizers.
        guard: Says it.

    Attributes:
        key: Of this one among all, for `compiled_away`.
        is_over: Whether a step was seen.
    """

    def __init__(self, names: Sequence[str], guard: Guard) -> None:
        self._names, self._guard = names, guard
        self._batches: Counter[Hashable] = Counter()
        self.is_over = False
        self.key = next(_keys)
        _all[self.key] = self

    def batch(self, sign: Hashable) -> None:
        """A sign that there was one: a loss, or a backward pass that an optimizer's parameters were reached by."""
        if not self.is_over:
            self._batches[sign] += 1
            if self._batches[sign] >= _MANY:
                self._warn()

    def ended(self) -> None:
        """The training is over."""
        if not self.is_over and max(self._batches.values(), default=0) >= _SOME:
            self._warn()

    def compiled(self, number: int) -> None:
        """The step of an optimizer is compiled, and our hooks are not in it."""
        name = self._names[number]
        message = f"Layerscope does not see the steps of {name}, since its step is compiled, and hooks are left out of that. Nothing is told of them."
        self._guard.say(_PART, f"{message} To have them told compile the model alone: model = torch.compile(model)")

    def _warn(self) -> None:
        self.is_over = True
        names, count = ", ".join(self._names), max(self._batches.values())
        message = f"Layerscope has not seen one step of {names} in {count} batches. It is told nothing by another optimizer, a copy, or a compiled step."
        self._guard.say(_PART, f"{message} watch() the model again and hand it the optimizer that is applied: watch(model, optimizer, …)")


def _compiled_away(key: int, number: int) -> bool:
    found = _all.get(key)
    if found is not None:
        found.compiled(number)
    return True


compiled_away: Callable[[int, int], bool] = torch.compiler.assume_constant_result(_compiled_away)
"""Says, of an `Unseen` by its key and an optimizer by its number, that the compiler has met a hook of ours on its step.

The compiler runs it as it compiles, and leaves it out of what it makes.
"""


_PART = "steps"
_keys = itertools.count()
_all: weakref.WeakValueDictionary[int, Unseen] = weakref.WeakValueDictionary()
