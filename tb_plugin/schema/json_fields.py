"""JSON fields: checked against their annotation on the way in, written in one canonical form on the way out."""

from __future__ import annotations

import dataclasses
import json
import math
import types
import typing
from collections.abc import Mapping
from typing import Any, Literal, Union

type_union = (Union, types.UnionType)

Json = Any
"""Annotation of a field that may hold any JSON value."""


def json_name(field_name: str) -> str:
    """The key on disk: Python's trailing underscore (`class_`) is left off."""
    return field_name.removesuffix("_")


def check_json(annotation: Any, content: Any, name: str) -> Any:
    """Returns `content` as the annotation declares it, lists as tuples and mappings as dataclasses where declared.

    Raises:
        TypeError: It is not of that type; the message names the field, the rule and the value.
    """
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if annotation is Any:
        return _any_json(content, name)
    if origin in type_union:
        problem: TypeError | None = None
        for option in arguments:
            if option is type(None):
                if content is None:
                    return None
                continue
            try:
                return check_json(option, content, name)
            except TypeError as error:
                problem = error
        raise problem or TypeError(f"{name} must be {annotation}; it is {content!r:.80}")
    if origin is Literal:
        if content in arguments and type(content) in {type(a) for a in arguments}:
            return content
        raise TypeError(f"{name} must be one of {', '.join(map(repr, arguments))}; it is {content!r:.80}")
    if origin is tuple:
        if isinstance(content, list | tuple):
            return tuple(check_json(arguments[0], item, f"{name}[{i}]") for i, item in enumerate(content))
    elif origin in (dict, Mapping):
        if isinstance(content, Mapping):
            return {check_json(str, k, f"key of {name}"): check_json(arguments[1], v, f"{name}[{k!r:.40}]") for k, v in content.items()}
    elif dataclasses.is_dataclass(annotation) and isinstance(annotation, type):
        if isinstance(content, annotation):
            return content
        if isinstance(content, Mapping):
            return _dataclass_of(annotation, content, name)
    elif annotation is float:
        if isinstance(content, int | float) and not isinstance(content, bool):
            return float(content)
    elif annotation is int:
        if isinstance(content, int) and not isinstance(content, bool):
            return content
    elif isinstance(annotation, type) and isinstance(content, annotation):
        return content
    raise TypeError(f"{name} must be {getattr(annotation, '__name__', annotation)}; it is {content!r:.80}")


def _dataclass_of(cls: type[Any], content: Mapping[str, Any], name: str) -> Any:
    hints = typing.get_type_hints(cls)
    given = {}
    for f in dataclasses.fields(cls):
        key = json_name(f.name)
        if key in content:
            given[f.name] = check_json(hints[f.name], content[key], f"{name}.{key}")
        elif f.default is dataclasses.MISSING and f.default_factory is dataclasses.MISSING:
            raise TypeError(f"{name}.{key} is missing")
    return cls(**given)


def _any_json(content: Any, name: str) -> Any:
    if content is None or isinstance(content, str | bool | int | float):
        return content
    if isinstance(content, list | tuple):
        return [_any_json(item, name) for item in content]
    if isinstance(content, Mapping):
        return {check_json(str, k, f"key of {name}"): _any_json(v, name) for k, v in content.items()}
    raise TypeError(f"{name} must be JSON (text, numbers, lists, mappings); it holds {type(content).__name__}")


def plain(content: Any) -> Any:
    """A field's value as JSON has it: dataclasses as objects, tuples as lists, numbers that are not finite as null."""
    if content is None or isinstance(content, (str, int)):
        return content
    if isinstance(content, float):
        return content if math.isfinite(content) else None
    if isinstance(content, (list, tuple)):
        return [plain(item) for item in content]
    if isinstance(content, Mapping):
        return {k: plain(v) for k, v in content.items()}
    if dataclasses.is_dataclass(content) and not isinstance(content, type):
        return {json_name(f.name): plain(getattr(content, f.name)) for f in dataclasses.fields(content)}
    return content


_encoder = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False, check_circular=False)


def canonical(content: Any) -> bytes:
    """Canonical JSON: UTF-8, sorted keys, no spaces, never NaN.

    Raises:
        ValueError: A text holds half of a surrogate pair, which UTF-8 cannot say.
    """
    text = _encoder.encode(plain(content))
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise ValueError(f"text must be valid Unicode; {error.object[error.start : error.end]!r} is half of a surrogate pair") from error
