"""Random payloads of any kind, made from its declaration alone: a kind that is declared is fuzzed, with nothing edited here."""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Callable, Mapping
from typing import Any, Literal, Union

import numpy as np
from hypothesis import reject
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from tb_plugin.schema.payload import Array, Payload, array_specs, referred_sizes
from tb_plugin.schema.registry import kinds

_MOST = 4
"""Size of a drawn axis, at most: rules break at 0, 1 and 2."""
_WIDTHS: Mapping[str, Literal[16, 32, 64]] = {"float16": 16, "float32": 32, "float64": 64}
_TRIES = 5
"""How often a payload is drawn because of rules that its declaration cannot say."""


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
digests = st.text("0123456789abcdef", min_size=16, max_size=16)
_floats = st.floats(allow_nan=False, allow_infinity=False)
# Mostly small: what refers to a class, a node or a type refers to one of few.
_ints = st.integers(0, 2) | st.integers(-2, _MOST) | st.integers(-(2**63), 2**63)
jsons: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | _ints | st.floats() | texts,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(texts, inner, max_size=2),
    max_leaves=4,
)


def on_disk() -> list[type[Payload]]:
    """The kinds that are written."""
    return [cls for cls in kinds().values() if cls.on_disk]


@st.composite
def payloads(draw: st.DrawFn, cls: type[Payload]) -> Payload:
    """Payloads of one kind that keep every declared rule.

    What `check()` of the kind refuses beyond them is drawn again, a few times, so a kind need not be known here, unless chance
    hardly ever meets what it checks.
    """
    for _ in range(_TRIES):
        try:
            fields = _Draw(draw, cls).fields()
            return cls(**_MENDED.get(cls.kind, dict)(fields))
        except (_ImpossibleError, ValueError):
            continue
    reject()


def jsons_of(annotation: Any, ints: st.SearchStrategy[int] = _ints, size: int | None = None) -> st.SearchStrategy[Any]:
    """JSON values that an annotation admits, as the payload holds them.

    Args:
        annotation: The type that the field declares.
        ints: Its whole numbers.
        size: Length of the list, where it is that of an axis.
    """
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if annotation is Any:
        return jsons
    if origin in (Union, types.UnionType):
        return st.one_of(*[st.none() if option is type(None) else jsons_of(option, ints, size) for option in arguments])
    if origin is Literal:
        return st.sampled_from(arguments)
    if origin is tuple:
        return st.lists(jsons_of(arguments[0], ints), min_size=size or 0, max_size=_MOST if size is None else size).map(tuple)
    if origin in (dict, Mapping):
        return st.dictionaries(texts, jsons_of(arguments[1], ints), max_size=2)
    if dataclasses.is_dataclass(annotation) and isinstance(annotation, type):
        hints = typing.get_type_hints(annotation)
        return st.builds(annotation, **{f.name: jsons_of(hints[f.name]) for f in dataclasses.fields(annotation)})
    simple: dict[Any, st.SearchStrategy[Any]] = {str: texts, int: ints, float: _floats, bool: st.booleans()}
    return simple[annotation]


def _mended_weight_values(fields: dict[str, Any]) -> dict[str, Any]:
    """Cells in one column, so that rows times columns are as many; what is kept of a parameter as its counts allow."""
    cells, blocks, kernels = (np.diff(fields[name], prepend=0) for name in ("cell_end", "block_end", "kernel_end"))
    allows = {"blocks": blocks == cells, "kernels": kernels == cells}
    kept = tuple(each if allows.get(each, [True] * len(cells))[i] else "all" for i, each in enumerate(fields["kept"]))
    return fields | {"kept": kept, "rows": cells, "columns": np.ones(len(cells), np.int64)}


_MENDED: Mapping[str, Callable[[dict[str, Any]], dict[str, Any]]] = {"weight_values": _mended_weight_values}


class _ImpossibleError(Exception):
    """The sizes drawn so far leave no content that keeps the rules."""


class _Draw:
    """One payload being drawn: sizes of its axes first, then its fields."""

    def __init__(self, draw: st.DrawFn, cls: type[Payload]) -> None:
        self.draw, self.cls, self.specs = draw, cls, array_specs(cls)
        self.groups = {group: draw(st.booleans()) for group in sorted({spec.optional for spec in self.specs.values()} - {""})}
        self.sizes: dict[str, int] = {}
        self.arrays: dict[str, np.ndarray[Any, Any]] = {}

    def fields(self) -> dict[str, Any]:
        """The arguments of the kind's constructor."""
        hints, declared = typing.get_type_hints(self.cls), dataclasses.fields(self.cls)  # type: ignore[arg-type]
        given: dict[str, Any] = {}
        for f in declared:
            if "reference" in f.metadata:
                given[f.name] = self.draw(st.one_of(*[_referred(option) for option in typing.get_args(hints[f.name])]))
                if isinstance(given[f.name], Payload):
                    self.sizes.update(referred_sizes(f.metadata["sizes"], given[f.name]))
        self._draw_ends()
        for f in declared:
            if f.name in self.specs:
                given[f.name] = self._array(f.name, self.specs[f.name])
            elif f.name not in given:
                size = self._size(f.metadata["axis"]) if "axis" in f.metadata else None
                given[f.name] = self.draw(jsons_of(hints[f.name], self._numbers(f.metadata), size))
        return given

    def _numbers(self, rules: Mapping[str, Any]) -> st.SearchStrategy[int]:
        """Whole numbers that a JSON field may hold."""
        low, below = rules.get("at_least"), rules.get("below")
        if below is not None:
            return _range(low or 0, self._size(below) - 1)
        return _ints if low is None else st.integers(low, low + _MOST) | st.integers(min_value=low)

    def _size(self, axis: str | int) -> int:
        if isinstance(axis, int):
            return axis
        if axis not in self.sizes:
            self.sizes[axis] = self.draw(st.integers(0, _MOST))
        return self.sizes[axis]

    def _draw_ends(self) -> None:
        """Ends before all else, outer ones first, because the last of them is the size of the axis they divide."""
        waiting = {name: spec for name, spec in self.specs.items() if spec.ends is not None}
        while waiting:
            divided = {spec.ends for spec in waiting.values()}
            name = next((name for name, spec in waiting.items() if spec.axes[0] not in divided), next(iter(waiting)))
            self._ends(name, waiting.pop(name))

    def _ends(self, name: str, spec: Array) -> None:
        axis = typing.cast("str", spec.ends)
        size = self._size(spec.axes[0])
        widths = st.lists(st.integers(0, self._widest(name)), min_size=size, max_size=size)
        ends = np.cumsum(np.array(self.draw(widths), dtype=np.int64))
        total = int(ends[-1]) if size else 0
        if self.sizes.setdefault(axis, total) != total:
            if size == 0:
                raise _ImpossibleError
            ends = np.append(np.minimum(ends[:-1], self.sizes[axis]), self.sizes[axis])
        self.arrays[name] = ends

    def _widest(self, ends: str) -> int:
        """Longest span that can rise strictly."""
        rising = [spec for spec in self.specs.values() if spec.ascending_within == ends and isinstance(spec.below, str)]
        return min([_MOST, *[self._size(typing.cast("str", spec.below)) - (spec.at_least or 0) for spec in rising]])

    def _array(self, name: str, spec: Array) -> np.ndarray[Any, Any] | None:
        if spec.optional and not self.groups[spec.optional]:
            return None
        if name in self.arrays:
            return self.arrays[name]
        shape = tuple(self._size(axis) for axis in spec.axes)
        if spec.ascending_within is not None:
            return self._ascending(spec, shape[0])
        if spec.never_rises_within is not None:
            return self._never_rising(spec, shape[0])
        if isinstance(spec.below, tuple) or spec.below == "itself":
            columns = spec.below if isinstance(spec.below, tuple) else (spec.below,)
            drawn = [[self._one(spec, below, i) for below in columns] for i in range(shape[0])]
            return np.array(drawn, dtype=spec.dtype).reshape(shape)
        if 0 in shape:
            return np.zeros(shape, spec.dtype)
        elements = self._elements(spec, spec.below, 0)
        if elements is not None and elements.is_empty:
            raise _ImpossibleError
        return self.draw(npst.arrays(np.dtype(spec.dtype), shape, elements=elements))

    def _ascending(self, spec: Array, size: int) -> np.ndarray[Any, Any]:
        low, high = _limits(spec)
        high = high if spec.below is None else self._size(typing.cast("str", spec.below)) - 1
        found: list[int] = []
        for end in self.arrays[typing.cast("str", spec.ascending_within)]:
            width = int(end) - len(found)
            if width > high - low + 1:
                raise _ImpossibleError
            if width:
                found += sorted(self.draw(st.lists(st.integers(low, high), min_size=width, max_size=width, unique=True)))
        return np.array(found, dtype=spec.dtype).reshape(size)

    def _never_rising(self, spec: Array, size: int) -> np.ndarray[Any, Any]:
        drawn = np.array(self.draw(st.lists(_real(spec.dtype).filter(lambda x: not np.isnan(x)), min_size=size, max_size=size)), dtype=spec.dtype)
        ends = self.arrays[typing.cast("str", spec.never_rises_within)]
        return np.concatenate([np.zeros(0, spec.dtype), *[np.sort(part)[::-1] for part in np.split(drawn, ends)]])

    def _one(self, spec: Array, below: str | None, position: int) -> Any:
        elements = self._elements(spec, below, position)
        if elements is None or elements.is_empty:
            raise _ImpossibleError
        return self.draw(elements)

    def _elements(self, spec: Array, below: str | None, position: int) -> st.SearchStrategy[Any] | None:
        if spec.dtype == "bool":
            return st.booleans()
        if spec.dtype.startswith("float"):
            return _real(spec.dtype, spec.at_least)
        low, high = _limits(spec)
        if below is not None:
            high = (position if below == "itself" else self._size(below)) - 1
        return _range(low, high)


def _range(low: int, high: int) -> st.SearchStrategy[int]:
    """Small values, and now and then any: they choose the type on disk. None there are: what holds them must be empty."""
    return st.nothing() if high < low else st.integers(low, min(high, low + _MOST)) | st.integers(low, high)


def _real(dtype: str, at_least: float | None = None) -> st.SearchStrategy[float]:
    """Any number of a type; drawn between its ends, since most of all doubles lie beyond those of a narrow one and would be drawn again."""
    width, most = _WIDTHS[dtype], float(np.finfo(dtype).max)
    finite = st.floats(-most if at_least is None else at_least, most, width=width)
    return finite | st.sampled_from([np.inf] if at_least is not None else [np.nan, np.inf, -np.inf])


def _limits(spec: Array) -> tuple[int, int]:
    limits = np.iinfo(spec.dtype)
    return (int(limits.min) if spec.at_least is None else spec.at_least), (int(limits.max) if spec.at_most is None else spec.at_most)


def _referred(option: Any) -> st.SearchStrategy[Any]:
    return digests if option is str else payloads(option)
