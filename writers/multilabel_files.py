"""Evaluations of models that give each sample several labels, and are long trained: from a table in a file."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from tb_plugin.schema.classes import Classes
from tb_plugin.schema.confusion_matrix import ScoreType
from writers.files import arrays_of, is_of_arrays, text_table
from writers.multilabel_evaluation import MultilabelEvaluation

_ROWS_AT_ONCE = 10_000


def read_multilabel(
    path: str | os.PathLike[str],
    *,
    truth: str | Sequence[str],
    scores: str | Sequence[str] | None = None,
    predicted: str | Sequence[str] | None = None,
    score: ScoreType | None = None,
    labels: Classes | Iterable[str] | int | None = None,
    ids: str | None = None,
    weight: str | None = None,
    delimiter: str | None = None,
    **arguments: Any,
) -> MultilabelEvaluation:
    """Evaluates the labels that a file says each sample was given.

    Args:
        path: A table of text with a line of names on top (`.csv`, or `.tsv` with tabs; UTF-8), which is read piece by
            piece, or arrays by name (`.npz`). A truth that stands empty is left out.
        truth: The columns of 0 and 1, or of false and true, by name or by a pattern such as "is_*", which takes them as they
            stand; of arrays the one [sample, label].
        scores: The columns of scores in the same order, by name or by a pattern such as "p_*"; of arrays the one
            [sample, label].
        predicted: Instead of scores the columns of labels that were told, 0 and 1, or false and true.
        score: What the scores are: "prob", "logit" or "logprob".
        labels: Names of the labels; by default what columns of truths are called, of a pattern what its star stands for,
            and of arrays how many columns there are.
        ids, weight: The column (array) of what each sample is called, and that of weights.
        delimiter: Between columns, a comma by default.
        **arguments: As of `MultilabelEvaluation`: threshold, ignored and so on.

    Raises:
        TypeError, ValueError: The file is no such table, or an argument does not fit it.
        OSError: It cannot be read.
    """
    given = scores if predicted is None else predicted
    if given is None or (scores is not None and predicted is not None):
        raise TypeError("read_multilabel takes either scores= or predicted=")
    if (scores is None) != (score is None):
        raise TypeError('score= says what scores= are: "prob", "logit" or "logprob"; what was predicted has none')
    if is_of_arrays(path):
        if not isinstance(truth, str) or not isinstance(given, str):
            raise TypeError("of a file of arrays truth and scores are one array each, by its name")
        true, told, weights, names = arrays_of(os.fspath(path), [truth, given, weight, ids])
        declared = labels if labels is not None else true.shape[1] if true.ndim == 2 else 1
        return MultilabelEvaluation(declared, score=score, **arguments).update(true, told, weights, ids=names)
    with text_table(path, delimiter) as table:
        (truths, called), (columns, also_called) = table.of_scores(truth), table.of_scores(given)
        if len(truths) != len(columns) or (_is_pattern(truth) and _is_pattern(given) and called != also_called):
            raise ValueError(
                f"{truth!r:.80} and {given!r:.80} must be a column for each label, in one order; they are of {_short(called)} and {_short(also_called)}"
            )
        evaluation = MultilabelEvaluation(called if labels is None else labels, score=score, **arguments)
        its_ids, its_weight = (None if name is None else table.place(name) for name in (ids, weight))
        while rows := table.rows(_ROWS_AT_ONCE):
            true = np.array([[row.decision(column) for column in truths] for row in rows])
            told = np.array([[row.number(column) if predicted is None else row.decision(column) for column in columns] for row in rows])
            weights = None if its_weight is None else np.array([row.number(its_weight) for row in rows])
            evaluation.update(true, told, weights, ids=None if its_ids is None else [row.text(its_ids) for row in rows])
    return evaluation


def _is_pattern(columns: str | Sequence[str]) -> bool:
    return isinstance(columns, str) and "*" in columns


def _short(names: Sequence[str]) -> str:
    return ", ".join(names[:5]) + (", …" if len(names) > 5 else "")
