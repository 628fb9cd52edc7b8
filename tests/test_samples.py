"""Samples: ids of any sort, each once."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tb_plugin.schema import record
from writers import samples


@pytest.mark.parametrize(
    ("ids", "texts", "numbers"),
    [(None, None, [0, 1, 2]), ([7, 2**40, -1], None, [7, 2**40, -1]), (["a", "<b>", "שלום"], ("a", "<b>", "שלום"), [0, 1, 2])],
)
def test_ids_are_texts_or_whole_numbers_or_places(ids: Any, texts: tuple[str, ...] | None, numbers: list[int]) -> None:
    found = samples.of([0, 1, -1], ids=ids)

    assert (found.ids, found.number.tolist(), found.truth.tolist()) == (texts, numbers, [0, 1, -1])
    assert found.weight is None


def test_the_same_samples_are_the_same_record() -> None:
    assert record.digest(samples.of([0, 1], ids=["a", "b"])) == record.digest(samples.of(np.array([0, 1], np.int8), ids=np.array(["a", "b"])))
    assert record.digest(samples.of([0, 1])) != record.digest(samples.of([0, 1], weight=[1, 1])) != record.digest(samples.of([1, 0]))


@pytest.mark.parametrize(
    ("ids", "error", "message"),
    [
        (["a", "a"], ValueError, "1 of 2 come again"),
        ([3, 3], ValueError, "1 of 2 come again"),
        ([1], ValueError, "one for each of the 2 samples"),
        ([0.5, 1], TypeError, "texts or whole numbers"),
    ],
)
def test_ids_that_are_none_are_refused(ids: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        samples.of([0, 1], ids=ids)
