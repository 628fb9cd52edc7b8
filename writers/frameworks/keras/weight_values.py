"""The values of a Keras model's weights, at the ends of its epochs or at some of its steps."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import keras
import numpy as np

from tb_plugin.schema.parameters import Parameters
from tb_plugin.schema.structure import Structure
from writers.guard import Guard
from writers.host_arrays import host_array
from writers.run_writer import RunWriter
from writers.weight_values import shapes_of
from writers.weight_values_schedule import WeightValuesSchedule, schedule_of
from writers.weight_values_wanted import Wanted, chosen
from writers.weight_values_writer import WHAT, WeightValuesWriter

Array = np.ndarray[Any, Any]

_PLACES = {3: "length", 4: "height,width", 5: "depth,height,width"}
"""Of a kernel, by how many axes it has."""
_GATES = {"LSTM": "gate:input|forget|cell|output", "GRU": "gate:update|reset|new", "SimpleRNN": "out"}
_FLOATS = ("float16", "bfloat16", "float32", "float64")


def axes_of(layer: str, name: str, rank: int) -> str:
    """What the axes of a variable are, as `weight_values` has them; empty where nobody knows.

    Args:
        layer: The class of its layer.
        name: Its own name: `kernel`.
        rank: How many axes it has.
    """
    if rank == 1:
        return "feature" if name in ("gamma", "beta", "moving_mean", "moving_variance", "scale") else "out"
    recurrent = next((gates for kind, gates in _GATES.items() if layer in (kind, f"{kind}Cell")), None)
    if recurrent is not None and rank == 2:
        return {"kernel": f"in,{recurrent}", "recurrent_kernel": f"state,{recurrent}"}.get(name, "")
    if rank in _PLACES and ("Conv" in layer) and "LSTM" not in layer:
        if name == "depthwise_kernel" or layer.startswith("Depthwise"):
            return f"{_PLACES[rank]},in,multiplier"
        return f"{_PLACES[rank]},out,in" if layer.endswith("Transpose") else f"{_PLACES[rank]},in,out"
    if layer in ("Dense", "EinsumDense") and rank == 2 and name == "kernel":
        return "in,out"
    return "id,feature" if layer in ("Embedding", "ReversibleEmbedding", "PositionEmbedding") and rank == 2 else ""


def axes_in_attention(name: str, rank: int) -> str:
    """The same of a variable of a layer inside an attention layer, by the layer's name."""
    if name in ("query", "key", "value"):
        return {2: "head,feature", 3: "in,head,feature"}.get(rank, "")
    return "head,feature,out" if name == "attention_output" and rank == 3 else ""


class WeightValues:
    """Tells of the values of a model's weights, where they are due.

    Args:
        model: What is trained.
        structure: Its layers and parameters, which are in the order of its weights.
        weights: Of which.
        run: Written to.
        budget: Bytes that they may take.
        length: How many epochs, or steps, the training will have, if known.
        guard: Where failures end.
        unit: Where that is not known, how many lie between the first moment and the next.
    """

    def __init__(
        self, model: Any, structure: Structure, weights: Wanted, run: RunWriter, *, budget: float, length: int | None, guard: Guard, unit: int = 1
    ) -> None:
        assert isinstance(structure.parameters, Parameters)
        parameters = structure.parameters
        paths, missing = chosen(weights, [parameter.path for parameter in parameters.parameters])
        if missing:
            guard.say("missing weights", f"The model has no parameter {missing[0]!r:.200}, whose values were asked for; {_some(parameters)}")
        shapes, axes = shapes_of(parameters), _axes(structure, parameters)
        is_told = [parameter.path in paths and parameter.dtype in _FLOATS for parameter in parameters.parameters]
        self._arrays: Mapping[str, Callable[[], Array]] = {
            parameter.path: partial(_copy, variable) for parameter, variable in zip(parameters.parameters, model.weights, strict=True)
        }
        wanted = [shape if is_one else None for shape, is_one in zip(shapes, is_told, strict=True)]
        self._guard = guard
        self._writer = WeightValuesWriter(run, parameters, axes, schedule_of(wanted, axes, budget=budget, length=length, unit=unit), guard)

    @property
    def schedule(self) -> WeightValuesSchedule:
        """What is told, and when."""
        return self._writer.schedule

    def next_due(self, number: int) -> int:
        """The next moment that is not before this epoch, or step."""
        return self._writer.schedule.next_due(number)

    def tell(self, number: int, step: int) -> None:
        """Tells of them, if they are due.

        Args:
            number: How many epochs, or steps, are over.
            step: Batches finished.
        """
        if self._writer.is_due(number, step):
            self._writer.write(number, step, self._arrays)
        self._writer.collect()

    def close(self, number: int, step: int) -> None:
        """Tells of the last, and lets go of the model."""
        arrays, self._arrays = self._arrays, {}
        self._guard.attempt(WHAT, self._writer.close, number, step, arrays)


def _axes(structure: Structure, parameters: Parameters) -> list[str]:
    layers = {node.layer: node for node in structure.nodes if node.layer}
    inside = {path for path, node in layers.items() if node.class_.endswith("Attention")}
    found = []
    for parameter, shape in zip(parameters.parameters, shapes_of(parameters), strict=True):
        node, name = layers.get(parameter.layer), parameter.path.rpartition("/")[2].partition("#")[0]
        within, _, own = parameter.layer.rpartition("/")
        axes = axes_in_attention(own, len(shape)) if within in inside else ""
        found.append(axes or axes_of("" if node is None else node.class_, name, len(shape)))
    return found


def _copy(variable: Any) -> Array:
    """Its values on the host, of which nobody else changes any."""
    tensor = keras.ops.convert_to_tensor(variable)
    # TensorFlow's own way copies once, and asks nothing of NumPy that its arrays do not know.
    found = host_array(tensor.numpy() if keras.config.backend() == "tensorflow" else tensor, "the values of a weight")
    return found if found.flags.owndata and found.flags.writeable else found.copy()


def _some(parameters: Parameters) -> str:
    return f"it has {', '.join(parameter.path for parameter in parameters.parameters)}"[:300]
