"""Multiply-adds of one example, forward: those of contractions only. Elementwise work, norms and pooling are not counted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import keras

from writers.frameworks.keras.model.call_graph import sublayers
from writers.structure import Output

Shape = tuple[int | None, ...]
"""With the batch axis first; None where a size is not known."""

layers = keras.layers


def multiply_adds(operation: Any, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> int | None:
    """The count of one call; None where it is not known.

    A Dense layer is counted at each position of its input, a convolution at each of its output (transposed: input), a
    recurrent layer at each step, attention with its projections and both products. The rules are those of the papers;
    the oracle is TensorFlow's profiler where that is right (tests).

    Args:
        operation: The layer, or an operation that is no layer.
        inputs, outputs: Shapes of its tensors; inputs in the order of the signature of its `call`.
    """
    name = type(operation).__name__
    rule = next((rule for kind, rule in _RULES if isinstance(operation, kind) and _calls_as(operation, kind)), None)
    if not isinstance(operation, layers.Layer):
        rule = _matmul if name == "Matmul" else None
    if rule is not None:
        try:
            return rule(operation, inputs, outputs)
        except (_Unknown, AttributeError):  # a size is not known, or another version of Keras keeps its parts elsewhere
            return None
    if not isinstance(operation, layers.Layer):
        return None if name in _UNCOUNTED_OPERATIONS else 0
    if isinstance(operation, _FREE):
        return 0
    # What somebody's own layer computes nobody knows, also without weights.
    return None if not is_of_keras(operation) or operation.weights or sublayers(operation) or isinstance(operation, _UNCOUNTED) else 0


def is_of_keras(layer: Any) -> bool:
    """Whether a layer is one of Keras' own, and not somebody's."""
    return type(layer).__module__.startswith("keras.")


class _Unknown(Exception):
    """A size is not known."""


def _product(sizes: Sequence[int | None]) -> int:
    total = 1
    for size in sizes:
        if size is None:
            raise _Unknown
        total *= size
    return total


def _calls_as(operation: Any, kind: type[Any]) -> bool:
    """Whether a user's subclass computes as Keras' class does."""
    return getattr(type(operation), "call", None) is getattr(kind, "call", None) or is_of_keras(operation)


def _elements(layer: Any, *names: str) -> int:
    """Sizes of a layer's weights by name, added."""
    return sum(_product(tuple(getattr(layer, name).shape)) for name in names)


def _positions(layer: Any, shape: Shape) -> int:
    """Places in space of an image-like tensor."""
    return _product(shape[2:] if getattr(layer, "data_format", "channels_last") == "channels_first" else shape[1:-1])


def _dense(layer: Any, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> int:
    return _product(inputs[0][1:]) * int(layer.units)


def _einsum_dense(layer: Any, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> int:
    left, right = layer.equation.replace(" ", "").partition("->")[0].split(",")
    before, _, after = left.partition("...")
    given, kernel = inputs[0], tuple(layer.kernel.shape)
    if "..." in right:
        raise _Unknown
    sizes = dict(zip(before, given, strict=False)) | dict(zip(reversed(after), reversed(given), strict=False)) | dict(zip(right, kernel, strict=True))
    free = given[len(before) : len(given) - len(after)]
    # The batch is the first axis: of the letters, or of what the dots stand for.
    return _product(free[0 if before else 1 :]) * _product([size for letter, size in sizes.items() if letter != before[:1]])


def _conv(layer: Any, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> int:
    return _positions(layer, outputs[0]) * _elements(layer, "kernel")  # the kernel's own shape covers groups and depthwise


def _conv_transposed(layer: Any, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> int:
    return _positions(layer, inputs[0]) * _elements(layer, "kernel")


def _conv_separable(layer: Any, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> int:
    return _positions(layer, outputs[0]) * _elements(layer, "depthwise_kernel", "pointwise_kernel")


def _recurrent(layer: Any, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> int:
    return _product(inputs[0][1:2]) * _elements(layer.cell, "kernel", "recurrent_kernel")


def _bidirectional(layer: Any, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> int:
    return sum(_inside(part, inputs, outputs) for part in (layer.forward_layer, layer.backward_layer))


def _time_distributed(layer: Any, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> int:
    one_in, one_out = (inputs[0][0], *inputs[0][2:]), (outputs[0][0], *outputs[0][2:])
    return _product(inputs[0][1:2]) * _inside(layer.layer, [one_in], [one_out])


def _inside(layer: Any, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> int:
    counted = multiply_adds(layer, inputs, outputs)
    if counted is None:
        raise _Unknown
    return counted


def _attention_heads(layer: Any, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> int:
    query, value = inputs[0], inputs[1] if len(inputs) > 1 else inputs[0]
    if len(query) != 3 or len(value) != 3:
        raise _Unknown
    t, s = _product(query[1:2]), _product(value[1:2])
    projections = t * (_elements(layer._query_dense, "kernel") + _elements(layer._output_dense, "kernel"))
    projections += s * (_elements(layer._key_dense, "kernel") + _elements(layer._value_dense, "kernel"))
    if getattr(layer, "_use_gate", False) or getattr(layer, "use_gate", False):
        projections += t * _elements(layer._gate_dense, "kernel")
    heads, key_size = tuple(layer._query_dense.kernel.shape)[1:]
    value_size = tuple(layer._value_dense.kernel.shape)[2]
    return projections + t * s * int(heads) * (int(key_size) + int(value_size))


def _attention(layer: Any, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> int:
    query, value = inputs[0], inputs[1]
    key = inputs[2] if len(inputs) > 2 else value
    return _product(query[1:2]) * _product(value[1:2]) * (_product(key[-1:]) + _product(value[-1:]))


def _matmul(operation: Any, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> int:
    return _product(outputs[0][1:]) * _product(inputs[0][-1:])


def _dot(layer: Any, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> int:
    axis = layer.axes if isinstance(layer.axes, int) else layer.axes[0]
    return _product(outputs[0][1:]) * _product([inputs[0][axis]])


def _reversible_embedding(layer: Any, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> int:
    """A table that is looked up in adds an axis; one that scores does not."""
    return 0 if len(outputs[0]) > len(inputs[0]) else _product(inputs[0][1:]) * int(layer.input_dim)


def _kinds(*names: str) -> tuple[type[Any], ...]:
    return tuple(getattr(layers, name) for name in names if hasattr(layers, name))


_Rule = Callable[[Any, Sequence[Shape], Sequence[Shape]], int]
_RULES: list[tuple[type[Any], _Rule]] = [
    (kind, rule)
    for rule, kinds in [
        (_dense, _kinds("Dense")),
        (_einsum_dense, _kinds("EinsumDense")),
        (_conv_transposed, _kinds("Conv1DTranspose", "Conv2DTranspose", "Conv3DTranspose")),
        (_conv_separable, _kinds("SeparableConv1D", "SeparableConv2D")),
        (_conv, _kinds("DepthwiseConv1D", "DepthwiseConv2D", "Conv1D", "Conv2D", "Conv3D")),
        (_recurrent, _kinds("LSTM", "GRU", "SimpleRNN")),
        (_bidirectional, _kinds("Bidirectional")),
        (_time_distributed, _kinds("TimeDistributed")),
        (_attention_heads, _kinds("MultiHeadAttention", "GroupQueryAttention")),
        (_attention, _kinds("Attention")),
        (_dot, _kinds("Dot")),
        (_reversible_embedding, _kinds("ReversibleEmbedding")),
    ]
    for kind in kinds
]
_FREE = _kinds(
    "BatchNormalization", "LayerNormalization", "GroupNormalization", "UnitNormalization", "RMSNormalization", "Normalization",
    "Embedding", "PReLU", "InputLayer", "Discretization", "Hashing", "CategoryEncoding", "TextVectorization", "StringLookup", "IntegerLookup",
)  # fmt: skip
_UNCOUNTED = _kinds("Lambda", "AdditiveAttention", "Wrapper", "RNN", "TFSMLayer", "TorchModuleWrapper")
_UNCOUNTED_OPERATIONS = frozenset(
    ("Einsum", "Dot", "Tensordot", "Vdot", "Inner", "Outer", "Conv", "DepthwiseConv", "SeparableConv", "ConvTranspose", "DotProductAttention")
)


_BYTES = {"float64": 8, "int64": 8, "uint64": 8, "float32": 4, "int32": 4, "uint32": 4, "float16": 2, "bfloat16": 2, "int16": 2, "uint16": 2} | dict.fromkeys(
    ("int8", "uint8", "bool"), 1
)


def bytes_of_outputs(outputs: Sequence[Output]) -> int | None:
    """Bytes of a call's outputs for one example; None where a size is not known.

    Args:
        outputs: With the batch axis first.
    """
    try:
        return sum(_product(output.shape[1:]) * _product([_BYTES.get(output.dtype or "")]) for output in outputs) if outputs else None
    except _Unknown:
        return None
