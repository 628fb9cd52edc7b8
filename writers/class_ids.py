"""Class ids out of what users have: numbers of any type, columns, names. Wrong forms raise; wrong values are dropped."""

from __future__ import annotations

import math
from collections.abc import Mapping
from numbers import Real
from typing import Any

import numpy as np

from tb_plugin.schema.classes import Classes
from writers.sieve import Sieve


def one_column(content: np.ndarray[Any, Any], name: str, n_classes: int, *, columns_are: str) -> np.ndarray[Any, Any]:
    """`content` [sample] or [sample, 1] as [sample].

    Raises:
        ValueError: It has another shape; the message says what to write instead.
    """
    if content.ndim == 1:
        return content
    if content.ndim == 2 and content.shape[1] == 1:
        return content[:, 0]
    shape = list(content.shape)
    if content.ndim == 0:
        raise ValueError(f"{name} must hold one class id for each sample, [sample]; it is the single value {content.item()!r:.80}")
    if content.ndim == 2 and name == "y_true" and _is_multi_label(content):
        raise ValueError(
            f"y_true must hold one class for each sample; it is {shape} of 0 and 1 with several ones in a row or none, which is multi-label. "
            "Evaluate it with MultilabelEvaluation, or multilabel.from_scores at once"
        )
    if content.ndim == 2 and content.shape[1] == n_classes:
        raise ValueError(f"{name} must be class ids [sample] or [sample, 1]; it is {shape}. {columns_are}")
    raise ValueError(
        f"{name} must be class ids [sample] or [sample, 1]; it is {shape}. Where every position is a sample (segmentation, tokens), pass {name}.reshape(-1)"
    )


def class_ids(values: np.ndarray[Any, Any], classes: Classes, sieve: Sieve, *, noun: str, unknown: int | str | None = None) -> np.ndarray[Any, Any]:
    """The class id of each sample.

    Args:
        values: [sample] numbers or texts.
        classes: What they are ids or names of; its `ignored` label drops a sample where `noun` is "label".
        sieve: Learns of samples whose value is no class: ignored, NaN, not whole, out of range, no known name.
        noun: "label" or "prediction", for the reasons.
        unknown: The value that stands for a truth nobody knows; its samples get the id K.

    Returns:
        int64 [sample], 0 where the sample was dropped.

    Raises:
        TypeError: The values are neither numbers nor texts.
        ValueError: They are texts and a label has two classes.
    """
    values = _texts_or_numbers(values, noun)
    if values.dtype == object:
        values = _by_name(values, classes, sieve, noun, unknown)
        unknown = len(classes.labels)
    elif values.dtype.kind == "f":
        values = values.astype(np.float64)
    size = len(classes.labels)
    is_unknown = values == unknown if isinstance(unknown, int) else np.zeros(len(values), dtype=bool)
    if noun == "label" and classes.ignored is not None:
        sieve.drop("ignored", values == classes.ignored)
    if values.dtype.kind == "f":
        sieve.drop(f"{noun} is NaN", np.isnan(values))
        sieve.drop(f"{noun} not whole", values != np.floor(values))
    # Compared before any cast: a uint64 or a float beyond int64 would wrap into a class.
    is_class = (values >= 0) & (values < size)
    sieve.drop(f"{noun} out of range", ~is_class & ~is_unknown)
    ids = np.where(is_class & sieve.kept, values, 0).astype(np.int64)
    ids[is_unknown & sieve.kept] = size
    return ids


def _is_multi_label(content: np.ndarray[Any, Any]) -> bool:
    if content.dtype.kind not in "biuf" or not ((content == 0) | (content == 1)).all():
        return False
    return content.shape[1] > 1 and bool((content.sum(axis=1) != 1).any())


def _texts_or_numbers(values: np.ndarray[Any, Any], noun: str) -> np.ndarray[Any, Any]:
    """Texts as an array of objects, anything else as numbers."""
    if values.dtype.kind in "US":
        return values.astype(object)
    if values.dtype.kind != "O":
        return values
    if any(isinstance(value, str | bytes) for value in values):
        return values
    try:
        return values.astype(np.float64)  # numbers of mixed types, and None, which becomes NaN
    except (TypeError, ValueError) as error:
        raise TypeError(f"a {noun} must be a class id or a name; {error}") from error


def _by_name(values: np.ndarray[Any, Any], classes: Classes, sieve: Sieve, noun: str, unknown: int | str | None) -> np.ndarray[Any, Any]:
    table: dict[str, int] = {}
    for i, label in enumerate(classes.labels):
        if table.setdefault(label, i) != i:
            raise ValueError(f"the {noun}s are names, but {label!r:.80} names two classes, {table[label]} and {i}; pass class ids")
    size = len(classes.labels)
    if unknown is not None:
        table.setdefault(str(unknown), size)  # also a number: in one array with names NumPy makes a text of it
    ids = np.array([size if isinstance(value, Real) and value == unknown else _look_up(value, table) for value in values], dtype=np.int64)
    sieve.drop(f"{noun} is NaN", ids == _MISSING)
    sieve.drop(f"bad {noun}", ids == _NO_NAME)
    return ids


_NO_NAME, _MISSING = -1, -2


def _look_up(value: Any, table: Mapping[str, int]) -> int:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return _MISSING
    text = value.decode(errors="replace") if isinstance(value, bytes) else value
    return table.get(text, _NO_NAME) if isinstance(text, str) else _NO_NAME
