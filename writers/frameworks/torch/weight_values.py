"""The values of a module's parameters, at some of its steps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from tb_plugin.schema.parameters import Parameters
from writers.frameworks.torch.parameters import modules_of
from writers.guard import Guard
from writers.host_arrays import host_array
from writers.run_writer import RunWriter
from writers.weight_values_schedule import WeightValuesSchedule, schedule_of
from writers.weight_values_wanted import Wanted, chosen
from writers.weight_values_writer import WHAT, WeightValuesWriter

Array = np.ndarray[Any, Any]

_UNIT = 100
"""Steps between the first moment and the next, where nobody knows how many there will be."""

_FLOATS = (torch.float16, torch.bfloat16, torch.float32, torch.float64)
_PLACES = ("", "length", "height,width", "depth,height,width")
_GATES = {"LSTM": "gate:input|forget|cell|output", "GRU": "gate:reset|update|new", "RNN": "out"}


def axes_of(module: nn.Module, name: str, rank: int) -> str:
    """What the axes of a parameter are, as `weight_values` has them; empty where nobody knows.

    Args:
        module: Whose it is.
        name: Its own name: `weight`.
        rank: How many axes it has.
    """
    if rank == 1:
        return "feature" if isinstance(module, nn.modules.batchnorm._NormBase | nn.LayerNorm | nn.GroupNorm | nn.RMSNorm) else "out"
    if isinstance(module, nn.modules.conv._ConvNd) and name == "weight" and rank == 2 + len(module.kernel_size):
        places = _PLACES[len(module.kernel_size)]
        return f"in,out,{places}" if module.transposed else f"out,in,{places}"
    if isinstance(module, nn.RNNBase) and rank == 2:
        gates = _GATES[module.mode.partition("_")[0]]
        return f"{gates},in" if name.startswith("weight_ih") else f"{gates},state" if name.startswith("weight_hh") else ""
    if isinstance(module, nn.MultiheadAttention) and rank == 2:
        return "out:query|key|value,in" if name == "in_proj_weight" else "out,in"
    if isinstance(module, nn.Linear) and rank == 2:
        return "out,in"
    return "id,feature" if isinstance(module, nn.Embedding | nn.EmbeddingBag) and rank == 2 else ""


class WeightValues:
    """Tells of the values of a module's parameters, where they are due.

    Args:
        model: What is trained, unwrapped.
        parameters: The axis.
        tensors: Its parameters and buffers, in its order.
        weights: Of which.
        run: Written to.
        budget: Bytes that they may take.
        steps: How many the training will have, if known.
        guard: Where failures end.
    """

    def __init__(
        self,
        model: nn.Module,
        parameters: Parameters,
        tensors: Sequence[Tensor],
        weights: Wanted,
        run: RunWriter,
        *,
        budget: float,
        steps: int | None,
        guard: Guard,
    ) -> None:
        paths, missing = chosen(weights, [parameter.path for parameter in parameters.parameters])
        if missing:
            guard.say("missing weights", f"The model has no parameter {missing[0]!r:.200}, whose values were asked for")
        modules = dict(modules_of(model))
        axes, shapes, self._arrays = [], [], dict[str, Callable[[], Array]]()
        for parameter, tensor in zip(parameters.parameters, tensors, strict=True):
            name = parameter.path.rpartition("/")[2].partition("#")[0]
            axes.append(axes_of(modules[parameter.layer], name, tensor.dim()) if parameter.layer in modules else "")
            is_told = parameter.path in paths and tensor.dtype in _FLOATS and parameter.tied_to is None and tensor.layout == torch.strided
            shapes.append(tuple(tensor.shape) if is_told else None)
            self._arrays[parameter.path] = partial(_copy, tensor)
        self._guard = guard
        self._writer = WeightValuesWriter(run, parameters, axes, schedule_of(shapes, axes, budget=budget, length=steps, unit=_UNIT), guard)

    @property
    def schedule(self) -> WeightValuesSchedule:
        """What is told, and when."""
        return self._writer.schedule

    def tell(self, step: int) -> None:
        """Tells of them, if they are due before this step."""
        if self._writer.is_due(step, step):
            self._writer.write(step, step, self._arrays)
        self._writer.collect()

    def close(self, step: int) -> None:
        """Tells of the last, and lets go of the model."""
        arrays, self._arrays = self._arrays, {}
        self._guard.attempt(WHAT, self._writer.close, step, step, arrays)


def _copy(tensor: Tensor) -> Array:
    """Its values on the host, of which nobody else changes any."""
    found = host_array(tensor.detach(), "the values of a parameter")
    return found.copy() if tensor.device.type == "cpu" else found
