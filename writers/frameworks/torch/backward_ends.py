"""Tells when a backward pass is over: gradients are there then, and nobody has clipped them yet."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import torch
from torch import Tensor


class BackwardEnds:
    """Calls back at the end of each backward pass that reaches one of some parameters, while it is armed.

    It holds hooks on the parameters only then: on a step of which nothing is told, a backward pass meets none of ours.

    Args:
        ended: Called in the thread of the pass.
    """

    def __init__(self, ended: Callable[[], None]) -> None:
        self._ended = ended
        self._handles: dict[Tensor, Any] = {}
        self._armed: Sequence[Tensor] = ()
        self._queued: set[int] = set()  # the passes whose end will be told, by the engine's numbers

    def arm(self, parameters: Sequence[Tensor]) -> None:
        """Puts hooks on parameters that are trained, where there are none yet, and takes them off all others.

        The same list as before: they are there, since steps that are due often follow one another.
        """
        self._queued.clear()  # a pass that failed has left its own
        if parameters is self._armed:
            return
        before, self._handles, self._armed = self._handles, {}, parameters
        # Weakly: what a tensor holds of Python's is out of reach for its garbage collector.
        ours = weakref.WeakMethod(self._reached)

        def reached(parameter: Tensor) -> None:
            if not torch.compiler.is_compiling() and (still := ours()) is not None:
                still()

        for parameter in parameters:
            if parameter in before:  # also one that is frozen by now: it may be trained again
                self._handles[parameter] = before.pop(parameter)
            elif parameter.requires_grad and parameter.is_leaf:
                self._handles[parameter] = parameter.register_post_accumulate_grad_hook(reached)
        for handle in before.values():
            handle.remove()

    def _reached(self) -> None:
        number = torch._C._current_graph_task_id()
        if number not in self._queued:
            self._queued.add(number)
            # As PyTorch's own DistributedDataParallel and FSDP do; it runs where the pass waits for all of its streams.
            torch.autograd.Variable._execution_engine.queue_callback(partial(self._end, number))

    def _end(self, number: int) -> None:
        self._queued.discard(number)
        if self._handles:
            self._ended()
