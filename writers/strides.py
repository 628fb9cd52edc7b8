"""Which values of a large array are looked at where a few must do."""

from __future__ import annotations

from collections.abc import Sequence
from math import gcd, prod

MOST = 65_536
"""Values of an array that are looked at, at most."""


def stride_of(shape: Sequence[int]) -> int:
    """Every how many-th value is looked at: prime to the last axis, or some columns were never seen."""
    size = prod(shape)
    stride = -(-size // MOST)
    while stride > 1 and gcd(stride, shape[-1]) > 1:
        stride += 1
    return max(1, stride)
