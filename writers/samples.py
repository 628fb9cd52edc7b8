"""The samples of an evaluation, as a payload."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np

from tb_plugin.schema.samples import Samples


def of(truth: Any, *, ids: Any = None, weight: Any = None) -> Samples:
    """The samples that predictions refer to.

    Args:
        truth: Class id of each [sample]; K where nobody knows it, -1 where the label was no class.
        ids: What its owner calls each: texts, or whole numbers. By default its place.
        weight: Weight of each [sample].

    Raises:
        TypeError: Ids are neither texts nor whole numbers.
        ValueError: Two samples have the same id, or lengths differ.
    """
    truth = np.asarray(truth, np.int64)
    texts, numbers = ids_of(ids, len(truth))
    return Samples(ids=texts, number=numbers, truth=truth, number_truth=None, weight=None if weight is None else np.asarray(weight, np.float64))


def of_numbers(truth: Any, *, ids: Any = None, weight: Any = None) -> Samples:
    """The samples of a regression.

    Args:
        truth: The true numbers of each [sample, target]; NaN where nobody knows one.
        ids, weight: As in `of`.

    Raises:
        TypeError: Ids are neither texts nor whole numbers.
        ValueError: Two samples have the same id, or lengths differ.
    """
    numbers = np.asarray(truth, np.float64)
    return dataclasses.replace(of(np.full(len(numbers), -1), ids=ids, weight=weight), number_truth=numbers)


def ids_of(ids: Any, size: int) -> tuple[tuple[str, ...] | None, np.ndarray[Any, Any]]:
    """Ids as kinds store them: texts or None, and whole numbers int64 [sample].

    Raises:
        TypeError: They are neither texts nor whole numbers.
        ValueError: Two are the same, or they are not `size`.
    """
    if ids is None:
        return None, np.arange(size)
    given = np.asarray(ids)
    if given.dtype.kind not in "iuU" and not all(isinstance(each, str) for each in ids):
        raise TypeError(f"ids must be texts or whole numbers, one for each sample; they are {given.dtype}")
    if given.shape != (size,):
        raise ValueError(f"ids must be one for each of the {size} samples; their shape is {list(given.shape)}")
    if given.dtype.kind in "iu":
        same, numbers = None, given.astype(np.int64)
    else:
        same, numbers = tuple(map(str, ids)), np.arange(size)
    seen = len(np.unique(numbers)) if same is None else len(set(same))
    if seen < size:
        raise ValueError(f"each sample must have an id of its own; {size - seen} of {size} come again")
    return same, numbers
