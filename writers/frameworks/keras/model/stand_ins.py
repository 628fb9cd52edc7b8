"""Symbolic tensors that stand in for what a model takes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import keras

Given = tuple[tuple[Any, ...], Mapping[str, Any]]
"""Arguments of a call, in which a symbolic tensor stands for each tensor."""


def stand_ins_of_fit(arguments: Mapping[str, Any]) -> Given | None:
    """For what `fit` hands to the model, where its data tell their types: arrays, and data sets of TensorFlow's. They are not read.

    Args:
        arguments: Those of `fit`, by name.
    """
    x = arguments.get("x")
    spec = getattr(x, "element_spec", None)
    if spec is not None:
        x, _, _ = keras.utils.unpack_x_y_sample_weight(spec)
    leaves = keras.tree.flatten(x)
    if not leaves or not all(_has_shape(leaf) for leaf in leaves):
        return None
    return (keras.tree.map_structure(lambda leaf: _of(leaf.shape[1:], _dtype(leaf, is_cast=spec is None)), x),), {}


def stand_ins_of_build(layer: Any) -> Iterator[Given]:
    """For what a layer was built with. That tells shapes, and not types: what is tried in turn."""
    told = layer.get_build_config() or {}
    shapes = told.get("shapes_dict") or ({} if told.get("input_shape") is None else {"": told["input_shape"]})
    for dtype in (keras.config.floatx(), "int32"):
        made = {name.removesuffix("_shape"): _nested(shape, dtype) for name, shape in shapes.items()}
        if made and all(each is not None for each in made.values()):
            yield ((made[""],), {}) if "" in made else ((), made)


def _nested(shape: Any, dtype: str) -> Any:
    if isinstance(shape, Mapping):
        return {name: _nested(each, dtype) for name, each in shape.items()}
    if isinstance(shape, Sequence) and shape and all(each is None or isinstance(each, int) for each in shape):
        return _of(shape[1:], dtype)
    return [_nested(each, dtype) for each in shape] if isinstance(shape, Sequence) and shape else None


def _of(shape: Sequence[int | None], dtype: str) -> Any:
    return keras.KerasTensor((None, *shape), dtype, name="stand_in")  # a name of its own: those that Keras gives go on as without it


def _has_shape(leaf: Any) -> bool:
    shape = getattr(leaf, "shape", None)
    return getattr(leaf, "dtype", None) is not None and shape is not None and getattr(shape, "rank", 0) is not None and len(shape) > 0


def _dtype(leaf: Any, *, is_cast: bool) -> str:
    """Of the tensors: real numbers in arrays are handed to the model as `floatx`."""
    dtype = str(keras.backend.standardize_dtype(leaf.dtype))
    return str(keras.config.floatx()) if is_cast and keras.backend.is_float_dtype(dtype) else dtype
