"""What the samples of an evaluation are called, and which of them came before."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

from writers.host_arrays import host_array

Array = np.ndarray[Any, Any]
Ids = tuple[str, ...] | Array | None
"""Texts, whole numbers int64 [sample], or None: the place."""


def ids_of(ids: Any, size: int) -> Ids:
    """Ids as they are kept.

    Raises:
        TypeError: They are neither texts nor whole numbers.
        ValueError: They are not `size`.
    """
    if ids is None:
        return None
    given = host_array(ids, "ids")
    if given.shape == (size, 1):
        given = given[:, 0]
    if given.shape != (size,):
        raise ValueError(f"ids must be one for each of the {size} samples; their shape is {list(given.shape)}")
    if given.dtype.kind in "iu":
        if size and given.max() >= 2**63:
            raise ValueError(f"ids that are numbers must be below 2^63; one is {given.max()}. Pass texts")
        return given.astype(np.int64)
    if size and not all(isinstance(each, str) for each in given):
        raise TypeError(f"ids must be texts or whole numbers, one for each sample; they are {given.dtype}")
    return tuple(map(str, given))


class SampleIds:
    """The ids of all samples, each once, in the order in which they came.

    Given with each batch, or with none: then a sample is known by its place, and nobody can tell whether one came twice.
    """

    def __init__(self) -> None:
        self.count = 0
        self._form: Literal["place", "number", "text"] | None = None
        self._numbers: list[Array] = []
        self._texts: dict[str, None] = {}
        self._sorted: list[Array] = []

    @property
    def are_given(self) -> bool:
        """Whether samples have ids of their own."""
        return self._form in ("number", "text")

    def check(self, ids: Ids, size: int) -> None:
        """Expects that all ids are such as these.

        Raises:
            ValueError: They are not such as came before.
        """
        form = _form(ids)
        if size and self._form is not None and self._form != form:
            names = {"place": "none", "number": "numbers", "text": "texts"}
            raise ValueError(
                f"ids must be given with each batch, or with none, all as texts or all as numbers; these are {names[form]} after {names[self._form]}"
            )
        if size:
            self._form = form

    def seen(self, ids: Ids) -> Array:
        """Whether each came before, bool [sample]. Each is there once."""
        if isinstance(ids, tuple):
            return np.array([each in self._texts for each in ids], bool)
        return np.zeros(0, bool) if ids is None else ~self._unseen(ids)

    def add(self, ids: Ids, size: int) -> Array:
        """Takes in the ids of so many samples; returns whether each is new, bool [sample]."""
        self.check(ids, size)
        if not size:
            return np.zeros(0, bool)
        if ids is None:
            self.count += size
            return np.ones(size, bool)
        is_new = self._of_texts(ids) if isinstance(ids, tuple) else self._of_numbers(ids)
        self.count += int(np.count_nonzero(is_new))
        return is_new

    def all(self) -> Ids:
        """The ids of all samples."""
        if self._form == "text":
            return tuple(self._texts)
        if self._form == "number":
            self._numbers = [np.concatenate([np.zeros(0, np.int64), *self._numbers])]
            return self._numbers[0]
        return None

    def _of_texts(self, ids: tuple[str, ...]) -> Array:
        is_new = np.zeros(len(ids), bool)
        for i, each in enumerate(ids):
            if each not in self._texts:
                self._texts[each] = None
                is_new[i] = True
        return is_new

    def _of_numbers(self, ids: Array) -> Array:
        is_rising = (ids[1:] > ids[:-1]).all()  # as places do, of which there may be many
        numbers, first = (ids, np.arange(len(ids))) if is_rising else np.unique(ids, return_index=True)
        unseen = self._unseen(numbers)
        is_new = np.zeros(len(ids), bool)
        is_new[first[unseen]] = True
        if unseen.any():
            self._numbers.append(ids[is_new])
            self._sorted.append(numbers[unseen])
        # A run is at least twice as long as the next: there are few to look into, and each number is moved a few times only.
        while len(self._sorted) > 1 and len(self._sorted[-2]) < 2 * len(self._sorted[-1]):
            last = self._sorted.pop()
            self._sorted[-1] = np.sort(np.concatenate([self._sorted[-1], last]), kind="stable")  # that kind makes use of the two runs
        return is_new

    def _unseen(self, numbers: Array) -> Array:
        unseen = np.ones(len(numbers), bool)
        for run in self._sorted:
            place = np.minimum(np.searchsorted(run, numbers), len(run) - 1)
            unseen &= run[place] != numbers
        return unseen


def _form(ids: Ids) -> Literal["place", "number", "text"]:
    return "place" if ids is None else "text" if isinstance(ids, tuple) else "number"
