"""Parts of points: a series made to rise, and the steps, statistics and parameters that a query asks for.

A record may hold many steps. Then its kind declares an array `step`, and every array that shares its axis is cut with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from tb_plugin.points import Point
from tb_plugin.query import Query, Span, thinned
from tb_plugin.refusals import BadQuery
from tb_plugin.schema.payload import array_specs, listed_axes
from tb_plugin.schema.registry import kinds

Array = np.ndarray[Any, Any]


def steps_of(point: Point) -> Array:
    """The steps that a point tells of, rising [step]: those in its record, else the one at which it stands."""
    return np.array([point.step]) if _step_axis(point) is None else point.arrays["step"]


def rising(points: Sequence[Point]) -> tuple[Point, ...]:
    """Points in the order in which they were written, as a series of rising steps; see `never_rewritten`."""
    return tuple(_at_places(points, never_rewritten(_steps(points))))


def goes_back(points: Sequence[Point]) -> bool:
    """Whether, in the order in which points were written, a step does not rise."""
    return bool((np.diff(_steps(points)) <= 0).any())


def never_rewritten(steps: Array) -> Array:
    """Places of the steps that hold, in the order in which they were written.

    Where steps go back (a training restarted in its folder) the later writing wins from that step on, as in
    TensorBoard's Rust loader; its Python loader keeps both.
    """
    least_after = np.minimum.accumulate(np.append(steps[1:], np.inf)[::-1])[::-1]
    return np.flatnonzero(steps < least_after) if len(steps) else np.zeros(0, np.intp)


def chosen(points: Sequence[Point], query: Query) -> list[Point]:
    """What a query asks for of a series of rising steps.

    Points of an unknown kind or a newer version are chosen by their step, and left whole.

    Raises:
        BadQuery: The kind has no such axis, or none of its points has what is asked for along it.
    """
    found = _at_places(points, np.array(query.choose(_steps(points).tolist()), np.intp))
    known = [point for point in found if point.known]
    if query.statistics:
        cut = _to_statistics(known, query.statistics)
        found = [cut(point) if point.known else point for point in found]
    if query.parameters:
        cut = _to_parameters(known, query.parameters)
        found = [cut(point) if point.known else point for point in found]
    return found


def fitting(points: Sequence[Point], most_bytes: int | None) -> Sequence[Point]:
    """Points whose arrays take about so many bytes in the browser, evenly thinned with both ends kept: two at least."""
    size = sum(array.size * (8 if array.dtype == np.float64 else 4) for point in points for array in point.arrays.values())
    if most_bytes is None or size <= most_bytes:
        return points
    return [points[i] for i in thinned(len(points), max(2, len(points) * most_bytes // size))]


def along(points: Sequence[Point], axis: str, spans: Sequence[Span]) -> list[Point]:
    """Points of known kinds cut to some places along an axis, counted through all of them; those left without one are left out.

    Raises:
        BadQuery: There is no such place.
    """
    sizes = [_size(point, axis) for point in points]
    _refuse_beyond(spans, sum(sizes), axis)
    places = np.array([i for span in spans for i in span.within(sum(sizes))], np.int64)
    return [take(point, axis, part) for point, part in _parted(points, sizes, places)]


def take(point: Point, axis: str, places: Array) -> Point:
    """Some places along an axis of a known kind: of every array and list that has it, and of all that ends along it divide."""
    cls = kinds()[point.kind]
    specs, axes = array_specs(cls), listed_axes(cls)
    arrays = {name: content.take(places, specs[name].axes.index(axis)) if axis in specs[name].axes else content for name, content in point.arrays.items()}
    fields = {name: [content[i] for i in places] if axes.get(name) == axis and content is not None else content for name, content in point.fields.items()}
    part = replace(point, arrays=arrays, fields=fields)
    for name, spec in specs.items():
        if spec.ends is not None and spec.axes == (axis,) and name in point.arrays:
            end = point.arrays[name].astype(np.int64)
            width = np.diff(end, prepend=0)
            part = take(part, spec.ends, np.concatenate([np.arange(end[i] - width[i], end[i]) for i in places] or [np.arange(0)]))
            part = replace(part, arrays={**part.arrays, name: np.cumsum(width[places])})
    return part


def _step_axis(point: Point) -> str | None:
    spec = array_specs(kinds()[point.kind]).get("step") if point.known else None
    return None if spec is None else str(spec.axes[0])


def _steps(points: Sequence[Point]) -> Array:
    """All steps that points tell of, one after another."""
    return np.concatenate([np.zeros(0), *map(steps_of, points)])


def _at_places(points: Sequence[Point], places: Array) -> list[Point]:
    """Points cut to some places, rising, among all the steps that they tell of; those left without a step are left out."""
    return [_at(point, part) for point, part in _parted(points, [len(steps_of(point)) for point in points], places)]


def _parted(points: Sequence[Point], sizes: Sequence[int], places: Array) -> Iterator[tuple[Point, Array]]:
    """Points that lie one after another, each with those of some places, rising, that are its own; those without one are left out."""
    ends = np.cumsum(sizes)
    parts = np.split(places, np.searchsorted(places, ends))
    yield from ((point, part - (end - size)) for point, part, end, size in zip(points, parts, ends, sizes, strict=False) if len(part))


def _at(point: Point, places: Array) -> Point:
    """Some steps of a point: at least one."""
    axis, steps = _step_axis(point), steps_of(point)
    if axis is None or len(places) == len(steps):
        return point
    return replace(take(point, axis, places), step=int(steps[places[-1]]))


def _to_statistics(points: Sequence[Point], names: Sequence[str]) -> Callable[[Point], Point]:
    """Cuts a point to those of the statistics that it has, in the order in which they are named."""
    told = dict.fromkeys(name for point in points for name in _statistics(point))
    missing = [name for name in names if points and name not in told]
    if missing:
        raise BadQuery(f"there is no statistic {missing[0]!r:.80}", f"There are {', '.join(told):.1000}.")

    def cut(point: Point) -> Point:
        own = _statistics(point)
        return take(point, "statistic", np.array([own.index(name) for name in names if name in own], np.intp))

    return cut


def _to_parameters(points: Sequence[Point], spans: Sequence[Span]) -> Callable[[Point], Point]:
    """Cuts a point to those of the parameters that it has."""
    if points:
        _refuse_beyond(spans, max(_size(point, "parameter") for point in points), "parameter")

    def cut(point: Point) -> Point:
        size = _size(point, "parameter")
        return take(point, "parameter", np.array([i for span in spans for i in span.within(size)], np.intp))

    return cut


def _refuse_beyond(spans: Sequence[Span], size: int, axis: str) -> None:
    missing = [last for span in spans if (last := span.first or 0 if span.last is None else span.last) >= size]
    if missing:
        raise BadQuery(f"there is no {axis} {missing[0]}", f"There are {size}, numbered from 0.")


def _statistics(point: Point) -> Sequence[str]:
    """Their names, which stand in the list that has the axis."""
    _size(point, "statistic")
    lists = listed_axes(kinds()[point.kind])
    return list(next(point.fields[name] for name, axis in lists.items() if axis == "statistic"))


def _size(point: Point, axis: str) -> int:
    cls = kinds()[point.kind]
    sizes = [point.arrays[name].shape[spec.axes.index(axis)] for name, spec in array_specs(cls).items() if axis in spec.axes]
    # What others refer to by position is not cut.
    if cls.is_axis or not sizes:
        raise BadQuery(f"{point.kind} cannot be cut by {axis}", f"Ask for it without naming a {axis}, or for a series of another kind.")
    return int(sizes[0])
