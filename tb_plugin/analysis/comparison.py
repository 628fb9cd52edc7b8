"""Two evaluations of the same samples against each other: who is right where the other is not, and where they agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from tb_plugin.analysis.paired import difference, holm, mcnemar
from tb_plugin.analysis.sample_match import Said, pairs, said
from tb_plugin.points import Point
from tb_plugin.schema.comparison import Comparison

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Evaluation:
    """What is compared.

    Attributes:
        point: A point of kind `predictions`, `label_predictions` or `number_predictions`.
        samples: The point of kind `samples` that it refers to.
        labels: Names of its classes, labels or targets.
    """

    point: Point
    samples: Point
    labels: Sequence[str]

    @property
    def said(self) -> Said:
        """What it says of each sample."""
        return said(self.point, {str(self.point.fields["samples"]): self.samples}, len(self.labels))


@dataclass(frozen=True)
class Pair:
    """Two evaluations, sample by sample of the first one: this one, and the other one. K classes.

    Attributes:
        this: What this one says.
        others: Names of the classes that only the other one has.
        lacking: Names of the classes that the other one does not have.
        predicted: int64 [sample]. What the other one predicted, in the ids of `Comparison`; -1 where it does not tell of the sample.
        compared: bool [sample]. Whether both tell of the sample, and call the same class true.
        matched_by: What says that two samples are the same.
        only_other, truth_differs, truth_unknown: As in `Comparison`.
    """

    this: Said
    others: tuple[str, ...]
    lacking: tuple[str, ...]
    predicted: Array
    compared: Array
    matched_by: Literal["id", "number"]
    only_other: int
    truth_differs: int
    truth_unknown: int

    @property
    def other_right(self) -> Array:
        """bool [sample]. Whether the sample is compared, and the other one is right."""
        right: Array = self.compared & (self.predicted == self.this.truth)
        return right


def pair(this: Evaluation, other: Evaluation) -> Pair:
    """Two evaluations, sample by sample of the first one.

    Raises:
        NotFound: Predictions do not fit their samples or their classes.
    """
    here, there = this.said, other.said
    place = places(this, other)
    ids, others = class_ids(other.labels, this.labels)
    size = len(this.labels)
    predicted, truth, counts = (np.append(each, -1)[place] for each in (ids[there.predicted], ids[there.truth], there.counts.astype(np.int64)))
    both = here.counts & (counts > 0)
    known = both & here.known & (truth != size)
    compared = known & (truth == here.truth)
    return Pair(
        this=here,
        others=others,
        lacking=class_ids(this.labels, other.labels)[1],
        predicted=np.where(both, predicted, -1),
        compared=compared,
        matched_by=matched_by(this, other),
        only_other=int(there.counts.sum() - both.sum()),
        truth_differs=int((known & ~compared).sum()),
        truth_unknown=int((both & ~known).sum()),
    )


def places(this: Evaluation, other: Evaluation) -> Array:
    """Place of each sample of one evaluation in the other one: int64 [sample], -1 where it is not there."""
    # Equal digests: the same samples in the same order.
    if this.point.fields["samples"] == other.point.fields["samples"]:
        return np.arange(len(this.samples.arrays["number"]))
    return pairs(other.samples, this.samples)


def matched_by(this: Evaluation, other: Evaluation) -> Literal["id", "number"]:
    """What says that two samples are the same."""
    return "id" if all(each.samples.fields.get("ids") is not None for each in (this, other)) else "number"


def comparison(this: Evaluation, other: Evaluation) -> Comparison:
    """Two evaluations of the same samples against each other; where they have none in common, how many each has.

    Raises:
        NotFound: Predictions do not fit their samples or their classes.
    """
    found = pair(this, other)
    truth = found.this.truth[found.compared]
    mine, theirs = found.this.predicted[found.compared], found.predicted[found.compared]
    size = len(this.labels)
    right, right_there, same = mine == truth, theirs == truth, mine == theirs

    def of_class(where: Array) -> Array:
        return np.bincount(truth[where], minlength=size)

    a, b, c, d = (of_class(where) for where in (right & right_there, right & ~right_there, ~right & right_there, ~right & ~right_there))
    total = difference(*(each.sum() for each in (a, b, c, d)))
    rate, low, high = difference(a, b, c, d)
    changed = np.where(b + c > 0, mcnemar(b, c), np.nan)
    cells = _agreement(mine, theirs, right, right_there, size + 1 + len(found.others))
    return Comparison(
        classes=str(this.point.fields["classes"]),
        others=found.others,
        lacking=found.lacking,
        other_step=other.point.step,
        matched_by=found.matched_by,
        weighted=any("weight" in each.samples.arrays for each in (this, other)),
        compared=len(truth),
        only_this=int(found.this.counts.sum() - found.truth_differs - found.truth_unknown - len(truth)),
        only_other=found.only_other,
        truth_differs=found.truth_differs,
        truth_unknown=found.truth_unknown,
        p=float(mcnemar(b.sum(), c.sum())) if len(truth) else None,
        difference=float(total[0]) if len(truth) else None,
        difference_low=float(total[1]) if len(truth) else None,
        difference_high=float(total[2]) if len(truth) else None,
        kappa=_kappa(mine, theirs, size + 1 + len(found.others)),
        both_right=a,
        only_this_right=b,
        only_other_right=c,
        both_wrong=d,
        same_wrong=of_class(~right & same),
        class_p=changed,
        class_p_holm=holm(changed),
        class_difference=rate,
        class_low=low,
        class_high=high,
        **cells,
    )


def class_ids(labels: Sequence[str], here: Sequence[str]) -> tuple[Array, tuple[str, ...]]:
    """The classes of the other evaluation in the ids of `Comparison`.

    The first of a name is the first of that name here, the second the second: seen from the other side it is the same.

    Args:
        labels: Names of its classes.
        here: Names of the classes of this evaluation.

    Returns:
        int64 [class + 2]: the id of each class, then those of *unknown* or *abstained*, and of none (-1); and the names
        of the classes that are only there.
    """
    size = len(here)
    known = {numbered: i for i, numbered in enumerate(_numbered(here))}
    ids: list[int] = []
    others: list[str] = []
    for name, nth in _numbered(labels):
        if (name, nth) in known:
            ids.append(known[name, nth])
        else:
            ids.append(size + 1 + len(others))
            others.append(name)
    return np.array([*ids, size, -1], np.int64), tuple(others)


def _numbered(labels: Sequence[str]) -> list[tuple[str, int]]:
    """Each name, and how many of the same stand before it."""
    seen: Counter[str] = Counter()
    found = []
    for name in labels:
        found.append((name, seen[name]))
        seen[name] += 1
    return found


def _agreement(mine: Array, theirs: Array, right: Array, right_there: Array, size: int) -> Mapping[str, Array]:
    """The cells of what one predicted against what the other did, as the arrays of `Comparison`."""
    key, place, count = np.unique(mine * size + theirs, return_inverse=True, return_counts=True)
    cells = np.bincount(key // size, minlength=size)
    of = [np.bincount(place.reshape(-1)[where], minlength=len(key)) for where in (right, right_there)]
    return {"row_end": np.cumsum(cells), "column": key % size, "count": count, "this_right": of[0], "other_right": of[1]}


def _kappa(mine: Array, theirs: Array, size: int) -> float | None:
    """Cohen's (1960) kappa; None where both always say the one same thing, or nothing."""
    n = float(len(mine))
    if n == 0:
        return None
    observed = float((mine == theirs).sum()) / n
    expected = float((np.bincount(mine, minlength=size) / n) @ (np.bincount(theirs, minlength=size) / n))
    return (observed - expected) / (1 - expected) if expected < 1 else None
