"""Hooks on optimizers, which tell of the steps that are due."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Any

import torch
from torch import Tensor
from torch.amp.grad_scaler import GradScaler
from torch.optim import Optimizer

from writers.distributions_schedule import DistributionsSchedule
from writers.distributions_writer import WEIGHTS
from writers.frameworks.torch.applied import Applied
from writers.frameworks.torch.backward_ends import BackwardEnds
from writers.frameworks.torch.gradients import Told, told_of
from writers.frameworks.torch.layout import Layout
from writers.frameworks.torch.samples import samples_of
from writers.frameworks.torch.scalers import ScalerSteps, scaler_that_calls
from writers.frameworks.torch.told_steps import Number, ToldStep
from writers.frameworks.torch.unseen import Unseen, compiled_away
from writers.guard import Guard
from writers.statistics_schedule import LEAST_SPACING, StatisticsSchedule

_PART = "gradients and weights"
_LOOKS_BETWEEN = 16  # between two steps that are due: where a training ends before the next, no more than a 16th is untold


class Capture:
    """Counts the steps of a training and tells of those that are due.

    A step is one round of its optimizers: it ends when one that was applied in it is applied again. Nothing of a tensor
    is computed on a step that is not due, and nothing is copied off its device.

    Args:
        optimizers: By name.
        layout: What rows and places they are told on.
        schedule: Which steps are due.
        distributions: Of which, or of the next ones that are due, some values are looked at.
        first_step: Number of the next step.
        sees_backward: Whether gradients are whole when a backward pass ends.
        finished: Called with each told step; whether it is due by the schedule, or only the latest so far.
        renewed: Asked for another layout, once an optimizer has other parameters.
        guard: Where failures of ours end.
    """

    def __init__(
        self,
        optimizers: Mapping[str, Optimizer],
        layout: Layout,
        *,
        schedule: StatisticsSchedule,
        distributions: DistributionsSchedule,
        first_step: int,
        sees_backward: bool,
        finished: Callable[[ToldStep, bool], None],
        renewed: Callable[[], Layout],
        guard: Guard,
    ) -> None:
        self._schedule, self._finished, self._renewed, self._guard = schedule, finished, renewed, guard
        self._each = [Applied(optimizer, BackwardEnds(self._ended(number)) if sees_backward else None) for number, optimizer in enumerate(optimizers.values())]
        self._lay_out(layout)
        self._step, self._last_due = first_step, first_step - 1
        self._next = min(schedule.next_due(first_step), first_step + LEAST_SPACING)
        self._distributions = distributions
        self._wanted = self._spread_after(first_step)
        self._round: set[int] = set()  # the optimizers applied in it so far
        self._told: ToldStep | None = None
        self._is_loss_ahead: bool | None = None
        self._ahead: list[Number] = []
        self._scalers: list[ScalerSteps] = []
        self._handles: list[Any] = []
        self._unseen = Unseen([type(optimizer).__name__ for optimizer in optimizers.values()], guard)

    @property
    def step(self) -> int:
        """Steps finished."""
        return self._step + bool(self._round)

    def install(self, scaler: GradScaler | None) -> None:
        """Puts the hooks there."""
        for number, each in enumerate(self._each):
            self._handles.append(each.optimizer.register_step_pre_hook(self._before(number)))
            self._handles.append(each.optimizer.register_step_post_hook(self._after(number)))
        if scaler is not None:
            self._adopt(scaler)
        self._arm()

    def remove(self) -> None:
        """Takes them away, and finishes the step under way."""
        self._unseen.ended()
        handles, self._handles = self._handles, []
        for handle in handles:
            handle.remove()
        for each in self._each:
            each.arm(False)
        for known in self._scalers:
            known.remove()
        self._end_round()

    def loss(self, loss: Number) -> None:
        """The loss of a batch: of the step to come or of the one just made, as the first one given tells."""
        self._unseen.batch("losses")
        if self._is_loss_ahead is None:
            self._is_loss_ahead = not self._round
        if self._is_loss_ahead and len(self._round) in (0, len(self._each)):
            if self._is_wanted(self.step):
                self._ahead.append(_kept(loss))
        elif self._told is not None:
            self._told.losses.append(_kept(loss))

    def _before(self, number: int) -> Callable[..., tuple[tuple[Any, ...], dict[str, Any]] | None]:
        key = self._unseen.key

        def before(optimizer: Optimizer, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[tuple[Any, ...], dict[str, Any]] | None:
            if torch.compiler.is_compiling():
                compiled_away(key, number)
                return None
            each = self._each[number]
            each.calls += 1
            self._begin(number)
            if self._told is None:
                return None
            closure = next((argument for argument in [*args[1:], *kwargs.values()] if callable(argument)), None)
            self._attempt(self._tell_before, each, self._told, closure is not None)
            if closure is None:
                return None
            ours = self._looked_at(closure, each, self._told)
            return tuple(ours if argument is closure else argument for argument in args), {
                name: ours if argument is closure else argument for name, argument in kwargs.items()
            }

        return before

    def _looked_at(self, closure: Callable[..., Any], each: Applied, told: ToldStep) -> Callable[..., Any]:
        """A closure whose first evaluation is told of: at the weights told, and before the optimizer does anything to its gradients."""

        @wraps(closure)
        def evaluated(*args: Any, **kwargs: Any) -> Any:
            try:
                result = closure(*args, **kwargs)
            except BaseException:
                each.forget()
                raise
            if not each.is_evaluated:
                each.is_evaluated = True
                self._attempt(self._tell_gradient_of_closure, each, told)
            return result

        return evaluated

    def _after(self, number: int) -> Callable[..., None]:
        def after(optimizer: Optimizer, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> None:
            if torch.compiler.is_compiling():
                return
            if self._told is not None:
                self._attempt(self._tell_after, self._each[number], self._told)
            self._leave(number)

        return after

    def _ended(self, number: int) -> Callable[[], None]:
        def ended() -> None:
            each = self._each[number]
            self._unseen.batch(number)
            step = self._step if each.has_closure else self._step + (number in self._round)
            if not self._is_wanted(step):
                return
            if len(self._round) in (0, len(self._each)) and not any(one.has_closure for one in self._each):
                self._attempt(self._look)
            if not each.is_evaluated:  # of a closure's evaluations the first is at the weights told
                self._attempt(each.tell_ahead, self._schedule.is_full(step), self._is_spread(step))

        return ended

    def _skipped(self, scaler: ScalerSteps, optimizer: Optimizer) -> None:
        """A step that loss scaling left out."""
        for number, each in enumerate(self._each):
            if each.optimizer is optimizer:
                self._begin(number)
                if self._told is not None:
                    self._told.skipped.append((each.places, 1.0))
                    self._attempt(self._tell_before, each, self._told, False, scaler)
                self._leave(number)

    def _begin(self, number: int) -> None:
        self._unseen.is_over = True
        if number in self._round:
            self._end_round()
        if not self._round and self._step == self._next:
            self._attempt(self._look)
            self._told = ToldStep(self._step, self._layout, losses=self._ahead, samples={} if self._step == self._wanted else None)
        self._ahead = []
        self._round.add(number)

    def _look(self) -> None:
        """Finds the parameters that optimizers have by now; only between two rounds, since a step is told on one layout."""
        if not all(each.is_known() for each in self._each):
            layout = self._layout
            try:
                layout = self._renewed()
            finally:
                self._lay_out(layout)

    def _lay_out(self, layout: Layout) -> None:
        self._layout = layout
        ends = [*layout.first_groups[1:], len(layout.groups)]
        for each, first, end in zip(self._each, layout.first_groups, ends, strict=True):
            each.lay_out(layout, first, end - first)

    def _leave(self, number: int) -> None:
        self._each[number].forget()
        self._arm()

    def _end_round(self) -> None:
        if not self._round:
            return
        told, self._told = self._told, None
        if self._next <= self._step:
            self._next = self._following(self._step)
        is_due = self._schedule.is_due(self._step)
        if is_due:
            self._last_due = self._step
        if self._wanted <= self._step:
            self._wanted = self._spread_after(self._step + 1)
        self._round.clear()
        self._step += 1
        if told is not None:
            self._guard.attempt(_PART, self._finished, told, is_due)

    def _tell_before(self, each: Applied, told: ToldStep, has_closure: bool, skipping: ScalerSteps | None = None) -> None:
        if any(p.grad is not None for p in each.strangers):
            self._say_strangers(each)
        is_full = self._schedule.is_full(told.step)
        _tell(told, "weight", told_of(each.rows, is_full=is_full))
        if is_full and len(self._round) == 1:
            _tell(told, "weight", told_of(self._layout.rest, is_full=True))
        if told.samples is not None:
            told.look_at(WEIGHTS, samples_of([*each.rows, *(self._layout.rest if len(self._round) == 1 else [])]))
        for i, group in enumerate(each.optimizer.param_groups[: each.groups]):
            rate = group["lr"]
            told.rates[each.first_group + i] = rate.detach().clone() if isinstance(rate, Tensor) else float(rate)
        scaler = skipping or self._scaler_of(each.optimizer)
        scale = None if scaler is None else scaler.scale
        if scale is not None and not isinstance(told.scale, Tensor):
            told.scale = scale
        if isinstance(found := getattr(each.optimizer, "found_inf", None), Tensor):  # it skips by itself
            told.skipped.append((each.places, found.detach().clone()))
        each.has_closure = has_closure
        if has_closure:
            each.hold(each.rows)
        else:
            each.tell_gradient(told, scale, is_full=is_full)
            each.hold([(row, p) for row, p in each.rows if p.grad is not None])

    def _say_strangers(self, each: Applied) -> None:
        shapes = ", ".join(str(list(p.shape)) for p in each.strangers[:5])
        message = f"Layerscope tells of the model that it watches; {len(each.strangers)} parameters that {type(each.optimizer).__name__} trains are not in it"
        self._guard.say("strangers", f"{message} (of shape {shapes}). Have them told with watch(nn.ModuleList([model, other]), …)")

    def _tell_after(self, each: Applied, told: ToldStep) -> None:
        if each.has_closure and not each.is_evaluated:  # the optimizer has left it out
            self._tell_gradient_of_closure(each, told)
        each.tell_change(told, is_full=self._schedule.is_full(told.step))

    def _tell_gradient_of_closure(self, each: Applied, told: ToldStep) -> None:
        each.tell_gradient(told, None, is_full=self._schedule.is_full(told.step))

    def _scaler_of(self, optimizer: Optimizer) -> ScalerSteps | None:
        """Whose step has called an optimizer's, else who has unscaled its gradients: each may have a scaler of its own, or none."""
        calling = scaler_that_calls()
        if calling is None:
            return next((known for known in self._scalers if known.has_unscaled(optimizer)), None)
        return next((known for known in self._scalers if known.scaler is calling), None) or self._adopt(calling)

    def _adopt(self, scaler: GradScaler) -> ScalerSteps:
        calls = {id(each.optimizer): each for each in self._each}
        found = ScalerSteps(scaler, calls=lambda optimizer: calls[id(optimizer)].calls if id(optimizer) in calls else 0, skipped=self._skipped)
        self._scalers.append(found)
        return found

    def _arm(self) -> None:
        for number, each in enumerate(self._each):
            # Until a step is seen batches are counted, by which it is known that none is.
            self._guard.attempt(_PART, each.arm, not self._unseen.is_over or self._is_wanted(self._step + (number in self._round)))

    def _is_wanted(self, step: int) -> bool:
        """Whether the step of the present round, or the one after it, will be told."""
        return step == (self._next if self._next >= step else self._following(self._next))

    def _is_spread(self, step: int) -> bool:
        """Whether distributions are told of the step of the present round, or the one after it, if it is told."""
        return step == (self._wanted if self._wanted >= step else self._spread_after(step))

    def _following(self, step: int) -> int:
        """The next to tell after a told step: one that is due, or before it one to know the end by, if it is the end."""
        due = self._schedule.next_due(step + 1)
        last = step if self._schedule.is_due(step) else self._last_due
        return min(due, step + max(LEAST_SPACING, (due - last) // _LOOKS_BETWEEN))

    def _spread_after(self, step: int) -> int:
        """The next step, from this one on, whose distributions are told."""
        length, due = self._schedule.length, self._distributions.next_due(step)
        return self._schedule.next_due(min(due, length - 1) if length is not None and step < length else due)

    def _attempt(self, action: Callable[..., None], *args: Any) -> None:
        with torch.no_grad():
            self._guard.attempt(_PART, action, *args)


def _kept(loss: Number) -> Number:
    """As it is now: sums over batches are begun with it and added to in place, and CUDA graphs write the next one over it."""
    return loss.detach().clone() if isinstance(loss, Tensor) else loss


def _tell(told: ToldStep, of: str, what: Sequence[Told]) -> None:
    for rows, moments, values in what:
        told.tell(of, moments, rows, values)
