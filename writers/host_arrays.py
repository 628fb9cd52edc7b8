"""Any framework's array as a NumPy array on the host."""

from __future__ import annotations

from numbers import Real
from typing import Any

import numpy as np


def host_array(given: Any, name: str) -> np.ndarray[Any, Any]:
    """`given` (list, NumPy, TensorFlow, JAX, PyTorch, pandas) as a NumPy array; bfloat16 and float8 as float32.

    Raises:
        TypeError: It is no array of numbers or texts; the message names it.
    """
    if isinstance(given, np.ma.MaskedArray) and np.ma.is_masked(given):
        raise TypeError(f"{name} is a masked array, whose masked values would count; pass {name}.filled(…) with the ignored label, or leave those samples out")
    if isinstance(given, list | tuple) and any(hasattr(each, "detach") for each in given):  # as PyTorch's loaders give them
        given = [_detached(each) for each in given]
    try:
        content = np.asarray(_detached(given))
    except ValueError as error:
        raise TypeError(f"{name} must be an array; its parts differ in length: {error}") from error
    if content.dtype.kind == "V" and content.dtype.names is None and content.dtype.name != f"void{8 * content.dtype.itemsize}":
        return content.astype(np.float32)
    if content.dtype.kind in "cmMV":
        raise TypeError(f"{name} must hold numbers or texts; it holds {content.dtype}")
    return content


def as_numbers(content: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Objects that are real numbers, or None, as float64 with NaN for None; anything else as it is."""
    if content.dtype != object or not all(each is None or isinstance(each, Real | np.bool_) for each in content.flat):
        return content
    return content.astype(np.float64)


def _detached(given: Any) -> Any:
    """PyTorch's tensors off the graph and the device, as something that NumPy can read."""
    if not hasattr(given, "detach"):
        return given
    detached = given.detach().cpu()
    if type(detached).__module__.partition(".")[0] != "torch":
        return detached
    if str(detached.dtype).startswith(("torch.bfloat16", "torch.float8")):
        detached = detached.float()  # NumPy has none of its own
    return detached.resolve_conj().resolve_neg()
