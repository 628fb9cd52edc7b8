"""Kind `multilabel`: for each of several labels, how often it was told rightly, and which are taken for which."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from tb_plugin.schema.classes import Classes
from tb_plugin.schema.confusion_matrix import ScoreType
from tb_plugin.schema.payload import Payload, array, reference, value

MOST_WRONG = 32
"""Samples with more wrong labels than this are in no pair: what is wrong in general says nothing of two labels."""

MOST_PAIRS = 100_000
"""Pairs of labels that are listed, of each sort."""


class Multilabel(Payload, kind="multilabel", version=1):
    """A task in which each sample has any number of labels: each sample and label is a decision of its own.

    A label is *missed* where it is true and was not told, *false* where it was told and is not true; both are wrong. It was
    told where its probability is above the threshold. Not every decision counts: a truth may be `unknown` for one label of
    a sample, and a label may be `left_out` of a sample, as where its score is no number. So for each label the four numbers
    of `table`, `unknown` and `left_out` add up to `samples`; samples that are `dropped` are in none of them.

    `wrong_count` tells how many samples have exactly so many labels wrong, of those that count: its first number over its
    sum is the share of samples in which all labels are right (the subset accuracy). Samples of which no label counts are not
    in it. The Hamming loss is the share of wrong decisions in all of `table`.

    Two labels that are wrong in the same sample are a pair. *Swaps* are directed: a label that was missed (row) where
    another one was told falsely (column). Pairs that were missed *together*, or false together, stand once, the lower
    label id first. Pairs are of samples with at most `most_wrong` wrong labels; the others are counted by `wrong_count`.
    Where there are more than 100,000 different pairs of one sort, the most frequent are listed; `unlisted_swaps` and
    `unlisted_together` are how many the others add up to.
    """

    classes: Classes | str = reference(sizes={"label": ("class", 0)}, help="The labels.")
    epoch: int | None = value(help="Epoch of the evaluation, from 0.", default=None)
    samples: int = value(at_least=0, help="Samples that are not dropped.")
    dropped: Mapping[str, int] = value(at_least=0, help="Samples that are not counted at all, by reason.", default={})
    reasons: Mapping[str, int] = value(at_least=0, help="All decisions of `left_out`, by reason.", default={})
    declared_size: int | None = value(help="Size of the data set as declared; differs when samples are lost or doubled.", default=None)
    score: ScoreType | None = value(help="What was told was made from; null: it was given as 0 and 1.", default=None)
    threshold: float | None = value(help="Probability above which each label is told; null: each has its own, or there are no scores.", default=None)
    most_wrong: int = value(at_least=0, help="Most wrong labels of a sample that is in pairs.", default=MOST_WRONG)
    unlisted_swaps: int = value(at_least=0, help="Swaps in pairs that are not listed.", default=0)
    unlisted_together: int = value(at_least=0, help="The same of pairs missed or false together.", default=0)
    table: np.ndarray[Any, Any] = array(
        "int64",
        "label",
        4,
        at_least=0,
        help="Of each label the samples in which it was told rightly, told falsely, missed, and rightly not told (tp, fp, fn, tn).",
    )
    unknown: np.ndarray[Any, Any] = array("int64", "label", at_least=0, help="Samples of which nobody knows whether they have the label.")
    left_out: np.ndarray[Any, Any] = array("int64", "label", at_least=0, help="Samples in which the label does not count for another of the `reasons`.")
    wrong_count: np.ndarray[Any, Any] = array("int64", "wrong", at_least=0, help="Samples with exactly so many wrong labels, from 0.")
    row_end: np.ndarray[Any, Any] = array("int64", "label", ends="swap", help="Where the swaps of each missed label end.")
    column: np.ndarray[Any, Any] = array("int64", "swap", at_least=0, below="label", ascending_within="row_end", help="Label that was told falsely meanwhile.")
    count: np.ndarray[Any, Any] = array("int64", "swap", at_least=1, help="Samples with both.")
    together_end: np.ndarray[Any, Any] = array("int64", "label", ends="together", help="Where the pairs end in which a label is the lower one.")
    together_column: np.ndarray[Any, Any] = array(
        "int64", "together", at_least=0, below="label", ascending_within="together_end", help="The higher label of each pair."
    )
    missed_together: np.ndarray[Any, Any] = array("int64", "together", at_least=0, help="Samples in which both were missed.")
    false_together: np.ndarray[Any, Any] = array("int64", "together", at_least=0, help="Samples in which both were told falsely.")
    label_threshold: np.ndarray[Any, Any] | None = array("float64", "label", optional="thresholds", help="Probability above which the label is told.")
    table_weight: np.ndarray[Any, Any] | None = array("float64", "label", 4, at_least=0, optional="weights", help="Sum of the sample weights in `table`.")
    weight_squares: np.ndarray[Any, Any] | None = array("float64", "label", 4, at_least=0, optional="weights", help="Sum of their squares.")
    wrong_weight: np.ndarray[Any, Any] | None = array("float64", "wrong", at_least=0, optional="weights", help="Sum of the sample weights in `wrong_count`.")
    wrong_weight_squares: np.ndarray[Any, Any] | None = array("float64", "wrong", at_least=0, optional="weights", help="Sum of their squares.")
