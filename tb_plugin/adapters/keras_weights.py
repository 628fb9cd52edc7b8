"""The weights of Keras' own layers and what they cost, from the config alone: Keras need not be there."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from tb_plugin.adapters.keras_config import is_quantized
from tb_plugin.adapters.keras_json import Shape, shape_of
from tb_plugin.adapters.keras_layers import CELLS, GATES, WEIGHTLESS, Told, Unknown
from tb_plugin.schema.parameters import Role

Weight = tuple[str, tuple[int, ...], Role]
"""Name below its layer, shape, role."""


def weights(told: Told) -> list[Weight] | None:
    """The weights of a layer in Keras' order; None where the config does not tell them."""
    try:
        return _weights(told)
    except LookupError:  # Unknown, or a shape with fewer axes than the layer takes
        return None


def _weights(told: Told) -> list[Weight]:
    name, config = told.class_, told.config
    if name in WEIGHTLESS:
        return []
    if config.get("lora_rank") or is_quantized(config):
        raise Unknown("lora_rank")  # further arrays stand beside the kernel
    if name == "Dense":
        units = told.whole("units")
        return [("kernel", (told.size_at(-1), units), "trainable"), *_bias(told, units)]
    if name == "Embedding" or (name == "ReversibleEmbedding" and config.get("tie_weights", True) is True):
        return [("embeddings", (told.whole("input_dim"), told.whole("output_dim")), "trainable")]
    rank = _conv_rank(name)
    if rank:
        return _conv_weights(told, rank)
    if name == "BatchNormalization":
        size: tuple[int, ...] = (told.size_at(told.axis()),)
        return [
            *_scale_and_centre(config, size),
            ("moving_mean", size, "statistic"),
            ("moving_variance", size, "statistic"),
        ]
    if name == "LayerNormalization":
        axes = config.get("axis", -1)
        size = tuple(told.size_at(a) for a in (axes if isinstance(axes, list) else [axes]))
        return _scale_and_centre(config, size)
    if name == "Normalization":
        return _normalization_weights(told)
    if name == "GroupNormalization":
        return _scale_and_centre(config, (told.size_at(told.axis()),))
    if name == "RMSNormalization":
        return [("scale", (told.size_at(told.axis()),), "trainable")]
    if name == "PReLU":
        shared = config.get("shared_axes") or []
        rank = len(told.input or ())
        return [("alpha", tuple(1 if a in shared else told.size_at(a) for a in range(1, rank)), "trainable")] if rank else _unknown("input_shape")
    if name in GATES:
        cell, gates = GATES[name]
        return _gated_weights(told, f"{cell}/", gates)
    if name in CELLS:
        return _gated_weights(told, "", CELLS[name])
    if name == "MultiHeadAttention":
        return _attention_weights(told)
    return _unknown(name)


def _unknown(what: str) -> list[Weight]:
    raise Unknown(what)


def _bias(told: Told, size: int) -> list[Weight]:
    return [("bias", (size,), "trainable")] if told.config.get("use_bias", True) else []


def _scale_and_centre(config: Mapping[str, Any], size: tuple[int, ...]) -> list[Weight]:
    gamma: list[Weight] = [("gamma", size, "trainable")] if config.get("scale", True) or config.get("rms_scaling") else []
    beta: list[Weight] = [("beta", size, "trainable")] if config.get("center", True) and not config.get("rms_scaling") else []
    return gamma + beta


def _normalization_weights(told: Told) -> list[Weight]:
    """What it was adapted to: nothing where mean and variance were given with its config."""
    if told.config.get("mean") is not None:
        return []
    axes = told.config.get("axis", -1)
    kept = [] if axes is None else axes if isinstance(axes, list) else [axes]
    if not all(type(axis) is int for axis in kept):
        raise Unknown("axis")
    rank = len(told.input or ())
    size = tuple(told.size_at(axis) for axis in sorted(axis % rank if rank else axis for axis in kept))
    return [("mean", size, "statistic"), ("variance", size, "statistic"), ("count", (), "statistic")]


def _conv_rank(name: str) -> int:
    for stem in ("Conv", "SeparableConv", "DepthwiseConv", "Convolution"):
        for rank in (1, 2, 3):
            if name in (f"{stem}{rank}D", f"{stem}{rank}DTranspose"):
                return rank
    return 0


def _conv_weights(told: Told, rank: int) -> list[Weight]:
    kernel, channels = told.sizes("kernel_size", rank), told.channels()
    if told.class_.startswith("Depthwise"):
        multiplier = told.whole("depth_multiplier", 1)
        name = "kernel" if told.keras == 3 else "depthwise_kernel"
        return [(name, (*kernel, channels, multiplier), "trainable"), *_bias(told, channels * multiplier)]
    filters = told.whole("filters")
    if told.class_.startswith("Separable"):
        multiplier = told.whole("depth_multiplier", 1)
        return [
            ("depthwise_kernel", (*kernel, channels, multiplier), "trainable"),
            ("pointwise_kernel", (*[1] * rank, channels * multiplier, filters), "trainable"),
            *_bias(told, filters),
        ]
    if told.class_.endswith("Transpose"):
        return [("kernel", (*kernel, filters, channels), "trainable"), *_bias(told, filters)]
    return [("kernel", (*kernel, channels // max(1, told.whole("groups", 1)), filters), "trainable"), *_bias(told, filters)]


def _gated_weights(told: Told, prefix: str, gates: int) -> list[Weight]:
    units = told.whole("units")
    bias = (2, gates * units) if told.class_.startswith("GRU") and told.config.get("reset_after", True) else (gates * units,)
    found: list[Weight] = [
        (f"{prefix}kernel", (told.size_at(-1), gates * units), "trainable"),
        (f"{prefix}recurrent_kernel", (units, gates * units), "trainable"),
    ]
    return [*found, (f"{prefix}bias", bias, "trainable")] if told.config.get("use_bias", True) else found


def _attention_weights(told: Told) -> list[Weight]:
    config = told.config
    shapes = {key: shape_of(told.build.get(f"{key}_shape")) for key in ("query", "value", "key")}
    if config.get("use_gate") or config.get("output_shape"):
        raise Unknown("use_gate")
    query = shapes["query"] or told.input
    value = shapes["value"] or (told.inputs[1] if len(told.inputs) > 1 else query)
    sizes = [shape[-1] if shape else None for shape in (query, shapes["key"] or value, value)]
    heads, key_dim = told.whole("num_heads"), told.whole("key_dim")
    value_dim = told.whole("value_dim") if config.get("value_dim") else key_dim
    found: list[Weight] = []
    for name, size, width in zip(("query", "key", "value"), sizes, (key_dim, key_dim, value_dim), strict=True):
        if size is None:
            raise Unknown("input_shape")
        found.append((f"{name}/kernel", (size, heads, width), "trainable"))
        if config.get("use_bias", True):
            found.append((f"{name}/bias", (heads, width), "trainable"))
    last = sizes[0] or 0
    found.append(("attention_output/kernel", (heads, value_dim, last), "trainable"))
    return [*found, ("attention_output/bias", (last,), "trainable")] if config.get("use_bias", True) else found


def multiply_adds(told: Told, output: Shape | None, found: Sequence[Weight] | None) -> int | None:
    """Multiply-adds of one example, forward; None where it is not counted. Definition: structure.md, "Cost"."""
    if found is None or told.class_ in _UNCOUNTED:
        return None
    if told.class_ == "MultiHeadAttention":
        return _attended(told, {name: shape for name, shape, _ in found})
    kernels = [math.prod(shape) for name, shape, _ in found if name.endswith("kernel")]
    if not kernels:
        return 0
    shape = told.given
    if told.class_ == "Dense":
        return _times(shape[1:-1] if shape else None, kernels[0])
    if told.class_ in GATES:
        return _times(shape[1:2] if shape else None, sum(kernels))
    positions = shape if told.class_.endswith("Transpose") else output
    spatial = None if positions is None else positions[2:] if told.channels_first else positions[1:-1]
    return _times(spatial, sum(kernels))


def _attended(told: Told, found: Mapping[str, Sequence[int]]) -> int | None:
    """The projections, and both products."""
    query = shape_of(told.build.get("query_shape")) or told.given
    value = shape_of(told.build.get("value_shape")) or (told.inputs[1] if len(told.inputs) > 1 else query)
    if query is None or value is None or len(query) != 3 or len(value) != 3 or query[1] is None or value[1] is None:
        return None
    sizes = {name: math.prod(found[f"{name}/kernel"]) for name in ("query", "key", "value", "attention_output")}
    _, heads, key_size = found["query/kernel"]
    projections = query[1] * (sizes["query"] + sizes["attention_output"]) + value[1] * (sizes["key"] + sizes["value"])
    return projections + query[1] * value[1] * heads * (key_size + found["value/kernel"][2])


_UNCOUNTED = frozenset(
    (
        *("Dot", "Attention", "AdditiveAttention", "Lambda", "TFOpLambda", "ReversibleEmbedding"),
        *("RNN", "StackedRNNCells", *CELLS),  # a layer of cells takes as many steps as it is given, and does not tell its cells' cost apart
    )
)


def _times(sizes: Sequence[int | None] | None, kernel: int) -> int | None:
    if sizes is None or any(size is None for size in sizes):
        return None
    return math.prod(size for size in sizes if size is not None) * kernel
