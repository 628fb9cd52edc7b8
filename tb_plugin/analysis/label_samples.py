"""Samples whose labels became what is asked for, and one sample through all evaluations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from tb_plugin.analysis.sample_match import alone, example_of, id_of, no_such_sample, place_of
from tb_plugin.points import Point
from tb_plugin.query import Became, Choice
from tb_plugin.refusals import BadQuery, NotFound
from tb_plugin.schema.label_predictions import FALSE, MISSED, NOT_COUNTED, RIGHTLY
from tb_plugin.schema.label_sample_history import LabelSampleHistory
from tb_plugin.schema.label_sample_list import LabelSampleList
from tb_plugin.schema.predictions import CONFIDENCE_STEPS

Array = np.ndarray[Any, Any]

_CODES: Mapping[Became, tuple[int, ...]] = {"missed": (MISSED,), "false": (FALSE,), "rightly": (RIGHTLY,), "wrong": (MISSED, FALSE)}


def label_sample_list(point: Point, samples: Mapping[str, Point], examples: Sequence[Point], choice: Choice, size: int) -> LabelSampleList:
    """Some samples of one evaluation, sorted; equals in the order of the evaluation.

    Args:
        point: A point of kind `label_predictions`.
        samples: Points of kind `samples` by digest: all that `point` refers to.
        examples: The points of kind `examples` of the same evaluation, in order: an example's place counts through all.
        choice: Which samples, in which order.
        size: How many labels there are.

    Raises:
        NotFound: What is told fits neither the samples nor the labels.
        BadQuery: There is no such label.
    """
    own = samples[str(point.fields["samples"])]
    must_fit(point, own, size)
    kept, became = point.arrays["kept"].astype(bool), point.arrays["became"].astype(np.int64)
    sample = np.repeat(np.arange(len(kept)), np.diff(point.arrays["entry_end"].astype(np.int64), prepend=0))
    wrongs = np.bincount(sample[np.isin(became, _CODES["wrong"])], minlength=len(kept))
    loss = point.arrays["loss"].astype(np.float64)
    matches = kept.copy()
    if choice.outcome != "any":
        # Of which no label counts, nobody knows whether they are right.
        matches &= (wrongs > 0) if choice.outcome == "wrong" else (wrongs == 0) & ~np.isnan(loss)
    if choice.most_wrong is not None:
        matches &= wrongs <= choice.most_wrong
    for label, what in choice.labels:
        if label >= size:
            raise BadQuery(f"there is no label {label}", f"There are {size}, numbered from 0.")
        matches &= _of_label(point, sample, label, what, len(kept))
    matching = np.flatnonzero(matches)
    order = np.arange(len(matching)) if choice.sort == "place" else np.argsort(-loss[matching], kind="stable")
    chosen, example = matching[order][choice.first : choice.first + choice.count], example_of(own, examples)
    return LabelSampleList(
        classes=str(point.fields["classes"]),
        epoch=point.fields["epoch"],
        samples=int(kept.sum()),
        matching=len(matching),
        stored=int((example[matching] >= 0).sum()),
        first=choice.first,
        ids=id_of(own, chosen.tolist()),
        number=own.arrays["number"][chosen],
        loss=loss[chosen],
        example=example[chosen],
        **_entries([(point, int(i)) for i in chosen]),
    )


def label_sample_history(points: Sequence[Point], samples: Mapping[str, Point], examples: Sequence[Point], sample: str, size: int) -> LabelSampleHistory:
    """What became of the labels of one sample at every evaluation that tells of it.

    Args:
        points: Points of kind `label_predictions`, steps rising, of the same labels.
        samples, examples, size: As in `label_sample_list`, all that the points refer to.
        sample: Its id; where ids are no texts its number as digits.

    Raises:
        Nothing: No evaluation tells of such a sample.
        NotFound: What is told does not fit its samples or labels.
    """
    place = {digest: place_of(record, sample) for digest, record in samples.items()}
    found = []
    for point in points:
        own = samples[str(point.fields["samples"])]
        i = place[str(point.fields["samples"])]
        if i is None:
            continue
        must_fit(point, own, size)
        if point.arrays["kept"][i]:
            found.append((point, i))
    if not found:
        raise no_such_sample(sample)
    last, i = found[-1]
    record = samples[str(last.fields["samples"])]
    ids = id_of(record, [i])
    return LabelSampleHistory(
        classes=str(points[-1].fields["classes"]),
        id=None if ids is None else ids[0],
        number=int(record.arrays["number"][i]),
        example=int(example_of(alone(record, i), examples)[0]),
        step=np.array([point.step for point, _ in found], np.int64),
        loss=np.array([point.arrays["loss"][at] for point, at in found], np.float64),
        **_entries(found),
    )


def _of_label(point: Point, sample: Array, label: int, what: Became, size: int) -> Array:
    """Whether a label became something: bool [sample]; a label without an entry was rightly not told."""
    own = point.arrays["label"] == label
    if what == "absent":
        found = point.arrays["kept"].astype(bool)
        found[sample[own]] = False
        return found
    found = np.zeros(size, bool)
    found[sample[own & np.isin(point.arrays["became"].astype(np.int64), _CODES[what])]] = True
    return found


def _entries(of: Sequence[tuple[Point, int]]) -> dict[str, Array]:
    """The entries of some samples, each of a point and at a place in it."""
    spans = [slice(int(point.arrays["entry_end"][i - 1]) if i else 0, int(point.arrays["entry_end"][i])) for point, i in of]

    def joined(name: str) -> Array:
        parts = [point.arrays[name][span].astype(np.int64) for (point, _), span in zip(of, spans, strict=True)]
        return np.concatenate([np.zeros(0, np.int64), *parts])

    def probabilities(point: Point, span: slice) -> Array:
        told = point.arrays.get("probability")
        return np.full(span.stop - span.start, np.nan) if told is None else told[span].astype(np.float64) / CONFIDENCE_STEPS

    became = joined("became")
    told = np.concatenate([np.zeros(0), *[probabilities(point, span) for (point, _), span in zip(of, spans, strict=True)]])
    end = np.cumsum([span.stop - span.start for span in spans], dtype=np.int64)
    return {"entry_end": end, "label": joined("label"), "became": became, "probability": np.where(became == NOT_COUNTED, np.nan, told)}


def must_fit(point: Point, samples: Point, size: int) -> None:
    """
    Raises:
        NotFound: What a point tells fits neither its samples nor its labels.
    """
    told, label = len(point.arrays["kept"]), point.arrays["label"]
    why = None
    if told != len(samples.arrays["number"]):
        why = f"it tells of {told} samples, and their record has {len(samples.arrays['number'])}"
    elif len(label) and label.max() >= size:
        why = f"it tells of a label that is none of the {size}"
    if why is not None:
        raise NotFound(f"the predictions of step {point.step} cannot be read: {why}", "The log is damaged; log it again.")
