"""Two evaluations of several labels against each other: about which samples, and which labels, one is right where the other is not."""

from __future__ import annotations

from typing import Any

import numpy as np

from tb_plugin.analysis.comparison import Evaluation, class_ids, matched_by, places
from tb_plugin.analysis.label_samples import must_fit
from tb_plugin.analysis.paired import difference, holm, mcnemar
from tb_plugin.points import Point
from tb_plugin.schema.label_comparison import LabelComparison
from tb_plugin.schema.label_predictions import NOT_COUNTED, RIGHTLY

Array = np.ndarray[Any, Any]

_CELLS = 4_000_000
"""Decisions that are looked at at a time: of many samples and labels not all fit into memory."""


def label_comparison(this: Evaluation, other: Evaluation) -> LabelComparison:
    """Two evaluations of the same samples against each other.

    Args:
        this, other: Evaluations whose points are of kind `label_predictions`.

    Raises:
        NotFound: What is told fits neither samples nor labels.
    """
    for each in (this, other):
        must_fit(each.point, each.samples, len(each.labels))
    size = len(this.labels)
    ids, others = class_ids(other.labels, this.labels)
    kept, kept_there = (each.point.arrays["kept"].astype(bool) for each in (this, other))
    place = places(this, other)
    both = np.flatnonzero(kept & np.append(kept_there, False)[place])
    # Of samples: not compared for their truths, or since no decision counts for both; who is right of the others.
    counts = dict.fromkeys(("truth_differs", "truth_unknown", "both_right", "only_this_right", "only_other_right", "both_wrong"), 0)
    decisions, gained, lost = (np.zeros(size, np.int64) for _ in range(3))
    rows = max(1, _CELLS // max(1, size))
    for start in range(0, len(both), rows):
        some = both[start : start + rows]
        mine = _became(this.point, some, np.arange(size), size)
        theirs = _became(other.point, place[some], ids[: len(other.labels)], size)
        known = (mine != NOT_COUNTED) & (theirs != NOT_COUNTED)
        same = known & ((mine & 1) == (theirs & 1))
        right, right_there = ((each == 0) | (each == RIGHTLY) for each in (mine, theirs))
        decisions += same.sum(axis=0)
        gained += (same & right & ~right_there).sum(axis=0)
        lost += (same & ~right & right_there).sum(axis=0)
        differs = (known & ~same).any(axis=1)
        unknown = ~known.any(axis=1)
        compared = ~differs & ~unknown
        all_right, all_right_there = ((each | ~known).all(axis=1) for each in (right, right_there))
        counts["truth_differs"] += int(differs.sum())
        counts["truth_unknown"] += int(unknown.sum())
        for name, where in (
            ("both_right", all_right & all_right_there),
            ("only_this_right", all_right & ~all_right_there),
            ("only_other_right", ~all_right & all_right_there),
            ("both_wrong", ~all_right & ~all_right_there),
        ):
            counts[name] += int((where & compared).sum())
    table = [np.array(counts.pop(name)) for name in ("both_right", "only_this_right", "only_other_right", "both_wrong")]
    compared = int(sum(table))
    total = [float(each) for each in difference(*table)]
    rate, low, high = difference(decisions - gained - lost, gained, lost, np.zeros(size, np.int64))
    p = np.where(gained + lost > 0, mcnemar(gained, lost), np.nan)
    return LabelComparison(
        classes=str(this.point.fields["classes"]),
        others=others,
        lacking=class_ids(this.labels, other.labels)[1],
        other_step=other.point.step,
        matched_by=matched_by(this, other),
        compared=compared,
        only_this=int(kept.sum()) - len(both),
        only_other=int(kept_there.sum()) - len(both),
        **counts,
        both_right=int(table[0]),
        only_this_right=int(table[1]),
        only_other_right=int(table[2]),
        p=float(mcnemar(table[1], table[2])) if compared else None,
        difference=total[0] if compared else None,
        difference_low=total[1] if compared else None,
        difference_high=total[2] if compared else None,
        decisions=decisions,
        only_this_right_label=gained,
        only_other_right_label=lost,
        label_p=p,
        label_p_holm=holm(p),
        label_difference=rate,
        label_low=low,
        label_high=high,
    )


def _became(point: Point, samples: Array, ids: Array, size: int) -> Array:
    """What became of each label of some samples: int8 [sample, label]; 0 where it was rightly not told.

    Args:
        point: A point of kind `label_predictions`.
        samples: Places of the samples in it.
        ids: Of each of its labels the id in what is returned, from `size` on where it is none of these.
        size: How many labels there are in what is returned. One that is none of the point's does not count.
    """
    ends = point.arrays["entry_end"].astype(np.int64)
    starts = np.concatenate([np.zeros(1, np.int64), ends[:-1]]) if len(ends) else ends
    many = ends[samples] - starts[samples]
    row = np.repeat(np.arange(len(samples)), many)
    entry = np.arange(len(row)) - np.repeat(np.cumsum(many) - many, many) + starts[samples][row]
    found = np.full((len(samples), size), NOT_COUNTED, np.int8)
    found[:, ids[ids < size]] = 0
    label = ids[point.arrays["label"][entry].astype(np.int64)]
    there = label < size
    found[row[there], label[there]] = point.arrays["became"][entry][there]
    return found
