"""Whether the environment switches all logging off."""

from __future__ import annotations

import os


def is_disabled() -> bool:
    """With `LAYERSCOPE_DISABLE=all` nothing is written anywhere."""
    return _disabled() == "all"


def is_media_disabled() -> bool:
    """With `LAYERSCOPE_DISABLE=media` no inputs are kept to look at: no picture, no text, no row of features."""
    return _disabled() in ("all", "media")


def is_weights_disabled() -> bool:
    """With `LAYERSCOPE_DISABLE=weights` no values of weights are kept: a model may be worth more than its logs are guarded."""
    return _disabled() in ("all", "weights")


def _disabled() -> str:
    return os.environ.get("LAYERSCOPE_DISABLE", "").strip().lower()
