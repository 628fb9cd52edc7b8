"""Kind `scalars`: TensorBoard's own scalar series, as the server answers them."""

from __future__ import annotations

from typing import Any

import numpy as np

from tb_plugin.schema.payload import Payload, array, value


class Scalars(Payload, kind="scalars", version=1, on_disk=False):
    """One scalar series in one piece. On disk scalars are TensorBoard's own; this is their form in an answer.

    Steps are training batches finished where that is known, so that all pictures share one axis.
    """

    axis: str = value(help="What the steps count: `step` (batches finished), or `epoch` where that is all that is known.", default="step")
    step: np.ndarray[Any, Any] = array("float64", "point", help="Step of each point.")
    wall_time: np.ndarray[Any, Any] = array("float64", "point", help="Seconds since 1970 of each point.")
    value: np.ndarray[Any, Any] = array("float64", "point", help="The value; NaN and infinities as logged.")
