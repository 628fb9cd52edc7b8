"""A kind of data: a frozen dataclass, declared once.

A subclass of `Payload` names its kind and version and lists its fields. A field that is made with `array()` is a
NumPy array with named axes; `reference()` is another payload, kept on disk by its digest; every other field is JSON,
typed by its annotation. The codec, the TypeScript types, the docs and the tests' random payloads are derived from
these declarations, so a rule that can be declared here (`ends`, `below`, `ascending_within`) is declared, not coded.
"""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from tb_plugin.schema.json_fields import Json, check_json, json_name

if TYPE_CHECKING:
    from typing_extensions import dataclass_transform
else:

    def dataclass_transform(**_: Any) -> Any:
        """Says something to type checkers only; `typing` has it from Python 3.11 on."""
        return lambda cls: cls


Below = str | None
"""Values lie below the size of this axis; "itself": below the value's own position; None: no upper bound."""


@dataclass(frozen=True)
class Array:
    """What is declared of an array field.

    Attributes:
        dtype: Its widest type: "int64", "float64", "float32", "bool", and where there is much of it "float16", or "uint8" for
            bytes. An int64 is stored in the narrowest type.
        axes: Name of each axis, or its fixed length. Arrays and lists of one payload that share a name share a size.
        help: One sentence for the docs and the page.
        point_axis: The axis along which the points of a series are joined.
        at_least, at_most: Smallest and largest value allowed.
        below: What its values must lie below: one rule, or one for each column of a 2-D array.
        ends: This array holds exclusive ends into that axis: never falling, the last one is the axis' size.
        ascending_within: Values rise strictly inside each span that the named array of ends marks off.
        never_rises_within: Values never rise, and none is NaN, inside each span that the named array of ends marks off.
        optional: Name of a group of arrays that are there together or not at all (None); empty: always there. A group that
            is added later, under a name of its own, leaves old records readable.
    """

    dtype: str
    axes: tuple[str | int, ...]
    help: str
    point_axis: int = 0
    at_least: int | None = None
    at_most: int | None = None
    below: Below | tuple[Below, ...] = None
    ends: str | None = None
    ascending_within: str | None = None
    never_rises_within: str | None = None
    optional: str = ""


def array(
    dtype: str,
    *axes: str | int,
    help: str,
    point_axis: int = 0,
    at_least: int | None = None,
    at_most: int | None = None,
    below: Below | tuple[Below, ...] = None,
    ends: str | None = None,
    ascending_within: str | None = None,
    never_rises_within: str | None = None,
    optional: str = "",
) -> Any:
    """Declares an array field; see `Array` for the arguments."""
    spec = Array(dtype, axes, help, point_axis, at_least, at_most, below, ends, ascending_within, never_rises_within, optional)
    metadata = {"array": spec}
    return field(metadata=metadata, default=None) if optional else field(metadata=metadata)


def listed(axis: str, *, help: str, default: Any = dataclasses.MISSING, at_least: int | None = None, below: str | None = None) -> Any:
    """Declares a JSON list whose length is the size of an axis; see `value` for the other arguments."""
    return field(metadata={"axis": axis, "help": help, "at_least": at_least, "below": below}, default=default)


def reference(*, help: str, sizes: Mapping[str, tuple[str, int]] = MappingProxyType({})) -> Any:
    """Declares a field that holds another payload in memory and its digest on disk.

    Args:
        help: One sentence for the docs and the page.
        sizes: Axes of this payload that have the size of an axis of the other one, and so many more.
    """
    return field(metadata={"reference": True, "help": help, "sizes": sizes})


def value(*, help: str, default: Any = dataclasses.MISSING, at_least: int | None = None, below: str | None = None) -> Any:
    """Declares a JSON field.

    Args:
        help: One sentence for the docs and the page.
        default: A mutable one is copied for each payload.
        at_least: Smallest value of its numbers: of itself, or of each that it holds.
        below: They lie below the size of this axis.
    """
    metadata = {"help": help, "at_least": at_least, "below": below}
    if isinstance(default, dict | list):
        return field(metadata=metadata, default_factory=lambda: type(default)(default))
    return field(metadata=metadata, default=default)


@dataclass_transform(frozen_default=True, kw_only_default=True, eq_default=False, field_specifiers=(array, listed, reference, value))
class Payload:
    """One point's data. Subclasses are frozen dataclasses; making one checks every declared rule.

    Arrays are read-only and the payload's own: what happens to those it was made from does not change it.

    Raises:
        ValueError: An array, a list or a number breaks its declaration; the message names field, rule and value.
        TypeError: A JSON field does not have its declared type.
    """

    kind: ClassVar[str]
    version: ClassVar[int]
    on_disk: ClassVar[bool]
    is_axis: ClassVar[bool]
    _arrays: ClassVar[Mapping[str, Array]]
    _references: ClassVar[tuple[str, ...]]
    _json: ClassVar[tuple[str, ...]]
    _lists: ClassVar[Mapping[str, str]]
    _hints: ClassVar[Mapping[str, Any]]

    def __init_subclass__(cls, *, kind: str, version: int, on_disk: bool = True, is_axis: bool = False) -> None:
        """Makes the subclass a frozen dataclass.

        Args:
            kind: The name on disk, for ever.
            version: Rises only when an old reader would be wrong.
            on_disk: False for what is only ever answered: others' data, in our form.
            is_axis: The record names an axis that others refer to by digest; it has the tag `<kind>/<digest>`.
        """
        cls.kind, cls.version, cls.on_disk, cls.is_axis = kind, version, on_disk, is_axis
        dataclass(frozen=True, kw_only=True, eq=False)(cls)
        cls._arrays = MappingProxyType({f.name: f.metadata["array"] for f in fields(cls) if "array" in f.metadata})  # type: ignore[arg-type]
        cls._references = tuple(f.name for f in fields(cls) if "reference" in f.metadata)  # type: ignore[arg-type]
        cls._lists = MappingProxyType({json_name(f.name): f.metadata["axis"] for f in fields(cls) if "axis" in f.metadata})  # type: ignore[arg-type]
        cls._json = tuple(f.name for f in fields(cls) if "array" not in f.metadata)  # type: ignore[arg-type]
        cls._hints = typing.get_type_hints(cls)

    def __post_init__(self) -> None:
        for f in fields(self):  # type: ignore[arg-type]
            content = getattr(self, f.name)
            if "array" in f.metadata:
                if content is not None:
                    object.__setattr__(self, f.name, _as_declared(f.name, content, f.metadata["array"]))
            elif "reference" not in f.metadata:
                object.__setattr__(self, f.name, check_json(self._hints[f.name], content, f.name))
        sizes = axis_sizes(self)
        for f in fields(self):  # type: ignore[arg-type]
            _check_numbers(self, f.name, f.metadata, sizes)
        for name, spec, content in present_arrays(self):
            _check_values(self, name, spec, content, sizes)
        for group in {spec.optional for spec in array_specs(type(self)).values()} - {""}:
            given = {name: getattr(self, name) is not None for name, spec in array_specs(type(self)).items() if spec.optional == group}
            if any(given.values()) and not all(given.values()):
                lacking = next(name for name, is_there in given.items() if not is_there)
                raise ValueError(f"{self.kind}: the optional arrays {', '.join(given)} are given together or not at all; {lacking} is missing")
        self.check()

    def check(self) -> None:
        """Rules of this kind that its declarations cannot say."""


def array_specs(cls: type[Payload]) -> Mapping[str, Array]:
    """The declared arrays of a kind, by name."""
    return cls._arrays


def reference_names(cls: type[Payload]) -> tuple[str, ...]:
    """The fields of a kind that hold another payload."""
    return cls._references


def listed_axes(cls: type[Payload]) -> Mapping[str, str]:
    """The axis of each JSON list of a kind that has one, by its key on disk."""
    return cls._lists


def json_names(cls: type[Payload]) -> tuple[str, ...]:
    """The fields of a kind that are JSON on disk; references among them."""
    return cls._json


def present_arrays(payload: Payload) -> Iterator[tuple[str, Array, np.ndarray[Any, Any]]]:
    """Name, declaration and content of each array that is not absent."""
    for name, spec in array_specs(type(payload)).items():
        content = getattr(payload, name)
        if content is not None:
            yield name, spec, content


def axis_sizes(payload: Payload) -> Mapping[str, int]:
    """Size of each named axis.

    Raises:
        ValueError: Two fields that share an axis differ in size.
    """
    sizes: dict[str, tuple[int, str]] = {}

    def note(axis: str, size: int, name: str) -> None:
        known, first = sizes.setdefault(axis, (size, name))
        if known != size:
            raise ValueError(f"{payload.kind}: axis {axis!r} has size {known} in {first} but {size} in {name}")

    for f in fields(payload):  # type: ignore[arg-type]
        content = getattr(payload, f.name)
        if "axis" in f.metadata and content is not None:
            note(f.metadata["axis"], len(content), f.name)
        if isinstance(content, Payload):
            for axis, size in referred_sizes(f.metadata["sizes"], content).items():
                note(axis, size, f.name)
    for name, spec, array_content in present_arrays(payload):
        for named, length in zip(spec.axes, array_content.shape, strict=True):
            if isinstance(named, str):
                note(named, length, name)
    return {axis: size for axis, (size, _) in sizes.items()}


def referred_sizes(declared: Mapping[str, tuple[str, int]], content: Payload) -> Mapping[str, int]:
    """Sizes that a referred payload gives to axes of the one that refers to it."""
    return {axis: axis_sizes(content)[other] + more for axis, (other, more) in declared.items()}


def _as_declared(name: str, content: Any, spec: Array) -> np.ndarray[Any, Any]:
    given = np.asarray(content)
    if given.size == 0 and given.ndim == 1 and len(spec.axes) > 1:
        given = given.reshape([0 if isinstance(axis, str) else axis for axis in spec.axes])
    fixed = [(size, axis) for size, axis in zip(given.shape, spec.axes, strict=False) if isinstance(axis, int)]
    if given.ndim != len(spec.axes) or any(size != axis for size, axis in fixed):
        raise ValueError(f"{name} must have the axes {list(spec.axes)}; its shape is {list(given.shape)}")
    if given.size and not np.can_cast(given.dtype, spec.dtype, "same_kind") and given.dtype != np.uint64:
        raise ValueError(f"{name} must be {spec.dtype}; it is {given.dtype}")
    if given.dtype == np.uint64 and spec.dtype == "int64" and given.size and given.max() > np.iinfo(np.int64).max:
        raise ValueError(f"{name} must be {spec.dtype}; it holds {given.max()}, which is too large")
    declared = np.array(given, dtype=spec.dtype, order="C")  # a copy: whoever gave it may write to it
    declared.flags.writeable = False
    return declared


def _check_numbers(payload: Payload, name: str, rules: Mapping[str, Any], sizes: Mapping[str, int]) -> None:
    content, at_least, below = getattr(payload, name), rules.get("at_least"), rules.get("below")
    held = content.values() if isinstance(content, Mapping) else content if isinstance(content, tuple) else (content,)
    for number in held:
        if at_least is not None and number is not None and number < at_least:
            raise ValueError(f"{payload.kind}: {name} must be at least {at_least}; it holds {number}")
        if below is not None and number is not None and number >= sizes.get(below, 0):
            raise ValueError(f"{payload.kind}: {name} must lie below the size of {below!r}, {sizes.get(below, 0)}; it holds {number}")


def _check_values(payload: Payload, name: str, spec: Array, content: np.ndarray[Any, Any], sizes: Mapping[str, int]) -> None:
    def fail(rule: str, bad: Any) -> None:
        raise ValueError(f"{payload.kind}: {name} {rule}; it holds {bad}")

    if spec.at_least is not None and content.size and content.min() < spec.at_least:
        fail(f"must be at least {spec.at_least}", content.min())
    if spec.at_most is not None and content.size and content.max() > spec.at_most:
        fail(f"must be at most {spec.at_most}", content.max())
    columns = content.T if content.ndim == 2 else content[None]
    for column, below in zip(columns, spec.below if isinstance(spec.below, tuple) else (spec.below,), strict=False):
        if below is None:
            continue
        limit = np.arange(len(column)) if below == "itself" else sizes.get(below, 0)
        over = column >= limit
        if over.any():
            fail("must refer to an earlier position" if below == "itself" else f"must lie below the size of {below!r}, {limit}", column[over][0])
    if spec.ends is not None:
        if content.size and (content[0] < 0 or (np.diff(content) < 0).any()):
            fail("must never fall", content[:8].tolist())
        last = int(content[-1]) if content.size else 0
        if last != sizes.get(spec.ends, 0):
            fail(f"must end at the size of {spec.ends!r}, {sizes.get(spec.ends, 0)}", last)
    if spec.ascending_within is not None and ((content[1:] <= content[:-1]) & _inside(payload, spec.ascending_within, content.size)).any():
        fail(f"must rise strictly within each span of {spec.ascending_within}", "a fall")
    if spec.never_rises_within is not None:
        if np.isnan(content).any():
            fail("must be numbers", "NaN")
        if ((content[1:] > content[:-1]) & _inside(payload, spec.never_rises_within, content.size)).any():
            fail(f"must never rise within each span of {spec.never_rises_within}", "a rise")


def _inside(payload: Payload, ends: str, size: int) -> np.ndarray[Any, Any]:
    """Whether a value is of the same span as the one before it: bool [size - 1], beginning with the second value."""
    starts = np.zeros(size + 1, dtype=bool)
    starts[np.clip(getattr(payload, ends), 0, size)] = True
    return ~starts[1:-1]


__all__ = [
    "Array",
    "Json",
    "Payload",
    "array",
    "array_specs",
    "axis_sizes",
    "json_names",
    "listed",
    "listed_axes",
    "present_arrays",
    "reference",
    "reference_names",
    "referred_sizes",
    "value",
]
