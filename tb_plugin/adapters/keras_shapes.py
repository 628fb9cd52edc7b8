"""Shapes of what Keras' own layers put out, from the config alone: Keras need not be there."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

from tb_plugin.adapters.keras_json import Shape, shape_of
from tb_plugin.adapters.keras_layers import GATES, MERGED, SHAPE_KEPT, Told, Unknown


def output_shape(told: Told) -> Shape | None:
    """Shape of a layer's first output; None where its rule is not known here."""
    try:
        return _output_shape(told)
    except LookupError:  # Unknown, or a shape with fewer axes than the layer takes
        return None


def state_shapes(told: Told) -> list[Shape]:
    """Shapes of the states that a recurrent layer hands on behind its output, where it does."""
    if told.class_ not in GATES or told.config.get("return_state") is not True or told.given is None:
        return []
    return [(told.given[0], told.whole("units"))] * (2 if told.class_ == "LSTM" else 1)


def _output_shape(told: Told) -> Shape | None:
    name, shape = told.class_, told.given
    if shape is None:
        return None
    if name in SHAPE_KEPT:
        return shape
    if name in ("MultiHeadAttention", "GroupQueryAttention"):
        return _attended(told, shape)
    if name in MERGED:
        return _broadcast(told.inputs)
    if name == "Dense":
        return (*shape[:-1], told.whole("units"))
    if name == "Embedding":
        return (*shape, told.whole("output_dim"))
    if name == "Flatten":
        return shape[0], _product(shape[1:])
    if name == "Reshape":
        return _reshaped(told, shape)
    if name == "Concatenate":
        return _concatenated(told)
    if name in GATES:
        return (*shape[:2], told.whole("units")) if told.config.get("return_sequences") else (shape[0], told.whole("units"))
    if name.startswith("Global") and "Pooling" in name:
        channels = shape[1 if told.channels_first else -1]
        ones: Shape = (1,) * (len(shape) - 2) if told.config.get("keepdims") else ()
        return (shape[0], channels, *ones) if told.channels_first else (shape[0], *ones, channels)
    return _spatial(told, shape)


def _attended(told: Told, shape: Shape) -> Shape:
    """That of the query, which may be handed over behind the others, with sizes of its own where the config has them."""
    query = shape_of(told.build.get("query_shape")) or shape
    own = told.config.get("output_shape")
    return (shape[0], *query[1:]) if own is None else (shape[0], *query[1:-1], *(shape_of(own if isinstance(own, list) else [own]) or ()))


def _spatial(told: Told, shape: Shape) -> Shape | None:
    name, rank = told.class_, len(shape) - 2
    if rank < 1 or not name.removesuffix("Transpose").endswith(f"{rank}D"):
        return None
    sizes = shape[2:] if told.channels_first else shape[1:-1]
    channels = shape[1] if told.channels_first else shape[-1]
    if "Pool" in name:
        window = told.sizes("pool_size", rank, 2)
        strides = told.sizes("strides", rank) if told.config.get("strides") else window
        new = [_window(n, k, s, told.config.get("padding")) for n, k, s in zip(sizes, window, strides, strict=True)]
    elif name.startswith("UpSampling"):
        new = [None if n is None else n * k for n, k in zip(sizes, told.sizes("size", rank, 2), strict=True)]
    elif name.startswith(("ZeroPadding", "Cropping")):
        sign = 1 if name.startswith("Zero") else -1
        pairs = told.config.get("padding" if sign == 1 else "cropping")
        new = [None if n is None else n + sign * sum(_pair(pairs, i)) for i, n in enumerate(sizes)]
    elif "Conv" in name:
        kernel, strides = told.sizes("kernel_size", rank), told.sizes("strides", rank)
        dilation = told.sizes("dilation_rate", rank)
        reach = [(k - 1) * d + 1 for k, d in zip(kernel, dilation, strict=True)]
        if name.endswith("Transpose"):
            if told.config.get("output_padding") is not None:
                return None
            same = told.config.get("padding") == "same"
            new = [None if n is None else n * s if same else n * s + max(k - s, 0) for n, k, s in zip(sizes, reach, strides, strict=True)]
        else:
            new = [_window(n, k, s, told.config.get("padding")) for n, k, s in zip(sizes, reach, strides, strict=True)]
        depthwise = name.startswith("Depthwise")
        channels = (told.channels() * told.whole("depth_multiplier", 1)) if depthwise else told.whole("filters")
    else:
        return None
    return (shape[0], channels, *new) if told.channels_first else (shape[0], *new, channels)


def _window(size: int | None, kernel: int, stride: int, padding: Any) -> int | None:
    if size is None or stride < 1:
        return None
    return -(-size // stride) if padding in ("same", "causal") else max(0, (size - kernel) // stride + 1)


def _pair(content: Any, i: int) -> tuple[int, int]:
    """Padding before and after spatial axis i: `1`, `[1, 1]` of a single axis, or `[[1, 1], [0, 2]]`."""
    if isinstance(content, list) and len(content) > i and isinstance(content[i], list):
        content = content[i]
    if type(content) is int:
        return content, content
    if isinstance(content, list) and len(content) == 2 and all(type(n) is int for n in content):
        return content[0], content[1]
    raise Unknown("padding")


def _product(sizes: Sequence[int | None]) -> int | None:
    return None if any(size is None for size in sizes) else math.prod(size for size in sizes if size is not None)


def _reshaped(told: Told, shape: Shape) -> Shape | None:
    target = told.config.get("target_shape")
    if not isinstance(target, list) or not all(type(n) is int for n in target):
        raise Unknown("target_shape")
    whole, known = _product(shape[1:]), math.prod(n for n in target if n >= 0)
    filled = None if whole is None or not known else whole // known
    return (shape[0], *(filled if n < 0 else n for n in target))


def _broadcast(shapes: Sequence[Shape | None]) -> Shape | None:
    given = [shape for shape in shapes if shape is not None]
    if not given or len(given) < len(shapes):
        return None
    rank = max(len(shape) for shape in given)
    padded = [(1,) * (rank - len(shape)) + tuple(shape) for shape in given]
    return tuple(next((n for n in sizes if n != 1), 1) for sizes in zip(*padded, strict=True))


def _concatenated(told: Told) -> Shape | None:
    given = [shape for shape in told.inputs if shape is not None]
    if not given or len(given) < len(told.inputs) or len({len(shape) for shape in given}) > 1:
        return None
    axis = told.axis() % len(given[0])
    return (*given[0][:axis], _sum(shape[axis] for shape in given), *given[0][axis + 1 :])


def _sum(sizes: Iterable[int | None]) -> int | None:
    known = list(sizes)
    return None if None in known else sum(size for size in known if size is not None)
