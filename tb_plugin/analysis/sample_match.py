"""What was said of each sample at one evaluation, and the same samples in another record."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import repeat
from typing import Any

import numpy as np

from tb_plugin.points import Point
from tb_plugin.refusals import NotFound, Nothing
from tb_plugin.schema.predictions import CONFIDENCE_STEPS

Array = np.ndarray[Any, Any]

_PART = 50_000
"""Ids that are looked up at a time."""

_SPARSEST = 4
"""Numbers that span less than so many times as many are looked up in a table of all that lie between."""


@dataclass(frozen=True)
class Said:
    """One evaluation, sample by sample, in the order of its samples; K classes.

    Attributes:
        counts: bool [sample]. Whether the sample was kept, and its label was a class or declared unknown.
        truth: int64 [sample]. True class, K unknown, -1 no class.
        known: bool [sample]. Whether it counts and its truth is one of the classes.
        predicted: int64 [sample]. Predicted class, K abstained; nothing is meant where it does not count.
        right: bool [sample]. Whether it counts and the prediction is the truth.
        confidence: float64 [sample]. A multiple of 1/65536.
        loss: float64 [sample]. NaN where it is not known.
        rank: int64 [sample]. 0 where it is not known.
    """

    counts: Array
    truth: Array
    known: Array
    predicted: Array
    right: Array
    confidence: Array
    loss: Array
    rank: Array


def said(point: Point, samples: Mapping[str, Point], size: int, only: int | None = None) -> Said:
    """What a point of kind `predictions` says.

    Args:
        point: The point.
        samples: Points of kind `samples` by digest.
        size: K.
        only: Place of the one sample that is told of; None: all.

    Raises:
        NotFound: It does not fit its samples or its classes.
    """
    truth, stored = samples[str(point.fields["samples"])].arrays["truth"], point.arrays["predicted"]
    if len(truth) != len(stored):
        raise _unfit(point, f"it tells of {len(stored)} samples, and their record has {len(truth)}")
    if len(truth) and (truth.max() > size or stored.max() > size + 1):
        raise _unfit(point, f"it tells of a class that is none of the {size}")
    told = slice(None) if only is None else slice(only, only + 1)
    truth, stored = truth[told].astype(np.int64), stored[told].astype(np.int64)
    counts = point.arrays["kept"][told].astype(bool) & (truth >= 0)
    known = counts & (truth < size)
    predicted = np.where(stored == 0, truth, stored - 1)
    right = known & (predicted == truth)
    confidence = point.arrays["confidence"][told].astype(np.float64) / CONFIDENCE_STEPS
    loss, rank = point.arrays["loss"][told].astype(np.float64), point.arrays["rank"][told].astype(np.int64)
    return Said(counts, truth, known, predicted, right, confidence, loss, rank)


def places_in(there: Point, here: Point) -> Array:
    """Place of each sample of one record in another: int64 [sample here], -1 where it is not there; the first of equals.

    Args:
        there, here: Points with `number` and `ids`: of kind `samples`, or `examples`.
    """
    ids, wanted = there.fields.get("ids"), here.fields.get("ids")
    if ids is not None and wanted is not None:
        # Part by part: in between, TensorBoard's other threads have their turn. From the end: of equals the first one stays.
        place: dict[str, int] = {}
        for end in range(len(ids), 0, -_PART):
            start = max(end - _PART, 0)
            place.update(zip(reversed(ids[start:end]), range(end - 1, start - 1, -1), strict=True))
        parts = (wanted[start : start + _PART] for start in range(0, len(wanted), _PART))
        return np.concatenate([np.zeros(0, np.int64), *[np.fromiter(map(place.get, part, repeat(-1)), np.int64, len(part)) for part in parts]])
    number, asked = there.arrays["number"].astype(np.int64), here.arrays["number"].astype(np.int64)
    if not len(number):
        return np.full(len(asked), -1, np.int64)
    low, high = int(number.min()), int(number.max())
    if high - low < _SPARSEST * len(number):
        place_of = np.full(high - low + 2, -1, np.int64)
        # Of equals the last one that is written stays: the first.
        place_of[number[::-1] - low] = np.arange(len(number) - 1, -1, -1)
        inside = (asked >= low) & (asked <= high)
        return place_of[np.where(inside, asked - low, -1)]
    order = np.argsort(number, kind="stable")
    found = order[np.minimum(np.searchsorted(number[order], asked), len(order) - 1)]
    return np.where(number[found] == asked, found, -1)


def pairs(there: Point, here: Point) -> Array:
    """Place of each sample of one record in another, no place twice: int64 [sample here], -1 where it is not there.

    Of equals the first here is the first there, and the others are not there: seen from the other record it is the same.

    Args:
        there, here: Points of kind `samples`.
    """
    place = places_in(there, here)
    found = np.flatnonzero(place >= 0)
    first = np.full(len(there.arrays["number"]), -1, np.int64)
    # Of equals the last one that is written stays: the first.
    first[place[found[::-1]]] = found[::-1]
    place[found[first[place[found]] != found]] = -1
    return place


def predicted_of(points: Iterable[Point], samples: Mapping[str, Point], of: str, size: int) -> Iterator[Array]:
    """What was predicted, at each of some evaluations, of the samples of one record: int64 [sample], -1 where nothing was.

    Args:
        points: Points of kind `predictions`.
        samples: As in `said`.
        of: Digest of the record.
        size: K.

    Raises:
        NotFound: As in `said`.
    """
    matched: dict[str, Array] = {}
    for point in points:
        told, digest = said(point, samples, size), str(point.fields["samples"])
        predicted = np.where(told.counts, told.predicted, -1)
        if digest != of:
            if digest not in matched:
                matched[digest] = places_in(samples[digest], samples[of])
            predicted = np.append(predicted, -1)[matched[digest]]
        yield predicted


def alone(samples: Point, place: int) -> Point:
    """One sample of a record, as a record of its own."""
    ids = id_of(samples, [place])
    return replace(samples, fields={**samples.fields, "ids": ids}, arrays={"number": samples.arrays["number"][place : place + 1]})


def example_of(samples: Point, examples: Sequence[Point]) -> Array:
    """Place of each sample's example among all points of kind `examples`: int64 [sample], -1 where there is none."""
    found = np.full(len(samples.arrays["number"]), -1, np.int64)
    start = 0
    for point in examples:
        place = places_in(point, samples)
        found = np.where((found < 0) & (place >= 0), start + place, found)
        start += len(point.arrays["number"])
    return found


def id_of(samples: Point, places: Iterable[int]) -> tuple[str, ...] | None:
    """Ids of some samples, where ids are texts."""
    ids = samples.fields.get("ids")
    return None if ids is None else tuple(ids[i] for i in places)


def place_of(samples: Point, sample: str) -> int | None:
    """Place of a sample in a record, the first of equals.

    Args:
        samples: A point of kind `samples`.
        sample: Its id; where ids are no texts its number as digits.
    """
    ids = samples.fields.get("ids")
    if ids is not None:
        return next((i for i, id_ in enumerate(ids) if id_ == sample), None)
    number = int(sample) if re.fullmatch(r"-?[0-9]{1,19}", sample) else 2**63
    found = np.flatnonzero(samples.arrays["number"] == number) if abs(number) < 2**63 else np.zeros(0, np.intp)
    return int(found[0]) if len(found) else None


def no_such_sample(sample: str) -> Nothing:
    """That no evaluation tells of a sample, as whoever followed a link to it reads it."""
    why = "The link may be of another evaluation, or its samples had other ids then. Choose one from the list of samples."
    return Nothing(f"this evaluation has no sample {sample!r:.200}", why)


def _unfit(point: Point, why: str) -> NotFound:
    return NotFound(f"the predictions of step {point.step} cannot be read: {why}", "The log is damaged; log it again.")
