"""Points as the store keeps them: decoded, checked, and as small as on disk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from tb_plugin.schema.payload import Payload, present_arrays
from tb_plugin.schema.record import Record, json_of, payload_of


@dataclass(frozen=True)
class Point:
    """One record of a series.

    Attributes:
        step: Last step in the record.
        wall_time: Seconds since 1970.
        kind, version, writer, ordinal: As in the record.
        known: Whether its kind and version are ours, and its content was checked.
        fields: Its JSON fields; of a known kind all of them, with defaults.
        arrays: Its arrays in the narrow types in which they are stored.
    """

    step: int
    wall_time: float
    kind: str
    version: int
    writer: str
    ordinal: int
    known: bool
    fields: Mapping[str, Any]
    arrays: Mapping[str, np.ndarray[Any, Any]]

    @property
    def nbytes(self) -> int:
        """About what it takes in memory."""
        return 1000 + sum(a.nbytes for a in self.arrays.values()) + _weight(self.fields)


@dataclass(frozen=True)
class Problem:
    """What could not be read, and the way out."""

    error: str
    fix: str
    step: int | None = None


@dataclass(frozen=True)
class Points:
    """The points of a series.

    Attributes:
        points: Those that can be read, steps rising.
        problems: What could not be read.
        goes_back: Whether steps went back, as far as TensorBoard kept what was before: the later writing won.
    """

    points: tuple[Point, ...] = ()
    problems: tuple[Problem, ...] = ()
    goes_back: bool = False

    @property
    def nbytes(self) -> int:
        """About what they take in memory."""
        return 1000 + sum(p.nbytes for p in self.points) + 500 * len(self.problems)

    def at(self, step: int | None) -> Point | None:
        """The last point at or before a step, or of all."""
        return next((p for p in reversed(self.points) if step is None or p.step <= step), None)


def point_of(record: Record, step: int, wall_time: float) -> Point:
    """Checks a record and takes from it what its kind declares.

    Raises:
        BadRecord: It breaks a rule of its kind.
    """
    payload = payload_of(record)
    fields, arrays = record.fields, record.arrays
    if payload is not None:
        fields = json_of(payload)
        arrays = {name: record.arrays[name] for name, _, _ in present_arrays(payload)}
    return Point(step, wall_time, record.kind, record.version, record.writer, record.ordinal, payload is not None, fields, arrays)


def point_from(payload: Payload, step: int, wall_time: float) -> Point:
    """A payload that no record held: an adapter made it of somebody else's log."""
    arrays = {name: content for name, _, content in present_arrays(payload)}
    return Point(step, wall_time, payload.kind, payload.version, "", 0, True, json_of(payload), arrays)


def _weight(content: Any) -> int:
    if isinstance(content, str):
        return 50 + len(content)
    if isinstance(content, Mapping):
        return 60 + sum(_weight(k) + _weight(v) + 40 for k, v in content.items())
    if isinstance(content, list | tuple):
        return 60 + sum(_weight(item) + 8 for item in content)
    return 30
