"""Kind `regression`: predicted numbers against true ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from tb_plugin.schema.payload import Payload, array, listed, value

BINS = 64
"""Bins between the first and the last edge."""

ALL_BINS = BINS + 2
"""These, and one on either side for what lies outside."""

RESIDUAL_OFFSET = 20_000
"""Added to the step of a residual's size, so that its code has a sign: that of the residual."""

RESIDUAL_STEPS = 16
"""Steps of a residual's size in each power of two: each is 4.4 % wide."""


class Regression(Payload, kind="regression", version=1):
    """How far predicted numbers are from true ones, target by target, at one evaluation.

    A *value* is what one sample has for one target: its truth t and its prediction p; its error is e = p - t. Every value
    is counted in `count`, or in `dropped`. Sums are over the values that count, each times its weight w, if there are
    weights. Squares of truths and predictions are of their distance from the mean: so they are exact far from zero, too.

    Bin 0 holds what lies below the first edge, bin b from 1 to 64 what lies in [edge b - 1, edge b), bin 65 what lies at the last
    edge or above: nothing is clipped. Truths and predictions share the edges, which evaluations of one training keep.
    A cell is numbered 66 x (bin of the truth) + (bin of the prediction).

    The code of an error's size is k + 20000 for 2^(k / 16) <= |e| < 2^((k + 1) / 16), negative for negative errors, 0 for none.
    So codes rise as errors do.
    """

    epoch: int | None = value(help="Epoch of the evaluation, from 0.", default=None)
    targets: tuple[str, ...] = listed("target", help="Name of each target; empty where nobody named it.")
    dropped: Mapping[str, int] = value(at_least=0, help="Values that do not count, of all targets, by reason.", default={})
    samples: int = value(at_least=0, help="Samples that the evaluation has seen; each has a value for every target.")
    count: np.ndarray[Any, Any] = array("int64", "target", at_least=0, help="Values that count.")
    error: np.ndarray[Any, Any] = array("float64", "target", help="Sum of w x e.")
    absolute: np.ndarray[Any, Any] = array("float64", "target", at_least=0, help="Sum of w x |e|.")
    error_squares: np.ndarray[Any, Any] = array("float64", "target", at_least=0, help="Sum of w x e^2.")
    error_fourths: np.ndarray[Any, Any] = array("float64", "target", at_least=0, help="Sum of w x e^4.")
    truth_mean: np.ndarray[Any, Any] = array("float64", "target", help="Mean truth; NaN where no value counts.")
    truth_squares: np.ndarray[Any, Any] = array("float64", "target", at_least=0, help="Sum of w x (t - mean)^2.")
    truth_fourths: np.ndarray[Any, Any] = array("float64", "target", at_least=0, help="Sum of w x (t - mean)^4.")
    error_truth: np.ndarray[Any, Any] = array("float64", "target", at_least=0, help="Sum of w x e^2 x (t - mean)^2.")
    predicted_mean: np.ndarray[Any, Any] = array("float64", "target", help="Mean prediction; NaN where no value counts.")
    predicted_squares: np.ndarray[Any, Any] = array("float64", "target", at_least=0, help="Sum of w x (p - its mean)^2.")
    product: np.ndarray[Any, Any] = array("float64", "target", help="Sum of w x (t - its mean) x (p - its mean).")
    edge: np.ndarray[Any, Any] = array("float64", "target", BINS + 1, help="Edges of the bins, rising.")
    cell_end: np.ndarray[Any, Any] = array("int64", "target", ends="cell", help="Where each target's cells end.")
    cell: np.ndarray[Any, Any] = array(
        "int64", "cell", at_least=0, at_most=ALL_BINS**2 - 1, ascending_within="cell_end", help="Cells that are not empty: 66 x bin of t + bin of p."
    )
    cell_count: np.ndarray[Any, Any] = array("int64", "cell", at_least=1, help="Values in each cell.")
    bin_error: np.ndarray[Any, Any] = array("float64", "target", ALL_BINS, help="Sum of w x e of the truths in each bin.")
    bin_absolute: np.ndarray[Any, Any] = array("float64", "target", ALL_BINS, at_least=0, help="Sum of w x |e| of the truths in each bin.")
    bin_squares: np.ndarray[Any, Any] = array("float64", "target", ALL_BINS, at_least=0, help="Sum of w x e^2 of the truths in each bin.")
    residual_end: np.ndarray[Any, Any] = array("int64", "target", ends="residual", help="Where each target's sizes of errors end.")
    residual: np.ndarray[Any, Any] = array(
        "int64", "residual", at_least=-40_000, at_most=40_000, ascending_within="residual_end", help="Code of each size that errors have."
    )
    residual_count: np.ndarray[Any, Any] = array("int64", "residual", at_least=1, help="Errors of this size.")
    largest_end: np.ndarray[Any, Any] = array("int64", "target", ends="largest", help="Where each target's largest errors end.")
    ids: tuple[str, ...] | None = listed("largest", help="Id of each sample with a large error, as its owner gives it, where ids are texts.", default=None)
    number: np.ndarray[Any, Any] = array("int64", "largest", help="Its id as a whole number: its owner's, else its place in the evaluation.")
    largest_truth: np.ndarray[Any, Any] = array("float64", "largest", help="Its truth; the largest error of a target comes first.")
    largest_predicted: np.ndarray[Any, Any] = array("float64", "largest", help="What was predicted of it.")
    weight_sum: np.ndarray[Any, Any] | None = array("float64", "target", at_least=0, optional="weights", help="Sum of w.")
    weight_squares: np.ndarray[Any, Any] | None = array("float64", "target", at_least=0, optional="weights", help="Sum of w^2.")
    cell_weight: np.ndarray[Any, Any] | None = array("float64", "cell", at_least=0, optional="weights", help="Sum of w in each cell.")
    bin_weight_squares: np.ndarray[Any, Any] | None = array(
        "float64", "target", ALL_BINS, at_least=0, optional="weights", help="Sum of w^2 of the truths in each bin."
    )
    residual_weight: np.ndarray[Any, Any] | None = array("float64", "residual", at_least=0, optional="weights", help="Sum of w of each size.")
