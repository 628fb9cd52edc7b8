"""Kind `parameters`: the arrays that a model learns or keeps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from tb_plugin.schema.payload import Payload, array, listed

Role = Literal["trainable", "frozen", "statistic", "scale", "state"]


@dataclass(frozen=True)
class Parameter:
    """One array of a model.

    Attributes:
        path: Its place without the root model's name: `block_1/dense/kernel`; equal paths get `#2`, `#3`.
        variable_path: The framework's own name for it.
        layer: Path of the layer that owns it.
        dtype: Its type as the framework names it; empty where nothing tells it, nor the shape.
        role: trainable; frozen; statistic (a moving mean); scale (of a quantised kernel); state (of a seed generator).
        tied_to: Path of the parameter that this one is the same array as.
    """

    path: str
    variable_path: str
    layer: str
    dtype: str
    role: Role
    tied_to: str | None = None


class Parameters(Payload, kind="parameters", version=1, is_axis=True):
    """The parameters of a model in forward order: the axis that statistics and distributions refer to."""

    parameters: tuple[Parameter, ...] = listed("parameter", help="Each parameter, in forward order.")
    shape: np.ndarray[Any, Any] = array("int64", "dimension", at_least=0, help="Shapes of all parameters, one after another.")
    shape_end: np.ndarray[Any, Any] = array("int64", "parameter", ends="dimension", help="Where each parameter's shape ends.")
