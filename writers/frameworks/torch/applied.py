"""One optimizer among those watched: its parameters, and what is held of them from one hook to the next."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor
from torch.optim import Optimizer

from writers.distributions_writer import GRADIENTS
from writers.frameworks.torch.backward_ends import BackwardEnds
from writers.frameworks.torch.change import CHANGE, Change
from writers.frameworks.torch.gradients import Rows, Told, by_device, gradients_of, told_of, unscaled
from writers.frameworks.torch.layout import Layout
from writers.frameworks.torch.samples import Samples, samples_of
from writers.frameworks.torch.samples import unscaled as unscaled_samples
from writers.frameworks.torch.told_steps import ToldStep


class Applied:
    """An optimizer and its parameters.

    Args:
        optimizer: The user's.
        backward: Tells when gradients are there, before anybody clips them; None where they are not whole then.

    Attributes:
        rows: Its parameters with their rows.
        strangers: Those of its parameters that the model has not.
        first_group: Place of its first rate among all rates.
        groups: How many rates of it are told.
    """

    def __init__(self, optimizer: Optimizer, backward: BackwardEnds | None) -> None:
        self.optimizer, self._backward = optimizer, backward
        self.rows: Rows = []
        self.strangers: list[Tensor] = []
        self.first_group = self.groups = 0
        self._known: list[Tensor] = []
        self._known_as: list[list[tuple[int, bool]]] = []
        self._reached: Sequence[Tensor] = _NONE
        self.calls = 0
        self.has_closure = self.is_evaluated = False
        self.pending: list[Told] | None = None
        self._pending_samples: Samples = {}
        self._changes: list[tuple[list[int], Change]] = []

    def is_known(self) -> bool:
        """Whether its parameters are those that are laid out: groups may be added, and layers frozen."""
        return self._as_they_are() == self._known_as

    def lay_out(self, layout: Layout, first_group: int, groups: int) -> None:
        """Takes the rows of a layout for the parameters that it has by now, and the places of as many rates."""
        self._known = [p for group in self.optimizer.param_groups for p in group["params"]]  # while they are held their ids are theirs
        self._known_as = self._as_they_are()
        self.first_group, self.groups = first_group, groups
        self.rows = [(layout.row_of[id(p)], p) for p in self._known if id(p) in layout.row_of]
        of_model = {id(tensor) for tensor in layout.tensors}
        self.strangers = [p for p in self._known if id(p) not in of_model]
        self._reached = [p for _, p in self.rows]

    def _as_they_are(self) -> list[list[tuple[int, bool]]]:
        return [[(id(p), p.requires_grad) for p in group["params"]] for group in self.optimizer.param_groups]

    @property
    def places(self) -> list[int]:
        """The rows of its parameters."""
        return [row for row, _ in self.rows]

    def arm(self, is_wanted: bool) -> None:
        """Looks at the end of backward passes from now on, or no longer."""
        if self._backward is not None:
            self._backward.arm(self._reached if is_wanted else _NONE)

    def tell_ahead(self, is_full: bool, is_spread: bool) -> None:
        """Tells of gradients as the backward pass leaves them, for the step to come.

        Args:
            is_full: Whether all moments.
            is_spread: Whether some of their values, too.
        """
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
        self.has_closure = self.is_evaluated = False
        self.pending, self._changes, self._pending_samples = None, [], {}

    def _samples(self) -> Samples:
        return samples_of([(row, parameter.grad) for row, parameter in self.rows if parameter.grad is not None])


_NONE: Sequence[Tensor] = ()
