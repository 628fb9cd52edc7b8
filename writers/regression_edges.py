"""The edges of the bins that truths and predictions of a regression are counted in."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from tb_plugin.schema.regression import BINS

Array = np.ndarray[Any, Any]

_FARTHEST = 1e300
"""Bins do not reach farther: so that widths are finite."""

_NICE = (1.0, 1.25, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)
"""Widths of bins, times a power of ten."""


def edges_of(truth: Array, predicted: Array) -> Array:
    """Edges of 64 equal bins around most of the truths, float64 [65].

    From the first to the last percentile, and a quarter of that distance on either side as far as there are truths: a few odd
    ones do not squeeze the others into one bin. Where truths are whole numbers, so are the widths, and a number lies in the
    middle of its bin.

    Args:
        truth, predicted: The values at hand, all finite, of one length. Predictions count only where all truths are the same.
    """
    if not truth.size:
        return np.linspace(0.0, 1.0, BINS + 1)
    low, high = _range(truth)
    if high == low:
        low, high = min(low, *_range(predicted)), max(high, *_range(predicted))
    middle, least = low / 2 + high / 2, 128 * float(np.spacing(max(abs(low), abs(high))))
    span = max((high - low) * 1.05, least) if high > low else abs(middle) / 5 or 2.0
    width = _nice(span / (BINS - 1))
    # Fewer whole numbers than bins have a bin each, with empty ones between them.
    is_whole = 0.5 < width < 2**40 and bool((truth == np.round(truth)).all())
    if is_whole:
        width = math.ceil(width)
    shift = (width % 2) / 2 if is_whole else 0.0
    first = math.floor(middle / width - BINS / 2 + 0.5) * width - shift
    found: Array = first + np.arange(BINS + 1) * width
    return found


def checked(edges: Any, targets: int) -> Array:
    """Edges as they are kept, float64 [target, 65].

    Raises:
        ValueError: They are no such edges.
    """
    found = np.array(edges, np.float64)
    if found.ndim == 1:
        found = found[None]
    if found.shape != (targets, BINS + 1):
        raise ValueError(f"edges must be {BINS + 1} numbers for each of the {targets} targets; their shape is {list(np.shape(edges))}")
    if not np.isfinite(found).all() or not (np.diff(found) > 0).all():
        raise ValueError("edges must be finite and rise")
    return found


def _range(values: Array) -> tuple[float, float]:
    values = np.clip(values, -_FARTHEST, _FARTHEST)
    low, high = np.quantile(values, [0.01, 0.99])
    more = (high - low) / 4
    return max(float(values.min()), float(low - more)), min(float(values.max()), float(high + more))


def _nice(width: float) -> float:
    """The next width that reads well."""
    scale = 10.0 ** math.floor(math.log10(width))
    return next((factor * scale for factor in _NICE if factor * scale >= width * (1 - 1e-9)), width)
