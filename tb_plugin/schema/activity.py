"""Kind `activity`: what the layers of a model give out, on a few examples that stay the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from tb_plugin.schema.payload import Payload, array, listed, value


@dataclass(frozen=True)
class ActiveLayer:
    """A layer with an activation.

    Attributes:
        path: The layer, as in the structure's nodes.
        activation: Name of the activation: `relu`, `sigmoid`.
        is_output: Whether its output is one of the model's: a confident sigmoid there is meant to be saturated.
    """

    path: str
    activation: str
    is_output: bool = False


class Activity(Payload, kind="activity", version=1):
    """Outputs of each layer with an activation, on the same few training examples at every evaluation, as in inference.

    A unit is a place on the last axis of a layer's output: of a dense layer a neuron, of a convolution a channel.
    """

    examples: int = value(at_least=0, help="Training examples that were looked at.")
    layers: tuple[ActiveLayer, ...] = listed("layer", help="The layers, in forward order.")
    units: np.ndarray[Any, Any] = array("int64", "layer", at_least=0, help="Units of the layer.")
    never_positive: np.ndarray[Any, Any] = array("int64", "layer", at_least=0, help="Units that were 0 or less at each of their values.")
    values: np.ndarray[Any, Any] = array("int64", "layer", at_least=0, help="Values of all units and examples.")
    zeros: np.ndarray[Any, Any] = array("int64", "layer", at_least=0, help="Values that are 0.")
    saturated: np.ndarray[Any, Any] = array(
        "int64", "layer", at_least=-1, help="Values within a hundredth of an end of their sigmoid's or tanh's range; -1 of other activations."
    )
    non_finite: np.ndarray[Any, Any] = array("int64", "layer", at_least=0, help="Values that are NaN or infinite.")

    def check(self) -> None:
        """No more units or values are of one sort than there are."""
        for name, most in (("never_positive", "units"), ("zeros", "values"), ("saturated", "values"), ("non_finite", "values")):
            over = getattr(self, name) > getattr(self, most)
            if over.any():
                raise ValueError(f"{self.kind}: {name} must be at most {most}; layer {int(np.flatnonzero(over)[0])} has more")
