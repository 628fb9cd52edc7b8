"""A layer's configuration, without what its class has by default."""

from __future__ import annotations

import inspect
import re
from collections.abc import Mapping
from typing import Any

import keras

from tb_plugin.schema.json_fields import Json

# They stand on the node already, or are its children.
_ELSEWHERE = frozenset(("name", "dtype", "build_input_shape", "batch_shape", "batch_input_shape", "layers", "input_layers", "output_layers", "seed"))


def differing(layer: Any) -> dict[str, Json]:
    """What differs from the defaults of the layer's class; empty where the layer does not tell its configuration.

    Defaults are read off the signature: making a layer to compare with would draw from Python's random numbers.
    """
    try:
        config = layer.get_config()
        defaults = {name: p.default for name, p in inspect.signature(type(layer).__init__).parameters.items()}
    except Exception:  # the boundary: users write get_config
        return {}
    if not isinstance(config, Mapping):
        return {}
    defaults = {"trainable": True, "data_format": None, **defaults}
    kept = {str(key): value for key, value in config.items() if key not in _ELSEWHERE and not _holds_layers(value)}
    return {key: _told(value) for key, value in kept.items() if value is not None and not _is_default(key, value, defaults.get(key, inspect.Parameter.empty))}


def _holds_layers(value: Any) -> bool:
    if isinstance(value, list | tuple):
        return any(_holds_layers(item) for item in value)
    return isinstance(value, Mapping) and "class_name" in value and "name" in (value.get("config") or {}) and "registered_name" in value


def _is_default(key: str, value: Any, default: Any) -> bool:
    if default is inspect.Parameter.empty:
        return False
    if isinstance(value, Mapping) and isinstance(value.get("class_name"), str):
        told = _told(value)
        if default == "uniform":  # Keras' short name for this
            return bool(told == {"class": "RandomUniform", "minval": -0.05, "maxval": 0.05})
        return isinstance(default, str) and isinstance(told, str) and _snake(told).removesuffix("_initializer") == _snake(default)
    if default is None:
        # None is resolved when the layer is made: these say nothing new.
        resolved = {"data_format": keras.config.image_data_format(), "activation": "linear", "sparse": False, "ragged": False}
        return key in resolved and bool(value == resolved[key])
    if isinstance(value, list | tuple):
        # (1, 1) is how a layer keeps what its signature calls 1.
        return list(value) == (list(default) if isinstance(default, list | tuple) else [default] * len(value))
    return bool(value == default)


def _told(value: Any) -> Json:
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, list | tuple):
        return [_told(item) for item in value]
    if isinstance(value, Mapping):
        if isinstance(value.get("class_name"), str) and isinstance(value.get("config"), Mapping):
            said = {key: _told(item) for key, item in value["config"].items() if item is not None and key not in ("name", "dtype", "seed")}
            return {"class": value["class_name"], **said} if said else value["class_name"]
        return {str(key): _told(item) for key, item in value.items()}
    return str(value)[:200]


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
