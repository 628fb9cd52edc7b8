"""A Keras layer's configuration without what every layer has, and the types that it computes and keeps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tb_plugin.schema.json_fields import Json

_LONGEST = 2_000

# Shown elsewhere, or of no interest: the name and the type stand on the node, the layers are its children.
_ELSEWHERE = frozenset(
    (
        "name",
        "dtype",
        "layers",
        "layer",
        "backward_layer",
        "forward_layer",
        "cell",
        "cells",
        "input_layers",
        "output_layers",
        "build_input_shape",
        "batch_shape",
        "batch_input_shape",
        "seed",
        "sparse",
        "ragged",
        "optional",
    )
)

# Values that say nothing. None and, but for use_bias and the like, False are the default of every key.
_DEFAULTS: Mapping[str, tuple[Any, ...]] = {
    "trainable": (True,),
    "activation": ("linear",),
    "use_bias": (True,),
    "padding": ("valid",),
    "data_format": ("channels_last",),
    "strides": (1, [1], [1, 1], [1, 1, 1]),
    "dilation_rate": (1, [1], [1, 1], [1, 1, 1]),
    "groups": (1,),
    "depth_multiplier": (1,),
    "momentum": (0.99,),
    "renorm_momentum": (0.99,),
    "epsilon": (0.001,),
    "center": (True,),
    "scale": (True,),
    "axis": (-1, [-1]),
    "zero_output_for_mask": (True,),
    "unit_forget_bias": (True,),
    "reset_after": (True,),
    "dropout": (0.0,),
    "recurrent_dropout": (0.0,),
    "recurrent_activation": ("sigmoid",),
    "synchronized": (False,),
}
_INITIALIZERS: Mapping[str, tuple[str, ...]] = {
    "kernel_initializer": ("GlorotUniform",),
    "depthwise_initializer": ("GlorotUniform",),
    "pointwise_initializer": ("GlorotUniform",),
    "recurrent_initializer": ("Orthogonal", "OrthogonalInitializer"),
    "bias_initializer": ("Zeros",),
    "beta_initializer": ("Zeros",),
    "gamma_initializer": ("Ones",),
    "moving_mean_initializer": ("Zeros",),
    "moving_variance_initializer": ("Ones",),
    "embeddings_initializer": ("RandomUniform",),
}
_FALSE_SAYS = frozenset(("use_bias", "center", "scale", "trainable", "reset_after", "unit_forget_bias"))


def differing(config: Mapping[str, Any]) -> dict[str, Json]:
    """The part of a configuration that differs from what its key has by default, objects told by their class."""
    kept: dict[str, Json] = {}
    for key, content in config.items():
        if key in _ELSEWHERE or content is None or (content is False and key not in _FALSE_SAYS):
            continue
        told = _told(content)
        if told in _DEFAULTS.get(key, ()) or told in _INITIALIZERS.get(key, ()):
            continue
        kept[str(key)] = told
    return kept


def dtypes_of(config: Mapping[str, Any]) -> tuple[str, str]:
    """What a layer computes in and what its weights are kept in, as its dtype policy says: float32 where it says nothing."""
    policy = config.get("dtype")
    while isinstance(policy, Mapping):
        inside = policy.get("config")
        policy = inside.get("name") or inside.get("source_name") if isinstance(inside, Mapping) else None
    if not isinstance(policy, str) or not policy:
        return "float32", "float32"
    if policy.startswith("mixed_"):
        return policy.removeprefix("mixed_"), "float32"
    return policy, policy


def is_quantized(config: Mapping[str, Any]) -> bool:
    """Whether a layer keeps its weights quantized, with further arrays beside them."""
    policy = config.get("dtype")
    inside = policy.get("config") if isinstance(policy, Mapping) else None
    return bool(config.get("quantization_mode") or (isinstance(inside, Mapping) and inside.get("mode")) or (isinstance(policy, str) and "_from_" in policy))


def _told(content: Any) -> Json:
    if isinstance(content, Mapping) and isinstance(content.get("class_name"), str):
        inside = content.get("config")
        arguments = {k: v for k, v in inside.items() if v is not None and k not in ("name", "seed")} if isinstance(inside, Mapping) else {}
        return {"class": content["class_name"], **arguments} if arguments else content["class_name"]
    return f"{content[:_LONGEST]}…" if isinstance(content, str) and len(content) > _LONGEST else content
