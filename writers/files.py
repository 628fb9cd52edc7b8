"""Evaluations of models that are long trained: from a table in a file."""

from __future__ import annotations

import csv
import math
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, SupportsIndex

import numpy as np

from tb_plugin.schema.classes import Classes
from tb_plugin.schema.confusion_matrix import ScoreType
from writers.evaluation import Evaluation

Array = np.ndarray[Any, Any]

_ROWS_AT_ONCE = 10_000

_TOLD = {"true": 1.0, "false": 0.0}


def read_table(
    path: str | os.PathLike[str],
    *,
    truth: str,
    scores: str | Sequence[str] | None = None,
    predicted: str | None = None,
    score: ScoreType | None = None,
    labels: Classes | Iterable[str] | int | None = None,
    ids: str | None = None,
    weight: str | None = None,
    delimiter: str | None = None,
    **arguments: Any,
) -> Evaluation:
    """Evaluates what a file says of each sample.

    Args:
        path: A table of text with a line of names on top (`.csv`, or `.tsv` with tabs; UTF-8), which is read piece by
            piece, or arrays by name (`.npz`).
        truth: The column (array) of what is true: names of classes, where labels are names, else class ids.
        scores: The columns of scores in the order of the class ids, by name or by a pattern such as "p_*", which takes them
            as they stand; of two classes also the positive one's alone. Of arrays the one [sample, class].
        predicted: Instead of scores the column (array) of predicted classes.
        score: What the scores are: "prob", "logit" or "logprob".
        labels: Names of the classes, or how many there are; by default what columns of scores are called, of a pattern what
            its star stands for, and of arrays how many columns there are.
        ids: The column (array) of what each sample is called.
        weight: The column (array) of weights.
        delimiter: Between columns, a comma by default.
        **arguments: As of `Evaluation`: threshold, ignored and so on.

    Raises:
        TypeError, ValueError: The file is no such table, or an argument does not fit it.
        OSError: It cannot be read.
    """
    if (scores is None) == (predicted is None):
        raise TypeError("read_table takes either scores= or predicted=")
    if scores is not None and score is None:
        raise TypeError('score= must say what the scores are: "prob", "logit" or "logprob"')
    if predicted is not None and score is not None:
        raise TypeError("score= goes with scores=; predicted classes have none")
    columns = _Columns(truth, scores, predicted, ids, weight)
    if is_of_arrays(path):
        return _of_arrays(os.fspath(path), columns, labels, {"score": score, **arguments})
    with text_table(path, delimiter) as table:
        return _of_text(table, columns, labels, {"score": score, **arguments})


def is_of_arrays(path: str | os.PathLike[str]) -> bool:
    """Whether a file is one of arrays by name; else it is a table of text."""
    return Path(path).suffix.lower() == ".npz"


@contextmanager
def text_table(path: str | os.PathLike[str], delimiter: str | None) -> Iterator[Table]:
    """A table of text, open to be read.

    Raises:
        ValueError: The file is no such table.
        OSError: It cannot be read.
    """
    kind = Path(path).suffix.lower()
    if kind not in (".csv", ".tsv", ".txt"):
        raise ValueError(f"a table is a file .csv, .tsv, .txt or .npz; this is {os.fspath(path)!r:.200}")
    with open(path, encoding="utf-8-sig", newline="") as file:
        lines = csv.reader(file, delimiter=delimiter or ("\t" if kind == ".tsv" else ","), strict=True)
        yield Table(os.fspath(path), lines)


def arrays_of(path: str, names: Sequence[str | None]) -> list[Any]:
    """Arrays of a file by name; None where there is no name.

    Raises:
        ValueError: It has no array of a name.
        OSError: It cannot be read.
    """
    with np.load(path, allow_pickle=False) as arrays:
        for name in names:
            if name is not None and name not in arrays:
                raise ValueError(f"{path} has no array {name!r:.80}; it has {', '.join(sorted(arrays))}")
        return [None if name is None else arrays[name] for name in names]


@dataclass(frozen=True)
class _Columns:
    """What the columns or arrays are called."""

    truth: str
    scores: str | Sequence[str] | None
    predicted: str | None
    ids: str | None
    weight: str | None


def _of_arrays(path: str, columns: _Columns, labels: Any, arguments: dict[str, Any]) -> Evaluation:
    name = columns.scores if columns.predicted is None else columns.predicted
    if not isinstance(name, str):
        raise TypeError(f"scores of a file of arrays are one array, by its name; they are {name!r:.80}")
    values, truth, weight, ids = arrays_of(path, [name, columns.truth, columns.weight, columns.ids])
    if labels is None and columns.scores is not None:
        labels = values.shape[1] if values.ndim == 2 and values.shape[1] > 1 else 2
    return Evaluation(_declared(labels), **arguments).update(truth, values, weight, ids=ids)


def _of_text(table: Table, columns: _Columns, labels: Any, arguments: dict[str, Any]) -> Evaluation:
    scores, found = ([], None) if columns.scores is None else table.of_scores(columns.scores)
    if labels is None and len(scores) == 1:
        raise ValueError("labels= must name both classes where there is one column of scores, the positive one's")
    declared = _declared(found if labels is None else labels)
    evaluation = Evaluation(declared, **arguments)
    truth, predicted, ids, weight = (None if name is None else table.place(name) for name in (columns.truth, columns.predicted, columns.ids, columns.weight))
    is_checked = isinstance(declared, int)
    while rows := table.rows(_ROWS_AT_ONCE):

        def classes(column: int | None, rows: list[Row] = rows) -> Any:
            if isinstance(declared, int):
                return np.array([row.number(column) for row in rows])
            return [row.text(column) for row in rows]

        truths = classes(truth)
        if not is_checked and not {*evaluation.classes.labels, str(arguments.get("unknown"))}.intersection(truths):
            raise ValueError(
                f"none of the first {len(truths)} values of {columns.truth!r:.80} is the name of a class, such as {evaluation.classes.labels[0]!r:.80}; "
                f"the first is {truths[0]!r:.80}. If they are class ids, pass labels= as the number of classes"
            )
        is_checked = True
        values = np.array([[row.number(column) for column in scores] for row in rows]) if predicted is None else classes(predicted)
        weights = None if weight is None else np.array([row.number(weight) for row in rows])
        evaluation.update(truths, values, weights, ids=None if ids is None else [row.text(ids) for row in rows])
    return evaluation


class Table:
    """A file of text: names on top, then rows."""

    def __init__(self, path: str, lines: Any) -> None:
        self.path, self._lines = path, lines
        self.names: list[str] = next(lines, [])

    def place(self, name: str) -> int:
        """The column of a name."""
        if self.names.count(name) != 1:
            how = "no column" if name not in self.names else "several columns"
            raise ValueError(f"{self.path} has {how} {name!r:.80}; it has {_short(self.names)}")
        return self.names.index(name)

    def of_scores(self, wanted: str | Sequence[str]) -> tuple[list[int], list[str]]:
        """The columns of scores, and what they are called."""
        if not isinstance(wanted, str):
            return [self.place(name) for name in wanted], list(wanted)
        if "*" not in wanted:
            return [self.place(wanted)], [wanted]
        before, after = wanted.split("*", 1)
        places = [i for i, name in enumerate(self.names) if name.startswith(before) and name.endswith(after) and len(name) >= len(before) + len(after)]
        if not places:
            raise ValueError(f"{self.path} has no column that is called {wanted!r:.80}; it has {_short(self.names)}")
        return places, [self.names[i][len(before) : len(self.names[i]) - len(after)] for i in places]

    def rows(self, most: int) -> list[Row]:
        """The next rows; empty lines are none."""
        found: list[Row] = []
        for values in self._lines:
            if not values:
                continue
            if len(values) != len(self.names):
                raise ValueError(f"line {self._lines.line_num} of {self.path} has {len(values)} values; there are {len(self.names)} columns")
            found.append(Row(self, self._lines.line_num, values))
            if len(found) == most:
                break
        return found


class Row:
    """A row of a table."""

    def __init__(self, table: Table, line: int, values: list[str]) -> None:
        self._table, self._line, self._values = table, line, values

    def text(self, column: int | None) -> str:
        """As it stands there; empty where there is no column."""
        return "" if column is None else self._values[column]

    def decision(self, column: int | None) -> float:
        """1 and 0, also where they are called true and false; NaN where nothing stands."""
        told = _TOLD.get(self.text(column).strip().lower())
        return self.number(column) if told is None else told

    def number(self, column: int | None) -> float:
        """NaN where nothing stands."""
        text = self.text(column).strip()
        try:
            return float(text) if text else math.nan
        except ValueError:
            name = self._table.names[column or 0]
            raise ValueError(f"line {self._line} of {self._table.path}: {name!r:.80} must be a number; it is {text!r:.80}") from None


def _declared(labels: Any) -> Any:
    if labels is None:
        raise TypeError("labels= must name the classes, or say how many there are: the predictions at hand need not show all of them")
    return labels if isinstance(labels, Classes) else int(labels) if isinstance(labels, SupportsIndex) else list(labels)


def _short(names: Sequence[str]) -> str:
    return ", ".join(repr(name) for name in names[:20]) + (", …" if len(names) > 20 else "")
