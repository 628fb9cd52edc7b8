"""Samples of an evaluation that match what is asked for, and one sample through all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from tb_plugin.analysis.comparison import Pair
from tb_plugin.analysis.confidence_bins import Counted, in_bins
from tb_plugin.analysis.sample_match import Said, alone, example_of, id_of, no_such_sample, place_of, predicted_of, said
from tb_plugin.analysis.top_k import credited
from tb_plugin.points import Point
from tb_plugin.query import Choice
from tb_plugin.schema.predictions import CONFIDENCE_STEPS, TOP
from tb_plugin.schema.sample_history import SampleHistory
from tb_plugin.schema.sample_list import SampleList

Array = np.ndarray[Any, Any]


def sample_list(
    point: Point,
    since: Point | None,
    samples: Mapping[str, Point],
    examples: Sequence[Point],
    choice: Choice,
    size: int,
    counted: Counted | None = None,
    versus: Pair | None = None,
) -> SampleList:
    """Some samples of one evaluation, sorted; equals in the order of the evaluation.

    Args:
        point: A point of kind `predictions`.
        since: The earlier one to compare with, if any. Where it is of other classes, nothing is known of it.
        samples: Points of kind `samples` by digest: all that `point` and `since` refer to.
        examples: The points of kind `examples` of the same evaluation, in order: an example's place counts through all.
        choice: Which samples, in which order.
        size: K, the number of classes.
        versus: The evaluation and another one, where one is compared with.
        counted: Where bins of confidence are chosen, what was counted in them.

    Raises:
        NotFound: The predictions fit neither their samples nor their classes.
    """
    here = said(point, samples, size)
    own = samples[str(point.fields["samples"])]
    example = example_of(own, examples)
    before = _before(since, point, samples, size)
    matches = _matches(here if choice.k == 1 else credited(here, size, choice.k), choice)
    if counted is not None and choice.confidence_bins is not None:
        matches &= in_bins(here, counted, choice.confidence_bins)
    if versus is not None:
        matches &= _matches_other(versus, choice)
    matching = np.flatnonzero(matches)
    chosen = matching[_order(here, before, matching, choice)][choice.first : choice.first + choice.count]
    top, top_score = _best(point, chosen)
    return SampleList(
        classes=str(point.fields["classes"]),
        epoch=point.fields["epoch"],
        samples=int(here.counts.sum()),
        matching=len(matching),
        stored=int((example[matching] >= 0).sum()),
        first=choice.first,
        binary=size == 2,
        ids=id_of(own, chosen.tolist()),
        number=own.arrays["number"][chosen],
        truth=here.truth[chosen],
        predicted=here.predicted[chosen],
        before=before[chosen],
        others=() if versus is None else versus.others,
        other=np.full(len(chosen), -1) if versus is None else versus.predicted[chosen],
        confidence=here.confidence[chosen],
        loss=here.loss[chosen],
        rank=here.rank[chosen],
        example=example[chosen],
        top=top,
        top_score=top_score,
    )


def sample_history(points: Sequence[Point], samples: Mapping[str, Point], examples: Sequence[Point], sample: str, size: int) -> SampleHistory:
    """What was predicted of one sample at every evaluation that tells of it.

    Args:
        points: Points of kind `predictions`, steps rising, of the same classes.
        samples: As in `sample_list`, all that the points refer to.
        examples: As in `sample_list`.
        sample: Its id; where ids are no texts its number as digits.
        size: K, the number of classes.

    Raises:
        Nothing: No evaluation tells of such a sample.
        NotFound: Predictions do not fit their samples or classes.
    """
    place = {digest: place_of(record, sample) for digest, record in samples.items()}
    found = []
    for point in points:
        own = str(point.fields["samples"])
        i = place[own]
        if i is None:
            continue
        told = said(point, samples, size, only=i)
        if told.counts[0]:
            found.append((point.step, told.predicted[0], told.confidence[0], told.loss[0], told.rank[0], int(told.truth[0]), own, i))
    if not found:
        raise no_such_sample(sample)
    step, predicted, confidence, loss, rank, truths, owns, places = zip(*found, strict=True)
    record, i = samples[owns[-1]], places[-1]
    ids = id_of(record, [i])
    return SampleHistory(
        classes=str(points[-1].fields["classes"]),
        id=None if ids is None else ids[0],
        number=int(record.arrays["number"][i]),
        truth=truths[-1],
        example=int(example_of(alone(record, i), examples)[0]),
        binary=size == 2,
        step=np.array(step, np.int64),
        predicted=np.array(predicted, np.int64),
        confidence=np.array(confidence, np.float64),
        loss=np.array(loss, np.float64),
        rank=np.array(rank, np.int64),
    )


def _matches(here: Said, choice: Choice) -> Array:
    """Whether each sample is asked for: bool [sample]."""
    found = here.counts & (here.confidence >= choice.at_least)
    if choice.below is not None:
        found &= here.confidence < choice.below
    if choice.truth is not None:
        found &= here.truth == choice.truth
    if choice.predicted is not None:
        found &= here.predicted == choice.predicted
    if choice.outcome != "any":
        found &= here.right if choice.outcome == "right" else here.known & ~here.right
    return found


def _matches_other(versus: Pair, choice: Choice) -> Array:
    """Whether each sample is asked for, by what the other evaluation says of it: bool [sample]."""
    found = np.ones(len(versus.predicted), bool)
    if choice.other_predicted is not None:
        found &= versus.compared & (versus.predicted == choice.other_predicted)
    if choice.against in ("same", "differ"):
        found &= versus.compared & ((versus.predicted == versus.this.predicted) == (choice.against == "same"))
    elif choice.against != "any":
        here, there = choice.against in ("both_right", "only_this_right"), choice.against in ("both_right", "only_other_right")
        found &= versus.compared & (versus.this.right == here) & (versus.other_right == there)
    return found


def _order(here: Said, before: Array, matching: Array, choice: Choice) -> Array:
    """Places among those that match, in the order asked for. NaN sorts last."""
    loss, confidence = here.loss[matching], here.confidence[matching]
    if choice.sort == "loss":
        return np.argsort(-loss, kind="stable")
    if choice.sort == "confidence":
        return np.argsort(-confidence, kind="stable")
    if choice.sort == "doubt":
        return np.argsort(confidence, kind="stable")
    if choice.sort == "changed":
        stays = (before[matching] < 0) | (before[matching] == here.predicted[matching])
        return np.lexsort([-loss, stays])
    return np.arange(len(matching))


def _before(since: Point | None, point: Point, samples: Mapping[str, Point], size: int) -> Array:
    """What was predicted of each sample at an earlier evaluation: int64 [sample], -1 where it is not known."""
    own = str(point.fields["samples"])
    if since is None or since.fields["classes"] != point.fields["classes"]:
        return np.full(len(samples[own].arrays["number"]), -1, np.int64)
    return next(predicted_of([since], samples, own, size))


def _best(point: Point, chosen: Array) -> tuple[Array, Array]:
    """The classes with the highest scores, [chosen, 5], -1 where they are not stored; and their probabilities, NaN there."""
    ranked = point.arrays["ranked"].astype(np.int64)
    row = np.full(len(point.arrays["predicted"]), -1, np.int64)
    row[ranked] = np.arange(len(ranked))
    row = row[chosen]
    top, score = np.full((len(chosen), TOP), -1, np.int64), np.full((len(chosen), TOP), np.nan)
    # Where they are empty, their second axis may not be stored.
    best, of_best = (point.arrays[name].reshape(-1, TOP) for name in ("top", "top_score"))
    top[row >= 0] = best[row[row >= 0]]
    score[row >= 0] = of_best[row[row >= 0]].astype(np.float64) / CONFIDENCE_STEPS
    score[top < 0] = np.nan
    return top, score
