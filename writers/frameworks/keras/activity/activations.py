"""Which layers of a model put out the values of an activation."""

from __future__ import annotations

from typing import Any

import keras

_ALIKE = {
    name.replace("_", ""): name
    for name in (
        *("relu", "relu6", "leaky_relu", "prelu", "elu", "selu", "celu", "gelu", "silu", "mish", "softplus", "squareplus"),
        *("hard_silu", "sigmoid", "hard_sigmoid", "tanh", "hard_tanh"),
    )
}
"""By name without `_`, in small letters: Keras writes `leaky_relu`, `LeakyReLU` and `LeakyRelu`."""

_layers = keras.layers
_WITH_ACTIVATION = (
    *(_layers.Activation, _layers.Dense, _layers.EinsumDense, _layers.SimpleRNN),
    *(_layers.Conv1D, _layers.Conv2D, _layers.Conv3D, _layers.Conv1DTranspose, _layers.Conv2DTranspose, _layers.Conv3DTranspose),
    *(_layers.DepthwiseConv1D, _layers.DepthwiseConv2D, _layers.SeparableConv1D, _layers.SeparableConv2D),
)
"""Those whose output is what their activation gave: that of an LSTM is gated after it."""


def activation_of(operation: Any) -> str | None:
    """Name of the activation whose values a layer, or an operation of a graph, puts out; None where it has none, or a linear one or a softmax.

    A layer that holds its activation as another layer has none: that one has it.
    """
    if not isinstance(operation, _WITH_ACTIVATION):
        return _ALIKE.get(type(operation).__name__.lower())
    activation = operation.activation
    return None if isinstance(activation, _layers.Layer) else _ALIKE.get(getattr(activation, "__name__", "").replace("_", "").lower())
