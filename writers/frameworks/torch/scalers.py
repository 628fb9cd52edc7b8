"""Loss scaling: which scaler there is, its scale, and the steps that it leaves out, which no hook of an optimizer sees."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

from torch import Tensor
from torch.amp import grad_scaler
from torch.amp.grad_scaler import GradScaler


class ScalerSteps:
    """Looks at each `scaler.step(optimizer)`, until it is removed.

    Args:
        scaler: The user's.
        calls: How often an optimizer was applied.
        skipped: Called with this and an optimizer that was not, since gradients were not finite.
    """

    def __init__(self, scaler: GradScaler, *, calls: Callable[[Any], int], skipped: Callable[[ScalerSteps, Any], None]) -> None:
        self.scaler, self.calls, self.skipped = scaler, calls, skipped
        found = vars(scaler).get("step")
        self._step = found if isinstance(found, _Step) else _Step(scaler)
        self._step.watching.append(self)

    @property
    def scale(self) -> Tensor | None:
        """What losses are multiplied with at present, on its device: to ask for the number would be to wait for it. None: nothing."""
        scale = getattr(self.scaler, "_scale", None) if self.scaler.is_enabled() else None
        return None if scale is None else scale.detach().clone()

    def has_unscaled(self, optimizer: Any) -> bool:
        """Whether it was handed the optimizer since its last update."""
        return self.scaler.is_enabled() and id(optimizer) in getattr(self.scaler, "_per_optimizer_states", ())

    def remove(self) -> None:
        """Leaves the scaler as it was; where somebody else has put theirs over ours, ours stays and only passes on."""
        if self in self._step.watching:
            self._step.watching.remove(self)
        if not self._step.watching:
            self._step.taken_out(vars(self.scaler))


class _Step:
    """What stands for the `step` of a scaler while anybody looks at it.

    Attributes:
        watching: Who does.
    """

    def __init__(self, scaler: GradScaler) -> None:
        self.watching: list[ScalerSteps] = []
        self._original = scaler.step
        state_of = scaler.__getstate__

        def state() -> dict[str, Any]:
            return self.taken_out(dict(state_of()))

        # Python asks an instance for its state wherever it copies or pickles it: a copy is a scaler that nobody looks at.
        self._ours = {"step": self, "__getstate__": state}
        self._before = {name: vars(scaler)[name] for name in self._ours if name in vars(scaler)}
        vars(scaler).update(self._ours)

    def __call__(self, optimizer: Any, *args: Any, **kwargs: Any) -> Any:
        before = [(each, each.calls(optimizer)) for each in self.watching]
        result = self._original(optimizer, *args, **kwargs)
        for each, count in before:
            if each.calls(optimizer) == count:
                each.skipped(each, optimizer)
        return result

    def taken_out(self, attributes: dict[str, Any]) -> dict[str, Any]:
        """Attributes of the scaler, as they were before."""
        for name, ours in self._ours.items():
            if attributes.get(name) is ours:
                del attributes[name]
                if name in self._before:
                    attributes[name] = self._before[name]
        return attributes


def scaler_that_calls() -> GradScaler | None:
    """The scaler whose `step` is under way in this thread, if one is."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        if frame.f_globals.get("__name__") == grad_scaler.__name__ and isinstance(found := frame.f_locals.get("self"), GradScaler):
            return found
        frame = frame.f_back
    return None
