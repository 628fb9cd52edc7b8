"""Any framework's array as a NumPy array on the host."""

from __future__ import annotations

from typing import Any

import numpy as np


def host_array(given: Any, name: str) -> np.ndarray[Any, Any]:
    """`given` (list, NumPy, TensorFlow, JAX, PyTorch, pandas) as a NumPy array; bfloat16 and float8 as float32.

    Raises:
        TypeError: It is no array of numbers or texts; the message names it.
    """
    if isinstance(given, np.ma.MaskedArray) and np.ma.is_masked(given):
        raise TypeError(f"{name} is a masked array, whose masked values would count; pass {name}.filled(…) with the ignored label, or leave those samples out")
    detached = given.detach().cpu() if hasattr(given, "detach") else given  # PyTorch: off the graph and the device first
    if type(detached).__module__.partition(".")[0] == "torch" and str(detached.dtype) == "torch.bfloat16":
        detached = detached.float()  # NumPy has no bfloat16 of its own
    try:
        content = np.asarray(detached)
    except ValueError as error:
        raise TypeError(f"{name} must be an array; its parts differ in length: {error}") from error
    if content.dtype.kind == "V" and content.dtype.names is None and content.dtype.name != f"void{8 * content.dtype.itemsize}":
        return content.astype(np.float32)
    if content.dtype.kind in "cmMV":
        raise TypeError(f"{name} must hold numbers or texts; it holds {content.dtype}")
    return content
