"""One optimizer among those watched: its parameters, and what is held of them from one hook to the next."""

from __future__ import annotations

from collections.abc import Mapping

from torch import Tensor
from torch.optim import Optimizer

from writers.distributions_writer import GRADIENTS
from writers.frameworks.torch.backward_ends import BackwardEnds
from writers.frameworks.torch.change import CHANGE, Change
from writers.frameworks.torch.gradients import Rows, Told, by_device, gradients_of, told_of, unscaled
from writers.frameworks.torch.samples import Samples, samples_of
from writers.frameworks.torch.samples import unscaled as unscaled_samples
from writers.frameworks.torch.told_steps import ToldStep


class Applied:
    """An optimizer and its parameters.

    Args:
        optimizer: The user's.
        row_of: Rows of the tensors that have statistics, by their ids.
        first_group: Place of its first rate among all rates.
        backward: Tells when gradients are there, before anybody clips them; None where they are not whole then.

    Attributes:
        rows: Its parameters with their rows.
        groups: How many rates it had at the begin.
    """

    def __init__(self, optimizer: Optimizer, row_of: Mapping[int, int], first_group: int, backward: BackwardEnds | None) -> None:
        self.optimizer, self._row_of, self._backward = optimizer, row_of, backward
        self.first_group, self.groups = first_group, len(optimizer.param_groups)
        self.rows: Rows = []
        self._known = 0
        self.look()
        self.calls = 0
        self.has_closure = False
        self.pending: list[Told] | None = None
        self._pending_samples: Samples = {}
        self._changes: list[tuple[list[int], Change]] = []

    def look(self) -> None:
        """Finds the parameters that it has by now: groups of them may be added, as layers are unfrozen."""
        groups = self.optimizer.param_groups
        if len(groups) == self._known:
            return
        self._known = len(groups)
        self.rows = [(self._row_of[id(p)], p) for group in groups for p in group["params"] if id(p) in self._row_of]

    @property
    def places(self) -> list[int]:
        """The rows of its parameters."""
        return [row for row, _ in self.rows]

    def arm(self, is_wanted: bool) -> None:
        """Looks at the end of backward passes from now on, or no longer."""
        if self._backward is not None:
            self._backward.arm([p for _, p in self.rows] if is_wanted else [])

    def tell_ahead(self, is_full: bool, is_spread: bool) -> None:
        """Tells of gradients as the backward pass leaves them, for the step to come.

        Args:
            is_full: Whether all moments.
            is_spread: Whether some of their values, too.
        """
        self.look()
        self.pending = told_of(gradients_of(self.rows), is_full=is_full)
        self._pending_samples = self._samples() if is_spread else {}

    def tell_gradient(self, told: ToldStep, scale: Tensor | None, *, is_full: bool) -> None:
        """Gradients as the backward pass left them, where that was seen, and their norms as they are applied; else as they are applied.

        Args:
            told: Where to.
            scale: What the loss was multiplied with.
            is_full: Whether all moments.
        """
        present = gradients_of(self.rows)
        applied_scale = getattr(self.optimizer, "grad_scale", None)  # set where the optimizer divides by it itself
        pending, self.pending = self.pending, None
        samples, self._pending_samples = self._pending_samples, {}
        if pending is not None and [row for rows, _, _ in pending for row in rows] == [row for places, _ in by_device(present) for row in places]:
            gradients = unscaled(pending, scale)
            samples = unscaled_samples(samples, scale)
            if not self.has_closure:
                told.applied += [(rows, values[:, 0]) for rows, _, values in unscaled(told_of(present, is_full=False), applied_scale)]
        else:
            gradients = unscaled(told_of(present, is_full=is_full), applied_scale)
            samples = unscaled_samples(self._samples(), applied_scale) if told.samples is not None else {}
        for rows, moments, values in gradients:
            told.tell("gradient", moments, rows, values)
        told.look_at(GRADIENTS, samples)

    def hold(self, rows: Rows) -> None:
        """Holds some values of parameters that are about to change."""
        self._changes = [(places, Change(tensors)) for places, tensors in by_device(rows)]

    def tell_change(self, told: ToldStep, *, is_full: bool) -> None:
        """What has changed in those that were held."""
        has_gradient = {row for row, parameter in self.rows if parameter.grad is not None}
        for places, change in self._changes:
            chosen = [i for i, row in enumerate(places) if not self.has_closure or row in has_gradient]
            values = change.told(is_full=is_full)
            told.tell("update", CHANGE[: values.shape[1]], [places[i] for i in chosen], values if len(chosen) == len(places) else values[chosen])

    def forget(self) -> None:
        """Lets go of what is held: the step is made."""
        self.has_closure, self.pending, self._changes, self._pending_samples = False, None, [], {}

    def _samples(self) -> Samples:
        return samples_of([(row, parameter.grad) for row, parameter in self.rows if parameter.grad is not None])
