"""What `fit` was called with, which Keras does not tell its callbacks."""

from __future__ import annotations

import inspect
from typing import Any


def arguments_of_fit(model: Any) -> dict[str, Any]:
    """The arguments of the `fit` of a model that is running, by name; empty where none is found.

    They are read off the frame of its call, and nothing of them is changed: with `validation_split`, the two parts of
    the data. Keep none: they hold the user's data.
    """
    frame = inspect.currentframe()
    while frame is not None and not (frame.f_code.co_name == "fit" and frame.f_locals.get("self") is model):
        frame = frame.f_back
    return {} if frame is None else dict(frame.f_locals)
