"""ROC and precision-recall curves with their areas and intervals, from stored vertices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tb_plugin.analysis import intervals
from tb_plugin.analysis.curve_areas import areas, average_precisions, bounds, variances
from tb_plugin.analysis.curve_points import Drawn, drawn, mean_drawn
from tb_plugin.analysis.curve_walk import Walk, walk
from tb_plugin.analysis.intervals_bootstrap import Spread, spread
from tb_plugin.points import Point
from tb_plugin.refusals import BadQuery
from tb_plugin.schema.curves import MACRO, Curves
from tb_plugin.schema.score_curves import MICRO, SCORE_BINS

Array = np.ndarray[Any, Any]

MOST = 50
"""Curves that are drawn in one answer."""

_LARGEST = 2**53


@dataclass(frozen=True)
class _Numbers:
    """What is told of curves, [curve]."""

    positives: Array
    negatives: Array
    auc: Array
    auc_low: Array
    auc_high: Array
    auc_bound: Array
    ap: Array
    prevalence: Array


def curves(point: Point, classes: Sequence[int]) -> Curves:
    """Curves of one evaluation.

    The mean of the classes is the mean of those areas that are defined (scikit-learn's macro), and its curve the mean of
    their recalls at each false positive rate. Neither it nor the pooled curve (micro) has an interval: the decisions about
    one sample depend on each other, and how is not stored. Average precision has one where classes are named: drawing
    samples anew for all of them would take too long.

    Args:
        point: A point of kind `score_curves`.
        classes: Class ids, -1 (pooled) and -2 (mean), in the order of the answer. Empty: those of all stored curves and
            the mean, without points, band and histograms.

    Raises:
        BadQuery: A class has no curve here, or they are more than `MOST`.
    """
    stored = point.arrays["of"].astype(np.int64)
    every = np.arange(len(stored))
    if len(classes) > MOST:
        raise BadQuery(
            f"at most {MOST} curves are drawn at once; {len(classes)} are asked for", "Ask for some of them, or leave classes out for the numbers of all."
        )
    places = {int(id_): int(i) for i, id_ in reversed(list(enumerate(stored)))}
    for id_ in classes:
        if id_ != MACRO and id_ not in places:
            name = "no pooled curve" if id_ == MICRO else f"no curve of class {id_}"
            raise BadQuery(f"there is {name} at step {point.step}", "Leave classes out: the answer names all that there are.")
    wanted = list(classes) or [*stored.tolist(), MACRO]
    own = walk(point, np.array([places[id_] for id_ in wanted if id_ != MACRO], np.int64) if classes else every)
    numbers, is_mean = _numbers(own, binned=point.fields["binned"]), np.array(wanted) == MACRO
    mean = None
    if is_mean.any():
        of_classes = walk(point, every[stored != MICRO]) if classes or (stored == MICRO).any() else own
        mean = _mean(_numbers(of_classes, binned=point.fields["binned"]))
    told = _placed(numbers, mean, is_mean)
    points, spreads = [Drawn.nothing()] * len(wanted), [Spread.unknown()] * len(wanted)
    if classes:
        each = list(zip(wanted, np.cumsum(~is_mean) - 1, told.ap, strict=True))
        points = [mean_drawn(of_classes) if id_ == MACRO else drawn(own, int(i)) for id_, i, _ in each]
        spreads = [Spread.unknown() if id_ < 0 else spread(own, int(i), float(ap)) for id_, i, ap in each]
    own_places = [places.get(id_) for id_ in wanted]
    return Curves(
        classes=str(point.fields["classes"]),
        epoch=point.fields["epoch"],
        binned=point.fields["binned"],
        undefined=tuple(_undefined(own, mean, is_mean)),
        of=np.array(wanted, np.int64),
        positives=told.positives,
        negatives=told.negatives,
        auc=told.auc,
        auc_low=told.auc_low,
        auc_high=told.auc_high,
        auc_bound=told.auc_bound,
        ap=told.ap,
        ap_low=np.array([each.ap_low for each in spreads]),
        ap_high=np.array([each.ap_high for each in spreads]),
        prevalence=told.prevalence,
        point_end=np.cumsum([len(each.recall) for each in points], dtype=np.int64),
        threshold=np.concatenate([each.threshold for each in points]),
        false_positive_rate=np.concatenate([each.false_positive_rate for each in points]),
        recall=np.concatenate([each.recall for each in points]),
        precision=np.concatenate([each.precision for each in points]),
        band_low=np.array([each.band_low for each in spreads]) if classes else None,
        band_high=np.array([each.band_high for each in spreads]) if classes else None,
        score_positive=_histograms(point, "score_positive", own_places) if classes else None,
        score_negative=_histograms(point, "score_negative", own_places) if classes else None,
    )


def areas_of(point: Point, of: int) -> tuple[float, float, float, float]:
    """AUC, the ends of its interval, and average precision of one curve of an evaluation; NaN where they are not defined, or there is none.

    Args:
        point: A point of kind `score_curves`.
        of: Class id, -1 (pooled) or -2 (mean).
    """
    stored = point.arrays["of"].astype(np.int64)
    places = np.flatnonzero(stored != MICRO if of == MACRO else stored == of)
    if not len(places):
        return np.nan, np.nan, np.nan, np.nan
    each = _numbers(walk(point, places if of == MACRO else places[:1]), binned=point.fields["binned"])
    told = _mean(each) if of == MACRO else each
    return float(told.auc[0]), float(told.auc_low[0]), float(told.auc_high[0]), float(told.ap[0])


def _numbers(own: Walk, *, binned: bool) -> _Numbers:
    auc = areas(own)
    low, high = intervals.area(auc, variances(own, auc), own.effective_positives, own.effective_negatives)
    low[own.of == MICRO] = high[own.of == MICRO] = np.nan
    with np.errstate(all="ignore"):
        prevalence = own.all_positives / (own.all_positives + own.all_negatives)
    return _Numbers(
        positives=_whole(own.counted_positives),
        negatives=_whole(own.counted_negatives),
        auc=auc,
        auc_low=low,
        auc_high=high,
        auc_bound=bounds(own) if binned else np.where(np.isnan(auc), np.nan, 0),
        ap=average_precisions(own),
        prevalence=prevalence,
    )


def _mean(of_classes: _Numbers) -> _Numbers:
    """The mean of classes as one curve: of what each class has, over those that have it."""
    zero, unknown = np.zeros(1, np.int64), np.full(1, np.nan)

    def mean(values: Array) -> Array:
        there = values[~np.isnan(values)]
        return there.mean(keepdims=True) if len(there) else unknown

    auc, bound, ap = mean(of_classes.auc), mean(of_classes.auc_bound), mean(of_classes.ap)
    return _Numbers(zero, zero, auc, unknown, unknown, bound, ap, unknown)


def _placed(numbers: _Numbers, mean: _Numbers | None, is_mean: Array) -> _Numbers:
    """The numbers of all curves in the order of the answer."""

    def placed(name: str) -> Array:
        values: Array = getattr(numbers, name)
        found = np.empty(len(is_mean), values.dtype)
        found[~is_mean] = values
        if mean is not None:
            found[is_mean] = getattr(mean, name)
        return found

    return _Numbers(**{name: placed(name) for name in _Numbers.__dataclass_fields__})


def _undefined(own: Walk, mean: _Numbers | None, is_mean: Array) -> list[str]:
    """Why a curve has no area."""
    each = zip(own.all_positives > 0, own.all_negatives > 0, strict=True)
    reasons = iter(["" if some and others else "no negatives" if some else "no positives" for some, others in each])
    of_mean = "no positives" if mean is not None and np.isnan(mean.auc[0]) else ""
    return [of_mean if is_it else next(reasons) for is_it in is_mean]


def _histograms(point: Point, name: str, places: Sequence[int | None]) -> Array | None:
    """A score histogram of some curves, where they are stored; of the mean there is none."""
    if name not in point.arrays:
        return None
    return np.array([np.zeros(SCORE_BINS, np.int64) if i is None else point.arrays[name][i] for i in places], np.int64)


def _whole(numbers: Array) -> Array:
    """Counts as integers: what is said of more than 2^53 samples is damage."""
    return np.minimum(numbers, _LARGEST).astype(np.int64)
