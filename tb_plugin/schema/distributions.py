"""Kind `distributions`: how many values of each parameter lie at which power of two."""

from __future__ import annotations

from typing import Any

import numpy as np

from tb_plugin.schema.parameters import Parameters
from tb_plugin.schema.payload import Payload, array, listed, reference

ZERO = 0
INFINITE = 32_767
NAN = -32_768
OFFSET = 2_000
"""Added to an exponent, so that its code has a sign: that of the values."""


class Distributions(Payload, kind="distributions", version=1):
    """How the weights, or the gradients, of each parameter are distributed at one step: exact counts by sign and power of two.

    The code of a bucket is e + 2000 for values of 2^e ≤ x < 2^(e+1), negative for negative ones, denormal values by their
    own e; 0 for ±0, 32767 and -32767 for ±infinity, -32768 for NaN. So codes rise as values do. Two payloads whose values
    were taken with the same strides are merged by adding their counts.
    """

    parameters: Parameters | str = reference(sizes={"parameter": ("parameter", 0)}, help="The parameters, in forward order.")
    sampled: tuple[int, ...] | None = listed("parameter", at_least=1, default=None, help="Every how many-th value of each parameter was looked at; null: all.")
    bucket_end: np.ndarray[Any, Any] = array("int64", "parameter", ends="bucket", help="Where each parameter's buckets end; one without values has none.")
    exponent: np.ndarray[Any, Any] = array(
        "int64", "bucket", at_least=NAN, at_most=INFINITE, ascending_within="bucket_end", help="Code of each bucket: its sign and its power of two."
    )
    count: np.ndarray[Any, Any] = array("int64", "bucket", at_least=1, help="Values in the bucket, of those looked at.")
