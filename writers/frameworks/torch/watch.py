"""What a user of PyTorch calls: one line before the loop, and the optimizer tells the rest."""

from __future__ import annotations

import math
import operator
import os
import weakref
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from torch import Tensor, nn
from torch.amp.grad_scaler import GradScaler
from torch.optim import Optimizer

from tb_plugin.schema.parameters import Parameters
from writers import distributions_schedule, weight_values_schedule
from writers.disabled import is_disabled
from writers.distributions_schedule import DistributionsSchedule
from writers.distributions_writer import GRADIENTS, WEIGHTS, DistributionsWriter
from writers.frameworks.torch.capture import Capture
from writers.frameworks.torch.layout import Layout, layout_of
from writers.frameworks.torch.parameters import is_spread, tensors_of, unwrapped
from writers.frameworks.torch.recording import Recording
from writers.frameworks.torch.samples import on_host
from writers.frameworks.torch.structure import structure_of
from writers.frameworks.torch.told_steps import ToldStep, brought_over
from writers.frameworks.torch.training_facts import facts_of
from writers.frameworks.torch.weight_values import WeightValues
from writers.open_watches import OpenWatches
from writers.run_writer import RunWriter
from writers.statistics_packer import STEPS_A_RECORD, StatisticsPacker
from writers.statistics_schedule import BUDGET, StatisticsSchedule
from writers.watch_arguments import check_watch_arguments
from writers.watched_run import WatchedRun
from writers.weight_values_wanted import Wanted, checked_weights, is_wanted
from writers.weight_values_writer import WHAT


def watch(
    model: nn.Module,
    optimizer: Optimizer | Sequence[Optimizer] | Mapping[str, Optimizer],
    logdir: str | os.PathLike[str] | None = None,
    *,
    to: Any = None,
    steps: int | None = None,
    initial_step: int | None = None,
    budget: float = 1.0,
    loss_scaler: GradScaler | None = None,
    hyperparameters: Mapping[str, Any] | None = None,
    weights: bool | Sequence[str] = True,
) -> Watch:
    """Logs weights, gradients, updates and learning rates of each step that an optimizer makes, and the model's layers.

    ```python
    run = watch(model, optimizer, "logs/run-1")
    for x, y in data:
        optimizer.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
        run.loss(loss)
    run.close()
    ```

    A training is not changed by it: weights are the same to the bit, no random number is drawn, and what fails in it is
    said once and never raised. Nothing is copied off the device but what was told of many steps, at once, and at a few of
    them the values of weights.

    Args:
        model: What is trained, also compiled or spread over devices.
        optimizer: Of its parameters; several in a list, or by name.
        logdir: The run's directory, as of `RunWriter`.
        to: Instead of it: an open `RunWriter`, or a `SummaryWriter`, whose run is added to.
        steps: How many steps the training will have, if known: then what is kept is spread evenly over it.
        initial_step: Steps made before, where a training goes on that the optimizer's state does not tell of.
        budget: How much to keep; 1 is 4 MB of statistics, 1 MB of distributions and 1 MB of values of weights.
        loss_scaler: The `GradScaler`, if there is one. It is found by itself at the first step that it does not leave out.
        hyperparameters: What you want to remember, by name.
        weights: Whether to tell the values of the model's parameters at a few steps; or a list of those of which, by path:
            `["conv1/weight"]`. Of a large parameter a part.

    Raises:
        TypeError, ValueError: An argument is not what it should be.
        OSError: The run cannot be written.
    """
    if not isinstance(model, nn.Module):
        raise TypeError(f"watch() takes a torch.nn.Module; it is {type(model).__name__}")
    optimizers = _optimizers(optimizer)
    check_watch_arguments(budget=budget, initial_step=initial_step)
    values_of = checked_weights(weights)
    if loss_scaler is not None and not isinstance(loss_scaler, GradScaler):
        raise TypeError(f"loss_scaler must be a torch.amp.GradScaler; it is {type(loss_scaler).__name__}")
    tensors = tensors_of(unwrapped(model))
    own = {id(tensor) for _, _, tensor in tensors}
    for name, each in optimizers.items():
        if not any(id(parameter) in own for group in each.param_groups for parameter in group["params"]):
            raise ValueError(
                f"the optimizer {name or type(each).__name__} holds none of the model's parameters: was it made of another model, or before model.to(…)?"
            )
    _open.close_earlier(optimizers.values())
    earlier = _earlier(unwrapped(model))
    if earlier is not None and _is_into(earlier.writer, to if logdir is None else logdir):
        earlier.close()  # another optimizer goes on with its run
    run = to if isinstance(to, RunWriter) and logdir is None else RunWriter(logdir, to=to, steps=steps)
    return Watch(
        model,
        optimizers,
        run,
        steps=steps or run.steps,
        first_step=_first_step(unwrapped(model), optimizers) if initial_step is None else operator.index(initial_step),
        budget=float(budget),
        loss_scaler=loss_scaler,
        hyperparameters=hyperparameters or {},
        weights=values_of,
        is_ours=run is not to,
    )


class Watch(WatchedRun):
    """A training that is watched: made by `watch()`, and closed when it is over.

    Attributes:
        writer: The run, for whatever else is to be written to it.
    """

    def __init__(
        self,
        model: nn.Module,
        optimizers: Mapping[str, Optimizer],
        writer: RunWriter,
        *,
        steps: int | None,
        first_step: int,
        budget: float,
        loss_scaler: GradScaler | None,
        hyperparameters: Mapping[str, Any],
        weights: Wanted,
        is_ours: bool,
    ) -> None:
        super().__init__(writer, is_ours=is_ours)
        self._inner, self._optimizers = unwrapped(model), optimizers
        self._held: list[ToldStep] = []
        self._latest: ToldStep | None = None
        self._layout, self._axes = layout_of(self._inner, optimizers), 1
        if odd := self._layout.odd:
            self._guard.say("odd", f"Layerscope has statistics of real floats on one device; these parameters are left out: {', '.join(odd[:5])}")
        size = len(self._layout.tensors)
        schedule = StatisticsSchedule(BUDGET * budget, size, steps)
        self._packer = StatisticsPacker(writer, schedule)
        self._distributions: DistributionsWriter | None = None
        self._distributed: Parameters | None = None  # the axis that they are of
        distributions = self._distributions_schedule = DistributionsSchedule(distributions_schedule.BUDGET * budget, size, steps)
        sees_backward = not is_spread(model) and not is_spread(getattr(model, "_orig_mod", model))
        self._capture = Capture(
            optimizers,
            self._layout,
            schedule=schedule,
            distributions=distributions,
            first_step=first_step,
            sees_backward=sees_backward,
            finished=self._finished,
            renewed=self._renewed,
            guard=self._guard,
        )
        if is_disabled():
            return
        self._is_closed = False
        self._guard.attempt("the last step on disk", self._warn_of_earlier_steps, first_step)
        self._weights, self._weight_bytes, self._steps = weights, weight_values_schedule.BUDGET * budget, steps
        self._values: WeightValues | None = self._guard.attempt(WHAT, self._values_of_weights) if is_wanted(weights) else None
        values = {} if self._values is None else {"weights": str(self._values.schedule)}
        facts = facts_of(
            optimizers,
            first_step=first_step,
            schedule={"tensor_stats": str(schedule), "distributions": str(distributions), "gradients": _BEFORE if sees_backward else _APPLIED, **values},
            budget={
                "statistics": round(BUDGET * budget),
                "distributions": round(distributions_schedule.BUDGET * budget),
                **dict.fromkeys(values, round(self._weight_bytes)),
            },
            hyperparameters=hyperparameters,
        )
        self._guard.attempt("facts about the training", writer.write, "training_facts", facts, first_step)
        self._first_step = first_step
        self._recording: Recording | None = Recording(model)
        self._capture.install(loss_scaler)
        self._tell_values()
        _open.add(self, optimizers.values())
        _latest[self._inner] = weakref.ref(self)

    @property
    def step(self) -> int:
        """Steps finished: the number to write an evaluation at."""
        return self._capture.step

    def loss(self, loss: Tensor | float) -> None:
        """The loss of this batch, as it is on its device: `run.loss(loss)`, always before `optimizer.step()` or always after it.

        Under gradient accumulation call it for each batch, with the loss before it is divided; the step has their mean.

        Raises:
            TypeError, ValueError: It is not one number.
        """
        if isinstance(loss, Tensor):
            if loss.numel() != 1:
                raise ValueError(f"loss must be one number; its shape is {list(loss.shape)}. Reduce it first: loss.mean()")
            loss = loss.detach()
        elif isinstance(loss, bool) or not isinstance(loss, int | float):
            raise TypeError(f"loss must be a tensor of one number, or a number; it is {type(loss).__name__}")
        if not self._is_closed:
            self._capture.loss(loss)

    def flush(self) -> None:
        """Writes what was told so far."""
        if not self._is_closed:
            self._guard.attempt("statistics", self._drain)
        self.writer.flush()

    def _close(self) -> None:
        """Also takes all hooks off the scaler."""
        self._capture.remove()
        self._guard.attempt("the structure of the model", self._write_structure)
        if self._latest is not None:
            self._held.append(self._latest)
        self._guard.attempt("statistics", self._drain)
        if self._distributions is not None:
            self._guard.attempt(_SPREAD, self._distributions.close)
        if self._values is not None:
            self._values.close(self.step)
        latest = _latest[self._inner]() if self._inner in _latest else None
        if latest is None or latest is self:
            _counts[self._inner] = self.step
        _open.discard(self, self._optimizers.values())
        self._let_go()

    def _renewed(self) -> Layout:
        """The rows after some optimizer has got other parameters."""
        layout = layout_of(self._inner, self._optimizers, self._layout)
        if layout.parameters is not self._layout.parameters:
            if self._axes == _MOST_AXES:
                self._guard.say("strangers", f"The model has got other parameters {_MOST_AXES} times: Layerscope goes on with those that it had the last time")
                return self._layout
            self._axes += 1
        is_other, self._layout = layout.parameters is not self._layout.parameters, layout
        if is_other and self._values is not None:
            self._values = self._guard.attempt(WHAT, self._values_of_weights)
        return layout

    def _finished(self, told: ToldStep, is_due: bool) -> None:
        if self._recording is not None:
            self._guard.attempt("the structure of the model", self._write_structure)
        self._tell_values()
        self._packer.times.note(told.step, told.made)
        if told.samples is not None:
            self._guard.attempt(_SPREAD, self._write_distributions, told)
        if not is_due:
            self._latest = told
            return
        self._latest = None
        self._held.append(told)
        if len(self._held) >= STEPS_A_RECORD or self._packer.is_late():
            self._drain()

    def _drain(self) -> None:
        held, self._held = self._held, []
        for _, steps in groupby(held, lambda told: told.layout):
            told, has_loss = brought_over(list(steps))
            self._packer.write(told, has_loss=has_loss)

    def _write_distributions(self, told: ToldStep) -> None:
        samples, told.samples = told.samples, None
        parameters, strides = told.layout.parameters, told.layout.strides
        if self._distributions is None or parameters is not self._distributed:
            schedule = self._distributions_schedule.histograms(self._first_step if self._distributions is None else told.step)
            self._distributions, self._distributed = DistributionsWriter(self.writer, parameters, strides, schedule), parameters
        found = on_host({WEIGHTS: {}, GRADIENTS: {}} | (samples or {}), len(strides))
        self._distributions.write(told.step, found[WEIGHTS], found[GRADIENTS])

    def _values_of_weights(self) -> WeightValues:
        layout = self._layout
        budget, steps = self._weight_bytes, self._steps
        return WeightValues(self._inner, layout.parameters, layout.tensors, self._weights, self.writer, budget=budget, steps=steps, guard=self._guard)

    def _tell_values(self) -> None:
        if self._values is not None:
            self._guard.attempt(WHAT, self._values.tell, self.step)

    def _write_structure(self) -> None:
        recording, self._recording = self._recording, None
        if recording is not None:
            recording.remove()
            self.writer.write("structure", structure_of(self._inner, self._layout.parameters, recording), self._first_step)


_BEFORE = "as the backward pass leaves them, before clipping; the clip factor, where it is known, tells what was applied"
_APPLIED = "as the optimizer applies them, after clipping"

_MOST_AXES = 20  # each is a record
_SPREAD = "the distributions of weights and gradients"

_counts: weakref.WeakKeyDictionary[nn.Module, int] = weakref.WeakKeyDictionary()
_latest: weakref.WeakKeyDictionary[nn.Module, weakref.ref[Watch]] = weakref.WeakKeyDictionary()
_open = OpenWatches()


def _earlier(model: nn.Module) -> Watch | None:
    """Who still watches a model, the latest of them."""
    found = _latest[model]() if model in _latest else None
    return None if found is None or found._is_closed else found


def _is_into(writer: RunWriter, where: Any) -> bool:
    return writer is where or (isinstance(where, str | os.PathLike) and bool(writer.logdir) and os.path.abspath(where) == os.path.abspath(writer.logdir))


def _optimizers(given: Any) -> dict[str, Optimizer]:
    if isinstance(given, Mapping):
        found = {str(name): each for name, each in given.items()}
    elif isinstance(given, list | tuple):
        found = {str(i): each for i, each in enumerate(given)} if len(given) > 1 else dict(zip([""], given, strict=False))
    else:
        found = {"": given}
    for name, each in found.items():
        while isinstance(getattr(each, "optimizer", None), Optimizer):  # in a wrapper, such as Accelerate's
            each = found[name] = each.optimizer
        if not isinstance(each, Optimizer):
            raise TypeError(f'watch() takes a torch.optim.Optimizer, or several: watch(model, [one, other], "logs/run-1"); it is {type(each).__name__}')
    if not found:
        raise ValueError("watch() takes an optimizer of the model's parameters; the list is empty")
    return found


def _first_step(model: nn.Module, optimizers: Mapping[str, Optimizer]) -> int:
    """Steps made before: of this model in this process, else as the state of a restored optimizer counts them."""
    if (earlier := _earlier(model)) is not None:
        return earlier.step
    if model in _counts:
        return _counts[model]
    counts = [state["step"] for optimizer in optimizers.values() for state in optimizer.state.values() if "step" in state]
    return max((int(count) for count in counts if math.isfinite(count)), default=0)
