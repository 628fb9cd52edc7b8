"""Regressions of models that are long trained: from a table in a file."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

import numpy as np

from writers.files import arrays_of, is_of_arrays, text_table
from writers.regression import RegressionEvaluation

_ROWS_AT_ONCE = 10_000


def read_regression(
    path: str | os.PathLike[str],
    *,
    truth: str | Sequence[str],
    predicted: str | Sequence[str],
    ids: str | None = None,
    weight: str | None = None,
    delimiter: str | None = None,
    **arguments: Any,
) -> RegressionEvaluation:
    """Evaluates the numbers that a file says were predicted of each sample.

    Args:
        path: A table of text with a line of names on top (`.csv`, or `.tsv` with tabs; UTF-8), which is read piece by
            piece, or arrays by name (`.npz`). What stands empty is not known.
        truth: The column of true numbers, or those of several targets; of arrays one, [sample] or [sample, target].
        predicted: The column or columns of predicted numbers, in the same order.
        ids: The column (array) of what each sample is called.
        weight: The column (array) of weights.
        delimiter: Between columns, a comma by default.
        **arguments: As of `RegressionEvaluation`; `targets` are called as their columns of truths by default.

    Raises:
        TypeError, ValueError: The file is no such table, or an argument does not fit it.
        OSError: It cannot be read.
    """
    truths, predictions = ([columns] if isinstance(columns, str) else list(columns) for columns in (truth, predicted))
    if len(truths) != len(predictions):
        raise ValueError(f"predicted must name a column for each of the {len(truths)} of truth; it names {len(predictions)}")
    if is_of_arrays(path):
        return _of_arrays(os.fspath(path), truths, predictions, ids, weight, arguments)
    with text_table(path, delimiter) as table:
        its_truths, its_predictions = ([table.place(name) for name in names] for names in (truths, predictions))
        its_ids, its_weight = (None if name is None else table.place(name) for name in (ids, weight))
        evaluation = RegressionEvaluation(**{"targets": truths, **arguments})
        while rows := table.rows(_ROWS_AT_ONCE):
            true, told = (np.array([[row.number(column) for column in columns] for row in rows]) for columns in (its_truths, its_predictions))
            weights = None if its_weight is None else np.array([row.number(its_weight) for row in rows])
            evaluation.update(true, told, weights, ids=None if its_ids is None else [row.text(its_ids) for row in rows])
    return evaluation


def _of_arrays(path: str, truths: list[str], predictions: list[str], ids: str | None, weight: str | None, arguments: dict[str, Any]) -> RegressionEvaluation:
    found = arrays_of(path, [*truths, *predictions, ids, weight])
    n = len(truths)
    if n == 1:
        truth, predicted = found[0], found[1]
        columns = truth.shape[1] if truth.ndim == 2 else 1
        targets: Any = truths if columns == 1 else columns
    else:
        truth, predicted, targets = np.column_stack(found[:n]), np.column_stack(found[n : 2 * n]), truths
    return RegressionEvaluation(**{"targets": targets, **arguments}).update(truth, predicted, found[-1], ids=found[-2])
