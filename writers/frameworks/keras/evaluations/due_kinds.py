"""Which kinds an evaluation gives: a pure function of its place and size, so that restarts agree. The rule is the contract's, "Budget"."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tb_plugin.schema.regression import ALL_BINS
from writers.budget import is_kept, points_within, stretch

Kind = Literal["table", "score_curves", "predictions", "examples"]
"""A table is a `confusion_matrix`, `multilabel` or `regression`, by the task: what an evaluation gives before all else."""

ALL: frozenset[Kind] = frozenset({"table", "score_curves", "predictions", "examples"})

MANY_CLASSES = 200
"""With more, curves and predictions take longer than the pass of a small model, and fewer evaluations have them."""

_RECORD_BYTES, _CELL_BYTES = 600, 3
"""What a matrix takes on disk, about: measured on matrices of 10 to 1,000 classes."""

_LABEL_BYTES, _PAIR_BYTES = 10, 2
_TARGET_BYTES = 5_000
"""The same of labels and their pairs, and of what a regression predicts."""

_CURVES_BYTES, _CURVES_BYTES_EACH = 2_000, 10
_PREDICTIONS_BYTES, _PREDICTIONS_BYTES_EACH = 1_000, 5
_RANKED_BYTES, _MOST_RANKED = 14, 5_000
"""The same of curves and predictions, by sample; those with the largest loss also tell the five best classes."""

_SAMPLE_BYTES, _ENTRY_BYTES = 3, 4
"""The same of what became of labels, by sample, and by label that is true or told."""

_VALUE_BYTES = 9
"""The same of a predicted number."""

_FEWEST_CURVES, _FEWEST_PREDICTIONS = 4, 2
_MOST_APART = 128
"""Points of a series whose evaluations are not those of the matrices: these have a matrix too, and 1,000 is the most."""


@dataclass(frozen=True)
class Wanted:
    """What the user wants of evaluations beside their matrices.

    Attributes:
        curves: None: within the budget, and of more than 200 classes at each tenth evaluation alone; True: at each that
            the budget has room for.
        predictions: The same; and None: of up to 200,000 samples.
        examples: How many inputs are kept to look at.
    """

    curves: bool | None = None
    predictions: bool | None = None
    examples: int = 0

    @property
    def kinds(self) -> frozenset[Kind]:
        """All that an evaluation may give."""
        left_out: set[Kind] = set()
        left_out |= {"score_curves"} if self.curves is False else set()
        left_out |= {"predictions"} if self.predictions is False else set()
        left_out |= set() if self.examples else {"examples"}
        return ALL - left_out


@dataclass(frozen=True)
class Size:
    """How large what an evaluation gives is.

    Attributes:
        table: Bytes of its table, about.
        positives: Of the scores that curves tell, one a sample where it has one class.
        predictions: Bytes of what is told of each sample, about.
        classes: How many they may be of.
    """

    table: int
    positives: int
    predictions: int
    classes: int


def size_of_choice(samples: int, classes: int) -> Size:
    """Of an evaluation whose samples have one class each."""
    predictions = _PREDICTIONS_BYTES_EACH * samples + _RANKED_BYTES * min(samples, _MOST_RANKED)
    return Size(_RECORD_BYTES + _CELL_BYTES * min((classes + 1) ** 2, samples), samples, _PREDICTIONS_BYTES + predictions, classes)


def size_of_labels(samples: int, labels: int, positives: int) -> Size:
    """Of an evaluation whose samples have any number of labels."""
    # As many labels are wrong as right, at worst and for long.
    predictions = _PREDICTIONS_BYTES + _SAMPLE_BYTES * samples + _ENTRY_BYTES * 2 * positives
    return Size(_RECORD_BYTES + _LABEL_BYTES * labels + _PAIR_BYTES * min(labels**2, samples), positives, predictions, labels)


def size_of_numbers(samples: int, targets: int) -> Size:
    """Of an evaluation of predicted numbers."""
    predictions = _PREDICTIONS_BYTES + _VALUE_BYTES * samples * targets
    return Size(_RECORD_BYTES + targets * (_TARGET_BYTES + _CELL_BYTES * min(ALL_BINS**2, samples)), 0, predictions, 1)


def due_kinds(epoch: int, wanted: Wanted, *, share: int, size: Size, length: int | None) -> frozenset[Kind]:
    """The kinds that are written of the evaluation after an epoch.

    Tables come first, then curves, for half of what is left, then predictions. Whatever is written has a table beside it.

    Args:
        epoch: From 0.
        wanted: By the user.
        share: Bytes that all points of this evaluation may take.
        size: Of what it gives.
        length: How many epochs there will be, if known.
    """
    classes, cost = size.classes, size.table
    points = points_within(share, cost)
    evaluations = points if length is None else min(points, length)
    left = max(0, share - evaluations * cost)

    def is_due(bytes_: float, cost: float, fewest: int, often: bool | None) -> bool:
        among = 1 if often or classes <= MANY_CLASSES else max(10, classes // 100)
        possible = max(fewest, bytes_ / cost)
        if possible < evaluations / among:
            return is_kept(epoch, min(possible, _MOST_APART), length=length, least=among)
        begin, spacing = stretch(epoch, points, length=length, least=1)
        return (epoch - begin) % (spacing * among) == 0

    curves = _CURVES_BYTES + _CURVES_BYTES_EACH * size.positives
    due: set[Kind] = set()
    if is_due(left / 2 if wanted.predictions is not False else left, curves, _FEWEST_CURVES, wanted.curves):
        due.add("score_curves")
    if is_due(left / 2 if wanted.curves is not False else left, size.predictions, _FEWEST_PREDICTIONS, wanted.predictions):
        due |= {"predictions", "examples"}
    due &= wanted.kinds
    if due or is_kept(epoch, points, length=length, least=1):
        due.add("table")
    return frozenset(due)
