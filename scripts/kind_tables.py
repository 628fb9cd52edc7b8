"""The kinds as tables in Markdown, from their declarations alone."""

from __future__ import annotations

import dataclasses
import inspect
import re
import types
import typing
from collections.abc import Iterator, Mapping
from typing import Any, Literal, Union

from scripts.tables import table
from tb_plugin.schema.json_fields import json_name
from tb_plugin.schema.payload import Array, Payload, array_specs
from tb_plugin.schema.registry import kinds

_NAMES = {str: "text", int: "integer", float: "number", bool: "yes or no", Any: "any JSON"}
_FEW_CHOICES = 6


def kind_tables() -> str:
    """Each kind that is on disk: what it is, its arrays, its JSON fields, and the objects in them."""
    return "\n\n".join(_kind(cls) for cls in kinds().values() if cls.on_disk)


def _kind(cls: type[Payload]) -> str:
    parts = [f"### `{cls.kind}`, version {cls.version}", _text(cls)]
    if cls.is_axis:
        parts.append(f"An axis record: it stands under the tag `{cls.kind}/<digest>`, and others refer to it by that digest.")
    arrays = [[f"`{name}`", spec.dtype, _axes(spec), _sentence(spec.help, _rules(spec))] for name, spec in array_specs(cls).items()]
    if arrays:
        parts.append(table(["array", "type", "axes", "meaning"], arrays))
    nested: dict[str, type[Any]] = {}
    fields = [_field(cls, f, nested) for f in dataclasses.fields(cls) if "array" not in f.metadata]  # type: ignore[arg-type]
    if fields:
        parts.append(table(["JSON field", "type", "default", "meaning"], fields))
    for name, inner in nested.items():
        rows = [[f"`{json_name(field)}`", in_words(typing.get_type_hints(inner)[field], {}), meaning] for field, meaning in _attributes(inner)]
        parts += [f"Each {name}:", table(["JSON field", "type", "meaning"], rows)]
    return "\n\n".join(parts)


def _field(cls: type[Payload], f: Any, nested: dict[str, type[Any]]) -> list[str]:
    rules = f.metadata
    if "reference" in rules:
        return [f"`{f.name}`", "text", "–", f"{rules['help']} By digest."]
    limits = _limits(rules.get("at_least"), rules.get("below"))
    length = f"One for each {rules['axis']}." if "axis" in rules else ""
    return [f"`{json_name(f.name)}`", in_words(typing.get_type_hints(cls)[f.name], nested), _default(f), _sentence(rules["help"], limits, length)]


def _default(f: Any) -> str:
    if f.default is not dataclasses.MISSING:
        return {None: "null", (): "[]", "": '""'}.get(f.default, f"`{f.default}`")
    return "–" if f.default_factory is dataclasses.MISSING else "{}"


def in_words(annotation: Any, nested: dict[str, type[Any]]) -> str:
    """A declared type in a few words; dataclasses met on the way are added to `nested`."""
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if annotation in _NAMES:
        return _NAMES[annotation]
    if origin is Literal:
        shown = ", ".join(f"`{choice}`" for choice in arguments[:_FEW_CHOICES])
        return shown if len(arguments) <= _FEW_CHOICES else f"{shown}, …"
    if origin in (Union, types.UnionType):
        return " or ".join("null" if option is type(None) else in_words(option, nested) for option in arguments)
    if origin is tuple:
        return f"list of {in_words(arguments[0], nested)}"
    if origin in (dict, Mapping):
        return f"object of {in_words(arguments[1], nested)} by name"
    name = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", annotation.__name__).lower()
    nested[name] = annotation
    return f"{name} (below)"


def _axes(spec: Array) -> str:
    return f"[{', '.join(str(axis) for axis in spec.axes)}]{f', optional: {spec.optional}' if spec.optional else ''}"


def _rules(spec: Array) -> str:
    told = [_limits(spec.at_least, spec.below, spec.at_most)]
    if spec.ends is not None:
        told.append(f"Exclusive ends into [{spec.ends}], never falling; the first begins at 0.")
    if spec.ascending_within is not None:
        told.append(f"Rises within each span of `{spec.ascending_within}`.")
    if spec.never_rises_within is not None:
        told.append(f"Never rises within a span of `{spec.never_rises_within}`.")
    return _sentence(*told)


def _limits(at_least: int | None, below: Any, at_most: int | None = None) -> str:
    upper = {None: "", "itself": "below its own place"}.get(below, f"below the size of [{below}]") if not isinstance(below, tuple) else _by_column(below)
    told = [f"at least {at_least}" if at_least is not None else "", f"at most {at_most}" if at_most is not None else "", upper]
    return " and ".join(part for part in told if part).capitalize() + "." if any(told) else ""


def _by_column(below: tuple[Any, ...]) -> str:
    return "below the size of " + ", ".join(f"[{axis}]" if axis else "anything" for axis in below)


def _sentence(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def _text(cls: type[Any]) -> str:
    paragraphs = inspect.cleandoc(cls.__doc__ or "").split("\n\n")
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)


def _attributes(cls: type[Any]) -> Iterator[tuple[str, str]]:
    """What a docstring says of each attribute of a dataclass."""
    _, _, told = inspect.cleandoc(cls.__doc__ or "").partition("Attributes:\n")
    meanings = dict(re.findall(r"^ {4}(\w+): (.*)$", told, flags=re.MULTILINE))
    for f in dataclasses.fields(cls):
        yield f.name, meanings[f.name]
