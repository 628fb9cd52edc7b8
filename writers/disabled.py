"""Whether the environment switches all logging off."""

from __future__ import annotations

import os


def is_disabled() -> bool:
    """With `LAYERSCOPE_DISABLE=all` nothing is written anywhere."""
    return os.environ.get("LAYERSCOPE_DISABLE", "").strip().lower() == "all"
