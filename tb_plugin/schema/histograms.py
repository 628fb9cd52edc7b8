"""Kind `histograms`: TensorBoard's own histograms of a parameter, as the server answers them."""

from __future__ import annotations

from typing import Any

import numpy as np

from tb_plugin.schema.payload import Payload, array, value


class Histograms(Payload, kind="histograms", version=1, on_disk=False):
    """One series of TensorBoard's histograms in one piece, of bins that their writer chose: what is known is how many values each holds.

    Steps are training batches finished where that is known, as those of `scalars` are.
    """

    path: str = value(help="The parameter, named by rule from the series' tag: `dense/kernel`.")
    layer: str = value(help="The layer that owns it; empty where the tag names none.")
    of: str = value(help="`weights`, `gradients`, or `other`: what the tag says that these are values of.")
    axis: str = value(help="What the steps count: `step` (batches finished), or `epoch` where that is all that is known.", default="step")
    step: np.ndarray[Any, Any] = array("float64", "step", help="Step of each histogram.")
    wall_time: np.ndarray[Any, Any] = array("float64", "step", help="Seconds since 1970 of each histogram.")
    bucket_end: np.ndarray[Any, Any] = array("int64", "step", ends="bucket", help="Where each histogram's bins end.")
    left: np.ndarray[Any, Any] = array("float64", "bucket", help="Left edge of each bin; equal to its right edge where it holds one value only.")
    right: np.ndarray[Any, Any] = array("float64", "bucket", help="Right edge of each bin.")
    count: np.ndarray[Any, Any] = array("float64", "bucket", help="Values in each bin; some writers weight them.")
