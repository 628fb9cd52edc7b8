"""Samples of a regression whose values lie where it is asked for, and one sample through all evaluations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tb_plugin.analysis.sample_match import alone, example_of, id_of, no_such_sample, place_of
from tb_plugin.points import Point
from tb_plugin.query import Choice, Span
from tb_plugin.refusals import BadQuery, NotFound
from tb_plugin.schema.number_sample_history import NumberSampleHistory
from tb_plugin.schema.number_sample_list import NumberSampleList

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class _Told:
    """What is true and what was predicted of each sample, and whether the value counts [sample, target]."""

    truth: Array
    predicted: Array
    kept: Array


def number_sample_list(point: Point, samples: Mapping[str, Point], examples: Sequence[Point], choice: Choice, table: Point | None = None) -> NumberSampleList:
    """Some samples of one evaluation, sorted; equals in the order of the evaluation.

    Args:
        point: A point of kind `number_predictions`.
        samples: Points of kind `samples` by digest: all that `point` refers to.
        examples: The points of kind `examples` of the same evaluation, in order: an example's place counts through all.
        choice: Which samples, in which order.
        table: The point of kind `regression` of the same evaluation, where bins of its picture are chosen.

    Raises:
        NotFound: The predictions do not fit their samples.
        BadQuery: There is no such target.
    """
    own = samples[str(point.fields["samples"])]
    told, targets, k = told_of(point, own), point.fields["targets"], choice.target
    if k >= len(targets):
        raise BadQuery(f"there is no target {k}", f"There are {len(targets)}, numbered from 0.")
    truth, predicted, kept = told.truth[:, k], told.predicted[:, k], told.kept[:, k]
    matches = kept.copy()
    for values, bins in ((truth, choice.truth_bins), (predicted, choice.predicted_bins)):
        if bins is not None and table is not None:
            matches &= _inside(values, table.arrays["edge"][k], bins)
    matching = np.flatnonzero(matches)
    size = np.abs(predicted[matching] - truth[matching])
    order = np.arange(len(matching)) if choice.sort == "place" else np.argsort(-size, kind="stable")
    chosen, example = matching[order][choice.first : choice.first + choice.count], example_of(own, examples)
    return NumberSampleList(
        epoch=point.fields["epoch"],
        targets=tuple(targets),
        target=k,
        samples=int(kept.sum()),
        matching=len(matching),
        stored=int((example[matching] >= 0).sum()),
        first=choice.first,
        ids=id_of(own, chosen.tolist()),
        number=own.arrays["number"][chosen],
        truth=truth[chosen],
        predicted=predicted[chosen],
        example=example[chosen],
    )


def number_sample_history(points: Sequence[Point], samples: Mapping[str, Point], examples: Sequence[Point], sample: str) -> NumberSampleHistory:
    """What was predicted of one sample at every evaluation that tells of it.

    Args:
        points: Points of kind `number_predictions`, steps rising, of the same targets.
        samples, examples: As in `number_sample_list`, all that the points refer to.
        sample: Its id; where ids are no texts its number as digits.

    Raises:
        Nothing: No evaluation tells of such a sample.
        NotFound: Predictions do not fit their samples.
    """
    place = {digest: place_of(record, sample) for digest, record in samples.items()}
    found = []
    for point in points:
        own = samples[str(point.fields["samples"])]
        i = place[str(point.fields["samples"])]
        if i is None:
            continue
        told = told_of(point, own)
        if told.kept[i].any():
            found.append((point.step, np.where(told.kept[i], told.predicted[i], np.nan), told.truth[i], own, i))
    if not found:
        raise no_such_sample(sample)
    step, predicted, truths, owns, places = zip(*found, strict=True)
    record, i = owns[-1], places[-1]
    ids = id_of(record, [i])
    return NumberSampleHistory(
        id=None if ids is None else ids[0],
        number=int(record.arrays["number"][i]),
        example=int(example_of(alone(record, i), examples)[0]),
        targets=tuple(points[-1].fields["targets"]),
        truth=truths[-1],
        step=np.array(step, np.int64),
        predicted=np.array(predicted, np.float64),
    )


def told_of(point: Point, samples: Point) -> _Told:
    """What a point says of its samples.

    Raises:
        NotFound: It does not fit them.
    """
    truth, predicted = samples.arrays.get("number_truth"), point.arrays["predicted"]
    if truth is None or truth.shape != predicted.shape:
        has = "no numbers" if truth is None else f"numbers of the shape {list(truth.shape)}"
        error = f"the predictions of step {point.step} cannot be read: they are of the shape {list(predicted.shape)}, and the record of their samples has {has}"
        raise NotFound(error, "The log is damaged; log it again.")
    return _Told(truth.astype(np.float64), predicted.astype(np.float64), point.arrays["kept"].astype(bool))


def _inside(values: Array, edges: Array, bins: Span) -> Array:
    """Whether values lie in some bins, as the kind `regression` counts them: bool [sample]."""
    found = np.searchsorted(edges, values, side="right")
    inside: Array = (found >= (bins.first or 0)) & (found <= (len(edges) if bins.last is None else bins.last))
    return inside
