"""TensorBoard's own histograms, from plain arrays: for its tabs Histograms and Distributions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]

BINS = 30
"""As many as TensorBoard's own summaries have."""

_NARROW = 1e-10


@dataclass(frozen=True)
class Histogram:
    """One histogram, to be written to a run.

    Attributes:
        bins: Left edge, right edge and count of each bin, float64 [bin, 3], finite.
        description: What TensorBoard's tabs say beside the series, in Markdown; that of its first point stands.
        repeats: Whether the same values are in the run as `distributions` too, so that our tab shows them once.
    """

    bins: Array
    description: str = ""
    repeats: bool = False

    def __post_init__(self) -> None:
        if self.bins.ndim != 2 or self.bins.shape[1] != 3 or not np.isfinite(self.bins).all():
            raise ValueError(f"the bins of a histogram must be finite numbers [bin, 3]; their shape is {list(self.bins.shape)}")


def of_values(values: Array) -> Array | None:
    """Bins of equal width over all finite values, as TensorBoard makes them: float64 [30, 3]; None where no value is finite.

    A bin holds its left edge and not its right one, but for the last, which holds both. Where all values are the same, so
    are all edges, and the last bin has them.

    Args:
        values: Real numbers, of any shape.
    """
    known = values.astype(np.float64).reshape(-1)
    known = known[np.isfinite(known)]
    if not known.size:
        return None
    low, high = known.min(), known.max()
    part = np.linspace(0.0, 1.0, BINS + 1)
    # Two products: of float64's ends the difference is infinite. Rounding may leave the range, or go back by a digit.
    edges = np.maximum.accumulate(np.clip(low * (1 - part) + high * part, low, high))
    return np.column_stack([edges[:-1], edges[1:], np.bincount(_places(known, edges), minlength=BINS)])


def _places(known: Array, edges: Array) -> Array:
    """The bin of each value."""
    low, high = edges[0], edges[-1]
    with np.errstate(over="ignore", divide="ignore"):
        a_bin = BINS / (high - low)
        # A search takes three times as long. It is for where rounding is not small beside a bin, or the range no number.
        if not 0 < a_bin < np.inf or high - low < _NARROW * max(abs(low), abs(high)):
            searched: Array = np.searchsorted(edges[1:-1], known, side="right")
            return searched
    place: Array = np.minimum(((known - low) * a_bin).astype(np.intp), BINS - 1)
    place -= known < edges[place]
    place += (known >= edges[place + 1]) & (place < BINS - 1)
    return place
