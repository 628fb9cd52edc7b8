"""How the parts of a module are connected, as `torch.fx` reads it off its own code."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import torch
from torch import fx, nn

from writers.frameworks.torch.parameters import is_compiled


def graph_of(model: nn.Module) -> fx.Graph:
    """The graph of an unwrapped model, whose code is run once, with stand-ins for tensors, in a copy that shares its arrays.

    Raises:
        Exception: Whatever its code raises when it meets a stand-in.
    """
    arrays = {id(tensor): tensor for tensor in [*model.parameters(), *model.buffers()]}
    if is_compiled(model):
        raise TypeError("a part of it is compiled")
    with _same_random_numbers(), torch.no_grad():
        standing_in = copy.deepcopy(model, dict(arrays))
        for module in standing_in.modules():
            for hooks in (module._forward_hooks, module._forward_pre_hooks, module._backward_hooks, module._backward_pre_hooks):
                hooks.clear()
        return fx.Tracer().trace(standing_in)


@contextmanager
def _same_random_numbers() -> Iterator[None]:
    of_python, of_numpy = random.getstate(), np.random.get_state()
    devices = list(range(torch.cuda.device_count())) if torch.cuda.is_initialized() else []  # to ask an unused one would be to start it
    with torch.random.fork_rng(devices):
        try:
            yield
        finally:
            random.setstate(of_python)
            np.random.set_state(of_numpy)
