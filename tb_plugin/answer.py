"""Points → one container for the browser: segments of points with equal axes, each array joined over its points."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import asdict
from itertools import groupby
from typing import Any

import numpy as np

from tb_plugin.points import Point, Problem
from tb_plugin.schema.json_fields import canonical
from tb_plugin.schema.payload import array_specs, listed_axes, reference_names
from tb_plugin.schema.record import pack
from tb_plugin.schema.registry import kinds

_INT32 = np.iinfo(np.int32)


def container(points: Sequence[Point], problems: Sequence[Problem] = (), *, steps: Sequence[int] | None = None) -> bytes:
    """One uncompressed safetensors.

    Its metadata `layerscope` holds `segments` (kind, version, known, and each point's step, wall_time, ordinal, writer
    and JSON fields) and `problems`. The arrays of segment i are `<i>/<name>`, the points' parts joined along the array's
    point axis, and `<i>/<name>/end`: where each point's part ends, int32, exclusive. Integers are int32 where all fit,
    else float64; booleans and bytes are uint8. Points of an unknown kind stand alone, one a segment, their arrays as stored.

    Args:
        points: What is answered.
        problems: Records that could not be read.
        steps: Where points were left out for their size, the steps of all of them: `steps` in the metadata.
    """
    arrays: dict[str, np.ndarray[Any, Any]] = {}
    segments = []
    for i, group in enumerate(_segments(points)):
        for name in group[0].arrays:
            arrays[f"{i}/{name}"], arrays[f"{i}/{name}/end"] = _join(group, name)
        segments.append(
            {
                "kind": group[0].kind,
                "version": group[0].version,
                "known": group[0].known,
                "points": [{"step": p.step, "wall_time": p.wall_time, "ordinal": p.ordinal, "writer": p.writer, "fields": p.fields} for p in group],
            }
        )
    left_out = {} if steps is None else {"steps": list(steps)}
    return pack(arrays, {"segments": segments, "problems": [asdict(p) for p in problems], **left_out})


def _segments(points: Sequence[Point]) -> Iterator[list[Point]]:
    """Neighbours whose arrays can be joined, and whose other axes are the same."""
    for _, group in groupby(enumerate(points), lambda numbered: _axes(*numbered)):
        yield [point for _, point in group]


def _axes(place: int, point: Point) -> Hashable:
    if not point.known:
        return place
    cls = kinds()[point.kind]
    joined, shapes = set(), []
    for name, content in sorted(point.arrays.items()):
        spec = array_specs(cls)[name]
        joined.add(spec.axes[spec.point_axis])
        shapes.append((name, content.shape[: spec.point_axis], content.shape[spec.point_axis + 1 :]))
    # What an axis that is not joined along refers to, or is named by, is the same for all points of a segment.
    naming = [*reference_names(cls), *(name for name, axis in listed_axes(cls).items() if axis not in joined)]
    return point.kind, point.version, tuple(shapes), canonical({name: point.fields[name] for name in naming})


def _join(points: Sequence[Point], name: str) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    # Without a declaration nothing says along which axis to join: such a point stands alone, and its array is one part.
    spec = array_specs(kinds()[points[0].kind])[name] if points[0].known else None
    axis = 0 if spec is None else spec.point_axis
    parts = [np.atleast_1d(point.arrays[name]) for point in points]
    joined = np.concatenate(parts, axis=axis)
    if spec is not None and spec.dtype != "int64":  # integers stay as narrow as they are stored
        joined = joined.astype(spec.dtype, copy=False)
    is_bytes = spec is not None and spec.dtype == "uint8"
    return joined if is_bytes else _for_browser(joined), np.cumsum([part.shape[axis] for part in parts], dtype=np.int32)


def _for_browser(content: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """The array in a type that JavaScript has: uint8 for booleans, int32, float32 or float64."""
    kind = content.dtype.kind
    if kind == "b":
        return content.astype(np.uint8)
    if kind == "f":
        return content.astype(np.float32) if content.dtype.itemsize < 4 else content
    low, high = (int(content.min()), int(content.max())) if content.size else (0, 0)
    return content.astype(np.int32 if _INT32.min <= low and high <= _INT32.max else np.float64)
