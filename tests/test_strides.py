"""A fixed few of many values, spread over all rows and columns."""

from __future__ import annotations

from math import prod

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from writers.strides import MOST, stride_of


@given(st.lists(st.integers(0, 40_000), max_size=3))
def test_no_more_values_than_told_are_looked_at(shape: list[int]) -> None:
    stride = stride_of(shape)

    assert -(-prod(shape) // stride) <= MOST
    assert stride == 1 or prod(shape) > MOST


@given(st.integers(300, 600), st.integers(300, 600))
def test_every_column_is_seen(rows: int, columns: int) -> None:
    seen = np.arange(rows * columns)[:: stride_of([rows, columns])] % columns

    assert len(np.unique(seen)) == columns
